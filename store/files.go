package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"
)

// The files of the embedded store. Each hash tag has its own: a base, which
// holds all its keys, and a log of keys that changed since, in blocks that are
// appended and fsynced. When the log has outgrown the base, the next
// generation's base is made of the two, under another name, and the
// generation before is kept; so a damaged base is made good from the one
// before and both logs.
//
// A file is a sequence of blocks: length (4 bytes), xxHash of the payload (8),
// payload (entries, see codec.go). A base ends with an empty block: without
// it, it isn't whole.

const (
	compactAt   = 4 << 20 // bytes of a log, at least, before a new base is made
	blockTarget = 1 << 20
	cleanFile   = "clean"
)

var errDamaged = errors.New("damaged")

type files struct {
	folder string
	log    *slog.Logger
	clean  bool // the files were written to the end when they were written last
	tags   map[string]*tagFiles
}

// tagFiles are the files of one tag.
type tagFiles struct {
	generation int
	base, log  int64 // bytes
	broken     bool  // the log may end in half a block
}

// openFiles takes a folder over, and makes it if need be.
func openFiles(folder string, log *slog.Logger) (*files, error) {
	folder = filepath.Join(folder, "store")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	return &files{folder: folder, log: log, tags: map[string]*tagFiles{}}, nil
}

func (f *files) path(tag string, generation int, kind string) string {
	return filepath.Join(f.folder, "t-"+url.PathEscape(tag)+"."+strconv.Itoa(generation)+"."+kind)
}

// load hands every key of the files to use, oldest state first.
func (f *files) load(use func(entry)) error {
	list, err := os.ReadDir(f.folder)
	if err != nil {
		return err
	}
	generations := map[string]int{}
	for _, e := range list {
		if strings.HasSuffix(e.Name(), ".new") {
			os.Remove(filepath.Join(f.folder, e.Name())) // a base that was never finished
			continue
		}
		parts := strings.Split(strings.TrimPrefix(e.Name(), "t-"), ".")
		if !strings.HasPrefix(e.Name(), "t-") || len(parts) < 3 {
			continue
		}
		g, err := strconv.Atoi(parts[len(parts)-2])
		tag, err2 := url.PathUnescape(strings.Join(parts[:len(parts)-2], "."))
		if err != nil || err2 != nil {
			continue
		}
		if have, ok := generations[tag]; !ok || g > have {
			generations[tag] = g
		}
	}
	clean := filepath.Join(f.folder, cleanFile)
	_, err = os.Stat(clean)
	f.clean = err == nil || len(generations) == 0
	if err := os.Remove(clean); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for tag, g := range generations {
		if err := f.loadTag(tag, g, use); err != nil {
			return err
		}
	}
	return syncFolder(f.folder)
}

func (f *files) loadTag(tag string, g int, use func(entry)) error {
	t := &tagFiles{generation: g}
	f.tags[tag] = t
	base := f.path(tag, g, "base")
	n, err := readBase(base, use)
	t.base = n
	switch {
	case errors.Is(err, os.ErrNotExist) && g == 0:
		// A first generation has no base: it began empty.
	case errors.Is(err, errDamaged), errors.Is(err, os.ErrNotExist):
		return f.goBack(tag, t, err, use)
	case err != nil:
		return err
	}
	if t.log, err = f.readLog(f.path(tag, g, "log"), use); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return f.truncate(f.path(tag, g, "log"), t.log)
}

