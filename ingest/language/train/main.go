// Train makes ingest/language/weights.bin anew.
//
//	go run ./ingest/language/train -lingua FOLDER -npm FOLDER -data FOLDER -out ingest/language/weights.bin
//
// -lingua is a checkout of github.com/pemistahl/lingua-go v1.4.0 or where Go
// keeps that module, -npm a node_modules with the packages that
// ingest/language/README.md names, -data the folder of labelled texts
// (*_train.tsv) that the sentiment engine is trained with.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"

	"agora/ingest/language/model"
)

func main() {
	lingua := flag.String("lingua", "", "folder of lingua-go v1.4.0")
	npm := flag.String("npm", "", "node_modules with the packages of ingest/language/README.md")
	data := flag.String("data", "", "folder of labelled texts, *_train.tsv")
	own := flag.String("corpus", "ingest/sentiment/corpus", "folder of sentences that were written for Agora")
	out := flag.String("out", "ingest/language/weights.bin", "file to write")
	size := flag.Float64("size", 1, "how many texts to learn from, beside the usual number")
	only := flag.String("only", "", "script to learn anew, such as Cyrillic; the others stay as they are in the file (default: all)")
	flag.Parse()
	if err := run(*lingua, *npm, *data, *own, *out, *size, *only); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(lingua, npm, data, own, out string, size float64, only string) error {
	say := func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
	g := &generator{
		speakers: map[string][]*speaker{}, real: map[string][]string{}, posts: map[string][]string{},
		names: map[model.Script][]string{model.Latin: names},
	}
	found, err := texts(npm)
	if err != nil {
		return err
	}
	for lang, list := range found {
		for _, s := range list {
			g.keepReal(g.real, lang, s)
		}
	}
	if g.words, err = wordLists(npm); err != nil {
		return err
	}
	if g.said, err = readSaid(); err != nil {
		return err
	}
	err = labelled(data, func(lang, text, target, file string) {
		if script := mainScript(target); target != "" && len(target) < 40 && strings.ToLower(target) != target {
			g.names[script] = append(g.names[script], target)
		}
		if lang == "hi" && mainScript(text) == model.Latin {
			return // half of it is English
		}
		g.keepReal(g.posts, lang, text)
	})
	if err != nil {
		return err
	}
	err = corpus(os.DirFS(own), func(lang, text string) { g.keepReal(g.posts, lang, text) })
	if err != nil {
		return err
	}
	tasks := []*task{
		{name: "Latin", script: model.Latin, langs: latin, rows: 95_000, perShare: 14_000, epochs: 6},
		{name: "Cyrillic", script: model.Cyrillic, langs: cyrillic, rows: 40_000, perShare: 30_000, epochs: 6},
		{name: "Arabic", script: model.Arabic, langs: arabic, rows: 9_000, perShare: 7_000, epochs: 6},
		{name: "Devanagari", script: model.Devanagari, langs: devanagari, rows: 7_000, perShare: 12_000, epochs: 6},
		{name: "Han", script: model.Han, langs: han, rows: 10_000, perShare: 16_000, epochs: 6},
	}
	weights, err := before(out, only)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if only != "" && only != t.name {
			continue
		}
		say("%s: %d languages", t.name, len(t.langs))
		if err := g.learnToSpeak(lingua, t.langs); err != nil {
			return err
		}
		t.generator, t.perShare = g, int(float64(t.perShare)*size)
		for _, l := range t.langs {
			k := key(l.tag, t.script)
			say("  %-3s %d made-up sources, %d lines of catalogues, %d of texts, %d words", l.tag, len(g.speakers[l.tag]), len(g.real[k]), len(g.posts[k]), len(g.words[l.tag]))
		}
		weights[t.script] = t.learn(rand.New(rand.NewPCG(7, uint64(t.script))), say)
		if t.script != model.Cyrillic { // Serbian is spoken in both
			g.speakers = map[string][]*speaker{"sr": g.speakers["sr"]}
		}
	}
	packed, err := weights.Bytes()
	if err != nil {
		return err
	}
	say("%d bytes", len(packed))
	if err := os.WriteFile(out, packed, 0o644); err != nil {
		return fmt.Errorf("keep the weights: %w", err)
	}
	return nil
}

// before gives the weights of a file that stay when one script's are learned.
func before(out, only string) (*model.Weights, error) {
	if only == "" {
		return &model.Weights{}, nil
	}
	packed, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("read the weights that stay: %w", err)
	}
	weights, err := model.ReadWhole(packed)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", out, err)
	}
	return weights, nil
}
