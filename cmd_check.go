package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"agora/ingest/feed"
	"agora/ingest/watch"
	"agora/mood"
)

type checkCommand struct {
	Running bool   `help:"Ask the running Agora whether all is well with it instead: for health checks."`
	Data    string `help:"Data folder, as of serve." placeholder:"DIR"`
}

// Help is shown below the flags.
func (checkCommand) Help() string {
	return `Reads the configuration, tries every source, the sentiment engine and the mail server once, and prints a table. It ends with status 1 when anything is wrong. It counts nothing, keeps nothing and sends nothing.

Examples:

  agora check
  agora check --config new.yaml
  agora check --running`
}

// Run checks the configuration, then each source.
func (k checkCommand) Run(ctx context.Context, c *console) error {
	c.origin.flags = settings{data: k.Data}
	cfg, err := c.origin.load()
	if err != nil {
		return err
	}
	if k.Running {
		return checkRunning(ctx, c, cfg)
	}
	from := cfg.File
	if from == "" {
		from = "The built-in example"
	}
	fmt.Fprintf(c.stdout, "%s is fine: %s, %s, %s.\n", from,
		plural(len(cfg.Brands), "brand"), plural(len(cfg.Sources)+len(cfg.Live)+len(cfg.Brokers), "source"), plural(len(cfg.Walls), "wall"))
	judged := errors.Join(tryEngine(ctx, c, cfg), tryMail(ctx, c, cfg), tryBrokers(ctx, c, cfg))
	all := len(cfg.Sources) + len(cfg.Live)
	if all == 0 {
		return judged
	}
	c.log = slog.New(slog.DiscardHandler) // the table says it all
	fmt.Fprintf(c.stdout, "Trying %s …\n\n", plural(all, "source"))
	trials, err := trySources(ctx, c, cfg)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stopped before every source was tried: %w", err)
	}
	return errors.Join(printTrials(c.stdout, trials, c.now(), cfg.Location), judged)
}

// trial is what one try of a source brought, of whatever kind it is.
type trial struct {
	source mood.Source
	health mood.SourceHealth
	items  int
	newest time.Time // zero: none
	took   time.Duration
	wrong  string // empty: nothing
}

// trySources tries every source, those that are no feeds last, all at once as
// far as manners allow.
func trySources(ctx context.Context, c *console, cfg *Config) ([]trial, error) {
	poller, err := newPoller(c, cfg, nobody, nowhere{}, nil, nil)
	if err != nil {
		return nil, err
	}
	index, err := watch.NewIndex(cfg.Brands)
	if err != nil {
		return nil, err
	}
	names := func(title, text string) (ids []string) {
		for _, hit := range index.MatchText(watch.Text{Title: title, Body: text, Open: true}) {
			ids = append(ids, hit.Brand)
		}
		return ids
	}
	runner, err := newRunner(c, cfg, nobodyLive{}, names, nil, nowhere{}, nil)
	if err != nil {
		return nil, err
	}
	trials := make([]trial, len(cfg.Sources)+len(cfg.Live))
	var group sync.WaitGroup
	group.Go(func() {
		for i, t := range poller.TryAll(ctx) {
			trials[i] = trial{t.Source, t.Health(), t.Items, t.Newest, t.Took, t.Error}
		}
	})
	for i, spec := range cfg.Live {
		group.Go(func() {
			t := runner.Try(ctx, spec)
			trials[len(cfg.Sources)+i] = trial{t.Source, t.Health, t.Items, t.Newest, t.Took, t.Error}
		})
	}
	group.Wait()
	return trials, nil
}

// tryEngine asks another sentiment engine than the built-in one once.
func tryEngine(ctx context.Context, c *console, cfg *Config) error {
	if cfg.Sentiment.Engine == engineBuiltin {
		return nil
	}
	engine, err := openEngine(&cfg.Sentiment)
	if err != nil {
		return fmt.Errorf("open the sentiment engine: %w", err)
	}
	brand := cfg.Brands[0].Name
	_, err = engine.Score(ctx, []mood.Ask{{Text: "A good day for " + brand + ".", Target: brand}})
	if err = errors.Join(err, engine.Close()); err != nil {
		return fmt.Errorf("ask the sentiment engine, %s: %w", engine, err)
	}
	fmt.Fprintf(c.stdout, "The sentiment engine, %s, answers.\n", engine)
	return nil
}

