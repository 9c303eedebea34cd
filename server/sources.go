package server

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// maxOutageNames bounds the outages that are drawn on one chart.
const maxOutageNames = 24

func (s *Server) health() []mood.SourceHealth {
	if s.Sources == nil {
		return nil
	}
	return s.Sources.Health()
}

type sourcesView struct {
	Sources []mood.SourceHealth `json:"sources"`
}

// sources answers GET /api/v1/sources.
func (s *Server) sources(c echo.Context) error {
	ctx, now := c.Request().Context(), s.now()
	answer := sourcesView{Sources: slices.Clone(s.health())} // others read it as it is
	if answer.Sources == nil {
		answer.Sources = []mood.SourceHealth{}
	}
	for i := range answer.Sources {
		h := &answer.Sources[i]
		h.Words = h.Say(now, s.Location)
		h.Share = s.shareOf(ctx, h)
	}
	return s.reply(c, http.StatusOK, answer)
}

// sourcesStatus tells of the sources that stopped, those with the most
// mentions first.
func (s *Server) sourcesStatus(ctx context.Context, health []mood.SourceHealth) mood.SourcesStatus {
	st := mood.SourcesStatus{Total: len(health), Names: []string{}}
	var stopped []mood.SourceHealth
	for _, h := range health {
		if h.NeverAnswered() {
			st.Mute++
		}
		if h.Stopped() {
			h.Share = s.shareOf(ctx, &h)
			stopped = append(stopped, h)
		}
	}
	if st.Failing = len(stopped); st.Failing == 0 {
		return st
	}
	slices.SortStableFunc(stopped, func(a, b mood.SourceHealth) int { return cmp.Compare(part(b.Share), part(a.Share)) })
	var sum float64
	for _, h := range stopped {
		sum += part(h.Share)
		if len(st.Names) < statusNames {
			st.Names = append(st.Names, h.Name)
		}
	}
	worst := stopped[0]
	worst.Outages = worst.Outages[:1]
	st.Worst = &worst
	if worst.Share != nil {
		sum = min(sum, 1) // a mention may have several sources
		st.Share = &sum
	}
	return st
}

func part(share *float64) float64 {
	if share == nil {
		return 0
	}
	return *share
}

// lasting names the outages that last and who never answered, to see when that
// changes.
func lasting(health []mood.SourceHealth) string {
	var ids []string
	for _, h := range health {
		if h.Stopped() || h.NeverAnswered() {
			ids = append(ids, h.ID)
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, "\n")
}

// shareOf is a source's part of the mentions of all brands in the last 7 days,
// or in the 7 days before it stopped; nil: there were none, or they can't be
// counted now.
func (s *Server) shareOf(ctx context.Context, h *mood.SourceHealth) *float64 {
	var all, own int64
	for _, brand := range s.watched.Load().brands {
		var v mood.Volumes
		var err error
		if h.Stopped() {
			v, err = s.volumes.before(ctx, brand.ID, h.Outages[0].From)
		} else {
			v, err = s.volumes.lately(ctx, brand.ID)
		}
		if err != nil {
			return nil // whoever needs the store says so
		}
		all += v.All
		own += v.Sources[h.ID]
	}
	if all == 0 {
		return nil
	}
	share := min(float64(own)/float64(all), 1)
	return &share
}

// An outage is worth a mark on a brand's charts when its source carried more
// than a tenth of the brand's mentions in the week before, of which there were
// enough for that to mean something.
const (
	outageShare = 0.1
	outageLeast = 5 // mentions by the source
)

// outages are those that tell why a brand's counts are low. Short ones, which
// nobody would see in the window, and old ones beyond a bound are left out.
func (s *Server) outages(ctx context.Context, brand string, b *mood.Board, health []mood.SourceHealth) ([]mood.SourceOutage, error) {
	var found []mood.SourceOutage
	step := b.To.Sub(b.From) / 100
	for _, h := range health {
		for _, o := range h.Outages {
			if !o.From.Before(b.To) || o.To != nil && (!o.To.After(b.From) || o.To.Sub(o.From) < step) {
				continue
			}
			found = append(found, mood.SourceOutage{Source: h.ID, Name: h.Name, From: o.From, To: o.To})
		}
	}
	slices.SortFunc(found, func(a, b mood.SourceOutage) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Source, b.Source))
	})
	var told []mood.SourceOutage
	for _, o := range slices.Backward(found) {
		v, err := s.volumes.before(ctx, brand, o.From)
		if err != nil {
			return nil, err
		}
		if n := v.Sources[o.Source]; n >= outageLeast && float64(n) > outageShare*float64(v.All) {
			o.Share = min(float64(n)/float64(v.All), 1)
			told = append(told, o)
		}
		if len(told) == maxOutageNames {
			break
		}
	}
	slices.Reverse(told)
	return told, nil
}
