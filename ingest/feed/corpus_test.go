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

func parseCaptured(c captured) ([]mood.Mention, *document, error) {
	base, _ := url.Parse("http://feeds.example.org/dir/feed.xml")
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

func TestRealFeedsAreParsed(t *testing.T) {
	list := corpus(t)
	real, parsed := 0, 0
	var items, expected, linkless, undated int
	for _, c := range list {
		isReal := strings.HasPrefix(c.class, "real")
		if isReal {
			real++
		}
		found, doc, err := parseCaptured(c)
		if err != nil {
			t.Logf("%-70s refused: %v", c.name, err)
			continue
		}
		if isReal {
			parsed++
		}
		for _, m := range found {
			if holdsMarkup(m.Title) || holdsMarkup(m.Text) {
				t.Errorf("%s: markup left in %q", c.name, m.Title+" "+m.Text)
			}
		}
		if !isReal && c.class != "hard" {
			continue
		}
		for _, m := range found {
			if m.URL == "" {
				linkless++
			}
			if m.Undated {
				undated++
			}
		}
		items += len(found)
		if c.items >= 0 {
			expected += c.items
		}
		if c.items >= 0 && len(doc.entries) != c.items {
			t.Logf("%-70s %d items, the manifest has %d (%s)", c.name, len(doc.entries), c.items, c.expectation)
		}
		if c.items > 0 && len(found) > 0 {
			m := found[0]
			if c.date != "" && (m.Undated || !strings.HasPrefix(c.date, m.Published.Format("2006-01-02T15:04"))) {
				t.Logf("%-70s date %s (undated %v, raw %q), the manifest has %s", c.name, m.Published.Format(time.RFC3339), m.Undated, doc.entries[0].dates, c.date)
			}
			if c.link != "" && CanonicalURL(c.link) != m.URL {
				t.Logf("%-70s link %q, the manifest has %q", c.name, m.URL, c.link)
			}
			if want := Text(c.title); c.title != "" && m.Title != want && os.Getenv("AGORA_TITLES") != "" {
				t.Logf("%-70s title %q, the manifest has %q", c.name, m.Title, want)
			}
		}
	}
	share := float64(parsed) / float64(real)
	fmt.Printf("corpus: %d of %d real captures parsed (%.1f %%), %d items of %d expected, %d without link, %d undated\n", parsed, real, 100*share, items, expected, linkless, undated)
	if share < 0.98 {
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