// goBack loads a tag whose base is damaged from the generation before, and
// makes a sound generation of it.
func (f *files) goBack(tag string, t *tagFiles, damage error, use func(entry)) error {
	g := t.generation
	base := f.path(tag, g, "base")
	f.clean = false
	f.log.Error("a file of the embedded store is damaged: going back to the one before it, and what was noted since",
		"file", base, "error", damage)
	latest := map[string]entry{}
	collect := func(x entry) { latest[x.Key] = x }
	before := f.path(tag, g-1, "base")
	if _, err := readBase(before, collect); err != nil && (g > 1 || !errors.Is(err, os.ErrNotExist)) {
		f.log.Error("the one before is damaged as well: what it held is lost, counting goes on without",
			"file", before, "error", err)
	}
	for _, n := range [...]int{g - 1, g} {
		if _, err := f.readLog(f.path(tag, n, "log"), collect); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	for key, x := range latest {
		if x.Type == "" {
			delete(latest, key)
			continue
		}
		use(x)
	}
	size, err := writeBase(f.path(tag, g+1, "base"), latest, time.Now().UnixMilli())
	if err != nil {
		return err
	}
	t.generation, t.base = g+1, size
	return nil
}

func (f *files) truncate(path string, size int64) error {
	if err := os.Truncate(path, size); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// readBase reads a whole base before it uses any of it.
func readBase(path string, use func(entry)) (int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var entries []entry
	size, whole, err := readBlocks(file, func(x entry) { entries = append(entries, x) })
	if err != nil {
		return 0, err
	}
	if !whole {
		return 0, errDamaged
	}
	for _, x := range entries {
		use(x)
	}
	return size, nil
}

// readLog reads a log up to its end, or to where it was torn, and gives the
// size of what is sound.
func (f *files) readLog(path string, use func(entry)) (int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	size, _, err := readBlocks(file, use)
	if errors.Is(err, errDamaged) {
		f.clean = false
		f.log.Warn("the end of a file of the embedded store was not written to the end: it is left out",
			"file", path, "sound_bytes", size)
		err = nil
	}
	return size, err
}

// readBlocks reads blocks and gives the bytes of the sound ones. whole tells
// whether the empty block that ends a base was met.
func readBlocks(r io.Reader, use func(entry)) (size int64, whole bool, err error) {
	in := bufio.NewReaderSize(r, 1<<16)
	var head [12]byte
	for {
		if _, err := io.ReadFull(in, head[:]); err != nil {
			if errors.Is(err, io.EOF) {
				return size, false, nil
			}
			return size, false, damagedOr(err)
		}
		n := binary.BigEndian.Uint32(head[:4])
		if n > 1<<30 {
			return size, false, errDamaged
		}
		payload := make([]byte, n)
		if _, err := io.ReadFull(in, payload); err != nil {
			return size, false, damagedOr(err)
		}
		if xxhash.Sum64(payload) != binary.BigEndian.Uint64(head[4:]) {
			return size, false, errDamaged
		}
		size += int64(len(head)) + int64(n)
		if n == 0 {
			return size, true, nil
		}
		if err := decodeEntries(payload, use); err != nil {
			return size, false, err
		}
	}
}

func damagedOr(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errDamaged
	}
	return err
}

func writeBlock(w io.Writer, payload []byte) error {
	var head [12]byte
	binary.BigEndian.PutUint32(head[:4], uint32(len(payload)))
	binary.BigEndian.PutUint64(head[4:], xxhash.Sum64(payload))
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	_, err := w.Write(payload)
	return err
}

// append notes the new states of keys, durably.
func (f *files) append(tag string, entries []entry) error {
	t := f.tags[tag]
	if t == nil {
		t = &tagFiles{}
		f.tags[tag] = t
	}
	path := f.path(tag, t.generation, "log")
	if t.broken {
		if err := f.truncate(path, t.log); err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
	}
	var payload []byte
	for _, x := range entries {
		payload = appendEntry(payload, x)
	}
	t.broken = true
	if err := appendTo(path, payload); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	t.broken = false
	created := t.log == 0
	t.log += int64(len(payload)) + 12
	if created {
		if err := syncFolder(f.folder); err != nil {
			return err
		}
	}
	if t.log > max(compactAt, t.base) {
		return f.compact(tag, t)
	}
	return nil
}

func appendTo(path string, payload []byte) (err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := bufio.NewWriter(file)
	if err := writeBlock(w, payload); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Sync()
}

// compact makes the next generation's base of this one's base and log.
func (f *files) compact(tag string, t *tagFiles) error {
	latest := map[string]entry{}
	use := func(x entry) {
		if x.Type == "" {
			delete(latest, x.Key)
		} else {
			latest[x.Key] = x
		}
	}
	if _, err := readBase(f.path(tag, t.generation, "base"), use); err != nil && (t.generation > 0 || !errors.Is(err, os.ErrNotExist)) {
		return fmt.Errorf("read %s: %w", f.path(tag, t.generation, "base"), err)
	}
	if _, err := f.readLog(f.path(tag, t.generation, "log"), use); err != nil {
		return err
	}
	next := f.path(tag, t.generation+1, "base")
	size, err := writeBase(next, latest, time.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("write %s: %w", next, err)
	}
	if err := syncFolder(f.folder); err != nil {
		return err
	}
	old := t.generation - 1
	t.generation, t.base, t.log = t.generation+1, size, 0
	for _, kind := range [...]string{"base", "log"} {
		if err := os.Remove(f.path(tag, old, kind)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

func writeBase(path string, entries map[string]entry, now int64) (size int64, err error) {
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := bufio.NewWriterSize(file, 1<<16)
	var payload []byte
	flush := func() error {
		size += int64(len(payload)) + 12
		err := writeBlock(w, payload)
		payload = payload[:0]
		return err
	}
	for _, x := range entries {
		if x.Expiry != 0 && x.Expiry <= now {
			continue
		}
		if payload = appendEntry(payload, x); len(payload) > blockTarget {
			if err := flush(); err != nil {
				return 0, err
			}
		}
	}
	if len(payload) > 0 {
		if err := flush(); err != nil {
			return 0, err
		}
	}
	if err := flush(); err != nil { // the empty block: this base is whole
		return 0, err
	}
	if err := w.Flush(); err != nil {
		return 0, err
	}
	if err := file.Sync(); err != nil {
		return 0, err
	}
	return size, os.Rename(path+".new", path)
}

// close marks that everything was written.
func (f *files) close() error {
	file, err := os.OpenFile(filepath.Join(f.folder, cleanFile), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	return syncFolder(f.folder)
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
