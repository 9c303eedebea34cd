package store

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"time"

	"agora/mood"
)

const (
	rhythmSpan = 28 * day
	maxOutlets = 500 // rows of outlets on a board
)

// frame is what a board speaks of.
type frame struct {
	window  mood.Window
	asOf    time.Time
	from    time.Time
	points  []time.Time
	inside  []span // [from, asOf)
	before  []span // the window before: as long as the window's name says, up to from
	rhythm  []span // hours of the last four weeks
	latency []span
	slots   []slot // parts of the window
	earlier []span // the window before, by topic
	past    bool   // it ends where things lie beyond; see BoardAt
}

func (s *Store) newFrame(w mood.Window, now time.Time) frame {
	f := frame{window: w, asOf: asOf(now)}
	f.from = w.From(f.asOf, s.opts.Location)
	f.points = w.Points(f.asOf, s.opts.Location)
	f.inside = s.grid.open(f.from, now)
	f.before = s.grid.cover(w.From(f.from, s.opts.Location), f.from)
	last := s.grid.index(hour, now)
	f.rhythm = []span{{hour, s.grid.index(hour, now.Add(-rhythmSpan)), last}}
	f.latency = []span{{hour, s.grid.index(hour, f.from), last}}
	if w.Span > day { // whose hours aren't kept
		f.latency = []span{{dayCell, s.grid.index(dayCell, f.from), s.grid.index(dayCell, now)}}
	}
	return f
}

// resolution of the cells that the window's points are made of.
func (f frame) resolution() resolution {
	if f.window.Step < time.Hour {
		return minute
	}
	return hour
}

// cells are the cells of the window's points.
func (f frame) cells(g grid) []span {
	r := f.resolution()
	if f.past {
		return g.upTo(r, f.from, f.asOf)
	}
	return []span{{r, g.index(r, f.from), g.index(r, f.asOf.Add(-1))}}
}

// point is the number of the point that t lies in.
func (f frame) point(t time.Time) int {
	return sort.Search(len(f.points), func(i int) bool { return f.points[i].After(t) }) - 1
}

// Board gives everything that charts of some brands draw, except baseline,
// drivers and the latency of screens, which others know. No brands stand for
// all. A brand that isn't watched is mood.ErrNotFound.
//
// The window before ends where this one begins and is as long as its name
// says. Rows are sorted by mentions, topics by salience.
func (s *Store) Board(ctx context.Context, ids []string, w mood.Window) (*mood.Board, error) {
	brands, err := s.asked(ids)
	if err != nil {
		return nil, fmt.Errorf("read a board: %w", err)
	}
	now := s.now()
	s.tick(now)
	return s.readBoard(ctx, brands, s.newFrame(w, now), now)
}

// readBoard reads what a frame speaks of.
func (s *Store) readBoard(ctx context.Context, brands []mood.Brand, f frame, now time.Time) (*mood.Board, error) {
	watched := s.watched()
	f.slots, f.earlier = s.slots(f, now), s.earlier(f, now)

	r := s.newReads(now)
	r.epoch = true
	for _, b := range brands {
		s.wantBrand(r, b.ID, f)
	}
	for _, b := range watched {
		r.wantSeries(b.ID, f.inside)
		r.want(bookKey(b.ID))
	}
	s.wantBackground(r, brands, watched, f)
	if err := r.send(ctx); err != nil {
		return nil, s.fail("read a board", err)
	}
	if r.got == "" {
		if err := s.refreshEpoch(ctx); err != nil {
			return nil, err
		}
	} else {
		s.sawEpoch(ctx, r.got)
	}

	board := &mood.Board{
		Window: f.window.Name, From: f.from, To: f.asOf, AsOf: f.asOf, Timezone: s.opts.Location.String(),
		StoreEpoch: s.Epoch(), Names: map[string]mood.Brand{}, Brands: map[string]*mood.BrandBoard{},
	}
	for _, b := range watched {
		board.Names[b.ID] = b
	}
	found := histogram{}
	for _, b := range brands {
		board.Order = append(board.Order, b.ID)
		board.Brands[b.ID] = s.readBrand(r, b.ID, f, watched)
		for _, sp := range f.latency {
			for n := sp.first; n <= sp.last; n++ {
				found.add(r.fields(latencyKey(b.ID, sp.res, n)))
			}
		}
		if since := s.textsSince(r.fields(bookKey(b.ID)), now); since != nil &&
			(board.MentionsSince == nil || since.After(*board.MentionsSince)) {
			board.MentionsSince = since
		}
	}
	if len(brands) == 1 {
		board.BrandBoard = board.Brands[brands[0].ID]
	}
	board.Latency.Found = found.figures()
	board.Share = shareOf(r, watched, f)
	return board, nil
}

