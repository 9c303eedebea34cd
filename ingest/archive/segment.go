package archive

import (
	"bytes"
	"context"
	crypto "crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// The header of a segment, little-endian:
//
//	 0  magic    8 bytes
//	 8  version  4 bytes
//	12  reserved 4 bytes
//	16  seed     8 bytes, of the sums in it
//	24  sum      8 bytes, xxHash64 of the 24 before
const (
	segmentHeader = 32
	segmentMagic  = "AGORATXT"
	version       = 1
	segmentSuffix = ".texts"
)

// segment is one file of the archive, and what is known of its blocks.
type segment struct {
	path   string
	seed   uint64
	size   int64 // where its last whole block ends
	draft  int64 // bytes behind it of the block that is filled
	blocks []blockAt
	begun  int64 // Unix milliseconds: about when its first text came
	newest int64
	lanes  map[string]laneBytes
}

// blockAt is a block, and where it is.
type blockAt struct {
	head
	off int64
}

func (s *segment) add(b blockAt, lanes map[string]laneBytes) {
	s.blocks = append(s.blocks, b)
	s.size = b.off + b.size()
	s.newest = max(s.newest, b.newest)
	for name, n := range lanes {
		have := s.lanes[name]
		have.add(n)
		s.lanes[name] = have
	}
}

func segmentName(first uint64) string { return fmt.Sprintf("%020d%s", first, segmentSuffix) }

func parseSegmentHead(b []byte) (seed uint64, ok bool) {
	if len(b) < segmentHeader || string(b[:8]) != segmentMagic || binary.LittleEndian.Uint64(b[24:]) != xxhash.Sum64(b[:24]) ||
		binary.LittleEndian.Uint32(b[8:]) != version {
		return 0, false
	}
	return binary.LittleEndian.Uint64(b[16:]), true
}

// create begins a segment.
func (a *Archive) create(first uint64) (*segment, *os.File, error) {
	var seed [8]byte
	if _, err := crypto.Read(seed[:]); err != nil {
		return nil, nil, err
	}
	b := binary.LittleEndian.AppendUint32([]byte(segmentMagic), version)
	b = append(append(b, 0, 0, 0, 0), seed[:]...)
	b = binary.LittleEndian.AppendUint64(b, xxhash.Sum64(b))
	path := filepath.Join(a.o.Folder, segmentName(first))
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, err
	}
	if _, err := a.o.writeAt(file, b, 0); err != nil {
		return nil, nil, errors.Join(err, file.Close(), os.Remove(path))
	}
	return &segment{
		path: path, seed: binary.LittleEndian.Uint64(seed[:]), size: segmentHeader,
		begun: a.o.Now().UnixMilli(), lanes: map[string]laneBytes{},
	}, file, nil
}

// load reads what is in the folder: headers and indexes, no texts.
func (a *Archive) load() error {
	entries, err := os.ReadDir(a.o.Folder)
	if err != nil {
		return err
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() && strings.HasSuffix(e.Name(), segmentSuffix) {
			names = append(names, e.Name())
		}
	}
	sort.Strings(names)
	for _, name := range names {
		path := filepath.Join(a.o.Folder, name)
		s, err := a.loadSegment(path)
		if err != nil {
			return err
		}
		if s == nil || len(s.blocks) == 0 {
			if s == nil {
				a.o.Log.Error("a file of the archive of texts can't be read, and is removed: it is damaged, or of another version", slog.String("file", path))
			}
			if err := os.Remove(path); err != nil {
				return err
			}
			continue
		}
		a.segments = append(a.segments, s)
	}
	now := a.o.Now()
	for _, s := range a.segments {
		for name, n := range s.lanes {
			_, l := a.laneOf(name)
			l.held += n.kept
			age := max(0, float64(now.UnixMilli()-s.newest)/1000)
			l.decay(now)
			l.perSecond += float64(n.offered) / laneMemory.Seconds() * math.Exp(-age/laneMemory.Seconds())
			l.sampling = n.rate > 0
		}
	}
	if n := len(a.segments); n > 0 {
		s := a.segments[n-1]
		file, err := os.OpenFile(s.path, os.O_RDWR, 0)
		if err == nil {
			err = file.Truncate(s.size)
		}
		if err == nil {
			a.file = file
		} else if file != nil {
			_ = file.Close() // the next block begins a new one
		}
	}
	return nil
}

