package social

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"agora/mood"
)

const wikipediaAt = "https://stream.wikimedia.org/v2/stream/recentchange"

// wikipedia listens to the edits of all wikis of Wikimedia, and keeps those of
// articles of Wikipedia whose title or summary names a brand. Edits by bots and
// those that their authors call minor say nothing of how the world feels, and
// neither do talk pages, files and the like: they are passed over.
type wikipedia struct {
	at       *url.URL
	projects []string
	silence  time.Duration
}

func openWikipedia(spec Spec) (Source, error) {
	at, err := webAddress(address(spec.URL, wikipediaAt))
	if err != nil {
		return nil, err
	}
	return &wikipedia{at: at, projects: spec.Projects, silence: spec.Silence}, nil
}

// Follow listens until the line ends, and goes on after the last event that was
// taken.
func (w *wikipedia) Follow(ctx context.Context, d *Desk) error {
	var last streamCursor
	d.Resume(&last)
	a := ask{url: w.at, etiquette: d.e.preset.etiquette(), accept: "text/event-stream", header: http.Header{}}
	if last.ID != "" {
		a.header.Set("Last-Event-ID", last.ID)
	}
	resp, err := d.r.web.open(ctx, a)
	if err != nil {
		d.Stuck(err)
		return err
	}
	text, release := newLines(ctx, resp.Body)
	defer release()
	stream := newEvents(text)
	d.Open()
	return d.pump(ctx, w.silence, func(ctx context.Context) (came, error) {
		stop := context.AfterFunc(ctx, func() { _ = resp.Body.Close() })
		defer stop()
		e, err := stream.next()
		if err != nil {
			return came{}, lineEnded(ctx, err)
		}
		if e.retry > 0 {
			d.Retry(e.retry)
		}
		c := w.take(d, e.data)
		if e.id != "" && e.id != last.ID {
			last.ID = e.id
			c.cursor = last
		}
		return c, nil
	})
}

// recentChange is an edit, as far as it matters here.
type recentChange struct {
	Meta struct {
		Domain string `json:"domain"`
		DT     string `json:"dt"`
	} `json:"meta"`
	ID         json.Number `json:"id"`
	Type       string      `json:"type"`
	Namespace  int         `json:"namespace"`
	Title      string      `json:"title"`
	TitleURL   string      `json:"title_url"`
	Comment    string      `json:"comment"`
	Timestamp  int64       `json:"timestamp"`
	User       string      `json:"user"`
	Bot        bool        `json:"bot"`
	Minor      bool        `json:"minor"`
	NotifyURL  string      `json:"notify_url"`
	ServerURL  string      `json:"server_url"`
	ServerName string      `json:"server_name"`
	ScriptPath string      `json:"server_script_path"`
	Wiki       string      `json:"wiki"`
	Revision   struct {
		Old int64 `json:"old"`
		New int64 `json:"new"`
	} `json:"revision"`
}

// take reads an event. Those of the domain canary are made up to see that the
// stream flows.
func (w *wikipedia) take(d *Desk, data []byte) (c came) {
	var e recentChange
	if len(data) == 0 || json.Unmarshal(data, &e) != nil || e.Meta.Domain == "canary" {
		return c
	}
	if e.Type != "edit" && e.Type != "new" || e.Bot || e.Minor || e.Namespace != 0 || e.Title == "" || !w.wants(e.ServerName) {
		return c
	}
	summary := withoutSection(e.Comment)
	language := wikiLanguage(e.ServerName)
	var languages []string
	if language != "" {
		languages = []string{language}
	}
	if !d.Speaks(languages...) {
		return c
	}
	named := d.Names(e.Title, summary)
	if !named && !d.Passes() {
		return c
	}
	m := mood.Mention{
		ID: mood.MentionID("wikipedia", e.ServerName+" "+fmt.Sprint(e.Revision.New), "", "", ""), GUID: fmt.Sprint(e.Revision.New),
		Title: d.r.cfg.Kit.plain(e.Title), Text: d.r.cfg.Kit.plain(summary), Author: d.r.cfg.Kit.plain(e.User), Outlet: e.ServerName, Language: language,
		Published: time.Unix(e.Timestamp, 0).UTC(), URL: d.r.cfg.Kit.Canonical(e.difference()), Sources: []string{d.spec.ID},
	}
	if e.Timestamp <= 0 {
		m.Published, _ = time.Parse(time.RFC3339, e.Meta.DT) // none: it counts as now
	}
	if e.Revision.New == 0 {
		m.ID = mood.MentionID("wikipedia", e.ServerName+" change "+e.ID.String(), "", "", "")
	}
	switch {
	case !named:
		d.Pass(m)
	case m.Title != "" || m.Text != "":
		c.Mentions = []mood.Mention{m}
	}
	return c
}

// wants says whether edits of a wiki are taken: those that were asked for, or
// all of Wikipedia's.
func (w *wikipedia) wants(server string) bool {
	if len(w.projects) > 0 {
		return slices.Contains(w.projects, strings.ToLower(server))
	}
	return strings.HasSuffix(strings.ToLower(server), ".wikipedia.org")
}

// difference is the page that shows what was changed.
func (e *recentChange) difference() string {
	switch {
	case strings.HasPrefix(e.NotifyURL, "https://"), strings.HasPrefix(e.NotifyURL, "http://"):
		return e.NotifyURL
	case e.Revision.New == 0:
		return e.TitleURL
	}
	base := e.ServerURL
	if base == "" {
		base = "https://" + e.ServerName
	}
	path := e.ScriptPath
	if path == "" {
		path = "/w"
	}
	if e.Revision.Old == 0 {
		return fmt.Sprintf("%s%s/index.php?oldid=%d", base, path, e.Revision.New)
	}
	return fmt.Sprintf("%s%s/index.php?diff=%d&oldid=%d", base, path, e.Revision.New, e.Revision.Old)
}

var (
	wikiSection = regexp.MustCompile(`/\*\s*(.*?)\s*\*/`)
	wikiLink    = regexp.MustCompile(`\[\[(?:[^|\]]*\|)?([^\]]*)\]\]`)
)

// withoutSection makes plain words of an edit's summary: the section that was
// edited stands between slashes and asterisks, links in brackets.
func withoutSection(summary string) string {
	summary = wikiSection.ReplaceAllString(summary, "$1:")
	summary = wikiLink.ReplaceAllString(summary, "$1")
	return strings.TrimSuffix(strings.Join(strings.Fields(summary), " "), ":")
}

// wikiLanguage is the language of an edition, by its host. Some are named in
// their own way.
func wikiLanguage(server string) string {
	name, _, _ := strings.Cut(strings.ToLower(server), ".")
	switch name {
	case "simple":
		return "en"
	case "www", "commons", "meta", "species", "m":
		return ""
	case "zh-classical":
		return "lzh"
	case "zh-min-nan":
		return "nan"
	case "zh-yue":
		return "yue"
	case "bat-smg":
		return "sgs"
	case "fiu-vro":
		return "vro"
	case "roa-rup":
		return "rup"
	case "als":
		return "gsw"
	}
	return primary(name)
}
