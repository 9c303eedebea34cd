package feed

import (
	"net/url"
	"strings"
	"time"

	"agora/mood"

	"golang.org/x/text/language"
)

// What is kept of an item's fields, in code points.
const (
	maxTitle  = 1_000
	maxText   = 20_000
	maxAuthor = 200
	maxGUID   = 2_048   // bytes
	maxHTML   = 1 << 20 // bytes of markup, before it becomes text
)

// ahead is how far in the future a date may lie before it counts as now.
const ahead = 15 * time.Minute

// mentions turns what a document holds into mentions, in the document's
// order. base is where it was fetched from, now when. Items without title and
// text say nothing and are left out.
func mentions(doc *document, src mood.Source, base *url.URL, now time.Time, first bool) []mood.Mention {
	site := base
	if abs := resolve(base, doc.link); abs != "" {
		if u, err := url.Parse(abs); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
			site = u
		}
	}
	list := make([]mood.Mention, 0, len(doc.entries))
	for i := range doc.entries {
		m := mentionOf(&doc.entries[i], src, base, site, now, first)
		if m.Title == "" && m.Text == "" {
			continue
		}
		m.Language = languageOf(src.Language, doc.entries[i].language, doc.language)
		list = append(list, m)
	}
	identify(list, src.ID)
	return list
}

func mentionOf(e *entry, src mood.Source, base, site *url.URL, now time.Time, first bool) mood.Mention {
	m := mood.Mention{
		Title:   clip(Text(head(e.title)), maxTitle),
		Text:    clip(Text(head(e.body)), maxText),
		Author:  clip(author(e.author), maxAuthor),
		Sources: []string{src.ID},
		Seen:    now,
		GUID:    strings.TrimSpace(e.guid),
	}
	if len(m.GUID) > maxGUID {
		m.GUID = ""
	}
	m.Text = withoutChaff(src.Kind, m.Text)
	m.URL = linkOf(e, base, site)
	if m.Stars = e.stars; m.Stars > 0 {
		m.URL = reviewURL(m.URL, m.GUID)
	}
	m.Outlet = Outlet(m.URL)
	if isGoogleNews(m.URL) {
		if o := Outlet(e.sourceURL); o != "" {
			m.Outlet = o
		}
		m.Title = withoutPublisher(m.Title, Text(e.sourceTitle))
		m.Text = withoutPublisher(m.Text, Text(e.sourceTitle))
	}
	if m.Outlet == "" {
		m.Outlet = Outlet(src.URL)
	}
	if m.Text == m.Title || m.Title != "" && strings.TrimRight(m.Text, " .…") == strings.TrimRight(m.Title, " .…") {
		m.Text = ""
	}
	m.Published, m.Undated = published(e.dates, now)
	m.Uncounted = m.Undated && first
	if src.Country != "" {
		m.Places.From = &mood.Place{Country: strings.ToUpper(src.Country), Evidence: "the source's configuration", Confidence: 1}
	}
	if e.located {
		m.Places.Origin = &mood.Place{Point: &mood.Point{Lat: e.lat, Lon: e.lon}, Evidence: "the item's geotag", Confidence: 1}
	}
	return m
}

// linkOf takes the first of an item's addresses that leads to the web.
// Relative ones follow xml:base, else the site that the feed belongs to.
func linkOf(e *entry, base, site *url.URL) string {
	from := site
	if e.base != "" {
		if abs := resolve(base, e.base); abs != "" {
			if u, err := url.Parse(abs); err == nil {
				from = u
			}
		}
	}
	for _, raw := range e.links {
		raw = strings.TrimSpace(raw)
		if raw == "" {
			continue
		}
		if raw == e.guid && !looksLikeURL(raw) {
			continue // a bare number would resolve to something
		}
		if u := CanonicalURL(resolve(from, raw)); u != "" {
			return u
		}
	}
	return ""
}

// head bounds what is turned into text: far more than is kept of it.
func head(html string) string { return html[:min(len(html), maxHTML)] }

func looksLikeURL(s string) bool {
	s = strings.ToLower(s)
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "//") || strings.HasPrefix(s, "/")
}

func isGoogleNews(address string) bool { return Outlet(address) == "news.google.com" }

// withoutPublisher takes " - Outlet" off the end of an aggregator's title.
func withoutPublisher(title, outlet string) string {
	if outlet == "" {
		return title
	}
	if rest, ok := strings.CutSuffix(title, outlet); ok {
		rest = strings.TrimRight(rest, " ")
		for _, dash := range [...]string{"-", "–", "—", "|"} {
			if head, ok := strings.CutSuffix(rest, dash); ok {
				return strings.TrimSpace(head)
			}
		}
		// Google News repeats title and outlet in the text, without a dash.
		if rest != "" && len(rest) < len(title)-len(outlet) {
			return rest
		}
	}
	return title
}

// author drops mail addresses, which are nobody's name.
func author(s string) string {
	s = Text(s)
	if open := strings.IndexByte(s, '('); open > 0 && strings.HasSuffix(s, ")") {
		inner, outer := strings.TrimSpace(s[open+1:len(s)-1]), strings.TrimSpace(s[:open])
		switch {
		case strings.ContainsRune(outer, '@'):
			s = inner
		case strings.ContainsRune(inner, '@'):
			s = outer
		}
	}
	if i := strings.IndexByte(s, '@'); i > 0 && !strings.ContainsRune(s, ' ') {
		return "" // an address and nothing else
	}
	return s
}

// published reads the first date that is one. The future counts as now; what
// is older than the web is no date; without any, the item counts from now and
// is marked.
func published(dates []string, now time.Time) (t time.Time, undated bool) {
	for _, raw := range dates {
		t, ok := ParseDate(raw)
		if !ok || t.Year() < 1990 {
			continue
		}
		if t.After(now.Add(ahead)) {
			return now, false
		}
		return t.UTC(), false
	}
	return now, true
}

// languageOf gives the primary tag of the first value that names a language.
func languageOf(values ...string) string {
	for _, v := range values {
		v = strings.ReplaceAll(strings.TrimSpace(v), "_", "-")
		if v == "" || len(v) > 35 {
			continue
		}
		tag, err := language.Parse(v)
		if err != nil {
			// en-UK and other wrong regions still begin with a language.
			primary, _, _ := strings.Cut(v, "-")
			if tag, err = language.Parse(primary); err != nil {
				continue
			}
		}
		if base, confidence := tag.Base(); confidence != language.No && base.String() != "und" {
			return base.String()
		}
	}
	return ""
}

// identify gives each mention its id. A GUID that several different items of
// the document share identifies none of them, and neither does an address.
func identify(list []mood.Mention, source string) {
	type what struct{ title, url string }
	guids, urls := map[string]what{}, map[string]what{}
	sharedGUID, sharedURL := map[string]bool{}, map[string]bool{}
	for i := range list {
		m := &list[i]
		w := what{m.Title, m.URL}
		if old, ok := guids[m.GUID]; ok && old != w {
			sharedGUID[m.GUID] = true
		}
		guids[m.GUID] = w
		if old, ok := urls[m.URL]; ok && old.title != w.title {
			sharedURL[m.URL] = true
		}
		urls[m.URL] = w
	}
	for i := range list {
		m := &list[i]
		if m.GUID != "" && sharedGUID[m.GUID] {
			m.GUID = ""
		}
		if m.GUID == "" && m.URL != "" && sharedURL[m.URL] {
			m.GUID = m.URL + " " + m.Title
		}
		m.ID = mood.MentionID(source, m.GUID, m.URL, m.Title, m.Text)
	}
}