// first is the number of the oldest record: on disk, or else in memory.
func (a *Archive) first() uint64 {
	for _, s := range a.segments {
		if len(s.blocks) > 0 {
			return s.blocks[0].first
		}
	}
	if len(a.queue) > 0 {
		return a.queue[0].first
	}
	return a.cur.first
}

// loadSegment reads the headers of a segment. Nil: it isn't one.
func (a *Archive) loadSegment(path string) (*segment, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	end := info.Size()
	var b [segmentHeader]byte
	if n, _ := file.ReadAt(b[:], 0); n < segmentHeader {
		return nil, nil //nolint:nilnil // nothing was ever in it
	}
	seed, ok := parseSegmentHead(b[:])
	if !ok {
		return nil, nil //nolint:nilnil // it isn't one
	}
	s := &segment{path: path, seed: seed, size: segmentHeader, lanes: map[string]laneBytes{}}
	var whole []byte // read when there is damage
	damaged, torn := int64(0), false
	for off := int64(segmentHeader); off+blockHeader <= end; {
		ids, lanes, h, ok := a.loadBlock(file, off, end, seed)
		if ok && h.first >= a.next {
			if len(s.blocks) == 0 {
				s.begun = h.newest
			}
			s.add(blockAt{h, off}, lanes)
			a.raw += int64(h.raw)
			for i, id := range ids {
				seq := h.first + uint64(i)
				if id&bitReplaces != 0 {
					a.replaced[id&^idBits] = seq
				}
				if id&bitWithdrawn != 0 {
					a.gone[id&^idBits] = true
				}
				a.ids.add(id &^ idBits)
			}
			a.next = h.first + uint64(h.count)
			off += h.size()
			continue
		}
		if whole == nil {
			if whole, err = os.ReadFile(path); err != nil {
				return nil, err
			}
		}
		from := off
		off = end
		if i := bytes.Index(whole[min(from+1, int64(len(whole))):], []byte(marker)); i >= 0 {
			off = from + 1 + int64(i)
		}
		damaged += off - from
		torn = off == end
	}
	if damaged > 0 {
		level, text := slog.LevelError, "the archive of texts is damaged: what is there is left out"
		if torn {
			level, text = slog.LevelInfo, "the archive of texts ends in the middle of a block, which is left out"
		}
		a.o.Log.LogAttrs(context.Background(), level, text, slog.String("file", path), slog.Int64("bytes", damaged))
	}
	return s, nil
}

// loadBlock reads the header and the index of a block.
func (a *Archive) loadBlock(file *os.File, off, end int64, seed uint64) (ids []uint64, lanes map[string]laneBytes, h head, ok bool) {
	var b [blockHeader]byte
	if n, _ := file.ReadAt(b[:], off); n < blockHeader {
		return nil, nil, h, false
	}
	h, ok = parseHead(b[:], seed)
	if !ok || off+h.size() > end {
		return nil, nil, h, false
	}
	index := make([]byte, h.index)
	if n, _ := file.ReadAt(index, off+blockHeader); n < len(index) || sum(seed, index) != h.indexSum {
		return nil, nil, h, false
	}
	ids, lanes, ok = parseIndex(index, int(h.count))
	return ids, lanes, h, ok
}

// retire removes the oldest segment, and forgets its ids.
func (a *Archive) retire() error {
	a.mu.Lock()
	s := a.segments[0]
	last := len(a.segments) == 1
	a.mu.Unlock()
	if last && a.file != nil {
		_ = a.file.Close() // it goes anyway
		a.file = nil
	}
	var old []uint64
	if file, err := os.Open(s.path); err == nil {
		for _, b := range s.blocks {
			if ids, _, _, ok := a.loadBlock(file, b.off, math.MaxInt64, s.seed); ok {
				old = append(old, ids...)
			}
		}
		_ = file.Close() // it was only read
	}
	if err := os.Remove(s.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.segments = append([]*segment(nil), a.segments[1:]...)
	for _, b := range s.blocks {
		a.raw -= int64(b.raw)
	}
	for name, n := range s.lanes {
		if l := a.lanes[name]; l != nil {
			if l.held -= n.kept; l.held <= 0 && a.o.Now().Sub(l.at) > laneMemory {
				delete(a.lanes, name)
			}
		}
	}
	first := a.first()
	for _, id := range old {
		id &^= idBits
		seq, replaced := a.replaced[id]
		if replaced && seq >= first {
			continue // a newer one is kept
		}
		delete(a.replaced, id)
		delete(a.gone, id)
		a.ids.remove(id)
	}
	return nil
}
