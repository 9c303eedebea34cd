package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"agora/ingest/journal"
	"agora/ingest/story"
	"agora/mood"
)

const (
	patience    = 2 * time.Second // how long an answer waits for what became of its items; they are on disk by then
	markEvery   = time.Second
	mostBytes   = 32 << 20 // of entries that stay in memory until they are counted; more is read again from disk
	leastPause  = 100 * time.Millisecond
	longestWait = 2 * time.Second        // between two tries while the store is away
	lastWord    = 500 * time.Millisecond // of a stop, for a store that may not answer
	grace       = 20 * time.Millisecond
	lastCounted = 32          // entries
	settling    = time.Minute // after a loss, for others to count theirs again
)

// ledger is the way from the journal to the store: whatever was accepted is in
// the journal first, and is counted in the journal's order by one goroutine,
// once, as soon as the store takes it.
type ledger struct {
	journal *journal.Journal
	store   Counter
	now     func() time.Time
	log     *slog.Logger
	at      func(point string)
	pace    *pacer
	stories *story.Groups // told of mentions that are read from disk again, and of losses

	lock    sync.Mutex
	waiting map[uint64]*queued
	bytes   int
	next    uint64 // the number that is counted next

	lostAt atomic.Int64 // ns; when a loss was noticed last

	wake  chan struct{} // something was kept
	ready atomic.Bool   // the store takes entries, and nothing waits before the newest

	turn sync.Mutex // held while something is counted

	// Of the goroutine that counts, and of whoever has its turn:
	resumed bool
	stuck   bool // of what is counted next, a part may be counted
	paced   bool // others need the store as well
	marked  uint64
	marks   []savedMark
	late    lateCorrections
	lost    bool   // the store lost something, and others may not have counted theirs again
	before  uint64 // what another run of this process accepted
}

// queued is an entry that is on disk, and whoever waits to hear what became of it.
type queued struct {
	seq   uint64
	entry journal.Entry
	size  int
	done  chan verdict
}

// verdict is what became of an entry. Not known: it will be counted, some time.
type verdict struct {
	known    bool
	outcomes []mood.Outcome
	receipt  mood.CorrectionReceipt
	err      error
}

// savedMark is how far things were counted at a time.
type savedMark struct {
	seq uint64
	at  time.Time
}

func newLedger(cfg Config, now func() time.Time, log *slog.Logger, stories *story.Groups) *ledger {
	at := cfg.At
	if at == nil {
		at = func(string) {}
	}
	return &ledger{
		journal: cfg.Journal, store: cfg.Counter, now: now, log: log, at: at, pace: newPacer(cfg.CatchUp), stories: stories,
		waiting: map[uint64]*queued{}, wake: make(chan struct{}, 1), before: cfg.Journal.Last(),
	}
}

// keep puts an entry on disk, and gives what became of it as soon as that is
// known, within a moment. An error means that it isn't accepted.
func (l *ledger) keep(ctx context.Context, e journal.Entry) (verdict, error) {
	payload, err := e.Encode()
	if err != nil {
		return verdict{}, fmt.Errorf("keep what was accepted: %w", err)
	}
	seq, err := l.journal.Append(ctx, payload)
	if err != nil {
		return verdict{}, fmt.Errorf("keep what was accepted: %w", err)
	}
	l.at("ingest: after the journal has it")
	k := l.register(&queued{seq: seq, entry: e, size: len(payload), done: make(chan verdict, 1)})
	select {
	case l.wake <- struct{}{}:
	default:
	}
	if k == nil || !l.ready.Load() {
		return verdict{}, nil
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case v := <-k.done:
		return v, nil
	case <-ctx.Done():
	case <-timer.C:
		l.ready.Store(false) // nobody else need wait for nothing
	}
	return verdict{}, nil
}

// ask is keep for what can't be answered before it is done. While the store is
// away nothing is kept.
func (l *ledger) ask(ctx context.Context, e journal.Entry) (verdict, error) {
	if !l.ready.Load() {
		return verdict{}, errAway
	}
	v, err := l.keep(ctx, e)
	if err == nil && !v.known {
		err = errAway
	}
	return v, err
}

