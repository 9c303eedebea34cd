package sentiment

import (
	"unicode"
	"unicode/utf8"

	"agora/ingest/sentiment/model"
	"agora/mood"
)

// field is a title or a text, and where it names the target.
type field struct {
	name    string
	text    string
	targets []model.Target // in bytes, in order
	whole   bool           // nothing names the target anywhere: all of it is read
}

func newField(name, text string, ask *mood.Ask) field {
	f := field{name: name, text: text}
	if len(f.text) > maxFieldBytes {
		cut := maxFieldBytes
		for !utf8.RuneStart(f.text[cut]) {
			cut--
		}
		f.text = f.text[:cut]
	}
	if f.text == "" {
		return f
	}
	if len(ask.Spans) == 0 {
		f.targets = model.Find(f.text, ask.Target)
		return f
	}
	f.locate(ask.Spans)
	return f
}

// locate turns spans in code points into bytes. Spans that lie outside the
// text or backwards are left out.
func (f *field) locate(spans []mood.Span) {
	for _, s := range spans {
		if s.Field != f.name || s.Start < 0 || s.Start >= s.End {
			continue
		}
		t := model.Target{Start: -1, End: -1}
		n := 0
		for i := range f.text {
			if n == s.Start {
				t.Start = i
			}
			if n == s.End {
				t.End = i
				break
			}
			n++
		}
		if t.End < 0 && n == s.End && t.Start >= 0 {
			t.End = len(f.text)
		}
		if t.Start >= 0 && t.End > t.Start {
			f.targets = append(f.targets, t)
		}
	}
}

// points gives the place of a byte in code points.
func (f *field) points(at int) int { return utf8.RuneCountInString(f.text[:at]) }

// excerpt is a part of a field that is read at once.
type excerpt struct{ start, end int }

// shortBytes is how long a field may be to be read at once.
const shortBytes = 420

// excerpts gives the parts of a field that speak of the target: all of a short
// one; of a long one the sentences that name it, with the sentence behind if it
// goes on with a pronoun.
func (f *field) excerpts(buf []excerpt) []excerpt {
	buf = buf[:0]
	if len(f.targets) == 0 && !f.whole {
		return buf
	}
	if len(f.text) <= shortBytes {
		return append(buf, excerpt{0, len(f.text)})
	}
	next := 0 // of the targets
	for at := 0; at < len(f.text) && len(buf) < maxExcerpts; {
		end := sentenceEnd(f.text, at)
		for next < len(f.targets) && f.targets[next].Start < at {
			next++
		}
		named := next < len(f.targets) && f.targets[next].Start < end
		last := len(buf) - 1
		joins := last >= 0 && buf[last].end == at
		switch {
		case f.whole && joins && end-buf[last].start <= shortBytes,
			named && joins && end-buf[last].start <= shortBytes,
			!f.whole && !named && joins && goesOn(f.text[at:end]) && end-buf[last].start <= shortBytes:
			buf[last].end = end
		case f.whole || named:
			buf = append(buf, excerpt{at, end})
		}
		at = end
	}
	for i := range buf { // endless sentences are cut around the target
		f.narrow(&buf[i])
	}
	return buf
}

// narrow keeps the part of an overlong excerpt that is around its first
// target.
func (f *field) narrow(x *excerpt) {
	const most = 2 * shortBytes
	if x.end-x.start <= most {
		return
	}
	middle := x.start + most/2
	for _, t := range f.targets {
		if t.Start >= x.start && t.Start < x.end {
			middle = t.Start
			break
		}
	}
	start := max(x.start, min(middle-most/2, x.end-most))
	end := min(x.end, start+most)
	for start > x.start && !utf8.RuneStart(f.text[start]) {
		start--
	}
	for end < x.end && !utf8.RuneStart(f.text[end]) {
		end++
	}
	x.start, x.end = start, end
}

// sentenceEnd finds where the sentence that begins at i ends.
func sentenceEnd(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch r {
		case '\n', '。', '！', '？', '।', '؟':
			return i
		case '.', '!', '?', '…':
			j := i
			for j < len(s) && (s[j] == '.' || s[j] == '!' || s[j] == '?' || s[j] == '"' || s[j] == '\'' || s[j] == ')') {
				j++
			}
			if j == len(s) {
				return j
			}
			q, _ := utf8.DecodeRuneInString(s[j:])
			if !unicode.IsSpace(q) && q != '”' && q != '’' && q != '»' {
				continue
			}
			if r == '.' && j == i && abbreviation(s[:i-1]) {
				continue
			}
			return j
		}
	}
	return len(s)
}

// abbreviation tells whether the full stop behind s ends an abbreviation.
func abbreviation(s string) bool {
	begin := len(s)
	dots := 0
	for begin > 0 && s[begin-1] != ' ' && s[begin-1] != '\n' && len(s)-begin < 12 {
		begin--
		if s[begin] == '.' {
			dots++
		}
	}
	w := s[begin:]
	if dots > 0 || len(w) == 1 && w[0] >= 'A' && w[0] <= 'Z' {
		return true // U.S., J. Smith
	}
	switch w {
	case "Mr", "Mrs", "Ms", "Dr", "St", "Inc", "Corp", "Co", "Ltd", "vs", "No", "Jr", "Sr", "Prof", "Gen", "Sen", "Gov", "approx", "est", "Bros":
		return true
	}
	return false
}

// goesOn tells whether a sentence begins with a word for what was named
// before.
func goesOn(s string) bool {
	i := 0
	for i < len(s) && !(s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z') {
		i++
	}
	j := i
	for j < len(s) && (s[j]|0x20 >= 'a' && s[j]|0x20 <= 'z') {
		j++
	}
	if j-i > 5 {
		return false
	}
	switch s[i:j] {
	case "It", "it", "Its", "its", "They", "they", "Their", "their", "This", "That", "And", "But":
		return true
	}
	return false
}
