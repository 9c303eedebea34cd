package feed

import (
	"fmt"
	"net/url"
	"regexp"
	"sort"
	"strings"
	"time"

	"agora/mood"
)

// Preset is a family of feeds that need no key: how their addresses are made,
// and how gently they are asked.
type Preset struct {
	Name  string
	About string        // one line for people
	Needs []string      // the fields of [Params] that it reads, by their names in agora.yaml
	Floor time.Duration // no more often than this
	// expand makes the sources; it may assume that what Needs says is there.
	expand func(Params) ([]mood.Source, error)
}

// Params fill a preset in. Which of them are needed, the preset says.
type Params struct {
	Brands      []mood.Brand  // searched for by the terms of their queries
	Editions    []string      // language-COUNTRY, such as en-US or fi-FI
	Instances   []string      // servers of the fediverse, such as mastodon.social
	Tags        []string      // without #
	Channels    []string      // of YouTube: UC…
	Communities []string      // of Lemmy: name or name@server
	Sites       []string      // of Stack Exchange, such as stackoverflow.com
	Apps        []string      // of the App Store: numeric ids
	Countries   []string      // of the App Store: ISO 3166-1 alpha-2
	URLs        []string      // addresses that were pasted
	Every       time.Duration // fixed interval; 0: the posting-rate model
}

// Presets lists them by name.
func Presets() []Preset {
	return []Preset{
		{Name: "app-store", About: "App Store reviews of an app, by country", Needs: []string{"apps", "countries"}, Floor: time.Hour, expand: appStore},
		{Name: "bing-news", About: "Bing News search by brand and edition", Needs: []string{"brands", "editions"}, Floor: 15 * time.Minute, expand: bingNews},
		{Name: "google-alerts", About: "Google Alerts delivered as feeds: paste their addresses", Needs: []string{"urls"}, Floor: 15 * time.Minute, expand: googleAlerts},
		{Name: "google-news", About: "Google News search by brand and edition", Needs: []string{"brands", "editions"}, Floor: 15 * time.Minute, expand: googleNews},
		{Name: "hnrss", About: "Hacker News stories and comments by brand", Needs: []string{"brands"}, Floor: 15 * time.Minute, expand: hnrss},
		{Name: "lemmy", About: "Lemmy communities, newest posts", Needs: []string{"instances", "communities"}, Floor: time.Hour, expand: lemmy},
		{Name: "mastodon", About: "Mastodon posts by tag", Needs: []string{"instances", "tags"}, Floor: 5 * time.Minute, expand: mastodon},
		{Name: "reddit", About: "Reddit search by brand", Needs: []string{"brands"}, Floor: 15 * time.Minute, expand: reddit},
		{Name: "stackexchange", About: "Stack Exchange questions by tag", Needs: []string{"sites", "tags"}, Floor: time.Hour, expand: stackExchange},
		{Name: "youtube", About: "YouTube channels", Needs: []string{"channels"}, Floor: time.Hour, expand: youTube},
	}
}

// Expand makes the sources of a preset. Their ids are stable: the same
// parameters give the same ids. An unknown name is answered with the nearest
// one there is.
func Expand(name string, params Params) ([]mood.Source, error) {
	for _, p := range Presets() {
		if p.Name != name {
			continue
		}
		for _, need := range p.Needs {
			if params.count(need) == 0 {
				return nil, fmt.Errorf("preset %s needs %q: %s", name, need, p.About)
			}
		}
		sources, err := p.expand(params)
		if err != nil {
			return nil, fmt.Errorf("preset %s: %w", name, err)
		}
		for i := range sources {
			sources[i].Kind = name
			sources[i].Floor = p.Floor
			sources[i].Every = params.Every
		}
		return sources, nil
	}
	return nil, fmt.Errorf("there is no preset %q; did you mean %q? There are %s", name, nearest(name), strings.Join(presetNames(), ", "))
}

func (p Params) count(need string) int {
	switch need {
	case "brands":
		return len(p.Brands)
	case "editions":
		return len(p.Editions)
	case "instances":
		return len(p.Instances)
	case "tags":
		return len(p.Tags)
	case "channels":
		return len(p.Channels)
	case "communities":
		return len(p.Communities)
	case "sites":
		return len(p.Sites)
	case "apps":
		return len(p.Apps)
	case "countries":
		return len(p.Countries)
	case "urls":
		return len(p.URLs)
	}
	return 0
}

func presetNames() []string {
	var names []string
	for _, p := range Presets() {
		names = append(names, p.Name)
	}
	return names
}

// isFeedKind says whether a source of that kind is polled by this package.
func isFeedKind(kind string) bool {
	if kind == "feed" {
		return true
	}
	for _, p := range Presets() {
		if p.Name == kind {
			return true
		}
	}
	return false
}

