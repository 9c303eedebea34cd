package server

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/charts"
	"agora/mood"
)

// easel draws nothing: it remembers what it was to draw.
type easel struct {
	mu    sync.Mutex
	drawn []charts.Figure
	gate  chan struct{} // when set, drawing waits for it
	err   error
	svg   string // what a bare SVG is, if not empty
}

func (e *easel) Draw(ctx context.Context, f charts.Figure) ([]byte, error) {
	e.mu.Lock()
	e.drawn = append(e.drawn, f)
	gate, err := e.gate, e.err
	e.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if e.svg != "" && f.Format == "svg" && f.Bare {
		return []byte(e.svg), err
	}
	return fmt.Appendf(nil, "%2000s %d×%d %s %d rows, %s", f.Format, f.Width, f.Height, f.Theme, len(f.Table.Rows), f.Table.Caption().Basis), err
}

func (e *easel) figures() []charts.Figure {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.drawn)
}

func (e *easel) last() charts.Figure {
	all := e.figures()
	if len(all) == 0 {
		return charts.Figure{}
	}
	return all[len(all)-1]
}

func openEasel(t testing.TB, change func(*Config)) (*house, *easel) {
	t.Helper()
	e := &easel{}
	h := open(t, func(c *Config) {
		c.Pictures = e
		if change != nil {
			change(c)
		}
	})
	waitFor(t, "the gallery hears of changes", func() bool {
		h.server.gallery.mu.Lock()
		defer h.server.gallery.mu.Unlock()
		return h.server.gallery.heard
	})
	return h, e
}

// begin asks for something that whoever asks may leave before it is there; what
// it gives is closed once they are gone.
func (h *house) begin(ctx context.Context, path string) <-chan struct{} {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url+path, nil)
		if err != nil {
			h.t.Error(err)
			return
		}
		if answer, err := h.client.Do(r); err == nil {
			answer.Body.Close()
		}
	}()
	return gone
}

// pause holds the clock in the middle of an hour and of a minute.
func (h *house) pause() {
	h.clock.hold()
	now := h.clock.now()
	h.clock.advance(now.Truncate(time.Hour).Add(70*time.Minute + 10*time.Second).Sub(now))
}

