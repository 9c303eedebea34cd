package server

import (
	"context"
	"fmt"
	"image/gif"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"agora/charts"
	"agora/mood"
)

// wallEasel stands in for what draws: a picture says what it shows.
type wallEasel struct {
	mu    sync.Mutex
	drawn []charts.Scene
	fail  error
}

func (e *wallEasel) Draw(_ context.Context, s charts.Scene) ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.drawn = append(e.drawn, s)
	return fmt.Appendf(nil, "%s of %s at %s, as of %s: %q %q %q %d × %d × %v %s stale=%v dim=%v", s.Show, s.Brand.Name, s.Now.Format(time.RFC3339), s.AsOf.Format(time.RFC3339),
		s.Silence.Sentence, s.Waiting.Title, s.Waiting.Below, s.Width, s.Height, s.Scale, s.Theme, s.Silence.Stale, s.Dim), e.fail
}

func (e *wallEasel) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.drawn)
}

// withWallEasel gives a server what it needs for pictures of walls and old pages.
func withWallEasel(t *testing.T, more func(*Config)) (*wallEasel, func(*Config)) {
	t.Helper()
	page, err := os.ReadFile("../static/src/still.html")
	if err != nil {
		t.Fatal(err)
	}
	e := &wallEasel{}
	return e, func(c *Config) {
		c.Scenes = e
		assets := files()
		assets[stillFile] = &fstest.MapFile{Data: page}
		assets["wall.html"] = &fstest.MapFile{Data: []byte(`<noscript><meta http-equiv="refresh" content="0; url=/still/wall"></noscript>`)}
		c.Assets = assets
		if more != nil {
			more(c)
		}
	}
}

// quarter is a time at which a round of the usual scenes with the first of two
// brands begins, and a minute too: the clock is set to it.
func (h *house) toRound(offset time.Duration) {
	const round = 2 * 90 * time.Second
	now := h.clock.now()
	next := now.Truncate(round).Add(2 * round)
	for next.UnixMilli()%(2*90_000) != 0 {
		next = next.Add(time.Minute)
	}
	h.clock.advance(next.Add(offset).Sub(now))
}

func TestAPictureOfAWallShowsTheSceneWhoseTurnItIs(t *testing.T) {
	_, change := withWallEasel(t, nil)
	h := open(t, change)
	h.say("nokia", mood.Positive)
	h.say("ericsson", mood.Negative)
	for _, c := range []struct {
		after time.Duration
		want  string
	}{
		{time.Second, "overview of Nokia"}, {31 * time.Second, "map of Nokia"}, {51 * time.Second, "brands of Nokia"},
		{71 * time.Second, "mentions of Nokia"}, {91 * time.Second, "overview of Ericsson"}, {121 * time.Second, "map of Ericsson"},
	} {
		h.toRound(c.after)
		a := h.get("/wall.png")
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(a.body, c.want) {
			t.Errorf("after %s: %d %s %.60s", c.after, a.status, a.header.Get("Content-Type"), a.body)
		}
		if only := h.get("/wall/mentions.svg?width=720&height=576&theme=light"); !strings.HasPrefix(only.body, "mentions of") || !strings.Contains(only.body, "720 × 576 × 1 light") || only.header.Get("Content-Type") != "image/svg+xml" {
			t.Errorf("one scene: %s", only.body)
		}
	}
}

func TestAPictureOfAWallIsKeptUntilWhatItShowsChanges(t *testing.T) {
	e, change := withWallEasel(t, nil)
	h := open(t, change)
	h.say("nokia", mood.Positive)
	h.toRound(time.Second)
	first := h.get("/wall/overview.png")
	drawn := e.count()
	if again := h.get("/wall/overview.png?t=1", "If-None-Match", first.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("the same picture: %d", again.status)
	}
	if e.count() != drawn {
		t.Error("it was drawn twice")
	}
	h.say("nokia", mood.Negative)
	h.clock.advance(wallLately + time.Second)
	if next := h.get("/wall/overview.png", "If-None-Match", first.header.Get("ETag")); next.status != http.StatusOK && e.count() == drawn {
		t.Error("a change is not shown")
	}
	e.mu.Lock()
	last := e.drawn[len(e.drawn)-1]
	e.mu.Unlock()
	if len(last.Mentions) != 2 {
		t.Errorf("%d mentions are shown", len(last.Mentions))
	}
}