func googleNews(p Params) ([]mood.Source, error) {
	return eachEdition(p, func(b mood.Brand, e edition) mood.Source {
		q := url.Values{"q": {SearchTerms(b)}, "hl": {e.hl}, "gl": {e.country}, "ceid": {e.country + ":" + e.ceid}}
		return mood.Source{
			ID: slug("google-news", b.ID, e.name), Name: "Google News: " + b.Name + ", " + e.name,
			URL: "https://news.google.com/rss/search?" + q.Encode(), Country: e.country, Language: e.language,
		}
	})
}

func bingNews(p Params) ([]mood.Source, error) {
	return eachEdition(p, func(b mood.Brand, e edition) mood.Source {
		q := url.Values{"q": {SearchTerms(b)}, "setmkt": {e.name}, "format": {"RSS"}}
		return mood.Source{
			ID: slug("bing-news", b.ID, e.name), Name: "Bing News: " + b.Name + ", " + e.name,
			URL: "https://www.bing.com/news/search?" + q.Encode(), Country: e.country, Language: e.language,
		}
	})
}

func reddit(p Params) ([]mood.Source, error) {
	return eachBrand(p, func(b mood.Brand) []mood.Source {
		q := url.Values{"q": {SearchTerms(b)}, "sort": {"new"}}
		return []mood.Source{{ID: slug("reddit", b.ID), Name: "Reddit: " + b.Name, URL: "https://www.reddit.com/search.rss?" + q.Encode()}}
	}), nil
}

func hnrss(p Params) ([]mood.Source, error) {
	return eachBrand(p, func(b mood.Brand) []mood.Source {
		q := url.Values{"q": {SearchTerms(b)}, "count": {"100"}}.Encode()
		return []mood.Source{
			{ID: slug("hnrss", b.ID, "stories"), Name: "Hacker News stories: " + b.Name, URL: "https://hnrss.org/newest?" + q, Language: "en"},
			{ID: slug("hnrss", b.ID, "comments"), Name: "Hacker News comments: " + b.Name, URL: "https://hnrss.org/newcomments?" + q, Language: "en"},
		}
	}), nil
}

func mastodon(p Params) ([]mood.Source, error) {
	var list []mood.Source
	for _, instance := range p.Instances {
		if !isHost(instance) {
			return nil, fmt.Errorf("instance %q is no host name, such as mastodon.social", instance)
		}
		for _, tag := range p.Tags {
			tag = strings.TrimPrefix(tag, "#")
			list = append(list, mood.Source{
				ID: slug("mastodon", instance, tag), Name: "Mastodon #" + tag + " on " + instance,
				URL: "https://" + instance + "/tags/" + url.PathEscape(tag) + ".rss",
			})
		}
	}
	return list, nil
}

func lemmy(p Params) ([]mood.Source, error) {
	var list []mood.Source
	for _, instance := range p.Instances {
		if !isHost(instance) {
			return nil, fmt.Errorf("instance %q is no host name, such as lemmy.world", instance)
		}
		for _, name := range p.Communities {
			name = strings.TrimPrefix(name, "!")
			list = append(list, mood.Source{
				ID: slug("lemmy", instance, name), Name: "Lemmy " + name + " on " + instance,
				URL: "https://" + instance + "/feeds/c/" + url.PathEscape(name) + ".xml?sort=New",
			})
		}
	}
	return list, nil
}

func stackExchange(p Params) ([]mood.Source, error) {
	var list []mood.Source
	for _, site := range p.Sites {
		if !isHost(site) {
			return nil, fmt.Errorf("site %q is no host name, such as stackoverflow.com", site)
		}
		for _, tag := range p.Tags {
			q := url.Values{"tagnames": {tag}, "sort": {"newest"}}
			list = append(list, mood.Source{
				ID: slug("stackexchange", site, tag), Name: site + " [" + tag + "]", URL: "https://" + site + "/feeds/tag?" + q.Encode(),
			})
		}
	}
	return list, nil
}

func youTube(p Params) ([]mood.Source, error) {
	valid := regexp.MustCompile(`^UC[A-Za-z0-9_-]{22}$`)
	var list []mood.Source
	for _, channel := range p.Channels {
		if !valid.MatchString(channel) {
			return nil, fmt.Errorf("channel %q is no channel id: it begins with UC and has 24 characters; the page source of the channel names it", channel)
		}
		list = append(list, mood.Source{
			// Ids differ in case; a lower-cased one would name two channels.
			ID: "youtube-" + channel, Name: "YouTube " + channel, URL: "https://www.youtube.com/feeds/videos.xml?channel_id=" + channel,
		})
	}
	return list, nil
}

func googleAlerts(p Params) ([]mood.Source, error) {
	var list []mood.Source
	for _, raw := range p.URLs {
		u := webURL(raw)
		if u == nil || !strings.HasPrefix(strings.TrimPrefix(u.Hostname(), "www."), "google.") || !strings.HasPrefix(u.Path, "/alerts/feeds/") {
			return nil, fmt.Errorf("%q is no feed of Google Alerts: it begins with https://www.google.com/alerts/feeds/", raw)
		}
		list = append(list, mood.Source{ID: slug("google-alerts", strings.TrimPrefix(u.Path, "/alerts/feeds/")), Name: "Google Alerts", URL: u.String()})
	}
	return list, nil
}

