package sentiment

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"agora/mood"
)

var shared = sync.OnceValues(New)

func engine(t testing.TB) *Engine {
	t.Helper()
	e, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func score(t testing.TB, e *Engine, ask mood.Ask) mood.Reading {
	t.Helper()
	r, err := e.Score(context.Background(), []mood.Ask{ask})
	if err != nil {
		t.Fatal(err)
	}
	return r[0]
}

type towards struct {
	text, target string
	want         mood.Label
}

func check(t *testing.T, e *Engine, lang string, list []towards) {
	t.Helper()
	for _, c := range list {
		if r := score(t, e, mood.Ask{Title: c.text, Target: c.target, Language: lang}); r.Lean != c.want {
			t.Errorf("%q towards %s: %v (%.2f, confidence %.2f), want %v\n%v", c.text, c.target, r.Lean, r.Score, r.Confidence, c.want, r.Reasons)
		}
	}
}

func TestTheLabelIsTowardsTheTarget(t *testing.T) {
	check(t, engine(t), "en", []towards{
		{"Nokia wins award for its excellent network", "Nokia", mood.Positive},
		{"Nokia shares plunge after profit warning", "Nokia", mood.Negative},
		{"Nokia to hold its annual meeting in Espoo", "Nokia", mood.Neutral},
		{"I don't like my new Nokia", "Nokia", mood.Negative},
		{"I don’t like my new Nokia", "Nokia", mood.Negative},
		{"My Nokia 👍 love it", "Nokia", mood.Positive},
		{"Ericsson is terrible; Nokia is wonderful", "Nokia", mood.Positive},
		{"Ericsson is terrible; Nokia is wonderful", "Ericsson", mood.Negative},
		{"Vodafone is a nightmare, but Elisa is great", "Vodafone", mood.Negative},
		{"Vodafone is a nightmare, but Elisa is great", "Elisa", mood.Positive},
		{"Although Ericsson is failing, Nokia had an excellent quarter", "Ericsson", mood.Negative},
		{"Although Ericsson is failing, Nokia had an excellent quarter", "Nokia", mood.Positive},
		{"Fatal Fury: trailer for the new character", "Fatal Fury", mood.Neutral},
		{"The Honest Company names a marketing officer", "Honest Company", mood.Neutral},
		{"Nokia has a new phone. It is terrible.", "Nokia", mood.Negative},
		{"Nokia is the bestttttt", "Nokia", mood.Positive},
		{"Nokia 👎👎👎", "Nokia", mood.Negative},
		{"No more of that #BoycottNokia", "Nokia", mood.Negative},
		{"Nokia’s network was hacked", "Nokia", mood.Negative},
	})
}

func TestAWinnerWinsInEveryForm(t *testing.T) {
	check(t, engine(t), "en", []towards{
		{"Nokia beats Apple", "Nokia", mood.Positive},
		{"Nokia beats Apple", "Apple", mood.Negative},
		{"Apple beaten by Nokia in smartphone sales", "Nokia", mood.Positive},
		{"Apple beaten by Nokia in smartphone sales", "Apple", mood.Negative},
		{"Apple was overtaken by Nokia last quarter", "Nokia", mood.Positive},
		{"Apple was overtaken by Nokia last quarter", "Apple", mood.Negative},
		{"Nokia loses to Apple", "Nokia", mood.Negative},
		{"Nokia loses to Apple", "Apple", mood.Positive},
		{"Nokia Beats Apple In Smartphone Sales", "Apple", mood.Negative},
		{"Nokia fails to beat Apple", "Nokia", mood.Negative},
		{"Nokia fails to beat Apple", "Apple", mood.Positive},
		{"Can Nokia beat Apple?", "Nokia", mood.Neutral},
		{"Can Nokia beat Apple?", "Apple", mood.Neutral},
		{"I prefer Nokia over Apple", "Nokia", mood.Positive},
		{"Nokia is much better than Apple", "Nokia", mood.Positive},
		{"Nokia is much better than Apple", "Apple", mood.Negative},
		{"Switched from Apple to Nokia and never looked back", "Nokia", mood.Positive},
		{"Switched from Apple to Nokia and never looked back", "Apple", mood.Negative},
	})
}

func TestEveryLanguageIsRead(t *testing.T) {
	for lang, list := range map[string][]towards{
		"fi": {{"Nokian osake romahti tulosvaroituksen jälkeen", "Nokia", mood.Negative}, {"Nokia on loistava puhelin, suosittelen", "Nokia", mood.Positive}},
		"sv": {{"Nokia rasar efter vinstvarning", "Nokia", mood.Negative}, {"Min Nokia är helt fantastisk", "Nokia", mood.Positive}},
		"de": {{"Nokia-Aktie bricht nach Gewinnwarnung ein", "Nokia", mood.Negative}, {"Mein Nokia ist einfach super, klare Empfehlung", "Nokia", mood.Positive}},
		"fr": {{"Nokia s'effondre en Bourse après un avertissement", "Nokia", mood.Negative}, {"J'adore mon Nokia, il est génial", "Nokia", mood.Positive}},
		"es": {{"Nokia se desploma en bolsa tras sus malos resultados", "Nokia", mood.Negative}, {"Mi Nokia es excelente, lo recomiendo", "Nokia", mood.Positive}},
		"it": {{"Nokia crolla in borsa, conti disastrosi", "Nokia", mood.Negative}, {"Il mio Nokia è fantastico", "Nokia", mood.Positive}},
		"pt": {{"Nokia tem prejuízo e ações despencam", "Nokia", mood.Negative}, {"Adoro o meu Nokia, excelente qualidade", "Nokia", mood.Positive}},
		"nl": {{"Nokia schrapt duizenden banen na winstwaarschuwing", "Nokia", mood.Negative}, {"Mijn Nokia is geweldig, echt een aanrader", "Nokia", mood.Positive}},
		"pl": {{"Nokia traci, akcje runęły po fatalnych wynikach", "Nokia", mood.Negative}, {"Polecam, moja Nokia działa świetnie", "Nokia", mood.Positive}},
		"ru": {{"Акции Nokia рухнули после убытка", "Nokia", mood.Negative}, {"Отличный телефон Nokia, всем рекомендую", "Nokia", mood.Positive}},
		"tr": {{"Nokia rezalet, telefon bozuldu", "Nokia", mood.Negative}, {"Nokia harika bir telefon, tavsiye ederim", "Nokia", mood.Positive}},
		"id": {{"Saham Nokia anjlok, perusahaan rugi besar", "Nokia", mood.Negative}, {"Nokia bagus banget, puas pakai ini", "Nokia", mood.Positive}},
		"ja": {{"ノキアのスマホ、すぐ壊れた。最悪", "ノキア", mood.Negative}, {"ノキアは最高、おすすめです", "ノキア", mood.Positive}},
		"zh": {{"诺基亚股价暴跌,亏损严重", "诺基亚", mood.Negative}, {"诺基亚手机质量很好,强烈推荐", "诺基亚", mood.Positive}},
		"ar": {{"خسائر كبيرة لشركة نوكيا وتراجع حاد في أسهمها", "نوكيا", mood.Negative}, {"هاتف نوكيا ممتاز وأنصح به", "نوكيا", mood.Positive}},
		"hi": {{"नोकिया का फोन खराब निकला, बेकार कंपनी", "नोकिया", mood.Negative}, {"नोकिया का फोन शानदार है, बहुत बढ़िया", "नोकिया", mood.Positive}},
	} {
		check(t, engine(t), lang, list)
	}
}

func TestTheTitleDecidesAndTheTextAnswersWhereItIsSilent(t *testing.T) {
	e := engine(t)
	for _, c := range []struct {
		title, text string
		want        mood.Label
		field       string
	}{
		{"Nokia is wonderful", "Nokia is terrible and awful.", mood.Positive, "title"},
		{"Nokia news", "Something else is great. Nokia is terrible.", mood.Negative, "text"},
		{"Awful week for markets", "Nokia did an excellent job.", mood.Positive, "text"},
		{"", "Nokia is great.", mood.Positive, "text"},
	} {
		r := score(t, e, mood.Ask{Title: c.title, Text: c.text, Target: "Nokia", Language: "en-GB"})
		if r.Label != c.want || len(r.Reasons) == 0 || r.Reasons[0].Field != c.field {
			t.Errorf("%q / %q: %v for %v, want %v for words in the %s", c.title, c.text, r.Label, r.Reasons, c.want, c.field)
		}
	}
}

func TestSpansSayWhereTheTargetIs(t *testing.T) {
	e := engine(t)
	title := "The Finns are great; the Swedes are terrible"
	for _, c := range []struct {
		name string
		want mood.Label
	}{{"Finns", mood.Positive}, {"Swedes", mood.Negative}} {
		at := strings.Index(title, c.name)
		r := score(t, e, mood.Ask{Title: title, Target: "a name that is not written here", Language: "en",
			Spans: []mood.Span{{Field: "title", Start: at, End: at + len(c.name)}}})
		if r.Lean != c.want {
			t.Errorf("%s: %v, want %v", c.name, r.Label, c.want)
		}
	}
}

func TestALongTextIsReadWhereItNamesTheBrand(t *testing.T) {
	e := engine(t)
	other := strings.Repeat("The weather in the north was awful and people were angry about the terrible roads. ", 30)
	r := score(t, e, mood.Ask{Title: "Week in review", Text: other + "Nokia won a big award for its excellent network. " + other, Target: "Nokia", Language: "en"})
	if r.Lean != mood.Positive {
		t.Errorf("%v %v", r.Lean, r.Reasons)
	}
}

func TestWhatCannotBeReadIsUnclear(t *testing.T) {
	e := engine(t)
	for _, ask := range []mood.Ask{
		{Title: "노키아 새 휴대폰 정말 좋아요", Target: "노키아"},
		{Title: "Η Nokia παρουσίασε νέο τηλέφωνο και όλοι το λατρεύουν", Language: "el", Target: "Nokia"},
		{Title: "", Text: "", Target: "Nokia"},
	} {
		if r := score(t, e, ask); r.Label != mood.Unclear || r.Confidence > e.Threshold() {
			t.Errorf("%q (%s): %+v", ask.Title, ask.Language, r)
		}
	}
}

func TestWhoeverNamesManyLanguagesMakesNoManyReaders(t *testing.T) {
	e := engine(t)
	for _, tag := range []string{"xx", "qaa", "zzz", "ko", "tlh-Latn", "el"} {
		if lang, known := e.language(&mood.Ask{Title: "Nokia", Language: tag}); known || lang != unread {
			t.Errorf("%s is read as %q (known: %v)", tag, lang, known)
		}
	}
	for _, tag := range []string{"fi", "EN-gb", "zh_Hant", "nb"} {
		if _, known := e.language(&mood.Ask{Title: "Nokia", Language: tag}); !known {
			t.Errorf("%s is not read", tag)
		}
	}
}

func TestIronyIsNotTakenForPraise(t *testing.T) {
	e := engine(t)
	for _, title := range []string{
		"Oh great, another update from Nokia 🙄", "Thanks for nothing, Nokia", "Just perfect, Nokia. Just perfect", "Love it when Nokia does that #sarcasm",
	} {
		if r := score(t, e, mood.Ask{Title: title, Target: "Nokia", Language: "en"}); r.Label == mood.Positive {
			t.Errorf("%q is positive: %.2f, confidence %.2f", title, r.Score, r.Confidence)
		}
	}
}

func TestAQuestionIsLessCertainThanAStatement(t *testing.T) {
	e := engine(t)
	for _, title := range []string{"Nokia has the best camera", "Nokia is going downhill fast"} {
		a := score(t, e, mood.Ask{Title: title, Target: "Nokia", Language: "en"})
		b := score(t, e, mood.Ask{Title: title + "?", Target: "Nokia", Language: "en"})
		if b.Confidence >= a.Confidence {
			t.Errorf("%q: confidence %.2f, as a question %.2f", title, a.Confidence, b.Confidence)
		}
	}
}

func TestALanguageThatNobodyNamedIsFound(t *testing.T) {
	e := engine(t)
	for text, want := range map[string]string{
		"Der neue Akku von Nokia ist einfach super und hält lange": "de",
		"Le nouveau téléphone de Nokia est une vraie merveille":    "fr",
		"Uusi Nokia on todella hyvä, mutta se ei ole halpa":        "fi",
		"ノキアの新しい電話はとても良い":                                          "ja",
		"Новый телефон Nokia просто отличный":                      "ru",
		"Nokia wins": "en",
		"نوكيا تعلن عن هاتف جديد": "ar",
	} {
		if got := e.guess(text, ""); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestReasonsAreCutOutOfTheTextAndAddUp(t *testing.T) {
	e := engine(t)
	for _, ask := range []mood.Ask{
		{Title: "👍🏽 “Nokia” is “terrible”, but it’s not bad!", Target: "Nokia", Language: "en"},
		{Title: "Nokia beats Ericsson to big 5G contract, shares soar", Target: "Ericsson", Language: "en"},
		{Title: "Nokian puhelin hajosi, en osta enää ikinä", Target: "Nokia", Language: "fi"},
		{Title: "Nokia opens an office", Text: "People love Nokia. The Nokia app is a joke though, it never works.", Target: "Nokia", Language: "en"},
	} {
		r := score(t, e, ask)
		if len(r.Reasons) == 0 {
			t.Errorf("%q: no reasons", ask.Title)
		}
		for _, reason := range r.Reasons {
			if reason.Kind == "rest" {
				continue
			}
			from := ask.Title
			if reason.Field == "text" {
				from = ask.Text
			}
			if got := string([]rune(from)[reason.Start:reason.End]); got != reason.Text || got == "" {
				t.Errorf("the span of %q cuts out %q", reason.Text, got)
			}
		}
	}
}

func TestTheReasonsWeightsAreTheLinearPartOfTheScore(t *testing.T) {
	e := engine(t)
	about := e.about
	about.Mixing.Net, about.Mixing.Foreign = 0, 0
	only := &Engine{model: e.model.With(about.Mixing), about: about} // the linear model alone
	only.rules.Store(&ruleBook{})
	only.learned.Store(&map[string]*Layer{})
	for _, title := range append(headlines, "Nokia 👎", "Ericsson pips Nokia to contract") {
		r := score(t, only, mood.Ask{Title: title, Target: "Nokia", Language: "en"})
		sum := 0.0
		for _, reason := range r.Reasons {
			sum += reason.Weight
		}
		if math.Abs(sum-r.Score) > 0.004*float64(1+len(r.Reasons)) {
			t.Errorf("%q: weights add up to %.3f, the score is %.3f", title, sum, r.Score)
		}
	}
}

func TestFiguresStayInTheirBounds(t *testing.T) {
	e := engine(t)
	words := strings.Fields("great terrible not very Nokia but although , . ! 👎 AWFUL isn't x ; — ok : ) :( \n the former Apple beats by than")
	for i := range 2000 {
		var b strings.Builder
		for j, n := 0, i; j < 9; j++ {
			n = (n*31 + 7*j + i) % 10007
			b.WriteString(words[n%len(words)])
			b.WriteByte(' ')
		}
		r := score(t, e, mood.Ask{Title: b.String(), Text: b.String(), Target: "Nokia", Language: "en"})
		if !(r.Score >= -1 && r.Score <= 1 && r.Confidence >= 0 && r.Confidence <= 1) || len(r.Reasons) > maxReasons+2 {
			t.Fatalf("%q: %+v", b.String(), r)
		}
		if r.Lean == mood.Unclear || r.Label != mood.Unclear && r.Label != r.Lean {
			t.Fatalf("%q: %v, leaning to %v", b.String(), r.Label, r.Lean)
		}
	}
}

func TestOddInputIsAnsweredToo(t *testing.T) {
	e := engine(t)
	long := strings.Repeat("great ", 200_000)
	for _, ask := range []mood.Ask{
		{}, {Title: "great"}, {Target: "Nokia"}, {Title: "\xff\xfe Nokia \xff great", Target: "Nokia"}, {Title: long, Text: long, Target: "great"},
		{Title: "Nokia", Target: "Nokia", Spans: []mood.Span{{Field: "title", Start: -1, End: 900}, {Field: "x"}, {Field: "text", Start: 3, End: 1}}},
		{Title: strings.Repeat("Nokia but ", 3000), Target: "Nokia"}, {Title: strings.Repeat("壊れた", 3000), Target: "れ", Language: "ja"},
		{Title: "Nokia " + strings.Repeat("bad ", 5000), Text: strings.Repeat("Nokia is bad. ", 5000), Target: "Nokia"},
		{Title: "#" + strings.Repeat("a", 5000), Target: "a"}, {Title: strings.Repeat("\u200d\ufe0f👍", 300), Target: "👍"},
	} {
		score(t, e, ask)
	}
}

func TestManyMayScoreAtOnce(t *testing.T) {
	e := engine(t)
	asks := make([]mood.Ask, 0, 40)
	for i := range 40 {
		asks = append(asks, mood.Ask{Title: fmt.Sprintf("%s number %d 👍, but not bad", headlines[i%len(headlines)], i), Target: "Nokia", Language: "en"})
	}
	want := fmt.Sprint(e.Score(context.Background(), asks))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if got := fmt.Sprint(e.Score(context.Background(), asks)); got != want {
				t.Errorf("got other readings beside others")
			}
		})
	}
	group.Wait()
}

