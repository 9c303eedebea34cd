package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

//go:embed record.lua
var recordScript string

//go:embed change.lua
var changeScript string

//go:embed shared.lua
var sharedScript string

//go:embed sharedtrim.lua
var sharedTrimScript string

//go:embed activity.lua
var activityScript string

// Options say where the store is, and what it keeps.
type Options struct {
	URLs         []string            // see CheckAddress; several: nodes of a cluster; none: embedded
	WaitReplicas int                 // so many replicas must confirm a write; 0: none, also where the store is embedded
	WaitTimeout  time.Duration       // how long that may take; 0: 500 ms
	Data         string              // folder of the embedded server's files; empty: it keeps nothing
	Brands       []mood.Brand        // what is watched
	Location     *time.Location      // whose days and hours windows follow; nil: UTC
	KeepMentions time.Duration       // how long texts are kept; 0: 7 days
	KeepDays     time.Duration       // how long counts by the day are kept; 0: 5 years
	KeepRows     time.Duration       // likewise those by outlet, source, language, country and topic; 0: 366 days
	KeepActivity time.Duration       // how long what devices did is kept at most, however finely; 0: 366 days
	Kinds        []mood.ActivityKind // what devices do, by the operator's names
	MentionBytes int64               // at most so many bytes of texts a brand, the oldest hours go first; 0: 64 MiB
	Patience     time.Duration       // how long Open waits for a server that is away; 0: 10 s
	Journal      bool                // Resume follows, and Recovered after the journal was counted
	At           func(point string)  // called between two steps of which both must outlive a crash; nil: nothing is
	Now          func() time.Time
	Log          *slog.Logger
}

// Store keeps counters and texts. It may be used by any number of goroutines.
type Store struct {
	opts     Options
	grid     grid
	now      func() time.Time
	log      *slog.Logger
	write    redis.UniversalClient // never retries by itself: see run
	read     redis.UniversalClient
	lines    *lines
	sharded  bool      // a cluster that knows sharded channels
	embedded *embedded // nil: a server elsewhere
	record   *redis.Script
	change   *redis.Script
	activity *redis.Script
	marker   *redis.Script
	nothing  *redis.Script
	share    *redis.Script
	trim     *redis.Script

	brandsLock sync.RWMutex
	brands     []mood.Brand
	acts       []mood.ActivityKind
	regrouped  chan struct{}   // closed when brands change
	checked    map[string]bool // brands whose schema is known to fit

	link  link
	marks marks
	known known
	dated dated
	texts *textCache
	cells *cellCache
	held  held
	room  room

	stopped context.Context // ends when the store is closed
	stop    context.CancelFunc
	running sync.WaitGroup
	closing sync.Once
	closed  error
}

// Open connects to the store, or starts the embedded one from its files. A
// server that can't be reached while its patience lasts, an error of the kind
// [mood.ErrUnavailable], or whose data a newer Agora has written, is an error.
func Open(ctx context.Context, opts Options) (*Store, error) {
	if opts.Location == nil {
		opts.Location = time.UTC
	}
	if opts.KeepMentions <= 0 {
		opts.KeepMentions = 7 * day
	}
	if opts.MentionBytes <= 0 {
		opts.MentionBytes = 64 << 20
	}
	if opts.WaitTimeout <= 0 {
		opts.WaitTimeout = 500 * time.Millisecond
	}
	if opts.Patience <= 0 {
		opts.Patience = 10 * time.Second
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.At == nil {
		opts.At = func(string) {}
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	s := &Store{
		opts: opts, grid: grid{opts.Location, opts.KeepDays, opts.KeepRows, opts.KeepActivity}, now: opts.Now, log: opts.Log,
		record: redis.NewScript(recordScript), change: redis.NewScript(changeScript),
		activity: redis.NewScript(activityScript), marker: redis.NewScript(markScript),
		share: redis.NewScript(sharedScript), trim: redis.NewScript(sharedTrimScript), nothing: redis.NewScript("return 0"),
		regrouped: make(chan struct{}),
		checked:   map[string]bool{}, texts: newTextCache(), cells: newCellCache(),
	}
	s.stopped, s.stop = context.WithCancel(context.Background())
	s.SetBrands(opts.Brands)
	s.SetKinds(opts.Kinds)
	urls := opts.URLs
	if len(urls) == 0 {
		e, err := openEmbedded(opts)
		if err != nil {
			return nil, err
		}
		s.embedded, urls = e, []string{e.url()}
		s.held.never = true
	}
	if err := s.connect(ctx, urls); err != nil {
		if s.embedded != nil {
			err = errors.Join(err, s.embedded.close())
		}
		return nil, err
	}
	s.running.Go(func() { s.watch(s.stopped) })
	if s.embedded != nil {
		s.running.Go(func() { s.embedded.keep(s.stopped) })
	}
	return s, nil
}

func (s *Store) check(ctx context.Context) error {
	if err := s.refreshEpoch(ctx); err != nil {
		return err
	}
	for _, b := range s.watched() {
		if err := s.ready(ctx, b.ID); err != nil {
			return err
		}
	}
	return nil
}

// Close ends what the store runs. The embedded one writes its files; that
// takes as long as the disk needs, whatever ctx says.
func (s *Store) Close(context.Context) error {
	s.closing.Do(func() {
		s.stop()
		// Whoever waits for a server that hangs waits no longer.
		s.closed = errors.Join(s.write.Close(), s.read.Close())
		s.running.Wait()
		if s.embedded != nil {
			s.closed = errors.Join(s.closed, s.embedded.close())
		}
		if s.closed != nil {
			s.closed = fmt.Errorf("close the store: %w", s.closed)
		}
	})
	return s.closed
}

// SetBrands changes what is watched. Counters of a brand that is watched no
// more stay until they expire.
func (s *Store) SetBrands(brands []mood.Brand) {
	s.brandsLock.Lock()
	defer s.brandsLock.Unlock()
	s.brands = append([]mood.Brand(nil), brands...)
	s.held.keep(brands)
	close(s.regrouped)
	s.regrouped = make(chan struct{})
}

// SetKinds changes what kinds of activity are called on boards.
func (s *Store) SetKinds(kinds []mood.ActivityKind) {
	s.brandsLock.Lock()
	defer s.brandsLock.Unlock()
	s.acts = append([]mood.ActivityKind(nil), kinds...)
}

func (s *Store) declared() []mood.ActivityKind {
	s.brandsLock.RLock()
	defer s.brandsLock.RUnlock()
	return s.acts
}

func (s *Store) watched() []mood.Brand {
	s.brandsLock.RLock()
	defer s.brandsLock.RUnlock()
	return s.brands
}

// asked gives the brands of a question in its order, each once; none stands
// for all.
func (s *Store) asked(ids []string) ([]mood.Brand, error) {
	watched := s.watched()
	if len(ids) == 0 {
		return watched, nil
	}
	var brands []mood.Brand
next:
	for _, id := range ids {
		for _, have := range brands {
			if have.ID == id {
				continue next
			}
		}
		for _, b := range watched {
			if b.ID == id {
				brands = append(brands, b)
				continue next
			}
		}
		return nil, fmt.Errorf("brand %q is not watched: %w", id, mood.ErrNotFound)
	}
	return brands, nil
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
