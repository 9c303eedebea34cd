package ingest

import (
	"context"
	"testing"
	"time"

	"agora/mood"
)

// reviser is a store that has every mention already.
type reviser struct {
	*kept
	offered []mood.Mention
}

func (r *reviser) Record(_ context.Context, mentions []mood.Mention) ([]mood.Outcome, error) {
	r.offered = append(r.offered, mentions...)
	outcomes := make([]mood.Outcome, len(mentions))
	for i, m := range mentions {
		switch {
		case m.Published.Before(now.Add(-90 * 24 * time.Hour)):
			outcomes[i] = mood.TooOld
		case m.Edited:
			outcomes[i] = mood.Revised
		default:
			outcomes[i] = mood.Duplicate
		}
	}
	return outcomes, nil
}

// tallies notes outcomes.
type tallies struct {
	silent
	duplicates, unmatched, tooOld, revised int
}

func (l *tallies) Outcomes(_, duplicates, unmatched, tooOld, revised int) {
	l.duplicates += duplicates
	l.unmatched += unmatched
	l.tooOld += tooOld
	l.revised += revised
}

func TestAnEditIsReadAnewAndTellsItsOutcome(t *testing.T) {
	store, seen := &reviser{kept: &kept{}}, &tallies{}
	in, err := New(t.Context(), Config{
		Brands: []mood.Brand{{ID: "nokia", Name: "Nokia", Query: "nokia"}}, Scorer: fan{}, Store: store, Observe: seen,
		Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	old := now.Add(-100 * 24 * time.Hour)
	done, err := in.Deliver(t.Context(), mood.Source{}, []mood.Mention{
		{ID: "a", Title: "Nokia is good after all", Published: now, Edited: true, SharedURL: true},
		{ID: "b", Title: "It names nobody any more", Published: now, Edited: true},
		{ID: "c", Title: "Nokia of old", Published: old, Edited: true},
		{ID: "d", Title: "Nokia of old, first seen", Published: old},
		{ID: "e", Title: "Nokia again", Published: now},
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	if done.TooOld != 1 || done.Fresh != 0 {
		t.Errorf("%+v: what was too old before its edit is told once", done)
	}
	if seen.revised != 1 || seen.duplicates != 1 || seen.unmatched != 1 || seen.tooOld != 2 {
		t.Errorf("outcomes %+v", seen)
	}
	if m := store.offered[0]; !m.Edited || !m.SharedURL || m.Readings["nokia"].Label != mood.Positive {
		t.Errorf("offered is %+v", m)
	}
	for _, m := range store.offered {
		if m.ID == "b" {
			t.Error("what names no brand any more is to stay as it was counted")
		}
	}
}
