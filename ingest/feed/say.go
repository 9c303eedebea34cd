package feed

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"agora/mood"
)

// statusError is an answer that is no document.
type statusError struct{ code int }

// Error says what the status means, and what to do.
func (e *statusError) Error() string {
	name := http.StatusText(e.code)
	head := fmt.Sprintf("it answered %d %s", e.code, name)
	if name == "" {
		head = fmt.Sprintf("it answered %d", e.code)
	}
	switch {
	case e.code == http.StatusUnauthorized:
		return head + ": it wants a login; use an address that needs none"
	case e.code == http.StatusForbidden:
		return head + ": it refuses us; ask its operator, or take the source out"
	case e.code == http.StatusNotFound:
		return head + ": nothing is at this address (any more); correct it if this stays"
	case e.code == http.StatusGone:
		return head + ": it has been taken down for good; take the source out"
	case e.code == http.StatusTooManyRequests:
		return head + ": it is asked too often; give the source a longer interval if this stays"
	case e.code >= 500:
		return head + ": the fault is on its side; it is asked again"
	}
	return head + ": check the address"
}

// say turns an error into a sentence for people: what happened, what to do.
func say(err error) string {
	var (
		redirected *redirectedError
		blocked    *BlockedError
	)
	switch {
	case !errors.As(err, &redirected):
		return sayDirect(err)
	case errors.As(err, &blocked):
		// Opening the guard is the last thing to think of where a redirect leads inside.
		where := "in a private or reserved network"
		if blocked.Port {
			where = "on a port from which feeds aren't fetched (ports 80 and 443 only)"
		}
		addr := blocked.Addr.Addr().Unmap()
		return fmt.Sprintf("it redirects to %s, which is %s, and isn't asked: check the address, or ask its operator. Add %s/%d to fetch.allow only if that server is yours",
			clip(addressKey(redirected.to), 200), where, addr, addr.BitLen())
	}
	return fmt.Sprintf("it redirects to %s, and there: %s", clip(addressKey(redirected.to), 200), sayDirect(redirected.err))
}

// sayDirect does so where no redirect is to be told of.
func sayDirect(err error) string {
	var (
		large   *limitError
		caps    *capError
		late    readTimeError
		blocked *BlockedError
		status  *statusError
		dns     *net.DNSError
		cert    *tls.CertificateVerificationError
		unknown x509.UnknownAuthorityError
		op      *net.OpError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &blocked):
		return blocked.Error()
	case errors.As(err, &status):
		return status.Error()
	case errors.As(err, &dns):
		if dns.IsNotFound {
			return fmt.Sprintf("there is no host named %s: check the address, and whether this machine is online", dns.Name)
		}
		return fmt.Sprintf("the host name %s can't be looked up right now; it is tried again", dns.Name)
	case errors.As(err, &cert), errors.As(err, &unknown):
		return fmt.Sprintf("its certificate isn't valid (%s): check the address, or ask its operator", lastPart(err))
	case errors.As(err, &record):
		return "it doesn't speak HTTPS: try the address with http://"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "it refuses connections: nothing is listening there; it is tried again"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "it cut the connection; it is tried again"
	case errors.Is(err, errNotAFeed):
		return strings.TrimPrefix(err.Error(), errNotAFeed.Error()+": ") + ". Give the address of a feed instead"
	case errors.As(err, &large), errors.As(err, &caps), errors.As(err, &late):
		return clip(err.Error(), 300) + ". Ask its operator for a smaller feed, or take the source out"
	case strings.Contains(err.Error(), "server response headers exceeded"):
		return "the head of its answer is too large to be meant: check the address"
	case strings.Contains(err.Error(), "malformed HTTP"), strings.Contains(err.Error(), "transport connection broken"):
		return "its answer isn't HTTP: check the address and its port"
	case errors.Is(err, context.DeadlineExceeded):
		return "it did not answer in time; it is tried again"
	case errors.As(err, &op) && op.Timeout():
		return "it did not answer in time; it is tried again"
	}
	return clip(Text(lastPart(err)), 400)
}

// lastPart leaves out the library's own prefixes.
func lastPart(err error) string {
	s := err.Error()
	for _, noise := range [...]string{"net/http: ", "http: ", "tls: ", "dial tcp: "} {
		s = strings.TrimPrefix(s, noise)
	}
	return s
}

// stateOf gives the word for how a failed poll leaves a source.
func stateOf(err error) mood.SourceState {
	if errors.Is(err, errNotAFeed) {
		return mood.SourceNotAFeed
	}
	return mood.SourceFailing
}

// health tells people how a source does.
func (e *subscription) health(now time.Time) mood.SourceHealth {
	st := e.state
	h := mood.SourceHealth{
		ID: e.src.ID, Name: e.src.Name, Kind: e.src.Kind, URL: shownURL(e.src),
		State: mood.SourceState(st.Word), ItemsPerDay: float64(int64(st.perDay(now, day)*10+0.5)) / 10,
		TooOld: st.TooOld, LastError: st.Error,
		LastSuccess: timeOrNil(st.LastSuccess), LastItem: timeOrNil(st.LastItem), NextPoll: timeOrNil(st.NextPoll),
	}
	if h.State == "" {
		h.State = mood.SourceNew
	}
	h.Push = e.pushHealth()
	st.tell(&h, e.src, now)
	return h
}

// shownURL is the address of a source as others than its operator may see it.
func shownURL(src mood.Source) string {
	u := webURL(src.URL)
	if !src.Secret || u == nil {
		return src.URL
	}
	return u.Scheme + "://" + u.Host + "/"
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
