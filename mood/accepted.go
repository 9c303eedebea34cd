package mood

import (
	"errors"
	"time"
)

// Accepted is what a journal holds under one number: mentions, or activities,
// that were accepted together.
type Accepted struct {
	Seq        uint64    // the number; later ones are higher
	At         time.Time // when it was accepted: the clock that it is counted by, whenever that happens
	Mentions   []Mention // with their readings, and with times
	Activities []Activity
}

// Resumed says how far a store has counted a journal.
type Resumed struct {
	Seq  uint64 // all up to it is counted of every brand
	Last uint64 // the highest number of which anything was counted
	Lost bool   // it had counted more before
}

// CountedFor is the age from which on what was said, or done, is not counted.
const CountedFor = 90 * 24 * time.Hour

// Timely puts a mention's times in order, as they are when it is accepted at
// now: known to the millisecond, and not in the future, where nobody would
// look.
func (m Mention) Timely(now time.Time) Mention {
	if m.Seen.IsZero() {
		m.Seen = now
	}
	if m.Published.IsZero() {
		m.Published = m.Seen
	}
	if m.Published.After(now) {
		m.Published = now
	}
	m.Published = m.Published.UTC().Truncate(time.Millisecond)
	m.Seen = m.Seen.UTC().Truncate(time.Millisecond)
	return m
}

// TooOld says whether a mention that is accepted at now isn't counted for its
// age.
func (m Mention) TooOld(now time.Time) bool { return m.Published.Before(now.Add(-CountedFor)) }

// ErrLost means that a store has lost what it held before: it was emptied,
// replaced by an older copy, or a server that hadn't heard everything took
// over. What was accepted must be counted again from the journal.
var ErrLost = errors.New("the store has lost what was counted")
