package feed

import (
	"fmt"
	"strings"
)

// edition is a country's view of the news in one language.
type edition struct {
	name, language, country string
	hl, ceid                string // as Google names the language
}

func parseEdition(name string) (edition, error) {
	language, country, ok := strings.Cut(name, "-")
	if !ok || len(language) < 2 || len(language) > 3 || len(country) != 2 ||
		strings.ToLower(language) != language || strings.ToUpper(country) != country || languageOf(language) == "" {
		return edition{}, fmt.Errorf("edition %q isn't language-COUNTRY, such as en-US or fi-FI", name)
	}
	e := edition{name: name, language: language, country: country, hl: language, ceid: language}
	switch language {
	case "en":
		e.hl = name
	case "es":
		if country != "ES" {
			e.hl, e.ceid = "es-419", "es-419"
		}
	case "fr":
		if country == "CA" {
			e.hl = name
		}
	case "pt":
		e.hl = name
		e.ceid = map[bool]string{true: "pt-419", false: "pt-150"}[country == "BR"]
	case "zh":
		e.hl, e.ceid = name, "zh-Hant"
		if country == "CN" || country == "SG" {
			e.ceid = "zh-Hans"
		}
	}
	return e, nil
}
