package recount

import (
	"context"
	"errors"
	"iter"
	"math"
	"time"

	"agora/ingest/journal"
	"agora/mood"
)

const lookUp = 500 // mentions and activities that are looked up together

// recount is one under way.
type recount struct {
	cfg    Config
	clock  clock
	began  time.Time
	brands []*brand
	parts  []*part
	since  time.Time           // all that was published later is in the journals
	whole  bool                // the journals begin with their first entries
	heard  map[uint64]struct{} // the stories that begin in the journals, if those aren't whole
	reach  mood.Reach
}

// part is one journal.
type part struct {
	journal *journal.Journal
	next    uint64
	since   time.Time
	told    mood.VerifiedJournal
}

// entry is one of a journal.
type entry struct {
	part *part
	journal.Entry
}

func begin(ctx context.Context, cfg Config, now time.Time) (*recount, error) {
	r := &recount{cfg: cfg, clock: clock{cfg.Location}, began: now, whole: true, heard: map[uint64]struct{}{}, reach: cfg.Store.Reach(now)}
	for _, j := range append([]*journal.Journal{cfg.Journal}, cfg.Others...) {
		p := &part{journal: j, next: j.First(), since: j.Oldest()}
		r.whole = r.whole && (p.next == 1 || j.Last() == 0)
		p.told.ID = j.ID()
		if p.since.IsZero() {
			p.since = now
		} else {
			at := p.since.UTC()
			p.told.Since = &at
		}
		if p.since.After(r.since) {
			r.since = p.since
		}
		r.parts = append(r.parts, p)
	}
	for _, b := range cfg.Brands {
		gone, err := cfg.Store.TextsGone(ctx, b.ID)
		if err != nil {
			return nil, err
		}
		r.brands = append(r.brands, newBrand(r, b.ID, gone))
	}
	return r, nil
}

// readSince is from when on counters are needed.
func (r *recount) readSince() time.Time {
	if r.whole {
		return earlier(r.since, r.remembered())
	}
	return r.since
}

// remembered is a time: whatever was counted since is remembered by the store.
func (r *recount) remembered() time.Time {
	return time.Unix((generation(r.began)-1)*int64(generationTime/time.Second), 0)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (r *recount) journals() (told []mood.VerifiedJournal) {
	for _, p := range r.parts {
		told = append(told, p.told)
	}
	return told
}

// errEnough ends the reading of a journal.
var errEnough = errors.New("enough")

// entries gives a part's entries up to a number.
func (p *part) entries(ctx context.Context, until uint64) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		if until < p.next {
			return
		}
		err := p.journal.Read(ctx, p.next, func(record journal.Record) error {
			if record.Seq > until {
				return errEnough
			}
			p.told.Unreadable += int64(record.Seq - p.next)
			p.next = record.Seq + 1
			e, err := journal.Decode(record.Payload)
			if err != nil {
				p.told.Unreadable++
				return nil
			}
			if e.At.IsZero() {
				e.At = record.At
			}
			p.told.Entries++
			p.told.Mentions += int64(len(e.Mentions))
			p.told.Activities += int64(len(e.Activities))
			if !yield(entry{p, e}, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(entry{}, err)
			return
		}
		p.told.Unreadable += int64(max(p.next, until+1) - p.next)
		p.next = max(p.next, until+1)
	}
}

// advance recounts up to a number of the journal that is being counted.
// Several journals are put in order by when their entries were accepted.
func (r *recount) advance(ctx context.Context, until uint64) error {
	var heads []*head
	defer func() {
		for _, h := range heads {
			h.stop()
		}
	}()
	for i, p := range r.parts {
		limit := until
		if i > 0 {
			limit = p.journal.Last()
		}
		next, stop := iter.Pull2(p.entries(ctx, limit))
		h := &head{next: next, stop: stop}
		heads = append(heads, h)
		if err := h.move(); err != nil {
			return err
		}
	}
	var batch []entry
	items := 0
	for {
		first := (*head)(nil)
		for _, h := range heads {
			if h.there && (first == nil || h.entry.At.Before(first.entry.At)) {
				first = h
			}
		}
		if first != nil {
			batch = append(batch, first.entry)
			items += 1 + len(first.entry.Mentions) + len(first.entry.Activities)
			if err := first.move(); err != nil {
				return err
			}
		}
		if first == nil || items >= lookUp {
			if err := r.take(ctx, batch); err != nil {
				return err
			}
			batch, items = batch[:0], 0
		}
		if first == nil {
			return nil
		}
	}
}

// head is the next entry of a journal.
type head struct {
	next  func() (entry, error, bool)
	stop  func()
	entry entry
	there bool
}

func (h *head) move() (err error) {
	h.entry, err, h.there = h.next()
	return err
}

// take recounts entries.
func (r *recount) take(ctx context.Context, batch []entry) error {
	for _, e := range batch {
		r.hear(e)
	}
	for _, b := range r.brands {
		facts, err := b.lookUp(ctx, batch)
		if err != nil {
			return err
		}
		for i, e := range batch {
			for j := range e.Mentions {
				if _, ok := e.Mentions[j].Readings[b.id]; !ok {
					continue
				}
				if err := b.mention(ctx, e, e.Mentions[j], facts.mentions[[2]int{i, j}]); err != nil {
					return err
				}
			}
			for _, a := range e.Activities {
				if a.Brand == b.id {
					b.activity(a, e.At, e.part.since, facts.activities)
				}
			}
			switch {
			case e.Correction != nil && e.Correction.Brand == b.id:
				if err := b.correct(ctx, *e.Correction, e.At); err != nil {
					return err
				}
			case e.Withdrawn != "":
				b.withdraw(e.Withdrawn, e.At)
			}
		}
	}
	return nil
}

// facts are what the store knows of entries.
type facts struct {
	mentions   map[[2]int]mood.Whereabouts // by entry and mention
	activities map[string]bool             // by id: it was counted
}

// lookUp asks the store about what isn't known from the journals.
func (b *brand) lookUp(ctx context.Context, batch []entry) (facts, error) {
	f := facts{mentions: map[[2]int]mood.Whereabouts{}}
	var mentions []mood.Mention
	var at [][2]int
	var ids []string
	for i, e := range batch {
		for j, m := range e.Mentions {
			if _, ok := m.Readings[b.id]; ok && !b.knows(identities(m), math.MinInt64) {
				mentions, at = append(mentions, m), append(at, [2]int{i, j})
			}
		}
		for _, a := range e.Activities {
			if a.Brand == b.id {
				ids = append(ids, a.ID)
			}
		}
	}
	found, err := b.store.Whereabouts(ctx, b.id, mentions)
	if err != nil {
		return f, err
	}
	for i, w := range found {
		f.mentions[at[i]] = w
	}
	if len(ids) > 0 {
		f.activities, err = b.store.KnownActivities(ctx, b.id, ids)
	}
	return f, err
}
