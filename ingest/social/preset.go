package social

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"agora/mood"
)

// Preset is a kind of source: what it needs in agora.yaml, how gently its
// service is asked, and how it is opened. The rows are in presets.
type Preset struct {
	Name        string
	Also        []string // other names that people may look for it under
	About       string   // one line for people
	Params      []Param
	URL         string        // of the service; empty: the operator names it
	Live        bool          // it listens; else it asks in rounds
	Chatty      bool          // something always comes within its silence, so a line without it is a dead one
	Every       time.Duration // between two rounds
	Gap         time.Duration // between two requests to its host
	strict      bool          // the service refuses who is quicker
	listensWith bool          // it listens once it has a token
	Notes       []string      // what the operator should know; a sentence each

	open   func(Spec) (Source, error) // nil: it waits for what is pushed
	expand func(p *Preset, params Params) ([]Spec, error)
}

// Param is a key of agora.yaml that a preset reads.
type Param struct {
	Key      string
	Optional bool
	Example  string
	Single   bool // one value; else a list
}

// Params fill a preset in.
type Params struct {
	Brands   []mood.Brand                // all that are watched, unless the entry names some
	Some     bool                        // it names them
	Searches func(mood.Brand) [][]string // what a search engine is asked for a brand
	Values   map[string][]string         // of all other keys
	Fields   map[string]string           // of the key fields
	Token    string                      // of token or secret
	Every    time.Duration               // 0: the preset's own
	Silence  time.Duration               // 0: the preset's own
}

// Presets lists them by name.
func Presets() []Preset { return presets() }

func presetOf(name string) (*Preset, bool) {
	for _, p := range presets() {
		if p.Name == name || slices.Contains(p.Also, name) {
			return &p, true
		}
	}
	return nil, false
}

// Keys are the keys of agora.yaml that the preset reads.
func (p *Preset) Keys() []string {
	keys := make([]string, len(p.Params))
	for i, param := range p.Params {
		keys[i] = param.Key
	}
	return keys
}

// Needs are those of its keys that must have a value. Brands are all that are
// watched where none are named.
func (p *Preset) Needs() []string {
	var keys []string
	for _, param := range p.Params {
		if !param.Optional {
			keys = append(keys, param.Key)
		}
	}
	return keys
}

// Example is an entry of agora.yaml that uses the preset.
func (p *Preset) Example() string {
	var b strings.Builder
	fmt.Fprintf(&b, "- preset: %s\n", p.Name)
	for _, param := range p.Params {
		switch {
		case param.Optional && !(param.Key == "fields"):
		case param.Key == "fields" || param.Single:
			fmt.Fprintf(&b, "  %s: %s\n", param.Key, param.Example)
		default:
			value := param.Example
			if strings.ContainsAny(value, ":#!@") {
				value = "'" + value + "'"
			}
			fmt.Fprintf(&b, "  %s: [%s]\n", param.Key, value)
		}
	}
	return b.String()
}

// live says whether a source listens. With a token, Mastodon does.
func (p *Preset) live(s Spec) bool { return p.Live || p.listensWith && s.Token != "" }

func (p *Preset) etiquette() etiquette { return etiquette{gap: p.Gap, strict: p.strict} }

// Expand makes the sources of a preset. Their ids are stable: the same
// parameters give the same ids. Errors quote the value that is wrong.
func Expand(name string, params Params) ([]Spec, error) {
	p, ok := presetOf(name)
	if !ok {
		return nil, fmt.Errorf("there is no preset %q", name)
	}
	for _, need := range p.Needs() {
		missing := len(params.Values[need]) == 0
		switch need {
		case "brands":
			missing = len(params.Brands) == 0
		case "secret":
			missing = params.Token == ""
		}
		if missing {
			return nil, fmt.Errorf("preset %s needs %q: %s", p.Name, need, p.About)
		}
	}
	specs, err := p.expand(p, params)
	if err != nil {
		return nil, fmt.Errorf("preset %s: %w", p.Name, err)
	}
	for i := range specs {
		s := &specs[i]
		s.Kind, s.Every = p.Name, params.Every
		if s.Token == "" {
			s.Token = params.Token
		}
		if s.Silence = params.Silence; s.Silence == 0 {
			s.Silence = usualSilence
			if p.Name == "sse" || p.Name == "ndjson" {
				s.Silence = longSilence
			}
		}
		if p.open != nil {
			if _, err := p.open(*s); err != nil {
				return nil, fmt.Errorf("preset %s: %w", p.Name, err)
			}
		}
	}
	return specs, nil
}

// How long nothing may come on a line before it is taken for dead: services
// that send something every few seconds, and those of which nothing is known.
const (
	usualSilence = time.Minute
	longSilence  = 10 * time.Minute
)

// about says what a cursor is about: with another, it starts anew.
func (p *Preset) about(s Spec) string {
	switch p.Name {
	case "bluesky", "wikipedia": // they go by the clock of the service, wherever that is
		return p.Name
	}
	parts := []string{p.Name, s.URL, s.Tag, s.Project, s.Article}
	for _, words := range s.Searches {
		parts = append(parts, strings.Join(words, " "))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// one gives the value of a key that has one at most.
func (p Params) one(key string) string {
	if v := p.Values[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// watch are the ids of the brands that an entry names.
func (p Params) watch() []string {
	if !p.Some {
		return nil
	}
	ids := make([]string, len(p.Brands))
	for i, b := range p.Brands {
		ids[i] = b.ID
	}
	return ids
}

// whole makes the one source of a preset.
func (p *Preset) whole(params Params, name string) (Spec, error) {
	s := Spec{Watch: params.watch()}
	s.URL, s.ID, s.Name = params.one("url"), params.one("id"), params.one("name")
	if s.URL == "" {
		s.URL = p.URL
	}
	if s.URL = address(s.URL, p.URL); s.ID == "" {
		if s.ID = p.Name; s.URL != p.URL {
			s.ID += "-" + hostSlug(s.URL) + "-" + shortHash(s.URL)
		}
	}
	if s.Name == "" {
		s.Name = name
	}
	if u, err := url.Parse(s.URL); err == nil {
		s.Secret = u.RawQuery != "" && s.URL != p.URL || u.User != nil // who knows what is in it
	}
	var err error
	if s.Languages, err = readLanguages(params.Values["languages"]); err != nil {
		return s, err
	}
	return s, nil
}

func readLanguages(given []string) ([]string, error) {
	var list []string
	for _, l := range given {
		code := primary(l)
		if code == "" {
			return nil, fmt.Errorf("language %q is no code, such as en or fi", l)
		}
		list = append(list, code)
	}
	return list, nil
}

// instance reads the address of an instance: a host, or a whole address. A bare
// address of this machine is asked without TLS, which nobody has there.
func instance(s string) (*url.URL, error) {
	given := s
	if !strings.Contains(s, "://") {
		scheme := "https://"
		if u, err := url.Parse("//" + s); err == nil {
			if addr, err := netip.ParseAddr(u.Hostname()); err == nil && addr.IsLoopback() || u.Hostname() == "localhost" {
				scheme = "http://"
			}
		}
		s = scheme + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil ||
		strings.ContainsAny(u.Host, " @") || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, fmt.Errorf("instance %q is no host name, such as mastodon.social", given)
	}
	u.Path = ""
	return u, nil
}

func hostSlug(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "stream"
	}
	return mood.Slug(u.Hostname())
}

// shortHash tells addresses apart without giving them away.
func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:4])
}

var errNoTerms = errors.New("nothing in the query can be searched for: name a word or a phrase in it")
