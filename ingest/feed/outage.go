package feed

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"agora/mood"
)

// outcome is what a poll told of the host that was asked.
type outcome int

const (
	outcomeNone        outcome = iota // nothing
	outcomeAnswered                   // it works
	outcomeFailed                     // it has troubles of its own, or took too long
	outcomeUnreachable                // there was no connection to it
)

// outcomeOf judges the error of a poll that asked at door (a host and port).
// On a private address, which may stand for many servers, only a missing
// connection says something of more than the one feed.
func outcomeOf(err error, door string) outcome {
	var (
		hop     *hopError
		status  *statusError
		blocked *BlockedError
		op      *net.OpError
		dns     *net.DNSError
		cert    *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, errGaveWay):
		return outcomeNone
	case !errors.As(err, &hop) || hop.url.Host != door:
		return outcomeAnswered // or it led elsewhere
	case errors.As(err, &blocked):
		return outcomeNone
	case errors.As(err, &status):
		if !hop.private && (status.code >= 500 || status.code == http.StatusTooManyRequests) {
			return outcomeFailed
		}
		return outcomeAnswered
	case hop.answer != nil:
		return outcomeAnswered
	case errors.As(err, &dns), errors.As(err, &cert), errors.As(err, &op) && op.Op == "dial":
		return outcomeUnreachable
	case hop.private:
		return outcomeNone
	}
	return outcomeFailed
}

// outage is the trouble of a host. While it is open, the sources of the host
// don't knock one by one: one of them probes when the back-off is over, the
// others are held until one got an answer.
type outage struct {
	since   time.Time
	failed  int    // polls since the last answer
	first   string // the id of the source that failed first
	several bool   // others failed, too
	cut     bool   // there was no connection
	open    bool
	times   int           // probes that failed
	next    time.Time     // when one may probe
	probe   *subscription // that is due or at work; nil: none
	held    []*subscription
}

const (
	manyTroubles  = 3 // failures in a row, without an answer in between, of whatever kind
	probeAtMost   = day
	probeAtLeast  = time.Hour // the longest wait when many feeds share a host
	maxReleaseFor = 15 * time.Minute
)

// isDown says whether the failures tell that it is the host that is down.
func (o *outage) isDown() bool {
	return o.failed >= manyTroubles || o.cut && o.several
}

// holds says whether a due source must wait, since its host is down. If it is
// time to probe, this one does.
func (d *dispatcher) holds(sub *subscription, now time.Time) bool {
	o := d.outages[sub.door]
	if o == nil || !o.open || o.probe == sub {
		return false
	}
	if o.probe == nil && !o.next.After(now) {
		o.probe = sub
		return false
	}
	o.held = append(o.held, sub)
	d.p.unreachable(sub, o)
	return true
}

// probes lets the next source of every host whose back-off is over knock, and
// gives when that is the case for another.
func (d *dispatcher) probes(now time.Time) (wake time.Time) {
	for _, o := range d.outages {
		for o.open && o.probe == nil && len(o.held) > 0 && !o.next.After(now) {
			best := d.p.soundest(o.held)
			sub := o.held[best]
			o.held = slices.Delete(o.held, best, best+1)
			d.admit(sub, now)
		}
		if o.open && o.probe == nil && len(o.held) > 0 {
			wake = sooner(wake, o.next)
		}
	}
	return wake
}

// soundest gives which of the sources failed the least of late.
func (p *Poller) soundest(subs []*subscription) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	best := 0
	for i, sub := range subs {
		if sub.state.Failures < subs[best].state.Failures {
			best = i
		}
	}
	return best
}

// leave forgets that a source was to probe, when it doesn't get to it.
func (d *dispatcher) leave(sub *subscription) {
	if o := d.outages[sub.door]; o != nil && o.probe == sub {
		o.probe = nil
	}
}

// report takes in what a poll told of its host.
func (d *dispatcher) report(sub *subscription, now time.Time) {
	d.p.mu.Lock()
	src := sub.src
	d.p.mu.Unlock()
	o := d.outages[sub.door]
	probed := o != nil && o.probe == sub
	if probed {
		o.probe = nil
	}
	switch sub.outcome {
	case outcomeNone:
		if probed {
			o.next = d.probeAfter(o, src, now)
		}
		return
	case outcomeAnswered:
		if o != nil {
			delete(d.outages, sub.door)
			d.release(o, sub, now)
		}
		return
	}
	if o == nil {
		o = &outage{since: now, first: src.ID}
		d.outages[sub.door] = o
	}
	o.failed++
	o.several = o.several || o.first != src.ID
	o.cut = o.cut || sub.outcome == outcomeUnreachable
	if !o.open && o.isDown() || probed {
		o.open = true
		o.times++
		o.next = d.probeAfter(o, src, now)
		for _, held := range o.held {
			d.p.unreachable(held, o)
		}
	}
}

// probeAfter is the back-off of a host. It is asked no more often than a feed
// alone would be, and no less often than its feeds together would be at their
// slowest.
func (d *dispatcher) probeAfter(o *outage, src mood.Source, now time.Time) time.Time {
	longest := max(probeAtLeast, probeAtMost/time.Duration(len(o.held)+1))
	return d.p.schedule.backOff(src, max(o.times, 1), longest, now)
}

// release lets the sources of a host that answers again follow, spread out:
// those that were held, and those that wait out a back-off of their own.
func (d *dispatcher) release(o *outage, by *subscription, now time.Time) {
	d.p.mu.Lock()
	defer d.p.mu.Unlock()
	back := o.held
	if o.open {
		for _, sub := range d.p.subs {
			if sub != by && sub.index >= 0 && sub.door == by.door && sub.outcome >= outcomeFailed && sub.state.Gone == 0 {
				back = append(back, sub)
			}
		}
	}
	for _, sub := range back {
		if sub.gone {
			sub.index = -1
			continue
		}
		due := now.Add(d.p.schedule.some(1, min(d.p.schedule.usual(sub.src), maxReleaseFor)))
		due = later(due, sub.state.NotBefore)
		if sub.index >= 0 && due.After(sub.due) {
			continue
		}
		sub.due = due
		d.push(sub)
		st := *sub.state
		st.NextPoll = due
		sub.state = &st
		d.p.dirty[sub.src.ID] = true
	}
	d.p.touched()
}

// unreachable notes that a source waits for its host to answer.
func (p *Poller) unreachable(sub *subscription, o *outage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if sub.gone {
		return
	}
	st := *sub.state
	st.NextPoll = o.next
	if st.Failures == 0 { // else its own error says more
		st.Word = string(mood.SourceFailing)
		st.Error = fmt.Sprintf("its host %s doesn't answer, so one of its feeds at a time is tried; nothing to do unless it stays so", sub.door)
	}
	sub.state = &st
	p.dirty[sub.src.ID] = true
	p.touched()
}

func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
