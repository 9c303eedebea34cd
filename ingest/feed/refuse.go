package feed

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// refusal says what a document is instead of a feed, as far as it shows.
func refusal(doc []byte, root string, tag []byte, base *url.URL) error {
	says := func(what string) error { return fmt.Errorf("%w: this is %s", errNotAFeed, what) }
	switch {
	case root == "channel" && holdsFold(tag, "href"):
		return says("CDF, a format that is no longer in use")
	case root == "html" || root == "head" || root == "body":
		return pageRefusal(doc, base)
	}
	if what, ok := otherXML[root]; ok {
		return says(what)
	}
	switch {
	case looksLikeHTML(doc):
		return pageRefusal(doc, base)
	case root == "error" || root == "problem" || root == "errors" || root == "fault" || root == "exception":
		if message := clip(Text(head(string(doc))), 120); message != "" {
			return says("an error message: " + message)
		}
		return says("an error message")
	case root != "":
		return fmt.Errorf("%w: the document is <%s>, and neither RSS nor Atom", errNotAFeed, clip(root, 40))
	case onlyProlog(doc):
		return fmt.Errorf("%w: the document is empty but for its prolog", errNotAFeed)
	}
	return fmt.Errorf("%w: the document is neither XML nor JSON", errNotAFeed)
}

// otherXML says what the roots of well-known formats are.
var otherXML = map[string]string{
	"opml": "OPML, a list of feeds; use the addresses in it", "outlinedocument": "OPML, a list of feeds; use the addresses in it",
	"urlset": "a site map", "sitemapindex": "a list of site maps",
	"envelope": "a SOAP answer", "svg": "an SVG picture", "kml": "KML, a map", "gpx": "GPX, a track", "plist": "a property list",
	"service": "an AtomPub service document; use the addresses in it", "categories": "an AtomPub list of categories",
	"opensearchdescription": "a description of a search", "rsd": "a description of an editing service (RSD)",
	"definitions": "a description of a SOAP service", "schema": "an XML schema", "stylesheet": "a style sheet",
	"rdf": "RDF without any RSS in it",
}

// onlyProlog says whether a document has no more than a prolog and comments.
func onlyProlog(doc []byte) bool {
	l := lexer{b: doc}
	for {
		t, ok := l.next()
		switch {
		case !ok:
			return true
		case t.kind == tokenText && len(bytes.TrimSpace(doc[t.from:t.to])) > 0, t.kind == tokenCut:
			return false
		}
	}
}

// pageRefusal names a web page, and the feed that it links to.
func pageRefusal(doc []byte, base *url.URL) error {
	if found := autodiscover(doc, base); found != "" {
		return fmt.Errorf("%w: this is a web page; its feed is %s", errNotAFeed, clip(found, 300))
	}
	lower := bytes.ToLower(doc[:min(len(doc), 256<<10)])
	title := clip(pageTitle(doc), 80)
	named := ""
	if title != "" {
		named = fmt.Sprintf(" (%q)", title)
	}
	words := strings.ToLower(title)
	holds := func(s string, any ...string) bool {
		for _, one := range any {
			if strings.Contains(s, one) {
				return true
			}
		}
		return false
	}
	kind := "a web page"
	switch {
	case holds(words, "just a moment", "attention required", "are you a robot", "captcha", "access denied", "security check") ||
		bytes.Contains(lower, []byte("cf-browser-verification")) || bytes.Contains(lower, []byte("g-recaptcha")):
		kind = "a page that lets only browsers in"
	case holds(words, "before you continue", "consent", "cookie", "gdpr") || bytes.Contains(lower, []byte("consent.google")) || bytes.Contains(lower, []byte(`action="/consent`)):
		kind = "a page that asks for consent first"
	case bytes.Contains(lower, []byte(`type="password"`)) || bytes.Contains(lower, []byte(`type='password'`)) ||
		bytes.Contains(lower, []byte("type=password")) || holds(words, "log in", "login", "sign in"):
		kind = "a page that asks for a login"
	}
	return fmt.Errorf("%w: this is %s%s, and it names no feed", errNotAFeed, kind, named)
}

func pageTitle(doc []byte) string {
	z := html.NewTokenizer(bytes.NewReader(doc[:min(len(doc), 64<<10)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) == "title" && z.Next() == html.TextToken {
				return Text(string(z.Raw()))
			}
		}
	}
}

func looksLikeHTML(doc []byte) bool {
	head := bytes.ToLower(doc[:min(len(doc), 2048)])
	return bytes.Contains(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<html")) ||
		bytes.Contains(head, []byte("<body"))
}

// autodiscover finds the feed that a web page links to; "" when it names
// none. A nil base leaves out relative addresses.
func autodiscover(doc []byte, base *url.URL) string {
	doc = doc[:min(len(doc), 512<<10)]
	if !bytes.Contains(doc, []byte("alternate")) && !bytes.Contains(doc, []byte("ALTERNATE")) {
		return ""
	}
	if list := linksOf(doc, base); len(list) > 0 {
		return list[0]
	}
	return ""
}

// refuseBinary names what is no text at all, by its first bytes.
func refuseBinary(body []byte) error {
	if len(body) == 0 || body[0] == '<' || body[0] == '{' || body[0] == 0xef || body[0] <= ' ' && body[0] != 0 {
		return nil
	}
	if bytes.HasPrefix(body, []byte{0, 0, 0, '<'}) || bytes.HasPrefix(body, []byte{0, 0, 0xfe, 0xff}) || bytes.HasPrefix(body, []byte{0, '<'}) {
		return nil // UTF-32, UTF-16
	}
	kind := http.DetectContentType(body)
	group, name, _ := strings.Cut(kind, "/")
	what := ""
	switch {
	case group == "image":
		what = article(strings.ToUpper(strings.TrimPrefix(name, "x-"))) + " picture"
	case group == "audio" || kind == "application/ogg":
		what = "a sound file"
	case group == "video":
		what = "a video"
	case group == "font" || kind == "application/vnd.ms-fontobject":
		what = "a font"
	case kind == "application/pdf" || kind == "application/postscript":
		what = article(strings.ToUpper(name)) + " document"
	case kind == "application/zip" || kind == "application/x-gzip" || kind == "application/x-rar-compressed":
		what = "an archive"
	case bytes.HasPrefix(body, []byte("\x7fELF")) || bytes.HasPrefix(body, []byte("MZ\x90")):
		what = "a program"
	default:
		return nil
	}
	return fmt.Errorf("%w: this is %s", errNotAFeed, what)
}

func article(noun string) string {
	if strings.HasPrefix(noun, "ICO") || strings.HasPrefix(noun, "AVI") {
		return "an " + noun
	}
	return "a " + noun
}
