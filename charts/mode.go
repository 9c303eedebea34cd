package charts

import (
	"encoding/json"
	"fmt"
	"slices"

	"agora/mood"
)

// Modes are what a chart shows one of at a time: for the map, the kinds of
// places. The first is the usual one. Most charts have none.
func (c Chart) Modes() []string {
	if c.ID != "map" {
		return nil
	}
	modes := make([]string, 0, 3)
	for _, kind := range placeKinds() {
		modes = append(modes, kind.id)
	}
	return modes
}

// In gives a table and an option that the chart made as they are in one of its
// modes: what is of another mode is neither seen nor spoken of. It changes
// neither of the two it is given. An unknown mode is [mood.ErrInvalid].
func (c Chart) In(mode string, t Table, o Option) (Table, Option, error) {
	if !slices.Contains(c.Modes(), mode) {
		return Table{}, nil, fmt.Errorf("the chart %s has no mode %q: %w", c.ID, mode, mood.ErrInvalid)
	}
	var look tree
	if err := json.Unmarshal(o, &look); err != nil {
		return Table{}, nil, fmt.Errorf("read a chart option: %w", err)
	}
	devices := mode == placeOrigin // where devices are is where things are sent from
	elsewhere := func(note string) bool {
		return !devices && slices.Contains(deviceNotes(t), note)
	}
	others := map[string]bool{}
	for _, n := range t.view.unplacedNotes() {
		if n.Mode != mode {
			others[n.Text] = true
		}
	}
	t.Notes = slices.DeleteFunc(slices.Clone(t.Notes), func(n string) bool { return others[n] || elsewhere(n) })

	t.mode = mode

	selected := tree{}
	for _, m := range c.Modes() {
		selected[m] = m == mode
	}
	merge(look, tree{"legend": tree{"selected": selected}})
	if series, ok := look["series"].([]any); ok && !devices {
		for _, s := range series {
			if s, ok := s.(tree); ok && s["id"] == "activity" {
				s["data"] = []any{}
			}
		}
	}
	if list, ok := look["notes"].([]any); ok {
		look["notes"] = slices.DeleteFunc(list, func(n any) bool {
			note, _ := n.(tree)
			of, _ := note["mode"].(string)
			text, _ := note["text"].(string)
			return of != "" && of != mode || elsewhere(text)
		})
	}
	shown, err := encode(look)
	return t, shown, err
}

// deviceNotes are those notes of a map's table that speak of devices.
func deviceNotes(t Table) []string {
	list := []string{noteRings}
	if _, lost := t.view.devices(); lost > 0 {
		list = append(list, noteUnplacedDevices(lost))
	}
	return list
}
