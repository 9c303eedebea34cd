package charts

import (
	"cmp"
	"math"

	"agora/mood"
)

// ActivityTotal is what devices did of one kind, and the sentence that it makes.
type ActivityTotal struct {
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Unit     string `json:"unit,omitempty"`
	Color    string `json:"color,omitempty"`
	Count    int64  `json:"count"`
	Before   *int64 `json:"before"` // in the window before; null: not known
	Sentence string `json:"sentence"`
}

// Counters are what devices did for a brand, in these words; the most frequent
// kind first.
func (w *Words) Counters(b *mood.BrandBoard, window string) []ActivityTotal {
	totals := []ActivityTotal{}
	for _, d := range (view{boards: []*mood.BrandBoard{b}, said: w}).deeds() {
		t := ActivityTotal{Kind: d.id, Name: d.name, Unit: d.unit, Color: d.color, Count: d.count}
		if d.compared {
			t.Before = &d.before
		}
		t.Sentence = w.counter(t, window)
		totals = append(totals, t)
	}
	return totals
}

// counter is one as a sentence: "Activations: 12,480 devices in 24h, +38 % on
// the day before".
func (w *Words) counter(t ActivityTotal, window string) string {
	s := w.Says.Counter.with("kind", t.Name, "amount", w.amount(t.Count, t.Unit), "span", w.window(window))
	if t.Before == nil || *t.Before < mood.LeastAtPlace {
		return s
	}
	before := cmp.Or(w.Spans[window].Before, w.Notes.WindowBefore)
	change := float64(t.Count-*t.Before) / float64(*t.Before)
	if math.Round(100*change) == 0 {
		return w.Says.Even.with("counter", s, "before", before)
	}
	sign := "+"
	if change < 0 {
		sign = "−"
	}
	return w.Says.Grown.with("counter", s, "change", sign+w.percent(math.Abs(change)), "before", before)
}
