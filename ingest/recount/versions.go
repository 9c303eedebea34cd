package recount

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"agora/mood"
)

// whichever looks which of two was counted, where a mention that is counted
// comes again in another journal: whoever got no answer from one process sends
// the same to the next, and each of them dates what has no date, and finds
// story and topics, by itself. It is not always the one that was accepted first
// that was counted first. The kept text tells by when it was seen.
func (b *brand) whichever(ctx context.Context, from *part, m mood.Mention, reading mood.Reading) error {
	s := b.said(m.ID)
	if s == nil || s.part == from || s.withdrawn || m.Edited || m.Seen.UnixMilli() == s.seen || b.same(s, m, reading) {
		return nil
	}
	told, err := b.store.Told(ctx, b.id, m.ID)
	switch kept, sure := b.keptAt(s, b.r.began); {
	case errors.Is(err, mood.ErrNotFound) && kept && sure: // a withdrawal follows, and either way nothing is left
	case errors.Is(err, mood.ErrNotFound):
		b.either(s, from, m, reading)
	case err != nil:
		return fmt.Errorf("read mention %s: %w", m.ID, err)
	case told.Seen.UnixMilli() != m.Seen.UnixMilli():
	case told.Title != m.Title || told.Text != m.Text: // edited since, which the journal's order has before
		b.either(s, from, m, reading)
	default:
		b.change(s, true, func() { b.become(s, from, m, reading) })
	}
	return nil
}

// same says whether it makes no difference to the counters which was counted.
func (b *brand) same(s *said, m mood.Mention, reading mood.Reading) bool {
	return s.published.Equal(m.Published) && s.story == value(m.Story) && s.uncounted == m.Uncounted &&
		s.reading.Label == reading.Label && s.reading.Score == reading.Score && slices.Equal(s.rows, b.rows(m, reading))
}

// become makes of a mention what another journal has of it; a correction holds.
func (b *brand) become(s *said, from *part, m mood.Mention, reading mood.Reading) {
	before := s.reading
	s.published, s.uncounted, s.story = m.Published, m.Uncounted, b.own(value(m.Story))
	s.text, s.title = hashOf(m.Title, m.Text), letters(m.Title)
	s.reading, s.rows = b.plain(reading), b.rows(m, reading)
	if before.Corrected {
		s.reading = b.corrected(s.reading, mood.Correction{Label: &before.Label, Irrelevant: before.Irrelevant})
	}
	s.part, s.seen = from, m.Seen.UnixMilli()
}

// either notes that nobody knows any more which of two was counted.
func (b *brand) either(s *said, from *part, m mood.Mention, reading mood.Reading) {
	other := *s
	b.become(&other, from, m, reading)
	for _, x := range []*said{s, &other} {
		b.eachCell(x, func(c mood.Counter) { b.loose[c]++ })
		b.doubt(x)
	}
}
