package feed

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

// packedNothing answers without a body, and says how it would be packed.
func packedNothing(encoding string, status int) func(int, *http.Request) *http.Response {
	return func(n int, r *http.Request) *http.Response {
		if status == http.StatusNotModified && r.Header.Get("If-None-Match") == "" {
			return reply(200, rssOf(one("a")), "ETag", `"1"`)
		}
		return reply(status, "", "Content-Encoding", encoding, "ETag", `"1"`)
	}
}

func TestAnswersWithoutABodyMayNameItsEncoding(t *testing.T) {
	for _, encoding := range []string{"gzip", "zstd", "br", "deflate"} {
		w := &world{answer: packedNothing(encoding, http.StatusNotModified)}
		health, _ := simulate(t, w, 5*time.Minute, every(10*time.Second), publicA)
		if h := health[publicA]; h.State != mood.SourceFine || len(w.visits(publicA)) < 20 {
			t.Errorf("%s on a 304: %s (%s) after %d requests", encoding, h.State, h.LastError, len(w.visits(publicA)))
		}
		w = &world{answer: packedNothing(encoding, http.StatusGone)}
		health, _ = simulate(t, w, day, every(10*time.Second), publicA)
		if h := health[publicA]; h.State != mood.SourceGone || len(w.visits(publicA)) != 2 {
			t.Errorf("%s on a 410: %s (%s) after %d requests", encoding, h.State, h.LastError, len(w.visits(publicA)))
		}
		w = &world{answer: packedNothing(encoding, http.StatusNotFound)}
		if health, _ = simulate(t, w, time.Hour, every(10*time.Second), publicA); !strings.Contains(health[publicA].LastError, "404") {
			t.Errorf("%s on a 404: %s", encoding, health[publicA].LastError)
		}
	}
}

func TestADocumentThatIsCutOffBeforeItsFirstItemIsNotFine(t *testing.T) {
	for _, body := range []string{"<rss>", "<rss><channel>", `<feed xmlns="http://www.w3.org/2005/Atom"><ent`} {
		w := &world{answer: func(int, *http.Request) *http.Response { return reply(200, body) }}
		health, _ := simulate(t, w, 10*time.Minute, every(time.Second), publicA)
		h := health[publicA]
		if h.State != mood.SourceFailing || !strings.Contains(h.LastError, "cut off") {
			t.Errorf("%q: %s, %q", body, h.State, h.LastError)
		}
		if n := len(w.visits(publicA)); n > 40 {
			t.Errorf("%q: asked %d times in ten minutes", body, n)
		}
	}
}

func TestAYoungFeedIsWatchedMoreOftenThanItsFewItemsSay(t *testing.T) {
	w := &world{}
	w.answer = func(int, *http.Request) *http.Response {
		var b strings.Builder
		for i := range 1 + int(time.Since(webStart)/(10*time.Minute)) {
			b.WriteString(one(strings.Repeat("x", i+1) + " " + time.Duration(i).String()))
		}
		return reply(200, rssOf(b.String()))
	}
	simulate(t, w, 3*time.Hour, nil, publicA)
	if n := len(w.visits(publicA)); n < 6 {
		t.Errorf("a feed that gains an item every ten minutes was asked %d times in its first three hours", n)
	}
}

func TestARedirectBringsNoPassword(t *testing.T) {
	w := &world{answer: func(_ int, r *http.Request) *http.Response {
		if r.URL.Host == "elsewhere.com" {
			if _, _, ok := r.BasicAuth(); ok {
				t.Error("a password that a server made up was sent")
			}
			return reply(200, rssOf(one("a")))
		}
		return reply(302, "", "Location", "http://user:secret@elsewhere.com/feed")
	}}
	simulate(t, w, time.Minute, nil, publicA)
}
