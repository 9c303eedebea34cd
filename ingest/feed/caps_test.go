package feed

import (
	"errors"
	"strings"
	"testing"
)

// What reaches a cap is refused whole, and told which; what stays just below
// is read.
func TestCapsAreNamed(t *testing.T) {
	entities := func(n int) string {
		return `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("x", 256) + `">]>` + rssOf(one("a"), "<item><title>b</title><description>"+strings.Repeat("&a;", n)+"</description></item>")
	}
	inItem := func(s string) string { return itemHead + s + "</item></channel></rss>" }
	json := func(s string) string {
		return `{"version":"https://jsonfeed.org/version/1","items":[{"title":"a"},` + s + "{}]}"
	}
	for _, c := range []struct {
		name, at, over string
		say            string
	}{
		{"depth", inItem(strings.Repeat("<x:a>", 253) + strings.Repeat("</x:a>", 253)), inItem(strings.Repeat("<x:a>", 254) + strings.Repeat("</x:a>", 254)), "256 elements inside one another"},
		{"elements", inItem(strings.Repeat("<a/>", 199_990)), inItem(strings.Repeat("<a/>", 200_001)), "200000 elements"},
		{"items", rssOf(strings.Repeat(one("a"), 5_000)), rssOf(strings.Repeat(one("a"), 5_001)), "5000 items"},
		{"attributes of an element", inItem("<a " + strings.Repeat("b='c' ", 127) + "/>"), inItem("<a " + strings.Repeat("b='c' ", 128) + "/>"), "128 attributes in one element"},
		{"the length of an attribute", inItem("<a b='" + strings.Repeat("c", maxAttrSize) + "'/>"), inItem("<a b='" + strings.Repeat("c", maxAttrSize+1) + "'/>"), "bytes in one attribute"},
		{"attributes in all", inItem(strings.Repeat("<a "+strings.Repeat("b='' ", 100)+"/>", 3_999)), inItem(strings.Repeat("<a "+strings.Repeat("b='' ", 100)+"/>", 4_001)), "400000 attributes"},
		{"name spaces in force", inItem("<a " + numbered(63, "xmlns:n%d='u' ") + "/>"), inItem("<a " + numbered(65, "xmlns:n%d='u' ") + "/>"), "64 name spaces at one place"},
		{"name spaces in all", inItem(strings.Repeat("<a "+numbered(40, "xmlns:n%d='u' ")+"/>", 1_200)), inItem(strings.Repeat("<a "+numbered(40, "xmlns:n%d='u' ")+"/>", 1_300)), "50000 name spaces"},
		{"the length of a text", inItem("<description>" + strings.Repeat("x", maxLong) + "</description>"), inItem("<description>" + strings.Repeat("x", maxLong+1) + "</description>"), "bytes in one text"},
		{"the length of a small field", inItem("<guid>" + strings.Repeat("x", maxShort) + "</guid>"), inItem("<guid>" + strings.Repeat("x", maxShort+1) + "</guid>"), "small fields"},
		{"growth by entities", entities(4_000), entities(4_100), "its own entities"},
		{"stray end tags", inItem(strings.Repeat("</b>", 20_000)), inItem(strings.Repeat("</b>", 20_001)), "end tags that end nothing"},
		{"JSON depth", json(strings.Repeat("[", 254) + strings.Repeat("]", 254) + ","), json(strings.Repeat("[", 255) + strings.Repeat("]", 255) + ","), "256 elements inside one another"},
		{"JSON values", json(`{"x":[` + strings.Repeat("1,", 199_000) + "1]},"), json(`{"x":[` + strings.Repeat("1,", 200_001) + "1]},"), "200000 elements"},
		{"JSON items", json(strings.Repeat("{},", 4_998)), json(strings.Repeat("{},", 4_999)), "5000 items"},
		{"the length of a JSON text", json(`{"content_html":"` + strings.Repeat("x", maxLong) + `"},`), json(`{"content_html":"` + strings.Repeat("x", maxLong+1) + `"},`), "bytes in one text"},
		{"the length of a JSON number", json(`{"id":` + strings.Repeat("9", 1000) + "},"), json(`{"id":` + strings.Repeat("9", 1025) + "},"), "digits in one number"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if list, err := read(t, c.at); err != nil || len(list) == 0 {
				t.Errorf("at the cap: %d items, %v", len(list), err)
			}
			_, err := read(t, c.over)
			var limit *capError
			if !errors.As(err, &limit) || !strings.Contains(say(err), c.say) || !strings.Contains(say(err), "refused whole") {
				t.Errorf("over the cap: %v, want %q", err, c.say)
			}
		})
	}
}
