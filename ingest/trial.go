package ingest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"agora/ingest/archive"
	"agora/ingest/watch"
	"agora/mood"
)

// How tests of queries are bounded.
const (
	defaultTexts  = 20
	mostTexts     = 200 // of a list
	waitingTests  = 4   // while one is under way
	topRows       = 10
	mostRowKeys   = 100_000
	defaultWindow = "7d"

	withdrawPatience = 2 * time.Second // with a disk that hangs: the text is gone from memory at once
)

// TestQuery tells what a query would have matched of the texts that are kept.
// One is answered at a time, and a few wait; more are [mood.ErrBusy]. A bad
// query is a *[mood.QueryError].
func (in *Intake) TestQuery(ctx context.Context, q mood.QueryTest) (mood.QueryAnswer, error) {
	if in.archive == nil {
		return mood.QueryAnswer{}, errNoArchive
	}
	t, err := in.newTrial(q)
	if err != nil {
		return mood.QueryAnswer{}, err
	}
	if in.trials.Add(1) > 1+waitingTests {
		in.trials.Add(-1)
		return mood.QueryAnswer{}, fmt.Errorf("several queries are being tried already: try again in a moment: %w", mood.ErrBusy)
	}
	defer in.trials.Add(-1)
	select {
	case in.trialTurn <- struct{}{}:
		defer func() { <-in.trialTurn }()
	case <-ctx.Done():
		return mood.QueryAnswer{}, fmt.Errorf("wait for a turn to try a query: %w", ctx.Err())
	}
	seen, err := archive.Scan(ctx, in.archive, time.Time{}, t.look, t.take)
	if err != nil {
		return mood.QueryAnswer{}, err
	}
	return t.answer(in.coverage(seen)), nil
}

// trial is one test under way.
type trial struct {
	q       mood.QueryTest
	now     time.Time
	from    time.Time
	zone    *time.Location
	watched *watched
	query   side
	against *side // nil: there is nothing to compare with
	days    []mood.QueryDay
	bounds  []int64            // Unix milliseconds at which the days end
	met     map[uint64]meeting // by key
	found   mood.QueryAnswer
	outlets map[string]int64
	tongues map[string]int64
	lists   map[string]*newest
}

// side is one of the two queries.
type side struct {
	query *watch.Query
	sieve *watch.Sieve
}

func newSide(field, text string) (side, error) {
	q, err := watch.Compile(text)
	var syntax *watch.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return side{}, &mood.QueryError{Field: field, Column: syntax.Column, Message: syntax.Msg}
	case err != nil:
		return side{}, fmt.Errorf("read the query: %w", err)
	}
	return side{q, q.Sieve()}, nil
}

// matches asks the query of a text.
func (s *side) matches(t *archive.Text) bool {
	if !s.sieve.MayMatch(t.Lower()) {
		return false
	}
	return s.query.Matches(textOf(t))
}

func textOf(t *archive.Text) watch.Text {
	return watch.Text{Title: t.Title, Body: t.Text, Site: t.Outlet, Language: t.Language, Country: t.Country}
}

