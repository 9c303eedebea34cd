package feed

import (
	"net/url"
	"regexp"
	"strings"
)

// CanonicalURL gives the address that identifies what raw points at: http or
// https, host in lower case and ASCII (RFC 5891), no default port, no user, no
// tracking parameters (trackers.txt) and no session id, dot segments resolved,
// escapes as RFC 3986 6.2.2 normalises them, the parts of the query in their
// order. A fragment is dropped, unless it names one comment or post of its
// page or is a hashbang. Redirecting wrappers that carry the real address
// (Bing News, Google Alerts, AMP caches) are taken off. It is "" when raw is
// unusable. [mood.AddressKey] says which canonical addresses are the same page.
func CanonicalURL(raw string) string {
	u := webURL(raw)
	if u == nil {
		return ""
	}
	for range 3 {
		inner := unwrap(u)
		if inner == nil {
			break
		}
		u = inner
	}
	u.User = nil
	if !identifies(u.Fragment) {
		u.Fragment, u.RawFragment = "", ""
	}
	if u.Host = canonicalHost(u); u.Hostname() == "" {
		return ""
	}
	if before := u.EscapedPath(); before != "" {
		setPath(u, before, canonicalPath(before))
	} else {
		u.Path = "/"
	}
	if u.RawQuery != "" {
		host, _, _ := strings.Cut(u.Host, ":")
		u.RawQuery = knownTrackers().without(canonicalEscapes(u.RawQuery), host)
	}
	u.ForceQuery = false
	return u.String()
}

// anchors are fragments by which software that many sites run names one
// comment, or one post of a thread: those of a page differ in nothing else.
var anchors = regexp.MustCompile(`^(?i:comment|comments|issuecomment|discussion_r|isso|c|p|post|reply|msg|message|answer|entry)[-_]?[0-9]+$`)

// identifies says whether a fragment is part of what an address identifies.
func identifies(fragment string) bool {
	return fragment != "" && (fragment[0] == '!' || len(fragment) < 40 && anchors.MatchString(fragment))
}

// canonicalPath resolves dot segments, drops session ids and normalises the
// escapes of an escaped path.
func canonicalPath(path string) string {
	path = canonicalEscapes(path)
	if strings.IndexByte(path, ';') >= 0 {
		path = withoutSessions(path)
	}
	if strings.Contains(path, "/.") {
		path = withoutDots(path)
	}
	if path == "" {
		return "/"
	}
	return path
}

// withoutDots resolves "." and ".." (RFC 3986 5.2.4); empty segments stay.
func withoutDots(path string) string {
	segments := strings.Split(path, "/")
	kept := make([]string, 0, len(segments))
	for i, s := range segments {
		last := i == len(segments)-1
		switch s {
		case ".", "..":
			if s == ".." && len(kept) > 1 {
				kept = kept[:len(kept)-1]
			}
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, "/")
}

// sessions are ids that Java servers put at a segment's end for visitors
// without cookies.
var sessions = regexp.MustCompile(`(?i);jsessionid=[^/;]*`)

func withoutSessions(path string) string { return sessions.ReplaceAllLiteralString(path, "") }

// canonicalEscapes writes escapes with capitals and resolves those of
// unreserved characters (RFC 3986 6.2.2). What is no escape stays.
func canonicalEscapes(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || i+2 >= len(s) {
			b = append(b, s[i])
			continue
		}
		high, low := hexDigit(s[i+1]), hexDigit(s[i+2])
		if high < 0 || low < 0 {
			b = append(b, s[i])
			continue
		}
		if c := byte(high<<4 | low); unreserved(c) {
			b = append(b, c)
		} else {
			const digits = "0123456789ABCDEF"
			b = append(b, '%', digits[high], digits[low])
		}
		i += 2
	}
	return string(b)
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

func setPath(u *url.URL, before, escaped string) {
	if before == escaped {
		return
	}
	if path, err := url.PathUnescape(escaped); err == nil {
		u.Path, u.RawPath = path, escaped
	}
}

func canonicalHost(u *url.URL) string {
	host := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	port := u.Port()
	if port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		return host
	}
	return host + ":" + port
}

// cached is the address that an AMP cache writes behind a prefix of its path,
// led by s/ where it is https.
func cached(u *url.URL, prefix string) *url.URL {
	rest, scheme := strings.TrimPrefix(u.EscapedPath(), prefix), "http://"
	if secure, ok := strings.CutPrefix(rest, "s/"); ok {
		rest, scheme = secure, "https://"
	}
	if host, _, _ := strings.Cut(rest, "/"); !strings.Contains(host, ".") {
		return nil
	}
	if u.RawQuery != "" {
		rest += "?" + u.RawQuery
	}
	return webURL(scheme + rest)
}
