package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"agora/ingest/sentiment"
	"agora/mood"
	"agora/store"
)

// rulesWindow is how far back phrase rules are tried.
const rulesWindow = "7d"

// maxTrialExamples is how many changed mentions a trial keeps to show.
const maxTrialExamples = 8

// rulesTrial says what other phrase rules would have changed.
type rulesTrial struct {
	Readings int            `json:"readings"` // tried
	Changed  int            `json:"changed"`  // that would have another label
	Moves    map[string]int `json:"moves"`    // "negative → neutral": how many
	Examples []rulesExample `json:"examples"`
}

type rulesExample struct {
	Brand  string     `json:"brand"`
	Title  string     `json:"title"`
	Before mood.Label `json:"before"`
	After  mood.Label `json:"after"`
}

// trialBatch is how many readings are compared at once.
const trialBatch = 200

// tryRules reads mentions with two engines and counts where they differ.
func tryRules(ctx context.Context, now, then *sentiment.Engine, mentions func(yield func(mood.Mention) error) error, brands []mood.Brand) (rulesTrial, error) {
	t := rulesTrial{Moves: map[string]int{}, Examples: []rulesExample{}}
	names := map[string]string{}
	for _, b := range brands {
		names[b.ID] = b.Name
	}
	var asks []mood.Ask
	flush := func() error {
		before, err := now.Score(ctx, asks)
		if err != nil {
			return err
		}
		after, err := then.Score(ctx, asks)
		if err != nil {
			return err
		}
		for i := range asks {
			t.Readings++
			if before[i].Label == after[i].Label {
				continue
			}
			t.Changed++
			t.Moves[before[i].Label.String()+" → "+after[i].Label.String()]++
			if len(t.Examples) < maxTrialExamples {
				title := asks[i].Title
				if title == "" {
					title = asks[i].Text
				}
				t.Examples = append(t.Examples, rulesExample{asks[i].Brand, shorten(title, 100), before[i].Label, after[i].Label})
			}
		}
		asks = asks[:0]
		return nil
	}
	err := mentions(func(m mood.Mention) error {
		for _, brand := range slices.Sorted(maps.Keys(m.Readings)) {
			if names[brand] == "" || m.Readings[brand].Rated() {
				continue // the author said how it is meant: no rule is asked
			}
			asks = append(asks, mood.Ask{
				ID: m.ID, Brand: brand, Title: m.Title, Text: m.Text, Language: m.Language,
				Target: names[brand], Spans: m.Readings[brand].Spans,
			})
			if len(asks) >= trialBatch {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return t, fmt.Errorf("try the phrase rules: %w", err)
	}
	return t, nil
}

// keptMentions goes through the mentions of the last 7 days that a store
// keeps.
func keptMentions(ctx context.Context, s *store.Store, brands []mood.Brand, now time.Time) func(func(mood.Mention) error) error {
	return func(yield func(mood.Mention) error) error {
		for _, b := range brands {
			f := mood.Filter{Brands: []string{b.ID}, From: now.Add(-7 * 24 * time.Hour), Limit: 500}
			for {
				page, err := s.Mentions(ctx, f)
				if err != nil {
					return err
				}
				for _, m := range page.Mentions {
					if err := yield(m); err != nil {
						return err
					}
				}
				if f.Cursor = page.Next; f.Cursor == "" {
					break
				}
			}
		}
		return nil
	}
}

// servedMentions goes through the same, asked of a running Agora.
func servedMentions(ctx context.Context, there *remote, brands []mood.Brand) func(func(mood.Mention) error) error {
	return func(yield func(mood.Mention) error) error {
		for _, b := range brands {
			for cursor := ""; ; {
				query := url.Values{"brand": {b.ID}, "window": {rulesWindow}, "limit": {"500"}}
				if cursor != "" {
					query.Set("cursor", cursor)
				}
				var page mood.MentionList
				if err := there.get(ctx, "/api/v1/mentions?"+query.Encode(), &page); err != nil {
					return err
				}
				for _, m := range page.Mentions {
					if err := yield(m); err != nil {
						return err
					}
				}
				if cursor = page.Next; cursor == "" {
					break
				}
			}
		}
		return nil
	}
}

// tryWithin bounds what a reload waits for the trial of its rules.
const tryWithin = 20 * time.Second

// tryRules says in the log what the rules of a new configuration would have
// changed, before they come into force.
func (h *house) tryRules(ctx context.Context, cfg *Config) {
	if h.scorer.engine == nil || reflect.DeepEqual(h.cfg.Sentiment.Rules, cfg.Sentiment.Rules) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	then, err := h.scorer.engine.WithRules(cfg.Sentiment.Rules)
	if err != nil {
		return // whoever brings them into force says so
	}
	trial, err := tryRules(ctx, h.scorer.engine, then, keptMentions(ctx, h.store, cfg.Brands, time.Now()), cfg.Brands)
	if err != nil {
		h.log.LogAttrs(ctx, slog.LevelWarn, "the new phrase rules could not be tried on the last 7 days; they hold from now on",
			slog.Any("error", err))
		return
	}
	h.log.LogAttrs(ctx, slog.LevelInfo, "phrase rules were tried on the last 7 days; they hold for what comes from now on",
		slog.Int("rules", len(cfg.Sentiment.Rules)), slog.Int("readings", trial.Readings), slog.Int("would_change", trial.Changed))
}

// shorten cuts a text to n code points.
func shorten(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return strings.TrimSpace(string(runes[:n-1])) + "…"
}

// print writes a trial for people.
func (t rulesTrial) print(to io.Writer) error {
	var b strings.Builder
	switch {
	case t.Readings == 0:
		b.WriteString("No mention of the last 7 days is kept: there is nothing to try the rules on.\n")
	case t.Changed == 0:
		fmt.Fprintf(&b, "None of the %s of the last 7 days would change.\n", plural(t.Readings, "reading"))
	default:
		fmt.Fprintf(&b, "%d of the %s of the last 7 days would change:\n", t.Changed, plural(t.Readings, "reading"))
		for _, move := range slices.Sorted(maps.Keys(t.Moves)) {
			fmt.Fprintf(&b, "  %6d  %s\n", t.Moves[move], move)
		}
		for _, e := range t.Examples {
			fmt.Fprintf(&b, "  %s: %s → %s: %s\n", e.Brand, e.Before, e.After, e.Title)
		}
	}
	b.WriteString("Rules hold for mentions that come from now on; what is counted already stays as it is.\n")
	_, err := io.WriteString(to, b.String())
	return err
}