func TestTheNextSceneIsDrawnAheadWhileSomebodyAsks(t *testing.T) {
	at := time.UnixMilli(2*90_000*1000 + 1000)
	clock := func() time.Time { return at }
	w := newWorld(clock)
	e, change := withWallEasel(t, nil)
	c := Config{Listen: "127.0.0.1:0", Boards: w, Mentions: w, States: w, Brands: w.brands, Now: clock}
	change(&c)
	s, err := New(c) // it doesn't run: nothing but what is called here happens
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w.say("nokia", mood.Positive)
	ask := wallWanted{format: "png", theme: "dark", width: 1920, height: 1080, scale: 1}
	ahead := func() string {
		t.Helper()
		before := e.count()
		if _, err := s.wallPics.ahead(t.Context()); err != nil {
			t.Fatal(err)
		}
		if e.count() == before {
			return ""
		}
		return e.drawn[before].Show
	}
	if _, err := s.wallPics.get(t.Context(), ask); err != nil {
		t.Fatal(err)
	}
	if got := ahead(); got != "" {
		t.Errorf("long before the next turn, %s is drawn", got)
	}
	at = at.Add(27 * time.Second)
	if got := ahead(); got != charts.SceneMap {
		t.Errorf("two seconds before the turn of the map, %q is drawn", got)
	}
	at = at.Add(3 * time.Second)
	before := e.count()
	if _, err := s.wallPics.get(t.Context(), ask); err != nil || e.count() != before {
		t.Errorf("it was drawn again when its turn came: %v", err)
	}
	at = at.Add(wallAsked)
	if got := ahead(); got != "" {
		t.Errorf("nobody asks any more, and %s is drawn", got)
	}
}

func TestAWallOfAStoreThatIsAwayShowsWhatItKnewAndOfWhen(t *testing.T) {
	_, change := withWallEasel(t, nil)
	h := open(t, change)
	h.say("nokia", mood.Positive)
	h.toRound(time.Second)
	known := h.clock.now().UTC()
	h.get("/wall.png")
	h.fail(fmt.Errorf("no answer: %w", mood.ErrUnavailable))
	h.clock.advance(3 * time.Minute)
	a := h.get("/wall/overview.png")
	want := "As of " + known.Format("15:04") + ": the store can’t be reached"
	if a.status != http.StatusOK || !strings.HasPrefix(a.body, "overview of ") || !strings.Contains(a.body, want) || !strings.Contains(a.body, "stale=true") {
		t.Errorf("%d %s", a.status, a.body)
	}
	h.fail(nil)
	h.clock.advance(time.Minute)
	if a := h.get("/wall/overview.png"); !strings.Contains(a.body, "stale=false") {
		t.Errorf("the store is back: %s", a.body)
	}
}

