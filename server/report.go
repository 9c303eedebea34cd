package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/charts/report"
	"agora/mood"
)

// Past gives boards of times that are over. Where counts weren't kept to such a
// time, it fails with [mood.ErrInvalid] or [mood.ErrGone].
type Past interface {
	BoardAt(ctx context.Context, brands []string, w mood.Window, at time.Time) (*mood.Board, error)
}

// Post sends the reports that are configured.
type Post interface {
	// Send sends a report now, to its recipients, or for a trial to others. An
	// unknown report is [mood.ErrNotFound], a bad recipient [mood.ErrInvalid];
	// refused mails are in the answer.
	Send(ctx context.Context, id string, to []string) (Sending, error)
}

// Sending is what became of a report that was to be sent.
type Sending struct {
	Sent   []string `json:"sent"`
	Failed []Unsent `json:"failed"`
}

// Unsent is a mail that was not sent.
type Unsent struct {
	To    string `json:"to"`
	Error string `json:"error"`
}

const (
	reportWindow = "7d"
	maxSends     = 20 // recipients of a trial
)

func (s *Server) reportFormats() []string {
	if s.PDF == nil {
		return []string{"html"}
	}
	return []string{"html", "pdf"}
}

// Report works out a report on brands as of now.
func (s *Server) Report(ctx context.Context, brands []string, w mood.Window) (*report.Content, error) {
	// A sheet travels: only an address that works for others is worth a link.
	links := report.Links{Base: strings.TrimRight(s.PublicURL, "/")}
	content, err := report.Make(ctx, past{s}, brands, w, time.Time{}, links)
	if err != nil {
		return nil, fmt.Errorf("make a report: %w", err)
	}
	content.Demo = s.Demo
	return content, nil
}

// ReportPainter draws a report's charts. It is of no use without
// [Config.Pictures].
func (s *Server) ReportPainter() report.Painter { return report.PainterFunc(s.draw) }

// past is the server as reports see it.
type past struct{ *Server }

func (p past) Board(ctx context.Context, brands []string, w mood.Window, at time.Time) (*mood.Board, error) {
	if at.IsZero() || !at.Before(p.now()) {
		return p.assemble(ctx, brands, w)
	}
	return p.Past.BoardAt(ctx, brands, w, at)
}

func (p past) Mentions(ctx context.Context, f mood.Filter) (mood.MentionList, error) {
	return p.Server.Mentions.Mentions(ctx, f)
}

func (p past) Coverage() charts.Coverage { return p.coverage() }

// takeReport answers GET /report.{html,pdf}.
func (s *Server) takeReport(c echo.Context) error {
	if s.Past == nil || s.Pictures == nil {
		return newProblem(http.StatusNotFound, "This process makes no reports.")
	}
	w := wantedReport{format: c.Param("format")}
	if err := knownFormat(w.format, s.reportFormats(), "A report"); err != nil {
		return err
	}
	p := readQuery(c, "brand", "window")
	w.brands, w.window = p.brands("brand", s.watched.Load(), false), p.windowOr("window", reportWindow)
	if err := p.problem(); err != nil {
		return err
	}
	h := c.Response().Header()
	if w.format == "html" { // it has its own style, and nothing else
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox")
	}
	made := s.reports.ready(w)
	if made == nil && c.Request().Method == http.MethodHead { // its length isn't worth making it
		h.Set("Content-Type", w.kind())
		h.Set("Content-Disposition", disposition("inline", s.fileName("report", w.brands, w.window.Name, s.now(), w.format)))
		h.Set("Vary", "Accept-Encoding, Cookie")
		h.Set("Cache-Control", "no-cache")
		return c.NoContent(http.StatusOK)
	}
	if err := s.allowTake(c); err != nil {
		return err
	}
	if made == nil {
		var err error
		if made, err = s.reports.get(c.Request().Context(), w); err != nil {
			return err
		}
	}
	h.Set("Content-Disposition", disposition("inline", made.name))
	return s.send(c, http.StatusOK, w.kind(), made.data)
}

type sendBody struct {
	To []string `json:"to"` // recipients of a trial; none: those of the report
}

// sendReport answers POST /api/v1/reports/{id}/send.
func (s *Server) sendReport(c echo.Context) error {
	var body sendBody
	if c.Request().ContentLength != 0 {
		if err := readJSON(c, &body); err != nil {
			return err
		}
	}
	if len(body.To) > maxSends {
		return newProblem(http.StatusBadRequest, "%d recipients are named, and %d are the most for a trial: name fewer.", len(body.To), maxSends)
	}
	if s.Post == nil {
		return newProblem(http.StatusNotFound, "This process sends no reports: write mail: and reports: into agora.yaml.")
	}
	done, err := s.Post.Send(c.Request().Context(), c.Param("id"), body.To)
	switch {
	case err == nil:
	case errors.Is(err, mood.ErrNotFound), errors.Is(err, mood.ErrInvalid), errors.Is(err, mood.ErrUnavailable):
		return err
	default: // whoever may send reports may know why they don't go
		return newProblem(http.StatusBadGateway, "%s", sentence(err))
	}
	return s.reply(c, http.StatusAccepted, done)
}
