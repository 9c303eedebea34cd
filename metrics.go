package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"agora/ingest"
	"agora/ingest/engine"
	"agora/ingest/feed"
)

// meter counts what the intake does, for /metrics.
type meter struct {
	items    *prometheus.CounterVec
	readings prometheus.Counter
	steps    *prometheus.HistogramVec
	found    prometheus.Histogram
	polls    *prometheus.CounterVec
	received prometheus.Counter
	polling  prometheus.Histogram
	hubs     *prometheus.CounterVec
	away     prometheus.Gauge
	readBy   *prometheus.CounterVec
}

var (
	_ ingest.Observer = (*meter)(nil)
	_ engine.Observer = (*meter)(nil)
)

func newMeter(registry prometheus.Registerer) *meter {
	m := &meter{
		items: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "agora_ingest_items_total", Help: "Items taken in, by what became of them.",
		}, []string{"outcome"}),
		readings: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "agora_ingest_readings_total", Help: "Readings made: one for each brand that an item names.",
		}),
		steps: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "agora_ingest_batch_seconds", Help: "Time that a batch took, by step.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
		}, []string{"step"}),
		found: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "agora_found_seconds", Help: "Time from publishing to acceptance, of items under a day old.",
			Buckets: []float64{0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400},
		}),
		polls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "agora_feed_polls_total", Help: "Polls of feeds, by result.",
		}, []string{"result"}),
		received: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "agora_feed_received_bytes_total", Help: "Bytes received from feeds.",
		}),
		polling: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "agora_feed_poll_seconds", Help: "Time that a poll took.",
			Buckets: prometheus.ExponentialBuckets(0.005, 2, 14),
		}),
		hubs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "agora_websub_events_total", Help: "What happened with WebSub hubs: asked, verified, denied, failed, push, bad_signature, missed (a poll found news that a hub didn't push).",
		}, []string{"event"}),
		away: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "agora_sentiment_engine_away", Help: "1 while the built-in engine stands in for the configured one, else 0.",
		}),
		readBy: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "agora_sentiment_readings_total", Help: "Readings made where another engine than the built-in one is configured, by who made them: engine, or fallback for the built-in one.",
		}, []string{"by"}),
	}
	registry.MustRegister(m.items, m.readings, m.steps, m.found, m.polls, m.received, m.polling, m.hubs, m.away, m.readBy)
	return m
}

// Batch counts a batch that was recorded.
func (m *meter) Batch(_, readings int, matching, scoring, recording time.Duration) {
	m.readings.Add(float64(readings))
	m.steps.WithLabelValues("match").Observe(matching.Seconds())
	m.steps.WithLabelValues("score").Observe(scoring.Seconds())
	m.steps.WithLabelValues("record").Observe(recording.Seconds())
}

// Outcomes counts what became of a batch's items.
func (m *meter) Outcomes(stored, duplicates, unmatched, tooOld, revised int) {
	m.items.WithLabelValues("stored").Add(float64(stored))
	m.items.WithLabelValues("duplicate").Add(float64(duplicates))
	m.items.WithLabelValues("unmatched").Add(float64(unmatched))
	m.items.WithLabelValues("too_old").Add(float64(tooOld))
	m.items.WithLabelValues("revised").Add(float64(revised))
}

// Found measures how fast news was found.
func (m *meter) Found(delay time.Duration) { m.found.Observe(delay.Seconds()) }

// EngineAway says whether the built-in engine stands in for another.
func (m *meter) EngineAway(away bool) {
	m.away.Set(0)
	if away {
		m.away.Set(1)
	}
}

// EngineRead counts readings by who made them.
func (m *meter) EngineRead(engine, fallback int) {
	m.readBy.WithLabelValues("engine").Add(float64(engine))
	m.readBy.WithLabelValues("fallback").Add(float64(fallback))
}

// polled counts a poll of a source.
func (m *meter) polled(e feed.Event) {
	m.polls.WithLabelValues(e.Result).Inc()
	m.received.Add(float64(e.Bytes))
	m.polling.Observe(e.Duration.Seconds())
}

// hub counts what happens with hubs.
func (m *meter) hub(e feed.HubEvent) { m.hubs.WithLabelValues(string(e)).Inc() }
