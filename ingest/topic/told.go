package topic

import (
	"strings"
	"unicode"

	"agora/mood"
)

const (
	toldSlots  = 1 << 15 // 512 KB: about the last 30,000 texts
	briefTitle = 20      // bytes of letters under which a title may be anybody's
	toldBytes  = 400     // of a text without a title that are looked at
)

// told remembers which mention told a text or a story first. Where two want the
// same slot, the newer one has it.
type told struct {
	slots [toldSlots]struct{ what, who uint64 }
}

// before reports whether another mention has told the same before, and
// remembers this one if not.
func (t *told) before(m *mood.Mention) bool {
	what := m.Story
	if what == "" {
		if what = letters(withoutPublisher(m.Title)); what == "" {
			what = letters(m.Text[:min(len(m.Text), toldBytes)])
		}
		if len(what) < briefTitle {
			return false
		}
	}
	hash, who := hashOf('s', what), hashOf('i', m.ID)
	slot := &t.slots[hash%toldSlots]
	if slot.what == hash {
		return slot.who != who
	}
	slot.what, slot.who = hash, who
	return false
}

// letters keeps letters and digits of a text, in lower case.
func letters(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}
