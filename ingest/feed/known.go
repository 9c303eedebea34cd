package feed

import (
	"net/url"
	"regexp"
	"strings"
)

// known is a row of what is known of where sites keep their feeds.
type known struct {
	host *regexp.Regexp // of the address, without www.; nil: any
	path *regexp.Regexp
	// feeds are addresses with $1 … for what the host's, then the path's
	// parentheses hold. Without a host they are on the site itself.
	feeds []string
}

// knownSites lists them, the more certain first. Pages of these sites say
// nothing of their feeds, or are closed to programs while the feeds are open.
var knownSites = []known{
	{host: re(`(?:m\.)?youtube\.com`), path: re(`/channel/(UC[\w-]{22})(?:/.*)?`), feeds: []string{"https://www.youtube.com/feeds/videos.xml?channel_id=$1"}},
	{host: re(`(?:m\.)?youtube\.com`), path: re(`/user/([\w-]+)(?:/.*)?`), feeds: []string{"https://www.youtube.com/feeds/videos.xml?user=$1"}},
	{host: re(`(?:old\.|new\.)?reddit\.com`), path: re(`/?`), feeds: []string{"https://www.reddit.com/.rss"}},
	{host: re(`(?:old\.|new\.)?reddit\.com`), path: re(`/(r|user)/([\w+-]+)(?:/.*)?`), feeds: []string{"https://www.reddit.com/$1/$2/.rss"}},
	{host: re(`(?:old\.|new\.)?reddit\.com`), path: re(`/u/([\w+-]+)(?:/.*)?`), feeds: []string{"https://www.reddit.com/user/$1/.rss"}},
	{host: re(`github\.com`), path: re(`/([\w.-]+)/([\w.-]+?)(?:\.git)?(?:/(?:releases|tags|tree|blob|wiki|discussions)(?:/.*)?)?/?`), feeds: []string{
		"https://github.com/$1/$2/releases.atom", "https://github.com/$1/$2/discussions.atom",
	}},
	{host: re(`medium\.com`), path: re(`/(@?[\w.-]+)(?:/.*)?`), feeds: []string{"https://medium.com/feed/$1"}},
	{host: re(`([\w-]+)\.medium\.com`), path: re(`/.*`), feeds: []string{"https://$1.medium.com/feed"}},
	{host: re(`([\w-]+)\.substack\.com`), path: re(`/.*`), feeds: []string{"https://$1.substack.com/feed"}},
	{host: re(`([\w-]+\.blogspot\.[a-z.]+)`), path: re(`/.*`), feeds: []string{"https://$1/feeds/posts/default"}},
	{host: re(`([\w-]+)\.tumblr\.com`), path: re(`/.*`), feeds: []string{"https://$1.tumblr.com/rss"}},
	{host: re(`([\w-]+)\.wordpress\.com`), path: re(`/.*`), feeds: []string{"https://$1.wordpress.com/feed/"}},
	{host: re(`bsky\.app`), path: re(`/profile/([\w.:-]+)/?`), feeds: []string{"https://bsky.app/profile/$1/rss"}},
	{host: re(`(?:apps|itunes)\.apple\.com`), path: re(`/([a-z]{2})/app/(?:[^/]+/)?id(\d+)/?`), feeds: []string{
		"https://itunes.apple.com/$1/rss/customerreviews/page=1/id=$2/sortBy=mostRecent/json",
	}},
	{host: re(`((?:[\w-]+\.)?(?:stackexchange|stackoverflow|serverfault|superuser|askubuntu|mathoverflow)\.(?:com|net))`), path: re(`/questions/tagged/([^/]+)/?`), feeds: []string{
		"https://$1/feeds/tag?sort=newest&tagnames=$2",
	}},
	// Servers of the fediverse have any name: Mastodon, then Lemmy.
	{path: re(`/(@[\w.-]+)/?`), feeds: []string{"/$1.rss"}},
	{path: re(`/tags/([\pL\pN_]+)/?`), feeds: []string{"/tags/$1.rss"}},
	{path: re(`/c/([\w.@-]+)/?`), feeds: []string{"/feeds/c/$1.xml?sort=New"}},
}

// re makes an expression that must hold for the whole of a text.
func re(expression string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + expression + `)$`) }

// knownFeeds gives where the feeds of an address are, going by the address.
func knownFeeds(u *url.URL) []string {
	if hostKey(u) == "youtube.com" && u.Path == "/playlist" && u.Query().Get("list") != "" {
		return []string{"https://www.youtube.com/feeds/videos.xml?" + url.Values{"playlist_id": {u.Query().Get("list")}}.Encode()}
	}
	host := strings.TrimPrefix(canonicalHost(u), "www.")
	var found []string
	isKnown := false
	for _, k := range knownSites {
		var parts []string
		switch {
		case k.host == nil && isKnown:
			continue
		case k.host != nil:
			m := k.host.FindStringSubmatch(host)
			if m == nil {
				continue
			}
			isKnown = true
			parts = m[1:]
		}
		m := k.path.FindStringSubmatch(u.EscapedPath())
		if m == nil || len(found) > 0 {
			continue
		}
		parts = append(parts, m[1:]...)
		for _, feed := range k.feeds {
			for i, part := range parts {
				feed = strings.ReplaceAll(feed, "$"+string(rune('1'+i)), part)
			}
			if k.host == nil {
				feed = (&url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host}).String() + feed
			}
			found = append(found, feed)
		}
	}
	return found
}

// channelID is how a page of a YouTube channel names it, whatever the page's
// address.
var channelID = regexp.MustCompile(`(?:itemprop="(?:identifier|channelId)" content="|"(?:externalId|channelId)":"|/channel/)(UC[\w-]{22})"`)

// feedsInPage gives feeds that the text of a page gives away without naming
// them.
func feedsInPage(text []byte, page *url.URL) []string {
	if hostKey(page) != "youtube.com" {
		return nil
	}
	if m := channelID.FindSubmatch(text); m != nil {
		return []string{"https://www.youtube.com/feeds/videos.xml?channel_id=" + string(m[1])}
	}
	return nil
}

// Address takes the scheme feed: off, by which browsers once called feed
// readers, in both forms that it had.
func Address(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 5 && strings.EqualFold(s[:5], "feed:") {
		s = s[5:]
		if rest, ok := strings.CutPrefix(s, "//"); ok {
			s = "http://" + rest
		}
	}
	return s
}
