package model

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Find lists where text names somebody, in any case and between words; where
// words are parted by no spaces, anywhere. Names that stand nowhere as a word
// are looked for at the beginning of words, as inflected languages have them.
func Find(text, name string) []Target {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > len(text) {
		return nil
	}
	first, _ := utf8.DecodeRuneInString(name)
	loose := isSolid(first)
	found := find(text, name, !loose, !loose)
	if len(found) == 0 && !loose && utf8.RuneCountInString(name) >= 3 {
		if found = find(text, name, true, false); len(found) == 0 {
			found = find(text, stem(name), true, false)
		}
	}
	return found
}

// FindWords lists where a phrase stands in text between words, in any case.
func FindWords(text, phrase string) []Target {
	phrase = strings.TrimSpace(phrase)
	first, _ := utf8.DecodeRuneInString(phrase)
	if phrase == "" {
		return nil
	}
	return find(text, phrase, !isSolid(first), !isSolid(first))
}

// stem leaves out the last letter, which inflection may change, as in "Škoda"
// and "Škodę".
func stem(name string) string {
	if utf8.RuneCountInString(name) < 4 {
		return name
	}
	_, n := utf8.DecodeLastRuneInString(name)
	return name[:len(name)-n]
}

func find(text, name string, opens, closes bool) []Target {
	var found []Target
	want := []rune(strings.ToLower(name))
	for i := 0; i < len(text); {
		j, ok := matchFold(text, i, want)
		if ok && opens {
			r, _ := utf8.DecodeLastRuneInString(text[:i])
			ok = i == 0 || !isWordRune(r) || r == '_'
			if !ok && unicode.IsLower(r) { // #BoycottNokia
				q, _ := utf8.DecodeRuneInString(text[i:])
				ok = unicode.IsUpper(q) && inTag(text, i)
			}
		}
		if ok && j < len(text) {
			r, _ := utf8.DecodeRuneInString(text[j:])
			if closes {
				ok = !isWordRune(r) || isSolid(r)
			}
		}
		if ok {
			if !closes && opens { // to the end of the word, which it is a form of
				j = wordEnd(text, j)
			}
			found = append(found, Target{i, j})
			i = j
			continue
		}
		_, n := utf8.DecodeRuneInString(text[i:])
		i += n
	}
	return found
}

func inTag(text string, i int) bool {
	for i > 0 {
		r, n := utf8.DecodeLastRuneInString(text[:i])
		if r == '#' {
			return true
		}
		if !isWordRune(r) {
			return false
		}
		i -= n
	}
	return false
}

// matchFold gives where want, in lower case, ends if it begins at i.
func matchFold(text string, i int, want []rune) (int, bool) {
	for _, w := range want {
		if i >= len(text) {
			return 0, false
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == '’' {
			r = '\''
		}
		if w == '’' {
			w = '\''
		}
		if r != w && unicode.ToLower(r) != w {
			return 0, false
		}
		i += n
	}
	return i, true
}
