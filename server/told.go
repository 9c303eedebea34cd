package server

// told is an event as it is told to most, and to plain topics.
type told struct{ framed, plain []byte }

func (t told) to(topic *topic) []byte {
	if topic.plain {
		return t.plain
	}
	return t.framed
}

// tell appends an event without an id to every topic.
func (h *hub) tell(name string, framed []byte) { h.tellEach(name, told{framed, framed}) }

func (h *hub) tellEach(name string, what told) {
	for _, t := range h.openTopics() {
		t.log.append(func(uint64) event { return event{what.to(t), false} })
		h.server.meters.events.WithLabelValues(name).Inc()
	}
}
