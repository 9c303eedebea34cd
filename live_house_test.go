package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the handshake of WebSocket wants it
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// world stands in for every service at once, on one address.
type world struct {
	*httptest.Server
	jet chan string // what Jetstream sends next
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{jet: make(chan string, 16)}
	mux := http.NewServeMux()
	now := time.Now().UTC()
	mux.HandleFunc("GET /subscribe", func(rw http.ResponseWriter, r *http.Request) { w.jetstream(t, rw, r) })
	mux.HandleFunc("GET /api/v1/timelines/tag/nokia", func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("max_id") != "" || r.URL.Query().Get("since_id") != "" {
			fmt.Fprint(rw, `[]`)
			return
		}
		fmt.Fprintf(rw, `[{"id":"110","uri":"https://m.example/users/a/statuses/110","url":"https://m.example/@a/110","created_at":%q,"edited_at":null,
			"visibility":"public","language":"fi","spoiler_text":"","content":"<p>Nokia avasi &amp; myi <a href=\"#\">#nokia</a></p>","account":{"acct":"a"},"reblog":null}]`, now.Format(time.RFC3339Nano))
	})
	mux.HandleFunc("GET /api/v1/search_by_date", func(rw http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(rw, `{"hits":[{"objectID":"41","created_at_i":%d,"author":"pg","title":null,"story_text":null,"comment_text":"I like <i>Nokia</i> phones","story_title":"Phones","_tags":["comment"]}],"nbHits":1,"page":0,"nbPages":1,"hitsPerPage":1000}`, now.Unix()-60)
	})
	mux.HandleFunc("GET /api/v2/doc/doc", func(rw http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(rw, `{"articles":[{"url":"https://zeitung.example/nokia","url_mobile":"","title":"Nokia gewinnt Auftrag","seendate":%q,"socialimage":"","domain":"zeitung.example","language":"German","sourcecountry":"Germany"}]}`, now.Format("20060102T150405Z"))
	})
	events := func(kind string, lines ...string) http.HandlerFunc {
		return func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Content-Type", kind)
			if r.Header.Get("Last-Event-ID") == "" {
				_, _ = io.WriteString(rw, strings.Join(lines, ""))
			}
			rw.(http.Flusher).Flush()
			<-r.Context().Done()
		}
	}
	mux.HandleFunc("GET /v2/stream/recentchange", events("text/event-stream; charset=utf-8", fmt.Sprintf(
		"event: message\nid: [{\"topic\":\"t\",\"partition\":0,\"timestamp\":1}]\ndata: {\"meta\":{\"domain\":\"en.wikipedia.org\"},\"id\":5,\"type\":\"edit\",\"namespace\":0,\"title\":\"Nokia\",\"comment\":\"/* History */ sold\",\"timestamp\":%d,\"user\":\"Ann\",\"bot\":false,\"minor\":false,\"server_url\":\"https://en.wikipedia.org\",\"server_name\":\"en.wikipedia.org\",\"server_script_path\":\"/w\",\"wiki\":\"enwiki\",\"revision\":{\"old\":7,\"new\":8}}\n\n", now.Unix())))
	mux.HandleFunc("GET /api/rest_v1/metrics/pageviews/per-article/en.wikipedia.org/all-access/user/Nokia/daily/{from}/{to}", func(rw http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(rw, `{"items":[{"project":"en.wikipedia","article":"Nokia","granularity":"daily","timestamp":"%s00","access":"all-access","agent":"user","views":1234}]}`, now.AddDate(0, 0, -2).Format("20060102"))
	})
	mux.HandleFunc("GET /sse", events("text/event-stream", fmt.Sprintf("id: 1\ndata: {\"headline\":\"Nokia in an event\",\"when\":%q}\n\n", now.Format(time.RFC3339))))
	mux.HandleFunc("GET /ndjson", events("application/x-ndjson", fmt.Sprintf("{\"id\":9,\"text\":\"Nokia on a line\",\"published\":%d}\n\n", now.Unix())))
	w.Server = httptest.NewServer(mux)
	t.Cleanup(func() { w.CloseClientConnections(); w.Close() })
	return w
}