func (s *Store) wantBrand(r *reads, brand string, f frame) {
	r.wantSeries(brand, f.cells(s.grid))
	r.wantSeries(brand, f.before)
	r.wantSeries(brand, f.rhythm)
	r.wantDims(brand, f.inside, groupPlaces, groupWho, groupTopics)
	r.wantDims(brand, f.earlier, groupTopics)
	r.wantSeries(brand, f.earlier)
	for _, sl := range f.slots {
		r.wantDims(brand, sl.spans, groupTopics)
		r.wantSeries(brand, sl.spans)
	}
	r.want(bookKey(brand))
	for _, sp := range f.latency {
		for n := sp.first; n <= sp.last; n++ {
			r.want(latencyKey(brand, sp.res, n))
		}
	}
	s.wantActivity(r, brand, f)
}

func (s *Store) readBrand(r *reads, brand string, f frame, watched []mood.Brand) *mood.BrandBoard {
	total := r.sum(brand, f.inside)
	rows := r.dims(brand, f.inside, groupPlaces, groupWho, groupTopics)
	there := s.ground(r, brand, watched, f, rows[dimTopic])
	book := r.fields(bookKey(brand))
	b := &mood.BrandBoard{
		Total:  withStories(total, book, f.from),
		Before: s.readBefore(r, brand, f, book), Drivers: []mood.Row{},
		Series:    s.readSeries(r, brand, f),
		Outlets:   top(rowsOf(rows[dimOutlet]), maxOutlets),
		Sources:   rowsOf(rows[dimSource]),
		Languages: rowsOf(rows[dimLanguage]),
		Topics:    salient(rows[dimTopic], there, total.Mentions(), maxTopicRows),
		Pulse:     s.pulse(r, brand, f.slots, there),
		Rhythm:    s.readRhythm(r, brand, f),
		Activity:  s.readActivity(r, brand, f),
		Last:      s.last(r, brand, f),
	}
	s.trends(r, brand, b.Topics, total.Mentions(), f.earlier)
	b.Countries.About, b.Countries.Unplaced.About = placed(rows[dimAbout])
	b.Countries.From, b.Countries.Unplaced.From = placed(rows[dimFrom])
	b.Countries.Origin, b.Countries.Unplaced.Origin = placed(rows[dimOrigin])
	return b
}

// readBefore gives the total of the window before, if that is kept.
func (s *Store) readBefore(r *reads, brand string, f frame, book map[string]string) mood.Total {
	if len(f.before) == 0 {
		return mood.Tally{}.Total()
	}
	first := f.before[0]
	return withStories(r.sum(brand, f.before), book, s.grid.start(first.res, first.first))
}

// withStories is a total with its stories, if every mention that is counted
// since from has one: those of an Agora that knew no stories have none.
func withStories(t mood.Tally, book map[string]string, from time.Time) mood.Total {
	total := t.Total()
	total.Stories = storiesOf(t, book, from)
	return total
}

func storiesOf(t mood.Tally, book map[string]string, from time.Time) *int64 {
	bare, err := strconv.ParseInt(book[bookBare], 10, 64)
	if err != nil || !time.UnixMilli(bare).Before(from) {
		return nil
	}
	stories := max(0, t.Stories)
	return &stories
}

func (s *Store) readSeries(r *reads, brand string, f frame) []mood.SeriesPoint {
	tallies := make([]mood.Tally, len(f.points))
	for _, sp := range f.cells(s.grid) {
		for n := sp.first; n <= sp.last; n++ {
			if t := r.cell(brand, sp.res, n); t != (mood.Tally{}) {
				if i := f.point(s.grid.start(sp.res, n)); i >= 0 {
					tallies[i].Add(t)
				}
			}
		}
	}
	points := make([]mood.SeriesPoint, len(tallies))
	for i, t := range tallies {
		points[i] = mood.PointOf(f.points[i], t)
	}
	return points
}

