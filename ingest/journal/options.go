package journal

import (
	"fmt"
	"log/slog"
	"os"
	"time"

	"agora/mood"
)

// MaxPayload is the largest payload of a record, in bytes.
const MaxPayload = 32 << 20

const (
	defaultMaxBytes     = 1 << 30
	defaultKeepFor      = 7 * 24 * time.Hour
	defaultSegmentBytes = 8 << 20
	segmentsAtLeast     = 8    // that a full journal has, so that room can be made in small steps
	smallFiles          = 256  // bytes of the id and the checkpoint, within MaxBytes
	leastMaxBytes       = 2048 // below it there is hardly room for one record
)

// Options of a journal.
type Options struct {
	Folder       string                    // made if need be (0700); the caller holds the data folder's lock
	MaxBytes     int64                     // whole size on disk at most; 0: 1 GiB. What is not yet applied may fill it; then Append returns ErrFull
	KeepFor      time.Duration             // applied segments stay so long, to rebuild a store from; 0: 7 days, below 0: not at all
	KeepBytes    int64                     // … and so many bytes of them; 0: half of MaxBytes, below 0: none. Room for what isn't applied comes first
	SegmentBytes int64                     // of one file, about; 0: 8 MiB. At most MaxBytes/8
	Now          func() time.Time          // nil: time.Now
	Log          *slog.Logger              // nil: nothing is logged
	Sync         func(file *os.File) error // makes a file or folder durable; nil: (*os.File).Sync

	writeAt  func(file *os.File, b []byte, off int64) (int, error) // for tests of a disk's faults
	truncate func(file *os.File, size int64) error
}

// filled gives the options with every default in its place.
func (o Options) filled() (Options, error) {
	if o.Folder == "" {
		return o, fmt.Errorf("open the journal: no folder is named: %w", mood.ErrInvalid)
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.MaxBytes < leastMaxBytes {
		return o, fmt.Errorf("open the journal in %s: %d bytes are too few for a journal: use %d or more: %w", o.Folder, o.MaxBytes, leastMaxBytes, mood.ErrInvalid)
	}
	if o.KeepFor == 0 {
		o.KeepFor = defaultKeepFor
	}
	if o.KeepBytes == 0 {
		o.KeepBytes = o.MaxBytes / 2
	}
	if o.SegmentBytes <= 0 {
		o.SegmentBytes = defaultSegmentBytes
	}
	o.SegmentBytes = min(o.SegmentBytes, o.MaxBytes/segmentsAtLeast)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Sync == nil {
		o.Sync = (*os.File).Sync
	}
	if o.writeAt == nil {
		o.writeAt = (*os.File).WriteAt
	}
	if o.truncate == nil {
		o.truncate = (*os.File).Truncate
	}
	return o, nil
}
