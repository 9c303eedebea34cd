package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strings"
	"time"

	"agora/ingest/feed"
	"agora/mood"
)

// pushSource is the source of what is pushed without naming one.
const pushSource = "push"

// Push takes pushed mentions, each a JSON object of the contract's shape.
// Items that can't be taken are named in the receipt and harm no other. An
// error means that some were not recorded; sending all of them again is
// harmless.
func (in *Intake) Push(ctx context.Context, items []json.RawMessage) (mood.Receipt, error) {
	receipt := mood.Receipt{Rejected: []mood.Rejected{}}
	mentions := make([]mood.Mention, len(items))
	wrong := make([]error, len(items))
	parallel(len(items), func(i int) { mentions[i], wrong[i] = readMention(items[i]) })
	good := mentions[:0]
	for i, err := range wrong {
		if err != nil {
			receipt.Rejected = append(receipt.Rejected, mood.Rejected{Index: i, Error: err.Error()})
			continue
		}
		good = append(good, mentions[i])
	}
	outcomes, err := in.accept(ctx, good)
	count(&receipt, outcomes)
	return receipt, err
}

func count(receipt *mood.Receipt, outcomes []mood.Outcome) {
	for _, o := range outcomes {
		switch o {
		case mood.Stored:
			receipt.Accepted++
		case mood.Duplicate, mood.Revised: // nothing pushed is an edit
			receipt.Duplicates++
		case mood.Unmatched:
			receipt.Unmatched++
		case mood.TooOld:
			receipt.TooOld++
		}
	}
}

// pushed is a mention as the contract's POST body has it.
type pushed struct {
	ID        text   `json:"id"`
	Title     string `json:"title"`
	Text      string `json:"text"`
	URL       string `json:"url"`
	Source    string `json:"source"`
	Author    string `json:"author"`
	Published moment `json:"published"`
	Language  string `json:"language"`
	Country   string `json:"country"`
	Place     *spot  `json:"place"`
}

// readMention reads one pushed mention. Its errors name the field, what is
// wrong with it, and what would be right.
func readMention(raw json.RawMessage) (mood.Mention, error) {
	var p pushed
	if err := readObject(raw, &p); err != nil {
		return mood.Mention{}, err
	}
	m := mood.Mention{
		Title:  feed.Text(p.Title),
		Text:   feed.Text(p.Text),
		Author: feed.Text(p.Author),
		GUID:   string(p.ID),
	}
	if m.Title == "" && m.Text == "" {
		return m, errors.New("title, text: one of them must say something")
	}
	if p.URL != "" {
		if m.URL = feed.CanonicalURL(p.URL); m.URL == "" {
			return m, fmt.Errorf("url: %q is no http or https address; leave it out if there is none", brief(p.URL))
		}
		m.Outlet = feed.Outlet(m.URL)
	}
	source := strings.TrimSpace(feed.Text(p.Source))
	if source == "" {
		source = pushSource
	}
	source = cut(source, longestName)
	m.Sources = []string{source}
	if m.Outlet == "" && looksLikeDomain(source) {
		m.Outlet = strings.TrimPrefix(strings.ToLower(source), "www.")
	}
	if p.Published.err != nil {
		return m, fmt.Errorf("published: %w", p.Published.err)
	}
	m.Published = p.Published.at
	var err error
	if m.Language, err = languageTag(p.Language); err != nil {
		return m, err
	}
	country, err := country(p.Country)
	if err != nil {
		return m, err
	}
	if country != "" {
		m.Places.From = &mood.Place{Country: country, Evidence: "pushed", Confidence: 1, Method: "pushed"}
	}
	if p.Place != nil {
		point, err := p.Place.point()
		if err != nil {
			return m, err
		}
		m.Places.Origin = &mood.Place{Point: point, Evidence: "pushed", Confidence: 1, Method: "coordinates"}
	}
	return m, nil
}

// readObject decodes one JSON object; fields that it doesn't know are left
// alone, since other programs' objects carry more than we ask for.
func readObject(raw json.RawMessage, to any) error {
	if trimmed := bytes.TrimSpace(raw); len(trimmed) == 0 || trimmed[0] != '{' {
		return fmt.Errorf("an object is expected, not %s", brief(string(trimmed)))
	}
	err := json.Unmarshal(raw, to)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		return fmt.Errorf("%s: %s is expected, not %s", wrongType.Field, one(plain(wrongType.Type.Kind().String())), one(wrongType.Value))
	case err != nil:
		return err
	}
	return nil
}

