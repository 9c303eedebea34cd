package samples

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agora/ingest/sentiment/model"
)

func TestTheProjectsOwnSentencesAreSound(t *testing.T) {
	list, err := Corpus(filepath.Join("..", "corpus"))
	if err != nil {
		t.Fatal(err)
	}
	perLanguage := map[string][3]int{}
	kept := 0
	for _, s := range list {
		if len(s.At) == 0 && s.Target != "" || s.Text == "" || strings.Contains(s.Text, "{{") {
			t.Errorf("%s: %q names %q nowhere", s.Set, s.Text, s.Target)
		}
		n := perLanguage[s.Lang]
		n[s.Class]++
		perLanguage[s.Lang] = n
		if s.Dev {
			kept++
		}
	}
	for _, lang := range strings.Fields("ar de en es fi fr hi id it ja nl pl pt ru sv tr zh") {
		for class, n := range perLanguage[lang] {
			if n < 100 {
				t.Errorf("%s has only %d samples of class %d", lang, n, class)
			}
		}
	}
	if part := float64(kept) / float64(len(list)); part < 0.08 || part > 0.25 {
		t.Errorf("%.0f %% are kept for judging", 100*part)
	}
}

func TestMarkedBrandsBecomeTargets(t *testing.T) {
	list, err := sentence("en-pairs-1", "verb-role\t{{Nokia|1}} beats {{Apple|-1}}, says Nokia")
	if err != nil || len(list) != 2 || list[0].Class != model.Positive || list[1].Class != model.Negative {
		t.Fatalf("%+v, %v", list, err)
	}
	if list[0].Text != "Nokia beats Apple, says Nokia" || len(list[0].At) != 2 || list[1].At[0] != (model.Target{Start: 12, End: 17}) {
		t.Errorf("%+v", list)
	}
	for _, bad := range []string{"1\tnews\tno brand", "2\tnews\t{{Nokia}}", "1\tnews\t{{Nokia"} {
		if _, err := sentence("fi", bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestASetIsReadByCodePoints(t *testing.T) {
	file := filepath.Join(t.TempDir(), "some_dev.tsv")
	text := "id\tlang\ttext\ttarget\tstart\tend\tlabel\tsplit\n1\ten\t😀 he won\the\t2\t4\t1\tdev\n2\ten\tShe won\tHer\t0\t3\t0\ttrain\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := Read(file)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if got := list[0].Text[list[0].At[0].Start:list[0].At[0].End]; got != "he" || !list[0].Dev || list[0].Class != model.Positive {
		t.Errorf("%+v", list[0])
	}
	if got := list[1].Text[list[1].At[0].Start:list[1].At[0].End]; got != "She" || list[1].Dev {
		t.Errorf("a target that isn't written out stands at %q", got)
	}
	if err := os.WriteFile(file, []byte("head\n1\ten\tx\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(file); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a short line: %v", err)
	}
}
