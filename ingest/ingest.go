// Package ingest is the way in: whatever a source delivers or somebody pushes
// is cleaned, matched against the watched brands, scored towards each brand it
// names, and handed to the store in batches.
//
// Nothing is acknowledged before it is on disk: [Intake.Deliver] and
// [Intake.Push] return when the journal has it and, unless the store is away,
// the counters are written; or with an error after which the same items may be
// offered again. The store drops what it knows, and what waits in the journal
// is counted, once, whatever was killed in between.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"agora/ingest/archive"
	"agora/ingest/journal"
	"agora/ingest/language"
	"agora/ingest/places"
	"agora/ingest/story"
	"agora/ingest/topic"
	"agora/ingest/watch"
	"agora/mood"
)

// Scorer judges how texts feel towards a target. It returns one reading for
// each ask, in order.
type Scorer interface {
	Score(ctx context.Context, asks []mood.Ask) ([]mood.Reading, error)
}

// Store keeps what was accepted. Record and RecordActivity return one outcome
// for each item, in order; offering an item again is harmless.
type Store interface {
	Record(ctx context.Context, mentions []mood.Mention) ([]mood.Outcome, error)
	RecordActivity(ctx context.Context, activities []mood.Activity) ([]mood.Outcome, error)
	Withdraw(ctx context.Context, id string) error
	Correct(ctx context.Context, c mood.Correction) (mood.CorrectionReceipt, error)
}

// Counter is a store that counts what is in a journal.
type Counter interface {
	Store
	// Resume says from where on to count a journal, of which all up to known is
	// known to have been counted once.
	Resume(ctx context.Context, journal string, known uint64) (mood.Resumed, error)
	// Count counts entries, in order, and gives the outcomes of each entry's items.
	Count(ctx context.Context, journal string, entries []mood.Accepted) ([][]mood.Outcome, error)
	// Mark notes that nothing is left to do of what goes up to a number.
	Mark(ctx context.Context, seq uint64) error
	// Saved is a time: what was counted before it outlives the store's process.
	Saved() time.Time
	// Finished says whether nothing is left to do of an entry, for a brand.
	Finished(brand string, seq uint64) bool
	// CorrectAt is Correct of what was asked for at a time. What is late changes
	// nothing that was corrected since.
	CorrectAt(ctx context.Context, c mood.Correction, at time.Time, late bool) (mood.CorrectionReceipt, error)
	// Recovered says that what the journal held at the start is counted.
	Recovered()
	// Has says whether there is anything to withdraw of a mention.
	Has(ctx context.Context, id string) (bool, error)
	// Refuse keeps a mention that isn't there from being counted later.
	Refuse(ctx context.Context, id string) error
}

// States keeps what the intake has learned over a restart, as opaque bytes.
type States interface {
	Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error
	Get(ctx context.Context, kind, id string) ([]byte, error)
}

// The kinds and ids of the intake's own states.
const (
	KindTopics = "topics" // what words are common, learned from every text
	KindIngest = "ingest" // BeatID: RFC 3339 time of the last sign of life
	BeatID     = "beat"
)

// BeatEvery is how often a running intake leaves a sign of life. Readers call
// ingest stopped after three missed ones.
const BeatEvery = 5 * time.Second

// Config is what an intake needs. Places, Atlas, Journal, Counter, CatchUp, Deeds,
// Cities, Now, Log and Observe may be left out. Without a journal, what is accepted goes straight to
// the store.
type Config struct {
	Journal *journal.Journal
	Counter Counter            // the store, once more, if there is a journal
	CatchUp int                // mentions a second that are counted late, at most; 0: no limit
	At      func(point string) // called between two steps of which both must outlive a crash; nil: nothing is

	Deeds    Deeds
	Cities   Cities           // nil: none is known
	Archive  *archive.Archive // of texts that queries can be tried on; nil: there is none
	Location *time.Location   // whose days tests of queries count; nil: UTC

	Brands  []mood.Brand
	Places  *places.Locator // nil: places aren't worked out
	Atlas   *places.Atlas   // nil: nor countries of positions
	Scorer  Scorer
	Store   Store
	States  States
	Stories story.Log // through which processes that share a store agree on stories; nil: there is no other
	Now     func() time.Time
	Log     *slog.Logger
	Observe Observer
}

