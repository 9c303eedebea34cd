package draw

import (
	"math"
	"strings"
	"sync"
	"testing"
)

func TestATextIsAsWideAsItsCharacters(t *testing.T) {
	f := testFonts(t)
	if got, want := f.Advance("Nokia", 12, 400), f.Advance("No", 12, 400)+f.Advance("kia", 12, 400); math.Abs(got-want) > 1e-9 {
		t.Errorf("%v pixels, and its parts have %v", got, want)
	}
	if got, want := f.Advance("Nokia", 24, 400), 2*f.Advance("Nokia", 12, 400); math.Abs(got-want) > 1e-9 {
		t.Errorf("%v pixels at twice the size, want %v", got, want)
	}
	if narrow, wide := f.Advance("iiii", 12, 400), f.Advance("WWWW", 12, 400); narrow*2 > wide {
		t.Errorf("iiii has %v pixels and WWWW %v", narrow, wide)
	}
	// 1139 of 2048 units, by the font's own table.
	if got := f.Advance("0", 2048, 400); math.Abs(got-1139) > 1 {
		t.Errorf("a nought has %v units", got)
	}
	if got := f.Advance("", 12, 400); got != 0 {
		t.Errorf("nothing has %v pixels", got)
	}
}

func TestATextIsMeasuredInTheWeightThatDrawsIt(t *testing.T) {
	f := testFonts(t)
	regular, bold := f.Advance("Mentions", 12, 400), f.Advance("Mentions", 12, 700)
	if bold <= regular {
		t.Errorf("bold has %v pixels and regular %v", bold, regular)
	}
	for weight, want := range map[int]float64{-5: regular, 100: regular, 500: regular, 600: bold, 1 << 40: bold} {
		if got := f.Advance("Mentions", 12, weight); got != want {
			t.Errorf("weight %d has %v pixels, want %v", weight, got, want)
		}
	}
}

// What no face has is drawn as wide as it is measured.
func TestWhatNoFaceHasIsGivenItsUsualWidth(t *testing.T) {
	f := testFonts(t)
	set := newSetter(f, &Report{})
	defer set.done()
	for text, want := range map[string]float64{
		"中": 1, "한": 1, "🙂": 1, "ع": 0.6, "中🙂": 2, "\u200d": 0, "\u2060": 0, "\x00": 0, "\u00ad": 0,
		"a\u0301": f.Advance("á", 1, 400), "か\u3099": 1,
	} {
		if got := f.Advance(text, 1, 400); math.Abs(got-want) > 1e-9 {
			t.Errorf("%+q has %v em, want %v", text, got, want)
		}
		if got := set.types.set(text, 400, &Report{}).width; math.Abs(got-want) > 1e-3 {
			t.Errorf("%+q is drawn %v em wide, want %v", text, got, want)
		}
	}
}

func TestAllCharactersOfTheWorldAtOnceDoNotFillMemory(t *testing.T) {
	f := testFonts(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for r := rune(0); r < 0x8000; r++ {
				f.Advance(string(r), 12, 400)
			}
			for r := rune(0x5d0); r < 0x5d0+60; r++ { // Hebrew letters, and what follows, in twos
				for s := r; s < r+60; s++ {
					f.Advance(string([]rune{r, s}), 12, 400)
				}
			}
			f.Advance(strings.Repeat("א", longestKept), 12, 400)
		})
	}
	wg.Wait()
	if a, w := len(f.widths.advances), len(f.widths.texts); a > mostAdvances || w > mostWidths {
		t.Errorf("%d characters and %d texts are remembered", a, w)
	}
	for text := range f.widths.texts {
		if len(text.words) > longestKept {
			t.Errorf("a text of %d bytes is remembered", len(text.words))
		}
	}
}

func TestAnEmojiThatNoFaceHasIsADotAndNoBox(t *testing.T) {
	got := at(t, `<text x="0" y="32" font-size="32">🛰</text>`, 1, [2]int{16, 20}, [2]int{16, 30}, [2]int{3, 20})
	if got[0] != "000000ff" || got[1] != "00000000" || got[2] != "00000000" {
		t.Errorf("the middle, its foot and its side are %v", got)
	}
}
