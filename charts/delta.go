package charts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Delta is what changed from one option to the next. Everything in it is a new
// value, never a difference, so applying it twice changes nothing. The browser
// applies it with static/src/delta.js; testdata/delta.json holds both to the
// same results.
type Delta struct {
	Set  *DeltaSet  `json:"set,omitempty"`
	Gone *DeltaGone `json:"gone,omitempty"`
}

// DeltaSet is what is new or changed.
type DeltaSet struct {
	Parts  map[string]json.RawMessage `json:"parts,omitempty"`  // of the option, whole, by name
	Series []SeriesSet                `json:"series,omitempty"` // new and changed ones
	Order  []string                   `json:"order,omitempty"`  // ids of all series, where appending the new ones is not it
}

// SeriesSet is a new or changed series.
type SeriesSet struct {
	ID     string                     `json:"id"`
	New    bool                       `json:"new,omitempty"`
	Fields map[string]json.RawMessage `json:"fields,omitempty"` // whole, by name
	Points []json.RawMessage          `json:"points,omitempty"` // new and changed ones
	Order  []string                   `json:"order,omitempty"`  // names of all points, where appending the new ones is not it
}

// DeltaGone is what is no longer there.
type DeltaGone struct {
	Parts  []string     `json:"parts,omitempty"`
	Series []SeriesGone `json:"series,omitempty"`
}

// SeriesGone is a series that is gone as a whole, or some of its fields and points.
type SeriesGone struct {
	ID     string   `json:"id"`
	Whole  bool     `json:"whole,omitempty"`
	Fields []string `json:"fields,omitempty"`
	Points []string `json:"points,omitempty"`
}

// Empty tells whether nothing changed.
func (d Delta) Empty() bool { return d.Set == nil && d.Gone == nil }

type fields = map[string]json.RawMessage

// Diff gives what leads from before to after: Apply(before, d) is after, to the
// byte. Series are matched by id and points by name; where ids or names are
// missing or not unique, the list is given whole.
func Diff(before, after Option) (Delta, error) {
	if bytes.Equal(before, after) {
		return Delta{}, nil
	}
	a, err := objectOf(before)
	if err != nil {
		return Delta{}, fmt.Errorf("compare chart options: the older one: %w", err)
	}
	b, err := objectOf(after)
	if err != nil {
		return Delta{}, fmt.Errorf("compare chart options: the newer one: %w", err)
	}
	var set DeltaSet
	var gone DeltaGone
	was, wasKeyed := keyed(a["series"], "id")
	is, isKeyed := keyed(b["series"], "id")
	if bySeries := wasKeyed && isKeyed; bySeries {
		delete(a, "series")
		delete(b, "series")
		if err := diffSeries(was, is, &set, &gone); err != nil {
			return Delta{}, fmt.Errorf("compare chart options: %w", err)
		}
	}
	set.Parts, gone.Parts = diffFields(a, b)

	var d Delta
	if set.Parts != nil || set.Series != nil || set.Order != nil {
		d.Set = &set
	}
	if gone.Parts != nil || gone.Series != nil {
		d.Gone = &gone
	}
	return d, nil
}

func diffSeries(was, is keyedList, set *DeltaSet, gone *DeltaGone) error {
	for _, id := range was.order {
		if _, ok := is.items[id]; !ok {
			gone.Series = append(gone.Series, SeriesGone{ID: id, Whole: true})
		}
	}
	for _, id := range is.order {
		old, known := was.items[id]
		if known && bytes.Equal(old, is.items[id]) {
			continue
		}
		next, err := objectOf(is.items[id])
		if err != nil {
			return err
		}
		delete(next, "id")
		if !known {
			set.Series = append(set.Series, SeriesSet{ID: id, New: true, Fields: next})
			continue
		}
		prev, err := objectOf(old)
		if err != nil {
			return err
		}
		delete(prev, "id")
		s, g := SeriesSet{ID: id}, SeriesGone{ID: id}
		if points, names, order, ok := diffPoints(prev["data"], next["data"]); ok {
			s.Points, g.Points, s.Order = points, names, order
			delete(prev, "data")
			delete(next, "data")
		}
		s.Fields, g.Fields = diffFields(prev, next)
		if s.Fields != nil || s.Points != nil || s.Order != nil {
			set.Series = append(set.Series, s)
		}
		if g.Fields != nil || g.Points != nil {
			gone.Series = append(gone.Series, g)
		}
	}
	if order := afterMerge(was.order, is.order, is.has); !slices.Equal(order, is.order) {
		set.Order = is.order
	}
	return nil
}

// diffPoints compares the points of a series by name. It is not ok where they
// cannot be told apart by name, or where the whole list is no longer.
func diffPoints(before, after json.RawMessage) (set []json.RawMessage, gone, order []string, ok bool) {
	was, wasKeyed := keyed(before, "name")
	is, isKeyed := keyed(after, "name")
	if !wasKeyed || !isKeyed {
		return nil, nil, nil, false
	}
	for _, name := range is.order {
		if old, known := was.items[name]; !known || !bytes.Equal(old, is.items[name]) {
			set = append(set, is.items[name])
		}
	}
	if len(set) == len(is.order) && len(set) > 0 {
		return nil, nil, nil, false
	}
	for _, name := range was.order {
		if !is.has(name) {
			gone = append(gone, name)
		}
	}
	if merged := afterMerge(was.order, is.order, is.has); !slices.Equal(merged, is.order) {
		order = is.order
	}
	return set, gone, order, true
}

// afterMerge is the order that comes of dropping what is gone and appending
// what is new.
func afterMerge(was, is []string, stays func(string) bool) []string {
	order := make([]string, 0, len(is))
	old := make(map[string]bool, len(was))
	for _, k := range was {
		if stays(k) {
			order = append(order, k)
			old[k] = true
		}
	}
	for _, k := range is {
		if !old[k] {
			order = append(order, k)
		}
	}
	return order
}

func diffFields(before, after fields) (set fields, gone []string) {
	for _, k := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[k]; !ok {
			gone = append(gone, k)
		}
	}
	for k, v := range after {
		if old, ok := before[k]; ok && bytes.Equal(old, v) {
			continue
		}
		if set == nil {
			set = fields{}
		}
		set[k] = v
	}
	return set, gone
}
