package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"agora/mood"
)

// TestAConfigurationThatIsRefusedLeavesEverythingAsItWas brings in new brands
// with one thing wrong each time, and looks at what is in force afterwards.
func TestAConfigurationThatIsRefusedLeavesEverythingAsItWas(t *testing.T) {
	cfg, err := (origin{file: writeFile(t, "agora.yaml", fmt.Sprintf(`
listen: 127.0.0.1:0
data: %s
brands: [{id: nokia, name: Nokia}]
sources: []
embed: {origins: [https://intranet.example.com]}
mail: {server: 'smtp://127.0.0.1:9', from: 'Agora <agora@example.com>'}
reports: [{id: weekly, brands: nokia, at: '@yearly', to: 'Boss <boss@example.com>'}]
`, filepath.Join(t.TempDir(), "data"))), getenv: environment()}).load()
	must(t, err)
	h, web := runHouse(t, cfg)
	ask := func(method, path, body string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, h.server.URL()+path, strings.NewReader(body))
		must(t, err)
		r.Header.Set("Content-Type", "application/json")
		answer, err := web.Do(r)
		must(t, err)
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		must(t, err)
		return answer.StatusCode, string(text)
	}
	n := 0
	// inForce tells which brands the pages know, a text is about, and what is
	// scheduled.
	inForce := func() string {
		t.Helper()
		n++
		var shown struct{ Brands []struct{ ID string } }
		_, text := ask(http.MethodGet, "/api/v1/brands", "")
		must(t, json.Unmarshal([]byte(text), &shown))
		var ids []string
		for _, b := range shown.Brands {
			ids = append(ids, b.ID)
		}
		status, text := ask(http.MethodPost, "/api/v1/mentions", fmt.Sprintf(`{"id":"i%d","title":"Acme wins %d","url":"https://news.example/%d","source":"wire"}`, n, n, n))
		if status != http.StatusAccepted {
			t.Fatalf("push: %d %s", status, text)
		}
		var took struct{ Accepted int }
		must(t, json.Unmarshal([]byte(text), &took))
		_, err := h.reports.cfg.report("daily")
		return fmt.Sprintf("shows %v, %d mentions of Acme, daily report %t", ids, took.Accepted, err == nil)
	}
	const before = "shows [nokia], 0 mentions of Acme, daily report false"
	if got := inForce(); got != before {
		t.Fatalf("it %s", got)
	}
	next := func(wrong func(*Config)) *Config {
		c := *cfg
		c.Brands = append(slices.Clone(cfg.Brands), mood.Brand{ID: "acme", Name: "Acme", Query: "Acme"})
		daily := cfg.Reports[0]
		daily.ID = "daily"
		c.Reports = append(slices.Clone(cfg.Reports), daily)
		wrong(&c)
		return &c
	}
	for what, wrong := range map[string]func(*Config){
		"origins": func(c *Config) { c.Embed = []string{"https://a.example; script-src *"} },
		"mail":    func(c *Config) { c.Mail.Server = "gopher://x" },
		"rules":   func(c *Config) { c.Sentiment.Rules = []mood.PhraseRule{{}} },
		"sources": func(c *Config) { c.Sources = []mood.Source{{ID: "x", URL: "gopher://x"}} },
		"brands":  func(c *Config) { c.Brands = append(c.Brands, mood.Brand{ID: "bad", Name: "Bad", Query: "(((("}) },
	} {
		if err := h.apply(t.Context(), next(wrong)); err == nil {
			t.Errorf("wrong %s are taken", what)
		}
		if got := inForce(); got != before {
			t.Errorf("after wrong %s it %s", what, got)
		}
	}
	must(t, h.apply(t.Context(), next(func(*Config) {})))
	if got, want := inForce(), "shows [nokia acme], 1 mentions of Acme, daily report true"; got != want {
		t.Errorf("afterwards it %s, want %s", got, want)
	}
}
