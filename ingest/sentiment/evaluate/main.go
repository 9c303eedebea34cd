// Command evaluate measures the built-in sentiment engine on labelled sets,
// beside govader in the same run: macro-F1, accuracy, confusion, calibration,
// the order of brands in one text, every language, and speed.
//
//	evaluate -data FOLDER [-examples FOLDER] [-eval] [-weights FILE]
//
// The sets whose names begin with eval_ are read with -eval alone: they show
// how the engine does away from home, and nothing is chosen by them.
package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/jonreiter/govader"

	"agora/ingest/sentiment"
	"agora/ingest/sentiment/model"
	"agora/ingest/sentiment/samples"
	"agora/mood"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "evaluate:", err)
		os.Exit(1)
	}
}

func run() error {
	data := flag.String("data", "", "folder of labelled sets")
	examples := flag.String("examples", "", "folder of small hand-written sets: brandpairs, hardcases, multilingual")
	corpus := flag.String("corpus", "ingest/sentiment/corpus", "folder of the project's own sentences")
	away := flag.Bool("eval", false, "read the eval_ sets too")
	file := flag.String("weights", "", "a weights file; without it, the built-in one")
	wrong := flag.Bool("wrong", false, "print what was wrong in the hand-written sets")
	kinds := flag.Bool("kinds", false, "print the hand-written sets by what makes them hard")
	flag.Parse()

	engine, err := sentiment.New()
	if *file != "" {
		var b []byte
		if b, err = os.ReadFile(*file); err == nil {
			engine, err = sentiment.Load(b)
		}
	}
	if err != nil {
		return err
	}
	var sets [][]model.Sample
	if *data != "" {
		files, err := filepath.Glob(filepath.Join(*data, "*.tsv"))
		if err != nil {
			return err
		}
		slices.Sort(files)
		for _, f := range files {
			name := strings.TrimSuffix(filepath.Base(f), ".tsv")
			if !strings.HasSuffix(name, "_dev") && !(*away && strings.HasPrefix(name, "eval_")) {
				continue
			}
			list, err := samples.Read(f)
			if err != nil {
				return err
			}
			sets = append(sets, list)
		}
	}
	own, err := samples.Corpus(*corpus)
	if err != nil {
		return err
	}
	by := map[string][]model.Sample{}
	for _, s := range own {
		if s.Dev {
			by["corpus "+s.Set] = append(by["corpus "+s.Set], s)
		}
	}
	if *examples != "" {
		list, err := samples.Examples(*examples)
		if err != nil {
			return err
		}
		for _, s := range list {
			by[s.Set] = append(by[s.Set], s)
		}
	}
	names := make([]string, 0, len(by))
	for name := range by {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for i := range by[name] {
			by[name][i].Set = name
		}
		sets = append(sets, by[name])
	}
	return report(engine, sets, *wrong, *kinds)
}

// judged is a set with what was said of it.
type judged struct {
	name     string
	list     []model.Sample
	readings []mood.Reading
	vader    []int
	took     time.Duration
}

func report(e *sentiment.Engine, sets [][]model.Sample, wrong, kinds bool) error {
	vader := govader.NewSentimentIntensityAnalyzer()
	fmt.Printf("%-18s %5s | %6s %6s | %8s %6s %6s | %6s | %6s\n", "set", "n", "F1", "right", "coverage", "clear", "ECE", "order", "vader")
	all, tookVader := judged{}, time.Duration(0)
	for _, list := range sets {
		j := judged{list: list}
		asks := make([]mood.Ask, len(list))
		for i, s := range list {
			asks[i] = mood.Ask{Text: s.Text, Target: s.Target, Language: s.Lang}
		}
		began := time.Now()
		var err error
		if j.readings, err = e.Score(context.Background(), asks); err != nil {
			return err
		}
		j.took = time.Since(began)
		began = time.Now()
		for _, s := range list {
			j.vader = append(j.vader, classOfCompound(vader.PolarityScores(s.Text).Compound))
		}
		tookVader += time.Since(began)
		j.print(list[0].Set)
		j.differing()
		if parts := j.by(func(s model.Sample) string { return s.Lang }); len(parts) > 1 {
			mean, least := 0.0, 1.0
			for _, p := range parts {
				p.print("  " + p.name)
				mean += p.f1() / float64(len(parts))
				least = min(least, p.f1())
			}
			fmt.Printf("  mean of languages %.3f, least %.3f\n", mean, least)
		}
		if kinds {
			if parts := j.by(func(s model.Sample) string { return s.Kind }); len(parts) > 1 {
				for _, p := range parts {
					p.print("  " + p.name)
				}
			}
		}
		if wrong && !strings.Contains(list[0].Set, "_dev") {
			for i, s := range list {
				if classOf(j.readings[i].Lean) != s.Class {
					fmt.Printf("    %s %d said %v (%.2f, conf %.2f) [%s] %s\n", s.Lang, s.Class-1, j.readings[i].Lean, j.readings[i].Score, j.readings[i].Confidence, s.Target, s.Text)
				}
			}
		}
		all.list, all.readings, all.vader = append(all.list, list...), append(all.readings, j.readings...), append(all.vader, j.vader...)
		all.took += j.took
	}
	all.print("all")
	all.confusion()
	all.reliability()
	fmt.Printf("\n%d texts in %s: %.0f texts/s, words met for the first time included; govader %.0f\n", len(all.list),
		all.took.Round(time.Millisecond), float64(len(all.list))/all.took.Seconds(), float64(len(all.list))/tookVader.Seconds())
	return nil
}

