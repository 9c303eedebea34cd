package social

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

// wire stands in for somebody's stream: what is written to it is sent to whoever
// listens.
type wire struct {
	*httptest.Server
	kind string

	mu    sync.Mutex
	asked []*http.Request
	first string // is sent when a line opens
	text  chan string
}

func newWire(t *testing.T, kind string) *wire {
	w := &wire{kind: kind, text: make(chan string, 16)}
	w.Server = serve(t, w)
	return w
}

func (s *wire) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r)
	first := s.first
	s.mu.Unlock()
	w.Header().Set("Content-Type", s.kind)
	_, _ = io.WriteString(w, first)
	w.(http.Flusher).Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case text := <-s.text:
			if text == "end" {
				return
			}
			_, _ = io.WriteString(w, text)
			w.(http.Flusher).Flush()
		}
	}
}

func (s *wire) lines() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

func (s *takers) pushes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pushed)
}

func TestAStreamOfEventsIsMappedByNamesAndResumed(t *testing.T) {
	t.Parallel()
	w := newWire(t, "text/event-stream")
	w.first = "retry: 100\n\n"
	p := Params{Values: map[string][]string{"url": {w.URL + "/events?x=1"}, "id": {"mine"}, "items": {"data.posts"}, "country": {"FI"}, "language": {"fi"}},
		Fields: map[string]string{"title": "head.line", "text": "body.0.plain", "id": "n", "language": "tongue"}, Token: "sesame"}
	s := open(t, specs(t, "sse", p))
	s.waitState("mine", mood.SourceFine)
	w.text <- ": a sign of life\n\n" +
		"id: 7\ndata: {\"data\":{\"posts\":[{\"n\":12345678901234567890,\"head\":{\"line\":\"Nokia\"},\"body\":[{\"plain\":\"rings\"}],\"link\":\"https://a.example/1\",\"tongue\":\"English\",\n" +
		"data: \"user\":{\"name\":\"Ann\"},\"country\":\"nowhere\"}, {\"n\":2,\"head\":{\"line\":\"Second\"},\"tongue\":\"sv\",\"url\":\"/relative\"}]}}\r\n\r\n" +
		"data: garbage\n\nevent: other\ndata: {\"data\":{\"posts\":[]}}\n\n"
	until(t, "both came", func() bool { return s.takers.pushes() == 2 })
	s.takers.mu.Lock()
	first, second := s.takers.pushed[0], s.takers.pushed[1]
	s.takers.mu.Unlock()
	if got := fmt.Sprint(first); got != "map[author:Ann country:FI id:1.2345678901234567e+19 language:fi source:mine text:rings title:Nokia url:https://a.example/1]" {
		t.Errorf("%s", got)
	}
	if got := fmt.Sprint(second); got != "map[country:FI id:2 language:sv source:mine title:Second]" {
		t.Errorf("%s", got)
	}
	until(t, "the cursor is kept", func() bool { return s.cursor("mine") == `{"id":"7"}` })
	w.text <- "end"
	until(t, "it dials again", func() bool { return w.lines() == 2 })
	w.mu.Lock()
	defer w.mu.Unlock()
	if r := w.asked[1]; r.Header.Get("Last-Event-ID") != "7" || r.Header.Get("Authorization") != "Bearer sesame" || r.Header.Get("Accept") != "text/event-stream" || r.UserAgent() != "Agora/test (+ops@example.com)" {
		t.Errorf("%v", r.Header)
	}
}

func TestAStreamOfLinesIsResumedByAField(t *testing.T) {
	t.Parallel()
	w := newWire(t, "application/x-ndjson")
	p := Params{Values: map[string][]string{"url": {w.URL + "/rows?token=secret"}, "id": {"rows"}, "resume": {"since=seq"}}}
	s := open(t, specs(t, "ndjson", p))
	s.waitState("rows", mood.SourceFine)
	w.text <- `{"seq":1,"text":"nokia one"}` + "\n\n" + `{"seq":2,"text":"nokia two"}` + "\r\n" + strings.Repeat("x", 3<<20) + "\nnot json\n" + `{"seq":3,"body":"nokia three","created_at":1764212345}` + "\n" + `{"seq":4,"text":"nokia cut o`
	until(t, "three came", func() bool { return s.takers.pushes() == 3 })
	until(t, "the cursor is kept", func() bool { return s.cursor("rows") == `{"id":"3"}` })
	w.text <- "end"
	until(t, "it dials again", func() bool { return w.lines() == 2 })
	w.mu.Lock()
	defer w.mu.Unlock()
	if q := w.asked[1].URL.RawQuery; q != "since=3&token=secret" {
		t.Errorf("it asked for %s", q)
	}
	if h := s.health("rows"); strings.Contains(h.URL, "secret") {
		t.Errorf("it shows %s", h.URL)
	}
}

