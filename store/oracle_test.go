package store

import (
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"agora/mood"
)

// oracle is the store as one would write it without any thought of speed: a
// list of mentions, counted anew for each question.
type oracle struct {
	loc    *time.Location
	keep   time.Duration
	brands map[string]*oracleBrand
}

type oracleBrand struct {
	ids, urls map[string]bool
	kept      []*mood.Mention
	corrected map[string]mood.Reading // what people said, by mention
	bare      *time.Time              // when the newest that had no story was published; nil: nothing was counted
}

func newOracle(loc *time.Location, brands []mood.Brand) *oracle {
	o := &oracle{loc: loc, keep: 7 * day, brands: map[string]*oracleBrand{}}
	for _, b := range brands {
		o.brands[b.ID] = &oracleBrand{ids: map[string]bool{}, urls: map[string]bool{}, corrected: map[string]mood.Reading{}}
	}
	return o
}

// inList says whether a mention's text is still there.
func (o *oracle) inList(m *mood.Mention, now time.Time) bool {
	end := m.Published.Truncate(time.Hour).Add(time.Hour)
	return end.Add(o.keep + time.Hour).After(now)
}

func (o *oracle) record(m mood.Mention, now time.Time) mood.Outcome {
	if m.Published.After(now) {
		m.Published = now
	}
	if m.Published.Before(now.Add(-90 * day)) {
		return mood.TooOld
	}
	outcome := mood.Unmatched
	for brand := range m.Readings {
		b := o.brands[brand]
		if b == nil {
			continue
		}
		if outcome == mood.Unmatched {
			outcome = mood.Duplicate
		}
		forgotten := m.Edited && m.Published.Before(now.Add(-30*day))
		if b.ids[m.ID] || b.urls[m.URL] || forgotten {
			// The first that is kept and that it is the same as, by id, else
			// by address, gets its source.
			for _, same := range []func(*mood.Mention) bool{
				func(k *mood.Mention) bool { return k.ID == m.ID },
				func(k *mood.Mention) bool { return m.URL != "" && k.URL == m.URL && !forgotten },
			} {
				if k := b.find(same); k != nil {
					if o.inList(k, now) {
						k.Sources = values(append(k.Sources, m.Sources...), maxSources)
						if reviseKept(k, brand, m) && outcome == mood.Duplicate {
							outcome = mood.Revised
						}
						break
					}
				}
			}
			continue
		}
		b.ids[m.ID] = true
		if m.URL != "" {
			b.urls[m.URL] = true
		}
		kept := m
		kept.Sources = append([]string(nil), m.Sources...)
		kept.Readings = maps.Clone(m.Readings) // other brands' copies have theirs
		b.kept = append(b.kept, &kept)
		if !m.Uncounted {
			if b.bare == nil {
				b.bare = &time.Time{}
			}
			if m.Story == "" && m.Published.After(*b.bare) {
				*b.bare = m.Published
			}
		}
		outcome = mood.Stored
	}
	return outcome
}

// reviseKept changes what is kept of a mention as its edit wants it.
func reviseKept(k *mood.Mention, brand string, edit mood.Mention) bool {
	if !edit.Edited || k.ID != edit.ID && k.Sources[0] != edit.Sources[0] || k.Title == edit.Title && k.Text == edit.Text {
		return false
	}
	before, r := k.Readings[brand], edit.Readings[brand]
	if before.Corrected {
		r = r.Correct(mood.Correction{Label: &before.Label, Irrelevant: before.Irrelevant})
	}
	k.Title, k.Text, k.Language, k.Places.About = edit.Title, edit.Text, edit.Language, edit.Places.About
	k.Readings[brand] = r
	return true
}

func (b *oracleBrand) find(is func(*mood.Mention) bool) *mood.Mention {
	for _, k := range b.kept {
		if is(k) {
			return k
		}
	}
	return nil
}

func (o *oracle) withdraw(id string, now time.Time) bool {
	found := false
	for _, b := range o.brands {
		if _, ok := b.corrected[id]; ok {
			delete(b.corrected, id)
			found = true
		}
		for i, k := range b.kept {
			if k.ID == id && o.inList(k, now) {
				b.kept = append(b.kept[:i:i], b.kept[i+1:]...)
				found = true
				break
			}
		}
	}
	return found
}

