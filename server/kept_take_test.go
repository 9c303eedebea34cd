package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"agora/charts"
	"agora/mood"
)

// TestTwoServersDrawOneKeptBoardWithTheSameBytes hands the states of one server
// to another, whose world, clock, brands and address are others.
func TestTwoServersDrawOneKeptBoardWithTheSameBytes(t *testing.T) {
	one, _ := openKept(t, nil)
	one.say("nokia", mood.Positive)
	one.say("ericsson", mood.Negative)
	k := one.keep(`{"brand":"ericsson,nokia","window":"30d"}`)
	two, _ := openKept(t, func(c *Config) {
		c.States = one.world
		c.Brands = []mood.Brand{{ID: "other", Name: "Other"}}
		c.Location = time.FixedZone("UTC+3", 3*3600)
		c.Demo = true
	})
	two.clock.advance(400 * 24 * time.Hour)
	for _, ch := range charts.All() {
		for _, f := range one.server.chartFormats() {
			path := "/snapshots/" + k.ID + "/" + ch.ID + "." + f
			a, b := one.get(path), two.get(path)
			if a.status != http.StatusOK || a.body != b.body || a.header.Get("ETag") != b.header.Get("ETag") {
				t.Errorf("%s: %d and %d, %d and %d bytes, tags %s and %s", path, a.status, b.status, len(a.body), len(b.body), a.header.Get("ETag"), b.header.Get("ETag"))
			}
		}
	}
}

func TestWhatIsDrawnOfAKeptBoardIsCachedAndAskedForByItsTag(t *testing.T) {
	h, e := openKept(t, nil)
	k := h.keep(`{}`)
	path := "/snapshots/" + k.ID + "/timeline.json"
	for _, p := range []string{"/snapshots/" + k.ID + "/timeline.png", path} {
		a := h.get(p)
		tag := a.header.Get("ETag")
		if a.header.Get("Cache-Control") != "private, no-cache" || !strings.HasPrefix(tag, `"`) {
			t.Errorf("%s: %s, tag %s", p, a.header.Get("Cache-Control"), tag)
		}
		drawn := len(e.figures())
		if b := h.get(p, "If-None-Match", tag); b.status != http.StatusNotModified || b.body != "" || len(e.figures()) != drawn {
			t.Errorf("%s again: %d, drawn %d times", p, b.status, len(e.figures())-drawn)
		}
		if b := h.get(p+"?bare=1", "If-None-Match", tag); b.status != http.StatusOK {
			t.Errorf("%s, bare: %d", p, b.status)
		}
	}
	plain, packed := h.get(path), h.get(path, "Accept-Encoding", "gzip")
	if packed.header.Get("Content-Encoding") != "gzip" || unzip(t, packed.body) != plain.body || packed.header.Get("ETag") == plain.header.Get("ETag") {
		t.Errorf("packed: %v", packed.header)
	}
	if again := h.get(path, "Accept-Encoding", "gzip", "If-None-Match", packed.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("packed again: %d", again.status)
	}
}
