package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

func labelOf(l mood.Label) *mood.Label { return &l }

func correct(t testing.TB, s *Store, c mood.Correction) mood.CorrectionReceipt {
	t.Helper()
	if c.Brand == "" {
		c.Brand = "nokia"
	}
	return must(s.Correct(context.Background(), c))(t)
}

func TestACorrectionMovesEveryCountAtOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		// Two days old: its cells are remembered by then, and must be read anew.
		record(t, s, said("praise", c.ago(2*day), mood.Negative, "nokia", "ericsson"), said("other", c.ago(2*day), mood.Neutral, "nokia"))
		look := func(window string) mood.Row {
			b := board(t, s, window, "nokia", "ericsson")
			n := b.Brands["nokia"]
			if len(n.Outlets) != 1 || n.Outlets[0].Tally() != n.Total.Tally() {
				t.Errorf("%s: the outlet has %+v of a total of %+v", window, n.Outlets, n.Total)
			}
			if e := b.Brands["ericsson"].Total; e.Negative != 1 || e.Mentions != 1 {
				t.Errorf("%s: a correction of nokia moved ericsson to %+v", window, e)
			}
			return mood.RowOf("", n.Total.Tally())
		}
		for i, step := range []struct {
			correction                            mood.Correction
			positive, neutral, negative, mentions int64
			changed                               int
		}{
			{mood.Correction{Label: labelOf(mood.Positive)}, 1, 1, 0, 2, 1},
			{mood.Correction{Label: labelOf(mood.Positive)}, 1, 1, 0, 2, 0},
			{mood.Correction{Label: labelOf(mood.Neutral)}, 0, 2, 0, 2, 1},
			{mood.Correction{Irrelevant: true}, 0, 1, 0, 1, 1},
			{mood.Correction{Label: labelOf(mood.Negative)}, 0, 1, 1, 2, 1},
			{mood.Correction{Irrelevant: true}, 0, 1, 0, 1, 1},
			{mood.Correction{}, 0, 1, 1, 2, 1},
			{mood.Correction{}, 0, 1, 1, 2, 0},
		} {
			step.correction.Mention = "praise"
			if got := correct(t, s, step.correction); got.Changed != step.changed || got.Mention.ID != "praise" {
				t.Errorf("step %d: %+v, want %d changed", i, got, step.changed)
			}
			for _, window := range []string{"7d", "30d", "90d"} {
				r := look(window)
				if r.Positive != step.positive || r.Neutral != step.neutral || r.Negative != step.negative || r.Mentions != step.mentions {
					t.Errorf("step %d, %s: %+v, want %+v", i, window, r, step)
				}
			}
		}
		if left := must(s.Corrections(context.Background(), "nokia"))(t); len(left) != 0 {
			t.Errorf("taken back, %+v is still kept", left)
		}
	})
}

func TestWhatIsNotAboutTheBrandIsFoundAmongCorrectedOnesAlone(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		record(t, s, said("off", c.ago(time.Minute), mood.Negative, "nokia", "ericsson"), said("on", c.ago(2*time.Minute), mood.Negative, "nokia"))
		correct(t, s, mood.Correction{Mention: "off", Irrelevant: true})
		yes := true
		for name, f := range map[string]mood.Filter{
			"on 1": {}, "off 0": {Corrected: &yes}, "on 1 ": {Labels: []mood.Label{mood.Negative}},
			" 0": {Corrected: &yes, Labels: []mood.Label{mood.Negative}},
		} {
			f.Brands = []string{"nokia"}
			l := list(t, s, f)
			var ids []string
			for _, m := range l.Mentions {
				ids = append(ids, m.ID)
			}
			if got := fmt.Sprintf("%s %d", strings.Join(ids, " "), l.Total); got != strings.TrimRight(name, " ") && got != name {
				t.Errorf("%+v lists %q, want %q", f, got, name)
			}
		}
		both := list(t, s, mood.Filter{Brands: []string{"nokia", "ericsson"}})
		if both.Total != 2 || len(both.Mentions) != 2 || !both.Mentions[0].Readings["nokia"].Irrelevant {
			t.Errorf("beside ericsson, which it is about: %+v", both)
		}
		// Its other sources, and its withdrawal, have no counts to move.
		again := said("off", c.ago(time.Minute), mood.Negative, "nokia")
		again.Sources = []string{"second"}
		record(t, s, again)
		if rows := board(t, s, "1h", "nokia").Sources; len(rows) != 1 || rows[0].Key != "feed" || rows[0].Mentions != 1 {
			t.Errorf("sources %+v, want feed alone, with the one that counts", rows)
		}
		correct(t, s, mood.Correction{Mention: "off", Label: labelOf(mood.Positive)})
		if rows := board(t, s, "1h", "nokia").Sources; len(rows) != 2 || rows[1].Key != "second" || rows[1].Positive != 1 {
			t.Errorf("sources %+v, want both once it counts again", rows)
		}
		correct(t, s, mood.Correction{Mention: "off", Irrelevant: true})
		if err := s.Withdraw(context.Background(), "off"); err != nil {
			t.Fatal(err)
		}
		if n := board(t, s, "1h", "nokia").Total; n.Mentions != 1 || n.Negative != 1 {
			t.Errorf("after the withdrawal %+v, want the other alone", n)
		}
		if left := must(s.Corrections(context.Background(), "nokia"))(t); len(left) != 0 {
			t.Errorf("%+v was withdrawn, and is still kept for learning", left)
		}
	})
}

