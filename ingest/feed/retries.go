package feed

import (
	"crypto/tls"
	"fmt"
	"net/http/httptrace"
	"syscall"
	"time"
)

// errHungUp is a server that ends connections instead of answering.
var errHungUp = fmt.Errorf("it hangs up without an answer: %w", syscall.ECONNRESET)

// lying is how long a kept connection has lain when its server may have closed
// it just as it was used again.
const lying = time.Second

// retries bounds how often the transport sends one request. It does so again,
// on one kept connection after the other, when the server closed the one before;
// who hangs up on purpose would be asked many times. One retry is let be, after
// a connection that had lain; and a retry isn't retried (RFC 9110, 9.2.2).
type retries struct {
	connections int
	lay         bool // the first one had lain
}

// may says whether the request may go out on one more connection.
func (r *retries) may(info httptrace.GotConnInfo) bool {
	if conn, ok := info.Conn.(*tls.Conn); ok && conn.ConnectionState().NegotiatedProtocol == "h2" {
		return true // many requests share it; one is sent again only when the server didn't look at it
	}
	r.connections++
	if r.connections == 1 {
		r.lay = info.IdleTime >= lying
		return true
	}
	return r.connections == 2 && r.lay
}
