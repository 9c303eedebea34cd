package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"agora/mood"
)

const (
	maxBatch      = 500
	maxBatchBytes = 4 << 20 // of texts
	writers       = 4       // brands that are written at once
)

// item is a mention on its way to one brand.
type item struct {
	mention mood.Mention
	seq     uint64    // of the journal's entry that it is from; 0: no journal
	at      time.Time // when it was accepted
	entry   int       // in the request
	index   int       // in the entry
	hashes  []string
	outcome mood.Outcome
	extra   []string       // sources of duplicates in the same request
	place   int            // in the portion
	old     bool           // an edit of what may have been forgotten
	fresh   map[string]int // the places of what is new in the portion, by id
}

// precedes says whether a kept mention is one of the same portion that came
// after the item: then the item is no copy of it.
func (it *item) precedes(p place) bool {
	at, fresh := it.fresh[p.id]
	return fresh && at > it.place
}

// Record counts mentions under every watched brand that they have a reading
// of, and keeps their texts. It says of each what became of it: Stored if it
// is new for at least one brand, Revised if it is an edit that changed what is
// kept of at least one. After an error some may have been stored; recording
// them all again is harmless.
//
// What comes from a journal goes to [Store.Count].
func (s *Store) Record(ctx context.Context, mentions []mood.Mention) ([]mood.Outcome, error) {
	now := s.now()
	s.tick(now)
	outcomes, err := s.recordAll(ctx, "", []mood.Accepted{{At: now, Mentions: mentions}})
	if err != nil {
		return nil, s.fail("record mentions", err)
	}
	return outcomes[0], nil
}

