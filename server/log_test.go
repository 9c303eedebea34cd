package server

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestALogGivesEachReaderEveryEventOnceOrSaysThatItCant compares the log with
// a plain list of everything that was ever appended.
func TestALogGivesEachReaderEveryEventOnceOrSaysThatItCant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newEventLog()
		var all []event // all[i] has number i+1
		grow := func() {
			for range rapid.IntRange(0, 40).Draw(t, "events") {
				size := rapid.SampledFrom([]int{1, 60, 400, 5000, 40_000, 200_000}).Draw(t, "size")
				e := event{fmt.Appendf(nil, "%d:%s;", len(all)+1, bytes.Repeat([]byte("x"), size)), rapid.Bool().Draw(t, "named")}
				all = append(all, e)
				l.append(func(n uint64) event {
					if n != uint64(len(all)) {
						t.Fatalf("event %d has number %d", len(all), n)
					}
					return e
				})
			}
		}
		grow()
		start := uint64(rapid.IntRange(1, len(all)+1).Draw(t, "start"))
		catchUp := uint64(0)
		if rapid.Bool().Draw(t, "comes back") {
			catchUp = l.tail()
		}
		if !l.holds(start) {
			if _, ok := l.read(start, catchUp); ok {
				t.Fatalf("gives %d though it doesn't hold it", start)
			}
			return
		}
		var got, want []byte
		next := start
		for range rapid.IntRange(1, 5).Draw(t, "rounds") {
			for {
				part, ok := l.read(next, catchUp)
				if !ok {
					return // it fell behind, and knows
				}
				if part.next < next || !part.more && part.next != l.tail() {
					t.Fatalf("read from %d leads to %d of %d, more %v", next, part.next, l.tail(), part.more)
				}
				got, next = append(got, part.bytes...), part.next
				if !part.more {
					break
				}
			}
			grow()
		}
		for i := start; i < next; i++ {
			if e := all[i-1]; i >= catchUp || e.named {
				want = append(want, e.bytes...)
			}
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("from %d to %d, catching up to %d: got %d bytes, want %d", start, next, catchUp, len(got), len(want))
		}
	})
}

func FuzzWhatIsPushedIsSplitWithoutLoss(f *testing.F) {
	for _, seed := range []string{`{}`, `[{},{}]`, "{}\n{oops\n\n{}", "\ufeff[1]", `{"a":`, "[", "", "{\n}\n{", "null", `"x"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		sent, err := splitItems(body)
		if err != nil {
			if problemOf(err).Status != 400 {
				t.Fatalf("%q: %v", body, err)
			}
			return
		}
		if len(sent.items) != len(sent.places) {
			t.Fatalf("%q: %d items at %d places", body, len(sent.items), len(sent.places))
		}
		seen := make(map[int]bool)
		for _, p := range sent.places {
			seen[p] = true
		}
		for _, b := range sent.broken {
			seen[b.Index] = true
		}
		for i := range sent.count() {
			if !seen[i] {
				t.Fatalf("%q: nothing became of item %d", body, i)
			}
		}
	})
}

func FuzzEventIDsNeverCrash(f *testing.F) {
	f.Add("0123456789ab-7")
	f.Add("0123456789ab-18446744073709551615")
	f.Add("-")
	f.Fuzz(func(t *testing.T, id string) {
		l := newEventLog()
		l.append(func(uint64) event { return event{[]byte("x"), true} })
		if n, ok := parseEventID(id, "0123456789ab"); ok && l.holds(n+1) && n+1 > l.tail() {
			t.Fatalf("%q leads to %d of %d", id, n+1, l.tail())
		}
	})
}
