package feed

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

func base(t testing.TB) *url.URL {
	t.Helper()
	u, err := url.Parse("https://example.org/news/feed.xml")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// read parses a document as a poll does.
func read(t testing.TB, body string) ([]mood.Mention, error) {
	t.Helper()
	doc, err := newParser().parse(context.Background(), []byte(body), "", base(t))
	if err != nil {
		return nil, err
	}
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	return mentions(doc, mood.Source{ID: "s", URL: "https://example.org/news/feed.xml"}, base(t), now, false), nil
}

func titlesOf(list []mood.Mention) string {
	var titles []string
	for _, m := range list {
		titles = append(titles, m.Title)
	}
	return strings.Join(titles, "|")
}

const item = "<item><title>%s</title><link>https://example.org/%s</link></item>"

func rssOf(items ...string) string {
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>` + strings.Join(items, "") + `</channel></rss>`
}

func one(title string) string { return fmt.Sprintf(item, title, title) }

func TestBrokenDocumentsGiveTheirItems(t *testing.T) {
	whole := rssOf(one("a"), one("b"))
	for _, c := range []struct{ name, body, want string }{
		{"whole", whole, "a|b"},
		{"a byte-order mark", "\ufeff" + whole, "a|b"},
		{"white space ahead", "\n\n  " + whole, "a|b"},
		{"a warning ahead", "<br />\n<b>Warning</b>: Undefined index in <b>x.php</b><br />" + whole, "a|b"},
		{"a long comment ahead", "<!--" + strings.Repeat("x", 10_000) + "-->" + whole, "a|b"},
		{"a DOCTYPE", `<!DOCTYPE rss PUBLIC "-//N//DTD" "x" [<!ENTITY n "Nokia">]>` + rssOf(one("&n;")), "Nokia"},
		{"the DOCTYPE's entities don't grow", `<!DOCTYPE rss [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>` + rssOf(one("&a;&b;")), "x&b;"},
		{"cut inside an item", whole[:len(whole)-40], "a"},
		{"cut inside CDATA", rssOf(one("a"))[:len(rssOf(one("a")))-len("</channel></rss>")] + "<item><title><![CDATA[b", "a"},
		{"without closing tags", strings.TrimSuffix(whole, "</channel></rss>"), "a|b"},
		{"an item that is never closed", `<rss><channel><item><title>a</title><item><title>b</title></item></channel></rss>`, "a|b"},
		{"an empty item inside an item", rssOf("<item><item/><title>a</title></item>", one("b")), "a|b"},
		{"a control character", rssOf(one("a\x01\x0bb")), "ab"},
		{"a reference to a control character", rssOf(one("a&#1;&#x0;b")), "ab"},
		{"a reference to a C1 character", rssOf(one("it&#146;s")), "it’s"},
		{"an ampersand", rssOf(one("AT&T & Co")), "AT&T & Co"},
		{"a stray sign", rssOf(one("1 < 2 <3")), "1 < 2 <3"},
		{"an invalid byte", rssOf(one("Nok\xffia ääää öööö")), "Nok\ufffdia ääää öööö"},
		{"]]> in text", rssOf(one("a]]>b")), "a]]>b"},
		{"HTML that nobody closed", rssOf("<item><title>a</title><description><p>x<br>y</description></item>"), "a"},
		{"an undeclared prefix", rssOf("<item><title>a</title><foo:bar>x</foo:bar></item>"), "a"},
		{"attributes without quotes", "<rss version=2.0><channel><item id=x y><title>a</title></item></channel></rss>", "a"},
		{"an unknown name space", `<feed xmlns="http://example.org/no"><entry><title>a</title></entry></feed>`, "a"},
		{"a prefixed root", `<x:feed xmlns:x="http://www.w3.org/2005/Atom"><x:entry><x:title>a</x:title></x:entry></x:feed>`, "a"},
		{"an undeclared prefixed root", `<x:rss><x:channel><x:item><x:title>a</x:title></x:item></x:channel></x:rss>`, "a"},
		{"capitals", "<RSS><CHANNEL><ITEM><TITLE>a</TITLE></ITEM></CHANNEL></RSS>", "a"},
		{"a lonely entry", `<entry xmlns="http://www.w3.org/2005/Atom"><title>a</title><id>x</id></entry>`, "a"},
		{"rubbish after the end", whole + "<script>x</script></channel>", "a|b"},
		{"names that aren't", rssOf("<item><title>a</title><a$b c%d='x'>y</a$b></item>"), "a"},
		{"an end tag too many", rssOf("<item><title>a</title></b></p></item>", one("b")), "a|b"},
		{"a namespaced RDF", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item rdf:about="https://example.org/a"><title>a</title></item></rdf:RDF>`, "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := read(t, c.body)
			if err != nil {
				t.Fatal(err)
			}
			if got := titlesOf(list); got != c.want {
				t.Errorf("titles %q, want %q", got, c.want)
			}
		})
	}
}

