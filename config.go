package main

import (
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"time"

	"agora/ingest"
	"agora/ingest/mqtt"
	"agora/ingest/social"
	"agora/mood"
)

// defaultFile is read when no other configuration is named.
const defaultFile = "agora.yaml"

// exampleFile is the configuration that Agora starts with when there is no
// agora.yaml, and the one to copy from.
//
//go:embed agora.example.yaml
var exampleFile []byte

// Roles of a process.
const (
	roleAll    = "all"
	roleIngest = "ingest"
	roleWeb    = "web"
)

// Config is everything that the operator decides, checked, with the defaults
// filled in. It is read once, at the edge, and handed on in pieces.
type Config struct {
	File           string            // where it was read; empty: the built-in example
	print          [sha256.Size]byte // of the file's text; zeros: there was none
	Role           string            // all, ingest or web
	Listen         string            // host:port
	Data           string            // folder
	Redis          []string
	RedisWait      RedisWait
	Location       *time.Location
	Contact        string
	Open           bool           // reading needs no login
	PublicURL      string         // as people reach it, without a trailing slash; empty: not said
	IngestURL      string         // where a web-only process sends what writes; others leave it alone
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Brands         []mood.Brand
	Sources        []mood.Source // feeds
	Live           []social.Spec // sources that are no feeds
	Brokers        []mqtt.Broker // sources that speak MQTT
	Fetch          Fetch
	Limits         Limits
	Retain         Retain
	Activity       ingest.Deeds // in force without a restart
	Walls          []mood.Wall
	Sentiment      Sentiment
	Fonts          [][]byte // for pictures, beside Agora's own
	Mail           Mail     // how reports leave
	Reports        []Report // in force without a restart
	Embed          []string // origins that may show charts in a frame, or "*" for anybody; empty: nobody

	Cities ingest.Cities // where activity may be counted; the file says nothing of it; nil: none is known

	AdminToken Secret // empty: none was configured
}

// Fetch says how politely feeds are polled.
type Fetch struct {
	Floor time.Duration // no feed is polled more often
	Allow []netip.Prefix
	Hosts map[string]Manners // by host name or address
}

// Manners are the limits of one host.
type Manners struct {
	Parallel int           // requests at a time
	Gap      time.Duration // between the beginnings of two requests
}

// Limits bound what others may ask of the server.
type Limits struct {
	PushPerSecond     int
	Streams           int
	PicturesPerMinute int
	Journal           int64 // bytes of the journal
	Texts             int64 // bytes of the texts that queries are tried on; 0: none are kept
}

// Retain says how long things are kept.
type Retain struct {
	Journal  time.Duration // what was counted from the journal, to count it again when a Redis loses it
	Mentions time.Duration // texts; counters outlive them
	Texts    time.Duration // all that came in, named or not, for queries to be tried on
	Days     time.Duration // counts by the day
	Activity time.Duration // what devices did, however finely
	Rows     time.Duration // counts by the day of outlets, sources, languages, countries and topics
}

// Sentiment says who judges how texts feel.
type Sentiment struct {
	Engine  string // builtin, huggingface, tei, openai or onnx
	URL     string // of an engine behind HTTP
	Model   string // openai: its name; onnx: its folder
	Token   Secret // empty: none
	Timeout time.Duration
	Batch   int                   // the most texts of one question
	Labels  map[string]mood.Label // what the model's own labels mean
	Pairs   bool                  // the model takes pairs of text and target
	Library string                // onnx: the shared library; empty: where the system looks
	Rules   []mood.PhraseRule     // in force without a restart
}

// Secret is a text that never reaches a log.
type Secret string

// LogValue hides it.
func (Secret) LogValue() slog.Value { return slog.StringValue("(hidden)") }

// String hides it.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(hidden)"
}

// origin says where a configuration comes from: a file, variables of the
// environment, and the flags of the command line, each outranking the one
// before.
type origin struct {
	file   string // as given by --config or AGORA_CONFIG; empty: agora.yaml, if there is one
	getenv func(string) string
	flags  settings
}

// settings are the values that a flag or a variable may give. An empty one
// says nothing.
type settings struct {
	listen, data, redis, role string
}

// path is the file to read, and whether it was asked for by name.
func (o origin) path() (path string, named bool) {
	if o.file != "" {
		return o.file, true
	}
	if f := o.getenv("AGORA_CONFIG"); f != "" {
		return f, true
	}
	return defaultFile, false
}

// load reads and checks a configuration. Its error may be [Problems], which
// lists all that is wrong with the file.
func (o origin) load() (*Config, error) {
	path, named := o.path()
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist) && !named:
		path, text = "", exampleFile
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read the configuration: there is no file %s: name another with --config, or leave it out to start with the built-in example", path)
	default:
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	shown := path
	if shown == "" {
		shown = "the built-in example"
	}
	cfg, problems := readConfig(shown, text)
	if cfg.File = path; path != "" {
		cfg.print = sha256.Sum256(text)
	}
	problems = append(problems, o.overlay(cfg)...)
	problems = append(problems, cfg.check()...)
	if len(problems) > 0 {
		return nil, problems
	}
	return cfg, nil
}

// check looks at what only the whole can tell.
func (c *Config) check() Problems {
	var wrong Problems
	if c.Role != roleAll && len(c.Redis) == 0 {
		wrong = append(wrong, Problem{
			Place:   "--role " + c.Role,
			Message: "two processes meet in Redis, and no Redis is configured: the embedded store serves one process only",
			Hint:    "give --redis redis://host:6379, or use --role all",
		})
	}
	if c.RedisWait.Replicas > 0 && len(c.Redis) == 0 {
		wrong = append(wrong, Problem{
			Place:   "redis_wait",
			Message: "the embedded store has no replicas to wait for",
			Hint:    "name a Redis with replicas under redis:, or leave redis_wait out",
		})
	}
	return append(wrong, c.Mail.check()...)
}
