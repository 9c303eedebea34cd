package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// mostMeasured is how many keys of a kind and brand are measured. A scan comes
// in no order, so the others are like them.
const mostMeasured = 2000

// kind is a line of the table in keys.go, as people read it.
type kind struct {
	name     string
	counters bool          // it is part of what counting takes
	expiry   time.Duration // 0: it doesn't grow with what is counted
	most     int64         // bytes; 0: no limit
	byTime   bool          // it grows with time rather than with mentions
}

// kindOf says of which brand and kind a key is. What belongs to no brand has
// none.
func kindOf(key string) (brand, name string) {
	first, rest, _ := strings.Cut(key, ":")
	step := ""
	if parts := strings.Split(rest, ":"); len(parts) > 1 {
		step = parts[1]
	}
	switch first {
	case "s":
		return tagOf(key), "series " + step
	case "x":
		return tagOf(key), "dimensions " + step
	case "a":
		return tagOf(key), "activity " + step
	case "c":
		return tagOf(key), "activity by country " + step
	case "g":
		return tagOf(key), "activity by city " + step
	case "l":
		return tagOf(key), "latency " + step
	case "d":
		return tagOf(key), "dedupe"
	case "m":
		return tagOf(key), "texts"
	case "i":
		return tagOf(key), "index of texts"
	case "p":
		return tagOf(key), "corrections"
	case "v", "b", "w", "j", "t", "y":
		return tagOf(key), "bookkeeping"
	case "z":
		return tagOf(key), "stories"
	case "k":
		return "", "index of stories"
	case "o", "q", "e", "f":
		return "", "states"
	case epochKey:
		return "", "bookkeeping"
	}
	return "", "not Agora's"
}

// kinds are those of a brand, in the order in which they are told.
func (s *Store) kinds() []kind {
	list := []kind{}
	for r := minute; r <= dayCell; r++ {
		list = append(list, kind{name: "series " + r.name(), counters: true, expiry: s.grid.expireSeries(r)})
	}
	for r := minute; r <= dayCell; r++ {
		list = append(list, kind{name: "dimensions " + r.name(), counters: true, expiry: s.grid.expireDim(r)})
	}
	list = append(list, kind{name: "dedupe", counters: true, expiry: 2 * dedupeGeneration})
	for r := minute; r <= dayCell; r++ {
		list = append(list, kind{name: "activity " + r.name(), expiry: s.grid.expireActivity(r), byTime: true})
	}
	for r := minute; r <= dayCell; r++ {
		list = append(list, kind{name: "activity by country " + r.name(), expiry: s.grid.expireWhere(r), byTime: true})
	}
	for r := minute; r <= dayCell; r++ {
		list = append(list, kind{name: "activity by city " + r.name(), expiry: s.grid.expireSpot(r), byTime: true})
	}
	for r := hour; r <= dayCell; r++ {
		list = append(list, kind{name: "latency " + r.name(), counters: true, expiry: r.expireLatency(), byTime: true})
	}
	keep := s.opts.KeepMentions + expireText
	return append(list, kind{name: "texts", expiry: keep, most: s.opts.MentionBytes + s.opts.MentionBytes/10},
		kind{name: "index of texts", expiry: keep}, kind{name: "stories", counters: true, expiry: s.opts.KeepMentions + expireStory},
		kind{name: "corrections"}, kind{name: "bookkeeping"},
		kind{name: "states"}, kind{name: "index of stories"}, kind{name: "not Agora's"})
}

// Stats measures what the store holds. It looks at every key, some at a time.
func (s *Store) Stats(ctx context.Context) (mood.StoreStats, error) {
	now := s.now()
	s.tick(now)
	w := &weighing{by: map[[2]string]*mood.KindStats{}}
	stats := mood.StoreStats{At: now.UTC(), Kinds: []mood.KindStats{}, Brands: []mood.BrandStats{}}
	var err error
	switch client := s.read.(type) {
	case *redis.ClusterClient:
		stats.Server = "cluster"
		// One master after the other: they share what was weighed.
		err = eachMaster(ctx, client, func(node *redis.Client) error { return w.scan(ctx, node) })
	case *redis.Client:
		stats.Server = "redis"
		if s.embedded != nil {
			stats.Server = "embedded"
			err = w.look(ctx, s.embedded)
			break
		}
		err = w.scan(ctx, client)
	}
	if err != nil {
		return stats, s.fail("measure the store", err)
	}
	stats.How = "as MEMORY USAGE says"
	if s.embedded != nil {
		stats.How = "estimated from the lengths of keys, fields and values, and what Go needs around them"
	}
	if w.sampled() {
		stats.How += fmt.Sprintf("; beyond %d keys of a kind and brand, the rest is taken to be like those", mostMeasured)
	}
	return stats, s.sumUp(ctx, w, &stats, now)
}

