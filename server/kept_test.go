package server

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"agora/charts"
	"agora/mood"
)

// withKeptPage puts the real page of kept boards among the files.
func withKeptPage(t testing.TB) fs.FS {
	t.Helper()
	form, err := os.ReadFile("../static/src/kept.html")
	if err != nil {
		t.Fatal(err)
	}
	all := files()
	all["kept.html"] = &fstest.MapFile{Data: form}
	all["index.html"] = &fstest.MapFile{Data: []byte("<html><head><title>page</title></head><body></body></html>")}
	return all
}

func openKept(t testing.TB, change func(*Config)) (*house, *easel) {
	return openEasel(t, func(c *Config) {
		c.Assets = withKeptPage(t)
		if change != nil {
			change(c)
		}
	})
}

type keptSaid struct {
	ID, URL, Kept, Brand, Window, Note string
	AsOf                               time.Time `json:"as_of"`
	Demo                               bool
	Charts                             map[string]map[string]string
}

func (h *house) keep(body string, headers ...string) keptSaid {
	h.t.Helper()
	a := h.post("/api/v1/snapshots", body, headers...)
	if a.status != http.StatusCreated {
		h.t.Fatalf("keep %s: %d %s", body, a.status, a.body)
	}
	var k keptSaid
	if err := json.Unmarshal([]byte(a.body), &k); err != nil {
		h.t.Fatal(err)
	}
	if a.header.Get("Location") != k.URL {
		h.t.Errorf("Location is %q, the address %q", a.header.Get("Location"), k.URL)
	}
	return k
}

func TestAKeptBoardStaysAsItWasAndSaysSo(t *testing.T) {
	h, e := openKept(t, func(c *Config) { c.Version, c.Demo = "1.2.3", true })
	h.mu.Lock()
	h.sources = []mood.SourceHealth{{ID: "s1", Name: "Loud"}, {ID: "s2", Name: "Quiet", Outages: []mood.Outage{{From: h.clock.now()}}}}
	h.mu.Unlock()
	h.say("nokia", mood.Positive)
	k := h.keep(`{"brand":"nokia,ericsson","window":"7d","note":" Before\nthe \u202eboard <b>meeting</b> "}`)
	if k.URL != h.url+"/snapshots/"+k.ID || k.Brand != "nokia,ericsson" || k.Window != "7d" || k.Note != "Before the board <b>meeting</b>" || !k.Demo || len(k.ID) < 22 {
		t.Errorf("%+v", k)
	}
	for _, ch := range charts.All() {
		for _, f := range h.server.chartFormats() {
			if want := k.URL + "/" + ch.ID + "." + f; k.Charts[ch.ID][f] != want {
				t.Errorf("%s as %s is at %q, want %q", ch.ID, f, k.Charts[ch.ID][f], want)
			}
		}
	}

	h.say("nokia", mood.Negative)
	h.mu.Lock()
	h.sources = nil
	h.mu.Unlock()
	h.clock.advance(40 * 24 * time.Hour)
	h.server.Watch([]mood.Brand{{ID: "other", Name: "Other"}}, nil)

	path := strings.TrimPrefix(k.Charts["timeline"]["png"], h.url)
	if a := h.get(path + "?theme=dark&width=800&scale=2"); a.status != http.StatusOK || a.header.Get("Content-Type") != kindPNG {
		t.Fatalf("%d %s", a.status, a.body)
	}
	f := e.last()
	c := f.Table.Caption()
	when := h.server.now().Add(-40 * 24 * time.Hour)
	if f.Theme != "dark" || f.Width != 800 || f.Height != 450 || f.Scale != 2 || f.Link != k.URL || c.Mark == "" {
		t.Errorf("it drew %s, %d × %d, scale %v, link %q, mark %q", f.Theme, f.Width, f.Height, f.Scale, f.Link, c.Mark)
	}
	for _, want := range []string{"1 mention ·", "1 of 2 sources answer (silent: Quiet)", "kept on " + when.UTC().Format("2 Jan 2006")} {
		if !strings.Contains(c.Basis, want) {
			t.Errorf("below it says %q, not %q", c.Basis, want)
		}
	}
	if !strings.HasPrefix(c.Title, "Timeline: Nokia and Ericsson, last 7 days") {
		t.Errorf("it is called %q", c.Title)
	}
	rows := records(t, h.get(strings.TrimPrefix(k.Charts["mood"]["csv"], h.url)).body)
	said := fmt.Sprint(rows)
	for _, want := range []string{"[Nokia 1 1 0 0 0 100", "[Ericsson 0", "[Kept on " + k.Kept[:10], "Demo", "silent: Quiet"} {
		if !strings.Contains(said, want) {
			t.Errorf("the table lacks %q: %s", want, said)
		}
	}
	whole := h.get("/api/v1/snapshots/" + k.ID).json(t)
	board := whole["board"].(map[string]any)["brands"].(map[string]any)["nokia"].(map[string]any)["total"].(map[string]any)
	if board["mentions"] != 1.0 || whole["version"] != "1.2.3" || whole["names"].([]any)[0].(map[string]any)["color"] != "#005AFF" {
		t.Errorf("as JSON it is %v", whole)
	}
}

