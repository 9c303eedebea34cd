package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/redis/go-redis/v9"

	"agora/mood"
)

const (
	auditMargin    = 2 * time.Minute // a counter must live so long yet to be compared
	auditDayMargin = 25 * time.Hour  // likewise: a day's end moves with the clock
	mostKept       = 100 * 366 * day // longer than anything
	auditPipe      = 500             // keys of one round trip
)

// Reach says which counters are still kept at now, for certain.
func (s *Store) Reach(now time.Time) (r mood.Reach) {
	for res := minute; res <= dayCell; res++ {
		margin := auditMargin
		if res == dayCell {
			margin = auditDayMargin
		}
		chunked := func(expiry time.Duration) int64 {
			return floorDiv(s.grid.index(res, now.Add(margin-expiry)), res.chunk()) * res.chunk()
		}
		single := func(expiry time.Duration) int64 { return s.grid.index(res, now.Add(margin-expiry)) + 1 }
		r.All[res], r.Rows[res] = chunked(s.grid.expireSeries(res)), single(s.grid.expireDim(res))
		// What is of the minute was kept for half as long, once.
		r.Activity[res] = chunked(min(s.grid.expireActivity(res), [...]time.Duration{expireWhereMinute, expireActivityHour, mostKept}[res]))
		r.Where[res], r.Spots[res] = single(s.grid.expireWhere(res)), single(s.grid.expireSpot(res))
	}
	return r
}

// Counted reads a brand's counters of every minute, hour and day that begins
// at since or later, as far as they are kept. What is counted meanwhile may be
// in it in part.
func (s *Store) Counted(ctx context.Context, brand string, since time.Time) (mood.Counted, error) {
	now := s.now()
	s.tick(now)
	a := audit{store: s, brand: brand, counted: mood.Counted{Cells: map[mood.Counter]mood.Tally{}, Reach: s.Reach(now)}}
	for res := minute; res <= dayCell; res++ {
		first, last := s.grid.index(res, since), s.grid.index(res, now)
		size := res.chunk()
		for c := floorDiv(max(first, a.counted.Reach.All[res]), size); c <= floorDiv(last, size); c++ {
			a.want(seriesKey(brand, res, c), res, c*size)
		}
		for n := max(first, a.counted.Reach.Rows[res]); n <= last; n++ {
			if res == minute {
				a.want(dimKey(brand, res, n, 0), res, n)
				continue
			}
			for _, group := range [...]byte{groupPlaces, groupWho, groupTopics} {
				a.want(dimKey(brand, res, n, group), res, n)
			}
		}
		for c := floorDiv(max(first, a.counted.Reach.Activity[res]), size); c <= floorDiv(last, size); c++ {
			a.want(activityKey(brand, res, c), res, c*size)
		}
		for n := max(first, a.counted.Reach.Where[res]); n <= last; n++ {
			a.want(activityPlaceKey(brand, res, n), res, n)
		}
		for n := max(first, a.counted.Reach.Spots[res]); n <= last; n++ {
			a.want(activitySpotKey(brand, res, n), res, n)
		}
	}
	err := a.read(ctx)
	if err == nil {
		a.counted.Marks, err = s.journalsOf(ctx, brand)
	}
	if err == nil {
		a.counted.Known, err = s.knownOf(ctx, brand, now)
	}
	return a.counted, s.fail("read all counters of "+brand, err)
}

// audit is the reading of a brand's counters.
type audit struct {
	store   *Store
	brand   string
	keys    []auditKey
	counted mood.Counted
}

// auditKey is a hash of counters, and the first minute, hour or day in it.
type auditKey struct {
	key  string
	res  resolution
	base int64
}

func (a *audit) want(key string, res resolution, base int64) {
	a.keys = append(a.keys, auditKey{key, res, base})
}

