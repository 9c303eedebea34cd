package server

import (
	"net/http"
	"time"
)

// embedShare is how many of the streams embeds may have: one part in this many.
const embedShare = 2

// enter counts a stream in, if there is room for it. Embeds have a part of the
// room: a page that everybody opens shuts no wall out.
func (h *hub) enter(embed bool) error {
	all := h.server.Limits.Streams
	part := max(1, all/embedShare)
	if h.streams.Add(1) > int64(all) {
		h.streams.Add(-1)
		return h.full("All %d streams that this server allows are open: close a page, or raise limits.streams in agora.yaml.", all)
	}
	if embed && h.framed.Add(1) > int64(part) {
		h.framed.Add(-1)
		h.streams.Add(-1)
		return h.full("All %d streams that charts on other sites may have are open: close a page, embed pictures, or raise limits.streams in agora.yaml, of which this is a part.", part)
	}
	h.server.meters.streams.Inc()
	return nil
}

func (h *hub) full(sentence string, most int) error {
	h.server.meters.refused.Inc()
	return newProblem(http.StatusServiceUnavailable, sentence, most).after(jitter(5*time.Second, 15*time.Second))
}

func (h *hub) leave(embed bool) {
	if embed {
		h.framed.Add(-1)
	}
	h.streams.Add(-1)
	h.server.meters.streams.Dec()
}
