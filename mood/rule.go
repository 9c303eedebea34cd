package mood

// PhraseRule says how a phrase is always read. A neutral one says nothing
// wherever it stands; a positive or negative one decides what it stands in.
type PhraseRule struct {
	Phrase string
	Label  Label
	Brands []string // ids; empty: every brand
}
