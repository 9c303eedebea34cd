package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/charts"
	"agora/mood"
)

type object = map[string]any

// pushedMention and pushedActivity are what may be pushed. The intake reads
// them; here they only speak to openapi.json.
type pushedMention struct {
	ID        string      `json:"id"`
	Title     string      `json:"title"`
	Text      string      `json:"text"`
	URL       string      `json:"url"`
	Source    string      `json:"source"`
	Author    string      `json:"author"`
	Published *time.Time  `json:"published"`
	Language  string      `json:"language"`
	Country   string      `json:"country"`
	Place     *mood.Point `json:"place"`
}

type pushedActivity struct {
	ID      string      `json:"id"` // kept as a hash
	Brand   string      `json:"brand"`
	Kind    string      `json:"kind"`
	Count   int64       `json:"count"`
	At      *time.Time  `json:"at"`
	Country string      `json:"country"`
	City    string      `json:"city"`
	Place   *mood.Point `json:"place"` // kept as its city, or as a square
}

// parameters says what each parameter of any address is.
func parameters() map[string]object {
	text := object{"type": "string"}
	oneOf := func(values ...string) object { return object{"type": "string", "enum": values} }
	number := func(low, high int) object { return object{"type": "integer", "minimum": low, "maximum": high} }
	instant := object{"type": "string", "format": "date-time"}
	all := map[string]object{
		"id":        {"schema": text, "description": "The id of a wall"},
		"brand":     {"schema": text, "description": "Ids of watched brands, with commas; none: the first, for lists all"},
		"window":    {"schema": oneOf(windowNames()...), "description": "A stretch of time that ends now; none: " + defaultWindow},
		"from":      {"schema": instant, "description": "Not before this time; outranks window"},
		"to":        {"schema": instant, "description": "Before this time"},
		"label":     {"schema": text, "description": "positive, neutral, unclear, negative; several with commas"},
		"outlet":    {"schema": text, "description": "Who published: a domain"},
		"source":    {"schema": text, "description": "The id of a source that delivered it"},
		"country":   {"schema": text, "description": "ISO 3166-1 alpha-2, or none"},
		"place":     {"schema": oneOf("about", "from", "origin", "devices"), "description": "Which place country speaks of, or a map shows; none: from. devices is for maps: what devices did"},
		"language":  {"schema": text, "description": "A primary language tag, or none"},
		"topic":     {"schema": text, "description": "A word or phrase that is said beside the brand"},
		"story":     {"schema": text, "description": "The id of a story"},
		"fold":      {"schema": oneOf("story"), "description": "story: of each story the newest mention alone, which says how many copies it has"},
		"hour":      {"schema": number(0, 23), "description": "Hour of the local clock"},
		"weekday":   {"schema": number(0, 6), "description": "Day of the local clock, 0 is Monday"},
		"corrected": {"schema": object{"type": "boolean"}, "description": "Whether a person set the label"},
		"q":         {"schema": text, "description": "Words in title or text"},
		"bare":      {"schema": number(0, 1), "description": "1: rows or chart alone, without what stands above and below them"},
		"theme":     {"schema": oneOf(pictureThemes()...), "description": "Of a picture; transparent is light without its paper; none: light"},
		"width":     {"schema": number(leastSide, mostSide), "description": fmt.Sprintf("Of a picture, in pixels; none: %d, or as height has it", charts.FigureWidth)},
		"height":    {"schema": number(leastSide, mostSide), "description": fmt.Sprintf("Of a picture, in pixels; none: as width has it, %d as a rule", charts.FigureHeight)},
		"scale":     {"schema": object{"type": "number", "minimum": 1, "maximum": mostScale}, "description": "Pixels of a PNG for each of width and height; none: 1"},
		"lang":      {"schema": object{"type": "string", "examples": charts.Languages()}, "description": "Language of all words, numbers and dates: " + list(charts.Languages()) + ", with a region or without; none: en"},
		"wall":      {"schema": text, "description": "The id of a wall; none: a paired screen's own, else the first"},
		"t":         {"schema": text, "description": "Anything: it makes an address that no cache has"},
		"as":        {"schema": oneOf(embedLive, embedPicture), "description": "How an embed shows its chart; none: live"},
		"key":       {"schema": text, "description": "What opens one chart of some brands without a login; POST /api/v1/embeds makes it"},
		"limit":     {"schema": number(1, maxMentions), "description": "How many at most; none: 50"},
		"cursor":    {"schema": text, "description": "next of the page before"},
		"view":      {"schema": object{"type": "array", "items": text}, "description": "BRANDS@WINDOW, such as nokia,ericsson@24h; may be repeated", "explode": true},
		"charts":    {"schema": text, "description": "Ids of charts, with commas; not given: all"},
		"after":     {"schema": text, "description": "The id of the last event seen, as Last-Event-ID"},
	}
	for name, p := range all {
		p["name"], p["in"] = name, "query"
	}
	return all
}

