package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

func (h *house) patch(id, body string, headers ...string) answer {
	h.t.Helper()
	return h.ask(http.MethodPatch, "/api/v1/mentions/"+id, body, headers...)
}

func TestALabelIsSetTwiceTakenBackAndDisowned(t *testing.T) {
	h := open(t, nil)
	h.say("nokia", mood.Negative)
	for i, step := range []struct {
		label, reads         string
		corrected, unrelated bool
		changed, counted     float64
	}{
		{`"positive"`, "positive", true, false, 1, 1},
		{`"positive"`, "positive", true, false, 0, 1},
		{`"neutral"`, "neutral", true, false, 1, 1},
		{`"irrelevant"`, "negative", true, true, 1, 0},
		{`"negative"`, "negative", true, false, 1, 1},
		{`null`, "negative", false, false, 1, 1},
		{`"irrelevant"`, "negative", true, true, 1, 0},
		{`"null"`, "negative", false, false, 1, 1},
	} {
		a := h.patch("m1", `{"brand":"nokia","label":`+step.label+`}`)
		if a.status != http.StatusOK {
			t.Fatalf("step %d: %d %s", i, a.status, a.body)
		}
		got := a.json(t)
		r := got["mention"].(map[string]any)["readings"].(map[string]any)["nokia"].(map[string]any)
		if got["changed"] != step.changed || r["label"] != step.reads || r["corrected"] != step.corrected || (r["irrelevant"] == true) != step.unrelated {
			t.Errorf("step %d: %s, want %+v", i, a.body, step)
		}
		if engine, ok := r["engine"].(map[string]any); ok != step.corrected || ok && engine["label"] != "negative" {
			t.Errorf("step %d: the engine said %v", i, r["engine"])
		}
		listed := h.get("/api/v1/mentions?brand=nokia").json(t)["mentions"].([]any)[0].(map[string]any)["readings"].(map[string]any)["nokia"]
		if fmt.Sprint(listed) != fmt.Sprint(r) {
			t.Errorf("step %d: the list has %v, the answer %v", i, listed, r)
		}
		if n := h.get("/api/v1/board?brand=nokia").json(t)["total"].(map[string]any)["mentions"]; n != step.counted {
			t.Errorf("step %d: %v are counted, want %v", i, n, step.counted)
		}
	}
}

func TestAStoryIsCorrectedAsAWholeAndTheAnswerNamesAll(t *testing.T) {
	h := open(t, nil)
	h.say("nokia", mood.Negative)
	h.say("nokia", mood.Negative)
	a := h.patch("m1", `{"brand":"nokia","label":"positive","scope":"story"}`).json(t)
	if a["changed"] != 2.0 || fmt.Sprint(a["mentions"]) != "[m1 m2]" {
		t.Errorf("%v", a)
	}
	a = h.patch("m1", `{"brand":"nokia","label":"neutral","scope":"mention"}`).json(t)
	if a["changed"] != 1.0 || fmt.Sprint(a["mentions"]) != "[m1]" {
		t.Errorf("%v", a)
	}
}

func TestACorrectionThatCantBeIsRefusedWithWhatToDo(t *testing.T) {
	h := open(t, nil)
	h.say("nokia", mood.Negative)
	h.gone = map[string]bool{"old": true}
	for name, c := range map[string]struct {
		id, body, parameter, says string
		status                    int
	}{
		"no brand":     {"m1", `{"label":"positive"}`, "brand", "nokia or ericsson", 400},
		"other brand":  {"m1", `{"brand":"acme","label":"positive"}`, "brand", `"acme" is watched: set brand to nokia`, 400},
		"no label":     {"m1", `{"brand":"nokia"}`, "label", "set label to positive, neutral, negative, irrelevant or null", 400},
		"odd label":    {"m1", `{"brand":"nokia","label":"happy"}`, "label", `"happy": use positive`, 400},
		"number":       {"m1", `{"brand":"nokia","label":1}`, "label", "set label", 400},
		"unclear":      {"m1", `{"brand":"nokia","label":"unclear"}`, "label", "unclear", 400},
		"odd scope":    {"m1", `{"brand":"nokia","label":"positive","scope":"all"}`, "scope", "story for all its copies", 400},
		"odd key":      {"m1", `{"brand":"nokia","lable":"positive"}`, "", "openapi.json", 400},
		"no JSON":      {"m1", `positive`, "", "openapi.json", 400},
		"never known":  {"m9", `{"brand":"nokia","label":"positive"}`, "", "GET /api/v1/mentions?brand=nokia", 404},
		"kept no more": {"old", `{"brand":"nokia","label":"positive"}`, "", "no longer kept", 410},
	} {
		a := h.patch(c.id, c.body)
		p := a.json(t)
		if a.status != c.status || !strings.Contains(p["detail"].(string), c.says) {
			t.Errorf("%s: %d %s, want %d and %q", name, a.status, a.body, c.status, c.says)
		}
		if c.parameter != "" && (p["parameter"] != c.parameter || p["valid"] == nil) {
			t.Errorf("%s: %s names %v", name, a.body, p["parameter"])
		}
	}
	if a := h.patch("m1", `{"brand":"nokia","label":"positive"}`, "Content-Type", "text/plain"); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("as text: %d", a.status)
	}
	if a := h.patch("m1", `{"brand":"nokia","label":"positive"}`, "Origin", "https://evil.example.com"); a.status != http.StatusForbidden {
		t.Errorf("from another site: %d", a.status)
	}
	h.fail(mood.ErrUnavailable)
	if a := h.patch("m1", `{"brand":"nokia","label":"positive"}`); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("without a store: %d", a.status)
	}
}

