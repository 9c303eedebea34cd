package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/ingest"
	"agora/ingest/journal"
	"agora/mood"
	"agora/store"
)

// accounts are a store, a journal, and what counts one into the other.
type accounts struct {
	t      *testing.T
	now    atomic.Int64 // ns
	loc    *time.Location
	redis  string // its address; empty: embedded
	folder string
	brands []mood.Brand
	store  *store.Store
	past   *journal.Journal
	intake *ingest.Intake
	first  time.Time // of what isn't counted yet; zero: all is
}

const (
	keepTexts   = 3 * 24 * time.Hour
	keepEntries = 2 * 24 * time.Hour
)

func openAccounts(t *testing.T, redis string, loc *time.Location, now time.Time) *accounts {
	t.Helper()
	folder, err := os.MkdirTemp(t.TempDir(), "journal")
	must(t, err)
	a := &accounts{t: t, loc: loc, redis: redis, folder: folder, brands: []mood.Brand{{ID: "nokia", Name: "Nokia", Query: "Nokia"}, {ID: "ericsson", Name: "Ericsson", Query: "Ericsson"}}}
	a.set(now)
	if redis != "" {
		tellRedis(t, redis, "FLUSHALL")
	}
	a.open()
	a.past, err = journal.Open(journal.Options{
		Folder: a.folder, Now: a.clock, MaxBytes: 32 << 20, SegmentBytes: 2 << 10, KeepFor: keepEntries,
		Sync: func(*os.File) error { return nil },
	})
	must(t, err)
	a.begin()
	return a
}

func (a *accounts) open() {
	a.t.Helper()
	options := store.Options{Brands: a.brands, Location: a.loc, KeepMentions: keepTexts, Journal: true, Now: a.clock}
	if a.redis != "" {
		options.URLs = []string{"redis://" + a.redis}
	}
	opened, err := store.Open(a.t.Context(), options)
	must(a.t, err)
	a.store = opened
}

// restart begins a process that has no memory of what was counted.
func (a *accounts) restart() {
	a.t.Helper()
	must(a.t, a.store.Close(context.Background()))
	a.open()
	a.begin()
}

// begin begins a process that counts.
func (a *accounts) begin() {
	a.t.Helper()
	in, err := ingest.New(a.t.Context(), ingest.Config{Journal: a.past, Counter: a.store, Store: a.store, Brands: a.brands, Now: a.clock})
	must(a.t, err)
	a.intake = in
}

// story is what the journal holds, in few words.
func (a *accounts) story() string {
	var b strings.Builder
	must(a.t, a.past.Read(a.t.Context(), 1, func(r journal.Record) error {
		e, err := journal.Decode(r.Payload)
		must(a.t, err)
		fmt.Fprintf(&b, "%d at %s:\n", r.Seq, e.At.Format(time.RFC3339Nano))
		for _, m := range e.Mentions {
			fmt.Fprintf(&b, "  %s %s %s %v published %s edited %t uncounted %t shared %t %q %q story %q", m.ID, m.URL, m.Outlet, m.Sources, m.Published.Format(time.RFC3339Nano), m.Edited, m.Uncounted, m.SharedURL, m.Title, m.Text, m.Story)
			for brand, r := range m.Readings {
				fmt.Fprintf(&b, " %s %s %.3f", brand, r.Label, r.Score)
			}
			b.WriteString("\n")
		}
		for _, d := range e.Activities {
			fmt.Fprintf(&b, "  %+v\n", d)
		}
		if e.Correction != nil {
			label := "-"
			if e.Correction.Label != nil {
				label = e.Correction.Label.String()
			}
			fmt.Fprintf(&b, "  correct %+v %s\n", *e.Correction, label)
		}
		if e.Withdrawn != "" {
			fmt.Fprintf(&b, "  withdraw %s\n", e.Withdrawn)
		}
		return nil
	}))
	return b.String()
}

