package archive

import (
	"fmt"
	"log/slog"
	"os"
	"time"

	"agora/mood"
)

const (
	defaultMaxBytes = 512 << 20
	defaultKeepFor  = 7 * 24 * time.Hour
	leastMaxBytes   = 1 << 20
	segmentsAtLeast = 64              // of a full archive, so that little goes at a time
	segmentsInTime  = 28              // and of one that is full of days
	blockBytes      = 256 << 10       // of texts, before they are compressed
	flushEvery      = 5 * time.Second // what waits in memory is written so often
	queueBlocks     = 64              // that wait to be written
)

// Options of an archive.
type Options struct {
	Folder   string           // made if need be (0700); the caller holds the data folder's lock
	MaxBytes int64            // on disk at most; 0: 512 MiB
	KeepFor  time.Duration    // since a text was taken in; 0: 7 days
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: nothing is logged

	// For tests of a disk's faults.
	writeAt func(file *os.File, b []byte, off int64) (int, error)
	sync    func(file *os.File) error
}

func (o Options) filled() (Options, error) {
	if o.Folder == "" {
		return o, fmt.Errorf("open the archive of texts: no folder is named: %w", mood.ErrInvalid)
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.MaxBytes < leastMaxBytes {
		return o, fmt.Errorf("open the archive of texts in %s: %d bytes are too few: use %d or more: %w", o.Folder, o.MaxBytes, leastMaxBytes, mood.ErrInvalid)
	}
	if o.KeepFor <= 0 {
		o.KeepFor = defaultKeepFor
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.writeAt == nil {
		o.writeAt = (*os.File).WriteAt
	}
	if o.sync == nil {
		o.sync = (*os.File).Sync
	}
	return o, nil
}

func (o Options) segmentBytes() int64 { return o.MaxBytes / segmentsAtLeast }
