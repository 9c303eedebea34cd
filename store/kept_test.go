package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"agora/mood"
)

func TestKeptAreTheMentionsOfAnyBrandThatWereNotWithdrawn(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		record(t, s, said("a", c.ago(time.Hour), mood.Neutral, "nokia"), said("b", c.ago(time.Hour), mood.Neutral, "ericsson"), said("c", c.ago(time.Hour), mood.Neutral, "nokia", "ericsson"))
		kept := func() []string {
			t.Helper()
			got := must(s.Kept(context.Background(), []string{"a", "b", "never", "c"}))(t)
			slices.Sort(got)
			return got
		}
		if got := kept(); !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Errorf("kept are %q", got)
		}
		if err := s.Withdraw(context.Background(), "c"); err != nil {
			t.Fatal(err)
		}
		if got := kept(); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("after a withdrawal kept are %q", got)
		}
	})
}

// A source that revises a figure downwards delivers the difference.
func TestActivityThatIsRevisedIsCountedAsItIsNow(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		for id, count := range map[string]int64{"day": 100, "day more": 30, "day less": -55} {
			must(s.RecordActivity(context.Background(), []mood.Activity{{ID: id, Brand: "nokia", Kind: "page-views", Count: count, At: c.ago(2 * time.Hour)}}))(t)
		}
		got := board(t, s, "24h", "nokia").Brands["nokia"].Activity
		if len(got) != 1 || got[0].Count != 75 {
			t.Errorf("%+v", got)
		}
	})
}
