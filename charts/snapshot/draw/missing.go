package draw

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// printable replaces what ends lines by spaces, and drops other controls.
// Letters and marks that were written apart are put together, where Unicode has
// one character for both: they may lie in different faces.
func printable(words string) []rune {
	out := make([]rune, 0, len(words))
	for _, r := range norm.NFC.String(words) {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029':
			out = append(out, ' ')
		case !unicode.IsControl(r):
			out = append(out, r)
		}
	}
	return out
}

// ignorable says whether a character that a face lacks may be passed over.
func ignorable(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.IsSpace(r) || unicode.Is(unicode.Variation_Selector, r)
}

// boxWidth is the width in em of what stands for a character that no face has:
// the usual one of its script.
func boxWidth(r rune) float64 {
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth || pictograph(r) {
		return 1
	}
	return 0.6
}

// pictograph says whether a character is an emoji: one that shows nothing
// rather than a box, for titles have several in a row and mean little by them.
func pictograph(r rune) bool {
	return r >= 0x1f000 && r <= 0x1faff || r >= 0x2600 && r <= 0x27bf
}

// stand is what is drawn for a character that no face has: an empty box, or a
// dot for an emoji.
func stand(g glyph) path {
	var p path
	w := g.advance
	for _, r := range g.words {
		if pictograph(r) {
			p.rect(w/2-0.1, -0.45, 0.2, 0.2, 0.1, 0.1)
			return p
		}
	}
	p.rect(0.06, -0.7, w-0.12, 0.7, 0, 0)
	p.move(point{0.12, -0.64}) // the other way round, so that it is empty
	p.line(point{0.12, -0.06})
	p.line(point{w - 0.12, -0.06})
	p.line(point{w - 0.12, -0.64})
	p.close()
	return p
}
