package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/cespare/xxhash/v2"
)

// The header of a segment, little-endian. Its layout is the same in every
// version, so that an older program can tell a newer one's file from damage.
//
//	 0  magic    8 bytes
//	 8  version  4 bytes
//	12  skipped  4 bytes, numbers before the first that were left out on purpose
//	16  id       16 bytes, the journal's
//	32  first    8 bytes, the first record's number
//	40  sum      8 bytes, xxHash64 of the 40 bytes before
const (
	segmentHeader = 48
	segmentMagic  = "AGORAJNL"
	version       = 1
	segmentSuffix = ".log"
	draftSuffix   = ".tmp"
	markEvery     = 64 << 10 // bytes between two entries of a segment's index
)

// segment is one file of the journal, and what is known of its records.
type segment struct {
	path    string
	first   uint64 // by its name; nothing at or after it is believed of older segments
	skipped uint32
	size    int64 // where its last whole record ends
	disk    int64 // bytes it takes on disk

	count     uint64 // whole records
	low, high uint64 // the first and last of them
	oldest    int64  // Unix milliseconds of the first
	newest    int64  // … and of the last
	marks     []mark // of some records, in order, to find the others by
}

// mark says where a record begins.
type mark struct {
	seq uint64
	off int64
}

// add notes a record that is whole.
func (s *segment) add(h head, off int64) {
	if s.count == 0 {
		s.low, s.oldest = h.seq, h.milli
	}
	s.count++
	s.high, s.newest = h.seq, h.milli
	if n := len(s.marks); n == 0 || off-s.marks[n-1].off >= markEvery {
		s.marks = append(s.marks, mark{h.seq, off})
	}
	s.size = off + h.size()
}

// seek finds a place at or before the record seq.
func (s *segment) seek(seq uint64) int64 {
	i, found := slices.BinarySearchFunc(s.marks, seq, func(m mark, seq uint64) int {
		switch {
		case m.seq < seq:
			return -1
		case m.seq > seq:
			return 1
		}
		return 0
	})
	if !found {
		i--
	}
	if i < 0 {
		return segmentHeader
	}
	return s.marks[i].off
}

// behind estimates how many bytes the records after seq take. It is exact
// where all of them or none are meant.
func (s *segment) behind(seq uint64) int64 {
	switch {
	case s.count == 0 || seq >= s.high:
		return 0
	case seq < s.low:
		return s.size - segmentHeader
	}
	from, to := mark{s.low, segmentHeader}, mark{s.high + 1, s.size}
	for _, m := range s.marks {
		if m.seq <= seq+1 {
			from = m
		} else {
			to = m
			break
		}
	}
	part := float64(seq+1-from.seq) / float64(to.seq-from.seq)
	return s.size - from.off - int64(part*float64(to.off-from.off))
}

func segmentName(first uint64) string { return fmt.Sprintf("%020d%s", first, segmentSuffix) }

// firstOf reads a segment's first number from its name.
func firstOf(name string) (uint64, bool) {
	digits, ok := strings.CutSuffix(name, segmentSuffix)
	if !ok || len(digits) != 20 {
		return 0, false
	}
	first, err := strconv.ParseUint(digits, 10, 63)
	return first, err == nil && first > 0
}

// segmentHead is what the header of a segment says.
type segmentHead struct {
	version, skipped uint32
	id               string
	first            uint64
}

func (h segmentHead) bytes() []byte {
	b := []byte(segmentMagic)
	b = binary.LittleEndian.AppendUint32(b, h.version)
	b = binary.LittleEndian.AppendUint32(b, h.skipped)
	b = append(b, h.id...)
	b = binary.LittleEndian.AppendUint64(b, h.first)
	return binary.LittleEndian.AppendUint64(b, xxhash.Sum64(b))
}

// parseSegmentHead reads a segment's header; false: it isn't whole.
func parseSegmentHead(b []byte) (segmentHead, bool) {
	if len(b) < segmentHeader || string(b[:8]) != segmentMagic || binary.LittleEndian.Uint64(b[40:]) != xxhash.Sum64(b[:40]) {
		return segmentHead{}, false
	}
	return segmentHead{
		version: binary.LittleEndian.Uint32(b[8:]),
		skipped: binary.LittleEndian.Uint32(b[12:]),
		id:      string(b[16:32]),
		first:   binary.LittleEndian.Uint64(b[32:]),
	}, true
}

// create makes a segment that begins with a number, and is durable when it
// returns. It takes the place of one with the same name, which has no record
// that anybody was told of.
func (j *Journal) create(first uint64, skipped uint32) (*segment, *os.File, error) {
	path := filepath.Join(j.o.Folder, segmentName(first))
	content := segmentHead{version: version, skipped: skipped, id: j.id, first: first}.bytes()
	file, err := j.replace(path, content)
	if err != nil {
		return nil, nil, err
	}
	s := &segment{path: path, first: first, skipped: skipped, size: segmentHeader, disk: segmentHeader}
	return s, file, nil
}

// replace writes a file in one step: after a crash there is the old one or the
// new one. The new one stays open.
func (j *Journal) replace(path string, content []byte) (*os.File, error) {
	file, err := os.OpenFile(path+draftSuffix, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = j.o.writeAt(file, content, 0)
	if err == nil {
		err = j.o.Sync(file)
	}
	if err == nil {
		err = os.Rename(path+draftSuffix, path)
	}
	if err == nil {
		err = j.syncFolder()
	}
	if err != nil {
		_ = file.Close() // the first error says more
		_ = os.Remove(path + draftSuffix)
		return nil, err
	}
	return file, nil
}

// syncFolder makes names that came or went durable.
func (j *Journal) syncFolder() error {
	folder, err := os.Open(j.o.Folder)
	if err != nil {
		return err
	}
	err = j.o.Sync(folder)
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil // a file system that does without
	}
	return errors.Join(err, folder.Close())
}

func milliTime(milli int64) time.Time { return time.UnixMilli(milli).UTC() }
