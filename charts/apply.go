package charts

import (
	"encoding/json"
	"fmt"
	"maps"
)

// Apply gives the option that a delta leads to. It fails where the delta
// belongs to another option: then only a snapshot helps.
func Apply(o Option, d Delta) (Option, error) {
	if d.Empty() {
		return o, nil
	}
	parts, err := objectOf(o)
	if err != nil {
		return nil, fmt.Errorf("apply a chart delta: %w", err)
	}
	set, gone := DeltaSet{}, DeltaGone{}
	if d.Set != nil {
		set = *d.Set
	}
	if d.Gone != nil {
		gone = *d.Gone
	}
	for _, k := range gone.Parts {
		delete(parts, k)
	}
	maps.Copy(parts, set.Parts)
	if set.Series != nil || set.Order != nil || gone.Series != nil {
		if parts["series"], err = applySeries(parts["series"], set, gone); err != nil {
			return nil, fmt.Errorf("apply a chart delta: %w", err)
		}
	}
	return encodeOption(parts)
}

func applySeries(raw json.RawMessage, set DeltaSet, gone DeltaGone) (json.RawMessage, error) {
	list, ok := keyed(raw, "id")
	if !ok {
		return nil, fmt.Errorf("the option's series have no ids of their own")
	}
	for _, g := range gone.Series {
		if !list.has(g.ID) {
			continue
		}
		if g.Whole {
			list.drop(g.ID)
			continue
		}
		s, err := objectOf(list.items[g.ID])
		if err != nil {
			return nil, err
		}
		for _, k := range g.Fields {
			delete(s, k)
		}
		if err := applyPoints(g.ID, s, nil, g.Points, nil); err != nil {
			return nil, err
		}
		if err := list.put(g.ID, s); err != nil {
			return nil, err
		}
	}
	for _, c := range set.Series {
		s := fields{}
		if list.has(c.ID) {
			var err error
			if s, err = objectOf(list.items[c.ID]); err != nil {
				return nil, err
			}
		} else if !c.New {
			return nil, fmt.Errorf("the option has no series %q", c.ID)
		}
		id, err := encode(c.ID)
		if err != nil {
			return nil, err
		}
		s["id"] = id
		maps.Copy(s, c.Fields)
		if err := applyPoints(c.ID, s, c.Points, nil, c.Order); err != nil {
			return nil, err
		}
		if err := list.put(c.ID, s); err != nil {
			return nil, err
		}
	}
	list.reorder(set.Order)
	return list.raw(), nil
}

func applyPoints(id string, s fields, set []json.RawMessage, gone, order []string) error {
	if set == nil && gone == nil && order == nil {
		return nil
	}
	points, ok := keyed(s["data"], "name")
	if !ok {
		return fmt.Errorf("points of series %q have no names of their own", id)
	}
	for _, name := range gone {
		points.drop(name)
	}
	for _, p := range set {
		name, ok := keyOf(p, "name")
		if !ok {
			return fmt.Errorf("a point for series %q has no name", id)
		}
		points.putRaw(name, p)
	}
	points.reorder(order)
	s["data"] = points.raw()
	return nil
}
