package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"agora/mood"
)

// What is held of pushes at once.
const (
	pushesAtOnce  = 8
	largePushes   = 2               // of these, over smallBody
	pushesOfOne   = 2               // for one subscription: the rest is for others
	pushWorkers   = 4               // one may wait for a poll of the same source to end
	largePushTime = 5 * time.Second // to wait for a large one's turn
)

// pushed is a push whose signature was right.
type pushed struct {
	sub    *pushSub
	header http.Header
	body   []byte
	end    func() // gives back what it holds
}

var (
	errPushGone = fmt.Errorf("there is no such subscription here (any more): %w", mood.ErrGone)
	errPushBusy = fmt.Errorf("too many pushes are in work: %w", mood.ErrUnavailable)
)

// Push takes what a hub pushes to a subscription's callback (WebSub, section
// 7). A nil error means that it was received: it is parsed later, and what is
// new of it delivered. A push whose signature is missing or wrong is counted,
// dropped, and answered like a good one, so that nobody learns from trying.
// The error is of the kind [mood.ErrGone] where there is no such subscription,
// [mood.ErrUnavailable] when too many are in work, [mood.ErrInvalid] when the
// body is over 8 MB.
func (p *Poller) Push(ctx context.Context, id string, header http.Header, body io.Reader) error {
	h := p.hubs
	p.mu.Lock()
	s := h.find(ctx, id)
	switch {
	case !h.loaded:
		p.mu.Unlock()
		return errNotLoaded
	case s == nil || s.ending():
		p.mu.Unlock()
		return errPushGone
	case s.pending >= pushesOfOne:
		p.mu.Unlock()
		return errPushBusy
	}
	s.pending++
	key := []byte(s.Secret)
	p.mu.Unlock()

	large := false
	held := false
	end := func() {
		if large {
			<-h.large
		}
		if held {
			<-h.slots
		}
		p.mu.Lock()
		s.pending--
		p.mu.Unlock()
	}
	select {
	case h.slots <- struct{}{}:
		held = true
	default:
		end()
		return errPushBusy
	}
	content, err := h.read(ctx, body, &large)
	if err != nil {
		end()
		return err
	}
	good := signed(header, content, key)
	p.mu.Lock()
	stopped := h.stopped
	if !stopped {
		what := toldPush
		if !good {
			what = toldBad
		}
		h.tell(s, what, "", 0)
	}
	if good && !stopped && !s.ending() {
		h.jobs <- pushed{sub: s, header: header, body: content, end: end} // has room for every slot
		p.mu.Unlock()
		return nil
	}
	p.mu.Unlock()
	end()
	if stopped {
		return errNotLoaded
	}
	return nil
}

// read reads a body within maxBytes. large says, after an error too, that a
// place among the large ones is held.
func (h *hubs) read(ctx context.Context, body io.Reader, large *bool) ([]byte, error) {
	var buf bytes.Buffer
	_, err := io.CopyN(&buf, body, smallBody)
	if err == nil { // there may be more
		wait := time.NewTimer(largePushTime)
		defer wait.Stop()
		select {
		case h.large <- struct{}{}:
			*large = true
		case <-wait.C:
			return nil, errPushBusy
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		_, err = io.CopyN(&buf, body, maxBytes+1-smallBody)
	}
	switch {
	case err == nil:
		return nil, fmt.Errorf("the push is larger than %d MB: %w", maxBytes>>20, mood.ErrInvalid)
	case !errors.Is(err, io.EOF):
		return nil, fmt.Errorf("the push can't be read: %w", err)
	}
	return buf.Bytes(), nil
}

// count notes a push. One that is signed shows that its hub is alive.
func (h *hubs) count(s *pushSub, good bool, now time.Time) {
	t := h.tallyOf(s)
	s.dirty, t.dirty = true, true
	defer h.look()
	if !good {
		s.Bad, t.BadSignatures = s.Bad+1, t.BadSignatures+1
		h.p.observeHub(HubBadSignature)
		return
	}
	at := now.UTC()
	s.Pushes, t.Pushes = s.Pushes+1, t.Pushes+1
	s.LastPush, t.Last = now, &at
	s.Proven, s.Strikes = s.State == pushActive, 0
	s.Suspect, s.Suspected = time.Time{}, 0
	h.p.observeHub(HubPush)
}

// startWorkers starts those who take in what was pushed.
func (h *hubs) startWorkers(ctx context.Context) *sync.WaitGroup {
	var workers sync.WaitGroup
	for range pushWorkers {
		workers.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case job := <-h.jobs:
					h.p.takePush(ctx, job)
					job.end()
				}
			}
		})
	}
	return &workers
}