func (a *accounts) clock() time.Time { return time.Unix(0, a.now.Load()).UTC() }

func (a *accounts) set(now time.Time) { a.now.Store(now.UnixNano()) }

func (a *accounts) close() {
	must(a.t, a.past.Close())
	must(a.t, a.store.Close(context.Background()))
	must(a.t, os.RemoveAll(a.folder))
}

func (a *accounts) accept(e journal.Entry) {
	a.t.Helper()
	e.At = a.clock()
	if a.first.IsZero() {
		a.first = a.clock()
	}
	payload, err := e.Encode()
	must(a.t, err)
	_, err = a.past.Append(a.t.Context(), payload)
	must(a.t, err)
}

func (a *accounts) count() {
	a.t.Helper()
	must(a.t, a.intake.Recover(a.t.Context()))
	a.past.Applied(a.past.Last())
	a.first = time.Time{}
}

// pass lets time pass. Nothing waits for so long that its text may end
// meanwhile: then its edits and further sources are counted no more.
func (a *accounts) pass(d time.Duration) {
	if !a.first.IsZero() && a.clock().Add(d).Sub(a.first) > 50*time.Second {
		a.count()
	}
	a.set(a.clock().Add(d))
}

func (a *accounts) verify() mood.Verification {
	a.t.Helper()
	v, err := a.intake.Verify(a.t.Context(), ingest.Verifier{Store: a.store, Brands: a.brands, Location: a.loc, Keep: keepTexts})
	must(a.t, err)
	return v
}

// tellRedis sends commands, one a line.
func tellRedis(t *testing.T, address string, commands ...string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	must(t, err)
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for _, command := range commands {
		_, err := fmt.Fprintf(conn, "%s\r\n", command)
		must(t, err)
		answer, err := answers.ReadString('\n')
		must(t, err)
		if strings.HasPrefix(answer, "-") {
			t.Fatalf("%s: %s", command, answer)
		}
	}
}

// redisForTests starts a redis-server; empty: there is none.
func redisForTests(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("AGORA_TEST_ALL") == "1" {
			t.Fatalf("AGORA_TEST_ALL asks for every test: %v", err)
		}
		t.Log("redis-server is not in the PATH: the laws are tested on the embedded store alone")
		return ""
	}
	port := freePort(t)
	address := "127.0.0.1:" + port
	server := exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	must(t, server.Start())
	t.Cleanup(func() {
		server.Process.Kill() //nolint:errcheck // it may have ended by itself
		server.Wait()         //nolint:errcheck // it was killed
	})
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			return address
		}
		if time.Now().After(end) {
			t.Fatalf("redis-server didn't come up: %v", err)
		}
	}
}

// onEveryStore runs a law on the embedded store, and on a Redis if there is one.
func onEveryStore(t *testing.T, law func(t *testing.T, redis string)) {
	t.Run("embedded", func(t *testing.T) { law(t, "") })
	if address := redisForTests(t); address != "" {
		t.Run("redis", func(t *testing.T) { law(t, address) })
	}
}

// TestWhateverIsAcceptedIsCountedAsItsRecountSays plays random histories: any
// order, duplicates, retries, edits, corrections, withdrawals, late and early
// dates, restarts, and a journal that forgets its beginning.
func TestWhateverIsAcceptedIsCountedAsItsRecountSays(t *testing.T) {
	if os.Getenv("AGORA_TORTURE") != "1" { // the same histories each time; make torture makes up new ones
		must(t, flag.Set("rapid.seed", "7"))
	}
	t.Parallel()
	onEveryStore(t, func(t *testing.T, redis string) {
		rapid.Check(t, func(rt *rapid.T) { playHistory(t, rt, redis) })
	})
}

