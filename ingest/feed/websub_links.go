package feed

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
)

// What a feed may name: more hubs than this nobody needs, and longer addresses
// neither.
const (
	maxHubsOfFeed = 8
	maxHubAddress = 2048
)

// hubLinks are the hubs that a feed names, and the address under which they
// know the feed: its topic (WebSub, section 3).
type hubLinks struct {
	Hubs []string `json:"hubs,omitempty"`
	Self string   `json:"self,omitempty"`
}

// or fills in from others what l doesn't name.
func (l hubLinks) or(others hubLinks) hubLinks {
	if len(l.Hubs) == 0 {
		l.Hubs = others.Hubs
	}
	if l.Self == "" {
		l.Self = others.Self
	}
	return l
}

func (l hubLinks) equal(m hubLinks) bool { return l.Self == m.Self && slices.Equal(l.Hubs, m.Hubs) }

// from makes the addresses absolute and leaves out those that can't be used.
// A topic that is absolute stays as it was written: hubs compare it byte for
// byte.
func (l hubLinks) from(base *url.URL) hubLinks {
	var usable hubLinks
	for _, raw := range l.Hubs {
		u := webURL(resolve(base, raw))
		if u == nil {
			continue
		}
		u.Fragment, u.RawFragment = "", ""
		hub := u.String()
		if len(hub) <= maxHubAddress && !slices.Contains(usable.Hubs, hub) && len(usable.Hubs) < maxHubsOfFeed {
			usable.Hubs = append(usable.Hubs, hub)
		}
	}
	self := tidyAddress(l.Self)
	if webURL(self) == nil {
		self = resolve(base, self)
	}
	if webURL(self) != nil && len(self) <= maxHubAddress {
		usable.Self = self
	}
	return usable
}

// hubHeaders reads what Link headers name.
func hubHeaders(h http.Header) hubLinks {
	var l hubLinks
	for link := range headerLinks(h.Values("Link")) {
		l.add(link.target, link.rel)
	}
	return l
}

func (l *hubLinks) add(target, rel string) {
	for _, word := range strings.Fields(strings.ToLower(rel)) {
		switch {
		case target == "":
		case word == "hub":
			l.Hubs = append(l.Hubs, target)
		case word == "self" && l.Self == "":
			l.Self = target
		}
	}
}

// rssLinks reads the atom:link elements of a channel.
func rssLinks(x ext.Extensions) hubLinks {
	var l hubLinks
	for _, prefix := range [...]string{"atom", "atom10"} { // the latter where its name space isn't declared
		for _, e := range x[prefix]["link"] {
			l.add(e.Attrs["href"], e.Attrs["rel"])
		}
	}
	return l
}

// jsonLinks reads the hubs of a JSON Feed that speak WebSub.
func jsonLinks(text []byte, self string) hubLinks {
	l := hubLinks{Self: self}
	if !bytes.Contains(text, []byte(`"hubs"`)) {
		return l
	}
	var feed struct {
		Hubs []json.RawMessage `json:"hubs"`
	}
	if json.Unmarshal(text, &feed) != nil {
		return l
	}
	for _, raw := range feed.Hubs {
		var hub struct{ Type, URL string }
		if json.Unmarshal(raw, &hub) == nil && (strings.EqualFold(hub.Type, "WebSub") || strings.EqualFold(hub.Type, "PubSubHubbub")) {
			l.Hubs = append(l.Hubs, hub.URL)
		}
	}
	return l
}
