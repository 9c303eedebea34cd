package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"agora/mood"
)

// maxSourceMetrics bounds the sources that have metrics of their own.
const maxSourceMetrics = 1000

// sourceCollector tells /metrics how each source does.
type sourceCollector struct{ sources Sources }

var (
	sourceUp = prometheus.NewDesc("agora_source_up",
		"0 while a source is in an outage, else 1; of at most 1000 sources.", []string{"source"}, nil)
	sourceSuccess = prometheus.NewDesc("agora_source_last_success_timestamp_seconds",
		"When a source last answered well; of at most 1000 sources.", []string{"source"}, nil)
	sourceStates = prometheus.NewDesc("agora_sources", "Sources, by state.", []string{"state"}, nil)
)

// Describe is for prometheus.
func (sourceCollector) Describe(to chan<- *prometheus.Desc) {
	to <- sourceUp
	to <- sourceSuccess
	to <- sourceStates
}

// Collect is for prometheus.
func (c sourceCollector) Collect(to chan<- prometheus.Metric) {
	states := map[mood.SourceState]int{}
	for i, h := range c.sources.Health() {
		states[h.State]++
		if i >= maxSourceMetrics {
			continue
		}
		up := 1.0
		if h.Stopped() {
			up = 0
		}
		to <- prometheus.MustNewConstMetric(sourceUp, prometheus.GaugeValue, up, h.ID)
		if h.LastSuccess != nil {
			to <- prometheus.MustNewConstMetric(sourceSuccess, prometheus.GaugeValue, float64(h.LastSuccess.UnixMilli())/1000, h.ID)
		}
	}
	for state, n := range states {
		to <- prometheus.MustNewConstMetric(sourceStates, prometheus.GaugeValue, float64(n), string(state))
	}
}
