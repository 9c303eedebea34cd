package charts

import (
	"encoding/json"
	"strings"
	"testing"
)

// formatCase is a line of testdata/format.json, which the browser code's tests
// read as well: a number is written alike on both sides.
type formatCase struct {
	Format string  `json:"format"`
	In     float64 `json:"in"`
	Out    string  `json:"out"`
}

func TestNumbersAreWrittenAsTheBrowserWritesThem(t *testing.T) {
	var cases []formatCase
	for _, n := range []float64{0, 1, -1, 31, -12, 100, -100, 0.4, -0.4, 12.6, -99.7} {
		cases = append(cases, formatCase{"signed", n, signedWord(n / 100)})
	}
	for _, n := range []int64{0, 7, 999, 1000, 1204, 12045, 999999, 1000000, 1234567890, -3, -1204} {
		cases = append(cases, formatCase{"count", float64(n), countWord(n)})
	}
	for _, n := range []int64{0, 7, 999, 1000, 1204, 9950, 12045, 99500, 1000000, 1260000, 12600000} {
		cases = append(cases, formatCase{"short", float64(n), shortWord(n)})
	}
	for _, n := range []float64{0, 0.001, 0.0049, 0.006, 0.42, 0.995, 1} {
		cases = append(cases, formatCase{"percent", n, percentWord(n)})
	}
	var lines []string
	for _, c := range cases {
		line, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	golden(t, "format.json", []byte("[\n"+strings.Join(lines, ",\n")+"\n]\n"))
	for _, c := range []formatCase{{"signed", -12, "−12"}, {"count", 1204, "1,204"}, {"short", 1204, "1.2k"}, {"percent", 0.001, "<1 %"}} {
		if !strings.Contains(strings.Join(lines, ""), `"out":"`+strings.ReplaceAll(c.Out, "<", `\u003c`)+`"`) {
			t.Errorf("%s of %g is not written %s", c.Format, c.In, c.Out)
		}
	}
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
