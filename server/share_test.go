package server

import (
	"context"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

var metaTag = regexp.MustCompile(`<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">`)

// sharedOf reads the tags of a page as whoever shows a shared link would.
func sharedOf(t *testing.T, a answer) map[string]string {
	t.Helper()
	head, _, ok := strings.Cut(a.body, "</head>")
	if !ok {
		t.Fatalf("%d, a page without a head: %s", a.status, a.body)
	}
	found := map[string]string{}
	for _, m := range metaTag.FindAllStringSubmatch(head, -1) {
		found[m[1]] = html.UnescapeString(m[2])
	}
	return found
}

func TestASharedLinkShowsThePictureOfItsBrandAndWindow(t *testing.T) {
	h, e := openKept(t, func(c *Config) { c.PublicURL = "https://mood.example.com" })
	for range 12 {
		h.say("ericsson", mood.Positive)
	}
	got := sharedOf(t, h.get("/?brand=ericsson&window=7d&label=positive"))
	for name, want := range map[string]string{
		"og:title": "Ericsson, last 7 days", "og:type": "website", "og:url": "https://mood.example.com/?brand=ericsson&window=7d",
		"og:image":       "https://mood.example.com/charts/timeline.png?brand=ericsson&window=7d&width=1200&height=630",
		"og:image:width": "1200", "og:image:height": "630", "og:image:alt": "Ericsson, last 7 days", "twitter:card": "summary_large_image",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	if d := got["og:description"]; !strings.Contains(d, "Ericsson is liked") || !strings.Contains(d, "+100, 12 mentions") {
		t.Errorf("it says %q", d)
	}
	if a := h.get(strings.TrimPrefix(got["og:image"], "https://mood.example.com")); a.status != http.StatusOK || e.last().Width != 1200 || e.last().Height != 630 {
		t.Errorf("the picture: %d, %d × %d", a.status, e.last().Width, e.last().Height)
	}
	// What the page itself doesn't know, it takes for the usual.
	for _, query := range []string{"", "?brand=acme&window=2d", "?brand=%22%3E%3Cscript%3E&window=%22%3E", "?brand=nokia,ericsson", "?brand=nokia&brand=ericsson"} {
		a := h.get("/" + query)
		if got := sharedOf(t, a); got["og:title"] != "Nokia, last 24 hours" || strings.Contains(a.body, "<script>") {
			t.Errorf("%s is shared as %v", query, got)
		}
	}
}

func TestTheTagsOfAKeptBoardNameItsOwnPicture(t *testing.T) {
	h, e := openKept(t, func(c *Config) {
		c.Brands = []mood.Brand{{ID: "nokia", Name: `"><script>alert(1)</script>`, Color: "#005AFF"}}
	})
	h.brands[0].Name = `"><script>alert(1)</script>`
	k := h.keep(`{"note":"<img src=x onerror=alert(1)>"}`)
	a := h.get("/snapshots/" + k.ID)
	got := sharedOf(t, a)
	if got["og:url"] != k.URL || !strings.HasPrefix(got["og:title"], `"><script>alert(1)</script>, last 24 hours, kept on `) {
		t.Errorf("%v", got)
	}
	if strings.Contains(a.body, "<script") || strings.Contains(a.body, "<img src=x") {
		t.Errorf("markup came through: %s", a.body)
	}
	path := strings.TrimPrefix(got["og:image"], h.url)
	if p := h.get(path); p.status != http.StatusOK || e.last().Link != k.URL || e.last().Width != 1200 || e.last().Height != 630 || e.last().Bare {
		t.Errorf("%s: %d, %+v", path, p.status, e.last())
	}
	if b := sharedOf(t, h.get("/?brand=nokia")); b["og:title"] != `"><script>alert(1)</script>, last 24 hours` {
		t.Errorf("the live page: %v", b)
	}
}

func TestAddressesOfSharedLinksAreThoseOfWhoeverAsks(t *testing.T) {
	h, _ := openKept(t, nil)
	port := h.url[strings.LastIndex(h.url, ":"):]
	for host, want := range map[string]string{"": h.url, "localhost" + port: "http://localhost" + port} {
		var headers []string
		if host != "" {
			headers = []string{"Host", host}
		}
		if got := sharedOf(t, h.get("/", headers...)); !strings.HasPrefix(got["og:image"], want+"/charts/") || !strings.HasPrefix(got["og:url"], want+"/?") {
			t.Errorf("asked as %q: %v", host, got)
		}
	}
	r, err := http.NewRequest(http.MethodGet, h.url, nil) //nolint:noctx // it is never sent
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{`evil"><b>`, "a b", "", "user@evil.example", "evil.example/x", "[::1"} {
		if r.Host = host; h.server.base(r) != h.url {
			t.Errorf("%q makes %s", host, h.server.base(r))
		}
	}
	if r.Host = "[::1]:8080"; h.server.base(r) != "http://[::1]:8080" {
		t.Errorf("an address of IPv6 makes %s", h.server.base(r))
	}
}

func TestNoFigureIsSharedWhereWhoFollowsMustLogIn(t *testing.T) {
	closed := func(readOpen bool) *house {
		h, _ := openKept(t, func(c *Config) {
			c.AdminHash = hashOf(adminToken)
			c.ReadOpen = readOpen
			c.PublicURL = "https://mood.example.com"
		})
		h.say("nokia", mood.Positive)
		return h
	}
	h := closed(false)
	for _, path := range []string{"/?brand=nokia", "/login", "/wall"} {
		if a := h.get(path); strings.Contains(a.body, "og:") || strings.Contains(a.body, "mention") {
			t.Errorf("%s tells a stranger %s", path, a.body)
		}
	}
	if a := h.get("/?brand=nokia", bearerOf(adminToken)...); a.status != http.StatusOK || strings.Contains(a.body, "og:") {
		t.Errorf("a link that others can't follow is shared as %s", a.body)
	}
	if got := sharedOf(t, closed(true).get("/?brand=nokia")); got["og:image"] == "" || got["og:description"] == "" {
		t.Errorf("where everybody may read: %v", got)
	}
}

func TestAPageWithTagsIsStillCachedByItsTag(t *testing.T) {
	h, _ := openKept(t, nil)
	a := h.get("/?brand=nokia")
	if a.header.Get("Cache-Control") != "no-cache" || !strings.Contains(a.header.Get("Vary"), "Accept-Encoding") || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		t.Errorf("%v", a.header)
	}
	if again := h.get("/?brand=nokia", "If-None-Match", a.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("unchanged: %d", again.status)
	}
	if other := h.get("/?brand=ericsson", "If-None-Match", a.header.Get("ETag")); other.status != http.StatusOK {
		t.Errorf("another brand's: %d", other.status)
	}
	h.say("nokia", mood.Positive)
	h.clock.advance(saidTime + time.Second)
	if later := h.get("/?brand=nokia", "If-None-Match", a.header.Get("ETag")); later.status != http.StatusOK {
		t.Errorf("after a mention: %d", later.status)
	}
	boards := h.boards.Load()
	for range 5 {
		h.get("/?brand=nokia")
	}
	if n := h.boards.Load() - boards; n > 0 {
		t.Errorf("five loads of the page read %d boards", n)
	}
	h.fail(mood.ErrUnavailable)
	h.clock.advance(saidTime + time.Second)
	if a := h.get("/?brand=nokia"); a.status != http.StatusOK || sharedOf(t, a)["og:title"] == "" || sharedOf(t, a)["og:description"] != "" {
		t.Errorf("without a store: %d %s", a.status, a.body)
	}
}

func TestACrawlerThatHangsUpTakesNobodysDescription(t *testing.T) {
	h, _ := openKept(t, nil)
	h.say("nokia", mood.Positive)
	gone, leave := context.WithCancel(t.Context())
	leave()
	h.mu.Lock()
	h.world.gate = make(chan struct{})
	h.mu.Unlock()
	day, err := mood.ParseWindow("24h")
	if err != nil {
		t.Fatal(err)
	}
	if said := h.server.said.of(gone, "nokia", day); said != "" {
		t.Errorf("whoever has left is told %q", said)
	}
	h.mu.Lock()
	h.world.gate = nil
	h.mu.Unlock()
	if got := sharedOf(t, h.get("/?brand=nokia")); !strings.Contains(got["og:description"], "1 mention") {
		t.Errorf("the next one is told %q", got["og:description"])
	}
}
