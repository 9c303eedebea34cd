package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// known remembers which mention, by its id and address, was seen in which source, so that a feed that
// is read over and over costs no more than its hashes. Forgetting costs a
// look. It holds at most two generations.
type known struct {
	lock     sync.Mutex
	now, old map[uint64]struct{}
}

const knownGeneration = 50_000

func pairOf(brand string, hashes []string, source string) uint64 {
	return xxhash.Sum64String(brand + "\x00" + strings.Join(hashes, " ") + "\x00" + source)
}

func (k *known) add(brand string, hashes []string, source string) {
	k.lock.Lock()
	defer k.lock.Unlock()
	if k.now == nil || len(k.now) >= knownGeneration {
		k.old, k.now = k.now, map[uint64]struct{}{}
	}
	k.now[pairOf(brand, hashes, source)] = struct{}{}
}

func (k *known) has(brand string, hashes []string, source string) bool {
	k.lock.Lock()
	defer k.lock.Unlock()
	pair := pairOf(brand, hashes, source)
	if _, ok := k.now[pair]; ok {
		return true
	}
	_, ok := k.old[pair]
	return ok
}

func (k *known) forget() {
	k.lock.Lock()
	defer k.lock.Unlock()
	k.now, k.old = nil, nil
}

// place is where a text is kept.
type place struct {
	hour int64
	id   string
}

func parsePlace(s string) (place, bool) {
	hour, id, ok := strings.Cut(s, " ")
	n, err := strconv.ParseInt(hour, 10, 64)
	return place{n, id}, ok && err == nil && id != ""
}

// find looks for the kept texts that the hashes name; one of each, if any.
func (s *Store) find(ctx context.Context, brand string, hashes []string, now time.Time) (map[string]place, error) {
	first, last := textDay(now.Add(-s.opts.KeepMentions-expireText)), textDay(now)
	pipe := s.read.Pipeline()
	replies := make([]*redis.SliceCmd, 0, last-first+1)
	for d := last; d >= first; d-- {
		replies = append(replies, pipe.HMGet(ctx, indexKey(brand, d), hashes...))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, err
	}
	found := map[string]place{}
	for _, reply := range replies {
		for i, v := range reply.Val() {
			text, ok := v.(string)
			if !ok {
				continue
			}
			// A server's clock may be behind ours: what has ended has ended.
			if p, ok := parsePlace(text); ok && textExpiry(p.hour, s.opts.KeepMentions).After(now) {
				if _, have := found[hashes[i]]; !have {
					found[hashes[i]] = p
				}
			}
		}
	}
	return found, nil
}

// addSources gives the sources of duplicates to the mentions that are kept,
// and counts them there. A duplicate of what is kept no more changes nothing.
func (s *Store) addSources(ctx context.Context, brand string, duplicates []*item, now time.Time) error {
	var open []*item
	var hashes []string
	for _, it := range duplicates {
		if slices.ContainsFunc(it.mention.Sources, func(source string) bool {
			return !s.known.has(brand, it.hashes, source)
		}) {
			open = append(open, it)
			hashes = append(hashes, it.hashes...)
		}
	}
	if len(open) == 0 {
		return nil
	}
	places, err := s.find(ctx, brand, hashes, now)
	if err != nil {
		return err
	}
	for _, it := range open {
		remember := !it.old
		for _, h := range it.hashes {
			p, ok := places[h]
			if ok && it.precedes(p) {
				remember = false
			}
			if !ok || it.precedes(p) {
				continue
			}
			if err := s.addSource(ctx, brand, p, it.mention.Sources, now); err != nil {
				return err
			}
			break
		}
		if !remember { // one that comes later is another
			continue
		}
		for _, source := range it.mention.Sources {
			s.known.add(brand, it.hashes, source)
		}
	}
	return nil
}

func (s *Store) addSource(ctx context.Context, brand string, p place, sources []string, now time.Time) error {
	_, err := s.changeText(ctx, brand, p, now, func(m *mood.Mention, h header, c *change) bool {
		all := values(append(append([]string(nil), m.Sources...), sources...), maxSources)
		added := all[min(len(h.sources), len(all)):]
		if len(added) == 0 {
			return false
		}
		if h.counted() {
			for _, source := range added {
				c.dim(m.Published, dimSource, source, mood.TallyOf(m.Readings[brand]))
			}
		}
		m.Sources = all
		return true
	})
	return err
}

// Withdraw takes a mention and its counts out of every brand, and what was
// kept of its corrections. It stays known, and so does not come back. One that
// isn't kept is mood.ErrNotFound.
func (s *Store) Withdraw(ctx context.Context, id string) error {
	now := s.now()
	s.tick(now)
	hash := identities(mood.Mention{ID: id})
	found := false
	for _, b := range s.watched() {
		places, err := s.find(ctx, b.ID, hash, now)
		if err != nil {
			return s.fail("withdraw mention "+id, err)
		}
		p, ok := places[hash[0]]
		if !ok || p.id != id {
			forgot, err := s.forgetCorrection(ctx, b.ID, id)
			if err != nil {
				return s.fail("withdraw mention "+id, err)
			}
			found = found || forgot
			continue
		}
		changed, err := s.changeText(ctx, b.ID, p, now, nil)
		if err != nil {
			return s.fail("withdraw mention "+id, err)
		}
		if changed {
			found = true
			s.announce(ctx, mood.Notice{Brand: b.ID})
		}
	}
	if !found {
		return fmt.Errorf("withdraw mention %s: %w", id, mood.ErrNotFound)
	}
	return nil
}

