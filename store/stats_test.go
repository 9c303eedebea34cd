package store

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"agora/mood"
)

func kindNamed(t *testing.T, list []mood.KindStats, name string) mood.KindStats {
	t.Helper()
	i := slices.IndexFunc(list, func(k mood.KindStats) bool { return k.Kind == name })
	if i < 0 {
		t.Fatalf("no %s among %+v", name, list)
	}
	return list[i]
}

func TestStatsTellEveryKindOfEveryBrandAndWhatIsNobodys(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		ctx := context.Background()
		for i := range 60 {
			record(t, s, said(fmt.Sprint(i), c.ago(0), mood.Positive, "nokia"))
			c.add(30 * 60e9)
		}
		must(s.RecordActivity(ctx, []mood.Activity{{ID: "a", Brand: "nokia", Kind: "activation", Count: 3, At: c.now()}}))(t)
		if err := s.Put(ctx, "feed", "x", make([]byte, 5000), 0); err != nil {
			t.Fatal(err)
		}
		stats := must(s.Stats(ctx))(t)
		if stats.Server != srv.name || len(stats.Brands) != 2 || stats.Brands[0].Brand != "nokia" {
			t.Fatalf("%+v", stats)
		}
		nokia := stats.Brands[0]
		var keys, bytes int64
		for _, k := range nokia.Kinds {
			keys, bytes = keys+k.Keys, bytes+k.Bytes
			if k.Bytes < 40*k.Keys || k.Measured != k.Keys {
				t.Errorf("%+v", k)
			}
		}
		if keys != nokia.Keys || bytes != nokia.Bytes || nokia.Mentions != 60 || !nokia.Watched {
			t.Errorf("%d keys of %d bytes: %+v", keys, bytes, nokia)
		}
		if n := kindNamed(t, nokia.Kinds, "dimensions 1h").Keys; n != 3*30 {
			t.Errorf("%d keys of hours, want 3 for each of 30", n)
		}
		if n := kindNamed(t, nokia.Kinds, "texts").Keys; n != 30 {
			t.Errorf("texts of %d hours, want 30", n)
		}
		if kindNamed(t, stats.Kinds, "states").Bytes < 5000 || kindNamed(t, nokia.Kinds, "activity 1m").Keys != 1 {
			t.Errorf("%+v", stats.Kinds)
		}
		if all := *nokia.BytesPerMention; *nokia.CountersPerMention <= 0 || all <= *nokia.CountersPerMention || all*60 < float64(nokia.Bytes)-1 {
			t.Errorf("%v and %v bytes a mention", *nokia.CountersPerMention, all)
		}
		// 48 a day for 30 hours: 33 days of hours are to come, and texts of a week.
		if nokia.PerDay < 47 || nokia.PerDay > 51 {
			t.Errorf("%v a day", nokia.PerDay)
		}
		hours := kindNamed(t, nokia.Kinds, "dimensions 1h")
		if f := float64(*hours.Forecast) / float64(hours.Bytes); f < 24 || f > 29 { // 33 days ÷ 30 hours
			t.Errorf("hours will take %v times as much", f)
		}
		texts := kindNamed(t, nokia.Kinds, "texts")
		if f := float64(*texts.Forecast) / float64(texts.Bytes); f < 5 || f > 6.5 { // 7 days ÷ 30 hours
			t.Errorf("texts will take %v times as much", f)
		}
		// A brand that is watched no more is told apart.
		s.SetBrands(testBrands()[1:])
		stats = must(s.Stats(ctx))(t)
		if b := stats.Brands[1]; b.Brand != "nokia" || b.Watched || b.Keys != nokia.Keys || b.Forecast != nil {
			t.Errorf("left over: %+v", b)
		}
	})
}

func TestBeyondTwoThousandKeysOfAKindTheRestIsTakenToBeAlike(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		for i := range 2500 {
			if err := s.Put(context.Background(), "seat", fmt.Sprint(i), make([]byte, 92), 0); err != nil {
				t.Fatal(err)
			}
		}
		k := kindNamed(t, must(s.Stats(context.Background()))(t).Kinds, "states")
		if k.Keys != 2501 || k.Measured != mostMeasured || k.Bytes < 2501*100 || k.Bytes > 2501*600 {
			t.Errorf("%+v", k)
		}
	})
}
