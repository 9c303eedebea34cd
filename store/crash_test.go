package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// tape is a journal in memory, and what becomes of a store that counts it.
type tape struct {
	entries []mood.Accepted
	clock   *clock
}

// newTape makes up entries: new mentions, the same from other sources, edits,
// what is known already, and what devices did.
func newTape(seed uint64, n int, c *clock) *tape {
	r := rand.New(rand.NewPCG(seed, 7))
	t := &tape{clock: c}
	at := c.now()
	labels := []mood.Label{mood.Positive, mood.Negative, mood.Neutral, mood.Unclear}
	for seq := 1; seq <= n; seq++ {
		at = at.Add(time.Duration(r.IntN(40_000)) * time.Millisecond)
		e := mood.Accepted{Seq: uint64(seq), At: at}
		if r.IntN(5) == 0 {
			for range 1 + r.IntN(3) {
				e.Activities = append(e.Activities, mood.Activity{
					ID: fmt.Sprint("a", r.IntN(60)), Brand: "nokia", Kind: "activation", Count: int64(1 + r.IntN(9)),
					At: at.Add(-time.Duration(r.IntN(90)) * time.Minute), Country: "FI",
				})
			}
		}
		for range 1 + r.IntN(6) {
			if e.Activities != nil {
				break
			}
			k := r.IntN(80)
			brands := [][]string{{"nokia"}, {"ericsson"}, {"nokia", "ericsson"}}[k%3]
			m := said(fmt.Sprint("m", k), at.Add(-time.Duration(r.IntN(3000))*time.Minute), labels[k%4], brands...)
			m.Seen = at
			m.Sources = []string{fmt.Sprint("s", r.IntN(4))}
			if r.IntN(6) == 0 {
				m.Edited = true
				m.Sources = []string{"s0"}
				m.Text = fmt.Sprint("What it says at ", seq)
				for b, was := range m.Readings {
					was.Label, was.Score = labels[r.IntN(4)], 0
					m.Readings[b] = was
				}
			}
			e.Mentions = append(e.Mentions, m)
		}
		t.entries = append(t.entries, e)
	}
	return t
}

