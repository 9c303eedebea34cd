package feed

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/mood"

	"golang.org/x/text/encoding/charmap"
)

// itemOf reads the only item of a document that came from address.
func itemOf(t *testing.T, address, body string) mood.Mention {
	t.Helper()
	from, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := newParser().parse(t.Context(), []byte(body), "", from)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	list := mentions(doc, mood.Source{ID: "s", URL: address}, from, now, false)
	if len(list) != 1 {
		t.Fatalf("%d items: %+v", len(list), list)
	}
	return list[0]
}

const feedAt = "https://example.org/news/feed.xml"

func rssItem(fields string) string { return rssOf("<item><title>a</title>" + fields + "</item>") }

func atomEntry(fields string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title>a</title>` + fields + `</entry></feed>`
}

func TestAnItemLeadsWhereItCanBeRead(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"the first of several links", rssItem(`<link>https://example.org/1</link><link>https://example.org/2</link>`), "https://example.org/1"},
		{"an empty link, then Atom's", rssItem(`<link/><a:link xmlns:a="http://www.w3.org/2005/Atom" rel="alternate" href="https://example.org/x"/>`), "https://example.org/x"},
		{"a link in an attribute", rssItem(`<link href="https://example.org/x"/>`), "https://example.org/x"},
		{"a link as a resource", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item><title>a</title><link rdf:resource="https://example.org/x"/></item></rdf:RDF>`, "https://example.org/x"},
		{"a permanent GUID before the enclosure", rssItem(`<guid>https://example.org/g</guid><enclosure url="https://example.org/a.mp3"/>`), "https://example.org/g"},
		{"the enclosure before a GUID that is no page", rssItem(`<guid isPermaLink="false">https://example.org/g</guid><enclosure url="https://example.org/a.mp3"/>`), "https://example.org/a.mp3"},
		{"such a GUID where nothing else is", rssItem(`<guid ispermalink="false">https://example.org/g</guid>`), "https://example.org/g"},
		{"a GUID that is a number", rssItem(`<guid>4711</guid>`), ""},
		{"comments last", rssItem(`<comments>https://example.org/c</comments>`), "https://example.org/c"},
		{"a media file", rssItem(`<m:group xmlns:m="http://search.yahoo.com/mrss/"><m:content url="https://example.org/v.mp4"/></m:group>`), "https://example.org/v.mp4"},
		{"Atom's link as text", atomEntry(`<link>https://example.org/x</link>`), "https://example.org/x"},
		{"Atom's enclosure before its id", atomEntry(`<id>https://example.org/i</id><link rel="enclosure" href="https://example.org/a.mp3"/>`), "https://example.org/a.mp3"},
		{"Atom's tag id", atomEntry(`<id>tag:example.org,2024:1</id>`), ""},
		{"content elsewhere", atomEntry(`<content src="https://example.org/c.html"/>`), "https://example.org/c.html"},
		{"a word for none", rssItem(`<link>null</link><guid>https://example.org/g</guid>`), "https://example.org/g"},
		{"a fragment for none", rssItem(`<link>#</link><guid>https://example.org/g</guid>`), "https://example.org/g"},
		{"a source's name is no address", rssItem(`<dc:source xmlns:dc="http://purl.org/dc/elements/1.1/">Reuters</dc:source>`), ""},
		{"the only link in the text, on the feed's own site", rssItem(`<description>&lt;a href="https://docs.example.org/x.pdf"&gt;Read&lt;/a&gt;</description>`), "https://docs.example.org/x.pdf"},
		{"the only link in the text, to a stranger", rssItem(`<description>&lt;a href="https://example.com/x"&gt;Read&lt;/a&gt;</description>`), ""},
		{"several links in the text", rssItem(`<description>&lt;a href="/x"&gt;x&lt;/a&gt; &lt;a href="/y"&gt;y&lt;/a&gt;</description>`), ""},
		// What is wrong with addresses.
		{"an address over two lines", rssItem("<link>\n  https://example.org/a\n  b\n</link>"), "https://example.org/ab"},
		{"an address in CDATA", rssItem(`<link><![CDATA[ https://example.org/a?b=1&c=2 ]]></link>`), "https://example.org/a?b=1&c=2"},
		{"ampersands escaped twice", rssItem(`<link>https://example.org/a?b=1&amp;amp;c=2</link>`), "https://example.org/a?b=1&c=2"},
		{"ampersands not escaped", rssItem(`<link>https://example.org/a?b=1&c=2</link>`), "https://example.org/a?b=1&c=2"},
		{"another script in the host", rssItem(`<link>https://bücher.example/ä</link>`), "https://xn--bcher-kva.example/%C3%A4"},
		{"another script in the query", rssItem(`<link>https://example.org/a?q=ü#ä</link>`), "https://example.org/a?q=%C3%BC"},
		{"no scheme", rssItem(`<link>www.example.com/x</link>`), "http://www.example.com/x"},
		{"no scheme but slashes", rssItem(`<link>//example.com/x</link>`), "https://example.com/x"},
		{"backslashes", rssItem(`<link>http:\\example.com\x</link>`), "http://example.com/x"},
		{"feed as scheme", rssItem(`<link>feed://example.com/x</link>`), "http://example.com/x"},
		{"feed ahead of the scheme", rssItem(`<link>feed:https://example.com/x</link>`), "https://example.com/x"},
		{"a mail address", rssItem(`<link>mailto:jo@example.org</link>`), ""},
		{"a telephone", rssItem(`<link>tel:+358</link>`), ""},
		{"data", rssItem(`<link>data:text/html,x</link>`), ""},
		{"a script in capitals", rssItem("<link>JavaScript:alert(1)</link>"), ""},
		{"capital attributes", `<FEED><ENTRY><TITLE>a</TITLE><LINK HREF="https://example.org/x"/></ENTRY></FEED>`, "https://example.org/x"},
		// What relative ones start from.
		{"the document", rssItem(`<link>x</link>`), "https://example.org/news/x"},
		{"the document, though the site is named", `<rss><channel><link>https://example.org/</link><item><title>a</title><link>x</link></item></channel></rss>`, "https://example.org/news/x"},
		{"the site, when a stranger serves its feed", `<rss><channel><link>https://site.example/blog/</link><item><title>a</title><link>x</link></item></channel></rss>`, "https://site.example/blog/x"},
		{"bases inside bases", `<feed xml:base="/one/"><entry xml:base="two/"><title>a</title><link xml:base="three/" href="x"/></entry></feed>`, "https://example.org/one/two/three/x"},
		{"a base on the channel", `<rss><channel xml:base="https://b.example/d/"><item><title>a</title><link>x</link></item></channel></rss>`, "https://b.example/d/x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := itemOf(t, feedAt, c.body).URL; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// newsID is an early Google News id of an address.
func newsID(address string) string {
	b := append([]byte{0x08, 0x13, 0x22, byte(len(address))}, address...)
	return base64.RawURLEncoding.EncodeToString(append(b, 0xd2, 0x01, 0x00))
}

func TestClickCountersAreTakenOff(t *testing.T) {
	real := "https://example.org/a?id=7"
	quoted := url.QueryEscape(real)
	for _, raw := range []string{
		"http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=1&url=" + quoted + "&c=1&mkt=de-de",
		"https://www.bing.com/ck/a?!&&p=1&u=a1" + base64.RawURLEncoding.EncodeToString([]byte(real)) + "&ntb=1",
		"https://www.google.com/url?rct=j&sa=t&url=" + quoted + "&ct=ga&cd=x",
		"https://www.google.co.uk/url?q=" + quoted,
		"http://news.google.com/news/url?sa=t&fd=R&usg=x&url=" + quoted,
		"https://news.google.com/rss/articles/" + newsID(real) + "?oc=5",
		"https://news.google.com/__i/rss/rd/articles/" + newsID(real) + "?oc=5",
		"https://news.google.com/articles/" + newsID(real),
		"https://news.google.com/read/" + newsID(real) + "?hl=en",
		"https://l.facebook.com/l.php?u=" + quoted + "&h=x",
		"https://out.reddit.com/t3_x?url=" + quoted + "&token=y",
		"https://t.umblr.com/redirect?z=" + quoted + "&t=y",
		"https://www.youtube.com/redirect?event=x&q=" + quoted,
		"https://r.search.yahoo.com/_ylt=x/RV=2/RE=1/RO=10/RU=" + url.PathEscape(real) + "/RK=2/RS=y-",
		"http://us.rd.yahoo.com/dailynews/rss/search/x/SIG=1/*" + quoted,
		"http://us.rd.yahoo.com/dailynews/rss/search/x/SIG=1/*" + real,
		"https://href.li/?" + real,
		"https://eur01.safelinks.protection.outlook.com/?url=" + quoted + "&data=x",
		"https://www.google.com/url?url=" + url.QueryEscape("http://www.bing.com/news/apiclick.aspx?url="+quoted),
	} {
		if got := CanonicalURL(raw); got != real {
			t.Errorf("%s became %s", raw, got)
		}
	}
	for _, raw := range []string{
		"https://news.google.com/rss/articles/" + base64.RawURLEncoding.EncodeToString([]byte("\x08\x13\x22\x08AU_yqLxx")),
		"https://news.google.com/rss/articles/" + newsID("javascript:alert(1)"),
		"https://news.google.com/rss/articles/%20",
		"https://google.evil.example.com/url?url=" + quoted,
		"https://www.google.com/search?q=" + quoted,
		"https://www.youtube.com/watch?v=x",
	} {
		if got := CanonicalURL(raw); got == "" || got == real || Outlet(got) != Outlet(raw) {
			t.Errorf("%s became %s", raw, got)
		}
	}
}

func TestThePublisherIsNamedNotTheAggregator(t *testing.T) {
	opaque := "https://news.google.com/rss/articles/CBMiXkFVX3lxTFA"
	for _, c := range []struct{ name, body, title, url, outlet string }{
		{"Google News", rssOf(`<item><title>Nokia wins - The Times</title><link>` + opaque + `</link><source url="https://www.thetimes.example">The Times</source></item>`), "Nokia wins", opaque, "thetimes.example"},
		{"Google News with the address in its id", rssOf(`<item><title>Nokia wins - The Times</title><link>https://news.google.com/rss/articles/` + newsID("https://www.thetimes.example/n") + `?oc=5</link><source url="https://mirror.example">The Times</source></item>`), "Nokia wins", "https://www.thetimes.example/n", "thetimes.example"},
		{"Google News with the address in the text", rssOf(`<item><title>Nokia wins - The Times</title><link>` + opaque + `</link><source>The Times</source><description>&lt;a href="https://www.thetimes.example/n"&gt;Nokia wins&lt;/a&gt;&amp;nbsp;&lt;font&gt;The Times&lt;/font&gt;</description></item>`), "Nokia wins", "https://www.thetimes.example/n", "thetimes.example"},
		{"Google News without a source", rssOf(`<item><title>Nokia wins - The Times</title><link>` + opaque + `</link></item>`), "Nokia wins - The Times", opaque, "news.google.com"},
		{"Bing News", rssOf(`<item xmlns:News="https://www.bing.com/news/search?q=x&amp;format=rss"><title>Nokia wins</title><link>http://www.bing.com/news/apiclick.aspx?url=https%3a%2f%2fwww.thetimes.example%2fn</link><News:Source>The Times</News:Source></item>`), "Nokia wins", "https://www.thetimes.example/n", "thetimes.example"},
		{"a name is no domain", rssOf(`<item xmlns:News="https://www.bing.com/x"><title>Nokia wins - The Times</title><link>https://www.bing.com/news/opaque</link><News:Source>The Times</News:Source></item>`), "Nokia wins", "https://www.bing.com/news/opaque", "bing.com"},
		{"Yahoo News", rssOf(`<item><title>Nokia wins (AP)</title><link>https://news.yahoo.com/n.html</link><source url="https://apnews.example/">AP</source></item>`), "Nokia wins", "https://news.yahoo.com/n.html", "apnews.example"},
		{"a site that cites", rssOf(`<item><title>Nokia wins - Reuters</title><link>https://example.org/n</link><source url="https://reuters.example/rss">Reuters</source></item>`), "Nokia wins - Reuters", "https://example.org/n", "example.org"},
		{"Atom's source", atomEntry(`<link href="` + opaque + `"/><source><title>The Times</title><link href="https://www.thetimes.example/"/></source>`), "a", opaque, "thetimes.example"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := itemOf(t, feedAt, c.body)
			if m.Title != c.title || m.URL != c.url || m.Outlet != c.outlet {
				t.Errorf("%q at %q by %q", m.Title, m.URL, m.Outlet)
			}
		})
	}
}

func TestAuthorsAreNames(t *testing.T) {
	dc := `xmlns:dc="http://purl.org/dc/elements/1.1/"`
	for _, c := range []struct{ name, body, want string }{
		{"mail, then name", rssItem(`<author>jo@example.org (Jo Doe)</author>`), "Jo Doe"},
		{"name, then mail", rssItem(`<author>Jo Doe (jo@example.org)</author>`), "Jo Doe"},
		{"mail in brackets", rssItem(`<author>Jo Doe &lt;jo@example.org&gt;</author>`), "Jo Doe"},
		{"mail beside the name", rssItem(`<author>jo@example.org Jo Doe</author>`), "Jo Doe"},
		{"a mail alone", rssItem(`<author>jo@example.org</author>`), ""},
		{"an address alone", rssItem(`<author>https://example.org/jo</author>`), ""},
		{"a name in parentheses", rssItem(`<author>(Jo Doe)</author>`), "Jo Doe"},
		{"by", rssItem(`<author>By Jo Doe</author>`), "Jo Doe"},
		{"a part of the name in parentheses", rssItem(`<author>Jo Doe (AP)</author>`), "Jo Doe (AP)"},
		{"Dublin Core", rssItem(`<dc:creator ` + dc + `>Jo Doe</dc:creator>`), "Jo Doe"},
		{"several", rssItem(`<dc:creator ` + dc + `>Jo Doe</dc:creator><dc:creator ` + dc + `>Al Roe</dc:creator><dc:creator ` + dc + `>Jo Doe</dc:creator>`), "Jo Doe, Al Roe"},
		{"iTunes", rssItem(`<itunes:author xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">Jo Doe</itunes:author>`), "Jo Doe"},
		{"a podcast's", `<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><itunes:author>Jo Doe</itunes:author><item><title>a</title></item></channel></rss>`, "Jo Doe"},
		{"Atom inside RSS", rssItem(`<author><name>Jo Doe</name><email>jo@example.org</email></author>`), "Jo Doe"},
		{"Atom", atomEntry(`<author><name>Jo Doe</name><uri>https://example.org</uri></author><author><name>Al Roe</name></author>`), "Jo Doe, Al Roe"},
		{"Atom with text", atomEntry(`<author>Jo Doe</author>`), "Jo Doe"},
		{"Atom's feed", `<feed><author><name>Jo Doe</name></author><entry><title>a</title></entry></feed>`, "Jo Doe"},
		{"JSON", `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"a","authors":[{"name":"Jo Doe"},{"name":"Al Roe"}]}]}`, "Jo Doe, Al Roe"},
		{"a name of Reddit", atomEntry(`<author><name>/u/jo</name></author>`), "/u/jo"},
		{"markup", rssItem(`<author>&lt;b&gt;Jo&lt;/b&gt; Doe&lt;script&gt;x&lt;/script&gt;</author>`), "Jo Doe"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := itemOf(t, feedAt, c.body).Author; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestTheLanguageIsWhatTheFeedSays(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"the channel", `<rss><channel><language>de-AT</language><item><title>a</title></item></channel></rss>`, "de"},
		{"the item before the channel", `<rss><channel><language>de</language><item xml:lang="fr-CA"><title>a</title></item></channel></rss>`, "fr"},
		{"the title before the item", `<feed xml:lang="de"><entry xml:lang="fr"><title xml:lang="fi">a</title></entry></feed>`, "fi"},
		{"xml:lang of RSS", `<rss xml:lang="sv"><channel><item><title>a</title></item></channel></rss>`, "sv"},
		{"xml:lang of a channel", `<rss><channel xml:lang="sv"><item><title>a</title></item></channel></rss>`, "sv"},
		{"Dublin Core", `<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><dc:language>nl</dc:language><item><title>a</title></item></channel></rss>`, "nl"},
		{"Dublin Core of the item", rssItem(`<dc:language xmlns:dc="http://purl.org/dc/elements/1.1/">ja</dc:language>`), "ja"},
		{"an underscore and a charset", `<rss><channel><language>pt_BR.UTF-8</language><item><title>a</title></item></channel></rss>`, "pt"},
		{"a country for a language", `<rss><channel><language>jp</language><item><title>a</title></item></channel></rss>`, "ja"},
		{"a name", `<rss><channel><language>Deutsch</language><item><title>a</title></item></channel></rss>`, "de"},
		{"three letters", `<rss><channel><language>eng</language><item><title>a</title></item></channel></rss>`, "en"},
		{"an old code", `<rss><channel><language>iw</language><item><title>a</title></item></channel></rss>`, "he"},
		{"many", `<rss><channel><language>mul</language><item><title>a</title></item></channel></rss>`, ""},
		{"nonsense", `<rss><channel><language>&lt;script&gt;</language><item><title>a</title></item></channel></rss>`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := itemOf(t, feedAt, c.body).Language; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestHeadersSayWhatTheDocumentDoesNot(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/f": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Language", "fi-FI")
		w.Header().Set("Content-Location", "/news/2024/feed.xml")
		w.Header().Set("Content-Type", "text/xml; charset=windows-1251")
		_, _ = w.Write(encode(t, charmap.Windows1251, rssOf(`<item><title>Привет</title><link>x</link></item>`)))
	}})
	box := newInbox()
	start(t, Config{Sources: []mood.Source{source(s, "/f", time.Minute)}, Deliver: box.deliver, States: newMemory(), Allow: loopback(), Hosts: fast()})
	<-box.came
	box.mu.Lock()
	defer box.mu.Unlock()
	if m := box.items[0]; m.Language != "fi" || m.URL != s.URL+"/news/2024/x" || m.Title != "Привет" {
		t.Errorf("%+v", m)
	}
}

func TestCategoriesAreThePublishersOwn(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"RSS", rssItem(`<category>Business</category><category domain="x">AT&amp;amp;T</category><category> business </category>`), []string{"Business", "AT&T"}},
		{"Dublin Core", rssItem(`<dc:subject xmlns:dc="http://purl.org/dc/elements/1.1/">Mobile; Networks</dc:subject>`), []string{"Mobile", "Networks"}},
		{"keywords", rssItem(`<m:keywords xmlns:m="http://search.yahoo.com/mrss/">phone, network</m:keywords>`), []string{"phone", "network"}},
		{"Atom", atomEntry(`<category term="b" label="Business"/><category term="mobile"/><category scheme="x" term="http://schemas.example.org/kind#post"/>`), []string{"Business", "mobile"}},
		{"Atom with text", atomEntry(`<category>Business</category>`), []string{"Business"}},
		{"JSON", `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"a","tags":["x","y",7,null]}]}`, []string{"x", "y", "7"}},
		{"markup", rssItem(`<category>&lt;b&gt;x&lt;/b&gt;</category><category>&lt;script&gt;y&lt;/script&gt;</category>`), []string{"x"}},
		{"too long", rssItem(`<category>` + strings.Repeat("ä", 80) + `</category>`), []string{strings.Repeat("ä", 60)}},
		{"too many", rssItem(strings.Join([]string{"<category>0</category>", "<category>1</category>", "<category>2</category>", "<category>3</category>", "<category>4</category>", "<category>5</category>", "<category>6</category>", "<category>7</category>", "<category>8</category>", "<category>9</category>", "<category>10</category>"}, "")), strings.Fields("0 1 2 3 4 5 6 7 8 9")},
		{"none", rssItem(""), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := itemOf(t, feedAt, c.body).Categories; !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestGeotagsAreRead(t *testing.T) {
	for _, c := range []struct{ name, fields, want string }{
		{"a point", `<georss:point>60.5 24.5</georss:point>`, "60.5 24.5"},
		{"a point with a comma", `<georss:point>60.5,24.5</georss:point>`, "60.5 24.5"},
		{"a line", `<georss:line>60 24 61 25</georss:line>`, "60.5 24.5"},
		{"an area", `<georss:polygon>60 24 61 24 61 25 60 25 60 24</georss:polygon>`, "60.5 24.5"},
		{"a box", `<georss:box>60 24 61 25</georss:box>`, "60.5 24.5"},
		{"a box over the date line", `<georss:box>-20 170 -10 -170</georss:box>`, "-15 180"},
		{"a circle", `<georss:circle>60.5 24.5 500</georss:circle>`, "60.5 24.5"},
		{"a GML point", `<georss:where><gml:Point><gml:pos>60.5 24.5</gml:pos></gml:Point></georss:where>`, "60.5 24.5"},
		{"a GML envelope", `<georss:where><gml:Envelope><gml:lowerCorner>60 24</gml:lowerCorner><gml:upperCorner>61 25</gml:upperCorner></gml:Envelope></georss:where>`, "60.5 24.5"},
		{"a GML area", `<georss:where><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>60 24 61 24 61 25</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></georss:where>`, "60.5 24.5"},
		{"W3C", `<geo:lat>60.5</geo:lat><geo:long>24.5</geo:long>`, "60.5 24.5"},
		{"a W3C point", `<geo:Point><geo:lat>60.5</geo:lat><geo:long>24.5</geo:long></geo:Point>`, "60.5 24.5"},
		{"W3C in one", `<geo:lat_long>60.5,24.5</geo:lat_long>`, "60.5 24.5"},
		{"ICBM", `<icbm:latitude>60.5</icbm:latitude><icbm:longitude>24.5</icbm:longitude>`, "60.5 24.5"},
		{"an alert's area", `<cap:polygon>60,24 61,24 61,25 60,24</cap:polygon>`, "60.5 24.5"},
		{"an alert's circle", `<cap:circle>60.5,24.5 12</cap:circle>`, "60.5 24.5"},
		{"nowhere", `<georss:point>0 0</georss:point>`, ""},
		{"off the globe", `<georss:point>91 0</georss:point>`, ""},
		{"not a number", `<georss:point>NaN 1</georss:point>`, ""},
		{"endless", `<georss:point>Inf 1</georss:point>`, ""},
		{"half a pair", `<georss:line>60 24 61</georss:line>`, ""},
		{"words", `<georss:point>north south</georss:point>`, ""},
		{"half of W3C", `<geo:lat>60.5</geo:lat>`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if o := itemOf(t, feedAt, rssItem(c.fields)).Places.Origin; o != nil {
				got = fmt.Sprint(o.Point.Lat, o.Point.Lon)
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