// Has says whether there is anything to withdraw of a mention: its text, or a
// correction of it.
func (s *Store) Has(ctx context.Context, id string) (bool, error) {
	kept, err := s.Kept(ctx, []string{id})
	if err != nil || len(kept) > 0 {
		return err == nil, err
	}
	for _, b := range s.watched() {
		corrected, err := s.read.HExists(ctx, correctionsKey(b.ID), id).Result()
		if err != nil || corrected {
			return corrected, s.fail("look for mention "+id, err)
		}
	}
	return false, nil
}

// Refuse keeps a mention that isn't counted from being counted later, by any
// brand: it is taken for one that was withdrawn.
func (s *Store) Refuse(ctx context.Context, id string) error {
	now := s.now()
	s.tick(now)
	hash := identities(mood.Mention{ID: id})[0]
	for _, b := range s.watched() {
		key := dedupeKey(b.ID, generationOf(now), shardOf(hash))
		if err := s.refuse(ctx, b.ID, key, hash, generationExpiry(now)); err != nil {
			return s.fail("refuse mention "+id, err)
		}
	}
	return nil
}

func (s *Store) refuse(ctx context.Context, brand, key, hash string, expiry int64) error {
	marks := marksKey(brand)
	if s.embedded != nil {
		defer s.embedded.writing(brand, []string{key, marks, journalKey(brand)})()
	}
	pipe := s.write.TxPipeline()
	pipe.SAdd(ctx, key, hash)
	pipe.ExpireAt(ctx, key, time.Unix(expiry, 0))
	pipe.HSet(ctx, marks, marksBatch, newToken()) // whoever is about to write has read that it isn't known
	changed := s.countChange(ctx, pipe, brand)
	_, err := pipe.Exec(ctx)
	changed(err)
	return err
}

// countChange counts a change that a transaction makes; what it gives takes what
// became of that.
func (s *Store) countChange(ctx context.Context, pipe redis.Pipeliner, brand string) func(error) {
	journal, field := s.marks.counting()
	if field == "" {
		return func(error) {}
	}
	n := pipe.HIncrBy(ctx, journalKey(brand), field, 1)
	return func(err error) {
		if err == nil {
			s.marks.changed(journal, brand, uint64(n.Val()))
		}
	}
}

// readText reads a kept text, and how many changes there are: if what follows
// finds nothing left to do, a change whose reply was lost is among them.
func (s *Store) readText(ctx context.Context, brand, key, id string) (text string, there bool, err error) {
	journal, field := s.marks.counting()
	pipe := s.write.Pipeline()
	reply := pipe.HGet(ctx, key, id)
	var count *redis.StringCmd
	if field != "" {
		count = pipe.HGet(ctx, journalKey(brand), field)
	}
	if err := run(ctx, pipe); err != nil {
		return "", false, err
	}
	if count != nil {
		n, _ := count.Uint64() // none: 0
		s.marks.changed(journal, brand, n)
	}
	return reply.Val(), reply.Err() == nil, nil
}

// change is what goes with a new text: what cells get, and what becomes of the
// correction that is kept of it.
type change struct {
	cells
	correction string    // JSON; empty: stays as it is
	made       time.Time // when it was
}

// forget is a correction that is kept no more.
const forget = "-"

// changeText changes a kept text, its cells and its correction in one step;
// without edit it takes them away. It says whether there was anything to
// change.
func (s *Store) changeText(ctx context.Context, brand string, p place, now time.Time,
	edit func(*mood.Mention, header, *change) bool,
) (bool, error) {
	key := textKey(brand, p.hour)
	attempted := false
	for {
		old, there, err := s.readText(ctx, brand, key, p.id)
		if err != nil {
			return false, err
		}
		if !there {
			return attempted && edit == nil, nil
		}
		h, body, err := parseHeader(old)
		var m mood.Mention
		if err == nil {
			m, err = parseText(body)
		}
		if err != nil { // as long as it stays as it is, nothing else waits for it
			s.log.Error("a kept text can't be read, and is left as it is", "brand", brand, "mention", p.id, "error", err)
			return false, nil
		}
		c := &change{cells: cells{grid: s.grid, brand: brand, now: now}}
		text, after := "", h
		if edit == nil {
			c.correction = forget
			if h.counted() {
				c.all(h, mood.TallyOf(m.Readings[brand]).Minus())
			}
		} else {
			if !edit(&m, h, c) {
				return false, nil
			}
			if text, err = packText(m, brand); err != nil {
				return false, err
			}
			after = headerOf(&m, m.Readings[brand])
		}
		story, err := s.retell(ctx, brand, &m, h, after, edit != nil, c)
		if err != nil {
			return false, err
		}
		keys := []string{key, bookKey(brand), marksKey(brand), correctionsKey(brand), correctedAtKey(brand), story.key, journalKey(brand)}
		journal, field := s.marks.counting()
		args := []any{
			p.id, old, text, p.hour, len(text) - len(old), len(c.keys),
			s.grid.index(dayCell, m.Published), newToken(), c.correction, c.made.UnixMilli(), maxCorrections,
			story.what, story.firsts, m.Published.UnixMilli(), s.storyExpiry(now), story.day, field,
		}
		keys, args = c.encode(keys, args, packTally)
		attempted = true
		result, err := s.run(ctx, s.change, brand, keys, args)
		if err != nil {
			return false, err
		}
		answer, _ := result.([]any)
		if len(answer) != 2 {
			return false, fmt.Errorf("change.lua answered %v", result)
		}
		if n, _ := answer[1].(int64); n > 0 {
			s.marks.changed(journal, brand, uint64(n))
		}
		if answer[0] == int64(1) {
			return true, nil
		}
		// Somebody else changed it meanwhile, or a lost reply hid that we did.
	}
}