// one puts the article ahead of a kind of value.
func one(kind string) string {
	if strings.HasPrefix(kind, "o") || strings.HasPrefix(kind, "a") {
		return "an " + kind
	}
	return "a " + kind
}

func plain(kind string) string {
	switch kind {
	case "float64", "int64":
		return "number"
	case "struct":
		return "object"
	}
	return kind
}

// text is a string that may come as a number, as ids often do.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] != '"' {
		var n json.Number
		if string(b) == "null" {
			return nil
		}
		if err := json.Unmarshal(b, &n); err != nil {
			return errors.New("id: a string or a number is expected")
		}
		*t = text(n.String())
		return nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	*t = text(cut(strings.TrimSpace(s), 1000))
	return nil
}

// moment is a time as RFC 3339, as a date, or in seconds or milliseconds since
// 1970. It keeps its own error, so that the caller can name the field.
type moment struct {
	at  time.Time
	err error
}

func (m *moment) UnmarshalJSON(b []byte) error {
	var n float64
	var s string
	switch {
	case string(b) == "null" || string(b) == `""`:
	case json.Unmarshal(b, &n) == nil:
		m.at, m.err = sinceEpoch(n)
	case json.Unmarshal(b, &s) == nil:
		m.at, m.err = readMoment(strings.TrimSpace(s))
	default:
		m.err = errors.New(`a time such as "2026-11-23T14:32:00Z" is expected`)
	}
	return nil
}

// The forms that a time may have; those without a zone are taken as UTC.
var momentForms = [...]string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly}

func readMoment(s string) (time.Time, error) {
	for _, form := range momentForms {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf(`%q is no time; write it as "2026-11-23T14:32:00Z"`, brief(s))
}

func sinceEpoch(n float64) (time.Time, error) {
	const year5000 = 1e11 // in seconds; larger figures are milliseconds
	if math.Abs(n) > year5000 {
		n /= 1000
	}
	if math.Abs(n) > year5000 {
		return time.Time{}, fmt.Errorf("%v is no time in seconds or milliseconds since 1970", n)
	}
	whole, part := math.Modf(n)
	return time.Unix(int64(whole), int64(part*1e9)).UTC(), nil
}

// spot is a pushed position.
type spot struct {
	Lat *float64 `json:"lat"`
	Lon *float64 `json:"lon"`
}

// point checks a position and rounds it to a tenth of a degree, about a town:
// nobody's address is kept.
func (s *spot) point() (*mood.Point, error) {
	at, err := s.exact()
	if at != nil {
		at.Lat, at.Lon = math.Round(at.Lat*10)/10, math.Round(at.Lon*10)/10
	}
	return at, err
}

// exact checks a position, as far as there is one.
func (s *spot) exact() (*mood.Point, error) {
	switch {
	case s == nil:
		return nil, nil
	case s.Lat == nil || s.Lon == nil:
		return nil, errors.New(`place: both "lat" and "lon" are needed, in degrees`)
	case !(math.Abs(*s.Lat) <= 90 && math.Abs(*s.Lon) <= 180):
		return nil, fmt.Errorf("place: %v, %v is not on the globe; lat is −90…90, lon −180…180", *s.Lat, *s.Lon)
	}
	return &mood.Point{Lat: *s.Lat, Lon: *s.Lon}, nil
}

// language gives the primary subtag of a language tag (RFC 5646).
func languageTag(tag string) (string, error) {
	tag = strings.ToLower(strings.TrimSpace(tag))
	primary, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	if primary == "" || primary == "und" {
		return "", nil
	}
	if len(primary) < 2 || len(primary) > 3 || strings.Trim(primary, "abcdefghijklmnopqrstuvwxyz") != "" {
		return "", fmt.Errorf("language: %q is no language tag; write it as en, fi or pt-BR", brief(tag))
	}
	return primary, nil
}

func country(code string) (string, error) {
	code = strings.ToUpper(strings.TrimSpace(code))
	if code == "" {
		return "", nil
	}
	if _, known := mood.Country(code); !known {
		return "", fmt.Errorf("country: %q is no ISO 3166-1 code of two letters, such as FI", brief(code))
	}
	return code, nil
}

func looksLikeDomain(s string) bool {
	u, err := url.Parse("//" + s)
	return err == nil && u.Host == s && strings.Contains(s, ".") && !strings.ContainsAny(s, " :@")
}

// brief shortens s for an error message.
func brief(s string) string { return cut(s, 60) }
