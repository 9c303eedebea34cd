package store

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// edited is a mention after its source has changed what it says.
func edited(m mood.Mention, text string, label mood.Label, brands ...string) mood.Mention {
	other := said(m.ID, m.Published, label, brands...)
	m.Title, m.Text, m.Readings, m.Edited = m.Title+", edited", text, other.Readings, true
	return m
}

func TestAnEditMovesCountsByTheDifferenceAndCountsNothingTwice(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		// Two days old: its cells are remembered by then, and must be read anew.
		m := said("one", c.ago(2*day), mood.Negative, "nokia", "ericsson")
		record(t, s, m, said("other", c.ago(2*day), mood.Neutral, "nokia"))
		board(t, s, "30d", "nokia")
		c.add(time.Hour)
		edit := edited(m, "It is fine after all", mood.Positive, "nokia")
		r := edit.Readings["nokia"]
		r.Topics = []string{"peace"}
		edit.Readings["nokia"] = r
		edit.Language, edit.Seen, edit.Sources = "fi", c.now(), []string{"second"}
		for i, want := range []mood.Outcome{mood.Revised, mood.Duplicate, mood.Duplicate} {
			if got := record(t, s, edit)[0]; got != want {
				t.Errorf("offered for the %d. time: outcome %v, want %v", i+1, got, want)
			}
			for _, window := range []string{"7d", "30d", "90d"} {
				b := board(t, s, window, "nokia", "ericsson")
				n, e := b.Brands["nokia"], b.Brands["ericsson"]
				if n.Total.Mentions != 2 || n.Total.Positive != 1 || n.Total.Neutral != 1 || e.Total.Negative != 1 {
					t.Errorf("%s: nokia %+v, ericsson %+v", window, n.Total, e.Total)
				}
				if i := slices.IndexFunc(n.Topics, func(r mood.Row) bool { return r.Key == "peace" }); i < 0 || n.Topics[i].Positive != 1 {
					t.Errorf("%s: topics %+v, want peace among them", window, n.Topics)
				}
				if i := slices.IndexFunc(n.Languages, func(r mood.Row) bool { return r.Key == "fi" }); i < 0 || n.Languages[i].Mentions != 1 || len(n.Languages) != 2 {
					t.Errorf("%s: languages %+v, want one each", window, n.Languages)
				}
			}
		}
		l := list(t, s, mood.Filter{Brands: []string{"nokia"}})
		i := slices.IndexFunc(l.Mentions, func(m mood.Mention) bool { return m.ID == "one" })
		got := l.Mentions[i]
		if len(l.Mentions) != 2 || got.Title != edit.Title || got.Text != edit.Text || got.Readings["nokia"].Label != mood.Positive {
			t.Errorf("kept is %+v", got)
		}
		if !got.Published.Equal(m.Published) || !got.Seen.Equal(m.Seen) || !slices.Equal(got.Sources, []string{"feed", "second"}) {
			t.Errorf("published %v, seen %v, of %v", got.Published, got.Seen, got.Sources)
		}
		// The brand that the edit doesn't name keeps what was said of it.
		if kept := list(t, s, mood.Filter{Brands: []string{"ericsson"}}).Mentions; len(kept) != 1 || kept[0].Text != m.Text {
			t.Errorf("ericsson's are %+v", kept)
		}
	})
}

func TestABrandThatAnEditNamesNewlyCountsItWhenItWasPublished(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		m := said("one", c.ago(3*time.Hour), mood.Negative, "nokia")
		record(t, s, m)
		edit := edited(m, "Ericsson too", mood.Positive, "nokia", "ericsson")
		edit.Seen = c.now()
		if got := record(t, s, edit, edit); got[0] != mood.Stored || got[1] == mood.Stored {
			t.Errorf("outcomes %v", got)
		}
		b := board(t, s, "24h", "nokia", "ericsson")
		if n, e := b.Brands["nokia"].Total, b.Brands["ericsson"].Total; n.Positive != 1 || n.Mentions != 1 || e.Positive != 1 || e.Mentions != 1 {
			t.Errorf("nokia %+v, ericsson %+v", n, e)
		}
		if h := board(t, s, "1h", "ericsson"); h.Total.Mentions != 0 || h.Latency.Found.P50 != nil {
			t.Errorf("the last hour has %+v of it, found after %v", h.Total, h.Latency.Found.P50)
		}
	})
}

func TestAPersonsWordOutlivesAnEdit(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		m := said("one", c.now(), mood.Negative, "nokia")
		gone := said("off", c.now(), mood.Negative, "nokia")
		record(t, s, m, gone)
		correct(t, s, mood.Correction{Mention: "one", Label: labelOf(mood.Neutral)})
		correct(t, s, mood.Correction{Mention: "off", Irrelevant: true})
		learned := must(s.Corrections(context.Background(), "nokia"))(t)
		record(t, s, edited(m, "Now it is good", mood.Positive, "nokia"), edited(gone, "Still about a street", mood.Positive, "nokia"))
		if n := board(t, s, "1h", "nokia").Total; n.Neutral != 1 || n.Mentions != 1 {
			t.Errorf("counted are %+v, want the neutral one that a person wanted", n)
		}
		for _, kept := range list(t, s, mood.Filter{Brands: []string{"nokia"}}).Mentions {
			if r := kept.Readings["nokia"]; !r.Corrected || r.Engine == nil || r.Engine.Label != mood.Positive || kept.Text != "Now it is good" {
				t.Errorf("kept is %+v, with %+v beneath", kept, r.Engine)
			}
		}
		if now := must(s.Corrections(context.Background(), "nokia"))(t); len(now) != 2 || now[0].Text != learned[0].Text || now[1].Text != learned[1].Text {
			t.Errorf("what there is to learn became %+v", now)
		}
		correct(t, s, mood.Correction{Mention: "one"})
		correct(t, s, mood.Correction{Mention: "off"})
		if n := board(t, s, "1h", "nokia").Total; n.Positive != 2 || n.Mentions != 2 {
			t.Errorf("taken back: %+v, want what the engine says of the new texts", n)
		}
	})
}

