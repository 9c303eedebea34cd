package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"agora/charts"
	"agora/mood"
)

// chartIDs lists the charts there are, in the order of a page.
func chartIDs() []string {
	var ids []string
	for _, c := range charts.All() {
		ids = append(ids, c.ID)
	}
	return ids
}

// timeAlone is what is left of totals for whoever may see no more than a chart.
type timeAlone struct {
	AsOf time.Time `json:"as_of"`
}

// draw makes the state that a board shows, and what changed since the state
// before, which may be nil.
func draw(b *mood.Board, ids []string, before *state) (*state, error) {
	now := &state{version: 1, options: make(map[string]json.RawMessage, len(ids)), deltas: make(map[string]json.RawMessage)}
	if before != nil {
		now.version = before.version + 1
	}
	for _, id := range ids {
		c, ok := charts.Find(id)
		if !ok {
			continue
		}
		option, err := c.Option(c.Table(b))
		if err != nil {
			return nil, fmt.Errorf("draw %s: %w", id, err)
		}
		now.options[id] = json.RawMessage(option)
		if before == nil || before.options[id] == nil || bytes.Equal(before.options[id], option) {
			continue
		}
		delta, err := charts.Diff(charts.Option(before.options[id]), option)
		if err != nil {
			return nil, fmt.Errorf("compare %s: %w", id, err)
		}
		if now.deltas[id], err = json.Marshal(delta); err != nil {
			return nil, fmt.Errorf("encode delta of %s: %w", id, err)
		}
	}
	var err error
	if now.totals, err = json.Marshal(charts.Totals(b)); err != nil {
		return nil, fmt.Errorf("encode totals: %w", err)
	}
	if now.asOf, err = json.Marshal(timeAlone{b.AsOf}); err != nil {
		return nil, fmt.Errorf("encode the time of totals: %w", err)
	}
	return now, nil
}
