package draw

import "strings"

// Wrap breaks a text into lines of a width, in pixels, at most so many. What
// has no room in the last line ends in an ellipsis. A word that is wider than a
// line is broken.
func (f *Fonts) Wrap(text string, size float64, weight int, width float64, most int) []string {
	fits := func(t string) bool { return f.Advance(t, size, weight) <= width }
	var lines []string
	words := strings.Fields(text)
	for len(words) > 0 {
		line, n := words[0], 1
		for n < len(words) && fits(line+" "+words[n]) {
			line += " " + words[n]
			n++
		}
		words = words[n:]
		if !fits(line) { // one word
			head, tail := cut(line, fits)
			line = head
			if tail != "" {
				words = append([]string{tail}, words...)
			}
		}
		if len(lines) == most-1 && len(words) > 0 {
			runes := []rune(line)
			for len(runes) > 1 && !fits(strings.TrimRight(string(runes), " ")+"…") {
				runes = runes[:len(runes)-1]
			}
			return append(lines, strings.TrimRight(string(runes), " ")+"…")
		}
		lines = append(lines, line)
	}
	return lines
}

// cut breaks a word where a line is full, behind one letter at least.
func cut(word string, fits func(string) bool) (head, tail string) {
	runes := []rune(word)
	n := len(runes)
	for n > 1 && !fits(string(runes[:n])) {
		n--
	}
	return string(runes[:n]), string(runes[n:])
}

// Has says whether a character can be drawn, or is one that needn't be.
func (f *Fonts) Has(r rune) bool { return ignorable(r) || f.choose(r, 400) >= 0 }
