package feed

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"agora/mood"
)

// Preset is a family of feeds that need no key: how their addresses are made,
// what is known of their hosts, and how gently they are asked. The rows are in
// presets.
type Preset struct {
	Name  string
	About string // one line for people
	// Params are the keys of agora.yaml that it reads, in the order in which
	// they are shown.
	Params []Param
	Feeds  []Template    // what becomes of them
	Floor  time.Duration // no more often than this
	// Hosts are the manners that the service's hosts want, by registrable
	// domain. A host that isn't named is asked by the common rule: one request
	// at a time, a second apart.
	Hosts map[string]HostRule
	Notes []string // what the operator should know; a sentence each
	// Chaff is what the service adds to the text of every item, and nobody said.
	Chaff *regexp.Regexp
	// OwnBrands says that the items are about the brands of the entry whether
	// they name them or not, as the reviews of an app are.
	OwnBrands bool
}

// Param is a key of agora.yaml that a preset reads: a list of values.
type Param struct {
	Key      string
	Optional bool
	Example  string // of one value
	Trim     string // taken off the front of a value, such as # off a tag
	Lower    bool   // the service writes it in lower case
	// Valid says whether a value can be one; nil: all can. Wrong says what is
	// the matter with one that can't; %q in it is the value.
	Valid func(string) bool
	Wrong string
}

// Template makes a source for each combination of the values of the keys in
// Each, the first key being the outer loop. Its texts hold placeholders in
// braces; see values.
type Template struct {
	Each []string
	ID   string // made a slug, unless Exact
	Name string
	URL  string // after the first ? values are escaped as a query's, before as a path's

	Country, Language string
	Exact             bool   // ids of the service differ in case
	Secret            bool   // whoever knows the address sees what is the operator's own
	Unless            string // a key; with values for it there are none of these
}

// Params fill a preset in. Which of them are needed, the preset says.
type Params struct {
	Brands []mood.Brand        // searched for by the terms of their queries, or what the items are about
	Values map[string][]string // of all other keys, by their names in agora.yaml
	Every  time.Duration       // fixed interval; 0: the posting-rate model
}

// Presets lists them by name.
func Presets() []Preset { return presets }

// Keys are the keys of agora.yaml that the preset reads.
func (p Preset) Keys() []string {
	keys := make([]string, len(p.Params))
	for i, param := range p.Params {
		keys[i] = param.Key
	}
	return keys
}

// Needs are those of its keys that must have a value. Brands are all that are
// watched where none are named.
func (p Preset) Needs() []string {
	var keys []string
	for _, param := range p.Params {
		if !param.Optional {
			keys = append(keys, param.Key)
		}
	}
	return keys
}

// param finds a key's row.
func (p Preset) param(key string) Param {
	for _, param := range p.Params {
		if param.Key == key {
			return param
		}
	}
	return Param{Key: key}
}

// Example is an entry of agora.yaml that uses the preset.
func (p Preset) Example() string {
	var b strings.Builder
	fmt.Fprintf(&b, "- preset: %s\n", p.Name)
	for _, param := range p.Params {
		if !param.Optional {
			value := param.Example
			if strings.ContainsAny(value, ":#!@") {
				value = "'" + value + "'"
			}
			fmt.Fprintf(&b, "  %s: [%s]\n", param.Key, value)
		}
	}
	return b.String()
}

// Expand makes the sources of a preset. Their ids are stable: the same
// parameters give the same ids. An unknown name is answered with the nearest
// one there is.
func Expand(name string, params Params) ([]mood.Source, error) {
	at := slices.IndexFunc(presets, func(p Preset) bool { return p.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("there is no preset %q; did you mean %q? There are %s", name, nearest(name), strings.Join(presetNames(), ", "))
	}
	p := presets[at]
	for _, need := range p.Needs() {
		if params.count(need) == 0 {
			return nil, fmt.Errorf("preset %s needs %q: %s", name, need, p.About)
		}
	}
	var sources []mood.Source
	for _, t := range p.Feeds {
		if t.Unless != "" && params.count(t.Unless) > 0 {
			continue
		}
		made, err := p.fillAll(t, params, t.Each, values{})
		if err != nil {
			return nil, fmt.Errorf("preset %s: %w", name, err)
		}
		sources = append(sources, made...)
	}
	for i := range sources {
		s := &sources[i]
		s.Kind, s.Floor, s.Every = name, p.Floor, params.Every
		if p.OwnBrands {
			for _, b := range params.Brands {
				s.Brands = append(s.Brands, b.ID)
			}
		}
	}
	return sources, nil
}

func (p Params) count(need string) int {
	if need == "brands" {
		return len(p.Brands)
	}
	return len(p.Values[need])
}

// fillAll makes the sources of a template for all values of the keys that are
// left, with those of the keys before.
func (p Preset) fillAll(t Template, params Params, left []string, have values) ([]mood.Source, error) {
	if len(left) == 0 {
		return []mood.Source{t.fill(have)}, nil
	}
	choices, err := p.choices(left[0], params, have)
	if err != nil {
		return nil, err
	}
	var sources []mood.Source
	for _, more := range choices {
		with := maps.Clone(have)
		maps.Copy(with, more)
		made, err := p.fillAll(t, params, left[1:], with)
		if err != nil {
			return nil, err
		}
		sources = append(sources, made...)
	}
	return sources, nil
}

// fill makes one source.
func (t Template) fill(v values) mood.Source {
	id := v.into(t.ID, plainText)
	if !t.Exact {
		id = mood.Slug(id)
	}
	return mood.Source{
		ID: id, Name: v.into(t.Name, plainText), URL: v.into(t.URL, escaped), Secret: t.Secret,
		Country: v.into(t.Country, plainText), Language: v.into(t.Language, plainText),
	}
}

func presetNames() []string {
	names := make([]string, len(presets))
	for i, p := range presets {
		names[i] = p.Name
	}
	return names
}

// isFeedKind says whether a source of that kind is polled by this package.
func isFeedKind(kind string) bool {
	return kind == "feed" || slices.Contains(presetNames(), kind)
}

// builtinRules are the manners that some hosts are known to want, by their
// registrable domain.
func builtinRules(key string) (HostRule, bool) {
	rule, ok := presetRules[key]
	return rule, ok
}

// nearest gives the preset whose name differs least.
func nearest(name string) string {
	names := presetNames()
	sort.SliceStable(names, func(i, j int) bool { return distance(name, names[i]) < distance(name, names[j]) })
	return names[0]
}

// distance counts the letters to change, add or take out.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost = 1 + min(diagonal, row[j], row[j-1])
			}
			diagonal, row[j] = row[j], cost
		}
	}
	return row[len(b)]
}
