package feed

import (
	"strconv"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	jsonfeed "github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

func fromRSS(f *rss.Feed) *document {
	doc := &document{
		title:    f.Title,
		language: firstOf(f.Language, extValue(f.Extensions, "dc", "language")),
		link:     f.Link,
		asks:     asksOf(f.TTL, f.SkipHours, f.SkipDays, f.Extensions),
		entries:  make([]entry, 0, len(f.Items)),
	}
	for _, item := range f.Items {
		doc.entries = append(doc.entries, fromRSSItem(item))
	}
	return doc
}

func fromRSSItem(item *rss.Item) entry {
	x := item.Extensions
	e := entry{
		title:    firstOf(item.Title, extValue(x, "dc", "title"), extValue(x, "atom", "title"), extValue(x, "media", "title")),
		body:     longer(item.Content, firstOf(item.Description, extValue(x, "dc", "description"), extValue(x, "itunes", "summary"), extValue(x, "atom", "summary"), extValue(x, "media", "description"), item.Custom["body"], item.Custom["fullitem"])),
		language: firstOf(extValue(x, "dc", "language"), item.Custom["language"]),
		base:     extValue(x, "agora", "base"),
	}
	e.body = longer(firstOf(extValue(x, "atom", "content"), extValue(x, "xhtml", "body")), e.body)
	e.author = firstOf(item.Author, extValue(x, "dc", "creator"), extValue(x, "dc", "author"), extValue(x, "itunes", "author"), extChild(x, "atom", "author", "name"), extValue(x, "media", "credit"))
	e.dates = nonEmpty(item.PubDate, extValue(x, "dc", "date"), extValue(x, "dcterms", "created"), extValue(x, "dcterms", "issued"), extValue(x, "dcterms", "date"), extValue(x, "atom", "published"), item.Custom["published"], item.Custom["date"], extValue(x, "prism", "publicationDate"), extValue(x, "atom", "updated"), extValue(x, "dcterms", "modified"), item.Custom["updated"])

	permalink := false
	if item.GUID != nil {
		e.guid = item.GUID.Value
		permalink = !strings.EqualFold(item.GUID.IsPermalink, "false")
	}
	e.guid = firstOf(e.guid, extValue(x, "atom", "id"), extValue(x, "dc", "identifier"), item.Custom["id"])
	e.links = nonEmpty(extValue(x, "feedburner", "origLink"), extValue(x, "pheedo", "origLink"), item.Link)
	e.links = append(e.links, item.Links...)
	if permalink {
		e.links = append(e.links, e.guid)
	}
	e.links = append(e.links, extLinks(x)...)
	e.links = append(e.links, extValue(x, "agora", "about"), e.guid, item.Custom["url"])
	for _, enc := range item.Enclosures {
		e.links = append(e.links, enc.URL)
	}
	e.links = append(e.links, extAttr(x, "media", "content", "url"), extAttr(x, "media", "player", "url"), item.Comments)
	if item.Source != nil {
		e.sourceURL, e.sourceTitle = item.Source.URL, item.Source.Title
	}
	e.lat, e.lon, e.located = located(x)
	return e
}

func fromAtom(f *atom.Feed) *document {
	doc := &document{
		title:    f.Title,
		language: firstOf(f.Language, extValue(f.Extensions, "dc", "language")),
		asks:     asksOf("", nil, nil, f.Extensions),
		entries:  make([]entry, 0, len(f.Entries)),
	}
	doc.link = firstOf(atomLinks(f.Links, "alternate")...)
	feedAuthor := atomPerson(f.Authors)
	for _, item := range f.Entries {
		e := fromAtomEntry(item)
		e.author = firstOf(e.author, feedAuthor)
		doc.entries = append(doc.entries, e)
	}
	doc.entries = onlyReviews(doc.entries, f.ID)
	return doc
}

func fromAtomEntry(item *atom.Entry) entry {
	x := item.Extensions
	e := entry{
		guid:     item.ID,
		title:    firstOf(item.Title, extValue(x, "media", "title"), extChild(x, "media", "group", "title"), extValue(x, "dc", "title")),
		body:     item.Summary,
		author:   firstOf(atomPerson(item.Authors), extValue(x, "dc", "creator")),
		dates:    nonEmpty(item.Published, extValue(x, "dcterms", "created"), extValue(x, "dc", "date"), extValue(x, "atom03", "created"), item.Updated, extValue(x, "dcterms", "modified")),
		language: extValue(x, "dc", "language"),
		base:     extValue(x, "agora", "base"),
		stars:    starsIn(x),
	}
	if item.Content != nil && !isBinary(item.Content.Type) {
		e.body = longer(item.Content.Value, e.body)
	}
	e.body = firstOf(e.body, extChild(x, "media", "group", "description"), extValue(x, "media", "description"))
	e.links = nonEmpty(extValue(x, "feedburner", "origLink"))
	e.links = append(e.links, atomLinks(item.Links, "alternate")...)
	e.links = append(e.links, atomLinks(item.Links, "related", "via", "enclosure")...)
	e.links = append(e.links, item.ID)
	if item.Content != nil {
		e.links = append(e.links, item.Content.Src)
	}
	e.links = append(e.links, atomLinks(item.Links, "self")...)
	if s := item.Source; s != nil {
		e.sourceTitle = s.Title
		e.sourceURL = firstOf(atomLinks(s.Links, "alternate", "self")...)
		e.author = firstOf(e.author, atomPerson(s.Authors))
	}
	e.lat, e.lon, e.located = located(x)
	return e
}

func fromJSON(f *jsonfeed.Feed) *document {
	doc := &document{title: f.Title, language: f.Language, link: f.HomePageURL, entries: make([]entry, 0, len(f.Items))}
	feedAuthor := jsonAuthor(f.Author, f.Authors)
	for _, item := range f.Items {
		if item == nil {
			continue
		}
		e := entry{
			guid:     item.ID,
			links:    nonEmpty(item.URL, item.ExternalURL, item.ID),
			title:    plain(item.Title),
			body:     firstOf(item.ContentHTML, plain(item.ContentText), plain(item.Summary)),
			author:   firstOf(jsonAuthor(item.Author, item.Authors), feedAuthor),
			dates:    nonEmpty(item.DatePublished, item.DateModified),
			language: item.Language,
		}
		if item.Attachments != nil {
			for _, a := range *item.Attachments {
				e.links = append(e.links, a.URL)
			}
		}
		doc.entries = append(doc.entries, e)
	}
	return doc
}

// plain makes HTML of what JSON Feed says is plain text, unless the publisher
// wrote markup there all the same.
func plain(s string) string {
	if holdsMarkup(s) {
		return s
	}
	return escapeAttr(s)
}

func jsonAuthor(one *jsonfeed.Author, many []*jsonfeed.Author) string {
	for _, a := range many {
		if a != nil && a.Name != "" {
			return a.Name
		}
	}
	if one != nil {
		return one.Name
	}
	return ""
}

func atomPerson(people []*atom.Person) string {
	for _, p := range people {
		if p != nil && (p.Name != "" || p.Email != "") {
			return firstOf(p.Name, p.Email)
		}
	}
	return ""
}

func atomLinks(links []*atom.Link, rels ...string) []string {
	var found []string
	for _, rel := range rels {
		for _, l := range links {
			if l != nil && l.Href != "" && strings.EqualFold(strings.TrimPrefix(l.Rel, "http://www.iana.org/assignments/relation/"), rel) {
				// Of several alternates, a page is what people read.
				if rel == "alternate" && strings.Contains(l.Type, "html") {
					found = append([]string{l.Href}, found...)
				} else {
					found = append(found, l.Href)
				}
			}
		}
	}
	return found
}

func isBinary(kind string) bool {
	kind = strings.ToLower(kind)
	return strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "audio/") ||
		strings.HasPrefix(kind, "video/") || kind == "application/octet-stream" || kind == "application/pdf"
}