func (a *audit) read(ctx context.Context) error {
	for from := 0; from < len(a.keys); from += auditPipe {
		keys := a.keys[from:min(from+auditPipe, len(a.keys))]
		pipe := a.store.read.Pipeline()
		replies := make([]*redis.MapStringStringCmd, len(keys))
		for i, k := range keys {
			replies[i] = pipe.HGetAll(ctx, k.key)
		}
		if err := run(ctx, pipe); err != nil {
			return err
		}
		for i, k := range keys {
			for field, text := range replies[i].Val() {
				a.cell(k, field, text)
			}
		}
	}
	return nil
}

func (a *audit) cell(k auditKey, field, text string) {
	c := mood.Counter{Step: mood.Step(k.res), N: k.base}
	var t mood.Tally
	switch k.key[0] {
	case 's':
		index, _ := strconv.ParseInt(field, 10, 64)
		c.By, c.N, t = mood.ByAll, k.base+index, parseTally(text)
	case 'x':
		if field == "" {
			return
		}
		c.By, c.Value, t = mood.By(field[0]), field[1:], parseTally(text)
		if c.By == mood.ByTopic { // in all languages
			c.Value, _ = topicOf(c.Value)
			t.Add(a.counted.Cells[c])
		}
	case 'a':
		index, kind, _ := strings.Cut(field, ":")
		n, _ := strconv.ParseInt(index, 10, 64)
		c.By, c.N, c.Value = mood.ByActivity, k.base+n, kind
		t.Sum, _ = strconv.ParseInt(text, 10, 64)
	case 'g':
		c.By, c.Value = mood.BySpot, field
		t.Sum, _ = strconv.ParseInt(text, 10, 64)
	default:
		c.By, c.Value = mood.ByWhere, field
		t.Sum, _ = strconv.ParseInt(text, 10, 64)
	}
	if t != (mood.Tally{}) {
		a.counted.Cells[c] = t
	}
}

// journalsOf lists the journals that were counted into a brand, and how far.
func (s *Store) journalsOf(ctx context.Context, brand string) (map[string]uint64, error) {
	fields, err := s.write.HGetAll(ctx, journalKey(brand)).Result()
	marks := map[string]uint64{}
	for field, text := range fields {
		if !strings.Contains(field, ":") {
			mark, _ := strconv.ParseUint(text, 10, 64)
			marks[field] = mark >> stepBits
		}
	}
	return marks, err
}

// knownOf counts what is remembered as counted, by generation.
func (s *Store) knownOf(ctx context.Context, brand string, now time.Time) (map[int64]int, error) {
	known := map[int64]int{}
	for g := generationOf(now) - 1; g <= generationOf(now); g++ {
		pipe := s.read.Pipeline()
		replies := make([]*redis.IntCmd, dedupeShards)
		for shard := range replies {
			replies[shard] = pipe.SCard(ctx, dedupeKey(brand, g, int64(shard)))
		}
		if err := run(ctx, pipe); err != nil {
			return nil, err
		}
		for _, r := range replies {
			known[g] += int(r.Val())
		}
	}
	return known, nil
}

// TextsGone is the end of the newest hour whose texts were given up for want
// of room; zero: none were.
func (s *Store) TextsGone(ctx context.Context, brand string) (time.Time, error) {
	text, err := s.read.HGet(ctx, bookKey(brand), bookGone).Result()
	if errors.Is(err, redis.Nil) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, s.fail("read the book of texts of "+brand, err)
	}
	ms, _ := strconv.ParseInt(text, 10, 64)
	return time.UnixMilli(ms).UTC(), nil
}