func TestAWallThatNeverKnewAnythingSaysThatItCantReachTheStore(t *testing.T) {
	_, change := withWallEasel(t, nil)
	h := open(t, change)
	h.fail(fmt.Errorf("no answer: %w", mood.ErrUnavailable))
	if a := h.get("/wall.png"); a.status != http.StatusOK || !strings.HasPrefix(a.body, "waiting of ") || !strings.Contains(a.body, wordsNoStore) {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestAWallOnWhichNothingWasSaidListens(t *testing.T) {
	e, change := withWallEasel(t, nil)
	h := open(t, change)
	if a := h.get("/wall.png"); !strings.HasPrefix(a.body, "waiting of ") || !strings.Contains(a.body, "Quiet: nothing has been said yet") {
		t.Error(a.body)
	}
	e.mu.Lock()
	if s := e.drawn[0]; s.Waiting.Before != wordsListening || len(s.Brands) != 2 {
		t.Errorf("%+v", s)
	}
	e.mu.Unlock()
	h.server.Watch(nil, nil)
	if a := h.get("/wall.png"); !strings.Contains(a.body, wordsNoBrand) {
		t.Error(a.body)
	}
}

func TestAPictureOfAWallIsForWhoMayLook(t *testing.T) {
	_, change := withWallEasel(t, nil)
	h := guarded(t, change)
	h.say("nokia", mood.Positive)
	for _, path := range []string{"/wall.png", "/wall/map.png", "/wall.png?wall=x", "/wall.svg"} {
		if a := h.get(path); a.status != http.StatusUnauthorized || strings.Contains(a.body, "lobby") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	cookie, id := h.pair("Lobby left")
	if a := h.get("/wall/overview.png", "Cookie", cookie); a.status != http.StatusOK || !strings.HasPrefix(a.body, "overview of Nokia") {
		t.Errorf("a paired screen: %d %s", a.status, a.body)
	}
	// While the store is away it is still the screen that it was; a stranger sees nothing.
	h.clock.advance(10 * time.Minute)
	h.fail(fmt.Errorf("no answer: %w", mood.ErrUnavailable))
	if a := h.get("/wall/overview.png", "Cookie", cookie); a.status != http.StatusOK || !strings.Contains(a.body, "overview of Nokia") || !strings.Contains(a.body, "stale=true") {
		t.Errorf("a paired screen without a store: %d %s", a.status, a.body)
	}
	if a := h.get("/wall/overview.png", "Cookie", "agora_display=made.up"); a.status != http.StatusOK || strings.Contains(a.body, "Nokia") || !strings.Contains(a.body, wordsNoStore) {
		t.Errorf("a stranger without a store: %d %s", a.status, a.body)
	}
	h.fail(nil)
	if a := h.ask(http.MethodDelete, "/api/v1/displays/"+id, "", bearerOf(adminToken)...); a.status != http.StatusNoContent {
		t.Fatalf("unpair: %d", a.status)
	}
	h.fail(fmt.Errorf("no answer: %w", mood.ErrUnavailable))
	if a := h.get("/wall/overview.png", "Cookie", cookie); strings.Contains(a.body, "Nokia") {
		t.Errorf("a screen that was unpaired: %s", a.body)
	}
}

func TestWhatAPictureOfAWallCantBeIsSaid(t *testing.T) {
	_, change := withWallEasel(t, func(c *Config) { c.Limits.PicturesPerMinute = 20 })
	h := open(t, change)
	h.clock.hold()
	for path, want := range map[string]int{
		"/wall.gif": 404, "/wall/weather.png": 404, "/wall.png?width=9": 400, "/wall.png?theme=print": 400, "/wall.png?wall=attic": 400,
		"/wall.png?width=4096&height=4096&scale=4": 400, "/wall.png?brand=nokia": 400,
	} {
		if a := h.get(path); a.status != want {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	limited := false
	for range 30 {
		limited = limited || h.get("/wall.png").status == http.StatusTooManyRequests
	}
	if !limited {
		t.Error("no rate holds for pictures of walls")
	}
	bare := open(t, nil)
	if a := bare.get("/wall.png"); a.status != http.StatusServiceUnavailable {
		t.Errorf("without what draws: %d", a.status)
	}
}

var stillCode = regexp.MustCompile(`class="code">([A-Z]{4}-[A-Z]{4})<`)

func TestAnOldScreenIsPairedByLoadingItsPageAgain(t *testing.T) {
	_, change := withWallEasel(t, nil)
	h := guarded(t, change)
	a := h.get("/still/wall/map?id=lobby")
	found := stillCode.FindStringSubmatch(a.body)
	if a.status != http.StatusOK || found == nil || !strings.Contains(a.body, `http-equiv="refresh"`) || !strings.Contains(a.body, "/displays") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	secret := cookies(a)
	again := h.get("/still/wall/map?id=lobby", "Cookie", secret)
	if same := stillCode.FindStringSubmatch(again.body); same == nil || same[1] != found[1] {
		t.Fatalf("the next load shows another code: %s", again.body)
	}
	if a := h.post("/api/v1/displays/approve", `{"user_code":"`+found[1]+`","name":"Old one","wall":"lobby"}`, bearerOf(adminToken)...); a.status != http.StatusCreated {
		t.Fatalf("approve: %d %s", a.status, a.body)
	}
	done := h.get("/still/wall/map?id=lobby", "Cookie", secret)
	if done.status != http.StatusSeeOther || done.header.Get("Location") != "/still/wall/map?id=lobby" {
		t.Fatalf("approved: %d to %s", done.status, done.header.Get("Location"))
	}
	screen := cookies(done)
	wall := h.get("/still/wall/map?id=lobby", "Cookie", screen)
	if !strings.Contains(wall.body, `data-picture="/wall/map.png?wall=lobby"`) {
		t.Errorf("the paired screen sees %s", wall.body)
	}
	if again := h.get("/still/wall", "Cookie", secret); again.status != http.StatusOK || stillCode.FindString(again.body) == "" {
		t.Errorf("the secret of the code works twice: %d", again.status)
	}
	// Whoever keeps no cookies gets no endless codes.
	for range 12 {
		a = h.get("/still")
	}
	if !strings.Contains(a.body, "gives out no codes now") || a.status != http.StatusOK {
		t.Errorf("after many codes: %d %s", a.status, a.body)
	}
}

func TestTheOldWallsPageWorksWithAndWithoutScript(t *testing.T) {
	_, change := withWallEasel(t, func(c *Config) { c.Walls = []mood.Wall{{ID: "lobby"}} })
	h := open(t, change)
	a := h.get("/still/wall?id=attic&after=failure")
	for _, want := range []string{
		`data-picture="/wall.png?"`, `data-live="/wall"`, `<noscript><meta http-equiv="refresh" content="20"></noscript>`,
		`<noscript><img src="/wall.png?height=720&amp;width=1280" width="100%"`, `old/reload.js`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %s:\n%s", want, a.body)
		}
	}
	if strings.Contains(a.body, "module") || strings.Contains(a.body, "style=") {
		t.Error("the page has what old browsers or its policy don't take")
	}
	if a := h.get("/still/wall?width=720&height=576"); !strings.Contains(a.body, `data-size="720x576"`) || !strings.Contains(a.body, `data-live=""`) {
		t.Error(a.body)
	}
}

func TestTheOldPageListsChartsAndMentions(t *testing.T) {
	_, change := withWallEasel(t, nil)
	h := open(t, change)
	h.say("nokia", mood.Positive)
	h.mu.Lock()
	h.mention[0].Title, h.mention[0].URL = "<script>x</script>", "javascript:alert(1)"
	h.mu.Unlock()
	a := h.get("/still?brand=nokia&window=7d")
	for _, want := range []string{
		"<b>Nokia</b>", `<a href="/still?brand=ericsson&amp;window=7d">Ericsson</a>`, "<b>7d</b>", `href="/charts/map.csv?brand=nokia&amp;window=7d"`,
		"&lt;script&gt;x&lt;/script&gt;", "example.com",
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %s:\n%s", want, a.body)
		}
	}
	if strings.Contains(a.body, "<script>x") || strings.Contains(a.body, `"javascript:`) {
		t.Error("a mention is more than text")
	}
	if odd := h.get("/still?brand=x&window=y&label=positive"); odd.status != http.StatusOK {
		t.Errorf("an address of the live page: %d", odd.status)
	}
	h.fail(fmt.Errorf("no answer: %w", mood.ErrUnavailable))
	if away := h.get("/still"); away.status != http.StatusServiceUnavailable || !strings.Contains(away.body, "The store can’t be reached") || !strings.Contains(away.body, `http-equiv="refresh"`) {
		t.Errorf("without a store: %d %s", away.status, away.body)
	}
}

func TestADotSaysWhetherAScreenMustBePaired(t *testing.T) {
	_, change := withWallEasel(t, nil)
	h := guarded(t, change)
	wide := func(headers ...string) int {
		t.Helper()
		a := h.get("/still/there.gif", headers...)
		img, err := gif.Decode(strings.NewReader(a.body))
		if err != nil || a.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%v %s", err, a.header.Get("Cache-Control"))
		}
		return img.Bounds().Dx()
	}
	if n := wide(); n != 2 {
		t.Errorf("a stranger's dot is %d wide", n)
	}
	if n := wide(bearerOf(adminToken)...); n != 1 {
		t.Errorf("a reader's dot is %d wide", n)
	}
	h.fail(fmt.Errorf("no answer: %w", mood.ErrUnavailable))
	if n := wide("Cookie", "agora_display=made.up"); n != 1 {
		t.Errorf("without a store it is %d wide", n)
	}
}

func TestABrowserWithoutScriptIsSentOnToTheSameScene(t *testing.T) {
	_, change := withWallEasel(t, func(c *Config) { c.Walls = []mood.Wall{{ID: "lobby left"}} })
	h := open(t, change)
	for path, want := range map[string]string{
		"/wall": `url=/still/wall"`, "/wall/map": `url=/still/wall/map"`, "/wall/map?id=lobby+left": `url=/still/wall/map?id=lobby+left"`,
		"/wall/%22%3E": `url=/still/wall"`, "/wall?id=%22%3E": `url=/still/wall"`,
	} {
		if a := h.get(path); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

func TestAPageOfAnotherSiteGetsNoCodes(t *testing.T) {
	_, change := withWallEasel(t, nil)
	h := guarded(t, change)
	waiting := func() int {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.states[pairingKind])
	}
	for _, path := range []string{"/still", "/still/wall", "/still/wall/map?id=lobby"} {
		for _, site := range []string{"cross-site", "same-site"} {
			a := h.get(path, "Sec-Fetch-Site", site, "Sec-Fetch-Dest", "image", "Sec-Fetch-Mode", "no-cors")
			if a.status != http.StatusForbidden || stillCode.MatchString(a.body) || cookies(a) != "" || waiting() != 0 {
				t.Errorf("%s as a picture on a page that is %s: %d, %d codes, %s", path, site, a.status, waiting(), a.body)
			}
		}
	}
	for i, headers := range [][]string{
		nil, // too old to say
		{"Sec-Fetch-Site", "none", "Sec-Fetch-Dest", "document"},
		{"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Dest", "document"},
		{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "document", "Sec-Fetch-Mode", "navigate"}, // by a link
	} {
		if a := h.get("/still/wall", headers...); a.status != http.StatusOK || !stillCode.MatchString(a.body) || waiting() != i+1 {
			t.Errorf("a screen that says %v: %d, %d codes", headers, a.status, waiting())
		}
	}
}
