package feed

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

// captured is one document of the shared corpus, with what is expected of it.
type captured struct {
	name, class, kind, expectation string
	items                          int // −1: unknown
	title, link, date              string
	body                           []byte
}

// corpus reads the shared feeds; without them the test is skipped, unless
// everything must run.
func corpus(tb testing.TB) []captured {
	tb.Helper()
	root := os.Getenv("AGORA_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(root, "data", "feeds")
	file, err := os.Open(filepath.Join(dir, "MANIFEST.tsv"))
	if err != nil {
		tb.Skip("the shared feeds are not here; set AGORA_SHARED to use them")
	}
	defer file.Close()
	var list []captured
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) < 13 || f[0] == "file" {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, f[0]))
		if err != nil {
			tb.Fatal(err)
		}
		c := captured{name: f[0], class: f[3], kind: f[4], title: f[9], link: f[10], date: f[11], expectation: f[12], body: body, items: -1}
		if n, err := strconv.Atoi(f[7]); err == nil {
			c.items = n
		}
		list = append(list, c)
	}
	return list
}

// corpusURL is where the captures are said to come from.
const corpusURL = "http://feeds.example.org/dir/feed.xml"

func parseCaptured(c captured) ([]mood.Mention, *document, error) {
	base, _ := url.Parse(corpusURL)
	body := c.body
	if len(body) > 2 && body[0] == 0x1f && body[1] == 0x8b {
		var err error
		if body, err = readAllOf(body); err != nil {
			return nil, nil, err
		}
	}
	doc, err := newParser().parse(context.Background(), body, "application/xml", base)
	if err != nil {
		return nil, nil, err
	}
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	return mentions(doc, mood.Source{ID: "x", URL: base.String()}, base, now, true), doc, nil
}

// justified are the documents in which something differs from the manifest,
// whose figures come from other parsers, with the reason why.
var justified = map[string]string{
	"fp-base__feedparser__cdf_item_abstract_xml_base.xml":            "CDF is refused: nobody writes it any more",
	"fp-illformed__feedparser__rss_empty_document.xml":               "there is nothing behind the prolog",
	"hard__node-feedparser__atom-with-tag-uri-links.xml":             "its links are tag: addresses, which lead nowhere",
	"hard__node-feedparser__illegally-nested.xml":                    "the other ten are <item/> inside the real ones and say nothing; the link is feedburner:origLink",
	"hard__node-feedparser__rss-with-relative-html-urls-no-base.xml": "the manifest leaves the link relative; a stranger serves the feed, so it starts from the site",
	"hard__node-feedparser__wapowellness.xml":                        "the link is pheedo:origLink, not the click counter",
	"mf-encoding__v2__invalid-prolog.xml":                            "its entry has no address",
	"mf-encoding__v2__utf8.xml":                                      "its entry has no address",
	"real-hard__NetNewsWire__curt.json":                              "the date without seconds and zone is read too",
	"real-hard__fastfeedparser__osm-pl.xml":                          "it ends inside the text of the eighth item; the next poll brings that whole",
	"real-hard__feed-rs__atom_entry_1.xml":                           "its entry has a urn: id and no link",
	"real-hard__feedjira__PaulDixExplainsNothingWFW.xml":             "the link is feedburner:origLink, not the click counter",
	"real-hard__feedjira__TypePadNews.xml":                           "the link is feedburner:origLink, not the click counter",
	"real__FeedReader__Rss092FullSample.xml":                         "its items have no address of their own; what their texts link to is other people's",
	"real__FeedReader__Rss20BreakingNews.xml":                        "the link is feedburner:origLink, not the click counter",
	"real__FeedReader__Rss20Reuters.xml":                             "the link is feedburner:origLink, not the click counter",
	"real__feed-rs__atom_example_7.xml":                              "its entry has a tag: id and several addresses in its text",
	"real__feed-rs__atom_pub_spec_1.xml":                             "its entry has a urn: id and no link",
	"real__feed-rs__rss_2.0_nbcny.xml":                               "the date with PM is read too",
	"real__feedjira__AtomEscapedHTMLInPreTag.xml":                    "its entry has no address",
}

