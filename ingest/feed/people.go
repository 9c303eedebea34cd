package feed

import (
	"strings"

	"golang.org/x/text/language"
)

// withoutPublisher takes " - Outlet" off the end of an aggregator's title.
func withoutPublisher(title, outlet string) string {
	if outlet == "" {
		return title
	}
	if rest, ok := strings.CutSuffix(title, "("+outlet+")"); ok && strings.TrimSpace(rest) != "" {
		return strings.TrimSpace(rest)
	}
	if rest, ok := strings.CutSuffix(title, outlet); ok {
		rest = strings.TrimRight(rest, " ")
		for _, dash := range [...]string{"-", "–", "—", "|"} {
			if head, ok := strings.CutSuffix(rest, dash); ok {
				return strings.TrimSpace(head)
			}
		}
		// Google News repeats title and outlet in the text, without a dash.
		if rest != "" && len(rest) < len(title)-len(outlet) {
			return rest
		}
	}
	return title
}

// author gives the name out of what stands for one: "mail (Name)", "Name
// <mail>", "Name (mail)", "By Name". Mail and web addresses are nobody's name.
func author(s string) string {
	if i := strings.Index(s, "<name>"); i >= 0 { // Atom's form inside RSS
		s, _, _ = strings.Cut(s[i+len("<name>"):], "</name>")
	}
	s = Text(s)
	if s == "" {
		return ""
	}
	if open := strings.IndexByte(s, '('); open >= 0 && strings.HasSuffix(s, ")") && strings.Count(s, "(") == 1 {
		inner, outer := strings.TrimSpace(s[open+1:len(s)-1]), strings.TrimSpace(s[:open])
		switch {
		case strings.ContainsRune(outer, '@') || outer == "":
			s = inner
		case strings.ContainsRune(inner, '@') || isAddress(inner):
			s = outer
		}
	}
	if len(s) > 3 && strings.EqualFold(s[:3], "by ") {
		s = strings.TrimSpace(s[3:])
	}
	if strings.ContainsRune(s, '@') || isAddress(s) {
		words := strings.Fields(s)
		kept := words[:0]
		for _, w := range words {
			if i := strings.IndexByte(w, '@'); i > 0 || isAddress(w) {
				continue
			}
			kept = append(kept, w)
		}
		s = strings.Join(kept, " ")
	}
	return strings.Trim(s, ` ,;<>"`)
}

// isAddress says whether s is a web address rather than a name: /u/jo is one
// of Reddit's names.
func isAddress(s string) bool { return looksLikeURL(s) && s[0] != '/' }

// What is kept of a publisher's categories.
const (
	maxCategories = 10
	maxCategory   = 60 // code points
)

// categoriesOf gives the subjects of an item as plain text, each once.
func categoriesOf(raw []string) []string {
	var kept []string
next:
	for _, c := range raw {
		if c = strings.TrimSpace(c); c == "" || len(c) > 1024 || looksLikeURL(c) {
			continue // a machine's mark
		}
		c = clip(Text(c), maxCategory)
		if c == "" || looksLikeURL(c) {
			continue
		}
		for _, other := range kept {
			if strings.EqualFold(other, c) {
				continue next
			}
		}
		if kept = append(kept, c); len(kept) == maxCategories {
			break
		}
	}
	return kept
}

// languageOf gives the primary tag of the first value that names a language.
func languageOf(values ...string) string {
	for _, v := range values {
		if tag := languageTag(v); tag != "" {
			return tag
		}
	}
	return ""
}

func languageTag(v string) string {
	v = strings.ReplaceAll(strings.TrimSpace(v), "_", "-")
	v, _, _ = strings.Cut(v, ".") // en_US.UTF-8
	if v == "" || len(v) > 35 {
		return ""
	}
	primary, _, _ := strings.Cut(v, "-")
	primary = strings.ToLower(primary)
	if known, ok := wrongLanguages[primary]; ok {
		return known
	}
	switch primary {
	case "mul", "und", "zxx", "mis":
		return ""
	}
	tag, err := language.Parse(v)
	if err != nil {
		// en-UK and other wrong regions still begin with a language.
		if tag, err = language.Parse(primary); err != nil {
			return ""
		}
	}
	if base, confidence := tag.Base(); confidence != language.No && base.String() != "und" {
		return base.String()
	}
	return ""
}

// wrongLanguages are countries and names that publishers write for languages.
var wrongLanguages = map[string]string{
	"jp": "ja", "cn": "zh", "kr": "ko", "gr": "el", "cz": "cs", "ua": "uk", "dk": "da", "vn": "vi",
	"ger": "de", "fre": "fr", "dut": "nl", "cze": "cs", "gre": "el", "rum": "ro", "chi": "zh", "per": "fa",
	"english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "francais": "fr",
	"spanish": "es", "español": "es", "espanol": "es", "italian": "it", "italiano": "it",
	"portuguese": "pt", "português": "pt", "portugues": "pt", "dutch": "nl", "nederlands": "nl",
	"finnish": "fi", "suomi": "fi", "swedish": "sv", "svenska": "sv", "danish": "da", "dansk": "da",
	"norwegian": "no", "norsk": "no", "polish": "pl", "polski": "pl", "russian": "ru", "русский": "ru",
	"japanese": "ja", "日本語": "ja", "chinese": "zh", "中文": "zh", "korean": "ko", "한국어": "ko", "arabic": "ar",
	"turkish": "tr", "türkçe": "tr", "hebrew": "he", "greek": "el", "czech": "cs", "hungarian": "hu", "hindi": "hi",
}