// openAPI describes the routes, from the table that registers them and the
// types that they answer with, so that it can't fall behind.
func openAPI(routes []route, version string) ([]byte, error) {
	schemas := &schemas{known: object{}}
	paths := make(map[string]object)
	known := parameters()
	for _, r := range routes {
		path, params := pathOf(r.path)
		for _, name := range r.says.params {
			p, ok := known[name]
			if !ok {
				return nil, fmt.Errorf("openapi: %s %s has an unknown parameter %q", r.method, r.path, name)
			}
			params = append(params, p)
		}
		op := object{"summary": r.says.summary, "responses": r.responses(schemas)}
		if len(params) > 0 {
			op["parameters"] = params
		}
		if r.says.body != nil {
			op["requestBody"] = r.requestBody(schemas)
		}
		if r.access > anyone {
			op["security"] = []object{{"bearer": []string{}}, {"cookie": []string{}}}
		}
		if paths[path] == nil {
			paths[path] = object{}
		}
		paths[path][strings.ToLower(r.method)] = op
	}
	schemas.of(reflect.TypeFor[problem]())
	doc := object{
		"openapi": "3.1.0",
		"info":    object{"title": "Agora", "version": version, "description": "How the world feels about a brand, live. On loopback nothing needs a token."},
		"paths":   paths,
		"components": object{
			"schemas": schemas.known,
			"securitySchemes": object{
				"bearer": object{"type": "http", "scheme": "bearer", "description": "The admin token"},
				"cookie": object{"type": "apiKey", "in": "cookie", "name": sessionCookie},
			},
		},
	}
	body, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return append(body, '\n'), nil
}

// pathOf turns :id into {id}, at the end of any part.
func pathOf(path string) (string, []object) {
	var params []object
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if before, name, ok := strings.Cut(p, ":"); ok {
			parts[i] = before + "{" + name + "}"
			params = append(params, object{"name": name, "in": "path", "required": true, "schema": object{"type": "string"}})
		}
	}
	return strings.Join(parts, "/"), params
}

func (r route) responses(s *schemas) object {
	status := r.says.status
	if status == 0 {
		status = http.StatusOK
	}
	good := object{"description": http.StatusText(status)}
	switch {
	case r.says.kind != "":
		content := object{}
		for kind := range strings.SplitSeq(r.says.kind, ", ") {
			content[kind] = object{}
		}
		if r.says.answer != nil {
			content["application/json"] = object{"schema": s.of(reflect.TypeOf(r.says.answer))}
		}
		good["content"] = content
	case r.says.answer != nil:
		good["content"] = object{"application/json": object{"schema": s.of(reflect.TypeOf(r.says.answer))}}
	}
	return object{
		strconv.Itoa(status): good,
		"default":            object{"description": "What went wrong, and what to do", "content": object{"application/problem+json": object{"schema": s.of(reflect.TypeFor[problem]())}}},
	}
}

func (r route) requestBody(s *schemas) object {
	one := s.of(reflect.TypeOf(r.says.body))
	content := object{"application/json": object{"schema": one}}
	if r.says.several {
		content["application/json"] = object{"schema": object{"oneOf": []any{one, object{"type": "array", "items": one, "maxItems": maxPushItems}}}}
		content["application/x-ndjson"] = object{"schema": one}
	}
	return object{"required": true, "content": content}
}

// schemas turns Go types into JSON schemas, structs under their names.
type schemas struct{ known object }

func (s *schemas) of(t reflect.Type) object {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[mood.Label]():
		return object{"type": "string", "enum": []string{"positive", "neutral", "unclear", "negative"}}
	case t == reflect.TypeFor[wishedLabel]():
		return object{"type": []string{"string", "null"}, "enum": append([]any{nil}, anyOf(wishedLabels())...)}
	case t == reflect.TypeFor[mood.Scope]():
		return object{"type": "string", "enum": scopes(), "default": mood.ScopeMention}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return object{"oneOf": []any{s.of(t.Elem()), object{"type": "null"}}}
	case reflect.Struct:
		return s.ofStruct(t)
	case reflect.Slice:
		return object{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.Interface:
		return object{}
	default:
		return object{"type": "integer"}
	}
}

func (s *schemas) ofStruct(t reflect.Type) object {
	name := strings.TrimSuffix(t.Name(), "View")
	ref := object{"$ref": "#/components/schemas/" + name}
	if _, ok := s.known[name]; ok {
		return ref
	}
	s.known[name] = object{} // a type may hold itself
	properties, required := object{}, []string{}
	for _, f := range reflect.VisibleFields(t) {
		tag, given := f.Tag.Lookup("json")
		if !f.IsExported() || !given || tag == "-" {
			continue
		}
		key, rest, _ := strings.Cut(tag, ",")
		properties[key] = s.of(f.Type)
		if len(f.Index) == 1 && !slices.Contains(strings.Split(rest, ","), "omitempty") && !strings.HasPrefix(name, "pushed") {
			required = append(required, key)
		}
	}
	s.known[name] = object{"type": "object", "properties": properties}
	if len(required) > 0 {
		s.known[name] = object{"type": "object", "properties": properties, "required": required}
	}
	return ref
}
