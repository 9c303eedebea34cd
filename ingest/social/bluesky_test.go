package social

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"agora/mood"
)

// jet stands in for Jetstream: it keeps what was said, plays it from a cursor
// on, and goes on with what is said then.
type jet struct {
	*httptest.Server
	t *testing.T

	mu    sync.Mutex
	log   []string // frames
	times []int64
	asked []url.Values
	agent string
	grown chan struct{}
	lines map[*websocket.Conn]bool
	mute  bool // lines are open and nothing comes on them
	deny  int  // answered to who dials
}

func newJet(t *testing.T) *jet {
	j := &jet{t: t, grown: make(chan struct{}), lines: map[*websocket.Conn]bool{}}
	j.Server = serve(t, j)
	return j
}

func (j *jet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	j.mu.Lock()
	j.asked, j.agent = append(j.asked, r.URL.Query()), r.UserAgent()
	if deny := j.deny; deny != 0 {
		j.mu.Unlock()
		w.Header().Set("Retry-After", "1")
		http.Error(w, "slow down", deny)
		return
	}
	at := len(j.log)
	if cursor, err := strconv.ParseInt(r.URL.Query().Get("cursor"), 10, 64); err == nil {
		for at = 0; at < len(j.times) && j.times[at] < cursor; at++ {
		}
	}
	j.mu.Unlock()
	if r.URL.Path != "/subscribe" || r.URL.Query().Get("wantedCollections") != "app.bsky.feed.post" {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	j.mu.Lock()
	j.lines[conn] = true
	j.mu.Unlock()
	ctx := conn.CloseRead(r.Context())
	defer func() {
		j.mu.Lock()
		delete(j.lines, conn)
		j.mu.Unlock()
		_ = conn.CloseNow()
	}()
	for {
		j.mu.Lock()
		frames, grown := j.log[at:], j.grown
		if j.mute {
			frames = nil
		} else {
			at = len(j.log)
		}
		j.mu.Unlock()
		for _, frame := range frames {
			if conn.Write(ctx, websocket.MessageText, []byte(frame)) != nil {
				return
			}
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return
		}
	}
}

// say adds events, at the same time all.
func (j *jet) say(frames ...string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, f := range frames {
		j.log, j.times = append(j.log, f), append(j.times, time.Now().UnixMicro())
	}
	close(j.grown)
	j.grown = make(chan struct{})
}

func (j *jet) drop() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for conn := range j.lines {
		go conn.CloseNow()
	}
}

func (j *jet) setMute(mute bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.mute = mute
	close(j.grown)
	j.grown = make(chan struct{})
}

func (j *jet) dials() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.asked)
}

func commit(operation, rkey, text string, langs ...string) string {
	now := time.Now()
	record := ""
	if operation != "delete" {
		record = fmt.Sprintf(`,"record":{"$type":"app.bsky.feed.post","createdAt":%q,"langs":[%s],"text":%q},"cid":"bafyreib"`,
			now.UTC().Format("2006-01-02T15:04:05.000Z"), quoted(langs), text)
	}
	return fmt.Sprintf(`{"did":"did:plc:eygmaihciaxprqvxpfvl6flk","time_us":%d,"kind":"commit","commit":{"rev":"3l3qo2vutsw2b","operation":%q,"collection":"app.bsky.feed.post","rkey":%q%s}}`,
		now.UnixMicro(), operation, rkey, record)
}

func quoted(list []string) string {
	for i := range list {
		list[i] = strconv.Quote(list[i])
	}
	return strings.Join(list, ",")
}

func (j *jet) specs(change func(*Params)) []Spec {
	p := only(map[string][]string{"url": {"ws" + strings.TrimPrefix(j.URL, "http")}})
	if change != nil {
		change(&p)
	}
	return specs(j.t, "bluesky", p)
}

