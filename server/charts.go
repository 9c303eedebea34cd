package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/charts/sheet"
)

type chartsView struct {
	Charts   []chartView `json:"charts"`
	Mentions listView    `json:"mentions"`
}

type chartView struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Formats []string `json:"formats"` // endings of /charts/{id}.…
}

type listView struct {
	Formats []string `json:"formats"` // endings of /api/v1/mentions.…
}

func chartFormats() []string { return []string{"csv", "xlsx", "json"} }

// listCharts answers GET /api/v1/charts.
func (s *Server) listCharts(c echo.Context) error {
	answer := chartsView{Charts: []chartView{}, Mentions: listView{listFormats()}}
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
		return unknownFile(chartIDs(), "There is no chart %q: use %s.", id, list(chartIDs()))
	}
	// Sizes and themes are for pictures; a table takes them and needs none.
	p := readParams(c.QueryParams(), "brand", "window", "bare", "theme", "width", "height", "scale")
	brands, w, bare := p.brands("brand", s.watched.Load(), false), p.window("window"), p.bare()
	if err := p.problem(); err != nil {
		return err
	}
	if err := knownFormat(format, chartFormats(), "A chart"); err != nil {
		return err
	}
	// The page shows tables from JSON, as often as it likes.
	if format != "json" {
		if err := s.allowTake(c); err != nil {
			return err
		}
	}
	b, err := s.assemble(c.Request().Context(), brands, w)
	if err != nil {
		return err
	}
	table := chart.Table(b)
	if !bare {
		table = table.With(s.coverage())
	}
	h := c.Response().Header()
	if err := s.tag(h, table, format); err != nil {
		return err
	}
	if hasTag(c.Request(), h.Get("ETag")) {
		return c.NoContent(http.StatusNotModified)
	}
	return s.sendTable(c, table, format, bare, s.fileName(id, brands, w.Name, b.AsOf, format))
}

func (s *Server) sendTable(c echo.Context, table charts.Table, format string, bare bool, name string) error {
	h := c.Response().Header()
	h.Set("Content-Disposition", disposition("attachment", name))
	var out bytes.Buffer
	switch format {
	case "json":
		h.Set("Content-Disposition", disposition("inline", name))
		return s.reply(c, http.StatusOK, table)
	case "xlsx":
		if err := sheet.Write(&out, table, s.Location); err != nil {
			return fmt.Errorf("write %s as xlsx: %w", table.Chart, err)
		}
		return s.send(c, http.StatusOK, kindXLSX, out.Bytes())
	default:
		if err := table.WriteCSV(&out, s.Location); err != nil {
			return fmt.Errorf("write %s as csv: %w", table.Chart, err)
		}
		return s.send(c, http.StatusOK, csvKind(bare), out.Bytes())
	}
}

// tag sets the tag of a table: of what it says, in which format, whatever the
// time. A board's time moves on with every request, and two tables that differ
// in nothing else are the same to whoever has one.
func (s *Server) tag(h http.Header, table charts.Table, format string) error {
	table.AsOf, table.To = time.Time{}, time.Time{}
	body, err := json.Marshal(table)
	if err != nil {
		return fmt.Errorf("encode %s: %w", table.Chart, err)
	}
	h.Set("ETag", tagOf(append(body, format+s.Location.String()+s.Version...)))
	h.Set("Vary", "Accept-Encoding, Cookie")
	h.Set("Cache-Control", "no-cache")
	return nil
}
