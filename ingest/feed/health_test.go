package feed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

// life runs a poller of one feed on a clock of its own, again and again on the
// same states, and looks at its health after each run.
func life(t *testing.T, w *world, src mood.Source, spans ...time.Duration) (seen []mood.SourceHealth, begun time.Time) {
	t.Helper()
	states := newMemory()
	synctest.Test(t, func(t *testing.T) {
		begun = time.Now()
		for _, span := range spans {
			p, err := NewPoller(Config{Deliver: newInbox().deliver, States: states, Transport: w, Sources: []mood.Source{src}})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); _ = p.Run(ctx) }()
			time.Sleep(span)
			seen = append(seen, p.Health()[0])
			cancel()
			<-done
		}
	})
	return seen, begun
}

// sinceBegun tells how long after the beginning of the test's clock something is.
func sinceBegun(t time.Time) time.Duration {
	return t.Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
}

func oneFeed(every time.Duration) mood.Source {
	return mood.Source{ID: "s", Name: "S", Kind: "feed", URL: publicA, Every: every}
}

func TestOneFailedPollIsNoOutage(t *testing.T) {
	w := &world{answer: func(n int, _ *http.Request) *http.Response {
		if n == 5 {
			return reply(503, "")
		}
		return reply(200, rssOf(one("a")))
	}}
	seen, _ := life(t, w, oneFeed(10*time.Minute), 57*time.Minute, 5*time.Hour)
	if first := seen[0]; first.State != mood.SourceFailing || first.Stopped() || first.LastStatus != 503 || first.Since == nil {
		t.Errorf("after one failed poll: %+v", first)
	}
	if later := seen[1]; later.State != mood.SourceFine || len(later.Outages) != 0 || later.Since != nil {
		t.Errorf("after it was well again: %+v", later)
	}
}

func TestAnOutageLastsFromTheLastGoodAnswerToTheNextAndIsKnownAfterARestart(t *testing.T) {
	w := &world{answer: func(_ int, r *http.Request) *http.Response {
		if age := sinceBegun(time.Now()); age > 3*time.Hour && age < 6*time.Hour {
			return reply(503, "")
		}
		return reply(200, rssOf(one("a")))
	}}
	seen, begun := life(t, w, oneFeed(10*time.Minute), 4*time.Hour, time.Hour, 5*time.Hour, time.Hour)
	for i, h := range seen[:2] {
		if !h.Stopped() || h.State != mood.SourceFailing || h.Trouble != mood.TroubleRefused {
			t.Fatalf("run %d: not stopped: %+v", i, h)
		}
		if from := h.Outages[0].From.Sub(begun); from < 2*time.Hour+45*time.Minute || from > 3*time.Hour || !h.Since.Equal(h.Outages[0].From) {
			t.Errorf("run %d: stopped since %v, %v; the last good answer was just before 3 h", i, from, h.Since)
		}
		if words := h.Say(begun.Add(5*time.Hour), time.UTC); !strings.HasPrefix(words, "broken on its side (503) since 02:") {
			t.Errorf("run %d: %q", i, words)
		}
	}
	for i, h := range seen[2:] {
		if h.Stopped() || len(h.Outages) != 1 || h.Since != nil || h.Trouble != "" {
			t.Fatalf("run %d after the recovery: %+v", i, h)
		}
		to := h.Outages[0].To.Sub(begun)
		if to < 6*time.Hour || to > 9*time.Hour || !h.Outages[0].From.Equal(seen[0].Outages[0].From.Truncate(time.Second)) {
			t.Errorf("run %d: the outage was from %v to %v", i, h.Outages[0].From, to)
		}
	}
}

func TestTimeWithoutAgoraIsNoOutageOfASource(t *testing.T) {
	down := false
	w := &world{answer: func(int, *http.Request) *http.Response {
		if down {
			return reply(500, "")
		}
		return reply(200, rssOf(one("a")))
	}}
	states := newMemory()
	synctest.Test(t, func(t *testing.T) {
		run := func(span time.Duration) mood.SourceHealth {
			p, err := NewPoller(Config{Deliver: newInbox().deliver, States: states, Transport: w, Sources: []mood.Source{oneFeed(10 * time.Minute)}})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); _ = p.Run(ctx) }()
			time.Sleep(span)
			h := p.Health()[0]
			cancel()
			<-done
			return h
		}
		run(time.Hour)
		time.Sleep(20 * time.Hour)
		down = true
		back := time.Now()
		h := run(2 * time.Hour)
		if !h.Stopped() || h.Outages[0].From.Before(back) {
			t.Errorf("outages %+v: Agora was stopped until %v", h.Outages, back)
		}
	})
}

func TestAHostThatAsksForALongPauseHasStopped(t *testing.T) {
	w := &world{answer: func(n int, _ *http.Request) *http.Response {
		if n >= 3 {
			return reply(429, "", "Retry-After", "86000")
		}
		return reply(200, rssOf(one("a")))
	}}
	seen, begun := life(t, w, oneFeed(time.Hour), 4*time.Hour, 4*time.Hour)
	if h := seen[0]; h.State != mood.SourceWaiting || h.Stopped() {
		t.Errorf("soon after: %+v", h)
	}
	h := seen[1]
	if h.State != mood.SourceWaiting || !h.Stopped() {
		t.Errorf("hours later: %+v", h)
	}
	if words := h.Say(begun.Add(8*time.Hour), time.UTC); !strings.HasPrefix(words, "asked to slow down until Sun 0") {
		t.Errorf("it says %q", words)
	}
}

