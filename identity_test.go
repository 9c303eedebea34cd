package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/ingest"
	"agora/ingest/feed"
	"agora/mood"
	"agora/store"
)

// web answers each address with one document after the other, then with the
// last one for ever.
type web struct {
	mu        sync.Mutex
	documents map[string][]string
	asked     map[string]int
	through   chan struct{} // every document has been taken in
}

func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := w.documents[r.URL.String()]
	n := w.asked[r.URL.String()]
	w.asked[r.URL.String()]++
	done := true
	for url, list := range w.documents {
		done = done && w.asked[url] > len(list)+1 // whoever asks again has taken in what it got
	}
	if done && w.through != nil {
		close(w.through)
		w.through = nil
	}
	body := list[min(n, len(list)-1)]
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/rss+xml"}}, Body: io.NopCloser(bytes.NewBufferString(body)),
	}, nil
}

// cheer likes what has "good" in it and dislikes the rest.
type cheer struct{}

func (cheer) Score(_ context.Context, asks []mood.Ask) ([]mood.Reading, error) {
	readings := make([]mood.Reading, len(asks))
	for i, a := range asks {
		readings[i] = mood.Reading{Label: mood.Negative, Score: -0.5}
		if strings.Contains(a.Title+" "+a.Text, "good") {
			readings[i] = mood.Reading{Label: mood.Positive, Score: 0.5}
		}
	}
	return readings, nil
}

func TestFeedsOfAllHabitsCountEachStoryOnceAndShowItsLastWords(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Second)
	subjects := []string{"wins a deal in Oslo", "cuts jobs near Lyon", "shows its cheaper phone", "hires an old rival", "sells the tower unit", "delays a satellite again"}
	const polls = 12
	item := func(guid, link, title, text string, date time.Time) string {
		return fmt.Sprintf(`<item><guid isPermaLink="false">%s</guid><link>%s</link><title>%s</title><description>%s</description><pubDate>%s</pubDate></item>`,
			guid, link, title, text, date.Format(time.RFC1123Z))
	}
	w := &web{documents: map[string][]string{}, asked: map[string]int{}, through: make(chan struct{})}
	through := w.through
	add := func(url string, items ...string) {
		w.documents[url] = append(w.documents[url], `<rss version="2.0"><channel><title>T</title>`+strings.Join(items, "")+`</channel></rss>`)
	}
	for poll := range polls {
		// The text says good news from the seventh poll on.
		text := func(site string, n int) string {
			if poll >= 6 {
				return fmt.Sprintf("At last there is good news of %s from %s, number %d.", subjects[n], site, n)
			}
			return fmt.Sprintf("It was a long day for all at %s who follow %s, number %d.", site, subjects[n], n)
		}
		listed := min(poll/2+1, len(subjects))
		lists := map[string][]string{}
		for n := range listed {
			date := now.Add(-time.Duration(n+1) * time.Minute)
			title := func(site string) string { return "Nokia " + subjects[n] + ", says " + site }
			put := func(url, guid, link, site string, date time.Time) {
				lists[url] = append([]string{item(guid, link, title(site), text(site, n), date)}, lists[url]...)
			}
			put("http://honest.example/feed", fmt.Sprint(n), fmt.Sprintf("http://honest.example/%d", n), "honest", date)
			put("https://www.honest.example/feed", fmt.Sprint(n), fmt.Sprintf("https://www.honest.example/%d/?utm_source=rss", n), "honest", date)
			put("https://guids.example/feed", fmt.Sprint(poll, "-", n), fmt.Sprintf("https://guids.example/%d", n), "guids", date)
			put("https://dates.example/feed", fmt.Sprint(n), fmt.Sprintf("https://dates.example/%d?x=%d", n, poll), "dates", date.Add(time.Duration(poll)*time.Second))
			put("https://same.example/feed", "same", fmt.Sprintf("https://same.example/%d", n), "same", date)
			put("https://live.example/feed", fmt.Sprint(n), "https://live.example/now", "live", date)
		}
		n := listed - 1
		add("https://one.example/feed", item("latest", "https://one.example/latest", "Nokia "+subjects[n], "It was a day of "+subjects[n]+".", now.Add(time.Duration(n-20)*time.Minute)))
		for url, items := range lists {
			add(url, append(items, items[0])...)
		}
	}
	brands := []mood.Brand{{ID: "nokia", Name: "Nokia", Query: "nokia"}}
	kept, err := store.Open(t.Context(), store.Options{Brands: brands, Location: time.UTC})
	must(t, err)
	defer func() { must(t, kept.Close(context.Background())) }()
	in, err := ingest.New(t.Context(), ingest.Config{Brands: brands, Scorer: cheer{}, Store: kept})
	must(t, err)
	var sources []mood.Source
	for url := range w.documents {
		sources = append(sources, mood.Source{ID: url, Name: url, Kind: "feed", URL: url, Every: time.Millisecond})
	}
	hosts := map[string]feed.HostRule{}
	for _, site := range []string{"honest", "guids", "dates", "same", "live", "one"} {
		hosts[site+".example"] = feed.HostRule{Parallel: 2}
	}
	p, err := feed.NewPoller(feed.Config{Sources: sources, Deliver: in.Deliver, States: kept, Hosts: hosts, Transport: w})
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	select {
	case <-through:
	case <-time.After(patience):
		t.Error("not every document was asked for")
	}
	stop()
	must(t, <-ended)

	window, err := mood.ParseWindow("24h")
	must(t, err)
	board, err := kept.Board(t.Context(), []string{"nokia"}, window)
	must(t, err)
	const sites = 5 // and one feed at two addresses
	if total := board.Brands["nokia"].Total; total.Mentions != int64((sites+1)*len(subjects)) || total.Positive != int64(sites*len(subjects)) {
		t.Errorf("counted are %+v, want %d, all but %d of them good by now", total, (sites+1)*len(subjects), len(subjects))
	}
	list, err := kept.Mentions(t.Context(), mood.Filter{Brands: []string{"nokia"}, Limit: 500})
	must(t, err)
	bySite := map[string]int{}
	for _, m := range list.Mentions {
		bySite[m.Outlet]++
		if m.Outlet != "one.example" && !strings.Contains(m.Text, "good news") {
			t.Errorf("%s is shown with %q", m.URL, m.Text)
		}
		if m.Outlet == "honest.example" && len(m.Sources) != 2 {
			t.Errorf("%s is of %q, want both addresses of its feed", m.URL, m.Sources)
		}
	}
	for site, n := range bySite {
		if n != len(subjects) {
			t.Errorf("%d stories of %s, want %d", n, site, len(subjects))
		}
	}
}