func TestKeptBoardsAreListedNewestFirstAndDeleted(t *testing.T) {
	h, _ := openKept(t, nil)
	var ids []string
	for _, body := range []string{`{}`, `{"brand":"ericsson","window":"1h"}`, `{"brand":"nokia"}`} {
		ids = append([]string{h.keep(body).ID}, ids...)
		h.clock.advance(time.Minute)
	}
	listed := func() (found []string) {
		for _, s := range h.get("/api/v1/snapshots").json(t)["snapshots"].([]any) {
			found = append(found, s.(map[string]any)["id"].(string))
		}
		return found
	}
	if got := listed(); fmt.Sprint(got) != fmt.Sprint(ids) {
		t.Fatalf("listed %v, want %v", got, ids)
	}
	gone := ids[1]
	picture := "/snapshots/" + gone + "/mood.svg"
	tag := h.get(picture).header.Get("ETag")
	if a := h.ask(http.MethodDelete, "/api/v1/snapshots/"+gone, ""); a.status != http.StatusNoContent {
		t.Fatal(a.status, a.body)
	}
	if got := listed(); len(got) != 2 || strings.Contains(fmt.Sprint(got), gone) {
		t.Errorf("listed then: %v", got)
	}
	if left := len(h.states[keptBoardKind]); left != 2 {
		t.Errorf("%d boards are still in the store", left)
	}
	for _, id := range []string{gone, "x", "..", newKeptID(), strings.Repeat("a", 300)} {
		for _, path := range []string{"/api/v1/snapshots/" + id, "/snapshots/" + id + "/mood.svg", "/snapshots/" + id} {
			a := h.get(path, "If-None-Match", tag)
			if a.status != http.StatusNotFound {
				t.Errorf("%s: %d", path, a.status)
			}
			if page := strings.HasPrefix(a.header.Get("Content-Type"), "text/html"); page != (path == "/snapshots/"+id) && id != ".." || page && !strings.Contains(a.body, "This board isn’t kept") {
				t.Errorf("%s: %s %s", path, a.header.Get("Content-Type"), a.body)
			}
		}
		if a := h.ask(http.MethodDelete, "/api/v1/snapshots/"+id, ""); a.status != http.StatusNotFound {
			t.Errorf("delete %s: %d", id, a.status)
		}
	}
}

