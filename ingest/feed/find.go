package feed

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"agora/mood"
)

// How far a search for feeds goes.
const (
	findTime    = 2 * time.Minute
	maxLinks    = 12 // that a page names as feeds
	maxAnchors  = 8  // of those it only points at
	maxPageRead = 2 << 20

	maxRefreshes = 2 // pages that send people on
)

// usualPaths are where feeds often are, on sites that don't say so: common
// names, then what blogs of Blogger and WordPress answer to.
var usualPaths = [...]string{
	"feed", "rss", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feed.json", "feeds/posts/default", "?feed=rss2", "feed/", ".rss",
}

// Found is a feed that was found, and read once.
type Found struct {
	Title  string     `json:"title"`
	Kind   string     `json:"kind"` // RSS, Atom or JSON Feed
	Items  int        `json:"items"`
	Newest *time.Time `json:"newest,omitempty"` // the newest published date; nil: none
	URL    string     `json:"url"`
}

// Miss is an address that looked like a feed's, and isn't.
type Miss struct {
	URL   string `json:"url"`
	Error string `json:"error"`
}

// Finding is what a search for feeds brought.
type Finding struct {
	URL    string  `json:"url"`     // that was asked, after redirects
	IsFeed bool    `json:"is_feed"` // it is a feed itself, the only one in Feeds
	Feeds  []Found `json:"feeds"`
	Missed []Miss  `json:"missed"` // that the page names; usual paths that don't exist aren't told
}

// Find looks for the feeds of a web page: the address itself, where sites like
// it are known to have theirs, what the page and the answer's Link header name,
// and, when that brings nothing, where feeds often are. Each is fetched and
// parsed as a source would be; nothing is kept. An address without a scheme is
// tried with https, then with http. An error says that the page itself can't be
// read.
func (p *Poller) Find(ctx context.Context, address string) (Finding, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, findTime, fmt.Errorf("the search was ended after %v", findTime))
	defer cancel()
	finding := Finding{URL: address, Feeds: []Found{}, Missed: []Miss{}}
	address = Address(address)
	bare := !strings.Contains(address, "://")
	if bare {
		address = "https://" + address
	}
	u := webURL(address)
	if u == nil {
		return finding, fmt.Errorf("%q is no web address: write it as https://example.com", clip(finding.URL, 200))
	}
	u.Fragment, u.RawFragment = "", ""
	first, page, err := p.lookAt(ctx, u)
	if bare && err != nil && page == nil && unanswered(err) {
		plain := *u
		plain.Scheme = "http"
		if f, pg, e := p.lookAt(ctx, &plain); e == nil || pg != nil {
			u, first, page, err = &plain, f, pg, e
		}
	}
	finding.URL = u.String()
	if err == nil {
		finding.URL, finding.IsFeed, finding.Feeds = first.URL, true, append(finding.Feeds, first.Found)
		return finding, nil
	}
	search := search{p: p, finding: &finding, seen: map[string]bool{u.String(): true}, led: map[string]bool{}}
	search.links(ctx, knownFeeds(u), false)
	if page == nil {
		if len(finding.Feeds) > 0 {
			return finding, nil // the page is closed, and its feed is open
		}
		return finding, errors.New(say(err))
	}
	search.page(ctx, page, maxRefreshes)
	if err := ctx.Err(); err != nil && len(finding.Feeds) == 0 {
		return finding, context.Cause(ctx)
	}
	return finding, nil
}

// unanswered says whether an error is of the connection: nobody answered.
func unanswered(err error) bool {
	var status *statusError
	var blocked *BlockedError
	var paused *pausedError
	return !errors.As(err, &status) && !errors.As(err, &blocked) && !errors.As(err, &paused)
}

// looked is a feed at an address, and where that led.
type looked struct {
	Found
	final string // after redirects
}

// webPage is what was at an address that is no feed.
type webPage struct {
	url     *url.URL
	feeds   []string // that its head, its links and its text name
	refresh string   // where it sends people by itself; empty: nowhere
}

