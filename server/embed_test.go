package server

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"agora/charts"
	"agora/mood"
)

const intranet = "https://intranet.example.com"

// sketcher is a fake that draws nothing and remembers what it was asked for.
type sketcher struct {
	mu     sync.Mutex
	asked  []charts.Figure
	before func(charts.Figure) error
}

func (e *sketcher) Draw(_ context.Context, f charts.Figure) ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked = append(e.asked, f)
	if e.before != nil {
		if err := e.before(f); err != nil {
			return nil, err
		}
	}
	return []byte(f.Format + " of " + f.Table.Chart), nil
}

// withEmbeds lets the intranet frame charts, and gives the pages for it.
func withEmbeds(c *Config) {
	assets := files()
	page := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	assets["embed.html"] = page(`<title>{{.Title}}</title><body data-key="{{.Key}}" data-view="{{.View}}"><a href="{{.Full}}">open</a>`)
	assets["embed-picture.html"] = page(`<title>{{.Title}}</title>{{range .Sources}}<source media="{{.Media}}" srcset="{{.Address}}">{{end}}`)
	assets["embed-problem.html"] = page(`<p>{{.Detail}}</p>`)
	c.Assets, c.Pictures, c.Embed = assets, &sketcher{}, []string{intranet}
}

// embedOf asks for the address of an embed, as the path and query that a frame
// asks for.
func (h *house) embedOf(body string) string {
	h.t.Helper()
	a := h.post(embedsPath, body, bearerOf(adminToken)...)
	if a.status != http.StatusOK {
		h.t.Fatalf("make an embed: %d %s", a.status, a.body)
	}
	u, err := url.Parse(a.json(h.t)["url"].(string))
	if err != nil {
		h.t.Fatal(err)
	}
	return u.RequestURI()
}

func keyOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Query().Get("key") == "" {
		t.Fatalf("no key in %s (%v)", address, err)
	}
	return u.Query().Get("key")
}

func TestOnlyEmbedsMayBeFramedAndOnlyByTheSitesThatAreNamed(t *testing.T) {
	h := open(t, withEmbeds)
	a := h.get("/embed/timeline?brand=nokia")
	policy := a.header.Get("Content-Security-Policy")
	if a.status != http.StatusOK || !strings.HasSuffix(policy, "; frame-ancestors "+intranet) || a.header.Get("X-Frame-Options") != "" || a.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("an embed: %d %v", a.status, a.header)
	}
	if a.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("its key may leave as Referer: %v", a.header)
	}
	for _, path := range []string{"/", "/wall", "/charts/timeline.png", "/charts/timeline.csv", "/api/v1/brands", "/embed", "/embed/"} {
		if b := h.get(path); b.header.Get("Content-Security-Policy") != contentPolicy || b.header.Get("X-Frame-Options") != "DENY" || b.header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, b.header)
		}
	}
	if wrong := h.get("/embed/timeline?brand=acme", "Accept", "text/html,*/*"); wrong.status != http.StatusBadRequest || !strings.Contains(wrong.body, "<p>No brand &#34;acme&#34; is watched") ||
		wrong.header.Get("Content-Security-Policy") != policy {
		t.Errorf("a wrong one: %d %s %v", wrong.status, wrong.body, wrong.header)
	}
	if err := h.server.AllowEmbeds(nil); err != nil {
		t.Fatal(err)
	}
	if a := h.get("/embed/timeline?brand=nokia"); a.header.Get("Content-Security-Policy") != contentPolicy || a.header.Get("X-Frame-Options") != "DENY" {
		t.Errorf("where no site is named: %v", a.header)
	}
}

func TestAnOriginIsNothingButSchemeAndHost(t *testing.T) {
	for origin, want := range map[string]bool{
		intranet: true, "http://127.0.0.1:8080": true, "https://[::1]:444": true,
		"": false, "*": true, "**": false, "https://*": false, "https://*.example.com": false, "intranet.example.com": false, "https://a.example/": false, "https://a.example/x": false,
		"https://a.example; script-src *": false, "https://a.example b.example": false, "https://a.example,b.example": false, "'self'": false, "data:": false, "https://u@a.example": false, "HTTPS://a.example": false,
		`https://a"b.example`: false, "https://a$b.example": false, "https://münchen.example": false, "https://a.example:": false,
	} {
		if err := CheckOrigin(origin); (err == nil) != want {
			t.Errorf("%q: %v", origin, err)
		}
		err := (&Config{Boards: &world{}, Mentions: &world{}, States: &world{}, Assets: files(), Listen: "127.0.0.1:0", Embed: []string{origin}}).check()
		if (err == nil) != want || err != nil && !strings.Contains(err.Error(), "embed.origins") {
			t.Errorf("%q in the configuration: %v", origin, err)
		}
	}
}

