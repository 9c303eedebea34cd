package social

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// instance stands in for one of Mastodon: a tag's time line in pages, and its
// stream for who has a token.
type standIn struct {
	*httptest.Server
	t *testing.T

	mu     sync.Mutex
	posts  []toot // the oldest first
	asked  []string
	limit  int // requests that are left; negative: no limit
	reset  time.Time
	events chan string // what the stream sends next
	lines  int
	odd    bool   // the time line has an item that is none
	stage  string // where it streams; empty: here
	early  int    // requests that came before the limit was filled again
	deaf   bool   // it gives the newest posts, whatever it is asked for
}

type toot struct {
	ID         string  `json:"id"`
	URI        string  `json:"uri"`
	URL        string  `json:"url"`
	CreatedAt  string  `json:"created_at"`
	EditedAt   *string `json:"edited_at"`
	Visibility string  `json:"visibility"`
	Language   *string `json:"language"`
	Spoiler    string  `json:"spoiler_text"`
	Content    string  `json:"content"`
	Account    struct {
		Acct string `json:"acct"`
	} `json:"account"`
	Reblog *toot `json:"reblog"`
}

func newInstance(t *testing.T) *standIn {
	i := &standIn{t: t, limit: -1, events: make(chan string, 16)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/timelines/tag/{tag}", i.timeline)
	mux.HandleFunc("GET /api/v1/streaming/hashtag", i.stream)
	mux.HandleFunc("GET /api/v2/instance", func(w http.ResponseWriter, r *http.Request) {
		if i.stage == "" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, `{"domain":"mastodon.example","version":"4.5.0","configuration":{"urls":{"streaming":%q}}}`, i.stage)
	})
	i.Server = serve(t, mux)
	return i
}

func snowflake(at time.Time, n int) string {
	return strconv.FormatInt(at.UnixMilli()<<16+int64(n), 10)
}

// toot says something under an id; 0 minutes ago is now.
func (i *standIn) toot(id, text string, ago time.Duration) toot {
	lang := "en"
	p := toot{ID: id, URI: i.URL + "/users/ann/statuses/" + id, URL: i.URL + "/@ann/" + id, Visibility: "public", Language: &lang,
		CreatedAt: time.Now().Add(-ago).UTC().Format("2006-01-02T15:04:05.000Z"), Content: "<p>" + text + "</p>"}
	p.Account.Acct = "ann"
	return p
}

func (i *standIn) say(list ...toot) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.posts = append(i.posts, list...)
	slices.SortStableFunc(i.posts, func(a, b toot) int {
		if idLess(a.ID, b.ID) {
			return -1
		}
		return 1
	})
}

func (i *standIn) timeline(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	q := r.URL.Query()
	i.asked = append(i.asked, r.URL.RequestURI()+" "+r.Header.Get("Authorization"))
	if i.limit >= 0 {
		if i.limit == 0 && time.Now().Before(i.reset) {
			i.early++
		}
		if i.limit == 0 && !time.Now().Before(i.reset) {
			i.limit = 300
		}
		i.limit = max(0, i.limit-1)
		w.Header().Set("X-RateLimit-Limit", "300")
		w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(i.limit))
		w.Header().Set("X-RateLimit-Reset", i.reset.UTC().Format("2006-01-02T15:04:05.000000Z"))
	}
	limit, _ := strconv.Atoi(q.Get("limit"))
	if limit < 1 || limit > 40 {
		i.t.Errorf("it asked for %d posts", limit)
	}
	page := []toot{}
	for _, p := range slices.Backward(i.posts) {
		if below := q.Get("max_id"); below != "" && !i.deaf && !idLess(p.ID, below) {
			continue
		}
		if since := q.Get("since_id"); since != "" && !i.deaf && !idLess(since, p.ID) {
			continue
		}
		if page = append(page, p); len(page) == limit {
			break
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	raw, _ := json.Marshal(page)
	if i.odd && len(page) > 0 { // one that nobody can read
		raw = append([]byte(`[{"id":5,"created_at":"never"},`), raw[1:]...)
	}
	_, _ = w.Write(raw)
}

func (i *standIn) stream(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer sesame" || r.URL.Query().Get("tag") != "nokia" {
		http.Error(w, `{"error":"The access token is invalid"}`, http.StatusUnauthorized)
		return
	}
	i.mu.Lock()
	i.lines++
	i.mu.Unlock()
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, ":)\n\n")
	w.(http.Flusher).Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case e := <-i.events:
			if e == "end" {
				return
			}
			fmt.Fprint(w, e)
			w.(http.Flusher).Flush()
		}
	}
}