// readRhythm gives all 168 hours of the week, Monday's first.
func (s *Store) readRhythm(r *reads, brand string, f frame) []mood.RhythmCell {
	var week [7 * 24]mood.Tally
	for _, sp := range f.rhythm {
		for n := sp.first; n <= sp.last; n++ {
			if t := r.cell(brand, hour, n); t != (mood.Tally{}) {
				local := s.grid.start(hour, n).In(s.opts.Location)
				week[weekday(local)*24+local.Hour()].Add(t)
			}
		}
	}
	cells := make([]mood.RhythmCell, len(week))
	for i, t := range week {
		cells[i] = mood.RhythmCell{Weekday: i / 24, Hour: i % 24, Mentions: t.Mentions(), Mood: t.Total().Mood}
	}
	return cells
}

// last is when the newest mention of the window was published. The book knows
// it exactly, unless that mention was withdrawn since; then its neighbour's
// minute or hour must do.
func (s *Store) last(r *reads, brand string, f frame) *time.Time {
	exact, _ := strconv.ParseInt(r.fields(bookKey(brand))[bookLast], 10, 64)
	at := time.UnixMilli(exact).UTC()
	for _, sp := range slices.Backward(f.cells(s.grid)) {
		for n := sp.last; n >= sp.first; n-- {
			if r.cell(brand, sp.res, n).Mentions() <= 0 {
				continue
			}
			if exact == 0 || s.grid.index(sp.res, at) != n {
				at = s.grid.start(sp.res, n).UTC()
			}
			return &at
		}
	}
	return nil
}

// textsSince is the moment from which on all texts are kept.
func (s *Store) textsSince(book map[string]string, now time.Time) *time.Time {
	since := now.Add(-s.opts.KeepMentions).UTC()
	if gone, _ := strconv.ParseInt(book[bookGone], 10, 64); gone > since.UnixMilli() {
		since = time.UnixMilli(gone).UTC()
	}
	for field, bytes := range book {
		h, err := strconv.ParseInt(field, 10, 64)
		if err == nil && bytes != "0" && !time.Unix((h+1)*3600, 0).Before(since) {
			return &since
		}
	}
	return nil
}

func shareOf(r *reads, watched []mood.Brand, f frame) []mood.ShareRow {
	share := make([]mood.ShareRow, 0, len(watched))
	var all int64
	for _, b := range watched {
		t := r.sum(b.ID, f.inside)
		row := mood.ShareRow{Row: mood.RowOf(b.ID, t), Name: b.Name, Color: b.Color, Stories: storiesOf(t, r.fields(bookKey(b.ID)), f.from)}
		all += row.Mentions
		share = append(share, row)
	}
	for i := range share {
		if all > 0 {
			part := float64(share[i].Mentions) / float64(all)
			share[i].Share = &part
		}
	}
	sort.SliceStable(share, func(i, j int) bool { return before(share[i].Row, share[j].Row) })
	return share
}

// Hours gives a brand's tallies of each hour of the clock from the one that
// holds from, up to to. They are kept for half a year.
func (s *Store) Hours(ctx context.Context, brand string, from, to time.Time) ([]mood.Tally, error) {
	if _, err := s.asked([]string{brand}); err != nil {
		return nil, fmt.Errorf("read hours: %w", err)
	}
	tallies := []mood.Tally{}
	if !to.After(from) {
		return tallies, nil
	}
	now := s.now()
	s.tick(now)
	spans := []span{{hour, s.grid.index(hour, from), s.grid.index(hour, to.Add(-1))}}
	r := s.newReads(now)
	r.wantSeries(brand, spans)
	if err := r.send(ctx); err != nil {
		return nil, s.fail("read hours", err)
	}
	for n := spans[0].first; n <= spans[0].last; n++ {
		tallies = append(tallies, r.cell(brand, hour, n))
	}
	return tallies, nil
}
