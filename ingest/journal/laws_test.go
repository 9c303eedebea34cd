package journal

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"agora/mood"

	"pgregory.net/rapid"
)

func TestAJournalDoesWhatAListOfItsRecordsWould(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		folder, err := os.MkdirTemp("", "journal")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(folder)
		o := Options{
			Folder: folder, Sync: unsynced,
			MaxBytes:     rapid.Int64Range(leastMaxBytes, 20_000).Draw(t, "most"),
			SegmentBytes: rapid.Int64Range(100, 4_000).Draw(t, "segment"),
			KeepBytes:    rapid.Int64Range(-1, 5_000).Draw(t, "keep"),
		}
		j, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = j.Close() }()
		id, applied := j.ID(), uint64(0)
		var list []string // record n is at n-1
		read := func(from uint64) {
			last, next := uint64(len(list)), max(from, 1)
			first := j.First()
			err := j.Read(context.Background(), from, func(r Record) error {
				if r.Seq > last || r.Seq < from || string(r.Payload) != list[r.Seq-1] {
					return fmt.Errorf("record %d reads as %q", r.Seq, r.Payload)
				}
				if r.Seq != next && next > applied+1 {
					return fmt.Errorf("record %d comes where %d should", r.Seq, next)
				}
				next = r.Seq + 1
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if want := last + 1; next != want && from <= last {
				t.Fatalf("read from %d: ends before %d, want %d", from, next, want)
			}
			if first > applied+1 || j.Last() != last {
				t.Fatalf("from %d to %d, and %d of %d are applied", first, j.Last(), applied, last)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"append": func(t *rapid.T) {
				payload := noise(rapid.IntRange(0, 1500).Draw(t, "bytes"))
				if rapid.Bool().Draw(t, "packs") {
					payload = make([]byte, len(payload))
				}
				seq, err := j.Append(context.Background(), payload)
				switch {
				case errors.Is(err, ErrFull):
					// No more than a segment's worth of what is applied may be in the way.
					_, pending := j.Pending()
					if in := j.Stats().Bytes; in-pending > o.SegmentBytes+4096 || !j.Full() {
						t.Fatalf("full with %d bytes of which %d are pending", in, pending)
					}
				case errors.Is(err, mood.ErrInvalid) && int64(len(payload)) > o.MaxBytes-512:
				case err != nil:
					t.Fatal(err)
				default:
					list = append(list, string(payload))
					if seq != uint64(len(list)) {
						t.Fatalf("the %d. record got the number %d", len(list), seq)
					}
				}
			},
			"apply": func(t *rapid.T) {
				seq := rapid.Uint64Range(0, uint64(len(list))+2).Draw(t, "applied")
				j.Applied(seq)
				applied = max(applied, min(seq, uint64(len(list))))
			},
			"read": func(t *rapid.T) { read(rapid.Uint64Range(0, uint64(len(list))+2).Draw(t, "from")) },
			"reopen": func(t *rapid.T) {
				if err := j.Close(); err != nil {
					t.Fatal(err)
				}
				if j, err = Open(o); err != nil {
					t.Fatal(err)
				}
			},
			"": func(t *rapid.T) {
				if size := onDisk(t, folder); size > o.MaxBytes {
					t.Fatalf("%d bytes on disk, and %d are allowed", size, o.MaxBytes)
				}
				pending, _ := j.Pending()
				if j.ID() != id || pending != uint64(len(list))-applied || j.Stats().Applied != applied {
					t.Fatalf("id %s, %d pending; want %s, %d", j.ID(), pending, id, uint64(len(list))-applied)
				}
			},
		})
		read(applied + 1)
	})
}

// FuzzOpen gives a journal any bytes for its files. It opens, and what is
// appended then stays.
func FuzzOpen(f *testing.F) {
	const id = "0123456789abcdef"
	seed := uint64(0x0123456789abcdef)
	segment := func(first uint64, payloads ...string) []byte {
		b := segmentHead{version: version, id: id, first: first}.bytes()
		for i, payload := range payloads {
			b = appendRecord(b, seed, head{seq: first + uint64(i), milli: 1e12}, []byte(payload))
		}
		return b
	}
	packed := appendRecord(segment(3), seed, head{seq: 3, flags: flagZstd}, []byte("not packed"))
	f.Add([]byte(id), segment(1, "a", "b"), segment(3, "c", "d"), []byte(appliedLine(id, 2)))
	f.Add([]byte(""), segment(1, "a", "b"), packed, []byte(appliedLine(id, 1<<40)))
	f.Add([]byte(id), []byte{}, appendRecord(segment(3), seed, head{seq: math.MaxUint64 - 1}, nil), []byte("x"))
	f.Add([]byte(id), append(segment(1), marker...), append(segment(3, "c"), make([]byte, 100)...), []byte{})
	f.Fuzz(func(t *testing.T, name, one, three, applied []byte) {
		folder := t.TempDir()
		for file, content := range map[string][]byte{idFile: name, segmentName(1): one, segmentName(3): three, appliedFile: applied} {
			if err := os.WriteFile(filepath.Join(folder, file), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		appendedTo := map[uint64]string{}
		for round := range 2 {
			j, err := Open(Options{Folder: folder, KeepFor: math.MaxInt64, Sync: unsynced})
			if errors.Is(err, mood.ErrInvalid) {
				return // of a newer version
			}
			if err != nil {
				t.Fatal(err)
			}
			got := records(t, j, 0)
			for seq, payload := range appendedTo {
				if got[seq] != payload {
					t.Errorf("record %d reads as %q", seq, got[seq])
				}
			}
			payload := fmt.Sprint("round ", round)
			seq := appended(t, j, []byte(payload))
			if _, there := got[seq]; there {
				t.Errorf("the number %d is given again", seq)
			}
			appendedTo[seq] = payload
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
