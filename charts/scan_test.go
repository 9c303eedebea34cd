package charts

import (
	"testing"
)

// Options come from this package alone, but a delta must not be what brings a
// server down: whatever the bytes are, there is a delta or an error.
func FuzzDiffOfAnything(f *testing.F) {
	for _, s := range []string{
		``, `{}`, `[]`, `{"series":[]}`, `{"series":[{"id":"a","data":[{"name":"x"}]}]}`, `{"series":[{"id":"a","data":[{"name":"x","value":1}]},{"id":"b"}]}`,
		`{"a":"\\"}`, `{"a":"\"}`, `{"series":[{"id":"a"`, `{"series":[{"id":"a"}]}}`, `{"a":{"b":[1,2,{"c":"}]"}]}}`, "{\"a\":1,}", `{"":""}`, `{"a"}`, `{"a":}`, `{,}`, `[[[`, `{"series":[{"id":"\u0061"}]}`,
	} {
		f.Add([]byte(s), []byte(`{"series":[{"id":"a","data":[]}]}`))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		before, errBefore := canonical(a)
		after, errAfter := canonical(b)
		if d, err := Diff(a, b); err == nil {
			_, _ = Apply(a, d)
		}
		if errBefore != nil || errAfter != nil || len(before) == 0 || before[0] != '{' || len(after) == 0 || after[0] != '{' {
			return
		}
		checkLaws(t, "fuzzed", before, after)
	})
}
