package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

func TestPagesHoldEveryMentionOnceWhileNewOnesArrive(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		for i := range 230 {
			record(t, s, said(fmt.Sprintf("%03d", i), c.ago(time.Duration(i/3)*17*time.Minute), mood.Neutral, "nokia"))
		}
		var got []string
		f := mood.Filter{Brands: []string{"nokia"}, Limit: 20}
		for page := 0; ; page++ {
			l := list(t, s, f)
			for i, m := range l.Mentions {
				if i > 0 && m.Published.After(l.Mentions[i-1].Published) {
					t.Fatalf("page %d isn't newest first", page)
				}
				got = append(got, m.ID)
			}
			if l.Next == "" {
				break
			}
			f.Cursor = l.Next
			record(t, s, said(fmt.Sprint("new", page), c.now(), mood.Neutral, "nokia"))
		}
		seen := map[string]bool{}
		for _, id := range got {
			if seen[id] || strings.HasPrefix(id, "new") {
				t.Errorf("%s is listed twice, or came in later", id)
			}
			seen[id] = true
		}
		if len(got) != 230 {
			t.Errorf("%d listed, want 230", len(got))
		}
	})
}

func TestSeveralBrandsAreMergedByMention(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		both := said("both", c.ago(time.Minute), mood.Positive, "nokia")
		both.Readings["ericsson"] = mood.Reading{Label: mood.Negative, Score: -1, Topics: []string{"price"}}
		record(t, s, both, said("n", c.ago(2*time.Minute), mood.Neutral, "nokia"), said("e", c.ago(0), mood.Neutral, "ericsson"))
		l := list(t, s, mood.Filter{Brands: []string{"nokia", "ericsson"}})
		if l.Total != 3 || len(l.Mentions) != 3 || l.Mentions[1].ID != "both" || len(l.Mentions[1].Readings) != 2 {
			t.Errorf("merged list %+v", l)
		}
		one := list(t, s, mood.Filter{Brands: []string{"nokia"}, Topic: "phones"}).Mentions
		if len(one) != 2 || len(one[0].Readings) != 1 {
			t.Errorf("nokia's list has readings of others: %+v", one)
		}
		none := list(t, s, mood.Filter{Brands: []string{"nokia", "ericsson"}, Topic: "price", Labels: []mood.Label{mood.Positive}})
		if none.Total != 0 {
			t.Error("a topic of one reading and a label of another selected a mention")
		}
	})
}

func TestFiltersSelectWhatTheySay(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		helsinki := must(time.LoadLocation("Europe/Helsinki"))(t)
		c := clockAt(future(t)) // a Wednesday, 13:17 in Helsinki
		s := srv.open(t, Options{Now: c.now, Location: helsinki})
		a := said("a", c.now(), mood.Positive, "nokia")
		a.Title, a.Text, a.Story = "Nokia räntää", "snow & sleet", "s1"
		a.Readings["nokia"] = mood.Reading{Label: mood.Positive, Corrected: true}
		b := said("b", c.ago(24*time.Hour), mood.Negative, "nokia")
		b.Places = mood.Places{Origin: &mood.Place{Country: "DE"}}
		record(t, s, a, b)
		hour, day, yes, no := 13, 2, true, false
		for name, f := range map[string]mood.Filter{
			"a": {Text: "RÄNTÄÄ sleet"},
			"b": {Text: "says"},
			"":  {Text: "räntää says"},
			"a ": {
				Weekday: &day, Hour: &hour,
			},
			"a b":     {Hour: &hour},
			"a  ":     {Corrected: &yes},
			"b  ":     {Corrected: &no},
			"a   ":    {Story: "s1"},
			"b   ":    {Country: "none"},
			"b    ":   {Country: "DE", PlaceKind: "origin"},
			"a    ":   {Country: "FI"},
			"b     ":  {To: c.ago(time.Hour)},
			"a     ":  {From: c.now()},
			"a b    ": {Labels: []mood.Label{mood.Positive, mood.Negative}},
		} {
			f.Brands = []string{"nokia"}
			var got []string
			for _, m := range list(t, s, f).Mentions {
				got = append(got, m.ID)
			}
			if strings.Join(got, " ") != strings.TrimSpace(name) {
				t.Errorf("%+v selects %v, want %q", f, got, strings.TrimSpace(name))
			}
		}
		for _, f := range []mood.Filter{{PlaceKind: "moon"}, {Cursor: "x"}} {
			if _, err := s.Mentions(context.Background(), f); !errors.Is(err, mood.ErrInvalid) {
				t.Errorf("%+v: %v, want invalid", f, err)
			}
		}
		if _, err := s.Mentions(context.Background(), mood.Filter{Brands: []string{"acme"}}); !errors.Is(err, mood.ErrNotFound) {
			t.Errorf("unknown brand: %v", err)
		}
	})
}

