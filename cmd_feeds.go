package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"agora/ingest/feed"
)

type feedsCommand struct {
	Find    findCommand    `cmd:"" help:"Find the feeds of a web page, and try each."`
	Presets presetsCommand `cmd:"" help:"List the families of feeds that need no key, with their manners."`
	Import  importCommand  `cmd:"" help:"Make sources of the list that a feed reader exports (OPML)."`
	Export  exportCommand  `cmd:"" help:"Write the configured sources as a list for feed readers (OPML)."`
}

type findCommand struct {
	URL  string `arg:"" help:"Address of a web page or a site, such as example.com."`
	JSON bool   `name:"json" help:"Write JSON."`
}

// Help is shown below the arguments.
func (findCommand) Help() string {
	return `Reads the page, follows the feeds that it names, and if there are none tries the addresses where feeds usually are. Of well-known sites (YouTube, Reddit, GitHub, Mastodon and others) it knows where they are. Each is fetched and read once, by the rules under fetch: in agora.yaml. It ends with status 1 when nothing is found. It keeps nothing.

Examples:

  agora feeds find example.com
  agora feeds find https://example.com/news --json`
}

// Run looks for feeds.
func (f findCommand) Run(ctx context.Context, c *console) error {
	address := feed.Address(f.URL)
	full := address
	if !strings.Contains(full, "://") {
		full = "https://" + full // and http after that; see Find
	}
	if why := badURL(full); why != "" {
		return misuse{fmt.Errorf("%s: write it as https://example.com", why)}
	}
	cfg, err := c.origin.load()
	if err != nil {
		return err
	}
	c.log = slog.New(slog.DiscardHandler) // the table says it all
	cfg.Sources = nil                     // nothing of them is asked
	poller, err := newPoller(c, cfg, nobody, nowhere{}, nil, nil)
	if err != nil {
		return err
	}
	finding, err := poller.Find(ctx, address)
	if err != nil {
		return fmt.Errorf("read %s: %w", address, err)
	}
	if f.JSON {
		write := json.NewEncoder(c.stdout)
		write.SetIndent("", "  ")
		write.SetEscapeHTML(false)
		err = write.Encode(finding)
	} else {
		err = printFinding(c.stdout, finding, c.now())
	}
	if err == nil && len(finding.Feeds) == 0 {
		return fmt.Errorf("no feed was found on %s: look on the page for a link that says RSS, Atom or feed, and try its address; some sites have none, and then the presets google-news or bing-news may help", finding.URL)
	}
	return err
}

// printFinding prints the table, and what looked like a feed but is none.
func printFinding(w io.Writer, finding feed.Finding, now time.Time) error {
	if finding.IsFeed {
		fmt.Fprintf(w, "%s is itself a feed.\n\n", oneLine(finding.URL))
	}
	if len(finding.Feeds) > 0 {
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "TITLE\tKIND\tITEMS\tNEWEST\tADDRESS")
		for _, f := range finding.Feeds {
			newest := "-"
			if f.Newest != nil {
				newest = ago(now.Sub(*f.Newest))
			}
			fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\n", cmp.Or(oneLine(f.Title), "-"), f.Kind, f.Items, newest, oneLine(f.URL))
		}
		if err := table.Flush(); err != nil {
			return fmt.Errorf("print the table: %w", err)
		}
		fmt.Fprintln(w, "\nTo take one in, write it under sources: in agora.yaml, as - feed: ADDRESS")
	}
	if len(finding.Missed) > 0 {
		fmt.Fprintln(w, "\nThese look like feeds, and can't be used:")
		for _, m := range finding.Missed {
			fmt.Fprintf(w, "  %s: %s\n", oneLine(m.URL), oneLine(m.Error))
		}
	}
	return nil
}

type importCommand struct {
	File  string `arg:"" help:"The OPML file; - reads standard input."`
	Write bool   `help:"Append the sources to the configuration file, and change nothing else in it."`
}

// Help is shown below the arguments.
func (importCommand) Help() string {
	return `Reads OPML 1.0 or 2.0, and prints what to write under sources: in agora.yaml. What is left out, such as feeds that are there already, is named on standard error. With --write the file gets them, at the end of its list of sources; it is checked before. Try them with agora check.

Examples:

  agora feeds import subscriptions.opml
  agora feeds import subscriptions.opml --write`
}

// Run prints the sources, or appends them.
func (i importCommand) Run(c *console) error {
	list, err := i.read(c)
	if err != nil {
		return fmt.Errorf("read %s: %w", i.File, err)
	}
	cfg, err := c.origin.load()
	if err != nil {
		return err
	}
	if cfg.File == "" {
		cfg.Sources = nil // the example's aren't the operator's
	}
	fresh, left := chooseFeeds(list, cfg.Sources)
	for _, l := range left {
		fmt.Fprintf(c.stderr, "Left out: %s: %s.\n", oneLine(cmp.Or(strings.TrimSpace(l.title+" "+l.address), "a feed")), l.why)
	}
	if len(fresh) == 0 {
		if len(list) == 0 {
			return fmt.Errorf("read %s: it names no feed: export the subscriptions of the feed reader again", i.File)
		}
		fmt.Fprintln(c.stderr, "There is nothing to add.")
		return nil
	}
	yaml := "sources:\n" + yamlOf(fresh, "  ", "\n")
	if !i.Write {
		_, err := io.WriteString(c.stdout, yaml)
		return err
	}
	if err := appendSources(cfg.File, fresh); err != nil {
		_, failed := io.WriteString(c.stdout, yaml)
		return errors.Join(fmt.Errorf("nothing was written: %w: add the lines above to the list under sources: by hand", err), failed)
	}
	fmt.Fprintf(c.stdout, "%s got %s. Try them with: agora check\n", cfg.File, plural(len(fresh), "source"))
	return nil
}

func (i importCommand) read(c *console) ([]feed.Outline, error) {
	if i.File == "-" {
		return feed.ReadOPML(c.stdin)
	}
	file, err := os.Open(i.File)
	if err != nil {
		return nil, unwrapAll(err)
	}
	defer file.Close()
	return feed.ReadOPML(file)
}

type exportCommand struct{}

// Help is shown below the flags.
func (exportCommand) Help() string {
	return `Writes the feeds of the configuration, and those that its presets stand for, to standard output as OPML 2.0. Each preset is a group of its own.

Examples:

  agora feeds export > agora.opml
  agora feeds export --config other.yaml > other.opml`
}

// Run writes the list.
func (exportCommand) Run(c *console) error {
	cfg, err := c.origin.load()
	if err != nil {
		return err
	}
	list := make([]feed.Outline, 0, len(cfg.Sources))
	private := 0
	for _, s := range cfg.Sources {
		o := feed.Outline{Title: s.Name, URL: s.URL, Language: s.Language}
		if s.Kind != "feed" {
			o.Category = s.Kind
		}
		if u, err := url.Parse(s.URL); err == nil && (u.User != nil || s.Secret) {
			private++
		}
		list = append(list, o)
	}
	if private > 0 {
		fmt.Fprintf(c.stderr, "The list holds the login or the secret address of %s: mind whom you give it to.\n", plural(private, "source"))
	}
	return feed.WriteOPML(c.stdout, "Agora's sources", list)
}
