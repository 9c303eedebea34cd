// Compare measures Agora's identifier of languages beside lingua-go and
// whatlanggo, in one run: how often each is right, by kind of text, and how
// many texts a second it reads on one core. It is a module of its own, so that
// the program doesn't carry the models of the others.
//
//	cd ingest/language/compare && GOMAXPROCS=1 go run . -texts ../testdata -shared FOLDER MORE.tsv…
//
// Each file has a language and a text a line, with a tab between them.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"syscall"
	"time"

	"agora/ingest/language"

	"github.com/abadojack/whatlanggo"
	"github.com/pemistahl/lingua-go"
)

// text is one whose language is known; empty: none.
type text struct{ lang, title, body string }

// set is texts of one kind.
type set struct {
	name  string
	texts []text
}

// most is how many texts of a set are read: the others are slow.
const most = 3000

func main() {
	texts := flag.String("texts", "../testdata", "folder of headlines.tsv, posts.tsv, neighbours.tsv and none.tsv: language, text")
	shared := flag.String("shared", "", "folder of more sets: sentiment/*_dev.tsv, headlines.ndjson, examples/multilingual.tsv")
	own := flag.Bool("own", false, "measure Agora's alone")
	wrong := flag.Bool("wrong", false, "print what Agora's gets wrong")
	flag.Parse()
	if err := run(*texts, *shared, flag.Args(), *own, *wrong); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

type contender struct {
	name     string
	identify func(t text) string
}

func run(folder, shared string, more []string, own, wrong bool) error {
	id, err := language.New()
	if err != nil {
		return err
	}
	contenders := []contender{{"agora", func(t text) string { tag, _ := id.Identify(t.title, t.body); return tag }}}
	if _, sure := id.Identify("", "a first text, so that all is unpacked"); sure == 0 {
		return errors.New("agora's identifier knows no English")
	}
	if !own {
		detector := lingua.NewLanguageDetectorBuilder().FromAllLanguages().WithPreloadedLanguageModels().Build()
		contenders = append(contenders,
			contender{"lingua-go", func(t text) string {
				lang, ok := detector.DetectLanguageOf(joined(t))
				if !ok {
					return ""
				}
				return strings.ToLower(lang.IsoCode639_1().String())
			}},
			contender{"whatlanggo", func(t text) string { return whatlanggo.Detect(joined(t)).Lang.Iso6391() }})
	}
	sets, err := load(folder, shared, more)
	if err != nil {
		return err
	}
	fmt.Printf("%-22s %6s", "", "texts")
	for _, c := range contenders {
		fmt.Printf(" %12s %9s", c.name, "texts/s")
	}
	fmt.Println()
	for _, s := range sets {
		fmt.Printf("%-22s %6d", s.name, len(s.texts))
		var by map[string][2]int
		for i, c := range contenders {
			right, perLang, took := measure(c, s.texts, wrong && i == 0)
			fmt.Printf(" %12.3f %9.0f", float64(right)/float64(len(s.texts)), float64(len(s.texts))/took.Seconds())
			if i == 0 {
				by = perLang
			}
		}
		fmt.Println()
		printLanguages(by)
	}
	return nil
}

func joined(t text) string { return strings.TrimSpace(t.title + " " + t.body) }

func measure(c contender, texts []text, wrong bool) (right int, by map[string][2]int, took time.Duration) {
	by = map[string][2]int{}
	answers := make([]string, len(texts))
	rounds := 1
	if c.name == "agora" {
		rounds = 20 // it would be done before the clock has moved
	}
	began := processorTime()
	for range rounds {
		for i, t := range texts {
			answers[i] = c.identify(t)
		}
	}
	took = (processorTime() - began) / time.Duration(rounds)
	for i, t := range texts {
		n := by[t.lang]
		n[1]++
		if same(answers[i], t.lang) {
			right++
			n[0]++
		} else if wrong {
			fmt.Printf("  %s, not %q: %s\n", t.lang, answers[i], joined(t))
		}
		by[t.lang] = n
	}
	return right, by, took
}

// processorTime is what this process has had of processors: other programs on
// the machine don't slow it down by much.
func processorTime() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// same forgives what has two names: Norwegian as Bokmål or Nynorsk, and
// Bosnian, which nobody tells from Croatian in a short text.
func same(got, want string) bool {
	other := map[string]string{"nb": "no", "nn": "no", "bs": "hr", "fil": "tl"}
	if o, ok := other[got]; ok {
		got = o
	}
	return got == want
}

func printLanguages(by map[string][2]int) {
	var list []string
	for lang, n := range by {
		if n[0] < n[1] && len(by) > 1 {
			list = append(list, fmt.Sprintf("%s %d/%d", lang, n[0], n[1]))
		}
	}
	sort.Strings(list)
	if len(list) > 0 {
		fmt.Println("   missed by agora:", strings.Join(list, ", "))
	}
}

func load(folder, shared string, more []string) ([]set, error) {
	var sets []set
	for _, name := range []string{"headlines", "posts", "neighbours", "none"} {
		s := set{name: name}
		err := rows(filepath.Join(folder, name+".tsv"), func(f []string) {
			if len(f) == 2 {
				s.texts = append(s.texts, text{lang: strings.Trim(f[0], "-"), body: f[1]})
			}
		})
		if err != nil {
			return nil, err
		}
		sets = append(sets, s)
	}
	for _, path := range more {
		s := set{name: strings.TrimSuffix(filepath.Base(path), ".tsv")}
		err := rows(path, func(f []string) {
			if len(f) == 2 {
				s.texts = append(s.texts, text{lang: strings.Trim(f[0], "-"), body: f[1]})
			}
		})
		if err != nil {
			return nil, err
		}
		sets = append(sets, s)
	}
	if shared == "" {
		return sets, nil
	}
	for _, name := range []string{"umsab_dev", "norec_dev", "tweeteval_dev"} {
		s := set{name: name}
		err := rows(filepath.Join(shared, "sentiment", name+".tsv"), func(f []string) {
			if len(f) > 2 && f[1] != "lang" && f[1] != "hi" { // its Hindi is half English, in Latin letters
				s.texts = append(s.texts, text{lang: f[1], body: f[2]})
			}
		})
		if err != nil {
			return nil, err
		}
		sets = append(sets, s)
	}
	s := set{name: "16 languages"}
	err := rows(filepath.Join(shared, "examples", "multilingual.tsv"), func(f []string) {
		if len(f) > 2 && f[1] != "lang" {
			s.texts = append(s.texts, text{lang: f[1], body: f[2]})
		}
	})
	if err != nil {
		return nil, err
	}
	sets = append(sets, s)
	english, err := headlines(filepath.Join(shared, "headlines.ndjson"))
	if err != nil {
		return nil, err
	}
	sets = append(sets, set{name: "headlines, English", texts: english})
	for i := range sets {
		sets[i].texts = sample(sets[i].texts)
	}
	return slices.DeleteFunc(sets, func(s set) bool { return len(s.texts) == 0 }), nil
}

// sample takes as many as are read, from all over the set.
func sample(list []text) []text {
	if len(list) <= most {
		return list
	}
	kept := make([]text, 0, most)
	for i := range most {
		kept = append(kept, list[i*len(list)/most])
	}
	return kept
}

func rows(path string, do func(fields []string)) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read texts: %w", err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		do(strings.Split(lines.Text(), "\t"))
	}
	return lines.Err()
}

func headlines(path string) ([]text, error) {
	var list []text
	err := rows(path, func(f []string) {
		var row struct{ Title string }
		if json.Unmarshal([]byte(strings.Join(f, "\t")), &row) == nil && row.Title != "" {
			list = append(list, text{lang: "en", title: row.Title})
		}
	})
	return list, err
}
