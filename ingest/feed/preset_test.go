package feed

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

func TestEveryPresetGivesUsableSources(t *testing.T) {
	params := Params{
		Brands: []mood.Brand{{ID: "nokia", Name: "Nokia", Query: `Nokia OR "Bell Labs"`}},
		Values: map[string][]string{
			"editions": {"en-US", "fi-FI"}, "instances": {"mastodon.social"}, "tags": {"nokia"}, "channels": {"UC0123456789abcdefghijkl"},
			"communities": {"technology"}, "sites": {"stackoverflow.com"}, "apps": {"123456"}, "countries": {"fi"},
		},
		Every: time.Hour,
	}
	urls := map[string][]string{
		"google-alerts": {"https://www.google.com/alerts/feeds/123/456"},
		"reddit":        {"https://www.reddit.com/search.rss?q=nokia&sort=new&feed=abc&user=me", "https://www.reddit.com/search.rss?q=bell+labs&sort=new&feed=abc&user=me"},
	}
	ids := map[string]bool{}
	for _, p := range Presets() {
		params.Values["urls"] = urls[p.Name]
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
		if _, err := Expand(p.Name, Params{}); err == nil || !strings.Contains(err.Error(), p.Needs()[0]) {
			t.Errorf("%s without parameters: %v", p.Name, err)
		}
	}
}

