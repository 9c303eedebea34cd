package feed

import (
	"context"
	"errors"
	"net/http"
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

	trouble mood.Trouble
	until   time.Time // when its host is content to be asked again
}

// Health is the trial as the health of its source: for the sentence that
// [mood.SourceHealth.Say] makes.
func (t Trial) Health() mood.SourceHealth {
	h := mood.SourceHealth{
		ID: t.Source.ID, Name: t.Source.Name, Kind: t.Source.Kind, URL: t.Source.URL, State: t.State,
		LastError: t.Error, Trouble: t.trouble, LastStatus: t.Status, Items: t.Items, Title: plainTitle(t.Title),
		NextPoll: timeOrNil(t.until),
	}
	if t.Source.Unnamed && h.Title != "" {
		h.Name = h.Title
	}
	return h
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
		t.Error, t.State, t.trouble = say(err), stateOf(err), troubleOf(err, t.Status)
		var paused *pausedError
		if errors.As(err, &paused) {
			t.State, t.until = mood.SourceWaiting, paused.until
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
	if ans.status == http.StatusNotModified {
		return unaskedError{}
	}
	came := received{body: ans.body, contentType: ans.header.Get("Content-Type"), url: documentURL(ans), page: ans.url, cut: ans.truncated}
	doc, all, err := p.parser.read(ctx, came, src, p.now(), true)
	if err != nil {
		return err
	}
	t.Title = clip(Text(doc.title), maxTitle)
	for _, m := range all {
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
