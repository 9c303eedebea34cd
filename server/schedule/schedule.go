// Package schedule runs jobs at the times of their cron lines, each time once:
// over restarts, changes of the clock, and several processes that share a
// store.
package schedule

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"time"

	"agora/mood"
)

// States keeps opaque values by kind and id. A missing one is
// [mood.ErrNotFound]; a ttl of 0 is for ever.
type States interface {
	Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error
	Get(ctx context.Context, kind, id string) ([]byte, error)
	Leases
}

// Leases give each job to one process at a time. An error of the kind
// [mood.ErrConflict] says that another one came since.
type Leases interface {
	Claim(ctx context.Context, kind, id, owner string, ttl time.Duration) (mood.Lease, error)
	Renew(ctx context.Context, l mood.Lease, ttl time.Duration) (mood.Lease, error)
	Release(ctx context.Context, l mood.Lease) error
	// PutFenced is Put for the one whose fence is the newest.
	PutFenced(ctx context.Context, kind, id string, value []byte, ttl time.Duration, fence uint64) (version uint64, err error)
}

// Late is how long after its time something is still worth doing: what was
// missed is made up for, and what failed is tried again, until then.
const Late = 12 * time.Hour

// Job is something to do at the times of a cron line.
type Job struct {
	ID   string
	Line Line
	Zone *time.Location
	// Run does it. An error is tried again later, unless it has a method
	// Temporary() bool that says no.
	Run func(context.Context, *Turn) error
}

// same tells whether two jobs come at the same times.
func (j Job) same(k Job) bool {
	return j.ID == k.ID && j.Line.text == k.Line.text && j.Zone.String() == k.Zone.String()
}

// Event is what became of a job's turn.
type Event string

// What can become of a turn.
const (
	Done    Event = "done"
	Failed  Event = "failed"  // for good
	GaveUp  Event = "gave_up" // it failed too often
	Delayed Event = "delayed" // it failed, and is tried again
	Skipped Event = "skipped" // it was missed, and it was too late
)

// Config is what a [Keeper] is given.
type Config struct {
	States  States // must be set
	Observe func(job string, e Event)
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: silence
}

// Keeper runs jobs. Make one with [New].
type Keeper struct {
	Config
	self string // tells this process from others

	mu      sync.Mutex
	jobs    map[string]*tender
	started func(*tender) // nil: not running
}

// New makes a keeper without jobs.
func New(c Config) (*Keeper, error) {
	if c.States == nil {
		return nil, errors.New("schedule: States must be set")
	}
	if c.Observe == nil {
		c.Observe = func(string, Event) {}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Keeper{Config: c, self: rand.Text(), jobs: map[string]*tender{}}, nil
}

// SetJobs replaces the jobs. What runs already runs to its end. A job that is
// new, or has other times than before, begins with its next one.
func (k *Keeper) SetJobs(jobs []Job) {
	k.mu.Lock()
	defer k.mu.Unlock()
	kept := map[string]bool{}
	for _, j := range jobs {
		kept[j.ID] = true
		if t := k.jobs[j.ID]; t != nil { // also one that came to its end in the midst of a run
			t.set(j)
			continue
		}
		t := &tender{keeper: k, job: j, wake: make(chan struct{}, 1), marked: map[string]bool{}}
		k.jobs[j.ID] = t
		if k.started != nil {
			k.started(t)
		}
	}
	for id, t := range k.jobs {
		if !kept[id] {
			t.end()
			if k.started == nil {
				delete(k.jobs, id)
			}
		}
	}
}

// leave forgets a tender whose job has ended and not come back, which ends it.
// Until then a job that comes back gets the tender that may still run it: two
// would take each other's claim for their own.
func (k *Keeper) leave(t *tender) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	job, ended := t.now()
	if ended {
		delete(k.jobs, job.ID)
	}
	return ended
}

// Run works until ctx ends, and waits for what it began.
func (k *Keeper) Run(ctx context.Context) error {
	var tending sync.WaitGroup
	k.mu.Lock()
	k.started = func(t *tender) { tending.Go(func() { t.run(ctx) }) }
	for _, t := range k.jobs {
		k.started(t)
	}
	k.mu.Unlock()
	<-ctx.Done()
	k.mu.Lock()
	k.started = nil
	k.mu.Unlock()
	tending.Wait()
	return nil
}
