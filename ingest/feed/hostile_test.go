package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"agora/mood"
)

// hostileDocument is built to cost its reader as much as it can.
type hostileDocument struct {
	name, kind string
	body       func() string
}

// atomOf puts an entry into an Atom feed.
func atomOf(entry string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title>a</title>` + entry + "</entry></feed>"
}

// full repeats s up to what a document may weigh.
func full(s string) string { return strings.Repeat(s, (maxBytes-4096)/len(s)) }

func within(head, middle, tail string) string {
	return head + strings.Repeat(middle, (maxBytes-len(head)-len(tail))/len(middle)) + tail
}

// numbered repeats a format with a running number in it.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

const itemHead = `<rss version="2.0" xmlns:x="http://example.org/x"><channel><title>T</title><item><title>a</title>`

func hostileDocuments() []hostileDocument {
	list := []hostileDocument{
		{"deep extensions", "", func() string { return itemHead + full("<x:a>") }},
		{"deep extensions, allowed", "", func() string {
			return itemHead + strings.Repeat(strings.Repeat("<x:a>", 250)+strings.Repeat("</x:a>", 250), 700) + "</item></channel></rss>"
		}},
		{"deep XHTML", "", func() string { return atomOf(`<content type="xhtml">` + full("<b>")) }},
		{"deep Atom contents", "", func() string { return atomOf(full("<content><entry>")) }},
		{"items", "", func() string { return rssOf(full("<item/>")) }},
		{"elements", "", func() string { return itemHead + full("<a/>") }},
		{"elements, allowed", "", func() string {
			return itemHead + strings.Repeat("<abcdefghijklmnopqrstuvwxyz/>", 199_000) + "</item></channel></rss>"
		}},
		{"100,000 attributes", "", func() string { return rssOf("<item " + numbered(100_000, "a%d='' ") + "/>") }},
		{"attributes everywhere", "", func() string {
			return within(itemHead, "<x:a "+numbered(120, "a%d='' ")+"/>", "</item></channel></rss>")
		}},
		{"long attributes", "", func() string {
			return within(itemHead, `<x:a b="`+strings.Repeat("&amp;<\"", 8000)+`"/>`, "</item></channel></rss>")
		}},
		{"a long text", "", func() string { return rssOf("<item><description>" + full("x") + "</description></item>") }},
		{"a long title", "", func() string { return rssOf("<item><title>" + full("x") + "</title></item>") }},
		{"a long author", "", func() string { return rssOf("<item><title>a</title><author>" + full("&lt;b") + "</author></item>") }},
		{"a long link", "", func() string { return rssOf("<item><title>a</title><link>" + full("/../") + "</link></item>") }},
		{"a long date", "", func() string { return rssOf("<item><title>a</title><pubDate>" + full("1 ") + "</pubDate></item>") }},
		{"a long feed title", "", func() string {
			return "<rss><channel><title>" + full("&lt;b>") + "</title><item><title>a</title></item></channel></rss>"
		}},
		{"a long text in an extension", "", func() string { return itemHead + "<x:a>" + full("&amp;") + "</x:a></item></channel></rss>" }},
		{"less-than signs", "", func() string { return full("<") }},
		{"less-than signs in a feed", "", func() string { return itemHead + full("<") }},
		{"ampersands", "", func() string { return rssOf("<item><description>" + full("&") + "</description></item>") }},
		{"ampersands in CDATA", "", func() string { return rssOf("<item><description><![CDATA[" + full("&") + "]]></description></item>") }},
		{"ampersands with words", "", func() string { return rssOf("<item><description>" + full("&amp") + "</description></item>") }},
		{"references", "", func() string { return rssOf("<item><description>" + full("&#x20;") + "</description></item>") }},
		{"named references", "", func() string {
			return rssOf("<item><description>" + full("&CounterClockwiseContourIntegral;") + "</description></item>")
		}},
		{"names that are none", "", func() string { return rssOf("<item><description>" + full("&foo;") + "</description></item>") }},
		{"comments that don't end", "", func() string { return itemHead + full("<!--") }},
		{"CDATA that doesn't end", "", func() string { return itemHead + full("<![CDATA[") }},
		{"tags that don't end", "", func() string { return itemHead + full("<a ") }},
		{"quotes that don't end", "", func() string { return itemHead + full("<a b='") }},
		{"open tags", "", func() string { return itemHead + full("<b>x") }},
		{"stray end tags on a deep stack", "", func() string { return itemHead + strings.Repeat("<x:a>", 250) + full("</b>") }},
		{"stray end tags of long names", "", func() string {
			return itemHead + strings.Repeat("<x:"+strings.Repeat("a", 250)+">", 250) + full("</x:"+strings.Repeat("a", 249)+"b>")
		}},
		{"end tags that close all", "", func() string { return within("<rss><channel>", "<item><a><b><c></item>", "") }},
		{"DOCTYPEs", "", func() string { return full("<!DOCTYPE rss>") + rssOf(one("a")) }},
		{"DOCTYPEs with entities", "", func() string { return full(`<!DOCTYPE rss [<!ENTITY a "b">]>`) + rssOf(one("a")) }},
		{"a DOCTYPE that nests", "", func() string { return "<!DOCTYPE " + full("[<!-- -->") }},
		{"DOCTYPEs that don't end", "", func() string { return full("<!DOCTYPE [") }},
		{"entities", "", func() string {
			return "<!DOCTYPE rss [" + numbered(250_000, "<!ENTITY a%d 'b'>") + "]>" + rssOf(one("a"))
		}},
		{"entities that nobody keeps", "", func() string { return "<!DOCTYPE rss [" + full("<!ENTITY a '&b;'>") + "]>" + rssOf(one("a")) }},
		{"growing entities", "", func() string {
			return `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("x", 250) + `">]>` + rssOf(one(strings.Repeat("&a;", 2_500_000)))
		}},
		{"a billion laughs", "", func() string {
			return `<!DOCTYPE rss [<!ENTITY a0 "ha">` + numbered(50, "<!ENTITY b%[1]d '&a;&a;&a;'>") + "]>" + rssOf(one("&b49;"))
		}},
		{"name spaces everywhere", "", func() string {
			return within(itemHead, "<x:a "+numbered(60, "xmlns:n%d='u' ")+"/>", "</item></channel></rss>")
		}},
		{"name spaces in force", "", func() string {
			return "<rss " + numbered(60, "xmlns:n%d='u%[1]d' ") + "><channel><item>" + strings.Repeat("<n1:a/>", 190_000) + "</item></channel></rss>"
		}},
		{"name spaces inside one another", "", func() string {
			return "<rss><channel><item>" + numbered(250, "<x:a xmlns:n%d='u'>") + strings.Repeat("<x:a/>", 190_000) + "</item></channel></rss>"
		}},
		{"CDATA in pieces", "", func() string {
			return itemHead + "<x:a>" + strings.Repeat("<![CDATA[abcdefgh]]>", 390_000) + "</x:a></item></channel></rss>"
		}},
		{"CDATA in pieces in a description", "", func() string {
			return itemHead + "<description>" + full("<![CDATA[a]]>") + "</description></item></channel></rss>"
		}},
		{"CDATA ends", "", func() string {
			return itemHead + "<description>" + full("]]>") + "</description></item></channel></rss>"
		}},
		{"a text between elements", "", func() string {
			return itemHead + "<x:a>" + strings.Repeat("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa<y/>", 190_000) + "</x:a></item></channel></rss>"
		}},
		{"base64", "", func() string {
			return `<feed xmlns="http://www.w3.org/2005/Atom">` + strings.Repeat("<entry><title>a</title><content mode='base64' type='text/html'>"+strings.Repeat("PGI+", 350)+"</content></entry>", 4_900) + "</feed>"
		}},
		{"one large base64", "", func() string { return atomOf("<content mode='base64'>" + full("PGI+") + "</content>") }},
		{"many of everything", "", func() string {
			return rssOf(strings.Repeat("<item><title>a</title>"+strings.Repeat("<category>c</category><link>l</link><enclosure url='u'/><author>b</author>", 9)+"</item>", 4_900))
		}},
		{"links of one entry", "", func() string { return atomOf(strings.Repeat("<link type='text/html' href='/a'/>", 199_000)) }},
		{"relative links", "", func() string {
			return `<feed xml:base="http://example.org/` + strings.Repeat("a/", 2000) + `"><entry><title>a</title>` + strings.Repeat("<link href='../../b'/>", 190_000) + "</entry></feed>"
		}},
		{"bases inside one another", "", func() string {
			return "<feed>" + strings.Repeat("<x:a xml:base='"+strings.Repeat("a/", 100)+"'>", 250) + strings.Repeat("<link href='b'/>", 190_000)
		}},
		{"links of one item", "", func() string {
			return rssOf("<item><title>a</title>" + strings.Repeat("<link>x y</link>", 199_000) + "</item>")
		}},
		{"people of one entry", "", func() string { return atomOf(strings.Repeat("<author><name>a</name></author>", 99_000)) }},
		{"same names", "", func() string {
			return rssOf("<item><title>a</title>" + strings.Repeat("<foo>a</foo>", 199_000) + "</item>")
		}},
		{"other names", "", func() string { return rssOf("<item><title>a</title>" + numbered(199_000, "<f%d>a</a>") + "</item>") }},
		{"other extensions", "", func() string { return itemHead + numbered(199_000, "<x%d:a>a</x:a>") + "</item></channel></rss>" }},
		{"deep HTML", "", func() string {
			return atomOf(`<content type="html">` + strings.Repeat("&lt;b&gt;&lt;p&gt;", 400_000) + "</content>")
		}},
		{"deep HTML in CDATA", "", func() string {
			return rssOf("<item><description><![CDATA[" + full("<div><b>") + "]]></description></item>")
		}},
		{"open tags in HTML", "", func() string { return rssOf("<item><description><![CDATA[" + full("<a ") + "]]></description></item>") }},
		{"attributes in HTML", "", func() string {
			return rssOf("<item><description><![CDATA[<a " + full("b=c ") + "]]></description></item>")
		}},
		{"comments in HTML", "", func() string {
			return rssOf("<item><description><![CDATA[" + full("<!--") + "]]></description></item>")
		}},
		{"raw text in HTML", "", func() string {
			return rssOf("<item><description><![CDATA[" + full("<title></titl") + "]]></description></item>")
		}},
		{"scripts in HTML", "", func() string {
			return rssOf("<item><description><![CDATA[" + full("<script><!--<script>") + "]]></description></item>")
		}},
		{"escaped many times over", "", func() string {
			return rssOf("<item><description>" + full("&amp;amp;amp;lt;b&amp;amp;amp;gt;") + "</description></item>")
		}},
		{"hidden tags", "", func() string { return rssOf("<item><description>" + full("&lt;<x>b&gt;") + "</description></item>") }},
		{"HTML in every item", "", func() string {
			return rssOf(strings.Repeat("<item><description>"+strings.Repeat("&amp;lt;b&amp;gt;", 90)+"</description></item>", 4_900))
		}},
		{"spaces", "", func() string { return full(" ") }},
		{"spaces in a feed", "", func() string { return rssOf(one("a"), full(" ")) }},
		{"spaces in a tag", "", func() string { return itemHead + "<a" + full(" ") + ">" }},
		{"spaces in a text", "", func() string { return rssOf("<item><title>a" + full(" ") + "b</title></item>") }},
		{"line ends", "", func() string { return rssOf("<item><title>a" + full("\r\n") + "b</title></item>") }},
		{"junk ahead", "", func() string { return full("<p>") + rssOf(one("a")) }},
		{"junk that hides the root", "", func() string { return full("<p '") + rssOf(one("a")) }},
		{"roots that are hidden", "", func() string { return "<x '>" + full("<feed ") }},
		{"roots that are none", "", func() string { return "<x/>" + full("<feed/>") }},
		{"names that may be roots", "", func() string { return "<x '" + full("<abc ") }},
		{"a feed escaped into a page", "", func() string {
			return "<html><pre>" + strings.ReplaceAll(strings.ReplaceAll(rssOf(strings.Repeat(one("a"), 4_000), full("&#1;")[:7<<20]), "<", "&lt;"), ">", "&gt;") + "</pre></html>"
		}},
		{"a feed escaped and marked up", "", func() string { return "<html><pre>&lt;rss" + full("<b>&lt;</b>") + "&lt;/rss&gt;" }},
		{"tags in a foreign text", "", func() string {
			return itemHead + "<x:div>" + strings.Repeat("<b>", 190_000) + "</x:div></item></channel></rss>"
		}},
		{"tags in a foreign title", "", func() string {
			return itemHead + "<x:title>" + strings.Repeat("<b>x", 190_000) + "</x:title></item></channel></rss>"
		}},
		{"pieces in a foreign title", "", func() string {
			return itemHead + "<x:title>" + strings.Repeat("<![CDATA[x]]>", 70_000) + "</x:title></item></channel></rss>"
		}},
		{"CDATA inside CDATA", "", func() string {
			return rssOf("<item><description><![CDATA[" + full("<![CDATA[") + "]]></description></item>")
		}},
		{"marks that swallow items", "", func() string { return "<rss><channel>" + full("<item><title><![CDATA[a</title></item>") }},
		{"comments that swallow items", "", func() string { return "<rss><channel>" + full("<item><!--</item>") }},
		{"paragraphs", "", func() string { return itemHead + "<description>" + full("<p>") }},
		{"plain text", "", func() string { return atomOf(`<content type="text">` + full("&amp; <") + "</content>") }},
		{"links in a text", "", func() string {
			return rssOf("<item><description><![CDATA[" + full("<a href='/a'>x") + "]]></description></item>")
		}},
		{"links in every text", "", func() string {
			return rssOf(strings.Repeat("<item><description>"+strings.Repeat("&lt;a href=/a>x", 90)+"</description></item>", 4_900))
		}},
		{"an error message", "", func() string { return "<error>" + full("&lt;b>") + "</error>" }},
		{"JSON with commas", "", func() string { return `{"version":"https://jsonfeed.org/version/1","items":[` + full("{} , ,") + "]}" }},
		{"JSON with spaces ahead of ends", "", func() string {
			return `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat("   ", 2<<20) + full("]")[:1<<20]
		}},
		{"JSON with comments", "", func() string { return `{"version":"https://jsonfeed.org/version/1","items":[` + full("/**/") + "{}]}" }},
		{"JSON in a call", "", func() string {
			return `f({"version":"https://jsonfeed.org/version/1","items":[{"title":"` + full(")") + `"}]});`
		}},
		{"a page", "", func() string { return "<html>" + full("<link rel=alternate>") }},
		{"long names", "", func() string { return itemHead + full("<"+strings.Repeat("é", 120)+"/>") }},
		{"endless names", "", func() string { return itemHead + "<" + full("a") + "/>" }},
		{"control characters", "", func() string { return itemHead + full("\x01") }},
		{"processing instructions", "", func() string { return itemHead + full("<?a?>") }},
		{"high bytes", "", func() string { return itemHead + full("\xe9") }},
		{"high bytes, declared", "text/xml; charset=gb18030", func() string { return itemHead + full("\xe9\xff") }},
		{"high bytes, wrongly declared", "text/xml; charset=iso-2022-jp", func() string { return itemHead + full("\x1b$B\xe9") }},
		{"every byte", "", func() string {
			b := make([]byte, 256)
			for i := range b {
				b[i] = byte(i)
			}
			return itemHead + full(string(b))
		}},
		{"UTF-16", "", func() string { return wide(itemHead+strings.Repeat("一", maxBytes/2-4096), false) }},
		{"UTF-16, ASCII", "", func() string { return wide(itemHead+strings.Repeat("<b>x", maxBytes/8-1024), true) }},
		{"UTF-16, halves", "", func() string { return "\xff\xfe" + full("\x00\xd8") }},
		{"UTF-32", "", func() string { return "\xff\xfe\x00\x00" + full("<\x00\x00\x00") }},
		{"two bytes become many", "text/xml; charset=big5", func() string { return itemHead + full("\x88\x62") }},
		{"roots that aren't", "", func() string { return "<x>" + strings.Repeat("<rdf>", 1_600_000) }},
		{"feeds of one's own", "", func() string { return "<feeds>" + strings.Repeat("<feed x>", 1_000_000) }},
		{"a feed escaped many times", "", func() string { return strings.Repeat("&lt;?xml&lt;/rss&gt;", 400_000) }},
		{"sections that swallow items", "", func() string {
			return "<rss><channel>" + strings.Repeat("<item><title><![CDATA[a</title></item>", 200_000)
		}},
		{"quotes that swallow items", "", func() string {
			return "<rss><channel>" + strings.Repeat(`<item><title a="`+strings.Repeat("x", 60)+`</title></item><item>`, 80_000)
		}},
		{"ambiguous dates", "", func() string {
			return rssOf(strings.Repeat("<item><title>a</title><pubDate>"+strings.Repeat("01/02/", 25)+"</pubDate></item>", 4_900))
		}},
		{"UTF-8 that seems encoded twice", "", func() string { return rssOf(one(strings.Repeat("Ã¤", 2_000_000) + "ÿ")) }},
		{"marks in a foreign text", "", func() string {
			return rssOf("<item><dc:description>" + strings.Repeat("<b>x", 190_000) + "</dc:description></item>")
		}},
		{"plain text full of signs", "", func() string {
			return `<feed><entry><title type="text">` + strings.Repeat("&", 7_000_000) + "</title></entry></feed>"
		}},
		{"Cyrillic without a charset", "", func() string { return "<rss><channel><item><title>" + strings.Repeat("\xee\xe5\xe0\xe8 ", 1_600_000) }},
		{"a JSON Feed in comments", "", func() string { return "{" + strings.Repeat("/*x*/ ,}", 900_000) }},
		{"a page full of links", "", func() string {
			return "<html><link rel=alternate type=application/rss+xml>" + strings.Repeat("<a href=x>", 800_000)
		}},
		{"JSON nests", "", func() string { return `{"version":"https://jsonfeed.org/version/1","items":` + full("[") }},
		{"JSON objects nest", "", func() string { return `{"version":"https://jsonfeed.org/version/1","items":[` + full(`{"a":`) }},
		{"JSON nests, allowed", "", func() string {
			return `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat(`{"title":"a","x":`+strings.Repeat("[", 200)+strings.Repeat("]", 200)+"},", 900) + "{}]}"
		}},
		{"JSON numbers", "", func() string {
			return `{"version":"https://jsonfeed.org/version/1","items":[{"id":` + full("9") + "}]}"
		}},
		{"JSON exponents", "", func() string {
			return `{"version":"https://jsonfeed.org/version/1","items":[{"title":1e999999999,"id":-0.0e-99999}]}`
		}},
		{"JSON values", "", func() string {
			return `{"version":"https://jsonfeed.org/version/1","items":[{"id":[` + full("1,") + "1]}]}"
		}},
		{"JSON items", "", func() string { return `{"version":"https://jsonfeed.org/version/1","items":[` + full(`{},`) + "{}]}" }},
		{"JSON, the same key", "", func() string {
			return `{"items":[{` + strings.Repeat(`"title":"aaaaaaaaaaaaaaaaaaaaaaa",`, 190_000) + `"a":1}]}`
		}},
		{"JSON, other keys", "", func() string {
			return `{"version":"https://jsonfeed.org/version/1","items":[{` + numbered(190_000, `"k%d":"aaaaaaaaaaaaaaaaaaaaa",`) + `"a":1}]}`
		}},
		{"JSON, items again and again", "", func() string { return `{` + strings.Repeat(`"items":[{"title":"a"}],`, 60_000) + `"a":1}` }},
		{"JSON, a long text", "", func() string {
			return `{"version":"https://jsonfeed.org/version/1","items":[{"content_html":"` + full("\\u003cb\\u003e") + `"}]}`
		}},
		{"JSON, broken surrogates", "", func() string {
			return `{"version":"https://jsonfeed.org/version/1","items":[{"content_text":"` + full("\\ud800") + `"}]}`
		}},
		{"JSON, authors", "", func() string {
			return `{"items":[{"title":"a","authors":[` + strings.Repeat(`{"name":"b"},`, 90_000) + `{}]}]}`
		}},
		{"JSON, attachments", "", func() string {
			return `{"items":[{"title":"a","attachments":[` + strings.Repeat(`{"url":"b"},`, 90_000) + `{}]}]}`
		}},
		{"JSON, no end", "", func() string {
			return `{"version":"https://jsonfeed.org/version/1","items":[{"title":"a"},{"title":"` + full("b")
		}},
	}
	return list
}

// wide writes text in UTF-16 with its mark.
func wide(text string, big bool) string {
	var b bytes.Buffer
	for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		if big {
			b.Write([]byte{byte(u >> 8), byte(u)})
		} else {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
	}
	return b.String()
}

// swallow reads a document as a poll does, with all the time in the world.
func swallow(tb testing.TB, p *parser, doc hostileDocument, body []byte) ([]mood.Mention, error) {
	tb.Helper()
	u, err := url.Parse("https://example.org/news/feed.xml")
	if err != nil {
		tb.Fatal(err)
	}
	body = body[:min(len(body), maxBytes)]
	_, list, err := p.read(context.Background(), received{body: body, contentType: doc.kind, url: u, page: u},
		mood.Source{ID: "s", URL: u.String()}, time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), false)
	return list, err
}

func TestHostileDocumentsHarmNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	p := patient() // what takes for ever still ends
	for _, doc := range hostileDocuments() {
		t.Run(doc.name, func(t *testing.T) {
			list, err := swallow(t, p, doc, []byte(doc.body()))
			var crash *panicError
			if errors.As(err, &crash) {
				t.Fatalf("%v\n%s", crash.value, crash.stack)
			}
			if err != nil && strings.Contains(err.Error(), "takes more than") {
				t.Error(err)
			}
			for _, m := range list {
				if holdsMarkup(m.Title) || holdsMarkup(m.Text) || len(m.Title) > 4*maxTitle || len(m.Text) > 4*maxText {
					t.Fatalf("an item of %d and %d bytes, or with markup", len(m.Title), len(m.Text))
				}
			}
		})
	}
}

// BenchmarkHostileDocuments prints what each costs: milliseconds, and the
// megabytes of heap that were in use at the worst moment, with what nobody had
// swept up yet.
func BenchmarkHostileDocuments(b *testing.B) {
	for _, doc := range hostileDocuments() {
		b.Run(strings.ReplaceAll(doc.name, " ", "_"), func(b *testing.B) {
			p := newParser()
			p.time = time.Minute
			body := []byte(doc.body())
			result := ""
			var worst time.Duration
			peak := heapPeak(func() {
				for b.Loop() {
					begun := time.Now()
					list, err := swallow(b, p, doc, body)
					worst = max(worst, time.Since(begun))
					if result = fmt.Sprint(len(list), " items"); err != nil {
						result = clip(err.Error(), 100)
					}
				}
			})
			b.ReportMetric(float64(worst.Microseconds())/1000, "ms-worst")
			b.ReportMetric(float64(peak)/(1<<20), "MB-peak")
			b.Log(result)
		})
	}
}

// heapPeak runs work and gives by how much the heap grew meanwhile.
func heapPeak(work func()) uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	read := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	before := read()
	peak := before
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				peak = max(peak, read())
			case <-stop:
				return
			}
		}
	}()
	work()
	close(stop)
	<-stopped
	return peak - before
}