// count counts the entries after a number, up to another, a few at a time, and
// marks them now and then.
func (x *tape) count(t testing.TB, s *Store, after, to uint64, seen func(uint64)) {
	t.Helper()
	r := rand.New(rand.NewPCG(after, to))
	for after < to {
		n := min(to, after+1+uint64(r.IntN(3)))
		part := x.entries[after:n]
		x.clock.set(part[len(part)-1].At)
		seen(n)
		if _, err := s.Count(context.Background(), "j1", part); err != nil {
			t.Fatal(err)
		}
		after = n
		if r.IntN(3) == 0 {
			if err := s.Mark(context.Background(), n); err != nil {
				t.Fatal(err)
			}
			if s.embedded != nil && s.embedded.files != nil && r.IntN(2) == 0 {
				if err := s.embedded.save(); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// shows is everything that the store shows, to be compared.
func shows(t testing.TB, s *Store) string {
	t.Helper()
	var b strings.Builder
	for _, w := range []string{"1h", "24h", "7d"} {
		board := board(t, s, w, "nokia", "ericsson")
		board.StoreEpoch = ""
		text := must(json.Marshal(board))(t)
		b.Write(text)
		b.WriteByte('\n')
	}
	l := list(t, s, mood.Filter{Brands: []string{"nokia", "ericsson"}, Limit: 500})
	for i := range l.Mentions {
		slices.Sort(l.Mentions[i].Sources[1:])
	}
	b.Write(must(json.Marshal(l.Mentions))(t))
	return b.String()
}

// TestACrashBetweenAnyTwoStepsChangesNothing copies the files of a store at
// each point between two steps, as kill -9 would leave them, and counts on
// from there: all that is shown is as if nothing had happened.
func TestACrashBetweenAnyTwoStepsChangesNothing(t *testing.T) {
	folder := t.TempDir()
	c := clockAt(future(t))
	x := newTape(3, 90, c)
	type crash struct {
		point, folder string
		entries       uint64 // that the journal has
	}
	var crashes []crash
	times := map[string]int{}
	entries := uint64(0)
	var s *Store
	var lock sync.Mutex // brands are counted side by side
	at := func(point string) {
		if point == "store: after a batch is counted" {
			// What has something left to do may be on disk as it is.
			if err := s.embedded.save(); err != nil {
				t.Error(err)
			}
		}
		lock.Lock()
		defer lock.Unlock()
		// Each point often, and more often as the files grow.
		if times[point]++; entries > 0 && (times[point] < 4 || times[point]%5 == 0) {
			crashes = append(crashes, crash{point, copyFolder(t, folder), entries})
		}
	}
	opts := Options{Data: folder, Brands: testBrands(), Journal: true, At: at, Now: c.now}
	s = must(Open(context.Background(), opts))(t)
	s.embedded.files.least = 4 << 10
	must(s.Resume(context.Background(), "j1", 0))(t)
	s.Recovered()
	x.count(t, s, 0, uint64(len(x.entries)), func(n uint64) { entries = n })
	if err := s.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, point := range []string{
		"store: after a batch is counted", "store: after sources are added", "store: after a mark is set",
		"store: before a log is written", "store: after a log is written", "store: after a base is named",
		"store: before a base is removed", "store: after an old file is removed",
	} {
		if times[point] == 0 {
			t.Errorf("%s: never came there", point)
		}
	}
	unharmed := map[uint64]string{}
	for _, crash := range crashes {
		want, ok := unharmed[crash.entries]
		if !ok {
			c.set(x.entries[0].At)
			whole := must(Open(context.Background(), Options{Brands: testBrands(), Now: c.now}))(t)
			must(whole.Resume(context.Background(), "j1", 0))(t)
			x.count(t, whole, 0, crash.entries, func(uint64) {})
			want = shows(t, whole)
			unharmed[crash.entries] = want
			must(struct{}{}, whole.Close(context.Background()))(t)
		}
		c.set(x.entries[crash.entries-1].At)
		opts := Options{Data: crash.folder, Brands: testBrands(), Journal: true, Now: c.now}
		s := must(Open(context.Background(), opts))(t)
		from := must(s.Resume(context.Background(), "j1", 0))(t)
		if from.Lost {
			t.Errorf("%s: it takes itself for one that lost something", crash.point)
		}
		x.count(t, s, from.Seq, crash.entries, func(uint64) {})
		s.Recovered()
		if got := shows(t, s); got != want {
			t.Errorf("%s, with %d entries: it shows otherwise than without a crash:\n%s", crash.point, crash.entries, difference(got, want))
		}
		must(struct{}{}, s.Close(context.Background()))(t)
	}
	t.Logf("%d crashes", len(crashes))
}

// Else one that is killed again and again, soon after it started, would take
// longer and longer to start.
func TestWhatWasCountedAtTheStartIsNotCountedAtTheNext(t *testing.T) {
	folder := t.TempDir()
	c := clockAt(future(t))
	x := newTape(5, 60, c)
	all := uint64(len(x.entries))
	s := must(Open(context.Background(), Options{Data: folder, Brands: testBrands(), Journal: true, Now: c.now}))(t)
	must(s.Resume(context.Background(), "j1", 0))(t)
	for n := range all {
		must(s.Count(context.Background(), "j1", x.entries[n:n+1]))(t)
	}
	must(struct{}{}, s.Mark(context.Background(), all))(t)
	s.Recovered()
	killed := copyFolder(t, folder)
	must(struct{}{}, s.Close(context.Background()))(t)

	s = must(Open(context.Background(), Options{Data: killed, Brands: testBrands(), Journal: true, Now: c.now}))(t)
	defer s.Close(context.Background())
	if from := must(s.Resume(context.Background(), "j1", 0))(t); from.Seq != all {
		t.Errorf("the next start begins after entry %d of %d", from.Seq, all)
	}
}

// difference shows where two texts part.
func difference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, i-200):min(len(s), i+200)] }
	return cut(a) + "\n" + cut(b)
}

