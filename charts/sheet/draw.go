package sheet

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"agora/charts"
)

// The size of a chart beside its rows, in pixels.
const (
	chartWidth   = 760
	chartHeight  = 380
	heightOfARow = 26
	mostPlaces   = 20 // countries that a bar chart of the map has
)

// layer is one label of stacked bars.
type layer struct{ key, role string }

// layers are the labels as the page stacks them.
var layers = []layer{{"negative", "negative"}, {"neutral", "neutral"}, {"unclear", "unclear"}, {"positive", "positive"}}

// draw adds the chart that the spreadsheet draws from the rows, where it knows
// one of the kind: it has none for hours of the week.
func (b *Book) draw() error {
	if len(b.table.Rows) == 0 {
		return nil
	}
	var chart *excelize.Chart
	var over []*excelize.Chart
	switch b.table.Chart {
	case "timeline":
		chart, over = b.timeline()
	case "activity":
		chart = b.activity()
	case "mood":
		chart = b.moods()
	case "share":
		chart = b.bars("brand", 0, len(b.table.Rows), layers)
	case "sources":
		chart = b.bars("outlet", 0, b.ranked(), layers)
	case "languages":
		chart = b.bars("language", 0, b.ranked(), layers)
	case "topics":
		chart = b.topics()
	case "map":
		chart = b.places()
	}
	if chart == nil {
		return nil
	}
	chart.Title = excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: b.table.Title, Font: &excelize.Font{Size: 12, Color: b.look.colors["text"]}}}}
	chart.Format = excelize.GraphicOptions{AltText: b.table.Title}
	chart.VaryColors = new(bool) // no: colours mean something
	for _, c := range append(over, chart) {
		c.XAxis.Font = excelize.Font{Size: 9, Color: b.look.colors["quiet"]} // what it has by itself is too pale to read
		c.YAxis.Font = c.XAxis.Font
	}
	cell, err := excelize.CoordinatesToCellName(len(b.line)+2, 2)
	if err != nil {
		return fmt.Errorf("place a chart: %w", err)
	}
	if err := b.file.AddChart(b.name, cell, chart, over...); err != nil {
		return fmt.Errorf("add a chart to a workbook: %w", err)
	}
	return b.keepTimesApart()
}

// keepTimesApart makes the axis one of labels. Left to itself ("auto"), Excel
// sees dates in it and draws all points of one day on top of each other.
func (b *Book) keepTimesApart() error {
	const at, auto, off = "xl/charts/chart1.xml", `<auto val="1">`, `<auto val="0">`
	text, ok := b.file.Pkg.Load(at)
	body, isBytes := text.([]byte)
	if !ok || !isBytes || !bytes.Contains(body, []byte(auto)) {
		return fmt.Errorf("add a chart to a workbook: %s is not as expected", at)
	}
	b.file.Pkg.Store(at, bytes.ReplaceAll(body, []byte(auto), []byte(off)))
	return nil
}

// timeline stacks the labels under the line of the mood; of several brands it
// has a line for each.
func (b *Book) timeline() (*excelize.Chart, []*excelize.Chart) {
	line := func(from, to int, name, color string) excelize.ChartSeries {
		return excelize.ChartSeries{
			Name: name, Categories: b.span("t", from, to), Values: b.span("line", from, to),
			Line: excelize.LineOptions{Type: excelize.LineSolid, Width: 2}, Fill: solid(color), Marker: excelize.ChartMarker{Symbol: "none"},
		}
	}
	moods := &excelize.Chart{Type: excelize.Line, YAxis: b.moodAxis(), XAxis: b.timeAxis(), Legend: below(), ShowBlanksAs: "gap", Dimension: size(chartHeight)}
	blocks := b.blocks("brand")
	if len(blocks) == 0 { // one brand
		moods.Series = []excelize.ChartSeries{line(0, len(b.table.Rows), b.title("line"), b.look.colors["text"])}
		moods.YAxis.Secondary = true
		columns := b.stack(excelize.ColStacked, "t", 0, len(b.table.Rows), layers)
		columns.XAxis = b.timeAxis()
		columns.Dimension = size(chartHeight)
		return columns, []*excelize.Chart{moods}
	}
	for i, block := range blocks {
		moods.Series = append(moods.Series, line(block.from, block.to, b.cell("brand", block.from), b.spare(i)))
	}
	return moods, nil
}