func TestEveryChartIsServedAsEveryPicture(t *testing.T) {
	h, e := openEasel(t, nil)
	h.pause()
	h.say("nokia", mood.Positive)
	kinds := map[string]string{"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
	for _, chart := range charts.All() {
		for format, kind := range kinds {
			path := "/charts/" + chart.ID + "." + format + "?brand=nokia&window=7d&theme=dark&width=800&height=450&scale=2"
			got := h.get(path)
			if got.status != http.StatusOK || got.header.Get("Content-Type") != kind {
				t.Fatalf("%s: %d %s %s", path, got.status, got.header.Get("Content-Type"), got.body)
			}
			if d := got.header.Get("Content-Disposition"); !strings.HasPrefix(d, "inline") || !strings.Contains(d, "agora-"+chart.ID+"-nokia-7d-") || !strings.Contains(d, "."+format) {
				t.Errorf("%s is called %s", path, d)
			}
			f := e.last()
			if f.Table.Chart != chart.ID || f.Format != format || f.Theme != "dark" || f.Width != 800 || f.Height != 450 || f.Scale != 2 || f.Bare || f.Table.Words().Language() != "en" {
				t.Errorf("%s drew %s as %s, %s, %d × %d, scale %v", path, f.Table.Chart, f.Format, f.Theme, f.Width, f.Height, f.Scale)
			}
			if again := h.get(path, "If-None-Match", got.header.Get("ETag")); again.status != http.StatusNotModified || again.body != "" {
				t.Errorf("%s again: %d", path, again.status)
			}
			if zipped := h.get(path, "Accept-Encoding", "gzip"); (zipped.header.Get("Content-Encoding") == "gzip") != (format == "svg") || unzipped(t, zipped) != got.body {
				t.Errorf("%s isn't the same when it is compressed", path)
			}
			if head := h.ask(http.MethodHead, path, ""); head.status != http.StatusOK || head.body != "" || head.header.Get("Content-Length") != fmt.Sprint(len(got.body)) {
				t.Errorf("%s, the head alone: %d, %s bytes", path, head.status, head.header.Get("Content-Length"))
			}
		}
	}
}

func unzipped(t *testing.T, a answer) string {
	t.Helper()
	if a.header.Get("Content-Encoding") == "" {
		return a.body
	}
	z, err := gzip.NewReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestAPictureNobodyGaveASizeIsAsLargeAsASlide(t *testing.T) {
	h, e := openEasel(t, nil)
	for query, want := range map[string][2]int{
		"timeline.png": {1200, 675}, "timeline.png?width=600": {600, 338}, "timeline.png?height=450": {800, 450}, "map.svg?width=4096": {4096, 2304},
		"mood.png": {1200, 360}, // one row needs no more
	} {
		h.get("/charts/" + query)
		if f := e.last(); f.Width != want[0] || f.Height != want[1] {
			t.Errorf("%s is %d × %d, want %d × %d", query, f.Width, f.Height, want[0], want[1])
		}
	}
}

func TestAPictureSaysWhatItStandsOn(t *testing.T) {
	h, e := openEasel(t, func(c *Config) { c.Demo = true })
	h.mu.Lock()
	h.sources = []mood.SourceHealth{{ID: "s1", Name: "The Source"}, {ID: "s2", Name: "Quiet", Outages: []mood.Outage{{From: h.clock.now()}}}}
	h.mu.Unlock()
	h.say("nokia", mood.Positive)
	h.get("/charts/timeline.svg?brand=nokia")
	c := e.last().Table.Caption()
	for _, want := range []string{"1 mention", "UTC", "Data as of", "1 of 2 sources answer (silent: Quiet)"} {
		if !strings.Contains(c.Basis, want) {
			t.Errorf("the footer doesn't say %q: %s", want, c.Basis)
		}
	}
	if !strings.Contains(c.Title, "Nokia") || !strings.Contains(c.Scope, "nokia · 24h") || c.Method == "" || !strings.Contains(c.Mark, "DEMO") {
		t.Errorf("the caption is %+v", c)
	}
	h.get("/charts/timeline.svg?brand=nokia&bare=1")
	if f := e.last(); !f.Bare || f.Table.About != nil {
		t.Errorf("a bare picture has words around it")
	}
}

func TestAPictureLeadsToItsLiveChartWhereOthersReachThat(t *testing.T) {
	h, e := openEasel(t, func(c *Config) { c.PublicURL = "https://agora.example.com" })
	h.get("/charts/share.pdf?brand=ericsson,nokia&window=7d")
	if link := e.last().Link; link != "https://agora.example.com/?brand=ericsson&window=7d#chart-share" {
		t.Errorf("it leads to %q", link)
	}
	h.get("/charts/share.pdf?bare=1")
	if link := e.last().Link; link != "" {
		t.Errorf("alone it leads to %q", link)
	}
	local, e := openEasel(t, nil)
	local.get("/charts/share.pdf")
	if link := e.last().Link; link != "" {
		t.Errorf("from this machine alone it leads to %q", link)
	}
}

func TestAMapShowsTheKindOfPlaceThatWasAskedFor(t *testing.T) {
	h, e := openEasel(t, nil)
	for query, want := range map[string]string{"": `"from":true`, "?place=about": `"about":true`, "?place=origin": `"origin":true`} {
		h.get("/charts/map.svg" + query)
		_, selected, _ := strings.Cut(string(e.last().Option), `"selected":{`)
		if selected, _, _ = strings.Cut(selected, "}"); !strings.Contains(selected, want) || strings.Count(selected, ":true") != 1 {
			t.Errorf("%q shows another kind of place", query)
		}
	}
}

func TestAPictureIsDrawnOnceForAllWhoAskAtOnce(t *testing.T) {
	h, e := openEasel(t, nil)
	h.pause()
	e.gate = make(chan struct{})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if got := h.get("/charts/map.png?brand=nokia"); got.status != http.StatusOK {
				t.Errorf("%d: %s", got.status, got.body)
			}
		})
	}
	waitFor(t, "one is being drawn", func() bool { return len(e.figures()) > 0 })
	waitFor(t, "the others arrive", func() bool { return h.server.gallery.wait.Load() == 20 })
	close(e.gate)
	all.Wait()
	if n := len(e.figures()); n != 1 {
		t.Errorf("drawn %d times", n)
	}
}

