package ingest

import (
	"context"
	"fmt"

	"agora/mood"
)

// Names gives the ids of the watched brands that a text names: for sources that
// bring more than is taken in, and sort it first.
func (in *Intake) Names(title, text string) []string {
	hits := in.watch.Load().index.Match(title, text)
	if len(hits) == 0 {
		return nil
	}
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.Brand
	}
	return ids
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
