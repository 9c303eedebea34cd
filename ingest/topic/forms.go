package topic

import "strings"

// formSlots bounds how many topics are remembered: about 1 MB.
const formSlots = 8192

// forms remembers how each topic was first written, so that it is written the
// same way ever after: it is what topics are counted under. Where there is no
// room for all, those that come often stay.
type forms struct {
	slots [formSlots]formSlot
}

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
		if certain && isSmall(s.form) != isSmall(written) {
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
	return written
}

func isSmall(s string) bool { return s == strings.ToLower(s) }

// remember puts a saved form back.
func (f *forms) remember(key, form string) {
	f.form(key, form, false)
}
