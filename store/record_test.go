package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

func TestTheSameAddressFromAnotherSourceIsTheSameMention(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		first := said("one", c.ago(time.Minute), mood.Positive, "nokia")
		again := said("two", c.ago(0), mood.Negative, "nokia")
		again.URL, again.Sources = first.URL, []string{"other"}
		for _, m := range []mood.Mention{first, again, again, first} {
			record(t, s, m)
		}
		b := board(t, s, "1h", "nokia")
		if b.Total.Mentions != 1 || b.Total.Positive != 1 {
			t.Errorf("total %+v, want the first one alone", b.Total)
		}
		if len(b.Sources) != 2 || b.Sources[0].Key != "feed" || b.Sources[1].Key != "other" || b.Sources[1].Positive != 1 {
			t.Errorf("sources %+v, want feed and other, both with the mention that is kept", b.Sources)
		}
		got := list(t, s, mood.Filter{Brands: []string{"nokia"}}).Mentions
		if len(got) != 1 || !slices.Equal(got[0].Sources, []string{"feed", "other"}) {
			t.Errorf("kept %+v, want one mention of both sources", got)
		}
	})
}

func TestWhatWasCountedStaysKnownAsLongAsItKeepsComing(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		m := said("evergreen", c.now(), mood.Positive, "nokia")
		record(t, s, m)
		// A real server expires by its own clock, so only a few steps can be
		// told from none; the embedded one follows this clock.
		for range 3 {
			c.add(25 * day)
			if got := record(t, s, m)[0]; got != mood.Duplicate {
				t.Fatalf("after %v: %v, want a duplicate", c.now().Sub(m.Published), got)
			}
		}
	})
}

func TestAWithdrawnMentionLeavesNothingAndStaysAway(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		m := said("slip", c.ago(time.Minute), mood.Negative, "nokia", "ericsson")
		record(t, s, m, said("fine", c.ago(2*time.Minute), mood.Positive, "nokia"))
		if err := s.Withdraw(context.Background(), "slip"); err != nil {
			t.Fatal(err)
		}
		if got := record(t, s, m)[0]; got != mood.Duplicate {
			t.Errorf("pushed again: %v, want a duplicate", got)
		}
		b := board(t, s, "1h", "nokia", "ericsson")
		if n, e := b.Brands["nokia"], b.Brands["ericsson"]; n.Total.Mentions != 1 || n.Total.Negative != 0 ||
			e.Total.Mentions != 0 || len(e.Topics)+len(e.Sources)+len(e.Countries.From) != 0 || e.Last != nil {
			t.Errorf("nokia %+v, ericsson %+v: want no trace", n.Total, e)
		}
		if want := m.Published.Add(-time.Minute).Truncate(time.Minute); !b.Brands["nokia"].Last.Equal(want) {
			t.Errorf("last %v, want the minute of the mention that is left, %v", b.Brands["nokia"].Last, want)
		}
		for _, id := range []string{"slip", "never"} {
			if err := s.Withdraw(context.Background(), id); !errors.Is(err, mood.ErrNotFound) {
				t.Errorf("withdraw %s: %v, want not found", id, err)
			}
		}
	})
}

func TestWhatMayNotCountIsListedOrRefused(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		undated := said("undated", c.now(), mood.Positive, "nokia")
		undated.Undated, undated.Uncounted = true, true
		ahead := said("ahead", c.now().Add(10*time.Minute), mood.Positive, "nokia")
		got := record(t, s, undated, ahead, said("old", c.ago(90*day+time.Second), mood.Positive, "nokia"),
			said("just", c.ago(90*day), mood.Positive, "nokia"), said("other", c.now(), mood.Positive, "siemens"))
		want := []mood.Outcome{mood.Stored, mood.Stored, mood.TooOld, mood.Stored, mood.Unmatched}
		if !slices.Equal(got, want) {
			t.Errorf("outcomes %v, want %v", got, want)
		}
		if n := board(t, s, "1h", "nokia").Total.Mentions; n != 1 {
			t.Errorf("%d in the hour, want the one from ahead, counted now", n)
		}
		if n := board(t, s, "90d", "nokia").Total.Mentions; n != 2 {
			t.Errorf("%d in 90 days, want 2", n)
		}
		l := list(t, s, mood.Filter{Brands: []string{"nokia"}})
		if len(l.Mentions) != 2 || l.Total != 1 {
			t.Errorf("%d listed, total %d; want 2 and 1", len(l.Mentions), l.Total)
		}
	})
}

// lostReplies makes the server's answers to scripts vanish after it did what
// it was told.
type lostReplies struct{ left atomic.Int32 }

func (h *lostReplies) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h *lostReplies) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if strings.HasPrefix(cmd.Name(), "eval") && err == nil && h.left.Add(-1) >= 0 {
			cmd.SetErr(io.EOF)
			return io.EOF
		}
		return err
	}
}

func (h *lostReplies) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := next(ctx, cmds)
		if strings.HasPrefix(cmds[0].Name(), "eval") && err == nil && h.left.Add(-1) >= 0 {
			for _, cmd := range cmds {
				cmd.SetErr(io.EOF)
			}
			return io.EOF
		}
		return err
	}
}

