package social

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// algolia stands in for Hacker News' search: words that must all be in an item,
// numeric filters, the newest first, and no more than so many hits of a search.
type algolia struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	hits    []hnHit
	most    int // hits of one search
	queries []string
	fail    int // answers that are to fail
}

type hnHit struct {
	ObjectID   string   `json:"objectID"`
	CreatedAt  string   `json:"created_at"`
	CreatedAtI int64    `json:"created_at_i"`
	Author     string   `json:"author"`
	Title      *string  `json:"title"`
	URL        *string  `json:"url"`
	StoryText  *string  `json:"story_text"`
	Comment    *string  `json:"comment_text"`
	StoryID    int      `json:"story_id"`
	StoryTitle *string  `json:"story_title"`
	Tags       []string `json:"_tags"`
}

func newAlgolia(t *testing.T) *algolia {
	a := &algolia{t: t, most: 1000}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/search_by_date", a.search)
	a.Server = serve(t, mux)
	return a
}

func (a *algolia) add(id int, at time.Time, title, comment string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	h := hnHit{ObjectID: strconv.Itoa(id), CreatedAt: at.UTC().Format(time.RFC3339), CreatedAtI: at.Unix(), Author: "pg", Tags: []string{"story"}}
	if h.Title = &title; title == "" {
		said := "A title about nokia"
		h.Title, h.Comment, h.StoryTitle, h.Tags = nil, &comment, &said, []string{"comment"}
	}
	a.hits = append(a.hits, h)
	slices.SortStableFunc(a.hits, func(x, y hnHit) int { return int(y.CreatedAtI - x.CreatedAtI) })
}

var numeric = regexp.MustCompile(`^created_at_i([<>]=?)(\d+)$`)

func (a *algolia) search(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	q := r.URL.Query()
	a.queries = append(a.queries, q.Get("query"))
	if a.fail > 0 {
		a.fail--
		http.Error(w, "upstream is tired", http.StatusBadGateway)
		return
	}
	if q.Get("tags") != "(story,comment)" {
		a.t.Errorf("it asked for the tags %q", q.Get("tags"))
	}
	fits := func(h hnHit) bool {
		for _, filter := range strings.Split(q.Get("numericFilters"), ",") {
			m := numeric.FindStringSubmatch(filter)
			if m == nil {
				a.t.Fatalf("it sent the filter %q", filter)
			}
			n, _ := strconv.ParseInt(m[2], 10, 64)
			if ok := map[string]bool{">": h.CreatedAtI > n, "<": h.CreatedAtI < n, ">=": h.CreatedAtI >= n, "<=": h.CreatedAtI <= n}[m[1]]; !ok {
				return false
			}
		}
		text := strings.ToLower(deref(h.Title) + " " + deref(h.Comment) + " " + deref(h.StoryTitle))
		for _, word := range strings.Fields(strings.ToLower(q.Get("query"))) {
			if !strings.Contains(text, word) {
				return false
			}
		}
		return true
	}
	found := []hnHit{}
	for _, h := range a.hits {
		if fits(h) {
			found = append(found, h)
		}
	}
	perPage, _ := strconv.Atoi(q.Get("hitsPerPage"))
	n := min(len(found), perPage, a.most)
	_ = json.NewEncoder(w).Encode(map[string]any{"hits": found[:n], "nbHits": len(found), "page": 0, "nbPages": 1, "hitsPerPage": perPage})
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (a *algolia) specs() []Spec {
	p := only(map[string][]string{"url": {a.URL}})
	p.Every = 20 * time.Millisecond
	p.Searches = func(mood.Brand) [][]string { return [][]string{{"nokia"}, {"bell labs"}} }
	return specs(a.t, "hacker-news", p)
}

func TestStoriesAndCommentsComeWithWhatTheySay(t *testing.T) {
	t.Parallel()
	a := newAlgolia(t)
	now := time.Now()
	a.add(1, now.Add(-time.Hour), "Nokia &amp; friends", "")
	a.add(2, now.Add(-time.Minute), "", "<p>I had a <i>Nokia</i>.</p>")
	a.add(3, now, "", "<p>This says nothing of it.</p>") // though the story above it does
	a.add(4, now.Add(-72*time.Hour), "Nokia long ago", "")
	s := open(t, a.specs())
	s.waitState("", mood.SourceFine)
	until(t, "both came", func() bool { return s.takers.count() == 2 })
	if m := s.takers.find(t, "Nokia & friends"); m.Title != "Nokia & friends" || m.URL != "https://news.ycombinator.com/item?id=1" || m.Language != "en" {
		t.Errorf("%+v", m)
	}
	if m := s.takers.find(t, "I had a Nokia."); m.Title != "" || m.Author != "pg" || m.Published.Unix() != now.Add(-time.Minute).Unix() {
		t.Errorf("%+v", m)
	}
	// One that is found late, by the time at which it was written.
	a.add(5, time.Now().Add(-5*time.Minute), "Nokia, indexed late", "")
	until(t, "it came", func() bool { return s.takers.count() == 3 })
	if n := s.takers.deliveries(); n != 3 {
		t.Errorf("%d were delivered, want 3", n)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !slices.Contains(a.queries, "bell labs") {
		t.Errorf("it searched for %q", a.queries)
	}
}

func TestMoreHitsThanASearchGivesAreWalkedThrough(t *testing.T) {
	t.Parallel()
	a := newAlgolia(t)
	a.most = 10
	now := time.Now()
	for n := range 95 {
		a.add(n, now.Add(-time.Duration(n/4)*time.Minute), fmt.Sprint("Nokia ", n), "") // four in a second
	}
	s := open(t, a.specs())
	until(t, "all came", func() bool { return s.takers.count() == 95 })
}

func TestASearchThatFailsBacksOffAndLosesNothing(t *testing.T) {
	t.Parallel()
	a := newAlgolia(t)
	a.fail = 1 << 30
	a.add(1, time.Now().Add(-time.Minute), "Nokia", "")
	s := open(t, a.specs())
	var h mood.SourceHealth
	until(t, "it failed twice", func() bool { h = s.health(""); return h.Stopped() })
	if h.Trouble != mood.TroubleRefused || h.LastStatus != 502 || !strings.Contains(h.LastError, "the fault is on its side") {
		t.Errorf("%+v", h)
	}
	a.mu.Lock()
	a.fail = 0
	a.mu.Unlock()
	until(t, "it came", func() bool { return s.takers.count() == 1 })
	if h := s.waitState("", mood.SourceFine); len(h.Outages) != 1 || h.Outages[0].To == nil {
		t.Errorf("outages %+v", h.Outages)
	}
}
