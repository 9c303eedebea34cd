package journal

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"agora/mood"
)

// disk knows what of a folder would be left after a crash at any time: what
// was fsynced for sure, and of the rest some, none or all.
type disk struct {
	mu      sync.Mutex // held while a crash is tried; it guards the ledger too
	t       *testing.T
	folder  string
	names   map[string]*inode // as the folder was last fsynced
	inodes  map[uint64]*inode
	crashes func() // called where a crash is to be tried
	fail    func(what string) error
	refused int
}

type inode struct {
	file    *os.File // keeps its number from being given again
	durable []byte
	// A failed fsync makes the kernel forget what was to be written: the next
	// one goes well, and proves nothing.
	forgotten bool
}

func newDisk(t *testing.T) *disk {
	d := &disk{t: t, folder: t.TempDir(), names: map[string]*inode{}, inodes: map[uint64]*inode{}, crashes: func() {}, fail: func(string) error { return nil }}
	t.Cleanup(func() {
		for _, node := range d.inodes {
			_ = node.file.Close()
		}
	})
	return d
}

func (d *disk) inode(path string) *inode {
	file, err := os.Open(path)
	if err != nil {
		d.t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		d.t.Fatal(err)
	}
	number := info.Sys().(*syscall.Stat_t).Ino
	if node := d.inodes[number]; node != nil {
		_ = file.Close()
		return node
	}
	d.inodes[number] = &inode{file: file}
	return d.inodes[number]
}

func (n *inode) content(t *testing.T) []byte {
	info, err := n.file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, info.Size())
	if _, err := n.file.ReadAt(b, 0); err != nil && len(b) > 0 {
		t.Fatal(err)
	}
	return b
}

func (d *disk) current() map[string]*inode {
	entries, err := os.ReadDir(d.folder)
	if err != nil {
		d.t.Fatal(err)
	}
	names := map[string]*inode{}
	for _, entry := range entries {
		names[entry.Name()] = d.inode(filepath.Join(d.folder, entry.Name()))
	}
	return names
}

// sync is an fsync that may fail, with a crash before and after it.
func (d *disk) sync(file *os.File) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := d.current()
	d.crashes()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	node := d.inodes[info.Sys().(*syscall.Stat_t).Ino]
	if err := d.fail("sync"); err != nil {
		d.refused++
		if node != nil {
			node.forgotten = true
		}
		return err
	}
	if file.Name() == d.folder {
		d.names = names
	} else if !node.forgotten {
		node.durable = node.content(d.t)
	}
	d.crashes()
	return nil
}

func (d *disk) tried(what string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.fail(what)
	if err != nil {
		d.refused++
	}
	return err
}

// writeAt may fail after a part.
func (d *disk) writeAt(file *os.File, b []byte, off int64) (int, error) {
	if err := d.tried("write"); err != nil {
		n, _ := file.WriteAt(b[:len(b)*2/3], off)
		return n, err
	}
	return file.WriteAt(b, off)
}

// truncate may fail, or seem to go well and never reach the disk.
func (d *disk) truncate(file *os.File, size int64) error {
	if err := d.tried("truncate"); err != nil {
		return err
	}
	return file.Truncate(size)
}

