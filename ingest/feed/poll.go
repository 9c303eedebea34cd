package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"agora/mood"

	"github.com/cespare/xxhash/v2"
)

// poll asks one source and delivers what is new. The dispatcher has taken the
// host's turn already.
func (p *Poller) poll(ctx context.Context, sub *subscription) {
	sub.turn <- struct{}{} // what a hub pushes waits, or is waited for
	defer func() { <-sub.turn }()
	begun := p.now()
	p.mu.Lock()
	src, st := sub.src, *sub.state
	p.mu.Unlock()
	before := st
	st.LastPoll = begun
	st.Polls++
	if st.Begun.IsZero() {
		st.Begun = begun
	}
	again := st.Again
	event := Event{Source: src.ID}
	err := p.ask(ctx, src, sub.url, &st, &event)
	now := p.now()
	event.Duration = now.Sub(begun)
	if ctx.Err() != nil && err != nil {
		return // stopped in the middle: nothing was learned
	}
	if err != nil {
		p.fail(src, &st, err, &event, now)
	}
	p.note(src, &before, &st, err, &event, now)
	p.mu.Lock()
	if sub.state.Again && !again {
		st.Again = true // asked for while the poll was under way
	}
	if err == nil {
		p.hubs.polled(sub, &st, event.Fresh, again)
	}
	sub.state = &st
	sub.due = st.NextPoll
	if !sub.gone {
		p.dirty[src.ID] = true
	}
	p.mu.Unlock()
	p.touched()
	p.cfg.Observe(event)
}

// deliverError is a failure on our side: the feed is fine.
type deliverError struct{ err error }

func (e *deliverError) Error() string {
	return fmt.Sprintf("its items could not be stored: %v. They are offered again", e.err)
}

func (e *deliverError) Unwrap() error { return e.err }

// pausedError is a host's wish to be left alone.
type pausedError struct {
	status int
	until  time.Time
	host   bool
}

func (e *pausedError) Error() string {
	whom := "this feed"
	if e.host {
		whom = "the whole host"
	}
	return fmt.Sprintf("it answered %d and asks to leave %s alone until %s; nothing to do",
		e.status, whom, e.until.UTC().Format("2006-01-02 15:04:05 UTC"))
}

// ask fetches, parses and delivers; on success st is as it is to be kept.
func (p *Poller) ask(ctx context.Context, src mood.Source, u *url.URL, st *state, event *Event) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &panicError{value: r, stack: debug.Stack()}
			p.log.Error("a feed made its poll panic", slog.String("source", src.ID), slog.Any("value", r), slog.String("stack", string(debug.Stack())))
		}
	}()
	begun := st.LastPoll
	question := asked{url: u, etag: st.ETag, lastModified: st.LastModified}
	if st.Again || begun.Sub(st.LastFull) >= unconditionals {
		question.etag, question.lastModified = "", ""
	}
	if st.Moved.believed() {
		if moved, err := url.Parse(st.Moved.URL); err == nil {
			question.url = moved
			if hostKey(moved) != hostKey(u) {
				p.fetch.manners.done(u)
				if err := p.fetch.manners.acquire(ctx, moved); err != nil {
					return err
				}
			}
		}
	}
	ans, err := p.fetch.get(ctx, question)
	if err != nil {
		if st.Moved.URL != "" {
			st.Moved = movedTo{} // the new address fails: back to the old one
		}
		return err
	}
	defer ans.release()
	event.Status, event.Bytes = ans.status, ans.wire
	now := p.now()
	if err := p.refused(ans, u, now); err != nil {
		return err
	}
	st.takeValidators(ans.header, ans.status, ans.truncated)
	fresh := freshFor(ans.header)
	links := hubHeaders(ans.header).from(ans.url)
	if len(links.Hubs) > 0 {
		st.Links = links.or(st.Links)
	}
	if ans.status == http.StatusNotModified {
		event.Result = "not-modified"
		p.succeed(src, st, ans, fresh, now)
		return nil
	}
	st.LastFull = now.Add(time.Duration((p.schedule.random() - 0.5) * float64(day)))
	hash := xxhash.Sum64(ans.body)
	if hash == st.Hash && hash != 0 && !ans.truncated && !st.Again {
		event.Result = "same"
		p.succeed(src, st, ans, fresh, now)
		return nil
	}
	came := received{body: ans.body, contentType: ans.header.Get("Content-Type"), language: ans.header.Get("Content-Language"), url: documentURL(ans), page: ans.url, links: links}
	if err := p.take(ctx, src, st, came, now, event); err != nil {
		return err
	}
	if st.Hash = hash; ans.truncated {
		st.Hash, st.ETag, st.LastModified = 0, "", "" // ask for the rest next time
	}
	p.succeed(src, st, ans, fresh, p.now())
	return nil
}

// refused turns an answer that isn't a document into its error.
func (p *Poller) refused(ans *answer, u *url.URL, now time.Time) error {
	switch {
	case ans.status >= 200 && ans.status <= 299:
		if len(bytes.TrimSpace(ans.body)) == 0 {
			return fmt.Errorf("%w: it answered %d with an empty document", errNotAFeed, ans.status)
		}
		return nil
	case ans.status == http.StatusNotModified:
		return nil
	}
	if until, ok := retryAfter(ans.header, now); ok {
		if !ans.private {
			p.fetch.manners.pause(ans.url, until)
			p.fetch.manners.pause(u, until)
		}
		if ans.status != http.StatusGone {
			return &pausedError{status: ans.status, until: until, host: !ans.private}
		}
	}
	return &statusError{ans.status}
}