// tryBrokers connects to each MQTT broker, and takes nothing.
func tryBrokers(ctx context.Context, c *console, cfg *Config) error {
	var errs []error
	for _, s := range newBrokers(c, cfg, nil, nil).all() {
		h := s.TryOnce(ctx)
		if h.State != mood.SourceFine {
			errs = append(errs, fmt.Errorf("try the MQTT broker %s: %s", oneLine(h.Name), oneLine(h.LastError)))
			continue
		}
		fmt.Fprintf(c.stdout, "The MQTT broker %s answers, and lets Agora listen.\n", oneLine(h.Name))
	}
	return errors.Join(errs...)
}

// tryMail logs in to the mail server, and sends nothing.
func tryMail(ctx context.Context, c *console, cfg *Config) error {
	for _, one := range cfg.Reports {
		fmt.Fprintf(c.stdout, "The report %s goes next %s.\n", one.ID, one.due(c.now(), cfg.Location).Format("on Monday, 2 January 2006 at 15:04 MST"))
	}
	if cfg.Mail.Server == "" {
		return nil
	}
	sender, err := newSender(c, cfg)
	if err != nil {
		return err
	}
	if err := sender.Check(ctx); err != nil {
		return fmt.Errorf("try the mail server: %w", err)
	}
	fmt.Fprintf(c.stdout, "The mail server %s answers, for %s.\n", sender.Host(), plural(len(cfg.Reports), "report"))
	return nil
}

// printTrials prints the table; it fails when any source does.
func printTrials(w io.Writer, trials []trial, now time.Time, loc *time.Location) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SOURCE\tSTATE\tITEMS\tNEWEST\tTOOK\tADDRESS")
	bad := 0
	for _, t := range trials {
		newest := "-"
		if !t.newest.IsZero() {
			newest = ago(now.Sub(t.newest))
		}
		h := t.health
		h.LastError = "" // it stands below, in full
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\t%s\n", oneLine(h.Name), oneLine(h.Say(now, loc)), t.items, newest,
			t.took.Round(time.Millisecond), oneLine(t.source.URL))
		if t.wrong != "" {
			bad++
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	if bad == 0 {
		fmt.Fprintln(w, "\nAll is well.")
		return nil
	}
	fmt.Fprintln(w, "\nWhat is wrong:")
	for _, t := range trials {
		if t.wrong != "" {
			fmt.Fprintf(w, "  %s: %s\n", oneLine(nameInList(t.source)), oneLine(t.wrong))
		}
	}
	return fmt.Errorf("%d of %s can't be used as they are: see the table", bad, plural(len(trials), "source"))
}

// nameInList is a source's name, or its address where it has none: several
// feeds of a host would look the same.
func nameInList(s mood.Source) string {
	if s.Unnamed {
		return s.URL
	}
	return s.Name
}

// ago says how long something is past, roughly.
func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return plural(int(d.Hours()/24), "day") + " ago"
}

// oneLine keeps a text from breaking the table.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// checkRunning asks the Agora on the data folder whether it is ready.
func checkRunning(ctx context.Context, c *console, cfg *Config) error {
	at := "http://" + cfg.Listen
	if by, err := readLock(cfg.Data); err == nil && by.URL != "" {
		at = by.URL
	}
	at = reachable(at)
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask the Agora at %s: %w: is it running?", at, unwrapAll(err))
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("ask the Agora at %s: %w", at, err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the Agora at %s is not ready: %s", at, problemOf(text))
	}
	fmt.Fprintf(c.stdout, "The Agora at %s is ready.\n", at)
	return nil
}

// nobody takes what sources bring, and drops it.
func nobody(_ context.Context, _ mood.Source, items []mood.Mention, _ bool) (feed.Delivered, error) {
	return feed.Delivered{Fresh: len(items)}, nil
}

// nobodyLive takes what live sources bring, and drops it.
type nobodyLive struct{}

func (nobodyLive) Deliver(context.Context, mood.Source, []mood.Mention) (int, int, error) {
	return 0, 0, nil
}
func (nobodyLive) Withdraw(context.Context, []string) error        { return nil }
func (nobodyLive) Activity(context.Context, []mood.Activity) error { return nil }
func (nobodyLive) Push(context.Context, []json.RawMessage) (mood.Receipt, error) {
	return mood.Receipt{}, nil
}

// nowhere is a store of states that keeps nothing.
type nowhere struct{}

func (nowhere) Put(context.Context, string, string, []byte, time.Duration) error { return nil }
func (nowhere) Get(context.Context, string, string) ([]byte, error)              { return nil, mood.ErrNotFound }
func (nowhere) List(context.Context, string) (map[string][]byte, error)          { return nil, nil }
func (nowhere) Delete(context.Context, string, string) error                     { return nil }
