package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"agora/mood"
)

// tester answers what it was told to.
type tester struct {
	asked  mood.QueryTest
	err    error
	brands []string
}

func (f *tester) TestQuery(_ context.Context, q mood.QueryTest) (mood.QueryAnswer, error) {
	f.asked = q
	return mood.QueryAnswer{Query: q.Query, QueryCounts: mood.QueryCounts{Total: 3}}, f.err
}

func (f *tester) Backfill(_ context.Context, brand string) (mood.Backfill, error) {
	f.brands = append(f.brands, brand)
	return mood.Backfill{Brand: brand, State: mood.BackfillWaiting}, f.err
}

func (f *tester) Backfills() []mood.Backfill {
	return []mood.Backfill{{Brand: "nokia", State: mood.BackfillDone, Accepted: 4}}
}

func TestAQueryIsTriedAndABrandCountedAnew(t *testing.T) {
	f := &tester{}
	h := open(t, func(c *Config) { c.Queries = f })
	a := h.post(testPath, `{"query":"Nokia","brand":"nokia","window":"24h","list":"lost","limit":5,"cursor":"x"}`)
	if want := (mood.QueryTest{Query: "Nokia", Brand: "nokia", Window: "24h", List: "lost", Limit: 5, Cursor: "x"}); a.status != http.StatusOK || f.asked != want {
		t.Errorf("%d, asked %+v", a.status, f.asked)
	}
	if got := a.json(t); got["total"] != 3.0 || got["query"] != "Nokia" {
		t.Errorf("%s", a.body)
	}
	if a := h.post(backfillPath, `{"brand":"nokia"}`); a.status != http.StatusAccepted || a.json(t)["state"] != "waiting" || fmt.Sprint(f.brands) != "[nokia]" {
		t.Errorf("%d %s %v", a.status, a.body, f.brands)
	}
	if a := h.get(backfillPath); a.status != http.StatusOK || !strings.Contains(a.body, `"accepted":4`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.get(queriesPath); a.status != http.StatusOK && a.status != http.StatusServiceUnavailable {
		t.Errorf("the page: %d", a.status)
	}
}

func TestATestThatCantBeSaysWhereOrWhen(t *testing.T) {
	f := &tester{}
	h := open(t, func(c *Config) { c.Queries = f })
	f.err = fmt.Errorf("read it: %w", &mood.QueryError{Field: "against", Column: 7, Message: "this ( is never closed: add a )"})
	a := h.post(testPath, `{"query":"Nokia"}`)
	if got := a.json(t); a.status != http.StatusBadRequest || got["column"] != 7.0 || got["parameter"] != "against" || got["detail"] != "The query can't be read at column 7: this ( is never closed: add a )." {
		t.Errorf("a bad query: %d %s", a.status, a.body)
	}
	f.err = fmt.Errorf("several queries are being tried already: try again in a moment: %w", mood.ErrBusy)
	a = h.post(testPath, `{"query":"Nokia"}`)
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || a.json(t)["detail"] != "Several queries are being tried already: try again in a moment." {
		t.Errorf("too many: %d %s", a.status, a.body)
	}
	f.err = nil
	for body, says := range map[string]string{`{"qery":"a"}`: "openapi.json", `[]`: "openapi.json", `{"query":1}`: "openapi.json"} {
		if a := h.post(testPath, body); a.status != http.StatusBadRequest || !strings.Contains(a.body, says) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	none := open(t, nil)
	if a := none.post(testPath, `{"query":"a"}`); a.status != http.StatusNotFound || !strings.Contains(a.body, "limits.texts") {
		t.Errorf("where no texts are kept: %d %s", a.status, a.body)
	}
}

func TestQueriesAreTheOperatorsAndNoOtherSites(t *testing.T) {
	h := guarded(t, func(c *Config) { c.Queries, c.ReadOpen = &tester{}, true })
	for _, ask := range [][2]string{{http.MethodPost, testPath}, {http.MethodPost, backfillPath}, {http.MethodGet, backfillPath}} {
		if a := h.ask(ask[0], ask[1], `{}`); a.status != http.StatusForbidden {
			t.Errorf("%s %s by a reader: %d", ask[0], ask[1], a.status)
		}
	}
	if a := h.get(queriesPath + "?q=x"); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/login?next=%2Fqueries") {
		t.Errorf("the page, by a reader: %d to %s", a.status, a.header.Get("Location"))
	}
	own := open(t, func(c *Config) { c.Queries = &tester{} })
	if a := own.post(testPath, `{"query":"a"}`, "Origin", "https://evil.example.com"); a.status != http.StatusForbidden {
		t.Errorf("from another site: %d", a.status)
	}
}

func TestAProcessThatOnlyShowsPassesTestsOn(t *testing.T) {
	f := &tester{}
	ingest := open(t, func(c *Config) { c.Queries = f })
	web := open(t, func(c *Config) { c.Intake, c.IngestURL = nil, ingest.url })
	if a := web.post(testPath, `{"query":"Nokia"}`); a.status != http.StatusOK || f.asked.Query != "Nokia" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := web.post(backfillPath, `{"brand":"nokia"}`); a.status != http.StatusAccepted || len(f.brands) != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
	alone := open(t, func(c *Config) { c.Intake = nil })
	if a := alone.post(testPath, `{"query":"Nokia"}`); a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "ingest_url") {
		t.Errorf("%d %s", a.status, a.body)
	}
}
