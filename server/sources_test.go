package server

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

// weights are how many mentions each source brought, by brand, whenever.
type weights map[string]map[string]int64

func (w weights) Volumes(_ context.Context, brand string, from, to time.Time) (mood.Volumes, error) {
	v := mood.Volumes{Sources: w[brand]}
	for _, n := range w[brand] {
		v.All += n
	}
	if to.Sub(from) != 7*24*time.Hour {
		return v, fmt.Errorf("asked of %v", to.Sub(from))
	}
	return v, nil
}

// lost is a source that stopped a while ago.
func lost(id string, at time.Time, to *time.Time) mood.SourceHealth {
	h := mood.SourceHealth{ID: id, Name: "The " + id, Kind: "feed", State: mood.SourceFailing, Trouble: mood.TroubleUnreachable, Since: &at, Outages: []mood.Outage{{From: at, To: to}}}
	if to != nil {
		h.State, h.Trouble, h.Since = mood.SourceFine, "", nil
	}
	return h
}

func fineSource(id string) mood.SourceHealth {
	return mood.SourceHealth{ID: id, Name: "The " + id, Kind: "feed", State: mood.SourceFine}
}

func (h *house) setSources(list ...mood.SourceHealth) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sources = list
}

func outagesOf(t *testing.T, h *house, window string) []mood.SourceOutage {
	t.Helper()
	var b struct{ Outages []mood.SourceOutage }
	if a := h.get("/api/v1/board?brand=nokia&window=" + window); json.Unmarshal([]byte(a.body), &b) != nil {
		t.Fatal(a.body)
	}
	return b.Outages
}

func TestABoardTellsWhenASourceOfOverATenthStopped(t *testing.T) {
	h := open(t, func(c *Config) {
		c.Volumes = weights{"nokia": {"big": 50, "tenth": 10, "over": 11, "small": 9, "rest": 20}, "ericsson": {"small": 9}}
	})
	now := h.clock.now().UTC().Truncate(time.Second)
	back := now.Add(-2 * time.Hour)
	h.setSources(lost("big", now.Add(-time.Hour), nil), lost("tenth", now.Add(-time.Hour), nil), lost("over", now.Add(-5*time.Hour), &back),
		lost("small", now.Add(-time.Hour), nil), fineSource("rest"))
	got := outagesOf(t, h, "24h")
	if len(got) != 2 || got[0].Source != "over" || got[1].Source != "big" {
		t.Fatalf("outages %+v", got)
	}
	if got[1].Name != "The big" || got[1].To != nil || got[1].Share != 0.5 || !got[1].From.Equal(now.Add(-time.Hour)) || !got[0].To.Equal(back) {
		t.Errorf("outages %+v", got)
	}
	// What was over before the window began isn't told.
	if got := outagesOf(t, h, "1h"); len(got) != 1 || got[0].Source != "big" {
		t.Errorf("in the last hour: %+v", got)
	}
	if body := h.get("/charts/timeline.json?brand=nokia&window=24h").body; !strings.Contains(body, "The big stopped, since ") {
		t.Errorf("the table says %s", body)
	}
}

func TestAFewMentionsMakeNoSourceMatter(t *testing.T) {
	h := open(t, func(c *Config) { c.Volumes = weights{"nokia": {"only": 4}} })
	h.setSources(lost("only", h.clock.now().Add(-time.Hour), nil))
	if got := outagesOf(t, h, "24h"); len(got) != 0 {
		t.Errorf("outages %+v", got)
	}
}

func TestTheStatusNamesTheWorstOfTheSourcesThatStopped(t *testing.T) {
	h := open(t, func(c *Config) {
		c.Volumes = weights{"nokia": {"big": 38, "small": 2, "fine": 20}, "ericsson": {"fine": 40}}
	})
	now := h.clock.now()
	once := fineSource("once") // a single poll failed: no outage
	once.State = mood.SourceFailing
	h.setSources(fineSource("fine"), once, lost("small", now, nil), lost("big", now, nil))
	st := h.server.sourcesStatus(t.Context(), h.server.health())
	if st.Total != 4 || st.Failing != 2 || strings.Join(st.Names, ",") != "The big,The small" {
		t.Errorf("status %+v", st)
	}
	if st.Share == nil || *st.Share != 0.4 || st.Worst == nil || st.Worst.ID != "big" || *st.Worst.Share != 0.38 || st.Worst.Trouble != mood.TroubleUnreachable {
		t.Errorf("status %+v, worst %+v", st, st.Worst)
	}
	h.setSources(fineSource("fine"), once)
	if st := h.server.sourcesStatus(t.Context(), h.server.health()); st.Failing != 0 || st.Worst != nil || st.Share != nil {
		t.Errorf("with nothing stopped: %+v", st)
	}
}

