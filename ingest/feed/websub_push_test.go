package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

// busyFeed lists an item for every half hour since its start.
func busyFeed(begun time.Time, upTo time.Time) []string {
	var items []string
	for at := begun; !at.After(upTo); at = at.Add(30 * time.Minute) {
		items = append(items, fmt.Sprintf("<item><title>%[1]s</title><link>https://news.example/%[1]s</link><pubDate>%[2]s</pubDate></item>", at.Format("02T1504"), at.Format(time.RFC1123Z)))
	}
	slices.Reverse(items)
	return items[:min(len(items), 30)]
}

func (w *hubWorld) serveBusy(begun time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.feed = func(*http.Request) *http.Response {
		return reply(200, strings.Replace(named(), "</channel>", strings.Join(busyFeed(begun, time.Now()), "")+"</channel>", 1), "ETag", `"`+time.Now().String()+`"`)
	}
}

func TestAFeedWhosePushesComeIsPolledEveryFewHours(t *testing.T) {
	w := &hubWorld{}
	withHub(t, w, nil, func(p *Poller, box *inbox) {
		begun := time.Now()
		w.serveBusy(begun.Add(-day))
		time.Sleep(day)
		if n := w.pollsSince(time.Now().Add(-6 * time.Hour)); n < 12 {
			t.Fatalf("before the first push it was polled %d times in six hours", n)
		}
		form, missed := w.subscription(), pushOf(p, "s").Missed
		for range 2 * 2 * 24 { // two days
			items := busyFeed(begun.Add(-day), time.Now())
			if err := w.push(form, rssOf(items[0])); err != nil {
				t.Fatal(err)
			}
			time.Sleep(30 * time.Minute)
		}
		at := time.Now()
		for range 2 * 24 {
			if err := w.push(form, rssOf(busyFeed(begun.Add(-day), time.Now())[0])); err != nil {
				t.Fatal(err)
			}
			time.Sleep(30 * time.Minute)
		}
		if n := w.pollsSince(at); n < 5 || n > 9 {
			t.Errorf("polled %d times in a day", n)
		}
		if got := pushOf(p, "s"); got.State != mood.PushActive || got.Missed > missed+1 {
			t.Errorf("health: %+v", got)
		}
		titles := box.titles()
		slices.Sort(titles)
		if len(titles) != len(slices.Compact(titles)) {
			t.Error("something was delivered twice")
		}
		if got := healthOf(p, "s"); got.ItemsPerDay < 40 || got.ItemsPerDay > 56 {
			t.Errorf("%v items a day; it brings 48", got.ItemsPerDay)
		}
	})
}

func TestAHubThatFallsSilentIsNoticedAndNotReliedUpon(t *testing.T) {
	w := &hubWorld{}
	withHub(t, w, nil, func(p *Poller, box *inbox) {
		begun := time.Now().Add(-day)
		w.serveBusy(begun)
		time.Sleep(time.Hour)
		form := w.subscription()
		for range 12 {
			_ = w.push(form, rssOf(busyFeed(begun, time.Now())[0]))
			time.Sleep(30 * time.Minute)
		}
		if got := pushOf(p, "s"); got.State != mood.PushActive {
			t.Fatalf("while it pushes: %+v", got)
		}
		time.Sleep(9 * time.Hour) // it has fallen silent
		got := pushOf(p, "s")
		if got.State != mood.PushSilent || got.Missed < 4 || got.Tally.Missed != got.Missed || got.Note == "" {
			t.Errorf("silent for nine hours: %+v", got)
		}
		if n := w.pollsSince(time.Now().Add(-time.Hour)); n < 3 {
			t.Errorf("then polled %d times in an hour", n)
		}
		_ = w.push(form, rssOf(busyFeed(begun, time.Now())[0]))
		if got := pushOf(p, "s"); got.State != mood.PushActive {
			t.Errorf("when it pushes again: %+v", got)
		}
		_ = box
	})
}

