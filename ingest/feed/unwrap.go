package feed

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// wrapper is a click counter whose addresses carry the real one in a
// parameter. Host is compared without "www."; one that begins with a dot
// stands for all hosts below it, one that ends in a dot for all its countries.
type wrapper struct{ host, path, params string }

var wrappers = [...]wrapper{
	{"bing.com", "/news/apiclick", "url"},
	{"google.", "/url", "url q"},
	{"google.", "/news/url", "url"},
	{"news.google.", "/news/url", "url"},
	{"google.", "/alerts/share", "ru"},
	{"l.facebook.com", "/l.php", "u"},
	{"lm.facebook.com", "/l.php", "u"},
	{"facebook.com", "/l.php", "u"},
	{"l.instagram.com", "/", "u"},
	{"l.threads.com", "/", "u"},
	{"out.reddit.com", "/", "url"},
	{"t.umblr.com", "/redirect", "z"},
	{"youtube.com", "/redirect", "q url"},
	{"linkedin.com", "/redir/redirect", "url"},
	{"linkedin.com", "/safety/go", "url"},
	{"vk.com", "/away.php", "to"},
	{"duckduckgo.com", "/l/", "uddg"},
	{"steamcommunity.com", "/linkfilter", "url u"},
	{"medium.com", "/r/", "url"},
	{"disq.us", "/url", "url"},
	{"slack-redir.net", "/link", "url"},
	{"getpocket.com", "/redirect", "url"},
	{"flipboard.com", "/redirect", "url"},
	{"go.redirectingat.com", "/", "url"},
	{"redirect.viglink.com", "/", "u"},
	{".safelinks.protection.outlook.com", "/", "url"},
}

func (w *wrapper) fits(host, path string) bool {
	switch {
	case !strings.HasPrefix(path, w.path):
		return false
	case w.host[0] == '.':
		return strings.HasSuffix(host, w.host)
	case strings.HasSuffix(w.host, "."):
		// google.com, google.de, google.co.uk
		rest, ok := strings.CutPrefix(host, w.host)
		return ok && len(rest) <= len("com.au") && strings.Count(rest, ".") <= 1
	}
	return host == w.host
}

// unwrap gives the address inside a click counter's own one, or nil.
func unwrap(u *url.URL) *url.URL {
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	path := strings.ToLower(u.Path)
	if u.RawQuery != "" {
		for i := range wrappers {
			w := &wrappers[i]
			if !w.fits(host, path) {
				continue
			}
			query := u.Query()
			for name := range strings.FieldsSeq(w.params) {
				if inner := webURL(query.Get(name)); inner != nil {
					return inner
				}
			}
		}
	}
	switch {
	case host == "news.google.com":
		return insideNewsID(u.Path)
	case host == "bing.com" && strings.HasPrefix(path, "/ck/"):
		// u is "a1" and the address in base64.
		if code, ok := strings.CutPrefix(u.Query().Get("u"), "a1"); ok {
			return webURL(string(unbase64(code)))
		}
	case host == "r.search.yahoo.com":
		if _, rest, ok := strings.Cut(u.EscapedPath(), "/RU="); ok {
			rest, _, _ = strings.Cut(rest, "/")
			if inner, err := url.PathUnescape(rest); err == nil {
				return webURL(inner)
			}
		}
	case host == "rd.yahoo.com" || strings.HasSuffix(host, ".rd.yahoo.com"):
		if _, rest, ok := strings.Cut(u.String(), "*"); ok {
			if !strings.Contains(rest, "://") {
				rest, _ = url.PathUnescape(rest)
			}
			return webURL(rest)
		}
	case host == "href.li" && u.RawQuery != "":
		return webURL(u.RawQuery)
	case strings.HasPrefix(host, "google.") && strings.HasPrefix(path, "/amp/s/"):
		return webURL("https://" + u.Path[len("/amp/s/"):])
	case strings.HasSuffix(host, ".cdn.ampproject.org"):
		for _, kind := range [...]string{"/c/s/", "/v/s/", "/a/s/"} {
			if rest, ok := strings.CutPrefix(u.Path, kind); ok {
				return webURL("https://" + rest)
			}
		}
	}
	return nil
}

