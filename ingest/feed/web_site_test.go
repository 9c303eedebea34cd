package feed

import (
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"time"
)

// web is a simulated web: it answers by what its sites are like, on the test's
// clock, and keeps a log.
type web struct {
	sites map[string]*webSite // by URL
	down  map[string][]spell

	mu  sync.Mutex
	log webLog
}

// webSite is a publisher's feed, or another address of its.
type webSite struct {
	every      time.Duration                             // between items; 0: it has one, for ever
	validators string                                    // which it gives: "etag", "weak", "odd", "modified", "both", "changing"; else none
	head       string                                    // elements of the channel
	headers    []string                                  // of every answer: name, value, …
	answer     func(n int, now time.Time) *http.Response // nil, or gives nil: the feed
	takes      time.Duration

	asked int // how often
}

// spell is a time of trouble, since the start of the simulation.
type spell struct {
	from, to time.Duration
	status   int // 0: no connection
}

var webStart = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // of every synctest bubble

func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	s := w.sites[r.URL.String()]
	w.mu.Lock()
	i := len(w.log)
	w.log = append(w.log, hit{at: time.Now(), end: time.Now().Add(time.Hour), url: r.URL.String(), method: r.Method, asked: r.Header.Clone(), said: http.Header{}})
	w.mu.Unlock()
	takes := 200 * time.Millisecond
	if s != nil {
		takes += s.takes
	}
	select {
	case <-time.After(takes):
	case <-r.Context().Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	h := &w.log[i]
	h.end = time.Now()
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	for _, d := range w.down[r.URL.Host] {
		if since := h.at.Sub(webStart); since >= d.from && since < d.to {
			if d.status == 0 {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
			}
			h.status = d.status
			return reply(d.status, "down"), nil
		}
	}
	resp := reply(404, "")
	if s != nil {
		resp = s.respond(r, h)
		s.asked++
	}
	h.status, h.said = resp.StatusCode, resp.Header
	return resp, nil
}

func (s *webSite) respond(r *http.Request, h *hit) *http.Response {
	now := time.Now()
	if s.answer != nil {
		if resp := s.answer(s.asked, now); resp != nil {
			return resp
		}
	}
	newest := 0
	if s.every > 0 {
		newest = int(now.Sub(webStart) / s.every)
	}
	published := func(i int) time.Time { return webStart.Add(time.Duration(i) * s.every) }
	tag, modified := "", ""
	switch s.validators {
	case "etag":
		tag = fmt.Sprintf(`"v%d"`, newest)
	case "weak":
		tag = fmt.Sprintf(`W/"v%d-gzip"`, newest)
	case "odd":
		tag = fmt.Sprintf(`v%d; no quotes, "inside"`, newest)
	case "modified":
		modified = published(newest).Format("Monday, 02-Jan-06 15:04:05 MST") // an odd old form
	case "both":
		tag, modified = fmt.Sprintf(`"%x"`, newest*7919), published(newest).Format(http.TimeFormat)
	case "changing":
		tag = fmt.Sprintf(`"v%d-%d"`, newest, s.asked)
	}
	same := tag != "" && r.Header.Get("If-None-Match") == tag || tag == "" && modified != "" && r.Header.Get("If-Modified-Since") == modified
	if s.validators == "changing" { // every answer gives a new tag for the same document
		same = strings.HasPrefix(r.Header.Get("If-None-Match"), fmt.Sprintf(`"v%d-`, newest))
	}
	resp := reply(200, "", s.headers...)
	if tag != "" && !(same && s.asked%2 == 0 && s.validators == "etag") { // a 304 needn't repeat it
		resp.Header.Set("ETag", tag)
	}
	if modified != "" {
		resp.Header.Set("Last-Modified", modified)
	}
	if same {
		resp.StatusCode = http.StatusNotModified
		return resp
	}
	var items []string
	for i := max(0, newest-9); i <= newest; i++ {
		items = append(items, fmt.Sprintf("<item><title>%s %d</title><guid>%s#%d</guid><pubDate>%s</pubDate></item>",
			r.URL, i, r.URL, i, published(i).Format(time.RFC1123Z)))
	}
	body := `<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>T</title>` + s.head + strings.Join(items, "") + "</channel></rss>"
	resp.Body = io.NopCloser(strings.NewReader(body))
	h.ttl, h.skip = s.asks()
	return resp
}

// asks reads what the head of a site asks for, as the checks of the log do.
func (s *webSite) asks() (ttl time.Duration, skip asks) {
	var minutes int
	if _, err := fmt.Sscanf(s.head, "<ttl>%d</ttl>", &minutes); err == nil {
		ttl = min(time.Duration(minutes)*time.Minute, day)
	}
	for h := range 24 {
		if strings.Contains(s.head, fmt.Sprintf("<hour>%d</hour>", h)) {
			skip.SkipHours = append(skip.SkipHours, h)
		}
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.Contains(s.head, "<day>"+d.String()+"</day>") {
			skip.SkipDays = append(skip.SkipDays, d)
		}
	}
	return ttl, skip
}

// episodes answers with a status and headers now and then: for two hours in
// every fifty, at a time that depends on the address.
func episodes(url string, status int, headers func(now time.Time) []string) func(int, time.Time) *http.Response {
	f := fnv.New32a()
	_, _ = f.Write([]byte(url))
	shift := time.Duration(f.Sum32()%50) * time.Hour
	return func(_ int, now time.Time) *http.Response {
		if (now.Sub(webStart)+shift)%(50*time.Hour) >= 2*time.Hour {
			return nil
		}
		return reply(status, "", headers(now)...)
	}
}