func TestNewsThatAPollFindsAheadOfTheirPushArentHeldAgainstTheHub(t *testing.T) {
	w := &hubWorld{}
	withHub(t, w, every(10*time.Minute), func(p *Poller, box *inbox) {
		time.Sleep(time.Hour)
		form := w.subscription()
		for i := range 10 {
			title := fmt.Sprint("n", i)
			w.say(title, "a")
			for !slices.Contains(box.titles(), title) {
				time.Sleep(time.Minute)
			}
			time.Sleep(5 * time.Minute)
			_ = w.push(form, rssOf(one(title)))
			time.Sleep(time.Hour)
		}
		if got := pushOf(p, "s"); got.State != mood.PushActive || got.Missed != 0 {
			t.Errorf("health: %+v", got)
		}
		if n := len(box.titles()); n != 12 {
			t.Errorf("%d items arrived", n)
		}
	})
}

func TestNewsOfBeforeTheSubscriptionArentHeldAgainstTheHub(t *testing.T) {
	w := &hubWorld{latency: 10 * time.Minute}
	withHub(t, w, every(time.Hour), func(p *Poller, box *inbox) {
		time.Sleep(5 * time.Minute)
		w.say("early", "a", "b")
		time.Sleep(2 * time.Hour)
		if got := pushOf(p, "s"); got.Missed != 0 || !slices.Contains(box.titles(), "early") {
			t.Errorf("health: %+v", got)
		}
		for _, title := range []string{"c", "d"} { // these it should have pushed
			w.say(title, "a", "b")
			time.Sleep(2 * time.Hour)
		}
		if got := pushOf(p, "s"); got.State != mood.PushSilent || got.Missed != 2 {
			t.Errorf("then: %+v", got)
		}
	})
}

func TestAPushWithoutContentHasTheFeedPolledSoon(t *testing.T) {
	for name, body := range map[string]string{
		"empty": "", "blank": " \n", "no items": named(), "a web page": "<html><body>news!</body></html>",
		"a word": "ping", "broken": "{", "too much": rssOf(strings.Repeat("<item/>", maxItems+1)),
	} {
		w := &hubWorld{}
		withHub(t, w, nil, func(p *Poller, box *inbox) {
			time.Sleep(30 * time.Minute)
			w.say("fresh", "a", "b")
			if err := w.push(w.subscription(), body); err != nil {
				t.Error(err)
			}
			time.Sleep(soonLeast + time.Second) // it may just have been polled
			if !slices.Contains(box.titles(), "fresh") {
				t.Errorf("%s: what the push was about isn't there", name)
			}
			time.Sleep(30 * time.Minute)
			if got := pushOf(p, "s"); got.Missed != 0 || got.State != mood.PushActive {
				t.Errorf("%s: announced news are taken as missed: %+v", name, got)
			}
			w.say("unannounced", "fresh", "a", "b")
			time.Sleep(12 * time.Hour)
			if got := pushOf(p, "s"); got.Missed != 1 {
				t.Errorf("%s: later news that weren't announced: %+v", name, got)
			}
			if got := healthOf(p, "s"); got.State != mood.SourceFine {
				t.Errorf("%s: the source is %s: %s", name, got.State, got.LastError)
			}
		})
	}
}

