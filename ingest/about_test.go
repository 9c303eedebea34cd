package ingest

import (
	"testing"

	"agora/mood"
)

func deliverTo(t *testing.T, in *Intake, src mood.Source, items ...mood.Mention) int {
	t.Helper()
	done, err := in.Deliver(t.Context(), src, items, false)
	if err != nil {
		t.Fatal(err)
	}
	return done.Fresh
}

func TestAReviewIsReadByItsStars(t *testing.T) {
	in, store := intake(t)
	review := mood.Mention{Title: "good? no", Text: "AT&T has a good one", Stars: 1, GUID: "1", Published: now}
	if n := deliverTo(t, in, mood.Source{ID: "app", Brands: []string{"nokia"}}, review); n != 1 {
		t.Fatalf("%d were kept: the review doesn't name its brand, and is about it", n)
	}
	m := store.one(t)
	r := m.Readings["nokia"]
	if r.Label != mood.Negative || r.Score != -1 || r.Confidence != 1 || r.Corrected || len(r.Reasons) != 1 || r.Reasons[0].Text != "★☆☆☆☆" || r.Reasons[0].Kind != "stars" {
		t.Errorf("the app's brand: %+v", r)
	}
	// The stars are the app's alone: another brand is read by what is said of it.
	if r := m.Readings["att"]; r.Label != mood.Positive || r.Rated() {
		t.Errorf("another brand in the text: %+v", r)
	}
	if m.Stars != 1 {
		t.Errorf("%d stars are kept", m.Stars)
	}
}

func TestWhatASourceIsAboutNeedsNoName(t *testing.T) {
	in, store := intake(t)
	src := mood.Source{ID: "newsroom", Brands: []string{"nokia", "gone"}}
	if n := deliverTo(t, in, src, mood.Mention{Title: "We had a good year", GUID: "1", Published: now}); n != 1 {
		t.Fatalf("%d were kept", n)
	}
	m := store.one(t)
	if r := m.Readings["nokia"]; len(m.Readings) != 1 || r.Label != mood.Positive || len(r.Spans) != 0 || r.Rated() {
		t.Errorf("%+v", m.Readings)
	}
	if n := deliverTo(t, in, mood.Source{ID: "paper"}, mood.Mention{Title: "They had a good year", GUID: "2", Published: now}); n != 0 {
		t.Error("a source that is about nobody gave a mention of a brand that it doesn't name")
	}
	// Stars of what isn't the brand's say nothing of it.
	deliverTo(t, in, mood.Source{ID: "shop"}, mood.Mention{ID: "x", Title: "Fits a good Nokia", Stars: 1, GUID: "3", Published: now})
	if r := store.mentions["x"].Readings["nokia"]; r.Label != mood.Positive || r.Rated() {
		t.Errorf("%+v", r)
	}
}
