package recount

import (
	"context"
	"errors"
	"fmt"
	"time"

	"agora/mood"
)

// revise gives a mention what its edit says.
func (b *brand) revise(s *said, edit mood.Mention, reading mood.Reading) {
	if s.id != edit.ID && (len(s.sources) == 0 || len(edit.Sources) == 0 || s.sources[0] != value(edit.Sources[0])) {
		return
	}
	text := hashOf(edit.Title, edit.Text)
	if text == s.text {
		return
	}
	before := s.reading
	s.text, s.title, s.reading = text, letters(edit.Title), b.plain(reading)
	if before.Corrected {
		s.reading = b.corrected(s.reading, mood.Correction{Label: &before.Label, Irrelevant: before.Irrelevant})
	}
	var kept []row
	for _, r := range s.rows {
		if r.by == mood.ByFrom || r.by == mood.ByOrigin || r.by == mood.ByOutlet {
			kept = append(kept, r)
		}
	}
	for _, r := range b.rows(edit, reading) {
		if r.by == mood.ByAbout || r.by == mood.ByLanguage || r.by == mood.ByTopic {
			kept = append(kept, r)
		}
	}
	s.rows = kept
}

// corrected is a reading as a person corrects it.
func (b *brand) corrected(r *mood.Reading, c mood.Correction) *mood.Reading {
	return b.plain(r.Correct(c))
}

// correct sets how a mention, or its story, is read.
func (b *brand) correct(ctx context.Context, c mood.Correction, at time.Time) error {
	named := b.said(c.Mention)
	sure := true
	var title uint64
	var story string
	if named != nil {
		var kept bool
		if kept, sure = b.keptAt(named, at); !kept || named.withdrawn {
			return nil
		}
		b.change(named, sure, func() { named.reading = b.corrected(named.reading, c) })
		title, story = named.title, named.story
	}
	if c.Scope != mood.ScopeStory {
		return nil
	}
	if named == nil {
		if b.r.whole {
			return nil
		}
		// It is from before the journal, unless it came later.
		m, err := b.store.Told(ctx, b.id, c.Mention)
		switch {
		case err == nil && (m.Seen.After(at) || !m.Published.Before(b.r.since)):
			return nil
		case err == nil:
			title, story = letters(m.Title), value(m.Story)
		case errors.Is(err, mood.ErrNotFound):
			w, err := b.store.Whereabouts(ctx, b.id, []mood.Mention{{ID: c.Mention}})
			if err != nil || !w[0].Known { // there never was one
				return err
			}
			sure = false
		default:
			return fmt.Errorf("read mention %s: %w", c.Mention, err)
		}
	}
	for _, s := range b.all {
		same := s.story == story && (story != "" || title != 0 && s.title == title)
		if s == named || !same && sure {
			continue
		}
		if kept, known := b.keptAt(s, at); kept && !s.withdrawn {
			if !same { // nobody knows what it was about
				b.eachCell(s, func(c mood.Counter) { b.loose[c]++ })
				b.doubt(s)
				continue
			}
			b.change(s, sure && known, func() { s.reading = b.corrected(s.reading, c) })
		}
	}
	return nil
}

func (b *brand) withdraw(id string, at time.Time) {
	s := b.said(id)
	if s == nil {
		return
	}
	if kept, sure := b.keptAt(s, at); kept {
		b.change(s, sure, func() { s.withdrawn = true })
	}
}

// textEnds is when a text is kept no more.
func (b *brand) textEnds(published time.Time) time.Time {
	return time.Unix((divide(published.Unix(), 3600)+1)*3600, 0).Add(b.r.cfg.Keep + time.Hour)
}

// keptAt says whether a mention's text was kept at a time, and whether that is
// sure.
func (b *brand) keptAt(s *said, at time.Time) (kept, sure bool) {
	end := b.textEnds(s.published)
	switch left := end.Sub(at); {
	case left < -unsureAround:
		return false, true
	case left < unsureAround:
		return left > 0, false
	}
	return true, !s.published.Before(b.gone)
}

// change changes a mention and moves its counts along.
func (b *brand) change(s *said, sure bool, change func()) {
	var before []mood.Counter
	if !sure {
		b.eachCell(s, func(c mood.Counter) { before = append(before, c) })
	}
	b.add(s, -1)
	change()
	b.add(s, 1)
	if !sure {
		b.doubt(s)
		b.eachCell(s, func(c mood.Counter) { before = append(before, c) })
		for _, c := range before {
			b.loose[c]++
		}
	}
}
