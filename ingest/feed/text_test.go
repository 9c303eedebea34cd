package feed

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestTextIsWhatAReaderSees(t *testing.T) {
	for _, c := range []struct{ name, html, want string }{
		{"plain text stays", "Nokia wins a deal", "Nokia wins a deal"},
		{"entities are decoded", "AT&amp;T &#38; Bell &quot;Labs&quot; &eacute;", `AT&T & Bell "Labs" é`},
		{"and exactly once", "AT&amp;amp;T", "AT&amp;T"},
		{"a bare ampersand stays", "AT&T & Nokia", "AT&T & Nokia"},
		{"block elements part words", "<p>one</p><p>two</p>three<br>four<li>five", "one two three four five"},
		{"inline elements don't", "No<b>k</b>ia <em>wins</em>", "Nokia wins"},
		{"scripts are gone", "a<script>alert('x')</script>b", "a b"},
		{"styles are gone", "a<style>p{color:red}</style>b", "a b"},
		{"unclosed scripts too", "a<script>alert(1)", "a"},
		{"comments are gone", "a<!-- b -->c", "ac"},
		{"handlers are gone", `<img src=x onerror="alert(1)">caption`, "caption"},
		{"markup escaped twice is gone", "&lt;script&gt;alert(1)&lt;/script&gt;Nokia", "Nokia"},
		{"markup escaped twice with attributes is gone", "&lt;x onclick=&quot;a()&quot;&gt;Nokia", "Nokia"},
		{"a comparison is no tag", "5 < 6 and 7 > 3", "5 < 6 and 7 > 3"},
		{"an escaped generic is no tag", "vector&lt;int&gt; in C++", "vector<int> in C++"},
		{"white space is joined", " a \n\t b  c ", "a b c"},
		{"C1 references mean Windows-1252", "it&#146;s &#150; so", "it’s – so"},
		{"raw C1 characters too", "it\u0092s", "it’s"},
		{"invisible break hints are gone", "No\u00adki\u200ba", "Nokia"},
		{"direction overrides are gone", "abc\u202edef", "abcdef"},
		{"joiners stay", "می\u200cخواهم 👨\u200d👩", "می\u200cخواهم 👨\u200d👩"},
		{"prefixed XHTML is HTML", "<xhtml:p>one</xhtml:p><xhtml:p>two</xhtml:p>", "one two"},
		{"CDATA marks are no text, what is in them is", "a<![CDATA[b &amp; <i>c</i>]]>d", "ab & cd"},
		{"direction marks are gone", "\u200fשלום\u200e", "שלום"},
		{"tables part cells", "<table><tr><td>a</td><td>b</td></tr></table>", "a b"},
		{"UTF-8 that was encoded twice", "KÃ¤lte, FlÃ¼chtlinge, feminicÃ\u00addio", "Kälte, Flüchtlinge, feminicídio"},
		{"quotes that were encoded twice", "it\u00e2\u20ac\u2122s", "it’s"},
		{"a part that looks so", "Ã¤ is not – ä", "Ã¤ is not – ä"},
		{"letters that could lead", "Âge, à «Paris», déjà\u00a0vu", "Âge, à «Paris», déjà vu"},
		{"an object that nobody closed", "safe<object classid='x'> words", "safe words"},
		{"invalid bytes are replaced", "No\xffkia", "No\ufffdkia"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Text(c.html); got != c.want {
				t.Errorf("Text(%q) = %q, want %q", c.html, got, c.want)
			}
		})
	}
}

func TestTextOfHugeMarkupIsLinear(t *testing.T) {
	// Each of these takes minutes if anything is quadratic.
	for _, unit := range []string{"<a", "<!--", "<", "&lt;", "&lt;a&gt;", "<b><p>", "<script>", "</", "&#", "<a href='"} {
		Text(strings.Repeat(unit, maxHTML/len(unit)))
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{
		"<p>a</p>", "&lt;script&gt;", "&amp;lt;b&amp;gt;", "a<b", "<!doctype html><x y=z>", "\xff<\x00a>", "<svg><style><img src=x onerror=a>",
		"<![CDATA[x]]>", "&#146;&nGt;&amp", "<p>a<br>b<li>c", "\u200e<\u200bb>x", "<math><mi><![CDATA[<b>]]>", "&lt;!--", "<a href='>'>x</a>",
		"<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<plaintext><b>", "<textarea><script>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Text(s)
		if !utf8.ValidString(got) {
			t.Errorf("%q is no UTF-8", got)
		}
		if holdsMarkup(got) {
			t.Errorf("Text(%q) = %q holds markup", s, got)
		}
		if strings.ContainsFunc(got, unicode.IsControl) || strings.Contains(got, "  ") || strings.TrimSpace(got) != got {
			t.Errorf("%q isn't one clean line", got)
		}
		// A wrong byte becomes the three of U+FFFD; nothing else grows more.
		if len(got) > 3*len(s) {
			t.Errorf("%d bytes became %d", len(s), len(got))
		}
		// What holds no sign of HTML any more is text for good.
		if again := Text(got); !strings.ContainsAny(got, "<&") && again != got {
			t.Errorf("Text(%q) = %q, and of that %q", s, got, again)
		}
	})
}
