package feed

import (
	"testing"
	"time"

	"agora/mood"
)

func TestDatesAreReadInEveryFormSeen(t *testing.T) {
	for raw, want := range map[string]string{
		// RFC 822, 850, 2822, 5322, asctime, and how people miss them.
		"Mon, 02 Jan 2006 15:04:05 GMT":                                      "2006-01-02T15:04:05Z",
		"Mon, 2 Jan 2006 15:04:05 +0200":                                     "2006-01-02T13:04:05Z",
		"Mon, 02 Jan 2006 15:04 EST":                                         "2006-01-02T20:04:00Z",
		"Mon,02 Jan 2006 15:04:05 GMT":                                       "2006-01-02T15:04:05Z",
		"Mon, 02Jan2006 15:04:05 GMT":                                        "2006-01-02T15:04:05Z",
		"Sunday, 02 Jan 2006 15:04:05 GMT":                                   "2006-01-02T15:04:05Z",
		"02 Jan 06 15:04:05 PDT":                                             "2006-01-02T22:04:05Z",
		"Sunday, 06-Nov-94 08:49:37 GMT":                                     "1994-11-06T08:49:37Z",
		"02 Jan 104 15:04:05 GMT":                                            "2004-01-02T15:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 Z":                                        "2006-01-02T15:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 A":                                        "2006-01-02T15:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 UT":                                       "2006-01-02T15:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 +02:00":                                   "2006-01-02T13:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 +02.00":                                   "2006-01-02T13:04:05Z",
		"Mon, 02 Jan 2006 15:04:05+02":                                       "2006-01-02T13:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 GMT+2":                                    "2006-01-02T13:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 GMT+0200":                                 "2006-01-02T13:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 UTC-5":                                    "2006-01-02T20:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 (CET)":                                    "2006-01-02T14:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 +0100 (CET)":                              "2006-01-02T14:04:05Z",
		"Mon Jan 02 2006 15:04:05 GMT+0100 (Central European Standard Time)": "2006-01-02T14:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 Z0000":                                    "2006-01-02T15:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 America/New_York":                         "2006-01-02T20:04:05Z",
		"Sun, 02 Jul 2006 15:04:05 Europe/Berlin":                            "2006-07-02T13:04:05Z",
		"July 2, 2006, 3:04 p.m. ET":                                         "2006-07-02T19:04:00Z",
		"Mon, 02 Jan 2006 15.04.05 GMT":                                      "2006-01-02T15:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 Nowhere/Else":                             "",
		"Mon, 02 Jan 2006 15:04:05 ../../etc/passwd":                         "",
		"Mon, 02 Jan 2006 24:00:00 GMT":                                      "2006-01-03T00:00:00Z",
		"Mon, 02 Jan 2006 23:59:60 GMT":                                      "2006-01-02T23:59:59Z",
		"Mon, 02 Jan 2006":                                                   "2006-01-02T00:00:00Z",
		"Mon, 02 Jan 2006 15:04:05 IST":                                      "2006-01-02T09:34:05Z",
		"Mon, 02 Jan 2006 15:04:05 BST":                                      "2006-01-02T14:04:05Z",
		"Mon, 02 Jan 2006 15:04:05 CST":                                      "2006-01-02T21:04:05Z",
		"Thu Nov 18 07:45:12 UTC 2021":                                       "2021-11-18T07:45:12Z",
		"Thu Nov 18 07:45:12 2021":                                           "2021-11-18T07:45:12Z",
		// ISO 8601.
		"2006-01-02T15:04:05Z":                    "2006-01-02T15:04:05Z",
		"2006-01-02t15:04:05z":                    "2006-01-02T15:04:05Z",
		"2006-01-02T15:04:05.678+02:00":           "2006-01-02T13:04:05.678Z",
		"2006-01-02T15:04:05,678Z":                "2006-01-02T15:04:05.678Z",
		"2006-01-02T15:04:05+0200":                "2006-01-02T13:04:05Z",
		"2006-01-02T15:04:05-05":                  "2006-01-02T20:04:05Z",
		"2006-01-02T15:04Z":                       "2006-01-02T15:04:00Z",
		"2018-01-06T08:00":                        "2018-01-06T08:00:00Z",
		"2006-01-02 15:04:05":                     "2006-01-02T15:04:05Z",
		"2006-01-02 15:04:05 UTC":                 "2006-01-02T15:04:05Z",
		"2006-01-02 15:04:05 -0700 MST":           "2006-01-02T22:04:05Z",
		"2006-01-02T15:04:05+01:00[Europe/Paris]": "2006-01-02T14:04:05Z",
		"2006-01-02":                              "2006-01-02T00:00:00Z",
		"20060102":                                "2006-01-02T00:00:00Z",
		"20060102T150405Z":                        "2006-01-02T15:04:05Z",
		"20060102T1504+0100":                      "2006-01-02T14:04:00Z",
		"20060102150405":                          "2006-01-02T15:04:05Z",
		"2003-335":                                "2003-12-01T00:00:00Z",
		"2003335T10:00:00Z":                       "2003-12-01T10:00:00Z",
		"2004-366":                                "2004-12-31T00:00:00Z",
		"2003-W10-5":                              "2003-03-07T00:00:00Z",
		"2003W105T10:14:55Z":                      "2003-03-07T10:14:55Z",
		"2009-W53-7":                              "2010-01-03T00:00:00Z",
		"2004-07-08 23:56:58.0":                   "2004-07-08T23:56:58Z",
		"Jul  8 2004 11:56:58:000PM":              "2004-07-08T23:56:58Z",
		"2004/07/08 23:56:58":                     "2004-07-08T23:56:58Z",
		"2020/1/10 14:33:00":                      "2020-01-10T14:33:00Z",
		"2004.07.08 23:56":                        "2004-07-08T23:56:00Z",
		"99-12-31":                                "1999-12-31T00:00:00Z",
		"1136214245":                              "2006-01-02T15:04:05Z",
		"1136214245.5":                            "2006-01-02T15:04:05Z",
		"1136214245000":                           "2006-01-02T15:04:05Z",
		// Halves of the day.
		"Monday, January 2, 2006 3:04 PM":   "2006-01-02T15:04:00Z",
		"Sat, Dec 16 2023 02:02:33 PM":      "2023-12-16T14:02:33Z",
		"Mon, 02 Jan 2006 3:04:05 p.m. GMT": "2006-01-02T15:04:05Z",
		"12:00 AM, 02 Jan 2006":             "2006-01-02T00:00:00Z",
		"12:30 PM, 02 Jan 2006":             "2006-01-02T12:30:00Z",
		"02 Jan 2006 3pm EST":               "2006-01-02T20:00:00Z",
		"PM 3:04 2 Jan 2006":                "2006-01-02T15:04:00Z",
		"2 Jan 2006 15:04 PM":               "2006-01-02T15:04:00Z",
		// Words.
		"2 January 2006":                      "2006-01-02T00:00:00Z",
		"Jan 2, 2006":                         "2006-01-02T00:00:00Z",
		"January 2nd, 2006":                   "2006-01-02T00:00:00Z",
		"Sept. 2, 2006 at 10:00":              "2006-09-02T10:00:00Z",
		"10:00 02 Jan 2006":                   "2006-01-02T10:00:00Z",
		"10:00 17-06-2004":                    "2004-06-17T10:00:00Z",
		"Do, 18 Nov 2021 07:45:12 +0100":      "2021-11-18T06:45:12Z",
		"Donnerstag, 18. März 2021, 7:45 Uhr": "2021-03-18T07:45:00Z",
		"jeu., 18 nov. 2021 07:45:12 +0100":   "2021-11-18T06:45:12Z",
		"mar, 05 mars 2024 10:00:00 +0100":    "2024-03-05T09:00:00Z",
		"mardi 5 mars 2024 14h09":             "2024-03-05T14:09:00Z",
		"1er août 2024":                       "2024-08-01T00:00:00Z",
		"mar. 5 mar 2024":                     "2024-03-05T00:00:00Z",
		"martes, 5 de marzo de 2024 10:00":    "2024-03-05T10:00:00Z",
		"5 Mar 2024":                          "2024-03-05T00:00:00Z",
		"gio, 14 dic 2023 08:00:00 +0100":     "2023-12-14T07:00:00Z",
		"qui, 14 dez 2023 08:00":              "2023-12-14T08:00:00Z",
		"donderdag 14 maart 2024":             "2024-03-14T00:00:00Z",
		"5 marraskuuta 2024":                  "2024-11-05T00:00:00Z",
		"ke 17.6.2004 klo 14.09":              "2004-06-17T14:09:00Z",
		"lördag 3 augusti 2024 kl 10:00":      "2024-08-03T10:00:00Z",
		"lørdag 3. oktober 2024":              "2024-10-03T00:00:00Z",
		"czw, 14 gru 2023 08:00:00 +0100":     "2023-12-14T07:00:00Z",
		"14 października 2023":                "2023-10-14T00:00:00Z",
		"čt, 14 pro 2023 08:00:00 +0100":      "2023-12-14T07:00:00Z",
		"14. července 2023":                   "2023-07-14T00:00:00Z",
		"14. června 2023":                     "2023-06-14T00:00:00Z",
		"Пн, 18 ноя 2021 07:45:12 +0300":      "2021-11-18T04:45:12Z",
		"17 мая 2004 г., 14:09":               "2004-05-17T14:09:00Z",
		"17 липня 2004":                       "2004-07-17T00:00:00Z",
		"Κυρ, 11 Ιούλ 2004 12:00:00 EST":      "2004-07-11T17:00:00Z",
		"11 Αυγούστου 2004":                   "2004-08-11T00:00:00Z",
		"Πεμ 18 Νοε 2021 3:00 μμ":             "2021-11-18T15:00:00Z",
		"18 Kasım 2021 Perşembe":              "2021-11-18T00:00:00Z",
		"2004-július-13T9:15-05:00":           "2004-07-13T14:15:00Z",
		"2004. július 13., kedd 9:15":         "2004-07-13T09:15:00Z",
		"Joi, 18 noiembrie 2021":              "2021-11-18T00:00:00Z",
		"الخميس 18 نوفمبر 2021 10:00 م":       "2021-11-18T22:00:00Z",
		"١٨ نوفمبر ٢٠٢١":                      "2021-11-18T00:00:00Z",
		"יום חמישי, 18 בנובמבר 2021":          "2021-11-18T00:00:00Z",
		"2021年11月18日":                         "2021-11-18T00:00:00Z",
		"2021年11月18日 07:45":                   "2021-11-18T07:45:00Z",
		"2004年06月17日 14:09:40":                "2004-06-17T14:09:40Z",
		"2004年6月17日（木）14時09分40秒":              "2004-06-17T14:09:40Z",
		"2004年6月17日 星期四 下午2:09":               "2004-06-17T14:09:00Z",
		"2004년 05월 28일 오후 10:31:59":           "2004-05-28T22:31:59Z",
		"2004-05-28 오전 10:31:59":              "2004-05-28T10:31:59Z",
		"２０２１年１１月１８日":                         "2021-11-18T00:00:00Z",
		// Numbers whose order is sure.
		"25/12/2006 10:00": "2006-12-25T10:00:00Z",
		"12/25/2006 10:00": "2006-12-25T10:00:00Z",
		"25.12.2006 10:00": "2006-12-25T10:00:00Z",
		"03.04.2006":       "2006-04-03T00:00:00Z",
		"05/05/2024":       "2024-05-05T00:00:00Z",
		// No dates.
		"01/02/2006": "", "03-04-2006 10:00": "", "03-12-31": "", // two readings
		"2006-01": "", "2006": "", "2006-W10": "", "January 2006": "", // no day
		"2005-W53-1": "", "2003-366": "", "2003-000": "", "2003-W10-8": "",
		"Wed, 30 Feb 2021 10:00:00 GMT": "", "0000-00-00 00:00:00": "", "99/99/9999": "",
		"2006-13-02": "", "2006-01-32T00:00:00Z": "", "Mon, 02 Jan 2006 25:04:05 GMT": "",
		"yesterday": "", "": "", "n/a": "", "0": "", "15:04:05": "", "12345": "", "令和6年1月2日": "",
		"Mon, 02 Jan 2006 15:04:05 GMT and later": "", "2 markets 2006": "", "10:00 12:00 2 Jan 2006": "",
	} {
		got, ok := ParseDate(raw)
		switch {
		case want == "" && ok:
			t.Errorf("%q was read as %v", raw, got)
		case want != "" && !ok:
			t.Errorf("%q was not read", raw)
		case want != "" && got.Format(time.RFC3339) != want && got.Format(time.RFC3339Nano) != want:
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
		{"before the web, then a date", []string{"1899-12-30", "2026-04-30T10:00:00Z"}, now.Add(-26 * time.Hour), false},
		{"a little ahead", []string{"2026-05-01T12:10:00Z"}, now.Add(10 * time.Minute), false},
		{"far ahead", []string{"2027-05-01T12:10:00Z"}, now, false},
		{"far ahead, then a date", []string{"2099-01-01", "2026-04-30T10:00:00Z"}, now.Add(-26 * time.Hour), false},
	} {
		got, undated := published(c.dates, orderUnknown, now)
		if !got.Equal(c.want) || undated != c.undated {
			t.Errorf("%s: %v, undated %v", c.name, got, undated)
		}
	}
}

func TestSlashedDatesAreReadAsTheirDocumentWritesThem(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	undated := time.Time{}
	april, march := time.Date(2024, 4, 3, 0, 0, 0, 0, time.UTC), time.Date(2024, 3, 4, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, lang string
		others     []string
		want       time.Time
	}{
		{"nothing is known", "", nil, undated},
		{"some English", "en", nil, undated},
		{"American English", "en-US", nil, march},
		{"British English", "en_gb", nil, april},
		{"French", "fr", nil, april},
		{"another date has a day over 12", "en-us", []string{"2024-01-01", "25/03/2024 10:00"}, april},
		{"another date has a day over 12 in the second place", "fr", []string{"03/25/2024"}, march},
		{"one reading of another lies in the future", "", []string{"01/12/2026"}, march},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := &document{language: c.lang, entries: []entry{{title: "a", dates: []string{"03/04/2024"}}}}
			for _, d := range c.others {
				doc.entries = append(doc.entries, entry{title: "b", dates: []string{d}})
			}
			m := mentions(doc, mood.Source{ID: "s"}, base(t), now, false)[0]
			if m.Undated != c.want.IsZero() || !m.Undated && !m.Published.Equal(c.want) {
				t.Errorf("%v, undated %v", m.Published, m.Undated)
			}
		})
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{
		"Mon, 02 Jan 2006 15:04:05 GMT", "2006-01-02T15:04:05+02:00", "1136214245", "2021年11月18日（木）14時", "31/12/99 1:2 pm", "2003-W10-5", "2003-335",
		"Jul  8 2004 11:56:58:000PM", "mar. 5 mars 2024 14h09", "2004년 05월 28일 오후 10:31:59", "Κυρ, 11 Ιούλ 2004", "١٨ نوفمبر ٢٠٢١", "02 Jan 104 1:2:3 (CET)", "0001-01-01T00:00:00+15:00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, order := range [...]dateOrder{orderUnknown, dayFirst, monthFirst} {
			got, _, ok := readDate(s, order)
			if !ok {
				continue
			}
			if got.Year() < 1 || got.Year() > 9999 {
				t.Fatalf("%q became the year %d", s, got.Year())
			}
			if twin, _, ok := readDate(s, order); !ok || !twin.Equal(got) {
				t.Fatalf("%q became %v, then %v", s, got, twin)
			}
			// What was read can be written and read again.
			if again, ok := ParseDate(got.Format(time.RFC3339Nano)); !ok || !again.Equal(got) {
				t.Errorf("%q became %v, and that %v", s, got, again)
			}
		}
	})
}
