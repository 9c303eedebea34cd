package draw

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// collection puts fonts into one file, as .ttc does.
func collection(fonts ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32([]byte("ttcf\x00\x01\x00\x00"), uint32(len(fonts)))
	var body []byte
	start := uint32(12 + 4*len(fonts))
	for _, f := range fonts {
		at := start + uint32(len(body))
		head = binary.BigEndian.AppendUint32(head, at)
		f = bytes.Clone(f)
		for i := range binary.BigEndian.Uint16(f[4:]) { // tables lie where the file says, from its own start
			place := f[12+16*int(i)+8:]
			binary.BigEndian.PutUint32(place, binary.BigEndian.Uint32(place)+at)
		}
		body = append(body, f...)
	}
	return append(head, body...)
}

// renamed is a font without one of its tables.
func renamed(font []byte, tag string) []byte {
	return bytes.Replace(font, []byte(tag), []byte("gone"), 1)
}

func TestAFontOfACollectionIsTakenForWhatThoseBeforeItLack(t *testing.T) {
	fonts, err := NewFonts(Face{Data: collection(goregular.TTF, gobold.TTF)})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(fonts.faces); n != 1 {
		t.Errorf("%d fonts of two with the same characters are used", n)
	}
	if f := fonts.faces[0]; f.Family != "Go" || f.Weight != 400 {
		t.Errorf("it is taken for %q, %d", f.Family, f.Weight)
	}
	if got, want := fonts.Advance("Nokia", 12, 400), testFonts(t).Advance("Nokia", 12, 400); got != want {
		t.Errorf("Nokia has %v pixels, and %v in the font alone", got, want)
	}
	bold, err := NewFonts(Face{Data: gobold.TTF})
	if err != nil {
		t.Fatal(err)
	}
	if f := bold.faces[0]; f.Family != "Go" || f.Weight < 600 {
		t.Errorf("the bold font is taken for %q, %d", f.Family, f.Weight)
	}
}

func TestWordsInACollectionAreFoundInThePDF(t *testing.T) {
	fonts, err := NewFonts(Face{Family: "Go", Data: goregular.TTF, Covers: nil}, Face{Family: "Other", Data: collection(goregular.TTF)})
	if err != nil {
		t.Fatal(err)
	}
	fonts.faces[0].Covers = []rune{' ', ' '} // so that letters come from the collection
	d := NewDocument(Meta{}, fonts)
	d.Page(200, 100).Text("Mood of Nokia", 10, 50, TextStyle{})
	var b bytes.Buffer
	if _, err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	if text := poppler(t, "pdftotext", b.Bytes(), "FILE", "-"); !strings.Contains(text, "Mood of Nokia") {
		t.Errorf("it says %q", text)
	}
}

func TestAFileThatCannotDrawIsNamed(t *testing.T) {
	for name, data := range map[string][]byte{
		"nothing":     {},
		"no font":     []byte("%PDF-1.7 and so on"),
		"half":        goregular.TTF[:len(goregular.TTF)/2],
		"no outlines": renamed(goregular.TTF, "glyf"),
		"no cmap":     renamed(goregular.TTF, "cmap"),
		"bad cmap":    bytes.ReplaceAll(goregular.TTF, []byte{0, 0, 0, 3, 0, 0}, []byte{255, 255, 255, 255, 255, 255}),
		"collection":  collection(goregular.TTF, renamed(goregular.TTF, "glyf")),
	} {
		if name != "half" && name != "bad cmap" && Check(data) == nil {
			t.Errorf("%s: nothing is said to be wrong", name)
		}
		if fonts, err := NewFonts(Face{Data: data}); err == nil {
			fonts.Advance("Nokia", 12, 400) // damaged or not, it ends
		} else if err.Error() == "" {
			t.Errorf("%s: nothing is said", name)
		}
	}
	if err := Check(goregular.TTF); err != nil {
		t.Errorf("a font is refused: %v", err)
	}
}

func TestAFaceIsOpenedWhenATextNeedsItAndNotBefore(t *testing.T) {
	var opened, failed atomic.Int32
	fonts, err := NewFonts(
		Face{Family: "Go", Data: goregular.TTF},
		Face{Family: "Private", Covers: []rune{0xe000, 0xe001, 0x5d0, 0x5ea}, Open: func() ([]byte, error) { opened.Add(1); return gobold.TTF, nil }},
		Face{Family: "Lost", Covers: []rune{0xe003, 0xe003}, Open: func() ([]byte, error) { failed.Add(1); return nil, errors.New("lost") }},
	)
	if err != nil {
		t.Fatal(err)
	}
	draw := func(words string) Report {
		p, err := Parse(frame(`<text x="2" y="30" font-size="12">` + words + `</text>`))
		if err != nil {
			t.Fatal(err)
		}
		_, report, err := p.Image(t.Context(), Options{Fonts: fonts})
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	fonts.Advance("Latin – 100 %", 12, 700)
	draw("Latin – 100 % \ue002")
	if n := opened.Load() + failed.Load(); n != 0 {
		t.Errorf("%d faces were opened for Latin", n)
	}
	fonts.Advance("א", 12, 400)
	draw("\ue000")
	draw("\ue001")
	if n := opened.Load(); n != 1 {
		t.Errorf("the face was opened %d times for what it has", n)
	}
	if report := draw("\ue003"); !slices.Contains(report.Missing, '\ue003') || failed.Load() == 0 {
		t.Errorf("what lies in a face that can't be opened is missing, and said was %q", string(report.Missing))
	}
	if _, err := NewFonts(Face{Open: func() ([]byte, error) { return nil, errors.New("lost") }, Covers: []rune{32, 126}}); err == nil {
		t.Error("the first face can't be opened, and nothing is said")
	}
}
