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
	leases map[string]lease
	away   bool
	slow   func() time.Duration // of the next write
}

func newMemory() *memory { return &memory{states: map[string][]byte{}, leases: map[string]lease{}} }

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

// Claim gives a lease, by the clock of the test.
func (m *memory) Claim(_ context.Context, kind, id, owner string, ttl time.Duration) (mood.Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return mood.Lease{}, mood.ErrUnavailable
	}
	key, now := kind+"/"+id, time.Now()
	is, got := m.leases[key], mood.Lease{Kind: kind, ID: id}
	if is.owner != "" && is.owner != owner && now.Before(is.until) {
		got.Wait = is.until.Sub(now)
		return got, nil
	}
	m.leases[key] = lease{owner, now.Add(ttl), is.fence + 1}
	got.Held, got.Fence, got.Until = true, is.fence+1, now.Add(ttl)
	return got, nil
}

func (m *memory) Renew(_ context.Context, l mood.Lease, ttl time.Duration) (mood.Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return l, mood.ErrUnavailable
	}
	key := l.Kind + "/" + l.ID
	is, known := m.leases[key]
	if known && is.fence != l.Fence {
		return l, mood.ErrConflict
	}
	l.Until = time.Now().Add(ttl)
	m.leases[key] = lease{"its owner", l.Until, l.Fence}
	if known {
		m.leases[key] = lease{is.owner, l.Until, l.Fence}
	}
	return l, nil
}

func (m *memory) Release(_ context.Context, l mood.Lease) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return mood.ErrUnavailable
	}
	if is := m.leases[l.Kind+"/"+l.ID]; is.fence == l.Fence {
		m.leases[l.Kind+"/"+l.ID] = lease{fence: is.fence}
	}
	return nil
}

func (m *memory) PutFenced(ctx context.Context, kind, id string, value []byte, ttl time.Duration, fence uint64) (uint64, error) {
	m.mu.Lock()
	is, known := m.leases[kind+"/"+id]
	m.mu.Unlock()
	if known && is.fence != fence {
		return 0, mood.ErrConflict
	}
	return 1, m.Put(ctx, kind, id, value, ttl)
}

// lease is one that was given out.
type lease struct {
	owner string
	until time.Time
	fence uint64
}

// deaf is a store that a process can read and not write to, for a while.
type deaf struct {
	*memory
	from, to time.Duration // since the world began
}

func (d deaf) heeds() bool {
	age := time.Since(beginning)
	return age < d.from || age >= d.to
}

func (d deaf) Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error {
	if !d.heeds() {
		return mood.ErrUnavailable
	}
	return d.memory.Put(ctx, kind, id, value, ttl)
}

func (d deaf) Claim(ctx context.Context, kind, id, owner string, ttl time.Duration) (mood.Lease, error) {
	if !d.heeds() {
		return mood.Lease{}, mood.ErrUnavailable
	}
	return d.memory.Claim(ctx, kind, id, owner, ttl)
}

func (d deaf) Renew(ctx context.Context, l mood.Lease, ttl time.Duration) (mood.Lease, error) {
	if !d.heeds() {
		return l, mood.ErrUnavailable
	}
	return d.memory.Renew(ctx, l, ttl)
}

func (d deaf) PutFenced(ctx context.Context, kind, id string, value []byte, ttl time.Duration, fence uint64) (uint64, error) {
	if !d.heeds() {
		return 0, mood.ErrUnavailable
	}
	return d.memory.PutFenced(ctx, kind, id, value, ttl, fence)
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
