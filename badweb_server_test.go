package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// badWeb is a small open web on loopback addresses: feeds that are as they
// should be, and all that goes wrong out there. It writes down what it is
// asked.
type badWeb struct {
	begun time.Time
	every time.Duration // at which its good feeds are asked
	hosts []string      // host:port, one for each address

	mu       sync.Mutex
	log      []knock
	inFlight map[string]int
	most     map[string]int // in flight at once, by host
	tags     map[string]string
	waits    map[string]time.Time // by path: not before
	told     map[string]int       // how many items a good feed has shown
}

// knock is one request.
type knock struct {
	host, path  string
	at, ended   time.Time
	etag, since string // of the question
	header      http.Header
	early       bool // ahead of what Retry-After asked
	unasked     bool // without the validator that was given
}

// startBadWeb listens on so many loopback addresses.
func startBadWeb(t *testing.T, addresses int, every time.Duration) *badWeb {
	t.Helper()
	w := &badWeb{
		begun: time.Now(), every: every, inFlight: map[string]int{}, most: map[string]int{},
		tags: map[string]string{}, waits: map[string]time.Time{}, told: map[string]int{},
	}
	for i := range addresses {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", i+1))
		if err != nil {
			if os.Getenv("AGORA_TEST_ALL") == "1" {
				t.Fatalf("this machine has one loopback address only, and AGORA_TEST_ALL asks for every test: %v", err)
			}
			t.Skipf("this machine has one loopback address only: %v", err)
		}
		server := &http.Server{Handler: w, ReadHeaderTimeout: 10 * time.Second}
		go func() { _ = server.Serve(listener) }()
		t.Cleanup(func() { _ = server.Close() })
		w.hosts = append(w.hosts, listener.Addr().String())
	}
	return w
}

// ServeHTTP answers /KIND/NUMBER.
func (w *badWeb) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	k := knock{host: r.Host, path: r.URL.Path, at: time.Now(), etag: r.Header.Get("If-None-Match"), since: r.Header.Get("If-Modified-Since"), header: r.Header.Clone()}
	w.mu.Lock()
	k.early = k.at.Before(w.waits[k.path])
	k.unasked = w.tags[k.path] != "" && k.etag != w.tags[k.path]
	w.inFlight[k.host]++
	w.most[k.host] = max(w.most[k.host], w.inFlight[k.host])
	w.mu.Unlock()
	defer func() {
		k.ended = time.Now()
		w.mu.Lock()
		w.inFlight[k.host]--
		w.log = append(w.log, k)
		w.mu.Unlock()
		if v := recover(); v != nil {
			panic(v)
		}
	}()
	kind, number, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	n, _ := strconv.Atoi(number)
	if serve, ok := misdeeds[kind]; ok {
		serve(w, out, r, n)
		return
	}
	http.NotFound(out, r)
}

