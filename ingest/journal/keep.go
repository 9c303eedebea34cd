package journal

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/cespare/xxhash/v2"
)

const (
	appliedFile = "applied"
	saveAfter   = time.Second // the checkpoint is written so long after it moved
)

// Applied says that all records up to seq are safely counted elsewhere: their
// segments may go. It is kept over restarts, a moment later; losing it means
// to read more again.
func (j *Journal) Applied(seq uint64) {
	j.mu.Lock()
	seq = min(seq, j.last)
	moved := seq > j.applied
	if moved {
		j.applied = seq
	}
	j.mu.Unlock()
	if moved {
		j.poke()
	}
}

// Full says that Append would return [ErrFull], for a record as large as the
// one that was refused last.
func (j *Journal) Full() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	room := j.room()
	for i := range j.segments {
		if !j.isApplied(i) {
			break
		}
		room += j.segments[i].disk
	}
	if room >= max(j.wanted, recordHeader+1) {
		j.fullSince, j.wanted = time.Time{}, 0
		return false
	}
	if j.fullSince.IsZero() {
		j.fullSince = j.o.Now()
	}
	return true
}

// bytes is what the segments take on disk. The caller holds the lock, as for
// all below that don't take it.
func (j *Journal) bytes() (sum int64) {
	for _, s := range j.segments {
		sum += s.disk
	}
	return sum
}

// room is how many bytes of records fit, a new segment's header set aside.
func (j *Journal) room() int64 {
	return j.o.MaxBytes - smallFiles - segmentHeader - j.bytes()
}

// isApplied tells whether every record of a segment is.
func (j *Journal) isApplied(i int) bool {
	s := j.segments[i]
	switch {
	case s.count > 0:
		return s.high <= j.applied
	case i+1 < len(j.segments):
		return j.segments[i+1].first-1 <= j.applied // nobody knows what was in it
	}
	return j.last <= j.applied
}

// makeRoom removes applied segments, the oldest first, until there is room for
// so many bytes or nothing more may go.
func (j *Journal) makeRoom(need int64) {
	for need > 0 {
		j.mu.Lock()
		enough := j.room() >= need
		may := len(j.segments) > 0 && j.isApplied(0)
		only := len(j.segments) == 1
		filled := may && j.segments[0].count > 0
		j.mu.Unlock()
		if enough || !may || only && !filled {
			return
		}
		if only {
			if err := j.roll(); err != nil {
				j.o.Log.Warn("the journal can't begin a new file", slog.Any("error", sayDisk(j.o.Folder, err)))
				return
			}
		}
		if !j.removeOldest() {
			return
		}
	}
}

// tidy removes applied segments that were kept long enough. Those that are
// just read stay for that long.
func (j *Journal) tidy() {
	for {
		j.mu.Lock()
		n := len(j.segments)
		due := n > 0 && j.isApplied(0) && !j.pinned(j.segments[0])
		old := due && j.tooOld(j.segments[0])
		due = due && n > 1 && (old || j.tooMany())
		only := old && n == 1 && j.segments[0].count > 0
		j.mu.Unlock()
		if only && j.roll() == nil { // a disk that refuses it is asked again in a minute
			continue
		}
		if !due || !j.removeOldest() {
			return
		}
	}
}

func (j *Journal) tooOld(s *segment) bool {
	return s.count == 0 || j.o.Now().Sub(milliTime(s.newest)) > j.o.KeepFor
}

// tooMany tells whether more is kept of what is applied than may be.
func (j *Journal) tooMany() bool {
	kept := int64(0)
	for i := range len(j.segments) - 1 {
		if !j.isApplied(i) {
			break
		}
		kept += j.segments[i].disk
	}
	return kept > j.o.KeepBytes
}

// removeOldest removes a segment. It is gone for good before the next one may
// go: an older one that came back without the one behind it could bring a
// batch along that had failed.
func (j *Journal) removeOldest() bool {
	j.mu.Lock()
	s := j.segments[0]
	j.mu.Unlock()
	err := os.Remove(s.path)
	if err == nil || errors.Is(err, os.ErrNotExist) {
		err = j.syncFolder()
	}
	if err != nil {
		j.o.Log.Warn("a file of the journal that isn't needed any more can't be removed", slog.String("file", s.path), slog.Any("error", err))
		return false
	}
	j.mu.Lock()
	j.segments = append([]*segment(nil), j.segments[1:]...)
	j.mu.Unlock()
	return true
}

// saveApplied writes the checkpoint: a line with the journal's id, the number
// and a checksum. It isn't worth an fsync.
func (j *Journal) saveApplied() error {
	j.mu.Lock()
	applied := j.applied
	j.mu.Unlock()
	if applied == j.saved {
		return nil
	}
	path := filepath.Join(j.o.Folder, appliedFile)
	if err := os.WriteFile(path+draftSuffix, []byte(appliedLine(j.id, applied)), 0o600); err != nil {
		return err
	}
	if err := os.Rename(path+draftSuffix, path); err != nil {
		return err
	}
	j.saved = applied
	return nil
}

// loadApplied reads the checkpoint; 0: there is none that can be believed.
func (j *Journal) loadApplied() uint64 {
	content, err := os.ReadFile(filepath.Join(j.o.Folder, appliedFile))
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	if fields := strings.Fields(string(content)); err == nil && len(fields) == 3 {
		applied, err := strconv.ParseUint(fields[1], 10, 63)
		if err == nil && string(content) == appliedLine(j.id, applied) {
			return applied
		}
	}
	j.o.Log.Warn("how far the journal was applied isn't known any more: all of it is read again", slog.Any("error", err))
	return 0
}

func appliedLine(id string, applied uint64) string {
	line := fmt.Sprintf("%s %d", id, applied)
	return fmt.Sprintf("%s %016x\n", line, xxhash.Sum64String(line))
}

// roomless tells whether a disk has no room.
func roomless(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
