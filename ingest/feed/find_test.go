package feed

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

const smallFeed = `<rss version="2.0"><channel><title>Found</title><item><title>x</title><guid>1</guid></item></channel></rss>`

// site is a web of paths; a feed is at those that hold smallFeed.
type site struct {
	mu    sync.Mutex
	pages map[string]string // by path and query
	links map[string]string // Link headers
	asked []string
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.URL.RequestURI())
	if link := s.links[r.URL.RequestURI()]; link != "" {
		w.Header().Set("Link", link)
	}
	page, ok := s.pages[r.URL.RequestURI()]
	switch {
	case !ok:
		http.NotFound(w, r)
	case page == "closed":
		http.Error(w, "no", http.StatusForbidden)
	default:
		_, _ = io.WriteString(w, page)
	}
}

func findOn(t *testing.T, s *site, address func(server string) string) (Finding, error) {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	p, err := NewPoller(Config{Deliver: newInbox().deliver, States: newMemory(), Allow: loopback(), Hosts: fast()})
	if err != nil {
		t.Fatal(err)
	}
	return p.Find(t.Context(), address(server.URL))
}

func TestFeedsAreFoundWhereverAPageNamesThem(t *testing.T) {
	const doctype = "<!doctype html>"
	for name, c := range map[string]struct {
		site *site
		at   string
		want string // where the feed is
	}{
		"in a Link header": {&site{
			pages: map[string]string{"/": doctype, "/hidden": smallFeed},
			links: map[string]string{"/": `</style.css>; rel=preload; as=style, <hidden>; title="a, b"; rel="alternate"; type="application/rss+xml"`},
		}, "/", "/hidden"},
		"as rel=feed":             {&site{pages: map[string]string{"/": doctype + `<link rel="feed" href="/hidden">`, "/hidden": smallFeed}}, "/", "/hidden"},
		"as XML with such a name": {&site{pages: map[string]string{"/": doctype + `<link rel="alternate" type="text/xml" href="/rss/all.rss">`, "/rss/all.rss": smallFeed}}, "/", "/rss/all.rss"},
		"with the scheme feed":    {&site{pages: map[string]string{"/": doctype + `<a href="feed:HOST/hidden/rss">`, "/hidden/rss": smallFeed}}, "/", "/hidden/rss"},
		"behind a refresh": {&site{pages: map[string]string{
			"/": doctype + `<meta http-equiv="Refresh" content="0; URL='/en/'">`, "/en/": doctype + `<link rel=alternate type=application/rss+xml href=hidden>`, "/en/hidden": smallFeed,
		}}, "/", "/en/hidden"},
		"beside the page":       {&site{pages: map[string]string{"/blog/post.html": doctype, "/blog/atom.xml": smallFeed, "/feed": smallFeed}}, "/blog/post.html", "/blog/atom.xml"},
		"of a blog of Blogger":  {&site{pages: map[string]string{"/": doctype, "/feeds/posts/default": smallFeed}}, "/", "/feeds/posts/default"},
		"of an old WordPress":   {&site{pages: map[string]string{"/": doctype, "/?feed=rss2": smallFeed}}, "/", "/?feed=rss2"},
		"with a slash alone":    {&site{pages: map[string]string{"/": doctype, "/feed/": smallFeed}}, "/", "/feed/"},
		"of a Mastodon":         {&site{pages: map[string]string{"/@nokia": doctype, "/@nokia.rss": smallFeed}}, "/@nokia", "/@nokia.rss"},
		"of a closed Mastodon":  {&site{pages: map[string]string{"/@nokia": "closed", "/@nokia.rss": smallFeed}}, "/@nokia", "/@nokia.rss"},
		"of a Lemmy":            {&site{pages: map[string]string{"/c/nokia": doctype, "/feeds/c/nokia.xml?sort=New": smallFeed}}, "/c/nokia", "/feeds/c/nokia.xml?sort=New"},
		"not what oEmbed names": {&site{pages: map[string]string{"/": doctype + `<link rel="alternate" type="application/json" href="/wp-json/">`, "/rss.xml": smallFeed}}, "/", "/rss.xml"},
	} {
		s := c.site
		var base string
		finding, err := findOn(t, s, func(server string) string {
			base = server
			s.mu.Lock()
			defer s.mu.Unlock()
			for path, page := range s.pages {
				s.pages[path] = strings.ReplaceAll(page, "HOST", server)
			}
			return server + c.at
		})
		if err != nil || len(finding.Feeds) != 1 || finding.Feeds[0].URL != base+c.want || finding.Feeds[0].Title != "Found" || len(finding.Missed) > 0 {
			t.Errorf("%s: %+v, %v", name, finding, err)
		}
		slices.Sort(s.asked)
		if twice := slices.Compact(slices.Clone(s.asked)); len(twice) != len(s.asked) {
			t.Errorf("%s: something was asked for twice: %v", name, s.asked)
		}
	}
}

