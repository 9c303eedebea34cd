package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

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

// Run scores the arguments, or every line.
func (s scoreCommand) Run(ctx context.Context, c *console) error {
	engine := sentiment.New()
	score := func(id json.RawMessage, text, target, lang string) (scored, error) {
		readings, err := engine.Score(ctx, []mood.Ask{{
			ID: string(id), Text: text, Language: lang, Target: target,
		}})
		if err != nil {
			return scored{}, fmt.Errorf("score: %w", err)
		}
		r := readings[0]
		if r.Reasons == nil {
			r.Reasons = []mood.Reason{}
		}
		return scored{id, text, target, r.Label, leanOf(r), r.Score, r.Confidence, r.Reasons}, nil
	}
	if len(s.Text) > 0 {
		write := json.NewEncoder(c.stdout)
		write.SetEscapeHTML(false)
		for i, text := range s.Text {
			line, err := score(json.RawMessage(strconv.Itoa(i+1)), text, s.Brand, s.Lang)
			if err != nil {
				return err
			}
			if err := write.Encode(line); err != nil {
				return fmt.Errorf("write the answer: %w", err)
			}
		}
		return nil
	}
	return eachLine(c, func(line []byte) (any, error) {
		question := struct {
			ID     json.RawMessage `json:"id"`
			Text   string          `json:"text"`
			Target string          `json:"target"`
			Lang   string          `json:"lang"`
		}{Target: s.Brand, Lang: s.Lang}
		if err := json.Unmarshal(line, &question); err != nil {
			return nil, err
		}
		return score(question.ID, question.Text, question.Target, question.Lang)
	})
}

// leanOf is the label that a reading has, or would have if it had to decide.
func leanOf(r mood.Reading) mood.Label {
	switch {
	case r.Label != mood.Unclear:
		return r.Label
	case r.Score > 0:
		return mood.Positive
	case r.Score < 0:
		return mood.Negative
	}
	return mood.Neutral
}
