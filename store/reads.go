package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// reads is one pipelined round trip. What is needed is asked for first, each
// key once; after send, the same questions are answered from the replies.
type reads struct {
	grid   grid
	pipe   redis.Pipeliner
	ctx    context.Context //nolint:containedctx // lives no longer than the one call that made it
	hashes map[string]*redis.MapStringStringCmd
	series map[string][]mood.Tally // decoded chunks
	epoch  *redis.StringCmd
}

func (s *Store) newReads(ctx context.Context) *reads {
	return &reads{
		grid: s.grid, pipe: s.read.Pipeline(), ctx: ctx,
		hashes: map[string]*redis.MapStringStringCmd{}, series: map[string][]mood.Tally{},
	}
}

func (r *reads) want(key string) {
	if _, ok := r.hashes[key]; !ok {
		r.hashes[key] = r.pipe.HGetAll(r.ctx, key)
	}
}

func (r *reads) send() error {
	if _, err := r.pipe.Exec(r.ctx); err != nil && !errors.Is(err, redis.Nil) {
		return err
	}
	return nil
}

// fields are those of a hash that was wanted.
func (r *reads) fields(key string) map[string]string {
	if c := r.hashes[key]; c != nil {
		return c.Val()
	}
	return nil
}

func (r *reads) wantSeries(brand string, spans []span) {
	for _, sp := range spans {
		size := sp.res.chunk()
		for c := floorDiv(sp.first, size); c <= floorDiv(sp.last, size); c++ {
			r.want(seriesKey(brand, sp.res, c))
		}
	}
}

// cell is cell n of a brand's series.
func (r *reads) cell(brand string, res resolution, n int64) mood.Tally {
	size := res.chunk()
	chunk := floorDiv(n, size)
	key := seriesKey(brand, res, chunk)
	tallies, ok := r.series[key]
	if !ok {
		if fields := r.fields(key); len(fields) > 0 {
			tallies = make([]mood.Tally, size)
			for f, v := range fields {
				if i, err := strconv.Atoi(f); err == nil && i >= 0 && i < len(tallies) {
					tallies[i] = parseTally(v)
				}
			}
		}
		r.series[key] = tallies
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
			for _, g := range groups {
				r.want(dimKey(brand, sp.res, n, g))
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
				for f, v := range r.fields(key) {
					rows.add(f, v)
				}
			}
		}
	}
	return rows
}

func (rows rowTallies) add(field, cell string) {
	if len(field) < 2 {
		return
	}
	d := dimension(field[0])
	byValue := rows[d]
	if byValue == nil {
		byValue = map[string]mood.Tally{}
		rows[d] = byValue
	}
	t := byValue[field[1:]]
	t.Add(parseTally(cell))
	byValue[field[1:]] = t
}

// asOf is the end of what is known at now: later than every mention that was
// recorded until now, which are known to the millisecond.
func asOf(now time.Time) time.Time { return now.UTC().Truncate(time.Millisecond).Add(time.Millisecond) }