// jetstream speaks WebSocket as servers do: an upgrade, then frames.
func (w *world) jetstream(t *testing.T, rw http.ResponseWriter, r *http.Request) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // see above
	conn, buf, err := rw.(http.Hijacker).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	if got := r.URL.Query().Get("wantedCollections"); got != "app.bsky.feed.post" {
		t.Errorf("it asked for %q", got)
	}
	fmt.Fprintf(buf, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]))
	_ = buf.Flush()
	gone := make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() { _, _ = io.Copy(io.Discard, conn); close(gone) })
	defer func() { conn.Close(); reading.Wait() }()
	for {
		select {
		case <-gone:
			return
		case text := <-w.jet:
			writeFrame(buf.Writer, text)
		}
	}
}

// writeFrame writes a text message, as a server does.
func writeFrame(w *bufio.Writer, text string) {
	_ = w.WriteByte(0x81)
	switch n := len(text); {
	case n < 126:
		_ = w.WriteByte(byte(n))
	default:
		_ = w.WriteByte(126)
		_ = binary.Write(w, binary.BigEndian, uint16(n))
	}
	_, _ = w.WriteString(text)
	_ = w.Flush()
}

// TestWhatLiveSourcesBringIsOnTheBoard takes every preset that is no feed the
// whole way: from a service that speaks its protocol to what a screen gets.
func TestWhatLiveSourcesBringIsOnTheBoard(t *testing.T) {
	w := newWorld(t)
	cfg, err := (origin{file: writeFile(t, "agora.yaml", strings.ReplaceAll(fmt.Sprintf(`
listen: 127.0.0.1:0
data: %s
contact: ops@example.com
brands: [{id: nokia, name: Nokia, query: 'Nokia OR "Bell Labs"'}, {id: ericsson, name: Ericsson}]
fetch: {allow: [127.0.0.0/8], hosts: {127.0.0.1: {gap: 0s}}}
sources:
  - {preset: bluesky, brands: [nokia], url: 'ws://WORLD'}
  - {preset: mastodon, instances: [WORLD], tags: ['#nokia'], every: 1s}
  - {preset: hacker-news, brands: [nokia], url: 'http://WORLD', every: 1s}
  - {preset: gdelt, brands: [nokia], url: 'http://WORLD'}
  - {preset: wikipedia, brands: [nokia], url: 'http://WORLD'}
  - {preset: wikipedia-views, brands: [nokia], articles: [en.wikipedia.org/Nokia], url: 'http://WORLD'}
  - {preset: sse, id: events, url: 'http://WORLD/sse', fields: {title: headline, published: when}}
  - {preset: ndjson, id: rows, url: 'http://WORLD/ndjson'}
  - {preset: webhook, id: crm, secret: sesame-sesame, items: data, fields: {text: body.plain}}
`, filepath.Join(t.TempDir(), "data")), "WORLD", strings.TrimPrefix(w.URL, "http://"))), getenv: environment()}).load()
	must(t, err)
	h, web := runHouse(t, cfg)
	get := func(path string, into any) {
		t.Helper()
		resp, err := web.Get(h.server.URL() + path)
		must(t, err)
		defer resp.Body.Close()
		must(t, json.NewDecoder(resp.Body).Decode(into))
	}
	hook := func(body, header, value string) int {
		t.Helper()
		r, err := http.NewRequest(http.MethodPost, h.server.URL()+"/hooks/crm", strings.NewReader(body))
		must(t, err)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(header, value)
		resp, err := web.Do(r)
		must(t, err)
		defer resp.Body.Close()
		return resp.StatusCode
	}
	now := time.Now()
	post := func(operation, rkey, text string) string {
		record := ""
		if text != "" {
			record = fmt.Sprintf(`,"record":{"$type":"app.bsky.feed.post","createdAt":%q,"langs":["en"],"text":%q},"cid":"bafy"`, now.UTC().Format(time.RFC3339Nano), text)
		}
		return fmt.Sprintf(`{"did":"did:plc:abc","time_us":%d,"kind":"commit","commit":{"rev":"3l","operation":%q,"collection":"app.bsky.feed.post","rkey":%q%s}}`, time.Now().UnixMicro(), operation, rkey, record)
	}
	w.jet <- post("create", "1", "Nokia on Bluesky")
	w.jet <- post("create", "2", "Nokia, to be deleted")
	w.jet <- post("create", "3", "Ericsson alone, which this source isn't there for")
	w.jet <- post("create", "4", "nobody at all")

	body := `{"data":[{"guid":"c1","body":{"plain":"A customer likes Nokia"}}]}`
	mac := hmac.New(sha256.New, []byte("sesame-sesame"))
	_, _ = io.WriteString(mac, body)
	if status := hook(body, "X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil))); status != http.StatusAccepted {
		t.Errorf("a signed hook was answered %d", status)
	}
	if status := hook(`{"data":[]}`, "X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil))); status != http.StatusUnauthorized {
		t.Errorf("a hook with another's signature was answered %d", status)
	}
	if status := hook(`{"data":[{"guid":"c2","body":{"plain":"Another likes Nokia"}}]}`, "Authorization", "Bearer sesame-sesame"); status != http.StatusAccepted {
		t.Errorf("a hook with the secret was answered %d", status)
	}

	texts := func() map[string]mood.Mention {
		var list mood.MentionList
		get("/api/v1/mentions?brand=nokia&window=1h&limit=100", &list)
		found := map[string]mood.Mention{}
		for _, m := range list.Mentions {
			found[m.Title+m.Text] = m
		}
		return found
	}
	want := []string{
		"Nokia on Bluesky", "Nokia, to be deleted", "Nokia avasi & myi #nokia", "I like Nokia phones", "Nokia gewinnt Auftrag", "NokiaHistory: sold",
		"Nokia in an event", "Nokia on a line", "A customer likes Nokia", "Another likes Nokia",
	}
	defer func() {
		if t.Failed() {
			for _, s := range h.live.Health() {
				t.Logf("%s %s: %s", s.ID, s.State, s.LastError)
			}
			for text := range texts() {
				t.Log(text)
			}
		}
	}()
	within(t, "everything is on the board", func() bool { return len(texts()) == len(want) })
	got := texts()
	for _, text := range want {
		if _, ok := got[text]; !ok {
			t.Errorf("%q is missing", text)
		}
	}
	if m := got["Nokia gewinnt Auftrag"]; m.Places.From == nil || m.Places.From.Country != "DE" || m.Language != "de" || m.Outlet != "zeitung.example" {
		t.Errorf("GDELT's article: %+v", m)
	}
	if m := got["NokiaHistory: sold"]; m.URL != "https://en.wikipedia.org/w/index.php?diff=8&oldid=7" || m.Author != "Ann" {
		t.Errorf("the edit: %+v", m)
	}
	if m := got["Nokia avasi & myi #nokia"]; m.Language != "fi" || m.URL != "https://m.example/@a/110" || m.Outlet != "m.example" {
		t.Errorf("the post of Mastodon: %+v", m)
	}

	w.jet <- post("delete", "2", "")
	within(t, "what was deleted is withdrawn", func() bool { _, there := texts()["Nokia, to be deleted"]; return !there })

	var board struct {
		Total    struct{ Mentions int64 }
		Activity []struct {
			Key   string
			Count int64
		}
	}
	within(t, "page views are counted", func() bool {
		get("/api/v1/board?brand=nokia&window=7d", &board)
		return len(board.Activity) == 1 && board.Activity[0].Key == "page-views" && board.Activity[0].Count == 1234
	})
	if board.Total.Mentions != int64(len(want)-1) {
		t.Errorf("%d mentions are counted, want %d", board.Total.Mentions, len(want)-1)
	}

	var told struct{ Sources []mood.SourceHealth }
	within(t, "every source is fine", func() bool {
		get("/api/v1/sources", &told)
		for _, s := range told.Sources {
			if s.State != mood.SourceFine || s.LastSuccess == nil {
				return false
			}
		}
		return len(told.Sources) == 9
	})
	for _, s := range told.Sources {
		if s.Words == "" || s.LastError != "" || strings.Contains(s.URL, "sesame") {
			t.Errorf("%s: %+v", s.ID, s)
		}
	}
}