// differences compares what was read of a document with the manifest.
func differences(c captured, found []mood.Mention, doc *document, err error) []string {
	if err != nil {
		return []string{fmt.Sprintf("refused: %v", err)}
	}
	var list []string
	differ := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if c.items >= 0 && len(doc.entries) != c.items {
		differ("%d items, the manifest has %d", len(doc.entries), c.items)
	}
	linkless := 0
	for _, m := range found {
		if m.URL == "" {
			linkless++
		}
	}
	if linkless > 0 && !strings.HasPrefix(c.class, "fp-") {
		differ("%d items without a link", linkless)
	}
	if len(doc.entries) == 0 || len(found) == 0 || c.items <= 0 {
		return list
	}
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	first := doc.entries[0]
	date, undated := published(first.dates, orderOf(doc, doc.language, now), now)
	switch {
	case c.date != "" && (undated || !strings.HasPrefix(c.date, date.Format("2006-01-02T15:04"))):
		differ("date %s (undated %v, raw %q), the manifest has %s", date.Format(time.RFC3339), undated, first.dates, c.date)
	case c.date == "" && !undated:
		differ("date %s out of %q, the manifest has none", date.Format(time.RFC3339), first.dates)
	}
	base, _ := url.Parse(corpusURL)
	if got := linkOf(&first, baseOf(doc, base)).url; c.link != "" && CanonicalURL(c.link) != got && !(webURL(c.link) == nil && resolvesTo(c.link, got)) {
		differ("link %q, the manifest has %q", got, c.link)
	}
	if got, want := Text(head(first.title)), Text(c.title); want != "" && got != want {
		differ("title %q, the manifest has %q", got, want)
	}
	return list
}

// resolvesTo says whether an absolute address can be what a relative one means.
func resolvesTo(ref, address string) bool {
	u, err := url.Parse(address)
	return err == nil && ref != "" && resolve(u, ref) != "" && strings.HasSuffix(CanonicalURL(resolve(u, ref)), u.EscapedPath())
}

func TestRealFeedsAreParsed(t *testing.T) {
	list := corpus(t)
	real, parsed, items, linkless, undated := 0, 0, 0, 0, 0
	seen := map[string]bool{}
	for _, c := range list {
		found, doc, err := parseCaptured(c)
		for _, d := range differences(c, found, doc, err) {
			reason, ok := justified[c.name]
			seen[c.name] = true
			if !ok {
				t.Errorf("%s: %s, and nobody knows why", c.name, d)
				continue
			}
			t.Logf("%s: %s. %s", c.name, d, reason)
		}
		for _, m := range found {
			if holdsMarkup(m.Title) || holdsMarkup(m.Text) || holdsMarkup(m.Author) || holdsMarkup(strings.Join(m.Categories, " ")) {
				t.Errorf("%s: markup left in %+v", c.name, m)
			}
			if m.Undated {
				undated++
			}
			if m.URL == "" {
				linkless++
			}
		}
		if strings.HasPrefix(c.class, "real") {
			if real++; err == nil {
				parsed++
			}
		}
		items += len(found)
	}
	for name := range justified {
		if !seen[name] {
			t.Errorf("%s differs in nothing: take its reason out", name)
		}
	}
	share := float64(parsed) / float64(real)
	fmt.Printf("corpus: %d of %d real captures parsed (%.1f %%), %d items, %d without link, %d undated\n", parsed, real, 100*share, items, linkless, undated)
	if share < 0.995 {
		t.Errorf("only %.1f %% of real captures parsed", 100*share)
	}
}

func TestHundredsOfFeedsArriveAndBrokenOnesAreNamed(t *testing.T) {
	list := corpus(t)
	byPath := map[string]captured{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, ok := byPath[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write(c.body)
	}))
	defer server.Close()
	var sources []mood.Source
	expected, broken := 0, map[string]bool{}
	for i, c := range list {
		path := "/" + strconv.Itoa(i)
		byPath[path] = c
		src := mood.Source{ID: "s" + strconv.Itoa(i), Name: c.name, Kind: "feed", URL: server.URL + path, Every: 10 * time.Minute}
		sources = append(sources, src)
		if found, _, err := parseCaptured(c); err != nil {
			broken[src.ID] = true
		} else {
			ids := map[string]bool{}
			for _, m := range found {
				ids[m.ID] = true
			}
			expected += len(ids)
		}
	}
	for _, path := range []string{"/missing", "/also-missing"} {
		id := strings.Trim(path, "/")
		sources = append(sources, mood.Source{ID: id, Name: id, Kind: "feed", URL: server.URL + path})
		broken[id] = true
	}
	box := newInbox()
	begun := time.Now()
	p := start(t, Config{Sources: sources, Deliver: box.deliver, States: newMemory(), Allow: loopback(), Hosts: fast()})
	eventually(t, "every feed was asked", func() bool {
		for _, h := range p.Health() {
			if h.State == mood.SourceNew {
				return false
			}
		}
		return true
	})
	fmt.Printf("corpus over HTTP: %d sources, %d items delivered in %v\n", len(sources), len(box.titles()), time.Since(begun).Round(time.Millisecond))
	for _, h := range p.Health() {
		if isBroken := h.State != mood.SourceFine; isBroken != broken[h.ID] {
			t.Errorf("%s (%s): state %s, error %q", h.ID, h.Name, h.State, h.LastError)
		}
		if (h.LastError != "") != broken[h.ID] {
			t.Errorf("%s: error %q", h.ID, h.LastError)
		}
	}
	if n := len(box.titles()); n < expected*97/100 || n > expected {
		t.Errorf("%d items delivered, %d expected", n, expected)
	}
}