func (i *standIn) send(name string, payload any) {
	text, ok := payload.(string)
	if !ok {
		raw, err := json.Marshal(payload)
		if err != nil {
			i.t.Fatal(err)
		}
		text = string(raw)
	}
	i.events <- fmt.Sprintf("event: %s\ndata: %s\n\n", name, text)
}

func (i *standIn) specs(token string) []Spec {
	p := only(map[string][]string{"instances": {i.URL}, "tags": {"#nokia"}})
	p.Token, p.Every = token, 20*time.Millisecond
	return specs(i.t, "mastodon", p)
}

func TestEveryPostOfATagComesHoweverManyThereWereMeanwhile(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	now := time.Now()
	i.say(i.toot(snowflake(now.Add(-time.Minute), 0), "nokia zero", time.Minute))
	s := open(t, i.specs(""))
	until(t, "the first came", func() bool { return s.takers.count() == 1 })
	s.cursor("")
	s.halt()
	for n := range 205 { // five pages and some
		i.say(i.toot(snowflake(now, n), fmt.Sprint("nokia number ", n), 0))
	}
	i.say(i.toot(snowflake(now, 300), "nobody's", 0))
	s.start()
	until(t, "all came", func() bool { return s.takers.count() == 206 })
	rounds := func() int { i.mu.Lock(); defer i.mu.Unlock(); return len(i.asked) }
	before := rounds()
	until(t, "it asks again", func() bool { return rounds() > before+3 })
	if n := s.takers.deliveries(); n > 210 {
		t.Errorf("%d were delivered: what is known is delivered again and again", n)
	}
	// A post of another instance arrives late, under the id of when it was written.
	i.say(i.toot(snowflake(now.Add(-3*time.Minute), 7), "nokia from afar", 3*time.Minute))
	until(t, "it came", func() bool { return s.takers.has("nokia from afar") })
}

func TestAnInstanceThatAlwaysGivesTheSamePostsIsNotAskedOnAndOn(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.deaf = true
	for n := range 40 { // a page
		i.say(i.toot(snowflake(time.Now(), n), fmt.Sprint("nokia number ", n), 0))
	}
	s := open(t, i.specs(""))
	s.waitState("", mood.SourceFine)
	first := *s.health("").LastSuccess
	until(t, "another round ends", func() bool { return s.health("").LastSuccess.After(first) })
}

func TestAPostOfMastodonIsReadAsItIsMeant(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	id := func(n int) string { return snowflake(time.Now(), n) }
	warned := i.toot(id(11), "It is about <a href='#'>#<span>Nokia</span></a> &amp; co", 0)
	warned.Spoiler = "<phones>" // it is plain text
	private := i.toot(id(12), "nokia among us", 0)
	private.Visibility = "private"
	boost := i.toot(id(13), "nokia boosted", 0)
	boost.Reblog = &warned
	remote := i.toot(id(14), "nokia elsewhere", 0)
	remote.Account.Acct, remote.URL, remote.Language = "bob@other.example", "https://other.example/@bob/9", nil
	i.say(warned, private, boost, remote)
	i.odd = true
	s := open(t, i.specs(""))
	until(t, "two came", func() bool { return s.takers.count() == 2 })
	m := s.takers.find(t, "<phones>\n\nIt is about #Nokia & co")
	if m.Language != "en" || m.Author != "ann@127.0.0.1" || m.URL != warned.URL || m.Title != "" {
		t.Errorf("%+v", m)
	}
	if m := s.takers.find(t, "nokia elsewhere"); m.Language != "" || m.Author != "bob@other.example" || m.URL != "https://other.example/@bob/9" {
		t.Errorf("%+v", m)
	}
	// An edit that a poll finds.
	at := time.Now().UTC().Format(time.RFC3339)
	i.mu.Lock()
	last := len(i.posts) - 1
	i.posts[last].Content, i.posts[last].EditedAt = "<p>nokia elsewhere, put right</p>", &at
	i.mu.Unlock()
	until(t, "the edit came", func() bool { return s.takers.has("nokia elsewhere, put right") })
	if s.takers.count() != 2 {
		t.Errorf("%q", s.takers.texts())
	}
}

