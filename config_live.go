package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"agora/ingest/feed"
	"agora/ingest/social"
	"agora/ingest/watch"
	"agora/mood"
)

// presetNames are all of both kinds, in the order of the alphabet.
func presetNames() []string {
	var names []string
	for _, p := range feed.Presets() {
		names = append(names, p.Name)
	}
	for _, p := range social.Presets() {
		names = append(names, p.Name)
	}
	names = append(names, presetMQTT)
	slices.Sort(names)
	return names
}

// livePreset finds a preset whose sources are no feeds.
func livePreset(name string) (*social.Preset, bool) {
	for _, p := range social.Presets() {
		if p.Name == name || slices.Contains(p.Also, name) {
			return &p, true
		}
	}
	return nil, false
}

// The bounds of how long nothing may come on a line.
const (
	leastSilence = 100 * time.Millisecond
	mostSilence  = 24 * time.Hour
)

// readLive makes the sources that a preset which is no feed stands for.
func readLive(v value, preset *social.Preset, brands []mood.Brand) []social.Spec {
	keys := append([]string{"preset"}, preset.Keys()...)
	if !preset.Live {
		keys = append(keys, "every")
	}
	problems := len(v.doc.problems)
	fields := v.fields(keys)
	params := social.Params{Brands: brands, Searches: searchesOf, Values: map[string][]string{}}
	for _, param := range preset.Params {
		field, ok := fields[param.Key]
		if !ok || field.empty() {
			continue
		}
		switch param.Key {
		case "brands":
			ids := readBrandIDs(field, brands)
			params.Some = true
			params.Brands = slices.DeleteFunc(slices.Clone(brands), func(b mood.Brand) bool { return !slices.Contains(ids, b.ID) })
		case "token", "secret":
			params.Token = string(field.token(field.text()))
		case "token_file", "secret_file":
			params.Token = field.secretFile(strings.TrimSuffix(param.Key, "_file"), fields)
		case "silence":
			params.Silence = field.duration(leastSilence, mostSilence)
		case "fields":
			params.Fields = map[string]string{}
			for name, path := range field.fields(social.FieldNames()) {
				params.Fields[name] = path.text()
			}
		case "id":
			params.Values["id"] = []string{field.id()}
		case "country":
			params.Values["country"] = []string{field.country()}
		case "language":
			params.Values["language"] = []string{field.language()}
		case "url":
			params.Values["url"] = []string{field.streamAddress()}
		default:
			items := field.items()
			if param.Single {
				items = []value{field}
			}
			for _, item := range items {
				params.Values[param.Key] = append(params.Values[param.Key], item.hostText())
			}
		}
	}
	if e, ok := fields["every"]; ok && !e.empty() {
		params.Every = e.duration(100*time.Millisecond, longestEvery)
	}
	if len(v.doc.problems) > problems {
		return nil
	}
	specs, err := social.Expand(preset.Name, params)
	if err != nil {
		v.blame(fields, err)
		return nil
	}
	return specs
}

// secretFile reads a secret from a file.
func (v value) secretFile(key string, fields map[string]value) string {
	if given := fields[key]; !given.empty() {
		v.wrong(fmt.Sprintf("there is a %s already", key), fmt.Sprintf("keep %s or %s_file", key, key))
		return ""
	}
	text, err := smallFile(v.text())
	if err != nil {
		v.wrong(fmt.Sprintf("the %s can't be read: %v", key, unwrapAll(err)), "name a file that Agora may read")
		return ""
	}
	return string(v.token(strings.TrimSpace(text)))
}

// streamAddress reads an address of the web or of a WebSocket.
func (v value) streamAddress() string {
	s := v.text()
	plain := s
	for _, scheme := range [...]string{"ws", "wss"} {
		if rest, ok := strings.CutPrefix(s, scheme+"://"); ok {
			plain = "https://" + rest
		}
	}
	if why := badURL(plain); why != "" {
		v.wrong(why, "write the whole address, such as https://example.com/stream")
		return ""
	}
	return s
}

// searchesOf is what a search engine is asked for a brand: what its query looks
// for, else its name.
func searchesOf(b mood.Brand) [][]string {
	q, err := watch.Compile(b.Query)
	if err != nil {
		return nil // it was reported where it stands
	}
	if searches := q.Searches(); len(searches) > 0 {
		return searches
	}
	return [][]string{{strings.ReplaceAll(b.Name, `"`, "")}}
}

// An address host:port, in braces and brackets, is read by the YAML parser as a key
// with a value, which it isn't: no space follows the colon. hostText gives it as
// it is written.
func (v value) hostText() string {
	switch v.plain().(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
	default:
		return v.text()
	}
	line, column := v.position()
	if line < 1 || line > len(v.doc.lines) {
		return v.text()
	}
	raw := []rune(v.doc.lines[line-1])
	if column < 1 || column > len(raw) {
		return v.text()
	}
	written, _, _ := strings.Cut(string(raw[column-1:]), " ")
	written = strings.TrimRight(written, "]},")
	if end := strings.IndexAny(written, ",]}"); end >= 0 {
		written = written[:end]
	}
	if written == "" || strings.HasSuffix(written, ":") {
		return v.text()
	}
	return written
}
