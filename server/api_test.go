package server

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

func TestBoardOfOneBrandStandsAtTheTopToo(t *testing.T) {
	h := open(t, nil)
	h.say("nokia", mood.Positive)
	b := h.get("/api/v1/board?brand=nokia&window=7d").json(t)
	for _, path := range []map[string]any{b, b["brands"].(map[string]any)["nokia"].(map[string]any)} {
		if n := path["total"].(map[string]any)["mentions"]; n != 1.0 {
			t.Errorf("mentions = %v, want 1", n)
		}
	}
	if b["window"] != "7d" {
		t.Errorf("window = %v", b["window"])
	}
	b = h.get("/api/v1/board?brand=nokia,ericsson&window=24h").json(t)
	if _, ok := b["total"]; ok {
		t.Error("a board of two brands has the fields of one at its top")
	}
}

func TestWrongParametersAreNamedWithWhatTheyMayBe(t *testing.T) {
	h := open(t, nil)
	for _, c := range []struct{ path, parameter, valid string }{
		{"/api/v1/board?brand=nokai", "brand", "nokia"},
		{"/api/v1/board?window=2h", "window", "24h"},
		{"/api/v1/board?brnad=nokia", "brnad", "brand"},
		{"/api/v1/board?brand=nokia&brand=ericsson", "brand", ""},
		{"/api/v1/mentions?label=happy", "label", "positive"},
		{"/api/v1/mentions?place=near", "place", "about"},
		{"/api/v1/mentions?country=Finland", "country", ""},
		{"/api/v1/mentions?hour=24", "hour", ""},
		{"/api/v1/mentions?weekday=-1", "weekday", ""},
		{"/api/v1/mentions?corrected=yes", "corrected", "true"},
		{"/api/v1/mentions?from=yesterday", "from", ""},
		{"/api/v1/mentions?from=2026-03-02&to=2026-03-01", "to", ""},
		{"/api/v1/mentions?limit=501", "limit", ""},
		{"/api/v1/mentions?language=english", "language", ""},
		{"/charts/mood.json?window=1y", "window", "90d"},
		{"/api/v1/stream?view=nokia", "view", ""},
		{"/api/v1/stream?view=nobody@24h", "view", "nokia"},
		{"/api/v1/stream?view=nokia@2h", "view", "24h"},
		{"/api/v1/stream?charts=pie", "charts", "mood"},
	} {
		a := h.get(c.path)
		p := a.json(t)
		if a.status != http.StatusBadRequest || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", c.path, a.status, a.header.Get("Content-Type"))
			continue
		}
		if p["parameter"] != c.parameter {
			t.Errorf("%s: parameter %v, want %s", c.path, p["parameter"], c.parameter)
		}
		if c.valid != "" && !slices.Contains(p["valid"].([]any), any(c.valid)) {
			t.Errorf("%s: valid %v lacks %s", c.path, p["valid"], c.valid)
		}
	}
}

// Else another brand would be answered for than the one that was asked for.
func TestAnAddressThatCantBeReadIsRefused(t *testing.T) {
	h := open(t, nil)
	for _, path := range []string{"/charts/mood.json?brand=ericsson;window=24h", "/charts/mood.csv?brand=100%", "/api/v1/board?brand=%zz", "/api/v1/mentions?q=5%"} {
		if a := h.get(path); a.status != http.StatusBadRequest || !strings.Contains(fmt.Sprint(a.json(t)["detail"]), "%25") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

func TestEveryParameterOfTheListReachesTheStore(t *testing.T) {
	h := open(t, nil)
	a := h.get("/api/v1/mentions?brand=nokia&from=2026-03-01T10:00:00%2B02:00&to=2026-03-02&label=positive,unclear&outlet=bbc.co.uk&source=s1" +
		"&country=fi&place=about&language=EN&topic=5g&story=x&hour=7&weekday=6&corrected=false&q=big+news&fold=story&limit=20&cursor=abc")
	if a.status != http.StatusOK {
		t.Fatal(a.status, a.body)
	}
	f := h.filter
	want := mood.Filter{
		Brands: []string{"nokia"}, From: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), To: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC),
		Labels: []mood.Label{mood.Positive, mood.Unclear}, Outlet: "bbc.co.uk", Source: "s1", Country: "FI", PlaceKind: "about",
		Language: "en", Topic: "5g", Story: "x", Hour: f.Hour, Weekday: f.Weekday, Corrected: f.Corrected, Text: "big news", Fold: true, Limit: 20, Cursor: "abc",
	}
	f.From = f.From.UTC()
	if fmt.Sprintf("%+v", f) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", f, want)
	}
	if *f.Hour != 7 || *f.Weekday != 6 || *f.Corrected {
		t.Errorf("hour %d, weekday %d, corrected %v", *f.Hour, *f.Weekday, *f.Corrected)
	}
}

