package report

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"

	"agora/charts"
)

// key is one entry of a chart's legend. Reports write legends themselves, with
// every name in full view: that of the chart would have pages to turn.
type key struct {
	name, color, shape, dash string // a colour is #rrggbb
	line                     bool
}

// unkeyed takes the legend out of an option and gives it as a list, in the
// colours of paper.
func unkeyed(o charts.Option) ([]key, charts.Option, error) {
	var look map[string]any
	if err := json.Unmarshal(o, &look); err != nil {
		return nil, nil, fmt.Errorf("read a chart option: %w", err)
	}
	roles, err := rolesOf(paperTheme)
	if err != nil {
		return nil, nil, err
	}
	series := map[string]map[string]any{}
	for _, s := range objects(look["series"]) {
		series[words(s["name"])] = s
	}
	var keys []key
	for _, legend := range objects(look["legend"]) {
		for _, entry := range objects(legend["data"]) {
			s := series[words(entry["name"])]
			k := key{name: clean(words(entry["name"])), shape: words(entry["icon"]), line: words(s["type"]) == "line"}
			for _, style := range objects(s["itemStyle"]) {
				k.color = words(style["color"])
			}
			for _, style := range objects(s["lineStyle"]) {
				k.dash = map[string]string{"dashed": "5 3", "dotted": "2 2"}[words(style["type"])]
			}
			if role, ok := strings.CutPrefix(k.color, "role:"); ok {
				k.color = roles[role]
			}
			if _, ok := colour(k.color); !ok {
				k.color = roles["text"]
			}
			k.color = k.color[:7]
			keys = append(keys, k)
		}
		legend["show"] = false
	}
	for _, grid := range objects(look["grid"]) {
		grid["top"] = "8"
	}
	bare, err := json.Marshal(look)
	return keys, bare, err
}

// objects are the objects of a value that is one object, or a list of them.
func objects(v any) []map[string]any {
	switch v := v.(type) {
	case map[string]any:
		return []map[string]any{v}
	case []any:
		var list []map[string]any
		for _, one := range v {
			if m, ok := one.(map[string]any); ok {
				list = append(list, m)
			}
		}
		return list
	}
	return nil
}

func words(v any) string {
	s, _ := v.(string)
	return s
}

// The size of a sign, in pixels.
const signWide, signHigh = 22, 10

// Sign draws an entry as the chart draws it, as SVG.
func (k key) Sign() template.HTML {
	shape := map[string]string{
		"circle": "M7 5a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z", "triangle": "M11 1L15 9L7 9Z", "diamond": "M11 0.5L15 5L11 9.5L7 5Z",
		"arrow": "M11 1L15 9L11 7L7 9Z", "pin": "M11 10C8 6 7 5 7 3.5A4 3.5 0 0 1 15 3.5C15 5 14 6 11 10Z",
	}[k.shape]
	if shape == "" {
		shape = "M7 1H15V9H7Z"
	}
	line := ""
	if k.line {
		line = fmt.Sprintf(`<path d="M0 5H22" fill="none" stroke="%s" stroke-width="2.5"`, k.color)
		if k.dash != "" {
			line += fmt.Sprintf(` stroke-dasharray="%s"`, k.dash)
		}
		line += "/>"
	}
	return template.HTML(fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d">%s<path d="%s" fill="%s"/></svg>`,
		signWide, signHigh, line, shape, k.color))
}

// Letter stands for the sign where no picture can: in a mail.
func (k key) Letter() string {
	if l, ok := map[string]string{"circle": "●", "triangle": "▲", "diamond": "◆", "arrow": "➤", "pin": "▼"}[k.shape]; ok {
		return l
	}
	return "■"
}

// Name is whose sign it is.
func (k key) Name() string { return k.name }

// Color is that of the sign.
func (k key) Color() template.CSS { return template.CSS(k.color) }
