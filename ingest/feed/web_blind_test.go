package feed

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// logOf builds a log. Each hit begins after so much time, lasts a tenth of a
// second and has headers "name: value", those of the request with "> ".
func logOf(hits ...any) webLog {
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	var l webLog
	for _, x := range hits {
		l = append(l, x.(func(time.Time) hit)(start))
	}
	return l
}

func at(after time.Duration, url string, status int, headers ...string) any {
	return func(start time.Time) hit {
		h := hit{at: start.Add(after), end: start.Add(after + 100*time.Millisecond), url: url, status: status, method: "GET", asked: http.Header{}, said: http.Header{}}
		h.asked.Set("User-Agent", "Agora/1.0 (+ops@example.com)")
		for _, line := range headers {
			to := h.said
			if rest, ok := strings.CutPrefix(line, "> "); ok {
				line, to = rest, h.asked
			}
			name, value, _ := strings.Cut(line, ": ")
			to.Set(name, value)
		}
		return h
	}
}

func with(x any, change func(*hit)) any {
	return func(start time.Time) hit {
		h := x.(func(time.Time) hit)(start)
		change(&h)
		return h
	}
}

// TestEachLawFindsItsBreach shows that no check of the simulated web is blind:
// each must find fault with a log that breaks its law.
func TestEachLawFindsItsBreach(t *testing.T) {
	const a, b = "http://a.example.com/1", "http://b.example.com/2"
	many := func(n int, f func(i int) []any) (list []any) {
		for i := range n {
			list = append(list, f(i)...)
		}
		return list
	}
	u := func(i int) string { return fmt.Sprintf("http://host%d.com/", i) }
	for law, log := range map[string][]any{
		"no unconditional repeat within a day":  {at(0, a, 200, `ETag: "1"`), at(23*time.Hour, a, 200)},
		"validators are sent byte for byte":     {at(0, a, 200, `ETag: W/"1"`), at(time.Hour, a, 304, `> If-None-Match: "1"`)},
		"a full fetch every eight days":         {at(0, a, 200, `ETag: "1"`), at(9*day, a, 304, `> If-None-Match: "1"`), at(10*day, a, 304, `> If-None-Match: "1"`)},
		"no request ahead of a Retry-After":     {at(0, a, 200, "Retry-After: 600"), at(9*time.Minute, b, 200)},
		"one request in flight to a domain":     {at(0, a, 200), at(50*time.Millisecond, b, 200)},
		"a second between requests to a domain": {at(0, a, 200), at(time.Second, b, 200)},
		"the start is spread":                   many(60, func(i int) []any { return []any{at(0, u(i), 200), at(time.Hour, u(i), 200)} }),
		"retries are spread":                    many(60, func(i int) []any { return []any{at(0, u(i), 503), at(time.Hour, u(i), 503)} }),
		"back-off grows":                        many(20, func(i int) []any { return []any{at(time.Duration(i)*15*time.Minute, a, 500)} }),
		"not below the floor":                   {at(0, a, 200), at(14*time.Minute, a, 200)},
		"not above the ceiling":                 {at(0, a, 200), at(26*time.Hour, a, 200)},
		"max-age is waited out":                 {at(0, a, 200, "Cache-Control: public, max-age=3600"), at(59*time.Minute, a, 200)},
		"ttl is waited out":                     {with(at(0, a, 200), func(h *hit) { h.ttl = time.Hour }), at(59*time.Minute, a, 200)},
		"skipped hours and days are skipped":    {with(at(0, a, 200), func(h *hit) { h.skip.SkipHours = []int{3} }), at(3*time.Hour+30*time.Minute, a, 200)},
		"a second 410 is the last":              {at(0, a, 410), at(2*time.Hour, a, 410), at(20*day, a, 410)},
		"it says who asks, and nothing else":    {at(0, a, 200, "> Cookie: a=b")},
		"a host that is down is probed, not stormed": many(5, func(i int) []any {
			return []any{at(time.Duration(i)*5*time.Second, fmt.Sprintf("http://a.example.com/%d", i), 0)}
		}),
		"moves are believed after two days, not before": many(20, func(i int) []any {
			return []any{at(time.Duration(i)*6*time.Hour, a, 301, "Location: "+b)}
		}),
	} {
		if found := laws[law](logOf(log...)); len(found) == 0 {
			t.Errorf("%s: the check is blind", law)
		}
	}
	if found := laws["moves are believed after two days, not before"](logOf(at(0, a, 301), at(day, a, 301), at(10*day, b, 200))); len(found) == 0 {
		t.Error("a move that is believed too early isn't found")
	}
	if found := laws["a second 410 is the last"](logOf(at(0, a, 410), at(time.Minute, a, 410))); len(found) == 0 {
		t.Error("a second 410 that is asked for too soon isn't found")
	}
	good := logOf(at(0, a, 200, `ETag: W/"1"`), at(2*time.Second, b, 200), at(20*time.Minute, a, 304, `> If-None-Match: W/"1"`))
	for law, check := range laws {
		if found := check(good); len(found) != 0 {
			t.Errorf("%s: a good log is blamed: %s", law, found)
		}
	}
}