func playHistory(t *testing.T, rt *rapid.T, redis string) {
	loc, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Europe/Helsinki", "Asia/Kathmandu", "America/New_York"}).Draw(rt, "zone"))
	must(t, err)
	now, err := time.Parse(time.RFC3339, rapid.SampledFrom([]string{
		"2031-05-14T10:17:42.5Z", "2031-03-30T00:59:59.999Z", "2031-10-26T01:30:00Z", "2031-11-02T06:15:00Z", "2032-02-29T12:45:00Z",
	}).Draw(rt, "now"))
	must(t, err)
	a := openAccounts(t, redis, loc, now)
	defer a.close()
	seconds := func(most int) time.Duration {
		return time.Duration(rapid.IntRange(0, most*1000).Draw(rt, "ms")) * time.Millisecond
	}
	done := map[string]mood.Activity{}
	for range rapid.IntRange(1, 25).Draw(rt, "steps") {
		a.pass(seconds(90))
		switch rapid.IntRange(0, 11).Draw(rt, "step") {
		case 0:
			id := anID(rt) // of what isn't there, no withdrawal is journaled
			if there, err := a.store.Has(a.t.Context(), id); err != nil {
				rt.Fatal(err)
			} else if there {
				a.accept(journal.Entry{Withdrawn: id})
			}
		case 1, 2:
			c := mood.Correction{
				Mention: anID(rt), Brand: rapid.SampledFrom([]string{"nokia", "ericsson"}).Draw(rt, "of"),
				Scope: rapid.SampledFrom([]mood.Scope{mood.ScopeMention, mood.ScopeStory}).Draw(rt, "scope"),
			}
			switch label := mood.Label(rapid.IntRange(0, 4).Draw(rt, "wish")); label {
			case mood.Positive, mood.Neutral, mood.Negative:
				c.Label = &label
			case mood.Unclear:
				c.Irrelevant = true
			}
			a.count() // people see what they correct
			a.accept(journal.Entry{Correction: &c})
			a.count()
		case 3:
			var list []mood.Activity
			for range rapid.IntRange(1, 5).Draw(rt, "activities") {
				one := mood.Activity{
					ID: anID(rt), Brand: rapid.SampledFrom([]string{"nokia", "ericsson"}).Draw(rt, "of"), Kind: rapid.SampledFrom([]string{"activation", "check-in"}).Draw(rt, "kind"),
					Count: int64(rapid.IntRange(1, 9).Draw(rt, "count")), At: a.clock().Add(-seconds(7200)), Country: rapid.SampledFrom([]string{"", "FI"}).Draw(rt, "country"),
					Spot: rapid.SampledFrom([]*mood.Spot{nil, {City: "Turku", Lat: 60.45, Lon: 22.27}, {Lat: -0.125, Lon: 0.125}}).Draw(rt, "spot"),
				}
				if len(one.ID)%2 == 0 { // it is sent without a time
					one.At = a.clock()
				} else if before, again := done[one.ID]; again {
					one = before
				}
				done[one.ID] = one
				list = append(list, one)
			}
			a.accept(journal.Entry{Activities: list})
		case 4:
			a.pass(seconds(rapid.SampledFrom([]int{3600, 86400, 5 * 86400}).Draw(rt, "jump")))
		case 5:
			a.count()
			a.begin() // a restart
		case 6:
			a.count()
		case 7:
			a.count()
			checkEqual(rt, a)
		default:
			var list []mood.Mention
			for range rapid.IntRange(1, 8).Draw(rt, "mentions") {
				list = append(list, drawSaid(rt, a.clock(), seconds))
			}
			a.accept(journal.Entry{Mentions: list})
		}
	}
	a.pass(seconds(7200))
	a.count()
	checkEqual(rt, a)
	// What nobody accepted is found, whatever came before.
	a.set(a.clock().Add(2 * time.Hour))
	stray := mood.Mention{
		ID: "stray", Published: a.clock(), Seen: a.clock(), Outlet: "stray.example", Readings: map[string]mood.Reading{"nokia": {Label: mood.Positive, Score: 0.4}},
	}
	if done, err := a.store.Record(t.Context(), []mood.Mention{stray}); err != nil || done[0] != mood.Stored {
		rt.Fatal(done, err)
	}
	a.set(a.clock().Add(2 * time.Minute))
	v := a.verify()
	i := slices.IndexFunc(v.Brands, func(b mood.BrandVerification) bool { return b.Brand == "nokia" })
	if v.Equal || v.Brands[i].Differences == 0 || v.Brands[1-i].Differences != 0 {
		if a.past.Oldest().IsZero() && !v.Brands[i].Since.Before(a.clock().Add(-2*time.Hour)) {
			return // nothing could be compared
		}
		rt.Fatalf("one that nobody accepted isn't noticed: %+v", v)
	}
}