func TestAKeptMentionComesBackAsItWas(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		m := said("full", c.ago(time.Minute), mood.Positive, "nokia")
		m.Title, m.Author, m.Copies, m.Undated = "Line\x1fone\ntwo \x00", "Ann", 3, true // how many copies there are the list itself knows
		m.Categories = []string{"Mobile\x1fphones", "Business"}
		m.Places.About = []mood.Place{{Country: "SE", Evidence: "Lund", Confidence: 0.75}}
		m.Places.Origin = &mood.Place{Country: "FI", Point: &mood.Point{Lat: 60.2, Lon: 24.9}}
		m.Readings["nokia"] = mood.Reading{
			Label: mood.Positive, Score: 0.734, Confidence: 0.5, Topics: []string{"sw\x1eeden"},
			Reasons: []mood.Reason{{Text: "good", Field: "title", Start: 1, End: 5, Weight: 0.5}},
			Spans:   []mood.Span{{Field: "title", Start: 0, End: 5}},
		}
		record(t, s, m)
		got := list(t, s, mood.Filter{Brands: []string{"nokia"}, Country: "SE", PlaceKind: "about"}).Mentions
		if len(got) != 1 || fmt.Sprintf("%+v", got[0].Readings) != fmt.Sprintf("%+v", m.Readings) || got[0].Title != m.Title ||
			*got[0].Places.Origin.Point != *m.Places.Origin.Point || got[0].Copies != 0 || !slices.Equal(got[0].Categories, m.Categories) || !got[0].Published.Equal(m.Published) {
			t.Errorf("got  %+v\nwant %+v", got, m)
		}
	})
}

func TestTheOldestTextsGoWhenThereIsNoRoom(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now, MentionBytes: 64 << 10})
		for i := range 300 {
			m := said(fmt.Sprint(i), c.now(), mood.Positive, "nokia")
			m.Text = strings.Repeat("long ", 200)
			record(t, s, m)
			c.add(10 * time.Minute)
		}
		b := board(t, s, "7d", "nokia")
		if b.Total.Mentions != 300 {
			t.Errorf("%d counted, want all 300", b.Total.Mentions)
		}
		l := list(t, s, mood.Filter{Brands: []string{"nokia"}, From: *b.MentionsSince})
		oldest := list(t, s, mood.Filter{Brands: []string{"nokia"}, Limit: 500}).Mentions
		if l.Total < 25 || l.Total > 60 || l.Total != int64(len(oldest)) {
			t.Errorf("%d texts since %v and %d in all, want the newest 64 KiB, and no other",
				l.Total, b.MentionsSince, len(oldest))
		}
		count := int64(0)
		for _, p := range b.Series {
			if !p.T.Before(*b.MentionsSince) {
				count += p.Positive
			}
		}
		if count != l.Total {
			t.Errorf("%d counted since %v, but %d texts", count, b.MentionsSince, l.Total)
		}
	})
}

func TestTextsEndAfterAWeekAndCountersGoOn(t *testing.T) {
	srv := server{name: "embedded"}
	c := clockAt(future(t))
	s := srv.open(t, Options{Now: c.now})
	record(t, s, said("old", c.now(), mood.Positive, "nokia"))
	c.add(7*day + 3*time.Hour)
	if l := list(t, s, mood.Filter{}); l.Total != 0 {
		t.Errorf("%d texts after a week", l.Total)
	}
	if err := s.Withdraw(context.Background(), "old"); !errors.Is(err, mood.ErrNotFound) {
		t.Errorf("withdraw what is no longer kept: %v", err)
	}
	if b := board(t, s, "30d", "nokia"); b.Total.Mentions != 1 || b.MentionsSince != nil {
		t.Errorf("total %d, texts since %v", b.Total.Mentions, b.MentionsSince)
	}
}

// A replica that takes over without the last that its master had, and is
// written to, may have as many changes behind it as the master had.
func TestAListIsNeverOfWhatItsServerLost(t *testing.T) {
	onRedis(t, func(t *testing.T, srv server) {
		ctx := context.Background()
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		client := must(clientOf(srv.url))(t)
		epoch := must(client.Get(ctx, epochKey).Result())(t)
		for _, change := range []func(id string){
			func(id string) { record(t, s, said(id, c.now(), mood.Positive, "nokia")) },
			func(id string) {
				record(t, s, said(id, c.now(), mood.Positive, "nokia"), said("-"+id, c.now(), mood.Positive, "nokia"))
				if err := s.Withdraw(ctx, "-"+id); err != nil {
					t.Fatal(err)
				}
			},
		} {
			for _, id := range []string{"one", "two", "three"} {
				if err := srv.flush(); err != nil {
					t.Fatal(err)
				}
				if err := client.Set(ctx, epochKey, epoch, 0).Err(); err != nil { // nobody is told
					t.Fatal(err)
				}
				change(id)
				c.add(time.Second)
				l := list(t, s, mood.Filter{Brands: []string{"nokia"}})
				if len(l.Mentions) != 1 || l.Mentions[0].ID != id {
					t.Errorf("%v are listed, want %s", l.Mentions, id)
				}
				c.add(-time.Second)
			}
		}
	})
}
