package social

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// patience bounds every wait.
const patience = time.Minute

// until waits for what must come.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("%s: it did not happen", what)
}

// desk takes what sources bring. While it is shut nothing is taken.
type takers struct {
	mu        sync.Mutex
	shut      error
	bad       string                  // a text that makes a batch invalid
	mentions  map[string]mood.Mention // by id
	delivered int                     // with those that came again
	edits     int
	gone      []string
	deeds     map[string]mood.Activity
	pushed    []map[string]any
}

func newTakers() *takers {
	return &takers{mentions: map[string]mood.Mention{}, deeds: map[string]mood.Activity{}}
}

func (s *takers) close(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut = err
}

func (s *takers) Deliver(_ context.Context, _ mood.Source, items []mood.Mention) (fresh, tooOld int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut != nil {
		return 0, 0, s.shut
	}
	for _, m := range items {
		if s.bad != "" && m.Text == s.bad {
			return 0, 0, fmt.Errorf("it can't be: %w", mood.ErrInvalid)
		}
	}
	for _, m := range items {
		s.delivered++
		if _, known := s.mentions[m.ID]; !known {
			fresh++
		} else if !m.Edited {
			continue
		}
		if m.Edited {
			s.edits++
		}
		s.mentions[m.ID] = m
	}
	return fresh, 0, nil
}

func (s *takers) Withdraw(_ context.Context, ids []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut != nil {
		return s.shut
	}
	for _, id := range ids {
		if _, kept := s.mentions[id]; kept {
			s.gone = append(s.gone, s.mentions[id].Text)
			delete(s.mentions, id)
		}
	}
	return nil
}

// lost says whether what had a text was taken back.
func (s *takers) lost(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.gone, text)
}

func (s *takers) Activity(_ context.Context, list []mood.Activity) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut != nil {
		return s.shut
	}
	for _, a := range list {
		if _, known := s.deeds[a.ID]; !known {
			s.deeds[a.ID] = a
		}
	}
	return nil
}

func (s *takers) Push(_ context.Context, items []json.RawMessage) (mood.Receipt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut != nil {
		return mood.Receipt{}, s.shut
	}
	var r mood.Receipt
	for i, raw := range items {
		var m map[string]any
		if err := json.Unmarshal(raw, &m); err != nil || m["text"] == nil && m["title"] == nil {
			r.Rejected = append(r.Rejected, mood.Rejected{Index: i, Error: "title, text: one of them must say something"})
			continue
		}
		s.pushed = append(s.pushed, m)
		r.Accepted++
	}
	return r, nil
}

// texts are those of the mentions that are kept, with their titles.
func (s *takers) texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for _, m := range s.mentions {
		list = append(list, strings.TrimSpace(m.Title+" "+m.Text))
	}
	return list
}

func (s *takers) has(text string) bool {
	for _, have := range s.texts() {
		if have == text {
			return true
		}
	}
	return false
}

func (s *takers) count() int { return len(s.texts()) }

func (s *takers) deliveries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.delivered
}

// find gives the one mention with a text.
func (s *takers) find(t *testing.T, text string) mood.Mention {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.mentions {
		if strings.TrimSpace(m.Title+" "+m.Text) == text {
			return m
		}
	}
	t.Fatalf("no mention says %q", text)
	return mood.Mention{}
}

// memory keeps states.
type memory struct {
	mu sync.Mutex
	by map[string][]byte
}

func newMemory() *memory { return &memory{by: map[string][]byte{}} }

func (m *memory) Put(_ context.Context, kind, id string, value []byte, _ time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.by[kind+" "+id] = value
	return nil
}

func (m *memory) Get(_ context.Context, kind, id string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.by[kind+" "+id]; ok {
		return v, nil
	}
	return nil, mood.ErrNotFound
}

var tags = regexp.MustCompile(`<[^>]*>`)