func TestAWallOnWhichNothingWasSaidTellsWhetherAnybodyAnswers(t *testing.T) {
	var cases []struct {
		Total, Mute int
		Words       string
	}
	data, err := os.ReadFile("testdata/waiting.json") // static/test/wall.test.mjs reads it too
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &cases); err != nil || len(cases) < 6 {
		t.Fatal(len(cases), err)
	}
	for _, c := range cases {
		if got := wordsFirst(mood.SourcesStatus{Total: c.Total, Mute: c.Mute}); got != c.Words {
			t.Errorf("%d of %d never answered: %q, want %q", c.Mute, c.Total, got, c.Words)
		}
	}
	h := open(t, nil)
	dead := mood.SourceHealth{ID: "dead", State: mood.SourceFailing}
	h.setSources(fineSource("fine"), dead, mood.SourceHealth{ID: "new", State: mood.SourceNew})
	if st := h.server.sourcesStatus(t.Context(), h.server.health()); st.Mute != 1 {
		t.Errorf("one never answered: %+v", st)
	}
	before := lasting(h.server.health())
	h.setSources(fineSource("fine"), fineSource("dead"))
	if lasting(h.server.health()) == before {
		t.Error("screens don't hear that a source answers at last")
	}
}

func TestSourcesAreToldInWordsWithTheirShare(t *testing.T) {
	h := open(t, func(c *Config) {
		c.Volumes = weights{"nokia": {"big": 30, "fine": 10}, "ericsson": {}}
		c.Location = time.FixedZone("east", 2*3600)
	})
	at := time.Date(2026, 11, 2, 12, 5, 0, 0, time.UTC)
	h.setSources(lost("big", at, nil), fineSource("fine"))
	var v struct {
		Sources []struct {
			ID, State, Words string
			Share            float64
			Outages          []map[string]any
		}
	}
	if a := h.get("/api/v1/sources"); json.Unmarshal([]byte(a.body), &v) != nil {
		t.Fatal(a.body)
	}
	big := v.Sources[0]
	if !strings.HasPrefix(big.Words, "unreachable since ") || !strings.HasSuffix(big.Words, "14:05") || big.Share != 0.75 {
		t.Errorf("%+v", big)
	}
	if to, ok := big.Outages[0]["to"]; !ok || to != nil {
		t.Errorf("outages %v: the first one lasts, so its end is null", big.Outages)
	}
	if v.Sources[1].Share != 0.25 || v.Sources[1].Words != "fine" {
		t.Errorf("%+v", v.Sources[1])
	}
}

func TestMetricsTellWhichSourcesAreUp(t *testing.T) {
	h := open(t, nil)
	last := time.Date(2026, 11, 2, 12, 5, 0, 0, time.UTC)
	fine := fineSource("fine")
	fine.LastSuccess = &last
	h.setSources(fine, lost("big", h.clock.now(), nil))
	body := h.get("/metrics").body
	for _, want := range []string{
		`agora_source_up{source="fine"} 1`, `agora_source_up{source="big"} 0`, `agora_sources{state="failing"} 1`,
		`agora_source_last_success_timestamp_seconds{source="fine"} ` + strconv.FormatFloat(float64(last.Unix()), 'g', -1, 64),
	} {
		if !strings.Contains(body, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if strings.Contains(body, `last_success_timestamp_seconds{source="big"}`) {
		t.Error("a time is told of a source that never answered")
	}
	many := make([]mood.SourceHealth, 3000)
	for i := range many {
		many[i] = fineSource(fmt.Sprint("s", i))
	}
	h.setSources(many...)
	if n := strings.Count(h.get("/metrics").body, "\nagora_source_up{"); n != maxSourceMetrics {
		t.Errorf("%d sources have metrics of their own", n)
	}
}

func TestAStopIsOnTheChartsAtOnce(t *testing.T) {
	h := open(t, func(c *Config) { c.Volumes = weights{"nokia": {"big": 50}} })
	h.setSources(fineSource("big"))
	s := h.tap("?view=nokia@24h&charts=timeline")
	s.until("snapshot")
	h.setSources(lost("big", h.clock.now().Add(-time.Hour), nil))
	if e := s.until("delta"); !strings.Contains(e.data, "The big stopped") {
		t.Errorf("the delta says %.500s", e.data)
	}
}
