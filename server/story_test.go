package server

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"agora/mood"
)

func TestAStoryTellsWhoHadItFirstAndHowItSpread(t *testing.T) {
	now := time.Date(2031, 5, 14, 12, 0, 0, 0, time.UTC)
	var told []mood.Mention // newest first, as lists are
	for i := range 20 {
		m := mood.Mention{ID: fmt.Sprint("m", i), Story: "m19", Title: "A deal", Outlet: fmt.Sprintf("paper%d.example", i%3), Published: now.Add(-time.Duration(i*i) * time.Minute)}
		if i%3 > 0 {
			m.Places.From = &mood.Place{Country: []string{"", "FI", "SE"}[i%3]}
		}
		told = append(told, m)
	}
	v := tellStory(told)
	if v.First.ID != "m19" || !v.Last.Equal(now) || v.Mentions != 20 || v.Known != 3 || len(v.Outlets) != 3 {
		t.Errorf("%+v", v)
	}
	if v.Outlets[0].Count != 7 || len(v.Countries) != 2 || v.Countries[0].Key != "FI" || v.Countries[0].Count != 7 {
		t.Errorf("outlets %+v, countries %+v", v.Outlets, v.Countries)
	}
	var all int64
	for i, p := range v.Points {
		all += p.Count
		if i > 0 && p.T.Sub(v.Points[i-1].T).Milliseconds() != v.StepMS {
			t.Errorf("point %d is at %v, after %v", i, p.T, v.Points[i-1].T)
		}
	}
	if n := len(v.Points); all != 20 || n > storyPoints || n < storyPoints/4 || v.Points[0].Count == 0 || v.Points[n-1].Count == 0 {
		t.Errorf("%d points have %d of 20 mentions", n, all)
	}
	if one := tellStory(told[:1]); len(one.Points) != 1 || one.Points[0].Count != 1 {
		t.Errorf("a story of one mention has the points %+v", one.Points)
	}
	years := tellStory([]mood.Mention{told[0], {ID: "old", Published: now.AddDate(-3, 0, 0)}})
	if len(years.Points) > storyPoints {
		t.Errorf("a story of three years has %d points", len(years.Points))
	}
}

func TestAStoryOfWhichNothingIsKeptIsNotFound(t *testing.T) {
	h := open(t, nil)
	if a := h.get("/api/v1/stories/none?brand=nokia"); a.status != http.StatusNotFound || h.filter.Story != "none" {
		t.Errorf("status %d of story %q, want 404", a.status, h.filter.Story)
	}
}

func TestAStoryIsAskedForByBrand(t *testing.T) {
	h := open(t, nil)
	h.say("nokia", mood.Positive)
	a := h.get("/api/v1/stories/x?brand=nokia")
	if a.status != http.StatusOK || h.filter.Story != "x" || len(h.filter.Brands) != 1 {
		t.Fatal(a.status, h.filter)
	}
	if v := a.json(t); v["id"] != "x" || v["mentions"] != 1.0 || v["first"].(map[string]any)["readings"] == nil {
		t.Errorf("%v", v)
	}
}
