package feed

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"agora/mood"
)

// Trial is what one try of a source brought.
type Trial struct {
	Source mood.Source
	Items  int       // in the document
	Newest time.Time // the newest published date; zero: none
	Title  string    // of the feed
	Status int       // of HTTP; 0: no answer
	State  mood.SourceState
	Error  string // what happened and what to do; empty: all is well
	Took   time.Duration
}

// Try fetches and parses a source once. It delivers and keeps nothing.
func (p *Poller) Try(ctx context.Context, src mood.Source) Trial {
	begun := p.now()
	t := Trial{Source: src, State: mood.SourceFine}
	err := p.try(ctx, src, &t)
	t.Took = p.now().Sub(begun)
	if err != nil && ctx.Err() != nil {
		t.Error, t.State = "it was not tried to the end: the check was stopped before", mood.SourceFailing
	} else if err != nil {
		t.Error, t.State = say(err), stateOf(err)
		var paused *pausedError
		if errors.As(err, &paused) {
			t.State = mood.SourceWaiting
		}
	}
	return t
}

func (p *Poller) try(ctx context.Context, src mood.Source, t *Trial) error {
	u, err := checkSource(src)
	if err != nil {
		return err
	}
	ans, err := p.visit(ctx, u)
	if ans != nil {
		defer ans.release()
		t.Status = ans.status
	}
	if err != nil {
		return err
	}
	doc, err := p.parser.parse(ctx, ans.body, ans.header.Get("Content-Type"), documentURL(ans))
	if err != nil {
		return withFeedLink(err, received{body: ans.body, contentType: ans.header.Get("Content-Type"), page: ans.url})
	}
	t.Title = clip(Text(doc.title), maxTitle)
	for _, m := range mentions(doc, src, documentURL(ans), p.now(), true) {
		t.Items++
		if !m.Undated && m.Published.After(t.Newest) {
			t.Newest = m.Published
		}
	}
	return nil
}

// visit fetches what is at an address in its host's turn, beside no poll. An
// answer comes back even with an error when the server refused; its release
// must be called.
func (p *Poller) visit(ctx context.Context, u *url.URL) (*answer, error) {
	turn, err := p.fetch.manners.acquire(ctx, u)
	if err != nil {
		return nil, err
	}
	select {
	case p.tries <- struct{}{}:
		defer func() { <-p.tries }()
	case <-ctx.Done():
		turn.done()
		return nil, context.Cause(ctx)
	}
	ans, err := p.fetch.get(ctx, asked{url: u, turn: turn})
	if err != nil {
		return nil, err
	}
	return ans, refused(ans)
}

// TryAll tries every configured source, as fast as manners allow, in the order
// of their configuration. It ends early when ctx does; what wasn't tried then
// says so in its error.
func (p *Poller) TryAll(ctx context.Context) []Trial {
	sources := p.cfg.Sources
	trials := make([]Trial, len(sources))
	var group sync.WaitGroup
	for i, src := range sources {
		group.Go(func() { trials[i] = p.Try(ctx, src) })
	}
	group.Wait()
	return trials
}
