package server

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

const adminToken = "correct horse battery staple"

// guarded opens a server that asks for tokens.
func guarded(t testing.TB, change func(*Config)) *house {
	return open(t, func(c *Config) {
		c.AdminHash = hashOf(adminToken)
		c.Walls = []mood.Wall{{ID: "canteen"}, {ID: "lobby", Brands: []string{"nokia"}}}
		if change != nil {
			change(c)
		}
	})
}

func bearerOf(token string) []string { return []string{"Authorization", "Bearer " + token} }

// cookies gives what an answer sets, as a request carries it.
func cookies(a answer) string {
	var pairs []string
	for _, c := range a.header.Values("Set-Cookie") {
		pair, _, _ := strings.Cut(c, ";")
		pairs = append(pairs, pair)
	}
	return strings.Join(pairs, "; ")
}

func TestEveryAnswerIsHardened(t *testing.T) {
	h := open(t, nil)
	for _, path := range []string{"/", "/wall", "/wall/map", "/displays", "/login", "/api/v1/brands", "/nowhere", "/assets/main-75UIE3R5.js", "/metrics"} {
		a := h.get(path)
		if got := a.header.Get("Content-Security-Policy"); got != contentPolicy {
			t.Errorf("%s: policy %q", path, got)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

func TestPagesAndAssetsAreServedByTheirExactPath(t *testing.T) {
	h := open(t, nil)
	for path, title := range map[string]string{"/": "page", "/wall": "wall", "/wall/overview": "wall", "/displays": "displays", "/login": "login"} {
		if a := h.get(path); a.status != http.StatusOK || !strings.Contains(a.body, "<title>"+title) || a.header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d %s %s", path, a.status, a.header.Get("Cache-Control"), a.body)
		}
	}
	a := h.get("/assets/main-75UIE3R5.js")
	if !strings.Contains(a.header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(a.header.Get("Content-Type"), "text/javascript") {
		t.Errorf("asset: %v", a.header)
	}
	if z := h.get("/assets/main-75UIE3R5.js", "Accept-Encoding", "br, gzip"); z.header.Get("Content-Encoding") != "gzip" || z.body != "gz twin" {
		t.Errorf("its twin: %v %q", z.header, z.body)
	}
	if again := h.get("/", "If-None-Match", h.get("/").header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("a page that didn't change: %d", again.status)
	}
	if l := h.get("/assets/licenses.txt"); strings.Contains(l.header.Get("Cache-Control"), "immutable") {
		t.Error("a file without a hash in its name is kept for ever")
	}
	for _, path := range []string{"/assets/", "/assets", "/assets/main-75UIE3R5.js.gz", "/assets//main-75UIE3R5.js", "/assets/%2e%2e/index.html", "/..%2findex.html", "/assets/..%5cindex.html"} {
		if a := h.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

func TestOnLoopbackAStrangersNameIsRefused(t *testing.T) {
	h := open(t, func(c *Config) { c.PublicURL = "https://mood.example.com" })
	for host, want := range map[string]int{
		"localhost": 200, "LOCALHOST:8080": 200, "127.0.0.1:1": 200, "mood.example.com": 200,
		"evil.example.com": 421, "127.0.0.1.evil.example.com": 421, "169.254.169.254": 421, "[::1]": 421, "": 400,
	} {
		a := h.get("/api/v1/brands", "Host", host)
		if host == "" {
			continue // the client fills it in
		}
		if a.status != want {
			t.Errorf("%s: %d, want %d", host, a.status, want)
		}
	}
}

func TestPagesOfOtherSitesCantWrite(t *testing.T) {
	h := open(t, nil)
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example.com"}} {
		if a := h.post("/api/v1/mentions", `{"title":"a"}`, headers...); a.status != http.StatusForbidden {
			t.Errorf("%v: %d", headers, a.status)
		}
		if a := h.get("/api/v1/brands", headers...); a.status != http.StatusOK {
			t.Errorf("reading with %v: %d", headers, a.status)
		}
	}
	if a := h.post("/api/v1/mentions", `{"title":"a"}`, "Sec-Fetch-Site", "same-origin"); a.status != http.StatusAccepted {
		t.Errorf("its own page: %d", a.status)
	}
}

func TestElsewhereThanLoopbackNeedsAToken(t *testing.T) {
	w := newWorld(time.Now)
	c := Config{Listen: "0.0.0.0:0", Boards: w, Mentions: w, States: w, Assets: files()}
	if _, err := New(c); err == nil || !strings.Contains(err.Error(), "admin token") {
		t.Errorf("err = %v", err)
	}
	c.AdminHash = hashOf(adminToken)
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestWithoutALoginNothingIsToldAndPagesLeadToIt(t *testing.T) {
	h := guarded(t, nil)
	for _, r := range h.server.routes {
		if r.page || r.access == anyone {
			continue
		}
		path := strings.NewReplacer(":id", "x", ":file", "mood.json").Replace(r.path)
		body := ""
		if r.method == http.MethodPost || r.method == http.MethodPatch {
			body = "{}"
		}
		if a := h.ask(r.method, path, body); a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s %s: %d", r.method, path, a.status)
		}
		if path == streamPath {
			h.tap("", bearerOf(adminToken)...).until("hello")
			continue
		}
		if a := h.ask(r.method, path, body, bearerOf(adminToken)...); a.status == http.StatusUnauthorized || a.status == http.StatusForbidden {
			t.Errorf("%s %s with the token: %d", r.method, path, a.status)
		}
	}
	a := h.get("/?brand=nokia")
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/login?next=%2F%3Fbrand%3Dnokia" {
		t.Errorf("/: %d to %s", a.status, a.header.Get("Location"))
	}
	for _, path := range []string{"/login", "/wall", "/healthz", "/readyz", "/openapi.json", "/assets/main-75UIE3R5.js", "/api/v1/session"} {
		if a := h.get(path); a.status != http.StatusOK {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

func TestTheAdminTokenBecomesASession(t *testing.T) {
	h := guarded(t, nil)
	if a := h.post("/api/v1/session", `{"token":"guess"}`); a.status != http.StatusUnauthorized || cookies(a) != "" {
		t.Fatalf("a guess: %d %s", a.status, cookies(a))
	}
	a := h.post("/api/v1/session", `{"token":"`+adminToken+`"}`)
	if a.status != http.StatusNoContent {
		t.Fatal(a.status, a.body)
	}
	set := a.header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(set, want) {
			t.Errorf("the cookie lacks %s: %s", want, set)
		}
	}
	cookie := cookies(a)
	if b := h.get("/api/v1/brands", "Cookie", cookie); b.status != http.StatusOK {
		t.Errorf("with the session: %d", b.status)
	}
	if b := h.post("/api/v1/mentions", `{"title":"a"}`, "Cookie", cookie); b.status != http.StatusAccepted {
		t.Errorf("writing with the session: %d", b.status)
	}
	for id, k := range h.states[sessionKind] {
		if strings.Contains(cookie, id) || strings.Contains(string(k.value), strings.Split(cookie, "=")[1]) {
			t.Error("the token is stored as it is")
		}
	}
	if b := h.ask(http.MethodDelete, "/api/v1/session", "", "Cookie", cookie); b.status != http.StatusNoContent {
		t.Errorf("log out: %d", b.status)
	}
	if b := h.get("/api/v1/brands", "Cookie", cookie); b.status != http.StatusUnauthorized {
		t.Errorf("after logging out: %d", b.status)
	}
}

func TestASessionEnds(t *testing.T) {
	h := guarded(t, func(c *Config) { c.PublicURL = "https://mood.example.com" })
	a := h.post("/api/v1/session", `{"token":"`+adminToken+`"}`)
	if set := a.header.Get("Set-Cookie"); !strings.Contains(set, "Secure") || !strings.HasPrefix(set, "__Host-") {
		t.Errorf("behind TLS the cookie is %s", set)
	}
	if b := h.get("/api/v1/brands", "Cookie", cookies(a)); b.status != http.StatusOK {
		t.Fatalf("at first: %d", b.status)
	}
	h.clock.advance(sessionTime + time.Minute)
	if b := h.get("/api/v1/brands", "Cookie", cookies(a)); b.status != http.StatusUnauthorized {
		t.Errorf("a month later: %d", b.status)
	}
}

func TestGuessingTokensIsSlowedDown(t *testing.T) {
	h := guarded(t, nil)
	h.clock.hold()
	for i := range 10 {
		if a := h.post("/api/v1/session", `{"token":"guess"}`); a.status != http.StatusUnauthorized {
			t.Fatalf("try %d: %d", i, a.status)
		}
	}
	for _, a := range []answer{
		h.post("/api/v1/session", `{"token":"`+adminToken+`"}`),
		h.get("/api/v1/brands", bearerOf("guess")...),
	} {
		if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
			t.Errorf("try 11: %d", a.status)
		}
	}
	h.clock.advance(2 * time.Minute)
	if a := h.post("/api/v1/session", `{"token":"`+adminToken+`"}`); a.status != http.StatusNoContent {
		t.Errorf("two minutes later: %d", a.status)
	}
}

func TestReadOpenLetsStrangersLookAndChangeNothing(t *testing.T) {
	h := guarded(t, func(c *Config) { c.ReadOpen = true })
	if a := h.get("/api/v1/board"); a.status != http.StatusOK {
		t.Errorf("reading: %d", a.status)
	}
	if a := h.post("/api/v1/mentions", `{"title":"a"}`); a.status != http.StatusForbidden {
		t.Errorf("writing: %d", a.status)
	}
	if a := h.get("/displays"); a.status != http.StatusSeeOther {
		t.Errorf("/displays: %d", a.status)
	}
}

func TestTheOperatorsSecretOpensEverything(t *testing.T) {
	h := guarded(t, func(c *Config) { c.OperatorSecret = "s3cret" })
	if a := h.post("/api/v1/mentions", `{"title":"a"}`, operatorHeader, "s3cret"); a.status != http.StatusAccepted {
		t.Errorf("%d", a.status)
	}
	if a := h.post("/api/v1/mentions", `{"title":"a"}`, operatorHeader, ""); a.status != http.StatusUnauthorized {
		t.Errorf("without: %d", a.status)
	}
}

func TestForwardedAddressesAreBelievedFromNamedProxiesOnly(t *testing.T) {
	h := guarded(t, nil)
	h.clock.hold()
	for range 10 {
		h.post("/api/v1/session", `{"token":"guess"}`)
	}
	if a := h.post("/api/v1/session", `{"token":"guess"}`, "X-Forwarded-For", "203.0.113.7"); a.status != http.StatusTooManyRequests {
		t.Errorf("a made-up address got a fresh start: %d", a.status)
	}
}

func TestLogsHoldNoQueriesAndNoTokens(t *testing.T) {
	var buffer lockedBuffer
	h := guarded(t, func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(&buffer, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	h.get("/api/v1/brands?token=sesame", bearerOf(adminToken)...)
	h.post("/api/v1/session", `{"token":"`+adminToken+`"}`)
	logged := buffer.String()
	if !strings.Contains(logged, "/api/v1/brands") {
		t.Fatalf("nothing was logged: %s", logged)
	}
	for _, secret := range []string{"sesame", "battery"} {
		if strings.Contains(logged, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
