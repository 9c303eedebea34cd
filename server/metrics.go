package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"agora/mood"
)

// meters are what the operator can watch of the server.
type meters struct {
	requests  *prometheus.HistogramVec
	items     *prometheus.CounterVec
	limited   prometheus.Counter
	shown     prometheus.Histogram
	streams   prometheus.Gauge
	refused   prometheus.Counter
	views     prometheus.Gauge
	events    *prometheus.CounterVec
	written   prometheus.Counter
	writes    prometheus.Counter
	joins     *prometheus.CounterVec
	lagged    prometheus.Counter
	stalled   prometheus.Counter
	computing prometheus.Histogram
	failures  prometheus.Counter
	published prometheus.Histogram
	arrived   prometheus.Histogram
	pictures  *prometheus.CounterVec
}

func newMeters(registry *prometheus.Registry) *meters {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	histogram := func(name, help string, buckets []float64) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets})
	}
	m := &meters{
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "agora_http_request_seconds", Help: "How long requests took, streams excepted.",
			Buckets: []float64{.001, .005, .02, .1, .5, 2, 10},
		}, []string{"method", "route", "status"}),
		items:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "agora_pushed_items_total", Help: "Items pushed over HTTP, by what became of them."}, []string{"outcome"}),
		limited:   counter("agora_pushes_limited_total", "Requests refused because their sender was too fast."),
		shown:     histogram("agora_shown_seconds", "From accepting a mention to painting it, as pages measure it.", prometheus.ExponentialBuckets(.01, 2, 12)),
		streams:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "agora_streams", Help: "Streams open now."}),
		refused:   counter("agora_streams_refused_total", "Streams refused because too many were open."),
		views:     prometheus.NewGauge(prometheus.GaugeOpts{Name: "agora_views", Help: "Views kept current now."}),
		events:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "agora_stream_events_total", Help: "Events appended to the shared logs."}, []string{"event"}),
		written:   counter("agora_stream_bytes_total", "Bytes written to streams."),
		writes:    counter("agora_stream_writes_total", "Writes to streams; one carries all events that came since the last."),
		joins:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "agora_stream_joins_total", Help: "Readers that joined a stream, by how: snapshot or resume."}, []string{"how"}),
		lagged:    counter("agora_stream_lagged_total", "Readers that fell behind the log and got a new snapshot."),
		stalled:   counter("agora_stream_stalled_total", "Readers that were let go because they took nothing for too long."),
		computing: histogram("agora_view_seconds", "How long a view took to compute.", prometheus.ExponentialBuckets(.001, 2, 12)),
		failures:  counter("agora_view_failures_total", "Views that could not be computed."),
		published: histogram("agora_published_to_stream_seconds", "From a mention's publication to the stream.", []float64{1, 10, 60, 300, 900, 3600}),
		arrived:   histogram("agora_arrived_to_stream_seconds", "From a mention's arrival to the stream.", prometheus.ExponentialBuckets(.005, 2, 12)),
	}
	m.pictures = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "agora_pictures_total", Help: "Pictures of charts, by where they came from: kept, drawn for whoever asked, or drawn ahead.",
	}, []string{"how"})
	registry.MustRegister(m.pictures, m.requests, m.items, m.limited, m.shown, m.streams, m.refused, m.views, m.events, m.written,
		m.writes, m.joins, m.lagged, m.stalled, m.computing, m.failures, m.published, m.arrived)
	// Another server in the same process may have brought these.
	_ = registry.Register(collectors.NewGoCollector())
	_ = registry.Register(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *meters) request(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

func (m *meters) pushed(r mood.Receipt, broken int) {
	m.items.WithLabelValues("accepted").Add(float64(r.Accepted))
	m.items.WithLabelValues("unmatched").Add(float64(r.Unmatched))
	m.items.WithLabelValues("duplicate").Add(float64(r.Duplicates))
	m.items.WithLabelValues("too_old").Add(float64(r.TooOld))
	m.items.WithLabelValues("rejected").Add(float64(len(r.Rejected) + broken))
}

// metrics answers GET /metrics.
func (s *Server) metrics() echo.HandlerFunc {
	h := promhttp.HandlerFor(s.Registry, promhttp.HandlerOpts{})
	return func(c echo.Context) error {
		h.ServeHTTP(c.Response(), c.Request())
		return nil
	}
}

// healthz says that the process answers, and nothing more.
func (s *Server) healthz(c echo.Context) error {
	return s.reply(c, http.StatusOK, healthView{"up"})
}

// readyz says whether requests can be served: whether the store is there.
func (s *Server) readyz(c echo.Context) error {
	st := s.Boards.Status(c.Request().Context())
	if st.State != "up" {
		return newProblem(http.StatusServiceUnavailable, "The store can't be reached: check the address under redis in agora.yaml, and that it runs.").after(retryStore)
	}
	return s.reply(c, http.StatusOK, healthView{"ready"})
}

type healthView struct {
	Status string `json:"status"`
}
