package mqtt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Route says what becomes of the messages of some topics. A field without a
// template is taken from the payload's member of the same name.
type Route struct {
	Filter string // as brokers have it: devices/+/events, or a/#
	Fields map[string]Template
}

// The fields that a message may give, as the pushing of activity and of mentions
// has them; lat and lon are of its place.
var (
	activityFields = []string{"id", "brand", "kind", "count", "at", "country", "city", "place", "lat", "lon"}
	mentionFields  = []string{"id", "title", "text", "url", "source", "author", "published", "language", "country", "place", "lat", "lon"}
)

// Fields lists all fields.
func Fields() []string {
	all := slices.Concat(activityFields, mentionFields)
	slices.Sort(all)
	return slices.Compact(all)
}

// Check says what is wrong with a route.
func (r Route) Check() error {
	if err := CheckFilter(r.Filter); err != nil {
		return err
	}
	names := activityFields
	if r.mention() {
		names = mentionFields
	}
	for field := range r.Fields {
		if !slices.Contains(names, field) {
			return fmt.Errorf("%s: a message with a title or a text is a mention, others are activity: this is of the other kind", field)
		}
	}
	return nil
}

// mention says whether messages are mentions; else they are activity.
func (r Route) mention() bool {
	_, title := r.Fields["title"]
	_, text := r.Fields["text"]
	return title || text
}

// CheckFilter says what is wrong with a topic filter.
func CheckFilter(filter string) error {
	switch {
	case filter == "" || len(filter) > 65535 || strings.ContainsRune(filter, 0) || !utf8.ValidString(filter):
		return errors.New("a topic filter has 1 to 65535 bytes")
	case strings.HasPrefix(filter, "$share/"):
		return errors.New("shared subscriptions lose order and are acknowledged by others: leave $share out, one process listens anyway")
	}
	levels := strings.Split(filter, "/")
	for i, level := range levels {
		if strings.Contains(level, "#") && (level != "#" || i != len(levels)-1) {
			return errors.New("# stands alone, as the last level: devices/#")
		}
		if strings.Contains(level, "+") && level != "+" {
			return errors.New("+ stands for a whole level: devices/+/events")
		}
	}
	return nil
}

// matches says whether a topic is one of a filter's.
func matches(filter, topic string) bool {
	f, t := strings.Split(filter, "/"), strings.Split(topic, "/")
	if strings.HasPrefix(topic, "$") && (f[0] == "#" || f[0] == "+") {
		return false
	}
	for i, level := range f {
		switch {
		case level == "#":
			return true
		case i >= len(t):
			return false
		case level != "+" && level != t[i]:
			return false
		}
	}
	return len(f) == len(t)
}

// mostItems bounds the items of one message's payload.
const mostItems = 1000

var errTooMany = fmt.Errorf("payload: more than %d items", mostItems)

// items makes what is pushed of a message: one object, or as many as its
// payload lists. spare is the id of a message that has none.
func (r Route) items(topic string, payload []byte, spare string) ([]json.RawMessage, error) {
	m := message{topic: topic, levels: strings.Split(topic, "/"), raw: payload}
	in := json.NewDecoder(bytes.NewReader(payload))
	in.UseNumber()
	var decoded any
	if in.Decode(&decoded) == nil && !in.More() {
		m.payload = decoded
	}
	list, isList := m.payload.([]any)
	if !isList {
		item, err := r.item(&m, spare)
		return []json.RawMessage{item}, err
	}
	if len(list) > mostItems {
		return nil, errTooMany
	}
	items := make([]json.RawMessage, len(list))
	for i, v := range list {
		one := m
		one.payload = v
		raw, err := json.Marshal(v)
		if err == nil {
			one.raw = raw
			items[i], err = r.item(&one, fmt.Sprint(spare, " ", i))
		}
		if err != nil {
			return nil, err
		}
	}
	return items, nil
}

func (r Route) item(m *message, spare string) (json.RawMessage, error) {
	names := activityFields
	if r.mention() {
		names = mentionFields
	}
	object, _ := m.payload.(map[string]any)
	fields := map[string]any{}
	for _, name := range names {
		v, ok := object[name]
		if t, mapped := r.Fields[name]; mapped {
			v, ok = t.value(m)
		}
		if ok && v != nil {
			fields[name] = v
		}
	}
	lat, hasLat := fields["lat"]
	lon, hasLon := fields["lon"]
	delete(fields, "lat")
	delete(fields, "lon")
	if hasLat && hasLon {
		fields["place"] = map[string]any{"lat": number(lat), "lon": number(lon)}
	}
	if n, ok := fields["count"]; ok {
		fields["count"] = number(n)
	}
	if _, ok := fields["id"]; !ok && spare != "" {
		fields["id"] = spare
	}
	return json.Marshal(fields)
}

// number is a number that may have come as a text, as from a topic.
func number(v any) any {
	text, ok := v.(string)
	if !ok {
		return v
	}
	text = strings.TrimSpace(text)
	var n json.Number
	if json.Unmarshal([]byte(text), &n) == nil && n != "" {
		return n
	}
	return v
}
