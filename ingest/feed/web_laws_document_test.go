package feed

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func lawConditional(l webLog) (b breaches) {
	for _, hits := range l.byURL() {
		var whole time.Time // when it last came as a whole, with validators
		for _, h := range hits {
			if !whole.IsZero() && !h.conditional() && h.at.Sub(whole) < day {
				b.add("%v asked for all of it %v after it came, with validators", h, h.at.Sub(whole))
			}
			if h.status == 200 {
				whole = time.Time{}
				if h.said.Get("ETag") != "" || h.said.Get("Last-Modified") != "" {
					whole = h.end
				}
			}
		}
	}
	return b
}

func lawValidators(l webLog) (b breaches) {
	for _, hits := range l.byURL() {
		etag, modified := "", ""
		for _, h := range hits {
			if h.conditional() && (h.asked.Get("If-None-Match") != etag || h.asked.Get("If-Modified-Since") != modified) {
				b.add("%v sent %q and %q; given were %q and %q", h, h.asked.Get("If-None-Match"), h.asked.Get("If-Modified-Since"), etag, modified)
			}
			switch h.status {
			case 200:
				etag, modified = h.said.Get("ETag"), h.said.Get("Last-Modified")
			case 304:
				if v := h.said.Get("ETag"); v != "" {
					etag = v
				}
				if v := h.said.Get("Last-Modified"); v != "" {
					modified = v
				}
			}
		}
	}
	return b
}

func lawFullFetch(l webLog) (b breaches) {
	var waits []time.Duration
	for _, hits := range l.byURL() {
		var full time.Time
		for _, h := range hits {
			if h.status != 200 && h.status != 304 {
				full = time.Time{}
				continue
			}
			if !full.IsZero() && h.status == 304 && h.at.Sub(full) > 9*day+12*time.Hour {
				b.add("%v still asks conditionally %v after the last whole document", h, h.at.Sub(full))
			}
			if !full.IsZero() && h.status == 200 && !h.conditional() && h.at.Sub(full) > day {
				waits = append(waits, h.at.Sub(full))
			}
			if h.status == 200 {
				full = h.at
			}
		}
	}
	if len(waits) >= 20 && slices.Max(waits)-slices.Min(waits) < 6*time.Hour {
		b.add("%d full fetches all came %v to %v after the last", len(waits), slices.Min(waits), slices.Max(waits))
	}
	return b
}

// maxAge reads how long an answer is fresh, with eyes of its own.
func maxAge(h *hit) time.Duration {
	_, after, ok := strings.Cut(h.said.Get("Cache-Control"), "max-age=")
	if !ok || strings.Contains(h.said.Get("Cache-Control"), "no-cache") {
		return 0
	}
	digits, _, _ := strings.Cut(after, ",")
	n, _ := strconv.Atoi(digits)
	age, _ := strconv.Atoi(h.said.Get("Age"))
	return min(time.Duration(max(0, n-age))*time.Second, day)
}

func lawFresh(l webLog) (b breaches) {
	for _, hits := range l.byURL() {
		for i := 1; i < len(hits); i++ {
			if gap := hits[i].at.Sub(hits[i-1].end); gap < maxAge(hits[i-1]) {
				b.add("%v came %v after an answer that was fresh for %v", hits[i], gap, maxAge(hits[i-1]))
			}
		}
	}
	return b
}

func lawTTL(l webLog) (b breaches) {
	for _, hits := range l.byURL() {
		ttl := time.Duration(0)
		for i, h := range hits {
			if i > 0 && h.at.Sub(hits[i-1].end) < ttl {
				b.add("%v came %v after the last, its ttl is %v", h, h.at.Sub(hits[i-1].end), ttl)
			}
			if h.status == 200 {
				ttl = h.ttl
			}
		}
	}
	return b
}

func lawSkip(l webLog) (b breaches) {
	for _, hits := range l.byURL() {
		var skip asks
		for _, h := range hits {
			if skip.skips(h.at.UTC()) {
				b.add("%v came in an hour to be skipped", h)
			}
			if h.status == 200 {
				skip = h.skip
			}
		}
	}
	return b
}

func lawMoved(l webLog) (b breaches) {
	for _, hits := range l.byURL() {
		first, n := hits[0].at, 0
		for i, h := range hits {
			if h.status != 301 && h.status != 308 {
				n = -1
				break
			}
			if n >= 3 && hits[i-1].at.Sub(first) >= 49*time.Hour {
				b.add("%v was asked though it had said %d times since %v that it moved", h, n, first)
			}
			n++
		}
		last := hits[len(hits)-1].at
		if n > 0 && l[len(l)-1].at.Sub(last) > 2*day && (n < 3 || last.Sub(first) < 48*time.Hour) {
			b.add("%s was left after %d sightings in %v", hits[0].url, n, last.Sub(first))
		}
	}
	return b
}

func lawGone(l webLog) (b breaches) {
	for _, hits := range l.byURL() {
		for i := 1; i < len(hits); i++ {
			if hits[i-1].status != 410 {
				continue
			}
			if gap := hits[i].at.Sub(hits[i-1].end); gap < time.Hour {
				b.add("%v came %v after a 410", hits[i], gap)
			}
			if i > 1 && hits[i-2].status == 410 {
				b.add("%v came after two 410s", hits[i])
			}
		}
	}
	return b
}

func lawIdentity(l webLog) (b breaches) {
	for i := range l {
		h := &l[i]
		if got := h.asked.Get("User-Agent"); got != "Agora/1.0 (+ops@example.com)" {
			b.add("%v came from %q", h, got)
		}
		for _, name := range [...]string{"Cookie", "Referer", "Origin", "Authorization", "X-Forwarded-For"} {
			if v := h.asked.Get(name); v != "" {
				b.add("%v sent %s: %s", h, name, v)
			}
		}
		if h.method != http.MethodGet {
			b.add("%v was a %s", h, h.method)
		}
	}
	return b
}
