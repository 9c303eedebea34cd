package store

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// reads is one pipelined round trip. What is needed is asked for first, each
// key once; after send, the same questions are answered from the replies, and
// of past days from the cache. When something of a past day has changed, send
// makes a second round trip for that.
type reads struct {
	grid   grid
	client redis.UniversalClient
	cache  *cellCache
	today  int64
	epoch  bool // ask for it

	plain  map[string]*redis.MapStringStringCmd // hashes of anything
	order  []string                             // of plain
	cells  map[string]*cellsOf                  // hashes of cells
	days   map[string]map[int64]string          // by brand: marks of past days
	tables map[string][]mood.Tally              // decoded chunks of series
	got    string                               // the epoch
}

// cellsOf is a hash of cells on its way.
type cellsOf struct {
	brand       string
	first, last int64 // days that it speaks of
	past        bool  // they are over
	marks       string
	cells       []packedCell
	have        bool
	reply       *redis.MapStringStringCmd
}

func (s *Store) newReads(now time.Time) *reads {
	return &reads{
		grid: s.grid, client: s.read, cache: s.cells, today: s.grid.index(dayCell, now),
		plain: map[string]*redis.MapStringStringCmd{}, cells: map[string]*cellsOf{},
		days: map[string]map[int64]string{}, tables: map[string][]mood.Tally{},
	}
}

func (r *reads) want(key string) {
	if _, ok := r.plain[key]; !ok {
		r.plain[key] = nil
		r.order = append(r.order, key)
	}
}

// wantCells asks for a hash of cells of [from, to).
func (r *reads) wantCells(brand, key string, from, to time.Time) {
	if r.cells[key] != nil {
		return
	}
	c := &cellsOf{brand: brand, first: r.grid.index(dayCell, from), last: r.grid.index(dayCell, to.Add(-1))}
	r.cells[key] = c
	if c.last >= r.today {
		return
	}
	c.past = true
	if r.days[brand] == nil {
		r.days[brand] = map[int64]string{}
	}
	for d := c.first; d <= c.last; d++ {
		r.days[brand][d] = ""
	}
	c.marks, c.cells, c.have = r.cache.get(key)
}

// marksOf are the marks of the days that a hash speaks of.
func (r *reads) marksOf(c *cellsOf) string {
	if c.first == c.last {
		return r.days[c.brand][c.first]
	}
	var b strings.Builder
	for d := c.first; d <= c.last; d++ {
		b.WriteString(r.days[c.brand][d])
		b.WriteByte(' ')
	}
	return b.String()
}

func (r *reads) send(ctx context.Context) error {
	pipe := r.client.Pipeline()
	var epoch *redis.StringCmd
	if r.epoch {
		epoch = pipe.Get(ctx, epochKey)
	}
	// Marks are read ahead of what they mark: what changes in between is then
	// read anew the next time, and never taken for older than it is.
	marks := map[string]*redis.SliceCmd{}
	asked := map[string][]int64{}
	for brand, days := range r.days {
		fields := make([]string, 0, len(days))
		for d := range days {
			asked[brand] = append(asked[brand], d)
			fields = append(fields, num(d))
		}
		marks[brand] = pipe.HMGet(ctx, marksKey(brand), fields...)
	}
	for _, key := range r.order {
		r.plain[key] = pipe.HGetAll(ctx, key)
	}
	for key, c := range r.cells {
		if !c.have {
			c.reply = pipe.HGetAll(ctx, key)
		}
	}
	if err := run(ctx, pipe); err != nil {
		return err
	}
	if epoch != nil {
		r.got = epoch.Val()
	}
	for brand, reply := range marks {
		for i, v := range reply.Val() {
			r.days[brand][asked[brand][i]], _ = v.(string)
		}
	}
	pipe = r.client.Pipeline()
	for key, c := range r.cells {
		if c.have && c.marks != r.marksOf(c) {
			c.have = false
			c.reply = pipe.HGetAll(ctx, key)
		}
	}
	if err := run(ctx, pipe); err != nil {
		return err
	}
	for key, c := range r.cells {
		if c.have {
			continue
		}
		c.cells = parseCells(c.reply.Val())
		if c.past {
			r.cache.put(key, r.marksOf(c), c.cells)
		}
	}
	return nil
}