// drain has polled soon what was pushed and can't be taken any more.
func (h *hubs) drain() {
	h.p.mu.Lock()
	h.stopped = true
	h.p.mu.Unlock()
	for {
		select {
		case job := <-h.jobs:
			if sub := h.p.sourceOf(job.sub); sub != nil {
				h.p.pollSoon(sub)
			}
			job.end()
		default:
			return
		}
	}
}

// sourceOf gives the source of a subscription; nil: it has another one now.
func (p *Poller) sourceOf(s *pushSub) *subscription {
	p.mu.Lock()
	defer p.mu.Unlock()
	if sub := p.subs[s.Source]; sub != nil && sub.push == s && sub.state != nil {
		return sub
	}
	return nil
}

// takePush delivers what is new of a push. A push may hold some of the feed's
// items only, so it adds the marks and dates of its items and leaves alone what
// else a poll learns. Where it brings nothing that can be read, or nothing
// can be delivered now, a poll soon finds out what there is.
func (p *Poller) takePush(ctx context.Context, job pushed) {
	sub := p.sourceOf(job.sub)
	if sub == nil {
		return
	}
	sub.taking <- struct{}{} // a poll that runs ends soon, at the latest when all does
	defer func() { <-sub.taking }()
	tenure, err := p.claimPushed(ctx, sub)
	if err != nil {
		p.log.Debug("a push wasn't taken", slog.String("source", job.sub.Source), slog.Any("error", err))
		p.pollSoon(sub)
		return
	}
	if tenure != nil {
		defer p.settle(ctx, sub, tenure)
	}
	p.mu.Lock()
	src, st := sub.src, *sub.state
	p.mu.Unlock()
	if st.LastSuccess.IsZero() { // nothing is known of the feed, as after a loss
		p.pollSoon(sub)
		return
	}
	st.Again = false // that is for the next poll, which sees everything
	items, err := p.takeBody(ctx, src, &st, job)
	if err != nil {
		p.log.Debug("a push wasn't taken", slog.String("source", src.ID), slog.String("hub", job.sub.Hub), slog.Any("error", err))
	}
	if err != nil || items == 0 {
		p.mu.Lock()
		job.sub.Pinged = true
		p.hubs.tell(job.sub, toldPing, "", 0)
		p.mu.Unlock()
		p.pollSoon(sub)
		return
	}
	p.mu.Lock()
	now := sub.state // may have been replaced meanwhile, by whoever doesn't poll
	st.Asks, st.Links, st.Again, st.Told = now.Asks, now.Links, now.Again, now.Told
	st.Word, st.Error, st.NextPoll = now.Word, now.Error, now.NextPoll
	sub.state = &st
	if !sub.gone {
		p.dirty[src.ID] = true
	}
	p.mu.Unlock()
	p.touched()
}

// takeBody gives how many items a push holds; 0: it only says that there are
// some.
func (p *Poller) takeBody(ctx context.Context, src mood.Source, st *state, job pushed) (items int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &panicError{value: r}
		}
	}()
	var body []byte
	err = p.parser.run(ctx, func(ctx context.Context) (err error) {
		body, _, err = unpack(ctx, job.body, encodings(job.header))
		return err
	})
	if err != nil || len(bytes.TrimSpace(body)) == 0 {
		return 0, err
	}
	base := webURL(job.sub.Topic)
	came := received{body: body, contentType: job.header.Get("Content-Type"), url: base, page: base}
	var event Event
	if err := p.take(ctx, src, st, came, p.now(), &event); err != nil {
		return 0, err
	}
	return event.Items, nil
}
