package feed

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func opml(body string) string {
	return `<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>` + body + `</body></opml>`
}

func TestAListIsReadHoweverItsWriterSpellsIt(t *testing.T) {
	for name, text := range map[string]string{
		"2.0":              opml(`<outline text="Yle" type="rss" xmlUrl="https://yle.fi/rss" htmlUrl="https://yle.fi"/>`),
		"1.0 with url":     `<opml version="1.0"><body><outline text="Yle" type="RSS" url="https://yle.fi/rss"/></body></opml>`,
		"other case":       `<OPML><BODY><Outline TEXT="Yle" TYPE="rss" XMLURL=" https://yle.fi/rss "/></BODY></OPML>`,
		"title over text":  opml(`<outline text="no" title="Yle" type="rss" xmlUrl="https://yle.fi/rss"/>`),
		"empty title":      opml(`<outline text="Yle" title="" type="rss" xmlUrl="https://yle.fi/rss"/>`),
		"nested":           opml(`<outline text="a"><outline text="b"><outline text="Yle" type="rss" xmlUrl="https://yle.fi/rss"/></outline></outline>`),
		"byte-order mark":  "\ufeff" + opml(`<outline text="Yle" type="rss" xmlUrl="https://yle.fi/rss"/>`),
		"harmless doctype": `<!DOCTYPE opml SYSTEM "http://x.example/opml.dtd">` + `<opml><outline text="Yle" type="rss" xmlUrl="https://yle.fi/rss"/></opml>`,
		"markup in a name": opml(`<outline text="&lt;b&gt;Yle&lt;/b&gt;&#10;" type="rss" xmlUrl="https://yle.fi/rss"/>`),
	} {
		list, err := ReadOPML(strings.NewReader(text))
		want := []Outline{{Title: "Yle", URL: "https://yle.fi/rss", Type: "rss"}}
		if err != nil || !reflect.DeepEqual(list, want) {
			t.Errorf("%s: read %+v (%v)", name, list, err)
		}
	}
}

func TestAListIsReadInItsOwnEncoding(t *testing.T) {
	text := `<?xml version="1.0" encoding="%s"?><opml><outline text="Zażółć gęślą jaźń" xmlUrl="https://pl.example/rss?a=1&b=2"/></opml>`
	latin2, err := charmap.ISO8859_2.NewEncoder().String(fmt.Sprintf(text, "ISO-8859-2"))
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(fmt.Sprintf(text, "UTF-16"))
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []string{latin2, wide} {
		list, err := ReadOPML(strings.NewReader(in))
		if err != nil || len(list) != 1 || list[0].Title != "Zażółć gęślą jaźń" || list[0].URL != "https://pl.example/rss?a=1&b=2" {
			t.Errorf("read %+v (%v)", list, err)
		}
	}
}

func TestAHostileOrWrongListIsRefusedWithTheReason(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"empty":          {" \n", "empty"},
		"a page":         {"<!doctype html><html><body>Hello</body></html>", "begins with <html>"},
		"a feed":         {`<rss version="2.0"><channel/></rss>`, "this is a feed"},
		"no XML":         {"hello", "no OPML"},
		"JSON":           {`{"feeds": []}`, "no OPML"},
		"cut off":        {`<opml><body><outline xmlUrl="https://a.example/"/>`, "broken XML"},
		"declared":       {`<!DOCTYPE opml [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><opml><outline text="&c;" xmlUrl="https://a.example/"/></opml>`, "declares entities"},
		"a file's":       {`<!DOCTYPE opml [<!entity a SYSTEM "file:///etc/passwd">]><opml>&a;</opml>`, "declares entities"},
		"too deep":       {"<opml>" + strings.Repeat("<outline>", 100_000), "64 elements inside one another"},
		"too many":       {"<opml>" + strings.Repeat(`<outline xmlUrl="https://a.example/"/>`, maxOutlines+1) + "</opml>", "more than 5000 feeds"},
		"too many empty": {"<opml>" + strings.Repeat(`<outline/>`, maxElements+1) + "</opml>", "elements"},
		"too large":      {"<opml>" + strings.Repeat(" ", maxBytes) + "</opml>", "bytes"},
	} {
		list, err := ReadOPML(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.says) || list != nil {
			t.Errorf("%s: read %d with error %v, which should say %q", name, len(list), err, c.says)
		}
	}
}

