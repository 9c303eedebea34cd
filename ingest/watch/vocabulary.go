package watch

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// composed is the form in which characters written in parts are compared.
const composed = norm.NFKC

// vocabulary numbers all words and wildcard patterns that queries look for.
// Keys begin at 1.
type vocabulary struct {
	words []string // by key; empty for patterns
	slots []slot   // open addressing; a power of two, at most half full

	patterns  map[int32]string   // by key
	byPrefix  map[string][]int32 // patterns, by what stands ahead of their first wildcard
	prefixes  [256]uint64        // lengths of those prefixes, as bits, by first byte
	anyPrefix []int32            // patterns that begin with a wildcard
	numbered  map[string]int32
}

type slot struct {
	hash uint64
	key  int32
}

const maxPrefix = 63 // lengths of prefixes are bits of one word

func newVocabulary() *vocabulary {
	return &vocabulary{
		words: []string{""}, patterns: map[int32]string{},
		byPrefix: map[string][]int32{}, numbered: map[string]int32{},
	}
}

// number gives the key of a folded word or, with wildcards in it, a pattern.
func (v *vocabulary) number(text string) int32 {
	if key, ok := v.numbered[text]; ok {
		return key
	}
	key := int32(len(v.words))
	v.numbered[text] = key
	at := strings.IndexAny(text, "*?")
	if at < 0 {
		v.words = append(v.words, text)
		return key
	}
	v.words = append(v.words, "")
	v.patterns[key] = text
	if at == 0 {
		v.anyPrefix = append(v.anyPrefix, key)
		return key
	}
	prefix := text[:min(at, maxPrefix)]
	v.byPrefix[prefix] = append(v.byPrefix[prefix], key)
	v.prefixes[prefix[0]] |= 1 << len(prefix)
	return key
}

// seal builds the table that find looks in.
func (v *vocabulary) seal() {
	size := 8
	for size < 2*len(v.words) {
		size *= 2
	}
	v.slots = make([]slot, size)
	for key, word := range v.words {
		if word == "" {
			continue
		}
		hash := uint64(fnvOffset)
		for i := range len(word) {
			hash = (hash ^ uint64(word[i])) * fnvPrime
		}
		at := v.home(hash)
		for v.slots[at].key != 0 {
			at = (at + 1) & (size - 1)
		}
		v.slots[at] = slot{hash, int32(key)}
	}
}

func (v *vocabulary) home(hash uint64) int {
	return int((hash ^ hash>>32) & uint64(len(v.slots)-1))
}

// find gives the key of a folded word, or 0.
func (v *vocabulary) find(hash uint64, text []byte) int32 {
	for at := v.home(hash); ; at = (at + 1) & (len(v.slots) - 1) {
		s := &v.slots[at]
		if s.key == 0 {
			return 0
		}
		if s.hash == hash && v.words[s.key] == string(text) {
			return s.key
		}
	}
}

// wildcardMatch matches a text with a pattern in which ? is one character and
// a * at the end is the rest.
func wildcardMatch[T string | []byte](pattern string, text T) bool {
	i, j := 0, 0
	for i < len(pattern) {
		switch pattern[i] {
		case '*':
			return true
		case '?':
			if j >= len(text) {
				return false
			}
			i++
			j++
			for j < len(text) && !utf8.RuneStart(text[j]) {
				j++
			}
		default:
			if j >= len(text) || pattern[i] != text[j] {
				return false
			}
			i++
			j++
		}
	}
	return j == len(text)
}
