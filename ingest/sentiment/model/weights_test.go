package model

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"

	"agora/ingest/sentiment/lexicon"
)

// tiny makes weights of the right shapes, with figures that are easy to tell
// apart.
func tiny() *Weights {
	w := &Weights{
		About:      About{Made: "2026-01-02", Mixing: Mixing{Net: 0.5, Foreign: 0.4, Temperature: 1}, Curve: []float64{0.3, 0.6, 0.9}, Questions: 0.9, Unclear: 0.4},
		Vocabulary: []string{"good", "bad", "fi:hyvä"}, Common: 2, Wide: map[uint64]int8{WideKey("en", "fine"): 15},
		Proper: []bool{false, false, true}, Linear: make([]int8, 3<<linearBits), Scale: 0.5, Net: map[string][]float32{},
	}
	for i := range w.Linear {
		w.Linear[i] = int8(i%7 - 3)
	}
	rows := NewTables(lexicon.BuiltIn(), w.Vocabulary, w.Common, w.Wide).Rows()
	w.Vectors = make([]int8, rows*width)
	for i := range w.Vectors {
		w.Vectors[i] = int8(i%11 - 5)
	}
	var n Net
	for _, p := range n.parts() {
		list := make([]float32, p.size)
		for i := range list {
			list[i] = float32(math.Sin(float64(i))) / 8
		}
		w.Net[p.name] = list
	}
	return w
}

func TestWeightsReadBackAsWritten(t *testing.T) {
	var file bytes.Buffer
	want := tiny()
	if err := want.Write(&file); err != nil {
		t.Fatal(err)
	}
	got, err := ReadWeights(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("what is read is not what was written")
	}
	for _, size := range []int{0, 5, len(magic), len(magic) + 40, file.Len() / 2, file.Len() - 1} {
		if _, err := ReadWeights(file.Bytes()[:size]); err == nil {
			t.Errorf("%d of %d bytes are taken for weights", size, file.Len())
		}
	}
}

func TestWeightsOfAnotherShapeAreRefused(t *testing.T) {
	for name, spoil := range map[string]func(*Weights){
		"net.answer":     func(w *Weights) { w.Net["net.answer"] = w.Net["net.answer"][1:] },
		"vectors":        func(w *Weights) { w.Vectors = w.Vectors[:width] },
		"linear weights": func(w *Weights) { w.Linear = w.Linear[:9] },
	} {
		w := tiny()
		spoil(w)
		if _, err := New(w, lexicon.BuiltIn()); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLeavingAWordOutIsReadingWithoutIt(t *testing.T) {
	m, err := New(tiny(), lexicon.BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	r := m.Reader("en")
	defer r.Close()
	text := "Nokia is good but the phone of Ericsson is bad and it broke"
	r.Read(text, Find(text, "Nokia"), nil)
	s := r.s
	for hidden := range s.units {
		got := m.net.without(s.units, &s.dense, &s.net, hidden)
		// The long way: read all units anew with one unknown.
		units := append([]unitAt(nil), s.units...)
		units[hidden].id, units[hidden].valence = unitUnknown, 0
		var fresh netScratch
		want := m.net.score(units, &s.dense, &fresh)
		for c := range got {
			if math.Abs(float64(got[c]-want[c])) > 0.02 { // changes fade below what is seen
				t.Fatalf("without unit %d: %v, want %v", hidden, got, want)
			}
		}
		if again := m.net.score(s.units, &s.dense, &s.net); again != m.net.score(s.units, &s.dense, &fresh) {
			t.Fatalf("unit %d left a trace", hidden)
		}
	}
}

func TestPartsAndRestAddUpToTheLinearDifference(t *testing.T) {
	m, err := New(tiny(), lexicon.BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	r := m.Reader("en")
	defer r.Close()
	for _, text := range []string{"Nokia beats Ericsson hands down", "Nokia", "so good :) #neverAgain Nokia's phone isn't bad"} {
		a := r.Read(text, Find(text, "Nokia"), nil)
		parts, sum := r.Explain(&a, 3)
		for _, p := range parts {
			sum += p.Linear
		}
		if want := a.Linear[Positive] - a.Linear[Negative]; math.Abs(float64(sum-want)) > 1e-2 {
			t.Errorf("%q: parts and rest add up to %v, the difference is %v", text, sum, want)
		}
	}
}

func TestTrainingLearnsWhatTellsTextsApart(t *testing.T) {
	tables := NewTables(lexicon.BuiltIn(), []string{"good"}, 1, nil)
	var list []Sample
	for i := range 60 {
		class := i % 3
		text := []string{"Nokia zorked", "Nokia sat", "Nokia blimmed"}[class]
		list = append(list, Sample{Lang: "en", Text: text, At: Find(text, "Nokia"), Class: class, Weight: 1, Dev: i >= 48})
	}
	readings := ReadAll(tables, list)
	l := TrainLinear(list, readings, LinearOptions{Epochs: 6, Rate: 0.3, Seed: 1})
	again := TrainLinear(list, readings, LinearOptions{Epochs: 6, Rate: 0.3, Seed: 1})
	if !reflect.DeepEqual(l, again) {
		t.Error("the same seed gives other weights")
	}
	for i, s := range l.Scores(readings) {
		if !list[i].Dev {
			continue
		}
		if s[list[i].Class] <= s[(list[i].Class+1)%3] || s[list[i].Class] <= s[(list[i].Class+2)%3] {
			t.Errorf("%q is read as %v", list[i].Text, s)
		}
	}
}

func TestConfidenceIsReadOffItsCurve(t *testing.T) {
	curve := []float64{0.3, 0.5, 0.9}
	for chance, want := range map[float32]float64{0: 0.3, 1.0 / 3: 0.3, 2.0 / 3: 0.5, 5.0 / 6: 0.7, 1: 0.9} {
		if got := Confidence(curve, chance); math.Abs(got-want) > 1e-5 {
			t.Errorf("%v: %v, want %v", chance, got, want)
		}
	}
}
