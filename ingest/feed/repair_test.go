package feed

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

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

// patient is a parser with a clock that no busy machine outruns.
func patient() *parser {
	p := newParser()
	p.time = time.Minute
	return p
}

// read parses a document as a poll does.
func read(t testing.TB, body string) ([]mood.Mention, error) {
	t.Helper()
	doc, err := patient().parse(context.Background(), []byte(body), "", base(t))
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
		if !utf8.Valid(text) {
			t.Fatalf("invalid UTF-8 in %q", text)
		}
		if fixed, _, err := repair(text, u); err == nil {
			wellFormed(t, fixed)
		}
		list, err := fuzzRead(t, body, contentType, u)
		again, errAgain := fuzzRead(t, body, contentType, u)
		if !reflect.DeepEqual(list, again) || fmt.Sprint(err) != fmt.Sprint(errAgain) {
			t.Errorf("not the same twice: %+v, %v and %+v, %v", list, err, again, errAgain)
		}
		if len(list) > maxItems {
			t.Errorf("%d items", len(list))
		}
		for _, m := range list {
			if holdsMarkup(m.Title) || holdsMarkup(m.Text) || m.ID == "" || m.Published.IsZero() {
				t.Errorf("bad mention %+v", m)
			}
			if !utf8.ValidString(m.Title) || !utf8.ValidString(m.Text) || utf8.RuneCountInString(m.Title) > maxTitle || utf8.RuneCountInString(m.Text) > maxText {
				t.Errorf("bad text in %+v", m)
			}
			if m.URL != "" && CanonicalURL(m.URL) != m.URL {
				t.Errorf("%q isn't canonical: %q", m.URL, CanonicalURL(m.URL))
			}
		}
	})
}

func fuzzRead(t *testing.T, body []byte, contentType string, u *url.URL) ([]mood.Mention, error) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	_, list, err := patient().read(context.Background(), received{body: body, contentType: contentType, url: u, page: u}, mood.Source{ID: "s", URL: u.String()}, now, false)
	var crash *panicError
	if errors.As(err, &crash) {
		t.Fatalf("%v\n%s", crash.value, crash.stack)
	}
	return list, err
}

func FuzzToUTF8(f *testing.F) {
	for _, s := range []string{"<rss>é</rss>", "\xff\xfe<\x00a\x00", "\x00\x00\xfe\xff\x00\x00\x00<", "<?xml version='1.0' encoding='koi8-r'?><a>\xf0\xf2</a>", "\x1b$B\x24\x22\x1b(B", "\xef\xbb\xbf{\xff}"} {
		f.Add([]byte(s), "text/xml; charset=utf-8")
		f.Add([]byte(s), "text/xml; charset=shift_jis")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		before := bytes.Clone(body)
		out := bytes.Clone(toUTF8(body, contentType))
		if !bytes.Equal(body, before) {
			t.Fatal("it changed what it was given")
		}
		if !utf8.Valid(out) {
			t.Fatalf("invalid UTF-8: %q", out)
		}
		for _, r := range string(out) {
			if !legalRune(r) {
				t.Fatalf("%U is left in %q", r, out)
			}
		}
		if again := toUTF8(body, contentType); !bytes.Equal(out, again) {
			t.Errorf("not the same twice: %q and %q", out, again)
		}
		if len(out) > 4*len(body)+8 {
			t.Errorf("%d bytes became %d", len(body), len(out))
		}
	})
}

func FuzzLooseJSON(f *testing.F) {
	for _, s := range []string{
		`{"items":[{"id":1,"authors":"x"}]}`, `{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"a","content_html":"<p>x","tags":"t","attachments":{"url":"u"}}]}`,
		`{"items":[{"title":"a","title":"b"},null,3,"x",[]],"items":[]}`, `{"items":[{"id":1e999,"author":{"name":["x"]}}]}`, `{"items":{}}`, `{"items":[{"content_text":"\ud800"}]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		text = bytes.TrimSpace(toUTF8(text, ""))
		if len(text) == 0 || text[0] != '{' && text[0] != '[' || guardJSON(text) != nil {
			return
		}
		found, err := looseJSON(context.Background(), text)
		again, errAgain := looseJSON(context.Background(), text)
		if !reflect.DeepEqual(found, again) || fmt.Sprint(err) != fmt.Sprint(errAgain) {
			t.Errorf("not the same twice: %v, %v and %v, %v", found, err, again, errAgain)
		}
		if err != nil {
			return
		}
		if len(found.Items) > maxItems {
			t.Errorf("%d items", len(found.Items))
		}
		for _, item := range found.Items {
			for _, s := range []string{item.ID, item.URL, item.Title, item.ContentHTML, item.ContentText, item.Summary, item.DatePublished} {
				if !utf8.ValidString(s) || len(s) > 3*len(text) {
					t.Errorf("bad text %q", s)
				}
			}
		}
	})
}
