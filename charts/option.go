package charts

import (
	"bytes"
	"encoding/json"
	"fmt"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

const (
	rolePrefix   = "role:" // a colour of theme.json
	formatPrefix = "fmt:"  // a function of static/src/format.js
)

// Option is the look of a chart: an ECharts option in pure JSON, in one
// canonical form (sorted keys, no spaces), so that equal options are equal
// bytes. Beside what ECharts knows it may hold "notes", a list of
// {"mode","text"}: what a reader must know, for one mode of the chart or all.
type Option []byte

// MarshalJSON gives the option as it is.
func (o Option) MarshalJSON() ([]byte, error) {
	if o == nil {
		return []byte("null"), nil
	}
	return o, nil
}

// UnmarshalJSON reads an option and puts it into canonical form.
func (o *Option) UnmarshalJSON(b []byte) error {
	c, err := canonical(b)
	if err != nil {
		return fmt.Errorf("read a chart option: %w", err)
	}
	*o = c
	return nil
}

func canonical(b []byte) ([]byte, error) {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return nil, err
	}
	return encode(v)
}

// encode writes JSON without the detour that [json.Marshal] takes for HTML:
// options go into event streams and scripts' parsers, never into a page's text.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

// tree is a piece of JSON under construction.
type tree = map[string]any

// point is one item of a series. Its fields stand in the order of their JSON
// keys, which is the canonical one.
type point struct {
	Filter     *Filter `json:"filter,omitempty"`
	ItemStyle  *style  `json:"itemStyle,omitempty"`
	Name       string  `json:"name"`
	Note       string  `json:"note,omitempty"`
	Symbol     string  `json:"symbol,omitempty"`
	SymbolSize float64 `json:"symbolSize,omitempty"`
	Tip        string  `json:"tip,omitempty"`
	Title      string  `json:"title,omitempty"`
	Value      any     `json:"value"` // a number, several, or gap
	VisualMap  *bool   `json:"visualMap,omitempty"`
}

type style struct {
	BorderColor string  `json:"borderColor,omitempty"`
	BorderWidth float64 `json:"borderWidth,omitempty"`
	Color       string  `json:"color,omitempty"`
	Opacity     float64 `json:"opacity,omitempty"`
}

// gap is ECharts' value for "nothing here"; null would do, but is easily lost.
const gap = "-"

// filtered gives a filter as points carry it.
func filtered(f Filter) *Filter {
	if f == (Filter{}) {
		return nil
	}
	return &f
}

// unmapped keeps a point's own colour out of the reach of the visual map.
func unmapped() *bool { return opts.Bool(false) }

// drawing is what go-echarts makes of a chart.
type drawing interface {
	Validate()
	JSON() map[string]any
}

// sketch is a chart as it comes from go-echarts, with what that doesn't know
// (gaps), the points of its series, and its words.
type sketch struct {
	drawing drawing
	says    string // for screen readers
	notes   []note
	gaps    tree            // merged into the option
	series  map[string]tree // merged into the series, by id
	data    map[string][]point
}

// note is a sentence beside the picture; Mode names the mode it is true of.
type note struct {
	Mode string `json:"mode,omitempty"`
	Text string `json:"text"`
}

func notes(texts []string) []note {
	var list []note
	for _, t := range texts {
		list = append(list, note{Text: t})
	}
	return list
}

// option finishes a sketch. go-echarts leaves empty objects, nulls and a
// toolbox in what it makes; all of that goes.
func (s sketch) option() (Option, error) {
	s.drawing.Validate()
	raw, err := json.Marshal(s.drawing.JSON())
	if err != nil {
		return nil, fmt.Errorf("draw a chart: %w", err)
	}
	var o tree
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, fmt.Errorf("draw a chart: %w", err)
	}
	prune(o)
	for _, k := range []string{"toolbox", "title", "color"} {
		delete(o, k)
	}
	merge(o, s.gaps)
	merge(o, tree{
		"aria":    tree{"enabled": true, "label": tree{"enabled": true, "description": s.says}, "decal": tree{"show": false}},
		"tooltip": tree{"confine": true, "renderMode": "richText"},
	})
	if len(s.notes) > 0 {
		o["notes"] = s.notes
	}
	list, ok := o["series"].([]any)
	if !ok {
		o["series"] = []any{} // a chart of nothing yet
	}
	if len(list) != len(s.data) {
		return nil, fmt.Errorf("draw a chart: %d series and points for %d", len(list), len(s.data))
	}
	for _, item := range list {
		series, _ := item.(tree)
		id, _ := series["id"].(string)
		points, ok := s.data[id]
		if !ok {
			return nil, fmt.Errorf("draw a chart: series %q has no points", id)
		}
		if points == nil {
			points = []point{}
		}
		for i := range points {
			points[i].Name, points[i].Title = inert(points[i].Name), inert(points[i].Title)
			points[i].Note, points[i].Tip = inert(points[i].Note), inert(points[i].Tip)
		}
		merge(series, s.series[id])
		series["data"] = points
	}
	return encode(o)
}

// prune drops nulls, empty strings and empty objects, at any depth; it tells
// whether nothing is left.
func prune(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case tree:
		for k, item := range v {
			if prune(item) {
				delete(v, k)
			}
		}
		return len(v) == 0
	case []any:
		for _, item := range v {
			prune(item)
		}
	}
	return false
}

// merge lays src over dst: objects merge, anything else replaces. A list of
// objects merges, item by item, with a list that stands there already.
func merge(dst, src tree) {
	for k, v := range src {
		switch v := v.(type) {
		case tree:
			if old, ok := dst[k].(tree); ok {
				merge(old, v)
				continue
			}
		case []tree:
			if old, ok := dst[k].([]any); ok && len(old) == len(v) {
				for i, item := range old {
					if item, ok := item.(tree); ok {
						merge(item, v[i])
					}
				}
				continue
			}
		}
		dst[k] = v
	}
}

// series begins a series: its id, its name, and whatever else set does.
func series(id, kind, name string, set ...func(*echarts.SingleSeries)) echarts.SingleSeries {
	s := echarts.SingleSeries{Id: id, Type: kind, Name: inert(name)}
	for _, f := range set {
		f(&s)
	}
	return s
}

// tooltip is that of every chart; trigger is "item" or "axis".
func tooltip(trigger string) opts.Tooltip {
	t := opts.Tooltip{Show: opts.Bool(true), Trigger: trigger, Formatter: formatPrefix + "tip"}
	if trigger == "axis" {
		t.AxisPointer = &opts.AxisPointer{Type: "shadow"}
	}
	return t
}

func noLegend() opts.Legend { return opts.Legend{Show: opts.Bool(false)} }
