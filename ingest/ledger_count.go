package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"agora/ingest/journal"
	"agora/mood"
)

// errEnough ends the reading of a journal.
var errEnough = errors.New("enough")

// gather gives the entries that are counted next, together: mentions and
// activities up to a batch, or one correction or withdrawal. None: all is
// counted.
func (l *ledger) gather(ctx context.Context) ([]*queued, error) {
	if l.journal.Last() < l.next {
		return nil, nil
	}
	var batch []*queued
	items := 0
	add := func(k *queued) bool {
		n := len(k.entry.Mentions) + len(k.entry.Activities)
		alone := n == 0
		if len(batch) > 0 && (alone || items+n > batchSize) {
			return false
		}
		batch, items = append(batch, k), items+n
		return !alone
	}
	for seq := l.next; ; seq++ {
		k := l.take(seq)
		if k == nil && len(batch) == 0 {
			k = l.await(ctx, seq)
		}
		if k == nil || !add(k) {
			break
		}
	}
	if len(batch) > 0 {
		return batch, nil
	}
	last := l.journal.Last()
	err := l.journal.Read(ctx, l.next, func(r journal.Record) error {
		k := &queued{seq: r.Seq}
		e, err := journal.Decode(r.Payload)
		if err != nil {
			l.log.Error("an entry of the journal can't be read, and is left out", "number", r.Seq, "at", r.At, "error", err)
		}
		if e.At.IsZero() {
			e.At = r.At
		}
		k.entry = e
		l.stories.Learn(ctx, e.Mentions)
		if !add(k) {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	if len(batch) == 0 { // all of the rest is damaged
		l.lock.Lock()
		l.next = last + 1
		l.lock.Unlock()
	}
	return batch, nil
}

// await waits a moment for an entry that is on disk, and on its way to memory.
func (l *ledger) await(ctx context.Context, seq uint64) *queued {
	if !l.ready.Load() {
		return nil
	}
	for end := time.Now().Add(grace); time.Now().Before(end) && ctx.Err() == nil; {
		rest(ctx, time.Millisecond)
		if k := l.take(seq); k != nil {
			return k
		}
	}
	return nil
}

// count hands a batch to the store.
func (l *ledger) count(ctx context.Context, batch []*queued) ([]verdict, error) {
	verdicts := make([]verdict, len(batch))
	switch e := batch[0].entry; {
	case e.Correction != nil:
		if l.store.Finished(e.Correction.Brand, batch[0].seq) {
			return verdicts, nil // later words may have come since
		}
		late := !l.ready.Load()
		receipt, err := l.store.CorrectAt(ctx, *e.Correction, e.At, late)
		if err != nil && l.passing(ctx, err) {
			return nil, err
		}
		late = late && (l.lost || batch[0].seq <= l.before)
		l.late.keep(batch[0], err, late, l.now())
		verdicts[0] = verdict{known: true, receipt: receipt, err: err}
		return verdicts, nil
	case e.Withdrawn != "":
		var err error
		if l.lost || !l.ready.Load() {
			// It was there. After a loss, another process may not have counted it
			// again yet, for one of its brands or for all, or do so just now.
			err = l.store.Refuse(ctx, e.Withdrawn)
		}
		if err == nil {
			err = l.store.Withdraw(ctx, e.Withdrawn)
		}
		if err != nil && l.passing(ctx, err) {
			return nil, err
		}
		verdicts[0] = verdict{known: true, err: err}
		return verdicts, nil
	}
	entries := make([]mood.Accepted, len(batch))
	n := 0
	for i, k := range batch {
		entries[i] = mood.Accepted{Seq: k.seq, At: k.entry.At, Mentions: k.entry.Mentions, Activities: k.entry.Activities}
		n += len(k.entry.Mentions) + len(k.entry.Activities)
	}
	if l.paced && !l.ready.Load() {
		l.pace.wait(ctx, n)
	}
	outcomes, err := l.store.Count(ctx, l.journal.ID(), entries)
	if err != nil {
		return nil, err
	}
	for i := range verdicts {
		verdicts[i] = verdict{known: true, outcomes: outcomes[i]}
	}
	return verdicts, nil
}

// passing says whether an error has to do with the store, not with what was
// asked of it.
func (l *ledger) passing(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, mood.ErrLost) || errors.Is(err, mood.ErrUnavailable) ||
		!errors.Is(err, mood.ErrNotFound) && !errors.Is(err, mood.ErrGone) && !errors.Is(err, mood.ErrInvalid)
}

// lateCorrections are corrections of mentions that the store doesn't have, but
// may get: after it lost its contents, several processes count again, and the
// mention may be in another one's journal.
type lateCorrections struct {
	of map[lateKey]lateCorrection
}

type lateKey struct{ brand, mention string }

type lateCorrection struct {
	correction mood.Correction
	at         time.Time
	seq        uint64 // of its entry
	since      time.Time
}

const (
	mostLate   = 10_000
	lateFor    = 10 * time.Minute
	lateAtOnce = 50
)

// keep notes what became of a correction. The newest of a mention is the one
// that counts: one that is done makes an end of those before it.
func (c *lateCorrections) keep(k *queued, err error, late bool, now time.Time) {
	key := lateKey{k.entry.Correction.Brand, k.entry.Correction.Mention}
	delete(c.of, key)
	if decided(err) || !late || len(c.of) >= mostLate {
		return
	}
	if c.of == nil {
		c.of = map[lateKey]lateCorrection{}
	}
	c.of[key] = lateCorrection{*k.entry.Correction, k.entry.At, k.seq, now}
}

// decided says whether a correction needn't be offered again: what is gone
// doesn't come back.
func decided(err error) bool { return err == nil || errors.Is(err, mood.ErrGone) }

// before gives the number up to which nothing is left to do, of what is counted
// up to seq: a process that starts anew has to offer late corrections again.
func (c *lateCorrections) before(seq uint64) uint64 {
	for _, x := range c.of {
		seq = min(seq, x.seq-1)
	}
	return seq
}

// again offers late corrections again, a few at a time.
func (l *ledger) again(ctx context.Context) {
	l.turn.Lock()
	defer l.turn.Unlock()
	left := lateAtOnce
	for key, x := range l.late.of {
		if left--; left < 0 {
			return
		}
		_, err := l.store.CorrectAt(ctx, x.correction, x.at, true)
		if decided(err) || l.now().Sub(x.since) >= lateFor {
			delete(l.late.of, key)
		}
	}
}

// pacer keeps what is counted late from taking all of a server that others
// need too.
type pacer struct {
	perSecond int
	due       time.Time
}

func newPacer(perSecond int) *pacer { return &pacer{perSecond: perSecond} }

// wait waits until n more may be counted.
func (p *pacer) wait(ctx context.Context, n int) {
	if p.perSecond <= 0 {
		return
	}
	now := time.Now()
	if p.due.Before(now) {
		p.due = now
	}
	rest(ctx, p.due.Sub(now))
	p.due = p.due.Add(time.Duration(n) * time.Second / time.Duration(p.perSecond))
}