// weighing adds up keys by brand and kind.
type weighing struct {
	by map[[2]string]*mood.KindStats
}

// count takes a key in, and gives where its bytes belong; nil: it needs no
// measuring.
func (w *weighing) count(key string) *mood.KindStats {
	brand, name := kindOf(key)
	at := [2]string{brand, name}
	k := w.by[at]
	if k == nil {
		k = &mood.KindStats{Kind: name}
		w.by[at] = k
	}
	k.Keys++
	if k.Measured >= mostMeasured {
		return nil
	}
	k.Measured++
	return k
}

// bytes are those of all keys of a kind.
func bytesOf(k *mood.KindStats) int64 {
	if k.Measured == 0 || k.Measured == k.Keys {
		return k.Bytes
	}
	return int64(float64(k.Bytes) * float64(k.Keys) / float64(k.Measured))
}

func (w *weighing) sampled() bool {
	for _, k := range w.by {
		if k.Measured < k.Keys {
			return true
		}
	}
	return false
}

// eachMaster visits the masters of a cluster, one at a time.
func eachMaster(ctx context.Context, client *redis.ClusterClient, visit func(*redis.Client) error) error {
	turn := make(chan struct{}, 1)
	return client.ForEachMaster(ctx, func(_ context.Context, node *redis.Client) error {
		turn <- struct{}{}
		defer func() { <-turn }()
		return visit(node)
	})
}

