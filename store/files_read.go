package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"
)

// written is when the newest of the files was written; the time of the year
// 9999 if there is none.
func (f *files) written() time.Time {
	newest := time.Time{}
	list, _ := os.ReadDir(f.folder) // load says what is wrong with it
	for _, e := range list {
		if info, err := e.Info(); err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	if newest.IsZero() {
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return newest
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
	size, err := writeBase(f.path(tag, g+1, "base"), latest, f.now())
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