// Intake takes mentions and activity in. It is safe for concurrent use.
type Intake struct {
	scorer  Scorer
	store   Store
	states  States
	now     func() time.Time
	log     *slog.Logger
	observe Observer
	watch   atomic.Pointer[watched]
	deeds   atomic.Pointer[Deeds]
	kinds   kinds
	cities  Cities        // nil: none is known
	turns   chan struct{} // batches being worked on at once
	ledger  *ledger       // nil: there is no journal
	locator *places.Locator
	atlas   *places.Atlas
	outlets *places.Outlets
	stories *story.Groups

	verifying sync.Mutex // held by a verification

	archive   *archive.Archive // nil: there is none
	zone      *time.Location
	trials    atomic.Int32  // under way, or waiting
	trialTurn chan struct{} // held by the one under way
	backfills *backfills
}

// watched is what a batch is matched against; a reload swaps it whole.
type watched struct {
	brands    map[string]mood.Brand
	index     *watch.Index
	topics    *topic.Extractor
	languages *language.Identifier
	places    *placer // nil: places aren't worked out
}

// New makes an intake. It fails when a brand's query is bad, naming the brand
// and the column.
func New(ctx context.Context, cfg Config) (*Intake, error) {
	in := &Intake{
		scorer: cfg.Scorer, store: cfg.Store, states: cfg.States,
		now: cfg.Now, log: cfg.Log, observe: cfg.Observe, cities: cfg.Cities,
		turns: make(chan struct{}, 2*runtime.GOMAXPROCS(0)), archive: cfg.Archive, zone: cfg.Location,
		trialTurn: make(chan struct{}, 1), backfills: newBackfills(),
		locator: cfg.Places, atlas: cfg.Atlas, outlets: places.NewOutlets(),
	}
	in.SetDeeds(cfg.Deeds)
	if in.now == nil {
		in.now = time.Now
	}
	if in.log == nil {
		in.log = slog.New(slog.DiscardHandler)
	}
	if in.observe == nil {
		in.observe = silent{}
	}
	in.stories = story.NewGroups(cfg.Stories, 0, in.now, in.log)
	if cfg.Journal != nil {
		in.ledger = newLedger(cfg, in.now, in.log, in.stories)
	}
	if err := in.SetBrands(cfg.Brands); err != nil {
		return nil, err
	}
	if err := in.loadTopics(ctx); err != nil {
		return nil, err
	}
	in.saveOutlets(ctx)
	return in, nil
}

// SetBrands replaces the watched brands; batches under way finish with the
// ones before.
func (in *Intake) SetBrands(brands []mood.Brand) error {
	index, err := watch.NewIndex(brands)
	if err != nil {
		return err
	}
	languages, err := language.New()
	if err != nil {
		return err
	}
	next := &watched{brands: make(map[string]mood.Brand, len(brands)), index: index, topics: topic.New(brands), languages: languages}
	var names []string
	for _, b := range brands {
		next.brands[b.ID] = b
		names = append(names, b.Name)
	}
	if in.locator != nil {
		next.places = &placer{in.locator.WithBrands(names), in.atlas, in.outlets}
	}
	if before := in.watch.Load(); before != nil {
		learned, err := before.topics.Save()
		if err == nil {
			err = next.topics.Load(learned)
		}
		if err != nil {
			return fmt.Errorf("carry over what topics have learned: %w", err)
		}
	}
	in.watch.Store(next)
	return nil
}

// Withdraw takes a mention and its counts away. It wraps [mood.ErrNotFound]
// when the mention isn't kept.
func (in *Intake) Withdraw(ctx context.Context, id string) error {
	was := in.forget(ctx, id)
	err := in.withdrawCounted(ctx, id, was)
	if was && errors.Is(err, mood.ErrNotFound) { // it named no brand
		return nil
	}
	return err
}

func (in *Intake) withdrawCounted(ctx context.Context, id string, was bool) error {
	if in.ledger == nil {
		return in.store.Withdraw(ctx, id)
	}
	// What was taken in and isn't there may be lost, and counted again soon: the
	// journal is told also then.
	if err := in.ledger.has(ctx, id); err != nil && !(was && errors.Is(err, mood.ErrNotFound)) {
		return fmt.Errorf("withdraw mention %s: %w", id, err)
	}
	v, err := in.ledger.ask(ctx, journal.Entry{At: in.now(), Withdrawn: id})
	if err != nil {
		return fmt.Errorf("withdraw mention %s: %w", id, err)
	}
	return v.err
}