func TestAnEditOfWhatIsKeptNoMoreChangesNothing(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		old, pulled, listed := said("old", c.ago(20*day), mood.Negative, "nokia"), said("pulled", c.now(), mood.Negative, "nokia"), said("listed", c.now(), mood.Negative, "nokia")
		ancient := said("ancient", c.ago(60*day), mood.Negative, "nokia")
		listed.Uncounted, listed.Undated = true, true
		record(t, s, old, pulled, listed)
		if err := s.Withdraw(context.Background(), "pulled"); err != nil {
			t.Fatal(err)
		}
		got := record(t, s, edited(old, "x", mood.Positive, "nokia"), edited(pulled, "x", mood.Positive, "nokia"),
			edited(ancient, "x", mood.Positive, "nokia", "ericsson"), edited(listed, "x", mood.Positive, "nokia"))
		if want := []mood.Outcome{mood.Duplicate, mood.Duplicate, mood.Duplicate, mood.Revised}; !slices.Equal(got, want) {
			t.Errorf("outcomes %v, want %v", got, want)
		}
		b := board(t, s, "90d", "nokia", "ericsson")
		if n, e := b.Brands["nokia"].Total, b.Brands["ericsson"].Total; n.Negative != 1 || n.Mentions != 1 || e.Mentions != 0 {
			t.Errorf("nokia %+v, ericsson %+v: want the old one alone, as it was", n, e)
		}
		if l := list(t, s, mood.Filter{Brands: []string{"nokia"}}); len(l.Mentions) != 1 || l.Mentions[0].Text != "x" || l.Total != 0 {
			t.Errorf("listed are %+v", l)
		}
	})
}

func TestTheSourceThatWasFirstRevisesAndNoOther(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		m := said("one", c.now(), mood.Negative, "nokia")
		other := said("two", c.now(), mood.Negative, "nokia")
		other.URL, other.Sources = "http://www.example.com/one/", []string{"digest"}
		record(t, s, m, other)
		if got := record(t, s, edited(other, "a summary", mood.Positive, "nokia"))[0]; got != mood.Duplicate {
			t.Errorf("another source's edit: %v", got)
		}
		again := edited(m, "the whole story", mood.Positive, "nokia")
		again.ID = "a new GUID"
		if got := record(t, s, again)[0]; got != mood.Revised {
			t.Errorf("the first source's edit under a new GUID: %v", got)
		}
		if l := list(t, s, mood.Filter{Brands: []string{"nokia"}}).Mentions; len(l) != 1 || l[0].Text != "the whole story" || len(l[0].Sources) != 2 {
			t.Errorf("kept are %+v, want one of two sources", l)
		}
	})
}

func TestWhatSharesAnAddressIsCountedEach(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		var ms []mood.Mention
		for _, id := range []string{"a", "b", "c"} {
			m := said(id, c.now(), mood.Negative, "nokia")
			m.URL, m.SharedURL = "https://example.com/live", true
			ms = append(ms, m)
		}
		record(t, s, ms...)
		record(t, s, ms...)
		record(t, s, edited(ms[1], "x", mood.Positive, "nokia"))
		if n := board(t, s, "1h", "nokia").Total; n.Mentions != 3 || n.Positive != 1 {
			t.Errorf("%+v, want three, one of them positive", n)
		}
	})
}

func TestEditsAndCorrectionsAtOnceLeaveOneOfEach(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		m := said("a", c.now(), mood.Negative, "nokia")
		record(t, s, m)
		hook := &lostReplies{}
		hook.loseFrom(t, s)
		hook.left.Store(4)
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() {
				if _, err := s.Record(context.Background(), []mood.Mention{edited(m, string(rune('a'+i)), mood.Label(i%4), "nokia")}); err != nil {
					t.Error(err)
				}
			})
			all.Go(func() {
				if _, err := s.Correct(context.Background(), mood.Correction{Mention: "a", Brand: "nokia", Label: labelOf(mood.Label(i % 4))}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		correct(t, s, mood.Correction{Mention: "a"})
		record(t, s, edited(m, "the last word", mood.Positive, "nokia"))
		b := board(t, s, "1h", "nokia")
		if b.Total.Mentions != 1 || b.Total.Positive != 1 || len(b.Outlets) != 1 || b.Outlets[0].Positive != 1 {
			t.Errorf("total %+v, outlets %+v; want one positive", b.Total, b.Outlets)
		}
	})
}

func TestAnEditIsAnnouncedWithoutBeingNews(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		m := said("a", c.now(), mood.Negative, "nokia")
		record(t, s, m)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		notices := must(s.Notices(ctx))(t)
		record(t, s, edited(m, "x", mood.Positive, "nokia"))
		if n := next(t, notices, func(mood.Notice) bool { return true }); n.Brand != "nokia" || len(n.Mentions) != 0 || n.Skipped != 0 {
			t.Errorf("notice %+v, want one of nokia that brings no new mention", n)
		}
	})
}
