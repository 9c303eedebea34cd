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
	"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/rss", "application/atom",
	"text/rss+xml", "text/atom+xml",
}

// dataTypes are those that feeds have, and much else.
var dataTypes = []string{"application/json", "application/xml", "text/xml"}

// What the address of a feed looks like to people who link to it.
var (
	feedPath  = regexp.MustCompile(`(?i)(^|[/._-])(rss|atom|feeds?)([0-9]|[/._-]?(xml|json|rss|atom|index\.xml))?/?$|\.(rss|atom|rdf)$`)
	feedQuery = regexp.MustCompile(`(?i)(^|&)(feed|format|type)=(rss2?|atom|feed|json)(&|$)`)
)

// pageLinks is what a page names.
type pageLinks struct {
	feeds   []string
	refresh string // where it sends people by itself; empty: nowhere
}

// linksOf lists the absolute addresses of the feeds that a page names in its
// <link> elements, then of what it points at that looks like a feed, each
// once. A tokenizer is enough for that, and nothing nests too deep for it.
func linksOf(text []byte, page *url.URL) pageLinks {
	z := html.NewTokenizer(bytes.NewReader(text))
	z.SetMaxBuf(maxPageRead)
	var links, anchors []string
	base := page
	based, refresh := false, ""
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
		if !more || name != "link" && name != "a" && name != "base" && name != "meta" {
			continue
		}
		a := attrsOf(z)
		rel, typ, href := strings.ToLower(a["rel"]), mediaType(a["type"]), Address(a["href"])
		switch {
		case name == "meta":
			if refresh == "" && strings.EqualFold(a["http-equiv"], "refresh") {
				refresh = refreshURL(a["content"])
			}
		case href == "":
		case name == "base" && !based:
			based = true
			if u := webURL(resolve(page, href)); u != nil {
				base = u
			}
		case name == "link" && namesFeed(rel, typ, href):
			links = append(links, href)
		case name == "a" && (namesFeed(rel, typ, href) || looksLikeFeed(href)):
			anchors = append(anchors, href)
		}
	}
	all := slices.Concat(absolute(base, links, maxLinks), absolute(base, anchors, maxAnchors))
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(s string) bool {
		was := seen[s]
		seen[s] = true
		return was
	})
	if refresh != "" {
		refresh = resolve(base, refresh)
	}
	return pageLinks{feeds: all, refresh: refresh}
}

// attrsOf reads the attributes of a tag; the first of a name counts.
func attrsOf(z *html.Tokenizer) map[string]string {
	list := map[string]string{}
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		if _, ok := list[string(key)]; !ok {
			list[string(key)] = string(value)
		}
	}
	return list
}

// mediaType is a type in lower case without its parameters.
func mediaType(s string) string {
	s, _, _ = strings.Cut(strings.ToLower(s), ";")
	return strings.TrimSpace(s)
}

// refreshURL reads the address out of a page's wish to be left: "5; url=/x".
func refreshURL(content string) string {
	_, after, ok := strings.Cut(content, ";")
	if !ok {
		_, after, ok = strings.Cut(content, ",")
	}
	after = strings.TrimSpace(after)
	if !ok || len(after) < 4 || !strings.EqualFold(after[:3], "url") {
		return ""
	}
	after = strings.TrimSpace(after[3:])
	address, ok := strings.CutPrefix(after, "=")
	if !ok {
		return ""
	}
	return strings.Trim(strings.TrimSpace(address), `'"`)
}

// namesFeed says whether a link is to a feed, going by what it says of itself.
// JSON may be anything, unless its address says more.
func namesFeed(rel, typ, href string) bool {
	rels := strings.Fields(rel)
	switch {
	case slices.Contains(rels, "stylesheet"):
		return false
	case slices.Contains(rels, "feed") && typ != "text/html":
		return true
	case !slices.Contains(rels, "alternate"):
		return false
	case slices.Contains(feedTypes, typ):
		return true
	}
	return slices.Contains(dataTypes, typ) && looksLikeFeed(href)
}

// headerLinks lists the feeds that an answer names in its Link headers (RFC
// 8288), as absolute addresses.
func headerLinks(headers []string, page *url.URL) []string {
	var links []string
	for _, header := range headers {
		for len(header) > 0 && len(links) < maxLinks {
			_, rest, ok := strings.Cut(header, "<")
			if !ok {
				break
			}
			href, rest, ok := strings.Cut(rest, ">")
			if !ok {
				break
			}
			params, rest := linkParams(rest)
			if namesFeed(strings.ToLower(params["rel"]), mediaType(params["type"]), href) {
				links = append(links, Address(href))
			}
			header = rest
		}
	}
	return absolute(page, links, maxLinks)
}

// linkParams reads the parameters of one link of a header, up to the comma
// before the next.
func linkParams(s string) (params map[string]string, rest string) {
	params = map[string]string{}
	quoted := false
	end := strings.IndexFunc(s, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ',' && !quoted
	})
	if end < 0 {
		end = len(s)
	}
	for param := range strings.SplitSeq(s[:end], ";") {
		name, value, _ := strings.Cut(param, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if _, ok := params[name]; !ok {
			params[name] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return params, s[end:]
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
