package feed

import (
	"testing"
	"time"

	"agora/mood"
)

func TestCanonicalURLsNameWhatIsRead(t *testing.T) {
	for raw, want := range map[string]string{
		"https://Example.ORG":                              "https://example.org/",
		"HTTP://example.org:80/a":                          "http://example.org/a",
		"https://example.org:443/a":                        "https://example.org/a",
		"https://example.org:8443/a":                       "https://example.org:8443/a",
		"https://example.org/a#top":                        "https://example.org/a",
		"https://example.org/a#comment-17":                 "https://example.org/a#comment-17",
		"https://example.org/a/?amp=1&p=2#xtor=RSS-1":      "https://example.org/a/?p=2",
		"https://example.org/a/./b/../c?":                  "https://example.org/a/c",
		"https://example.org/%7ejo/%c3%a4%2f?q=%6eokia%3d": "https://example.org/~jo/%C3%A4%2F?q=nokia%3D",
		"https://example.org/a;jsessionid=0A?id=1&sid=0123456789abcdef&utm%5Fsource=x": "https://example.org/a?id=1",
		"https://Bücher.example/":                                  "https://xn--bcher-kva.example/",
		"https://www.google.com/amp/s/example.org/a/amp":           "https://example.org/a/amp",
		"https://example-org.cdn.ampproject.org/c/s/example.org/a": "https://example.org/a",
		"https://example.org/a?utm_source=x&id=7&UTM_Medium=y":     "https://example.org/a?id=7",
		"https://example.org/a?fbclid=x":                           "https://example.org/a",
		"https://example.org/a?gclid=1&b=2&mc_cid=3&mc_eid=4&a=1":  "https://example.org/a?b=2&a=1",
		"https://example.org/a?utmost=1&source=top":                "https://example.org/a?utmost=1&source=top",
		"https://user:secret@example.org/a":                        "https://example.org/a",
		" https://example.org/a b\n":                               "https://example.org/a%20b",
		"https://example.org./a":                                   "https://example.org/a",
		"javascript:alert(1)":                                      "",
		"data:text/html,x":                                         "",
		"ftp://example.org/":                                       "",
		"/relative":                                                "",
		"http://":                                                  "",
		"https://exa mple.org/":                                    "",
		"":                                                         "",
		"http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fexample.org%2fa%3futm_source%3dx&c=1": "https://example.org/a",
		"https://www.google.com/url?rct=j&sa=t&url=https://example.org/b&ct=ga":                                    "https://example.org/b",
		"https://www.google.com/url?url=javascript:alert(1)":                                                       "https://www.google.com/url?url=javascript:alert(1)",
	} {
		if got := CanonicalURL(raw); got != want {
			t.Errorf("%q became %q, want %q", raw, got, want)
		}
	}
}

