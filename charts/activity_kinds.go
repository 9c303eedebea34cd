package charts

import (
	"cmp"
	"slices"

	"agora/mood"
)

// deed is a kind of activity, added up over the brands of a view.
type deed struct {
	id, name, unit, color string
	count, before         int64
	compared              bool // all that is in count has a before
	order                 int  // 0: the most frequent
	rows                  []mood.ActivityRow
}

// deeds are the kinds of activity of a view, the most frequent first.
func (v view) deeds() []*deed {
	byID := map[string]*deed{}
	var list []*deed
	for _, b := range v.boards {
		for _, a := range b.Activity {
			id := valid(a.Key)
			d := byID[id]
			if d == nil {
				d = &deed{id: id, compared: true}
				byID[id] = d
				list = append(list, d)
			}
			d.name = cmp.Or(d.name, shown(a.Name))
			d.unit = cmp.Or(d.unit, shown(a.Unit))
			d.color = cmp.Or(d.color, a.Color)
			d.count += a.Count
			if a.Before == nil {
				d.compared = false
			} else {
				d.before += *a.Before
			}
			d.rows = append(d.rows, a)
		}
	}
	slices.SortFunc(list, func(a, b *deed) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.id, b.id)) })
	for i, d := range list {
		d.order = i
		d.name = cmp.Or(d.name, shown(d.id))
	}
	return list
}

// paint is the colour of a kind: its own, or one by its rank.
func (d *deed) paint() string {
	if d.color != "" {
		return d.color
	}
	return role(spareColors[min(d.order, mostKinds)])
}

// amount is a count with its unit.
func (w *Words) amount(n int64, unit string) string {
	if unit == "" {
		return w.events(n)
	}
	return w.Says.Amount.with("n", w.count(n), "unit", unit)
}

// floorNote says how few are never shown at a place.
func (w *Words) floorNote() string {
	return w.Notes.Floor.with("n", w.count(mood.LeastAtPlace))
}
