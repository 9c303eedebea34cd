package charts

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
