package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestWhatIsPushedIsReadByItsContent(t *testing.T) {
	h := open(t, nil)
	for name, c := range map[string]struct {
		kind, body               string
		accepted, rejected, code int
	}{
		"an object":                          {"application/json", `{"title":"a"}`, 1, 0, 202},
		"an object over lines":               {"application/json", "{\n \"title\": \"a\"\n}\n", 1, 0, 202},
		"an array":                           {"application/json", `[{"title":"a"},{"title":"b"}]`, 2, 0, 202},
		"lines":                              {"application/x-ndjson", "{\"title\":\"a\"}\n\n{\"title\":\"b\"}\r\n", 2, 0, 202},
		"lines called JSON":                  {"application/json", "{\"title\":\"a\"}\n{\"title\":\"b\"}", 2, 0, 202},
		"an array called lines":              {"application/x-ndjson", `[{"title":"a"}]`, 1, 0, 202},
		"a byte order mark":                  {"application/json", "\ufeff{\"title\":\"a\"}", 1, 0, 202},
		"a broken line among good ones":      {"application/x-ndjson", "{\"title\":\"a\"}\n{oops\n{\"title\":\"b\"}", 2, 1, 202},
		"an item without a text":             {"application/json", `[{"title":"a"},{}]`, 1, 1, 202},
		"an empty array":                     {"application/json", `[]`, 0, 0, 202},
		"nothing":                            {"application/json", " \n", 0, 0, 400},
		"a broken object":                    {"application/json", `{"title":`, 0, 0, 400},
		"a broken object over several lines": {"application/json", "{\n \"title\": a\n}", 0, 0, 400},
		"a broken array":                     {"application/json", `[{"title":"a"},`, 0, 0, 400},
		"a form":                             {"application/x-www-form-urlencoded", `{"title":"a"}`, 0, 0, 415},
		"text":                               {"text/plain", `{"title":"a"}`, 0, 0, 415},
	} {
		a := h.post("/api/v1/mentions", c.body, "Content-Type", c.kind)
		if a.status != c.code {
			t.Errorf("%s: %d, want %d: %s", name, a.status, c.code, a.body)
			continue
		}
		if c.code != http.StatusAccepted {
			continue
		}
		r := a.json(t)
		if r["accepted"] != float64(c.accepted) || len(r["rejected"].([]any)) != c.rejected {
			t.Errorf("%s: %s", name, a.body)
		}
	}
}

func TestRejectedItemsKeepTheirPlaceInTheRequest(t *testing.T) {
	h := open(t, nil)
	a := h.post("/api/v1/mentions", "{\"title\":\"a\"}\n{oops\n{}\n{\"title\":\"b\"}\n[1]", "Content-Type", "application/x-ndjson")
	var places []string
	for _, r := range a.json(t)["rejected"].([]any) {
		places = append(places, fmt.Sprint(r.(map[string]any)["index"]))
	}
	if got := strings.Join(places, " "); got != "1 2 4" {
		t.Errorf("rejected at %s, want 1 2 4: %s", got, a.body)
	}
}

func TestAPushIsBounded(t *testing.T) {
	h := open(t, nil)
	many := "[" + strings.Repeat(`{},`, maxPushItems) + `{}]`
	if a := h.post("/api/v1/mentions", many); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("10,001 items: %d", a.status)
	}
	large := `{"title":"` + strings.Repeat("a", maxPushBytes) + `"}`
	if a := h.post("/api/v1/mentions", large); a.status != http.StatusRequestEntityTooLarge || !strings.Contains(a.body, "16 MiB") {
		t.Errorf("17 MB: %d %.200s", a.status, a.body)
	}
	if a := h.post("/api/v1/mentions", `{"title":"a"}`, "Content-Encoding", "gzip"); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("compressed: %d", a.status)
	}
}

func TestOverTheRateNothingIsTakenAndTheWaitIsTold(t *testing.T) {
	h := open(t, func(c *Config) { c.Limits.PushPerSecond = 2; c.OperatorSecret = "s3cret" })
	hold := time.Now()
	h.server.pushes.now = func() time.Time { return hold }
	body := `[` + strings.Repeat(`{},`, 11) + `{}]`
	if a := h.post("/api/v1/activity", body); a.status != http.StatusAccepted {
		t.Fatalf("12 of a burst of 20: %d", a.status)
	}
	a := h.post("/api/v1/activity", body)
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "2" {
		t.Errorf("12 more: %d, Retry-After %q, want 429 and 2 s", a.status, a.header.Get("Retry-After"))
	}
	if h.activity != 12 {
		t.Errorf("%d items were taken, want the first 12 alone", h.activity)
	}
	if a := h.post("/api/v1/activity", body, operatorHeader, "s3cret"); a.status != http.StatusAccepted {
		t.Errorf("the operator's own command: %d", a.status)
	}
	if a := h.post("/api/v1/activity", body, operatorHeader, "guess"); a.status != http.StatusTooManyRequests {
		t.Errorf("a guessed secret: %d", a.status)
	}
	hold = hold.Add(2 * time.Second)
	if a := h.post("/api/v1/activity", body); a.status != http.StatusAccepted {
		t.Errorf("after the wait that was told: %d", a.status)
	}
}

func TestAWebProcessPassesWritesOn(t *testing.T) {
	ingest := open(t, nil)
	web := open(t, func(c *Config) { c.Intake, c.IngestURL = nil, ingest.url })
	a := web.post("/api/v1/mentions", `[{"title":"a"},{}]`)
	if a.status != http.StatusAccepted || a.json(t)["accepted"] != 1.0 || len(ingest.mention) != 1 {
		t.Errorf("%d %s; the other process has %d", a.status, a.body, len(ingest.mention))
	}
	if n := len(a.header.Values("Content-Security-Policy")); n != 1 {
		t.Errorf("%d content policies", n)
	}
	if a := web.ask(http.MethodDelete, "/api/v1/mentions/m1", ""); a.status != http.StatusNoContent || len(ingest.mention) != 0 {
		t.Errorf("withdraw: %d", a.status)
	}
	if err := ingest.stop(); err != nil {
		t.Fatal(err)
	}
	if a := web.post("/api/v1/mentions", `{"title":"a"}`); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("once it is gone: %d %s", a.status, a.body)
	}
	alone := open(t, func(c *Config) { c.Intake = nil })
	if a := alone.post("/api/v1/mentions", `{"title":"a"}`); a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "ingest_url") {
		t.Errorf("without ingest_url: %d %s", a.status, a.body)
	}
}