func TestWhatCantBeKeptIsRefusedInWords(t *testing.T) {
	h, _ := openKept(t, nil)
	for body, want := range map[string]string{
		`{"brand":"acme"}`: `No brand "acme"`, `{"window":"2d"}`: `window is "2d"`, `{"what":1}`: "unknown field", `[]`: "JSON object",
		`{"note":"` + strings.Repeat("ä", 301) + `"}`: "301 characters",
	} {
		if a := h.post("/api/v1/snapshots", body); a.status != http.StatusBadRequest || !strings.Contains(a.json(t)["detail"].(string), want) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	k := h.keep(`{"note":"` + strings.Repeat("ä", 300) + `"}`)
	for path, want := range map[string]int{
		"/mood.gif": 404, "/moo.png": 404, "/mood": 404, "/mood.png?theme=pink": 400, "/mood.png?brand=nokia": 400, "/mood.png?place=about": 400, "/map.png?place=about": 200, "/mood.png?width=9": 400,
		"/mood.png?width=4096&height=4096&scale=4": 400, "/mood.svg?width=4096&height=4096&scale=4": 200,
	} {
		a := h.get("/snapshots/" + k.ID + path)
		if a.status != want {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
		if want == http.StatusBadRequest && (a.json(t)["parameter"] == nil || strings.Contains(a.body, ": invalid")) {
			t.Errorf("%s doesn't name what is wrong: %s", path, a.body)
		}
	}
	h.fail(mood.ErrUnavailable)
	if a := h.post("/api/v1/snapshots", `{}`); a.status != http.StatusServiceUnavailable {
		t.Errorf("without a store: %d", a.status)
	}
	if a := h.get("/snapshots/" + k.ID); a.status != http.StatusServiceUnavailable {
		t.Errorf("a page without a store: %d", a.status)
	}
}

func TestThereIsNoRoomForEndlessBoards(t *testing.T) {
	h, _ := openKept(t, nil)
	first := h.keep(`{}`).ID
	h.clock.advance(time.Second)
	fill := func(n, bytes int) {
		h.mu.Lock()
		defer h.mu.Unlock()
		for len(h.states[keptKind]) < n {
			id := newKeptID()
			said, err := json.Marshal(keptNote{ID: id, Kept: h.clock.now().Add(time.Hour), Bytes: bytes})
			if err != nil {
				t.Fatal(err)
			}
			h.states[keptKind][id] = kept{value: said}
		}
	}
	refused := func(what string) {
		t.Helper()
		a := h.post("/api/v1/snapshots", `{}`)
		if a.status != http.StatusConflict || !strings.Contains(a.body, "The oldest are "+first+" (nokia, 24h, kept on ") {
			t.Errorf("%s: %d %s", what, a.status, a.body)
		}
	}
	fill(maxKept-1, 1)
	h.keep(`{}`)
	refused("too many")
	h.mu.Lock()
	for id := range h.states[keptKind] {
		if id != first {
			delete(h.states[keptKind], id)
		}
	}
	h.mu.Unlock()
	fill(3, keptRoom/2)
	refused("too large")
}

func TestReadersSeeKeptBoardsAndOnlyAdminsKeep(t *testing.T) {
	h, _ := openKept(t, func(c *Config) {
		c.AdminHash = hashOf(adminToken)
		c.Walls = []mood.Wall{{ID: "lobby"}}
		c.Intake = nil // a process that only shows
	})
	screen, _ := h.pair("Lobby")
	k := h.keep(`{"brand":"nokia"}`, bearerOf(adminToken)...)
	for _, path := range []string{"/api/v1/snapshots", "/api/v1/snapshots/" + k.ID, "/snapshots/" + k.ID, "/snapshots/" + k.ID + "/mood.png"} {
		if a := h.get(path, "Cookie", screen); a.status != http.StatusOK {
			t.Errorf("%s for a screen: %d %s", path, a.status, a.body)
		}
		if a := h.get(path); a.status == http.StatusOK || strings.Contains(a.body, "Nokia") || a.header.Get("Cache-Control") == keptCache {
			t.Errorf("%s for a stranger: %d %s", path, a.status, a.body)
		}
	}
	if a := h.post("/api/v1/snapshots", `{}`, "Cookie", screen); a.status != http.StatusForbidden {
		t.Errorf("a screen keeps: %d", a.status)
	}
	if a := h.ask(http.MethodDelete, "/api/v1/snapshots/"+k.ID, "", "Cookie", screen); a.status != http.StatusForbidden {
		t.Errorf("a screen deletes: %d", a.status)
	}
}

func TestTheAddressOfAKeptBoardIsPublicWhereThereIsAPublicURL(t *testing.T) {
	public := "https://mood.example.com"
	h, e := openKept(t, func(c *Config) { c.PublicURL = public + "/" })
	k := h.keep(`{}`)
	h.get("/snapshots/" + k.ID + "/mood.pdf")
	if want := public + "/snapshots/" + k.ID; k.URL != want || e.last().Link != want {
		t.Errorf("%s and %s, want %s", k.URL, e.last().Link, want)
	}
	h, _ = openKept(t, nil)
	port := h.url[strings.LastIndex(h.url, ":"):]
	if k := h.keep(`{}`, "Host", "localhost"+port); !strings.HasPrefix(k.URL, "http://localhost"+port+"/snapshots/") {
		t.Errorf("asked as localhost, it is at %s", k.URL)
	}
}

func TestABoardOfALaterVersionSaysWhatToDo(t *testing.T) {
	h, _ := openKept(t, nil)
	id := newKeptID()
	h.states[keptBoardKind] = map[string]kept{id: {value: []byte("agora-board 9\n")}}
	for _, path := range []string{"/api/v1/snapshots/" + id, "/snapshots/" + id, "/snapshots/" + id + "/mood.png"} {
		if a := h.get(path); a.status != http.StatusNotImplemented || !strings.Contains(a.body, "update Agora") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

func TestPeopleArentToldTheKindOfAnErrorInAWord(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("a scale of 9 can't be had: use 1 to 4: %w", mood.ErrInvalid), "A scale of 9 can't be had: use 1 to 4."},
		{fmt.Errorf("cursor %q: %w: use another one", "x", mood.ErrInvalid), `Cursor "x": use another one.`},
		{fmt.Errorf("its text is no longer kept: %w", mood.ErrGone), "Its text is no longer kept."},
		{fmt.Errorf("list: invalid: %w", mood.ErrUnavailable), "List: invalid: unavailable."},
	} {
		if got := sentence(c.err); got != c.want {
			t.Errorf("%q is told as %q, want %q", c.err, got, c.want)
		}
	}
}
