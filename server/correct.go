package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// correctionBody is what PATCH /api/v1/mentions/{id} takes.
type correctionBody struct {
	Brand string      `json:"brand"`
	Label wishedLabel `json:"label"`
	Scope mood.Scope  `json:"scope,omitempty"`
}

// wishedLabel is a label as it was sent: a name, or null for what the engine
// said. Nil means that it wasn't.
type wishedLabel json.RawMessage

// UnmarshalJSON keeps what was sent, so that null is told from nothing.
func (w *wishedLabel) UnmarshalJSON(b []byte) error {
	*w = slices.Clone(b)
	return nil
}

// irrelevant and null are labels beside those of readings.
const (
	irrelevant = "irrelevant"
	null       = "null"
)

func wishedLabels() []string {
	return []string{mood.Positive.String(), mood.Neutral.String(), mood.Negative.String(), irrelevant, null}
}

func scopes() []string { return []string{string(mood.ScopeMention), string(mood.ScopeStory)} }

// correction reads the body, and refuses what it can't mean.
func (b correctionBody) correction(id string, watched *watch) (mood.Correction, error) {
	c := mood.Correction{Mention: id, Brand: b.Brand, Scope: b.Scope}
	if _, ok := watched.byID[b.Brand]; !ok {
		said := fmt.Sprintf("No brand %q is watched", b.Brand)
		if b.Brand == "" {
			said = "Say towards which brand the mention was misread"
		}
		return c, badParameter("brand", watched.ids, "%s: set brand to %s.", said, list(watched.ids))
	}
	switch b.Scope {
	case "":
		c.Scope = mood.ScopeMention
	case mood.ScopeMention, mood.ScopeStory:
	default:
		return c, badParameter("scope", scopes(), "scope is %q: use mention for this one alone, or story for all its copies.", b.Scope)
	}
	var word *string
	if b.Label == nil || json.Unmarshal(b.Label, &word) != nil {
		return c, badParameter("label", wishedLabels(), "Say how the mention is to be read: set label to %s.", list(wishedLabels()))
	}
	if word == nil || *word == null {
		return c, nil
	}
	if *word == irrelevant {
		c.Irrelevant = true
		return c, nil
	}
	label, err := mood.ParseLabel(*word)
	if err != nil || label == mood.Unclear {
		return c, badParameter("label", wishedLabels(), "label is %q: use %s.", *word, list(wishedLabels()))
	}
	c.Label = &label
	return c, nil
}

// correct answers PATCH /api/v1/mentions/{id}.
func (s *Server) correct(c echo.Context) error {
	var body correctionBody
	if err := readJSON(c, &body); err != nil {
		return err
	}
	id := c.Param("id")
	wish, err := body.correction(id, s.watched.Load())
	if err != nil {
		return err
	}
	receipt, err := s.Intake.Correct(c.Request().Context(), wish)
	switch {
	case errors.Is(err, mood.ErrGone):
		return newProblem(http.StatusGone, "The text of mention %q is no longer kept, so how it was read can't be changed any more. Its counts stay as they are.", id)
	case errors.Is(err, mood.ErrNotFound):
		return newProblem(http.StatusNotFound, "No mention %q of %s is known: take an id from GET /api/v1/mentions?brand=%s.", id, wish.Brand, wish.Brand)
	case err != nil:
		return fmt.Errorf("correct mention %s: %w", id, err)
	}
	receipt.Mention = forBrands(receipt.Mention, []string{wish.Brand})
	if receipt.Mentions == nil {
		receipt.Mentions = []string{}
	}
	return s.reply(c, http.StatusOK, receipt)
}

// correctionsView is the answer of GET /api/v1/corrections.
type correctionsView struct {
	Corrections []mood.Corrected `json:"corrections"`
}

// corrections answers GET /api/v1/corrections.
func (s *Server) corrections(c echo.Context) error {
	p := readQuery(c, "brand")
	brands := p.brands("brand", s.watched.Load(), true)
	if err := p.problem(); err != nil {
		return err
	}
	all := correctionsView{Corrections: []mood.Corrected{}}
	for _, b := range brands {
		some, err := s.Mentions.Corrections(c.Request().Context(), b)
		if err != nil {
			return fmt.Errorf("list corrections: %w", err)
		}
		all.Corrections = append(all.Corrections, some...)
	}
	slices.SortStableFunc(all.Corrections, func(a, b mood.Corrected) int { return b.At.Compare(a.At) })
	return s.reply(c, http.StatusOK, all)
}

func anyOf(words []string) []any {
	values := make([]any, len(words))
	for i, w := range words {
		values[i] = w
	}
	return values
}
