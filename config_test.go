package main

import (
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/ingest"
	"agora/mood"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Every file in testdata/config/bad is wrong in its own way; the golden file
// beside it is what the operator reads.
func TestWhatIsWrongWithAConfigurationIsSaidWithPlaceAndRemedy(t *testing.T) {
	files, err := filepath.Glob("testdata/config/bad/*.yaml")
	if err != nil || len(files) < 20 {
		t.Fatalf("found %d bad configurations (%v), expected more", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, problems := readConfig("agora.yaml", text)
			got := problems.Error() + "\n"
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("said:\n%s\nexpected:\n%s", got, want)
			}
			if len(problems) == 0 {
				t.Error("nothing was found wrong")
			}
			for _, p := range problems {
				if p.Line == 0 || p.Column == 0 {
					t.Errorf("%q has no line or column", p.Error())
				}
			}
		})
	}
}

func TestTheExampleConfigurationIsGood(t *testing.T) {
	cfg, problems := readConfig("agora.example.yaml", exampleFile)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if len(cfg.Brands) != 3 || cfg.Brands[0].ID != "nokia" {
		t.Errorf("it watches %v, not Nokia and two competitors", cfg.Brands)
	}
	feeds, presets := 0, 0
	for _, s := range cfg.Sources {
		if s.Kind != "feed" {
			presets++
			continue
		}
		feeds++
		if s.Country == "" || s.Language == "" {
			t.Errorf("%s has no country or no language", s.Name)
		}
	}
	if feeds < 12 || presets < 3 {
		t.Errorf("it has %d feeds and %d sources of presets, expected a dozen and one for each brand", feeds, presets)
	}
}