func TestAStoryIsCorrectedInAllItsCopies(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		titled := func(id, title, story string, ago time.Duration, brands ...string) mood.Mention {
			m := said(id, c.ago(ago), mood.Negative, brands...)
			m.Title, m.Story = title, story
			return m
		}
		record(t, s,
			titled("a", "Nokia: record – deal!", "", 0, "nokia"), titled("b", "NOKIA record deal", "", 5*day, "nokia", "ericsson"),
			titled("c", "Nokia record deal off", "", time.Hour, "nokia"), titled("d", "Nokia record deal", "s", 0, "nokia"),
			titled("e", "Nokia record deal", "", time.Hour, "ericsson"),
			titled("f", "Other words", "s", 3*time.Hour, "nokia"), titled("g", "…", "", 0, "nokia"), titled("h", "!", "", 0, "nokia"))
		for id, want := range map[string]string{"a": "a b", "f": "d f", "c": "c", "g": "g"} {
			got := correct(t, s, mood.Correction{Mention: id, Label: labelOf(mood.Positive), Scope: mood.ScopeStory})
			slices.Sort(got.Mentions)
			if strings.Join(got.Mentions, " ") != want || got.Changed != len(got.Mentions) {
				t.Errorf("the story of %s: %+v, want %s", id, got, want)
			}
		}
		b := board(t, s, "7d", "nokia", "ericsson")
		if n, e := b.Brands["nokia"].Total, b.Brands["ericsson"].Total; n.Positive != 6 || n.Negative != 1 || e.Negative != 2 {
			t.Errorf("nokia %+v, ericsson %+v: want all of nokia's but h", n, e)
		}
	})
}

func TestWhatIsGoneIsToldFromWhatNeverWas(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		record(t, s, said("old", c.ago(8*day), mood.Positive, "nokia"), said("pulled", c.now(), mood.Positive, "nokia"))
		if err := s.Withdraw(context.Background(), "pulled"); err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			id, brand string
			want      error
		}{
			{"old", "nokia", mood.ErrGone}, {"pulled", "nokia", mood.ErrGone}, {"never", "nokia", mood.ErrNotFound},
			{"old", "ericsson", mood.ErrNotFound}, {"old", "siemens", mood.ErrNotFound},
		} {
			if _, err := s.Correct(context.Background(), mood.Correction{Mention: x.id, Brand: x.brand}); !errors.Is(err, x.want) {
				t.Errorf("%s of %s: %v, want %v", x.id, x.brand, err, x.want)
			}
		}
	})
}

// inBetween does something once, before it is asked what became of a text that
// isn't kept.
type inBetween struct {
	redis.Hook
	once sync.Once
	do   func()
}

func (h *inBetween) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (h *inBetween) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (h *inBetween) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, list []redis.Cmder) error {
		if list[len(list)-1].Name() == "hexists" {
			h.once.Do(h.do)
		}
		return next(ctx, list)
	}
}

