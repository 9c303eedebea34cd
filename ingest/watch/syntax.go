package watch

import "fmt"

// Bounds of a query. They are far beyond what people write, and keep a hostile
// query from costing more than it is worth.
const (
	maxQueryRunes  = 16384
	maxQueryDepth  = 100
	maxQueryTerms  = 2000
	maxPhraseWords = 64
	maxTermBytes   = 512
)

// SyntaxError says why a query was refused, and where.
type SyntaxError struct {
	Column int    // of the offending spot, from 1, in code points
	Msg    string // what is wrong and what to do
}

// Error gives the column and the message.
func (e *SyntaxError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Msg) }

func refuse(column int, format string, args ...any) error {
	return &SyntaxError{Column: column, Msg: fmt.Sprintf(format, args...)}
}
