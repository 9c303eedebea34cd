package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"agora/ingest/sentiment/lexicon"
	"agora/ingest/sentiment/model"
)

func pack(o *options) error {
	w, err := assemble(o)
	if err != nil {
		return err
	}
	m, err := newModel(w)
	if err != nil {
		return err
	}
	all, err := gather(o)
	if err != nil {
		return err
	}
	var dev []model.Sample
	var at []int
	for i, s := range all {
		if s.Dev {
			dev, at = append(dev, s), append(at, i)
		}
	}
	answers := read(m, dev)
	if err := compare(o, len(all), at, answers); err != nil {
		return err
	}
	mixing := mix(dev, answers)
	w.About.Mixing = mixing
	show("linear", dev, column(answers, func(a model.Answer) [3]float32 { return a.Linear }))
	show("net", dev, column(answers, func(a model.Answer) [3]float32 { return a.Net }))
	chances := make([][3]float32, len(dev))
	for i := range dev {
		chances[i] = chancesOf(mixing, &dev[i], &answers[i])
	}
	show("both", dev, column(chances, logs))
	w.About.Curve = calibrate(dev, chances)
	w.About.Questions = questions(answers, dev, chances, w.About.Curve)
	w.About.Unclear = threshold(dev, chances, w.About.Curve, o.coverage)
	f, err := os.Create(o.out)
	if err != nil {
		return err
	}
	if err := w.Write(f); err != nil {
		return err
	}
	return f.Close()
}

// compare prints how far the engine's net, with its rounded vectors, is from
// the net as it was trained.
func compare(o *options, samples int, at []int, answers []model.Answer) error {
	b, err := os.ReadFile(filepath.Join(o.nets, "answers.f32"))
	if err != nil {
		return fmt.Errorf("read the trained net's answers: %w", err)
	}
	if len(b) != 12*samples {
		return fmt.Errorf("%s has %d answers for %d samples: prepare and net.py saw other samples than these", o.nets, len(b)/12, samples)
	}
	mean, other := 0.0, 0
	for k, i := range at {
		var trained [3]float32
		for c := range trained {
			trained[c] = math.Float32frombits(binary.LittleEndian.Uint32(b[12*i+4*c:]))
		}
		if best(trained) != best(answers[k].Net) {
			other++
		}
		mean += math.Abs(float64(trained[2]-trained[0]-answers[k].Net[2]+answers[k].Net[0])) / float64(len(at))
	}
	fmt.Printf("the net here and as trained: mean difference %.4f, another label on %.2f %% of the judged samples\n", mean, 100*float64(other)/float64(len(at)))
	return nil
}

// assemble joins what prepare left with a trained net.
func assemble(o *options) (*model.Weights, error) {
	var st state
	b, err := os.ReadFile(filepath.Join(o.work, "state.json"))
	if err != nil {
		return nil, fmt.Errorf("read what prepare left: %w", err)
	}
	if err := json.Unmarshal(b, &st); err != nil {
		return nil, fmt.Errorf("read what prepare left: %w", err)
	}
	w := &model.Weights{
		Vocabulary: st.Vocabulary, Common: st.Common, Wide: st.Wide, Proper: st.Proper, Linear: st.Linear, Scale: st.Scale,
		Net: map[string][]float32{},
	}
	w.About = model.About{Made: time.Now().UTC().Format("2006-01-02"), Seed: int(o.seed), Mixing: model.Mixing{Net: 0.5, Foreign: 0.5, Temperature: 1}}
	return w, readNet(o.nets, w)
}

func newModel(w *model.Weights) (*model.Model, error) { return model.New(w, lexicon.BuiltIn()) }

