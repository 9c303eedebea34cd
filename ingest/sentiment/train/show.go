package main

import (
	"fmt"
	"sort"

	"agora/ingest/sentiment/model"
)

// figures are what one set says of a model.
type figures struct {
	f1, accuracy float64
	n            int
}

func judge(classes, said []int) figures {
	var hit, say, are [3]float64
	right := 0.0
	for i, c := range classes {
		are[c]++
		say[said[i]]++
		if said[i] == c {
			hit[c]++
			right++
		}
	}
	f, k := 0.0, 0.0
	for c := range 3 {
		if are[c] == 0 {
			continue
		}
		k++
		f += 2 * hit[c] / (say[c] + are[c])
	}
	return figures{f / max(k, 1), right / float64(max(len(classes), 1)), len(classes)}
}

func best(s [3]float32) int {
	k := 0
	for c := 1; c < 3; c++ {
		if s[c] > s[k] {
			k = c
		}
	}
	return k
}

// show prints macro-F1 of every set that is judged by.
func show(name string, all []model.Sample, scores [][3]float32) map[string]figures {
	classes, said := map[string][]int{}, map[string][]int{}
	add := func(set string, i int) {
		classes[set] = append(classes[set], all[i].Class)
		said[set] = append(said[set], best(scores[i]))
	}
	for i := range all {
		if !all[i].Dev {
			continue
		}
		switch set := all[i].Set; set {
		case "umsab_dev":
			add(set+" "+all[i].Lang, i)
		default:
			add(set, i)
		}
	}
	pairs(all, scores)
	names := make([]string, 0, len(classes))
	for set := range classes {
		names = append(names, set)
	}
	sort.Strings(names)
	out := map[string]figures{}
	sum, umsab, languages, nl := 0.0, 0.0, 0.0, 0.0
	for _, set := range names {
		f := judge(classes[set], said[set])
		out[set] = f
		fmt.Printf("%-8s %-20s n %5d  macro-F1 %.3f  accuracy %.3f\n", name, set, f.n, f.f1, f.accuracy)
		sum += f.f1
		if len(set) == 2 {
			languages += f.f1
			nl++
		}
		if len(set) > 9 && set[:9] == "umsab_dev" {
			umsab += f.f1 / 8
		}
	}
	fmt.Printf("%-8s mean of all %.4f, UMSAB %.3f, corpus languages %.3f\n", name, sum/float64(len(names)), umsab, languages/max(nl, 1))
	return out
}

// pairs prints how often two brands of one text, with different labels, come
// in the right order.
func pairs(all []model.Sample, scores [][3]float32) {
	groups := map[string][]int{}
	for i := range all {
		if all[i].Dev {
			groups[all[i].Set+all[i].Group] = append(groups[all[i].Set+all[i].Group], i)
		}
	}
	right, n := map[string]float64{}, map[string]float64{}
	for _, g := range groups {
		for _, a := range g {
			for _, b := range g {
				if all[a].Class <= all[b].Class {
					continue
				}
				p, q := softmax(scores[a]), softmax(scores[b])
				n[all[a].Set]++
				if p[2]-p[0] > q[2]-q[0] {
					right[all[a].Set]++
				}
			}
		}
	}
	for set, k := range n {
		if k > 30 {
			fmt.Printf("order    %-20s n %5.0f  right %.3f\n", set, k, right[set]/k)
		}
	}
}

func softmax(s [3]float32) [3]float32 {
	return model.Mixing{Temperature: 1}.Chances(s, s, 0)
}
