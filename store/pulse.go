package store

import (
	"math"
	"time"

	"agora/mood"
)

// The pulse of a window is what stood out in each of its parts: eight or nine
// as a rule, that begin where the local clock is round, so that they stay what
// they are while time goes on.

// slot is a part of a window, and the cells that it is made of.
type slot struct {
	from, to time.Time
	spans    []span
}

// slots parts a window. A beginning that is shorter than half a part belongs
// to the next. There are none where counts aren't kept finely enough.
func (s *Store) slots(f frame, now time.Time) []slot {
	var edges []time.Time
	for t := f.from; t.Before(f.asOf); t = s.slotEnd(f.window, t) {
		edges = append(edges, t)
	}
	if len(edges) > 2 && edges[1].Sub(f.from) < edges[2].Sub(edges[1])/2 {
		edges = append(edges[:1], edges[2:]...)
	}
	longest := dayCell
	switch {
	case f.window.Span <= time.Hour:
		longest = minute
	case f.window.Span <= day:
		longest = hour
	}
	list := make([]slot, len(edges))
	for i, from := range edges {
		list[i] = slot{from: from, to: s.slotEnd(f.window, from)}
		if i+1 < len(edges) {
			list[i].to = edges[i+1]
		}
		switch {
		case i+1 < len(edges):
			list[i].spans = s.grid.upTo(longest, from, list[i].to)
		case f.past:
			list[i].spans = s.grid.upTo(longest, from, f.asOf)
		default: // nothing lies beyond now
			list[i].spans = s.grid.walk(longest, from, s.grid.end(longest, s.grid.index(longest, now)), now.Add(1))
		}
		if !s.kept(list[i].spans, s.grid.expireDim, now) {
			return nil
		}
	}
	return list
}

// slotEnd is where the part of a window that t lies in ends.
func (s *Store) slotEnd(w mood.Window, t time.Time) time.Time {
	const tenMinutes = 10 * time.Minute
	t = t.In(s.opts.Location)
	days := func(n int64) time.Time {
		i := s.grid.index(dayCell, t)
		return s.grid.start(dayCell, i-(i%n+n)%n+n)
	}
	switch {
	case w.Span <= time.Hour:
		return t.Truncate(tenMinutes).Add(tenMinutes)
	case w.Span <= day:
		end := time.Date(t.Year(), t.Month(), t.Day(), t.Hour()-t.Hour()%3+3, 0, 0, 0, s.opts.Location)
		for !end.After(t) { // a clock that went back
			end = end.Add(time.Hour)
		}
		return end
	case w.Span <= 7*day:
		return days(1)
	case w.Span <= 30*day:
		return days(4)
	}
	return days(10)
}

// pulse gives what stood out in each part of the window.
func (s *Store) pulse(r *reads, brand string, slots []slot, there ground) []mood.PulseSlot {
	list := make([]mood.PulseSlot, len(slots))
	for i, sl := range slots {
		n := r.sum(brand, sl.spans).Mentions()
		list[i] = mood.PulseSlot{
			From: sl.from, To: sl.to, Mentions: n,
			Topics: salient(r.topics(brand, sl.spans), there, n, mood.MostPulse),
		}
	}
	return list
}

// earlier are the cells of the window before, as exactly as topics are kept:
// of a day to the hour, of a month to the day.
func (s *Store) earlier(f frame, now time.Time) []span {
	longest := minute
	switch {
	case f.window.Span > 7*day:
		longest = dayCell
	case f.window.Span > time.Hour:
		longest = hour
	}
	round := func(t time.Time) time.Time { return s.grid.start(longest, s.grid.index(longest, t)) }
	from, to := round(f.window.From(f.from, s.opts.Location)), round(f.from)
	spans := s.grid.cover(from, to)
	if !s.kept(spans, s.grid.expireDim, now) || !s.kept(spans, s.grid.expireSeries, now) {
		return nil
	}
	return spans
}

// trends fills in how topics did in the window before.
func (s *Store) trends(r *reads, brand string, rows []mood.Row, mentions int64, earlier []span) {
	all := r.sum(brand, earlier).Mentions()
	if all <= 0 || mentions <= 0 {
		return
	}
	then := make(map[string]int64, len(rows))
	for _, row := range rows {
		then[row.Key] = 0
	}
	r.eachTopic(brand, earlier, func(value string, t mood.Tally) {
		topic, _ := topicOf(value)
		if n, wanted := then[topic]; wanted {
			then[topic] = n + t.Mentions()
		}
	})
	for i := range rows {
		n := then[rows[i].Key]
		trend := math.Round((float64(rows[i].Mentions)/float64(mentions)-float64(n)/float64(all))*1e4) / 1e4
		rows[i].Before, rows[i].Trend = &n, &trend
	}
}