// Whereabouts tells of mentions of a brand which counted ones they are, or are
// copies of.
func (s *Store) Whereabouts(ctx context.Context, brand string, mentions []mood.Mention) ([]mood.Whereabouts, error) {
	const doing = "look up mentions"
	answers := make([]mood.Whereabouts, len(mentions))
	if len(mentions) == 0 {
		return answers, nil
	}
	hashes := make([][]string, len(mentions))
	var all []string
	for i, m := range mentions {
		hashes[i] = identities(m)
		all = append(all, hashes[i]...)
	}
	places, err := s.indexed(ctx, brand, all)
	if err != nil {
		return nil, s.fail(doing, err)
	}
	var lost []string
	for i := range answers {
		for _, h := range hashes[i] {
			if p, ok := places[h]; ok {
				answers[i] = mood.Whereabouts{Known: true, Found: true, Hour: p.hour, ID: p.id}
				break
			}
		}
		if !answers[i].Found {
			lost = append(lost, hashes[i]...)
		}
	}
	known, err := s.remembered(ctx, brand, lost)
	if err != nil {
		return nil, s.fail(doing, err)
	}
	for i := range answers {
		for _, h := range hashes[i] {
			answers[i].Known = answers[i].Known || known[h]
		}
	}
	return answers, nil
}

// indexed finds the places of texts, also of those that aren't kept any more.
func (s *Store) indexed(ctx context.Context, brand string, hashes []string) (map[string]place, error) {
	now := s.now()
	pipe := s.read.Pipeline()
	var replies []*redis.SliceCmd
	for d := textDay(now.Add(-s.opts.KeepMentions-expireText)) - 1; d <= textDay(now); d++ {
		replies = append(replies, pipe.HMGet(ctx, indexKey(brand, d), hashes...))
	}
	if err := run(ctx, pipe); err != nil {
		return nil, err
	}
	found := map[string]place{}
	for _, r := range replies {
		for i, v := range r.Val() {
			if text, ok := v.(string); ok {
				if p, ok := parsePlace(text); ok {
					found[hashes[i]] = p
				}
			}
		}
	}
	return found, nil
}

// remembered says which hashes are known as counted.
func (s *Store) remembered(ctx context.Context, brand string, hashes []string) (map[string]bool, error) {
	g := generationOf(s.now())
	pipe := s.read.Pipeline()
	replies := make([][2]*redis.BoolCmd, len(hashes))
	for i, h := range hashes {
		replies[i][0] = pipe.SIsMember(ctx, dedupeKey(brand, g, shardOf(h)), h)
		replies[i][1] = pipe.SIsMember(ctx, dedupeKey(brand, g-1, shardOf(h)), h)
	}
	if err := run(ctx, pipe); err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(hashes))
	for i, h := range hashes {
		known[h] = replies[i][0].Val() || replies[i][1].Val()
	}
	return known, nil
}

// KnownActivities says of activities of a brand, by id, which were counted.
func (s *Store) KnownActivities(ctx context.Context, brand string, ids []string) (map[string]bool, error) {
	hashes := make([]string, len(ids))
	for i, id := range ids {
		hashes[i] = activityHash(id)
	}
	known, err := s.remembered(ctx, brand, hashes)
	if err != nil {
		return nil, s.fail("look up activities", err)
	}
	byID := make(map[string]bool, len(ids))
	for i, id := range ids {
		byID[id] = known[hashes[i]]
	}
	return byID, nil
}

// activityHash is what an activity is known again by.
func activityHash(id string) string { return num(int64(xxhash.Sum64String("activity\x00" + id))) }

// Told gives a kept mention of a brand, as it is now. One that isn't kept is
// mood.ErrNotFound.
func (s *Store) Told(ctx context.Context, brand, id string) (mood.Mention, error) {
	now := s.now()
	hash := identities(mood.Mention{ID: id})
	places, err := s.find(ctx, brand, hash, now)
	if err != nil {
		return mood.Mention{}, s.fail("read mention "+id, err)
	}
	if p, ok := places[hash[0]]; ok && p.id == id {
		text, err := s.read.HGet(ctx, textKey(brand, p.hour), id).Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			return mood.Mention{}, s.fail("read mention "+id, err)
		}
		if err == nil {
			_, body, err := parseHeader(text)
			if err != nil {
				return mood.Mention{}, err
			}
			return parseText(body)
		}
	}
	return mood.Mention{}, fmt.Errorf("mention %s of %s: %w", id, brand, mood.ErrNotFound)
}

// Watched are the brands that are watched.
func (s *Store) Watched() []mood.Brand { return s.watched() }
