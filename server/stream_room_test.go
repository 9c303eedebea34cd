package server

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestEmbedsLeaveRoomForWalls(t *testing.T) {
	h := guarded(t, func(c *Config) {
		withEmbeds(c)
		c.Limits.Streams = 4
	})
	embed := "?view=nokia@24h&charts=mood&key=" + keyOf(t, h.embedOf(`{"chart":"mood","brand":"nokia"}`))
	first := h.tap(embed)
	first.until("hello")
	h.tap(embed).until("hello")
	refused := func(what, sentence string, p *tap) {
		t.Helper()
		if p.res.StatusCode != http.StatusServiceUnavailable || p.res.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d", what, p.res.StatusCode)
			p.conn.Close()
		} else if body, err := io.ReadAll(p.res.Body); err != nil || !strings.Contains(string(body), sentence) {
			t.Errorf("%s: %s %v", what, body, err)
		}
	}
	refused("a third embed", "All 2 streams that charts on other sites may have", h.tap(embed))
	for range 2 {
		h.tap("?brand=nokia", bearerOf(adminToken)...).until("hello")
	}
	refused("a fifth stream", "All 4 streams", h.tap("?brand=nokia", bearerOf(adminToken)...))
	first.conn.Close()
	waitFor(t, "room", func() bool { return h.server.hub.streams.Load() == 3 })
	h.tap(embed).until("hello")
}
