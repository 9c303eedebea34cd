package ingest

import (
	"context"
	"fmt"
	"log/slog"

	"agora/mood"
)

// keepTexts puts what passed the door into the archive, whether it names a
// brand or not.
func (in *Intake) keepTexts(mentions []mood.Mention) {
	if in.archive == nil {
		return
	}
	for i := range mentions {
		in.archive.Add(&mentions[i], len(mentions[i].Readings) > 0)
	}
}

// forget takes a mention out of the archive. False: it isn't in it.
func (in *Intake) forget(ctx context.Context, id string) bool {
	if in.archive == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, withdrawPatience)
	defer cancel()
	was, err := in.archive.Withdraw(ctx, id)
	if err != nil {
		in.log.Warn("a withdrawn text has left the archive, and that isn't on disk yet: a restart might bring it back", slog.String("id", id), slog.Any("error", err))
	}
	return was
}

// Forget takes a text that names no brand out of the archive, soon.
func (in *Intake) Forget(id string) {
	if in.archive != nil {
		in.archive.Drop(id)
	}
}

// errNoArchive is for an intake without one.
var errNoArchive = fmt.Errorf("this Agora keeps no texts that a query could be tried on: %w", mood.ErrNotFound)
