package server

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// archive is a long list of mentions, newest first, that is read by pages as
// the store's is.
type archive struct {
	mu     sync.Mutex
	all    []mood.Mention
	before func(ctx context.Context, call int) error // of each page
	calls  int
	most   int // mentions that one page had
	seen   int // mentions that were looked at
}

// first has something done before each page.
func (a *archive) first(do func(ctx context.Context, call int) error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.before = do
}

func (a *archive) Mentions(ctx context.Context, f mood.Filter) (mood.MentionList, error) {
	a.mu.Lock()
	a.calls++
	call, before := a.calls, a.before
	a.mu.Unlock()
	if before != nil {
		if err := before(ctx, call); err != nil {
			return mood.MentionList{}, err
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	list := mood.MentionList{Mentions: []mood.Mention{}}
	begun := f.Cursor == ""
	for _, m := range a.all {
		if m.Published.Before(f.From) || !m.Published.Before(f.To) {
			continue
		}
		a.seen++
		if !slices.ContainsFunc(f.Brands, func(b string) bool {
			r, ok := m.Readings[b]
			return ok && (len(f.Labels) == 0 || slices.Contains(f.Labels, r.Label))
		}) {
			continue
		}
		list.Total++
		if begun && list.Next == "" {
			if len(list.Mentions) == f.Limit {
				list.Next = list.Mentions[f.Limit-1].ID
				continue
			}
			list.Mentions = append(list.Mentions, m)
		}
		begun = begun || m.ID == f.Cursor
	}
	a.most = max(a.most, len(list.Mentions))
	return list, nil
}

func (a *archive) Corrections(context.Context, string) ([]mood.Corrected, error) { return nil, nil }

func (a *archive) called() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.calls
}

// manyMentions are n of them: bursts of hundreds within a second, a silence of
// weeks, and the rest one by one.
func manyMentions(now time.Time, n int) []mood.Mention {
	list := make([]mood.Mention, n)
	at := now.Add(-time.Minute)
	for i := range list {
		switch {
		case i < n/2:
			if i%700 == 0 {
				at = at.Add(-time.Second)
			}
		case i == n/2:
			at = at.Add(-20 * 24 * time.Hour)
		default:
			at = at.Add(-time.Minute)
		}
		list[i] = mood.Mention{
			ID: fmt.Sprintf("m%06d", i), Title: fmt.Sprintf("=Title %d", i), Text: "Two\nlines; =1+1", URL: "https://example.com/", Outlet: "example.com",
			Published: at, Seen: at, Sources: []string{"s1"}, Places: mood.Places{About: []mood.Place{{Country: "FI"}, {Country: "SE"}}, From: &mood.Place{Country: "GB"}},
			Readings: map[string]mood.Reading{"nokia": {Label: mood.Negative, Lean: mood.Negative, Score: -0.25, Confidence: 0.8, Corrected: true}},
		}
	}
	return list
}

func openArchive(t *testing.T, n int, change func(*Config)) (*house, *archive) {
	t.Helper()
	a := &archive{}
	h := open(t, func(c *Config) {
		c.Mentions = a
		c.Location = time.FixedZone("UTC+3", 3*3600)
		if change != nil {
			change(c)
		}
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	a.all = manyMentions(h.clock.now(), n)
	h.sources = []mood.SourceHealth{{ID: "s1", Name: "The Source"}, {ID: "s2", Name: "Quiet", Outages: []mood.Outage{{From: h.clock.now()}}}}
	return h, a
}

// records reads a CSV as a program would.
func records(t *testing.T, body string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestAWholeListIsTakenAwayInEveryFormat(t *testing.T) {
	const n = 6000
	h, a := openArchive(t, n, nil)
	ids := func(found []string) {
		t.Helper()
		want := make([]string, n)
		for i, m := range a.all {
			want[i] = m.ID
		}
		if !slices.Equal(found, want) {
			t.Errorf("%d mentions of %d, or in another order", len(found), n)
		}
	}
	for _, zipped := range []string{"", "gzip"} {
		got := h.get("/api/v1/mentions.csv?bare=1&brand=nokia", "Accept-Encoding", zipped)
		if got.status != http.StatusOK || got.header.Get("Content-Type") != "text/csv; charset=utf-8; header=present" || got.header.Get("Content-Encoding") != zipped {
			t.Fatal(got.status, got.header)
		}
		if zipped != "" {
			got.body = unzip(t, got.body)
		}
		var found []string
		for _, r := range records(t, got.body)[1:] {
			found = append(found, r[len(r)-1])
		}
		ids(found)
	}

	got := h.get("/api/v1/mentions.ndjson?brand=nokia")
	var found []string
	for line := range strings.Lines(got.body) {
		var m mood.Mention
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		found = append(found, m.ID)
	}
	ids(found)

	var list struct {
		mood.MentionList
		About struct {
			Mentions int64
			Filters  map[string]string
		}
	}
	got = h.get("/api/v1/mentions.json?brand=nokia&label=negative")
	if err := json.Unmarshal([]byte(got.body), &list); err != nil {
		t.Fatal(err)
	}
	found = nil
	for _, m := range list.Mentions {
		found = append(found, m.ID)
	}
	ids(found)
	if list.Total != n || list.About.Mentions != n || list.About.Filters["label"] != "negative" || list.Next != "" {
		t.Errorf("total %d, about %+v, next %q", list.Total, list.About, list.Next)
	}

	got = h.get("/api/v1/mentions.xlsx?brand=nokia")
	if d := got.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment; filename=agora-mentions-nokia-") || !strings.HasSuffix(d, ".xlsx") {
		t.Error(d)
	}
	if rows := strings.Count(workbookPart(t, got.body, "xl/worksheets/sheet1.xml"), "<row "); rows != n+1 {
		t.Errorf("the workbook has %d rows, want %d", rows, n+1)
	}
	if a.most > maxMentions {
		t.Errorf("a page of %d mentions was held", a.most)
	}
	if looks := 5 * n * 11 / 2; a.seen > looks { // five lists, half of each within one slice
		t.Errorf("%d mentions were looked at to list %d five times, more than %d: that goes by the square", a.seen, n, looks)
	}
}

func workbookPart(t *testing.T, body, name string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestARowSaysEverythingOfAMentionAndABrandInTheZone(t *testing.T) {
	h, a := openArchive(t, 2, nil)
	a.all = a.all[:1]
	a.all[0].Readings["ericsson"] = mood.Reading{Label: mood.Positive, Score: 0.5}
	got := records(t, h.get("/api/v1/mentions.csv?label=negative,positive&window=24h").body)
	at := slices.IndexFunc(got, func(r []string) bool { return r[0] == "Published" })
	if at < 0 || got[0][0] != "Title" || got[0][1] != "Mentions: Nokia and Ericsson, last 24 hours" || got[1][1] != "brand: nokia,ericsson; label: negative,positive; window: 24h" {
		t.Fatalf("%q", got)
	}
	said := map[string]string{}
	for i, name := range got[at] {
		said[name] = got[at+1][i]
	}
	for name, want := range map[string]string{
		"Published": a.all[0].Published.In(h.server.Location).Format(time.RFC3339), "Brand": "Nokia", "Label": "negative", "Lean": "negative",
		"Score": "-0.25", "Confidence": "0.8", "Corrected": "true", "Title": "'=Title 0", "Text": "Two\nlines; '=1+1", "Country about": "FI, SE",
		"Country from": "GB", "Sources": "The Source", "Outlet": "example.com", "URL": "https://example.com/", "ID": "m000000", "Counted": "true",
	} {
		if said[name] != want {
			t.Errorf("%s is %q, want %q", name, said[name], want)
		}
	}
	if second := got[at+2]; second[1] != "Ericsson" || second[2] != "positive" {
		t.Errorf("the second row is %q", second)
	}
	foot := map[string]string{}
	for _, r := range got[at+3:] {
		foot[r[0]] = r[1]
	}
	if foot["Time zone"] != "UTC+3" || foot["Mentions"] != "1" || foot["Sources"] != "1 of 2 that are asked answer; silent: Quiet" || foot["Method"] == "" {
		t.Errorf("below: %q", foot)
	}
	if got = records(t, h.get("/api/v1/mentions.csv?bare=1&label=positive").body); len(got) != 2 || got[1][1] != "Ericsson" {
		t.Errorf("positive ones: %q", got)
	}
}

func TestAListIsSentWhileItIsRead(t *testing.T) {
	h, a := openArchive(t, 3000, nil)
	goOn := make(chan struct{})
	a.first(func(ctx context.Context, call int) error {
		if call < 3 {
			return nil
		}
		select {
		case <-goOn:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	resp, err := h.client.Get(h.url + "/api/v1/mentions.csv?bare=1&brand=nokia")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	r := csv.NewReader(resp.Body)
	for range 2*maxMentions + 1 { // the first two pages come to the last row while the third one waits
		if _, err := r.Read(); err != nil {
			t.Fatal(err)
		}
	}
	close(goOn)
	if rest, err := r.ReadAll(); err != nil || len(rest) != 3000-2*maxMentions {
		t.Errorf("the rest: %d rows, %v", len(rest), err)
	}
}

func TestAListStopsWhenItsReaderLeaves(t *testing.T) {
	h, a := openArchive(t, 3000, nil)
	left := make(chan error, 1)
	a.first(func(ctx context.Context, call int) error {
		if call < 3 {
			return nil
		}
		<-ctx.Done()
		left <- ctx.Err()
		return ctx.Err()
	})
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url+"/api/v1/mentions.xlsx", nil)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if resp, err := h.client.Do(r); err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	}()
	waitFor(t, "the third page", func() bool { return a.called() == 3 })
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	<-done
	waitFor(t, "the place to be free", func() bool { return len(h.server.listing) == 0 })
}

func TestAListThatBreaksOffIsNoWholeOne(t *testing.T) {
	h, a := openArchive(t, 3000, nil)
	for _, format := range listFormats() {
		from := a.called()
		a.first(func(_ context.Context, call int) error {
			if call == from+3 {
				return mood.ErrUnavailable
			}
			return nil
		})
		resp, err := h.client.Get(h.url + "/api/v1/mentions." + format)
		if err != nil {
			continue // it was broken off ahead of its first byte
		}
		if _, err = io.ReadAll(resp.Body); err == nil {
			t.Errorf("%s: half a list looks like a whole one", format)
		}
		resp.Body.Close()
	}
	a.first(func(context.Context, int) error { return mood.ErrUnavailable })
	if got := h.get("/api/v1/mentions.csv"); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
		t.Errorf("without a first page: %d", got.status)
	}
}

func TestAFewListsAreTakenAtOnceAndOthersAreToldWhen(t *testing.T) {
	h, a := openArchive(t, 10, nil)
	gate := make(chan struct{})
	a.first(func(context.Context, int) error { <-gate; return nil })
	var wg sync.WaitGroup
	for range maxListings {
		wg.Go(func() { h.get("/api/v1/mentions.csv") })
	}
	waitFor(t, "all places to be taken", func() bool { return a.called() == maxListings })
	if got := h.get("/api/v1/mentions.json"); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
		t.Errorf("one more: %d %s", got.status, got.body)
	}
	close(gate)
	wg.Wait()
	if got := h.get("/api/v1/mentions.json"); got.status != http.StatusOK {
		t.Errorf("afterwards: %d %s", got.status, got.body)
	}
}

func TestWhoTakesTooMuchAwayIsToldWhenToComeBack(t *testing.T) {
	h, _ := openArchive(t, 1, func(c *Config) { c.Limits.PicturesPerMinute = 3 })
	h.clock.hold()
	for _, path := range []string{"/charts/mood.csv", "/charts/mood.xlsx", "/api/v1/mentions.csv"} {
		if got := h.get(path); got.status != http.StatusOK {
			t.Fatal(path, got.status, got.body)
		}
	}
	for _, path := range []string{"/charts/mood.xlsx", "/api/v1/mentions.ndjson"} {
		if got := h.get(path); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "20" {
			t.Errorf("%s: %d, Retry-After %q", path, got.status, got.header.Get("Retry-After"))
		}
	}
	if got := h.get("/charts/mood.json"); got.status != http.StatusOK {
		t.Errorf("the page's own tables: %d", got.status)
	}
	h.clock.advance(20 * time.Second)
	if got := h.get("/charts/mood.csv"); got.status != http.StatusOK {
		t.Errorf("20 seconds later: %d", got.status)
	}
}

func TestATableIsLoadedAgainOnlyWhenItSaysSomethingElse(t *testing.T) {
	h := open(t, nil)
	h.say("nokia", mood.Positive)
	for _, format := range tableFormats() {
		path := "/charts/sources." + format + "?brand=nokia&window=90d"
		first := h.get(path)
		tag := first.header.Get("ETag")
		h.clock.advance(time.Second)
		if again := h.get(path, "If-None-Match", tag); again.status != http.StatusNotModified || again.body != "" {
			t.Errorf("%s again: %d", format, again.status)
		}
		if bare := h.get(path+"&bare=1", "If-None-Match", tag); bare.status != http.StatusOK || bare.body == first.body {
			t.Errorf("%s bare: %d", format, bare.status)
		}
		if other := h.get("/charts/sources."+format+"?brand=nokia&window=7d", "If-None-Match", tag); other.status != http.StatusOK {
			t.Errorf("%s of another window: %d", format, other.status)
		}
		h.say("nokia", mood.Negative)
		if news := h.get(path, "If-None-Match", tag); news.status != http.StatusOK || news.header.Get("ETag") == tag {
			t.Errorf("%s with news: %d", format, news.status)
		}
	}
}

func TestHeadersAloneAreHadWithoutTheBody(t *testing.T) {
	h, a := openArchive(t, 3000, nil)
	for _, path := range []string{"/charts/mood.csv", "/charts/mood.xlsx", "/charts/mood.json", "/api/v1/mentions.csv", "/api/v1/mentions.xlsx"} {
		got := h.ask(http.MethodHead, path, "")
		if got.status != http.StatusOK || got.body != "" || got.header.Get("Content-Type") == "" || got.header.Get("Content-Disposition") == "" {
			t.Errorf("%s: %d %v %q", path, got.status, got.header, got.body)
		}
	}
	if n := a.called(); n != 2 {
		t.Errorf("%d pages were read for two heads", n)
	}
}

func TestFormatsAreListedAndOthersAreRefusedWithThem(t *testing.T) {
	h := open(t, nil)
	answer := h.get("/api/v1/charts").json(t)
	listed := func(v any) []string {
		var formats []string
		for _, f := range v.(map[string]any)["formats"].([]any) {
			formats = append(formats, f.(string))
		}
		return formats
	}
	for _, f := range listed(answer["charts"].([]any)[0]) {
		if got := h.get("/charts/mood." + f); got.status != http.StatusOK {
			t.Errorf("%s is listed: %d", f, got.status)
		}
	}
	for _, f := range listed(answer["mentions"]) {
		if got := h.get("/api/v1/mentions." + f); got.status != http.StatusOK {
			t.Errorf("the list as %s: %d %s", f, got.status, got.body)
		}
	}
	for _, path := range []string{"/charts/mood.xls", "/charts/mood", "/api/v1/mentions.xls"} {
		got := h.get(path)
		if got.status != http.StatusNotFound || !slices.Contains(anyStrings(got.json(t)["valid"]), "xlsx") {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	for _, path := range []string{"/api/v1/mentions.csv?limit=3", "/api/v1/mentions.csv?bare=yes", "/charts/mood.csv?bare=2", "/api/v1/mentions.csv?lable=positive"} {
		if got := h.get(path); got.status != http.StatusBadRequest || len(anyStrings(got.json(t)["valid"])) == 0 {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	doc := h.get("/openapi.json").body
	for _, want := range []string{`"/api/v1/mentions.{format}"`, kindXLSX, kindNDJSON, `"bare"`} {
		if !strings.Contains(doc, want) {
			t.Errorf("openapi.json lacks %s", want)
		}
	}
}

func anyStrings(v any) []string {
	list, _ := v.([]any)
	var words []string
	for _, w := range list {
		words = append(words, fmt.Sprint(w))
	}
	return words
}

func unzip(t *testing.T, body string) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
