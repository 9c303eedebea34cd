package feed

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// feedTypes are the media types by which a page names its feeds.
var feedTypes = []string{
	"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json",
}

// What the address of a feed looks like to people who link to it.
var (
	feedPath  = regexp.MustCompile(`(?i)(^|[/._-])(rss|atom|feeds?)([0-9]|[/._-]?(xml|json|rss|atom|index\.xml))?/?$|\.(rss|atom|rdf)$`)
	feedQuery = regexp.MustCompile(`(?i)(^|&)(feed|format|type)=(rss2?|atom|feed|json)(&|$)`)
)

// linksOf lists the absolute addresses of the feeds that a page names in its
// <link> elements, then of what it points at that looks like a feed, each
// once. A tokenizer is enough for that, and nothing nests too deep for it.
func linksOf(text []byte, page *url.URL) []string {
	z := html.NewTokenizer(bytes.NewReader(text))
	z.SetMaxBuf(maxPageRead)
	var links, anchors []string
	base := page
	based := false
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		tag, more := z.TagName()
		name := string(tag)
		if !more || name != "link" && name != "a" && name != "base" {
			continue
		}
		rel, typ, href := linkAttrs(z)
		switch {
		case href == "":
		case name == "base" && !based:
			based = true
			if u := webURL(resolve(page, href)); u != nil {
				base = u
			}
		case name == "link" && namesFeed(rel, typ):
			links = append(links, href)
		case name == "a" && (namesFeed(rel, typ) || looksLikeFeed(href)):
			anchors = append(anchors, href)
		}
	}
	all := slices.Concat(absolute(base, links, maxLinks), absolute(base, anchors, maxAnchors))
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(s string) bool {
		was := seen[s]
		seen[s] = true
		return was
	})
}

func linkAttrs(z *html.Tokenizer) (rel, typ, href string) {
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "rel":
			rel = strings.ToLower(string(value))
		case "type":
			typ, _, _ = strings.Cut(strings.ToLower(string(value)), ";")
			typ = strings.TrimSpace(typ)
		case "href":
			href = string(value)
		}
	}
	return rel, typ, href
}

// namesFeed says whether a link is to a feed, going by what it says of itself.
func namesFeed(rel, typ string) bool {
	return slices.Contains(strings.Fields(rel), "alternate") && slices.Contains(feedTypes, typ)
}

// looksLikeFeed goes by the address alone.
func looksLikeFeed(href string) bool {
	u, err := url.Parse(tidyAddress(href))
	return err == nil && (feedPath.MatchString(u.Path) || feedQuery.MatchString(u.RawQuery))
}

// absolute gives the first few web addresses of a list, against a base, each
// once.
func absolute(base *url.URL, refs []string, most int) []string {
	var list []string
	for _, ref := range refs {
		u := webURL(resolve(base, ref))
		if u == nil {
			continue
		}
		u.Fragment, u.RawFragment = "", ""
		if s := u.String(); len(list) < most && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}