// documentURL is what relative addresses of a document start from.
func documentURL(ans *answer) *url.URL {
	if loc := ans.header.Get("Content-Location"); loc != "" {
		if u, err := ans.url.Parse(tidyAddress(loc)); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
			return u
		}
	}
	return ans.url
}

// takeValidators keeps what the next conditional request sends, byte for byte.
// A 304 may bring new ones, and keeps those that it doesn't mention.
func (s *state) takeValidators(h http.Header, status int, truncated bool) {
	etag, modified := h.Get("ETag"), h.Get("Last-Modified")
	if status == http.StatusNotModified {
		if etag != "" {
			s.ETag = etag
		}
		if modified != "" {
			s.LastModified = modified
		}
		return
	}
	if truncated {
		etag, modified = "", ""
	}
	s.ETag, s.LastModified = etag, modified
}

func (p *Poller) succeed(src mood.Source, st *state, ans *answer, fresh time.Duration, now time.Time) {
	st.LastSuccess = now
	st.Failures, st.Gone, st.Since = 0, 0, time.Time{}
	st.HostHold = false
	st.Word, st.Error = string(mood.SourceFine), ""
	switch {
	case ans.moved == nil && !st.Moved.believed():
		st.Moved = movedTo{}
	case ans.moved != nil && ans.moved.String() == st.Moved.URL:
		st.Moved.Times++
		st.Moved.Last = now
	case ans.moved != nil:
		st.Moved = movedTo{URL: ans.moved.String(), Since: now, Last: now, Times: 1}
	}
	if st.Moved.believed() {
		st.Word = string(mood.SourceMoved)
		st.Error = fmt.Sprintf("it has moved for good and is asked at its new address: write %s into the configuration", st.Moved.URL)
	}
	st.NextPoll, st.NotBefore = p.schedule.afterSuccess(src, st, fresh, st.LastPoll, now)
}

// fail notes an error and when to ask again. What validators and marks were
// learned in this poll is forgotten, except that it was polled.
func (p *Poller) fail(src mood.Source, st *state, err error, event *Event, now time.Time) {
	p.mu.Lock()
	old := *st
	if sub := p.subs[src.ID]; sub != nil && sub.state != nil {
		old = *sub.state
	}
	p.mu.Unlock()
	st.ETag, st.LastModified, st.Hash, st.LastFull = old.ETag, old.LastModified, old.Hash, old.LastFull
	st.Items, st.Largest, st.Seen, st.SeenTill = old.Items, old.Largest, old.Seen, old.SeenTill
	event.Result = "failed"
	var (
		paused  *pausedError
		deliver *deliverError
		status  *statusError
	)
	st.Failures++
	if st.Since.IsZero() {
		st.Since = now
	}
	st.Word, st.Error = string(stateOf(err)), say(err)
	st.NextPoll = p.schedule.afterFailure(src, st, now)
	st.HostHold, st.NotBefore = false, time.Time{}
	switch {
	case errors.As(err, &paused):
		st.Word = string(mood.SourceWaiting)
		st.NotBefore, st.HostHold = paused.until, paused.host
		st.NextPoll = later(paused.until, now.Add(p.schedule.interval(src, st, now)))
	case errors.As(err, &deliver):
		// The publisher did nothing wrong; and what can't be stored now can be
		// soon, so it isn't left for long.
		st.NextPoll = now.Add(min(p.schedule.interval(src, st, now), time.Minute))
		event.Result = "undelivered"
	case errors.Is(err, errNoRoom):
		// It isn't the publisher's fault, so it isn't counted as one.
		st.Failures, st.Since, st.Word = old.Failures, old.Since, old.Word
		st.NextPoll = now.Add(min(p.schedule.interval(src, st, now), time.Minute))
		event.Result = "no-room"
		return
	case errors.As(err, &status) && status.code == http.StatusGone:
		st.Gone++
		event.Result = "gone"
		if until, ok := p.fetch.manners.paused(mustURL(src.URL)); ok {
			st.NotBefore = until
		}
		st.NextPoll = later(st.NotBefore, later(st.NextPoll, now.Add(goneWait)))
		if st.Gone >= 2 {
			st.Word = string(mood.SourceGone)
			st.NextPoll = time.Time{}
		} else {
			st.Error += ". It is asked once more to be sure"
		}
		return
	case errors.Is(err, errNotAFeed):
		event.Result = "not-a-feed"
	}
	if st.Gone < 2 {
		st.Gone = 0
	}
	if st.Failures == 1 {
		p.log.Info("a feed failed", slog.String("source", src.ID), slog.String("url", src.URL), slog.String("error", st.Error))
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// waiting marks sources whose host asked to be left alone.
func (p *Poller) waiting(subs []*subscription) {
	until, ok := p.fetch.manners.paused(subs[0].url)
	if !ok {
		return
	}
	defer p.touched()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, sub := range subs {
		if sub.busy || sub.gone || sub.state.Word == string(mood.SourceWaiting) {
			continue
		}
		st := *sub.state
		st.Word = string(mood.SourceWaiting)
		st.Error = fmt.Sprintf("its host asks to be left alone until %s; nothing to do", until.UTC().Format("2006-01-02 15:04:05 UTC"))
		st.NextPoll = until
		sub.state = &st
		p.dirty[sub.src.ID] = true
	}
}

// mustURL parses an address that was checked when it was configured.
func mustURL(s string) *url.URL {
	u, err := url.Parse(tidyAddress(s))
	if err != nil {
		return &url.URL{}
	}
	return u
}
