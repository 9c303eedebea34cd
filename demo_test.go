package main

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/ingest/watch"
	"agora/mood"
)

func TestTheDemoMakesUpTheSameMinuteWheneverItIsAsked(t *testing.T) {
	at := time.Date(2026, 3, 4, 15, 16, 17, 0, time.UTC)
	a, b := demoStream{seed: 7}.minute(at), demoStream{seed: 7}.minute(at.Add(20*time.Second))
	if !reflect.DeepEqual(a, b) {
		t.Error("two looks at one minute differ")
	}
	if other := (demoStream{seed: 8}).minute(at); reflect.DeepEqual(a, other) {
		t.Error("another seed makes no other world")
	}
}

func TestEveryMentionOfTheDemoNamesItsBrandAndIsWhole(t *testing.T) {
	index, err := watch.NewIndex(demoBrands)
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	seen := map[string]bool{}
	brands, languages, countries := map[string]int{}, map[string]int{}, map[string]int{}
	for n := range 600 {
		minute := demoStream{}.minute(noon.Add(time.Duration(n) * time.Minute))
		for _, raw := range minute.mentions {
			var m demoBody
			if err := json.Unmarshal(raw, &m); err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(m.Title+m.Text, "{}") || m.Title == "" || m.Text == "" {
				t.Errorf("not filled in: %s", raw)
			}
			if seen[m.ID] {
				t.Errorf("id %s comes twice", m.ID)
			}
			seen[m.ID] = true
			hits := index.Match(m.Title, m.Text)
			if len(hits) == 0 {
				t.Errorf("names no brand: %s", raw)
			}
			for _, h := range hits {
				brands[h.Brand]++
			}
			languages[m.Language]++
			countries[m.Country]++
			if _, ok := mood.Country(m.Country); !ok || !strings.HasSuffix(m.Source, ".example") {
				t.Errorf("country %s, source %s", m.Country, m.Source)
			}
		}
		for _, raw := range minute.activities {
			var a mood.Activity
			if err := json.Unmarshal(raw, &a); err != nil {
				t.Fatal(err)
			}
			if a.Count < 1 || a.Kind == "" || !slices.ContainsFunc(demoBrands, func(b mood.Brand) bool { return b.ID == a.Brand }) {
				t.Errorf("activity %s", raw)
			}
		}
	}
	if len(brands) != len(demoBrands) || len(languages) < 6 || len(countries) < 12 {
		t.Errorf("too little variety: %v %v %v", brands, languages, countries)
	}
}

func TestTheDemoHasGoodAndBadNewsInEveryLanguage(t *testing.T) {
	for _, o := range demoOutlets {
		for feeling, phrases := range demoPhrases[o.language] {
			if len(phrases) == 0 {
				t.Errorf("%s (%s) has nothing to say when the feeling is %d", o.name, o.language, feeling)
			}
		}
	}
}

func TestALaunchOfTheDemoIsSeenInWhatIsSaidAndDone(t *testing.T) {
	launch := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	counted := func(from time.Time) (said, done, activations int) {
		d := demoStream{seed: 3, launch: launch}
		for n := range 90 {
			m := d.minute(from.Add(time.Duration(n) * time.Minute))
			for _, raw := range m.mentions {
				if strings.Contains(string(raw), demoBrands[0].Name) {
					said++
				}
			}
			for _, raw := range m.activities {
				var a struct{ Brand, Kind, City string }
				if err := json.Unmarshal(raw, &a); err != nil || a.City == "" {
					t.Fatalf("%s: %v", raw, err)
				}
				if a.Brand == demoBrands[0].ID {
					done++
					if a.Kind == "activation" {
						activations++
					}
				}
			}
		}
		return said, done, activations
	}
	before, did, _ := counted(launch.Add(-24 * time.Hour))
	after, does, activations := counted(launch.Add(5 * time.Minute))
	if does < 4*did || after < before*3/2 || activations*2 < does {
		t.Errorf("a launch day has %d mentions after %d, and %d events (%d activations) after %d", after, before, does, activations, did)
	}
}
