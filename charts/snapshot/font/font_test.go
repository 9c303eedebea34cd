package font

import (
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// inter reads the typeface as it was built.
func inter(t testing.TB) *Set {
	t.Helper()
	var faces []Face
	for weight, pattern := range map[int]string{400: "inter-400-*.ttf", 600: "inter-600-*.ttf"} {
		names, err := filepath.Glob(filepath.Join("..", "..", "..", "static", "dist", "engine", pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("no fonts were built (%v): run `make assets`", err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			faces = append(faces, Face{Data: data, Weight: weight})
		}
	}
	s, err := New(faces)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestATextIsAsWideAsItsCharacters(t *testing.T) {
	s := inter(t)
	if got, want := s.Advance("Nokia", 12, 400), s.Advance("No", 12, 400)+s.Advance("kia", 12, 400); math.Abs(got-want) > 1e-9 {
		t.Errorf("%v pixels, and its parts have %v", got, want)
	}
	if got, want := s.Advance("Nokia", 24, 400), 2*s.Advance("Nokia", 12, 400); math.Abs(got-want) > 1e-9 {
		t.Errorf("%v pixels at twice the size, want %v", got, want)
	}
	if narrow, wide := s.Advance("iiii", 12, 400), s.Advance("WWWW", 12, 400); narrow*2 > wide {
		t.Errorf("iiii has %v pixels and WWWW %v", narrow, wide)
	}
	// 0.618 em, by Inter's own table.
	if got := s.Advance("0", 1000, 400); math.Abs(got-618) > 15 {
		t.Errorf("a nought has %v thousandths of an em", got)
	}
	if got := s.Advance("", 12, 400); got != 0 {
		t.Errorf("nothing has %v pixels", got)
	}
}

func TestBoldIsWiderAndWeightsBetweenTakeTheNearest(t *testing.T) {
	s := inter(t)
	regular, bold := s.Advance("Mentions", 12, 400), s.Advance("Mentions", 12, 600)
	if bold <= regular {
		t.Errorf("bold has %v pixels and regular %v", bold, regular)
	}
	for weight, want := range map[int]float64{-5: regular, 100: regular, 499: regular, 500: bold, 700: bold, 1 << 40: bold} {
		if got := s.Advance("Mentions", 12, weight); got != want {
			t.Errorf("weight %d has %v pixels, want %v", weight, got, want)
		}
	}
}

func TestEveryScriptOfThePageHasAFace(t *testing.T) {
	s := inter(t)
	for _, text := range []string{"Az09", "åäöß", "Łódź ş ğ", "Мнение", "Γνώμη", "Tiếng Việt", "−+·…"} {
		for _, r := range text {
			if _, index, ok := s.Find(r, 400); !ok || index == 0 {
				t.Errorf("no face has %q", r)
			}
		}
	}
}

func TestWhatNoFaceHasIsGivenItsUsualWidth(t *testing.T) {
	s := inter(t)
	for text, want := range map[string]float64{"中": 10, "한": 10, "🙂": 10, "ع": 6, "\u200d": 0, "\u0301": 0, "\u2060": 0, "\x00": 0, "a\u0301": s.Advance("a", 10, 400)} {
		if got := s.Advance(text, 10, 400); math.Abs(got-want) > 1e-9 {
			t.Errorf("%q has %v pixels, want %v", text, got, want)
		}
	}
	if _, _, ok := s.Find('中', 400); ok {
		t.Error("Inter has no Han, and a face was found")
	}
}

func TestAllCharactersOfTheWorldAtOnceDoNotFillMemory(t *testing.T) {
	s := inter(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for r := rune(0); r < 0x8000; r++ {
				s.Advance(string(r), 12, 400)
			}
		})
	}
	wg.Wait()
	if len(s.known) > mostKnown {
		t.Errorf("%d characters are remembered", len(s.known))
	}
}

func TestWhatIsNoFontIsNamed(t *testing.T) {
	if _, err := New(nil); err == nil {
		t.Error("a set of no faces")
	}
	if _, err := New([]Face{{Data: []byte("wOFF"), Weight: 400}}); err == nil {
		t.Error("a set of something else")
	}
}