// loseFrom loses replies that a store waits for.
func (h *lostReplies) loseFrom(t *testing.T, s *Store) {
	t.Helper()
	cluster, ok := s.write.(*redis.ClusterClient)
	if !ok {
		s.write.AddHook(h)
		return
	}
	if err := cluster.ForEachShard(context.Background(), func(_ context.Context, node *redis.Client) error {
		node.AddHook(h)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestALostReplyNeitherLosesNorDoublesNorLies(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		hook := &lostReplies{}
		hook.loseFrom(t, s)
		hook.left.Store(2)
		if got := record(t, s, said("one", c.now(), mood.Positive, "nokia")); got[0] != mood.Stored {
			t.Errorf("outcome %v, want stored", got)
		}
		hook.left.Store(2)
		if got := must(s.RecordActivity(context.Background(), []mood.Activity{
			{ID: "a", Brand: "nokia", Kind: "download", Count: 3, At: c.now()},
		}))(t); got[0] != mood.Stored {
			t.Errorf("outcome %v, want stored", got)
		}
		b := board(t, s, "1h", "nokia")
		if b.Total.Mentions != 1 || b.Activity[0].Count != 3 {
			t.Errorf("%d mentions and %d downloads, want 1 and 3", b.Total.Mentions, b.Activity[0].Count)
		}
		hook.left.Store(2)
		if err := s.Withdraw(context.Background(), "one"); err != nil {
			t.Error(err)
		}
		if n := board(t, s, "1h", "nokia").Total; n.Mentions != 0 {
			t.Errorf("total %+v after withdrawal", n)
		}
	})
}

func TestABatchOfAnySizeIsCountedOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		var ms []mood.Mention
		for i := range 1700 {
			m := said(fmt.Sprint(i), c.ago(time.Duration(i)*7*time.Second), mood.Label(i%4), "nokia")
			for k := range 5 {
				r := m.Readings["nokia"]
				r.Topics = append(r.Topics, fmt.Sprintf("topic %d", (i*5+k)%3000))
				m.Readings["nokia"] = r
			}
			ms = append(ms, m)
		}
		record(t, s, append(ms, ms[:100]...)...)
		record(t, s, ms[500:1200]...)
		b := board(t, s, "24h", "nokia")
		if b.Total.Mentions != 1700 || b.Total.Positive != 425 {
			t.Errorf("total %+v, want 1700 and a quarter of each", b.Total)
		}
		if len(b.Topics) != maxTopicRows {
			t.Errorf("%d topics, want %d", len(b.Topics), maxTopicRows)
		}
	})
}

func TestFoundLatencyIsThatOfDatedYoungItems(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		if f := board(t, s, "1h", "nokia").Latency.Found; f.P50 != nil || f.P95 != nil {
			t.Errorf("latency %v of nothing", f)
		}
		for i, late := range []time.Duration{time.Minute, 6 * time.Minute, 6 * time.Minute, 2 * time.Hour, 30 * time.Hour} {
			m := said(fmt.Sprint(i), c.ago(late), mood.Neutral, "nokia")
			m.Seen = c.now()
			record(t, s, m)
		}
		for _, window := range []string{"1h", "24h", "30d"} {
			f := board(t, s, window, "nokia").Latency.Found
			near := func(ms *float64, want time.Duration) bool {
				return ms != nil && *ms > 0.9*float64(want.Milliseconds()) && *ms < 1.1*float64(want.Milliseconds())
			}
			if !near(f.P50, 6*time.Minute) || !near(f.P95, 2*time.Hour) {
				t.Errorf("%s: p50 %v p95 %v ms, want 6 min and 2 h", window, *f.P50, *f.P95)
			}
		}
	})
}

func TestActivityIsCountedOnceByKindTimeAndCountry(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		do := func(a ...mood.Activity) []mood.Outcome { return must(s.RecordActivity(context.Background(), a))(t) }
		deeds := []mood.Activity{
			{ID: "1", Brand: "nokia", Kind: "download", Count: 5, At: c.ago(10 * time.Minute), Country: "FI"},
			{ID: "2", Brand: "nokia", Kind: "download", Count: 8, At: c.ago(20 * time.Minute), Country: "SE"},
			{ID: "3", Brand: "nokia", Kind: "activation: new", Count: 1, At: c.ago(30 * 24 * time.Hour)},
			{ID: "4", Brand: "nokia", Kind: "download", Count: 9, At: c.ago(3 * time.Hour)},
			{ID: "1", Brand: "nokia", Kind: "download", Count: 5, At: c.ago(10 * time.Minute), Country: "FI"},
			{ID: "5", Brand: "nokia", Kind: "download", Count: 9, At: c.ago(91 * day)},
			{ID: "6", Brand: "siemens", Kind: "download", Count: 9, At: c.now()},
		}
		want := []mood.Outcome{mood.Stored, mood.Stored, mood.Stored, mood.Stored, mood.Duplicate, mood.TooOld, mood.Unmatched}
		if got := do(deeds...); !slices.Equal(got, want) {
			t.Errorf("outcomes %v, want %v", got, want)
		}
		do(deeds...)
		hour := board(t, s, "1h", "nokia").Activity
		if len(hour) != 1 || hour[0].Count != 13 || hour[0].Unplaced != 0 || len(hour[0].Countries) != 2 ||
			hour[0].Countries[1] != (mood.CountRow{Key: "FI", Count: 5}) {
			t.Errorf("the hour's activity is %+v", hour)
		}
		for _, window := range []string{"1h", "24h", "90d"} {
			b := board(t, s, window, "nokia")
			for _, row := range b.Activity {
				var sum int64
				for _, p := range row.Series {
					sum += p.Count
				}
				if sum != row.Count {
					t.Errorf("%s: the points of %s add up to %d, not %d", window, row.Key, sum, row.Count)
				}
			}
		}
		ninety := board(t, s, "90d", "nokia").Activity
		if len(ninety) != 2 || ninety[0].Count != 22 || ninety[0].Unplaced != 9 || ninety[1].Key != "activation: new" {
			t.Errorf("the activity of 90 days is %+v", ninety)
		}
	})
}