func appStore(p Params) ([]mood.Source, error) {
	valid := regexp.MustCompile(`^[0-9]{3,12}$`)
	var list []mood.Source
	for _, app := range p.Apps {
		if !valid.MatchString(app) {
			return nil, fmt.Errorf("app %q is no id of the App Store: it is the number after \"id\" in the app's address", app)
		}
		for _, country := range p.Countries {
			country = strings.ToLower(country)
			if len(country) != 2 {
				return nil, fmt.Errorf("country %q is no ISO 3166-1 code of two letters", country)
			}
			list = append(list, mood.Source{
				ID: slug("app-store", app, country), Name: "App Store " + app + ", " + strings.ToUpper(country),
				URL:     "https://itunes.apple.com/" + country + "/rss/customerreviews/page=1/id=" + app + "/sortBy=mostRecent/xml",
				Country: strings.ToUpper(country),
			})
		}
	}
	return list, nil
}

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

func eachEdition(p Params, make func(mood.Brand, edition) mood.Source) ([]mood.Source, error) {
	var list []mood.Source
	for _, b := range p.Brands {
		for _, name := range p.Editions {
			e, err := parseEdition(name)
			if err != nil {
				return nil, err
			}
			list = append(list, make(b, e))
		}
	}
	return list, nil
}

func eachBrand(p Params, make func(mood.Brand) []mood.Source) []mood.Source {
	var list []mood.Source
	for _, b := range p.Brands {
		list = append(list, make(b)...)
	}
	return list
}

// maxTerms bounds a search: engines cut longer ones.
const maxTerms = 8

// SearchTerms gives what a search engine is asked for a brand: the words and
// phrases that its query looks for, any of them. Finer points of the query are
// left to matching.
func SearchTerms(b mood.Brand) string {
	var terms []string
	not := false
	for _, t := range queryWords(b.Query) {
		switch {
		case t == "NOT":
			not = true
			continue
		case t == "AND" || t == "OR" || strings.HasPrefix(t, "NEAR/") || t == "(" || t == ")":
			continue
		case not:
			not = false
			continue
		}
		t = strings.Trim(t, "*?")
		if t == "" || len(terms) == maxTerms {
			continue
		}
		if strings.ContainsFunc(t, func(r rune) bool { return r == ' ' || r == '&' || r == '+' }) {
			t = `"` + t + `"`
		}
		terms = append(terms, t)
	}
	if len(terms) == 0 {
		return `"` + strings.ReplaceAll(b.Name, `"`, "") + `"`
	}
	return strings.Join(terms, " OR ")
}

// queryWords splits a query into words, phrases without their quotes,
// operators and parentheses. A group after NOT counts as one word, left out.
func queryWords(q string) []string {
	var words []string
	for q = strings.TrimSpace(q); q != ""; q = strings.TrimSpace(q) {
		for _, field := range [...]string{"title:", "="} {
			q = strings.TrimPrefix(q, field)
		}
		switch {
		case q == "":
		case q[0] == '"':
			phrase, rest, _ := strings.Cut(q[1:], `"`)
			words, q = append(words, phrase), rest
		case q[0] == '(':
			if len(words) > 0 && words[len(words)-1] == "NOT" {
				end := closing(q)
				words, q = append(words, "("), q[end:]
				words[len(words)-1] = "-"
				continue
			}
			words, q = append(words, "("), q[1:]
		case q[0] == ')':
			words, q = append(words, ")"), q[1:]
		default:
			end := strings.IndexAny(q, " \t\r\n()\"")
			if end < 0 {
				end = len(q)
			}
			words, q = append(words, q[:end]), q[end:]
		}
	}
	return words
}

// closing is the index after the parenthesis that closes the first one.
func closing(q string) int {
	depth := 0
	for i, r := range q {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(q)
}

// slug joins parts into an id of lower-case letters, digits and dashes.
func slug(parts ...string) string {
	s := strings.ToLower(strings.Join(parts, "-"))
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-', r == '.', r == '_', r >= 0x80:
			return r
		}
		return '-'
	}, s), "-")
}

func isHost(s string) bool {
	u, err := url.Parse("https://" + s + "/")
	return err == nil && u.Host == s && u.Hostname() != "" && !strings.ContainsAny(s, " /?#@")
}

// nearest gives the preset whose name differs least.
func nearest(name string) string {
	names := presetNames()
	sort.SliceStable(names, func(i, j int) bool { return distance(name, names[i]) < distance(name, names[j]) })
	return names[0]
}

// distance counts the letters to change, add or take out.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost = 1 + min(diagonal, row[j], row[j-1])
			}
			diagonal, row[j] = row[j], cost
		}
	}
	return row[len(b)]
}
