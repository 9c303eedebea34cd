package server

import (
	"slices"

	"agora/mood"
)

// correctionEvent tells screens that list mentions which of them a person
// corrected, of one brand. Counts come by themselves, in deltas.
type correctionEvent struct {
	Brand    string                  `json:"brand"`
	Readings map[string]mood.Reading `json:"readings"`       // by the id of the mention
	More     int                     `json:"more,omitempty"` // so many more changed: ask for the list anew
}

// noteCorrections remembers what a notice says was corrected until the next
// tick.
func (h *hub) noteCorrections(n mood.Notice) {
	if len(n.Corrected) == 0 && n.MoreCorrected == 0 {
		return
	}
	e := h.corrected[n.Brand]
	if e == nil {
		e = &correctionEvent{Brand: n.Brand, Readings: make(map[string]mood.Reading)}
		h.corrected[n.Brand] = e
	}
	e.More += n.MoreCorrected
	for id, r := range n.Corrected {
		if _, ok := e.Readings[id]; !ok && len(e.Readings) >= tickMentions {
			e.More++
			continue
		}
		e.Readings[id] = r
	}
}

// sendCorrections tells every topic what was corrected of its brands.
func (h *hub) sendCorrections() {
	for brand, e := range h.corrected {
		framed := frame("correction", "", encode(e))
		for _, t := range h.openTopics() {
			if t.plain || !slices.Contains(t.brands, brand) {
				continue
			}
			t.log.append(func(uint64) event { return event{framed, false} })
			h.server.meters.events.WithLabelValues("correction").Inc()
		}
	}
	clear(h.corrected)
}