func TestPushesWithoutContentDontBreakManners(t *testing.T) {
	w := &hubWorld{}
	withHub(t, w, nil, func(_ *Poller, _ *inbox) {
		time.Sleep(30 * time.Minute)
		form, at := w.subscription(), time.Now()
		for range 600 {
			_ = w.push(form, "")
			time.Sleep(time.Second)
		}
		if n := w.pollsSince(at); n < 5 || n > 11 {
			t.Errorf("polled %d times in ten minutes", n)
		}
	})
	for name, headers := range map[string][]string{"fresh for hours": {"Cache-Control", "max-age=7200"}} {
		w := &hubWorld{}
		w.serve(named("a"), headers...)
		withHub(t, w, nil, func(_ *Poller, _ *inbox) {
			time.Sleep(time.Minute)
			form, at := w.subscription(), time.Now()
			_ = w.push(form, "")
			time.Sleep(110 * time.Minute)
			if n := w.pollsSince(at); n != 0 {
				t.Errorf("%s: polled %d times against the publisher's wish", name, n)
			}
		})
	}
	w = &hubWorld{}
	withHub(t, w, nil, func(p *Poller, _ *inbox) {
		time.Sleep(time.Minute)
		form := w.subscription()
		w.mu.Lock()
		w.feed = func(*http.Request) *http.Response { return reply(429, "", "Retry-After", "7200") }
		w.mu.Unlock()
		time.Sleep(45 * time.Minute) // the second poll is over
		at := time.Now()
		_ = w.push(form, "")
		time.Sleep(time.Hour)
		if n := w.pollsSince(at); n != 0 {
			t.Errorf("a host that wants to be left alone was asked %d times", n)
		}
	})
}

func TestAPushWithSomeItemsLeavesWhatPollsKnowAlone(t *testing.T) {
	w := &hubWorld{}
	var mu sync.Mutex // guards what the feed lists, and the validators that it was asked with
	var tags []string
	withHub(t, w, nil, func(p *Poller, box *inbox) {
		list := named("a", "b", "c")
		w.mu.Lock()
		w.feed = func(r *http.Request) *http.Response {
			mu.Lock()
			defer mu.Unlock()
			tags = append(tags, r.Header.Get("If-None-Match"))
			return reply(200, list, "ETag", `"v1"`, "Cache-Control", "max-age=3600")
		}
		w.mu.Unlock()
		time.Sleep(time.Minute)
		p.mu.Lock()
		before := *p.subs["s"].state
		p.mu.Unlock()
		for range 3 {
			_ = w.push(w.subscription(), strings.ReplaceAll(named("b", "d"), hubAddress, "https://hub.evil.example/"), "Link", `<https://hub.evil.example/>; rel=hub`, "ETag", `"push"`)
		}
		if got := strings.Join(box.titles(), ""); got != "abcd" {
			t.Errorf("delivered %q", got)
		}
		p.mu.Lock()
		after := *p.subs["s"].state
		p.mu.Unlock()
		if after.ETag != before.ETag || after.Hash != before.Hash || !after.NextPoll.Equal(before.NextPoll) || !after.NotBefore.Equal(before.NotBefore) ||
			!after.LastPoll.Equal(before.LastPoll) || after.Polls != before.Polls || !after.Links.equal(before.Links) || len(after.Items) != len(before.Items)+1 {
			t.Errorf("the state was %+v and is %+v", before, after)
		}
		mu.Lock()
		list = named("d", "a", "b", "c")
		mu.Unlock()
		time.Sleep(8 * time.Hour)
		mu.Lock()
		defer mu.Unlock()
		if got := strings.Join(box.titles(), ""); got != "abcd" {
			t.Errorf("after the next poll: %q", got)
		}
		if len(tags) < 2 || tags[1] != `"v1"` {
			t.Errorf("the validators sent: %q", tags)
		}
	})
}

func TestAPushDuringAPollIsDeliveredOnce(t *testing.T) {
	w := &hubWorld{}
	withHub(t, w, nil, func(p *Poller, box *inbox) {
		time.Sleep(10 * time.Minute)
		w.mu.Lock()
		w.feed = func(*http.Request) *http.Response {
			time.Sleep(10 * time.Second)
			return reply(200, named("both", "polled", "a", "b"))
		}
		w.mu.Unlock()
		polls, form := w.pollsSince(time.Time{}), w.subscription()
		for w.pollsSince(time.Time{}) == polls {
			time.Sleep(time.Second)
		}
		_ = w.push(form, rssOf(one("both"), one("pushed")))
		time.Sleep(20 * time.Second)
		_ = w.push(form, rssOf(one("both"), one("pushed"), one("polled")))
		time.Sleep(time.Minute)
		titles := box.titles()
		slices.Sort(titles)
		if got := strings.Join(titles, " "); got != "a b both polled pushed" {
			t.Errorf("delivered: %s", got)
		}
	})
}

