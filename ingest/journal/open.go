package journal

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"agora/mood"
)

const (
	idFile     = "id"
	windowSize = 1 << 20 // of compression, in bytes: more costs memory, and saves little
)

// Open opens the journal of a folder, or makes one. It mends what a crash left
// behind and logs what is damaged; only a folder that can't be read or written,
// or one of a newer version, is an error.
func Open(o Options) (*Journal, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	j := &Journal{
		o: o, pins: map[*pin]struct{}{},
		wake: make(chan struct{}, 1), stopped: make(chan struct{}),
	}
	if j.enc, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false), zstd.WithWindowSize(windowSize)); err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	if j.dec, err = zstd.NewReader(nil, zstd.WithDecoderMaxMemory(MaxPayload), zstd.WithDecoderLowmem(true)); err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	if err := j.load(); err != nil {
		return nil, fmt.Errorf("open the journal in %s: %w", o.Folder, err)
	}
	go j.write()
	j.poke()
	return j, nil
}

// load reads what is in the folder.
func (j *Journal) load() error {
	heads, err := j.list()
	if err != nil {
		return err
	}
	if err := j.identify(heads); err != nil {
		return err
	}
	j.leaveStrangers(heads)
	lost, err := j.scan()
	if err != nil {
		return err
	}
	return j.resume(lost)
}

// list finds the segments, and the headers of those whose header is whole.
func (j *Journal) list() (map[*segment]segmentHead, error) {
	entries, err := os.ReadDir(j.o.Folder)
	if err != nil {
		return nil, err
	}
	heads := map[*segment]segmentHead{}
	for _, entry := range entries { // sorted by name
		path := filepath.Join(j.o.Folder, entry.Name())
		if strings.HasSuffix(entry.Name(), draftSuffix) {
			if err := os.Remove(path); err != nil {
				return nil, err
			}
		}
		first, ok := firstOf(entry.Name())
		if !ok || !entry.Type().IsRegular() {
			continue
		}
		s := &segment{path: path, first: first, size: segmentHeader}
		j.segments = append(j.segments, s)
		b, disk, err := readStart(path, segmentHeader)
		if err != nil {
			return nil, err
		}
		s.disk = disk
		head, whole := parseSegmentHead(b)
		if whole && head.version != version {
			return nil, fmt.Errorf("%s is of version %d, and this Agora knows version %d: run the newer Agora that wrote it: %w", path, head.version, version, mood.ErrInvalid)
		}
		if whole && head.first == first {
			heads[s], s.skipped = head, head.skipped
		}
	}
	return heads, nil
}

// identify finds the journal's id: what its own file says, if a segment agrees or
// none is whole; else what most segments say; else a new one.
func (j *Journal) identify(heads map[*segment]segmentHead) error {
	votes := map[string]int{}
	for _, head := range heads {
		votes[head.id]++
	}
	path := filepath.Join(j.o.Folder, idFile)
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	kept := strings.TrimSpace(string(content))
	j.id = kept
	for id, n := range votes {
		if votes[kept] == 0 && n > votes[j.id] {
			j.id = id
		}
	}
	if seed, err := strconv.ParseUint(j.id, 16, 64); err == nil && len(j.id) == 16 {
		j.seed = seed
	} else {
		var b [8]byte
		_, _ = rand.Read(b[:]) // it never fails
		j.id = hex.EncodeToString(b[:])
		j.seed, _ = strconv.ParseUint(j.id, 16, 64)
	}
	if j.id == kept {
		return nil
	}
	if kept != "" {
		j.o.Log.Warn("the file of the journal's id was damaged, and is written anew", slog.String("file", path), slog.String("id", j.id))
	}
	file, err := j.replace(path, []byte(j.id+"\n"))
	if err != nil {
		return err
	}
	return file.Close()
}

// leaveStrangers puts segments of another journal aside.
func (j *Journal) leaveStrangers(heads map[*segment]segmentHead) {
	j.segments = slices.DeleteFunc(j.segments, func(s *segment) bool {
		head, whole := heads[s]
		if !whole || head.id == j.id {
			return false
		}
		aside := s.path + ".strange"
		j.o.Log.Warn("a segment of another journal is put aside", slog.String("file", s.path), slog.String("as", aside),
			slog.String("id", head.id), slog.Any("error", os.Rename(s.path, aside)))
		return true
	})
}