// misdeeds says how each kind of address answers.
var misdeeds = map[string]func(w *badWeb, out http.ResponseWriter, r *http.Request, n int){
	"good":    (*badWeb).good,
	"fickle":  (*badWeb).fickle,
	"scripts": (*badWeb).scripts,
	"once":    (*badWeb).tagged,
	"packed":  (*badWeb).packedTag,
	"drip":    func(_ *badWeb, out http.ResponseWriter, r *http.Request, _ int) { trickle(out, r, 1, time.Second) },
	"creep": func(_ *badWeb, out http.ResponseWriter, r *http.Request, _ int) {
		trickle(out, r, 8<<10, 100*time.Millisecond)
	},
	"flood":    func(_ *badWeb, out http.ResponseWriter, r *http.Request, _ int) { trickle(out, r, 64<<10, 0) },
	"mute":     func(_ *badWeb, _ http.ResponseWriter, r *http.Request, _ int) { <-r.Context().Done() },
	"hangup":   func(_ *badWeb, _ http.ResponseWriter, _ *http.Request, _ int) { panic(http.ErrAbortHandler) },
	"bomb":     func(_ *badWeb, out http.ResponseWriter, _ *http.Request, _ int) { packed(out, bomb()) },
	"deep":     func(_ *badWeb, out http.ResponseWriter, _ *http.Request, _ int) { packed(out, deep()) },
	"items":    func(_ *badWeb, out http.ResponseWriter, _ *http.Request, _ int) { packed(out, manyItems()) },
	"entities": func(_ *badWeb, out http.ResponseWriter, _ *http.Request, _ int) { _, _ = io.WriteString(out, laughs) },
	"big":      func(_ *badWeb, out http.ResponseWriter, _ *http.Request, n int) { _, _ = out.Write(bigFeed(n)) },
	"loop": func(_ *badWeb, out http.ResponseWriter, r *http.Request, n int) {
		http.Redirect(out, r, "/loop/"+strconv.Itoa(n), http.StatusFound)
	},
	"inside": func(_ *badWeb, out http.ResponseWriter, r *http.Request, n int) {
		inside := [...]string{"http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://[::ffff:192.168.1.1]/", "http://2130706433.example/", "file:///etc/passwd", "http://[fd00::1]/", "http://0x0a000001/"}
		http.Redirect(out, r, inside[n%len(inside)], http.StatusFound)
	},
	"busy": func(w *badWeb, out http.ResponseWriter, r *http.Request, n int) {
		w.wait(out, r, http.StatusTooManyRequests, n)
	},
	"down": func(w *badWeb, out http.ResponseWriter, r *http.Request, n int) {
		w.wait(out, r, http.StatusServiceUnavailable, n)
	},
	"gone": func(_ *badWeb, out http.ResponseWriter, _ *http.Request, _ int) { out.WriteHeader(http.StatusGone) },
	"error": func(_ *badWeb, out http.ResponseWriter, _ *http.Request, _ int) {
		out.WriteHeader(http.StatusInternalServerError)
	},
	"nothing": func(_ *badWeb, _ http.ResponseWriter, _ *http.Request, _ int) {},
	"page": func(_ *badWeb, out http.ResponseWriter, _ *http.Request, n int) {
		fmt.Fprintf(out, `<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/good/%d"></head><body><p>Welcome</body></html>`, n)
	},
	"cut": func(_ *badWeb, out http.ResponseWriter, _ *http.Request, n int) {
		out.Header().Set("Content-Length", "100000")
		_, _ = io.WriteString(out, rss(fmt.Sprintf("cut-%d", n), 5)[:900])
		panic(http.ErrAbortHandler)
	},
	"rubbish": func(_ *badWeb, out http.ResponseWriter, _ *http.Request, n int) {
		_, _ = out.Write(bytes.Repeat([]byte{byte(n), 0xff, '<', 0, '&', 0x80, ']', '>'}, 20_000))
	},
}

// good gains an item every few intervals.
func (w *badWeb) good(out http.ResponseWriter, _ *http.Request, n int) {
	items := w.items(n)
	w.mu.Lock()
	key := "/good/" + strconv.Itoa(n)
	w.told[key] = max(w.told[key], items)
	w.mu.Unlock()
	_, _ = io.WriteString(out, rss("good-"+strconv.Itoa(n), items))
}

// items is how many items a good feed has by now.
func (w *badWeb) items(n int) int { return 3 + int(time.Since(w.begun)/(4*w.every)) + n%2 }

// fickle has other GUIDs and dates with every answer.
func (w *badWeb) fickle(out http.ResponseWriter, _ *http.Request, n int) {
	body := rss("fickle-"+strconv.Itoa(n), 5)
	now := strconv.FormatInt(time.Now().UnixNano(), 36)
	body = strings.ReplaceAll(body, "<guid>", "<guid>"+now+"-")
	_, _ = io.WriteString(out, body)
}

const attack = `<script>document.title='owned';window.owned=1</script><img src=x onerror="window.owned=1"><b>Nokia</b> &lt;svg onload=window.owned=1&gt; "><iframe src="javascript:window.owned=1">`

func (w *badWeb) scripts(out http.ResponseWriter, _ *http.Request, n int) {
	fmt.Fprintf(out, `<rss version="2.0"><channel><title>%s</title><item><title>%s %d</title><link>javascript:alert(1)</link><guid isPermaLink="false">attack-%d</guid><description><![CDATA[%s]]></description><author>%s</author><pubDate>%s</pubDate></item></channel></rss>`,
		html.EscapeString(attack), html.EscapeString(attack), n, n, attack, html.EscapeString(attack), time.Now().UTC().Format(time.RFC1123Z))
}

