package journal

import (
	"bytes"
	"context"
	"fmt"
	"testing"
)

// opened opens a journal that is closed with the test.
func opened(t testing.TB, o Options) *Journal {
	t.Helper()
	j, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return j
}

func appended(t testing.TB, j *Journal, payload []byte) uint64 {
	t.Helper()
	seq, err := j.Append(context.Background(), payload)
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// records reads all from a number on.
func records(t testing.TB, j *Journal, from uint64) map[uint64]string {
	t.Helper()
	got := map[uint64]string{}
	before := uint64(0)
	err := j.Read(context.Background(), from, func(r Record) error {
		if r.Seq <= before || r.Seq < from {
			t.Errorf("record %d comes behind %d, and %d was asked for", r.Seq, before, from)
		}
		before = r.Seq
		got[r.Seq] = string(r.Payload)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func payloadOf(i int) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "payload %d;", i), 1+i%40)
}

func TestWhatIsAppendedIsReadBackAlsoAfterARestart(t *testing.T) {
	o := Options{Folder: t.TempDir(), MaxBytes: 1 << 20, SegmentBytes: 4 << 10}
	for round := range 3 {
		j, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			n := round*100 + i
			if seq := appended(t, j, payloadOf(n)); seq != uint64(n+1) {
				t.Fatalf("record %d got the number %d", n, seq)
			}
		}
		got := records(t, j, 0)
		if len(got) != (round+1)*100 || j.First() != 1 || j.Last() != uint64(len(got)) {
			t.Fatalf("%d records, from %d to %d", len(got), j.First(), j.Last())
		}
		for i := range got {
			if got[i] != string(payloadOf(int(i-1))) {
				t.Fatalf("record %d is %q", i, got[i])
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
