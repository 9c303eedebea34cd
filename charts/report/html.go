package report

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"

	"agora/charts"
)

//go:embed sheet.html
var sheetHTML string

//go:embed mail.html
var mailHTML string

// HTML writes the report as one file that needs nothing else: its charts are
// SVG inside of it. It has no script, fits a phone, and prints on two pages of
// A4.
func (c *Content) HTML(ctx context.Context, w io.Writer, p Painter) error {
	t, err := template.New("sheet").Funcs(c.funcs()).Parse(sheetHTML)
	if err != nil {
		return fmt.Errorf("write a report as HTML: %w", err)
	}
	v := view{Content: c, Pictures: map[string]template.HTML{}}
	for _, f := range []struct {
		id, as      string
		width, high int
	}{
		{"mood", "mood", 700, c.moodHeight()}, {"mood", "mood-small", 350, c.moodHeight()},
		{"timeline", "timeline", 700, 190}, {"timeline", "timeline-small", 350, 220},
		{"map", "map", 350, 205}, {"share", "share", 330, 30 + 24*len(c.Share)}, {"sources", "sources", 340, 160}, {"languages", "languages", 340, 160},
	} {
		if !c.shows(f.id) {
			continue
		}
		svg, err := c.picture(ctx, p, f.id, paperTheme, f.width, f.high)
		if err != nil {
			return fmt.Errorf("write a report as HTML: %w", err)
		}
		v.Pictures[f.as] = template.HTML(svg) // the painter's own drawing, which holds no script
	}
	var b bytes.Buffer
	if err := t.Execute(&b, v); err != nil {
		return fmt.Errorf("write a report as HTML: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

func (c *Content) moodHeight() int { return 40 + 22*c.drawn() }

// view is what templates see.
type view struct {
	*Content
	Pictures map[string]template.HTML
}

// Kicker stands above the headline.
func (v view) Kicker() string { return v.kicker() }

// NoStories stands in place of stories.
func (v view) NoStories() string { return v.noStories() }

// Made stands below everything.
func (v view) Made() string { return v.made() }

// Chart finds one of the charts.
func (v view) Chart(id string) Chart { return v.chart(id) }

// Number counts from one.
func (v view) Number(i int) int { return i + 1 }

// Foot is what a footer says.
func (v view) Foot(page int) foot { return foot{v.Content, page} }

type foot struct {
	*Content
	Page int
}

// Made stands below everything.
func (f foot) Made() string { return f.made() }

// Single tells whether the report is of one brand.
func (v view) Single() bool { return len(v.Brands) == 1 }

// Sections tells whether each brand has a section of its own.
func (v view) Sections() bool { return v.brandsMoved() > 0 }

// Early tells whether the course of mood stands on the first page.
func (v view) Early() bool { return v.early() }

// Table are the rows of the brands side by side.
func (v view) Table() []Brand { return v.rows() }

// TableNote says which brands have a row.
func (v view) TableNote() string { return v.rowsNote() }

// Rest tells whether a row adds up brands.
func (v view) Rest(b Brand) bool { return b.ID == restKey }

// Legend is that of the course of mood.
func (v view) Legend() []key { return v.chart("timeline").keys }

// MovedSays explains what moved the moods.
func (v view) MovedSays() string { return v.movedSays() }

// Colors are those of the bar on top.
func (v view) Colors() []string {
	if !v.sectioned || len(v.Brands) == 0 {
		return []string{""}
	}
	var list []string
	for _, b := range v.Brands {
		list = append(list, b.Color)
	}
	return list
}

// Few are the parts that stand in a table, so that two pages are enough.
func (v view) Few(d Dimension) []Part {
	return d.Top(v.few()[map[string]int{"outlets": 0, "languages": 1, "countries": 2}[d.ID]])
}

// Narrow tells whether dimensions stand side by side.
func (v view) Narrow() bool { return len(v.Brands) >= narrowFrom }

// cell is one part as a table shows it.
type cell struct {
	Part
	Left, Wide float64 // of its bar, in percent
}

// Rows are parts with their bars.
func (v view) Rows(b Brand, d Dimension) []cell {
	largest := 1.0
	for _, d := range b.Moved {
		for _, p := range v.Few(d) {
			largest = max(largest, math.Abs(p.Points))
		}
	}
	var rows []cell
	for _, p := range v.Few(d) {
		wide := 50 * min(1, math.Abs(p.Points)/largest)
		left := 50.0
		if p.Points < 0 {
			left -= wide
		}
		rows = append(rows, cell{p, charts.Round(left, 1), charts.Round(wide, 1)})
	}
	return rows
}

// word gives templates the words that stand around what a report says.
func word(name string) (string, error) {
	words := map[string]string{
		"moved": wordMoved, "stories": wordStories, "share": wordShare, "brands": wordBrands, "fine": wordFine, "live": wordLive,
		"brand": wordBrand, "mood": wordMood, "mentions": wordMentions, "before": wordBefore, "change": wordChange, "ofAll": wordOfAll, "points": wordPoints,
		"all": wordAll, "empty": wordEmpty, "mark": wordMark, "part": wordPart, "sure": wordSure,
		"narrow": wordNarrow,
	}
	w, ok := words[name]
	if !ok {
		return "", fmt.Errorf("there is no word %q", name)
	}
	return w, nil
}

func (c *Content) funcs() template.FuncMap {
	type figure struct {
		Name, Value, Says string
		Way               string
	}
	way := func(by float64, significant bool) string {
		switch {
		case !significant:
			return ""
		case by < 0:
			return "down"
		default:
			return "up"
		}
	}
	return template.FuncMap{
		"word": word, "mood": moodOf, "fine": moodTenths, "count": charts.CountWord, "moment": moment, "meta": storyMeta, "period": period,
		"allMoved": allMoved, "beside": beside, "changeOf": changeOf, "moodVerdict": moodVerdict, "volumeVerdict": volumeVerdict, "kind": dimensionTitle,
		"mentions": charts.MentionsWord, "pageOf": pageOf, "way": way, "label": labelOf, "copies": copiesOf,
		"points": func(x float64) string { return signedNumber(x, 1) },
		"share": func(s *float64) string {
			if s == nil {
				return "–"
			}
			return charts.PercentWord(*s)
		},
		"figures": func(b Brand) []figure {
			share := "–"
			if b.Share != nil {
				share = charts.PercentWord(*b.Share)
			}
			var list []figure
			for _, t := range b.tiles(share, c.watched) {
				list = append(list, figure{t.name, t.value, t.says, way(t.mark, t.mark != 0)})
			}
			return list
		},
		"feelings": func(b Brand) []map[string]any {
			var list []map[string]any
			for _, f := range b.feelings() {
				if b.Now.Mentions > 0 {
					part := float64(f.count) / float64(b.Now.Mentions)
					list = append(list, map[string]any{"role": f.role, "word": f.share + " " + f.word, "wide": charts.Round(100*part, 1)})
				}
			}
			return list
		},
		"color": func(hex string) template.CSS {
			if _, ok := colour(hex); !ok {
				hex = "#2F3D99"
			}
			return template.CSS(hex[:7])
		},
	}
}
