package insight

import (
	"context"
	"testing"
	"time"

	"agora/mood"
)

// counters is a made-up history: what was counted in each hour.
type counters func(at time.Time) mood.Tally

func (c counters) Hours(_ context.Context, _ string, from, to time.Time) ([]mood.Tally, error) {
	var hours []mood.Tally
	for t := from; t.Before(to); t = t.Add(time.Hour) {
		hours = append(hours, c(t))
	}
	return hours, nil
}

var now = time.Date(2026, 11, 23, 14, 30, 0, 0, time.UTC)

func baseline(t *testing.T, c counters, window string) *mood.Baseline {
	t.Helper()
	w, err := mood.ParseWindow(window)
	if err != nil {
		t.Fatal(err)
	}
	b, err := New(c).Baseline(t.Context(), "nokia", w, now)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestASteadyHistoryIsUsual(t *testing.T) {
	steady := counters(func(time.Time) mood.Tally { return mood.Tally{Positive: 3, Negative: 1} })
	b := baseline(t, steady, "24h")
	if b == nil || b.Mentions != (mood.Band{Mean: 96, Low: 96, High: 96}) || b.Mood != (mood.Band{Mean: 0.5, Low: 0.5, High: 0.5}) {
		t.Errorf("%+v", b)
	}
}

func TestUsualIsThatOfThisHourOfTheWeek(t *testing.T) {
	mondays := counters(func(at time.Time) mood.Tally {
		if at.Weekday() == time.Monday && at.Hour() == 14 || at.Weekday() == time.Monday && at.Hour() == 13 {
			return mood.Tally{Positive: 10}
		}
		return mood.Tally{Negative: 1}
	})
	b := baseline(t, mondays, "1h")
	if b == nil || b.Mentions.Mean != 10 || b.Mood.Mean != 1 {
		t.Errorf("%+v", b)
	}
}

func TestTooLittleHistoryIsUnknown(t *testing.T) {
	young := counters(func(at time.Time) mood.Tally {
		if at.Before(now.Add(-27 * 24 * time.Hour)) {
			return mood.Tally{}
		}
		return mood.Tally{Positive: 5}
	})
	if b := baseline(t, young, "24h"); b != nil {
		t.Errorf("under four weeks: %+v", b)
	}
	sparse := counters(func(at time.Time) mood.Tally {
		if at.Hour() == 3 && at.Weekday() == time.Monday {
			return mood.Tally{Positive: 3}
		}
		return mood.Tally{}
	})
	if b := baseline(t, sparse, "24h"); b != nil {
		t.Errorf("under thirty mentions: %+v", b)
	}
	if b := baseline(t, func(time.Time) mood.Tally { return mood.Tally{Positive: 5} }, "30d"); b != nil {
		t.Errorf("weeks that overlap: %+v", b)
	}
}

func TestSilentWeeksCountAsSilent(t *testing.T) {
	b := baseline(t, func(at time.Time) mood.Tally {
		if week := int(now.Sub(at)/(7*24*time.Hour)) % 2; week == 0 {
			return mood.Tally{Neutral: 40}
		}
		return mood.Tally{}
	}, "1h")
	if b == nil || b.Mentions.Mean >= 40 || b.Mentions.Low != 0 {
		t.Errorf("%+v", b)
	}
}
