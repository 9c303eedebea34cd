package server

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"agora/mood"
)

// tickMentions is how many mentions of a stream one tick tells.
const (
	tickMentions = 20
	freshTime    = time.Hour // older ones aren't news
)

// pendingMentions are the newest mentions of a brand since the last tick.
type pendingMentions struct {
	newest  []mood.Mention // oldest first
	skipped int
}

func (p *pendingMentions) add(n mood.Notice) {
	p.newest = append(p.newest, n.Mentions...)
	p.skipped += n.Skipped
	if over := len(p.newest) - tickMentions; over > 0 {
		p.newest = slices.Delete(p.newest, 0, over)
		p.skipped += over
	}
}

// sendMentions tells every topic the mentions of its brands.
func (h *hub) sendMentions() {
	if len(h.pending) == 0 {
		return
	}
	now := h.now()
	for _, p := range h.pending {
		for _, m := range p.newest {
			h.server.meters.arrived.Observe(max(0, now.Sub(m.Seen).Seconds()))
			h.server.meters.published.Observe(max(0, now.Sub(m.Published).Seconds()))
		}
	}
	framed := make(map[string][][]byte) // data by brands
	for _, t := range h.openTopics() {
		if t.plain {
			continue
		}
		key := strings.Join(t.brands, ",")
		data, ok := framed[key]
		if !ok {
			data = mentionData(h.pending, t.brands, now)
			framed[key] = data
		}
		frames := make([]func(uint64) event, len(data))
		for i, d := range data {
			frames[i] = func(n uint64) event { return event{frame("mention", eventID(t.epoch, n), d), true} }
		}
		if len(frames) > 0 {
			t.log.append(frames...)
			h.server.meters.events.WithLabelValues("mention").Add(float64(len(frames)))
		}
	}
	clear(h.pending)
}

// mentionData is the data of a tick's mention events for some brands, oldest
// first: each mention once, with its readings of those brands.
func mentionData(pending map[string]*pendingMentions, brands []string, now time.Time) [][]byte {
	byID, skipped := make(map[string]mood.Mention), 0
	var order []string
	for _, b := range brands {
		p := pending[b]
		if p == nil {
			continue
		}
		skipped += p.skipped
		for _, m := range p.newest {
			if now.Sub(m.Published) > freshTime {
				continue
			}
			if known, ok := byID[m.ID]; ok {
				readings := maps.Clone(m.Readings)
				maps.Copy(readings, known.Readings)
				m.Readings = readings
			} else {
				order = append(order, m.ID)
			}
			byID[m.ID] = m
		}
	}
	slices.SortStableFunc(order, func(a, b string) int {
		return cmp.Or(byID[a].Seen.Compare(byID[b].Seen), byID[a].Published.Compare(byID[b].Published))
	})
	if over := len(order) - tickMentions; over > 0 {
		order, skipped = order[over:], skipped+over
	}
	data := make([][]byte, len(order))
	for i, id := range order {
		e := mentionEvent{Mention: forBrands(byID[id], brands)}
		if i == len(order)-1 {
			e.Skipped = skipped
		}
		data[i] = encode(e)
	}
	return data
}
