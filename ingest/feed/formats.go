package feed

import (
	"slices"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	jsonfeed "github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

func fromRSS(f *rss.Feed) *document {
	doc := &document{
		title:    f.Title,
		language: firstOf(f.Language, extValue(f.Extensions, "dc", "language"), extValue(f.Extensions, "agora", "lang")),
		link:     firstLink(f.Link, f.Links, f.Extensions),
		asks:     asksOf(f.TTL, f.SkipHours, f.SkipDays, f.Extensions),
		links:    rssLinks(f.Extensions),
		entries:  make([]entry, 0, len(f.Items)),
	}
	show := extValue(f.Extensions, "itunes", "author") // who speaks in all of them
	for _, item := range f.Items {
		e := fromRSSItem(item)
		e.author = firstOf(e.author, show)
		doc.entries = append(doc.entries, e)
	}
	return doc
}

func fromRSSItem(item *rss.Item) entry {
	x := item.Extensions
	e := entry{
		title:    firstOf(item.Title, extValue(x, "dc", "title"), extValue(x, "atom", "title"), extValue(x, "media", "title"), extChild(x, "media", "group", "title"), extValue(x, "itunes", "title")),
		body:     longer(item.Content, firstOf(item.Description, item.Custom["encoded"], extValue(x, "dc", "description"), extValue(x, "itunes", "summary"), extValue(x, "itunes", "subtitle"), extValue(x, "atom", "summary"), extValue(x, "media", "description"), extChild(x, "media", "group", "description"), custom(item, "summary", "content", "body", "fullitem", "abstract"))),
		language: firstOf(extValue(x, "agora", "lang"), extValue(x, "dc", "language"), custom(item, "language")),
		base:     extValue(x, "agora", "base"),
	}
	e.body = longer(firstOf(extValue(x, "atom", "content"), extValue(x, "xhtml", "body"), extValue(x, "xhtml", "div")), e.body)
	e.author = firstOf(item.Author, joined(extValues(x, "dc", "creator")), extValue(x, "dc", "author"), extChild(x, "dc", "creator", "name"), extValue(x, "itunes", "author"), extChild(x, "atom", "author", "name"), extValue(x, "media", "credit"), custom(item, "creator", "byline"))
	e.dates = nonEmpty(extValue(x, "agora", "pubdate"), item.PubDate, extValue(x, "dc", "date"), extValue(x, "dcterms", "created"), extValue(x, "dcterms", "issued"), extValue(x, "dcterms", "date"), extValue(x, "atom", "published"), extValue(x, "atom03", "issued"), custom(item, "published", "issued", "date", "created"), extValue(x, "prism", "publicationDate"), extValue(x, "prism", "publicationdate"), extValue(x, "atom", "updated"), extValue(x, "atom03", "modified"), extValue(x, "dcterms", "modified"), custom(item, "updated", "modified", "lastbuilddate"))

	permalink := false
	if item.GUID != nil {
		e.guid = item.GUID.Value
		permalink = !strings.EqualFold(strings.TrimSpace(item.GUID.IsPermalink), "false")
	}
	e.guid = firstOf(e.guid, extValue(x, "atom", "id"), extValue(x, "dc", "identifier"), custom(item, "id"))
	e.links = nonEmpty(extValue(x, "feedburner", "origLink"), extValue(x, "pheedo", "origLink"))
	e.links = append(e.links, item.Links...)
	e.links = append(e.links, extLinks(x)...)
	if permalink {
		e.links = append(e.links, e.guid)
	}
	e.links = append(e.links, extValue(x, "agora", "about"), extAttr(x, "xhtml", "a", "href"))
	for _, enc := range item.Enclosures {
		e.links = append(e.links, enc.URL)
	}
	if looksLikeURL(e.guid) {
		e.links = append(e.links, e.guid)
	}
	e.links = append(e.links, extAttr(x, "media", "player", "url"), extAttr(x, "media", "content", "url"), extChildAttr(x, "media", "group", "content", "url"), extValue(x, "prism", "url"), custom(item, "url"), firstAddress(extValue(x, "dc", "source")), item.Comments)
	if item.Source != nil {
		e.sourceURL, e.sourceTitle = item.Source.URL, item.Source.Title
	}
	e.sourceTitle = firstOf(e.sourceTitle, extFold(x, "news", "source"), extValue(x, "dc", "publisher"))
	if e.sourceURL == "" {
		e.sourceURL = firstAddress(extValue(x, "dc", "publisher"), extValue(x, "dc", "source"))
	}
	for _, c := range item.Categories {
		e.categories = append(e.categories, c.Value)
	}
	e.categories = append(e.categories, extCategories(x)...)
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
	doc.links = hubLinks{Hubs: atomLinks(f.Links, "hub"), Self: firstOf(atomLinks(f.Links, "self")...)}
	feedAuthor := atomPeople(f.Authors)
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
		guid:     firstOf(item.ID, extValue(x, "agora", "guid"), extValue(x, "dc", "identifier")),
		title:    firstOf(item.Title, extValue(x, "media", "title"), extChild(x, "media", "group", "title"), extValue(x, "dc", "title")),
		body:     firstOf(item.Summary, extValue(x, "agora", "description"), extValue(x, "dc", "description")),
		author:   firstOf(atomPeople(item.Authors), extValue(x, "agora", "author"), joined(extValues(x, "dc", "creator"))),
		dates:    nonEmpty(item.Published, extValue(x, "agora", "created"), extValue(x, "dcterms", "created"), extValue(x, "dc", "date"), extValue(x, "atom03", "created"), extValue(x, "agora", "pubdate"), extValue(x, "agora", "date"), item.Updated, extValue(x, "dcterms", "modified")),
		language: firstOf(extValue(x, "agora", "lang"), extValue(x, "dc", "language")),
		base:     extValue(x, "agora", "base"),
		stars:    starsIn(x),
	}
	if item.Content != nil && !isBinary(item.Content.Type) {
		e.body = longer(item.Content.Value, e.body)
	}
	e.body = firstOf(e.body, extChild(x, "media", "group", "description"), extValue(x, "media", "description"))
	e.links = nonEmpty(extValue(x, "feedburner", "origLink"))
	e.links = append(e.links, atomLinks(item.Links, "alternate")...)
	e.links = append(e.links, extValue(x, "agora", "link"))
	e.links = append(e.links, atomLinks(item.Links, "enclosure")...)
	e.links = append(e.links, item.ID)
	if item.Content != nil {
		e.links = append(e.links, item.Content.Src)
	}
	e.links = append(e.links, extAttr(x, "media", "content", "url"), extChildAttr(x, "media", "group", "content", "url"))
	e.links = append(e.links, atomLinks(item.Links, "via", "self", "related", "replies")...)
	if s := item.Source; s != nil {
		e.sourceTitle = s.Title
		e.sourceURL = firstOf(atomLinks(s.Links, "alternate", "self")...)
		e.sourceURL = firstOf(e.sourceURL, firstAddress(s.ID))
		e.author = firstOf(e.author, atomPeople(s.Authors))
	}
	e.sourceTitle = firstOf(e.sourceTitle, extValue(x, "dc", "publisher"))
	for _, c := range item.Categories {
		if c != nil {
			e.categories = append(e.categories, firstOf(c.Label, c.Term))
		}
	}
	e.categories = append(e.categories, extCategories(x)...)
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
			guid:       item.ID,
			links:      nonEmpty(item.URL, item.ExternalURL, item.ID),
			title:      plain(item.Title),
			body:       firstOf(item.ContentHTML, plain(item.ContentText), plain(item.Summary)),
			author:     firstOf(jsonAuthor(item.Author, item.Authors), feedAuthor),
			dates:      nonEmpty(item.DatePublished, item.DateModified),
			language:   item.Language,
			categories: item.Tags,
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
	var names []string
	for _, a := range many {
		if a != nil {
			names = append(names, a.Name)
		}
	}
	if all := joined(names); all != "" {
		return all
	}
	if one != nil {
		return one.Name
	}
	return ""
}

func atomPeople(people []*atom.Person) string {
	names := make([]string, 0, 4)
	for _, p := range people {
		if p != nil {
			names = append(names, firstOf(p.Name, p.Email))
		}
	}
	return joined(names)
}

// joined puts several names into one line, each once.
func joined(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	kept := nonEmpty(names...)
	seen := map[string]bool{}
	return strings.Join(slices.DeleteFunc(kept, func(name string) bool {
		was := seen[name]
		seen[name] = true
		return was
	}), ", ")
}

func atomLinks(links []*atom.Link, rels ...string) []string {
	var found []string
	links = links[:min(len(links), maxItemLinks)]
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

// maxItemLinks bounds how many links of an item are looked at.
const maxItemLinks = 64

func isBinary(kind string) bool {
	kind = strings.ToLower(kind)
	return strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "audio/") ||
		strings.HasPrefix(kind, "video/") || kind == "application/octet-stream" || kind == "application/pdf"
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