// A journal's entries may be offered again in any portions, from any number
// back to the last that has nothing left to do.
func TestEntriesThatAreOfferedAgainCountOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		for seed := range uint64(4) {
			c := clockAt(future(t))
			x := newTape(seed, 60, c)
			n := uint64(len(x.entries))
			once := srv.open(t, Options{Now: c.now})
			must(once.Resume(context.Background(), "j1", 0))(t)
			x.count(t, once, 0, n, func(uint64) {})
			want := shows(t, once)
			r := rand.New(rand.NewPCG(seed, 1))
			c.set(x.entries[0].At)
			s := srv.open(t, Options{Now: c.now})
			done := uint64(0)
			for done < n {
				from := must(s.Resume(context.Background(), "j1", 0))(t)
				done = min(n, max(done, from.Seq)+uint64(r.IntN(20)))
				x.count(t, s, from.Seq, done, func(uint64) {})
			}
			if got := shows(t, s); got != want {
				t.Errorf("seed %d: offered again and again, it shows otherwise:\n%s", seed, difference(got, want))
			}
		}
	})
}

// A store that lost what it acknowledged says so, and is counted into again.
func TestAStoreThatLostSomethingSaysSo(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		x := newTape(9, 40, c)
		n := uint64(len(x.entries))
		s := srv.open(t, Options{Now: c.now})
		must(s.Resume(context.Background(), "j1", 0))(t)
		x.count(t, s, 0, n, func(uint64) {})
		must(struct{}{}, s.Mark(context.Background(), n))(t)
		want, epoch := shows(t, s), s.Epoch()
		for _, b := range testBrands() {
			for _, key := range must(s.write.Keys(context.Background(), "*:{"+b.ID+"}*").Result())(t) {
				must(s.write.Del(context.Background(), key).Result())(t)
			}
		}
		extra := mood.Accepted{Seq: n + 1, At: c.now(), Mentions: []mood.Mention{said("later", c.ago(time.Second), mood.Positive, "nokia")}}
		if _, err := s.Count(context.Background(), "j1", []mood.Accepted{extra}); !errors.Is(err, mood.ErrLost) {
			t.Fatalf("counting on: %v, want that something was lost", err)
		}
		from := must(s.Resume(context.Background(), "j1", n))(t)
		if !from.Lost || from.Seq != 0 {
			t.Errorf("resumed %+v, want everything anew", from)
		}
		if s.Epoch() == epoch {
			t.Error("the epoch is the same: readers would go on with what they had")
		}
		x.count(t, s, from.Seq, n, func(uint64) {})
		if got := shows(t, s); got != want {
			t.Errorf("counted again, it shows otherwise:\n%s", difference(got, want))
		}
	})
}

// A brand that was left out for a while is behind the others, and nothing is
// lost.
func TestABrandThatIsWatchedAgainIsNoLoss(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		x := newTape(5, 30, c)
		s := srv.open(t, Options{Now: c.now})
		must(s.Resume(context.Background(), "j1", 0))(t)
		x.count(t, s, 0, 10, func(uint64) {})
		must(struct{}{}, s.Mark(context.Background(), 10))(t)
		s.SetBrands(testBrands()[:1])
		x.count(t, s, 10, 30, func(uint64) {})
		must(struct{}{}, s.Mark(context.Background(), 30))(t)
		s.SetBrands(testBrands())
		epoch := s.Epoch()
		if from := must(s.Resume(context.Background(), "j1", 30))(t); from.Lost || from.Seq != 10 {
			t.Errorf("resumed %+v, want from 10 on, and no loss", from)
		}
		if s.Epoch() != epoch {
			t.Error("a new epoch for nothing")
		}
	})
}

