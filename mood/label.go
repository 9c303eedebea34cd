package mood

import (
	"fmt"
	"strings"
)

// Label says which way a reading goes.
type Label int8

// The labels. Unclear is counted beside neutral in the mood, and shown apart.
const (
	Neutral Label = iota
	Positive
	Negative
	Unclear
)

var labelNames = [...]string{Neutral: "neutral", Positive: "positive", Negative: "negative", Unclear: "unclear"}

// String gives the label's name in the API.
func (l Label) String() string {
	if l < 0 || int(l) >= len(labelNames) {
		return fmt.Sprintf("label(%d)", int8(l))
	}
	return labelNames[l]
}

// ParseLabel reads a label's name.
func ParseLabel(s string) (Label, error) {
	for l, name := range labelNames {
		if s == name {
			return Label(l), nil
		}
	}
	return 0, fmt.Errorf("unknown label %q: use %s", s, strings.Join(labelNames[:], ", "))
}

// MarshalText writes the label's name.
func (l Label) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads the label's name.
func (l *Label) UnmarshalText(b []byte) (err error) {
	*l, err = ParseLabel(string(b))
	return err
}