func TestWhoLeavesDoesNotTakeAPictureFromTheOthers(t *testing.T) {
	h, e := openEasel(t, nil)
	e.gate = make(chan struct{})
	ctx, leave := context.WithCancel(t.Context())
	gone := h.begin(ctx, "/charts/map.png")
	waitFor(t, "it is being drawn", func() bool { return len(e.figures()) == 1 })
	stays := make(chan answer, 1)
	go func() { stays <- h.get("/charts/map.png") }()
	waitFor(t, "both wait", func() bool { return h.server.gallery.wait.Load() == 2 })
	leave()
	<-gone
	close(e.gate)
	if got := <-stays; got.status != http.StatusOK {
		t.Errorf("the other one got %d: %s", got.status, got.body)
	}
}

func TestAPictureIsKeptUntilWhatItShowsChanges(t *testing.T) {
	h, e := openEasel(t, nil)
	h.pause()
	get := func(path string) answer { return h.get(path) }
	before := get("/charts/timeline.png?brand=nokia")
	share := get("/charts/share.png?brand=nokia")
	get("/charts/timeline.png?brand=nokia")
	if n := len(e.figures()); n != 2 {
		t.Fatalf("drawn %d times, and nothing had changed", n)
	}
	h.say("ericsson", mood.Negative)
	waitFor(t, "a share that follows another brand", func() bool {
		return get("/charts/share.png?brand=nokia").body != share.body
	})
	if again := get("/charts/timeline.png?brand=nokia"); again.body != before.body {
		t.Error("a picture changed with another brand's mention")
	}
	h.say("nokia", mood.Positive)
	waitFor(t, "a picture with the new mention", func() bool {
		return strings.Contains(get("/charts/timeline.png?brand=nokia").body, "1 mention")
	})
	drawn := len(e.figures())
	h.clock.advance(time.Minute)
	get("/charts/timeline.png?brand=nokia")
	if len(e.figures()) == drawn {
		t.Error("a minute later it was the same picture, with the time of before")
	}
}

func TestAPictureThatWasAskedForLatelyIsDrawnAhead(t *testing.T) {
	h, e := openEasel(t, nil)
	h.get("/charts/timeline.png?brand=nokia")
	drawn := len(e.figures())
	h.clock.advance(drawnLately)
	h.say("nokia", mood.Positive)
	waitFor(t, "it is drawn ahead", func() bool { return len(e.figures()) > drawn })
}

func TestOnlyWhatWasAskedForLatelyIsDrawnAheadAndNotTooOften(t *testing.T) {
	at := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return at }
	w, e := newWorld(clock), &easel{}
	s, err := New(Config{Listen: "127.0.0.1:0", Boards: w, Mentions: w, States: w, Brands: w.brands, Assets: files(), Pictures: e, Now: clock})
	if err != nil { // it doesn't run: nothing but what is called here happens
		t.Fatal(err)
	}
	defer s.Close()
	g := s.gallery
	g.listens(true)
	ahead := func() bool {
		t.Helper()
		before := len(e.figures())
		if _, err := g.ahead(t.Context()); err != nil {
			t.Fatal(err)
		}
		return len(e.figures()) > before
	}
	chart, _ := charts.Find("timeline")
	window, _ := mood.ParseWindow("24h")
	if _, err := g.get(t.Context(), wanted{chart: chart, brands: []string{"nokia"}, window: window, format: "png"}); err != nil {
		t.Fatal(err)
	}
	if ahead() {
		t.Error("it is drawn again, and nothing had changed")
	}
	g.note(mood.Notice{Brand: "nokia"})
	if ahead() {
		t.Error("it is drawn again at once")
	}
	at = at.Add(drawnLately)
	if !ahead() {
		t.Error("it changed, and isn't drawn")
	}
	g.note(mood.Notice{Brand: "ericsson"})
	at = at.Add(drawnLately)
	if ahead() {
		t.Error("it is drawn again for another brand's mention")
	}
	g.note(mood.Notice{Brand: "nokia"})
	at = at.Add(askedLately)
	if ahead() {
		t.Error("it is drawn for nobody")
	}
}