// run sends a pipeline, if there is anything in it.
func run(ctx context.Context, pipe redis.Pipeliner) error {
	if pipe.Len() == 0 {
		return nil
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return err
	}
	return nil
}

// fields are those of a hash that was wanted.
func (r *reads) fields(key string) map[string]string {
	if c := r.plain[key]; c != nil {
		return c.Val()
	}
	return nil
}

// packed are the cells of a hash that was wanted.
func (r *reads) packed(key string) []packedCell {
	if c := r.cells[key]; c != nil {
		return c.cells
	}
	return nil
}

func (r *reads) wantSeries(brand string, spans []span) {
	for _, sp := range spans {
		size := sp.res.chunk()
		for c := floorDiv(sp.first, size); c <= floorDiv(sp.last, size); c++ {
			r.wantCells(brand, seriesKey(brand, sp.res, c), r.grid.start(sp.res, c*size), r.grid.start(sp.res, (c+1)*size))
		}
	}
}

// cell is cell n of a brand's series.
func (r *reads) cell(brand string, res resolution, n int64) mood.Tally {
	size := res.chunk()
	chunk := floorDiv(n, size)
	key := seriesKey(brand, res, chunk)
	tallies, ok := r.tables[key]
	if !ok {
		if cells := r.packed(key); len(cells) > 0 {
			tallies = make([]mood.Tally, size)
			for _, c := range cells {
				if i, err := strconv.Atoi(c.field); err == nil && i >= 0 && i < len(tallies) {
					tallies[i] = c.tally
				}
			}
		}
		r.tables[key] = tallies
	}
	if tallies == nil {
		return mood.Tally{}
	}
	return tallies[n-chunk*size]
}

// sum adds up a brand's series over spans.
func (r *reads) sum(brand string, spans []span) (t mood.Tally) {
	for _, sp := range spans {
		for n := sp.first; n <= sp.last; n++ {
			t.Add(r.cell(brand, sp.res, n))
		}
	}
	return t
}

func (r *reads) wantDims(brand string, spans []span, groups ...byte) {
	for _, sp := range spans {
		for n := sp.first; n <= sp.last; n++ {
			from, to := r.grid.start(sp.res, n), r.grid.end(sp.res, n)
			for _, g := range groups {
				r.wantCells(brand, dimKey(brand, sp.res, n, g), from, to)
			}
		}
	}
}

// rowTallies are tallies by value, for each dimension.
type rowTallies map[dimension]map[string]mood.Tally

func (r *reads) dims(brand string, spans []span, groups ...byte) rowTallies {
	rows := rowTallies{}
	for _, sp := range spans {
		for n := sp.first; n <= sp.last; n++ {
			done := ""
			for _, g := range groups {
				key := dimKey(brand, sp.res, n, g)
				if key == done {
					continue // a minute has all its dimensions in one hash
				}
				done = key
				for _, c := range r.packed(key) {
					rows.add(c)
				}
			}
		}
	}
	return rows
}

// eachTopic calls f with the cells of topics, each value as often as there are
// spans that have it.
func (r *reads) eachTopic(brand string, spans []span, f func(value string, t mood.Tally)) {
	for _, sp := range spans {
		for n := sp.first; n <= sp.last; n++ {
			for _, c := range r.packed(dimKey(brand, sp.res, n, groupTopics)) {
				if len(c.field) > 1 && c.field[0] == byte(dimTopic) {
					f(c.field[1:], c.tally)
				}
			}
		}
	}
}

// topics adds topics up.
func (r *reads) topics(brand string, spans []span) map[string]mood.Tally {
	sums := map[string]mood.Tally{}
	r.eachTopic(brand, spans, func(value string, t mood.Tally) {
		t.Add(sums[value])
		sums[value] = t
	})
	return sums
}

func (rows rowTallies) add(c packedCell) {
	if len(c.field) < 2 {
		return
	}
	d := dimension(c.field[0])
	byValue := rows[d]
	if byValue == nil {
		byValue = map[string]mood.Tally{}
		rows[d] = byValue
	}
	t := byValue[c.field[1:]]
	t.Add(c.tally)
	byValue[c.field[1:]] = t
}

// asOf is the end of what is known at now: later than every mention that was
// recorded until now, which are known to the millisecond.
func asOf(now time.Time) time.Time { return now.UTC().Truncate(time.Millisecond).Add(time.Millisecond) }
