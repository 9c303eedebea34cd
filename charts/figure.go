package charts

import "errors"

// ErrSlow is why a picture that takes too long isn't drawn. It comes with a
// mood.ErrUnavailable, but trying again at once doesn't help.
var ErrSlow = errors.New("it takes too long to draw")

// The size of a figure that nobody gave a size: that of a slide, but where a
// chart has one row for each brand, no higher than they need.
const (
	FigureWidth  = 1200 // pixels of CSS
	FigureHeight = 675
)

// Height is that of a figure of the chart, FigureWidth wide and with title and
// footer, when it shows so many of all brands.
func (c Chart) Height(shown, all int) int {
	rows := shown
	switch c.ID {
	case "mood":
	case "share":
		rows = all
	default:
		return FigureHeight
	}
	return max(360, min(FigureHeight, 260+60*rows))
}

// Figure is a chart as a picture: what is drawn, and how.
type Figure struct {
	Table  Table // with what [Table.With] adds, unless Bare
	Option Option
	Format string  // svg, png or pdf
	Theme  string  // light, dark, print, or transparent: light without its paper
	Width  int     // pixels of CSS, of the whole picture
	Height int     // likewise
	Scale  float64 // pixels of a PNG for each of CSS; 0: 1
	Lang   string  // BCP 47, of the words; empty: en
	Bare   bool    // the chart alone, without title and footer
	Link   string  // where the chart can be opened again; empty: nowhere
}