// correct gives the ids of the mentions that change, sorted.
func (o *oracle) correct(c mood.Correction, now time.Time) ([]string, error) {
	b := o.brands[c.Brand]
	named := b.find(func(k *mood.Mention) bool { return k.ID == c.Mention && o.inList(k, now) })
	if named == nil {
		if b.ids[c.Mention] {
			return nil, mood.ErrGone
		}
		return nil, mood.ErrNotFound
	}
	ids := []string{}
	for _, k := range b.kept {
		same := k.Story == named.Story && (k.Story != "" || k.Title != "" && strings.EqualFold(strings.Trim(k.Title, "!"), strings.Trim(named.Title, "!")))
		before := k.Readings[c.Brand]
		if k != named && (c.Scope != mood.ScopeStory || !same) || !o.inList(k, now) || before.Says(c) {
			continue
		}
		k.Readings = maps.Clone(k.Readings) // other brands' copies have theirs
		k.Readings[c.Brand] = before.Correct(c)
		ids = append(ids, k.ID)
		delete(b.corrected, k.ID)
		if r := k.Readings[c.Brand]; r.Corrected {
			b.corrected[k.ID] = r
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// count adds up what a brand's mentions in [from, to) have, under whatever
// keys a mention has.
func (o *oracle) count(brand string, from, to time.Time, keys func(*mood.Mention) []string) map[string]mood.Tally {
	counts := map[string]mood.Tally{}
	for _, m := range o.brands[brand].kept {
		if m.Uncounted || m.Readings[brand].Irrelevant || m.Published.Before(from) || !m.Published.Before(to) {
			continue
		}
		for _, k := range keys(m) {
			t := counts[k]
			t.Add(mood.TallyOf(m.Readings[brand]))
			counts[k] = t
		}
	}
	return counts
}

func (o *oracle) total(brand string, from, to time.Time) mood.Tally {
	t := o.count(brand, from, to, func(*mood.Mention) []string { return []string{""} })[""]
	// A story counts where the first of those that are counted does.
	first := map[string]*mood.Mention{}
	for _, m := range o.brands[brand].kept {
		if m.Story == "" || m.Uncounted || m.Readings[brand].Irrelevant {
			continue
		}
		if f := first[m.Story]; f == nil || m.Published.Before(f.Published) {
			first[m.Story] = m
		}
	}
	for _, m := range first {
		if !m.Published.Before(from) && m.Published.Before(to) {
			t.Stories++
		}
	}
	return t
}

// shownTotal is a total as boards show it.
func (o *oracle) shownTotal(brand string, from, to time.Time) mood.Total {
	t := o.total(brand, from, to)
	total := t.Total()
	if bare := o.brands[brand].bare; bare != nil && bare.Before(from) {
		total.Stories = &t.Stories
	}
	return total
}

// rows are rows by key, most mentions first.
func (o *oracle) rows(brand string, from, to time.Time, keys func(*mood.Mention) []string) []mood.Row {
	rows := []mood.Row{}
	for k, t := range o.count(brand, from, to, keys) {
		if k != "" {
			rows = append(rows, mood.RowOf(k, t))
		}
	}
	sort.Slice(rows, func(i, j int) bool {
		a, b := rows[i], rows[j]
		return a.Mentions > b.Mentions || a.Mentions == b.Mentions && a.Key < b.Key
	})
	return rows
}

func outletOf(m *mood.Mention) []string  { return []string{m.Outlet} }
func sourcesOf(m *mood.Mention) []string { return m.Sources }

func languageOf(m *mood.Mention) []string {
	if m.Language == "" {
		return []string{"none"}
	}
	return []string{m.Language}
}

func aboutOf(m *mood.Mention) (keys []string) {
	for _, p := range m.Places.About {
		keys = append(keys, p.Country)
	}
	if len(keys) == 0 {
		keys = []string{""}
	}
	return keys
}

func countryOf(p *mood.Place) []string {
	if p == nil {
		return []string{""}
	}
	return []string{p.Country}
}

func fromOf(m *mood.Mention) []string   { return countryOf(m.Places.From) }
func originOf(m *mood.Mention) []string { return countryOf(m.Places.Origin) }

func (o *oracle) series(brand string, points []time.Time, to time.Time) []mood.SeriesPoint {
	series := []mood.SeriesPoint{}
	for i, at := range points {
		end := to
		if i+1 < len(points) {
			end = points[i+1]
		}
		series = append(series, mood.PointOf(at, o.total(brand, at, end)))
	}
	return series
}

func (o *oracle) rhythm(brand string, now time.Time) []mood.RhythmCell {
	from := newestHour(now.Add(-28*day), o.loc)
	cells := []mood.RhythmCell{}
	for weekday := range 7 {
		for h := range 24 {
			t := o.count(brand, from, now.Add(time.Hour), func(m *mood.Mention) []string {
				local := m.Published.In(o.loc)
				if (int(local.Weekday())+6)%7 == weekday && local.Hour() == h {
					return []string{"here"}
				}
				return nil
			})["here"]
			cells = append(cells, mood.RhythmCell{Weekday: weekday, Hour: h, Mentions: t.Mentions(), Mood: t.Total().Mood})
		}
	}
	return cells
}

// newestHour is the beginning of the hour on the clock that t lies in.
func newestHour(t time.Time, loc *time.Location) time.Time {
	local := t.In(loc)
	return t.Add(-time.Duration(local.Minute())*time.Minute - time.Duration(local.Second())*time.Second -
		time.Duration(local.Nanosecond()))
}