func TestPostsOfBlueskyThatNameABrandComeAtOnce(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := open(t, j.specs(nil))
	until(t, "the line is open", func() bool { return j.dials() == 1 })
	s.waitState("", mood.SourceFine)
	j.say(
		commit("create", "a", "Nokia rings", "en"), commit("create", "b", "nobody", "en"), commit("create", "c", "only ericsson", "en"),
		`{"did":"did:plc:x","time_us":1,"kind":"identity","identity":{"did":"did:plc:x","handle":"a.bsky.social","seq":1}}`,
		`{"did":"did:plc:x","time_us":1,"kind":"account","account":{"active":true,"did":"did:plc:x","seq":1}}`,
		"garbage", "{", `{"kind":"commit"}`, `{"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"z","record":null},"did":"d","time_us":9223372036854775807}`,
		`[]`, `null`, strings.Repeat("x", 2<<20), commit("create", "d", "Nokia puhuu", "fi", "en"), commit("create", "e", "if nokia<b and c>d &amp; so", "en"),
	)
	until(t, "three came, and are told", func() bool { return s.takers.count() == 3 && s.health("").Today == 3 })
	m := s.takers.find(t, "Nokia rings")
	if m.URL != "https://bsky.app/profile/did:plc:eygmaihciaxprqvxpfvl6flk/post/a" || m.Language != "en" || m.Outlet != "bsky.app" ||
		m.Author != "did:plc:eygmaihciaxprqvxpfvl6flk" || time.Since(m.Published).Abs() > time.Minute || m.Sources[0] != s.health("").ID {
		t.Errorf("%+v", m)
	}
	if m := s.takers.find(t, "Nokia puhuu"); m.Language != "" {
		t.Errorf("a post in two languages is said to be in %q", m.Language)
	}
	s.takers.find(t, "if nokia<b and c>d &amp; so") // it is no HTML, and means what it says
	if j.agent != "Agora/test (+ops@example.com)" {
		t.Errorf("it said it was %q", j.agent)
	}
	if h := s.health(""); h.LastItem == nil || h.Say(time.Now(), nil) != "fine: 3 new in 24 h" {
		t.Errorf("%+v", h)
	}
}

func TestAPostWithAFieldOfAnotherTypeIsReadAllTheSame(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := open(t, j.specs(nil))
	s.waitState("", mood.SourceFine)
	j.say(strings.Replace(commit("create", "a", "nokia, oddly", "en"), `"langs":["en"]`, `"langs":"en"`, 1))
	until(t, "it came", func() bool { return s.takers.has("nokia, oddly") })
}

// What names no brand today may be what a query is tried on tomorrow.
func TestPostsOfBlueskyThatNameNoBrandArePassedOn(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := newSite(t, j.specs(nil))
	passed := make(chan mood.Mention, 10)
	s.cfg.Unnamed = func(m mood.Mention) { passed <- m }
	s.start()
	s.waitState("", mood.SourceFine)
	j.say(commit("create", "a", "nokia rings"), commit("create", "b", "nobody is named", "en"))
	until(t, "one names a brand", func() bool { return s.takers.count() == 1 })
	select {
	case m := <-passed:
		if m.Text != "nobody is named" || m.Language != "en" || m.ID == "" || m.Sources[0] != s.health("").ID {
			t.Errorf("passed on: %+v", m)
		}
	case <-time.After(patience):
		t.Error("what names no brand was not passed on")
	}
	if len(passed) > 0 {
		t.Errorf("passed on as well: %+v", <-passed)
	}
}

func TestWhatIsDeletedOnBlueskyIsWithdrawnAndWhatIsEditedFollows(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := open(t, j.specs(nil))
	s.waitState("", mood.SourceFine)
	j.say(commit("create", "a", "nokia one"), commit("create", "b", "nokia two"), commit("create", "c", "nokia three"))
	until(t, "they came", func() bool { return s.takers.count() == 3 })
	j.say(commit("delete", "a", ""), commit("update", "b", "nokia two, put right"), commit("create", "d", "nokia, regretted"), commit("delete", "d", ""), commit("delete", "never", ""))
	until(t, "it went", func() bool {
		return s.takers.count() == 2 && s.takers.has("nokia two, put right") && s.takers.has("nokia three")
	})
	j.say(commit("create", "e", "nokia, thought better of"))
	until(t, "it came", func() bool { return s.takers.has("nokia, thought better of") })
	j.say(commit("update", "e", "nothing to see here"))
	until(t, "it went with its brand", func() bool { return s.takers.lost("nokia, thought better of") })
	s.takers.mu.Lock()
	defer s.takers.mu.Unlock()
	if s.takers.edits != 1 || len(s.takers.gone) == 0 || s.takers.gone[0] != "nokia one" {
		t.Errorf("%d edits, gone %q", s.takers.edits, s.takers.gone)
	}
}

func TestAfterARestartBlueskyGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := open(t, j.specs(nil))
	s.waitState("", mood.SourceFine)
	begin := s.cursor("")
	j.say(commit("create", "a", "nokia before"))
	until(t, "it came, and its cursor is kept", func() bool { return s.takers.count() == 1 && s.cursor("") != begin })
	s.halt()
	j.say(commit("create", "b", "nokia meanwhile"))
	s.start()
	j.say(commit("create", "c", "nokia after"))
	until(t, "nothing is missing", func() bool { return s.takers.count() == 3 })
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.asked) != 2 || j.asked[0].Has("cursor") {
		t.Fatalf("asked for %v", j.asked)
	}
	cursor, _ := strconv.ParseInt(j.asked[1].Get("cursor"), 10, 64)
	if overlap := j.times[0] - cursor; overlap < (4*time.Second).Microseconds() || overlap > (30*time.Second).Microseconds() {
		t.Errorf("it went on %v before the last event", time.Duration(overlap)*time.Microsecond)
	}
}

