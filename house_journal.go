package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"agora/ingest/journal"
	"agora/mood"
	"agora/store"
)

const (
	journalKind  = "journal"
	journalLease = 10 * time.Second // who counts a journal is known for so long
	journalRenew = 3 * time.Second
)

// crashAt is called between two steps of which both must outlive a crash. It
// is nil but in tests, which kill the process there.
var crashAt func(point string)

// journalFolder is that of the journal, in the data folder.
const journalFolder = "journal"

// openJournal opens the journal of a data folder.
func openJournal(c *console, cfg *Config) (*journal.Journal, error) {
	sync := (*os.File).Sync
	if crashAt != nil {
		sync = func(f *os.File) error {
			crashAt("journal: before it is synced")
			err := f.Sync()
			crashAt("journal: after it is synced")
			return err
		}
	}
	return journal.Open(journal.Options{
		Sync: sync, Folder: filepath.Join(cfg.Data, journalFolder), MaxBytes: cfg.Limits.Journal, KeepFor: cfg.Retain.Journal,
		Now: c.now, Log: c.log,
	})
}

// holding is the right of this process to count its journal. A copy of a data
// folder has the same journal under the same numbers: were both counted, what
// the second one took in would be taken for counted.
type holding struct {
	store *store.Store
	lease mood.Lease
	data  string
}

// holdJournal takes the right to count a journal. The same folder of the same
// machine gets it at once, also after a crash; one that was moved waits until
// the place that it came from is known to have stopped.
func holdJournal(ctx context.Context, s *store.Store, j *journal.Journal, data string, log *slog.Logger) (*holding, error) {
	h := &holding{store: s, data: data}
	owner, err := folderName(data)
	if err != nil {
		return nil, err
	}
	for begun := time.Now(); ; {
		h.lease, err = s.Claim(ctx, journalKind, j.ID(), owner, journalLease)
		switch {
		case err != nil:
			return nil, fmt.Errorf("take over the journal: %w", err)
		case h.lease.Held:
			return h, nil
		case time.Since(begun) > journalLease+time.Second:
			return nil, h.taken()
		}
		log.LogAttrs(ctx, slog.LevelInfo, "another data folder has the same journal: waiting until that one has stopped", slog.String("data", data))
		if err := sleep(ctx, min(h.lease.Wait+50*time.Millisecond, journalLease)); err != nil {
			return nil, err
		}
	}
}

func (h *holding) taken() error {
	return fmt.Errorf("another Agora counts the journal that is in %s, since one of the two data folders is a copy of the other: "+
		"stop that one, or delete the folder %s here, which begins a journal of its own", h.data, filepath.Join(h.data, journalFolder))
}

// run keeps the right until ctx ends; an error says that another has it.
func (h *holding) run(ctx context.Context) error {
	tick := time.NewTicker(journalRenew)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			// The context of a stop is over; what isn't given back runs out.
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			_ = h.store.Release(last, h.lease)
			return nil
		}
		lease, err := h.store.Renew(ctx, h.lease, journalLease)
		switch {
		case err == nil:
			h.lease = lease
		case errors.Is(err, mood.ErrConflict):
			return h.taken()
		}
	}
}

// folderName tells a folder from its copies, on this machine and on others.
func folderName(path string) (string, error) {
	host, err := os.Hostname()
	if err != nil {
		return "", fmt.Errorf("ask for this machine's name: %w", err)
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find the data folder: %w", err)
	}
	sum := sha256.Sum256([]byte(host + "\x00" + whole))
	return hex.EncodeToString(sum[:12]), nil
}
