package server

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"agora/charts"
)

type chartsView struct {
	Charts []chartView `json:"charts"`
}

type chartView struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Formats []string `json:"formats"` // endings of /charts/{id}.…
}

func chartFormats() []string { return []string{"json", "csv"} }

// listCharts answers GET /api/v1/charts.
func (s *Server) listCharts(c echo.Context) error {
	answer := chartsView{Charts: []chartView{}}
	for _, ch := range charts.All() {
		answer.Charts = append(answer.Charts, chartView{ch.ID, ch.Title, chartFormats()})
	}
	return s.reply(c, http.StatusOK, answer)
}

// takeChart answers GET /charts/{id}.{format}: one chart's table, taken away.
func (s *Server) takeChart(c echo.Context) error {
	id, format, _ := strings.Cut(c.Param("file"), ".")
	chart, ok := charts.Find(id)
	if !ok {
		return newProblem(http.StatusNotFound, "There is no chart %q: use %s.", id, list(chartIDs()))
	}
	// Sizes and themes are for pictures; a table takes them and needs none.
	p := readParams(c.QueryParams(), "brand", "window", "theme", "width", "height", "scale")
	brands, w := p.brands("brand", s.watched.Load(), false), p.window("window")
	if err := p.problem(); err != nil {
		return err
	}
	if format != "json" && format != "csv" {
		return newProblem(http.StatusNotFound, "A chart can't be had as %q here: use %s.", format, list(chartFormats()))
	}
	b, err := s.assemble(c.Request().Context(), brands, w)
	if err != nil {
		return err
	}
	table := chart.Table(b)
	name := fmt.Sprintf("agora-%s-%s-%s-%s.%s", id, strings.Join(brands, "+"), w.Name, b.AsOf.In(s.Location).Format("20060102-1504"), format)
	if format == "json" {
		c.Response().Header().Set("Content-Disposition", disposition("inline", name))
		return s.reply(c, http.StatusOK, table)
	}
	var out bytes.Buffer
	if err := table.WriteCSV(&out, s.Location); err != nil {
		return fmt.Errorf("write %s as csv: %w", id, err)
	}
	c.Response().Header().Set("Content-Disposition", disposition("attachment", name))
	return s.send(c, http.StatusOK, "text/csv; charset=utf-8; header=present", out.Bytes())
}

func disposition(kind, name string) string {
	return mime.FormatMediaType(kind, map[string]string{"filename": name})
}
