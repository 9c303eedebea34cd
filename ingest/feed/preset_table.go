package feed

import (
	"maps"
	"regexp"
	"strings"
	"time"

	"agora/mood"
)

// What values of several presets look like.
var (
	isWord      = regexp.MustCompile(`^[\pL\pM\pN_·]{1,100}$`).MatchString
	isTags      = regexp.MustCompile(`^[^\s,;/?&"]+( [^\s,;/?&"]+)*$`).MatchString
	isCommunity = regexp.MustCompile(`^[\pL\pN_.-]{1,100}(@[\pL\pN.:-]+)?$`).MatchString
	isChannel   = regexp.MustCompile(`^UC[A-Za-z0-9_-]{22}$`).MatchString
	isApp       = regexp.MustCompile(`^[0-9]{3,12}$`).MatchString
)

var (
	paramBrands   = Param{Key: "brands", Example: "nokia"}
	paramEditions = Param{Key: "editions", Example: "en-US"}
)

// presets is the table of them, by name. Ids are what states are kept under:
// one that changes loses what was known of its feed.
var presets = []Preset{
	{
		Name: "app-store", About: "App Store reviews of an app, by country; the stars say how each is meant",
		Params: []Param{
			{Key: "apps", Example: "389801252", Valid: isApp, Wrong: `app %q is no id of the App Store: it is the number after "id" in the app's address`},
			{Key: "countries", Example: "us", Lower: true, Valid: isCountry, Wrong: "country %q is no ISO 3166-1 code of two letters"},
			{Key: "brands", Example: "nokia"},
		},
		Feeds: []Template{{
			Each: []string{"apps", "countries"}, ID: "app-store-{app}-{country}", Name: "App Store {app}, {COUNTRY}", Country: "{COUNTRY}",
			// Of the two forms, the XML repeats all about the app in every review.
			URL: "https://itunes.apple.com/{country}/rss/customerreviews/page=1/id={app}/sortBy=mostRecent/json",
		}},
		OwnBrands: true,
		Floor:     time.Hour,
		Hosts:     map[string]HostRule{"apple.com": {Parallel: 1, Gap: 3 * time.Second}},
		Notes: []string{
			"Every review counts for the brands of the entry, whether it names them or not; with one brand watched, that is the default.",
			"Five and four stars are positive, three neutral, two and one negative, and sure.",
			"It lists the newest 50 reviews of a country's store; an app that gets more than that in a day is worth a shorter every:.",
			"Undocumented: Apple answers with an empty list at times, and not every store has the feed.",
		},
	},
	{
		Name: "bing-news", About: "Bing News search by brand and edition",
		Params: []Param{paramBrands, paramEditions},
		Feeds: []Template{{
			Each: []string{"brands", "editions"}, ID: "bing-news-{brand}-{edition}", Name: "Bing News: {Brand}, {edition}",
			URL:     "https://www.bing.com/news/search?format=RSS&q={terms}&setmkt={edition}",
			Country: "{COUNTRY}", Language: "{language}",
		}},
		Floor: 15 * time.Minute,
		Hosts: map[string]HostRule{"bing.com": {Parallel: 1, Gap: 3 * time.Second}},
		Notes: []string{
			"Undocumented and without a promise: it gives some ten items, sorted by relevance.",
			"The publishers' own addresses are taken out of Bing's.",
		},
	},
	{
		Name: "google-alerts", About: "Google Alerts delivered as feeds: paste their addresses",
		Params: []Param{{
			Key: "urls", Example: "https://www.google.com/alerts/feeds/0123456789/9876543210", Valid: isAlert,
			Wrong: "%q is no feed of Google Alerts: it begins with https://www.google.com/alerts/feeds/",
		}},
		Feeds: []Template{{Each: []string{"urls"}, ID: "google-alerts-{path}", Name: "Google Alerts", URL: "{url}", Secret: true}},
		Floor: 15 * time.Minute,
		Hosts: googleHosts,
		Notes: []string{
			"Make an alert on google.com/alerts, set Deliver to: RSS feed, and copy the address of the feed.",
			"The address is a secret: whoever has it reads the alert. Agora doesn't show it.",
		},
	},
	{
		Name: "google-news", About: "Google News search by brand and edition",
		Params: []Param{paramBrands, paramEditions},
		Feeds: []Template{{
			Each: []string{"brands", "editions"}, ID: "google-news-{brand}-{edition}", Name: "Google News: {Brand}, {edition}",
			URL:     "https://news.google.com/rss/search?ceid={COUNTRY}%3A{ceid}&gl={COUNTRY}&hl={hl}&q=%28{terms}%29+when%3A7d",
			Country: "{COUNTRY}", Language: "{language}",
		}},
		Floor: 15 * time.Minute,
		Hosts: googleHosts,
		Notes: []string{
			"Undocumented and without a promise: it gives up to 100 items of the last 7 days, sorted by relevance.",
			"Links lead through Google, for what is behind them isn't in the feed; the publisher is.",
		},
	},
	{
		Name: "hnrss", About: "Hacker News stories and comments by brand",
		Params: []Param{paramBrands},
		Feeds: []Template{
			// hnrss takes a search as one phrase. With OR in it, it takes phrases
			// apart and wants none of the words, so each term is a feed.
			{
				Each: []string{"brands", "terms"}, ID: "hnrss-{brand}-stories{-term}", Name: "Hacker News stories: {Brand}{, term}",
				URL: "https://hnrss.org/newest?count=100&q={term}", Language: "en",
			},
			{
				Each: []string{"brands", "terms"}, ID: "hnrss-{brand}-comments{-term}", Name: "Hacker News comments: {Brand}{, term}",
				URL: "https://hnrss.org/newcomments?count=100&q={term}", Language: "en",
			},
		},
		Floor: 15 * time.Minute,
		Hosts: map[string]HostRule{"hnrss.org": {Parallel: 1, Gap: 5 * time.Second}},
		Chaff: regexp.MustCompile(`(?:^| )(?:Article URL: \S+ )?Comments URL: \S+ Points: \d+ # Comments: \d+$`),
		Notes: []string{
			"One person's service on top of Algolia's search, run on donations: be gentle.",
			"Each word or phrase of a brand's query is a feed of stories, found by their titles, and one of comments.",
		},
	},
	{
		Name: "lemmy", About: "Lemmy communities, newest posts",
		Params: []Param{
			{Key: "instances", Example: "lemmy.world", Valid: isHost, Wrong: "instance %q is no host name, such as lemmy.world"},
			{Key: "communities", Example: "technology", Trim: "!", Valid: isCommunity, Wrong: "community %q is no name of one, such as technology or technology@lemmy.world"},
		},
		Feeds: []Template{{
			Each: []string{"instances", "communities"}, ID: "lemmy-{instance}-{community}", Name: "Lemmy {community} on {instance}",
			URL: "https://{instance}/feeds/c/{community}.xml?sort=New&limit=50",
		}},
		Floor: time.Hour,
		Chaff: regexp.MustCompile(`^submitted by \S+ to \S+ -?\d+ points \| \d+ comments ?`),
		Notes: []string{"By default a community sorts by what is hot, and would hide what is new; the preset asks for the newest 50."},
	},
	{
		Name: "mastodon-rss", About: "Mastodon posts by tag, from instances whose time lines are closed",
		Params: []Param{
			{Key: "instances", Example: "mastodon.social", Valid: isHost, Wrong: "instance %q is no host name, such as mastodon.social"},
			{Key: "tags", Example: "nokia", Trim: "#", Valid: isWord, Wrong: "tag %q is no hashtag: it has letters, digits and _ only, and no spaces"},
		},
		Feeds: []Template{{
			Each: []string{"instances", "tags"}, ID: "mastodon-rss-{instance}-{tag}", Name: "Mastodon #{tag} on {instance} (RSS)",
			URL: "https://{instance}/tags/{tag}.rss",
		}},
		Floor: 5 * time.Minute,
		Notes: []string{
			"The preset mastodon reads the whole time line; this one reads the feed of the newest 20 posts, which instances give to anybody.",
		},
	},
	{
		Name: "reddit", About: "Reddit search by brand",
		Params: []Param{
			paramBrands,
			{
				Key: "urls", Optional: true, Example: "https://www.reddit.com/search.rss?q=nokia&sort=new&feed=…&user=…", Valid: isReddit,
				Wrong: "%q is no feed of Reddit: it begins with https://www.reddit.com/ and has .rss in it",
			},
		},
		Feeds: []Template{
			{Each: []string{"brands"}, ID: "reddit-{brand}", Name: "Reddit: {Brand}", URL: "https://www.reddit.com/search.rss?q={terms}&sort=new", Unless: "urls"},
			{Each: []string{"urls"}, ID: "reddit-{hash}", Name: "Reddit: {search}", URL: "{url}", Secret: true},
		},
		Floor: 15 * time.Minute,
		Hosts: map[string]HostRule{"reddit.com": {Parallel: 1, Gap: time.Minute}},
		Chaff: regexp.MustCompile(`(?:^| )submitted by /u/\S+(?: to r/\S+)? \[link\] \[comments\]$`),
		Notes: []string{
			"Those who aren't logged in are answered 429 or 403 most of the time since June 2026.",
			"Better: take feed=… and user=… of a feed on reddit.com/prefs/feeds, put them behind a search of yours, and give that under urls:; the search without them isn't made then.",
			"Such an address is a secret: whoever has it reads what you read. Agora doesn't show it.",
		},
	},
	{
		Name: "stackexchange", About: "Stack Exchange questions by tag",
		Params: []Param{
			{Key: "sites", Example: "stackoverflow.com", Valid: isHost, Wrong: "site %q is no host name, such as stackoverflow.com"},
			{Key: "tags", Example: "nokia", Valid: isTags, Wrong: "tag %q is no tag, such as nokia or c++"},
		},
		Feeds: []Template{{
			Each: []string{"sites", "tags"}, ID: "stackexchange-{site}-{tag}", Name: "{site} [{tag}]",
			URL: "https://{site}/feeds/tag?sort=newest&tagnames={tag}",
		}},
		Floor: time.Hour,
		Notes: []string{"It knows tags and no words: look on the site for the tag that a brand has. The feed has the newest 30 questions."},
	},
	{
		Name: "youtube", About: "YouTube channels",
		Params: []Param{{
			Key: "channels", Example: "UC_x5XG1OV2P6uZZ5FSM9Ttw", Valid: isChannel,
			Wrong: "channel %q is no channel id: it begins with UC and has 24 characters; the page source of the channel names it, and agora feeds find finds it",
		}},
		Feeds: []Template{{
			Each: []string{"channels"}, ID: "youtube-{channel}", Exact: true, Name: "YouTube {channel}",
			URL: "https://www.youtube.com/feeds/videos.xml?channel_id={channel}",
		}},
		Floor: time.Hour,
		Hosts: map[string]HostRule{"youtube.com": {Parallel: 1, Gap: 2 * time.Second}},
		Notes: []string{"The feed has the newest 15 videos, and no comments. It answers 404 or 500 for hours at times, and is well again after."},
	},
}

// googleHosts are the manners of all that Google offers.
var googleHosts = map[string]HostRule{"google.com": {Parallel: 1, Gap: 2 * time.Second}}

// presetRules are the manners of all rows.
var presetRules = func() map[string]HostRule {
	rules := map[string]HostRule{}
	for _, p := range presets {
		maps.Copy(rules, p.Hosts)
	}
	return rules
}()

// withoutChaff takes off what a service adds to the text of every item.
func withoutChaff(kind, text string) string {
	for i := range presets {
		if presets[i].Name == kind && presets[i].Chaff != nil {
			return strings.TrimSpace(presets[i].Chaff.ReplaceAllString(text, ""))
		}
	}
	return text
}

func isCountry(s string) bool {
	_, ok := mood.Country(strings.ToUpper(s))
	return ok
}

func isAlert(s string) bool {
	u := webURL(s)
	return u != nil && strings.HasPrefix(strings.TrimPrefix(u.Hostname(), "www."), "google.") && strings.HasPrefix(u.Path, "/alerts/feeds/")
}

func isReddit(s string) bool {
	u := webURL(s)
	return u != nil && hostKey(u) == "reddit.com" && strings.HasSuffix(u.Path, ".rss")
}