// lookAt reads what is at an address. With an error there may be a page.
func (p *Poller) lookAt(ctx context.Context, u *url.URL) (looked, *webPage, error) {
	ans, err := p.visit(ctx, u)
	if ans != nil {
		defer ans.release()
	}
	if err != nil {
		return looked{}, nil, err
	}
	came := received{body: ans.body, contentType: ans.header.Get("Content-Type"), url: documentURL(ans), page: ans.url, cut: ans.truncated}
	doc, all, err := p.parser.read(ctx, came, mood.Source{ID: "found", URL: u.String()}, p.now(), true)
	if err == nil && doc.form == "JSON Feed" && doc.title == "" && len(doc.entries) == 0 {
		err = fmt.Errorf("%w: this is JSON, and no JSON Feed", errNotAFeed)
	}
	if err != nil {
		if !errors.Is(err, errNotAFeed) && !looksLikeHTML(ans.body) {
			return looked{}, nil, err
		}
		page := &webPage{url: ans.url}
		if err := p.parser.run(ctx, func(context.Context) error {
			text := toUTF8(ans.body[:min(len(ans.body), maxPageRead)], came.contentType)
			named := linksOf(text, ans.url)
			page.feeds = slices.Concat(headerFeeds(ans.header.Values("Link"), ans.url), named.feeds, feedsInPage(text, ans.url))
			page.refresh = named.refresh
			return nil
		}); err != nil {
			return looked{}, nil, err
		}
		return looked{}, page, err
	}
	found := looked{final: ans.url.String(), Found: Found{URL: u.String(), Kind: doc.form, Title: clip(Text(doc.title), maxTitle)}}
	if ans.moved != nil {
		found.URL = ans.moved.String()
	}
	for _, m := range all {
		found.Items++
		if !m.Undated && (found.Newest == nil || m.Published.After(*found.Newest)) {
			newest := m.Published.UTC()
			found.Newest = &newest
		}
	}
	return found, nil, nil
}

// search is a search for feeds that is under way.
type search struct {
	p       *Poller
	finding *Finding
	seen    map[string]bool // addresses that were asked
	led     map[string]bool // where feeds were found to be in the end
}

// page looks at what a page names, else at where it sends people, else at
// usual paths.
func (s *search) page(ctx context.Context, page *webPage, refreshes int) {
	s.finding.URL = page.url.String()
	s.seen[s.finding.URL] = true
	s.links(ctx, page.feeds, true)
	if len(s.finding.Feeds) > 0 {
		return
	}
	if u := webURL(page.refresh); u != nil && refreshes > 0 && !s.seen[u.String()] {
		s.seen[u.String()] = true
		found, next, err := s.p.lookAt(ctx, u)
		switch {
		case err == nil:
			s.finding.Feeds = append(s.finding.Feeds, found.Found)
			return
		case next != nil:
			s.links(ctx, knownFeeds(next.url), false)
			s.page(ctx, next, refreshes-1)
			return
		}
	}
	s.usual(ctx, page.url)
}

// links looks at addresses, as fast as manners allow. Those that the page names
// are told when they are no feeds.
func (s *search) links(ctx context.Context, addresses []string, named bool) {
	type outcome struct {
		url   string
		found looked
		err   error
	}
	var outcomes []*outcome
	for _, address := range addresses {
		if !s.seen[address] {
			s.seen[address] = true
			outcomes = append(outcomes, &outcome{url: address})
		}
	}
	var group sync.WaitGroup
	for _, o := range outcomes {
		u := webURL(o.url)
		if u == nil {
			o.err = errors.New("it is no web address")
			continue
		}
		group.Go(func() { o.found, _, o.err = s.p.lookAt(ctx, u) })
	}
	group.Wait()
	for _, o := range outcomes {
		switch {
		case o.err == nil && !s.led[o.found.final]:
			s.led[o.found.final] = true
			s.finding.Feeds = append(s.finding.Feeds, o.found.Found)
		case o.err != nil && named:
			s.finding.Missed = append(s.finding.Missed, Miss{URL: o.url, Error: say(o.err)})
		}
	}
}

// usual tries one usual path after the other, beside the page and then at the
// top of its site, and ends with the first that is a feed: most sites answer at
// several with the same.
func (s *search) usual(ctx context.Context, page *url.URL) {
	top := &url.URL{Scheme: page.Scheme, Host: page.Host, User: page.User, Path: "/"}
	beside := *top
	beside.Path = page.Path[:strings.LastIndexByte("/"+page.Path, '/')]
	if !strings.HasSuffix(beside.Path, "/") {
		beside.Path += "/"
	}
	for _, base := range [...]*url.URL{&beside, top} {
		for _, path := range usualPaths {
			u, err := base.Parse(path)
			if err != nil || s.seen[u.String()] || ctx.Err() != nil {
				continue
			}
			s.seen[u.String()] = true
			found, _, err := s.p.lookAt(ctx, u)
			if err == nil {
				s.finding.Feeds = append(s.finding.Feeds, found.Found)
				return
			}
			var paused *pausedError
			if errors.As(err, &paused) {
				return // the host wants to be left alone
			}
		}
	}
}
