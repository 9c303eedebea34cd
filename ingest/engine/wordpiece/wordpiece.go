// Package wordpiece cuts texts into the tokens of BERT and its relatives: words
// and punctuation first, then the longest pieces of each word that the
// model's vocabulary has.
//
// Nothing in a text becomes a special token: "[SEP]" is a bracket, a word and
// a bracket.
package wordpiece

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// longestWord is the longest word that is looked up, in code points; longer
// ones are unknown.
const longestWord = 100

// Options are those of tokenizer_config.json. Those left out are guessed: a
// vocabulary without capitals is of a model that knows none.
type Options struct {
	Lower   *bool `json:"do_lower_case"`
	Strip   *bool `json:"strip_accents"`          // left out: as Lower
	Chinese *bool `json:"tokenize_chinese_chars"` // each a word of its own; left out: yes
}

// Tokenizer is safe for concurrent use.
type Tokenizer struct {
	ids                 map[string]int64
	lower, strip, alone bool
	begin, end          int64 // [CLS], [SEP]
	pad, unknown        int64 // [PAD], [UNK]
}

// Read reads a vocabulary: one token a line, numbered from 0.
func Read(vocabulary io.Reader, o Options) (*Tokenizer, error) {
	t := &Tokenizer{ids: map[string]int64{}}
	capitals := false
	lines := bufio.NewScanner(vocabulary)
	for n := int64(0); lines.Scan(); n++ {
		token := strings.TrimRight(lines.Text(), "\r")
		t.ids[token] = n
		if !strings.HasPrefix(token, "[") && strings.IndexFunc(token, unicode.IsUpper) >= 0 {
			capitals = true
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the vocabulary: %w", err)
	}
	for name, into := range map[string]*int64{"[CLS]": &t.begin, "[SEP]": &t.end, "[PAD]": &t.pad, "[UNK]": &t.unknown} {
		id, ok := t.ids[name]
		if !ok {
			return nil, fmt.Errorf("the vocabulary has no %s, so this is no model of the BERT family", name)
		}
		*into = id
	}
	t.lower = or(o.Lower, !capitals)
	t.strip = or(o.Strip, t.lower)
	t.alone = or(o.Chinese, true)
	return t, nil
}

func or(given *bool, usual bool) bool {
	if given != nil {
		return *given
	}
	return usual
}

// Pad is the token that fills up short rows.
func (t *Tokenizer) Pad() int64 { return t.pad }

// Encode gives the tokens of a text, and of what it is paired with, if that
// isn't empty; kinds are 0 for the text and 1 for the other. At most longest
// tokens come out, and never less than 8 go in: the text is cut at its end,
// and the other to a quarter.
func (t *Tokenizer) Encode(text, pair string, longest int) (ids, kinds []int64) {
	longest = max(longest, 8)
	var second []int64
	if pair != "" {
		second = t.tokens(pair, longest/4)
		second = append(second, t.end)
	}
	ids = append(ids, t.begin)
	ids = append(ids, t.tokens(text, longest-2-len(second))...)
	ids = append(ids, t.end)
	kinds = make([]int64, len(ids)+len(second))
	for i := len(ids); i < len(kinds); i++ {
		kinds[i] = 1
	}
	return append(ids, second...), kinds
}

// tokens gives at most n tokens of a text.
func (t *Tokenizer) tokens(text string, n int) []int64 {
	var ids []int64
	for _, word := range t.words(text) {
		ids = append(ids, t.pieces(word)...)
		if len(ids) >= n {
			return ids[:n]
		}
	}
	return ids
}

// words cuts a text at spaces, around punctuation, and around each Chinese
// character.
func (t *Tokenizer) words(text string) [][]rune {
	if t.lower {
		text = strings.ToLower(text)
	}
	if t.strip {
		text = norm.NFD.String(text)
	}
	var words [][]rune
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, word)
			word = nil
		}
	}
	for _, r := range text {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Zs, r):
			flush()
		case r == 0 || r == unicode.ReplacementChar || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co):
		case t.strip && unicode.Is(unicode.Mn, r):
		case punctuation(r) || t.alone && chinese(r):
			flush()
			words = append(words, []rune{r})
		default:
			word = append(word, r)
		}
	}
	flush()
	return words
}

// pieces cuts a word into the longest tokens that there are, from the left.
func (t *Tokenizer) pieces(word []rune) []int64 {
	if len(word) > longestWord {
		return []int64{t.unknown}
	}
	var ids []int64
	for from := 0; from < len(word); {
		id, to := int64(0), len(word)
		for ; to > from; to-- {
			piece := string(word[from:to])
			if from > 0 {
				piece = "##" + piece
			}
			if found, ok := t.ids[piece]; ok {
				id = found
				break
			}
		}
		if to == from {
			return []int64{t.unknown}
		}
		ids = append(ids, id)
		from = to
	}
	return ids
}

// punctuation is what BERT takes for it: every sign of ASCII too.
func punctuation(r rune) bool {
	if r < unicode.MaxASCII {
		return r > ' ' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	return unicode.IsPunct(r)
}

// chinese is what BERT takes for it: the CJK ideographs, and no kana or
// hangul.
func chinese(r rune) bool {
	for _, block := range [...][2]rune{
		{0x4E00, 0x9FFF}, {0x3400, 0x4DBF}, {0x20000, 0x2A6DF}, {0x2A700, 0x2B73F},
		{0x2B740, 0x2B81F}, {0x2B820, 0x2CEAF}, {0xF900, 0xFAFF}, {0x2F800, 0x2FA1F},
	} {
		if r >= block[0] && r <= block[1] {
			return true
		}
	}
	return false
}
