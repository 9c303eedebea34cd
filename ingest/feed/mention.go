package feed

import (
	"context"
	"net/url"
	"strings"
	"time"

	"agora/mood"
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

// mentionsWithin turns what a document holds into mentions, in the document's
// order, and ends early when ctx does. base is where it was fetched from, now
// when. Items without title and text say nothing and are left out.
func mentionsWithin(ctx context.Context, doc *document, src mood.Source, base *url.URL, now time.Time, first bool) ([]mood.Mention, error) {
	from := baseOf(doc, base)
	order := orderOf(doc, firstOf(src.Language, doc.language), now)
	list := make([]mood.Mention, 0, len(doc.entries))
	for i := range doc.entries {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		m := mentionOf(&doc.entries[i], src, from, order, now, first)
		if m.Title == "" && m.Text == "" {
			continue
		}
		m.Language = languageOf(src.Language, doc.entries[i].language, doc.language)
		list = append(list, m)
	}
	identify(list, src.ID, siteOf(doc, base))
	return list, nil
}

func mentionOf(e *entry, src mood.Source, from *url.URL, order dateOrder, now time.Time, first bool) mood.Mention {
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
	link := linkOf(e, from)
	m.URL, m.Outlet = link.url, link.outlet
	if m.Stars = e.stars; m.Stars > 0 {
		m.URL = reviewURL(m.URL, m.GUID)
	}
	if isAggregator(link.via) {
		publisher := Text(e.sourceTitle)
		m.Title = withoutPublisher(m.Title, publisher)
		m.Text = withoutPublisher(m.Text, publisher)
		if isAggregator(m.Outlet) {
			if real := linkedAs(e.body, m.Title); real != "" {
				m.URL, m.Outlet = real, Outlet(real)
			} else if o := Outlet(e.sourceURL); o != "" {
				m.Outlet = o
			}
		}
	}
	if m.Outlet == "" {
		m.Outlet = Outlet(src.URL)
	}
	m.Categories = categoriesOf(e.categories)
	if m.Text == m.Title || m.Title != "" && strings.TrimRight(m.Text, " .…") == strings.TrimRight(m.Title, " .…") {
		m.Text = ""
	}
	m.Published, m.Undated = published(e.dates, order, now)
	m.Uncounted = m.Undated && first
	if src.Country != "" {
		m.Places.From = &mood.Place{Country: strings.ToUpper(src.Country), Evidence: "the source's configuration", Confidence: 1, Method: "configured"}
	}
	if e.located {
		m.Places.Origin = &mood.Place{Point: &mood.Point{Lat: e.lat, Lon: e.lon}, Evidence: "the item's geotag", Confidence: 1, Method: "geotag"}
	}
	return m
}

// head bounds what is turned into text: far more than is kept of it.
func head(html string) string { return html[:min(len(html), maxHTML)] }
