package ingest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"agora/mood"
)

func TestNamesAreByTheQueriesInForce(t *testing.T) {
	brands := []mood.Brand{{ID: "nokia", Name: "Nokia", Query: `Nokia NOT tyre`}, {ID: "facts", Name: "Facts", Query: `phone lang:fi country:FI NOT site:spam.example`}, {ID: "labs", Name: "Bell Labs", Query: `"Bell Labs"`}}
	in, err := New(t.Context(), Config{Brands: brands, Scorer: fan{}, Store: &kept{}, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"Nokia's Bell Labs": "[nokia labs]", "a Nokia tyre": "[]", "nobody": "[]", "a phone": "[facts]", "Acme": "[]"} {
		if got := fmt.Sprint(in.Names("", text)); got != want {
			t.Errorf("%q names %s, want %s", text, got, want)
		}
	}
	if err := in.SetBrands(append(brands, mood.Brand{ID: "acme", Name: "Acme", Query: "acme"})); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(in.Names("Acme", "")); got != "[acme]" {
		t.Errorf("a new brand: %s", got)
	}
}

func TestActivityOfASourceIsCountedOnceAndMayBeADifference(t *testing.T) {
	store := &kept{mentions: map[string]mood.Mention{}, activities: map[string]mood.Activity{}}
	in, err := New(t.Context(), Config{Brands: []mood.Brand{{ID: "nokia", Name: "Nokia", Query: "nokia"}}, Scorer: fan{}, Store: store, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	var list []mood.Activity
	for i := range batchSize + 1 {
		list = append(list, mood.Activity{ID: fmt.Sprint(i), Brand: "nokia", Kind: "page-views", Count: -1, At: now})
	}
	for range 2 {
		if err := in.DeliverActivity(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	if len(store.activities) != len(list) || store.activities["0"].Count != -1 {
		t.Errorf("%d are kept", len(store.activities))
	}
	if err := in.Withdraw(t.Context(), "never"); !errors.Is(err, mood.ErrNotFound) {
		t.Error(err)
	}
}
