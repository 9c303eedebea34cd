package sentiment

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"agora/mood"
)

// TestShowSharedFigures prints macro-F1 on the sets that are kept beside the
// repository: go test -run Show -v. It asserts nothing: the engine is today's,
// and no set may become its target.
func TestShowSharedFigures(t *testing.T) {
	if !testing.Verbose() {
		t.Skip("for reading: run with -v")
	}
	dir := os.Getenv("AGORA_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	e := New()
	for _, name := range []string{"newsmtsc_mt_dev", "newsmtsc_rw_dev", "sentfin_dev", "tweeteval_dev", "eval_fiqa_post", "eval_vader_tweets"} {
		b, err := os.ReadFile(filepath.Join(dir, "sentiment", name+".tsv"))
		if err != nil {
			t.Skip(err)
		}
		var asks []mood.Ask
		var labels []mood.Label
		for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
			c := strings.Split(line, "\t")
			ask := mood.Ask{Title: c[2], Target: c[3], Language: "en"}
			if start, err := strconv.Atoi(c[4]); err == nil {
				end, _ := strconv.Atoi(c[5])
				ask.Spans = []mood.Span{{Field: "title", Start: start, End: end}}
			}
			asks = append(asks, ask)
			labels = append(labels, map[string]mood.Label{"-1": mood.Negative, "0": mood.Neutral, "1": mood.Positive}[c[6]])
		}
		readings, err := e.Score(context.Background(), asks)
		if err != nil {
			t.Fatal(err)
		}
		right, f1 := macroF1(readings, labels)
		t.Logf("%-18s %5d texts: macro-F1 %.3f, right %.3f", name, len(asks), f1, right)
	}
	for _, name := range []string{"brandpairs", "hardcases"} {
		b, err := os.ReadFile(filepath.Join(dir, "examples", name+".tsv"))
		if err != nil {
			t.Skip(err)
		}
		var readings []mood.Reading
		var labels []mood.Label
		for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
			c := strings.Split(line, "\t")
			r, err := e.Score(context.Background(), []mood.Ask{{Title: c[1], Target: c[2], Language: "en"}})
			if err != nil {
				t.Fatal(err)
			}
			readings = append(readings, r[0])
			labels = append(labels, map[string]mood.Label{"-1": mood.Negative, "0": mood.Neutral, "1": mood.Positive}[c[3]])
		}
		right, f1 := macroF1(readings, labels)
		t.Logf("%-18s %5d texts: macro-F1 %.3f, right %.3f", name, len(labels), f1, right)
	}
}

// macroF1 counts unclear as neutral.
func macroF1(readings []mood.Reading, labels []mood.Label) (right, f1 float64) {
	var hit, said, true3 [4]float64
	for i, r := range readings {
		got := r.Label
		if got == mood.Unclear {
			got = mood.Neutral
		}
		said[got]++
		true3[labels[i]]++
		if got == labels[i] {
			hit[got]++
			right++
		}
	}
	for _, l := range []mood.Label{mood.Negative, mood.Neutral, mood.Positive} {
		f1 += 2 * hit[l] / max(said[l]+true3[l], 1) / 3
	}
	return right / float64(len(readings)), f1
}
