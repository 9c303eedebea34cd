package charts

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// formatCase is a line of testdata/format.json, which the browser code's tests
// read as well: numbers and times are written alike on both sides.
type formatCase struct {
	Lang   string `json:"lang,omitempty"` // empty: English
	Format string `json:"format"`
	In     any    `json:"in"`
	Out    string `json:"out"`
}

func formatCases(w *Words) []formatCase {
	var cases []formatCase
	add := func(format string, in any, out string) {
		c := formatCase{Format: format, In: in, Out: out}
		if w.lang != English {
			c.Lang = w.lang
		}
		cases = append(cases, c)
	}
	for _, n := range []float64{0, 1, -1, 31, -12, 100, -100, 0.4, -0.4, 12.6, -99.7} {
		add("signed", n, w.signed(n/100))
	}
	for _, n := range []int64{0, 7, 999, 1000, 1204, 12045, 999999, 1000000, 1234567890, -3, -1204} {
		add("count", n, w.count(n))
	}
	for _, n := range []int64{0, 7, 999, 1000, 1204, 9950, 12045, 99500, 1000000, 1260000, 12600000} {
		add("short", n, w.short(n))
	}
	for _, n := range []float64{0, 0.001, 0.0049, 0.006, 0.42, 0.995, 1} {
		add("percent", n, w.percent(n))
	}
	for _, in := range []string{"2026-11-23T14:05:00+02:00", "2026-03-01T00:30:00Z", "2027-01-03T09:00:00-05:00"} {
		at, err := time.Parse(time.RFC3339, in)
		if err != nil {
			panic(err)
		}
		add("clock", in, w.at(w.Format.Clock, at))
		add("day", in, w.at(w.Format.Day, at))
		add("weekday", in, w.at(w.Format.Weekday, at))
		add("moment", in, w.at(w.Format.Moment, at))
	}
	return cases
}

func TestNumbersAndTimesAreWrittenAsTheBrowserWritesThem(t *testing.T) {
	var lines []string
	for _, lang := range append([]string{English}, without(Languages(), English)...) {
		for _, c := range formatCases(tongues()[lang]) {
			line, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, string(line))
		}
	}
	golden(t, "format.json", []byte("[\n"+strings.Join(lines, ",\n")+"\n]\n"))
}

func TestEachLanguageWritesNumbersAndTimesInItsOwnWay(t *testing.T) {
	at := time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)
	for lang, want := range map[string][5]string{
		"en": {"−12", "1,204", "1.2k", "<1 %", "23 Nov 2026, 14:05"},
		"de": {"−12", "1.204", "1,2 Tsd.", "<1 %", "23. Nov. 2026, 14:05"},
		"es": {"−12", "1204", "1,2 mil", "<1 %", "23 nov 2026, 14:05"},
		"fi": {"−12", "1 204", "1,2 t.", "<1 %", "23.11.2026 klo 14.05"},
		"fr": {"−12", "1 204", "1,2 k", "<1 %", "23 nov. 2026, 14:05"},
		"pt": {"−12", "1.204", "1,2 mil", "<1%", "23 de nov. de 2026, 14:05"},
		"sv": {"−12", "1 204", "1,2 tn", "<1 %", "23 nov. 2026 14:05"},
	} {
		w := tongues()[lang]
		plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ")
		for i, got := range []string{w.signed(-0.12), w.count(1204), w.short(1204), w.percent(0.001), w.at(w.Format.Date, at)} {
			if plain.Replace(got) != want[i] {
				t.Errorf("%s: %q, want %q", lang, got, want[i])
			}
		}
		if joined := w.count(1234567) + w.short(1204) + w.percent(0.42); lang != English && strings.Contains(joined, " ") {
			t.Errorf("%s: a number may break at the end of a line: %q", lang, joined)
		}
	}
}

func without(list []string, what string) (rest []string) {
	for _, s := range list {
		if s != what {
			rest = append(rest, s)
		}
	}
	return rest
}

func TestNamesOfFeedsAreShownOnOneLineAndInOneDirection(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                   "plain",
		"two\nlines\tand\x00more": "two lines and more",
		"\u202eevil\u2066":        "evil",
		"bad\xff":                 "bad\ufffd",
		strings.Repeat("x", 200):  strings.Repeat("x", 79) + "…",
		"מעריב":                   "מעריב",
	} {
		if got := shown(in); got != want {
			t.Errorf("shown(%q) = %q, want %q", in, got, want)
		}
	}
}
