package schedule

import (
	"strings"
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func line(t *testing.T, s string) Line {
	t.Helper()
	l, err := ParseLine(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestALineComesWhenTheClockOnTheWallSaysSo(t *testing.T) {
	for _, c := range []struct{ line, zone, after, want string }{
		{"0 8 * * 1", "Europe/Helsinki", "2026-11-23T07:59", "2026-11-23T08:00+02:00 2026-11-30T08:00+02:00"},
		{"0 8 * * MON-FRI", "UTC", "2026-11-27T08:00", "2026-11-30T08:00Z 2026-12-01T08:00Z"},
		{"0 8 * * THU", "UTC", "2026-11-27T08:00", "2026-12-03T08:00Z"},
		{"0 8 * * 7", "UTC", "2026-11-27T08:00", "2026-11-29T08:00Z"},
		{"0 8 * MAR,JUL *", "UTC", "2026-11-27T08:00", "2027-03-01T08:00Z"},
		{"*/20 9-10 * * *", "UTC", "2026-11-27T09:20", "2026-11-27T09:40Z 2026-11-27T10:00Z"},
		{"0 8 1 * 1", "UTC", "2026-10-25T02:45", "2026-10-26T08:00Z 2026-11-01T08:00Z 2026-11-02T08:00Z"}, // either day
		{"0 8 29 2 *", "UTC", "2026-10-25T02:45", "2028-02-29T08:00Z"},
		{"@weekly", "Europe/Helsinki", "2026-11-23T07:59", "2026-11-29T00:00+02:00"},
		{"@Daily", "UTC", "2026-11-23T07:59", "2026-11-24T00:00Z"},
		// Clocks go forward: 03:30 isn't there, nor midnight in Santiago.
		{"30 3 * * *", "Europe/Helsinki", "2026-03-28T12:00", "2026-03-29T04:00+03:00 2026-03-30T03:30+03:00"},
		{"30 2 * * *", "America/New_York", "2026-03-07T12:00", "2026-03-08T03:00-04:00 2026-03-09T02:30-04:00"},
		{"0 0 * * 0", "America/Santiago", "2026-09-05T12:00", "2026-09-06T01:00-03:00 2026-09-13T00:00-03:00"},
		{"15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00", "2026-10-04T02:30+11:00 2026-10-05T02:15+11:00"},
		{"0 12 30 12 *", "Pacific/Apia", "2011-12-01T12:00", "2011-12-31T00:00+14:00 2012-12-30T12:00+14:00"},
		{"*/30 3,4 * * *", "Europe/Helsinki", "2026-03-28T12:00", "2026-03-29T04:00+03:00 2026-03-29T04:30+03:00"},
		// Clocks go back: 03:30 is there twice, and the second one is none.
		{"30 3 * * *", "Europe/Helsinki", "2026-10-24T12:00", "2026-10-25T03:30+03:00 2026-10-26T03:30+02:00"},
		{"0 * * * *", "Europe/Helsinki", "2026-10-25T02:30", "2026-10-25T03:00+03:00 2026-10-25T04:00+02:00"},
		{"45 1 * * *", "Australia/Lord_Howe", "2026-04-04T12:00", "2026-04-05T01:45+11:00 2026-04-06T01:45+10:30"},
	} {
		z := zone(t, c.zone)
		at, err := time.ParseInLocation("2006-01-02T15:04", c.after, z)
		if err != nil {
			t.Fatal(err)
		}
		l := line(t, c.line)
		for want := range strings.FieldsSeq(c.want) {
			at = l.Next(at, z)
			if got := at.Format("2006-01-02T15:04Z07:00"); got != want {
				t.Errorf("%s in %s after %s: %s, not %s", c.line, c.zone, c.after, got, want)
			}
		}
	}
}

func TestADailyLineComesOnceForEveryDayInEveryZone(t *testing.T) {
	for _, name := range []string{
		"Europe/Helsinki", "America/New_York", "America/Santiago", "Asia/Beirut", "Australia/Lord_Howe",
		"Africa/Casablanca", "Antarctica/Troll", "America/Nuuk", "Asia/Kathmandu", "UTC",
	} {
		z := zone(t, name)
		for _, text := range []string{"30 3 * * *", "0 0 * * *", "30 0 * * *", "45 1 * * *", "15 2 * * *", "59 23 * * *"} {
			l := line(t, text)
			at, end, n := time.Date(2024, 1, 1, 12, 0, 0, 0, z), time.Date(2027, 1, 1, 12, 0, 0, 0, z), 0
			for at = l.Next(at, z); !at.After(end); at = l.Next(at, z) {
				n++
			}
			if n != 366+365+365 {
				t.Errorf("%s in %s comes %d times in three years", text, name, n)
			}
		}
	}
}

func TestABadLineIsRefusedWithWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "no cron line",
		"0 8 * *":                 "4 fields",
		"0 0 8 * * *":             "6 fields",
		"60 8 * * *":              `"60" can't be the minute`,
		"0 25 * * *":              `"25" can't be the hour`,
		"0 8 32 * *":              `"32" can't be the day of the month`,
		"0 8 * foo *":             `"foo" can't be the month`,
		"0 8 * * mnday":           `"mnday" can't be the day of the week`,
		"0/0 8 * * *":             "can't be the minute",
		"0 8 L * *":               "can't be the day of the month",
		"0 8 31 2 *":              "never comes",
		"@every 1h":               "@weekly",
		"@reboot":                 "@weekly",
		"TZ=Asia/Tokyo 0 8 * * *": "time zone",
		"0 8 * * h":               "can't be the day of the week",
	} {
		if _, err := ParseLine(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzALine(f *testing.F) {
	for _, s := range []string{"0 8 * * 1", "@weekly", "*/5 1-3,7 L * thu#2", "0 8 31 2 *", "TZ= *"} {
		f.Add(s)
	}
	z, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := ParseLine(s)
		if err != nil {
			return
		}
		at := time.Date(2026, 3, 28, 12, 0, 0, 0, z)
		for range 3 {
			next := l.Next(at, z)
			if next.IsZero() {
				return
			}
			if !next.After(at) {
				t.Fatalf("%q: %s comes after %s", s, next, at)
			}
			at = next
		}
	})
}
