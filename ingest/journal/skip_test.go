package journal

import (
	"fmt"
	"testing"
)

func TestNumbersThatWereGivenBeforeAreNotGivenAgain(t *testing.T) {
	folder := t.TempDir()
	want := []uint64{1, 2, 41, 42}
	j, err := Open(Options{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	for i, seq := range want {
		if i == 2 {
			j.Skip(40)
			j.Skip(7) // less than that changes nothing
		}
		if got, err := j.Append(t.Context(), []byte("x")); err != nil || got != seq {
			t.Fatalf("append %d got number %d, %v, want %d", i, got, err, seq)
		}
	}
	for try := range 2 {
		var got []uint64
		if err := j.Read(t.Context(), 0, func(r Record) error {
			got = append(got, r.Seq)
			return nil
		}); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("read %v, %v, want %v", got, err, want)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		if try == 1 {
			break
		}
		if j, err = Open(Options{Folder: folder}); err != nil {
			t.Fatal(err)
		}
	}
}