// crashed is a folder as a crash may leave it. Chance below 0 leaves all that
// was written, above 1 only what was fsynced, between them any mixture. The caller holds the lock.
func (d *disk) crashed(dice *rand.Rand, chance float64) string {
	to := d.t.TempDir()
	current := d.current()
	all := maps.Clone(current)
	maps.Copy(all, d.names)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		node := current[name]
		if dice.Float64() < chance {
			node = d.names[name]
		}
		if node == nil {
			continue
		}
		content := node.content(d.t)
		if dice.Float64() < chance {
			written := content
			content = slices.Clone(node.durable)
			if more := len(written) - len(content); chance < 1 && more > 0 {
				// A part of what is new, or all of its length with holes.
				part := written[len(content):][:dice.IntN(more+1)]
				content = append(content, part...)
				if dice.IntN(2) == 0 {
					content = append(content, make([]byte, len(written)-len(content))...)
				}
			}
		}
		if err := os.WriteFile(filepath.Join(to, name), content, 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
	return to
}

// ledger is who was told what.
type ledger struct {
	acked   map[uint64]string
	applied uint64
}

// check opens a folder after a crash. What was acknowledged and isn't applied
// must be there, and no number may read as something else than it was
// acknowledged for.
func (l *ledger) check(t *testing.T, what, folder string, o Options) {
	t.Helper()
	o.Folder, o.Sync, o.writeAt, o.truncate = folder, unsynced, nil, nil
	for round := range 2 {
		j, err := Open(o)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		got := records(t, j, 0)
		for seq, payload := range l.acked {
			read, there := got[seq]
			if there && read != payload {
				t.Fatalf("%s: record %d reads as %q, and was acknowledged as %q", what, seq, read, payload)
			}
			if !there && (seq > l.applied || seq >= j.First()) {
				t.Fatalf("%s: record %d was acknowledged and is gone; the first is %d, %d are applied", what, seq, j.First(), l.applied)
			}
		}
		if j.applied > l.applied {
			t.Fatalf("%s: %d records are said to be applied, and %d are", what, j.applied, l.applied)
		}
		if round == 0 {
			seq, err := j.Append(context.Background(), []byte("after the crash"))
			if err != nil && !errors.Is(err, ErrFull) {
				t.Fatalf("%s: %v", what, err)
			}
			if l.acked[seq] != "" {
				t.Fatalf("%s: the number %d is given a second time", what, seq)
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACrashBetweenAnyTwoStepsLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	rounds := uint64(6)
	if os.Getenv("AGORA_TORTURE") != "" {
		rounds = 300
	}
	for round := range rounds {
		dice := rand.New(rand.NewPCG(round, 3))
		d := newDisk(t)
		o := Options{Folder: d.folder, MaxBytes: 3 << 10, SegmentBytes: 300, KeepBytes: 700, Sync: d.sync, writeAt: d.writeAt, truncate: d.truncate}
		l := &ledger{acked: map[uint64]string{}}
		var crashed []func() // to be looked at by the test's own goroutine
		d.crashes = func() {
			for _, chance := range []float64{-1, 2, 0.5} {
				folder, then := d.crashed(dice, chance), ledger{acked: maps.Clone(l.acked), applied: l.applied}
				crashed = append(crashed, func() { then.check(t, fmt.Sprintf("round %d", round), folder, o) })
			}
		}
		look := func() {
			d.mu.Lock()
			now := crashed
			crashed = nil
			d.mu.Unlock()
			for _, check := range now {
				check()
			}
		}
		faults := 0.0
		d.fail = func(what string) error {
			if dice.Float64() >= faults {
				return nil
			}
			if dice.IntN(2) == 0 {
				return &os.PathError{Op: what, Path: d.folder, Err: syscall.ENOSPC}
			}
			return &os.PathError{Op: what, Path: d.folder, Err: syscall.EIO}
		}
		j, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		d.mu.Lock()
		faults = []float64{0, 0.1, 0.4}[round%3]
		d.mu.Unlock()
		for i := range 40 {
			payload := fmt.Sprintf("%d: %s", i, payloadOf(i%7))
			seq, err := j.Append(context.Background(), []byte(payload))
			d.mu.Lock()
			switch {
			case err == nil:
				if l.acked[seq] != "" {
					t.Fatalf("round %d: the number %d is given a second time", round, seq)
				}
				l.acked[seq] = payload
			case errors.Is(err, mood.ErrUnavailable):
			default:
				t.Fatalf("round %d: %v", round, err)
			}
			if dice.IntN(3) == 0 && j.Last() > 0 {
				l.applied = max(l.applied, min(j.Last(), l.applied+dice.Uint64N(9)))
			}
			applied := l.applied
			d.mu.Unlock()
			j.Applied(applied)
			look()
		}
		d.mu.Lock()
		faults, d.crashes = 0, func() {}
		d.mu.Unlock()
		if seq, err := j.Append(context.Background(), []byte("the disk is well again")); err == nil {
			l.acked[seq] = "the disk is well again"
		} else if !errors.Is(err, ErrFull) {
			t.Fatalf("round %d: the disk is well, and still: %v", round, err)
		}
		if round%3 > 0 && d.refused == 0 {
			t.Fatalf("round %d: no fault was tried", round)
		}
		for seq := range l.acked {
			if seq > l.applied && records(t, j, seq)[seq] != l.acked[seq] {
				t.Fatalf("round %d: record %d was acknowledged, and can't be read", round, seq)
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		look()
	}
}

func TestNothingOfAFailedBatchComesBackOnceItsNumberIsGivenAgain(t *testing.T) {
	for name, broken := range map[string]map[string]bool{
		"the fsync fails":                         {"sync": true},
		"the write fails":                         {"write": true},
		"the write and the cut fail":              {"write": true, "truncate": true},
		"the fsync and the cut fail":              {"sync": true, "truncate": true},
		"the write fails, and the cut isn't kept": {"write": true, "sync": true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDisk(t)
			o := Options{Folder: d.folder, MaxBytes: 1 << 20, Sync: d.sync, writeAt: d.writeAt, truncate: d.truncate}
			j := opened(t, o)
			l := &ledger{acked: map[uint64]string{appended(t, j, []byte("kept")): "kept"}}
			var on atomic.Bool
			on.Store(true)
			d.fail = func(what string) error {
				if on.Load() && broken[what] {
					return &os.PathError{Op: what, Path: d.folder, Err: syscall.EIO}
				}
				return nil
			}
			for range 3 {
				if _, err := j.Append(context.Background(), []byte("refused, and long enough to be seen behind another")); !errors.Is(err, mood.ErrUnavailable) {
					t.Fatalf("the append tells %v, want one to try again later", err)
				}
			}
			l.check(t, "a crash after the failure", d.crashed(rand.New(rand.NewPCG(1, 1)), -1), o)
			on.Store(false)
			seq := appended(t, j, []byte("next"))
			l.acked[seq] = "next"
			if got := records(t, j, 0); seq != 2 || len(got) != 2 || got[2] != "next" {
				t.Fatalf("number %d; there is %v", seq, got)
			}
			for _, chance := range []float64{-1, 2} {
				crashed := d.crashed(rand.New(rand.NewPCG(1, 1)), chance)
				l.check(t, "a crash after the next append", crashed, o)
				o := o
				o.Folder, o.Sync, o.writeAt, o.truncate = crashed, unsynced, nil, nil
				after := opened(t, o)
				if got := records(t, after, 0); len(got) != 3 { // and what check appended
					t.Errorf("after a crash there is %v", got)
				}
			}
		})
	}
}

func TestAFullDiskIsSaidWithWhatToDoAndRecoversByItself(t *testing.T) {
	d := newDisk(t)
	var full atomic.Bool
	d.fail = func(what string) error {
		if full.Load() {
			return &os.PathError{Op: what, Path: d.folder, Err: syscall.ENOSPC}
		}
		return nil
	}
	j := opened(t, Options{Folder: d.folder, Sync: d.sync, writeAt: d.writeAt, truncate: d.truncate})
	appended(t, j, []byte("before"))
	full.Store(true)
	_, err := j.Append(context.Background(), []byte("refused"))
	if !errors.Is(err, mood.ErrUnavailable) || !errors.Is(err, syscall.ENOSPC) || errors.Is(err, ErrFull) || j.Full() {
		t.Errorf("a full disk is told as %v", err)
	}
	if want := "no room is left on the disk of " + d.folder; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v doesn't say %q", err, want)
	}
	full.Store(false)
	seq := appended(t, j, []byte("after"))
	if got := records(t, j, 0); len(got) != 2 || got[seq] != "after" {
		t.Errorf("there is %v", got)
	}
	if at := j.Oldest(); time.Since(at) > time.Hour || at.IsZero() {
		t.Errorf("the oldest record is of %v", at)
	}
}
