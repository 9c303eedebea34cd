package store

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"agora/mood"
)

// running are the servers that all tests share, since a cluster takes some
// seconds to get ready. TestMain ends them.
var running struct {
	begin   sync.Once
	servers []server
	cluster *cluster // nil: no redis-server
	lock    sync.Mutex
	clients map[string]*redis.Client // by address
	ends    []func()
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		for i := len(running.ends) - 1; i >= 0; i-- {
			running.ends[i]()
		}
		os.Exit(code)
	}))
}

// clock is what a test takes for now.
type clock struct{ millis atomic.Int64 }

func clockAt(t time.Time) *clock {
	c := &clock{}
	c.set(t)
	return c
}

func (c *clock) now() time.Time                  { return time.UnixMilli(c.millis.Load()).UTC() }
func (c *clock) set(t time.Time)                 { c.millis.Store(t.UnixMilli()) }
func (c *clock) add(d time.Duration)             { c.millis.Add(d.Milliseconds()) }
func (c *clock) ago(d time.Duration) time.Time   { return c.now().Add(-d) }
func moment(t testing.TB, text string) time.Time { return must(time.Parse(time.RFC3339, text))(t) }

// future is a moment that no real clock has reached, so that a real server
// expires nothing that a test counts at it.
func future(t testing.TB) time.Time { return moment(t, "2031-05-14T10:17:42.5Z") }

func must[V any](v V, err error) func(testing.TB) V {
	return func(t testing.TB) V {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// server is a kind of server that laws hold on.
type server struct {
	name string
	url  string // empty: embedded
	more []string
}

// urls are those that a store is opened with.
func (s server) urls() []string {
	if s.url == "" {
		return nil
	}
	return append([]string{s.url}, s.more...)
}

// servers are the embedded one, a real Redis and a cluster; those two must be
// there when AGORA_TEST_ALL is set.
func servers(t testing.TB) []server {
	t.Helper()
	running.begin.Do(func() {
		running.servers = []server{{name: "embedded"}}
		if url := startRedis(t); url != "" {
			running.servers = append(running.servers, server{name: "redis", url: url})
		}
		if running.cluster = startCluster(t); running.cluster != nil {
			urls := running.cluster.urls()
			running.servers = append(running.servers, server{name: "cluster", url: urls[0], more: urls[1:]})
		}
	})
	return running.servers
}

// startRedis starts a redis-server.
func startRedis(t testing.TB) string {
	t.Helper()
	dir := shortFolder(t)
	socket := filepath.Join(dir, "redis.sock")
	if runRedis(t, dir, "unix", socket, "--port", "0", "--unixsocket", socket) == nil {
		return ""
	}
	return "unix://" + socket
}

// flush empties the server, or every node of the cluster.
func (s server) flush() error {
	var group errgroup.Group
	for _, url := range s.urls() {
		group.Go(func() error {
			client, err := clientOf(url)
			if err == nil {
				err = client.FlushAll(context.Background()).Err()
			}
			if redis.HasErrorPrefix(err, "READONLY") { // a replica does as its master
				return nil
			}
			return err
		})
	}
	return group.Wait()
}

// clientOf is the client with which all tests ask a server.
func clientOf(url string) (*redis.Client, error) {
	running.lock.Lock()
	defer running.lock.Unlock()
	if c := running.clients[url]; c != nil {
		return c, nil
	}
	o, err := redis.ParseURL(url)
	if err != nil {
		return nil, err
	}
	o.MaxRetries = -1 // what a replica refuses, it refuses
	c := redis.NewClient(o)
	if running.clients == nil {
		running.clients = map[string]*redis.Client{}
	}
	running.clients[url] = c
	running.ends = append(running.ends, func() { c.Close() })
	return c, nil
}

// open opens an empty store on the server.
func (s server) open(t testing.TB, opts Options) *Store {
	t.Helper()
	if s.url != "" {
		if err := s.flush(); err != nil {
			t.Fatal(err)
		}
		opts.URLs = s.urls()
	}
	if opts.Brands == nil {
		opts.Brands = testBrands()
	}
	store, err := Open(context.Background(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return store
}

// everywhere runs a law on every server.
func everywhere(t *testing.T, law func(t *testing.T, s server)) {
	for _, s := range servers(t) {
		t.Run(s.name, func(t *testing.T) { law(t, s) })
	}
}

func testBrands() []mood.Brand {
	return []mood.Brand{
		{ID: "nokia", Name: "Nokia", Query: "Nokia", Color: "#005AFF"},
		{ID: "ericsson", Name: "Ericsson", Query: "Ericsson", Color: "#002561"},
	}
}

// said is a mention of brands, published and seen at a moment.
func said(id string, at time.Time, label mood.Label, brands ...string) mood.Mention {
	scores := map[mood.Label]float64{mood.Positive: 0.5, mood.Negative: -0.25}
	m := mood.Mention{
		ID: id, Title: "Title of " + id, Text: "What " + id + " says", URL: "https://example.com/" + id,
		Outlet: "example.com", Sources: []string{"feed"}, Published: at, Seen: at, Language: "en",
		Places:   mood.Places{From: &mood.Place{Country: "FI"}},
		Readings: map[string]mood.Reading{},
	}
	for _, b := range brands {
		m.Readings[b] = mood.Reading{Label: label, Score: scores[label], Topics: []string{"phones"}}
	}
	return m
}

func record(t testing.TB, s *Store, mentions ...mood.Mention) []mood.Outcome {
	t.Helper()
	return must(s.Record(context.Background(), mentions))(t)
}

func board(t testing.TB, s *Store, window string, brands ...string) *mood.Board {
	t.Helper()
	return must(s.Board(context.Background(), brands, must(mood.ParseWindow(window))(t)))(t)
}

func list(t testing.TB, s *Store, f mood.Filter) mood.MentionList {
	t.Helper()
	return must(s.Mentions(context.Background(), f))(t)
}
