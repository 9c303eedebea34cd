package charts

import (
	"golang.org/x/text/language"

	"agora/mood"
)

// country is the name of a country, or its code where it has none.
func (w *Words) country(code string) string {
	c, ok := mood.Country(code)
	if !ok {
		return code
	}
	if w.lang == English {
		return c.Name
	}
	if name := w.Countries[code]; name != "" {
		return name
	}
	if region, err := language.ParseRegion(code); err == nil {
		if name := w.names.Regions().Name(region); name != "" {
			return name
		}
	}
	return c.Name
}

// language is the name of a BCP 47 tag, or the tag itself.
func (w *Words) language(tag string) string {
	if tag == "" || tag == none {
		return w.Says.Unknown
	}
	if name := w.Languages[tag]; name != "" {
		return capital(name)
	}
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := w.names.Languages().Name(t); name != "" {
		return capital(name)
	}
	return tag
}
