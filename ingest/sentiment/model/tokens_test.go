package model

import (
	"fmt"
	"strings"
	"testing"

	"agora/ingest/sentiment/lexicon"
)

const list = "win*\t2\twins\n" +
	"beat\t2/-2\tbeats\nbeats\t2/-2\tbeats\nbeaten\t2/-2\tbeats\nlose* to\t-2/2\tloses\nleave* _ in the dust\t2/-2\tbeats\nswitch* from _ to\t0/-1.5/2\treplaces\n" +
	"good\t2\tgood\nbetter\t2\tbetter\nbad\t-2\tbad\nbroke\t-2\tbroken\nthan\t@than\tthan\nover\t@over\tover\nnot\t@neg\tnot\nnor\t@neg\tnor\nneither\t@neg\tneither\nbut\t@but\tbut\nand\t@and\tand\n" +
	"go* downhill\t-3\tworse\n:)\t2\tgood\n👍\t2\tgood\nrecord-high\t2\trecord\nsays\t@say\tsays\n"

func reader(t testing.TB, lang, terms string) *scratch {
	t.Helper()
	l, err := lexicon.Read(lang, strings.NewReader(terms))
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields("the is was never again open boycott by in and or a his contract its rivals shares phone")
	return newScratch(NewTables(lexicon.SetOf(l), words, len(words), nil), lang)
}

func cut(s *scratch, text string) string {
	s.tokenize(text)
	var parts []string
	for i := range s.tokens {
		parts = append(parts, text[s.tokens[i].start:s.tokens[i].end])
	}
	return strings.Join(parts, "|")
}

func TestTextIsCutIntoWordsAndSigns(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"en", "Nokia's 5G isn't bad!!", "Nokia's|5G|isn't|bad|!!"},
		{"en", "@NokiaHelp see https://x.example/a?b=1 now", "@NokiaHelp|see|https://x.example/a?b=1|now"},
		{"en", "profit up 3,400.5% at record-high, well-known", "profit|up|3,400.5|%|at|record-high|,|well|known"},
		{"en", "#BoycottNokia #neveragain", "Boycott|Nokia|never|again"},
		{"en", "Fine :) 10:30 <3", "Fine|:)|10|:|30|<3"},
		{"en", "👍🏽👍 ok❤️", "👍🏽|👍|ok|❤️"},
		{"en", "Booking.com is down. Really", "Booking.com|is|down|.|Really"},
		{"fr", "l'appli n'arrive pas, aujourd'hui", "l'|appli|n'|arrive|pas|,|aujourd'hui"},
		{"ja", "ノキアが壊れた。", "ノキア|が|壊|れ|た|。"},
		{"zh", "诺基亚", "诺|基|亚"},
	} {
		if got := cut(reader(t, c.lang, list), c.text); got != c.want {
			t.Errorf("%s: %s, want %s", c.text, got, c.want)
		}
	}
	if got := cut(reader(t, "ja", "壊れた\t-2\tbroken\n"), "ノキア壊れた"); got != "ノキア|壊れた" {
		t.Errorf("with a list: %s", got)
	}
}

func TestALongTextIsCutShort(t *testing.T) {
	s := reader(t, "en", list)
	s.read(strings.Repeat("Nokia is good. ", 1000), nil, nil)
	if len(s.tokens) != maxTokens || len(s.units) > maxUnits {
		t.Errorf("%d tokens, %d units", len(s.tokens), len(s.units))
	}
}

func TestTheMemoryOfWordsIsBounded(t *testing.T) {
	for lang, most := range map[string]int{"en": maxWordsEnglish, "fi": maxWordsOther} {
		s := reader(t, lang, list)
		for i := range most + 100 {
			s.lookup(fmt.Sprintf("w%d", i))
			s.lookup(fmt.Sprintf("%s%d", strings.Repeat("x", longestWord), i))
		}
		if len(s.words) > most {
			t.Errorf("%s: %d words are remembered, at most %d may be", lang, len(s.words), most)
		}
		for w := range s.words {
			if len(w) > longestWord {
				t.Fatalf("%s: a word of %d bytes is remembered", lang, len(w))
			}
		}
	}
}

// dense reads a text towards a name.
func figuresOf(t *testing.T, text, name string) [denseSize]float32 {
	t.Helper()
	s := reader(t, "en", list)
	s.read(text, Find(text, name), nil)
	return s.dense
}

