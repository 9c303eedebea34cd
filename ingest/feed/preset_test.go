package feed

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

func TestEveryPresetGivesUsableSources(t *testing.T) {
	params := Params{
		Brands: []mood.Brand{{ID: "nokia", Name: "Nokia", Query: `Nokia OR "Bell Labs"`}}, Editions: []string{"en-US", "fi-FI"},
		Instances: []string{"mastodon.social"}, Tags: []string{"nokia"}, Channels: []string{"UC0123456789abcdefghijkl"}, Communities: []string{"technology"},
		Sites: []string{"stackoverflow.com"}, Apps: []string{"123456"}, Countries: []string{"fi"}, URLs: []string{"https://www.google.com/alerts/feeds/123/456"},
		Every: time.Hour,
	}
	ids := map[string]bool{}
	for _, p := range Presets() {
		list, err := Expand(p.Name, params)
		if err != nil || len(list) == 0 {
			t.Errorf("%s: %d sources, %v", p.Name, len(list), err)
		}
		again, _ := Expand(p.Name, params)
		for i, src := range list {
			if _, err := checkSource(src); err != nil {
				t.Error(err)
			}
			if ids[src.ID] || src.ID != again[i].ID || src.Name == "" || src.Kind != p.Name || src.Floor < 5*time.Minute || src.Every != time.Hour {
				t.Errorf("%s: %+v", p.Name, src)
			}
			ids[src.ID] = true
		}
		if _, err := Expand(p.Name, Params{}); err == nil || !strings.Contains(err.Error(), p.Needs[0]) {
			t.Errorf("%s without parameters: %v", p.Name, err)
		}
	}
}

func TestGoogleNewsEditions(t *testing.T) {
	for edition, want := range map[string][3]string{
		"en-US": {"en-US", "US", "US:en"}, "fi-FI": {"fi", "FI", "FI:fi"}, "en-GB": {"en-GB", "GB", "GB:en"}, "de-DE": {"de", "DE", "DE:de"},
		"pt-BR": {"pt-BR", "BR", "BR:pt-419"}, "zh-TW": {"zh-TW", "TW", "TW:zh-Hant"}, "es-MX": {"es-419", "MX", "MX:es-419"},
	} {
		list, err := Expand("google-news", Params{Brands: []mood.Brand{{ID: "n", Name: "N", Query: "N"}}, Editions: []string{edition}})
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse(list[0].URL)
		q := u.Query()
		if got := [3]string{q.Get("hl"), q.Get("gl"), q.Get("ceid")}; got != want {
			t.Errorf("%s: %v, want %v", edition, got, want)
		}
		if list[0].Country != edition[len(edition)-2:] || !strings.HasPrefix(edition, list[0].Language) {
			t.Errorf("%s: country %s, language %s", edition, list[0].Country, list[0].Language)
		}
	}
	for _, bad := range []string{"en", "EN-us", "english-US", "xx-US", ""} {
		if _, err := Expand("google-news", Params{Brands: []mood.Brand{{ID: "n"}}, Editions: []string{bad}}); err == nil {
			t.Errorf("edition %q was accepted", bad)
		}
	}
}

func TestUnknownPresetsNameTheNearest(t *testing.T) {
	for name, want := range map[string]string{"google_news": "google-news", "redit": "reddit", "youtub": "youtube", "hackernews": ""} {
		_, err := Expand(name, Params{})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "stackexchange") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSearchTermsSayWhatAQueryLooksFor(t *testing.T) {
	for query, want := range map[string]string{
		`Nokia`:                               `Nokia`,
		`Nokia OR "Bell Labs"`:                `Nokia OR "Bell Labs"`,
		`nokia* AND NOT (tyre OR tire)`:       `nokia`,
		`=Apple NOT pie`:                      `Apple`,
		`"AT&T" OR title:("Bell Labs" phone)`: `"AT&T" OR "Bell Labs" OR phone`,
		`Nokia NEAR/5 phone`:                  `Nokia OR phone`,
		`C++`:                                 `"C++"`,
		``:                                    `"The Name"`,
		`NOT x`:                               `"The Name"`,
		`a OR b OR c OR d OR e OR f OR g OR h OR i`: `a OR b OR c OR d OR e OR f OR g OR h`,
	} {
		if got := SearchTerms(mood.Brand{Name: "The Name", Query: query}); got != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}
