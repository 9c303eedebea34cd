package ingest

import (
	"context"
	"fmt"

	"agora/ingest/watch"
	"agora/mood"
)

// Names gives the ids of the watched brands that a text may name, by its words
// alone: for sources that bring more than is taken in, and sort it first. Who
// published it, and in which language, is asked when it is taken in.
func (in *Intake) Names(title, text string) []string {
	hits := in.watch.Load().index.MatchText(watch.Text{Title: title, Body: text, Open: true})
	if len(hits) == 0 {
		return nil
	}
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.Brand
	}
	return ids
}

// KeepUnnamed keeps a text that names no brand, for queries to be tried on.
func (in *Intake) KeepUnnamed(m mood.Mention) {
	if in.archive == nil {
		return
	}
	w := in.watch.Load()
	m = tidy(m, in.now())
	m.Language = w.languageOf(m)
	w.places.place(&m)
	in.archive.Add(&m, false)
}

// DeliverActivity counts what people did, as a source has it: once for each
// id. A source that revises a figure delivers the difference. After an error all
// of it may be offered again.
func (in *Intake) DeliverActivity(ctx context.Context, list []mood.Activity) error {
	now := in.now()
	for len(list) > 0 {
		n := min(len(list), batchSize)
		if _, err := in.recordActivity(ctx, now, list[:n]); err != nil {
			return fmt.Errorf("record %d activities: %w", n, err)
		}
		list = list[n:]
	}
	return nil
}
