package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jonreiter/govader"

	"agora/ingest/sentiment/lexicon"
	"agora/ingest/sentiment/model"
	"agora/ingest/sentiment/samples"
)

// weights of the sets: what they count beside each other in training. Sets
// that aren't here are never learned from.
var weights = map[string]float32{
	"newsmtsc_train": 2, "sentfin_train": 2, "rusentne_train": 0.5, "norec_train": 0.5, "tweeteval_train": 1, "umsab_train": 1,
}

// judged are the sets that settings are chosen by.
var judged = []string{"newsmtsc_mt_dev", "newsmtsc_rw_dev", "sentfin_dev", "tweeteval_dev", "umsab_dev", "norec_dev"}

// gather reads all that is learned from and judged by. Texts that are judged
// by are left out of training, wherever they come from.
func gather(o *options) ([]model.Sample, error) {
	var all []model.Sample
	own, err := samples.Corpus(o.corpus)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for i := range own {
		own[i].Weight = float32(o.own)
		if own[i].Set == "en-forms" || own[i].Set == "en-plain" {
			own[i].Weight *= 0.4 // one frame many times over
		}
		counts[own[i].Group]++
	}
	all = append(all, own...)
	for _, s := range own { // what is said of one brand is about as much without it
		if s.Lang == "en" && !s.Dev && len(s.At) > 0 && counts[s.Group] == 1 {
			s.At, s.Target, s.Weight = nil, "", s.Weight*0.4
			all = append(all, s)
		}
	}
	for _, set := range judged {
		list, err := samples.Read(filepath.Join(o.data, set+".tsv"))
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	secret := map[string]bool{}
	for i := range all {
		if all[i].Dev {
			secret[samples.Key(all[i].Text)] = true
		}
	}
	names := make([]string, 0, len(weights))
	for set := range weights {
		names = append(names, set)
	}
	slices.Sort(names)
	for _, set := range names {
		list, err := samples.Read(filepath.Join(o.data, set+".tsv"))
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(s model.Sample) bool { return secret[samples.Key(s.Text)] })
		counts := map[string]int{} // of one set
		for i := range list {
			list[i].Weight = weights[set]
			counts[list[i].Text]++
		}
		all = append(all, list...)
		for _, s := range list { // a text about one target is about as much without it
			if len(s.At) > 0 && counts[s.Text] == 1 && set != "rusentne_train" {
				s.At, s.Target, s.Weight = nil, "", s.Weight*0.5
				all = append(all, s)
			}
		}
	}
	balance(all)
	return all, nil
}

// balance gives the rarer classes of a set more weight.
func balance(all []model.Sample) {
	counts := map[string]*[3]float64{}
	for i := range all {
		if all[i].Dev {
			continue
		}
		c := counts[all[i].Set]
		if c == nil {
			c = &[3]float64{}
			counts[all[i].Set] = c
		}
		c[all[i].Class]++
	}
	for i := range all {
		if c := counts[all[i].Set]; c != nil {
			sum := c[0] + c[1] + c[2]
			all[i].Weight *= float32(math.Sqrt(sum / 3 / max(1, c[all[i].Class])))
		}
	}
}

// wideLists reads the lists of single words: VADER's for English, and the
// machine-translated AFINN of each language that there is a lexicon for.
func wideLists(o *options, languages []string) (map[uint64]int8, error) {
	wide := map[uint64]int8{}
	tenths := func(v float64) int8 { return int8(math.Round(max(-50, min(50, v*10)))) }
	read := func(lang string) (map[string]float64, error) {
		file := filepath.Join(o.lists, "AFINN-"+lang+".json")
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read a word list: %w", err)
		}
		var list map[string]any // some values are words
		if err := json.Unmarshal(b, &list); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		out := map[string]float64{}
		for w, v := range list {
			if f, ok := v.(float64); ok {
				out[w] = f
			}
		}
		return out, nil
	}
	english, err := read("en")
	if err != nil {
		return nil, err
	}
	for _, lang := range append([]string{"no", "da", "ko", "vi", "uk", "cs", "el", "ro", "hu"}, languages...) {
		list, err := read(lang)
		if err != nil {
			return nil, err
		}
		for w, v := range list {
			if _, same := english[w]; same && lang != "en" || v == 0 || strings.ContainsAny(w, " \t") {
				continue
			}
			wide[model.WideKey(lang, lexicon.Normal(lang, w))] = tenths(v)
		}
	}
	for w, v := range govader.NewSentimentIntensityAnalyzer().Lexicon {
		if !strings.ContainsAny(w, " ") {
			wide[model.WideKey("en", strings.ToLower(w))] = tenths(v / 0.8)
		}
	}
	return wide, nil
}

// vocabularyOf lists the words that get a vector of their own: the commonest
// of the vector list, those of it that training texts hold, and what training
// texts hold at least three times.
func vocabularyOf(o *options, all []model.Sample, lexicons *lexicon.Set, wide map[uint64]int8) ([]string, int, error) {
	b, err := os.ReadFile(o.vectors)
	if err != nil {
		return nil, 0, fmt.Errorf("read the words that have vectors: %w", err)
	}
	list := strings.Split(strings.TrimSpace(string(b)), "\n")
	// Everything is known here, so that units show under their own names.
	first := model.NewTables(lexicons, list, len(list), wide)
	readings := model.ReadAll(first, all)
	seen := map[string]int{}
	for i := range readings {
		if all[i].Dev {
			continue
		}
		for _, u := range readings[i].Units {
			if u.Text != "" {
				seen[u.Text]++
			}
		}
	}
	for _, lang := range lexicons.Languages() {
		for _, g := range lexicons.Of(lang).Glosses() {
			seen[g]++
		}
	}
	var out []string
	have := map[string]bool{}
	add := func(w string) {
		if !have[w] && w != "" && !strings.HasPrefix(w, "$") {
			have[w] = true
			out = append(out, w)
		}
	}
	for i, w := range list {
		if i < o.words || seen[w] > 0 {
			add(w)
		}
	}
	common := len(out)
	rest := make([]string, 0, len(seen))
	for w, n := range seen {
		if n >= 3 {
			rest = append(rest, w)
		}
	}
	slices.Sort(rest)
	for _, w := range rest {
		add(w)
	}
	return out, common, nil
}
