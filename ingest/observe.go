package ingest

import "time"

// Observer is told what the intake does, for metrics. Its methods must be
// quick and safe for concurrent use.
type Observer interface {
	// Batch is called for each batch that was recorded.
	Batch(items, readings int, matching, scoring, recording time.Duration)
	// Outcomes is called with what became of the items of a batch.
	Outcomes(stored, duplicates, unmatched, tooOld, revised int)
	// Found is called with the time from publishing to acceptance of an item
	// that was stored and is under a day old.
	Found(delay time.Duration)
}

type silent struct{}

func (silent) Batch(int, int, time.Duration, time.Duration, time.Duration) {}
func (silent) Outcomes(int, int, int, int, int)                            {}
func (silent) Found(time.Duration)                                         {}