// tagged gives a validator, and expects it back to the letter.
func (w *badWeb) tagged(out http.ResponseWriter, r *http.Request, n int) {
	tag := fmt.Sprintf(`W/"odd tag, %d; é"`, n)
	w.mu.Lock()
	w.tags[r.URL.Path] = tag
	w.mu.Unlock()
	out.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		out.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = io.WriteString(out, rss("once-"+strconv.Itoa(n), 4))
}

// packedTag does the same, and says of its empty answers how they would be
// packed.
func (w *badWeb) packedTag(out http.ResponseWriter, r *http.Request, n int) {
	if r.Header.Get("If-None-Match") != "" {
		out.Header().Set("Content-Encoding", [...]string{"gzip", "br", "zstd", "deflate"}[n%4])
	}
	w.tagged(out, r, n)
}

// wait asks to be left alone, in either of the two ways.
func (w *badWeb) wait(out http.ResponseWriter, r *http.Request, status, n int) {
	pause := time.Duration(4+n%5) * time.Second
	until := time.Now().Add(pause)
	value := strconv.Itoa(int(pause / time.Second))
	if n%2 == 1 {
		until = until.Truncate(time.Second).Add(time.Second)
		value = until.UTC().Format(http.TimeFormat)
	}
	w.mu.Lock()
	w.waits[r.URL.Path] = until
	w.mu.Unlock()
	out.Header().Set("Retry-After", value)
	out.WriteHeader(status)
}

// trickle sends a feed that never ends, so many bytes at a time.
func trickle(out http.ResponseWriter, r *http.Request, bytesAtOnce int, pause time.Duration) {
	piece := []byte(strings.Repeat("<item><title>More and more</title></item>\n", bytesAtOnce/42+1))[:bytesAtOnce]
	_, _ = io.WriteString(out, `<rss version="2.0"><channel>`)
	for r.Context().Err() == nil {
		if _, err := out.Write(piece); err != nil {
			return
		}
		if f, ok := out.(http.Flusher); ok {
			f.Flush()
		}
		if pause > 0 {
			select {
			case <-time.After(pause):
			case <-r.Context().Done():
			}
		}
	}
}

// rss is a feed of so many items, newest first, each of which names a brand.
func rss(id string, items int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?><rss version="2.0"><channel><title>%s</title><link>https://%s.example/</link>`, id, id)
	for i := items - 1; i >= 0; i-- {
		fmt.Fprintf(&b, `<item><title>Nokia wins deal %d of %s</title><link>https://%s.example/%d</link><guid>%s-%d</guid><description>It is great news for everybody there.</description></item>`, i, id, id, i, id, i)
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

func bigFeed(n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<rss version="2.0"><channel><title>Big %d</title>`, n)
	text := strings.Repeat("Words about nothing in particular. ", 100)
	for i := range 1_000 {
		fmt.Fprintf(&b, `<item><title>Nokia story %d of big %d</title><link>https://big-%d.example/%d</link><description>%s</description></item>`, i, n, n, i, text)
	}
	b.WriteString(`</channel></rss>`)
	return b.Bytes()
}

const laughs = `<!DOCTYPE lolz [<!ENTITY a "lololololol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>&c;</title><item><title>&c;&d;</title></item></channel></rss>`

// What is packed is made once.
var (
	bomb      = sync.OnceValue(func() []byte { return pack("<rss><channel><title>", " ", 2<<30, "") })
	deep      = sync.OnceValue(func() []byte { return pack("<rss><channel><item>", "<x:y>", 10<<20, "") })
	manyItems = sync.OnceValue(func() []byte { return pack("<rss><channel>", "<item/>", 17<<20, "</channel></rss>") })
)

// pack repeats middle to so many bytes, and compresses it all.
func pack(begin, middle string, size int, end string) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	_, _ = io.WriteString(z, begin)
	piece := []byte(strings.Repeat(middle, 1<<20/len(middle)))
	for done := 0; done < size; done += len(piece) {
		_, _ = z.Write(piece)
	}
	_, _ = io.WriteString(z, end)
	_ = z.Close()
	return b.Bytes()
}

func packed(out http.ResponseWriter, body []byte) {
	out.Header().Set("Content-Encoding", "gzip")
	_, _ = out.Write(body)
}
