package server

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/mood"
)

// keptFile is the template of the page.
const keptFile = "kept.html"

// keptPage is what kept.html shows: a board, or why there is none.
type keptPage struct {
	Title     string
	Tags      template.HTML
	Gone      string // why there is nothing to see; empty: there is
	Demo      bool
	Heading   string
	Note      string
	Kept      string // when, for people
	KeptAt    string // and for machines
	Zone      string
	Live      []keptLink // where the same brands are live
	Sentences []string
	Charts    []keptPicture
	Basis     string
	Method    string
	URL       string
}

type keptLink struct{ Name, Href string }

// keptPicture is one chart of the page.
type keptPicture struct {
	ID, Title, Alt string
	Empty          string // what to say in its place
	Img, Full      string // addresses; none: nothing draws pictures here
	Width, Height  int
	Sources        []keptSource
	Notes          []string
	Formats        []keptLink
}

// keptSource is a picture for one kind of screen.
type keptSource struct {
	Media, Srcset, Sizes string
	Width, Height        int
}

// keptSize is how large a chart is drawn for the page, in pixels of CSS: where
// two stand side by side, and on a narrow screen. A picture's texts are larger
// the smaller it is drawn.
type keptSize struct{ width, height, narrowWidth, narrowHeight int }

// size is that of a chart that shows so many of all brands.
func (k *keptBoard) size(chart string) keptSize {
	z := keptSize{900, 480, 320, 360}
	switch chart {
	case "mood": // over both columns
		z = keptSize{1200, 90 + 50*len(k.Order), 280, 110 + 40*len(k.Order)}
	case "share":
		z = keptSize{720, 90 + 50*len(k.Share), 300, 100 + 50*len(k.Share)}
	case "map":
		z.narrowHeight = 200
	}
	z.height, z.narrowHeight = min(z.height, 900), min(z.narrowHeight, 900)
	return z
}

// keptPageTime is how the page writes a time.
const keptPageTime = "2 Jan 2006, 15:04"

// pageOfKept answers GET /snapshots/{id}.
func (s *Server) pageOfKept(c echo.Context) error {
	if s.pages.templates[keptFile] == nil {
		return noPages()
	}
	found, err := s.readKept(c)
	var no *problem
	switch {
	case errors.As(err, &no):
		if no.cause != nil {
			s.log.Warn("a kept board can't be shown", "error", no.cause)
		}
		title := "This board isn’t kept"
		if no.Status != http.StatusNotFound {
			title = "This board can’t be read"
		} else {
			no = newProblem(no.Status, "It was deleted, or its address isn’t whole. What is kept stays until somebody deletes it.")
		}
		return s.sendKeptPage(c, no.Status, keptPage{Title: title, Gone: no.Detail})
	case err != nil:
		return err
	}
	page, err := s.keptPage(c, found.board)
	if err != nil {
		return err
	}
	return s.sendKeptPage(c, http.StatusOK, page)
}

func (s *Server) sendKeptPage(c echo.Context, status int, page keptPage) error {
	body, err := s.pages.fill(keptFile, page)
	if err != nil {
		return err
	}
	return s.send(c, status, kindHTML, body)
}

// keptPage puts together what the page of a board shows.
func (s *Server) keptPage(c echo.Context, k *keptBoard) (keptPage, error) {
	b, loc := k.board(), k.location()
	page := keptPage{
		Heading: charts.BoardHeading(b), Demo: k.Demo, Note: k.Note, Zone: k.Timezone,
		Kept: k.Kept.In(loc).Format(keptPageTime), KeptAt: k.Kept.In(loc).Format(time.RFC3339),
		URL: s.keptBase(k.Base) + keptPath + k.ID, Sentences: sentencesOf(b),
	}
	page.Title = page.Heading + ", kept on " + page.Kept
	watched := s.watched.Load()
	for i, id := range k.Order {
		if _, ok := watched.byID[id]; ok {
			page.Live = append(page.Live, keptLink{k.names()[i], "/?brand=" + id + "&window=" + k.Window})
		}
	}
	for _, ch := range charts.All() {
		picture, caption, err := s.keptPicture(ch, k, b)
		if err != nil {
			return page, err
		}
		page.Charts = append(page.Charts, picture)
		if ch.ID == "timeline" { // that of the shares counts other brands as well
			page.Basis, page.Method = caption.Basis, caption.Method
		}
	}
	if s.Pictures != nil {
		page.Tags = shareTags(shared{
			title: page.Title, description: strings.Join(page.Sentences, " "), url: s.base(c.Request()) + keptPath + k.ID,
			image: s.base(c.Request()) + keptPath + k.ID + "/timeline.png?" + shareSize, alt: page.Heading,
		})
	}
	return page, nil
}

// keptPicture puts together what the page shows of one chart.
func (s *Server) keptPicture(ch charts.Chart, k *keptBoard, b *mood.Board) (keptPicture, charts.Caption, error) {
	table := k.told(ch.Table(b))
	if modes := ch.Modes(); len(modes) > 0 {
		option, err := ch.Option(table)
		if err != nil {
			return keptPicture{}, charts.Caption{}, fmt.Errorf("draw %s: %w", ch.ID, err)
		}
		if table, _, err = ch.In(modes[0], table, option); err != nil {
			return keptPicture{}, charts.Caption{}, err
		}
	}
	caption := table.Caption()
	at := keptPath + k.ID + "/" + ch.ID + "."
	p := keptPicture{ID: ch.ID, Title: ch.Title, Alt: caption.Title, Empty: table.Empty(), Full: at + "png?scale=2"}
	if p.Empty == "" {
		p.Notes = caption.Notes
	}
	for _, f := range s.chartFormats() {
		p.Formats = append(p.Formats, keptLink{strings.ToUpper(f), at + f})
	}
	if s.Pictures == nil {
		return p, caption, nil
	}
	address := func(theme string, width, height, scale int) string {
		return fmt.Sprintf("%spng?bare=1&theme=%s&width=%d&height=%d&scale=%d", at, theme, width, height, scale)
	}
	sizes := "(min-width: 75em) 50vw, 100vw"
	if ch.ID == "mood" {
		sizes = "100vw"
	}
	source := func(media, theme string, width, height int, scales ...int) keptSource {
		list := make([]string, len(scales))
		for i, scale := range scales {
			list[i] = fmt.Sprintf("%s %dw", address(theme, width, height, scale), width*scale)
		}
		return keptSource{media, strings.Join(list, ", "), sizes, width, height}
	}
	const onNarrow, inDark = "(max-width: 44em)", "(prefers-color-scheme: dark)"
	z := k.size(ch.ID)
	p.Sources = []keptSource{
		source("print", "print", z.width, z.height, 2),
		source(onNarrow+" and "+inDark, "dark", z.narrowWidth, z.narrowHeight, 2, 4),
		source(onNarrow, "light", z.narrowWidth, z.narrowHeight, 2, 4),
		source(inDark, "dark", z.width, z.height, 1, 2),
		source("all", "light", z.width, z.height, 1, 2),
	}
	p.Img, p.Width, p.Height = address("light", z.width, z.height, 1), z.width, z.height
	return p, caption, nil
}

// sentencesOf say in words how each brand of a board does, in order.
func sentencesOf(b *mood.Board) []string {
	totals := charts.Totals(b)
	sentences := make([]string, len(b.Order))
	for i, id := range b.Order {
		sentences[i] = totals.Brands[id].Sentence
	}
	return sentences
}