func TestGoogleNewsEditions(t *testing.T) {
	for edition, want := range map[string][3]string{
		"en-US": {"en-US", "US", "US:en"}, "fi-FI": {"fi", "FI", "FI:fi"}, "en-GB": {"en-GB", "GB", "GB:en"}, "de-DE": {"de", "DE", "DE:de"},
		"pt-BR": {"pt-BR", "BR", "BR:pt-419"}, "zh-TW": {"zh-TW", "TW", "TW:zh-Hant"}, "es-MX": {"es-419", "MX", "MX:es-419"},
	} {
		list, err := Expand("google-news", Params{Brands: []mood.Brand{{ID: "n", Name: "N", Query: "N"}}, Values: map[string][]string{"editions": {edition}}})
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
		if _, err := Expand("google-news", Params{Brands: []mood.Brand{{ID: "n"}}, Values: map[string][]string{"editions": {bad}}}); err == nil {
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
		`Nokia NOT tyre OR "Bell Labs"`:       `Nokia OR "Bell Labs"`,
		`Nokia OR nokia OR NOKIA*`:            `Nokia`,
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

// States are kept under the ids: one that changes makes a feed a new one.
func TestIDsOfPresetsStayTheSame(t *testing.T) {
	brands := []mood.Brand{{ID: "nokia", Name: "Nokia", Query: `Nokia OR "Bell Labs" OR C++`}}
	for name, c := range map[string]struct {
		values map[string][]string
		want   map[string]string // id → address
	}{
		"google-news": {map[string][]string{"editions": {"pt-BR"}}, map[string]string{
			"google-news-nokia-pt-br": "https://news.google.com/rss/search?ceid=BR%3Apt-419&gl=BR&hl=pt-BR&q=%28Nokia+OR+%22Bell+Labs%22+OR+%22C%2B%2B%22%29+when%3A7d",
		}},
		"bing-news": {map[string][]string{"editions": {"fi-FI"}}, map[string]string{
			"bing-news-nokia-fi-fi": "https://www.bing.com/news/search?format=RSS&q=Nokia+OR+%22Bell+Labs%22+OR+%22C%2B%2B%22&setmkt=fi-FI",
		}},
		"reddit": {nil, map[string]string{"reddit-nokia": "https://www.reddit.com/search.rss?q=Nokia+OR+%22Bell+Labs%22+OR+%22C%2B%2B%22&sort=new"}},
		"hnrss": {nil, map[string]string{
			"hnrss-nokia-stories":             "https://hnrss.org/newest?count=100&q=Nokia",
			"hnrss-nokia-comments":            "https://hnrss.org/newcomments?count=100&q=Nokia",
			"hnrss-nokia-stories-bell-labs":   "https://hnrss.org/newest?count=100&q=Bell+Labs",
			"hnrss-nokia-comments-bell-labs":  "https://hnrss.org/newcomments?count=100&q=Bell+Labs",
			"hnrss-nokia-stories-c-f1deb75f":  "https://hnrss.org/newest?count=100&q=C%2B%2B",
			"hnrss-nokia-comments-c-f1deb75f": "https://hnrss.org/newcomments?count=100&q=C%2B%2B",
		}},
		"mastodon-rss": {map[string][]string{"instances": {"mastodon.social"}, "tags": {"#NokiaÄ"}}, map[string]string{
			"mastodon-rss-mastodon.social-nokiaä": "https://mastodon.social/tags/Nokia%C3%84.rss",
		}},
		"lemmy": {map[string][]string{"instances": {"lemmy.world"}, "communities": {"!nokia@lemmy.ml"}}, map[string]string{
			"lemmy-lemmy.world-nokia-lemmy.ml": "https://lemmy.world/feeds/c/nokia@lemmy.ml.xml?sort=New&limit=50",
		}},
		"stackexchange": {map[string][]string{"sites": {"stackoverflow.com"}, "tags": {"c++"}}, map[string]string{
			"stackexchange-stackoverflow.com-c": "https://stackoverflow.com/feeds/tag?sort=newest&tagnames=c%2B%2B",
		}},
		"youtube": {map[string][]string{"channels": {"UC0123456789abcdefghijKL"}}, map[string]string{
			"youtube-UC0123456789abcdefghijKL": "https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789abcdefghijKL",
		}},
		"google-alerts": {map[string][]string{"urls": {"https://www.google.com/alerts/feeds/12/34"}}, map[string]string{
			"google-alerts-12-34": "https://www.google.com/alerts/feeds/12/34",
		}},
		"app-store": {map[string][]string{"apps": {"123456"}, "countries": {"FI"}}, map[string]string{
			"app-store-123456-fi": "https://itunes.apple.com/fi/rss/customerreviews/page=1/id=123456/sortBy=mostRecent/json",
		}},
	} {
		list, err := Expand(name, Params{Brands: brands, Values: c.values})
		if err != nil || len(list) != len(c.want) {
			t.Errorf("%s: %d sources, want %d; %v", name, len(list), len(c.want), err)
		}
		for _, s := range list {
			if c.want[s.ID] != s.URL {
				t.Errorf("%s: %s is %s, want %s", name, s.ID, s.URL, c.want[s.ID])
			}
		}
	}
}

func TestAPresetSaysWhichValueIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		values map[string][]string
		want   string
	}{
		"mastodon-rss":  {map[string][]string{"instances": {"https://mastodon.social"}, "tags": {"x"}}, `instance "https://mastodon.social" is no host name, such as mastodon.social`},
		"lemmy":         {map[string][]string{"instances": {"lemmy.world"}, "communities": {"a/b"}}, `community "a/b"`},
		"youtube":       {map[string][]string{"channels": {"@nokia"}}, `channel "@nokia" is no channel id`},
		"app-store":     {map[string][]string{"apps": {"1234"}, "countries": {"uk"}}, `country "uk" is no ISO 3166-1 code`},
		"google-alerts": {map[string][]string{"urls": {"https://example.com/alerts/feeds/1/2"}}, "is no feed of Google Alerts"},
		"reddit":        {map[string][]string{"urls": {"https://reddit.example/.rss"}}, "is no feed of Reddit"},
		"google-news":   {map[string][]string{"editions": {"en-us"}}, `edition "en-us" isn't language-COUNTRY`},
	} {
		if _, err := Expand(name, Params{Brands: []mood.Brand{{ID: "n", Name: "N"}}, Values: c.values}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
	}
}

func TestSecretAddressesAreNotShown(t *testing.T) {
	list, err := Expand("reddit", Params{Values: map[string][]string{"urls": {"https://www.reddit.com/search.rss?q=nokia&feed=s3cret&user=me"}}, Brands: []mood.Brand{{ID: "n", Name: "N"}}})
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	p, err := NewPoller(Config{Sources: list, Deliver: newInbox().deliver, States: newMemory()})
	if err != nil {
		t.Fatal(err)
	}
	h := p.Health()[0]
	if h.URL != "https://www.reddit.com/" || strings.Contains(h.ID+h.Name, "s3cret") {
		t.Errorf("it is shown as %+v", h)
	}
}

func TestEveryPresetIsARowThatPeopleCanUse(t *testing.T) {
	for _, p := range Presets() {
		values := map[string][]string{}
		for _, param := range p.Params {
			values[param.Key] = []string{param.Example}
		}
		if _, err := Expand(p.Name, Params{Brands: []mood.Brand{{ID: "nokia", Name: "Nokia"}}, Values: values}); err != nil {
			t.Errorf("the example of %s: %v", p.Name, err)
		}
		if len(p.Notes) == 0 || p.Floor == 0 || p.About == "" {
			t.Errorf("%s: %+v", p.Name, p)
		}
	}
	list := presetNames()
	if !slices.IsSorted(list) {
		t.Errorf("%v", list)
	}
}

func TestWhatAServiceAddsToEveryTextIsLeftOut(t *testing.T) {
	for name, c := range map[string]struct{ kind, body, want string }{
		"a story of Hacker News": {"hnrss", `<p>Article URL: <a href="https://nokia.example/a">https://nokia.example/a</a></p>
<p>Comments URL: <a href="https://news.ycombinator.com/item?id=1">https://news.ycombinator.com/item?id=1</a></p> <p>Points: 12</p> <p># Comments: 3</p>`, ""},
		"a question there": {"hnrss", `<p>Is Nokia back?</p><hr><p>Comments URL: <a href="x">https://news.ycombinator.com/item?id=1</a></p><p>Points: 1</p><p># Comments: 0</p>`, "Is Nokia back?"},
		"a comment there":  {"hnrss", `<p>Points: 12 is a lot</p>`, "Points: 12 is a lot"},
		"a post of Reddit": {"reddit", `<!-- SC_OFF --><div class="md"><p>Mine died</p></div><!-- SC_ON --> &#32; submitted by &#32; <a href="https://www.reddit.com/user/me"> /u/me </a> &#32; to &#32; <a href="x"> r/Nokia </a> <br/> <span><a href="x">[link]</a></span> &#32; <span><a href="x">[comments]</a></span>`, "Mine died"},
		"a link of Reddit": {"reddit", `&#32; submitted by &#32; <a href="x"> /u/me </a> <br/> <span><a href="x">[link]</a></span> &#32; <span><a href="x">[comments]</a></span>`, ""},
		"a post of Lemmy":  {"lemmy", `submitted by <a href="x">me</a> to <a href="x">nokia</a><br>-2 points | <a href="x">4 comments</a><br><a href="https://a.example/">https://a.example/</a><p>Mine died</p>`, "https://a.example/ Mine died"},
		"any other feed":   {"feed", `submitted by <a href="x">me</a> to <a href="x">nokia</a><br>2 points | <a href="x">4 comments</a>`, "submitted by me to nokia 2 points | 4 comments"},
	} {
		doc := &document{entries: []entry{{title: "T", body: c.body, guid: "1"}}}
		list := mentions(doc, mood.Source{ID: "s", Kind: c.kind}, nil, time.Now(), false)
		if len(list) != 1 || list[0].Text != c.want {
			t.Errorf("%s: %q, want %q", name, list[0].Text, c.want)
		}
	}
}

func TestHostsAreAskedAsGentlyAsTheirRowsSay(t *testing.T) {
	own := map[string]HostRule{"hnrss.org": {Parallel: 2, Gap: time.Minute}}
	m := newManners(own, time.Now)
	for address, want := range map[string]HostRule{
		"https://old.reddit.com/.rss":     {Parallel: 1, Gap: time.Minute},
		"https://news.google.com/rss":     {Parallel: 1, Gap: 2 * time.Second},
		"https://itunes.apple.com/x":      {Parallel: 1, Gap: 3 * time.Second},
		"https://mastodon.social/tags/x":  CommonRule,
		"https://hnrss.org/newest":        own["hnrss.org"],
		"https://reddit.com.evil.example": CommonRule,
	} {
		if got := m.rule(webURL(address)); got != want {
			t.Errorf("%s is asked by %+v, want %+v", address, got, want)
		}
	}
}
