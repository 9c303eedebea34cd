package main

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"agora/ingest/sentiment/model"
)

// drawn makes samples whose greatest chance is right as often as right says.
func drawn(n int, right func(chance float64) float64) ([]model.Sample, [][3]float32) {
	random := rand.New(rand.NewPCG(1, 2))
	samples, chances := make([]model.Sample, n), make([][3]float32, n)
	for i := range samples {
		top := 0.36 + 0.62*random.Float64()
		chances[i] = [3]float32{float32(1-top) / 2, float32(1-top) / 2, float32(top)}
		if random.Float64() < right(top) {
			samples[i].Class = model.Positive
		}
	}
	return samples, chances
}

func TestTheCurveSaysHowOftenAChanceIsRight(t *testing.T) {
	right := func(chance float64) float64 { return 0.2 + 0.6*chance } // overconfident
	samples, chances := drawn(20_000, right)
	curve := calibrate(samples, chances)
	if !slices.IsSorted(curve) {
		t.Errorf("a greater chance is less often right: %v", curve)
	}
	for _, chance := range []float64{0.4, 0.55, 0.7, 0.9} {
		if got := model.Confidence(curve, float32(chance)); math.Abs(got-right(chance)) > 0.04 {
			t.Errorf("at a chance of %v: %v, right are %v", chance, got, right(chance))
		}
	}
}

func TestTheThresholdLeavesThePartThatWasAskedFor(t *testing.T) {
	samples, chances := drawn(5000, func(c float64) float64 { return c })
	curve := calibrate(samples, chances)
	least := threshold(samples, chances, curve, 0.8)
	clear := 0
	for _, p := range chances {
		if model.Confidence(curve, p[best(p)]) >= least {
			clear++
		}
	}
	if part := float64(clear) / 5000; math.Abs(part-0.8) > 0.02 {
		t.Errorf("%.3f are clear", part)
	}
}

func TestMacroF1IsTheMeanOverTheClassesThatOccur(t *testing.T) {
	f := judge([]int{0, 0, 1, 1}, []int{0, 1, 1, 1})
	if want := (2.0/3 + 4.0/5) / 2; math.Abs(f.f1-want) > 1e-9 || f.accuracy != 0.75 {
		t.Errorf("%+v, want %v", f, want)
	}
}

func TestSetsKeptForJudgingAreNeverLearnedFrom(t *testing.T) {
	folder := t.TempDir()
	head := "id\tlang\ttext\ttarget\tstart\tend\tlabel\tsplit\n"
	for _, set := range judged {
		line := "1\ten\tNokia " + set + " is fine\tNokia\t0\t5\t1\tdev\n2\ten\tA text that both have\t\t\t\t1\tdev\n"
		if err := os.WriteFile(filepath.Join(folder, set+".tsv"), []byte(head+line), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for set := range weights {
		line := "1\ten\tNokia in " + set + "\tNokia\t0\t5\t1\ttrain\n2\ten\ta TEXT that both have!\t\t\t\t1\ttrain\n"
		if err := os.WriteFile(filepath.Join(folder, set+".tsv"), []byte(head+line), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := gather(&options{data: folder, corpus: filepath.Join("..", "corpus"), own: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if strings.Contains(strings.ToLower(s.Text), "both have") && !s.Dev {
			t.Errorf("%s learns from what is judged by: %q", s.Set, s.Text)
		}
	}
}
