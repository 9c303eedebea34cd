package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// another is a site of its own that frames addresses of others.
func another(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><title>Intranet</title><style>body{margin:0;background:#888}iframe{border:0;display:block}</style>
<iframe id="frame" src="%s" width="%s" height="%s"></iframe>`, html.EscapeString(r.FormValue("of")), r.FormValue("w"), r.FormValue("h"))
	}))
	t.Cleanup(s.Close)
	return s
}

// startEmbedding runs a program that asks for logins, on an address that isn't
// this machine's alone, whose charts some sites may frame.
func startEmbedding(t *testing.T, brand string) (h *house, address string, stop func()) {
	t.Helper()
	cfg, err := (origin{file: writeFile(t, "agora.yaml", fmt.Sprintf(`
listen: 0.0.0.0:0
data: %s
brands: [{id: nokia, name: %q, query: Nokia}, {id: ericsson, name: Ericsson}]
sources: []
`, filepath.Join(t.TempDir(), "data"), brand)), getenv: environment("AGORA_ADMIN_TOKEN", embedToken)}).load()
	must(t, err)
	c := &console{now: time.Now, log: slog.New(slog.DiscardHandler), stdout: io.Discard, stderr: io.Discard, getenv: environment()}
	ctx, cancel := context.WithCancel(t.Context())
	h, err = openHouse(ctx, c, cfg, nil)
	must(t, err)
	ended := make(chan error, 1)
	go func() { ended <- h.run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		must(t, <-ended)
		must(t, h.close())
	})
	t.Cleanup(stop)
	u, err := url.Parse(h.server.URL())
	must(t, err)
	return h, "http://" + net.JoinHostPort("127.0.0.1", u.Port()), stop
}

const embedToken = "a token that is long enough for everybody"

func asAdmin(t *testing.T, method, address, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+embedToken)
	got, err := http.DefaultClient.Do(r)
	must(t, err)
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	must(t, err)
	return got.StatusCode, string(text)
}

// inFrame evaluates an expression in the one frame of a page, whatever its
// origin: "blocked" where the browser shows an error in its place.
func (b *tab) inFrame(expression string) string {
	b.Helper()
	tree, err := chromedp.Call(b.ctx, page.GetFrameTree, cdp.Empty{})
	b.must(err)
	if len(tree.FrameTree.ChildFrames) != 1 {
		return ""
	}
	frame := tree.FrameTree.ChildFrames[0].Frame
	if strings.HasPrefix(frame.URL, "chrome-error:") {
		return "blocked"
	}
	world, err := chromedp.Call(b.ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frame.ID})
	if err != nil {
		return "" // it is being loaded
	}
	byValue := true
	got, err := chromedp.Call(b.ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: "String(" + expression + ")", ContextID: world.ExecutionContextID, ReturnByValue: &byValue})
	if err != nil || got.ExceptionDetails != nil {
		return ""
	}
	return strings.Trim(string(got.Result.Value), `"`)
}

func (b *tab) untilInFrame(what, expression string, good func(string) bool) {
	b.Helper()
	last := ""
	for deadline := time.Now().Add(browserPatience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if last = b.inFrame(expression); good(last) {
			return
		}
	}
	b.Fatalf("never saw in the frame: %s; at last %s was %q", what, expression, last)
}

func has(part string) func(string) bool {
	return func(s string) bool { return strings.Contains(s, part) }
}

// What is to be seen of an embed.
const (
	frameSays    = `document.body.innerText`
	frameMark    = `document.getElementById('mark').innerText`
	frameChart   = `document.querySelector('#chart [role=img]').getAttribute('aria-label')`
	framePicture = `(document.querySelector('#frame img') || {}).naturalWidth || 0`
	// Whether everything has its place: nothing to scroll, mark and link side by
	// side, and most of the height left to the chart.
	frameFits = `(() => { const box = (s) => document.querySelector(s).getBoundingClientRect(), d = document.documentElement;
		return d.scrollWidth <= innerWidth && d.scrollHeight <= innerHeight && box('#mark').right <= box('#full').left + 1 && box('#full').bottom <= innerHeight && box('main').height > innerHeight * 0.6; })()`
)

func TestAChartIsFramedByTheSitesThatMayAndByNoOther(t *testing.T) {
	t.Parallel() // it waits more than it works
	chromium(t)
	h, address, stop := startEmbedding(t, "Nokia")
	site := another(t)
	push := func(id string) {
		body := fmt.Sprintf(`{"id":%q,"title":"Nokia wins: %s","url":"https://news.example/%s","source":"wire","country":"FI","language":"en"}`, id, id, id)
		if status, answer := asAdmin(t, http.MethodPost, address+"/api/v1/mentions", body); status != http.StatusAccepted {
			t.Fatalf("push: %d %s", status, answer)
		}
	}
	embed := func(body string) string {
		status, answer := asAdmin(t, http.MethodPost, address+"/api/v1/embeds", body)
		if status != http.StatusOK {
			t.Fatalf("make an embed: %d %s", status, answer)
		}
		var made struct{ URL string }
		must(t, json.Unmarshal([]byte(answer), &made))
		return made.URL
	}
	framed := func(of string, width, height int64) *tab {
		return openTab(t, width, height, fmt.Sprintf("%s/?of=%s&w=%d&h=%d", site.URL, url.QueryEscape(of), width, height))
	}
	push("first")
	must(t, h.server.AllowEmbeds([]string{site.URL}))
	live := embed(`{"chart":"timeline","brand":"nokia","window":"24h"}`)

	b := framed(live, 600, 400)
	b.untilInFrame("the chart", frameChart, has("1 mention"))
	b.untilInFrame("its time", frameMark, has("As of "))
	push("second")
	b.untilInFrame("a live update", frameChart, has("2 mentions"))

	drawn := framed(embed(`{"chart":"timeline","brand":"nokia","as":"picture","theme":"dark"}`), 600, 400)
	drawn.untilInFrame("the picture", framePicture, func(s string) bool { return s != "" && s != "0" })
	drawn.untilInFrame("its time", frameMark, has("As of "))

	must(t, h.server.AllowEmbeds([]string{"https://intranet.example.com"}))
	framed(live, 600, 400).untilInFrame("that another site may not", frameSays, func(s string) bool { return s == "blocked" })
	must(t, h.server.AllowEmbeds([]string{site.URL}))

	if status, answer := asAdmin(t, http.MethodDelete, address+"/api/v1/embeds", ""); status != http.StatusNoContent {
		t.Fatalf("revoke: %d %s", status, answer)
	}
	b.untilInFrame("that it is revoked", frameMark, has("shared here no more"))
	framed(live, 600, 400).untilInFrame("why there is nothing", frameSays, has("any more: make a new one"))

	fresh := framed(embed(`{"chart":"timeline","brand":"nokia"}`), 600, 400)
	fresh.untilInFrame("the chart", frameChart, has("2 mentions"))
	stop()
	fresh.untilInFrame("since when it is old", frameMark, has("No link since "))
}

func TestAnEmbedHasItsPlaceInFramesOfEverySize(t *testing.T) {
	t.Parallel() // it waits more than it works
	chromium(t)
	const long = "The Extraordinarily Long Name of a Consumer Electronics Company Incorporated"
	h, address, _ := startEmbedding(t, long)
	site := another(t)
	must(t, h.server.AllowEmbeds([]string{site.URL}))
	seen := []string{}
	for i := range 40 {
		seen = append(seen, fmt.Sprintf(`{"id":"i%d","title":"Nokia wins %d","url":"https://news.example/%d","source":"wire","country":"FI","language":"en","published":%q}`,
			i, i, i, time.Now().Add(-time.Duration(i)*30*time.Minute).UTC().Format(time.RFC3339)))
	}
	if status, answer := asAdmin(t, http.MethodPost, address+"/api/v1/mentions", "["+strings.Join(seen, ",")+"]"); status != http.StatusAccepted {
		t.Fatalf("push: %d %s", status, answer)
	}
	b := openTab(t, 320, 200, "about:blank") // one for all: each page is loaded anew in it
	for n, size := range [][2]int64{{320, 200}, {600, 400}, {1200, 675}} {
		for _, as := range []string{"live", "picture"} {
			for i, chart := range []string{"timeline", "map", "activity"} { // nothing was heard of devices
				if as == "picture" && i != n {
					continue // the page around a picture is the same for all: each is seen once
				}
				// Both themes in every size.
				theme := []string{"light", "dark", "light"}[i]
				status, answer := asAdmin(t, http.MethodPost, address+"/api/v1/embeds", fmt.Sprintf(`{"chart":%q,"brand":"nokia","theme":%q,"as":%q}`, chart, theme, as))
				if status != http.StatusOK {
					t.Fatalf("make an embed: %d %s", status, answer)
				}
				var made struct{ URL string }
				must(t, json.Unmarshal([]byte(answer), &made))
				b.must(chromedp.Do(b.ctx, chromedp.EmulateViewport(size[0], size[1])))
				b.must(chromedp.Do(b.ctx, chromedp.Navigate(fmt.Sprintf("%s/?of=%s&w=%d&h=%d", site.URL, url.QueryEscape(made.URL), size[0], size[1]))))
				b.untilInFrame("its time", frameMark, has("As of "))
				if as == "picture" {
					b.untilInFrame("the picture", framePicture, func(s string) bool { return s != "" && s != "0" })
				} else {
					b.untilInFrame("the chart", frameChart, has("Extraordinarily"))
				}
				if chart == "activity" && as == "live" {
					b.untilInFrame("that there is nothing", frameSays, has("No devices have reported"))
				}
				b.untilInFrame(fmt.Sprintf("%s as %s, %v: a place for everything", chart, as, size), frameFits, func(s string) bool { return s == "true" })
				b.picture(fmt.Sprintf("embed-%s-%s-%d-%s.png", chart, as, size[0], theme))
			}
		}
	}
}