func TestAnInstanceWhoseLimitIsUsedUpIsLeftAlone(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.say(i.toot("11", "nokia", 0))
	i.limit, i.reset = 2, time.Now().Add(3*time.Second)
	s := open(t, i.specs(""))
	until(t, "the first came", func() bool { return s.takers.count() == 1 })
	until(t, "the limit is filled again", func() bool { i.mu.Lock(); defer i.mu.Unlock(); return i.limit > 2 })
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.early > 0 {
		t.Errorf("it asked %d times though nothing was left", i.early)
	}
}

func TestAnInstanceIsListenedToWithAToken(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.say(i.toot("11", "nokia of before", time.Hour))
	s := open(t, i.specs("sesame"))
	s.waitState("", mood.SourceFine)
	until(t, "what was there came", func() bool { return s.takers.count() == 1 })
	first := i.toot("12", "nokia live", 0)
	i.send("update", first)
	i.send("update", "garbage")
	i.events <- "data: {\n\n: a comment\n\nevent: notification\ndata: {}\n\n"
	i.send("update", i.toot("13", "nokia regretted", 0))
	until(t, "both came", func() bool { return s.takers.count() == 3 })
	first.Content = "<p>nokia live, put right</p>"
	i.send("status.update", first)
	i.send("delete", "13")
	until(t, "edit and deletion", func() bool { return s.takers.count() == 2 && s.takers.has("nokia live, put right") })
	again := i.toot("14", "nokia, thought better of", 0)
	i.send("update", again)
	until(t, "it came", func() bool { return s.takers.has("nokia, thought better of") })
	again.Content = "<p>nothing to see here</p>"
	i.send("status.update", again)
	until(t, "it went with its brand", func() bool { return s.takers.lost("nokia, thought better of") })
	i.send("delete", "11") // that was polled
	until(t, "it went", func() bool { return s.takers.count() == 1 })

	// What is said while the line is down is asked for.
	i.say(first, i.toot("15", "nokia meanwhile", 0))
	i.events <- "end"
	until(t, "it came", func() bool { return s.takers.has("nokia meanwhile") })
	until(t, "the line is open again", func() bool { i.mu.Lock(); defer i.mu.Unlock(); return i.lines == 2 })
}

func TestALineOfAnInstanceThatEndsOnceIsNoFailure(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	s := open(t, i.specs("sesame"))
	s.waitState("", mood.SourceFine)
	lines := func() int { i.mu.Lock(); defer i.mu.Unlock(); return i.lines }
	until(t, "the line is open", func() bool { return lines() == 1 })
	i.events <- "end"
	until(t, "it is open again", func() bool {
		if h := s.health(""); h.State != mood.SourceFine || h.Interval != 0 {
			t.Fatalf("meanwhile: %+v", h)
		}
		return lines() == 2
	})
}

func TestAnInstanceThatStreamsElsewhereIsListenedToThere(t *testing.T) {
	t.Parallel()
	home, stage := newInstance(t), newInstance(t)
	home.stage = "ws" + strings.TrimPrefix(stage.URL, "http")
	s := open(t, home.specs("sesame"))
	s.waitState("", mood.SourceFine)
	stage.send("update", home.toot("12", "nokia live", 0))
	until(t, "it came", func() bool { return s.takers.count() == 1 })
	stage.send("delete", "12")
	until(t, "it went", func() bool { return s.takers.count() == 0 })
}

func TestAWrongTokenIsToldAsThat(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	s := open(t, i.specs("wrong"))
	h := s.waitState("", mood.SourceFailing)
	if h.Trouble != mood.TroubleRefused || h.LastStatus != 401 || h.Say(time.Now(), nil) == "" ||
		h.LastError != `it answered 401 Unauthorized (The access token is invalid): it wants a login; give the source a valid token (the key token:)` {
		t.Errorf("%+v", h)
	}
}
