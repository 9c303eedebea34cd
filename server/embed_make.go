package server

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"agora/charts"
)

const embedsPath = "/api/v1/embeds"

type embedBody struct {
	Chart  string `json:"chart"`
	Brand  string `json:"brand"`  // ids with commas; empty: the first one
	Window string `json:"window"` // empty: 24h
	Theme  string `json:"theme"`  // auto, light or dark; empty: auto
	As     string `json:"as"`     // live or picture; empty: live
	Place  string `json:"place"`  // of the map; empty: the usual one
}

type embedView struct {
	URL  string `json:"url"`
	HTML string `json:"html"` // an iframe, to be pasted into a page
}

// makeEmbed answers POST /api/v1/embeds.
func (s *Server) makeEmbed(c echo.Context) error {
	var body embedBody
	if err := readJSON(c, &body); err != nil {
		return err
	}
	chart, ok := charts.Find(body.Chart)
	if !ok {
		return badParameter("chart", chartIDs(), "There is no chart %q: use %s.", body.Chart, list(chartIDs()))
	}
	p := &params{values: url.Values{"brand": {body.Brand}, "window": {body.Window}, "theme": {body.Theme}, "as": {body.As}, "place": {body.Place}}}
	w := s.wantedEmbed(p, chart)
	if err := p.problem(); err != nil {
		return err
	}
	if len(s.framers.Load().origins) == 0 {
		return newProblem(http.StatusConflict, "No other site may show charts of this Agora yet: write the sites that may under embed: in agora.yaml, "+
			"such as embed: {origins: [https://intranet.example.com]}, and try again.")
	}
	query := url.Values{"brand": {strings.Join(w.brands, ",")}, "window": {w.window.Name}, "theme": {w.theme}, "as": {w.as}}
	if w.place != "" {
		query.Set("place", w.place)
	}
	if s.gate.needsKeys() {
		key, err := s.gate.embeds.key(c.Request().Context(), grant{chart.ID, w.brands})
		if err != nil {
			return err
		}
		query.Set(keyParam, key)
	}
	address := s.base(c.Request()) + "/embed/" + chart.ID + "?" + query.Encode()
	title := charts.Heading(chart.Title, s.brandsOf(w.brands), w.window.Name)
	height := 400
	if len(w.brands) == 1 && chart.ID == "mood" {
		height = 200
	}
	return s.reply(c, http.StatusOK, embedView{URL: address, HTML: fmt.Sprintf(
		`<iframe src="%s" title="%s" width="600" height="%d" loading="lazy" referrerpolicy="no-referrer" style="border:0;max-width:100%%"></iframe>`,
		template.HTMLEscapeString(address), template.HTMLEscapeString(title), height)})
}

// revokeEmbeds answers DELETE /api/v1/embeds.
func (s *Server) revokeEmbeds(c echo.Context) error {
	if err := s.gate.embeds.renew(c.Request().Context()); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