// recordAll records the mentions of entries, and gives outcomes by entry and
// mention.
func (s *Store) recordAll(ctx context.Context, journal string, entries []mood.Accepted) ([][]mood.Outcome, error) {
	outcomes := make([][]mood.Outcome, len(entries))
	perBrand := map[string][]*item{}
	watched := s.watched()
	for e, entry := range entries {
		outcomes[e] = make([]mood.Outcome, len(entry.Mentions))
		for i, m := range entry.Mentions {
			m = m.Timely(entry.At)
			if m.TooOld(entry.At) {
				outcomes[e][i] = mood.TooOld
				continue
			}
			outcomes[e][i] = mood.Unmatched
			for _, b := range watched {
				if _, ok := m.Readings[b.ID]; !ok {
					continue
				}
				outcomes[e][i] = mood.Duplicate
				perBrand[b.ID] = append(perBrand[b.ID], &item{mention: m, seq: entry.Seq, at: entry.At, entry: e, index: i, hashes: identities(m)})
			}
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	for brand, items := range perBrand {
		group.Go(func() error { return s.recordBrand(ctx, brand, journal, items) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, items := range perBrand {
		for _, it := range items {
			o := &outcomes[it.entry][it.index]
			switch {
			case it.outcome == mood.Stored:
				*o = mood.Stored
			case it.outcome == mood.Revised && *o != mood.Stored:
				*o = mood.Revised
			}
		}
	}
	return outcomes, nil
}

// identities are the hashes by which a mention is known again: of its id, and
// of its address, if that is its own.
func identities(m mood.Mention) []string {
	hashes := []string{num(int64(xxhash.Sum64String("id\x00" + m.ID)))}
	if m.URL != "" && !m.SharedURL {
		hashes = append(hashes, num(int64(xxhash.Sum64String("url\x00"+mood.AddressKey(m.URL)))))
	}
	return hashes
}

func (s *Store) recordBrand(ctx context.Context, brand, journal string, items []*item) error {
	if err := s.ready(ctx, brand); err != nil {
		return err
	}
	for _, b := range cutBatches(items) {
		if journal != "" && s.marks.finished(brand, b.items[len(b.items)-1].seq) {
			continue // all of it, or else the rest of it is in the batches that follow
		}
		if err := s.recordBatch(ctx, brand, journal, b, b.items[len(b.items)-1].at); err != nil {
			return err
		}
	}
	return s.makeRoom(ctx, brand, items[len(items)-1].at)
}

// portion is what one call of a script may write: whole entries, or a part of
// one.
type portion struct {
	items []*item
	mark  uint64 // once it is written
}

// cutBatches cuts items into portions. The same entries give the same parts,
// whatever they are put together with: a part that was written is found written
// after a restart.
func cutBatches(items []*item) (list []portion) {
	var open portion
	bytes := 0
	for len(items) > 0 {
		n, size := 0, 0
		for ; n < len(items) && items[n].seq == items[0].seq; n++ {
			size += sizeOf(items[n])
		}
		entry := items[:n]
		items = items[n:]
		if len(open.items) > 0 && (len(open.items)+n > maxBatch || bytes+size > maxBatchBytes || entry[0].at.Sub(open.items[0].at) > mostApart) {
			list = append(list, open)
			open, bytes = portion{}, 0
		}
		for step := 1; len(entry) > 0; step++ {
			part, partBytes := 0, 0
			for ; part < len(entry) && part < maxBatch && partBytes < maxBatchBytes; part++ {
				partBytes += sizeOf(entry[part])
			}
			whole := step == 1 && part == len(entry)
			if !whole && len(open.items) > 0 {
				list = append(list, open)
				open, bytes = portion{}, 0
			}
			open.items = append(open.items, entry[:part]...)
			open.mark = markOf(entry[0].seq, step)
			bytes += partBytes
			entry = entry[part:]
			if !whole {
				list = append(list, open)
				open, bytes = portion{}, 0
			}
		}
	}
	if len(open.items) > 0 {
		list = append(list, open)
	}
	return list
}

// mostApart is how far apart entries that go into one portion may have been
// accepted: they are counted as if they had been at once.
const mostApart = time.Minute

func sizeOf(it *item) int { return len(it.mention.Text) + len(it.mention.Title) + 1024 }

// recordBatch writes what is new among items, and gives the others' sources
// to the mentions that are kept.
func (s *Store) recordBatch(ctx context.Context, brand, journal string, p portion, now time.Time) error {
	items := p.items
	if journal != "" && s.marks.of(brand) >= p.mark {
		return s.written(ctx, brand, items, now)
	}
	fresh := map[string]int{} // places of what is new, by id
	for i, it := range items {
		it.place, it.fresh = i, fresh
	}
	duplicates, open := forgotten(items, now)
	for len(open) > 0 {
		// The first of each mention is offered; its copies wait for what
		// becomes of it.
		heads := make([]*item, 0, len(open))
		copies := map[*item][]*item{}
		byHash := make(map[string]*item, 2*len(open))
		for _, it := range open {
			var head *item
			for _, h := range it.hashes {
				if head = byHash[h]; head != nil {
					break
				}
			}
			if head != nil {
				copies[head] = append(copies[head], it)
				continue
			}
			for _, h := range it.hashes {
				byHash[h] = it
			}
			heads = append(heads, it)
		}
		for _, head := range heads {
			head.extra = head.extra[:0]
			for _, c := range copies[head] {
				if c.sameID(head) {
					head.extra = append(head.extra, c.mention.Sources...)
				}
			}
		}
		seen, before, err := s.offer(ctx, brand, journal, p.mark, heads, now)
		if err != nil {
			return err
		}
		if before {
			return s.written(ctx, brand, items, now)
		}
		if len(seen) == 0 {
			for _, head := range heads {
				head.outcome = mood.Stored
				fresh[head.mention.ID] = head.place
				for _, c := range copies[head] {
					c.outcome = mood.Duplicate
					if !c.sameID(head) { // its id may be that of an older mention, which comes first
						duplicates = append(duplicates, c)
					}
				}
			}
			break
		}
		done := map[*item]bool{}
		for _, head := range heads {
			if isSeen(head, seen) {
				done[head] = true
				head.outcome = mood.Duplicate
				head.extra = nil
				duplicates = append(duplicates, head)
			}
		}
		// The others in their order: the first of each still comes first.
		open = slices.DeleteFunc(slices.Clone(open), func(it *item) bool { return done[it] })
	}
	s.opts.At("store: after a batch is counted")
	if err := s.addSources(ctx, brand, duplicates, now); err != nil {
		return err
	}
	s.opts.At("store: after sources are added")
	if err := s.revise(ctx, brand, items, now); err != nil {
		return err
	}
	s.noticeOf(ctx, brand, items, now)
	return nil
}

// written does what follows the writing of a portion, for one that was written
// before; which of its items were new then isn't known any more.
func (s *Store) written(ctx context.Context, brand string, items []*item, now time.Time) error {
	for _, it := range items {
		it.outcome = mood.Duplicate
	}
	if err := s.addSources(ctx, brand, items, now); err != nil {
		return err
	}
	if err := s.revise(ctx, brand, items, now); err != nil {
		return err
	}
	for _, it := range items {
		if it.outcome == mood.Duplicate {
			it.outcome = mood.Stored
		}
	}
	s.noticeOf(ctx, brand, items, now)
	return nil
}

func (it *item) sameID(other *item) bool { return it.hashes[0] == other.hashes[0] }

func isSeen(it *item, seen map[string]bool) bool {
	for _, h := range it.hashes {
		if seen[h] {
			return true
		}
	}
	return false
}

// offer sends new mentions of one brand, all different, to the script. It
// returns the hashes that were known before; nothing is written then. before
// says that the portion of the journal that they are from was written by an
// earlier call.
func (s *Store) offer(ctx context.Context, brand, journal string, mark uint64, items []*item, now time.Time) (seen map[string]bool, before bool, err error) {
	b := newBatch(s.grid, brand, now)
	for _, it := range items {
		m := it.mention
		sources := append([]string(nil), m.Sources...)
		if textExpiry(textHour(m.Published), s.opts.KeepMentions).After(now) {
			sources = append(sources, it.extra...) // as for a duplicate in a later batch
		}
		m.Sources = values(sources, maxSources)
		it.mention = m
		if err := b.add(m, it.hashes, s.opts.KeepMentions); err != nil {
			return nil, false, err
		}
	}
	var list []any
	tries := 0
	for begun := false; !begun || len(list) == 1 && list[0] == "moved"; begun = true {
		if err := s.begin(ctx, b); err != nil { // again, if somebody else wrote of one of the stories meanwhile
			return nil, false, err
		}
		if list, tries, err = s.sendBatch(ctx, b, s.from(journal, brand, mark)); err != nil {
			return nil, false, err
		}
	}
	if len(list) == 1 && list[0] == "written" && tries == 1 {
		s.marks.note(brand, mark)
		return nil, true, nil
	}
	if len(list) == 0 || list[0] == "written" {
		s.marks.note(brand, mark)
		s.dated.add(brand, generationOf(now), b.hashes)
		s.room.wrote(brand, b.textBytes)
		for _, it := range items {
			for _, source := range it.mention.Sources {
				s.known.add(brand, it.hashes, source)
			}
		}
		return nil, false, nil
	}
	seen = make(map[string]bool, len(list))
	for _, h := range list {
		if text, ok := h.(string); ok {
			seen[text] = true
		}
	}
	return seen, false, nil
}

// sendBatch writes a batch, all or nothing, and gives the script's answer and
// how often it was tried.
func (s *Store) sendBatch(ctx context.Context, b *batch, o origin) (list []any, tries int, err error) {
	h := s.held.take(b.brand, len(s.watched()))
	if h == nil {
		return s.script(ctx, b, o)
	}
	defer h.lock.Unlock()
	list, sent, err := s.transact(ctx, b, o, h)
	switch {
	case err == nil && len(list) == 0:
		h.wrote(b)
		return list, 1, nil
	case err == nil:
		list, err = s.lostOr(list, "the store")
		return list, 1, err
	case errors.Is(err, redis.TxFailedErr):
		h.raced()
		return s.script(ctx, b, o)
	}
	// Whether it is written isn't known: the script finds out.
	h.reset()
	list, tries, err = s.script(ctx, b, o)
	if sent {
		tries++
	}
	return list, tries, err
}

// script has record.lua write a batch.
func (s *Store) script(ctx context.Context, b *batch, o origin) (list []any, tries int, err error) {
	keys, args := b.encode(&s.dated, o)
	result, tries, err := s.runCounted(ctx, s.record, b.brand, keys, args)
	if err == nil {
		list, err = s.lostOr(result, "record.lua")
	}
	return list, tries, err
}
