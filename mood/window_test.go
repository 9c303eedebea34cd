package mood

import (
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestAWindowCoversItsSpanInWholePoints(t *testing.T) {
	for _, loc := range []*time.Location{time.UTC, zone(t, "Europe/Helsinki"), zone(t, "Asia/Kolkata"), zone(t, "America/St_Johns")} {
		for _, w := range Windows() {
			asOf := time.Date(2026, 11, 23, 14, 32, 7, 0, time.UTC)
			points := w.Points(asOf, loc)
			if points[0].After(asOf.Add(-w.Span)) {
				t.Errorf("%s in %s begins at %s, later than its span allows", w.Name, loc, points[0])
			}
			if early := asOf.Add(-w.Span).Sub(points[0]); early > w.Step {
				t.Errorf("%s in %s begins %s too early", w.Name, loc, early)
			}
			last := points[len(points)-1]
			if last.After(asOf) || !w.Next(last, loc).After(asOf) {
				t.Errorf("%s in %s: the last point %s doesn't hold %s", w.Name, loc, last, asOf)
			}
			for i := 1; i < len(points); i++ {
				if !w.Next(points[i-1], loc).Equal(points[i]) {
					t.Errorf("%s in %s: a gap after %s", w.Name, loc, points[i-1])
				}
			}
		}
	}
}

func TestDaysFollowTheLocalClockOverAClockChange(t *testing.T) {
	loc := zone(t, "Europe/Helsinki") // clocks went back on 2026-10-25
	w, _ := ParseWindow("90d")
	hours := map[string]float64{}
	points := w.Points(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), loc)
	for i := 1; i < len(points); i++ {
		if points[i-1].Hour() != 0 {
			t.Errorf("a day begins at %s", points[i-1])
		}
		hours[points[i-1].Format(time.DateOnly)] = points[i].Sub(points[i-1]).Hours()
	}
	if hours["2026-10-25"] != 25 || hours["2026-10-24"] != 24 {
		t.Errorf("25 October has %v hours, the day before %v", hours["2026-10-25"], hours["2026-10-24"])
	}
}

func TestSixHourPointsNeverStandStillOverAClockChange(t *testing.T) {
	loc := zone(t, "Europe/Helsinki")
	w, _ := ParseWindow("30d")
	for day := range 400 {
		asOf := time.Date(2026, 1, 1, 13, 0, 0, 0, time.UTC).AddDate(0, 0, day)
		points := w.Points(asOf, loc)
		for i := 1; i < len(points); i++ {
			if d := points[i].Sub(points[i-1]); d < 5*time.Hour || d > 7*time.Hour {
				t.Fatalf("a point of %s at %s", d, points[i-1])
			}
		}
	}
}

func TestAnUnknownWindowSaysWhichThereAre(t *testing.T) {
	if _, err := ParseWindow("2w"); err == nil || err.Error() != `unknown window "2w": use 1h, 24h, 7d, 30d or 90d` {
		t.Error(err)
	}
}
