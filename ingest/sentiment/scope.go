package sentiment

import (
	"slices"
	"strings"
	"unicode"

	"agora/mood"
)

// stretch is a part of a field, in code points.
type stretch struct{ start, end int }

// field is a title or a text, and where it names the target.
type field struct {
	name   string
	runes  []rune
	target []stretch
	whole  bool // nothing names the target: everything is read
}

func newField(name, text string, ask *mood.Ask) field {
	f := field{name: name, runes: []rune(text)}
	if len(f.runes) > maxFieldRunes {
		f.runes = f.runes[:maxFieldRunes]
	}
	if len(ask.Spans) == 0 {
		f.target = f.find(ask.Target)
		return f
	}
	for _, s := range ask.Spans {
		if s.Field == name && s.Start >= 0 && s.Start < s.End && s.End <= len(f.runes) {
			f.target = append(f.target, stretch{s.Start, s.End})
		}
	}
	return f
}

// find looks for a name that nobody located, in any case, between words.
func (f *field) find(name string) []stretch {
	want := []rune(strings.TrimSpace(name))
	if len(want) == 0 {
		return nil
	}
	for i, r := range want {
		want[i] = unicode.ToLower(r)
	}
	isWord := func(i int) bool {
		return i >= 0 && i < len(f.runes) && (unicode.IsLetter(f.runes[i]) || unicode.IsDigit(f.runes[i]))
	}
	var found []stretch
	for i := 0; i+len(want) <= len(f.runes); i++ {
		j := 0
		for j < len(want) && unicode.ToLower(f.runes[i+j]) == want[j] {
			j++
		}
		if j == len(want) && !isWord(i-1) && !isWord(i+j) {
			found = append(found, stretch{i, i + j})
			i += j - 1
		}
	}
	return found
}

func (f *field) isTarget(start, end int) bool { return overlaps(f.target, stretch{start, end}) }

func overlaps(list []stretch, s stretch) bool {
	return slices.ContainsFunc(list, func(t stretch) bool { return t.start < s.end && s.start < t.end })
}

// clauses gives the clauses that speak of the target: those that name it, and
// those right behind that go on about it.
func (f *field) clauses() []stretch {
	var out []stretch
	sentences, spoken := 0, false // whether the sentence before was about the target
	for start := 0; start < len(f.runes) && sentences < maxSentences; {
		end := f.sentenceEnd(start)
		s := stretch{start, end}
		start = end
		if !f.whole && !overlaps(f.target, s) {
			if spoken = spoken && f.opensWithPronoun(s); spoken {
				out = append(out, s)
				sentences++
			}
			continue
		}
		spoken = true
		sentences++
		if f.whole {
			out = append(out, s)
			continue
		}
		named := false
		for _, c := range f.split(s) {
			about := overlaps(f.target, c) || named && f.goesOn(c)
			switch {
			case about && named:
				out[len(out)-1].end = c.end // together, so that "but" can weigh them
			case about:
				out = append(out, c)
			}
			named = about
		}
	}
	return out
}

// sentenceEnd finds where the sentence that begins at start ends.
func (f *field) sentenceEnd(start int) int {
	for i := start; i < len(f.runes); i++ {
		switch r := f.runes[i]; r {
		case '\n', '。', '！', '？':
			return i + 1
		case '.', '!', '?', '…':
			j := i + 1
			for j < len(f.runes) && strings.ContainsRune(`.!?…"'”’)`, f.runes[j]) {
				j++
			}
			if j < len(f.runes) && !unicode.IsSpace(f.runes[j]) {
				continue
			}
			if r == '.' && j == i+1 && f.isAbbreviation(start, i) {
				continue
			}
			return j
		}
	}
	return len(f.runes)
}

// isAbbreviation reports whether the full stop at i ends an abbreviation.
func (f *field) isAbbreviation(start, i int) bool {
	begin := i
	for begin > start && !unicode.IsSpace(f.runes[begin-1]) {
		begin--
	}
	w := f.runes[begin:i]
	if len(w) == 1 && unicode.IsUpper(w[0]) || slices.Contains(w, '.') {
		return true // J. Smith, U.S.
	}
	switch strings.ToLower(string(w)) {
	case "mr", "mrs", "ms", "dr", "st", "inc", "corp", "co", "ltd", "vs", "no", "jr", "sr", "prof", "gen", "sen", "gov", "approx", "est", "feat", "bros":
		return true
	}
	return false
}

// split cuts a sentence where it changes its subject or its mind.
func (f *field) split(s stretch) []stretch {
	var out []stretch
	begin := s.start
	cut := func(at int) {
		if strings.TrimSpace(string(f.runes[begin:at])) != "" {
			out = append(out, stretch{begin, at})
		}
		begin = at
	}
	conceded := false // the clause began with "although": it ends at its comma
	fresh := true     // no word yet in this clause
	for i := s.start; i < s.end; {
		r := f.runes[i]
		switch {
		case r == ';' || r == '—' || (r == '–' || r == '-') && f.spaced(i):
			i++
			cut(i)
			conceded, fresh = false, true
		case r == ',' && conceded && i+1 < s.end && unicode.IsSpace(f.runes[i+1]):
			i++
			cut(i)
			conceded, fresh = false, true
		case unicode.IsLetter(r):
			j := i
			for j < s.end && (unicode.IsLetter(f.runes[j]) || f.runes[j] == '\'' || f.runes[j] == '’') {
				j++
			}
			switch kind := conjunction(f.runes[i:j]); {
			case kind == conceding && fresh:
				conceded = true
			case kind != none && !fresh:
				cut(i)
				conceded = kind == conceding
			}
			fresh = false
			i = j
		default:
			i++
		}
	}
	cut(s.end)
	return out
}

func (f *field) spaced(i int) bool {
	return i > 0 && i+1 < len(f.runes) && unicode.IsSpace(f.runes[i-1]) && unicode.IsSpace(f.runes[i+1])
}

type conjunctionKind uint8

const (
	none conjunctionKind = iota
	opposing
	conceding
)

func conjunction(w []rune) conjunctionKind {
	if len(w) < 3 || len(w) > 15 {
		return none
	}
	switch strings.ToLower(string(w)) {
	case "but", "whereas", "however", "yet":
		return opposing
	case "while", "although", "though", "despite", "notwithstanding", "unlike":
		return conceding
	}
	return none
}

// opensWithPronoun reports a sentence whose subject was named before it.
func (f *field) opensWithPronoun(s stretch) bool {
	i := s.start
	for i < s.end && !unicode.IsLetter(f.runes[i]) {
		i++
	}
	j := i
	for j < s.end && unicode.IsLetter(f.runes[j]) {
		j++
	}
	switch strings.ToLower(string(f.runes[i:j])) {
	case "it", "its", "they", "their":
		return true
	}
	return false
}

// goesOn reports a clause that speaks on about what was named before.
func (f *field) goesOn(c stretch) bool {
	words := strings.FieldsFunc(string(f.runes[c.start:min(c.end, c.start+60)]), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '\'' && r != '’'
	})
	for i, w := range words {
		switch strings.ToLower(strings.ReplaceAll(w, "’", "'")) {
		case "it", "its", "it's", "they", "their", "they're", "i", "i'm", "we", "this", "that", "still":
			return true
		}
		if i == 2 {
			return false
		}
	}
	return len(words) < 3
}
