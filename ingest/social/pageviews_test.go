package social

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// metrics stands in for Wikimedia's page views.
type metrics struct {
	*httptest.Server
	now   time.Time // no day ends while it is asked
	mu    sync.Mutex
	days  map[string]int64
	asked []string
}

func newMetrics(t *testing.T) *metrics {
	m := &metrics{days: map[string]int64{}, now: time.Now().UTC().Truncate(day).Add(day / 2)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/rest_v1/metrics/pageviews/per-article/{project}/{access}/{agent}/{title}/daily/{from}/{to}", func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.asked = append(m.asked, r.URL.EscapedPath())
		var items []map[string]any
		for day := range m.days {
			if day >= r.PathValue("from") && day <= r.PathValue("to") {
				items = append(items, map[string]any{"project": "en.wikipedia", "article": r.PathValue("title"), "granularity": "daily", "timestamp": day + "00", "access": r.PathValue("access"), "agent": r.PathValue("agent"), "views": m.days[day]})
			}
		}
		if len(items) == 0 {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"type":"about:blank","title":"Not found.","detail":"The date(s) you used are valid, but we either do not have data for those date(s)"}`)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"items": items})
	})
	m.Server = serve(t, mux)
	return m
}

func (m *metrics) set(daysAgo int, views int64) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := m.now.AddDate(0, 0, -daysAgo).Format(pageViewsDay)
	m.days[name] = views
	return name
}

func (m *metrics) rounds() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.asked)
}

func TestPageViewsAreCountedOnceADayAndRevisionsPutRight(t *testing.T) {
	t.Parallel()
	m := newMetrics(t)
	p := only(map[string][]string{"articles": {"en.wikipedia/Nokia_3310", "en.wikipedia.org/AC/DC"}, "url": {m.URL}})
	p.Every = 20 * time.Millisecond
	list := specs(t, "wikipedia-views", p)
	s := newSite(t, list[:1])
	begun := time.Now()
	s.cfg.Now = func() time.Time { return m.now.Add(time.Since(begun)) }
	s.start()
	s.waitState("", mood.SourceFine) // there is nothing yet
	m.set(60, 500)
	m.set(0, 9) // today isn't over
	total := func() (views int64) {
		s.takers.mu.Lock()
		defer s.takers.mu.Unlock()
		for _, a := range s.takers.deeds {
			if a.Kind != "page-views" || a.Brand != "nokia" || a.At.Hour() != 12 || a.Country != "" {
				t.Errorf("%+v", a)
			}
			views += a.Count
		}
		return views
	}
	until(t, "the past is counted", func() bool { return total() == 500 })
	m.set(2, 100)
	m.set(1, 70)
	until(t, "two days are counted", func() bool { return total() == 670 })
	m.set(2, 130)
	until(t, "a day got more", func() bool { return total() == 700 })
	m.set(1, 60)
	until(t, "a day got less", func() bool { return total() == 690 })
	s.cursor("")
	s.again()
	rounds := m.rounds()
	until(t, "it asks again", func() bool { return m.rounds() > rounds+2 })
	if got := total(); got != 690 {
		t.Errorf("after a restart %d views are counted", got)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	want := "/api/rest_v1/metrics/pageviews/per-article/en.wikipedia.org/all-access/user/Nokia_3310/daily/"
	if path := m.asked[0]; len(path) < len(want) || path[:len(want)] != want {
		t.Errorf("it asked for %s", path)
	}
	if got := list[1]; got.Article != "AC/DC" || got.Project != "en.wikipedia.org" || got.ID == list[0].ID {
		t.Errorf("%+v", got)
	}
}
