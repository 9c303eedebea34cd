package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"

	"agora/charts/snapshot/draw"
)

// text writes one line.
func (s *sheet) text(words string, x, y float64, style draw.TextStyle) {
	if words = s.readable(words); words != "" {
		s.page.Text(words, x, y, style)
	}
}

// fit cuts a line to a width.
func (s *sheet) fit(words string, wide float64, style draw.TextStyle) string {
	words = s.readable(words)
	if s.doc.TextWidth(words, style) <= wide {
		return words
	}
	runes := []rune(words)
	low, high := 0, len(runes)
	for low < high {
		mid := (low + high + 1) / 2
		if s.doc.TextWidth(string(runes[:mid])+"…", style) <= wide {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return strings.TrimSpace(string(runes[:low])) + "…"
}

// wrap breaks a text into at most some lines of a width; the last ends in … if
// there is more.
func (s *sheet) wrap(words string, wide float64, style draw.TextStyle, most int) []string {
	var lines []string
	line := ""
	fields := strings.Fields(s.readable(words))
	for i := 0; i < len(fields); i++ {
		longer := strings.TrimSpace(line + " " + fields[i])
		if s.doc.TextWidth(longer, style) <= wide {
			line = longer
			continue
		}
		if len(lines) == most-1 {
			return append(lines, s.fit(strings.Join(append([]string{line}, fields[i:]...), " "), wide, style))
		}
		if line != "" {
			lines, line = append(lines, line), ""
			i--
			continue
		}
		// A word that is wider than a line is broken where the line ends.
		part := strings.TrimSuffix(s.fit(fields[i], wide, style), "…")
		if part == "" {
			part = string([]rune(fields[i])[:1])
		}
		lines = append(lines, part)
		if fields[i] = strings.TrimPrefix(fields[i], part); fields[i] != "" {
			i--
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// lines writes a text in at most some lines and gives the y for what follows.
func (s *sheet) lines(words string, x, y, wide, step float64, style draw.TextStyle, most int) float64 {
	for _, line := range s.wrap(words, wide, style, most) {
		s.page.Text(line, x, y, style)
		y += step
	}
	return y
}

// nameable finds brands whose names have letters that the fonts lack: they are
// called by their ids.
func (s *sheet) nameable() {
	var pairs []string
	for _, b := range s.Brands {
		if strings.ContainsFunc(b.Name, func(r rune) bool { return s.lacking[r] }) {
			pairs = append(pairs, b.Name, b.ID, clip(b.Name, inCharts), b.ID)
		}
	}
	s.names = strings.NewReplacer(pairs...)
}

// readable leaves out what the fonts have no letters for. A text of little else
// is replaced by words.
func (s *sheet) readable(words string) string {
	if len(s.lacking) == 0 {
		return words
	}
	words = s.names.Replace(words)
	letters, lost := 0, 0
	script := ""
	kept := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			letters++
		}
		if !s.lacking[r] {
			return r
		}
		if unicode.IsLetter(r) {
			lost++
			script = scriptOf(r)
		}
		return -1
	}, words)
	if lost*3 > letters {
		return missingLetters(script)
	}
	return strings.Join(strings.Fields(kept), " ")
}

// scriptOf names the script of a letter.
func scriptOf(r rune) string {
	for _, name := range slices.Sorted(maps.Keys(unicode.Scripts)) {
		if name != "Common" && name != "Inherited" && unicode.Is(unicode.Scripts[name], r) {
			if word, ok := scriptWords[name]; ok {
				return word
			}
			return strings.ReplaceAll(name, "_", " ")
		}
	}
	return ""
}

// texts are all that others have written, of what a report shows.
func (c *Content) texts() []string {
	list := []string{c.Title, c.Headline}
	for _, b := range c.Brands {
		list = append(list, b.Name)
		for _, d := range b.Moved {
			for _, p := range d.Parts {
				list = append(list, p.Name)
			}
		}
	}
	for _, s := range c.Stories {
		list = append(list, s.Title, s.Outlet)
	}
	for _, f := range c.Fine {
		list = append(list, f.Value)
	}
	for _, s := range c.Share {
		list = append(list, s.Name)
	}
	return list
}

// lacking finds the characters that no font has, by setting them where nobody
// sees it: a report of what is missing names a hundred at most.
func lacking(fonts *draw.Fonts, texts []string) (map[rune]bool, error) {
	seen := map[rune]bool{}
	for _, text := range texts {
		for _, r := range text {
			if r > unicode.MaxLatin1 {
				seen[r] = true
			}
		}
	}
	missing := map[rune]bool{}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(seen)), 90) {
		doc := draw.NewDocument(draw.Meta{}, fonts)
		page := doc.Page(100, 100)
		for _, r := range some {
			page.Text(string(r), 10, 10, draw.TextStyle{})
		}
		report, err := doc.Write(io.Discard)
		if err != nil {
			return nil, fmt.Errorf("look for letters: %w", err)
		}
		for _, r := range report.Missing {
			missing[r] = true
		}
	}
	return missing, nil
}
