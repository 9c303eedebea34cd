package watch

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// term is a word, a phrase or a run of symbols that a query looks for.
type term struct {
	column int
	text   string // as it was written, without quotes and =
	quoted bool
	exact  bool // case and diacritics count

	parts         []part
	before, after string // symbols that must stand right there

	symbols string // instead of parts: a term without letters
}

// part is one atom of a term.
type part struct {
	folded string // may hold wildcards
	exact  string // composed; empty unless the term is exact
	gap    gap    // what parts it from the part before
}

func (p *part) isPattern() bool { return strings.ContainsAny(p.folded, "*?") }

// gap says what may stand between two parts of a term.
type gap struct {
	kind             gapKind
	left, mid, right string // symbols, folded
}

type gapKind uint8

const (
	gapAny     gapKind = iota // anything but a word
	gapLiteral                // exactly left
	gapSymbols                // left, then mid somewhere, then right, among spaces
)

func (g gap) matches(text string) bool {
	switch g.kind {
	case gapLiteral:
		return text == g.left || foldSymbols(text) == g.left
	case gapSymbols:
		text = foldSymbols(text)
		rest, ok := strings.CutPrefix(text, g.left)
		if !ok {
			return false
		}
		if rest, ok = strings.CutSuffix(rest, g.right); !ok {
			return false
		}
		return g.mid == "" || strings.Contains(withoutSpace(rest), g.mid)
	}
	return true
}

func withoutSpace(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// newTerm takes a written term apart. The column is where its text begins.
func newTerm(column int, text string, quoted, exact bool) (*term, error) {
	if len(text) > maxTermBytes*8 || !quoted && len(text) > maxTermBytes {
		return nil, refuse(column, "this term is too long: at most %d bytes", maxTermBytes)
	}
	t := &term{column: column, text: text, quoted: quoted, exact: exact}
	if !quoted {
		if err := checkWildcards(column, text); err != nil {
			return nil, err
		}
	}
	var d document
	d.scan(nil, text, 0, !quoted)
	if len(d.atoms) == 0 {
		return t, t.takeSymbols()
	}
	if len(d.atoms) > maxPhraseWords {
		return nil, refuse(column, "this phrase is too long: at most %d words", maxPhraseWords)
	}
	for i := range d.atoms {
		a := &d.atoms[i]
		p := part{folded: string(d.folded[a.fold:a.foldEnd])}
		if p.folded == "*" {
			continue // behind a script that is matched as substrings anyway
		}
		if exact {
			p.exact = norm.NFC.String(text[a.start:a.end])
		}
		if i > 0 {
			between := text[d.atoms[i-1].end:a.start]
			if quoted {
				p.gap = quotedGap(between)
			} else {
				p.gap = bareGap(between, &d.atoms[i-1], a)
			}
		}
		t.parts = append(t.parts, p)
	}
	ahead, behind := text[:d.atoms[0].start], text[d.atoms[len(d.atoms)-1].end:]
	switch {
	case quoted:
		t.before, t.after = withoutSpace(foldSymbols(ahead)), withoutSpace(foldSymbols(behind))
	case strings.HasPrefix(ahead, "-"):
		return nil, refuse(column, "a minus means nothing here: write NOT %s to leave it out, or quote it", strings.TrimLeft(text, "-"))
	default:
		tail := foldSymbols(behind)
		t.after = tail[:len(tail)-len(strings.TrimLeft(tail, "+#"))]
	}
	return t, nil
}

// takeSymbols makes a term of symbols alone, such as an emoji.
func (t *term) takeSymbols() error {
	t.symbols = foldSymbols(t.text)
	if t.quoted {
		t.symbols = strings.TrimSpace(t.symbols)
	}
	if t.symbols == "" {
		return refuse(t.column, "there is nothing to look for in this term: write a word into it")
	}
	if len(t.symbols) > maxTermBytes/2 {
		return refuse(t.column, "this run of symbols is too long: at most %d bytes", maxTermBytes/2)
	}
	if t.quoted {
		return nil
	}
	switch t.symbols {
	case "&", "&&", "+":
		return refuse(t.column, "%s means nothing here: write AND, or quote it to look for it", t.text)
	case "|", "||":
		return refuse(t.column, "%s means nothing here: write OR, or quote it to look for it", t.text)
	case "-", "!":
		return refuse(t.column, "%s means nothing here: write NOT, or quote it to look for it", t.text)
	}
	for _, r := range t.symbols {
		if r < utf8.RuneSelf || unicode.IsPunct(r) {
			return refuse(t.column, "there is no word in %s: quote it to look for the symbols themselves", t.text)
		}
	}
	return nil
}

// quotedGap keeps the symbols between two words of a quoted term.
func quotedGap(between string) gap {
	between = foldSymbols(between)
	spaces := func(r rune) bool { return unicode.IsSpace(r) }
	first := strings.IndexFunc(between, spaces)
	if first < 0 {
		return gap{kind: gapLiteral, left: between}
	}
	last := strings.LastIndexFunc(between, spaces)
	_, size := utf8.DecodeRuneInString(between[last:])
	g := gap{kind: gapSymbols, left: between[:first], right: between[last+size:]}
	if last > first {
		g.mid = withoutSpace(between[first:last])
	}
	if g.left == "" && g.right == "" && g.mid == "" {
		g.kind = gapAny
	}
	return g
}

// bareGap keeps, between the parts of a term without quotes, what tells it
// from other words, and lets the text write the rest as it likes.
func bareGap(between string, a, b *atom) gap {
	between = foldSymbols(between)
	literal := gap{kind: gapLiteral, left: between}
	switch {
	case between == "", between == "'", strings.ContainsAny(between, "&_"):
		return literal
	case (between == "." || between == ",") && a.has(endsInDigit) && b.has(startsWithDigit):
		return literal
	}
	return gap{}
}

// checkWildcards refuses wildcards where they could mean anything.
func checkWildcards(column int, text string) error {
	if !strings.ContainsAny(text, "*?") {
		return nil
	}
	runes := []rune(text)
	isPart := func(i int) bool {
		if i < 0 || i >= len(runes) {
			return false
		}
		switch classOf(runes[i]) {
		case letter, digit, solo, mark:
			return true
		}
		return runes[i] == '?'
	}
	for i, r := range runes {
		if r != '*' && r != '?' {
			continue
		}
		letters := false
		for j := i - 1; isPart(j); j-- {
			letters = letters || runes[j] != '?' && unicode.IsLetter(runes[j])
		}
		if r == '?' {
			for j := i + 1; isPart(j); j++ {
				letters = letters || runes[j] != '?' && unicode.In(runes[j], unicode.L, unicode.Nd)
			}
			for j := i - 1; isPart(j); j-- {
				letters = letters || runes[j] != '?'
			}
			if !letters {
				return refuse(column+i, "? stands for one character of a word: write at least one letter beside it")
			}
			continue
		}
		switch {
		case isPart(i+1) || i+1 < len(runes) && runes[i+1] == '*':
			if i == 0 || !isPart(i-1) {
				return refuse(column+i, "* can't stand ahead of a word: put it at the word's end, as in nok*")
			}
			return refuse(column+i, "* can't stand inside a word: put it at the word's end, as in nok*")
		case !letters:
			return refuse(column+i, "* needs at least one letter right ahead of it, as in nok*")
		}
	}
	return nil
}