func TestWindowBoundsTheListUnlessAPointNarrowsIt(t *testing.T) {
	h := open(t, nil)
	h.get("/api/v1/mentions?window=1h")
	if age := h.clock.now().Sub(h.filter.From); age < time.Hour || age > time.Hour+2*time.Minute {
		t.Errorf("from is %s ago, want an hour", age)
	}
	h.get("/api/v1/mentions?window=1h&from=2026-03-01T10:00:00Z&to=2026-03-01T10:01:00Z")
	if !h.filter.From.Equal(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("from = %s, want the point's", h.filter.From)
	}
}

func TestMentionsCarryTheReadingsAskedForAndListsAreNeverNull(t *testing.T) {
	h := open(t, nil)
	h.mention = append(h.mention, mood.Mention{ID: "both", Readings: map[string]mood.Reading{"nokia": {}, "ericsson": {}}})
	a := h.get("/api/v1/mentions?brand=nokia")
	m := a.json(t)["mentions"].([]any)[0].(map[string]any)
	if got := slices.Collect(maps.Keys(m["readings"].(map[string]any))); !slices.Equal(got, []string{"nokia"}) {
		t.Errorf("readings of %v", got)
	}
	for _, null := range []string{`"sources":null`, `"about":null`, `"reasons":null`} {
		if strings.Contains(a.body, null) {
			t.Errorf("the list has %s", null)
		}
	}
}

