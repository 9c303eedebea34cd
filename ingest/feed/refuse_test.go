package feed

import (
	"errors"
	"strings"
	"testing"
)

func TestWhatIsNoFeedIsNamed(t *testing.T) {
	page := func(head, body string) string {
		return "<!doctype html><html><head>" + head + "</head><body>" + body + "</body></html>"
	}
	for _, c := range []struct{ name, body, want string }{
		{"empty", "", "the document is empty"},
		{"white space", " \n ", "the document is empty"},
		{"a mark alone", "\ufeff", "the document is empty"},
		{"a prolog alone", "<?xml version=\"1.0\"?>\n<!-- nothing -->\n", "empty but for its prolog"},
		{"a page", page("<title>News</title>", "x"), `this is a web page ("News"), and it names no feed`},
		{"a page with a feed", page(`<link rel="alternate" type="application/rss+xml" href="/rss?a=1&amp;b=2">`, ""), "this is a web page; its feed is https://example.org/rss?a=1&b=2"},
		{"a page with a base and a feed", page(`<base href="https://cdn.example/x/"><link type='application/atom+xml' href=atom.xml rel='stylesheet alternate'>`, ""), "its feed is https://cdn.example/x/atom.xml"},
		{"a page with a script as title", page("<title>&lt;script&gt;alert(1)&lt;/script&gt;News</title>", "x"), `("News")`},
		{"a page that quotes a feed", page("", strings.Repeat("<p>How a feed is written, and what for.</p>", 10)+"<pre>&lt;rss&gt;&lt;channel&gt;&lt;item&gt;&lt;title&gt;a&lt;/title&gt;&lt;/item&gt;&lt;/channel&gt;&lt;/rss&gt;</pre>"), "a web page"},
		{"a page with a picture's RDF", page("", `<svg><metadata><rdf:RDF xmlns:rdf="x"><cc:Work/></rdf:RDF></metadata></svg>`), "a web page"},
		{"a login", page("<title>Welcome</title>", `<form><input name=p type="password"></form>`), "a page that asks for a login"},
		{"a consent page", page("<title>Before you continue to News</title>", ""), "a page that asks for consent first"},
		{"a check of browsers", page("<title>Just a moment...</title>", ""), "a page that lets only browsers in"},
		{"CDF", `<?xml version="1.0"?><CHANNEL HREF="http://x/"><ITEM HREF="y"/></CHANNEL>`, "CDF"},
		{"OPML", `<opml version="2.0"><body><outline xmlUrl="https://example.org/"/></body></opml>`, "OPML, a list of feeds"},
		{"a site map", `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>`, "a site map"},
		{"a list of site maps", `<sitemapindex/>`, "a list of site maps"},
		{"SOAP", `<soap:Envelope xmlns:soap="x"><soap:Body/></soap:Envelope>`, "a SOAP answer"},
		{"a problem", `<problem xmlns="urn:ietf:rfc:7807"><title>You may not</title></problem>`, "an error message: You may not"},
		{"a store's error", `<Error><Code>AccessDenied</Code><Message>No</Message></Error>`, "an error message: AccessDenied No"},
		{"an SVG picture", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "an SVG picture"},
		{"RDF that isn't RSS", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><foaf:Person xmlns:foaf="x"/></rdf:RDF>`, "RDF without any RSS"},
		{"a list of feeds of one's own", `<feeds><feed url="x"/></feeds>`, "<feeds>"},
		{"unknown XML", `<?xml version="1.0"?><note/>`, "<note>"},
		{"text", "hello", "neither XML nor JSON"},
		{"JSON", `{"a":1}`, `without "items"`},
		{"JSON with items of another kind", `{"total":1,"items":[{"id":1,"url":"x","title":"y"}]}`, `without the "version"`},
		{"a JSON list", `[1]`, "JSON list"},
		{"broken JSON", `{"a":`, "begins like JSON"},
		{"a PNG picture", "\x89PNG\x0d\x0a\x1a\x0a\x00\x00", "a PNG picture"},
		{"a JPEG picture", "\xff\xd8\xff\xe0\x00", "a JPEG picture"},
		{"a GIF picture", "GIF89a\x01\x00", "a GIF picture"},
		{"PDF", "%PDF-1.7\n", "a PDF document"},
		{"an archive", "PK\x03\x04\x00", "an archive"},
		{"sound", "ID3\x03\x00", "a sound file"},
		{"a program", "\x7fELF\x02\x01", "a program"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(t, c.body)
			if !errors.Is(err, errNotAFeed) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
