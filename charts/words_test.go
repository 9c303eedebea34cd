package charts

import (
	"encoding/json"
	"strings"
	"testing"
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
