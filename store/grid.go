package store

import "time"

// grid counts minutes, hours and days. Minutes are UTC's. Hours and days are
// those of the configured clock, so that points of a window never cut one in
// two. Hours are numbered as if the clock were a whole number of hours from
// UTC, days by their date.
//
// days and rows are how long counts by the day are kept, of all and of each
// row, and activity how long what devices did is, however finely; 0: see
// keys.go.
type grid struct {
	loc        *time.Location
	days, rows time.Duration
	activity   time.Duration
}

// fraction is how many seconds the clock is ahead of whole hours from UTC.
func (g grid) fraction(unix int64) int64 {
	_, offset := time.Unix(unix, 0).In(g.loc).Zone()
	return int64((offset%3600 + 3600) % 3600)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// index is the number of the minute, hour or day that t lies in.
func (g grid) index(r resolution, t time.Time) int64 {
	unix := t.Unix()
	switch r {
	case minute:
		return floorDiv(unix, 60)
	case hour:
		return floorDiv(unix+g.fraction(unix), 3600)
	default:
		_, offset := t.In(g.loc).Zone()
		return floorDiv(unix+int64(offset), 86400)
	}
}

// start is the beginning of minute, hour or day n.
func (g grid) start(r resolution, n int64) time.Time {
	switch r {
	case minute:
		return time.Unix(n*60, 0)
	case dayCell:
		t := time.Date(1970, 1, 1+int(n), 0, 0, 0, 0, g.loc)
		if g.index(dayCell, t) < n { // a clock that goes forward at midnight
			t = t.Add(time.Hour)
		}
		return t
	}
	return time.Unix(n*3600-g.fraction(n*3600), 0)
}

// end is the end of minute, hour or day n.
func (g grid) end(r resolution, n int64) time.Time { return g.start(r, n+1) }

// span is a run of cells of one resolution, first and last included.
type span struct {
	res         resolution
	first, last int64
}

// cover puts [from, to) together from as few cells as there may be: minutes
// up to a whole hour, hours up to a whole day, days, and down again. Both
// ends lie on minutes.
func (g grid) cover(from, to time.Time) []span { return g.upTo(dayCell, from, to) }

// upTo is cover with no cell longer than r.
func (g grid) upTo(r resolution, from, to time.Time) []span { return g.walk(r, from, to, to) }

// open covers [from, now] when nothing lies beyond now: the day, or the hour,
// or the minute that is under way is taken whole.
func (g grid) open(from, now time.Time) []span {
	return g.walk(dayCell, from, g.end(dayCell, g.index(dayCell, now)), now.Add(1))
}

func (g grid) walk(longest resolution, from, to, stop time.Time) []span {
	var spans []span
	add := func(r resolution, n int64) {
		if k := len(spans) - 1; k >= 0 && spans[k].res == r && spans[k].last == n-1 {
			spans[k].last = n
			return
		}
		spans = append(spans, span{r, n, n})
	}
	for t := from; t.Before(stop); {
		r := longest
		for ; r > minute; r-- {
			n := g.index(r, t)
			if g.start(r, n).Equal(t) && !g.end(r, n).After(to) {
				break
			}
		}
		n := g.index(r, t)
		add(r, n)
		next := g.end(r, n)
		if !next.After(t) { // an hour that a change of the clock made shorter
			next = t.Add(time.Minute)
		}
		t = next
	}
	return spans
}