// has is nil when the store has something of a mention that may be withdrawn. The
// journal holds only withdrawals that took something away, here or from the
// archive: when it is counted again, they hold for what others count later.
func (l *ledger) has(ctx context.Context, id string) error {
	if !l.ready.Load() {
		return errAway
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if l.drain(waiting) != nil {
		return errAway
	}
	switch there, err := l.store.Has(ctx, id); {
	case err != nil:
		return err
	case !there:
		return l.missing(mood.ErrNotFound)
	}
	return nil
}

// missing is what to say of a mention that the store doesn't have: soon after a
// loss another process may have it, and count it again in a moment.
func (l *ledger) missing(err error) error {
	if errors.Is(err, mood.ErrNotFound) && l.now().Sub(time.Unix(0, l.lostAt.Load())) < settling {
		return errSettling
	}
	return err
}

var errSettling = fmt.Errorf("the store has lost something, and it may not be counted again yet: try again in a moment: %w", mood.ErrUnavailable)

var errAway = fmt.Errorf("the store is away, or busy with what was accepted before: try again in a moment: %w", mood.ErrUnavailable)

// register keeps an entry in memory until it is counted; nil if there is no
// room, or it was read from disk and counted already.
func (l *ledger) register(k *queued) *queued {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.bytes+k.size > mostBytes || k.seq < l.next {
		return nil
	}
	l.waiting[k.seq] = k
	l.bytes += k.size
	return k
}

// take gives an entry that is in memory; nil if it isn't.
func (l *ledger) take(seq uint64) *queued {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.waiting[seq]
}

// counted drops entries up to a number, and lets those that wait for them know.
func (l *ledger) counted(batch []*queued, verdicts []verdict) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for i, k := range batch {
		if have := l.waiting[k.seq]; have != nil {
			l.bytes -= have.size
			delete(l.waiting, k.seq)
			have.done <- verdicts[i]
		}
		l.next = k.seq + 1
	}
}

// giveUp lets all who wait know that it will take longer, and makes room.
func (l *ledger) giveUp() {
	l.ready.Store(false)
	l.lock.Lock()
	defer l.lock.Unlock()
	for seq, k := range l.waiting {
		k.done <- verdict{}
		delete(l.waiting, seq)
	}
	l.bytes = 0
}

// run counts what is in the journal until ctx ends.
func (l *ledger) run(ctx context.Context) error {
	defer l.giveUp()
	l.paced = true
	tick := time.NewTicker(markEvery)
	defer tick.Stop()
	wait := time.Duration(0)
	for ctx.Err() == nil {
		worked, err := l.step(ctx)
		switch {
		case err != nil:
			l.trouble(ctx, err)
			wait = min(max(leastPause, 2*wait), longestWait)
			rest(ctx, wait)
			continue
		case worked:
			wait = 0
			select {
			case <-tick.C:
				l.mark(ctx)
			default:
			}
			continue
		}
		l.ready.Store(true)
		select {
		case <-l.wake:
		case <-tick.C:
			l.mark(ctx)
			l.again(ctx)
		case <-ctx.Done():
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWord)
	defer cancel()
	l.mark(last)
	return nil
}

// drain waits until all that is in the journal by now is counted.
func (l *ledger) drain(ctx context.Context) error {
	until := l.journal.Last()
	for {
		l.lock.Lock()
		done := l.next > until
		l.lock.Unlock()
		if done {
			return nil
		}
		rest(ctx, grace)
		if ctx.Err() != nil {
			return fmt.Errorf("what was accepted is in the journal, and not all of it is counted yet: %w", ctx.Err())
		}
	}
}

// step counts the next entries, if there are any.
func (l *ledger) step(ctx context.Context) (worked bool, err error) {
	l.turn.Lock()
	defer l.turn.Unlock()
	defer func() { l.stuck = err != nil }()
	if !l.resumed {
		if err := l.resume(ctx); err != nil {
			return false, err
		}
	}
	batch, err := l.gather(ctx)
	if err != nil || len(batch) == 0 {
		return false, err
	}
	verdicts, err := l.count(ctx, batch)
	if err != nil {
		return false, err
	}
	l.at("ingest: after it is counted")
	l.counted(batch, verdicts)
	return true, nil
}

// trouble says what is wrong, and goes back where something was lost.
func (l *ledger) trouble(ctx context.Context, err error) {
	l.giveUp()
	switch {
	case ctx.Err() != nil:
	case errors.Is(err, mood.ErrLost):
		l.turn.Lock()
		l.resumed = false
		l.turn.Unlock()
	case errors.Is(err, mood.ErrUnavailable):
		l.log.Debug("the store is away: what is accepted waits in the journal", "error", err)
	default:
		l.log.Error("what was accepted could not be counted: it stays in the journal, and is tried again", "error", err)
	}
}

// mark notes how far things were counted, and lets the journal go what is safe.
func (l *ledger) mark(ctx context.Context) {
	l.turn.Lock()
	defer l.turn.Unlock()
	if !l.resumed {
		return
	}
	seq := l.late.before(l.next - 1)
	if err := l.store.Mark(ctx, seq); err != nil {
		if errors.Is(err, mood.ErrLost) {
			l.resumed = false
		}
		return
	}
	if seq > l.marked {
		l.marked = seq
		l.marks = append(l.marks, savedMark{seq, l.now()})
	}
	saved := l.store.Saved()
	n := 0
	for n < len(l.marks) && l.marks[n].at.Before(saved) {
		n++
	}
	if n > 0 {
		l.at("ingest: before the journal may let it go")
		l.journal.Applied(l.marks[n-1].seq)
		l.marks = l.marks[n:]
	}
}

func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