func TestWhoDoesWhatToWhomIsRead(t *testing.T) {
	for _, c := range []struct {
		text, target string
		figure       int
		sign         float32
	}{
		{"Nokia beats Ericsson", "Nokia", denseSubject, 1},
		{"Nokia beats Ericsson", "Ericsson", denseObject, -1},
		{"Ericsson was beaten by Nokia", "Nokia", denseObject, 1},
		{"Ericsson was beaten by Nokia", "Ericsson", denseSubject, -1},
		{"Nokia loses to Ericsson", "Nokia", denseSubject, -1},
		{"Nokia loses to Ericsson", "Ericsson", denseObject, 1},
		{"Nokia does not beat Ericsson", "Nokia", denseSubject, -1},
		{"Nokia leaves Ericsson in the dust", "Ericsson", denseObject, -1},
		{"Nokia leaves Ericsson in the dust", "Nokia", denseSubject, 1},
		{"We switched from Ericsson to Nokia", "Ericsson", denseObject, -1},
		{"We switched from Ericsson to Nokia", "Nokia", denseObject, 1},
		{"Nokia is better than Ericsson", "Nokia", denseCompared, 1},
		{"Nokia is better than Ericsson", "Ericsson", denseCompared, -1},
		{"I take Nokia over Ericsson", "Ericsson", denseCompared, -1},
		{"Nokia is not as good as Ericsson", "Nokia", denseCompared, -1},
		{"Nokia is not as good as Ericsson", "Ericsson", denseCompared, 1},
		{"Nokia is as good as Ericsson", "Nokia", denseCompared, 1},
		{"Nokia and Samsung beat Ericsson", "Nokia", denseSubject, 1},
		{"Nokia beats Ericsson and Samsung", "Samsung", denseObject, -1},
	} {
		d := figuresOf(t, c.text, c.target)
		if d[c.figure]*c.sign <= 0.1 {
			t.Errorf("%q towards %s: %.2f, subject %.2f object %.2f compared %.2f", c.text, c.target, d[c.figure], d[denseSubject], d[denseObject], d[denseCompared])
		}
	}
}

func TestWhatIsSaidOfOthersIsNotSaidOfTheTarget(t *testing.T) {
	for _, c := range []struct {
		text, target string
		good, bad    bool
	}{
		{"Ericsson is bad; Nokia is good", "Nokia", true, false},
		{"Ericsson is bad; Nokia is good", "Ericsson", false, true},
		{"I had a Motorola and a Nokia. The former broke, the latter is good", "Motorola", false, true},
		{"I had a Motorola and a Nokia. The former broke, the latter is good", "Nokia", true, false},
		{"Neither Motorola nor Nokia is bad", "Nokia", true, false},
	} {
		d := figuresOf(t, c.text, c.target)
		if (d[denseGood] > 0.1) != c.good || (d[denseBad] > 0.1) != c.bad {
			t.Errorf("%q towards %s: good %.2f, bad %.2f", c.text, c.target, d[denseGood], d[denseBad])
		}
	}
	d := figuresOf(t, "\"It is bad\", says Nokia of Motorola", "Nokia")
	if e := figuresOf(t, "\"It is bad\", says Nokia of Motorola", "Motorola"); d[denseBad] != 0 || e[denseBad] == 0 || d[denseSays] != 1 {
		t.Errorf("what a speaker says is taken for what is said of it: %.2f, of the other %.2f", d[denseBad], e[denseBad])
	}
	d = figuresOf(t, "Motorola and Nokia were good and bad respectively", "Nokia")
	if d[denseSubject] >= 0 {
		t.Errorf("respectively: %.2f", d[denseSubject])
	}
}

func TestIgnoredWordsSayNothing(t *testing.T) {
	s := reader(t, "en", list)
	text := "Nokia is bad"
	at := strings.Index(text, "bad")
	s.read(text, Find(text, "Nokia"), []Target{{at, at + 3}})
	if s.dense[denseBad] != 0 || s.dense[denseClauseBad] != 0 {
		t.Errorf("%v", s.dense)
	}
}

func TestANameIsFoundWhereItStands(t *testing.T) {
	for _, c := range []struct{ text, name, want string }{
		{"Nokia, NOKIA and nokias", "Nokia", "Nokia NOKIA"},
		{"Nokian osake", "Nokia", "Nokian"},
		{"#BoycottNokia now", "Nokia", "Nokia"},
		{"ノキアが好き", "ノキア", "ノキア"},
		{"Kup Škodę", "Škoda", "Škodę"},
		{"McDonald’s is open", "McDonald's", "McDonald’s"},
		{"pineapple", "Apple", ""},
		{"EA and EAST", "EA", "EA"},
		{"", "x", ""}, {"x", "", ""},
	} {
		var got []string
		for _, f := range Find(c.text, c.name) {
			got = append(got, c.text[f.Start:f.End])
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s in %q: %v", c.name, c.text, got)
		}
	}
}

func FuzzReadText(f *testing.F) {
	en, ja := reader(f, "en", list), reader(f, "ja", list)
	f.Add("Nokia's #neverAgain 👍🏽 isn't “as good as” Ericsson…", "Nokia")
	f.Fuzz(func(t *testing.T, text, name string) {
		if len(text) > 5000 {
			return
		}
		for _, s := range []*scratch{en, ja} {
			s.read(text, Find(text, name), FindWords(text, name))
			s.extract(text)
			last := 0
			for i := range s.tokens {
				x := &s.tokens[i]
				if x.start < last || x.end <= x.start || x.end > len(text) {
					t.Fatalf("token %d at [%d, %d) of %d, the one before ends at %d", i, x.start, x.end, len(text), last)
				}
				last = x.end
			}
		}
	})
}