func TestHostileDocumentsAreRefusedWhole(t *testing.T) {
	nested := func(n int) string {
		return `<rss xmlns:x="y"><channel><item>` + strings.Repeat("<x:a>", n) + strings.Repeat("</x:a>", n) + "</item></channel></rss>"
	}
	scopes := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, " xmlns:n%d='u%d'", i, i)
		}
		return b.String()
	}
	for _, c := range []struct{ name, body string }{
		{"deep extensions", nested(500_000)},
		{"deep extensions without ends", strings.Repeat("<x:a>", 1_500_000)},
		{"unclosed depth in a feed", "<rss><channel><item>" + strings.Repeat("<x:a>", 1_000_000)},
		{"many elements", rssOf("<item>" + strings.Repeat("<a/>", 300_000) + "</item>")},
		{"many items", rssOf(strings.Repeat("<item/>", 10_000))},
		{"a huge attribute", rssOf("<item x='" + strings.Repeat("y", 100_000) + "'/>")},
		{"many attributes", rssOf("<item " + strings.Repeat("y='1' ", 1_000) + "/>")},
		{"many name spaces", "<rss" + scopes(100) + "><channel/></rss>"},
		{"too large", rssOf(one(strings.Repeat("x", maxBytes)))},
		{"deep JSON", `{"version":"https://jsonfeed.org/version/1","items":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}"},
		{"many JSON items", `{"items":[` + strings.Repeat("{},", 10_000) + "{}]}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if list, err := read(t, c.body); err == nil {
				t.Errorf("it gave %d items", len(list))
			}
		})
	}
}

func TestCostlyDocumentsEndInTime(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, c := range []struct{ name, body string }{
		{"a text in many pieces", `<rss xmlns:x="y"><channel><item><x:a>` + strings.Repeat("<![CDATA[abcdefgh]]>", 390_000) + "</x:a></item></channel></rss>"},
		{"a text between many elements", `<rss xmlns:x="y"><channel><item><x:a>` + strings.Repeat("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa<y/>", 190_000) + "</x:a></item></channel></rss>"},
		{"growing entities", `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("x", 250) + `">]>` + rssOf(one(strings.Repeat("&a;", 2_500_000)))},
		{"quotes", rssOf(one(strings.Repeat(`"`, maxBytes-1000)))},
		{"deep HTML", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a</title><content type="html">` + strings.Repeat("&lt;b&gt;&lt;p&gt;", 400_000) + "</content></entry></feed>"},
		{"roots that aren't", "<x>" + strings.Repeat("<rdf>", 1_600_000)},
		{"feeds of one's own", "<feeds>" + strings.Repeat("<feed x>", 1_000_000)},
		{"a feed escaped many times", strings.Repeat("&lt;?xml&lt;/rss&gt;", 400_000)},
		{"sections that swallow items", "<rss><channel>" + strings.Repeat("<item><title><![CDATA[a</title></item>", 200_000)},
		{"quotes that swallow items", "<rss><channel>" + strings.Repeat(`<item><title a="`+strings.Repeat("x", 60)+`</title></item><item>`, 80_000)},
		{"ambiguous dates", rssOf(strings.Repeat("<item><title>a</title><pubDate>"+strings.Repeat("01/02/", 25)+"</pubDate></item>", 4_900))},
		{"UTF-8 that seems encoded twice", rssOf(one(strings.Repeat("Ã¤", 2_000_000) + "ÿ"))},
		{"marks in a foreign text", rssOf("<item><dc:description>" + strings.Repeat("<b>x", 190_000) + "</dc:description></item>")},
		{"plain text full of signs", `<feed><entry><title type="text">` + strings.Repeat("&", 7_000_000) + "</title></entry></feed>"},
		{"Cyrillic without a charset", "<rss><channel><item><title>" + strings.Repeat("\xee\xe5\xe0\xe8 ", 1_600_000)},
		{"a JSON Feed in comments", "{" + strings.Repeat("/*x*/ ,}", 900_000)},
		{"a page full of links", "<html><link rel=alternate type=application/rss+xml>" + strings.Repeat("<a href=x>", 800_000)},
		{"open tags in HTML", rssOf("<item><title>a</title><description><![CDATA[" + strings.Repeat("<a ", 2_000_000) + "]]></description></item>")},
		{"name spaces copied", "<rss" + func() string {
			var b strings.Builder
			for i := range 60 {
				fmt.Fprintf(&b, " xmlns:n%d='u%d'", i, i)
			}
			return b.String()
		}() + "><channel><item>" + strings.Repeat("<n1:a/>", 190_000) + "</item></channel></rss>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			begun := time.Now()
			list, err := read(t, c.body)
			took := time.Since(begun)
			runtime.ReadMemStats(&after)
			t.Logf("%d items, error %v, %v, heap grew by %d MB", len(list), err, took.Round(time.Millisecond), int64(after.HeapSys-before.HeapSys)>>20)
			// Far above what it takes, far below what it took unguarded.
			if took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestRepairedDocumentsAreWellFormed(t *testing.T) {
	for _, body := range []string{
		`<rss><channel><item><a b=c d="e>f" g='<h>'>i</A></item>`, "<feed><entry><x:y z></entry></x:y></feed>", `<rss a="1" a="2"><b/ ></c></rss>`,
	} {
		fixed, _, err := repair([]byte(body), base(t))
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, fixed)
	}
}

func wellFormed(t *testing.T, doc []byte) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(doc)))
	d.Strict = false
	depth := 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in %q", err, doc)
		}
		switch tok.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth+2 {
				t.Fatalf("depth %d in %q", depth, doc)
			}
		case xml.EndElement:
			depth--
		}
	}
}