func TestATableOfTheMapHasTheKindOfPlacesThatIsAskedForOrAll(t *testing.T) {
	h := open(t, nil)
	h.say("nokia", mood.Positive)
	row := func(country string) []mood.Row { return []mood.Row{mood.RowOf(country, mood.Tally{Positive: 1})} }
	h.places = mood.Countries{From: row("US"), About: row("FI"), Origin: row("JP")}
	for place, want := range map[string]string{"": "from,about,origin", "about": "about", "from": "from", "origin": "origin"} {
		a := h.get("/charts/map.json?brand=nokia&window=24h&place=" + place)
		var table struct {
			Rows []struct {
				Filter struct{ Place string }
			}
			About struct{ Filters map[string]string }
		}
		if err := json.Unmarshal([]byte(a.body), &table); err != nil || a.status != http.StatusOK {
			t.Fatal(a.status, err, a.body)
		}
		var got []string
		for _, r := range table.Rows {
			got = append(got, r.Filter.Place)
		}
		if strings.Join(got, ",") != want || table.About.Filters["place"] != place {
			t.Errorf("place %q: rows of %v, want %s; filters %v", place, got, want, table.About.Filters)
		}
	}
	for _, path := range []string{"/charts/map.csv?brand=nokia&place=moon", "/charts/mood.csv?brand=nokia&place=from"} {
		if a := h.get(path); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

func TestChartsAreTakenAwayAsTables(t *testing.T) {
	h := open(t, nil)
	h.say("nokia", mood.Positive)
	a := h.get("/charts/mood.csv?brand=nokia&window=24h")
	if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/csv") {
		t.Fatal(a.status, a.header, a.body)
	}
	if d := a.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment; filename=agora-mood-nokia-24h-") || !strings.HasSuffix(d, ".csv") {
		t.Errorf("Content-Disposition: %s", d)
	}
	if !strings.Contains(a.header.Get("Cache-Control"), "no-cache") {
		t.Errorf("Cache-Control: %s", a.header.Get("Cache-Control"))
	}
	if a = h.get("/charts/mood.json?brand=nokia"); a.status != http.StatusOK || !json.Valid([]byte(a.body)) {
		t.Errorf("json: %d %s", a.status, a.body)
	}
	for path, want := range map[string]string{"/charts/pie.json": "mood", "/charts/mood.xyz": "csv", "/charts/mood": "csv"} {
		if a = h.get(path); a.status != http.StatusNotFound || !strings.Contains(a.json(t)["detail"].(string), want) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	list := h.get("/api/v1/charts").json(t)["charts"].([]any)
	if len(list) != len(chartIDs()) {
		t.Errorf("%d charts are listed of %d", len(list), len(chartIDs()))
	}
}

func TestShownLatencyIsWhatPagesMeasuredWithinTheHour(t *testing.T) {
	h := open(t, nil)
	shown := func() map[string]any {
		return h.get("/api/v1/board").json(t)["latency"].(map[string]any)["shown"].(map[string]any)
	}
	if got := shown(); got["p50_ms"] != nil {
		t.Errorf("p50 = %v before anything was measured", got["p50_ms"])
	}
	if a := h.post("/api/v1/shown", `{"ms":[100,100,100,100,100,100,100,100,100,2000]}`); a.status != http.StatusNoContent {
		t.Fatal(a.status, a.body)
	}
	got := shown()
	if p := got["p50_ms"].(float64); p < 90 || p > 110 {
		t.Errorf("p50 = %g, want about 100", p)
	}
	if p := got["p95_ms"].(float64); p < 1800 || p > 2200 {
		t.Errorf("p95 = %g, want about 2000", p)
	}
	h.clock.advance(61 * time.Minute)
	if got := shown(); got["p50_ms"] != nil {
		t.Errorf("p50 = %v an hour later", got["p50_ms"])
	}
	for _, bad := range []string{`{"ms":[-1]}`, `{"ms":[1e12]}`, `{"ms":"soon"}`, `{"mss":[]}`} {
		if a := h.post("/api/v1/shown", bad); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
}

func TestErrorsAreProblemsThatSayWhatToDo(t *testing.T) {
	h := open(t, nil)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/nowhere", 404},
		{http.MethodGet, "/api/v1/nothing", 404},
		{http.MethodGet, "/assets/../serve_test.go", 404},
		{http.MethodGet, "/index.html", 404},
		{http.MethodPut, "/api/v1/board", 405},
		{http.MethodDelete, "/api/v1/mentions/none", 404},
	} {
		a := h.ask(c.method, c.path, "")
		if a.status != c.status || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d %s", c.method, c.path, a.status, a.header.Get("Content-Type"))
			continue
		}
		if p := a.json(t); p["status"] != float64(c.status) || len(p["detail"].(string)) < 20 || p["title"] == "" {
			t.Errorf("%s %s: %v", c.method, c.path, p)
		}
	}
}

func TestAStoreThatIsAwayMeans503AndWhenToTryAgain(t *testing.T) {
	h := open(t, nil)
	h.fail(fmt.Errorf("dial redis 10.0.0.1: %w", mood.ErrUnavailable))
	for _, path := range []string{"/api/v1/board", "/api/v1/mentions", "/readyz", "/charts/mood.csv"} {
		a := h.get(path)
		if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d, Retry-After %q", path, a.status, a.header.Get("Retry-After"))
		}
		if strings.Contains(a.body, "10.0.0.1") {
			t.Errorf("%s tells internals: %s", path, a.body)
		}
	}
	if a := h.post("/api/v1/mentions", `{"title":"x"}`); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("push: %d %s", a.status, a.body)
	}
	if a := h.get("/healthz"); a.status != http.StatusOK {
		t.Errorf("healthz: %d", a.status)
	}
	h.fail(nil)
	if a := h.get("/readyz"); a.status != http.StatusOK {
		t.Errorf("readyz once it is back: %d", a.status)
	}
}