func TestAFeedThatAnswersAndPublishesNothingGivesAHint(t *testing.T) {
	w := &world{answer: func(int, *http.Request) *http.Response {
		var items []string
		for i := range 60 { // twelve a day until the clock began
			at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Duration(i) * 2 * time.Hour)
			items = append(items, fmt.Sprintf("<item><title>%d</title><guid>%d</guid><pubDate>%s</pubDate></item>", i, i, at.Format(time.RFC1123)))
		}
		return reply(200, rssOf(items...))
	}}
	seen, begun := life(t, w, oneFeed(time.Hour), 30*time.Hour, 9*24*time.Hour)
	if h := seen[0]; h.SilentSince != nil || h.State != mood.SourceFine {
		t.Errorf("after a day: %+v", h)
	}
	h := seen[1]
	if h.State != mood.SourceFine || h.Stopped() || h.SilentSince == nil || h.UsualPerDay != 12 {
		t.Fatalf("after ten days: %+v", h)
	}
	if words := h.Say(begun.Add(10*24*time.Hour), time.UTC); words != "no new item for 10 days, usually 12 a day" {
		t.Errorf("it says %q", words)
	}
}

func TestASourceWithoutANameTakesTheTitleOfItsFeed(t *testing.T) {
	title := "The Daily &amp; <b>Wire</b>\u202e\n gnp.exe"
	w := &world{answer: func(int, *http.Request) *http.Response {
		return reply(200, strings.Replace(rssOf(one("a"), one("b")), "<title>T</title>", "<title><![CDATA["+title+"]]></title>", 1))
	}}
	src := oneFeed(time.Hour)
	src.Name, src.Unnamed = "example.com", true
	seen, _ := life(t, w, src, time.Minute)
	if h := seen[0]; h.Name != "The Daily & Wire gnp.exe" || h.Title != h.Name || h.Items != 2 || h.LastStatus != 200 || h.Interval != 3600 {
		t.Errorf("%+v", h)
	}
	src.Name, src.Unnamed = "My wire", false
	if seen, _ = life(t, w, src, time.Minute); seen[0].Name != "My wire" {
		t.Errorf("a source with a name is called %q", seen[0].Name)
	}
}

func TestOutagesAreBoundedAndOldOnesForgotten(t *testing.T) {
	var list []stretch
	begun := time.Unix(1_000_000_000, 0)
	for i := range 300 {
		from := begun.Add(time.Duration(i) * 12 * time.Hour)
		list = withOutage(list, from, from.Add(time.Hour), 15*time.Minute)
	}
	now := begun.Add(300 * 12 * time.Hour)
	st := &state{Told: told{Outages: list}}
	if got := st.outages(now); len(got) != mood.MaxOutages-1 || !got[0].From.After(got[1].From) {
		t.Errorf("%d outages are told", len(got))
	}
	if got := st.outages(now.Add(89 * day)); len(got) == 0 || len(got) == mood.MaxOutages-1 {
		t.Errorf("after 89 days, %d outages are told", len(got))
	}
	if got := st.outages(now.Add(91 * day)); len(got) != 0 {
		t.Errorf("after 91 days, %d outages are told", len(got))
	}
	// A single good answer in between makes two outages one.
	one := withOutage(nil, begun, begun.Add(time.Hour), 15*time.Minute)
	one = withOutage(one, begun.Add(time.Hour), begun.Add(3*time.Hour), 15*time.Minute)
	if len(one) != 1 || one[0][1] != begun.Add(3*time.Hour).Unix() {
		t.Errorf("outages %v", one)
	}
}

func TestTroublesAreToldApart(t *testing.T) {
	for body, want := range map[string]struct {
		status int
		state  mood.SourceState
		words  string
	}{
		"<html><body><p>Hello</p></body></html>": {200, mood.SourceNotAFeed, "not a feed: this is a web page, and it names no feed"},
		"404":                                    {404, mood.SourceFailing, "not found at its address since 00:00"},
		"401":                                    {401, mood.SourceFailing, "wants a login since 00:00"},
		"418":                                    {418, mood.SourceFailing, "answers with an error (418) since 00:00"},
	} {
		w := &world{answer: func(int, *http.Request) *http.Response { return reply(want.status, body) }}
		seen, begun := life(t, w, oneFeed(time.Hour), time.Minute)
		if h := seen[0]; h.State != want.state || h.Say(begun.Add(time.Minute), time.UTC) != want.words {
			t.Errorf("%s: %s, %q", body, h.State, h.Say(begun.Add(time.Minute), time.UTC))
		}
	}
	for err, want := range map[error]mood.Trouble{
		&deliverError{errors.New("full")}: mood.TroubleUndelivered, slow("it did not answer"): mood.TroubleUnreachable,
		context.DeadlineExceeded: mood.TroubleUnreachable, &BlockedError{}: mood.TroubleForbidden, errors.New("its document is larger"): "",
	} {
		if got := troubleOf(err, 0); got != want {
			t.Errorf("%v is %q, not %q", err, got, want)
		}
	}
}

func TestASourceWhoseHostIsDownHasStoppedThoughItIsNotAsked(t *testing.T) {
	begun := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	st := &state{Word: string(mood.SourceFailing), LastSuccess: begun, Told: told{Interval: 15 * time.Minute}}
	if _, ok := st.stopped(begun.Add(time.Hour)); ok {
		t.Error("it has stopped after four intervals")
	}
	from, ok := st.stopped(begun.Add(61 * time.Minute))
	if !ok || !from.Equal(begun) {
		t.Errorf("after more than four intervals: %v, %v", from, ok)
	}
	sub := &subscription{src: oneFeed(0), state: st}
	if h := sub.health(begun.Add(2 * time.Hour)); h.Say(begun.Add(2*time.Hour), time.UTC) != "unreachable since 12:00" {
		t.Errorf("it says %q", h.Say(begun.Add(2*time.Hour), time.UTC))
	}
}