// scan measures the keys of one server. A key that a scan gives twice, which
// happens while it grows, is counted twice.
func (w *weighing) scan(ctx context.Context, node *redis.Client) error {
	for cursor := uint64(0); ; {
		keys, next, err := node.Scan(ctx, cursor, "*", 1000).Result()
		if err != nil {
			return err
		}
		pipe := node.Pipeline()
		var into []*mood.KindStats
		var replies []*redis.IntCmd
		for _, key := range keys {
			if k := w.count(key); k != nil {
				into = append(into, k)
				replies = append(replies, pipe.MemoryUsage(ctx, key, 0))
			}
		}
		if err := run(ctx, pipe); err != nil {
			return err
		}
		for i, k := range into {
			k.Bytes += replies[i].Val() // 0: it has expired since
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

// What Go needs around the keys, fields and members of the embedded server: a
// key is in four maps, a field or a member in one.
const (
	bytesAroundKey   = 200
	bytesAroundField = 56
	bytesAroundValue = 24
)

// look measures the keys of the embedded server.
func (w *weighing) look(ctx context.Context, e *embedded) error {
	for i, key := range e.server.DB(0).Keys() {
		if i%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		k := w.count(key)
		if k == nil {
			continue
		}
		x := e.copy(key)
		k.Bytes += bytesAroundKey + int64(len(key))
		around := int64(bytesAroundValue)
		if x.Type == "hash" || x.Type == "set" {
			around = bytesAroundField
		}
		for _, v := range x.Values {
			k.Bytes += int64(len(v)+7)/8*8 + around
			if x.Type == "hash" {
				around = bytesAroundField + bytesAroundValue - around // of the value, and of the next field
			}
		}
	}
	return nil
}

// sumUp makes tables of what was weighed.
func (s *Store) sumUp(ctx context.Context, w *weighing, stats *mood.StoreStats, now time.Time) error {
	watched := map[string]bool{}
	brands := []string{}
	for _, b := range s.watched() {
		watched[b.ID] = true
		brands = append(brands, b.ID)
	}
	var left []string
	for at := range w.by {
		if brand := at[0]; brand != "" && !watched[brand] && !slices.Contains(left, brand) {
			left = append(left, brand)
		}
	}
	slices.Sort(left)
	whole := map[string]*mood.KindStats{}
	for _, brand := range append(append(brands, left...), "") {
		b := mood.BrandStats{Brand: brand, Watched: watched[brand], Kinds: []mood.KindStats{}}
		flow, err := s.flowOf(ctx, brand, now)
		if err != nil {
			return s.fail("read how much was counted of "+brand, err)
		}
		b.Mentions, b.PerDay = flow.within(90*day), flow.perDay
		var counters, forecast int64
		for _, kind := range s.kinds() {
			k := w.by[[2]string{brand, kind.name}]
			if k == nil {
				continue
			}
			k.Bytes = bytesOf(k)
			if b.Watched {
				k.Forecast = flow.forecast(kind, k.Bytes)
			}
			b.Keys, b.Bytes = b.Keys+k.Keys, b.Bytes+k.Bytes
			if kind.counters {
				counters += k.Bytes
			}
			if k.Forecast != nil {
				forecast += *k.Forecast
			}
			b.Kinds = append(b.Kinds, *k)
			sum := whole[kind.name]
			if sum == nil {
				sum = &mood.KindStats{Kind: kind.name}
				whole[kind.name] = sum
			}
			sum.Keys, sum.Bytes, sum.Measured = sum.Keys+k.Keys, sum.Bytes+k.Bytes, sum.Measured+k.Measured
			if k.Forecast != nil {
				all := *k.Forecast
				if sum.Forecast != nil {
					all += *sum.Forecast
				}
				sum.Forecast = &all
			}
		}
		stats.Keys, stats.Bytes = stats.Keys+b.Keys, stats.Bytes+b.Bytes
		if brand == "" {
			continue
		}
		if b.Watched && flow.perDay > 0 {
			b.Forecast = &forecast
		}
		if b.Mentions > 0 {
			alone, all := float64(counters)/float64(b.Mentions), float64(b.Bytes)/float64(b.Mentions)
			b.CountersPerMention, b.BytesPerMention = &alone, &all
		}
		stats.Brands = append(stats.Brands, b)
	}
	for _, kind := range s.kinds() {
		if k := whole[kind.name]; k != nil {
			stats.Kinds = append(stats.Kinds, *k)
		}
	}
	return nil
}

// flow is how much was counted of a brand, and when.
type flow struct {
	hours, days []int64 // mentions, the newest first
	perDay      float64
	age         time.Duration // of the oldest mention
}

// flowOf reads it from the series.
func (s *Store) flowOf(ctx context.Context, brand string, now time.Time) (f flow, err error) {
	if brand == "" {
		return f, nil
	}
	r := s.newReads(now)
	spans := []span{
		{hour, s.grid.index(hour, now.Add(-expireSeriesHour)), s.grid.index(hour, now)},
		{dayCell, s.grid.index(dayCell, now.Add(-s.grid.expireSeries(dayCell))), s.grid.index(dayCell, now)},
	}
	r.wantSeries(brand, spans)
	if err := r.send(ctx); err != nil {
		return f, err
	}
	for i, to := range []*[]int64{&f.hours, &f.days} {
		for n := spans[i].last; n >= spans[i].first; n-- {
			*to = append(*to, r.cell(brand, spans[i].res, n).Mentions())
		}
	}
	for i, n := range f.days {
		if n != 0 {
			f.age = now.Sub(s.grid.start(dayCell, spans[1].last-int64(i)))
		}
	}
	for i, n := range f.hours {
		if n != 0 && f.age <= 2*day {
			f.age = now.Sub(s.grid.start(hour, spans[0].last-int64(i)))
		}
	}
	f.age = max(f.age, time.Hour)
	f.perDay = float64(f.within(day)) * float64(day) / float64(min(f.age, day))
	return f, nil
}

// within is how many mentions were counted in the last span.
func (f flow) within(span time.Duration) (sum int64) {
	list, step := f.hours, time.Hour
	if span > expireSeriesHour {
		list, step = f.days, day
	}
	for _, n := range list[:min(len(list), int(span/step)+1)] {
		sum += n
	}
	return sum
}

// forecast is what a kind will take at today's rate once all of it is as old
// as it gets; nil: nothing was counted today.
func (f flow) forecast(k kind, bytes int64) *int64 {
	grown := bytes
	switch {
	case k.expiry == 0:
	case k.byTime:
		grown = int64(float64(bytes) * float64(k.expiry) / float64(min(f.age, k.expiry)))
	default:
		mentions := f.within(k.expiry)
		if f.perDay == 0 || mentions == 0 {
			return nil
		}
		grown = int64(float64(bytes) / float64(mentions) * f.perDay * float64(k.expiry) / float64(day))
	}
	if k.most > 0 {
		grown = min(grown, cmp.Or(k.most, grown))
	}
	return &grown
}