func TestCorrectingNeedsTheTokenAndReadingCorrectionsOnlyALook(t *testing.T) {
	h := guarded(t, func(c *Config) { c.ReadOpen = true })
	h.say("nokia", mood.Negative)
	body := `{"brand":"nokia","label":"positive"}`
	if a := h.patch("m1", body); a.status != http.StatusForbidden {
		t.Errorf("without the token: %d", a.status)
	}
	if a := h.patch("m1", body, bearerOf(adminToken)...); a.status != http.StatusOK {
		t.Errorf("with the token: %d %s", a.status, a.body)
	}
	if a := h.get("/api/v1/corrections"); a.status != http.StatusOK {
		t.Errorf("reading: %d", a.status)
	}
}

func TestAWebProcessPassesCorrectionsOn(t *testing.T) {
	ingest := open(t, nil)
	web := open(t, func(c *Config) { c.Intake, c.IngestURL = nil, ingest.url })
	ingest.say("nokia", mood.Negative)
	a := web.patch("m1", `{"brand":"nokia","label":"positive"}`)
	if a.status != http.StatusOK || ingest.mention[0].Readings["nokia"].Label != mood.Positive {
		t.Errorf("%d %s", a.status, a.body)
	}
	alone := open(t, func(c *Config) { c.Intake = nil })
	if a := alone.patch("m1", `{"brand":"nokia","label":"positive"}`); a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "ingest_url") {
		t.Errorf("without ingest_url: %d %s", a.status, a.body)
	}
}

func TestCorrectionsOfAllBrandsComeNewestFirst(t *testing.T) {
	h := open(t, nil)
	at := func(h int) time.Time { return time.Date(2026, 11, 23, h, 0, 0, 0, time.UTC) }
	positive := mood.Positive
	h.taught = []mood.Corrected{
		{Brand: "nokia", Mention: "c", Label: &positive, At: at(3)}, {Brand: "nokia", Mention: "a", Irrelevant: true, At: at(1)},
		{Brand: "ericsson", Mention: "b", Label: &positive, At: at(2)},
	}
	for query, want := range map[string]string{"": "c b a", "?brand=nokia": "c a", "?brand=ericsson": "b"} {
		var got correctionsView
		a := h.get("/api/v1/corrections" + query)
		if err := json.Unmarshal([]byte(a.body), &got); err != nil {
			t.Fatalf("%s: %v", a.body, err)
		}
		var ids []string
		for _, c := range got.Corrections {
			ids = append(ids, c.Mention)
		}
		if strings.Join(ids, " ") != want {
			t.Errorf("%s: %v, want %s", query, ids, want)
		}
	}
	if a := h.get("/api/v1/corrections?brand=acme"); a.status != http.StatusBadRequest {
		t.Errorf("of a brand that isn't watched: %d", a.status)
	}
}

func TestScreensHearOfACorrectionAndTheCountsThatFollow(t *testing.T) {
	h := open(t, nil)
	h.say("nokia", mood.Negative)
	nokia, ericsson := h.tap("?brand=nokia&window=24h"), h.tap("?brand=ericsson&window=24h")
	nokia.until("snapshot")
	ericsson.until("snapshot")
	h.patch("m1", `{"brand":"nokia","label":"positive"}`)
	var e correctionEvent
	told := nokia.until("correction")
	if err := json.Unmarshal([]byte(told.data), &e); err != nil {
		t.Fatal(err)
	}
	if e.Brand != "nokia" || e.Readings["m1"].Label != mood.Positive || !e.Readings["m1"].Corrected || told.id != "" {
		t.Errorf("told is %s", told.data)
	}
	if d := nokia.until("delta"); !strings.Contains(d.data, `"positive":1`) {
		t.Errorf("the counts don't follow: %s", d.data)
	}
	h.say("ericsson", mood.Positive)
	for {
		e, err := ericsson.next()
		if err != nil || e.name == "correction" {
			t.Fatalf("a screen of another brand heard %v, %v", e, err)
		}
		if e.name == "mention" {
			break
		}
	}
}

func TestOpenAPISaysWhatACorrectionMayBe(t *testing.T) {
	doc := open(t, nil).get("/openapi.json").json(t)
	body := doc["components"].(map[string]any)["schemas"].(map[string]any)["correctionBody"].(map[string]any)
	label := body["properties"].(map[string]any)["label"].(map[string]any)["enum"].([]any)
	if !slices.Contains(label, any("irrelevant")) || !slices.Contains(label, nil) || fmt.Sprint(body["required"]) != "[brand label]" {
		t.Errorf("correctionBody is %v", body)
	}
}