func TestOutletsAreDomains(t *testing.T) {
	for raw, want := range map[string]string{
		"https://www.bbc.co.uk/news": "bbc.co.uk", "http://News.Example.org:8080/": "news.example.org", "https://www.com/": "www.com", "x": "",
	} {
		if got := Outlet(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func TestItemsKeepTheirFields(t *testing.T) {
	for _, c := range []struct {
		name, body string
		check      func(m mood.Mention) bool
	}{
		{"relative link", rssOf(`<item><title>a</title><link>../x</link></item>`), func(m mood.Mention) bool { return m.URL == "https://example.org/x" }},
		{"relative to the site", `<rss><channel><link>https://site.example/</link><item><title>a</title><link>/x</link></item></channel></rss>`, func(m mood.Mention) bool { return m.URL == "https://site.example/x" && m.Outlet == "site.example" }},
		{"xml:base", `<feed xml:base="http://b.example/d/"><entry xml:base="e/"><title>a</title><link href="f"/></entry></feed>`, func(m mood.Mention) bool { return m.URL == "http://b.example/d/e/f" }},
		{"xml:base around text", `<rss xml:base="http://b.example/d/x.xml"><channel><item><title>a</title><link>f</link></item></channel></rss>`, func(m mood.Mention) bool { return m.URL == "http://b.example/d/f" }},
		{"GUID as link", rssOf(`<item><title>a</title><guid>https://example.org/g</guid></item>`), func(m mood.Mention) bool { return m.URL == "https://example.org/g" }},
		{"enclosure as link", rssOf(`<item><title>a</title><guid isPermaLink="false">7</guid><enclosure url="https://example.org/a.mp3"/></item>`), func(m mood.Mention) bool { return m.URL == "https://example.org/a.mp3" && m.GUID == "7" }},
		{"Atom id as link", `<feed><entry><title>a</title><id>https://example.org/i</id></entry></feed>`, func(m mood.Mention) bool { return m.URL == "https://example.org/i" }},
		{"rdf:about as link", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item rdf:about="https://example.org/r"><title>a</title></item></rdf:RDF>`, func(m mood.Mention) bool { return m.URL == "https://example.org/r" }},
		{"the page among several links", `<feed><entry><title>a</title><link rel="self" href="/s"/><link rel="alternate" type="application/json" href="/j"/><link rel="alternate" type="text/html" href="/h"/></entry></feed>`, func(m mood.Mention) bool { return m.URL == "https://example.org/h" }},
		{"feedburner's original", rssOf(`<item xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><title>a</title><link>http://feedproxy.example/1</link><feedburner:origLink>https://example.org/o</feedburner:origLink></item>`), func(m mood.Mention) bool { return m.URL == "https://example.org/o" }},
		{"no script as link", rssOf(`<item><title>a</title><link>javascript:alert(1)</link></item>`), func(m mood.Mention) bool { return m.URL == "" }},
		{"author without address", rssOf(`<item><title>a</title><author>jo@example.org (Jo Doe)</author></item>`), func(m mood.Mention) bool { return m.Author == "Jo Doe" }},
		{"an address is no author", rssOf(`<item><title>a</title><author>jo@example.org</author></item>`), func(m mood.Mention) bool { return m.Author == "" }},
		{"language of the feed", `<rss><channel><language>en_GB</language><item><title>a</title></item></channel></rss>`, func(m mood.Mention) bool { return m.Language == "en" && m.Places.From == nil }},
		{"xml:lang", `<feed xml:lang="fi-FI"><entry><title>a</title></entry></feed>`, func(m mood.Mention) bool { return m.Language == "fi" }},
		{"no language", rssOf(one("a")), func(m mood.Mention) bool { return m.Language == "" }},
		{"georss", rssOf(`<item xmlns:georss="http://www.georss.org/georss"><title>a</title><georss:point>60.17 24.94</georss:point></item>`), func(m mood.Mention) bool {
			return m.Places.Origin != nil && m.Places.Origin.Point.Lat == 60.17 && m.Places.Origin.Point.Lon == 24.94
		}},
		{"geo", rssOf(`<item xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#"><title>a</title><geo:lat>1.5</geo:lat><geo:long>-2</geo:long></item>`), func(m mood.Mention) bool {
			return m.Places.Origin != nil && m.Places.Origin.Point.Lat == 1.5 && m.Places.Origin.Point.Lon == -2
		}},
		{"nonsense geo", rssOf(`<item xmlns:georss="http://www.georss.org/georss"><title>a</title><georss:point>NaN 200</georss:point></item>`), func(m mood.Mention) bool { return m.Places.Origin == nil }},
		{"Google News", rssOf(`<item><title>Nokia wins - Reuters</title><link>https://news.google.com/rss/articles/x</link><source url="https://www.reuters.com">Reuters</source><description>&lt;a href="x"&gt;Nokia wins&lt;/a&gt;&amp;nbsp;&amp;nbsp;&lt;font&gt;Reuters&lt;/font&gt;</description></item>`), func(m mood.Mention) bool {
			return m.Title == "Nokia wins" && m.Outlet == "reuters.com" && m.Text == ""
		}},
		{"a dash of one's own", rssOf(`<item><title>A - Reuters</title><link>https://example.org/x</link></item>`), func(m mood.Mention) bool { return m.Title == "A - Reuters" }},
		{"Bing", rssOf(`<item><title>a</title><link>http://www.bing.com/news/apiclick.aspx?url=https%3a%2f%2fexample.org%2fn</link></item>`), func(m mood.Mention) bool { return m.URL == "https://example.org/n" && m.Outlet == "example.org" }},
		{"escaped HTML", `<feed><entry><title type="html">AT&amp;amp;T &lt;b&gt;wins&lt;/b&gt;</title></entry></feed>`, func(m mood.Mention) bool { return m.Title == "AT&T wins" }},
		{"XHTML", `<feed><entry><title>a</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>AT&amp;T</p><p>&lt;x&gt;</p></div></content></entry></feed>`, func(m mood.Mention) bool { return m.Text == "AT&T <x>" }},
		{"base64", `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>a</title><content type="application/octet-stream" mode="base64">SGVsbG8=</content><summary type="text/html" mode="base64">PGI+SGVsbG88L2I+</summary></entry></feed>`, func(m mood.Mention) bool { return m.Text == "Hello" }},
		{"content before description", rssOf(`<item xmlns:content="http://purl.org/rss/1.0/modules/content/"><title>a</title><description>short</description><content:encoded><![CDATA[<p>much longer</p>]]></content:encoded></item>`), func(m mood.Mention) bool { return m.Text == "much longer" }},
		{"a text that repeats the title", rssOf(`<item><title>Nokia wins</title><description>Nokia wins…</description></item>`), func(m mood.Mention) bool { return m.Text == "" }},
		{"a date", rssOf(`<item><title>a</title><dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2026-04-01</dc:date></item>`), func(m mood.Mention) bool {
			return !m.Undated && m.Published.Equal(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
		}},
		{"JSON Feed", `{"version":"https://jsonfeed.org/version/1.1","title":"T","language":"de-AT","authors":"Jo","items":[{"id":7,"url":"/j","title":"a & b","content_text":"1 < 2 <b>x","date_published":"2026-04-01T00:00:00Z"}]}`, func(m mood.Mention) bool {
			return m.GUID == "7" && m.URL == "https://example.org/j" && m.Title == "a & b" && m.Author == "Jo" && m.Language == "de" && !m.Undated
		}},
		{"JSON Feed with one wrong item", `{"version":"https://jsonfeed.org/version/1.1","items":[5,{"id":"x","title":"a","authors":[{"name":"Jo"}],"attachments":{"url":"https://example.org/m"}}]}`, func(m mood.Mention) bool { return m.Title == "a" && m.URL == "https://example.org/m" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := read(t, c.body)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) != 1 || !c.check(list[0]) {
				t.Errorf("%+v", list)
			}
		})
	}
}

func TestCountriesComeFromTheConfigurationAlone(t *testing.T) {
	d, err := newParser().parse(t.Context(), []byte(`<rss><channel><language>en-GB</language>`+one("a")+`</channel></rss>`), "", base(t))
	if err != nil {
		t.Fatal(err)
	}
	m := mentions(d, mood.Source{ID: "s", Country: "fi", Language: "sv-FI", URL: "https://example.org/"}, base(t), time.Now(), true)[0]
	if m.Places.From == nil || m.Places.From.Country != "FI" || m.Places.From.Evidence == "" || m.Language != "sv" {
		t.Errorf("%+v, language %q", m.Places.From, m.Language)
	}
}
