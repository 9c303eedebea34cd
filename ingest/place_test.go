package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"agora/ingest/places"
	"agora/mood"
)

// states is what processes share, in memory.
type sharedStates struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func (s *sharedStates) Put(_ context.Context, kind, id string, value []byte, _ time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[kind+" "+id] = value
	return nil
}

func (s *sharedStates) Get(_ context.Context, kind, id string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.kept[kind+" "+id]; ok {
		return v, nil
	}
	return nil, mood.ErrNotFound
}

// placing is an intake that knows two towns, and a map of two squares.
func placing(t *testing.T, store Store, states States) *Intake {
	t.Helper()
	locator, err := places.New([]byte("Tampere\tFI\t06\t202687\t6150\t2379\ta\nTartu\tEE\t18\t93687\t5838\t2673\ta"))
	if err != nil {
		t.Fatal(err)
	}
	world := `{"features":[{"properties":{"name":"FI"},"geometry":{"coordinates":[[[[20,60],[30,60],[30,70],[20,70],[20,60]]]]}},
		{"properties":{"name":"EE"},"geometry":{"coordinates":[[[[22,57],[28,57],[28,59.5],[22,59.5],[22,57]]]]}}]}`
	atlas, err := places.NewAtlas([]byte(world), locator)
	if err != nil {
		t.Fatal(err)
	}
	in, err := New(t.Context(), Config{
		Places: locator, Atlas: atlas, Brands: []mood.Brand{{ID: "nokia", Name: "Nokia", Query: "Nokia"}},
		Scorer: fan{}, Store: store, States: states, Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestEachOfTheThreePlacesIsFoundAndSaysHow(t *testing.T) {
	for _, c := range []struct {
		pushed              string
		about, from, origin string // country and method
	}{
		{`{"text":"Nokia opens a lab in Tampere","url":"https://paper.example/1"}`, "FI city", "", ""},
		{`{"text":"Nokia is down","url":"https://www.bbc.co.uk/1"}`, "", "GB domain", ""},
		{`{"text":"Nokia is down","url":"https://www.bbc.co.uk/1","country":"SE"}`, "", "SE pushed", ""},
		{`{"text":"Nokia is down","url":"https://paper.io/1","language":"fi"}`, "", "", ""},
		{`{"text":"Nokia is down in Tartu","place":{"lat":61.5,"lon":23.8}}`, "EE city", "", "FI coordinates"},
		{`{"text":"Nokia is down","place":{"lat":-40,"lon":-20}}`, "", "", " coordinates"},
		{`{"text":"Danish buyers of Nokia in Estonia","country":"NO","place":{"lat":58.4,"lon":26.7}}`, "EE country, DK people", "NO pushed", "EE coordinates"},
	} {
		k := &kept{mentions: map[string]mood.Mention{}}
		receipt, err := placing(t, k, nil).Push(t.Context(), []json.RawMessage{json.RawMessage(c.pushed)})
		if err != nil || receipt.Accepted != 1 {
			t.Fatalf("%s: %+v, %v", c.pushed, receipt, err)
		}
		m := k.one(t)
		about := ""
		for i, p := range m.Places.About {
			if i > 0 {
				about += ", "
			}
			about += p.Country + " " + p.Method
			if said := []rune(m.Text)[p.Start:p.End]; p.Field != "text" || string(said) != p.Evidence {
				t.Errorf("%s: the evidence %q doesn't stand at %d…%d of the %s", c.pushed, p.Evidence, p.Start, p.End, p.Field)
			}
		}
		if about != c.about || short(m.Places.From) != c.from || short(m.Places.Origin) != c.origin {
			t.Errorf("%s: about %q, from %q, origin %q", c.pushed, about, short(m.Places.From), short(m.Places.Origin))
		}
	}
}

func short(p *mood.Place) string {
	if p == nil {
		return ""
	}
	return p.Country + " " + p.Method
}

func TestAnOutletsCountryIsLearnedAndSurvivesARestart(t *testing.T) {
	states := &sharedStates{kept: map[string][]byte{}}
	k := &kept{mentions: map[string]mood.Mention{}}
	in := placing(t, k, states)
	var items []json.RawMessage
	for i := range 25 { // texts about no brand teach too
		items = append(items, json.RawMessage(fmt.Sprintf(`{"text":"Tampere news %d","url":"https://paper.example/%d"}`, i, i)))
	}
	if _, err := in.Push(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	in.saveOutlets(t.Context())
	after := placing(t, k, states)
	if _, err := after.Push(t.Context(), []json.RawMessage{json.RawMessage(`{"text":"Nokia is down","url":"https://paper.example/x"}`)}); err != nil {
		t.Fatal(err)
	}
	if p := k.one(t).Places.From; short(p) != "FI learned" || p.Evidence != "100 % of 25 texts" {
		t.Errorf("want Finland, learned of 25 texts, got %+v", p)
	}
}

func TestWhatIsLearnedAgainstADomainMustBeMuch(t *testing.T) {
	for texts, want := range map[int]string{30: "GB domain", 70: "FI learned"} {
		k := &kept{mentions: map[string]mood.Mention{}}
		in := placing(t, k, nil)
		for range texts {
			in.outlets.Learn("paper.co.uk", []string{"FI"})
		}
		if _, err := in.Push(t.Context(), []json.RawMessage{json.RawMessage(`{"text":"Nokia is down","url":"https://paper.co.uk/x"}`)}); err != nil {
			t.Fatal(err)
		}
		if got := short(k.one(t).Places.From); got != want {
			t.Errorf("after %d texts about Finland: want %q, got %q", texts, want, got)
		}
	}
}

func TestAnEditIsPlacedAnew(t *testing.T) {
	in := placing(t, &kept{mentions: map[string]mood.Mention{}}, nil)
	items := []mood.Mention{{Title: "Nokia grows in Estonia", Edited: true, Sources: []string{"feed"}}}
	mentions := make([]mood.Mention, 1)
	match(in.watch.Load(), items, mentions, now)
	if about := mentions[0].Places.About; len(about) != 1 || about[0].Country != "EE" {
		t.Errorf("an edit that tells of Estonia is about %v", about)
	}
}

func TestAQueryAsksForTheCountryThatWasFoundOut(t *testing.T) {
	k := &kept{mentions: map[string]mood.Mention{}}
	in := placing(t, k, nil)
	if err := in.SetBrands([]mood.Brand{{ID: "nokia", Name: "Nokia", Query: "Nokia country:GB"}}); err != nil {
		t.Fatal(err)
	}
	receipt, err := in.Push(t.Context(), []json.RawMessage{
		json.RawMessage(`{"text":"Nokia is down","url":"https://www.bbc.co.uk/1"}`),
		json.RawMessage(`{"text":"Nokia is down","url":"https://yle.fi/1"}`),
	})
	if err != nil || receipt.Accepted != 1 || receipt.Unmatched != 1 {
		t.Errorf("want the British text alone, got %+v, %v", receipt, err)
	}
}