// Two processes count again what was lost, one the correction, one the mention.
func TestWhatIsCountedWhileItIsCorrectedIsNotGone(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		s := srv.open(t, Options{})
		s.read.AddHook(&inBetween{do: func() { record(t, s, said("a", time.Now().UTC(), mood.Negative, "nokia")) }})
		done := correct(t, s, mood.Correction{Mention: "a", Label: labelOf(mood.Positive)})
		if r := done.Mention.Readings["nokia"]; !r.Corrected || r.Label != mood.Positive || done.Changed != 1 {
			t.Errorf("%+v", done)
		}
	})
}

func TestCorrectionsOutliveTheirTextsButNotTheirWithdrawal(t *testing.T) {
	c := clockAt(future(t))
	s := server{}.open(t, Options{Now: c.now})
	m := said("short", c.now(), mood.Negative, "nokia")
	m.Readings["nokia"] = mood.Reading{
		Label: mood.Negative, Score: -0.4, Confidence: 0.3,
		Reasons: []mood.Reason{{Text: "says", Field: "text", Start: 11, End: 15, Weight: -0.4, Kind: "word"}},
		Spans:   []mood.Span{{Field: "title", Start: 0, End: 5}},
	}
	record(t, s, m)
	correct(t, s, mood.Correction{Mention: "short", Label: labelOf(mood.Positive)})
	c.add(9 * day)
	if _, err := s.Correct(context.Background(), mood.Correction{Mention: "short", Brand: "nokia"}); !errors.Is(err, mood.ErrGone) {
		t.Errorf("nine days later: %v, want gone", err)
	}
	got := must(s.Corrections(context.Background(), "nokia"))(t)
	if len(got) != 1 {
		t.Fatalf("kept are %+v", got)
	}
	want := mood.Corrected{
		Brand: "nokia", Mention: "short", Title: m.Title, Text: m.Text, Language: "en", Spans: m.Readings["nokia"].Spans,
		Engine: mood.Verdict{Label: mood.Negative, Score: -0.4, Confidence: 0.3}, Reasons: m.Readings["nokia"].Reasons,
		Label: got[0].Label, At: future(t),
	}
	if *got[0].Label != mood.Positive || fmt.Sprintf("%+v", got[0]) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", got[0], want)
	}
	if err := s.Withdraw(context.Background(), "short"); err != nil {
		t.Errorf("withdraw what is kept for learning alone: %v", err)
	}
	if got := must(s.Corrections(context.Background(), "nokia"))(t); len(got) != 0 {
		t.Errorf("withdrawn, and still kept: %+v", got)
	}
}

func TestTheNewestCorrectionsAreKept(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		const more = 3
		var ms []mood.Mention
		for i := range maxCorrections + more {
			ms = append(ms, said(fmt.Sprintf("%04d", i), c.now(), mood.Negative, "nokia"))
		}
		record(t, s, ms...)
		for _, m := range ms {
			c.add(time.Millisecond)
			correct(t, s, mood.Correction{Mention: m.ID, Label: labelOf(mood.Positive)})
		}
		got := must(s.Corrections(context.Background(), "nokia"))(t)
		if len(got) != maxCorrections || got[0].Mention != ms[len(ms)-1].ID || got[len(got)-1].Mention != ms[more].ID {
			t.Errorf("%d are kept, from %s to %s", len(got), got[0].Mention, got[len(got)-1].Mention)
		}
	})
}

func TestCorrectionsSurviveARestart(t *testing.T) {
	c := clockAt(future(t))
	data := t.TempDir()
	s := server{}.open(t, Options{Now: c.now, Data: data})
	record(t, s, said("a", c.now(), mood.Negative, "nokia"), said("b", c.now(), mood.Negative, "nokia"))
	correct(t, s, mood.Correction{Mention: "a", Label: labelOf(mood.Positive)})
	correct(t, s, mood.Correction{Mention: "b", Irrelevant: true})
	if err := s.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	s = server{}.open(t, Options{Now: c.now, Data: data})
	if n := board(t, s, "1h", "nokia").Total; n.Positive != 1 || n.Mentions != 1 {
		t.Errorf("after a restart %+v", n)
	}
	if got := must(s.Corrections(context.Background(), "nokia"))(t); len(got) != 2 {
		t.Errorf("%d corrections after a restart, want 2", len(got))
	}
	correct(t, s, mood.Correction{Mention: "b"})
	if n := board(t, s, "1h", "nokia").Total; n.Positive != 1 || n.Negative != 1 {
		t.Errorf("taken back after a restart: %+v", n)
	}
}