func TestPicturesThatCannotBeHadSaySo(t *testing.T) {
	h, e := openEasel(t, nil)
	for query, want := range map[string]string{
		"timeline.png?width=49": "width", "timeline.png?height=5000": "height", "timeline.png?width=1e3": "width", "timeline.png?scale=0.5": "scale",
		"timeline.png?scale=NaN": "scale", "timeline.png?theme=pink": "theme", "timeline.png?lang=tlh": "lang", "timeline.png?place=about": "place",
		"map.png?place=moon": "place", "timeline.png?bare=yes": "bare", "timeline.png?size=9": "size", "timeline.png?width=300&width=400": "width",
	} {
		got := h.get("/charts/" + query)
		if p := got.json(t); got.status != http.StatusBadRequest || p["parameter"] != want {
			t.Errorf("%s: %d, %v", query, got.status, p)
		}
	}
	for _, path := range []string{"timeline.gif", "timeline", "timeline.png.exe", "pie.png"} {
		if got := h.get("/charts/" + path); got.status != http.StatusNotFound || !strings.Contains(got.body, "use ") {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if n := len(e.figures()); n != 0 {
		t.Errorf("%d were drawn", n)
	}
	e.err = fmt.Errorf("the picture would have 67 million pixels: %w", mood.ErrInvalid)
	if got := h.get("/charts/timeline.png"); got.status != http.StatusBadRequest || !strings.Contains(got.body, "67 million") {
		t.Errorf("a picture that is too large: %d %s", got.status, got.body)
	}
	e.err = fmt.Errorf("64 are being drawn: %w", mood.ErrUnavailable)
	if got := h.get("/charts/timeline.png"); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" || strings.Contains(got.body, "store") {
		t.Errorf("too many at once: %d %s", got.status, got.body)
	}
}

func TestWithoutAPainterChartsCanBeHadAsTables(t *testing.T) {
	h := open(t, nil)
	if got := h.get("/charts/timeline.png"); got.status != http.StatusNotFound || !strings.Contains(got.body, "csv, xlsx or json") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := h.get("/api/v1/charts"); strings.Contains(got.body, "png") {
		t.Errorf("pictures are offered: %s", got.body)
	}
}

func TestPicturesAreOfferedAndLimited(t *testing.T) {
	h, _ := openEasel(t, func(c *Config) { c.Limits.PicturesPerMinute = 5 })
	h.clock.hold()
	if got := h.get("/api/v1/charts"); !strings.Contains(got.body, `"formats":["svg","png","pdf","csv","xlsx","json"]`) {
		t.Errorf("offered: %s", got.body)
	}
	for i := range 5 {
		if got := h.get("/charts/mood.png"); got.status != http.StatusOK {
			t.Fatalf("picture %d: %d %s", i, got.status, got.body)
		}
	}
	if got := h.get("/charts/mood.png"); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Errorf("the sixth within a minute: %d", got.status)
	}
}

func TestTheGalleryIsBounded(t *testing.T) {
	h, _ := openEasel(t, func(c *Config) { c.Limits.PicturesPerMinute = 10_000 })
	for i := range maxHung + 50 {
		h.get(fmt.Sprintf("/charts/mood.svg?width=%d", 300+i))
	}
	h.server.gallery.mu.Lock()
	defer h.server.gallery.mu.Unlock()
	if n := len(h.server.gallery.kept); n > maxHung {
		t.Errorf("%d pictures are remembered", n)
	}
}
