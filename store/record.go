package store

import (
	"context"
	"fmt"
	"time"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/sync/errgroup"

	"agora/mood"
)

const (
	maxBatch      = 500
	maxBatchBytes = 4 << 20 // of texts
	countedFor    = 90 * day
	writers       = 4 // brands that are written at once
)

// item is a mention on its way to one brand.
type item struct {
	mention mood.Mention
	index   int // in the request
	hashes  []string
	outcome mood.Outcome
	extra   []string // sources of duplicates in the same request
}

// Record counts mentions under every watched brand that they have a reading
// of, and keeps their texts. It says of each what became of it: Stored if it
// is new for at least one brand, Revised if it is an edit that changed what is
// kept of at least one. After an error some may have been stored; recording
// them all again is harmless.
func (s *Store) Record(ctx context.Context, mentions []mood.Mention) ([]mood.Outcome, error) {
	now := s.now()
	s.tick(now)
	outcomes := make([]mood.Outcome, len(mentions))
	perBrand := map[string][]*item{}
	watched := s.watched()
	for i, m := range mentions {
		m = timely(m, now)
		if m.Published.Before(now.Add(-countedFor)) {
			outcomes[i] = mood.TooOld
			continue
		}
		outcomes[i] = mood.Unmatched
		for _, b := range watched {
			if _, ok := m.Readings[b.ID]; !ok {
				continue
			}
			outcomes[i] = mood.Duplicate
			perBrand[b.ID] = append(perBrand[b.ID], &item{mention: m, index: i, hashes: identities(m)})
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	for brand, items := range perBrand {
		group.Go(func() error { return s.recordBrand(ctx, brand, items, now) })
	}
	if err := group.Wait(); err != nil {
		return nil, s.fail("record mentions", err)
	}
	for _, items := range perBrand {
		for _, it := range items {
			switch {
			case it.outcome == mood.Stored:
				outcomes[it.index] = mood.Stored
			case it.outcome == mood.Revised && outcomes[it.index] != mood.Stored:
				outcomes[it.index] = mood.Revised
			}
		}
	}
	return outcomes, nil
}

// timely puts a mention's times in order: known to the millisecond, and not
// in the future, where nobody would look.
func timely(m mood.Mention, now time.Time) mood.Mention {
	if m.Seen.IsZero() {
		m.Seen = now
	}
	if m.Published.IsZero() {
		m.Published = m.Seen
	}
	if m.Published.After(now) {
		m.Published = now
	}
	m.Published = m.Published.UTC().Truncate(time.Millisecond)
	m.Seen = m.Seen.UTC().Truncate(time.Millisecond)
	return m
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

func (s *Store) recordBrand(ctx context.Context, brand string, items []*item, now time.Time) error {
	if err := s.ready(ctx, brand); err != nil {
		return err
	}
	for len(items) > 0 {
		n, bytes := 0, 0
		for ; n < len(items) && n < maxBatch && bytes < maxBatchBytes; n++ {
			bytes += len(items[n].mention.Text) + len(items[n].mention.Title) + 1024
		}
		if err := s.recordBatch(ctx, brand, items[:n], now); err != nil {
			return err
		}
		items = items[n:]
	}
	return s.makeRoom(ctx, brand, now)
}

// recordBatch writes what is new among items, and gives the others' sources
// to the mentions that are kept.
func (s *Store) recordBatch(ctx context.Context, brand string, items []*item, now time.Time) error {
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
				head.extra = append(head.extra, c.mention.Sources...)
			}
		}
		seen, err := s.offer(ctx, brand, heads, now)
		if err != nil {
			return err
		}
		open = open[:0:0]
		if len(seen) == 0 {
			for _, head := range heads {
				head.outcome = mood.Stored
				for _, c := range copies[head] {
					c.outcome = mood.Duplicate
				}
			}
			break
		}
		for _, head := range heads {
			if !isSeen(head, seen) {
				open = append(open, head)
				open = append(open, copies[head]...)
				continue
			}
			head.outcome = mood.Duplicate
			head.extra = nil
			duplicates = append(duplicates, head)
			open = append(open, copies[head]...)
		}
	}
	if err := s.addSources(ctx, brand, duplicates, now); err != nil {
		return err
	}
	if err := s.revise(ctx, brand, items, now); err != nil {
		return err
	}
	s.noticeOf(ctx, brand, items, now)
	return nil
}

func isSeen(it *item, seen map[string]bool) bool {
	for _, h := range it.hashes {
		if seen[h] {
			return true
		}
	}
	return false
}

// offer sends new mentions of one brand, all different, to the script. It
// returns the hashes that were known before; nothing is written then.
func (s *Store) offer(ctx context.Context, brand string, items []*item, now time.Time) (map[string]bool, error) {
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
			return nil, err
		}
	}
	keys, args := b.encode(&s.dated)
	result, err := s.run(ctx, s.record, brand, keys, args)
	if err != nil {
		return nil, err
	}
	list, ok := result.([]any)
	if !ok {
		return nil, fmt.Errorf("record.lua answered %T", result)
	}
	if len(list) == 0 || list[0] == "written" {
		s.dated.add(brand, generationOf(now), b.hashes)
		s.room.wrote(brand, b.textBytes)
		for _, it := range items {
			for _, source := range it.mention.Sources {
				s.known.add(brand, it.mention.ID, source)
			}
		}
		return nil, nil
	}
	seen := make(map[string]bool, len(list))
	for _, h := range list {
		if text, ok := h.(string); ok {
			seen[text] = true
		}
	}
	return seen, nil
}
