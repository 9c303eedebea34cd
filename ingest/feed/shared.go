package feed

import (
	"net"
	"net/http"
	"net/netip"
	"time"

	"agora/mood"
)

// What follows is what other ways to the web have in common with feeds; main
// hands it to them.

// NewDialer makes a dialer that judges every address between its look-up and
// the connection, and lets the allowed networks through on any port.
func NewDialer(allow []netip.Prefix) *net.Dialer { return newDialer(allow) }

// PauseOf reads until when an answer asks to be left alone: Retry-After, or a
// rate limit that is used up. At most a day.
func PauseOf(h http.Header, now time.Time) (until time.Time, ok bool) { return pauseOf(h, now) }

// Say turns the error of a request into a sentence for people: what happened,
// what to do.
func Say(err error) string { return say(err) }

// TroubleOf sorts the error of a request; status is that of its answer, 0:
// none.
func TroubleOf(err error, status int) mood.Trouble { return troubleOf(err, status) }
