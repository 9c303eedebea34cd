package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"agora/ingest"
	"agora/ingest/engine"
	"agora/ingest/sentiment"
	"agora/mood"
)

// scorer is who judges how texts feel: the built-in engine, or another with
// the built-in one ready to stand in for it.
type scorer struct {
	ingest.Scorer
	builtin ingest.Scorer
	engine  *sentiment.Engine // the built-in one, to teach; nil in tests that put another in its place
	breaker *engine.Breaker   // nil: the built-in engine alone
	end     func() error
}

// ruled is an engine that takes phrase rules.
type ruled interface {
	SetRules(rules []mood.PhraseRule) error
}

// openScorer makes the scorer that a configuration names. observe may be nil.
func openScorer(c *console, cfg *Config, observe engine.Observer) (*scorer, error) {
	builtin, err := sentiment.New()
	if err != nil {
		return nil, fmt.Errorf("open the sentiment engine: %w", err)
	}
	s, err := newScorer(c, cfg, builtin, observe)
	if err != nil {
		return nil, err
	}
	s.engine = builtin
	return s, nil
}

// newScorer puts the configured engine before a built-in one.
func newScorer(c *console, cfg *Config, builtin ingest.Scorer, observe engine.Observer) (*scorer, error) {
	s := &scorer{Scorer: builtin, builtin: builtin, end: func() error { return nil }}
	if err := s.SetRules(cfg.Sentiment.Rules); err != nil {
		return nil, err
	}
	if cfg.Sentiment.Engine == engineBuiltin {
		return s, nil
	}
	other, err := openEngine(&cfg.Sentiment)
	if err != nil {
		return nil, fmt.Errorf("open the sentiment engine: %w", err)
	}
	s.breaker = engine.NewBreaker(engine.BreakerOptions{
		Engine: other, Fallback: builtin, Name: other.String(), Piece: cfg.Sentiment.Batch,
		Patience: 3 * cfg.Sentiment.Timeout, Now: c.now, Log: c.log, Observe: observe,
	})
	s.Scorer, s.end = s.breaker, other.Close
	c.log.LogAttrs(context.Background(), slog.LevelInfo, "another engine judges how texts feel", slog.String("engine", other.String()))
	return s, nil
}

// otherEngine is one that is not built in.
type otherEngine interface {
	ingest.Scorer
	fmt.Stringer
	Close() error
}

func openEngine(s *Sentiment) (otherEngine, error) {
	if s.Engine == engineONNX {
		return engine.NewONNX(engine.ONNXOptions{
			Folder: s.Model, Library: s.Library, Batch: s.Batch, Labels: s.Labels, Pairs: s.Pairs,
		})
	}
	return engine.NewHTTP(engine.HTTPOptions{
		Format: s.Engine, URL: s.URL, Model: s.Model, Token: string(s.Token),
		Timeout: s.Timeout, Batch: s.Batch, Labels: s.Labels, Pairs: s.Pairs,
	})
}

// SetRules brings phrase rules into force.
func (s *scorer) SetRules(rules []mood.PhraseRule) error {
	engine, ok := s.builtin.(ruled)
	if !ok {
		if len(rules) > 0 {
			return errors.New("bring the phrase rules into force: the built-in engine takes none")
		}
		return nil
	}
	if err := engine.SetRules(rules); err != nil {
		return fmt.Errorf("bring the phrase rules into force: %w", err)
	}
	return nil
}

// close lets the engine go.
func (s *scorer) close() error {
	if err := s.end(); err != nil {
		return fmt.Errorf("close the sentiment engine: %w", err)
	}
	return nil
}
