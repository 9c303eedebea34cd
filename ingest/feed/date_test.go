package feed

import (
	"testing"
	"time"
)

func TestDatesAreReadInEveryFormSeen(t *testing.T) {
	for raw, want := range map[string]string{
		"Mon, 02 Jan 2006 15:04:05 GMT":           "2006-01-02T15:04:05Z",
		"Mon, 2 Jan 2006 15:04:05 +0200":          "2006-01-02T13:04:05Z",
		"Mon, 02 Jan 2006 15:04 EST":              "2006-01-02T20:04:00Z",
		"02 Jan 06 15:04:05 PDT":                  "2006-01-02T22:04:05Z",
		"Monday, January 2, 2006 3:04 PM":         "2006-01-02T15:04:00Z",
		"Sat, Dec 16 2023 02:02:33 PM":            "2023-12-16T14:02:33Z",
		"2018-01-06T08:00":                        "2018-01-06T08:00:00Z",
		"2020/1/10 14:33:00":                      "2020-01-10T14:33:00Z",
		"2006-01-02T15:04:05Z":                    "2006-01-02T15:04:05Z",
		"2006-01-02T15:04:05.678+02:00":           "2006-01-02T13:04:05.678Z",
		"2006-01-02T15:04:05+0200":                "2006-01-02T13:04:05Z",
		"2006-01-02 15:04:05":                     "2006-01-02T15:04:05Z",
		"2006-01-02 15:04:05 UTC":                 "2006-01-02T15:04:05Z",
		"2006-01-02 15:04:05 -0700 MST":           "2006-01-02T22:04:05Z",
		"2006-01-02":                              "2006-01-02T00:00:00Z",
		"20060102":                                "2006-01-02T00:00:00Z",
		"20060102T150405Z":                        "2006-01-02T15:04:05Z",
		"2006-01":                                 "",
		"2 January 2006":                          "2006-01-02T00:00:00Z",
		"Jan 2, 2006":                             "2006-01-02T00:00:00Z",
		"January 2nd, 2006":                       "2006-01-02T00:00:00Z",
		"01/02/2006":                              "2006-01-02T00:00:00Z",
		"25/12/2006 10:00":                        "2006-12-25T10:00:00Z",
		"25.12.2006 10:00":                        "2006-12-25T10:00:00Z",
		"Thu Nov 18 07:45:12 UTC 2021":            "2021-11-18T07:45:12Z",
		"Thu Nov 18 07:45:12 2021":                "2021-11-18T07:45:12Z",
		"Do, 18 Nov 2021 07:45:12 +0100":          "2021-11-18T06:45:12Z",
		"jeu., 18 nov. 2021 07:45:12 +0100":       "2021-11-18T06:45:12Z",
		"mar, 05 mars 2024 10:00:00 +0100":        "2024-03-05T09:00:00Z",
		"mardi 5 mars 2024 10:00":                 "2024-03-05T10:00:00Z",
		"Пн, 18 ноя 2021 07:45:12 +0300":          "2021-11-18T04:45:12Z",
		"2021年11月18日":                             "2021-11-18T00:00:00Z",
		"2021年11月18日 07:45":                       "2021-11-18T07:45:00Z",
		"5 marraskuuta 2024":                      "2024-11-05T00:00:00Z",
		"1136214245":                              "2006-01-02T15:04:05Z",
		"1136214245000":                           "2006-01-02T15:04:05Z",
		"Mon, 02 Jan 2006 24:00:00 GMT":           "2006-01-03T00:00:00Z",
		"Mon, 02 Jan 2006 23:59:60 GMT":           "2006-01-02T23:59:59Z",
		"Wed, 30 Feb 2021 10:00:00 GMT":           "",
		"Mon, 02 Jan 2006 15:04:05 GMT+2":         "2006-01-02T13:04:05Z",
		"Mon, 02 Jan 2006 3:04:05 p.m. GMT":       "2006-01-02T15:04:05Z",
		"12:00 AM, 02 Jan 2006":                   "2006-01-02T00:00:00Z",
		"yesterday":                               "",
		"":                                        "",
		"n/a":                                     "",
		"0":                                       "",
		"2021":                                    "",
		"15:04:05":                                "",
		"99/99/9999":                              "",
		"Mon, 02 Jan 2006 15:04:05 GMT and later": "",
	} {
		got, ok := ParseDate(raw)
		switch {
		case want == "" && ok:
			t.Errorf("%q was read as %v", raw, got)
		case want != "" && !ok:
			t.Errorf("%q was not read", raw)
		case want != "" && got.Format(time.RFC3339Nano) != want:
			t.Errorf("%q: %s, want %s", raw, got.Format(time.RFC3339Nano), want)
		}
	}
}

func TestNoDateIsInvented(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		dates   []string
		want    time.Time
		undated bool
	}{
		{"none", nil, now, true},
		{"rubbish", []string{"soon"}, now, true},
		{"before the web", []string{"1970-01-01T00:00:00Z"}, now, true},
		{"rubbish, then a date", []string{"soon", "2026-04-30T10:00:00Z"}, now.Add(-26 * time.Hour), false},
		{"a little ahead", []string{"2026-05-01T12:10:00Z"}, now.Add(10 * time.Minute), false},
		{"far ahead", []string{"2027-05-01T12:10:00Z"}, now, false},
	} {
		got, undated := published(c.dates, now)
		if !got.Equal(c.want) || undated != c.undated {
			t.Errorf("%s: %v, undated %v", c.name, got, undated)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"Mon, 02 Jan 2006 15:04:05 GMT", "2006-01-02T15:04:05+02:00", "1136214245", "2021年11月18日", "31/12/99 1:2 pm"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := ParseDate(s)
		if !ok {
			return
		}
		// What was read can be written and read again.
		again, ok := ParseDate(got.Format(time.RFC3339Nano))
		if got.Year() > 0 && got.Year() < 10_000 && (!ok || !again.Equal(got)) {
			t.Errorf("%q became %v, and that %v", s, got, again)
		}
	})
}
