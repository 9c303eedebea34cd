package server

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// mentionParams are the parameters of GET /api/v1/mentions. The filter of a
// chart's row is made of exactly these.
func mentionParams() []string {
	return []string{
		"brand", "window", "from", "to", "label", "outlet", "source", "country", "place", "language", "topic",
		"story", "hour", "weekday", "corrected", "q", "fold", "limit", "cursor",
	}
}

// maxMentions is how many a page of the list may have.
const maxMentions = 500

// mentions answers GET /api/v1/mentions.
func (s *Server) mentions(c echo.Context) error {
	f, err := s.readFilter(c, mentionParams()...)
	if err != nil {
		return err
	}
	found, err := s.Mentions.Mentions(c.Request().Context(), f)
	if err != nil {
		return fmt.Errorf("list mentions: %w", err)
	}
	shown := make([]mood.Mention, len(found.Mentions))
	for i, m := range found.Mentions {
		shown[i] = forBrands(m, f.Brands)
	}
	found.Mentions = shown
	return s.reply(c, http.StatusOK, found)
}

// readFilter reads the parameters of a list, of which some are known at its
// address.
func (s *Server) readFilter(c echo.Context, known ...string) (mood.Filter, error) {
	p := readQuery(c, known...)
	f := mood.Filter{
		Brands:    p.brands("brand", s.watched.Load(), true),
		From:      p.instant("from", s.Location),
		To:        p.instant("to", s.Location),
		Labels:    p.labels("label"),
		Outlet:    p.text("outlet"),
		Source:    p.text("source"),
		Country:   p.country("country"),
		PlaceKind: p.oneOf("place", "from", "about", "from", "origin"),
		Language:  p.language("language"),
		Topic:     p.text("topic"),
		Story:     p.text("story"),
		Hour:      p.number("hour", 0, 23),
		Weekday:   p.number("weekday", 0, 6),
		Corrected: p.boolean("corrected"),
		Text:      p.text("q"),
		Fold:      p.oneOf("fold", "", "story") == "story",
		Cursor:    p.text("cursor"),
	}
	if n := p.number("limit", 1, maxMentions); n != nil {
		f.Limit = *n
	}
	// A point of a chart narrows the window that it stands in.
	if w := p.window("window"); f.From.IsZero() && p.text("window") != "" {
		f.From = w.From(s.now(), s.Location)
	}
	if !f.To.IsZero() && !f.From.Before(f.To) {
		p.refuse("to", nil, "to is not after from: swap them.")
	}
	return f, p.problem()
}

func (p *params) labels(name string) []mood.Label {
	var labels []mood.Label
	for _, word := range p.words(name) {
		l, err := mood.ParseLabel(word)
		if err != nil {
			valid := []string{mood.Positive.String(), mood.Neutral.String(), mood.Unclear.String(), mood.Negative.String()}
			p.refuse(name, valid, "%s is %q: use %s.", name, word, list(valid))
		}
		labels = append(labels, l)
	}
	return labels
}

// country reads a country's code, in either case, or none.
func (p *params) country(name string) string {
	v := p.text(name)
	if v == "" || v == "none" {
		return v
	}
	code := strings.ToUpper(v)
	if len(code) != 2 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		p.refuse(name, nil, "%s is %q: use two letters such as FI, or none for mentions that could not be placed.", name, v)
	}
	return code
}

// language reads a primary language tag, or none.
func (p *params) language(name string) string {
	v := strings.ToLower(p.text(name))
	if v != "" && v != "none" && (len(v) < 2 || len(v) > 3 || strings.Trim(v, "abcdefghijklmnopqrstuvwxyz") != "") {
		p.refuse(name, nil, "%s is %q: use a tag such as en, or none for mentions whose language is unknown.", name, v)
	}
	return v
}

// forBrands is a mention as a view of some brands shows it: with their
// readings alone, and lists where a program expects lists.
func forBrands(m mood.Mention, brands []string) mood.Mention {
	readings := make(map[string]mood.Reading, len(brands))
	for _, b := range brands {
		r, ok := m.Readings[b]
		if !ok {
			continue
		}
		if r.Reasons == nil {
			r.Reasons = []mood.Reason{}
		}
		readings[b] = r
	}
	m.Readings = readings
	if m.Sources == nil {
		m.Sources = []string{}
	}
	if m.Places.About == nil {
		m.Places.About = []mood.Place{}
	}
	return m
}

// withdraw answers DELETE /api/v1/mentions/{id}.
func (s *Server) withdraw(c echo.Context) error {
	id := c.Param("id")
	if err := s.Intake.Withdraw(c.Request().Context(), id); err != nil {
		return fmt.Errorf("withdraw mention %s: %w", id, err)
	}
	return c.NoContent(http.StatusNoContent)
}
