package language

import (
	"slices"
	"testing"

	"golang.org/x/text/language"
)

func identifier(tb testing.TB) *Identifier {
	tb.Helper()
	id, err := New()
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

// The bars: how often an answer must be right, by kind of text, over all
// languages, and over the worst of them.
var bars = []struct {
	file        string
	right, each float64
}{
	{"headlines.tsv", 0.97, 0.7},
	{"posts.tsv", 0.93, 0.7},
	{"none.tsv", 0.93, 0},
}

func TestLanguagesOfHeadlinesAndPostsAreTold(t *testing.T) {
	id := identifier(t)
	for _, bar := range bars {
		right, all := map[string]int{}, map[string]int{}
		sum, n := 0, 0
		var wrong []string
		for _, row := range texts(t, bar.file) {
			got, sure := id.Identify("", row[1])
			if sure < 0 || sure > 1 {
				t.Errorf("%q: sure by %v", row[1], sure)
			}
			all[row[0]]++
			n++
			if got == row[0] {
				right[row[0]]++
				sum++
			} else {
				wrong = append(wrong, row[0]+", not "+got+": "+row[1])
			}
		}
		share := float64(sum) / float64(n)
		t.Logf("%s: %.3f of %d texts in %d languages", bar.file, share, n, len(all))
		if share < bar.right {
			t.Errorf("%s: %.3f are right, want %.2f; wrong are", bar.file, share, bar.right)
			for _, w := range wrong {
				t.Log(w)
			}
		}
		for lang, n := range all {
			if share := float64(right[lang]) / float64(n); share < bar.each {
				t.Errorf("%s: %.2f of %q are right, want %.2f", bar.file, share, lang, bar.each)
			}
		}
	}
}

func TestWhatIsNotWordsIsNotRead(t *testing.T) {
	id := identifier(t)
	for text, want := range map[string]string{
		"https://www.spiegel.de/wirtschaft/unternehmen/der-neue-chef-und-die-alten-sorgen": "",
		"@der_neue_chef @und_die_alten_sorgen":                                             "",
		"kontakt@die-neue-firma.de":                                                        "",
		"Great news from Oslo https://nrk.no/nyheter/dette-er-en-lang-adresse-pa-norsk":    "en",
		"😡😡 täysin rikki jo toisen päivän jälkeen 😡😡":                                      "fi",
		"&amp; &lt;br&gt; 12,5 % 2024-01-02":                                               "",
		"r/finland u/someone":                                                              "",
	} {
		if got, _ := id.Identify("", text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestTheLanguageOfTheSentenceWinsOverNamesInIt(t *testing.T) {
	id := identifier(t)
	for text, want := range map[string]string{
		"Samsung Galaxy S24 Ultra 출시":                               "ko",
		"iPhone 15 Pro Max เปิดตัวแล้ว":                             "th",
		"Apple Watch Series 9、日本で発売":                                "ja",
		"Microsoft Windows 11 обновили без предупреждения":          "ru",
		"The film 君の名は made me cry, what a beautiful story":         "en",
		"Die Welt und Le Monde berichten heute über den neuen Fall": "de",
		"#TäglicheFrage warum ist das Bier so teuer geworden":       "de",
	} {
		if got, _ := id.Identify("", text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestTitleAndTextAreReadAsOne(t *testing.T) {
	id := identifier(t)
	if got, _ := id.Identify("Nokia", "puhelin hajosi jo toisena päivänä, en osta enää"); got != "fi" {
		t.Errorf("got %q", got)
	}
	if got, _ := id.Identify("Puhelin hajosi jo toisena päivänä", "Nokia"); got != "fi" {
		t.Errorf("got %q", got)
	}
}

func TestASourceIsBelievedUnlessItsLettersAreWrong(t *testing.T) {
	id := identifier(t)
	for _, c := range []struct{ declared, text, want string }{
		{"en", "Der neue Chef will alles anders machen", "en"},
		{"en", "เปิดตัวโทรศัพท์รุ่นใหม่ในประเทศไทย", "th"},
		{"en-US", "Новый телефон поступил в продажу", "ru"},
		{"ru", "Samsung Galaxy S24 Ultra 5G Dual SIM", "ru"},
		{"ru", "The new phone is better than the old one in every way", "en"},
		{"sr", "Novi telefon je bolji od starog", "sr"},
		{"ja", "東京証券取引所", "ja"},
		{"ko", "Hello World", "ko"},
		{"en", "君の名は", "en"}, // too little against it
		{"sco", "Новый телефон поступил в продажу", "sco"},
		{"und", "Der neue Chef will alles anders machen", "de"},
		{"", "", ""},
	} {
		if got := id.Settle(c.declared, "", c.text); got != c.want {
			t.Errorf("%q declared %q counts under %q, want %q", c.text, c.declared, got, c.want)
		}
	}
}

func TestAWrittenLanguageBecomesItsTag(t *testing.T) {
	for written, want := range map[string]string{
		"en": "en", "EN": "en", "en_US": "en", "en-US": "en", "en_US.UTF-8": "en", "english": "en", "English": "en", " fi ": "fi",
		"zh-Hans-CN": "zh", "zh_TW": "zh", "cmn": "zh", "iw": "he", "in": "id", "nb": "no", "nn-NO": "no", "no": "no", "nor": "no", "fil": "tl",
		"deu": "de", "ger": "de", "Deutsch": "de", "suomi": "fi", "Suomi": "fi", "français": "fr", "日本語": "ja",
		"": "", "und": "", "mul": "", "zxx": "", "x": "", "klingonish": "", "12": "", "-": "", "en us": "",
	} {
		if got := Tag(written); got != want {
			t.Errorf("Tag(%q) = %q, want %q", written, got, want)
		}
	}
}

func TestSixtyLanguagesAreKnown(t *testing.T) {
	id := identifier(t)
	known := Languages()
	if len(known) < 60 {
		t.Errorf("%d languages", len(known))
	}
	for _, tag := range known {
		if parsed, err := language.Parse(tag); err != nil || parsed.String() != tag && tag != "tl" && tag != "no" {
			t.Errorf("%q is no primary tag (%v, %v)", tag, parsed, err)
		}
	}
	for s, g := range id.weights {
		if g == nil {
			continue
		}
		for _, tag := range g.Langs {
			if tag != "" && !slices.Contains(known, tag) {
				t.Errorf("the weights of script %d know %q, Languages doesn't", s, tag)
			}
		}
	}
}

func TestTheWeightsStaySmall(t *testing.T) {
	if len(packed) > 2_000_000 {
		t.Errorf("weights.bin has %d bytes", len(packed))
	}
}

func TestReadingAllocatesNothing(t *testing.T) {
	id := identifier(t)
	for _, file := range []string{"headlines.tsv", "posts.tsv"} {
		list := texts(t, file)
		id.Identify("", list[0][1])
		i := 0
		n := testing.AllocsPerRun(len(list), func() {
			id.Identify("", list[i%len(list)][1])
			i++
		})
		if n >= 1 {
			t.Errorf("%s: %v allocations a text", file, n)
		}
	}
}

func FuzzIdentify(f *testing.F) {
	id := identifier(f)
	known := map[string]bool{"": true}
	for _, tag := range Languages() {
		known[tag] = true
	}
	for _, file := range []string{"headlines.tsv", "posts.tsv", "none.tsv"} {
		for i, row := range texts(f, file) {
			if i%10 == 0 {
				f.Add("", row[1])
				f.Add(row[1], row[0])
			}
		}
	}
	f.Add("\xff\xfe", "a\x00b")
	f.Add("#", "://@&;.a.bc")
	f.Fuzz(func(t *testing.T, title, text string) {
		tag, sure := id.Identify(title, text)
		if !known[tag] || !(sure >= 0 && sure <= 1) || tag == "" && sure != 0 {
			t.Errorf("%q %v", tag, sure)
		}
		if again, _ := id.Identify(title, text); again != tag {
			t.Errorf("%q, and then %q", tag, again)
		}
		if settled := id.Settle(text, title, text); settled != "" {
			if _, err := language.ParseBase(settled); err != nil {
				t.Errorf("settled on %q: %v", settled, err)
			}
		}
	})
}
