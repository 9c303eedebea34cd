package feed

import (
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// hit is one line of the request log that the simulated web keeps.
type hit struct {
	at, end time.Time
	url     string
	method  string
	asked   http.Header
	status  int // 0: there was no connection
	said    http.Header
	ttl     time.Duration // what the document asks for
	skip    asks
}

func (h *hit) host() string {
	u, err := url.Parse(h.url)
	if err != nil {
		return ""
	}
	return u.Host
}

func (h *hit) domain() string {
	u, err := url.Parse(h.url)
	if err != nil {
		return ""
	}
	return hostKey(u)
}

func (h *hit) private() bool {
	u, err := url.Parse(h.url)
	return err == nil && privateHost(u)
}

func (h *hit) conditional() bool {
	return h.asked.Get("If-None-Match") != "" || h.asked.Get("If-Modified-Since") != ""
}

// troubled says whether the host is to be thought down for this answer.
func (h *hit) troubled() bool {
	return h.status == 0 || (h.status >= 500 || h.status == 429) && h.said.Get("Retry-After") == ""
}

func (h *hit) String() string {
	return fmt.Sprintf("%s %s (%d)", h.at.UTC().Format("Jan 2 15:04:05.0"), h.url, h.status)
}

// webLog is the log of all requests, in the order in which they began.
type webLog []hit

func (l webLog) by(key func(*hit) string) map[string][]*hit {
	groups := map[string][]*hit{}
	for i := range l {
		k := key(&l[i])
		groups[k] = append(groups[k], &l[i])
	}
	return groups
}

func (l webLog) byURL() map[string][]*hit { return l.by(func(h *hit) string { return h.url }) }

// laws are the lines of the table of manners, each with the check that finds
// breaches of it in a log.
var laws = map[string]func(webLog) breaches{
	"no unconditional repeat within a day":          lawConditional,
	"validators are sent byte for byte":             lawValidators,
	"a full fetch every eight days":                 lawFullFetch,
	"no request ahead of a Retry-After":             lawRetryAfter,
	"one request in flight to a domain":             lawOneInFlight,
	"a second between requests to a domain":         lawGap,
	"the start is spread":                           lawSpreadStart,
	"retries are spread":                            lawSpreadRetries,
	"back-off grows":                                lawBackOff,
	"not below the floor":                           lawFloor,
	"not above the ceiling":                         lawCeiling,
	"max-age is waited out":                         lawFresh,
	"ttl is waited out":                             lawTTL,
	"skipped hours and days are skipped":            lawSkip,
	"moves are believed after two days, not before": lawMoved,
	"a second 410 is the last":                      lawGone,
	"a host that is down is probed, not stormed":    lawHalfOpen,
	"it says who asks, and nothing else":            lawIdentity,
}

// breaches collects what a check found.
type breaches []string

func (b *breaches) add(format string, args ...any) { *b = append(*b, fmt.Sprintf(format, args...)) }
