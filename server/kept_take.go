package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/charts/sheet"
)

// keptCache lets a browser keep what was drawn of a kept board, and has it ask
// by the tag each time: a board is deleted one day, and another version of the
// software draws it with other bytes. Only the browser, since not everybody may
// see it.
const keptCache = "private, no-cache"

// takeKept answers GET /snapshots/{id}/{chart}.{format}: one chart of a kept
// board.
func (s *Server) takeKept(c echo.Context) error {
	id, format, _ := strings.Cut(c.Param("file"), ".")
	chart, ok := charts.Find(id)
	if !ok {
		return unknownFile(chartIDs(), "There is no chart %q: use %s.", id, list(chartIDs()))
	}
	if err := knownFormat(format, s.chartFormats(), "A chart"); err != nil {
		return err
	}
	found, err := s.readKept(c)
	if err != nil {
		return err
	}
	kept := found.board
	p := readQuery(c, lookParams()...)
	l := p.look(chart, chart.Height(len(kept.Order), len(kept.Share)))
	p.fits(format, l)
	if err := p.problem(); err != nil {
		return err
	}
	link := s.keptBase(kept.Base) + keptPath + kept.ID
	// All that makes the bytes, so that they needn't be made to be compared.
	tag := fmt.Sprintf("%016x", xxhash.Sum64String(fmt.Sprintf("%x %s %s %s %+v %s", found.sum, s.Version, chart.ID, format, l, link)))
	h := c.Response().Header()
	h.Set("Content-Language", l.lang)
	h.Set("Content-Disposition", disposition("inline", s.fileName(chart.ID, kept.Order, kept.Window, kept.AsOf, format)))
	if r := c.Request(); hasTag(r, `"`+tag+`"`) || hasTag(r, `"`+tag+zippedTag+`"`) {
		h.Set("ETag", `"`+tag+`"`)
		h.Set("Cache-Control", keptCache)
		h.Set("Vary", keptVary)
		return c.NoContent(http.StatusNotModified)
	}
	if format != "json" {
		if err := s.allowTake(c); err != nil {
			return err
		}
	}
	if s.isPicture(format) {
		f, err := s.keptFigure(chart, kept, l, format)
		if err != nil {
			return err
		}
		data, err := s.draw(c.Request().Context(), f)
		if err != nil {
			return err
		}
		return s.sendKept(c, pictureKind(format), tag, data)
	}
	if format != "json" {
		h.Set("Content-Disposition", disposition("attachment", s.fileName(chart.ID, kept.Order, kept.Window, kept.AsOf, format)))
	}
	kind, data, err := s.keptTable(chart, kept, l, format)
	if err != nil {
		return err
	}
	return s.sendKept(c, kind, tag, data)
}

// keptFigure makes a kept board's chart ready to be drawn.
func (s *Server) keptFigure(chart charts.Chart, k *keptBoard, l look, format string) (charts.Figure, error) {
	f, err := s.figure(chart, k.board(), k.Sources, l, format)
	if err != nil {
		return f, err
	}
	if !l.bare {
		f.Table = k.told(f.Table)
		f.Link = s.keptBase(k.Base) + keptPath + k.ID
	}
	return f, nil
}

// told is a table with what its reader must know, as it was then.
func (k *keptBoard) told(t charts.Table) charts.Table {
	t = t.With(k.Sources)
	t.About.Demo, t.About.Kept = k.Demo, &k.Kept
	return t
}

// keptTable makes a file of a kept board's table, on the clock of then.
func (s *Server) keptTable(chart charts.Chart, k *keptBoard, l look, format string) (kind string, data []byte, err error) {
	table := l.spoken(chart).Table(k.board())
	if !l.bare {
		table = k.told(table)
	}
	loc := k.location()
	var out bytes.Buffer
	switch format {
	case "json":
		kind = "application/json"
		err = json.NewEncoder(&out).Encode(table)
	case "xlsx":
		kind, err = kindXLSX, sheet.Write(&out, table, loc)
	default:
		kind, err = csvKind(l.bare), table.WriteCSV(&out, loc)
	}
	if err != nil {
		return "", nil, fmt.Errorf("write %s of a kept board as %s: %w", chart.ID, format, err)
	}
	return kind, out.Bytes(), nil
}

const (
	zippedTag = "-gzip" // a strong tag is of bytes, and those that are packed are others
	keptVary  = "Accept-Encoding, Cookie"
)

// sendKept sends what is the same for as long as the software is the same.
func (s *Server) sendKept(c echo.Context, kind, tag string, body []byte) error {
	h := c.Response().Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", keptCache)
	h.Set("Vary", keptVary)
	if len(body) >= worthGzip && !packed(kind) && accepts(c.Request(), "gzip") {
		h.Set("Content-Encoding", "gzip")
		tag, body = tag+zippedTag, s.zip(body)
	}
	h.Set("ETag", `"`+tag+`"`)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.Response().WriteHeader(http.StatusOK)
	return write(c, body)
}
