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
	Short    string `json:"short"` // without the windows, where they are said beside it
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
		amount := w.amount(t.Count, t.Unit)
		t.Sentence = w.compared(w.Says.Counter.with("kind", t.Name, "amount", amount, "span", w.window(window)), t, window)
		t.Short = w.pair(t.Name, amount)
		if change, ok := t.change(); ok {
			t.Short += ", " + w.growth(change)
		}
		totals = append(totals, t)
	}
	return totals
}

// compared adds to a count how it differs from the window before: "Activations:
// 12,480 devices in 24h, +38 % on the day before".
func (w *Words) compared(s string, t ActivityTotal, window string) string {
	change, ok := t.change()
	if !ok {
		return s
	}
	before := cmp.Or(w.Spans[window].Before, w.Notes.WindowBefore)
	if math.Round(100*change) == 0 {
		return w.Says.Even.with("counter", s, "before", before)
	}
	return w.Says.Grown.with("counter", s, "change", w.growth(change), "before", before)
}

// change is how much more there is than before, as a part of that. It is not ok
// where there was too little, or nobody knows.
func (t ActivityTotal) change() (float64, bool) {
	if t.Before == nil || *t.Before < mood.LeastAtPlace {
		return 0, false
	}
	return float64(t.Count-*t.Before) / float64(*t.Before), true
}

// growth is a change with its sign.
func (w *Words) growth(change float64) string {
	switch {
	case math.Round(100*change) == 0:
		return "±" + w.percent(0)
	case change < 0:
		return "−" + w.percent(-change)
	}
	return "+" + w.percent(change)
}
