package feed

import (
	"strings"
	"testing"
)

// rest is what ends a channel with one more item in it.
var theRest = one("b") + "</channel></rss>"

func TestFeedsOfEveryShapeAreRead(t *testing.T) {
	rdf := `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" `
	for _, c := range []struct{ name, body, want string }{
		// Formats and their name spaces.
		{"RSS 0.90", rdf + `xmlns="http://channel.netscape.com/rdf/simple/0.9/"><channel><title>T</title></channel>` + one("a") + `</rdf:RDF>`, "a"},
		{"RSS 0.90 of Netscape", rdf + `xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>T</title></channel>` + one("a") + `</rdf:RDF>`, "a"},
		{"RSS 0.91", `<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel>` + theRest, "b"},
		{"RSS 0.92", `<rss version="0.92"><channel><item><description>Only &lt;b&gt;text&lt;/b&gt;</description></item></channel></rss>`, ""},
		{"RSS 1.0", rdf + `xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><items><rdf:Seq><rdf:li resource="y"/></rdf:Seq></items></channel>` + one("a") + one("b") + `</rdf:RDF>`, "a|b"},
		{"RSS 1.0 with a prefix", rdf + `xmlns:rss="http://purl.org/rss/1.0/"><rss:channel/><rss:item rdf:about="y"><rss:title>a</rss:title></rss:item></rdf:RDF>`, "a"},
		{"RSS 1.0 with an undeclared prefix", `<rdf:RDF><rss:channel/><rss:item><rss:title>a</rss:title></rss:item></rdf:RDF>`, "a"},
		{"RSS 1.0 with items in the channel", rdf + `xmlns="http://purl.org/rss/1.0/"><channel>` + one("a") + `</channel>` + one("b") + `</rdf:RDF>`, "a|b"},
		{"RSS 2.0 with a name space", `<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel>` + theRest, "b"},
		{"RSS 2.0 with Atom as name space", `<rss version="2.0" xmlns="http://www.w3.org/2005/Atom"><channel>` + theRest, "b"},
		{"RSS of an unknown version", `<rss version="9"><channel>` + theRest, "b"},
		{"RSS 1.1", `<Channel xmlns="http://purl.org/net/rss1.1#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about="x"><title>T</title><items rdf:parseType="Collection"><item rdf:about="y"><title>a</title></item><item><title>b</title></item></items></Channel>`, "a|b"},
		{"items in a list", `<rss><channel><items>` + one("a") + one("b") + `</items></channel></rss>`, "a|b"},
		{"items with a prefix of their own", `<rss xmlns:r="http://backend.userland.com/rss2"><channel><r:item><title>a</title></r:item></channel></rss>`, "a"},
		{"prefixed entries in RSS", `<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><atom:entry><atom:title>a</atom:title></atom:entry></channel></rss>`, "a"},
		{"Atom 0.3", `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped" type="text/html">a &amp;lt;3 &lt;i&gt;c&lt;/i&gt;</title></entry></feed>`, "a <3 c"},
		{"Atom of a draft", `<feed xmlns="http://purl.org/atom/ns#draft-ietf-atompub-format-08"><entry><title>a</title></entry></feed>`, "a"},
		{"Atom without a name space", `<feed><entry><title>a</title></entry></feed>`, "a"},
		{"Atom with https in its name space", `<feed xmlns="https://www.w3.org/2005/Atom"><entry><title>a</title></entry></feed>`, "a"},
		{"Atom entries in RSS", `<rss><channel><entry><title>a</title><link href="/x"/><summary>s</summary></entry></channel></rss>`, "a"},
		{"RSS items in Atom", `<feed><item><title>a</title><link>/x</link><description>s</description></item></feed>`, "a"},
		{"capitals", `<RSS VERSION="2.0"><CHANNEL><TITLE>T</TITLE><ITEM><TITLE>a</TITLE></ITEM><Item><Title>b</Title></Item></CHANNEL></RSS>`, "a|b"},
		{"no items", `<rss version="2.0"><channel><title>T</title></channel></rss>`, ""},
		{"no entries", `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title></feed>`, ""},
		// What stands around a feed.
		{"items behind the channel", `<rss><channel>` + one("a") + `</channel>` + theRest[:len(theRest)-len("</channel></rss>")] + `</rss>`, "a|b"},
		{"two channels", `<rss><channel>` + one("a") + `</channel><channel>` + theRest, "a|b"},
		{"a channel that was never closed", `<rss><channel>` + one("a") + `<channel>` + theRest, "a|b"},
		{"no root", `<channel>` + theRest, "b"},
		{"two prologs", `<?xml version="1.0"?><?xml version="1.0" encoding="UTF-8"?>` + rssOf(one("a")), "a"},
		{"a prolog behind white space", "\r\n\t " + rssOf(one("a")), "a"},
		{"a prolog of another version", `<?xml version="2.7" standalone="maybe"?><rss><channel>` + theRest, "b"},
		{"a prolog that is broken", `<?xml version="1.0" encoding="utf-8"><rss><channel>` + theRest, "b"},
		{"a prolog without its sign", `xml version="1.0"?>` + rssOf(one("a")), "a"},
		{"a long DOCTYPE", "<!DOCTYPE rss [" + strings.Repeat("<!-- a comment with <signs> & more -->\n", 300) + "]>" + rssOf(one("a")), "a"},
		{"a DOCTYPE that was never closed", "<!DOCTYPE rss [<!ENTITY x 'y'>\n" + rssOf(one("a")), "a"},
		{"a comment that was never closed", "<!-- generated\n" + rssOf(one("a")), "a"},
		{"a warning with a broken tag", "<b class=\"warning>Warning</b> x < 3 \n" + rssOf(one("a")), "a"},
		{"words ahead", "Array\n(\n)\nNotice: x\n" + rssOf(one("a")), "a"},
		{"rubbish behind", rssOf(one("a")) + "\n<!-- 0.3 s --><script>x</script><rss><channel>" + theRest, "a"},
		{"a page around it", "<html><body><pre>" + rssOf(one("a")) + "</pre></body></html>", "a"},
		{"another root around it", "<response>" + rssOf(one("a")) + "</response>", "a"},
		{"a feed that was escaped", "<html><body><pre>" + strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(rssOf(one("AT&amp;T"))) + "</pre></body></html>", "AT&T"},
		{"a feed that was escaped, without a page", strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(rssOf(one("a"))), "a"},
		// Signs and tags in texts.
		{"signs in text", rssOf(one("AT&T <3 R&D; &nosuch; 1 < 2 && 3 > 2")), "AT&T <3 R&D; &nosuch; 1 < 2 && 3 > 2"},
		{"signs in attributes", rssOf(`<item a="x & y < z > w"><title>a</title></item>`), "a"},
		{"HTML entities", rssOf(one("caf&eacute;&nbsp;&mdash;&hellip;")), "café —…"},
		{"CDATA", rssOf(`<item><title><![CDATA[AT&T <b>wins</b>]]></title></item>`), "AT&T wins"},
		{"CDATA in parts", rssOf(`<item><title>one <![CDATA[& two]]> &amp; three<![CDATA[ ]]]]><![CDATA[> four]]></title></item>`), "one & two & three ]]> four"},
		{"CDATA in CDATA", rssOf(`<item><title><![CDATA[<![CDATA[AT&T]]>]]></title></item>`, one("b")), "AT&T|b"},
		{"CDATA that was escaped", rssOf(`<item><title>&lt;![CDATA[AT&amp;T]]&gt;</title></item>`), "AT&T"},
		{"CDATA that was never closed", rssOf(`<item><title>a</title><description><![CDATA[text</description></item>`, one("b"), one("c")), "a|b|c"},
		{"CDATA that was never closed, with others after it", rssOf(`<item><title>a</title><description><![CDATA[text</description></item>`, `<item><title><![CDATA[b]]></title></item>`), "a|b"},
		{"a comment inside that was never closed", rssOf(one("a")+"<!-- ad", one("b")), "a|b"},
		{"a quote that was never closed", rssOf(one("a")+`<img src="x>`, one("b")), "a|b"},
		{"a quote that was never closed, with others after it", rssOf(`<item><title>a</title><description><img src="http://example.org/a/long/address/of/a/picture.png></description></item>`, `<item><title>b</title><guid isPermaLink="false">x</guid></item>`), "a|b"},
		{"a thousand breaks", rssOf(`<item><title>a</title><description>`+strings.Repeat("x<br>", 1000)+`</description></item>`, one("b")), "a|b"},
		{"a thousand paragraphs and pictures", rssOf(`<item><title>a</title><description>`+strings.Repeat("<p>x<img src=y><li>", 1000)+`</description></item>`, one("b")), "a|b"},
		{"a thousand bold words", rssOf(`<item><title>a</title><description>`+strings.Repeat("x<b>", 1000)+`</description></item>`, one("b")), "a|b"},
		{"an item's link in a text", rssOf(`<item><title>a</title><description><p>one <link>x</link></description></item>`), "a"},
		{"undeclared prefixes", rssOf(`<item><title>a</title><x:y z:w="1">v</x:y><media:content url="u"/></item>`), "a"},
		{"odd case in end tags", rssOf(`<item><title>a</TITLE></Item>`, one("b")), "a|b"},
		{"end tags that cross", rssOf(`<item><title>a</title><description><b>x<i>y</b>z</i></description></item>`, one("b")), "a|b"},
		// Documents that end.
		{"the end inside a tag", rssOf(one("a"))[:len(rssOf(one("a")))-len("</channel></rss>")] + `<item><title>b</title><link hre`, "a"},
		{"the end inside a comment", rssOf(one("a"))[:len(rssOf(one("a")))-len("</channel></rss>")] + `<item><title>b</title><!-- x`, "a"},
		{"the end inside an entity", rssOf(one("a"))[:len(rssOf(one("a")))-len("</channel></rss>")] + `<item><title>b &am`, "a"},
		{"the end inside CDATA", rssOf(one("a"))[:len(rssOf(one("a")))-len("</channel></rss>")] + `<item><title>b</title><description><![CDATA[ x`, "a"},
		{"the end between items", rssOf(one("a"))[:len(rssOf(one("a")))-len("</channel></rss>")], "a"},
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

func TestJSONFeedsMayBeLoose(t *testing.T) {
	const version = `"version":"https://jsonfeed.org/version/1.1"`
	for _, c := range []struct{ name, body, want string }{
		{"1.0", `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"a"}]}`, "a"},
		{"a mark", "\ufeff {" + version + `,"items":[{"id":"1","title":"a"}]}`, "a"},
		{"a guard", ")]}',\n{" + version + `,"items":[{"id":"1","title":"a"}]}`, "a"},
		{"another guard", "for(;;);{" + version + `,"items":[{"id":"1","title":"a"}]}`, "a"},
		{"JSONP", "/**/feed.callback({" + version + `,"items":[{"id":"1","title":"a"}]});`, "a"},
		{"commas too many", "{" + version + `,"items":[{"id":"1","title":"a, ]",},],}`, "a, ]"},
		{"comments", "{" + version + `, // "x"
			"items":[/* none */{"id":"1","title":"a // b"}]}`, "a // b"},
		{"numbers, null and others", "{" + version + `,"items":[null,{"id":1,"title":"a"},7,"x",[],{"id":2.5,"title":null,"content_text":"t"},{"title":5}]}`, "a||5"},
		{"no version", `{"home_page_url":"https://example.org/","items":[{"id":"1","title":"a"}]}`, "a"},
		{"no items", "{" + version + `,"items":[]}`, ""},
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

func TestTextsOfOtherNameSpacesKeepTheirElements(t *testing.T) {
	for _, c := range []struct{ name, fields, want string }{
		{"XHTML in RSS", `<body xmlns="http://www.w3.org/1999/xhtml"><p>one <b>two</b></p><p>AT&amp;T</p></body>`, "one two AT&T"},
		{"XHTML with a prefix", `<x:body xmlns:x="http://www.w3.org/1999/xhtml"><x:p>one</x:p><x:p>two<x:br/>three</x:p></x:body>`, "one two three"},
		{"Atom in RSS", `<a:content type="xhtml" xmlns:a="http://www.w3.org/2005/Atom"><div><p>one</p>two</div></a:content>`, "one two"},
		{"HTML in Dublin Core", `<dc:description xmlns:dc="http://purl.org/dc/elements/1.1/">one <i>two</i> three</dc:description>`, "one two three"},
		{"HTML in content:encoded, not escaped", `<c:encoded xmlns:c="http://purl.org/rss/1.0/modules/content/"><p>one<p>two<script>x</script></c:encoded>`, "one two"},
		{"a text that was never closed", `<dc:description xmlns:dc="http://purl.org/dc/elements/1.1/">one <i>two`, "one two"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := itemOf(t, feedAt, rssItem(c.fields)).Text; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestTextOfAtomIsWhatItsTypeSays(t *testing.T) {
	for _, c := range []struct{ name, fields, want string }{
		{"plain", `<summary type="text">AT&amp;T</summary>`, "AT&T"},
		{"plain with an entity as text", `<summary type="text">AT&amp;amp;T</summary>`, "AT&amp;T"},
		{"plain with a sign", `<summary type="text">1 &lt; 2 & 3</summary>`, "1 < 2 & 3"},
		{"plain in CDATA", `<summary type="text/plain"><![CDATA[AT&amp;T < 2]]></summary>`, "AT&amp;T < 2"},
		{"plain that is markup", `<summary type="text">a &lt;b&gt;c&lt;/b&gt; &lt;script&gt;x&lt;/script&gt;</summary>`, "a c"},
		{"no type, escaped twice", `<summary>It&amp;#8217;s</summary>`, "It’s"},
		{"HTML", `<summary type="html">AT&amp;amp;T &lt;b&gt;wins&lt;/b&gt;</summary>`, "AT&T wins"},
		{"HTML in CDATA", `<summary type="html"><![CDATA[AT&amp;T <b>wins</b>]]></summary>`, "AT&T wins"},
		{"XHTML", `<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">AT&amp;T <b>wins</b> &amp;lt; &lt;x&gt;</div></summary>`, "AT&T wins &lt; <x>"},
		{"XHTML with a prefix", `<content type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>one</h:p><h:p>two</h:p></h:div></content>`, "one two"},
		{"Atom 0.3, escaped", `<content type="text/html" mode="escaped">&lt;p&gt;one&lt;/p&gt;two</content>`, "one two"},
		{"Atom 0.3, XML", `<content type="application/xhtml+xml" mode="xml"><p>one</p><p>two</p></content>`, "one two"},
		{"Atom 0.3, base64", `<content type="text/html" mode="base64">PHA+b25lPC9wPnR3bw==</content>`, "one two"},
		{"a picture", `<content type="image/png">iVBORw0KGgo=</content>`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := itemOf(t, feedAt, atomEntry(c.fields)).Text; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