// Correct sets how a mention is read towards a brand, as a person wants it. It
// wraps [mood.ErrGone] when the mention's text isn't kept any more.
func (in *Intake) Correct(ctx context.Context, c mood.Correction) (mood.CorrectionReceipt, error) {
	if in.ledger == nil {
		return in.store.Correct(ctx, c)
	}
	v, err := in.ledger.ask(ctx, journal.Entry{At: in.now(), Correction: &c})
	if err != nil {
		return v.receipt, fmt.Errorf("correct mention %s: %w", c.Mention, err)
	}
	return v.receipt, in.ledger.missing(v.err)
}

// Recover counts what the journal holds and the store doesn't have, and
// returns when that is done.
func (in *Intake) Recover(ctx context.Context) error {
	if in.ledger == nil {
		return nil
	}
	defer in.ledger.store.Recovered()
	in.stories.Begin(ctx)
	in.ledger.ready.Store(false)
	err := in.ledger.recover(ctx)
	in.ledger.ready.Store(err == nil) // whoever comes ahead of Run hears what became of theirs
	return err
}

// Begin learns how far the journal is counted, before anything is accepted.
func (in *Intake) Begin(ctx context.Context) error {
	if in.ledger == nil {
		return nil
	}
	in.ledger.turn.Lock()
	defer in.ledger.turn.Unlock()
	if err := in.ledger.resume(ctx); err != nil {
		return fmt.Errorf("ask how far the journal was counted: %w", err)
	}
	in.stories.Begin(ctx)
	return nil
}

// Drain returns when all that was accepted by now is counted, or with ctx's
// error: the rest is in the journal then.
func (in *Intake) Drain(ctx context.Context) error {
	if in.ledger == nil {
		return nil
	}
	return in.ledger.drain(ctx)
}

// Run counts what is accepted, leaves signs of life and keeps what was learned
// until ctx ends.
func (in *Intake) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	if in.ledger != nil {
		group.Go(func() error { return in.ledger.run(ctx) })
	}
	group.Go(func() error { return in.runBackfills(ctx) })
	group.Go(func() error { return in.live(ctx) })
	return group.Wait()
}

func (in *Intake) live(ctx context.Context) error {
	beat := time.NewTicker(BeatEvery)
	defer beat.Stop()
	save := time.NewTicker(10 * time.Minute)
	defer save.Stop()
	in.beat(ctx)
	for {
		select {
		case <-beat.C:
			in.beat(ctx)
		case <-save.C:
			in.saveTopics(ctx)
			in.saveOutlets(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			in.saveTopics(last)
			in.saveOutlets(last)
			return nil
		}
	}
}

func (in *Intake) beat(ctx context.Context) {
	if in.states == nil {
		return
	}
	now := in.now().UTC().Format(time.RFC3339)
	ctx, cancel := context.WithTimeout(ctx, time.Second) // it is a sign of life: late it is none
	defer cancel()
	if err := in.states.Put(ctx, KindIngest, BeatID, []byte(now), 24*time.Hour); err != nil && ctx.Err() == nil {
		in.log.Debug("sign of life not left", slog.Any("error", err))
	}
}

func (in *Intake) loadTopics(ctx context.Context) error {
	if in.states == nil {
		return nil
	}
	saved, err := in.states.Get(ctx, KindTopics, "frequencies")
	switch {
	case errors.Is(err, mood.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("read what topics have learned: %w", err)
	}
	if err := in.watch.Load().topics.Load(saved); err != nil {
		in.log.Warn("what topics had learned can't be read; they start afresh", slog.Any("error", err))
	}
	return nil
}

func (in *Intake) saveTopics(ctx context.Context) {
	if in.states == nil {
		return
	}
	learned, err := in.watch.Load().topics.Save()
	if err == nil {
		err = in.states.Put(ctx, KindTopics, "frequencies", learned, 0)
	}
	if err != nil {
		in.log.Warn("what topics have learned was not saved", slog.Any("error", err))
	}
}
