package store

import (
	"math"
	"strconv"
	"time"

	"agora/mood"
)

// Latencies are counted in steps that grow by a fifth each: a hundred of them
// reach from a millisecond to a day, and a figure is off by a tenth at most.
const latencyGrowth = 1.2

// latencyStep is the step that a latency falls in.
func latencyStep(d time.Duration) int64 {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 1 {
		return 0
	}
	return 1 + int64(math.Log(ms)/math.Log(latencyGrowth))
}

// latencyOf is the middle of a step, in milliseconds.
func latencyOf(step int64) float64 {
	if step <= 0 {
		return 0
	}
	return math.Round(math.Pow(latencyGrowth, float64(step)-0.5))
}

// histogram counts latencies by step.
type histogram map[int64]int64

func (h histogram) add(fields map[string]string) {
	for f, v := range fields {
		step, err := strconv.ParseInt(f, 10, 64)
		n, err2 := strconv.ParseInt(v, 10, 64)
		if err == nil && err2 == nil && step >= 0 {
			h[step] += n
		}
	}
}

// figures are the median and the 95th percentile; null without any latency.
func (h histogram) figures() mood.LatencyFigures {
	var total, highest int64
	for step, n := range h {
		total += n
		highest = max(highest, step)
	}
	if total <= 0 {
		return mood.LatencyFigures{}
	}
	quantile := func(q float64) *float64 {
		want, sum := int64(math.Ceil(q*float64(total))), int64(0)
		for step := int64(0); step <= highest; step++ {
			if sum += h[step]; sum >= want {
				ms := latencyOf(step)
				return &ms
			}
		}
		ms := latencyOf(highest)
		return &ms
	}
	return mood.LatencyFigures{P50: quantile(0.5), P95: quantile(0.95)}
}