// by parts a set, sorted by the parts' names.
func (j *judged) by(key func(model.Sample) string) []*judged {
	parts := map[string]*judged{}
	for i, s := range j.list {
		p := parts[key(s)]
		if p == nil {
			p = &judged{name: key(s)}
			parts[key(s)] = p
		}
		p.list, p.readings, p.vader = append(p.list, s), append(p.readings, j.readings[i]), append(p.vader, j.vader[i])
	}
	return slices.SortedFunc(maps.Values(parts), func(a, b *judged) int { return strings.Compare(a.name, b.name) })
}

func classOf(l mood.Label) int {
	switch l {
	case mood.Positive:
		return model.Positive
	case mood.Negative:
		return model.Negative
	}
	return model.Neutral
}

func classOfCompound(c float64) int {
	switch {
	case c >= 0.05:
		return model.Positive
	case c <= -0.05:
		return model.Negative
	}
	return model.Neutral
}

func macro(true, said []int) float64 {
	var hit, say, are [3]float64
	for i, c := range true {
		are[c]++
		say[said[i]]++
		if c == said[i] {
			hit[c]++
		}
	}
	f, n := 0.0, 0.0
	for c := range 3 {
		if are[c] > 0 {
			f += 2 * hit[c] / (are[c] + say[c])
			n++
		}
	}
	return f / max(n, 1)
}

func (j *judged) classes() (true, said []int) {
	for i, s := range j.list {
		true, said = append(true, s.Class), append(said, classOf(j.readings[i].Lean))
	}
	return true, said
}

func (j *judged) f1() float64 { return macro(j.classes()) }

func (j *judged) print(name string) {
	true, said := j.classes()
	right, clear, clearRight, ece := 0.0, 0.0, 0.0, 0.0
	var bins [10]struct{ n, right, sum float64 }
	for i := range true {
		ok := true[i] == said[i]
		c := j.readings[i].Confidence
		b := &bins[min(9, int(c*10))]
		b.n++
		b.sum += c
		if ok {
			right++
			b.right++
		}
		if j.readings[i].Label != mood.Unclear {
			clear++
			if ok {
				clearRight++
			}
		}
	}
	n := float64(len(true))
	for _, b := range bins {
		if b.n > 0 {
			ece += max(b.right-b.sum, b.sum-b.right) / n
		}
	}
	fmt.Printf("%-18s %5d | %.3f  %.3f  | %.3f    %.3f  %.3f  | %s | %.3f\n",
		name, len(true), macro(true, said), right/n, clear/n, clearRight/max(clear, 1), ece, j.order(), macro(true, j.vader))
}

// order is how often two targets of one text with different labels are scored
// in the right order.
func (j *judged) order() string {
	groups := map[string][]int{}
	for i, s := range j.list {
		groups[s.Group] = append(groups[s.Group], i)
	}
	right, n := 0.0, 0.0
	for _, g := range groups {
		for _, a := range g {
			for _, b := range g {
				if j.list[a].Class > j.list[b].Class && j.list[a].Target != j.list[b].Target {
					n++
					if j.readings[a].Score > j.readings[b].Score {
						right++
					}
				}
			}
		}
	}
	if n < 20 {
		return "    - "
	}
	return fmt.Sprintf("%.3f ", right/n)
}

// differing prints how often it is right where the targets of one text have
// different labels.
func (j *judged) differing() {
	groups := map[string][]int{}
	for i, s := range j.list {
		groups[s.Group] = append(groups[s.Group], i)
	}
	right, n := 0.0, 0.0
	for _, g := range groups {
		differ := slices.ContainsFunc(g, func(i int) bool { return j.list[i].Class != j.list[g[0]].Class })
		for _, i := range g {
			if !differ {
				break
			}
			n++
			if classOf(j.readings[i].Lean) == j.list[i].Class {
				right++
			}
		}
	}
	if n >= 50 {
		fmt.Printf("  right where targets differ %.3f of %.0f\n", right/n, n)
	}
}

func (j *judged) confusion() {
	var table [3][3]int
	true, said := j.classes()
	for i := range true {
		table[true[i]][said[i]]++
	}
	fmt.Println("\nconfusion, rows as labelled:  said negative, neutral, positive")
	for c, name := range []string{"negative", "neutral", "positive"} {
		fmt.Printf("  %-9s %6d %6d %6d\n", name, table[c][0], table[c][1], table[c][2])
	}
}

func (j *judged) reliability() {
	true, said := j.classes()
	var bins [10]struct{ n, right, sum float64 }
	for i := range true {
		b := &bins[min(9, int(j.readings[i].Confidence*10))]
		b.n++
		b.sum += j.readings[i].Confidence
		if true[i] == said[i] {
			b.right++
		}
	}
	fmt.Println("\nreliability:  confidence   right      n")
	for _, b := range bins {
		if b.n > 0 {
			fmt.Printf("                   %.3f   %.3f  %5.0f\n", b.sum/b.n, b.right/b.n, b.n)
		}
	}
}