func TestEveryKeyOfAConfigurationCounts(t *testing.T) {
	cfg, problems := readConfig("agora.yaml", []byte(`
listen: 0.0.0.0:9000
data: /var/lib/agora
redis: [redis://a:6379, 'rediss://user:secret@b:6380']
redis_wait: {replicas: 1, timeout: 250ms}
timezone: Europe/Helsinki
contact: ops@example.com
read: open
public_url: https://agora.example.com/
trusted_proxies: [10.0.0.1]
brands:
  - id: nokia
    name: Nokia
    query: 'Nokia OR "Bell Labs"'
    color: '#005AFF'
  - name: Häagen Dazs
    id: haagen
  - &e {id: ericsson, name: Ericsson}
sources:
  - feed: https://feeds.bbci.co.uk/news/technology/rss.xml
    name: BBC Technology
    country: gb
    language: en-GB
    every: 15m
  - feed: http://127.0.0.1:8000/x.xml
    id: mine
    every: 100ms
fetch:
  floor: 1h30m
  allow: [127.0.0.0/8, 10.1.2.3, 'fd00::/8']
  hosts:
    127.0.0.1: {parallel: 32, gap: 0s}
    Example.COM: {gap: 5s}
limits: {push_per_second: 50, streams: 10, pictures_per_minute: 6, journal: 1.5GiB, texts: 64MiB}
retain: {mentions: 2d, journal: 3d, texts: 4d, days: 400d, rows: 200d, activity: 30d}
activity:
  strict: true
  kinds: [{id: activation, name: Activations, unit: devices, color: "#0E9F8E"}, {id: check-in}]
sentiment:
  engine: openai
  url: http://127.0.0.1:8081/v1
  model: qwen2.5
  token: sk-1
  timeout: 3s
  batch: 8
  rules:
    - {phrase: ' War Zone ', label: neutral, brands: [nokia]}
    - {phrase: blazing fast, label: positive}
walls:
  - id: lobby
    brands: [ericsson, nokia]
    window: 7d
    scenes: [{show: map, for: 15s}, {show: brands}]
    quiet: '20:00-06:30'
    motion: reduced
`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	check := func(what string, ok bool) {
		t.Helper()
		if !ok {
			t.Errorf("%s was not read: %+v", what, cfg)
		}
	}
	check("listen", cfg.Listen == "0.0.0.0:9000")
	check("data", cfg.Data == "/var/lib/agora")
	check("redis", slices.Equal(cfg.Redis, []string{"redis://a:6379", "rediss://user:secret@b:6380"}))
	check("redis_wait", cfg.RedisWait == RedisWait{Replicas: 1, Timeout: 250 * time.Millisecond})
	check("timezone", cfg.Location.String() == "Europe/Helsinki")
	check("contact", cfg.Contact == "ops@example.com")
	check("read", cfg.Open)
	check("public_url", cfg.PublicURL == "https://agora.example.com")
	check("trusted_proxies", slices.Equal(cfg.TrustedProxies, []netip.Prefix{netip.MustParsePrefix("10.0.0.1/32")}))
	check("brands", len(cfg.Brands) == 3 && cfg.Brands[1].ID == "haagen" && cfg.Brands[2].Name == "Ericsson")
	check("a brand's default query", cfg.Brands[1].Query == `"Häagen Dazs"`)
	check("a brand's default colour", cfg.Brands[1].Color != "" && cfg.Brands[1].Color != cfg.Brands[2].Color)
	bbc := cfg.Sources[0]
	check("a source", bbc.Name == "BBC Technology" && bbc.Country == "GB" && bbc.Language == "en" && bbc.Every == 15*time.Minute)
	check("a source's id", strings.HasPrefix(bbc.ID, "feeds-bbci-co-uk-") && cfg.Sources[1].ID == "mine")
	check("a source's default name", cfg.Sources[1].Name != "")
	check("every", cfg.Sources[1].Every == 100*time.Millisecond)
	check("floor", cfg.Fetch.Floor == 90*time.Minute)
	check("allow", len(cfg.Fetch.Allow) == 3 && cfg.Fetch.Allow[1].String() == "10.1.2.3/32")
	check("hosts", cfg.Fetch.Hosts["127.0.0.1"] == Manners{32, 0} && cfg.Fetch.Hosts["example.com"] == Manners{1, 5 * time.Second})
	check("limits", cfg.Limits == Limits{50, 10, 6, 3 << 29, 64 << 20})
	check("retain", cfg.Retain == Retain{Mentions: 48 * time.Hour, Journal: 72 * time.Hour, Texts: 96 * time.Hour, Days: 400 * 24 * time.Hour, Rows: 200 * 24 * time.Hour, Activity: 30 * 24 * time.Hour})
	check("activity", reflect.DeepEqual(cfg.Activity, ingest.Deeds{Strict: true, Kinds: []mood.ActivityKind{
		{ID: "activation", Name: "Activations", Unit: "devices", Color: "#0E9F8E"}, {ID: "check-in", Name: "check-in"},
	}}))
	engine := cfg.Sentiment
	check("sentiment", engine.Engine == "openai" && engine.URL == "http://127.0.0.1:8081/v1" && engine.Model == "qwen2.5" &&
		engine.Token == "sk-1" && engine.Timeout == 3*time.Second && engine.Batch == 8)
	check("sentiment.rules", reflect.DeepEqual(engine.Rules, []mood.PhraseRule{
		{Phrase: "War Zone", Label: mood.Neutral, Brands: []string{"nokia"}}, {Phrase: "blazing fast", Label: mood.Positive},
	}))
	wall := cfg.Walls[0]
	check("walls", wall.ID == "lobby" && slices.Equal(wall.Brands, []string{"ericsson", "nokia"}) && wall.Window == "7d" &&
		len(wall.Scenes) == 2 && wall.Scenes[0].Secs == 15 && wall.Scenes[1].For == 20*time.Second &&
		wall.Quiet == "20:00-06:30" && wall.Motion == "reduced")
}

func TestWithoutWallsThereIsOneOfEveryBrand(t *testing.T) {
	cfg, problems := readConfig("agora.yaml", []byte("brands: [{name: Nokia}, {name: Ericsson}]"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if len(cfg.Walls) != 1 || len(cfg.Walls[0].Brands) != 2 || len(cfg.Walls[0].Scenes) != 4 {
		t.Errorf("walls: %+v", cfg.Walls)
	}
}

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func writeFile(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFlagOutranksAVariableAndAVariableTheFile(t *testing.T) {
	file := writeFile(t, "a.yaml", "listen: 127.0.0.1:1\ndata: from-file\ncontact: from-file\nbrands: [{name: Nokia}]")
	cfg, err := origin{
		file: file, flags: settings{listen: "127.0.0.1:3"},
		getenv: environment("AGORA_LISTEN", "127.0.0.1:2", "AGORA_DATA", "from-variable", "AGORA_TIMEZONE", "Asia/Tokyo"),
	}.load()
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Listen != "127.0.0.1:3" || cfg.Data != "from-variable" || cfg.Contact != "from-file" || cfg.Location.String() != "Asia/Tokyo" {
		t.Errorf("listen %s, data %s, contact %s, timezone %s", cfg.Listen, cfg.Data, cfg.Contact, cfg.Location)
	}
}

func TestASecretMayComeFromAFileAndIsNeverPrinted(t *testing.T) {
	secret := writeFile(t, "token", "  correct horse battery staple\n")
	file := writeFile(t, "a.yaml", "brands: [{name: Nokia}]")
	cfg, err := origin{file: file, getenv: environment("AGORA_ADMIN_TOKEN_FILE", secret)}.load()
	if err != nil {
		t.Fatal(err)
	}
	if string(cfg.AdminToken) != "correct horse battery staple" {
		t.Error("the token was not read")
	}
	var log strings.Builder
	newLog(&log, "json", "info").Info("x", "token", cfg.AdminToken)
	if s := log.String() + cfg.AdminToken.String(); strings.Contains(s, "horse") {
		t.Errorf("the token was printed: %s", s)
	}
}

func TestWhatAVariableSaysWronglyIsNamedByTheVariable(t *testing.T) {
	file := writeFile(t, "a.yaml", "brands: [{name: Nokia}]")
	for name, value := range map[string]string{
		"AGORA_LISTEN": "8080", "AGORA_REDIS": "localhost:6379", "AGORA_TIMEZONE": "Europe/Helsinky", "AGORA_ROLE": "both",
		"AGORA_READ": "yes", "AGORA_PUBLIC_URL": "agora.example.com", "AGORA_ADMIN_TOKEN": "secret",
		"AGORA_ADMIN_TOKEN_FILE": "/nowhere/token", "AGORA_SENTIMENT_TOKEN": "two words",
	} {
		_, err := origin{file: file, getenv: environment(name, value)}.load()
		if err == nil || !strings.Contains(err.Error(), name+": ") {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}

func TestARoleOfItsOwnNeedsARedis(t *testing.T) {
	file := writeFile(t, "a.yaml", "brands: [{name: Nokia}]")
	_, err := origin{file: file, getenv: environment(), flags: settings{role: "web"}}.load()
	if err == nil || !strings.Contains(err.Error(), "Redis") {
		t.Errorf("it said: %v", err)
	}
	_, err = origin{file: file, getenv: environment("AGORA_REDIS", "redis://x:1"), flags: settings{role: "web"}}.load()
	if err != nil {
		t.Error(err)
	}
}

func TestSentinelsHaveCommasInTheirAddress(t *testing.T) {
	const sentinels = "redis+sentinel://:secret@a:26379,b,c:1/main/2?sentinel_password=x"
	file := writeFile(t, "a.yaml", "brands: [{name: Nokia}]\nredis_wait: {replicas: 2}")
	for _, o := range []origin{
		{file: file, getenv: environment("AGORA_REDIS", sentinels)},
		{file: file, getenv: environment(), flags: settings{redis: sentinels}},
		{file: writeFile(t, "b.yaml", "brands: [{name: Nokia}]\nredis: "+sentinels), getenv: environment()},
	} {
		cfg, err := o.load()
		if err != nil || !slices.Equal(cfg.Redis, []string{sentinels}) {
			t.Errorf("%+v, %v", cfg, err)
		}
	}
	cfg, err := origin{file: file, getenv: environment("AGORA_REDIS", "redis://a:1, redis://b:2")}.load()
	if err != nil || len(cfg.Redis) != 2 || cfg.RedisWait.Replicas != 2 || cfg.RedisWait.Timeout != 500*time.Millisecond {
		t.Errorf("%+v, %v", cfg, err)
	}
	for value, part := range map[string]string{
		"redis+sentinel://a,b":                   "which master",
		"redis+sentinel://a,b/main,redis://c":    "no part of a list",
		"redis+sentinel://a/main?sentinel_usr=x": `did you mean "sentinel_user"`,
	} {
		if _, err := (origin{file: file, getenv: environment("AGORA_REDIS", value)}).load(); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v, want it to speak of %q", value, err, part)
		}
	}
	if _, err := (origin{file: file, getenv: environment()}).load(); err == nil || !strings.Contains(err.Error(), "redis_wait: the embedded store") {
		t.Errorf("without a Redis: %v", err)
	}
}

func TestLengthsOfTime(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"100ms": 100 * time.Millisecond, "0s": 0, "0": 0, "15m": 15 * time.Minute, "1h30m": 90 * time.Minute,
		"7d": 168 * time.Hour, "2w": 336 * time.Hour, "1.5h": 90 * time.Minute, "1d12h": 36 * time.Hour,
	} {
		if got, err := parseDuration(text); err != nil || got != want {
			t.Errorf("%s is %v (%v), expected %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "15", "m", "15 m", "-5m", "5x", "1m5", "99999999w", "1..5h"} {
		if got, err := parseDuration(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestTheNearestNameIsTheOneWithTheFewestSlips(t *testing.T) {
	names := []string{"listen", "data", "redis", "timezone", "brands", "sources"}
	for written, want := range map[string]string{
		"lisen": "listen", "brnads": "brands", "Time_zone": "timezone", "source": "sources", "xyzzyx": "", "a": "",
	} {
		if got := nearest(written, names); got != want {
			t.Errorf("nearest to %q is %q, expected %q", written, got, want)
		}
	}
}

func FuzzAConfigurationIsReadOrRefusedButNeverPanics(f *testing.F) {
	files, _ := filepath.Glob("testdata/config/bad/*.yaml")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add(exampleFile)
	f.Fuzz(func(t *testing.T, text []byte) {
		cfg, problems := readConfig("agora.yaml", text)
		if len(problems) == 0 && len(cfg.Brands) == 0 {
			t.Error("a configuration without brands was taken")
		}
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 {
				t.Errorf("no place: %v", p)
			}
		}
	})
}

func TestWithoutAFileTheExampleIsInForceUnlessAFileWasAskedFor(t *testing.T) {
	t.Chdir(t.TempDir())
	cfg, err := origin{getenv: environment()}.load()
	if err != nil || cfg.File != "" || len(cfg.Brands) != 3 {
		t.Errorf("%v, %+v", err, cfg)
	}
	if _, err := (origin{getenv: environment("AGORA_CONFIG", defaultFile)}).load(); err == nil {
		t.Error("a missing file that was asked for by name went unnoticed")
	}
}
