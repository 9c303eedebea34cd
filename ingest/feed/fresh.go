package feed

import (
	"net/http"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// freshness is what an answer says of how long it stays fresh.
type freshness struct {
	lasts time.Duration // from now on; at most a day
	named time.Duration // the max-age, for answers that don't repeat it
	said  bool          // it says something, if only that it is stale at once
}

// freshnessOf reads max-age (less Age), else Expires (less Date, else now), as
// a private cache does (RFC 9111, 4.2.1). s-maxage is for shared caches.
func freshnessOf(h http.Header, now time.Time) freshness {
	var f freshness
	age, _ := seconds(h.Get("Age"))
	named := false
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, hasValue := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "no-store", "no-cache":
			if !hasValue { // no-cache="Set-Cookie" is about that header
				return freshness{said: true}
			}
		case "max-age":
			if d, ok := seconds(strings.Trim(strings.TrimSpace(value), `"`)); ok && !named {
				named = true
				f = freshness{lasts: max(0, d-age), named: d, said: true}
			}
		}
	}
	if named || h.Get("Expires") == "" {
		return f
	}
	f.said = true
	expires, err := http.ParseTime(h.Get("Expires"))
	if err != nil {
		return f // such as 0: it is stale at once
	}
	from := now
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		from = date
	}
	f.lasts = max(0, min(expires.Sub(from)-age, day))
	return f
}

// maxValidator bounds a validator that is kept. A longer one is dropped, not
// cut: it is sent byte for byte or not at all.
const maxValidator = 4 << 10

func validator(h http.Header, name string) string {
	v := h.Get(name)
	if len(v) > maxValidator || !httpguts.ValidHeaderFieldValue(v) {
		return ""
	}
	return v
}

// takeValidators keeps what the next conditional request to the same address
// sends, byte for byte. A 304 may bring new ones, and keeps those that it
// doesn't mention.
func (s *state) takeValidators(ans *answer) {
	etag, modified := validator(ans.header, "ETag"), validator(ans.header, "Last-Modified")
	from := addressKey(ans.url)
	if ans.status == http.StatusNotModified {
		if s.ValidFor != from {
			s.ETag, s.LastModified = "", ""
		}
		if etag != "" {
			s.ETag = etag
		}
		if modified != "" {
			s.LastModified = modified
		}
	} else {
		s.ETag, s.LastModified = etag, modified
	}
	s.ValidFor = from
	if s.ETag == "" && s.LastModified == "" {
		s.ValidFor = ""
	}
}

// takeFreshness gives how long the document stays fresh from now on. A 304
// that says nothing of it leaves in force what was said with the document
// (RFC 9111, 4.3.4).
func (s *state) takeFreshness(ans *answer, now time.Time) time.Duration {
	f := freshnessOf(ans.header, now)
	if f.said || ans.status != http.StatusNotModified {
		s.MaxAge = f.named
		return f.lasts
	}
	age, _ := seconds(ans.header.Get("Age"))
	return max(0, s.MaxAge-age)
}
