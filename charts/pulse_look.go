package charts

import "strings"

// wordRole is the colour of a word of a mood of −100…100: as [moodRole], and
// dark or light enough to be read.
func wordRole(m float64) string {
	return role("word-" + string(rune('0'+moodStep(m))))
}

// wordSeries is how words of one size look.
func wordSeries(size int) tree {
	weight := 400
	if size >= bolder {
		weight = 600
	}
	return tree{
		"symbolSize": 1, "itemStyle": tree{"opacity": 0}, "emphasis": tree{"disabled": true}, "clip": false,
		"label": tree{
			"show": true, "opacity": 1, "position": "inside", "color": "inherit", "fontWeight": weight,
			"fontSize": layouts[0].sizes[size], "lineHeight": layouts[0].sizes[size] * leading, "formatter": formatPrefix + "line",
		},
	}
}

// slotSeries is how times look.
func slotSeries(t Table) tree {
	format := map[string]string{"1h": "clock", "24h": "clock", "7d": "weekday"}[t.Window]
	if format == "" {
		format = "day"
	}
	return tree{
		"symbolSize": 1, "itemStyle": tree{"opacity": 0}, "emphasis": tree{"disabled": true}, "clip": false,
		"label": tree{"show": true, "opacity": 1, "position": "inside", "color": role("quiet"), "fontSize": layouts[0].time, "formatter": formatPrefix + format},
	}
}

// pulseMedia are the media queries of a cloud: which layout it has, and how
// large its type is.
func pulseMedia(slots int) []tree {
	var list []tree
	for i := range layouts {
		l := &layouts[i]
		list = append(list, tree{"query": l.query, "option": l.frame(i, slots)})
		for _, k := range l.steps[1:] {
			query := tree{"minWidth": int(l.width * k), "minHeight": int(l.height * k)}
			if most, ok := l.query["maxWidth"]; ok {
				query["maxWidth"] = most
			}
			for bound, least := range l.query {
				if have, ok := query[bound].(int); ok && strings.HasPrefix(bound, "min") {
					query[bound] = max(have, least.(int))
				}
			}
			list = append(list, tree{"query": query, "option": l.type_(k)})
		}
	}
	return list
}

// type_ is a layout's type, so many times as large.
func (l *layout) type_(times float64) tree {
	list := make([]tree, 0, len(sizes)+1)
	for n, size := range l.sizes {
		list = append(list, tree{"id": sizeID(n), "label": tree{
			"fontSize": roundTo(size*times, 2), "lineHeight": roundTo(size*times*leading, 2),
		}})
	}
	return tree{"series": append(list, tree{"id": "slots", "label": tree{"fontSize": roundTo(l.time*times, 2)}})}
}

// frame is where a layout has its words, its axes, and its smallest type.
func (l *layout) frame(place, slots int) tree {
	format := formatPrefix + "lines"
	if l.rows {
		format = formatPrefix + "line"
	}
	form := l.type_(l.steps[0])
	for i, s := range form["series"].([]tree) {
		s["encode"] = tree{"x": 2 * place, "y": 2*place + 1}
		if i < len(sizes) {
			merge(s["label"].(tree), tree{"formatter": format})
		}
	}
	parts := tree{"max": max(slots, 1), "interval": 1, "splitLine": tree{"show": true}}
	share := tree{"max": 1, "interval": 1, "splitLine": tree{"show": false}}
	x, y := parts, share
	if l.rows {
		x, y = share, parts
	}
	form["xAxis"], form["yAxis"] = []tree{x}, []tree{y}
	return form
}

func sizeID(n int) string { return "size-" + string(rune('1'+n)) }
