package feed

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestHubsAreFoundInHeaders(t *testing.T) {
	base, _ := url.Parse("https://news.example/blog/feed")
	for _, c := range []struct {
		name    string
		headers []string
		want    string // self, hubs
	}{
		{"one for each", []string{`<https://hub.example/>; rel="hub"`, `<https://news.example/feed>; rel="self"`}, "https://news.example/feed https://hub.example/"},
		{"both in one", []string{`<https://hub.example/>; rel=hub, <https://news.example/feed>; rel=self`}, "https://news.example/feed https://hub.example/"},
		{"several hubs", []string{`<https://a.example/>; rel="hub", <https://b.example/>; rel="hub"`, `<https://a.example/>; rel=hub`}, " https://a.example/ https://b.example/"},
		{"several words", []string{`<https://hub.example/>; rel="preload hub"`}, " https://hub.example/"},
		{"a comma and a semicolon in the address", []string{`<https://hub.example/a,b;c?x=1,2>; rel=hub,<https://news.example/?a=1,2>;rel=self`}, "https://news.example/?a=1,2 https://hub.example/a,b;c?x=1,2"},
		{"signs in a quoted title", []string{`<https://hub.example/>; title="a, <b>; rel=\"self\""; rel="hub"`}, " https://hub.example/"},
		{"capitals and spaces", []string{`<https://hub.example/> ; REL = "HUB"`}, " https://hub.example/"},
		{"relative", []string{`</hub>; rel=hub, <feed.xml>; rel=self`}, "https://news.example/blog/feed.xml https://news.example/hub"},
		{"of another document", []string{`<https://hub.example/>; rel=hub; anchor="https://other.example/"`}, ""},
		{"only the first rel counts", []string{`<https://hub.example/>; rel=next; rel=hub`}, ""},
		{"something else", []string{`<https://hub.example/>; rel=hubbub`, `junk`, `<broken`, `; rel=hub`, `<>; rel=hub`, `<https://x.example/>`}, ""},
		{"no web address", []string{`<javascript:alert(1)>; rel=hub, <file:///etc/passwd>; rel=hub, <https://>; rel=hub`}, ""},
		{"too long", []string{`<https://hub.example/` + strings.Repeat("x", 3000) + `>; rel=hub`}, ""},
	} {
		l := hubHeaders(http.Header{"Link": c.headers}).from(base)
		if got := strings.TrimRight(l.Self+" "+strings.Join(l.Hubs, " "), " "); got != c.want {
			t.Errorf("%s: %q, expected %q", c.name, got, c.want)
		}
	}
}

func TestHubsAreFoundInDocuments(t *testing.T) {
	base, _ := url.Parse("https://news.example/feed")
	const both = "https://news.example/self https://hub.example/"
	for _, c := range []struct{ name, body, want string }{
		{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="https://news.example/self"/><link rel="hub" href="https://hub.example/"/><entry><id>1</id><title>a</title><link rel="hub" href="https://of.an.entry.example/"/></entry></feed>`, both},
		{"RSS", `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>t</title><atom:link rel="self" href="https://news.example/self"/><atom:link rel="hub" href="https://hub.example/"/></channel></rss>`, both},
		{"RSS of FeedBurner", `<rss version="2.0"><channel><atom10:link xmlns:atom10="http://www.w3.org/2005/Atom" rel="self" href="https://news.example/self"/><atom10:link xmlns:atom10="http://www.w3.org/2005/Atom" rel="hub" href="https://hub.example/"/></channel></rss>`, both},
		{"RSS without the name space", `<rss version="2.0"><channel><atom:link rel="self" href="/self"/><atom:link rel="hub" href="https://hub.example/"/></channel></rss>`, both},
		{"RDF", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:a="http://www.w3.org/2005/Atom"><channel rdf:about="x"><a:link rel="self" href="https://news.example/self"/><a:link rel="hub" href="https://hub.example/"/></channel></rdf:RDF>`, both},
		{"JSON Feed", `{"version":"https://jsonfeed.org/version/1.1","feed_url":"https://news.example/self","hubs":[{"type":"rssCloud","url":"https://cloud.example/"},7,{"type":"WebSub","url":"https://hub.example/"}],"items":[]}`, both},
		{"JSON Feed with a list that is none", `{"feed_url":"https://news.example/self","hubs":{"type":"WebSub"},"items":[]}`, "https://news.example/self"},
		{"xml:base", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://hub.example/"><link rel="self" href="https://news.example/self"/><link rel="hub" href="."/></feed>`, both},
	} {
		doc, err := newParser().parse(context.Background(), []byte(c.body), "", base)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		l := doc.links.from(base)
		if got := strings.TrimRight(l.Self+" "+strings.Join(l.Hubs, " "), " "); got != c.want {
			t.Errorf("%s: %q, expected %q", c.name, got, c.want)
		}
	}
}

func TestHeadersOutrankTheDocumentAndEightHubsAreEnough(t *testing.T) {
	base, _ := url.Parse("https://news.example/feed")
	var many []string
	for i := range 20 {
		many = append(many, fmt.Sprintf(`<https://hub%d.example/>; rel=hub`, i))
	}
	head := hubHeaders(http.Header{"Link": many}).from(base)
	l := head.or(hubLinks{Hubs: []string{"https://of.the.document.example/"}, Self: "https://news.example/self"})
	if len(l.Hubs) != 8 || l.Hubs[0] != "https://hub0.example/" || l.Self != "https://news.example/self" {
		t.Errorf("found %+v", l)
	}
}

func FuzzLinkHeader(f *testing.F) {
	f.Add(`<https://hub.example/>; rel="hub", <x>; rel=self; title="a\"b"`)
	f.Add(`<;,="\`)
	f.Fuzz(func(t *testing.T, value string) {
		for _, hub := range hubHeaders(http.Header{"Link": {value}}).from(&url.URL{Scheme: "https", Host: "a.example"}).Hubs {
			if u := webURL(hub); u == nil {
				t.Errorf("%q is no web address", hub)
			}
		}
	})
}