func FuzzGuard(f *testing.F) {
	for _, s := range []string{
		rssOf(one("a")), `<feed xmlns="http://www.w3.org/2005/Atom"><entry xml:base="/b/"><link href="c"/><content type="xhtml"><div>x</div></content></entry></feed>`,
		`<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><item><title>&a;&#1;</title>`, `{"items":[{"id":1,"authors":"x"}]}`, "<rss><channel><item a='<'/><item b=\"></item>",
		"\xff\xfe<\x00r\x00s\x00s\x00", "<rss><![CDATA[x]]y<!--", "<x:rss y:z=1><a:b:c/>", "<rss><é><a\u0301/></é>",
	} {
		f.Add([]byte(s), "application/xml")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		u := base(t)
		text := toUTF8(body, contentType)
		if fixed, _, err := repair(text, u); err == nil {
			wellFormed(t, fixed)
		}
		doc, err := newParser().parse(context.Background(), body, contentType, u)
		if err != nil {
			var crash *panicError
			if errors.As(err, &crash) {
				t.Fatalf("%v\n%s", crash.value, crash.stack)
			}
			return
		}
		for _, m := range mentions(doc, mood.Source{ID: "s", URL: u.String()}, u, time.Now(), false) {
			if holdsMarkup(m.Title) || holdsMarkup(m.Text) || m.ID == "" || m.Published.IsZero() {
				t.Errorf("bad mention %+v", m)
			}
			if m.URL != "" && CanonicalURL(m.URL) != m.URL {
				t.Errorf("%q isn't canonical: %q", m.URL, CanonicalURL(m.URL))
			}
		}
	})
}
