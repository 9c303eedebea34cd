package store

import (
	"sort"
	"strconv"
	"strings"

	"agora/mood"
)

func (s *Store) wantActivity(r *reads, brand string, f frame) {
	chunks := func(spans []span) {
		for _, sp := range spans {
			size := sp.res.chunk()
			for c := floorDiv(sp.first, size); c <= floorDiv(sp.last, size); c++ {
				r.want(activityKey(brand, sp.res, c))
			}
		}
	}
	chunks(f.cells(s.grid))
	chunks(f.before)
	for _, sp := range f.inside {
		for n := sp.first; n <= sp.last; n++ {
			r.want(activityPlaceKey(brand, sp.res, n))
			r.want(activitySpotKey(brand, sp.res, n))
		}
	}
}

// eachDeed calls use with every count of the series in spans.
func (s *Store) eachDeed(r *reads, brand string, spans []span, use func(res resolution, n int64, kind string, count int64)) {
	for _, sp := range spans {
		size := sp.res.chunk()
		for c := floorDiv(sp.first, size); c <= floorDiv(sp.last, size); c++ {
			for field, v := range r.fields(activityKey(brand, sp.res, c)) {
				index, kind, _ := strings.Cut(field, ":")
				i, err := strconv.ParseInt(index, 10, 64)
				count, err2 := strconv.ParseInt(v, 10, 64)
				if n := c*size + i; err == nil && err2 == nil && n >= sp.first && n <= sp.last {
					use(sp.res, n, kind, count)
				}
			}
		}
	}
}

// readActivity gives what devices did in the window, most frequent kind first.
func (s *Store) readActivity(r *reads, brand string, f frame) []mood.ActivityRow {
	kinds := map[string]*mood.ActivityRow{}
	where := map[string]*whereabouts{}
	row := func(kind string) *mood.ActivityRow {
		a := kinds[kind]
		if a == nil {
			a = &mood.ActivityRow{Key: kind, Series: make([]mood.ActivityPoint, len(f.points))}
			for i, t := range f.points {
				a.Series[i].T = t
			}
			kinds[kind] = a
			where[kind] = newWhereabouts()
		}
		return a
	}
	s.eachDeed(r, brand, f.cells(s.grid), func(res resolution, n int64, kind string, count int64) {
		if p := f.point(s.grid.start(res, n)); p >= 0 {
			row(kind).Series[p].Count += count
		}
	})
	before := map[string]int64{}
	s.eachDeed(r, brand, f.before, func(_ resolution, _ int64, kind string, count int64) { before[kind] += count })
	for _, sp := range f.inside {
		for n := sp.first; n <= sp.last; n++ {
			for field, v := range r.fields(activityPlaceKey(brand, sp.res, n)) {
				country, kind, _ := strings.Cut(field, ":")
				if count, err := strconv.ParseInt(v, 10, 64); err == nil {
					row(kind).Count += count
					where[kind].countries[country] += count
				}
			}
			for field, v := range r.fields(activitySpotKey(brand, sp.res, n)) {
				country, rest, _ := strings.Cut(field, ":")
				spot, kind, _ := strings.Cut(rest, ":")
				if count, err := strconv.ParseInt(v, 10, 64); err == nil {
					row(kind)
					where[kind].spot(country, spot, count)
				}
			}
		}
	}
	if s.keptBefore(f) {
		for kind := range before {
			row(kind)
		}
		for kind, a := range kinds {
			n := before[kind]
			a.Before = &n
		}
	}
	rows := make([]mood.ActivityRow, 0, len(kinds))
	for kind, a := range kinds {
		a.Countries, a.Cities, a.Unplaced = where[kind].shown()
		rows = append(rows, *a)
	}
	sort.Slice(rows, func(i, j int) bool {
		return rows[i].Count > rows[j].Count || rows[i].Count == rows[j].Count && rows[i].Key < rows[j].Key
	})
	return s.named(rows[:min(maxKinds, len(rows))])
}

// keptBefore says whether activity of the window before is still kept.
func (s *Store) keptBefore(f frame) bool {
	return len(f.before) > 0 && s.kept(f.before, s.grid.expireActivity, s.now())
}

// named gives kinds the names that the operator declared.
func (s *Store) named(rows []mood.ActivityRow) []mood.ActivityRow {
	for i := range rows {
		for _, k := range s.declared() {
			if k.ID == rows[i].Key {
				rows[i].Name, rows[i].Unit, rows[i].Color = k.Name, k.Unit, k.Color
			}
		}
	}
	return rows
}
