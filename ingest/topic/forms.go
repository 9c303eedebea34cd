package topic

import (
	"strings"
	"unicode"
)

// formSlots bounds how many topics are remembered: about 1 MB.
const formSlots = 8192

// forms remembers how each topic was first written, so that it is written the
// same way ever after: it is what topics are counted under. Where there is no
// room for all, those that come often stay.
type forms struct {
	slots  [formSlots]formSlot
	wholes [wholeSlots]uint16 // by a word: one more than the slot of a name that has it
}

const wholeSlots = 8192

type formSlot struct {
	key, form string
	uses      uint16 // comes again, less comes of others that wanted the slot
}

func newForms() *forms { return &forms{} }

// form gives the topic of a key as it is shown: as it was written first. A
// name that was taken for a common word at first, or the other way round, is
// put right once it is certain.
func (f *forms) form(key, written string, certain bool) string {
	hash := hashOf('f', key)
	a, b := &f.slots[hash%formSlots], &f.slots[(hash>>32)%formSlots]
	for _, s := range []*formSlot{a, b} {
		if s.key != key {
			continue
		}
		s.uses = min(s.uses, 1<<14) + 1
		if certain && isSmall(s.form) != isSmall(written) || written == s.form+"'s" {
			s.form = strings.Clone(written)
		}
		return s.form
	}
	s := a
	if b.uses < a.uses {
		s = b
	}
	if s.uses > 0 {
		s.uses--
		return written
	}
	*s = formSlot{key: strings.Clone(key), form: strings.Clone(written), uses: 1}
	f.note(s, uint16(hash%formSlots), s == a, uint16((hash>>32)%formSlots))
	return written
}

// note remembers of a name in several words that its first and its last word
// are parts of it.
func (f *forms) note(s *formSlot, first uint16, isFirst bool, second uint16) {
	words := strings.Fields(s.form)
	if len(words) < 2 || isSmall(words[0]) || isSmall(words[len(words)-1]) {
		return
	}
	at := second
	if isFirst {
		at = first
	}
	for _, w := range []string{words[0], words[len(words)-1]} {
		f.wholes[hashOf('w', foldKey(w))%wholeSlots] = at + 1
	}
}

// whole gives the name in several words that a word was last seen to be the
// beginning or the end of.
func (f *forms) whole(word string) (key, form string, ok bool) {
	at := f.wholes[hashOf('w', word)%wholeSlots]
	if at == 0 {
		return "", "", false
	}
	s := f.slots[at-1]
	words := strings.Fields(s.form)
	if len(words) < 2 || foldKey(words[0]) != word && foldKey(words[len(words)-1]) != word {
		return "", "", false // the slot has been taken since
	}
	return s.key, s.form, true
}

// small writes a word that is no name in small letters, but keeps names in it:
// pro-Trump, anti-abortion.
func (x *Extractor) small(word string) string {
	at := strings.LastIndexByte(word, '-')
	lower := strings.ToLower(word)
	if at < 0 {
		return lower
	}
	head, tail := word[:at+1], word[at+1:]
	prefix := isSmall(head) && strings.ContainsFunc(head, unicode.IsLetter) // not 28-Day
	if isSmall(tail) || !prefix && !x.isNamed(foldKey(tail)) {
		return lower
	}
	return strings.ToLower(head) + tail
}

func isSmall(s string) bool { return s == strings.ToLower(s) }

// remember puts a saved form back.
func (f *forms) remember(key, form string) {
	f.form(key, form, false)
}
