package feed

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// link is where an item can be read.
type link struct {
	url    string // canonical; empty: nowhere
	outlet string // its host
	via    string // the host of the address as the feed has it, before unwrapping
}

// linkTo is the link that an absolute address makes.
func linkTo(full string) link {
	l := link{url: CanonicalURL(full)}
	if l.url == "" {
		return l
	}
	l.outlet = Outlet(l.url)
	// Most addresses aren't wrapped, and need no second look.
	_, rest, _ := strings.Cut(full, "://")
	if l.via = l.outlet; !strings.HasPrefix(strings.TrimPrefix(rest, "www."), l.outlet) {
		l.via = Outlet(full)
	}
	return l
}

// baseOf tells what a document's relative addresses start from where no
// xml:base is in force. It is the document's own address (Content-Location,
// else where it was found), as RFC 3986 and RFC 4287 have it. Only a copy that
// another domain serves (FeedBurner, a store, a mirror) starts from the site
// that it says it belongs to: its addresses mean nothing elsewhere.
func baseOf(doc *document, base *url.URL) *url.URL {
	if base == nil || strings.TrimSpace(doc.link) == "" {
		return base
	}
	site := webURL(resolve(base, doc.link))
	if site == nil || hostKey(site) == hostKey(base) {
		return base
	}
	return site
}

// linkOf takes the first of an item's addresses that leads to the web.
func linkOf(e *entry, from *url.URL) link {
	if e.base != "" {
		if u, err := url.Parse(resolve(from, e.base)); err == nil && u.IsAbs() {
			from = u
		}
	}
	for _, raw := range e.links {
		raw = strings.TrimSpace(raw)
		if raw == "" || raw[0] == '#' {
			continue
		}
		if raw == e.guid && !looksLikeURL(raw) {
			continue // a bare number would resolve to something
		}
		switch raw {
		case "null", "undefined", "none", "N/A", "n/a", "-":
			continue
		}
		if l := linkTo(resolve(from, raw)); l.url != "" {
			return l
		}
	}
	return linkTo(onlyLink(e.body, from))
}

func looksLikeURL(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s[:min(len(s), 12)]))
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "/") ||
		strings.HasPrefix(s, "www.") || strings.HasPrefix(s, "feed:")
}

// onlyLink gives the one address that an item without any other links to in
// its text, when that is on the feed's own site: of several, or of a stranger's,
// nobody knows that it is the item's.
func onlyLink(body string, from *url.URL) string {
	if from == nil {
		return ""
	}
	found := ""
	for href := range hrefs(body) {
		u := webURL(resolve(from, href))
		if u == nil || hostKey(u) != hostKey(from) {
			return ""
		}
		one := CanonicalURL(u.String())
		if found != "" && found != one {
			return ""
		}
		found = one
	}
	return found
}

// linkedAs gives the address that an aggregator's item text links its own
// title to, when that leads away from aggregators.
func linkedAs(body, title string) string {
	if title == "" {
		return ""
	}
	for href, text := range hrefs(body) {
		if u := CanonicalURL(href); u != "" && !isAggregator(Outlet(u)) && strings.HasPrefix(text, title) {
			return u
		}
	}
	return ""
}

// maxHrefs bounds how many links of a text are looked at.
const maxHrefs = 20

// hrefs lists the links of a text, with what each is called.
func hrefs(body string) func(yield func(href, text string) bool) {
	return func(yield func(href, text string) bool) {
		if !strings.Contains(body, "href") && !strings.Contains(body, "HREF") {
			return
		}
		z := html.NewTokenizer(strings.NewReader(head(body)))
		href, seen := "", 0
		var text strings.Builder
		for seen < maxHrefs {
			switch z.Next() {
			case html.ErrorToken:
				if href != "" {
					yield(href, Text(text.String()))
				}
				return
			case html.TextToken:
				if href != "" && text.Len() < maxTitle {
					text.Write(z.Raw())
				}
			case html.StartTagToken:
				if name, more := z.TagName(); string(name) == "a" && more {
					if _, _, now := linkAttrs(z); now != "" {
						href = now
						text.Reset()
					}
				}
			case html.EndTagToken:
				if name, _ := z.TagName(); string(name) == "a" && href != "" {
					if seen++; !yield(href, Text(text.String())) {
						return
					}
					href = ""
				}
			}
		}
	}
}

// isAggregator names the hosts that list what others publish, under addresses
// of their own.
func isAggregator(host string) bool {
	switch host {
	case "news.google.com", "bing.com", "google.com", "news.yahoo.com", "finance.yahoo.com", "msn.com", "r.search.yahoo.com", "feedproxy.google.com":
		return true
	}
	return strings.HasSuffix(host, ".news.yahoo.com") || strings.HasSuffix(host, ".rd.yahoo.com")
}