func TestWhatIsWrittenAsAListIsReadAsTheSame(t *testing.T) {
	list := []Outline{
		{Title: `Q&A "it's" 100% żółć`, URL: "https://a.example/?a=1&b=<2>", Language: "pl"},
		{Title: "One", URL: "https://b.example/1", Category: "hnrss"},
		{Title: "Two", URL: "https://b.example/2", Category: "hnrss"},
	}
	var out bytes.Buffer
	if err := WriteOPML(&out, "List & more", list); err != nil {
		t.Fatal(err)
	}
	for i := range list {
		list[i].Type, list[i].Category = "rss", ""
	}
	read, err := ReadOPML(&out)
	if err != nil || !reflect.DeepEqual(read, list) {
		t.Errorf("read %+v (%v)", read, err)
	}
}

func FuzzAListIsReadOrRefusedButNeverPanics(f *testing.F) {
	f.Add([]byte(opml(`<outline text="a &amp; b" xmlUrl="https://a.example/?x&y"/>`)))
	f.Add([]byte("\xff\xfe<\x00o\x00p\x00m\x00l\x00/\x00>\x00"))
	f.Add([]byte(`<!DOCTYPE opml [<!ENTITY a "b">]><opml>&a;</opml>`))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := ReadOPML(bytes.NewReader(text))
		if err != nil {
			return
		}
		for i, o := range list {
			if o.URL == "" || !utf8.ValidString(o.URL+o.Title) {
				t.Fatalf("read %+v", o)
			}
			list[i].Category = ""
		}
		var out bytes.Buffer
		if err := WriteOPML(&out, "x", list); err != nil {
			t.Fatal(err)
		}
		again, err := ReadOPML(&out)
		if err != nil || len(again) != len(list) {
			t.Fatalf("%d written, %d read again: %v", len(list), len(again), err)
		}
	})
}

func FuzzThePagesLinksAreWebAddresses(f *testing.F) {
	f.Add([]byte(`<base href="//x.example/a/"><link rel=alternate type=application/rss+xml href=feed><a href="?format=rss">`))
	f.Add([]byte(`<a>; rel="alternate; x=\"<y>\""; type="application/rss+xml", <//b.example/>;rel=feed`))
	f.Fuzz(func(t *testing.T, text []byte) {
		page := webURL("https://example.com/page")
		named := linksOf(text, page)
		links := named.feeds
		if more := headerLinks([]string{string(text)}, page); len(more) <= maxLinks {
			links = append(links, more...)
		} else {
			t.Fatalf("%d links of a header", len(more))
		}
		if len(named.feeds) > maxLinks+maxAnchors {
			t.Fatalf("%d links", len(links))
		}
		for _, link := range links {
			if webURL(link) == nil {
				t.Fatalf("%q is no web address", link)
			}
		}
	})
}

func TestWhatPeopleClickLooksLikeAFeedOnlyByItsAddress(t *testing.T) {
	for href, want := range map[string]bool{
		"/feed": true, "/feed/": true, "/rss.xml": true, "/news/rss": true, "/blog/index.rss": true, "/rss2": true,
		"/feeds/index.xml": true, "?feed=rss2": true, "/x?format=atom&a=b": true, "https://a.example/atom.xml": true,
		"/feedback": false, "/press": false, "/grass": false, "/atomic-energy": false, "/feeding-the-world": false,
		"/sitemap.xml": false, "/x?q=feed": false, "::bad": false,
	} {
		if looksLikeFeed(href) != want {
			t.Errorf("%s: %v", href, !want)
		}
	}
}