// What a replica has not heard yet when its master fails may be nothing but a
// correction.
func TestAStoreThatLostNothingButAChangeSaysSo(t *testing.T) {
	onRedis(t, func(t *testing.T, srv server) {
		ctx := context.Background()
		client := must(clientOf(srv.url))(t)
		for what, change := range map[string]func(s *Store, at time.Time) error{
			"a correction": func(s *Store, at time.Time) error {
				label := mood.Negative
				_, err := s.CorrectAt(ctx, mood.Correction{Mention: "one", Brand: "nokia", Label: &label, Scope: mood.ScopeMention}, at, false)
				return err
			},
			"a withdrawal": func(s *Store, _ time.Time) error { return s.Withdraw(ctx, "one") },
			"a refusal":    func(s *Store, _ time.Time) error { return s.Refuse(ctx, "another") },
			"an edit": func(s *Store, at time.Time) error {
				m := said("one", at, mood.Negative, "nokia")
				m.Text, m.Edited = "What one says now", true
				_, err := s.Count(ctx, "j1", []mood.Accepted{{Seq: 2, At: at, Mentions: []mood.Mention{m}}})
				return err
			},
			"the source of a copy": func(s *Store, at time.Time) error {
				m := said("one", at, mood.Positive, "nokia")
				m.Sources = []string{"another"}
				_, err := s.Count(ctx, "j1", []mood.Accepted{{Seq: 2, At: at, Mentions: []mood.Mention{m}}})
				return err
			},
		} {
			c := clockAt(future(t))
			s := srv.open(t, Options{Now: c.now})
			must(s.Resume(ctx, "j1", 0))(t)
			first := mood.Accepted{Seq: 1, At: c.now(), Mentions: []mood.Mention{said("one", c.now(), mood.Positive, "nokia")}}
			must(s.Count(ctx, "j1", []mood.Accepted{first}))(t)
			if err := s.Mark(ctx, 1); err != nil {
				t.Fatal(err)
			}
			past := map[string]string{}
			for _, key := range must(client.Keys(ctx, "*").Result())(t) {
				past[key] = must(client.Dump(ctx, key).Result())(t)
			}
			if err := change(s, c.now()); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if err := s.checkMarks(ctx); err != nil || s.marks.check() != nil {
				t.Errorf("%s: it is there, and said to be lost: %v", what, err)
			}
			if err := srv.flush(); err != nil {
				t.Fatal(err)
			}
			for key, text := range past {
				if err := client.Restore(ctx, key, 0, text).Err(); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Mark(ctx, 2); !errors.Is(err, mood.ErrLost) {
				t.Errorf("%s was lost, and nothing was said to be left to do of it: %v", what, err)
				continue
			}
			if from := must(s.Resume(ctx, "j1", 1))(t); !from.Lost || from.Seq != 1 {
				t.Errorf("%s was lost, and what was counted resumes at %+v", what, from)
			}
			if err := change(s, c.now()); err != nil {
				t.Errorf("%s, again: %v", what, err)
			}
			if err := s.Mark(ctx, 2); err != nil {
				t.Errorf("%s, again: %v", what, err)
			}
		}
	})
}

// What a replica has not heard yet when its master fails may be the first that
// was written of a brand, or of a part of its hashes.
func TestWhatIsCountedAgainAfterALossEndsAsItWould(t *testing.T) {
	onRedis(t, func(t *testing.T, srv server) {
		ctx := context.Background()
		client := must(clientOf(srv.url))(t)
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		epoch := must(client.Get(ctx, epochKey).Result())(t)
		must(s.Resume(ctx, "j1", 0))(t)
		entry := func(seq uint64) []mood.Accepted {
			return []mood.Accepted{{Seq: seq, At: c.now(), Mentions: []mood.Mention{said(fmt.Sprint("m", seq), c.now(), mood.Positive, "nokia")}}}
		}
		must(s.Count(ctx, "j1", entry(1)))(t)
		if err := srv.flush(); err != nil {
			t.Fatal(err)
		}
		if err := client.Set(ctx, epochKey, epoch, 0).Err(); err != nil { // that lives elsewhere in a cluster
			t.Fatal(err)
		}
		if _, err := s.Count(ctx, "j1", entry(2)); !errors.Is(err, mood.ErrLost) {
			t.Fatalf("nothing was said to be lost: %v", err)
		}
		must(s.Resume(ctx, "j1", 0))(t)
		must(s.Count(ctx, "j1", entry(1)))(t)
		must(s.Count(ctx, "j1", entry(2)))(t)
		if n := must(client.Exists(ctx, versionKey("nokia")).Result())(t); n != 1 {
			t.Error("the brand has no version any more")
		}
		sets := must(client.Keys(ctx, "d:*").Result())(t)
		for _, key := range sets {
			if must(client.TTL(ctx, key).Result())(t) <= 0 {
				t.Errorf("%s never ends", key)
			}
		}
		if len(sets) == 0 {
			t.Error("nothing is known")
		}
	})
}