// activity stacks what devices did, by kind.
func (b *Book) activity() *excelize.Chart {
	chart := &excelize.Chart{Type: excelize.ColStacked, XAxis: b.timeAxis(), Legend: below(), Dimension: size(chartHeight), YAxis: countAxis(), Overlap: all()}
	for i, block := range b.blocks("kind") {
		chart.Series = append(chart.Series, excelize.ChartSeries{
			Name: b.cell("kind", block.from), Categories: b.span("t", block.from, block.to), Values: b.span("count", block.from, block.to), Fill: solid(b.spare(i)),
		})
	}
	return chart
}

// moods has a bar for the mood of each brand, and one for the window before.
func (b *Book) moods() *excelize.Chart {
	n := len(b.table.Rows)
	now := excelize.ChartSeries{Name: b.title("mood"), Categories: b.span("brand", 0, n), Values: b.span("mood", 0, n), Fill: solid(b.look.colors["accent"])}
	col := b.index("mood")
	for i, r := range b.table.Rows {
		if m, ok := r.Cells[col].(float64); ok {
			now.DataPoint = append(now.DataPoint, excelize.ChartDataPoint{Index: i, Fill: solid(b.look.colors[charts.MoodRole(m)])})
		}
	}
	before := excelize.ChartSeries{Name: b.title("before"), Categories: b.span("brand", 0, n), Values: b.span("before", 0, n), Fill: solid(b.look.colors["few"])}
	return &excelize.Chart{
		Type: excelize.Bar, Series: []excelize.ChartSeries{now, before}, YAxis: b.moodAxis(), Legend: below(),
		XAxis: excelize.ChartAxis{ReverseOrder: true, TickLabelPosition: excelize.ChartTickLabelLow}, Dimension: size(140 + 2*heightOfARow*n),
	}
}

// topics are as long as they stand out, or as often as they are said where
// nobody has worked out the former, in the colour of their mood.
func (b *Book) topics() *excelize.Chart {
	key, n := "mentions", len(b.table.Rows)
	stands, feels := b.index("salience"), b.index("mood")
	series := excelize.ChartSeries{Fill: solid(b.look.colors["few"])}
	for i, r := range b.table.Rows {
		if s, ok := r.Cells[stands].(float64); ok && s > 0 {
			key = "salience"
		}
		if m, ok := r.Cells[feels].(float64); ok {
			series.DataPoint = append(series.DataPoint, excelize.ChartDataPoint{Index: i, Fill: solid(b.look.colors[charts.MoodRole(m)])})
		}
	}
	series.Name, series.Categories, series.Values = b.title(key), b.span("topic", 0, n), b.span(key, 0, n)
	return &excelize.Chart{
		Type: excelize.Bar, Series: []excelize.ChartSeries{series}, Legend: excelize.ChartLegend{Position: "none"},
		XAxis: excelize.ChartAxis{ReverseOrder: true}, YAxis: countAxis(), Dimension: size(100 + heightOfARow*n),
	}
}

// places has a bar for each country, by where it was published as a rule: that
// is what the map's rows begin with.
func (b *Book) places() *excelize.Chart {
	first := b.blocks("place")
	if len(first) == 0 || b.table.Rows[first[0].from].Cells[b.index("mentions")] == nil {
		return nil // of devices there are rings alone
	}
	return b.bars("country", first[0].from, min(first[0].to, first[0].from+mostPlaces), layers)
}

// bars is a stacked bar for each row.
func (b *Book) bars(names string, from, to int, of []layer) *excelize.Chart {
	if from >= to {
		return nil
	}
	chart := b.stack(excelize.BarStacked, names, from, to, of)
	chart.XAxis = excelize.ChartAxis{ReverseOrder: true}
	chart.Dimension = size(120 + heightOfARow*(to-from))
	return chart
}

