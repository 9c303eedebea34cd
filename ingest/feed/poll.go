package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"syscall"
	"time"

	"agora/mood"

	"github.com/cespare/xxhash/v2"
)

// poll asks one source and delivers what is new. The dispatcher has taken the
// host's turn already.
func (p *Poller) poll(ctx context.Context, sub *subscription) {
	sub.taking <- struct{}{} // what a hub pushes waits, or is waited for
	defer func() { <-sub.taking }()
	tenure, ok, next := p.claim(ctx, sub)
	if !ok {
		sub.turn.undo()
		p.mu.Lock()
		sub.due = next
		p.mu.Unlock()
		return
	}
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
	home := sub.home().String()
	event := Event{Source: src.ID}
	err := p.ask(ctx, src, sub, &st, &event, tenure.may)
	now := p.now()
	event.Duration = now.Sub(begun)
	if ctx.Err() != nil && err != nil || errors.Is(err, errNotOurs) {
		sub.outcome = outcomeNone
		tenure.release()
		return // stopped in the middle: nothing was learned
	}
	sub.outcome = outcomeOf(err, sub.door)
	if err != nil {
		p.fail(src, &st, err, &event, now)
	}
	p.note(src, &before, &st, err, &event, now)
	p.mu.Lock()
	if sub.state.Again && !again {
		st.Again = true // asked for while the poll was under way
	}
	if again && !st.Again {
		st.Offered = begun
	}
	if err == nil {
		p.hubs.polled(sub, &st, event.Fresh, again)
	}
	sub.state = &st
	sub.due = st.NextPoll.Add(p.stagger(src))
	if !sub.gone {
		p.dirty[src.ID] = true
		if sub.home().String() != home {
			p.assign()
			p.hasChanged() // another may have asked for it, or waited for it
		}
	}
	p.mu.Unlock()
	if tenure != nil {
		p.settle(ctx, sub, tenure)
	}
	p.touched()
	p.cfg.Observe(event)
}

// deliverError is a failure on our side: the feed is fine.
type deliverError struct{ err error }

func (e *deliverError) Error() string {
	return fmt.Sprintf("its items could not be stored: %v. They are offered again", e.err)
}

func (e *deliverError) Unwrap() error { return e.err }

// refusedError is a document that isn't taken for what it is; the same
// document would be refused again.
type refusedError struct {
	err  error
	word mood.SourceState
}

func (e *refusedError) Error() string { return e.err.Error() }
func (e *refusedError) Unwrap() error { return e.err }

// unaskedError is a 304 without a question for it.
type unaskedError struct{}

func (unaskedError) Error() string {
	return "it answered 304 Not Modified, though it was asked for the whole document: ask its operator"
}

// question is what a poll asks.
func (p *Poller) question(sub *subscription, st *state) asked {
	q := asked{
		url: sub.ask, turn: sub.turn, lane: sub.lane, moved: st.Onward.Moved,
		etag: st.ETag, lastModified: st.LastModified, validFor: st.ValidFor,
	}
	if st.Again || st.LastPoll.Sub(st.LastFull) >= unconditionals || st.Refused.Error != "" && st.Refused.Parser != p.parserName() {
		q.validFor = ""
	}
	return q
}

// parserName tells one program's judgement of a document from another's.
func (p *Poller) parserName() string { return p.cfg.Version + "/1" }

