package charts

import (
	_ "embed"
	"fmt"
	"slices"
)

//go:embed theme.json
var themeJSON []byte

// Theme is the table of colours, as JSON: {"light":{role:hex},"dark":{…},"print":{…}}.
func Theme() []byte { return slices.Clone(themeJSON) }

func role(name string) string { return rolePrefix + name }

// The colours of mood: seven steps from vermilion over slate to sky, which
// people who cannot tell red from green can tell apart. moodBounds are the
// borders between them, on −100…100.
var moodBounds = [6]float64{-60, -35, -12, 12, 35, 60}

func moodStep(m float64) int {
	i := 0
	for i < len(moodBounds) && m >= moodBounds[i] {
		i++
	}
	return i + 1
}

// moodRole is the colour of a mood of −100…100.
func moodRole(m float64) string { return role(fmt.Sprintf("mood-%d", moodStep(m))) }

// moodMap is the visual map of series whose last value is a mood: it gives
// them their colours, and shows the scale.
func moodMap(w *Words, seriesIndex []int) tree {
	var pieces []tree
	for i := range len(moodBounds) + 1 {
		p := tree{"color": role(fmt.Sprintf("mood-%d", i+1))}
		if i > 0 {
			p["gte"] = moodBounds[i-1]
		}
		if i < len(moodBounds) {
			p["lt"] = moodBounds[i]
		}
		pieces = append(pieces, p)
	}
	return tree{
		"type": "piecewise", "seriesIndex": seriesIndex, "pieces": pieces,
		"show": true, "showLabel": false, "text": []string{w.signed(1), w.signed(-1)}, "orient": "horizontal", "selectedMode": false,
		"left": "center", "bottom": 0, "itemWidth": 18, "itemHeight": 8, "itemGap": 2, "itemSymbol": "rect",
	}
}
