package report

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"agora/charts"
	"agora/mood"
)

// draw makes the charts of a report.
func (c *Content) draw(b *mood.Board) error {
	short := &mood.Board{}
	*short = *b
	short.Names = maps.Clone(b.Names)
	for id, brand := range short.Names {
		brand.Name = clip(brand.Name, inCharts)
		short.Names[id] = brand
	}
	voices, rest := shareRows(b)
	for i := range voices {
		voices[i].Name = clip(voices[i].Name, inCharts)
	}
	for _, id := range []string{"mood", "timeline", "share", "map", "sources", "languages"} {
		chart, ok := charts.Find(id)
		if !ok {
			return fmt.Errorf("there is no chart %q", id)
		}
		of, note := short, ""
		switch {
		case id == "share":
			few := *short
			few.Share = voices
			if of = &few; rest != nil { // it would be the longest bar, and flatten all others
				note = restOf(*rest)
			}
		case (id == "mood" || id == "timeline") && !c.sectioned:
			few := *short
			few.Order = nil
			for _, brand := range c.Brands[:c.drawn()] { // the most mentioned ones
				few.Order = append(few.Order, brand.ID)
			}
			if of = &few; c.drawn() < len(c.Brands) {
				note = timelineOf(c.drawn())
			}
		}
		table := chart.Table(of).With(c.Sources)
		if id == "sources" || id == "languages" {
			table = shortened(table)
		}
		option, err := chart.Option(table)
		if err != nil {
			return err
		}
		if id == "map" {
			if table, option, err = chart.In("from", table, option); err != nil {
				return err
			}
		}
		drawn := Chart{ID: id, Title: chart.Title, Says: description(option), table: table, option: option}
		if id == "timeline" {
			if drawn.keys, drawn.option, err = unkeyed(option); err != nil {
				return err
			}
		}
		drawn.Note = strings.TrimSpace(note + " " + strings.Join(c.notes(id, table), " "))
		c.Charts = append(c.Charts, drawn)
	}
	return nil
}

// notes are the sentences of a chart's table that stand beneath it.
func (c *Content) notes(id string, t charts.Table) []string {
	n := len(t.Notes)
	switch {
	case id == "timeline":
		return t.Notes
	case id == "map" && n > 2 && len(c.Brands) > 1 && c.Mentions > 0:
		return []string{t.Notes[0], t.Notes[n-2]} // what has no place; that brands are added up
	case (id == "map" || id == "mood") && n > 0:
		return t.Notes[:1]
	}
	return nil
}

// shortened keeps the first rows of a ranking: more can't be read in a small
// picture. Its option is then made of those.
func shortened(t charts.Table) charts.Table {
	const most = 6
	t.Rows = slices.Clone(t.Rows[:min(most, len(t.Rows))])
	return t
}

// description is what a chart says to who can't see it.
func description(o charts.Option) string {
	var look struct {
		Aria struct {
			Label struct {
				Description string `json:"description"`
			} `json:"label"`
		} `json:"aria"`
	}
	if json.Unmarshal(o, &look) != nil {
		return ""
	}
	return clean(look.Aria.Label.Description)
}

// chart finds one of the report's charts.
func (c *Content) chart(id string) Chart {
	for _, chart := range c.Charts {
		if chart.ID == id {
			return chart
		}
	}
	return Chart{ID: id}
}

// picture draws a chart as SVG, without title and footer, which the sheet has.
func (c *Content) picture(ctx context.Context, p Painter, id, theme string, width, height int) ([]byte, error) {
	chart := c.chart(id)
	svg, err := p.Chart(ctx, charts.Figure{
		Table: chart.table, Option: chart.option, Format: "svg", Theme: theme, Width: width, Height: height, Scale: 2, Bare: true,
	})
	if err != nil {
		return nil, fmt.Errorf("draw the chart %s of a report: %w", id, err)
	}
	if at := strings.Index(string(svg), "<svg"); at > 0 {
		svg = svg[at:] // no XML declaration within HTML
	} else if at < 0 {
		return nil, fmt.Errorf("draw the chart %s of a report: the painter gave no SVG", id)
	}
	return svg, nil
}

// shows says whether a chart has anything to show.
func (c *Content) shows(id string) bool {
	switch id {
	case "share":
		return len(c.Share) > 0 && slices.ContainsFunc(c.Share, func(s Share) bool { return s.Total.Mentions > 0 })
	case "mood", "timeline", "sources", "languages", "map":
		return c.Mentions > 0
	}
	return false
}

// fine gathers the small print.
func (c *Content) fine(before *mood.Board) {
	add := func(name, value string) {
		if value != "" {
			c.Fine = append(c.Fine, Fine{name, value})
		}
	}
	usual, counted := false, c.Mentions > 0
	began := false
	for _, b := range c.Brands {
		usual = usual || b.Usual != nil
		if before != nil && before.Brands[b.ID] != nil && b.Usual == nil && b.Now.Mentions > 0 && b.Before.Mentions > 0 &&
			begins(span{c.Earlier, c.From, before.Brands[b.ID].Series, b.Before.Mentions}) {
			began = true
		}
	}
	add("Data", fmt.Sprintf("%s up to %s (%s), from %s. Sources: %s.", strings.ToUpper(spanNow(c.Window)[:1])+spanNow(c.Window)[1:],
		moment(c.To), c.Zone, charts.MentionsWord(c.Mentions), lowerFirst(c.Sources.String())))
	add("Mood", c.method())
	add("Significant", fineTest(c.Window, usual))
	if began {
		add("Numbers", fineBegan)
	}
	switch {
	case before == nil:
		add("Moved by", fineNoParts)
	case c.brandsMoved() > 0:
		add("Moved by", fineMoved)
	}
	if counted {
		add("Map", strings.TrimSpace(charts.Borders()+" "+c.licence()))
	}
}

// method is how feeling is measured, in the words of the charts.
func (c *Content) method() string {
	if a := c.chart("mood").table.About; a != nil {
		return a.Method
	}
	return ""
}

func (c *Content) licence() string {
	if a := c.chart("map").table.About; a != nil {
		return a.Licence
	}
	return ""
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