// kit is what main hands over, in a simpler form.
func kit() Kit {
	return Kit{
		Dial: (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		Text: func(s string) string { return strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(s, ""))) },
		Canonical: func(s string) string {
			if u, err := url.Parse(s); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				return ""
			}
			return s
		},
		Pause: func(h http.Header, now time.Time) (time.Time, bool) {
			n, err := strconv.Atoi(h.Get("Retry-After"))
			return now.Add(time.Duration(n) * time.Second), err == nil
		},
		Say:     func(err error) string { return err.Error() },
		Trouble: func(error, int) mood.Trouble { return mood.TroubleUnreachable },
	}
}

// naming knows brands by their ids as words.
func naming(ids ...string) func(title, text string) []string {
	return func(title, text string) (named []string) {
		all := strings.ToLower(title + " " + text)
		for _, id := range ids {
			if strings.Contains(all, id) {
				named = append(named, id)
			}
		}
		return named
	}
}

// site is a runner with what it needs; it can be stopped and started again.
type site struct {
	t      *testing.T
	cfg    Config
	takers *takers
	states *memory
	runner *Runner
	halt   func()
}

var brands = []mood.Brand{{ID: "nokia", Name: "Nokia", Query: "nokia"}, {ID: "ericsson", Name: "Ericsson", Query: "ericsson"}}

// only are the parameters of a preset for the first brand.
func only(values map[string][]string) Params {
	return Params{
		Brands: brands[:1], Some: true, Values: values,
		Searches: func(b mood.Brand) [][]string { return [][]string{{b.ID}} },
	}
}

// specs are the sources of a preset; a test has no minutes to wait.
func specs(t *testing.T, preset string, params Params) []Spec {
	t.Helper()
	list, err := Expand(preset, params)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// newSite makes a runner that isn't started yet.
func newSite(t *testing.T, list []Spec) *site {
	t.Helper()
	s := &site{t: t, takers: newTakers(), states: newMemory()}
	s.cfg = Config{
		Specs: list, Intake: s.takers, Names: naming("nokia", "ericsson"), States: s.states, Kit: kit(), Agent: "Agora/test (+ops@example.com)",
		Hosts: map[string]time.Duration{"127.0.0.1": 0},
	}
	return s
}

func open(t *testing.T, list []Spec) *site {
	s := newSite(t, list)
	s.start()
	return s
}

func (s *site) start() {
	s.t.Helper()
	r, err := New(s.cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	s.runner = r
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = r.Run(ctx) }()
	var once sync.Once
	s.halt = func() { once.Do(func() { cancel(); <-ended }) }
	s.t.Cleanup(s.halt)
}

// again stops the process and starts the next one on the same store.
func (s *site) again() {
	s.halt()
	s.start()
}

func (s *site) health(id string) mood.SourceHealth {
	s.t.Helper()
	for _, h := range s.runner.Health() {
		if h.ID == id || id == "" {
			return h
		}
	}
	s.t.Fatalf("no source has the id %q", id)
	return mood.SourceHealth{}
}

// cursor waits until one is kept, and gives it.
func (s *site) cursor(id string) (cursor string) {
	s.t.Helper()
	until(s.t, "a cursor is kept", func() bool {
		raw, err := s.states.Get(s.t.Context(), kindLive, s.health(id).ID)
		var st state
		if err != nil || json.Unmarshal(raw, &st) != nil {
			return false
		}
		cursor = string(st.Cursor)
		return cursor != ""
	})
	return cursor
}

// waitState waits for a source to be in a state, and gives its health as it was
// then: it may be another by now.
func (s *site) waitState(id string, state mood.SourceState) (h mood.SourceHealth) {
	s.t.Helper()
	until(s.t, fmt.Sprintf("%s is %s", id, state), func() bool { h = s.health(id); return h.State == state })
	return h
}

// serve runs a stand-in until the test ends, and cuts its lines then.
func serve(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server
}

var errFull = errors.New("the journal is full")
