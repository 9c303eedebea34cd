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

// chartFormats are the endings of /charts/{id}.…
func (s *Server) chartFormats() []string {
	if s.Pictures == nil {
		return tableFormats()
	}
	return append(pictureFormats(), tableFormats()...)
}

func tableFormats() []string { return []string{"csv", "xlsx", "json"} }

// listCharts answers GET /api/v1/charts.
func (s *Server) listCharts(c echo.Context) error {
	answer := chartsView{Charts: []chartView{}, Mentions: listView{listFormats()}}
	for _, ch := range charts.All() {
		answer.Charts = append(answer.Charts, chartView{ch.ID, ch.Title, s.chartFormats()})
	}
	return s.reply(c, http.StatusOK, answer)
}

// chartParams are those of a chart that is taken away, in any format: a table
// has no size, and takes one without complaint.
func chartParams() []string { return append([]string{"brand", "window", keyParam}, lookParams()...) }

// takeChart answers GET /charts/{id}.{format}: one chart taken away.
func (s *Server) takeChart(c echo.Context) error {
	id, format, _ := strings.Cut(c.Param("file"), ".")
	chart, ok := charts.Find(id)
	if !ok {
		return unknownFile(chartIDs(), "There is no chart %q: use %s.", id, list(chartIDs()))
	}
	p := readQuery(c, chartParams()...)
	watched := s.watched.Load()
	w := wanted{chart: chart, format: format, brands: p.brands("brand", watched, false), window: p.window("window")}
	w.look = p.look(chart, chart.Height(len(w.brands), len(watched.ids)))
	p.fits(format, w.look)
	if err := p.problem(); err != nil {
		return err
	}
	if err := knownFormat(format, s.chartFormats(), "A chart"); err != nil {
		return err
	}
	if s.isPicture(format) {
		return s.takePicture(c, w)
	}
	return s.takeTable(c, w)
}

func (s *Server) takeTable(c echo.Context, w wanted) error {
	// The page shows tables from JSON, as often as it likes.
	if w.format != "json" {
		if err := s.allowTake(c); err != nil {
			return err
		}
	}
	b, err := s.assemble(c.Request().Context(), w.brands, w.window)
	if err != nil {
		return err
	}
	chart := w.look.spoken(w.chart)
	table := chart.Table(b)
	// A picture shows one kind of places, by default the usual one; a table all,
	// unless one is asked for.
	if strings.TrimSpace(c.QueryParam("place")) != "" {
		if table, err = chart.Only(w.look.mode, table); err != nil {
			return err
		}
	}
	if !w.look.bare {
		table = s.told(table, s.coverage())
	}
	tag, err := s.tagOfTable(table, w.format+" "+w.look.lang)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("ETag", tag)
	h.Set("Vary", "Accept-Encoding, Cookie")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Language", w.look.lang)
	if hasTag(c.Request(), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return s.sendTable(c, table, w.format, w.look.bare, s.fileName(w.chart.ID, w.brands, w.window.Name, b.AsOf, w.format))
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

// tagOfTable is the tag of a table, and of what is drawn of it: of what it
// says, in which form, whatever the time. A board's time moves on with every
// request, and two tables that differ in nothing else are the same to whoever
// has one.
func (s *Server) tagOfTable(table charts.Table, form string) (string, error) {
	table.AsOf, table.To = time.Time{}, time.Time{}
	body, err := json.Marshal(table)
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", table.Chart, err)
	}
	return tagOf(append(body, form+s.Location.String()+s.Version...)), nil
}