func TestALostReplyOfACorrectionChangesNothingTwice(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		record(t, s, said("a", c.now(), mood.Negative, "nokia"))
		hook := &lostReplies{}
		hook.loseFrom(t, s)
		hook.left.Store(2)
		if got := correct(t, s, mood.Correction{Mention: "a", Label: labelOf(mood.Positive)}); got.Changed != 1 || got.Mention.ID != "a" {
			t.Errorf("%+v, want one changed", got)
		}
		if n := board(t, s, "1h", "nokia").Total; n.Positive != 1 || n.Mentions != 1 {
			t.Errorf("counted are %+v", n)
		}
	})
}

func TestManyCorrectionsAtOnceLeaveOneOfThem(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		record(t, s, said("a", c.now(), mood.Negative, "nokia"))
		wishes := []mood.Correction{
			{Label: labelOf(mood.Positive)}, {Label: labelOf(mood.Neutral)}, {Irrelevant: true}, {Label: labelOf(mood.Negative)}, {},
		}
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				wish := wishes[i%len(wishes)]
				wish.Mention, wish.Brand = "a", "nokia"
				if _, err := s.Correct(context.Background(), wish); err != nil {
					t.Error(err)
				}
			})
			all.Go(func() {
				m := said("a", c.now(), mood.Negative, "nokia")
				m.Sources = []string{fmt.Sprint("source ", i)}
				if _, err := s.Record(context.Background(), []mood.Mention{m}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		correct(t, s, mood.Correction{Mention: "a", Label: labelOf(mood.Positive)})
		b := board(t, s, "1h", "nokia")
		if b.Total.Mentions != 1 || b.Total.Positive != 1 || len(b.Sources) != 21 {
			t.Errorf("total %+v, %d sources; want one positive, of 21", b.Total, len(b.Sources))
		}
		for _, row := range b.Sources {
			if row.Mentions != 1 || row.Positive != 1 {
				t.Errorf("source %+v, want one positive", row)
			}
		}
	})
}

func TestACorrectionIsAnnounced(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		record(t, s, said("a", c.now(), mood.Negative, "nokia"))
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		notices := must(s.Notices(ctx))(t)
		correct(t, s, mood.Correction{Mention: "a", Label: labelOf(mood.Positive)})
		correct(t, s, mood.Correction{Mention: "a", Label: labelOf(mood.Positive)}) // nothing new: no notice
		if n := next(t, notices, func(mood.Notice) bool { return true }); n.Brand != "nokia" || len(n.Mentions) != 0 ||
			len(n.Corrected) != 1 || n.Corrected["a"].Label != mood.Positive || n.MoreCorrected != 0 {
			t.Errorf("notice %+v, want one of nokia that brings no new mention, and the new reading", n)
		}
		var ms []mood.Mention
		for i := range 25 {
			m := said(fmt.Sprint("copy ", i), c.now(), mood.Negative, "nokia")
			m.Title = "The same"
			ms = append(ms, m)
		}
		record(t, s, ms...)
		correct(t, s, mood.Correction{Mention: "copy 0", Irrelevant: true, Scope: mood.ScopeStory})
		n := next(t, notices, func(n mood.Notice) bool { return len(n.Mentions) == 0 })
		if len(n.Corrected) != maxFresh || n.MoreCorrected != 5 {
			t.Errorf("%d corrected and %d more, want 20 and 5", len(n.Corrected), n.MoreCorrected)
		}
	})
}

// After a loss a process may take a correction back before another has counted
// again that it was made.
func TestWhatIsTakenBackBeforeItIsMadeAgainStaysSo(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		record(t, s, said("one", c.ago(time.Minute), mood.Positive, "nokia"))
		label := mood.Negative
		made := mood.Correction{Mention: "one", Brand: "nokia", Label: &label, Scope: mood.ScopeMention}
		back := mood.Correction{Mention: "one", Brand: "nokia", Scope: mood.ScopeMention}
		if r := must(s.CorrectAt(context.Background(), back, c.now(), false))(t); r.Changed != 0 {
			t.Errorf("%d are changed by what they were", r.Changed)
		}
		must(s.CorrectAt(context.Background(), made, c.ago(time.Second), true))(t)
		if b := board(t, s, "1h", "nokia").Total; b.Positive != 1 || b.Negative != 0 {
			t.Errorf("an older correction won: %+v", b)
		}
	})
}
