package topic

import "strings"

// formSlots bounds how many topics are remembered.
const formSlots = 4096

// forms remembers how each topic was first written, so that it is written the
// same way ever after: it is what topics are counted under. A topic that
// shares its slot with another is forgotten when the other comes.
type forms struct {
	slots [formSlots]formSlot
}

type formSlot struct{ key, form string }

func newForms() *forms { return &forms{} }

// form gives the topic of a key as it is shown: as it was written first. A
// name that was taken for a common word at first is put right once it is
// certain.
func (f *forms) form(key, written string, certain bool) string {
	s := &f.slots[hashOf('f', key)%formSlots]
	if s.key == key && !(certain && s.form == strings.ToLower(s.form)) {
		return s.form
	}
	*s = formSlot{key: strings.Clone(key), form: strings.Clone(written)}
	return written
}