// tail is what was found behind the last whole record of the last segment.
type tail struct {
	bytes   int64  // damaged ones
	numbers uint32 // that records there may have had
	sealed  bool   // nothing more may be appended to the last segment
}

// scan goes through all segments: the headers of records, and in the last one
// their payloads too.
func (j *Journal) scan() (tail, error) {
	var end tail
	expected := uint64(0)
	for i, s := range j.segments {
		lastOne := i == len(j.segments)-1
		bound := uint64(math.MaxInt64)
		if !lastOne {
			bound = j.segments[i+1].first
		}
		file, err := os.Open(s.path)
		if err != nil {
			return end, err
		}
		w := &walker{file: file, seed: j.seed, end: s.disk, bound: bound, deep: lastOne, off: segmentHeader, prev: s.first - 1}
		gap := gaps{expected: expected}
		gap.begin(s)
		damaged := int64(0) // before the last whole record
		for h, off, _, ok := w.next(); ok; h, off, _, ok = w.next() {
			gap.saw(h.seq)
			s.add(h, off)
			damaged = w.damaged
		}
		_ = file.Close() // it was only read
		expected = gap.expected
		if !lastOne {
			gap.report(j.o.Log, s.path, w.damaged)
			continue
		}
		gap.report(j.o.Log, s.path, damaged)
		end.bytes = max(0, s.disk-s.size)
		if end.bytes > 0 {
			// At least one number may have been used there.
			end.numbers = 1
			if high := max(s.high, s.first-1); w.top > high && w.top-high <= uint64(end.bytes) {
				end.numbers = uint32(w.top - high)
			}
		}
		end.sealed = end.bytes > 0 || damaged > 0 || s.disk < segmentHeader
	}
	return end, nil
}

// resume finds where to go on, cuts a damaged end off, and opens the last
// segment.
func (j *Journal) resume(end tail) error {
	j.next = 1
	if n := len(j.segments); n > 0 {
		s := j.segments[n-1]
		j.last = s.first - 1 - uint64(s.skipped)
		j.next = s.first
	}
	for _, s := range j.segments {
		if s.count > 0 {
			j.last, j.next = s.high, max(j.next, s.high+1)
		}
	}
	j.next += uint64(end.numbers)
	j.applied = j.loadApplied()
	j.saved = j.applied
	j.next = max(j.next, j.applied+1)
	if n := len(j.segments); n > 0 {
		s := j.segments[n-1]
		if expected := max(s.high+1, s.first); !end.sealed && j.next == expected {
			file, err := os.OpenFile(s.path, os.O_RDWR, 0)
			if err != nil {
				return err
			}
			j.file = file
			return nil
		}
	}
	// A new segment comes first: what is cut off then can't come back.
	cut := len(j.segments) - 1
	if err := j.roll(); err != nil {
		if disk := sayDisk(j.o.Folder, err); !roomless(err) {
			return disk
		}
		j.o.Log.Warn("the journal can be read, and takes nothing until the disk has room", slog.Any("error", err))
		return nil
	}
	if cut >= 0 && end.bytes > 0 && cut < len(j.segments)-1 {
		s := j.segments[cut]
		err := j.cut(s)
		j.o.Log.Warn("the end of the journal was torn or damaged, and is cut off behind the last whole record",
			slog.String("file", s.path), slog.Int64("bytes", end.bytes), slog.Uint64("last", j.last), slog.Uint64("next", j.next), slog.Any("error", err))
	}
	return nil
}

// cut takes a segment back to the end of its last whole record.
func (j *Journal) cut(s *segment) error {
	file, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err = j.o.truncate(file, s.size); err == nil {
		s.disk = s.size
		err = j.o.Sync(file)
	}
	return errors.Join(err, file.Close())
}

// readStart reads the first bytes of a file, and tells its size.
func readStart(path string, n int) ([]byte, int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, 0, err
	}
	b := make([]byte, n)
	read, _ := file.ReadAt(b, 0) // what can't be read is damaged
	return b[:read], info.Size(), nil
}
