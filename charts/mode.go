package charts

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"agora/mood"
)

// Modes are what a chart shows one of at a time: for the map, the kinds of
// places. The first is the usual one. Most charts have none.
func (c Chart) Modes() []string {
	if c.ID != "map" {
		return nil
	}
	modes := make([]string, 0, 4)
	for _, kind := range placeKinds() {
		modes = append(modes, kind.id)
	}
	return append(modes, modeDevices)
}

// In gives a table and an option that the chart made as they are in one of its
// modes: what is of another mode is neither seen nor spoken of. It changes
// neither of the two it is given. An unknown mode is [mood.ErrInvalid].
func (c Chart) In(mode string, t Table, o Option) (Table, Option, error) {
	only, err := c.Only(mode, t)
	if err != nil {
		return Table{}, nil, err
	}
	shown, err := inMode(mode, c.Modes(), t, o)
	return only, shown, err
}

// devicesIn tells whether a mode shows devices.
func devicesIn(mode string) bool { return mode == modeDevices }

// elsewhere tells whether a note speaks of devices that a mode doesn't show.
func elsewhere(mode string, t Table, note string) bool {
	return !devicesIn(mode) && slices.Contains(deviceNotes(t), note)
}

// Only gives a table that the chart made with the rows and notes of one of its
// modes, and no other. It doesn't change the one it is given. An unknown mode
// is [mood.ErrInvalid].
func (c Chart) Only(mode string, t Table) (Table, error) {
	if !slices.Contains(c.Modes(), mode) {
		return Table{}, fmt.Errorf("the chart %s has no mode %q: %w", c.ID, mode, mood.ErrInvalid)
	}
	others := map[string]bool{}
	for _, n := range t.view.unplacedNotes() {
		if n.Mode != mode {
			others[n.Text] = true
		}
	}
	t.Notes = slices.DeleteFunc(slices.Clone(t.Notes), func(n string) bool { return others[n] || elsewhere(mode, t, n) })
	t.Rows = slices.DeleteFunc(slices.Clone(t.Rows), func(r Row) bool {
		return r.group != mode && (r.group != placeDevice || !devicesIn(mode))
	})
	t.mode = mode
	if t.About != nil {
		about := *t.About
		about.Filters = maps.Clone(about.Filters)
		about.Filters["place"] = mode
		if devicesIn(mode) {
			about.standOn(counted(t.Rows), t.Words())
		}
		t.About = &about
	}
	return t, nil
}

// inMode is the option of a table as it is in a mode, of those that there are.
func inMode(mode string, modes []string, t Table, o Option) (Option, error) {
	var look tree
	if err := json.Unmarshal(o, &look); err != nil {
		return nil, fmt.Errorf("read a chart option: %w", err)
	}
	merge(look, tree{
		"legend": tree{"selected": selectedIn(mode, modes, look), "show": devicesIn(mode) && hasDevices(look)},
		"aria":   tree{"label": tree{"description": describe(t, describePlaces(t, mode))}},
	})
	if list, ok := look["notes"].([]any); ok {
		look["notes"] = slices.DeleteFunc(list, func(n any) bool {
			note, _ := n.(tree)
			of, _ := note["mode"].(string)
			text, _ := note["text"].(string)
			return of != "" && of != mode || elsewhere(mode, t, text)
		})
	}
	return encode(look)
}
