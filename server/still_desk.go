package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/mood"
)

const (
	stillDesk     = time.Minute // the pictures are loaded anew
	stillMentions = 30
	stillWidth    = 800 // pixels of CSS of a picture
)

type stillDeskView struct {
	Brands   []stillLink
	Windows  []stillLink
	Sentence string
	Silence  string
	AsOf     string
	Every    int
	Charts   []stillChart
	Mentions []stillMention
}

type stillLink struct {
	Name, Address string
	On            bool
}

type stillChart struct {
	Title, Picture, Says string
	Width, Height        int
	Formats              []stillLink
}

type stillMention struct {
	Sign, Label, Title, URL, About string
}

// stillDeskPage answers GET /still: the manager's page as pictures and text.
func (s *Server) stillDeskPage(c echo.Context) error {
	who, err := s.gate.identify(c)
	if err == nil && who.access < reader {
		return s.stillPair(c)
	}
	if isAway(err) {
		return s.sendStill(c, http.StatusServiceUnavailable, stillView{Title: "Agora", Refresh: 30, Away: true})
	}
	if err != nil {
		return err
	}
	watched := s.watched.Load()
	if len(watched.ids) == 0 {
		return s.sendStill(c, http.StatusOK, stillView{Title: "Agora", Refresh: 60, Desk: &stillDeskView{Sentence: wordsNoBrand + "."}})
	}
	brand, window := stillParam(c, "brand"), stillParam(c, "window")
	if _, ok := watched.byID[brand]; !ok {
		brand = watched.ids[0]
	}
	span, err := mood.ParseWindow(window)
	if err != nil {
		span, _ = mood.ParseWindow(usualWindow)
	}
	ctx, now := c.Request().Context(), s.now()
	b, err := s.assemble(ctx, []string{brand}, span)
	var found mood.MentionList
	if err == nil {
		found, err = s.Mentions.Mentions(ctx, mood.Filter{Brands: []string{brand}, From: span.From(now, s.Location), Fold: true, Limit: stillMentions})
	}
	if isAway(err) {
		return s.sendStill(c, http.StatusServiceUnavailable, stillView{Title: "Agora", Refresh: 30, Away: true})
	}
	if err != nil {
		return fmt.Errorf("read the page: %w", err)
	}
	return s.sendStill(c, http.StatusOK, stillView{
		Title: watched.byID[brand].Name + " · Agora", Refresh: 300, Desk: s.deskView(c, brand, span, b, found.Mentions),
	})
}

func (s *Server) deskView(c echo.Context, brand string, span mood.Window, b *mood.Board, mentions []mood.Mention) *stillDeskView {
	watched, now := s.watched.Load(), s.now()
	view := &stillDeskView{Every: int(stillDesk.Seconds()), AsOf: mood.ClockWord(b.AsOf, now, s.Location) + ", " + s.Location.String()}
	address := func(brand, window string) string {
		return "/still?" + url.Values{"brand": {brand}, "window": {window}}.Encode()
	}
	for _, known := range watched.brands {
		view.Brands = append(view.Brands, stillLink{known.Name, address(known.ID, span.Name), known.ID == brand})
	}
	for _, name := range windowNames() {
		view.Windows = append(view.Windows, stillLink{name, address(brand, name), name == span.Name})
	}
	total := charts.Totals(b).Brands[brand]
	view.Sentence = total.Sentence
	view.Silence = plainly(s.status(c.Request().Context(), s.health()).Silence(total.Last, now, s.Location).Sentence)
	query := url.Values{"brand": {brand}, "window": {span.Name}}.Encode()
	for _, chart := range charts.All() {
		height := chart.Height(1, len(watched.ids))
		shown := stillChart{
			Title: chart.Title, Says: chart.Table(b).Title, Width: stillWidth, Height: (stillWidth*height + charts.FigureWidth/2) / charts.FigureWidth,
		}
		if s.Pictures != nil {
			shown.Picture = fmt.Sprintf("/charts/%s.png?%s&theme=light&width=%d&height=%d", chart.ID, query, shown.Width, shown.Height)
		}
		for _, format := range s.chartFormats() {
			shown.Formats = append(shown.Formats, stillLink{Name: strings.ToUpper(format), Address: "/charts/" + chart.ID + "." + format + "?" + query})
		}
		view.Charts = append(view.Charts, shown)
	}
	for _, m := range mentions {
		r := m.Readings[brand]
		view.Mentions = append(view.Mentions, stillMention{
			Sign: charts.Sign(r.Label), Label: r.Label.String(), Title: titleOf(m), URL: m.URL,
			About: strings.Join(slices.DeleteFunc([]string{m.Outlet, agoWord(now.Sub(m.Published))}, func(s string) bool { return s == "" }), " · "),
		})
	}
	return view
}

// plainly is a sentence without the marks of direction that old browsers show
// as boxes.
func plainly(sentence string) string {
	return strings.NewReplacer("\u2068", "", "\u2069", "").Replace(sentence)
}

func agoWord(d time.Duration) string {
	if d < 5*time.Second {
		return "just now"
	}
	return mood.SpanWord(d) + " ago"
}