func readNet(folder string, w *model.Weights) error {
	files, err := filepath.Glob(filepath.Join(folder, "net.*.f32"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no net in %s: run net.py first", folder)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		list := make([]float32, len(b)/4)
		for i := range list {
			list[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
		w.Net[strings.TrimSuffix(filepath.Base(file), ".f32")] = list
	}
	b, err := os.ReadFile(filepath.Join(folder, "vectors.i8"))
	if err != nil {
		return err
	}
	w.Vectors = make([]int8, len(b))
	for i, v := range b {
		w.Vectors[i] = int8(v)
	}
	return nil
}

func read(m *model.Model, list []model.Sample) []model.Answer {
	out := make([]model.Answer, len(list))
	readers := map[string]*model.Reader{}
	for i, s := range list {
		r := readers[s.Lang]
		if r == nil {
			r = m.Reader(s.Lang)
			defer r.Close()
			readers[s.Lang] = r
		}
		out[i] = r.Read(s.Text, s.At, nil)
	}
	return out
}

func column[T any](list []T, f func(T) [3]float32) [][3]float32 {
	out := make([][3]float32, len(list))
	for i := range list {
		out[i] = f(list[i])
	}
	return out
}

func logs(p [3]float32) (l [3]float32) {
	for c := range p {
		l[c] = float32(math.Log(float64(max(p[c], 1e-9))))
	}
	return l
}

// mix chooses the net's part, in English and elsewhere, by macro-F1, and the
// temperature by the likelihood of the true classes.
func mix(dev []model.Sample, answers []model.Answer) model.Mixing {
	x := model.Mixing{Temperature: 1}
	x.Net = part(dev, answers, true)
	x.Foreign = part(dev, answers, false)
	likeliest, temperature := math.Inf(1), float32(1)
	for t := float32(0.5); t < 3; t += 0.05 {
		x.Temperature = t
		loss := 0.0
		for i := range answers {
			loss -= math.Log(float64(max(chancesOf(x, &dev[i], &answers[i])[dev[i].Class], 1e-6)))
		}
		if loss < likeliest {
			likeliest, temperature = loss, t
		}
	}
	x.Temperature = temperature
	fmt.Printf("mixing: net %.2f, in other languages %.2f, temperature %.2f\n", x.Net, x.Foreign, x.Temperature)
	return x
}

// part finds the net's part that does best in English, or elsewhere.
func part(dev []model.Sample, answers []model.Answer, english bool) float32 {
	var list []model.Sample
	var said []model.Answer
	for i := range dev {
		if (dev[i].Lang == "en") == english {
			list, said = append(list, dev[i]), append(said, answers[i])
		}
	}
	x := model.Mixing{Temperature: 1}
	const steps = 20
	var f1 [steps + 1]float64
	top := 0.0
	for i := range f1 {
		net := float32(i) / steps
		f1[i] = meanF1(list, column(said, func(a model.Answer) [3]float32 { return x.Chances(a.Linear, a.Net, net) }))
		top = max(top, f1[i])
	}
	// The top is flat: its middle is less of a coincidence than its peak.
	const flat = 0.003
	sum, n := 0, 0
	for i := range f1 {
		if f1[i] > top-flat {
			sum, n = sum+i, n+1
		}
	}
	middle := (sum + n/2) / n
	fmt.Printf("net's part, English %v: macro-F1 %.4f at 0, %.4f at 1, at most %.4f, %.4f at %.2f\n", english, f1[0], f1[steps], top, f1[middle], float64(middle)/steps)
	return float32(middle) / steps
}

func chancesOf(x model.Mixing, s *model.Sample, a *model.Answer) [3]float32 {
	if s.Lang == "en" {
		return x.Chances(a.Linear, a.Net, x.Net)
	}
	return x.Chances(a.Linear, a.Net, x.Foreign)
}

// meanF1 is the mean macro-F1 of groups of sets: the pairs are one, and so are
// the project's own sentences in other languages, however many sets they are.
func meanF1(dev []model.Sample, scores [][3]float32) float64 {
	classes, said := map[string][]int{}, map[string][]int{}
	for i, s := range dev {
		group := s.Set
		switch {
		case strings.HasPrefix(group, "en-pairs"), group == "en-forms":
			group = "pairs"
		case group == "en-plain":
			group = "en-hard"
		case group == s.Lang || strings.HasPrefix(group, s.Lang+"-") && s.Lang != "en":
			group = "languages"
		}
		classes[group] = append(classes[group], s.Class)
		said[group] = append(said[group], best(scores[i]))
	}
	sum := 0.0
	for group := range classes {
		sum += judge(classes[group], said[group]).f1
	}
	return sum / float64(len(classes))
}

// points of the confidence curve.
const points = 13

// calibrate finds how often the greatest chance is right, by isotonic
// regression (pool adjacent violators), read off at equal steps from 1/3 to 1.
func calibrate(dev []model.Sample, chances [][3]float32) []float64 {
	type block struct{ x, right, n float64 }
	list := make([]block, len(dev))
	for i, p := range chances {
		k := best(p)
		list[i] = block{float64(p[k]), 0, 1}
		if k == dev[i].Class {
			list[i].right = 1
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].x < list[j].x })
	var pooled []block
	const least = 60 // samples a block, so that its accuracy means something
	for _, b := range list {
		if k := len(pooled) - 1; k >= 0 && pooled[k].n < least {
			pooled[k] = block{(pooled[k].x*pooled[k].n + b.x) / (pooled[k].n + 1), pooled[k].right + b.right, pooled[k].n + 1}
		} else {
			pooled = append(pooled, b)
		}
		for k := len(pooled) - 1; k > 0 && pooled[k].n >= least && pooled[k-1].right/pooled[k-1].n > pooled[k].right/pooled[k].n; k-- {
			a, b := pooled[k-1], pooled[k]
			n := a.n + b.n
			pooled = append(pooled[:k-1], block{(a.x*a.n + b.x*b.n) / n, a.right + b.right, n})
		}
	}
	curve := make([]float64, points)
	for i := range curve {
		x := 1.0/3 + 2.0/3*float64(i)/(points-1)
		k := sort.Search(len(pooled), func(k int) bool { return pooled[k].x >= x })
		rate := func(k int) float64 { return pooled[k].right / pooled[k].n }
		switch {
		case k == 0:
			curve[i] = rate(0)
		case k == len(pooled):
			curve[i] = rate(k - 1)
		default:
			a, b := pooled[k-1], pooled[k]
			part := (x - a.x) / max(b.x-a.x, 1e-9)
			curve[i] = rate(k-1) + part*(rate(k)-rate(k-1))
		}
		curve[i] = math.Round(curve[i]*1000) / 1000
	}
	return curve
}

// questions finds what the curve's confidence is worth in texts with a
// question.
func questions(answers []model.Answer, dev []model.Sample, chances [][3]float32, curve []float64) float64 {
	right, sum, n := 0.0, 0.0, 0
	for i := range answers {
		if !answers[i].Asks {
			continue
		}
		n++
		k := best(chances[i])
		sum += model.Confidence(curve, chances[i][k])
		if k == dev[i].Class {
			right++
		}
	}
	if n < 100 {
		return 1
	}
	fmt.Printf("%d texts with a question: right %.3f, said %.3f\n", n, right/float64(n), sum/float64(n))
	return math.Round(1000*min(1, right/sum)) / 1000
}

// threshold finds the confidence below which the given part of the samples
// lies, and prints what it buys.
func threshold(dev []model.Sample, chances [][3]float32, curve []float64, coverage float64) float64 {
	confidences := make([]float64, len(dev))
	right := 0.0
	bins, hits, sums := [10]float64{}, [10]float64{}, [10]float64{}
	for i, p := range chances {
		k := best(p)
		confidences[i] = model.Confidence(curve, p[k])
		b := min(9, int(confidences[i]*10))
		bins[b]++
		sums[b] += confidences[i]
		if k == dev[i].Class {
			right++
			hits[b]++
		}
	}
	sorted := append([]float64(nil), confidences...)
	sort.Float64s(sorted)
	least := sorted[int((1-coverage)*float64(len(sorted)))]
	clear, clearRight, ece := 0.0, 0.0, 0.0
	for i, p := range chances {
		if confidences[i] >= least {
			clear++
			if best(p) == dev[i].Class {
				clearRight++
			}
		}
	}
	n := float64(len(dev))
	for b := range bins {
		if bins[b] > 0 {
			ece += math.Abs(hits[b]-sums[b]) / n
		}
	}
	fmt.Printf("unclear below %.3f: accuracy %.3f on all, %.3f on the %.0f %% that are clear; ECE %.3f\n",
		least, right/n, clearRight/clear, 100*clear/n, ece)
	return math.Round(least*1000) / 1000
}
