package charts

import (
	"fmt"
	"math"
	"time"

	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// timeAxis is a category axis of times; see [timeTicks].
func timeAxis(t Table) opts.XAxis {
	format := map[string]string{"1h": "clock", "24h": "clock", "7d": "weekday"}[t.Window]
	if format == "" {
		format = "day"
	}
	return opts.XAxis{
		Type:      "category",
		AxisLabel: &opts.AxisLabel{Formatter: types.FuncStr(formatPrefix + format), HideOverlap: opts.Bool(true)},
	}
}

// timeTicks puts labels where the clock is round.
func timeTicks(t Table, names []string) tree {
	at := []string{}
	for _, name := range names {
		if roundTime(t.Window, name) {
			at = append(at, name)
		}
	}
	return tree{
		"axisLabel": tree{"customValues": at}, "axisTick": tree{"show": true, "customValues": at},
		"axisLine": tree{"onZero": false}, // of the mood, it would be
	}
}

// roundTime tells whether a time, as a point's name writes it, deserves a label.
func roundTime(window, name string) bool {
	at, err := time.Parse(time.RFC3339, name)
	if err != nil {
		return false
	}
	switch window {
	case "1h":
		return at.Minute()%15 == 0
	case "24h":
		return at.Hour()%6 == 0 && at.Minute() == 0
	case "7d":
		return at.Hour() == 0 && at.Minute() == 0
	case "30d":
		return at.Weekday() == time.Monday && at.Hour() < 6
	default:
		return at.Day() == 1 || at.Day() == 15
	}
}

// niceCeil is the next of 1, 2, 5, 10, 20, … that is no less than x.
func niceCeil(x float64) float64 {
	if x <= 1 {
		return 1
	}
	p := math.Pow(10, math.Floor(math.Log10(x)))
	for _, f := range []float64{1, 2, 5, 10} {
		if f*p >= x {
			return f * p
		}
	}
	panic(fmt.Sprintf("no round number above %g", x)) // 10·p is above any x
}
