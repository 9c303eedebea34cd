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

// compactAt is how many bytes a log has, at least, before a new base is made.
const compactAt = 4 << 20

const (
	blockTarget = 1 << 20
	cleanFile   = "clean"
)

var errDamaged = errors.New("damaged")

type files struct {
	folder string
	at     func(point string)
	now    func() int64 // ms: what expired before it is left out
	log    *slog.Logger
	least  int64 // bytes of a log before a new base is made of it
	clean  bool  // the files were written to the end when they were written last
	tags   map[string]*tagFiles
}

// tagFiles are the files of one tag.
type tagFiles struct {
	generation int
	base, log  int64 // bytes
	named      bool  // the log's name is durable
	broken     bool  // the log may end in half a block
}

// openFiles takes a folder over, and makes it if need be.
func openFiles(folder string, at func(point string), log *slog.Logger) (*files, error) {
	folder = filepath.Join(folder, "store")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	return &files{folder: folder, least: compactAt, at: at, log: log, tags: map[string]*tagFiles{}}, nil
}

func (f *files) path(tag string, generation int, kind string) string {
	return filepath.Join(f.folder, "t-"+url.PathEscape(tag)+"."+strconv.Itoa(generation)+"."+kind)
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
	f.at("store: before a log is written")
	if err := appendTo(path, payload); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	t.broken = false
	f.at("store: after a log is written")
	t.log += int64(len(payload)) + 12
	if !t.named {
		if err := syncFolder(f.folder); err != nil {
			return err
		}
		t.named = true
	}
	if t.log > max(f.least, t.base) {
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
	size, err := writeBase(next, latest, f.now())
	if err != nil {
		return fmt.Errorf("write %s: %w", next, err)
	}
	f.at("store: after a base is named")
	if err := syncFolder(f.folder); err != nil {
		return err
	}
	f.at("store: before a base is removed")
	old := t.generation - 1
	t.generation, t.base, t.log, t.named = t.generation+1, size, 0, false
	for _, kind := range [...]string{"base", "log"} {
		if err := os.Remove(f.path(tag, old, kind)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		f.at("store: after an old file is removed")
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
