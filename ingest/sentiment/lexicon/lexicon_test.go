package lexicon

import (
	"strings"
	"testing"
)

func read(t *testing.T, lang, text string) *Lexicon {
	t.Helper()
	l, err := Read(lang, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestEveryBuiltInListCanBeRead(t *testing.T) {
	all := BuiltIn()
	for _, lang := range strings.Fields("ar de en es fi fr hi id it ja nl pl pt ru sv tr zh") {
		if !all.Has(lang) {
			t.Errorf("there is no list for %s", lang)
			continue
		}
		l := all.Of(lang)
		if l.Len() < 600 {
			t.Errorf("%s has only %d entries", lang, l.Len())
		}
		operators := map[Op]bool{}
		felt := 0
		for _, e := range l.words {
			operators[e.Op] = true
			if e.Value != 0 || e.Roles {
				felt++
			}
			if len(e.Gloss) == 0 {
				t.Errorf("%s: %q has no gloss", lang, e.Term)
			}
		}
		if !operators[Neg] || !operators[But] || felt < 50 {
			t.Errorf("%s: negation %v, contrast %v, %d words with feeling", lang, operators[Neg], operators[But], felt)
		}
	}
}

func TestALanguageWithoutAListKnowsNoWord(t *testing.T) {
	l := BuiltIn().Of("xx")
	if l.Word("good") != nil || l.Phrases("good") != nil || l.LongestAt("good") != 0 {
		t.Error("it does")
	}
}

func TestAWordIsFoundInItsFormsAndWithoutItsMarks(t *testing.T) {
	l := read(t, "pl", "zły\t-2\tbad\nawari*\t-2.5\tbreakdown\npożar\t-2\tfire\n")
	for word, gloss := range map[string]string{"zły": "bad", "awaria": "breakdown", "awarii": "breakdown", "pozar": "fire"} {
		if e := l.Word(word); e == nil || e.Gloss[0] != gloss {
			t.Errorf("%s: %+v", word, e)
		}
	}
	for _, word := range []string{"awar", "złym", "", "x"} {
		if e := l.Word(word); e != nil {
			t.Errorf("%q is found as %q", word, e.Term)
		}
	}
}

// phrasesOf lists what may begin with two words.
func phrasesOf(l *Lexicon, first, second string) (list []*Phrase) {
	for _, o := range l.Phrases(first) {
		o.Each(second, true, func(p *Phrase) { list = append(list, p) })
	}
	return list
}

func TestAPhraseIsFoundByItsFirstWords(t *testing.T) {
	l := read(t, "en", "never\t@neg\tnever\nnever again\t-3\tawful\nnever again buy*\t-3.5\tawful\nleav* _ in the dust\t2/-2\tbeats\n")
	list := phrasesOf(l, "never", "again")
	if len(list) != 2 || list[1].Len() != 3 || !list[1].MatchesWord(2, "buying") || list[1].MatchesWord(2, "bu") {
		t.Errorf("%+v", list)
	}
	if list := phrasesOf(l, "never", "mind"); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	list = phrasesOf(l, "leaves", "anybody")
	if len(list) != 1 || !list[0].IsGap(1) || list[0].Gap != -2 || list[0].Subject != 2 || list[0].Object != 0 {
		t.Errorf("%+v", list)
	}
}

func TestAValueOfThreeSidesNamesSubjectGapAndObject(t *testing.T) {
	e := phrasesOf(read(t, "en", "switch* from _ to\t0/-1.5/2\treplaces\n"), "switched", "from")[0]
	if e.Subject != 0 || e.Gap != -1.5 || e.Object != 2 || !e.Roles {
		t.Errorf("%+v", e.Entry)
	}
}

func TestABadLineIsNamed(t *testing.T) {
	for line, want := range map[string]string{
		"good\t2":             "columns",
		"good\t5\tgood":       "-4 to 4",
		"good\tx\tgood":       "no number",
		"not\t@no\tnot":       "@no",
		"\t2\tgood":           "empty",
		"beats\t1/2/3\tbeats": "gap",
	} {
		_, err := Read("xx", strings.NewReader("# a head\nfine\t1\tfine\n"+line+"\n"))
		if err == nil || !strings.Contains(err.Error(), "line 3") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", line, err)
		}
	}
}

func TestWordsAreBroughtToOneForm(t *testing.T) {
	for _, c := range []struct{ lang, in, want string }{
		{"en", "ISN’T", "isn't"}, {"tr", "IŞIK", "ışık"}, {"tr", "İYİ", "iyi"}, {"ar", "أزمة", "ازمه"}, {"de", "Größe", "größe"},
	} {
		if got := Normal(c.lang, c.in); got != c.want {
			t.Errorf("%s %s: %s", c.lang, c.in, got)
		}
	}
	if got := Fold("żółć Größe"); got != "zolc Grosse" {
		t.Errorf("folded to %q", got)
	}
}

func TestWordsThatRunTogetherArePartedInTerms(t *testing.T) {
	l := read(t, "fr", "n'arrive pas\t-2\tfails\n")
	list := phrasesOf(l, "n'", "arrive")
	if len(list) != 1 || list[0].Len() != 3 || !list[0].MatchesWord(1, "arrive") {
		t.Errorf("%+v", list)
	}
}

func TestTheLongestTermIsCutOutOfTextWithoutSpaces(t *testing.T) {
	l := read(t, "ja", "壊れ\t-2\tbroken\n壊れた\t-2\tbroken\n")
	if n := l.LongestAt("壊れたテレビ"); n != len("壊れた") {
		t.Errorf("%d bytes", n)
	}
	if n := l.LongestAt("テレビ"); n != 0 {
		t.Errorf("%d bytes of what is no term", n)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("good\t2\tgood\nbeat* _ to\t1/2/3\tx\n", "good")
	f.Fuzz(func(t *testing.T, list, word string) {
		l, err := Read("en", strings.NewReader(list))
		if err != nil {
			return
		}
		l.Word(word)
		for _, p := range phrasesOf(l, word, word) {
			for i := range p.Len() {
				p.MatchesWord(i, word)
			}
		}
		if n := l.LongestAt(word); n < 0 || n > len(word) {
			t.Errorf("%d of %d bytes", n, len(word))
		}
	})
}
