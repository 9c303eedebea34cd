package feed

import (
	"context"
	"maps"
	"net/netip"
	"net/url"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

func readAllOf(body []byte) ([]byte, error) {
	out, _, err := unpack(context.Background(), body, nil)
	return out, err
}

// memory is States in memory.
type memory struct {
	mu     sync.Mutex
	values map[string]map[string][]byte
	fail   error
}

func newMemory() *memory { return &memory{values: map[string]map[string][]byte{}} }

func (m *memory) Put(_ context.Context, kind, id string, value []byte, _ time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	if m.values[kind] == nil {
		m.values[kind] = map[string][]byte{}
	}
	m.values[kind][id] = value
	return nil
}

func (m *memory) Get(_ context.Context, kind, id string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.values[kind][id]; ok {
		return v, m.fail
	}
	return nil, mood.ErrNotFound
}

func (m *memory) List(_ context.Context, kind string) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.values[kind]), m.fail
}

func (m *memory) Delete(_ context.Context, kind, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values[kind], id)
	return m.fail
}

// inbox takes what is delivered.
type inbox struct {
	mu    sync.Mutex
	items []mood.Mention
	calls int
	first map[string]bool // by source: whether its first delivery said so
	err   error
	came  chan struct{}
}

func newInbox() *inbox { return &inbox{first: map[string]bool{}, came: make(chan struct{}, 1)} }

func (b *inbox) deliver(_ context.Context, src mood.Source, items []mood.Mention, first bool) (Delivered, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	if b.err != nil {
		return Delivered{}, b.err
	}
	if _, ok := b.first[src.ID]; !ok {
		b.first[src.ID] = first
	}
	b.items = append(b.items, items...)
	select {
	case b.came <- struct{}{}:
	default:
	}
	return Delivered{Fresh: len(items)}, nil
}

func (b *inbox) titles() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []string
	for _, m := range b.items {
		list = append(list, m.Title)
	}
	return list
}

// start runs a poller until the test ends.
func start(t testing.TB, cfg Config) *Poller {
	t.Helper()
	p, err := NewPoller(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return p
}

// enough is how long a test waits for what must come.
const enough = time.Minute

// eventually waits for what must happen some time.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(enough); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("did not happen: " + what)
}

func loopback() []netip.Prefix { return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }

func fast() map[string]HostRule { return map[string]HostRule{"127.0.0.1": {Parallel: 32}} }

// mentions is mentionsWithin without an end.
func mentions(doc *document, src mood.Source, base *url.URL, now time.Time, first bool) []mood.Mention {
	list, _ := mentionsWithin(context.Background(), doc, src, base, now, first) // without an end there is no error
	return list
}

// parse reads a feed out of body, which came from base with that
// Content-Type, within the bounds of run.
func (p *parser) parse(ctx context.Context, body []byte, contentType string, base *url.URL) (doc *document, err error) {
	err = p.run(ctx, func(ctx context.Context) error {
		var err error
		doc, err = parse(ctx, body, contentType, base)
		return err
	})
	if err != nil {
		return nil, err
	}
	return doc, nil
}
