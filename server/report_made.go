package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"agora/errand"
	"agora/mood"
)

// madeReports keeps the reports that were asked for a moment ago, and makes few
// at once: each draws several charts.
type madeReports struct {
	server *Server
	making *errand.Group[*madeReport]
	places chan struct{} // as long as the reports that may be made at once
	wait   time.Duration // for a place

	mu   sync.Mutex
	kept []*madeReport // the oldest first
}

// wantedReport is a report as it is asked for.
type wantedReport struct {
	brands []string
	window mood.Window
	format string
}

func (w wantedReport) key() string {
	return fmt.Sprintf("%s %s@%s", w.format, strings.Join(w.brands, ","), w.window.Name)
}

func (w wantedReport) kind() string {
	if w.format == "pdf" {
		return kindPDF
	}
	return "text/html; charset=utf-8"
}

type madeReport struct {
	key  string
	name string // of the file
	data []byte
	at   time.Time
}

const (
	maxReports  = 2 // that are made at once
	mostReports = 64
	reportsRoom = 16 << 20        // bytes of reports that are kept
	reportKept  = time.Minute     // since it was made
	reportTime  = 2 * time.Minute // for one, with all that it draws
)

func newMadeReports(s *Server) *madeReports {
	return &madeReports{
		server: s, making: errand.NewGroup[*madeReport](s.office, reportTime, mostReports),
		places: make(chan struct{}, maxReports), wait: pictureWait,
	}
}

// ready gives a report that is kept; nil: it has to be made first.
func (r *madeReports) ready(w wantedReport) *madeReport {
	key, now := w.key(), r.server.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = slices.DeleteFunc(r.kept, func(m *madeReport) bool {
		age := now.Sub(m.at)
		return age < 0 || age >= reportKept
	})
	if i := slices.IndexFunc(r.kept, func(m *madeReport) bool { return m.key == key }); i >= 0 {
		return r.kept[i]
	}
	return nil
}

// get makes a report, once for all who ask for it at the same time.
func (r *madeReports) get(ctx context.Context, w wantedReport) (*madeReport, error) {
	made, err := r.making.Do(ctx, w.key(), func(ctx context.Context) (*madeReport, error) {
		if made := r.ready(w); made != nil { // it became so just now
			return made, nil
		}
		full := time.NewTimer(r.wait)
		defer full.Stop()
		select {
		case r.places <- struct{}{}:
			defer func() { <-r.places }()
		case <-full.C:
			return nil, errand.ErrFull
		case <-ctx.Done():
			return nil, fmt.Errorf("wait to make a report: %w", context.Cause(ctx))
		}
		made, err := r.make(ctx, w)
		if err != nil {
			return nil, err
		}
		r.keep(made)
		return made, nil
	})
	if errors.Is(err, errand.ErrFull) {
		return nil, tooManyReports(err)
	}
	return made, err
}

func (r *madeReports) make(ctx context.Context, w wantedReport) (*madeReport, error) {
	s := r.server
	made := &madeReport{key: w.key(), at: s.now()}
	content, err := s.Report(ctx, w.brands, w.window)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if w.format == "pdf" {
		err = s.PDF(ctx, content, &out)
	} else {
		err = content.HTML(ctx, &out, s.ReportPainter())
	}
	if err != nil {
		return nil, fmt.Errorf("write a report as %s: %w", w.format, err)
	}
	made.data, made.name = out.Bytes(), s.fileName("report", w.brands, w.window.Name, content.To, w.format)
	return made, nil
}

func (r *madeReports) keep(made *madeReport) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = append(r.kept, made)
	used := 0
	for i := len(r.kept) - 1; i >= 0; i-- { // from the newest
		if used += len(r.kept[i].data); used > reportsRoom || len(r.kept)-i > mostReports {
			r.kept = slices.Delete(r.kept, 0, i+1)
			return
		}
	}
}

// forget is for when what is watched has changed.
func (r *madeReports) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = nil
}