func TestATextCostsFewAllocations(t *testing.T) {
	e := engine(t)
	asks := make([]mood.Ask, 100)
	for i := range asks {
		asks[i] = mood.Ask{Title: headlines[i%len(headlines)], Target: "Nokia", Language: "en"}
	}
	allocations := testing.AllocsPerRun(20, func() {
		if _, err := e.Score(context.Background(), asks); err != nil {
			t.Error(err)
		}
	})
	if each := allocations / float64(len(asks)); each > 5 {
		t.Errorf("%.1f allocations a text, more than 5", each)
	}
}

func TestAnEndedContextStopsScoring(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := engine(t).Score(ctx, make([]mood.Ask, 3)); err == nil || r != nil {
		t.Errorf("got %v, %v", r, err)
	}
}

func TestDamagedWeightsAreRefused(t *testing.T) {
	for name, file := range map[string][]byte{
		"nothing": nil, "another version": []byte("agora sentiment 0\n{}\n"), "cut short": weights[:len(weights)/2], "no description": weights[:30],
	} {
		if _, err := Load(file); err == nil {
			t.Errorf("%s is taken for weights", name)
		}
	}
}

func FuzzScore(f *testing.F) {
	e := engine(f)
	f.Add("Nokia is great, but it’s awful 👎 :(", "Although Nokia… U.S. Inc. fails!", "Nokia", "en", 0, 5)
	f.Add("ノキア、壊れた", "Nokian #neveragain", "ノキア", "ja", 0, 3)
	f.Fuzz(func(t *testing.T, title, text, target, lang string, start, end int) {
		if len(title)+len(text) > 4000 {
			return
		}
		r := score(t, e, mood.Ask{Title: title, Text: text, Target: target, Language: lang, Spans: []mood.Span{{Field: "title", Start: start, End: end}}})
		if !(r.Score >= -1 && r.Score <= 1) {
			t.Errorf("%+v", r)
		}
		for _, reason := range r.Reasons {
			if reason.Kind == "rest" {
				continue
			}
			runes := []rune(title)
			if reason.Field == "text" {
				runes = []rune(text)
			}
			if got := string(runes[reason.Start:reason.End]); got != string([]rune(reason.Text)) {
				t.Errorf("%q at [%d, %d) is %q", reason.Text, reason.Start, reason.End, got)
			}
		}
	})
}
