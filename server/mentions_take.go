package server

import (
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/mood"
)

const (
	maxListings = 4                // lists that are taken at once
	listingWait = 10 * time.Second // until one more may be free
	readerTime  = 30 * time.Second // that a reader may take for one page
	maxBookRows = 100_000          // of a list as a workbook; the other formats have no end
)

func listFormats() []string { return []string{"csv", "xlsx", "json", "ndjson"} }

// takeParams are those of the list without its pages, and with every copy a row:
// what is taken away is all of them.
func takeParams() []string {
	paging := []string{"fold", "limit", "cursor"}
	return append(slices.DeleteFunc(mentionParams(), func(p string) bool { return slices.Contains(paging, p) }), "bare")
}

// takeMentions answers GET /api/v1/mentions.{format}: all pages of the list,
// as they are read.
func (s *Server) takeMentions(c echo.Context) error {
	format := c.Param("format")
	if err := knownFormat(format, listFormats(), "A list"); err != nil {
		return err
	}
	f, err := s.readFilter(c, takeParams()...)
	if err != nil {
		return err
	}
	p := readQuery(c, takeParams()...)
	bare := p.bare()
	if err := p.problem(); err != nil {
		return err
	}
	if err := s.allowTake(c); err != nil {
		return err
	}
	select {
	case s.listing <- struct{}{}:
		defer func() { <-s.listing }()
	default:
		return newProblem(http.StatusServiceUnavailable, "%d lists are being taken away right now, and no more are made at once: try again in %s.", maxListings, spell(listingWait)).after(listingWait)
	}
	now := s.now()
	l := &listing{
		server: s, format: format, bare: bare, rower: s.newRower(f), walk: newWalk(s.Mentions, f, now),
		table: s.tableOfMentions(c, f, now), ctx: c.Request().Context(),
	}
	// While the first page can still fail, the answer can still say so.
	if l.page, err = l.walk.next(l.ctx); err != nil {
		return err
	}
	l.total = l.page.Total
	l.table.About.Mentions = l.total
	if bare {
		l.table.About = nil
	}
	h := c.Response().Header()
	h.Set("Content-Type", l.kind())
	h.Set("Content-Disposition", disposition("attachment", s.fileName("mentions", f.Brands, l.table.Window, now, format)))
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Encoding, Cookie")
	if c.Request().Method == http.MethodHead {
		c.Response().WriteHeader(http.StatusOK)
		return nil
	}
	return s.stream(c, l)
}

// tableOfMentions is what a reader of a list needs to know of it.
func (s *Server) tableOfMentions(c echo.Context, f mood.Filter, now time.Time) charts.Table {
	query := c.QueryParams()
	about := charts.About{Filters: map[string]string{"brand": strings.Join(f.Brands, ",")}, Sources: s.coverage()}
	for _, name := range mentionParams() {
		if v := strings.TrimSpace(query.Get(name)); v != "" {
			about.Filters[name] = v
		}
	}
	window := ""
	if query.Get("from") == "" && query.Get("to") == "" {
		window = query.Get("window")
	}
	names := make([]string, len(f.Brands))
	for i, id := range f.Brands {
		names[i] = cmp.Or(s.watched.Load().byID[id].Name, id)
	}
	to := f.To
	if to.IsZero() || to.After(now) {
		to = now
	}
	about.Demo = s.Demo
	return charts.ForMentions(names, window, f.From, to, now, s.Location, mentionColumns(), about)
}

// stream sends a list. Once it has begun, what goes wrong can only be told by
// breaking it off, so that nobody takes a part for the whole.
func (s *Server) stream(c echo.Context, l *listing) error {
	out := c.Response()
	conn := http.NewResponseController(out)
	defer func() { _ = conn.SetWriteDeadline(time.Time{}) }()
	slow := &patient{out, conn}
	l.out, l.flush = slow, slow.flush
	var zip *gzip.Writer
	if l.format != "xlsx" && accepts(c.Request(), "gzip") {
		out.Header().Set("Content-Encoding", "gzip")
		zip = s.zips.Get().(*gzip.Writer)
		defer s.zips.Put(zip)
		zip.Reset(slow)
		l.out = zip
		l.flush = func() error { return errors.Join(zip.Flush(), slow.flush()) }
	}
	out.WriteHeader(http.StatusOK)
	err := l.write()
	if err == nil && zip != nil {
		err = zip.Close()
	}
	if err == nil {
		return nil
	}
	level := slog.LevelWarn
	if l.ctx.Err() != nil {
		level = slog.LevelDebug // the client has left
	}
	s.log.LogAttrs(context.WithoutCancel(l.ctx), level, "list broken off", slog.String("format", l.format), slog.Any("error", err))
	panic(http.ErrAbortHandler)
}

// patient gives a reader time for each stretch of a long body, but one that
// reads nothing may not hold a place for ever.
type patient struct {
	out  io.Writer
	conn *http.ResponseController
}

const stretchSize = 256 << 10 // bytes

// Write writes in stretches.
func (p *patient) Write(b []byte) (n int, err error) {
	for len(b) > 0 && err == nil {
		p.wait()
		var m int
		m, err = p.out.Write(b[:min(stretchSize, len(b))])
		n, b = n+m, b[m:]
	}
	return n, err
}

func (p *patient) flush() error {
	p.wait()
	return p.conn.Flush()
}

// wait fails only where connections have no deadlines, as in tests.
func (p *patient) wait() { _ = p.conn.SetWriteDeadline(time.Now().Add(readerTime)) }

// listing is a list on its way to a reader.
type listing struct {
	server *Server
	ctx    context.Context //nolint:containedctx // of one request, as long as this
	format string
	bare   bool
	rower  *rower
	walk   *walk
	page   mood.MentionList // the next one; empty: all are sent
	total  int64            // mentions, as they were counted at the beginning
	table  charts.Table
	out    io.Writer
	flush  func() error
}

func (l *listing) kind() string {
	switch l.format {
	case "csv":
		return csvKind(l.bare)
	case "xlsx":
		return kindXLSX
	case "ndjson":
		return kindNDJSON
	default:
		return "application/json"
	}
}

// each goes through all mentions; after each page it flushes and asks for the
// next.
func (l *listing) each(with func(mood.Mention) error) error {
	for len(l.page.Mentions) > 0 {
		for _, m := range l.page.Mentions {
			if err := with(m); err != nil {
				return err
			}
		}
		if err := l.flush(); err != nil {
			return fmt.Errorf("send mentions: %w", err)
		}
		if err := l.ctx.Err(); err != nil {
			return err
		}
		var err error
		if l.page, err = l.walk.next(l.ctx); err != nil {
			return err
		}
	}
	return nil
}
