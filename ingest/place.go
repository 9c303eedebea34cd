package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"

	"agora/ingest/places"
	"agora/mood"
)

// KindPlaces keeps what is learned of outlets: where they are at home.
const KindPlaces = "places"

// placer works out where mentions are about, from whom, and from where.
type placer struct {
	locator *places.Locator // that knows the brands' names
	atlas   *places.Atlas   // nil: positions have no country
	outlets *places.Outlets
}

// place fills in what isn't said of a mention's places.
func (p *placer) place(m *mood.Mention) {
	if p == nil {
		return
	}
	p.placeOrigin(m)
	said := p.placeFrom(m)
	if len(m.Places.About) == 0 {
		m.Places.About = p.locator.About(places.Ask{Title: m.Title, Text: m.Text, Language: m.Language, Country: said})
	}
}

// learn takes in what an outlet writes about, whether that names a brand or not.
func (p *placer) learn(m *mood.Mention) {
	if p == nil || m.Edited {
		return
	}
	about := make([]string, 0, len(m.Places.About))
	for _, place := range m.Places.About {
		about = append(about, place.Country)
	}
	p.outlets.Learn(m.Outlet, about)
}

// placeOrigin finds the country of a position.
func (p *placer) placeOrigin(m *mood.Mention) {
	if p.atlas == nil || m.Places.Origin == nil || m.Places.Origin.Country != "" || m.Places.Origin.Point == nil {
		return
	}
	spot := *m.Places.Origin // the item may be another's too
	country, sure, ok := p.atlas.Country(*spot.Point)
	if !ok {
		return
	}
	spot.Country, spot.Confidence = country, sure
	if spot.Method == "" {
		spot.Method = "coordinates"
	}
	if spot.Method == "coordinates" {
		spot.Evidence = degrees(spot.Point.Lat) + ", " + degrees(spot.Point.Lon)
	}
	m.Places.Origin = &spot
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }

// placeFrom finds a publisher's country: said by whoever pushed it or by the
// source's configuration, learned, or the ending of its domain; never from the
// language. It gives the country as far as somebody said it, or the domain.
func (p *placer) placeFrom(m *mood.Mention) (said string) {
	if m.Places.From != nil {
		return m.Places.From.Country
	}
	ending, known := places.OfDomain(m.Outlet)
	country, share, texts, ok := p.outlets.Country(m.Outlet)
	if ok && known && country != ending && (share < 0.85 || texts < 60) {
		ok = false // what speaks against a domain must be much
	}
	if ok {
		m.Places.From = &mood.Place{
			Country: country, Method: "learned", Confidence: min(0.95, share),
			Evidence: fmt.Sprintf("%.0f %% of %d texts", share*100, texts),
		}
		return ending
	}
	if known {
		m.Places.From = &mood.Place{Country: ending, Method: "domain", Confidence: 0.8, Evidence: m.Outlet}
	}
	return ending
}

// saveOutlets shares what was learned of outlets, if anything is.
func (in *Intake) saveOutlets(ctx context.Context) {
	if in.locator != nil {
		in.shareOutlets(ctx)
	}
}

// shareOutlets brings together what the processes have learned of outlets.
func (in *Intake) shareOutlets(ctx context.Context) {
	if in.states == nil {
		return
	}
	saved, err := in.states.Get(ctx, KindPlaces, "outlets")
	if err != nil && !errors.Is(err, mood.ErrNotFound) {
		in.log.Warn("what outlets write about was not shared", slog.Any("error", err))
		return
	}
	state, err := in.outlets.Exchange(saved)
	if err != nil {
		in.log.Warn("where outlets are at home is learned afresh", slog.Any("error", err))
	}
	if state == nil {
		return
	}
	if err := in.states.Put(ctx, KindPlaces, "outlets", state, 0); err != nil {
		in.log.Warn("what outlets write about was not saved", slog.Any("error", err))
	}
}