func (in *Intake) newTrial(q mood.QueryTest) (*trial, error) {
	t := &trial{q: q, now: in.now(), zone: in.zone, watched: in.watch.Load(), met: map[uint64]meeting{}, outlets: map[string]int64{}, tongues: map[string]int64{}}
	if t.zone == nil {
		t.zone = time.UTC
	}
	against := q.Against
	if q.Brand != "" {
		b, ok := t.watched.brands[q.Brand]
		if !ok {
			return nil, fmt.Errorf("brand: %q is not watched; GET /api/v1/brands lists the ids: %w", brief(q.Brand), mood.ErrInvalid)
		}
		if against == "" {
			against = b.Query
		}
		if strings.TrimSpace(q.Query) == "" {
			t.q.Query = b.Query
		}
	}
	var err error
	if t.query, err = newSide("query", t.q.Query); err != nil {
		return nil, err
	}
	if against != "" {
		s, err := newSide("against", against)
		if err != nil {
			return nil, err
		}
		t.against, t.found.Against = &s, &against
	}
	w, err := mood.ParseWindow(cmpOr(q.Window, defaultWindow))
	if err != nil || w.Span > 7*24*time.Hour {
		return nil, fmt.Errorf("window: %q is none of those that texts are kept for: use 1h, 24h or 7d: %w", brief(q.Window), mood.ErrInvalid)
	}
	t.from = w.From(t.now, t.zone)
	t.days, t.bounds = daysOf(t.from, t.now, t.zone)
	limit := q.Limit
	switch {
	case limit == 0:
		limit = defaultTexts
	case limit < 0 || limit > mostTexts:
		return nil, fmt.Errorf("limit: %d is not from 1 to %d: %w", limit, mostTexts, mood.ErrInvalid)
	}
	before, err := readPlace(q.Cursor)
	if err != nil {
		return nil, err
	}
	t.lists = map[string]*newest{}
	for _, name := range mood.QueryLists() {
		if q.List == "" || q.List == name {
			t.lists[name] = newNewest(limit, before)
		}
	}
	if len(t.lists) == 0 {
		return nil, fmt.Errorf("list: %q is none of %s: %w", brief(q.List), strings.Join(mood.QueryLists(), ", "), mood.ErrInvalid)
	}
	if q.Cursor != "" && q.List == "" {
		return nil, fmt.Errorf("cursor: say in list which list goes on: %w", mood.ErrInvalid)
	}
	return t, nil
}

func cmpOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// daysOf are the days of the local clock in [from, to).
func daysOf(from, to time.Time, zone *time.Location) (days []mood.QueryDay, bounds []int64) {
	for at := from.In(zone); at.Before(to); {
		end := time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, zone)
		if !end.After(at) { // a clock that was turned back at midnight
			end = at.Add(24 * time.Hour)
		}
		last := end
		if last.After(to) {
			last = to
		}
		days = append(days, mood.QueryDay{Day: at.Format(time.DateOnly), From: at.UTC(), To: last.UTC()})
		bounds = append(bounds, end.UnixMilli())
		at = end.In(zone)
	}
	return days, bounds
}

// What a text is to a test.
const (
	byQuery   = 1 << iota // the query matches it
	byAgainst             // the one before does
)

// finding is a text that one of the queries matches.
type finding struct {
	by        byte
	earlier   bool
	key       uint64 // of its address, or of itself
	weight    int64
	place     place
	outlet    string
	language  string
	text      *archive.Text // nil: it is in no list
	published int64
}

// meeting is what is known of an address: by which queries one of its texts is
// matched, and how the first of those was counted.
type meeting struct {
	by     byte
	day    uint8
	weight int64
}

// look is called on several goroutines.
func (t *trial) look(x *archive.Text) (finding, bool) {
	f := finding{earlier: x.Published < t.from.UnixMilli(), weight: x.Weight(), published: x.Published, place: place{x.Published, x.Seq()}}
	if x.Published >= t.now.UnixMilli()+1 {
		return f, false
	}
	if t.query.matches(x) {
		f.by |= byQuery
	}
	if t.against != nil && !f.earlier && t.against.matches(x) {
		f.by |= byAgainst
	}
	if f.by == 0 {
		return f, false
	}
	if x.URL != "" && !x.SharedURL {
		f.key = xxhash.Sum64String("url\x00" + mood.AddressKey(x.URL))
	} else {
		f.key = xxhash.Sum64String("id\x00" + x.ID)
	}
	if f.earlier {
		f.key = ^f.key // another text of the address may be in the window
		return f, true
	}
	f.outlet, f.language = strings.Clone(x.Outlet), strings.Clone(x.Language)
	for _, l := range t.lists {
		if l.wants(f.place) {
			f.text = x.Copy()
			break
		}
	}
	return f, true
}