func TestAKeyOpensItsChartOfItsBrandsAndNothingElse(t *testing.T) {
	var logged bytes.Buffer
	h := guarded(t, func(c *Config) {
		withEmbeds(c)
		c.Log = slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	address := h.embedOf(`{"chart":"map","brand":"nokia,ericsson","window":"7d","theme":"dark","place":"about"}`)
	key := keyOf(t, address)
	page := h.get(address)
	if page.status != http.StatusOK || !strings.Contains(page.body, "Map: Nokia and Ericsson, last 7 days") || !strings.Contains(page.body, `data-key="`+key+`"`) {
		t.Fatalf("%s: %d %s", address, page.status, page.body)
	}
	if !strings.Contains(page.body, `href="/?brand=nokia&amp;map=about&amp;window=7d#chart-map"`) {
		t.Errorf("its link: %s", page.body)
	}
	q := func(s string) string { return s + "&key=" + key }
	for path, want := range map[string]int{
		q("/embed/map?brand=nokia,ericsson&window=1h&as=picture"):                  200,
		q("/embed/map?brand=ericsson,nokia"):                                       200,
		q("/charts/map.png?brand=nokia,ericsson&window=90d&theme=dark&place=from"): 200,
		q("/charts/map.svg?brand=nokia,ericsson"):                                  200,
		q("/charts/map.pdf?brand=nokia,ericsson"):                                  200,
		q("/embed/map?brand=nokia"):                                                403, // fewer brands are others
		q("/embed/map?brand=ericsson"):                                             403,
		q("/embed/timeline?brand=nokia,ericsson"):                                  403,
		q("/embed/map?window=24h"):                                                 403,
		q("/embed/nochart?brand=nokia,ericsson"):                                   403,
		q("/embed/map?brand=nokia,ericsson&brand=acme"):                            400,
		q("/charts/timeline.png?brand=nokia,ericsson"):                             403,
		q("/charts/map.png?brand=nokia"):                                           403,
		q("/charts/map.csv?brand=nokia,ericsson"):                                  403, // a table is no picture
		q("/charts/map.json?brand=nokia,ericsson"):                                 403,
		q("/charts/map.exe?brand=nokia,ericsson"):                                  403,
		q("/api/v1/stream?view=nokia,ericsson@24h&charts=map&view=nokia@24h"):      403,
		q("/api/v1/stream?view=nokia,ericsson@24h&charts=map,timeline"):            403,
		q("/api/v1/stream?view=nokia,ericsson@24h"):                                403, // all charts
		q("/api/v1/stream?view=nokia,ericsson@24h&charts="):                        403,
		q("/api/v1/stream?view=nokia@24h&charts=map"):                              403,
		q("/api/v1/stream?charts=map"):                                             403,
		q("/api/v1/stream?brand=nokia,ericsson&charts=map"):                        403,
		q("/api/v1/stream?view=nokia,ericsson@24h&charts=timeline"):                403,
		q("/api/v1/board?brand=nokia,ericsson"):                                    401,
		q("/api/v1/mentions?brand=nokia,ericsson"):                                 401,
		q("/api/v1/brands?x=y"):                                                    401,
		q("/api/v1/charts?x=y"):                                                    401,
		q("/?brand=nokia"):                                                         303,
		q("/metrics?x=y"):                                                          401,
		"/embed/map?brand=nokia,ericsson":                                          401,
		"/embed/map?brand=nokia,ericsson&key=":                                     401,
		"/embed/map?brand=nokia,ericsson&key=x":                                    403,
		"/embed/map?brand=nokia,ericsson&key=" + key[:42]:                          403,
		"/embed/map?brand=nokia,ericsson&key=" + strings.ToUpper(key):              403,
	} {
		said := strings.ReplaceAll(path, key, "KEY")
		if query, ok := strings.CutPrefix(path, streamPath); ok { // one that is let in never ends
			if p := h.tap(query); p.res.StatusCode != want {
				t.Errorf("%s: %d, want %d", said, p.res.StatusCode, want)
			}
		} else if a := h.get(path); a.status != want {
			t.Errorf("%s: %d, want %d: %.200s", said, a.status, want, a.body)
		}
	}
	if a := h.post("/api/v1/mentions?key="+key, `{"title":"a"}`); a.status != http.StatusUnauthorized {
		t.Errorf("a push with a key: %d", a.status)
	}
	if a := h.post(embedsPath+"?key="+key, `{"chart":"mood"}`); a.status != http.StatusUnauthorized {
		t.Errorf("a key makes keys: %d", a.status)
	}
	if a := h.get(q("/embed/map?brand=nokia,ericsson&window=2h")); a.status != http.StatusBadRequest || a.json(t)["parameter"] != "window" {
		t.Errorf("a wrong window: %d %s", a.status, a.body)
	}
	if a := h.get(q("/embed/map?brand=acme")); strings.Contains(a.body, "ericsson") {
		t.Errorf("whoever has a key learns what else is watched: %s", a.body)
	}
	if err := h.stop(); err != nil {
		t.Error(err)
	}
	if strings.Contains(logged.String(), key) {
		t.Error("the key stands in the log")
	}
}

func TestAKeysStreamTellsOfItsChartAlone(t *testing.T) {
	h := guarded(t, withEmbeds)
	h.mu.Lock()
	h.sources = []mood.SourceHealth{{ID: "s", Name: "Secret Source", State: mood.SourceGone, Outages: []mood.Outage{{From: time.Now().Add(-time.Hour)}}}}
	h.mu.Unlock()
	h.say("nokia", mood.Positive)
	key := keyOf(t, h.embedOf(`{"chart":"timeline","brand":"nokia"}`))
	p := h.tap("?view=nokia@7d&charts=timeline&key=" + key)
	var snapshot struct {
		Views map[string]struct{ Charts, Totals map[string]json.RawMessage }
	}
	if err := json.Unmarshal([]byte(p.until("snapshot").data), &snapshot); err != nil {
		t.Fatal(err)
	}
	view := snapshot.Views["nokia@7d"]
	if len(snapshot.Views) != 1 || len(view.Charts) != 1 || view.Charts["timeline"] == nil {
		t.Errorf("it draws %v", snapshot)
	}
	if len(view.Totals) != 1 || view.Totals["as_of"] == nil {
		t.Errorf("it is told %s", view.Totals)
	}
	whole := h.tap("?view=nokia@7d&charts=timeline", bearerOf(adminToken)...)
	whole.until("snapshot")
	m := h.say("nokia", mood.Negative)
	whole.until("mention")
	h.notify(mood.Notice{Brand: "nokia", Corrected: map[string]mood.Reading{m.ID: {Label: mood.Neutral}}})
	whole.until("correction")
	whole.until("delta")
	h.fail(mood.ErrUnavailable) // which changes the status
	if e := whole.until("status"); !strings.Contains(e.data, "Secret Source") {
		t.Errorf("whoever may see everything isn't told of sources: %s", e.data)
	}
	changed := false
	for {
		e, err := p.next()
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains([]string{"mention", "correction", "alert"}, e.name) {
			t.Errorf("it is told of a %s: %s", e.name, e.data)
		}
		changed = changed || e.name == "delta"
		if e.name == "status" {
			if strings.Contains(e.data, "Source") || !strings.Contains(e.data, `"ingest"`) {
				t.Errorf("it is told of sources: %s", e.data)
			}
			break
		}
	}
	if !changed {
		t.Error("a mention changed nothing")
	}
}

func TestKeysWorkUntilAllAreRevokedWhichCutsTheirStreams(t *testing.T) {
	h := guarded(t, withEmbeds)
	address := h.embedOf(`{"chart":"mood","brand":"nokia"}`)
	if again := h.embedOf(`{"chart":"mood","brand":"nokia"}`); again != address {
		t.Errorf("the same embed has another address: %s", again)
	}
	// Another process, or this one after a restart, knows the key from the store.
	other := newEmbeds(h.world, h.clock.now)
	if ok, err := other.opens(t.Context(), keyOf(t, address), grant{"mood", []string{"nokia"}}); !ok || err != nil {
		t.Errorf("after a restart: %t %v", ok, err)
	}
	h.fail(mood.ErrUnavailable)
	h.clock.advance(time.Hour)
	if ok, err := other.opens(t.Context(), keyOf(t, address), grant{"mood", []string{"nokia"}}); !ok || err != nil {
		t.Errorf("while the store is away: %t %v", ok, err)
	}
	if ok, err := newEmbeds(h.world, h.clock.now).opens(t.Context(), keyOf(t, address), grant{"mood", []string{"nokia"}}); ok || err == nil {
		t.Errorf("with a store that never was there: %t %v", ok, err)
	}
	h.fail(nil)
	p := h.tap("?view=nokia@24h&charts=mood&key=" + keyOf(t, address))
	p.until("snapshot")
	for _, who := range [][]string{nil, {"X-Nobody", "1"}} {
		if a := h.ask(http.MethodDelete, embedsPath, "", who...); a.status != http.StatusUnauthorized {
			t.Errorf("whoever revokes: %d", a.status)
		}
	}
	if a := h.ask(http.MethodDelete, embedsPath, "", bearerOf(adminToken)...); a.status != http.StatusNoContent {
		t.Fatalf("revoke: %d %s", a.status, a.body)
	}
	for {
		if _, err := p.next(); err != nil {
			if strings.Contains(err.Error(), "timeout") {
				t.Error("its stream goes on")
			}
			break
		}
	}
	if a := h.get(address, "Accept", "text/html"); a.status != http.StatusForbidden || !strings.Contains(a.body, "<p>This address doesn") {
		t.Errorf("afterwards: %d %s", a.status, a.body)
	}
	fresh := h.embedOf(`{"chart":"mood","brand":"nokia"}`)
	if a := h.get(fresh); a.status != http.StatusOK {
		t.Errorf("a new address: %d", a.status)
	}
	h.clock.advance(believedTime)
	if ok, err := other.opens(t.Context(), keyOf(t, address), grant{"mood", []string{"nokia"}}); ok || err != nil {
		t.Errorf("another process lets the old one in: %t %v", ok, err)
	}
}

func TestTheMakerOfEmbedsSaysWhatIsWrongAndGivesWhatIsPasted(t *testing.T) {
	h := guarded(t, func(c *Config) {
		withEmbeds(c)
		c.PublicURL = "https://mood.example.com"
		c.Brands[0].Name = `No "kia" <b>`
	})
	make := func(body string) answer { return h.post(embedsPath, body, bearerOf(adminToken)...) }
	a := make(`{"chart":"timeline","brand":"nokia","window":"7d","theme":"dark","as":"picture"}`)
	html, _ := a.json(t)["html"].(string)
	if !strings.HasPrefix(html, `<iframe src="https://mood.example.com/embed/timeline?as=picture&amp;brand=nokia&amp;key=`) ||
		!strings.Contains(html, `title="Timeline: No &#34;kia&#34; &lt;b&gt;, last 7 days"`) || !strings.Contains(html, `loading="lazy" referrerpolicy="no-referrer"`) {
		t.Errorf("to be pasted: %s", a.body)
	}
	if list := h.get(h.embedOf(`{"chart":"timeline","brand":"nokia","as":"picture"}`)); strings.Count(list.body, "<source") != 6 || !strings.Contains(list.body, `media="(max-width: 420px) and (prefers-color-scheme: dark)"`) {
		t.Errorf("as a picture: %s", list.body)
	}
	for body, parameter := range map[string]string{
		`{"chart":"pulses"}`: "chart", `{"chart":"mood","brand":"acme"}`: "brand", `{"chart":"mood","window":"2h"}`: "window",
		`{"chart":"mood","theme":"print"}`: "theme", `{"chart":"mood","as":"film"}`: "as", `{"chart":"mood","place":"from"}`: "place",
	} {
		if a := make(body); a.status != http.StatusBadRequest || a.json(t)["parameter"] != parameter {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := h.post(embedsPath, `{"chart":"mood"}`); a.status != http.StatusUnauthorized {
		t.Errorf("whoever makes one: %d", a.status)
	}
	if err := h.server.AllowEmbeds(nil); err != nil {
		t.Fatal(err)
	}
	if a := make(`{"chart":"mood"}`); a.status != http.StatusConflict || !strings.Contains(a.json(t)["detail"].(string), "embed: {origins: [https://intranet.example.com]}") {
		t.Errorf("where no site is named: %d %s", a.status, a.body)
	}
}

func TestWhereReadingIsOpenAnEmbedNeedsNoKey(t *testing.T) {
	for name, h := range map[string]*house{
		"loopback": open(t, withEmbeds),
		"open":     guarded(t, func(c *Config) { withEmbeds(c); c.ReadOpen = true }),
	} {
		address := h.embedOf(`{"chart":"mood","brand":"nokia"}`)
		if strings.Contains(address, "key=") {
			t.Errorf("%s: %s", name, address)
		}
		if a := h.get(address); a.status != http.StatusOK {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}