func TestAPanicIsAProblemAndTheServerLivesOn(t *testing.T) {
	h := open(t, func(c *Config) { c.Baselines = panicking{} })
	if a := h.get("/api/v1/board"); a.status != http.StatusInternalServerError || a.json(t)["detail"] == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.get("/healthz"); a.status != http.StatusOK {
		t.Errorf("afterwards: %d", a.status)
	}
}

func TestAnswersAreTaggedAndCompressed(t *testing.T) {
	h := open(t, nil)
	a := h.get("/openapi.json")
	tag := a.header.Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	if again := h.get("/openapi.json", "If-None-Match", tag); again.status != http.StatusNotModified || again.body != "" {
		t.Errorf("If-None-Match: %d with %d bytes", again.status, len(again.body))
	}
	z := h.get("/openapi.json", "Accept-Encoding", "gzip")
	if z.header.Get("Content-Encoding") != "gzip" {
		t.Fatal("not compressed")
	}
	r, err := gzip.NewReader(strings.NewReader(z.body))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(r); err != nil || string(plain) != a.body {
		t.Errorf("unzipped it differs (%v)", err)
	}
	if no := h.get("/openapi.json", "Accept-Encoding", "gzip;q=0"); no.header.Get("Content-Encoding") != "" {
		t.Error("compressed for a client that refuses it")
	}
}

func TestOpenAPIListsEveryRoute(t *testing.T) {
	h := open(t, nil)
	doc := h.get("/openapi.json").json(t)
	paths := doc["paths"].(map[string]any)
	for _, r := range h.server.echo.Routes() {
		if r.Method == http.MethodHead || r.Path == "/*" {
			continue
		}
		path, _ := pathOf(r.Path)
		item, _ := paths[path].(map[string]any)
		if item[strings.ToLower(r.Method)] == nil {
			t.Errorf("%s %s is not in openapi.json", r.Method, path)
		}
	}
	var refs func(v any)
	known := doc["components"].(map[string]any)["schemas"].(map[string]any)
	refs = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok && known[strings.TrimPrefix(ref, "#/components/schemas/")] == nil {
				t.Errorf("%s leads nowhere", ref)
			}
			for _, x := range v {
				refs(x)
			}
		case []any:
			for _, x := range v {
				refs(x)
			}
		}
	}
	refs(doc)
}

func TestMetricsSpeakOfServerAndStream(t *testing.T) {
	h := open(t, nil)
	p := h.tap("?brand=nokia")
	p.until("snapshot")
	h.get("/api/v1/brands")
	a := h.get("/metrics")
	for _, want := range []string{"agora_streams 1", `agora_http_request_seconds_count{method="GET",route="/api/v1/brands",status="200"} 1`, "go_goroutines", "agora_stream_bytes_total"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
}

func TestWhatIsWatchedIsTold(t *testing.T) {
	h := open(t, func(c *Config) { c.Walls = []mood.Wall{{ID: "lobby", Brands: []string{"nokia"}}} })
	b := h.get("/api/v1/brands").json(t)
	if len(b["brands"].([]any)) != 2 || b["timezone"] != "UTC" || b["build"] != "b1" || len(b["windows"].([]any)) != 5 {
		t.Errorf("brands: %v", b)
	}
	if w := h.get("/api/v1/walls").json(t); w["walls"].([]any)[0].(map[string]any)["id"] != "lobby" {
		t.Errorf("walls: %v", w)
	}
	h.mu.Lock()
	h.sources = []mood.SourceHealth{{ID: "s", State: mood.SourceFailing, LastError: "no route"}}
	h.mu.Unlock()
	if s := h.get("/api/v1/sources").json(t); s["sources"].([]any)[0].(map[string]any)["last_error"] != "no route" {
		t.Errorf("sources: %v", s)
	}
	h.server.Watch([]mood.Brand{{ID: "acme", Name: "Acme"}}, nil)
	if b := h.get("/api/v1/brands"); !strings.Contains(b.body, "acme") || strings.Contains(b.body, "nokia") {
		t.Errorf("after a change: %s", b.body)
	}
}