// insideNewsID reads the address that an early Google News id holds: base64 of
// a protocol buffer (08 13 22, a length, the address). The ids since 2024 hold
// only a key that Google keeps: those stay as they are.
func insideNewsID(path string) *url.URL {
	i := strings.LastIndexByte(path, '/')
	dir := path[:max(i, 0)]
	if i < 0 || !strings.HasSuffix(dir, "/articles") && !strings.HasSuffix(dir, "/read") {
		return nil
	}
	b := unbase64(path[i+1:])
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return nil
		}
		b = b[n:]
		value, n := binary.Uvarint(b)
		if n <= 0 {
			return nil
		}
		b = b[n:]
		switch key & 7 {
		case 0: // a number, read already
		case 2:
			if value > uint64(len(b)) {
				return nil
			}
			if u := webURL(string(b[:value])); u != nil {
				return u
			}
			b = b[value:]
		default:
			return nil
		}
	}
	return nil
}

// unbase64 decodes either alphabet, with or without padding; nil: neither.
func unbase64(s string) []byte {
	s = strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(s, "="))
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil
	}
	return b
}

// tidyAddress mends what publishers do to addresses: white space around them,
// line breaks inside, spaces, ampersands escaped twice, backslashes, a missing
// scheme, the feed: scheme.
func tidyAddress(raw string) string {
	raw = strings.Trim(raw, " \t\r\n\v\f\u00a0\u200b\ufeff")
	if strings.ContainsAny(raw, "\t\n\r") {
		// A line that was wrapped goes on after its break and what indents it.
		var b strings.Builder
		for part := range strings.FieldsFuncSeq(raw, func(r rune) bool { return r == '\t' || r == '\n' || r == '\r' }) {
			b.WriteString(strings.TrimSpace(part))
		}
		raw = b.String()
	}
	if strings.Contains(raw, "&amp;") || strings.Contains(raw, "&#") {
		raw = strings.NewReplacer("&amp;", "&", "&#38;", "&", "&#038;", "&", "&#x26;", "&").Replace(raw)
	}
	if len(raw) > 4 {
		switch lower := strings.ToLower(raw[:min(len(raw), 8)]); {
		case strings.HasPrefix(lower, "www."):
			raw = "http://" + raw
		case strings.HasPrefix(lower, "feed:"):
			rest := raw[len("feed:"):]
			if strings.HasPrefix(rest, "//") {
				rest = "http:" + rest
			}
			raw = rest
		case strings.HasPrefix(lower, `http:\\`), strings.HasPrefix(lower, `https:\\`):
			raw = strings.ReplaceAll(raw, `\`, "/")
		}
	}
	if strings.IndexByte(raw, ' ') >= 0 {
		raw = strings.ReplaceAll(raw, " ", "%20")
	}
	if i := strings.IndexByte(raw, '?'); i >= 0 {
		raw = raw[:i] + asciiQuery(raw[i:])
	}
	return raw
}

// asciiQuery escapes what isn't ASCII in a query, as the path's is escaped.
func asciiQuery(q string) string {
	for i := range len(q) {
		if q[i] >= 0x80 {
			var b strings.Builder
			for j := range len(q) {
				if q[j] < 0x80 {
					b.WriteByte(q[j])
				} else {
					fmt.Fprintf(&b, "%%%02X", q[j])
				}
			}
			return b.String()
		}
	}
	return q
}

// asciiHost puts the host of u into the form that the domain name system has
// of it: xn--… for names of other scripts. False: it is no host name.
func asciiHost(u *url.URL) bool {
	for i := range len(u.Host) {
		if u.Host[i] >= 0x80 {
			host, err := idna.Lookup.ToASCII(u.Hostname())
			if err != nil {
				return false
			}
			if port := u.Port(); port != "" {
				host += ":" + port
			}
			u.Host = host
			return true
		}
	}
	return true
}