func extValue(x ext.Extensions, prefix, name string) string {
	for _, e := range x[prefix][name] {
		if e.Value != "" {
			return e.Value
		}
	}
	return ""
}

func extChild(x ext.Extensions, prefix, name, child string) string {
	for _, e := range x[prefix][name] {
		for _, c := range e.Children[child] {
			if c.Value != "" {
				return c.Value
			}
		}
	}
	return ""
}

func extAttr(x ext.Extensions, prefix, name, attr string) string {
	for _, e := range x[prefix][name] {
		if v := e.Attrs[attr]; v != "" {
			return v
		}
	}
	return ""
}

func extLinks(x ext.Extensions) []string {
	var found []string
	for _, e := range x["atom"]["link"] {
		if rel := e.Attrs["rel"]; rel == "" || rel == "alternate" {
			found = append(found, e.Attrs["href"])
		}
	}
	return found
}

// located reads georss:point, gml:pos and geo:lat with geo:long.
func located(x ext.Extensions) (lat, lon float64, ok bool) {
	pair := firstOf(extValue(x, "georss", "point"), extValue(x, "gml", "pos"))
	if pair == "" {
		for _, where := range x["georss"]["where"] {
			for _, point := range where.Children["Point"] {
				for _, pos := range point.Children["pos"] {
					pair = firstOf(pair, pos.Value)
				}
			}
		}
	}
	if pair == "" {
		pair = extValue(x, "geo", "lat") + " " + firstOf(extValue(x, "geo", "long"), extValue(x, "geo", "lon"))
		if strings.TrimSpace(pair) == "" {
			pair = extChild(x, "geo", "Point", "lat") + " " + firstOf(extChild(x, "geo", "Point", "long"), extChild(x, "geo", "Point", "lon"))
		}
	}
	fields := strings.Fields(strings.ReplaceAll(pair, ",", " "))
	if len(fields) != 2 {
		return 0, 0, false
	}
	lat, err1 := strconv.ParseFloat(fields[0], 64)
	lon, err2 := strconv.ParseFloat(fields[1], 64)
	// 0, 0 is what software writes when it doesn't know.
	if err1 != nil || err2 != nil || !(lat >= -90 && lat <= 90) || !(lon >= -180 && lon <= 180) || lat == 0 && lon == 0 {
		return 0, 0, false
	}
	return lat, lon, true
}

func firstOf(values ...string) string {
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			return v
		}
	}
	return ""
}

// longer prefers the fuller of two texts, the first when they are equal.
func longer(a, b string) string {
	if len(b) > len(a) {
		return b
	}
	return a
}

func nonEmpty(values ...string) []string {
	kept := values[:0]
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			kept = append(kept, v)
		}
	}
	return kept
}
