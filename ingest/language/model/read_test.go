package model

import (
	"slices"
	"strings"
	"testing"
)

// wordsOf are the words that are read of s, in small letters; those that count
// half have a ~ before them.
func wordsOf(s string) []string {
	var text Text
	text.Read("", s)
	list := []string{}
	for i := range text.n {
		w := &text.words[i]
		word := string(text.runes[w.from:w.to])
		if text.weak(w) {
			word = "~" + word
		}
		list = append(list, word)
	}
	return list
}

func TestWordsAreReadWithoutAddressesNamesAndNumbers(t *testing.T) {
	for s, want := range map[string]string{
		"The cat sat": "the cat sat",
		"Don't stop":  "don t stop",
		"see https://example.org/a-page for more":       "see for more",
		"see:https://example.org/page":                  "see",
		"www.example.org is down":                       "is down",
		"example.org is down":                           "is down",
		"Is it over.No idea":                            "is it over no idea",
		"mail me@example.org now":                       "mail now",
		"hey @some_body how are you":                    "hey how are you",
		"thanks,@nokia":                                 "thanks",
		"r/finland says so":                             "says so",
		"either/or":                                     "either or",
		"5G and 4K and S24 and the 90s":                 "and and and the",
		"soooo gooood":                                  "soo good",
		"so happy 😡😡😡 today":                            "so happy today",
		"we went to Paris with Anna":                    "we went to ~paris with ~anna",
		"Done. Now we go":                               "done now we go",
		"Bank To Cut Rates As Growth Slows":             "bank to cut rates as growth slows",
		"this is #MondayMotivation and #nice":           "this is ~monday ~motivation and ~nice",
		"tom &amp; jerry &lt; all":                      "tom jerry all",
		"Ünïcode ÄÖÜ straße":                            "ünïcode ~äöü straße",
		"Ｆｕｌｌ ｗｉｄｔｈ":                                    "full width",
		"e\u0301te\u0301 caf\u00e9":                     "ete café",
		"می\u200cکند":                                   "میکند",
		"東京でAI活用":                                       "東京 で ~ai 活用",
		strings.Repeat("x", 60) + " is too long":        "is too long",
		"abc" + strings.Repeat("\u00ad", 9) + "def ghi": "abcdef ghi",
	} {
		if got := strings.Join(wordsOf(s), " "); got != want {
			t.Errorf("%q is read as %q, want %q", s, got, want)
		}
	}
}

func TestNoMoreIsReadThanThereIsRoomFor(t *testing.T) {
	var text Text
	var grams Grams
	for _, s := range []string{strings.Repeat("ab ", 5000), strings.Repeat("слово", 5000), strings.Repeat("a b c d e f g ", 500), strings.Repeat("日本語の", 2000)} {
		text.Read(s, s)
		for script := range Scripts {
			text.Grams(script, &grams)
		}
		if text.n > mostWords || text.end > mostRunes {
			t.Errorf("%d words, %d letters", text.n, text.end)
		}
	}
}

func TestScriptsAreInOrder(t *testing.T) {
	for i := 1; i < len(blocks); i++ {
		if blocks[i].from <= blocks[i-1].to || blocks[i].to < blocks[i].from {
			t.Errorf("block %d, from %U, is out of order", i, blocks[i].from)
		}
	}
	for r, want := range map[rune]Script{
		'a': Latin, 'ß': Latin, 'ế': Latin, 'ж': Cyrillic, 'љ': Cyrillic, 'ع': Arabic, 'ی': Arabic, 'क': Devanagari, 'ש': Hebrew, 'ক': Bengali,
		'漢': Han, '々': Han, 'あ': Kana, 'ア': Kana, 'ー': Kana, '한': Hangul, 'λ': Greek, 'ქ': Georgian, 'հ': Armenian, 'ก': Thai, 'ລ': Lao, 'ខ': Khmer,
		'မ': Myanmar, 'ස': Sinhala, 'த': Tamil, 'త': Telugu, 'ಕ': Kannada, 'മ': Malayalam, 'ગ': Gujarati, 'ਪ': Gurmukhi, 'አ': Ethiopic,
		'1': Other, ' ': Other, '😡': Other, '।': Other, '×': Other, '÷': Other, -1: Other, 0x10FFFF: Other,
	} {
		if got := ScriptOf(r); got != want {
			t.Errorf("%q is of script %d, want %d", r, got, want)
		}
	}
}

func TestEachWordsGramsAreItsOwn(t *testing.T) {
	var text Text
	var grams Grams
	collect := func(s string) []uint32 {
		text.Read("", s)
		text.Grams(Latin, &grams)
		list := append(slices.Clone(grams.Strong()), grams.Weak()...)
		slices.Sort(list)
		return list
	}
	if !slices.Equal(collect("one two three"), collect("three one two")) {
		t.Error("the order of words changes what is read of them")
	}
	if slices.Equal(collect("cat"), collect("act")) {
		t.Error("the order of letters doesn't")
	}
}