// ask fetches, parses and delivers; on success st is as it is to be kept.
func (p *Poller) ask(ctx context.Context, src mood.Source, sub *subscription, st *state, event *Event, may func() error) (err error) {
	before := *st
	defer func() {
		if r := recover(); r != nil {
			st.forget(&before)
			err = &panicError{value: r, stack: debug.Stack()}
			p.log.Error("a feed made its poll panic", slog.String("source", src.ID), slog.Any("value", r), slog.String("stack", string(debug.Stack())))
		}
	}()
	var took time.Duration
	question := p.question(sub, st)
	question.took, question.since, question.may = &took, sub.fetch.since, may
	ans, err := p.fetch.get(sub.fetch.ctx, question)
	st.Slow = took > slowAnswer || errors.Is(err, errGaveWay)
	if err != nil {
		p.keepRefusal(st, err)
		return err
	}
	defer ans.release()
	event.Status, event.Bytes = ans.status, ans.wire
	now := p.now()
	if ans.status >= 300 && ans.status != http.StatusNotModified {
		return refused(ans)
	}
	fresh := st.takeFreshness(ans, now)
	links := hubHeaders(ans.header).from(ans.url)
	if len(links.Hubs) > 0 {
		st.Links = links.or(st.Links)
	}
	if ans.status == http.StatusNotModified {
		if !ans.conditional {
			return &hopError{url: ans.url, private: ans.private, answer: ans, err: unaskedError{}}
		}
		st.takeValidators(ans)
		event.Result = "not-modified"
		if st.Refused.Error != "" {
			return &refusedError{errors.New(st.Refused.Error), mood.SourceState(st.Refused.Word)}
		}
		p.succeed(src, st, ans, fresh, now)
		return nil
	}
	st.takeValidators(ans)
	st.LastFull = now.Add(time.Duration((p.schedule.random() - 0.5) * float64(day)))
	hash := xxhash.Sum64(ans.body)
	wasCut := ans.truncated
	st.cut(ans, hash)
	if hash == before.Hash && hash != 0 && !ans.truncated && !st.Again && (before.Refused.Error == "" || before.Refused.Parser == p.parserName()) {
		event.Result = "same"
		if st.Refused.Error != "" {
			return &refusedError{errors.New(st.Refused.Error), mood.SourceState(st.Refused.Word)}
		}
		p.succeed(src, st, ans, fresh, now)
		return nil
	}
	st.Hash, st.Refused = hash, refusedDoc{}
	if ans.truncated {
		st.Hash = 0
	}
	if err = refused(ans); err == nil {
		came := received{
			body: ans.body, contentType: ans.header.Get("Content-Type"), language: ans.header.Get("Content-Language"),
			url: documentURL(ans), page: ans.url, links: links, cut: wasCut,
		}
		err = p.take(ctx, src, st, came, now, event)
	}
	var undelivered *deliverError
	switch {
	case errors.As(err, &undelivered), err != nil && (ctx.Err() != nil || p.now().Sub(now) >= p.parser.time/2):
		// It says nothing of the document: it is to be had whole once more.
		st.forget(&before)
		return err
	case err != nil:
		refusal := &refusedError{err, stateOf(err)}
		st.Refused.Word, st.Refused.Error, st.Refused.Parser = string(refusal.word), say(err), p.parserName()
		return refusal
	}
	p.succeed(src, st, ans, fresh, p.now())
	return nil
}

// forget makes that the document of this poll is asked for again.
func (s *state) forget(before *state) {
	s.ETag, s.LastModified, s.ValidFor = before.ETag, before.LastModified, before.ValidFor
	s.Hash, s.Refused, s.LastFull = before.Hash, before.Refused, before.LastFull
}

// cut counts documents that end before their end. What such an answer says of
// itself isn't kept, so that the rest is asked for; but a server that does the
// same twice only counts its bytes wrongly, and is believed.
func (s *state) cut(ans *answer, hash uint64) {
	if !ans.truncated {
		s.Cut, s.CutHash = 0, 0
		return
	}
	if s.CutHash == hash {
		ans.truncated, s.Cut = false, 0
		return
	}
	s.ETag, s.LastModified, s.ValidFor = "", "", ""
	s.Cut++
	s.CutHash = hash
}

// keepRefusal keeps the validators of an answer whose body is refused for what
// it is, such as its size, so that it isn't fetched whole every time.
func (p *Poller) keepRefusal(st *state, err error) {
	var (
		hop     *hopError
		timeout interface{ Timeout() bool }
		late    readTimeError
	)
	if errors.Is(err, errNoRoom) || errors.Is(err, errGaveWay) || errors.As(err, &late) || !errors.As(err, &hop) || hop.answer == nil || hop.stopped ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.As(err, &timeout) {
		return
	}
	st.takeValidators(hop.answer)
	st.Hash, st.LastFull = 0, st.LastPoll.Add(time.Duration((p.schedule.random()-0.5)*float64(day)))
	st.Refused = refusedDoc{Word: string(stateOf(err)), Error: say(err), Parser: p.parserName()}
}

// refused turns an answer that isn't a document into its error.
func refused(ans *answer) error {
	switch {
	case ans.status >= 200 && ans.status <= 299:
		if len(bytes.TrimSpace(ans.body)) == 0 {
			return fmt.Errorf("%w: it answered %d with an empty document", errNotAFeed, ans.status)
		}
		return nil
	case ans.status == http.StatusNotModified:
		return nil
	case ans.status != http.StatusGone && !ans.pausedUntil.IsZero():
		return &pausedError{status: ans.status, until: ans.pausedUntil, host: !ans.private}
	}
	return &hopError{url: ans.url, private: ans.private, answer: ans, err: &statusError{ans.status}}
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

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// pausedUntil notes that a source waits, since it or its host asked to be left
// alone. The caller holds the lock.
func (p *Poller) pausedUntil(sub *subscription, until time.Time, host bool) {
	st := *sub.state
	st.Word, st.NextPoll = string(mood.SourceWaiting), sub.due
	st.Error = (&pausedError{until: until, host: host}).Error()
	sub.state = &st
	p.dirty[sub.src.ID] = true
	p.touched()
}
