package social

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"agora/mood"
)

// Fields say where a foreign JSON object has what a mention needs: paths of
// names with dots between, such as "post.body" or "tags.0.name".
type Fields struct {
	Paths map[string]string // by field of a pushed mention; those that aren't named have the usual names
	Items string            // where the list of items is; empty: the object itself is one, or is a list
	// ResumeField has what ResumeParam of the address is set to when the stream
	// is asked for again.
	ResumeField, ResumeParam string
}

// FieldNames are the fields of a mention that can be mapped.
func FieldNames() []string {
	return []string{"id", "title", "text", "url", "author", "published", "language", "country"}
}

// usualNames are what the fields are called elsewhere, the likeliest first.
var usualNames = map[string][]string{
	"id":        {"id", "guid", "uuid", "_id"},
	"title":     {"title", "headline", "subject"},
	"text":      {"text", "body", "content", "message", "description", "summary"},
	"url":       {"url", "link", "permalink", "href"},
	"author":    {"author", "user", "username", "by", "from"},
	"published": {"published", "published_at", "created_at", "createdAt", "date", "timestamp", "time"},
	"language":  {"language", "lang"},
	"country":   {"country"},
}

// maxItems bounds the items of one message.
const maxItems = 10_000

// read makes pushed mentions of a message, and gives the value of the field that
// is resumed by. An empty message has none.
func (f *Fields) read(data []byte, src mood.Source) (items []json.RawMessage, resume string, err error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return nil, "", nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // an id may be larger than a float is exact
	var message any
	if err := decoder.Decode(&message); err != nil {
		return nil, "", fmt.Errorf("it isn't valid JSON: %w", err)
	}
	list := message
	if f.Items != "" {
		list = lookUp(message, f.Items)
	}
	objects, ok := list.([]any)
	if !ok {
		objects = []any{list}
	}
	if len(objects) > maxItems {
		return nil, "", fmt.Errorf("it has %d items: send at most %d at a time", len(objects), maxItems)
	}
	for _, object := range objects {
		if f.ResumeField != "" {
			if v := plain(lookUp(object, f.ResumeField)); v != "" && len(v) <= maxID {
				resume = v
			}
		}
		items = append(items, f.item(object, src))
	}
	return items, resume, nil
}

// item makes one pushed mention. What isn't an object is handed on as it is,
// and is refused where the others are.
func (f *Fields) item(object any, src mood.Source) json.RawMessage {
	fields, ok := object.(map[string]any)
	if !ok {
		raw, _ := json.Marshal(object) // it was JSON before
		return raw
	}
	item := map[string]any{"source": src.ID}
	for _, name := range FieldNames() {
		if v := f.value(fields, name); v != nil {
			item[name] = v
		}
	}
	// What is no code here, such as a name, says nothing; an address without a
	// host leads nowhere, and a place without a position is none. The text is
	// worth having all the same.
	if said, _ := item["language"].(string); primary(said) != "" {
		item["language"] = primary(said)
	} else if delete(item, "language"); src.Language != "" {
		item["language"] = src.Language
	}
	said, _ := item["country"].(string)
	if _, known := mood.Country(strings.ToUpper(said)); known {
		item["country"] = strings.ToUpper(said)
	} else if delete(item, "country"); src.Country != "" {
		item["country"] = src.Country
	}
	if said, _ := item["url"].(string); !strings.HasPrefix(said, "http://") && !strings.HasPrefix(said, "https://") {
		delete(item, "url")
	}
	if place, ok := fields["place"].(map[string]any); ok && within(place["lat"], 90) && within(place["lon"], 180) {
		item["place"] = map[string]any{"lat": place["lat"], "lon": place["lon"]}
	}
	raw, _ := json.Marshal(item)
	return raw
}

// within says whether v is a number of so many degrees at most.
func within(v any, degrees float64) bool {
	n, ok := v.(json.Number)
	if !ok {
		return false
	}
	f, err := n.Float64()
	return err == nil && math.Abs(f) <= degrees
}

// value finds what a field of a mention has in a foreign object: a text, or a
// number where that may be one.
func (f *Fields) value(object map[string]any, name string) any {
	paths := usualNames[name]
	if path, ok := f.Paths[name]; ok {
		paths = []string{path}
	}
	for _, path := range paths {
		v := lookUp(object, path)
		if n, ok := v.(json.Number); ok && (name == "id" || name == "published") {
			return n
		}
		if s := plain(v); s != "" {
			return s
		}
		if fields, ok := v.(map[string]any); ok && name == "author" {
			for _, inner := range []string{"name", "username", "login", "acct", "screen_name"} {
				if s := plain(fields[inner]); s != "" {
					return s
				}
			}
		}
	}
	return nil
}

// lookUp follows a path of names, and of numbers into lists. A name with dots in
// it is found, too.
func lookUp(v any, path string) any {
	for path != "" {
		fields, ok := v.(map[string]any)
		if ok {
			if whole, found := fields[path]; found {
				return whole
			}
		}
		name, rest, _ := strings.Cut(path, ".")
		switch at := v.(type) {
		case map[string]any:
			v = at[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
		path = rest
	}
	return v
}

// plain is a text or a number as a text.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
