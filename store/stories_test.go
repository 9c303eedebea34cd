package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// told is a mention of a story.
func told(id, story string, at time.Time, brands ...string) mood.Mention {
	m := said(id, at, mood.Negative, brands...)
	m.Story = story
	return m
}

func TestAStoryCountsWhereItsFirstCountedMentionDoes(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		// begins gives the number of stories of the last hour, and of the day.
		begins := func(what string, hour, all int64) {
			t.Helper()
			h, d := board(t, s, "1h", "nokia").Total, board(t, s, "24h", "nokia").Total
			if h.Stories == nil || d.Stories == nil || *h.Stories != hour || *d.Stories != all {
				t.Errorf("%s: %+v of 1h and %+v of 24h, want %d and %d stories", what, h, d, hour, all)
			}
		}
		record(t, s, told("b", "s", c.ago(10*time.Minute), "nokia"), told("c", "s", c.ago(5*time.Minute), "nokia"), told("x", "t", c.ago(9*time.Minute), "nokia"))
		begins("two of one story and one of another", 2, 2)
		record(t, s, told("a", "s", c.ago(5*time.Hour), "nokia")) // a late copy that is older
		begins("an older copy", 1, 2)
		uncounted := told("u", "s", c.ago(20*time.Hour), "nokia")
		uncounted.Uncounted = true
		record(t, s, uncounted)
		begins("one that counts nowhere", 1, 2)
		correct(t, s, mood.Correction{Mention: "a", Irrelevant: true})
		begins("the first isn't about the brand", 2, 2)
		correct(t, s, mood.Correction{Mention: "a"})
		begins("it is after all", 1, 2)
		if err := s.Withdraw(context.Background(), "a"); err != nil {
			t.Fatal(err)
		}
		begins("the first is withdrawn", 2, 2)
		edit := told("b", "s", c.ago(10*time.Minute), "nokia")
		edit.Edited, edit.Title, edit.Story = true, "Other words now", "else"
		record(t, s, edit)
		begins("the first is edited", 2, 2)
		for _, id := range []string{"b", "c"} {
			if err := s.Withdraw(context.Background(), id); err != nil {
				t.Fatal(err)
			}
		}
		begins("none is left of it", 1, 1)
		record(t, s, told("d", "s", c.now(), "nokia", "ericsson"))
		begins("it is told again", 2, 2)
		if e := board(t, s, "24h", "ericsson"); *e.Total.Stories != 1 || e.Total.Mentions != 1 {
			t.Errorf("another brand has %+v of it, want its own count", e.Total)
		}
		for _, row := range board(t, s, "24h", "nokia").Share {
			if row.Stories != nil && *row.Stories != map[string]int64{"nokia": 2, "ericsson": 1}[row.Key] {
				t.Errorf("share of %s: %d stories", row.Key, *row.Stories)
			}
		}
	})
}

func TestWindowsInWhichMentionsHaveNoStoryHaveNoNumberOfThem(t *testing.T) {
	c := clockAt(future(t))
	s := server{}.open(t, Options{Now: c.now})
	if n := board(t, s, "24h", "nokia").Total.Stories; n != nil {
		t.Errorf("nothing was said, and %d stories are counted", *n)
	}
	record(t, s, said("old", c.ago(3*time.Hour), mood.Positive, "nokia"))
	record(t, s, told("new", "new", c.now(), "nokia"))
	b, day := board(t, s, "1h", "nokia"), board(t, s, "24h", "nokia")
	if b.Total.Stories == nil || *b.Total.Stories != 1 || b.Before.Stories == nil || day.Total.Stories != nil || day.Before.Stories != nil {
		t.Errorf("stories of 1h, before it, of 24h and before it: %v %v %v %v, want 1, a number, none, none",
			b.Total.Stories, b.Before.Stories, day.Total.Stories, day.Before.Stories)
	}
}

func TestSeveralWritersOfOneStoryCountItOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		var group sync.WaitGroup
		for w := range 8 {
			group.Go(func() {
				for i := range 10 {
					m := told(fmt.Sprint(w, "-", i), fmt.Sprint("story ", i), c.ago(time.Duration(1+(w*7+i*3)%50)*time.Minute), "nokia")
					if _, err := s.Record(context.Background(), []mood.Mention{m}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		if n := board(t, s, "24h", "nokia").Total; n.Mentions != 80 || *n.Stories != 10 {
			t.Errorf("%+v of 80 mentions and %d stories, want 10", n, *n.Stories)
		}
	})
}

func TestAListFoldsStoriesAndPagesThroughThem(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		var all []mood.Mention
		for i := range 60 { // a story every third, the others by themselves
			story := fmt.Sprint("own ", i)
			if i%3 == 0 {
				story = fmt.Sprint("story ", i/3%5)
			}
			all = append(all, told(fmt.Sprintf("m%02d", i), story, c.ago(time.Duration(i)*time.Minute), "nokia"))
		}
		record(t, s, all...)
		list := func(f mood.Filter) mood.MentionList {
			f.Brands = []string{"nokia"}
			return must(s.Mentions(context.Background(), f))(t)
		}
		seen := map[string]int{}
		pages, next := 0, ""
		for {
			page := list(mood.Filter{Fold: true, Limit: 7, Cursor: next})
			if page.Total != 60 || page.Stories != 45 {
				t.Fatalf("%d mentions and %d stories, want 60 and 45", page.Total, page.Stories)
			}
			for _, m := range page.Mentions {
				seen[m.Story]++
				if want := map[bool]int{true: 3}[len(m.Story) == len("story 0") && m.Story[0] == 's']; m.Copies != want {
					t.Errorf("%s has %d copies, want %d", m.Story, m.Copies, want)
				}
			}
			if pages++; page.Next == "" {
				break
			}
			next = page.Next
		}
		if len(seen) != 45 || pages != 7 || slices.Max(valuesOf(seen)) != 1 {
			t.Errorf("%d rows on %d pages, want each of 45 stories once on 7", len(seen), pages)
		}
		first := list(mood.Filter{Fold: true, Limit: 1}).Mentions[0]
		if first.ID != "m00" {
			t.Errorf("the face of the newest story is %s, want its newest mention", first.ID)
		}
		copies := list(mood.Filter{Story: "story 0"})
		if len(copies.Mentions) != 4 || copies.Total != 4 || copies.Stories != 1 || copies.Mentions[3].Copies != 3 {
			t.Errorf("the copies of a story: %+v", copies)
		}
	})
}

func valuesOf(m map[string]int) (list []int) {
	for _, n := range m {
		list = append(list, n)
	}
	return list
}

func TestASharedLogHasOneOrder(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		ctx := context.Background()
		add := func(after uint64, record string) (uint64, bool) {
			t.Helper()
			last, added, err := s.AppendShared(ctx, "tales", after, []byte(record))
			if err != nil {
				t.Fatal(err)
			}
			return last, added
		}
		if last, added := add(0, "one"); last != 1 || !added {
			t.Fatalf("the first record is number %d, %v", last, added)
		}
		if last, added := add(0, "other"); last != 1 || added {
			t.Errorf("a record after what its writer has not read is added: %d, %v", last, added)
		}
		for n := uint64(1); n < 40; n++ {
			add(n, fmt.Sprint("record ", n+1))
		}
		records, last, err := s.Shared(ctx, "tales", 37)
		var got []string
		for _, r := range records {
			got = append(got, string(r))
		}
		if err != nil || last != 40 || !reflect.DeepEqual(got, []string{"record 38", "record 39", "record 40"}) {
			t.Errorf("after 37: %v, %d, %v", got, last, err)
		}
		if records, _, _ := s.Shared(ctx, "tales", 0); len(records) != 40 || string(records[0]) != "one" {
			t.Errorf("%d records from the beginning", len(records))
		}
	})
}

func TestWhatIsKeptOfStoriesOutlivesTheProcess(t *testing.T) {
	c := clockAt(future(t))
	folder := t.TempDir()
	options := Options{Now: c.now, Data: folder}
	s := server{}.open(t, options)
	record(t, s, told("a", "s", c.ago(time.Hour), "nokia"), told("b", "s", c.ago(time.Minute), "nokia"))
	if _, _, err := s.AppendShared(context.Background(), "tales", 0, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	s = server{}.open(t, options)
	if err := s.Withdraw(context.Background(), "a"); err != nil {
		t.Fatal(err)
	}
	if n := board(t, s, "24h", "nokia").Total; *n.Stories != 1 || n.Mentions != 1 {
		t.Errorf("after a restart and a withdrawal %+v, %d stories: want the copy to stand for it", n, *n.Stories)
	}
	if records, last, err := s.Shared(context.Background(), "tales", 0); err != nil || last != 1 || len(records) != 1 {
		t.Errorf("after a restart the log holds %d records, the last %d: %v", len(records), last, err)
	}
}
