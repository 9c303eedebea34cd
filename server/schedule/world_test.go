package schedule

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

// memory is a store; it may be away, and slow.
type memory struct {
	mu     sync.Mutex
	states map[string][]byte
	away   bool
	slow   func() time.Duration // of the next write
}

func newMemory() *memory { return &memory{states: map[string][]byte{}} }

func (m *memory) Put(_ context.Context, kind, id string, value []byte, _ time.Duration) error {
	if m.slow != nil {
		time.Sleep(m.slow())
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return mood.ErrUnavailable
	}
	m.states[kind+"/"+id] = slices.Clone(value)
	return nil
}

func (m *memory) Get(_ context.Context, kind, id string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return nil, mood.ErrUnavailable
	}
	if v, ok := m.states[kind+"/"+id]; ok {
		return v, nil
	}
	return nil, mood.ErrNotFound
}

// deaf is a store that a process can read and not write to, for a while.
type deaf struct {
	*memory
	from, to time.Duration // since the world began
}

func (d deaf) Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error {
	if age := time.Since(beginning); age >= d.from && age < d.to {
		return mood.ErrUnavailable
	}
	return d.memory.Put(ctx, kind, id, value, ttl)
}

func (m *memory) leave(away bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away = away
}

// for good, or not.
type failing bool

func (f failing) Error() string   { return "no" }
func (f failing) Temporary() bool { return bool(f) }

// beginning is when a bubble of time begins, on a Saturday.
var beginning = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// world is such a bubble.
type world struct {
	t    *testing.T
	mem  *memory
	log  bytes.Buffer
	mu   sync.Mutex
	ran  []string // when, and for when
	seen []Event
	fail func(*Turn) error
}

func (w *world) job(text string) Job {
	return Job{ID: "weekly", Line: line(w.t, text), Zone: time.UTC, Run: func(_ context.Context, turn *Turn) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ran = append(w.ran, time.Now().UTC().Format("02T15:04")+" for "+turn.At.UTC().Format("02T15:04"))
		if w.fail != nil {
			return w.fail(turn)
		}
		return nil
	}}
}

func (w *world) keeper(jobs ...Job) *Keeper { return w.keeperOf(w.mem, jobs...) }

func (w *world) keeperOf(states States, jobs ...Job) *Keeper {
	w.t.Helper()
	k, err := New(Config{States: states, Log: slog.New(slog.NewTextHandler(&w.log, nil)), Observe: func(_ string, e Event) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.seen = append(w.seen, e)
	}})
	if err != nil {
		w.t.Fatal(err)
	}
	k.SetJobs(jobs)
	return k
}

// live runs keepers for some time.
func (w *world) live(d time.Duration, keepers ...*Keeper) {
	ctx, stop := context.WithTimeout(w.t.Context(), d)
	defer stop()
	var all sync.WaitGroup
	for _, k := range keepers {
		all.Go(func() {
			if err := k.Run(ctx); err != nil {
				w.t.Error(err)
			}
		})
	}
	all.Wait()
}

func (w *world) expect(ran ...string) {
	w.t.Helper()
	if !slices.Equal(w.ran, ran) {
		w.t.Errorf("it ran %q\nexpected %q\n%s", w.ran, ran, w.log.String())
	}
}

func inWorld(t *testing.T, story func(*world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { story(&world{t: t, mem: newMemory()}) })
}

const day = 24 * time.Hour

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
