package scene

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"

	"agora/charts"
	"agora/mood"
)

// A chart on a wall is that of the page, for eyes five metres away: no legend
// to match up, and strokes as thick as the type asks for. As
// static/src/wall/dress.js.

// usualFont is the size of text that options are made for, in pixels.
const usualFont = 12

type tree = map[string]any

// dressed is an option with a dress on; nil where there is none, or it can't be
// read: then the scene goes without its chart.
func dressed(o charts.Option, dress func(tree)) charts.Option {
	var t tree
	if o == nil || json.Unmarshal(o, &t) != nil {
		return nil
	}
	dress(t)
	out, err := json.Marshal(t)
	if err != nil {
		return nil
	}
	return out
}

func timelineDress(size float64) func(tree) {
	return func(t tree) {
		delete(t, "legend")
		for _, g := range each(t["grid"]) {
			g["top"] = hundredths(size * 0.7)
		}
		for _, s := range each(t["series"]) {
			if s["type"] != "line" {
				delete(s, "barMaxWidth")
				continue
			}
			line, ok := s["lineStyle"].(tree)
			if !ok {
				line = tree{}
				s["lineStyle"] = line
			}
			width, ok := line["width"].(float64)
			if !ok {
				width = 2
			}
			line["width"] = hundredths(width * size / usualFont * 0.6)
		}
	}
}

// mapDress keeps the legend, unseen: it says which kind of place is drawn, and
// whether what devices did is.
func mapDress(size float64, devices bool) func(tree) {
	times := size / usualFont * 0.6
	return func(t tree) {
		for _, v := range each(t["visualMap"]) {
			v["show"] = false
		}
		var selected tree
		for _, l := range each(t["legend"]) {
			l["show"] = false
			selected, _ = l["selected"].(tree)
		}
		for _, g := range each(t["geo"]) {
			g["bottom"] = 0
		}
		for _, s := range each(t["series"]) {
			if s["type"] == "map" {
				s["bottom"] = 0
			}
			if id, _ := s["id"].(string); strings.HasPrefix(id, "devices:") {
				if name, ok := s["name"].(string); ok && selected != nil {
					selected[name] = devices
				}
			}
			if n, ok := s["symbolSize"].(float64); ok {
				s["symbolSize"] = hundredths(n * times)
			}
			if s["type"] == "map" {
				continue
			}
			for _, d := range each(s["data"]) {
				if n, ok := d["symbolSize"].(float64); ok {
					d["symbolSize"] = hundredths(n * times)
				}
			}
		}
	}
}

func hundredths(v float64) float64 { return math.Round(v*100) / 100 }

// each gives the parts of what may be one or a list.
func each(part any) []tree {
	switch part := part.(type) {
	case tree:
		return []tree{part}
	case []any:
		var some []tree
		for _, p := range part {
			if p, ok := p.(tree); ok {
				some = append(some, p)
			}
		}
		return some
	}
	return nil
}

type topic struct{ name, sign, color string }

const mostTopics = 3 // as many words as are read at a glance

var moodRole = regexp.MustCompile(`^role:mood-([1-7])$`)

// topicsOf are the first topics of the chart of topics, each with its feeling:
// what the chart says by its scale of seven colours.
func topicsOf(o charts.Option) []topic {
	var chart struct {
		Series []struct {
			Data []struct {
				Name, Title string
				ItemStyle   struct{ Color string }
			}
		}
	}
	if o == nil || json.Unmarshal(o, &chart) != nil || len(chart.Series) == 0 {
		return nil
	}
	var topics []topic
	for _, d := range chart.Series[0].Data[:min(mostTopics, len(chart.Series[0].Data))] {
		t := topic{name: d.Title, sign: "·", color: "unclear-text"}
		if t.name == "" {
			t.name = d.Name
		}
		if m := moodRole.FindStringSubmatch(d.ItemStyle.Color); m != nil {
			label := mood.Neutral
			if m[1] < "4" {
				label = mood.Negative
			} else if m[1] > "4" {
				label = mood.Positive
			}
			t.sign, t.color = charts.Sign(label), label.String()+"-text"
		}
		topics = append(topics, t)
	}
	return topics
}