// take counts what was found, an address once.
func (t *trial) take(f finding) error {
	first, met := t.met[f.key]
	before, now := first.by, first.by|f.by
	if met && now == before {
		return nil
	}
	if !met {
		first.day, first.weight = t.dayOf(f.published), f.weight
	}
	first.by = now
	t.met[f.key] = first
	if f.earlier {
		if !met {
			t.found.Earlier += f.weight
		}
		return nil
	}
	if f.weight > 1 {
		t.found.Estimated = true
	}
	for _, c := range [...]*mood.QueryCounts{&t.found.QueryCounts, &t.days[first.day].QueryCounts} {
		tallied(c, before, -first.weight)
		tallied(c, now, first.weight)
	}
	if now&byQuery != 0 && before&byQuery == 0 {
		note(t.outlets, f.outlet, f.weight)
		note(t.tongues, f.language, f.weight)
		t.list(mood.ListMatches, f)
	}
	switch {
	case t.against == nil:
	case now == byQuery:
		t.list(mood.ListGained, f)
	case now == byAgainst:
		t.list(mood.ListLost, f)
	case met: // another text of the same address is matched by the other query
		for _, name := range [...]string{mood.ListGained, mood.ListLost} {
			if l := t.lists[name]; l != nil {
				l.remove(f.key)
			}
		}
	}
	return nil
}

// dayOf is the day that a text is counted on.
func (t *trial) dayOf(published int64) uint8 {
	for i, end := range t.bounds {
		if published < end {
			return uint8(i) //nolint:gosec // of a week
		}
	}
	return uint8(len(t.days) - 1) //nolint:gosec // of a week
}

// tallied adds n texts that are matched by some of the queries.
func tallied(c *mood.QueryCounts, by byte, n int64) {
	switch by {
	case byQuery:
		c.Total += n
		c.Gained += n
	case byAgainst:
		c.Before += n
		c.Lost += n
	case byQuery | byAgainst:
		c.Total += n
		c.Before += n
		c.Both += n
	}
}

func note(rows map[string]int64, key string, n int64) {
	if _, known := rows[key]; known || len(rows) < mostRowKeys {
		rows[key] += n
	}
}

func (t *trial) list(name string, f finding) {
	if l := t.lists[name]; l != nil && f.text != nil {
		l.add(f)
	}
}

func (t *trial) answer(c mood.TextCoverage) mood.QueryAnswer {
	a := t.found
	a.Query, a.Brand = t.q.Query, t.q.Brand
	a.From, a.To, a.Timezone = t.from.UTC(), t.now.UTC(), t.zone.String()
	if t.against == nil {
		a.Gained, a.Before, a.Lost, a.Both = 0, 0, 0, 0
		for i := range t.days {
			d := &t.days[i]
			d.Gained = 0
		}
	}
	a.Days, a.Outlets, a.Languages = t.days, top(t.outlets), top(t.tongues)
	a.Lists = map[string]mood.TextRun{}
	for name, l := range t.lists {
		by := &t.query
		if name == mood.ListLost {
			by = t.against
		}
		a.Lists[name] = t.run(l, by)
	}
	a.Coverage = c
	return a
}

// coverage says what a scan looked at.
func (in *Intake) coverage(seen archive.Seen) mood.TextCoverage {
	s := in.archive.Stats()
	c := mood.TextCoverage{
		Texts: seen.Texts, Stand: seen.Stand, Damaged: seen.Damaged, Bytes: s.Bytes, Limit: s.MaxBytes,
		Days: math.Round(s.KeepFor.Hours()/24*10) / 10, Lost: s.Lost, Problem: s.Problem, Sampled: sampledOf(s),
	}
	if !s.From.IsZero() {
		c.From = &s.From
	}
	return c
}

func sampledOf(s archive.Stats) []mood.SampledText {
	list := []mood.SampledText{}
	for _, x := range s.Sampled {
		if x.Source == "" { // more than are told apart
			x.Source = "further sources"
		}
		list = append(list, mood.SampledText{Source: x.Source, Named: x.Named, OneIn: x.OneIn})
	}
	return list
}
