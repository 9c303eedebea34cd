package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"agora/ingest/sentiment"
	"agora/mood"
)

type rulesCommand struct {
	Phrase string `help:"Try one more rule: this phrase." placeholder:"TEXT"`
	Label  string `help:"How the phrase is to be read: positive, neutral or negative." default:"neutral" placeholder:"LABEL"`
	Brand  string `help:"The rule's brand. Default: every brand." placeholder:"ID"`
	JSON   bool   `name:"json" help:"Write JSON."`
	URL    string `help:"The Agora whose mentions are read. Default: the one that runs on the data folder; if none does, the store is opened." placeholder:"URL"`
	Data   string `help:"Data folder, as of serve." placeholder:"DIR"`
	Redis  string `help:"Redis, as of serve." placeholder:"URL"`
}

// Help is shown below the flags.
func (rulesCommand) Help() string {
	return `Reads the mentions of the last 7 days without and with the phrase rules under sentiment.rules in agora.yaml, and says how many readings would change, from what to what, with examples. Nothing is changed. With --phrase, it tries one rule more beside those in the file.

Examples:

  agora sentiment rules
  agora sentiment rules --phrase "War Zone" --label neutral --brand callofduty`
}

// Run tries the rules.
func (r rulesCommand) Run(ctx context.Context, c *console) (err error) {
	there, _, data, err := reach{r.URL, r.Data, r.Redis}.find(c)
	if err != nil {
		return err
	}
	if data != nil {
		defer func() { err = errors.Join(err, data.close()) }()
	}
	c.origin.flags = settings{data: r.Data, redis: r.Redis}
	cfg, err := c.origin.load()
	if err != nil {
		return err
	}
	before, after := []mood.PhraseRule(nil), cfg.Sentiment.Rules
	if r.Phrase != "" {
		label, err := mood.ParseLabel(r.Label)
		if err != nil {
			return misuse{fmt.Errorf("--label: %w", err)}
		}
		rule := mood.PhraseRule{Phrase: r.Phrase, Label: label}
		if r.Brand != "" {
			rule.Brands = []string{r.Brand}
		}
		before, after = after, append(after[:len(after):len(after)], rule)
	}
	if len(after) == 0 {
		return misuse{errors.New("there is no rule to try: write some under sentiment.rules in agora.yaml, or give --phrase")}
	}
	engine, err := sentiment.New()
	if err != nil {
		return err
	}
	if err := engine.SetRules(before); err != nil {
		return err
	}
	then, err := engine.WithRules(after)
	if err != nil {
		return misuse{err}
	}
	var mentions func(func(mood.Mention) error) error
	if there != nil {
		mentions = servedMentions(ctx, there, cfg.Brands)
	} else {
		s, err := openStore(ctx, c, cfg, false)
		if err != nil {
			return err
		}
		defer func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
			defer cancel()
			err = errors.Join(err, s.Close(ctx))
		}()
		mentions = keptMentions(ctx, s, cfg.Brands, c.now())
	}
	trial, err := tryRules(ctx, engine, then, mentions, cfg.Brands)
	if err != nil {
		return err
	}
	if r.JSON {
		write := json.NewEncoder(c.stdout)
		write.SetIndent("", "  ")
		return write.Encode(trial)
	}
	return trial.print(c.stdout)
}
