package wordpiece

import (
	"slices"
	"strings"
	"testing"
)

const small = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nnokia\n##s\nun\n##aff\n##able\n,\nhelsinki\nä\n诺\n[\n]\nsep\n##基\n$\n5\n##g\na\n"

func tokenizer(t *testing.T, vocabulary string, o Options) *Tokenizer {
	t.Helper()
	tok, err := Read(strings.NewReader(vocabulary), o)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// shown gives the tokens of a text as words.
func shown(tok *Tokenizer, ids []int64) string {
	names := make([]string, len(ids))
	for name, id := range tok.ids {
		for i := range ids {
			if ids[i] == id {
				names[i] = name
			}
		}
	}
	return strings.Join(names, " ")
}

func TestAWordIsCutIntoTheLongestPiecesThereAre(t *testing.T) {
	tok := tokenizer(t, small, Options{})
	for text, want := range map[string]string{
		"Nokias unaffable, 5G":          "[CLS] nokia ##s un ##aff ##able , 5 ##g [SEP]",
		"unaffably nokia":               "[CLS] [UNK] nokia [SEP]",
		"":                              "[CLS] [SEP]",
		" \t\n\u00a0":                   "[CLS] [SEP]",
		"NÓKÍA$a":                       "[CLS] nokia $ a [SEP]",
		"诺基诺":                           "[CLS] 诺 [UNK] 诺 [SEP]",
		"nok\u200bia\u0000s":            "[CLS] nokia ##s [SEP]",
		"[SEP] nokia [CLS]":             "[CLS] [ sep ] nokia [ [UNK] ] [SEP]",
		strings.Repeat("a", 101) + " a": "[CLS] [UNK] a [SEP]",
	} {
		ids, kinds := tok.Encode(text, "", 32)
		if got := shown(tok, ids); got != want {
			t.Errorf("%q is %s, not %s", text, got, want)
		}
		if len(kinds) != len(ids) || slices.Max(kinds) != 0 {
			t.Errorf("%q: kinds %v", text, kinds)
		}
	}
}

func TestAVocabularyWithCapitalsIsOfAModelThatKnowsThem(t *testing.T) {
	cased := tokenizer(t, "[PAD]\n[UNK]\n[CLS]\n[SEP]\nNokia\nnokia\nÄ\nä\n", Options{})
	ids, _ := cased.Encode("Nokia nokia Ä", "", 32)
	if got := shown(cased, ids); got != "[CLS] Nokia nokia Ä [SEP]" {
		t.Errorf("tokens: %s", got)
	}
	yes, no := true, false
	forced := tokenizer(t, "[PAD]\n[UNK]\n[CLS]\n[SEP]\nNokia\nnokia\nä\n", Options{Lower: &yes, Strip: &no})
	ids, _ = forced.Encode("Nokia Ä", "", 32)
	if got := shown(forced, ids); got != "[CLS] nokia ä [SEP]" {
		t.Errorf("told to: %s", got)
	}
	together := tokenizer(t, small, Options{Chinese: &no})
	ids, _ = together.Encode("诺基", "", 32)
	if got := shown(together, ids); got != "[CLS] 诺 ##基 [SEP]" {
		t.Errorf("told to keep Chinese together: %s", got)
	}
}

func TestAPairIsTextThenTargetWithinTheLimit(t *testing.T) {
	tok := tokenizer(t, small, Options{})
	ids, kinds := tok.Encode("nokia a", "helsinki", 32)
	if got := shown(tok, ids); got != "[CLS] nokia a [SEP] helsinki [SEP]" || !slices.Equal(kinds, []int64{0, 0, 0, 0, 1, 1}) {
		t.Errorf("%s, kinds %v", got, kinds)
	}
	for _, longest := range []int{0, 8, 9, 16, 100} {
		ids, kinds := tok.Encode(strings.Repeat("unaffable ", 50), strings.Repeat("nokias ", 50), longest)
		if len(ids) > max(longest, 8) || len(kinds) != len(ids) || ids[len(ids)-1] != tok.end || ids[0] != tok.begin {
			t.Errorf("longest %d: %d tokens, %d kinds: %s", longest, len(ids), len(kinds), shown(tok, ids))
		}
	}
}

func TestWithoutItsSpecialTokensAVocabularyIsRefused(t *testing.T) {
	if _, err := Read(strings.NewReader("<s>\n</s>\n<pad>\n"), Options{}); err == nil || !strings.Contains(err.Error(), "BERT") {
		t.Errorf("got: %v", err)
	}
}

func FuzzEveryTextHasTokensWithinTheLimit(f *testing.F) {
	tok, err := Read(strings.NewReader(small), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("Nokias unaffable, 诺", "helsinki", 12)
	f.Add("\xff\xfe", "", -1)
	f.Fuzz(func(t *testing.T, text, pair string, longest int) {
		longest %= 600
		ids, kinds := tok.Encode(text, pair, longest)
		if len(ids) > max(longest, 8) || len(ids) != len(kinds) {
			t.Errorf("%d tokens, %d kinds, longest %d", len(ids), len(kinds), longest)
		}
		for _, id := range ids {
			if id < 0 || id >= int64(len(tok.ids)) {
				t.Errorf("token %d", id)
			}
		}
	})
}