func (b *Book) stack(kind excelize.ChartType, names string, from, to int, of []layer) *excelize.Chart {
	chart := &excelize.Chart{Type: kind, Legend: below(), YAxis: countAxis(), Overlap: all()}
	for _, l := range of {
		chart.Series = append(chart.Series, excelize.ChartSeries{
			Name: b.title(l.key), Categories: b.span(names, from, to), Values: b.span(l.key, from, to), Fill: solid(b.look.colors[l.role]),
		})
	}
	return chart
}

// ranked is how many rows are of one value each: the last one may be of all
// others, which no filter selects, and it would flatten the rest.
func (b *Book) ranked() int {
	n := len(b.table.Rows)
	if b.table.Rows[n-1].Filter == (charts.Filter{}) {
		n--
	}
	return n
}

// block is a stretch of rows, [from, to), that have the same text in a column.
type block struct{ from, to int }

func (b *Book) blocks(key string) []block {
	col := b.index(key)
	if col < 0 {
		return nil
	}
	var list []block
	for i, r := range b.table.Rows {
		if n := len(list); n > 0 && b.table.Rows[i-1].Cells[col] == r.Cells[col] {
			list[n-1].to = i + 1
			continue
		}
		list = append(list, block{i, i + 1})
	}
	return list
}

// index is where a column stands in the table; −1: there is none.
func (b *Book) index(key string) int {
	for i, c := range b.cols {
		if c.Key == key {
			return i
		}
	}
	return -1
}

// span is the address of a column's cells in the rows [from, to).
func (b *Book) span(key string, from, to int) string {
	col, err := excelize.ColumnNumberToName(b.cols[b.index(key)].at)
	if err != nil {
		return "" // no table is that wide
	}
	return fmt.Sprintf("%s!$%s$%d:$%s$%d", b.quoted(), col, from+2, col, to+1)
}

// title is the address of a column's title, and cell that of one of its cells:
// a series is called by what stands in it, so no text of a feed is taken for an
// address.
func (b *Book) title(key string) string { return b.cell(key, -1) }

func (b *Book) cell(key string, row int) string {
	address, _, _ := strings.Cut(b.span(key, row, row+1), ":")
	return address
}

func (b *Book) quoted() string { return "'" + strings.ReplaceAll(b.name, "'", "''") + "'" }

// spare is the colour of a series that has none of its own.
func (b *Book) spare(i int) string {
	roles := [...]string{"activity", "activity-2", "activity-3", "activity-4", "activity-5"}
	return b.look.colors[roles[i%len(roles)]]
}

func (b *Book) moodAxis() excelize.ChartAxis {
	low, high := -100.0, 100.0
	return excelize.ChartAxis{Minimum: &low, Maximum: &high, MajorUnit: 50, MajorGridLines: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "+0;-0;0"}}
}

func (b *Book) timeAxis() excelize.ChartAxis {
	format := b.words.Format.SheetClock
	switch b.table.Window {
	case "7d":
		format = b.words.Format.SheetWeekday
	case "30d", "90d":
		format = b.words.Format.SheetDay
	}
	return excelize.ChartAxis{
		TickLabelSkip: max(1, b.points()/8), TickLabelPosition: excelize.ChartTickLabelLow,
		NumFmt: excelize.ChartNumFmt{CustomNumFmt: format},
	}
}

// points is how many points of time the rows have.
func (b *Book) points() int {
	col, seen := b.index("t"), map[any]bool{}
	for _, r := range b.table.Rows {
		seen[r.Cells[col]] = true
	}
	return len(seen)
}

func countAxis() excelize.ChartAxis {
	return excelize.ChartAxis{Minimum: new(float64), MajorGridLines: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}}
}

func below() excelize.ChartLegend { return excelize.ChartLegend{Position: "bottom"} }

func size(height int) excelize.ChartDimension {
	return excelize.ChartDimension{Width: chartWidth, Height: uint(max(height, 240))}
}

// all is the overlap of bars that stand on one another.
func all() *int { n := 100; return &n }