func TestWhatCantBeStoredWhenItIsPushedIsPolledAgain(t *testing.T) {
	w := &hubWorld{}
	withHub(t, w, nil, func(_ *Poller, box *inbox) {
		time.Sleep(10 * time.Minute)
		box.mu.Lock()
		box.err = errors.New("the store is away")
		box.mu.Unlock()
		w.say("pushed", "a", "b")
		_ = w.push(w.subscription(), rssOf(one("pushed")))
		time.Sleep(5 * time.Minute)
		box.mu.Lock()
		box.err = nil
		box.mu.Unlock()
		time.Sleep(5 * time.Minute)
		if got := strings.Join(box.titles(), " "); got != "a b pushed" {
			t.Errorf("delivered: %s", got)
		}
	})
}

func TestPushesAreBounded(t *testing.T) {
	w := &hubWorld{}
	withHub(t, w, nil, func(p *Poller, box *inbox) {
		time.Sleep(time.Minute)
		form := w.subscription()
		// The hub sends slowly: two at a time for one subscription.
		for range pushesOfOne {
			r, hold := io.Pipe()
			sent := make(chan error, 1)
			go func() { sent <- p.Push(context.Background(), hubIDOf(form.Get("hub.callback")), http.Header{}, r) }()
			defer func() { _ = hold.Close(); <-sent }()
		}
		synctest.Wait()
		if err := w.push(form, rssOf(one("x"))); !errors.Is(err, mood.ErrUnavailable) {
			t.Errorf("a third one: %v", err)
		}
	})
	w = &hubWorld{}
	withHub(t, w, nil, func(p *Poller, box *inbox) {
		time.Sleep(10 * time.Minute)
		form := w.subscription()
		if err := w.push(form, strings.Repeat("x", maxBytes+1)); !errors.Is(err, mood.ErrInvalid) {
			t.Errorf("over 8 MB: %v", err)
		}
		bomb := gzipped(rssOf(one("bomb")) + strings.Repeat(" ", maxBytes))
		if err := w.push(form, bomb, "Content-Encoding", "gzip"); err != nil {
			t.Error(err)
		}
		if err := w.push(form, gzipped(rssOf(one("zipped"))), "Content-Encoding", "gzip"); err != nil {
			t.Error(err)
		}
		if err := w.push(form, rssOf(one("large"), "<!--"+strings.Repeat("x", 1<<20)+"-->")); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
		if got := strings.Join(box.titles(), " "); got != "a b zipped large" {
			t.Errorf("delivered: %s", got)
		}
		if len(p.hubs.slots) != 0 || len(p.hubs.large) != 0 {
			t.Errorf("places are held for ever: %d, %d", len(p.hubs.slots), len(p.hubs.large))
		}
	})
}

func TestAHubThatFloodsLeavesRoomForOthers(t *testing.T) {
	w := &hubWorld{}
	withHub(t, w, nil, func(p *Poller, _ *inbox) {
		time.Sleep(time.Minute)
		p.mu.Lock()
		for range 3 * pushesAtOnce { // of other sources
			p.hubs.make("other", hubAddress, feedAddress, time.Now().Add(day))
		}
		var ids []string
		for id := range p.hubs.subs {
			ids = append(ids, id)
		}
		p.mu.Unlock()
		var ends []func()
		taken := 0
		for _, id := range ids {
			r, hold := io.Pipe()
			sent := make(chan error, 1)
			go func() { sent <- p.Push(context.Background(), id, http.Header{}, r) }()
			synctest.Wait()
			select {
			case err := <-sent:
				if !errors.Is(err, mood.ErrUnavailable) {
					t.Error(err)
				}
			default:
				taken++
				ends = append(ends, func() { _ = hold.Close(); <-sent })
			}
		}
		if taken != pushesAtOnce {
			t.Errorf("%d pushes are held at once", taken)
		}
		for _, end := range ends {
			end()
		}
	})
}
