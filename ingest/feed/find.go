package feed

import (
	"context"
	"errors"
	"fmt"
	"net/url"
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
)

// usualPaths are where feeds often are, on sites that don't say so.
var usualPaths = [...]string{"/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json"}

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

// Find looks for the feeds of a web page: the address itself, what the page
// links to, and, when that brings nothing, where feeds often are on its host.
// Each is fetched and parsed as a source would be; nothing is kept. An error
// says that the page itself can't be read.
func (p *Poller) Find(ctx context.Context, address string) (Finding, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, findTime, fmt.Errorf("the search was ended after %v", findTime))
	defer cancel()
	finding := Finding{URL: address, Feeds: []Found{}, Missed: []Miss{}}
	u := webURL(address)
	if u == nil {
		return finding, fmt.Errorf("%q is no web address: write it as https://example.com", clip(address, 200))
	}
	u.Fragment = ""
	first, page, err := p.lookAt(ctx, u)
	if err == nil {
		finding.URL, finding.IsFeed, finding.Feeds = first.URL, true, append(finding.Feeds, first.Found)
		return finding, nil
	}
	if page == nil {
		return finding, errors.New(say(err))
	}
	finding.URL = page.url.String()
	search := search{p: p, finding: &finding, seen: map[string]bool{address: true, finding.URL: true}}
	search.links(ctx, page.links)
	if len(finding.Feeds) == 0 {
		search.usual(ctx, page.url)
	}
	if err := ctx.Err(); err != nil && len(finding.Feeds) == 0 {
		return finding, context.Cause(ctx)
	}
	return finding, nil
}

// looked is a feed at an address, and where that led.
type looked struct {
	Found
	final string // after redirects
}

// webPage is what was at an address that is no feed.
type webPage struct {
	url   *url.URL
	links []string // to feeds
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
	came := received{body: ans.body, contentType: ans.header.Get("Content-Type"), url: documentURL(ans), page: ans.url}
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
			page.links = linksOf(toUTF8(ans.body[:min(len(ans.body), maxPageRead)], came.contentType), ans.url)
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
	seen    map[string]bool // addresses, as asked and where they led
}

// links looks at what the page links to, as fast as manners allow.
func (s *search) links(ctx context.Context, addresses []string) {
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
	led := map[string]bool{}
	for _, o := range outcomes {
		switch {
		case o.err != nil:
			s.finding.Missed = append(s.finding.Missed, Miss{URL: o.url, Error: say(o.err)})
		case !led[o.found.final]:
			led[o.found.final] = true
			s.finding.Feeds = append(s.finding.Feeds, o.found.Found)
		}
	}
}

// usual tries one usual path after the other, and ends with the first that is
// a feed: most sites answer at several with the same.
func (s *search) usual(ctx context.Context, page *url.URL) {
	for _, path := range usualPaths {
		u := &url.URL{Scheme: page.Scheme, Host: page.Host, User: page.User, Path: path}
		if s.seen[u.String()] || ctx.Err() != nil {
			continue
		}
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
