package server

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// pair takes a screen through pairing and gives its cookie and its id.
func (h *house) pair(name string) (cookie, id string) {
	h.t.Helper()
	p := h.post("/api/v1/displays/pair", "").json(h.t)
	device := `{"device_code":"` + p["device_code"].(string) + `"}`
	if a := h.post("/api/v1/displays/poll", device); a.status != http.StatusAccepted {
		h.t.Fatalf("poll ahead of approval: %d %s", a.status, a.body)
	}
	code := strings.ToLower(strings.ReplaceAll(p["user_code"].(string), "-", " "))
	a := h.post("/api/v1/displays/approve", `{"user_code":"`+code+`","name":"`+name+`","wall":"lobby"}`, bearerOf(adminToken)...)
	if a.status != http.StatusCreated {
		h.t.Fatalf("approve: %d %s", a.status, a.body)
	}
	id = a.json(h.t)["id"].(string)
	a = h.post("/api/v1/displays/poll", device)
	if a.status != http.StatusOK || a.json(h.t)["wall"] != "lobby" {
		h.t.Fatalf("poll: %d %s", a.status, a.body)
	}
	if again := h.post("/api/v1/displays/poll", device); again.status != http.StatusGone {
		h.t.Errorf("the token is handed out twice: %d", again.status)
	}
	return cookies(a), id
}

func TestAScreenIsPairedLooksAndIsCutOff(t *testing.T) {
	h := guarded(t, nil)
	cookie, id := h.pair("Lobby left")
	if a := h.get("/api/v1/board", "Cookie", cookie); a.status != http.StatusOK {
		t.Errorf("reading: %d", a.status)
	}
	if w := h.get("/api/v1/walls", "Cookie", cookie).json(t)["walls"].([]any); len(w) != 1 || w[0].(map[string]any)["id"] != "lobby" {
		t.Errorf("it is told %v, not its own wall", w)
	}
	if a := h.post("/api/v1/mentions", `{"title":"a"}`, "Cookie", cookie); a.status != http.StatusForbidden {
		t.Errorf("writing: %d", a.status)
	}
	if a := h.get("/api/v1/session", "Cookie", cookie).json(t); a["access"] != "read" || a["display"] != id {
		t.Errorf("session: %v", a)
	}
	for _, k := range h.states[displayKind] {
		if strings.Contains(string(k.value), strings.SplitN(cookie, ".", 2)[1]) {
			t.Error("the screen's token is stored as it is")
		}
	}
	if n := len(h.states[pairingKind]); n != 0 {
		t.Errorf("%d pairings are left over", n)
	}
	h.clock.advance(5 * time.Minute)
	seen := h.clock.now()
	h.get("/api/v1/board", "Cookie", cookie)
	list := h.get("/api/v1/displays", bearerOf(adminToken)...).json(t)["displays"].([]any)
	if len(list) != 1 {
		t.Fatalf("%d screens", len(list))
	}
	last, err := time.Parse(time.RFC3339, list[0].(map[string]any)["last_seen"].(string))
	if err != nil || last.Before(seen.Add(-time.Second)) {
		t.Errorf("last seen %s (%v), want about %s", last, err, seen)
	}
	p := h.tap("?brand=nokia", "Cookie", cookie)
	p.until("snapshot")
	if a := h.ask(http.MethodDelete, "/api/v1/displays/"+id, "", bearerOf(adminToken)...); a.status != http.StatusNoContent {
		t.Fatalf("unpair: %d", a.status)
	}
	for {
		if _, err := p.next(); err != nil {
			if strings.Contains(err.Error(), "timeout") {
				t.Error("its stream goes on")
			}
			break
		}
	}
	if a := h.get("/api/v1/board", "Cookie", cookie); a.status != http.StatusUnauthorized {
		t.Errorf("afterwards: %d", a.status)
	}
}

func TestPairingCodesAreShortLivedAndHardToGuess(t *testing.T) {
	h := guarded(t, nil)
	h.clock.hold()
	p := h.post("/api/v1/displays/pair", "").json(t)
	code := p["user_code"].(string)
	if len(code) != 9 || strings.ContainsAny(code, "AEIOUY0123456789") || p["expires_in"] != 600.0 {
		t.Errorf("code %s, %v s", code, p["expires_in"])
	}
	approve := func(code string) int {
		return h.post("/api/v1/displays/approve", `{"user_code":"`+code+`","name":"x","wall":"lobby"}`, bearerOf(adminToken)...).status
	}
	for range codeTries {
		if s := approve("BBBB-BBBB"); s != http.StatusNotFound {
			t.Fatalf("a wrong code: %d", s)
		}
	}
	if s := approve(code); s != http.StatusTooManyRequests {
		t.Errorf("after five wrong ones: %d", s)
	}
	h.clock.advance(pairTime)
	if s := approve(code); s != http.StatusNotFound {
		t.Errorf("after ten minutes: %d", s)
	}
	if a := h.post("/api/v1/displays/poll", `{"device_code":"`+p["device_code"].(string)+`"}`); a.status != http.StatusGone {
		t.Errorf("poll after ten minutes: %d", a.status)
	}
	if a := h.post("/api/v1/displays/approve", `{"user_code":"x","name":"x","wall":"cellar"}`, bearerOf(adminToken)...); a.status != http.StatusBadRequest {
		t.Errorf("a wall there isn't: %d", a.status)
	}
}
