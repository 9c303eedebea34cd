package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/mood"
)

func TestTopicsAreWhatIsSaidHereMoreThanElsewhere(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		n := 0
		say := func(brand string, times int, at time.Time, topics ...string) {
			for range times {
				n++
				m := said(fmt.Sprint(n), at, mood.Positive, brand)
				m.Readings[brand] = mood.Reading{Label: mood.Positive, Topics: topics}
				record(t, s, m)
			}
		}
		say("ericsson", 30, c.ago(time.Minute), "5g", "sweden")
		say("nokia", 20, c.ago(10*day), "5g", "quarterly results")
		say("nokia", 15, c.ago(time.Minute), "5g")
		say("nokia", 9, c.ago(time.Minute), "layoffs")
		say("nokia", 9, c.ago(time.Minute), "quarterly results")
		say("nokia", 1, c.ago(time.Minute), "typo")
		topics := board(t, s, "1h", "nokia").Topics
		var order []string
		for _, row := range topics {
			order = append(order, row.Key)
		}
		if got := strings.Join(order, ", "); got != "layoffs, quarterly results, 5g" {
			t.Errorf("topics %s (%+v): want what is new here first, what all say last, and nothing said once", got, topics)
		}
		if topics[0].Salience <= 2 || topics[2].Salience >= 0 || topics[2].Mentions != 15 {
			t.Errorf("saliences %+v", topics)
		}
	})
}

func TestABoardOfNothingHasEmptyListsAndNoMood(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		s := srv.open(t, Options{})
		b := board(t, s, "24h", "nokia")
		text := string(must(json.Marshal(b))(t))
		for _, field := range []string{"outlets", "sources", "languages", "topics", "activity", "drivers", "about", "from", "origin"} {
			if !strings.Contains(text, `"`+field+`":[]`) {
				t.Errorf("%s is no empty list in %s", field, text)
			}
		}
		if b.Total.Mood != nil || b.Last != nil || b.MentionsSince != nil || len(b.Rhythm) != 168 || b.Brands["nokia"] != b.BrandBoard {
			t.Errorf("board %s", text)
		}
		if len(b.Share) != 2 || b.Share[0].Share != nil || b.Share[0].Name == "" || b.Share[0].Color == "" {
			t.Errorf("share %+v", b.Share)
		}
		if _, err := s.Board(context.Background(), []string{"nokia", "acme"}, mood.Windows()[0]); !errors.Is(err, mood.ErrNotFound) {
			t.Errorf("a board of a brand that isn't watched: %v", err)
		}
		s.SetBrands(append(testBrands(), mood.Brand{ID: "acme", Name: "Acme"}))
		if got := board(t, s, "24h", "acme", "nokia", "acme"); len(got.Order) != 2 || len(got.Share) != 3 {
			t.Errorf("order %v, share %v", got.Order, got.Share)
		}
	})
}

func TestManyWritersCountEachMentionOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		var mentions []mood.Mention
		for i := range 400 {
			mentions = append(mentions, said(fmt.Sprint(i), c.ago(time.Duration(i)*time.Second), mood.Positive, "nokia"))
		}
		var stored atomic.Int64
		var group sync.WaitGroup
		for k := range 4 {
			group.Go(func() {
				for i := range 20 {
					from := (i*73 + k*31) % 340
					outcomes, err := s.Record(context.Background(), mentions[from:from+60])
					if err != nil {
						t.Error(err)
					}
					for _, o := range outcomes {
						if o == mood.Stored {
							stored.Add(1)
						}
					}
				}
			})
		}
		group.Wait()
		b := board(t, s, "1h", "nokia")
		l := list(t, s, mood.Filter{Brands: []string{"nokia"}})
		if b.Total.Mentions != stored.Load() || l.Total != stored.Load() || b.Sources[0].Mentions != stored.Load() {
			t.Errorf("%d counted, %d listed, %d stored", b.Total.Mentions, l.Total, stored.Load())
		}
	})
}

func TestHoursAddUpToTheWindow(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		kathmandu := must(time.LoadLocation("Asia/Kathmandu"))(t)
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now, Location: kathmandu})
		for i := range 100 {
			record(t, s, said(fmt.Sprint(i), c.ago(time.Duration(i)*103*time.Minute), mood.Label(i%4), "nokia"))
		}
		b := board(t, s, "7d", "nokia")
		hours := must(s.Hours(context.Background(), "nokia", b.From, b.To))(t)
		if len(hours) != len(b.Series) {
			t.Fatalf("%d hours, %d points", len(hours), len(b.Series))
		}
		for i, p := range b.Series {
			if want := (mood.PointOf(p.T, hours[i])); want.Positive != p.Positive || want.Negative != p.Negative {
				t.Errorf("hour %v: %+v, want %+v", p.T, hours[i], p)
			}
		}
		if _, err := s.Hours(context.Background(), "acme", b.From, b.To); !errors.Is(err, mood.ErrNotFound) {
			t.Errorf("hours of a brand that isn't watched: %v", err)
		}
	})
}
