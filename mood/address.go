package mood

import "strings"

// AddressKey is what canonical addresses of the same page have in common: two
// addresses with one key are one page. It is itself an address, most often the
// page's own, and is compared, never shown or fetched.
//
// Taken as the same, because sites that serve other content there are hardly
// found: http and https; a host with and without "www.", and with the "m."
// (also the "en.m." of Wikipedia), "mobile." or "amp." of its page for
// telephones; a path with and without a slash at its end, and with the "/amp",
// ".amp" or "/amp/" of its AMP form. Everything else tells pages apart: ports,
// the case of a path, index.html, and the order of a query.
func AddressKey(canonical string) string {
	rest, ok := strings.CutPrefix(canonical, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(canonical, "http://"); !ok {
			return canonical
		}
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, rest := rest[:end], rest[end:]
	end = strings.IndexAny(rest, "?#")
	if end < 0 {
		end = len(rest)
	}
	path, rest := rest[:end], rest[end:]
	if ampless, ok := strings.CutPrefix(path, "/amp/"); ok && ampless != "" {
		path = "/" + ampless
	}
	path = strings.TrimSuffix(path, "/")
	for _, amp := range [...]string{"/amp", ".amp", ".amp.html"} {
		if page, ok := strings.CutSuffix(path, amp); ok && page != "" {
			path = strings.TrimSuffix(page, "/")
			if amp == ".amp.html" {
				path = page + ".html"
			}
			break
		}
	}
	if path == "" {
		path = "/"
	}
	return "https://" + plainHost(host) + path + rest
}

// plainHost is a host without what says only for which screen it is.
func plainHost(host string) string {
	for _, prefix := range [...]string{"www.", "m.", "mobile.", "amp."} {
		if rest, ok := strings.CutPrefix(host, prefix); ok && strings.Contains(rest, ".") {
			host = rest
			break
		}
	}
	if strings.HasSuffix(host, ".m.wikipedia.org") {
		host = strings.TrimSuffix(host, ".m.wikipedia.org") + ".wikipedia.org"
	}
	return host
}
