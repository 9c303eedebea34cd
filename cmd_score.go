package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strconv"

	"golang.org/x/sync/errgroup"

	"agora/ingest/language"
	"agora/ingest/sentiment"
	"agora/mood"
)

type scoreCommand struct {
	Brand string   `help:"Towards whom. Without it, the feeling of the text as a whole." placeholder:"NAME"`
	Lang  string   `help:"The texts' language, such as en. Without it, it is found out where that is possible." placeholder:"xx"`
	Text  []string `arg:"" optional:"" help:"Texts to score, each in quotes. Without any, JSON lines are read from standard input."`
}

// Help is shown below the flags.
func (scoreCommand) Help() string {
	return `Writes one JSON object a line: id, text, target, label (positive, neutral, negative, unclear), lean (the likeliest of the first three), score from -1 to 1, confidence, and the reasons: the words that decided. Without TEXT it reads {"id","text","target","lang"} a line from standard input.

Examples:

  agora score --brand Nokia "Nokia's network is a joy"
  echo '{"id":1,"text":"Nokia beats Ericsson","target":"Ericsson"}' | agora score`
}

// scored is one line of the answer.
type scored struct {
	ID         json.RawMessage `json:"id"`
	Text       string          `json:"text"`
	Target     string          `json:"target"`
	Label      mood.Label      `json:"label"`
	Lean       mood.Label      `json:"lean"`
	Score      float64         `json:"score"`
	Confidence float64         `json:"confidence"`
	Reasons    []mood.Reason   `json:"reasons"`
}

// scoreAtOnce is how many lines that have arrived are scored together.
const scoreAtOnce = 512

// Run scores the arguments, or every line.
func (s scoreCommand) Run(ctx context.Context, c *console) error {
	engine, err := sentiment.New()
	if err != nil {
		return err
	}
	if len(s.Text) > 0 {
		questions := make([]question, len(s.Text))
		for i, text := range s.Text {
			questions[i] = question{json.RawMessage(strconv.Itoa(i + 1)), text, s.Brand, s.Lang}
		}
		answers, err := scoreAll(ctx, engine, questions)
		if err != nil {
			return err
		}
		write := json.NewEncoder(c.stdout)
		write.SetEscapeHTML(false)
		for _, line := range answers {
			if err := write.Encode(line); err != nil {
				return fmt.Errorf("write the answer: %w", err)
			}
		}
		return nil
	}
	return eachLines(c, scoreAtOnce, func(lines [][]byte) ([]any, []error) {
		replies, errs := make([]any, len(lines)), make([]error, len(lines))
		var questions []question
		var at []int
		for i, line := range lines {
			q := question{Target: s.Brand, Lang: s.Lang}
			if errs[i] = json.Unmarshal(line, &q); errs[i] == nil {
				questions, at = append(questions, q), append(at, i)
			}
		}
		answers, err := scoreAll(ctx, engine, questions)
		for k, i := range at {
			if errs[i] = err; err == nil {
				replies[i] = answers[k]
			}
		}
		return replies, errs
	})
}

// question is one line that asks for a score.
type question struct {
	ID     json.RawMessage `json:"id"`
	Text   string          `json:"text"`
	Target string          `json:"target"`
	Lang   string          `json:"lang"`
}

// surelyIn is how sure a text's language must be to be read in it. Below, the
// engine goes by the words that it knows.
const surelyIn = 0.8

// scoreAll scores questions on all processors.
func scoreAll(ctx context.Context, engine *sentiment.Engine, questions []question) ([]scored, error) {
	out := make([]scored, len(questions))
	languages, err := language.New()
	if err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	part := max(16, (len(questions)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	for from := 0; from < len(questions); from += part {
		to := min(from+part, len(questions))
		group.Go(func() error {
			asks := make([]mood.Ask, 0, to-from)
			for _, q := range questions[from:to] {
				if q.Lang == "" {
					if tag, sure := languages.Identify("", q.Text); sure >= surelyIn {
						q.Lang = tag
					}
				}
				asks = append(asks, mood.Ask{Text: q.Text, Language: q.Lang, Target: q.Target})
			}
			readings, err := engine.Score(ctx, asks)
			if err != nil {
				return fmt.Errorf("score: %w", err)
			}
			for i, r := range readings {
				if r.Reasons == nil {
					r.Reasons = []mood.Reason{}
				}
				q := &questions[from+i]
				out[from+i] = scored{q.ID, q.Text, q.Target, r.Label, r.Lean, r.Score, r.Confidence, r.Reasons}
			}
			return nil
		})
	}
	return out, group.Wait()
}
