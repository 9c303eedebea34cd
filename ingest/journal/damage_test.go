package journal

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// unsynced leaves files to the page cache, where a test needs no more.
func unsynced(*os.File) error { return nil }

// sample makes a small journal of several segments, and tells which bytes of
// which file belong to which record.
func sample(t testing.TB, n int) (folder string, payloads map[uint64]string, owner map[string][]uint64) {
	t.Helper()
	folder = t.TempDir()
	j, err := Open(Options{Folder: folder, MaxBytes: 1 << 20, SegmentBytes: 420, Sync: unsynced})
	if err != nil {
		t.Fatal(err)
	}
	payloads, owner = map[uint64]string{}, map[string][]uint64{}
	for i := range n {
		payload := fmt.Appendf(nil, "%d: %x", i, sha256.Sum256([]byte{byte(i)}))[:5+i*6%50]
		if i%5 == 3 {
			payload = bytes.Repeat([]byte("packed "), 60+i)
		}
		payloads[appended(t, j, payload)] = string(payload)
	}
	j.Applied(2)
	for _, s := range j.segments {
		content, err := os.ReadFile(s.path)
		if err != nil {
			t.Fatal(err)
		}
		whose := make([]uint64, len(content))
		w := &walker{file: bytes.NewReader(content), seed: j.seed, end: s.size, bound: 1 << 60, deep: true, off: segmentHeader}
		for h, off, _, ok := w.next(); ok; h, off, _, ok = w.next() {
			for k := off; k < off+h.size(); k++ {
				whose[k] = h.seq
			}
		}
		owner[filepath.Base(s.path)] = whose
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if len(owner) < 3 {
		t.Fatalf("%d segments are too few for this test", len(owner))
	}
	for _, small := range []string{idFile, appliedFile} {
		content, err := os.ReadFile(filepath.Join(folder, small))
		if err != nil {
			t.Fatal(err)
		}
		owner[small] = make([]uint64, len(content))
	}
	return folder, payloads, owner
}

func copied(t testing.TB, from string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

// survives opens a damaged journal some times, appends to it each time, and
// checks that what is wanted is there and nothing else. A number that a lost
// record had (0: none) is not to be given again.
func survives(t *testing.T, what, folder string, want map[uint64]string, spent uint64) {
	t.Helper()
	for round := range 3 {
		j, err := Open(Options{Folder: folder, MaxBytes: 1 << 20, SegmentBytes: 420, Sync: unsynced})
		if err != nil {
			t.Fatalf("%s: opened for the %d. time: %v", what, round+1, err)
		}
		got := records(t, j, 0)
		for seq, payload := range want {
			if got[seq] != payload {
				t.Fatalf("%s: opened for the %d. time: record %d is %q, want %q", what, round+1, seq, got[seq], payload)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%s: %d records, want %d", what, len(got), len(want))
		}
		fresh := fmt.Sprintf("appended after round %d", round)
		seq := appended(t, j, []byte(fresh))
		if seq == spent || want[seq] != "" {
			t.Fatalf("%s: the number %d is given a second time", what, seq)
		}
		want[seq] = fresh
		if last := records(t, j, seq); last[seq] != fresh || len(last) != 1 {
			t.Fatalf("%s: record %d was appended, and reads as %q", what, seq, last[seq])
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// without gives the payloads but those of some numbers.
func without(payloads map[uint64]string, lost []uint64) map[uint64]string {
	rest := maps.Clone(payloads)
	for _, seq := range lost {
		delete(rest, seq)
	}
	return rest
}

// damage changes a file of a copy of a journal.
func damage(t *testing.T, folder, file string, change func([]byte) []byte) string {
	t.Helper()
	to := copied(t, folder)
	path := filepath.Join(to, file)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil { // to write over it would be flushed by some file systems
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestAFlippedByteCostsTheRecordItIsInAndNoOther(t *testing.T) {
	t.Parallel()
	folder, payloads, owner := sample(t, 12)
	for file, whose := range owner {
		for k, seq := range whose {
			flip := byte(0xFF)
			if k%2 == 1 {
				flip = 0x01
			}
			damaged := damage(t, folder, file, func(b []byte) []byte { b[k] ^= flip; return b })
			survives(t, fmt.Sprintf("byte %d of %s flipped", k, file), damaged, without(payloads, whose[k:k+1]), seq)
		}
	}
}

func TestACutCostsTheRecordsBehindItAndNoOther(t *testing.T) {
	t.Parallel()
	folder, payloads, owner := sample(t, 12)
	for file, whose := range owner {
		for k := range whose {
			damaged := damage(t, folder, file, func(b []byte) []byte { return b[:k] })
			spent := whose[k]
			if k == 0 || whose[k-1] != spent {
				spent = 0 // a clean cut: nothing tells that there was more
			}
			survives(t, fmt.Sprintf("%s cut at byte %d", file, k), damaged, without(payloads, whose[k:]), spent)
		}
	}
}

func TestBytesThatWereOverwrittenCostTheRecordsTheyAreInAndNoOther(t *testing.T) {
	t.Parallel()
	folder, payloads, owner := sample(t, 24)
	files := slices.Sorted(maps.Keys(owner))
	for round := range uint64(300) {
		dice := rand.New(rand.NewPCG(round, 7))
		file := files[dice.IntN(len(files))]
		whose := owner[file]
		from := dice.IntN(len(whose))
		to := min(len(whose), from+1+dice.IntN(150))
		damaged := damage(t, folder, file, func(b []byte) []byte {
			for i := from; i < to; i++ {
				switch round % 3 {
				case 0:
					b[i] = 0
				case 1:
					b[i] = byte(dice.Uint32())
				default: // a part of the file once more, in the wrong place
					b[i] = b[max(0, i-97)]
				}
			}
			return b
		})
		whole := map[uint64]string{}
		for seq, payload := range payloads {
			whole[seq] = payload
		}
		content, err := os.ReadFile(filepath.Join(damaged, file))
		if err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		for i := range content {
			if content[i] != before[i] {
				delete(whole, whose[i])
			}
		}
		survives(t, fmt.Sprintf("round %d: bytes %d to %d of %s overwritten", round, from, to, file), damaged, whole, 0)
	}
}

func TestASegmentThatIsGoneCostsItsRecordsAndNoOther(t *testing.T) {
	folder, payloads, owner := sample(t, 24)
	for file, whose := range owner {
		damaged := copied(t, folder)
		if err := os.Remove(filepath.Join(damaged, file)); err != nil {
			t.Fatal(err)
		}
		survives(t, file+" removed", damaged, without(payloads, whose), 0)
	}
}

func TestATextThatLooksLikeARecordIsNeverOne(t *testing.T) {
	o := Options{Folder: t.TempDir(), Sync: unsynced}
	j := opened(t, o)
	fake := appendRecord(nil, j.seed+1, head{seq: 7, milli: 1}, []byte("never appended"))
	fake = append(fake, appendRecord(nil, 0, head{seq: 8, milli: 1}, []byte("never appended"))...)
	seq := appended(t, j, fake)
	if len(fake) >= compressFrom {
		t.Fatal("it would be packed, and is no test")
	}
	behind := appended(t, j, []byte("behind"))
	damaged := damage(t, o.Folder, segmentName(1), func(b []byte) []byte { b[segmentHeader+9] ^= 1; return b })
	survives(t, "a text that looks like a record, in one that is damaged", damaged, map[uint64]string{behind: "behind"}, seq)
}

func TestWhatIsMissingIsLoggedWithHowManyAndHowManyBytesWereCut(t *testing.T) {
	folder, _, owner := sample(t, 12)
	first, last := segmentName(1), slices.Max(slices.DeleteFunc(slices.Collect(maps.Keys(owner)), func(name string) bool { return !strings.HasSuffix(name, segmentSuffix) }))
	second := slices.Index(owner[first], 2)
	damaged := damage(t, folder, first, func(b []byte) []byte { b[second-1] ^= 1; b[second] ^= 1; return b })
	damaged = damage(t, damaged, last, func(b []byte) []byte { return append(b, "torn"...) })
	var said strings.Builder
	j := opened(t, Options{Folder: damaged, Sync: unsynced, Log: slog.New(slog.NewTextHandler(&said, nil))})
	if log := said.String(); !strings.Contains(log, "missing=1 first=2") || !strings.Contains(log, "bytes=4") {
		t.Errorf("opening says:\n%s", log)
	}
	said.Reset()
	records(t, j, 0)
	if log := said.String(); !strings.Contains(log, "missing=2 first=1") {
		t.Errorf("reading says:\n%s", log)
	}
}