func TestPagesThatSendInCirclesEndTheSearch(t *testing.T) {
	round := `<!doctype html><meta http-equiv=refresh content="0;url=/b">`
	s := &site{pages: map[string]string{"/a": strings.Replace(round, "/b", "/b", 1), "/b": strings.Replace(round, "/b", "/a", 1)}}
	finding, err := findOn(t, s, func(server string) string { return server + "/a" })
	if err != nil || len(finding.Feeds) != 0 {
		t.Errorf("%+v, %v", finding, err)
	}
}

func TestABareNameIsTriedWithHTTPSThenWithHTTP(t *testing.T) {
	s := &site{pages: map[string]string{"/x": smallFeed}}
	for _, written := range []string{"HOST/x", "feed:HOST/x", " HOST/x#top"} {
		finding, err := findOn(t, s, func(server string) string {
			return strings.Replace(written, "HOST", strings.TrimPrefix(server, "http://"), 1)
		})
		if err != nil || !finding.IsFeed || !strings.HasPrefix(finding.Feeds[0].URL, "http://127.0.0.1") {
			t.Errorf("%q: %+v, %v", written, finding, err)
		}
	}
	// Who answers with a refusal is there, and isn't asked the other way.
	if unanswered(&statusError{code: 404}) || unanswered(&pausedError{}) || unanswered(&BlockedError{}) || !unanswered(errors.New("dial")) {
		t.Error("a refusal is taken for silence, or the other way round")
	}
}

func TestWellKnownSitesHaveTheirFeedsWhereTheyAreKnownToBe(t *testing.T) {
	for address, want := range map[string]string{
		"https://www.youtube.com/channel/UC0123456789abcdefghijkl/videos": "https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789abcdefghijkl",
		"https://m.youtube.com/playlist?list=PL1_x":                       "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1_x",
		"https://www.youtube.com/@nokia":                                  "",
		"https://old.reddit.com/r/Nokia/top/":                             "https://www.reddit.com/r/Nokia/.rss",
		"https://reddit.com/u/somebody":                                   "https://www.reddit.com/user/somebody/.rss",
		"https://www.reddit.com":                                          "https://www.reddit.com/.rss",
		"https://github.com/nokia/ntt.git":                                "https://github.com/nokia/ntt/releases.atom https://github.com/nokia/ntt/discussions.atom",
		"https://github.com/nokia/ntt/issues":                             "",
		"https://medium.com/@nokia/a-post-1":                              "https://medium.com/feed/@nokia",
		"https://nokia.medium.com/a-post":                                 "https://nokia.medium.com/feed",
		"https://nokia.substack.com/p/a":                                  "https://nokia.substack.com/feed",
		"https://nokia.blogspot.co.uk/2020/":                              "https://nokia.blogspot.co.uk/feeds/posts/default",
		"https://nokia.wordpress.com/":                                    "https://nokia.wordpress.com/feed/",
		"https://bsky.app/profile/nokia.com":                              "https://bsky.app/profile/nokia.com/rss",
		"https://apps.apple.com/fi/app/the-app/id123456":                  "https://itunes.apple.com/fi/rss/customerreviews/page=1/id=123456/sortBy=mostRecent/json",
		"https://stackoverflow.com/questions/tagged/c%2b%2b":              "https://stackoverflow.com/feeds/tag?sort=newest&tagnames=c%2b%2b",
		"https://dsp.stackexchange.com/questions/tagged/lte":              "https://dsp.stackexchange.com/feeds/tag?sort=newest&tagnames=lte",
		"https://me:pw@social.example:8443/@nokia":                        "https://me:pw@social.example:8443/@nokia.rss",
		"https://social.example/tags/nokia":                               "https://social.example/tags/nokia.rss",
		"https://example.com/news":                                        "",
		"https://notgithub.com/a/b":                                       "",
	} {
		got := strings.Join(knownFeeds(webURL(address)), " ")
		if got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	page := []byte(`<meta itemprop="identifier" content="UC0123456789abcdefghijkl">`)
	if got := feedsInPage(page, webURL("https://www.youtube.com/@nokia")); len(got) != 1 || !strings.HasSuffix(got[0], "=UC0123456789abcdefghijkl") {
		t.Errorf("the page of a channel: %v", got)
	}
	if got := feedsInPage(page, webURL("https://example.com/")); got != nil {
		t.Errorf("a page of another site: %v", got)
	}
}
