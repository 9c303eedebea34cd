package feed

import (
	"iter"
	"strings"
)

// headerLink is one link of a Link header (RFC 8288).
type headerLink struct {
	target, rel, typ string // as written; rel is empty for links of another document
}

// headerLinks lists the links of Link headers, in their order.
func headerLinks(headers []string) iter.Seq[headerLink] {
	return func(yield func(headerLink) bool) {
		for _, s := range headers {
			for s != "" {
				var link headerLink
				if link, s = nextLink(s); link.target != "" && !yield(link) {
					return
				}
			}
		}
	}
}

// nextLink takes the first link off a header, and gives what follows. A link
// that speaks of another document (anchor) has no relation here.
func nextLink(s string) (link headerLink, rest string) {
	open := strings.IndexByte(s, '<')
	if open < 0 {
		return link, ""
	}
	end := strings.IndexByte(s[open:], '>')
	if end < 0 {
		return link, ""
	}
	link.target, s = strings.TrimSpace(s[open+1:open+end]), s[open+end+1:]
	related, elsewhere := false, false
	for {
		s = strings.TrimLeft(s, " \t;")
		if s == "" || s[0] == ',' {
			break
		}
		i := strings.IndexAny(s, "=;,")
		if i < 0 {
			s = ""
			break
		}
		name := strings.ToLower(strings.TrimSpace(s[:i]))
		if s = s[i:]; s[0] != '=' {
			continue
		}
		var value string
		value, s = linkValue(strings.TrimLeft(s[1:], " \t"))
		switch {
		case name == "rel" && !related: // only the first one counts
			link.rel, related = value, true
		case name == "type" && link.typ == "":
			link.typ = value
		case name == "anchor":
			elsewhere = true
		}
	}
	if elsewhere {
		link.rel = ""
	}
	return link, strings.TrimPrefix(s, ",")
}

// linkValue reads a parameter's value, quoted or not.
func linkValue(s string) (value, rest string) {
	if s == "" || s[0] != '"' {
		i := strings.IndexAny(s, ";,")
		if i < 0 {
			i = len(s)
		}
		return strings.TrimSpace(s[:i]), s[i:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}
