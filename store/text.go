package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"agora/mood"
)

// A kept text is a header, by which lists select, a line break, and the
// mention as JSON with the reading of the brand that it is kept for. The
// header spares a list of a week the reading of all its JSON.

const (
	unitSeparator   = "\x1f" // between the fields of a header
	recordSeparator = "\x1e" // between the values of a field
	maxValue        = 128    // bytes of a dimension's value
	maxTopics       = 12
	maxAbout        = 12
)

// header is what lists select by, in the words that counters use.
type header struct {
	published time.Time
	uncounted bool
	label     mood.Label
	corrected bool
	unrelated bool // a person said that it isn't about the brand
	outlet    string
	language  string
	story     string
	sources   []string
	about     []string
	from      string
	origin    string
	topics    []string
}

// counted says whether the mention is in any count.
func (h header) counted() bool { return !h.uncounted && !h.unrelated }

// value is s as the value of a dimension: bounded, and free of what headers
// and fields are separated by. Counters, headers and filters all use it, and
// so agree.
func value(s string) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, ""))
	if strings.ContainsFunc(s, isControl) {
		s = strings.Map(func(r rune) rune {
			if isControl(r) {
				return ' '
			}
			return r
		}, s)
	}
	if len(s) <= maxValue {
		return s
	}
	cut := maxValue
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.TrimSpace(s[:cut])
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// values are the distinct values among ss that aren't empty, at most limit.
func values(ss []string, limit int) []string {
	out := make([]string, 0, len(ss))
next:
	for _, s := range ss {
		v := value(s)
		if v == "" || len(out) == limit {
			continue
		}
		for _, have := range out {
			if have == v {
				continue next
			}
		}
		out = append(out, v)
	}
	return out
}

// headerOf is the header of a mention with its reading of one brand.
func headerOf(m *mood.Mention, r mood.Reading) header {
	about := make([]string, len(m.Places.About))
	for i, p := range m.Places.About {
		about[i] = p.Country
	}
	h := header{
		published: m.Published, uncounted: m.Uncounted, label: r.Label, corrected: r.Corrected, unrelated: r.Irrelevant,
		outlet: value(m.Outlet), language: value(m.Language), story: value(m.Story),
		sources: values(m.Sources, len(m.Sources)), about: values(about, maxAbout),
		topics: values(r.Topics, maxTopics),
	}
	if m.Places.From != nil {
		h.from = value(m.Places.From.Country)
	}
	if m.Places.Origin != nil {
		h.origin = value(m.Places.Origin.Country)
	}
	return h
}

// each calls f with every value that the mention counts under.
func (h header) each(f func(dimension, string)) {
	orNone := func(d dimension, s string) {
		if s == "" {
			s = none
		}
		f(d, s)
	}
	for _, c := range h.about {
		f(dimAbout, c)
	}
	if len(h.about) == 0 {
		f(dimAbout, none)
	}
	orNone(dimFrom, h.from)
	orNone(dimOrigin, h.origin)
	orNone(dimLanguage, h.language)
	if h.outlet != "" {
		f(dimOutlet, h.outlet)
	}
	for _, s := range h.sources {
		f(dimSource, s)
	}
	for _, t := range h.topics {
		f(dimTopic, topicValue(t, h.language))
	}
}

func (h header) append(b []byte) []byte {
	b = strconv.AppendInt(b, h.published.UnixMilli(), 10)
	flags := byte('0')
	if h.uncounted {
		flags |= 1
	}
	if h.corrected {
		flags |= 2
	}
	if h.unrelated {
		flags |= 4
	}
	b = append(b, unitSeparator[0], flags, unitSeparator[0])
	b = strconv.AppendInt(b, int64(h.label), 10)
	for _, s := range [...]string{
		h.outlet, h.language, h.story, strings.Join(h.sources, recordSeparator),
		strings.Join(h.about, recordSeparator), h.from, h.origin, strings.Join(h.topics, recordSeparator),
	} {
		b = append(b, unitSeparator[0])
		b = append(b, s...)
	}
	return append(b, '\n')
}

// shown is a mention with its reading of one brand alone, and without lists
// that JSON would write as null.
func shown(m mood.Mention, brand string) mood.Mention {
	r := m.Readings[brand]
	if r.Reasons == nil {
		r.Reasons = []mood.Reason{}
	}
	m.Readings = map[string]mood.Reading{brand: r}
	if m.Sources == nil {
		m.Sources = []string{}
	}
	if m.Places.About == nil {
		m.Places.About = []mood.Place{}
	}
	return m
}

// packText writes a mention, with its reading of one brand, as it is kept.
func packText(m mood.Mention, brand string) (string, error) {
	m = shown(m, brand)
	r := m.Readings[brand]
	body, err := json.Marshal(&m)
	if err != nil {
		return "", fmt.Errorf("write mention %s: %w", m.ID, err)
	}
	b := make([]byte, 0, len(body)+256)
	return string(append(headerOf(&m, r).append(b), body...)), nil
}

// parseHeader reads the header of a kept text and gives the JSON after it.
func parseHeader(s string) (h header, body string, err error) {
	line, body, ok := strings.Cut(s, "\n")
	var f [11]string
	n := 0
	for ok && n < len(f) {
		var more bool
		f[n], line, more = strings.Cut(line, unitSeparator)
		n++
		if !more {
			break
		}
	}
	if !ok || n != len(f) || len(f[1]) != 1 {
		return h, "", fmt.Errorf("read a kept mention: its header is damaged")
	}
	ms, err := strconv.ParseInt(f[0], 10, 64)
	if err != nil {
		return h, "", fmt.Errorf("read a kept mention: %w", err)
	}
	label, err := strconv.Atoi(f[2])
	if err != nil {
		return h, "", fmt.Errorf("read a kept mention: %w", err)
	}
	list := func(s string) []string {
		if s == "" {
			return nil
		}
		return strings.Split(s, recordSeparator)
	}
	return header{
		published: time.UnixMilli(ms).UTC(), uncounted: f[1][0]&1 != 0, corrected: f[1][0]&2 != 0,
		unrelated: f[1][0]&4 != 0, label: mood.Label(label), outlet: f[3], language: f[4], story: f[5],
		sources: list(f[6]), about: list(f[7]), from: f[8], origin: f[9], topics: list(f[10]),
	}, body, nil
}

// parseText reads the mention out of a kept text's JSON.
func parseText(body string) (mood.Mention, error) {
	var m mood.Mention
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return m, fmt.Errorf("read a kept mention: %w", err)
	}
	return m, nil
}
