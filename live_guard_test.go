package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"agora/ingest/social"
	"agora/mood"
)

// Every preset dials through the guard: what is inside the house isn't asked
// unless the operator lets it be.
func TestNoLiveSourceIsLedInside(t *testing.T) {
	var asked atomic.Int64
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer inside.Close()
	outside := httptest.NewServer(http.RedirectHandler(strings.Replace(inside.URL, "127.0.0.1", "127.1.0.1", 1), http.StatusFound))
	defer outside.Close()
	config := func(at, allow string) *Config {
		cfg, err := (origin{file: writeFile(t, "agora.yaml", strings.ReplaceAll(fmt.Sprintf(`
brands: [{id: nokia, name: Nokia}]
fetch: {allow: [%s], hosts: {127.0.0.1: {gap: 0s}}}
sources:
  - {preset: bluesky, url: 'ws://AT'}
  - {preset: mastodon, instances: ['http://AT'], tags: [nokia]}
  - {preset: mastodon, instances: ['http://AT'], tags: [nokia2], token: sesame}
  - {preset: hacker-news, url: 'http://AT'}
  - {preset: gdelt, url: 'http://AT'}
  - {preset: wikipedia, url: 'http://AT'}
  - {preset: wikipedia-views, articles: [en.wikipedia.org/Nokia], url: 'http://AT'}
  - {preset: sse, url: 'http://AT/sse'}
  - {preset: ndjson, url: 'http://AT/ndjson'}
`, allow), "AT", strings.TrimPrefix(at, "http://"))), getenv: environment()}).load()
		must(t, err)
		return cfg
	}
	for what, cfg := range map[string]*Config{"inside": config(inside.URL, "10.0.0.0/8"), "redirected inside": config(outside.URL, "127.0.0.1/32")} {
		r, err := newRunner(aConsole(""), cfg, nobodyLive{}, func(string, string) []string { return nil }, nil, nowhere{}, nil)
		must(t, err)
		for _, spec := range cfg.Live {
			got := r.Try(t.Context(), spec)
			if got.Health.State != mood.SourceFailing || got.Health.Trouble != mood.TroubleForbidden || !strings.Contains(got.Error, "fetch.allow") {
				t.Errorf("%s: %s: %s, %s: %s", what, spec.ID, got.Health.State, got.Health.Trouble, got.Error)
			}
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("what is inside was asked %d times", n)
	}
}

// What an address of the YAML looks like in braces isn't the operator's concern.
func TestHostsWithPortsAreReadInWhateverForm(t *testing.T) {
	for _, text := range []string{
		"- {preset: mastodon, instances: [127.0.0.1:3000], tags: [nokia]}", "- {preset: mastodon, tags: [nokia], instances: [http://127.0.0.1:3000]}",
		"- {preset: mastodon, tags: [nokia], instances: [a.example, 127.0.0.1:3000, b.example]}", "- {preset: mastodon, instances: 127.0.0.1:3000, tags: nokia}",
		"- preset: mastodon\n    instances: [127.0.0.1:3000]\n    tags: [nokia]", "- preset: mastodon\n    instances:\n      - 127.0.0.1:3000\n    tags: [nokia]",
	} {
		cfg, problems := readConfig("agora.yaml", []byte("brands: [{name: Nokia}]\nsources:\n  "+text+"\n"))
		found := false
		var ids []string
		for _, s := range cfg.Live {
			ids = append(ids, s.URL)
			found = found || s.URL == "http://127.0.0.1:3000/tags/nokia"
		}
		if len(problems) > 0 || !found {
			t.Errorf("%s: %q, %v", text, ids, problems)
		}
	}
}

// A secret of the configuration is neither told nor logged, and may come from
// elsewhere.
func TestTheTokenOfMastodonMayComeFromTheEnvironment(t *testing.T) {
	file := writeFile(t, "agora.yaml", "brands: [{name: Nokia}]\nsources:\n  - {preset: mastodon, instances: [m.example], tags: [a]}\n  - {preset: mastodon, instances: [m.example], tags: [b], token: its-own}\n")
	secret := writeFile(t, "token", "from-a-file\n")
	cfg, err := (origin{file: file, getenv: environment("AGORA_MASTODON_TOKEN_FILE", secret)}).load()
	must(t, err)
	tokens := map[string]string{}
	for _, s := range cfg.Live {
		tokens[s.Tag] = s.Token
	}
	if tokens["a"] != "from-a-file" || tokens["b"] != "its-own" {
		t.Errorf("%v", tokens)
	}
	if _, err := social.Expand("mastodon", social.Params{}); err == nil {
		t.Error("a preset without its needs was taken")
	}
}
