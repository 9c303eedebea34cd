package feed

import (
	"fmt"
	"net/url"

	"agora/mood"
)

// home is the address that a source has now: where it moved to for good, else
// the configured one.
func (e *subscription) home() *url.URL {
	if e.state != nil && e.state.Moved.believed() {
		if u := e.follow(e.state.Moved.URL); u != nil {
			return u
		}
	}
	return e.url
}

// address is what is asked at the next poll: home, unless a redirect is still
// to be followed.
func (e *subscription) address() *url.URL {
	if e.state != nil && e.state.Onward.URL != "" {
		if u := e.follow(e.state.Onward.URL); u != nil {
			return u
		}
	}
	return e.home()
}

// follow parses an address that the source led to. A login goes along on the
// same host only.
func (e *subscription) follow(address string) *url.URL {
	u := webURL(address)
	if u != nil && u.User == nil && u.Host == e.url.Host && u.Scheme == e.url.Scheme {
		u.User = e.url.User
	}
	return u
}

// assign decides which source asks where several have the same home: one that
// is configured so rather than one that moved there. The caller holds the lock.
func (p *Poller) assign() {
	p.askers = make(map[string]string, len(p.subs))
	rank := func(sub *subscription) (bool, string) { return sub.home() != sub.url, sub.src.ID }
	for id, sub := range p.subs {
		key := sub.home().String()
		if other := p.subs[p.askers[key]]; other != nil {
			moved, name := rank(sub)
			otherMoved, otherName := rank(other)
			if moved && !otherMoved || moved == otherMoved && name > otherName {
				continue
			}
		}
		p.askers[key] = id
	}
}

// askedBy gives the source that is asked in the stead of another with the same
// home; nil: none. The caller holds the lock.
func (p *Poller) askedBy(sub *subscription) *subscription {
	if owner := p.subs[p.askers[sub.home().String()]]; owner != sub {
		return owner
	}
	return nil
}

// merge notes that a source isn't asked, since another brings the same. The
// caller holds the lock.
func (p *Poller) merge(sub, owner *subscription) {
	st := *sub.state
	st.Word, st.Onward = string(mood.SourceMoved), onward{}
	st.Error = fmt.Sprintf("it has moved to %s, where the source %s is asked already: take one of them out", addressKey(owner.home()), owner.src.ID)
	if sub.home() == sub.url {
		st.Error = fmt.Sprintf("the source %s has the same address, and is asked for both: take one of them out", owner.src.ID)
	}
	st.NextPoll = sub.due // in case the other is taken out
	sub.state = &st
	p.dirty[sub.src.ID] = true
	p.touched()
}
