package server

import (
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"agora/charts"
)

// The kinds of content of what is taken away.
const (
	kindCSV    = "text/csv"
	kindXLSX   = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	kindNDJSON = "application/x-ndjson"
)

// csvKind says whether the first line is the columns' titles, as RFC 4180 has
// it.
func csvKind(bare bool) string {
	if bare {
		return kindCSV + "; charset=utf-8; header=present"
	}
	return kindCSV + "; charset=utf-8"
}

// bare reads whether rows are wanted alone.
func (p *params) bare() bool {
	return p.oneOf("bare", "0", "0", "1") == "1"
}

// unknownFile says that there is no such thing to take away, and what there is.
func unknownFile(valid []string, format string, args ...any) error {
	p := newProblem(http.StatusNotFound, format, args...)
	p.Valid = valid
	return p
}

func knownFormat(format string, valid []string, what string) error {
	if slices.Contains(valid, format) {
		return nil
	}
	return unknownFile(valid, "%s can't be had as %q here: use %s.", what, format, list(valid))
}

// allowTake applies the rate at which things are taken away, by the chart that a
// key opens, by token, or else by address.
func (s *Server) allowTake(c echo.Context) error {
	who := callerOf(c)
	if who.operator {
		return nil
	}
	key := cmp.Or(who.token, c.RealIP())
	if who.embed != nil {
		key = fmt.Sprintf("embed %s %q", who.embed.chart, who.embed.brands)
	}
	if wait := s.takes.take(key, 1); wait > 0 {
		s.meters.limited.Inc()
		return newProblem(http.StatusTooManyRequests,
			"More than %d pictures and tables were taken within a minute: try again in %s.", s.Limits.PicturesPerMinute, spell(wait)).after(wait)
	}
	return nil
}

// coverage says how many sources are asked, how many answer, and who doesn't.
func (s *Server) coverage() charts.Coverage {
	health := s.health()
	cover := charts.Coverage{Asked: len(health), Answering: len(health)}
	for _, h := range health {
		if !h.Answers() {
			cover.Answering--
			cover.Silent = append(cover.Silent, cmp.Or(h.Name, h.ID))
		}
	}
	slices.Sort(cover.Silent)
	cover.Silent = cover.Silent[:min(statusNames, len(cover.Silent))]
	return cover
}

// maxNamed is how many characters of a file's name brands may take.
const maxNamed = 60

// fileName names what is taken away by what is in it and when.
func (s *Server) fileName(what string, brands []string, window string, asOf time.Time, format string) string {
	named := strings.Join(brands, "+")
	if len(named) > maxNamed {
		named = fmt.Sprintf("%d-brands", len(brands))
	}
	parts := []string{"agora", what, named, window, asOf.In(s.Location).Format("20060102-1504")}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return strings.Join(parts, "-") + "." + format
}

func disposition(kind, name string) string {
	return mime.FormatMediaType(kind, map[string]string{"filename": name})
}
