package store

import (
	"context"
	"slices"
	"time"

	"agora/mood"
)

// forgotten parts items that may be offered from edits of what is so old that
// the store may have forgotten to have counted it: those are nobody's news.
func forgotten(items []*item, now time.Time) (old, open []*item) {
	if !slices.ContainsFunc(items, func(it *item) bool { return it.mention.Edited }) {
		return nil, items
	}
	open = make([]*item, 0, len(items))
	for _, it := range items {
		if it.mention.Edited && it.mention.Published.Before(now.Add(-dedupeGeneration)) {
			it.outcome, it.old = mood.Duplicate, true
			it.hashes = it.hashes[:1] // its id; whose the address is by now, who knows
			old = append(old, it)
			continue
		}
		open = append(open, it)
	}
	return old, open
}

// revise changes what is kept of mentions that their source edited: text and
// reading, and with them the counts, by the difference. A text that is no
// longer kept stays as it was counted.
func (s *Store) revise(ctx context.Context, brand string, items []*item, now time.Time) error {
	var edits []*item
	var hashes []string
	for _, it := range items {
		if it.mention.Edited && it.outcome == mood.Duplicate {
			edits = append(edits, it)
			hashes = append(hashes, it.hashes...)
		}
	}
	if len(edits) == 0 {
		return nil
	}
	places, err := s.find(ctx, brand, hashes, now)
	if err != nil {
		return err
	}
	revised := false
	for _, it := range edits {
		for _, h := range it.hashes {
			p, ok := places[h]
			if !ok || it.precedes(p) {
				continue
			}
			changed, err := s.reviseText(ctx, brand, p, it.mention, now)
			if err != nil {
				return err
			}
			if changed {
				it.outcome, revised = mood.Revised, true
			}
			break
		}
	}
	if revised {
		s.announce(ctx, mood.Notice{Brand: brand}) // counts moved; lists show the text when they load
	}
	return nil
}

// reviseText gives a kept mention the words and the reading of its edit. What
// says when it was published and seen, where it is and who delivered it stays.
//
// Whoever only has the address in common, another source with a text of its
// own, revises nothing: two summaries of one page would replace each other
// without end.
//
// A person's word on the mention stays in force, over what the engine says of
// the new text. What was kept of it to learn from stays with the text that the
// person had read.
func (s *Store) reviseText(ctx context.Context, brand string, p place, edit mood.Mention, now time.Time) (bool, error) {
	tried, done := false, false
	changed, err := s.changeText(ctx, brand, p, now, func(m *mood.Mention, h header, c *change) bool {
		if m.ID != edit.ID && (len(m.Sources) == 0 || len(edit.Sources) == 0 || m.Sources[0] != edit.Sources[0]) {
			return false
		}
		if m.Title == edit.Title && m.Text == edit.Text {
			done = tried // a lost reply hid it
			return false
		}
		tried = true
		before, r := m.Readings[brand], edit.Readings[brand]
		if before.Corrected {
			r = r.Correct(mood.Correction{Label: &before.Label, Irrelevant: before.Irrelevant})
		}
		m.Title, m.Text, m.Language = edit.Title, edit.Text, edit.Language
		if edit.Author != "" {
			m.Author = edit.Author
		}
		m.Places.About = edit.Places.About
		m.Readings[brand] = r
		if !h.uncounted {
			c.all(h, mood.TallyOf(before).Minus())
			c.all(headerOf(m, r), mood.TallyOf(r))
		}
		s.room.wrote(brand, int64(len(m.Title)+len(m.Text)))
		return true
	})
	return changed || done, err
}