const ids = 21

func anID(rt *rapid.T) string { return fmt.Sprintf("m%d", rapid.IntRange(0, ids-1).Draw(rt, "id")) }

// addressesOf are spellings of the one address that an id has; some share one.
func addressesOf(id string) []string {
	switch (len(id) + int(id[len(id)-1])) % 4 {
	case 0:
		return []string{""}
	case 1:
		return []string{"https://www.a.example/shared", "http://a.example/shared/"}
	case 2:
		return []string{"https://b.example/shared"}
	}
	return []string{"https://a.example/" + id, "http://m.a.example/" + id}
}

func drawSaid(rt *rapid.T, now time.Time, seconds func(int) time.Duration) mood.Mention {
	draw := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(rt, name) }
	id := anID(rt)
	m := mood.Mention{
		ID: id, Seen: now, Published: now.Add(-seconds(rapid.SampledFrom([]int{60, 7200, 6 * 86400, 40 * 86400, 95 * 86400}).Draw(rt, "late"))),
		Title: draw("title", "", "A deal", "a deal!", "Else"), Text: draw("text", "", "one", "two"), Story: draw("story", "", "s1", "s2"),
		URL:    draw("url", addressesOf(id)...),
		Outlet: draw("outlet", "", "bbc.co.uk", " yle.fi\t"), Language: draw("language", "", "en", "fi"),
		Uncounted: rapid.IntRange(0, 9).Draw(rt, "uncounted") == 0, SharedURL: id == "m7",
		Edited:   rapid.IntRange(0, 3).Draw(rt, "edited") == 0,
		Sources:  []string{draw("source", "bbc", "yle", "push")},
		Readings: map[string]mood.Reading{},
	}
	if m.Story != "" { // nothing is a copy of what came long before
		m.Story += fmt.Sprint(now.Unix() / (8 * 86400))
	}
	if rapid.IntRange(0, 9).Draw(rt, "early") == 0 {
		m.Published = now.Add(time.Hour)
	}
	for _, country := range []string{"FI", "SE"} {
		if rapid.IntRange(0, 2).Draw(rt, "about") == 0 {
			m.Places.About = append(m.Places.About, mood.Place{Country: country})
		}
	}
	if country := draw("from", "", "GB", "US"); country != "" {
		m.Places.From = &mood.Place{Country: country}
	}
	if country := draw("origin", "", "DE"); country != "" {
		m.Places.Origin = &mood.Place{Country: country}
	}
	for _, brand := range []string{"nokia", "ericsson", "unwatched"} {
		if rapid.IntRange(0, 2).Draw(rt, brand) > 0 {
			m.Readings[brand] = mood.Reading{
				Label: mood.Label(rapid.IntRange(0, 3).Draw(rt, "label")), Score: float64(rapid.IntRange(-1000, 1000).Draw(rt, "score")) / 1000,
				Topics: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"5g", "phones", strings.Repeat("战", 50)}), 0, 3, rapid.ID[string]).Draw(rt, "topics"),
			}
		}
	}
	return m
}

func checkEqual(rt *rapid.T, a *accounts) {
	if v := a.verify(); !v.Equal {
		rt.Fatalf("at %s: %+v\n%s", a.clock(), v, a.story())
	}
}