func TestALineThatDropsIsDialledAnewAndNothingIsLost(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := open(t, j.specs(nil))
	s.waitState("", mood.SourceFine)
	for i := range 3 {
		j.say(commit("create", fmt.Sprint("r", i), fmt.Sprint("nokia ", i)))
		until(t, "it came", func() bool { return s.takers.count() == i+1 })
		dials := j.dials()
		j.drop()
		until(t, "it dials again", func() bool { return j.dials() > dials })
	}
	if h := s.health(""); h.State != mood.SourceFine {
		t.Errorf("drops of a line that brings something: %s, %s", h.State, h.LastError)
	}
}

func TestALineOnWhichNothingComesAnyMoreIsCut(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := open(t, j.specs(func(p *Params) { p.Silence = 300 * time.Millisecond }))
	s.waitState("", mood.SourceFine)
	j.say(commit("create", "a", "nokia first"))
	until(t, "it came", func() bool { return s.takers.count() == 1 })
	j.setMute(true)
	j.say(commit("create", "b", "nokia on a dead line"))
	dials := j.dials()
	until(t, "it dials again", func() bool { return j.dials() > dials })
	j.setMute(false)
	until(t, "what was said meanwhile came", func() bool { return s.takers.count() == 2 })
}

func TestAServiceOnWhoseLinesNothingEverComesIsNotFine(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	j.setMute(true)
	s := newSite(t, j.specs(func(p *Params) { p.Silence = 500 * time.Millisecond }))
	begun := time.Now()
	s.cfg.Now = func() time.Time { return begun.Add(300 * time.Since(begun)) } // a line lasts a minute by it
	s.start()
	if h := s.waitState("", mood.SourceFailing); !strings.Contains(h.LastError, "nothing came for 500ms") {
		t.Errorf("%+v", h)
	}
	j.setMute(false)
	until(t, "it is fine", func() bool { // what is said before it dials may be of the past by its clock
		j.say(commit("create", "a", "nokia at last"))
		return s.health("").State == mood.SourceFine
	})
}

func TestAServiceThatAsksForAPauseGetsIt(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	j.deny = http.StatusTooManyRequests
	s := open(t, j.specs(nil))
	if h := s.waitState("", mood.SourceWaiting); h.NextPoll == nil || !strings.Contains(h.LastError, "answered 429 and asks to be left alone until") {
		t.Errorf("%+v", h)
	}
	j.mu.Lock()
	j.deny = 0
	j.mu.Unlock()
	s.waitState("", mood.SourceFine)
}

func TestWhatCanNotBeTakenWaitsAndIsNotLost(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := open(t, j.specs(nil))
	s.waitState("", mood.SourceFine)
	begin := s.cursor("")
	j.say(commit("create", "a", "nokia a"))
	until(t, "it came, and its cursor is kept", func() bool { return s.takers.count() == 1 && s.cursor("") != begin })
	before := s.cursor("")
	s.takers.close(errFull)
	for i := range 3 * maxWaiting {
		j.say(commit("create", fmt.Sprint("x", i), fmt.Sprint("nokia number ", i)))
	}
	until(t, "it says so", func() bool { return s.health("").Trouble == mood.TroubleUndelivered })
	if h := s.health(""); !strings.Contains(h.LastError, "the journal is full") || h.Stopped() {
		t.Errorf("%+v", h)
	}
	s.again() // the process is killed while the journal is full
	until(t, "it still says so", func() bool { return s.health("").Trouble == mood.TroubleUndelivered })
	if after := s.cursor(""); after != before {
		t.Errorf("the cursor went from %s to %s though nothing was taken", before, after)
	}
	s.takers.close(nil)
	until(t, "all of it came", func() bool { return s.takers.count() == 3*maxWaiting+1 })
	s.waitState("", mood.SourceFine)
}

func TestPostsInOtherLanguagesArePassedOver(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := open(t, j.specs(func(p *Params) { p.Values["languages"] = []string{"fi"} }))
	s.waitState("", mood.SourceFine)
	j.say(commit("create", "a", "nokia in English", "en"), commit("create", "b", "nokia suomeksi", "fi-FI"), commit("create", "c", "nokia in no language"))
	until(t, "two came", func() bool { return s.takers.has("nokia suomeksi") && s.takers.has("nokia in no language") })
	if s.takers.count() != 2 {
		t.Errorf("%q", s.takers.texts())
	}
}

func TestAStopTakesAMoment(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := open(t, j.specs(nil))
	s.waitState("", mood.SourceFine)
	s.takers.close(errFull)
	j.say(commit("create", "a", "nokia"))
	until(t, "it waits", func() bool { return s.health("").Trouble == mood.TroubleUndelivered })
	ended := make(chan struct{})
	go func() { s.halt(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Fatal("a stop takes over five seconds")
	}
}
