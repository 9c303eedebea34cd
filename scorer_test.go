package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"agora/mood"
)

// standIn is a built-in engine that calls everything negative, and takes
// rules unless one has no phrase.
type standIn struct{ rules []mood.PhraseRule }

func (s *standIn) Score(_ context.Context, asks []mood.Ask) ([]mood.Reading, error) {
	readings := make([]mood.Reading, len(asks))
	for i := range readings {
		readings[i].Label = mood.Negative
	}
	return readings, nil
}

func (s *standIn) SetRules(rules []mood.PhraseRule) error {
	for _, r := range rules {
		if r.Phrase == "" {
			return errors.New("no phrase")
		}
	}
	s.rules = rules
	return nil
}

func quietConsole(log *strings.Builder) *console {
	return &console{now: time.Now, log: slog.New(slog.NewTextHandler(log, nil))}
}

func TestTheBuiltInEngineStandsInForOneThatFailsAndThisIsMeasured(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer hf_token" {
			t.Error("the token was not sent")
		}
		w.WriteHeader(status)
		w.Write([]byte(`[[{"label":"positive","score":0.9}]]`)) //nolint:errcheck // the client is there
	}))
	defer server.Close()
	log := &strings.Builder{}
	registry := prometheus.NewRegistry()
	meter := newMeter(registry)
	cfg := &Config{Sentiment: Sentiment{Engine: "huggingface", URL: server.URL, Token: "hf_token", Timeout: time.Minute, Batch: 8}}
	s, err := newScorer(quietConsole(log), cfg, &standIn{}, meter)
	must(t, err)
	defer func() { must(t, s.close()) }()
	read := func() mood.Label {
		readings, err := s.Score(t.Context(), []mood.Ask{{Text: "Nokia", Target: "Nokia"}})
		must(t, err)
		return readings[0].Label
	}
	if got := read(); got != mood.Positive {
		t.Errorf("the engine's reading is %v", got)
	}
	if status = http.StatusUnauthorized; read() != mood.Negative {
		t.Error("the built-in engine didn't stand in")
	}
	measured := map[string]float64{}
	families, err := registry.Gather()
	must(t, err)
	for _, f := range families {
		for _, m := range f.Metric {
			name := f.GetName()
			for _, l := range m.Label {
				name += " " + l.GetValue()
			}
			measured[name] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	for name, want := range map[string]float64{
		"agora_sentiment_engine_away": 1, "agora_sentiment_readings_total engine": 1, "agora_sentiment_readings_total fallback": 1,
	} {
		if got, ok := measured[name]; !ok || got != want {
			t.Errorf("%s is %v, %v", name, got, ok)
		}
	}
	if said := log.String(); !strings.Contains(said, "check sentiment.token") || strings.Contains(said, "hf_token") {
		t.Errorf("logged: %s", said)
	}
}

func TestRulesReachTheBuiltInEngineWhoeverJudges(t *testing.T) {
	for _, name := range []string{engineBuiltin, "tei"} {
		builtin := &standIn{}
		cfg := &Config{Sentiment: Sentiment{
			Engine: name, URL: "http://127.0.0.1:1", Timeout: time.Second, Batch: 1,
			Rules: []mood.PhraseRule{{Phrase: "War Zone"}},
		}}
		s, err := newScorer(quietConsole(&strings.Builder{}), cfg, builtin, nil)
		must(t, err)
		if len(builtin.rules) != 1 {
			t.Errorf("%s: at start: %v", name, builtin.rules)
		}
		must(t, s.SetRules([]mood.PhraseRule{{Phrase: "a"}, {Phrase: "b"}}))
		if len(builtin.rules) != 2 {
			t.Errorf("%s: after a reload: %v", name, builtin.rules)
		}
		if err := s.SetRules([]mood.PhraseRule{{}}); err == nil || len(builtin.rules) != 2 {
			t.Errorf("%s: a bad rule is in force: %v", name, builtin.rules)
		}
		must(t, s.close())
	}
}

func TestAnEngineThatCannotBeOpenedStopsTheStart(t *testing.T) {
	cfg := &Config{Sentiment: Sentiment{Engine: engineONNX, Model: t.TempDir(), Batch: 1}}
	if _, err := newScorer(quietConsole(&strings.Builder{}), cfg, &standIn{}, nil); err == nil || !strings.Contains(err.Error(), "ONNX") {
		t.Errorf("got: %v", err)
	}
}

func TestAnotherEngineNeedsARestartAndOtherRulesDoNot(t *testing.T) {
	read := func(sentiment string) *Config {
		cfg, problems := readConfig("agora.yaml", []byte("brands: [{name: Nokia}]\nsentiment: "+sentiment))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		return cfg
	}
	before := read("{engine: tei, url: 'http://a', token: x}")
	for sentiment, want := range map[string]string{
		"{engine: tei, url: 'http://a', token: x, rules: [{phrase: War Zone, label: neutral}]}": "",
		"{engine: huggingface, url: 'http://a', token: x}":                                      "sentiment",
		"{engine: tei, url: 'http://b', token: x}":                                              "sentiment",
		"{engine: tei, url: 'http://a', token: y}":                                              "sentiment",
		"{engine: tei, url: 'http://a', token: x, timeout: 1s}":                                 "sentiment",
		"{engine: tei, url: 'http://a', token: x, batch: 1}":                                    "sentiment",
		"{engine: tei, url: 'http://a', token: x, pairs: true}":                                 "sentiment",
		"{engine: tei, url: 'http://a', token: x, labels: {a: neutral}}":                        "sentiment",
	} {
		if got := strings.Join(needRestart(before, read(sentiment)), " "); got != want {
			t.Errorf("%s: %q needs a restart", sentiment, got)
		}
	}
}

func TestTheTokenOfAnEngineMayComeFromAFileOrAVariable(t *testing.T) {
	secret := writeFile(t, "token", " hf_token\n")
	const sentiment = "brands: [{name: Nokia}]\nsentiment: {engine: tei, url: 'http://a', %}"
	inFile := writeFile(t, "a.yaml", strings.Replace(sentiment, "%", "token_file: '"+secret+"'", 1))
	plain := writeFile(t, "b.yaml", strings.Replace(sentiment, "%", "token: other", 1))
	for _, o := range []origin{
		{file: inFile, getenv: environment()},
		{file: plain, getenv: environment("AGORA_SENTIMENT_TOKEN", "hf_token")},
		{file: plain, getenv: environment("AGORA_SENTIMENT_TOKEN_FILE", secret)},
	} {
		cfg, err := o.load()
		must(t, err)
		if string(cfg.Sentiment.Token) != "hf_token" || cfg.Sentiment.Token.String() != "(hidden)" {
			t.Errorf("%s: the token is %q", o.file, string(cfg.Sentiment.Token))
		}
	}
	device := writeFile(t, "c.yaml", strings.Replace(sentiment, "%", "token_file: /dev/zero", 1))
	if _, err := (origin{file: device, getenv: environment()}).load(); err == nil || !strings.Contains(err.Error(), "is no small file") {
		t.Errorf("a device: %v", err)
	}
}
