package charts

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// hostName writes a host for people: one that is in punycode (xn--…) in its
// letters, as long as they can't pass for others. All of them must be of one
// script, beside ASCII in labels of their own, such as .com, where nothing in
// the script looks like Latin.
func hostName(host string) string {
	if !strings.Contains(host, "xn--") {
		return host
	}
	name, err := idna.Display.ToUnicode(host)
	if err != nil || strings.Contains(name, "xn--") {
		return host
	}
	script := ""
	ascii := false // there is a label of nothing else
	for label := range strings.SplitSeq(name, ".") {
		plain := true
		for _, r := range label {
			of := scriptOf(r)
			switch {
			case r < unicode.MaxASCII && !unicode.IsLetter(r): // digits and hyphens go with all
				continue
			case of == "", script != "" && r > unicode.MaxASCII && of != script:
				return host
			case r > unicode.MaxASCII:
				script, plain = of, false
			}
		}
		if !plain && strings.ContainsFunc(label, func(r rune) bool { return unicode.IsLetter(r) && scriptOf(r) != script }) {
			return host // two scripts in one word
		}
		ascii = ascii || plain
	}
	if ascii && script != "Latin" && likeLatin[script] {
		return host
	}
	return name
}

// likeLatin are the scripts with whole words that pass for Latin ones.
var likeLatin = map[string]bool{"Cyrillic": true, "Greek": true}

// hostScripts are those that hosts are shown in. Chinese, Japanese and Korean
// are one each with the characters they share; of Latin, only what European
// languages have.
var hostScripts = []struct {
	name   string
	tables []*unicode.RangeTable
}{
	{"East Asian", []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul}},
	{"Cyrillic", []*unicode.RangeTable{unicode.Cyrillic}}, {"Greek", []*unicode.RangeTable{unicode.Greek}},
	{"Arabic", []*unicode.RangeTable{unicode.Arabic}}, {"Hebrew", []*unicode.RangeTable{unicode.Hebrew}},
	{"Devanagari", []*unicode.RangeTable{unicode.Devanagari}}, {"Bengali", []*unicode.RangeTable{unicode.Bengali}},
	{"Tamil", []*unicode.RangeTable{unicode.Tamil}}, {"Telugu", []*unicode.RangeTable{unicode.Telugu}},
	{"Thai", []*unicode.RangeTable{unicode.Thai}}, {"Georgian", []*unicode.RangeTable{unicode.Georgian}},
}

// scriptOf names the script of a letter or mark of a host; empty: of none that
// is shown.
func scriptOf(r rune) string {
	if unicode.Is(unicode.Latin, r) {
		// Past Latin Extended-A, and with the letters below, are those that pass
		// for plain ones.
		if r > 0x17f || strings.ContainsRune("ıĸŉſ", r) {
			return ""
		}
		return "Latin"
	}
	for _, s := range hostScripts {
		if unicode.In(r, s.tables...) {
			return s.name
		}
	}
	return ""
}
