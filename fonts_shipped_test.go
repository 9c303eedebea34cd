package main

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/unicode/norm"

	"agora/charts/snapshot"
	"agora/charts/snapshot/draw"
	"agora/static"
)

// Every face that is shipped can be read, drawn with, and embedded.
func TestEveryShippedFaceIsEmbeddedInAPDF(t *testing.T) {
	shipped, err := static.Fonts()
	must(t, err)
	for i, f := range shipped {
		fonts, err := draw.NewFonts(draw.Face{Family: f.Family, Open: f.Open, Covers: f.Covers})
		if err != nil {
			t.Errorf("face %d, %s %d: %v", i, f.Family, f.Weight, err)
			continue
		}
		d := draw.NewDocument(draw.Meta{}, fonts)
		page := d.Page(600, 100)
		var words strings.Builder
		for k := 0; k < len(f.Covers); k += 2 {
			if r := f.Covers[k+1]; unicode.IsLetter(r) && norm.NFC.IsNormalString(string(r)) && words.Len() < 60 {
				words.WriteRune(r)
			}
		}
		page.Text(words.String()+" ", 10, 50, draw.TextStyle{})
		var b bytes.Buffer
		if report, err := d.Write(&b); err != nil || len(report.Missing) > 0 {
			t.Errorf("face %d, %s %d: %v, missing %+q", i, f.Family, f.Weight, err, report.Missing)
		}
	}
}

func TestTheCommonCharactersOfTheEastAreThere(t *testing.T) {
	shipped, err := static.Fonts()
	must(t, err)
	has := func(r rune) bool {
		return slices.ContainsFunc(shipped, func(f static.Face) bool {
			for i := 0; i < len(f.Covers); i += 2 {
				if r >= f.Covers[i] && r <= f.Covers[i+1] {
					return true
				}
			}
			return false
		})
	}
	for _, set := range []struct {
		name               string
		code               encoding.Encoding
		first, last, trail byte
		least, most        int
	}{
		{"JIS X 0208, level 1", japanese.EUCJP, 0xb0, 0xcf, 0xa1, 2965, 0},
		{"JIS X 0208, level 2", japanese.EUCJP, 0xd0, 0xf4, 0xa1, 3390, 0},
		{"kana", japanese.EUCJP, 0xa4, 0xa5, 0xa1, 160, 0},
		{"KS X 1001, Hangul", korean.EUCKR, 0xb0, 0xc8, 0xa1, 2350, 0},
		{"GB 2312, level 1", simplifiedchinese.GBK, 0xb0, 0xd7, 0xa1, 3755, 5},
		{"GB 2312, level 2", simplifiedchinese.GBK, 0xd8, 0xf7, 0xa1, 3008, 40},
		{"Big5, level 1", traditionalchinese.Big5, 0xa4, 0xc5, 0x40, 5300, 40},
	} {
		all := map[rune]bool{}
		var gone []rune
		for lead := int(set.first); lead <= int(set.last); lead++ {
			for trail := int(set.trail); trail <= 0xfe; trail++ {
				text, err := set.code.NewDecoder().Bytes([]byte{byte(lead), byte(trail)})
				runes := []rune(string(text))
				if err != nil || len(runes) != 1 || runes[0] == unicode.ReplacementChar || unicode.Is(unicode.Co, runes[0]) {
					continue
				}
				if all[runes[0]] = true; !has(runes[0]) {
					gone = append(gone, runes[0])
				}
			}
		}
		t.Logf("%s: %d characters, without %d (%s)", set.name, len(all), len(gone), string(gone))
		if len(all) < set.least || len(gone) > set.most {
			t.Errorf("%s: of %d characters, %d at the least, these are not there: %s", set.name, len(all), set.least, string(gone))
		}
	}
}

func TestLatinTextOpensNoFaceButThoseOfInter(t *testing.T) {
	shipped, err := static.Fonts()
	must(t, err)
	var opened, others atomic.Int32
	var faces []draw.Face
	for _, f := range shipped {
		faces = append(faces, draw.Face{Family: f.Family, Weight: f.Weight, Covers: f.Covers, Open: func() ([]byte, error) {
			opened.Add(1)
			if f.Family != "Inter" {
				others.Add(1)
			}
			return f.Open()
		}})
	}
	fonts, err := draw.NewFonts(faces...)
	must(t, err)
	if n := opened.Load(); n != 1 {
		t.Errorf("%d faces were opened before there was a text", n)
	}
	option, err := os.ReadFile("charts/testdata/options/three/topics.json")
	must(t, err)
	svg, err := paintedWith(t, fonts).SVG(t.Context(), snapshot.Picture{Option: option, Theme: "light", Width: 1200, Height: 600})
	must(t, err)
	picture, err := draw.Parse(svg)
	must(t, err)
	var b bytes.Buffer
	_, err = picture.PNG(t.Context(), &b, draw.Options{Fonts: fonts})
	must(t, err)
	document := draw.NewDocument(draw.Meta{}, fonts)
	must(t, picture.PDF(t.Context(), document.Page(1200, 600), 0, 0, 1200, 600))
	_, err = document.Write(&b)
	must(t, err)
	if n := others.Load(); n != 0 {
		t.Errorf("%d other faces were opened for a chart in Latin letters", n)
	}
	drawnLine(t, fonts, "日本", 20)
	if n := others.Load(); n < 1 || n > 2 {
		t.Errorf("%d other faces were opened for two kanji", n)
	}
}
