package store

import (
	"context"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"agora/mood"
)

const maxKinds = 50 // of activity on a board

type deed struct {
	activity mood.Activity
	seq      uint64 // of the journal's entry that it is from; 0: no journal
	at       time.Time
	entry    int
	index    int
	hash     string
	outcome  mood.Outcome
}

// RecordActivity counts what devices did, once for each id. It says of each
// what became of it. After an error some may have been stored; recording them
// all again is harmless.
//
// What comes from a journal goes to [Store.Count].
func (s *Store) RecordActivity(ctx context.Context, activities []mood.Activity) ([]mood.Outcome, error) {
	now := s.now()
	s.tick(now)
	outcomes, err := s.recordDeeds(ctx, "", []mood.Accepted{{At: now, Activities: activities}})
	if err != nil {
		return nil, s.fail("record activity", err)
	}
	return outcomes[0], nil
}

func (s *Store) recordDeeds(ctx context.Context, journal string, entries []mood.Accepted) ([][]mood.Outcome, error) {
	outcomes := make([][]mood.Outcome, len(entries))
	perBrand := map[string][]*deed{}
	for e, entry := range entries {
		outcomes[e] = make([]mood.Outcome, len(entry.Activities))
		for i, a := range entry.Activities {
			if a.At.IsZero() || a.At.After(entry.At) {
				a.At = entry.At
			}
			if a.At.Before(entry.At.Add(-mood.CountedFor)) {
				outcomes[e][i] = mood.TooOld
				continue
			}
			if _, err := s.asked([]string{a.Brand}); err != nil {
				outcomes[e][i] = mood.Unmatched
				continue
			}
			hash := activityHash(a.ID)
			perBrand[a.Brand] = append(perBrand[a.Brand], &deed{activity: a, seq: entry.Seq, at: entry.At, entry: e, index: i, hash: hash})
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	for brand, deeds := range perBrand {
		group.Go(func() error { return s.recordBrandsDeeds(ctx, brand, journal, deeds) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, deeds := range perBrand {
		for _, d := range deeds {
			outcomes[d.entry][d.index] = d.outcome
		}
	}
	return outcomes, nil
}

func (s *Store) recordBrandsDeeds(ctx context.Context, brand, journal string, deeds []*deed) error {
	if err := s.ready(ctx, brand); err != nil {
		return err
	}
	now := deeds[len(deeds)-1].at
	stored := false
	for len(deeds) > 0 {
		n, mark := cutDeeds(deeds)
		if journal != "" && s.marks.of(brand) >= mark {
			deeds = deeds[n:] // counted before; nothing follows the counting
			continue
		}
		some, err := s.recordPortion(ctx, brand, journal, mark, deeds[:n], now)
		if err != nil {
			return err
		}
		stored = stored || some
		deeds = deeds[n:]
	}
	if stored {
		s.announce(ctx, mood.Notice{Brand: brand})
	}
	return nil
}

// cutDeeds says how many deeds go into one portion, and its mark. As
// cutBatches; an activity has no text, so only numbers count, and no entry of a
// journal has more than fit.
func cutDeeds(deeds []*deed) (n int, mark uint64) {
	for n < len(deeds) {
		end := n + 1
		for end < len(deeds) && deeds[end].seq == deeds[n].seq && end-n < maxBatch {
			end++
		}
		if n > 0 && (end > maxBatch || deeds[n].at.Sub(deeds[0].at) > mostApart) {
			break
		}
		n = end
	}
	return n, markOf(deeds[n-1].seq, 1)
}

// recordPortion counts deeds that go into one call of the script, and says
// whether any of them is new.
func (s *Store) recordPortion(ctx context.Context, brand, journal string, mark uint64, deeds []*deed, now time.Time) (bool, error) {
	fresh := make([]*deed, 0, len(deeds))
	have := map[string]bool{}
	for _, d := range deeds {
		d.outcome = mood.Duplicate
		if !have[d.hash] {
			have[d.hash] = true
			fresh = append(fresh, d)
		}
	}
	for len(fresh) > 0 {
		seen, err := s.offerDeeds(ctx, brand, journal, mark, fresh, now)
		if err != nil {
			return false, err
		}
		rest := fresh[:0]
		for _, d := range fresh {
			if seen[d.hash] {
				continue
			}
			rest = append(rest, d)
		}
		fresh = rest
		if len(seen) == 0 {
			for _, d := range fresh {
				d.outcome = mood.Stored
			}
			return true, nil
		}
	}
	return false, nil
}

func (s *Store) offerDeeds(ctx context.Context, brand, journal string, mark uint64, deeds []*deed, now time.Time) (map[string]bool, error) {
	hashes := hashSets{}
	var counts buckets[int64]
	put := func(key, field string, expiry time.Time, n int64) {
		if b := counts.at(key, expiry, now); b != nil {
			b.fields[field] += n
		}
	}
	for _, d := range deeds {
		hashes.add(d.hash)
		kind, country := value(d.activity.Kind), strings.ReplaceAll(value(d.activity.Country), ":", "")
		for r := minute; r <= dayCell; r++ {
			n, size := s.grid.index(r, d.activity.At), r.chunk()
			chunk := floorDiv(n, size)
			put(activityKey(brand, r, chunk), num(n-chunk*size)+":"+kind,
				s.grid.start(r, (chunk+1)*size).Add(s.grid.expireActivity(r)), d.activity.Count)
			put(activityPlaceKey(brand, r, n), country+":"+kind,
				s.grid.end(r, n).Add(s.grid.expireWhere(r)), d.activity.Count)
			if d.activity.Spot != nil {
				put(activitySpotKey(brand, r, n), country+":"+value(d.activity.Spot.Key())+":"+kind,
					s.grid.end(r, n).Add(s.grid.expireSpot(r)), d.activity.Count)
			}
		}
	}
	o := s.from(journal, brand, mark)
	keys := []string{o.key(brand, newToken())}
	args := []any{
		len(hashes), len(counts.keys), int(expireBatch / time.Second), generationExpiry(now),
		o.journal, num(int64(o.mark)), num(int64(o.before)), mood.MostSpots,
	}
	keys, args = hashes.encode(brand, now, &s.dated, keys, args)
	keys, args = counts.encode(keys, args, num)
	result, err := s.run(ctx, s.activity, brand, keys, args)
	if err != nil {
		return nil, err
	}
	list, err := s.lostOr(result, "activity.lua")
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || list[0] == "written" {
		s.marks.note(brand, mark)
		s.dated.add(brand, generationOf(now), hashes)
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