func TestItemsOfWhichNoneCanBeTakenAreTold(t *testing.T) {
	t.Parallel()
	w := newWire(t, "text/event-stream")
	s := open(t, specs(t, "sse", Params{Values: map[string][]string{"url": {w.URL}, "id": {"odd"}}}))
	s.waitState("odd", mood.SourceFine)
	w.text <- "data: {\"what\":\"nokia\"}\n\n"
	until(t, "it says so", func() bool { return strings.Contains(s.health("odd").LastError, "none could be taken") })
	w.text <- "data: {\"text\":\"nokia\"}\n\n"
	until(t, "that is over", func() bool { return s.health("odd").LastError == "" })
}

func TestAPageIsNoStreamOfEvents(t *testing.T) {
	t.Parallel()
	w := newWire(t, "text/html")
	s := open(t, specs(t, "sse", Params{Values: map[string][]string{"url": {w.URL}, "id": {"page"}}}))
	if h := s.waitState("page", mood.SourceFailing); h.Trouble != mood.TroubleUnreadable || !strings.Contains(h.LastError, `it is no stream of server-sent events, but "text/html"`) {
		t.Errorf("%+v", h)
	}
}

// By a clock of its own: to a busy machine a moment is as long as a silence.
func TestASilentStreamIsDialledAnewAndASignOfLifeKeepsIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{kind: "text/event-stream", text: make(chan string, 16)}
		const silence = 400 * time.Millisecond
		s := newSite(t, specs(t, "sse", Params{Values: map[string][]string{"url": {"http://stream.example/"}, "id": {"still"}}, Silence: silence}))
		s.cfg.Kit.Dial = inside(t, w)
		s.start()
		s.waitState("still", mood.SourceFine)
		for range 12 {
			w.text <- ":\n\n"
			time.Sleep(silence * 3 / 4) // the stream's own rhythm
		}
		if n := w.lines(); n != 1 {
			t.Errorf("it dialled %d times though the line lived", n)
		}
		until(t, "it dials again", func() bool { return w.lines() > 1 })
		s.halt()
	})
}

// inside serves what is dialled without a network, which has no clock but the
// machine's.
func inside(t *testing.T, h http.Handler) func(context.Context, string, string) (net.Conn, error) {
	lines := pipes{ended: make(chan struct{}), dialled: make(chan net.Conn)}
	server := &http.Server{Handler: h, ReadHeaderTimeout: patience}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(&lines) })
	t.Cleanup(func() { _ = server.Close(); serving.Wait() })
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		here, there := net.Pipe()
		select {
		case lines.dialled <- there:
			return here, nil
		case <-lines.ended:
			return nil, net.ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// pipes listens to who dials inside.
type pipes struct {
	dialled chan net.Conn
	ended   chan struct{}
	once    sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.dialled:
		return c, nil
	case <-p.ended:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.ended) })
	return nil
}

func (*pipes) Addr() net.Addr { return &net.TCPAddr{} }

// sent serves a body as one answer.
func sent(t *testing.T, kind, packed string, body []byte) *httptest.Server {
	return serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		if packed != "" {
			w.Header().Set("Content-Encoding", packed)
		}
		_, _ = w.Write(body)
	}))
}

