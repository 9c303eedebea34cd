package feed

import (
	"context"
	"net/url"
	"reflect"
	"testing"
	"time"

	"agora/mood"
)

// Whether a text goes through the parser or around it makes no difference.
func TestLiftedTextsReadAsTheParserReadsThem(t *testing.T) {
	usual := liftFrom
	defer func() { liftFrom = usual }()
	u, _ := url.Parse("https://example.org/feed.xml")
	readWith := func(from int, body []byte) ([]mood.Mention, string) {
		liftFrom = from
		doc, err := newParser().parse(context.Background(), body, "", u)
		if err != nil {
			return nil, err.Error()
		}
		for i := range doc.entries {
			if isMark(doc.entries[i].body) {
				t.Errorf("a mark is left in %q", clip(doc.entries[i].body, 100))
			}
		}
		return mentions(doc, mood.Source{ID: "s", URL: u.String()}, u, time.Unix(1e9, 0), false), ""
	}
	compare := func(name string, body []byte) {
		t.Helper()
		lifted, err1 := readWith(1, body)
		parsed, err2 := readWith(1<<30, body)
		if err1 != err2 || !reflect.DeepEqual(lifted, parsed) {
			t.Errorf("%s: lifted %+v, error %q; parsed %+v, error %q", name, lifted, err1, parsed, err2)
		}
	}
	for _, text := range []string{
		"plain", " spaces ", "a &amp; b", "&lt;p&gt;a&lt;/p&gt;", "&amp;lt;p&amp;gt;", "<![CDATA[<p>a &amp; b</p>]]>", "x <![CDATA[<b>y</b>]]> &amp; z",
		"&copy=2; &eacute; &nosuch; &amp &; &#233; &#xe9; &#0; &#146;", "<p>a &lt; b</p><br/>", "<div><b>x</b> &amp;lt;</div>", "a ]]> b", "<![CDATA[a]]&gt;b]]>",
		"<![CDATA[a<![CDATA[b]]>c]]>d", "&CounterClockwiseContourIntegral;&quot;&apos;&nbsp;", "<p>a<p>b<br>c", "&amp;#8217; &amp;nbsp;", "",
	} {
		for _, element := range []string{
			"description", "content:encoded", "encoded", "summary", "content", "itunes:summary", "dc:description", "body", "media:description",
			`content type="html"`, `content type="xhtml"`, `content type="text"`, `summary type="text/html"`, `content mode="escaped" type="text/html"`,
			`content type="application/octet-stream"`, `content type="text/plain" mode="base64"`, `content type="image/png"`, `content type="application/xhtml+xml"`,
		} {
			end := element
			for i, c := range element {
				if c == ' ' {
					end = element[:i]
					break
				}
			}
			inner := "<" + element + ">" + text + "</" + end + ">"
			compare("RSS "+inner, []byte(`<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel><item><title>a</title>`+inner+`</item></channel></rss>`))
			compare("Atom "+inner, []byte(atomOf(inner)))
		}
	}
	for _, c := range corpus(t) {
		compare(c.name, c.body)
	}
}

func isMark(s string) bool { return len(s) > 6 && s[:6] == "agora-" }
