package feed

import (
	"strings"
	"testing"

	"agora/mood"
)

func TestEveryKindOfRuleTakesItsTrackersOffAndNothingElse(t *testing.T) {
	for _, c := range []struct{ kind, url, want string }{
		{"a name", "https://e.org/?fbclid=x&a=1", "https://e.org/?a=1"},
		{"a name in capitals", "https://e.org/?FBCLID=x&A=1", "https://e.org/?A=1"},
		{"a name without a value", "https://e.org/?fbclid&a", "https://e.org/?a"},
		{"a name is whole", "https://e.org/?fbclids=x&xfbclid=y", "https://e.org/?fbclids=x&xfbclid=y"},
		{"a prefix", "https://e.org/?utm_anything=x&utm=1", "https://e.org/?utm=1"},
		{"an escaped name", "https://e.org/?utm%5fsource=x", "https://e.org/"},
		{"a value", "https://e.org/?source=rss-7&source=top", "https://e.org/?source=top"},
		{"a value in capitals", "https://e.org/?source=RSS", "https://e.org/?source=RSS"},
		{"a whole value", "https://e.org/?rss=1&rss=12&amp=1", "https://e.org/?rss=12"},
		{"hexadecimal digits", "https://e.org/?sid=0123456789ABCDEF0&sid=17", "https://e.org/?sid=17"},
		{"a host", "https://youtube.com/watch?v=x&si=y", "https://youtube.com/watch?v=x"},
		{"a host below", "https://www.youtube.com/watch?si=y&v=x", "https://www.youtube.com/watch?v=x"},
		{"another host", "https://e.org/watch?si=y", "https://e.org/watch?si=y"},
		{"a host whose name ends so", "https://notyoutube.com/?si=y", "https://notyoutube.com/?si=y"},
		{"a port doesn't matter", "https://youtube.com:8443/?si=y&v=x", "https://youtube.com:8443/?v=x"},
		{"any top-level domain", "https://www.amazon.co.uk/dp/B0?ref=x&ref_=y&th=1", "https://www.amazon.co.uk/dp/B0?th=1"},
		{"that name elsewhere", "https://github.com/a?ref=main", "https://github.com/a?ref=main"},
		{"the order stays", "https://e.org/?z=1&utm_a=1&a=2&&m=3", "https://e.org/?z=1&a=2&m=3"},
	} {
		if got := CanonicalURL(c.url); got != c.want {
			t.Errorf("%s: %q became %q, want %q", c.kind, c.url, got, c.want)
		}
	}
}

// What identifies content on some large site stays on every site but the few
// where it is bound to be something else.
func TestWhatIdentifiesContentIsNoTracker(t *testing.T) {
	for _, name := range []string{
		"id", "p", "v", "t", "q", "s", "u", "article", "articleid", "story_fbid", "fbid", "storyid", "page", "pid", "aid", "nid", "tid",
		"post", "topic", "thread", "list", "item", "itemid", "doc", "key", "cat", "lang", "date", "no", "num", "seq", "code", "view", "title",
		"file", "news", "newsid", "a", "c", "k", "n", "sku", "symbol", "ticker", "issue", "ref", "source", "from", "type", "sid", "cid", "rss", "amp",
	} {
		for _, host := range []string{"example.org", "news.ycombinator.com", "www.facebook.com", "www.youtube.com", "forum.example.fi"} {
			if host == "www.facebook.com" && name == "ref" {
				continue
			}
			want := "https://" + host + "/x?" + name + "=17"
			if got := CanonicalURL(want); got != want {
				t.Errorf("%q became %q", want, got)
			}
		}
	}
}

func TestTheKeptListSaysEverythingOnceAndMistakesAreNamed(t *testing.T) {
	list, err := readTrackers(trackerList)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(trackerList) {
		line, _, _ = strings.Cut(line, "#")
		line = strings.Join(strings.Fields(line), " ")
		if line == "" {
			continue
		}
		if seen[line] {
			t.Errorf("%q stands there twice", line)
		}
		seen[line] = true
		if host, rule, bound := strings.Cut(line, " "); bound && !strings.ContainsAny(rule, "=*") && list.everywhere.has(strings.ToLower(rule), "") {
			t.Errorf("%s is taken off everywhere, not only on %s", rule, host)
		}
	}
	for _, bad := range []string{"*", "a*b*", "a=", "a*=b", "one two three", "=x"} {
		if _, err := readTrackers("utm_*\n" + bad); err == nil || !strings.Contains(err.Error(), "trackers.txt:2") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestAddressesOfOnePageHaveOneKey(t *testing.T) {
	for _, same := range [][]string{
		{"https://example.org/a", "http://example.org/a", "https://www.example.org/a/", "https://m.example.org/a", "https://example.org/a/amp", "https://example.org/amp/a", "https://amp.example.org/a"},
		{"https://example.org/", "http://www.example.org/"},
		{"https://en.wikipedia.org/wiki/Nokia", "https://en.m.wikipedia.org/wiki/Nokia"},
		{"https://example.org/a.html", "https://example.org/a.amp.html"},
		{"https://example.org/a?id=1", "http://example.org/a/?id=1"},
	} {
		for _, other := range same {
			if mood.AddressKey(other) != same[0] {
				t.Errorf("%q has the key %q, want %q", other, mood.AddressKey(other), same[0])
			}
		}
	}
	different := []string{
		"https://example.org/a", "https://example.org/A", "https://example.org/a?id=1", "https://example.org/a?id=2", "https://example.org/a?a=1&b=2",
		"https://example.org/a?b=2&a=1", "https://example.org:8443/a", "https://news.example.org/a", "https://example.org/amp", "https://m.co/", "https://co/", "https://example.org/a#comment-1",
		"https://example.org/a/index.html", "",
	}
	keys := map[string]string{}
	for _, address := range different {
		key := mood.AddressKey(address)
		if other, ok := keys[key]; ok {
			t.Errorf("%q and %q are taken as one page", address, other)
		}
		keys[key] = address
	}
}

func FuzzCanonicalAddressesStayAsTheyAre(f *testing.F) {
	for _, seed := range []string{
		"https://e.org/a/../b;jsessionid=1;jsessionid=2/./?utm_source=x&&id=%7e#comment-1", "http://xn--bcher-kva.example:80/%2e%2e/%", "https://www.google.com/amp/s/e.org/a",
		"https://e-org.cdn.ampproject.org/c/s/e.org/?amp=1", "https://B\u00fccher.example./#!x", "https://[::1]:443//a", "https://e.org/?url=https://www.google.com/url?q=x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u := CanonicalURL(raw)
		if again := CanonicalURL(u); again != u {
			t.Errorf("%q became %q, and that %q", raw, u, again)
		}
	})
}

func BenchmarkCanonicalURL(b *testing.B) {
	for _, c := range []struct{ name, url string }{
		{"plain", "https://www.example.org/news/2026/05/01/nokia-wins-a-deal"},
		{"trackers", "https://www.example.org/news/2026/05/01/nokia?utm_source=rss&utm_medium=feed&id=17&fbclid=x"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				CanonicalURL(c.url)
			}
		})
	}
}