func TestTheFirstAndTheLastLineOfAStreamAreRead(t *testing.T) {
	t.Parallel()
	lines := "\xef\xbb\xbf{\"id\":1,\"title\":\"nokia after a mark\"}\r\n{\"id\":2,\"title\":\"nokia without an end\"}"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, lines)
	_ = z.Close()
	for name, server := range map[string]*httptest.Server{
		"plain": sent(t, "application/x-ndjson", "", []byte(lines)), "packed": sent(t, "application/x-ndjson", "gzip", packed.Bytes()),
	} {
		s := open(t, specs(t, "ndjson", Params{Values: map[string][]string{"url": {server.URL}, "id": {name}}}))
		for _, title := range []string{"nokia after a mark", "nokia without an end"} {
			until(t, name+": "+title, func() bool {
				s.takers.mu.Lock()
				defer s.takers.mu.Unlock()
				return slices.ContainsFunc(s.takers.pushed, func(m map[string]any) bool { return m["title"] == title })
			})
		}
	}
}

func TestWhatComesPackedIsReadAtOnce(t *testing.T) {
	t.Parallel()
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		for n := range 2 {
			z := gzip.NewWriter(w)
			fmt.Fprintf(z, "{\"id\":%d,\"title\":\"nokia\"}\n", n)
			_ = z.Close()
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
	}))
	s := open(t, specs(t, "ndjson", Params{Values: map[string][]string{"url": {server.URL}, "id": {"packed"}}}))
	until(t, "both came", func() bool { return s.takers.pushes() == 2 })
}

func TestAHalfLineAtTheEndIsNoItem(t *testing.T) {
	t.Parallel()
	server := sent(t, "application/x-ndjson", "", []byte("{\"id\":1,\"title\":\"nokia\"}\n{\"id\":2,\"title\":\"nok"))
	s := open(t, specs(t, "ndjson", Params{Values: map[string][]string{"url": {server.URL}, "id": {"half"}}}))
	until(t, "the whole one came", func() bool { return s.takers.pushes() >= 1 })
	s.takers.mu.Lock()
	defer s.takers.mu.Unlock()
	for _, m := range s.takers.pushed {
		if fmt.Sprint(m["id"]) != "1" {
			t.Errorf("%v came", m)
		}
	}
}

func TestAStreamOfSomethingElseIsToldAsThat(t *testing.T) {
	t.Parallel()
	page := sent(t, "text/html", "", []byte("<html>\n<body>Log in\n</body></html>\n"))
	brotli := sent(t, "application/x-ndjson", "br", []byte{0x0b, 0x02, 0x80})
	for server, wrong := range map[*httptest.Server]string{page: "what came on the line can't be read", brotli: "it packs what it sends (br)"} {
		s := open(t, specs(t, "ndjson", Params{Values: map[string][]string{"url": {server.URL}, "id": {"else"}}}))
		if h := s.waitState("else", mood.SourceFailing); !strings.Contains(h.LastError, wrong) || h.Trouble != mood.TroubleUnreadable {
			t.Errorf("%+v", h)
		}
	}

	w := newWire(t, "text/event-stream")
	s := open(t, specs(t, "sse", Params{Values: map[string][]string{"url": {w.URL}, "id": {"words"}}}))
	w.text <- strings.Repeat("id: 1\ndata: just words\n\n", manyUnread)
	until(t, "it is told", func() bool { return strings.HasPrefix(s.health("words").LastError, "what comes can't be read") })
	w.text <- "id: 2\ndata: {\"id\":1,\"title\":\"nokia\"}\n\n"
	until(t, "it is fine", func() bool { h := s.health("words"); return h.LastError == "" && h.State == mood.SourceFine })
}

func TestLinesOfEventsEndWithAnyOfThree(t *testing.T) {
	want := "1 one\ntwo|2 three|"
	for _, end := range []string{"\n", "\r\n", "\r"} {
		text := strings.ReplaceAll(": hello\nid: 1\ndata: one\ndata: two\n\nid: 2\ndata: three\n\n", "\n", end)
		for size := 1; size <= len(text); size++ {
			parts := make([]io.Reader, 0, len(text))
			for part := range slices.Chunk([]byte(text), size) {
				parts = append(parts, bytes.NewReader(part))
			}
			l, release := newLines(t.Context(), io.NopCloser(io.MultiReader(parts...)))
			events, got := newEvents(l), ""
			for {
				e, err := events.next()
				if err != nil {
					break
				}
				if !e.comment {
					got += fmt.Sprintf("%s %s|", e.id, e.data)
				}
			}
			release()
			if got != want {
				t.Fatalf("ended with %q, in parts of %d bytes: %q, want %q", end, size, got, want)
			}
		}
	}
}
