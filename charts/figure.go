package charts

import (
	"errors"
	"fmt"
	"math"

	"agora/mood"
)

// ErrSlow is why a picture that takes too long isn't drawn. It comes with a
// mood.ErrUnavailable, but trying again at once doesn't help.
var ErrSlow = errors.New("it takes too long to draw")

// The size of a figure that nobody gave a size: that of a slide, but where a
// chart has one row for each brand, no higher than they need.
const (
	FigureWidth  = 1200 // pixels of CSS
	FigureHeight = 675
)

// Limits of a PNG, whatever it shows.
const (
	MaxEdge   = 8192       // pixels of a side
	MaxPixels = 24_000_000 // in all
)

// Fits says why no PNG can be had of a picture of a width and a height in
// pixels of CSS, with scale pixels for each of them, in words for whoever asked
// for it. Such an error is a mood.ErrInvalid; nil says that one can.
func Fits(width, height int, scale float64) error {
	w, h := math.Ceil(float64(width)*scale), math.Ceil(float64(height)*scale)
	if w <= MaxEdge && h <= MaxEdge && w*h <= MaxPixels {
		return nil
	}
	return fmt.Errorf("the picture would have %.0f × %.0f pixels; %d a side and %d million in all are the most: ask for a smaller size or scale: %w",
		w, h, MaxEdge, MaxPixels/1_000_000, mood.ErrInvalid)
}

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

// OwnType says whether the chart chooses the size of its type by the room that
// it has, and how many pixels that must be at least. Others have one size, which
// a small picture shrinks.
func (t Table) OwnType() (width, height float64, ok bool) {
	least := &layouts[0]
	return least.width * least.steps[0], least.height * least.steps[0], t.Chart == "pulse"
}

// Figure is a chart as a picture: what is drawn, and how.
type Figure struct {
	Table  Table // with what [Table.With] adds, unless Bare; its words are the figure's
	Option Option
	Format string  // svg, png or pdf
	Theme  string  // light, dark, print, or transparent: light without its paper
	Width  int     // pixels of CSS, of the whole picture
	Height int     // likewise
	Scale  float64 // pixels of a PNG for each of CSS; 0: 1
	Bare   bool    // the chart alone, without title and footer
	Link   string  // where the chart can be opened again; empty: nowhere
}
