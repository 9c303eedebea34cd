package mqtt

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Template makes a value of a message: text with {topic}, {topic.2} (a level,
// counted from 1), {payload} and {payload.a.b[0]} in it. A template that is one
// such field gives the value as it is in JSON, any other a text.
type Template struct {
	parts []part
}

// part is a text, or a field.
type part struct {
	text  string
	field fieldKind
	level int      // of the topic
	path  []string // in the payload
}

type fieldKind uint8

const (
	plainText fieldKind = iota
	wholeTopic
	topicLevel
	wholePayload
	inPayload
)

// ParseTemplate reads a template.
func ParseTemplate(text string) (Template, error) {
	var t Template
	for rest := text; rest != ""; {
		before, after, open := strings.Cut(rest, "{")
		if before != "" {
			t.parts = append(t.parts, part{text: before})
		}
		if !open {
			break
		}
		name, next, closed := strings.Cut(after, "}")
		if !closed {
			return t, fmt.Errorf("%q has a { without a }", text)
		}
		p, err := parseField(name)
		if err != nil {
			return t, err
		}
		t.parts = append(t.parts, p)
		rest = next
	}
	if len(t.parts) == 0 {
		return t, errors.New("it is empty")
	}
	return t, nil
}

func parseField(name string) (part, error) {
	kind, path, deeper := strings.Cut(name, ".")
	switch {
	case name == "topic":
		return part{field: wholeTopic}, nil
	case name == "payload":
		return part{field: wholePayload}, nil
	case kind == "topic":
		n, err := strconv.Atoi(path)
		if err != nil || n < 1 || n > 100 {
			return part{}, fmt.Errorf("{%s}: a level of a topic is a number from 1, as in {topic.2}", name)
		}
		return part{field: topicLevel, level: n}, nil
	case kind == "payload" && deeper:
		p := part{field: inPayload}
		for _, step := range strings.Split(strings.ReplaceAll(path, "[", ".["), ".") {
			index, isIndex := strings.CutPrefix(step, "[")
			if index, ok := strings.CutSuffix(index, "]"); isIndex && ok {
				if n, err := strconv.Atoi(index); err == nil && n >= 0 {
					p.path = append(p.path, "["+index)
					continue
				}
			}
			if step == "" || strings.ContainsAny(step, "[]{} ") {
				return part{}, fmt.Errorf("{%s} is no path in a payload: write it as {payload.position.lat} or {payload.items[0]}", name)
			}
			p.path = append(p.path, step)
		}
		return p, nil
	}
	return part{}, fmt.Errorf("{%s} is no field of a message: use {topic}, {topic.2}, {payload} or {payload.name}", name)
}

// message is one as templates see it.
type message struct {
	topic   string
	levels  []string
	raw     []byte
	payload any // decoded; nil: it is no JSON
}

// value gives what a template says of a message. It is not ok where the message
// has no such field.
func (t Template) value(m *message) (any, bool) {
	if len(t.parts) == 1 {
		return t.parts[0].value(m)
	}
	var b strings.Builder
	for _, p := range t.parts {
		v, ok := p.value(m)
		if !ok {
			return nil, false
		}
		switch v := v.(type) {
		case string:
			b.WriteString(v)
		case json.Number:
			b.WriteString(v.String())
		case bool:
			b.WriteString(strconv.FormatBool(v))
		default:
			return nil, false
		}
	}
	return b.String(), true
}

func (p part) value(m *message) (any, bool) {
	switch p.field {
	case wholeTopic:
		return m.topic, true
	case topicLevel:
		if p.level > len(m.levels) {
			return nil, false
		}
		return m.levels[p.level-1], true
	case wholePayload:
		if n, isNumber := m.payload.(json.Number); isNumber {
			return n, true
		}
		if s, isText := m.payload.(string); isText {
			return s, true
		}
		return string(m.raw), true
	case inPayload:
		return find(m.payload, p.path)
	}
	return p.text, true
}

func find(v any, path []string) (any, bool) {
	for _, step := range path {
		if index, isIndex := strings.CutPrefix(step, "["); isIndex {
			list, _ := v.([]any)
			n, _ := strconv.Atoi(index)
			if n >= len(list) {
				return nil, false
			}
			v = list[n]
			continue
		}
		object, _ := v.(map[string]any)
		next, ok := object[step]
		if !ok {
			return nil, false
		}
		v = next
	}
	return v, v != nil
}
