package server

import (
	"net/http"
	"regexp"
	"strings"
)

var hostForm = regexp.MustCompile(`^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(:[0-9]{1,5})?$`)

// address is where people reach the server, whoever asks, without a slash at its
// end: public_url, or else where it listens.
func (s *Server) address() string {
	if s.PublicURL != "" {
		return strings.TrimRight(s.PublicURL, "/")
	}
	return s.URL()
}

// base is the address under which whoever asks reaches this server, without a
// slash at its end: public_url, or else what the request itself calls it, which
// on loopback is one of the names that [Server.checkHost] lets through. No
// header is believed but Host: where a proxy stands before the server, it is
// public_url that says so.
func (s *Server) base(r *http.Request) string {
	if s.PublicURL != "" || !hostForm.MatchString(r.Host) {
		return s.address()
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// keptBase is the address at which a kept board is shown for ever, of the one at
// which it was kept: what is drawn of it names that address, and must stay the
// same.
func (s *Server) keptBase(base string) string {
	if s.PublicURL != "" {
		return s.address()
	}
	return base
}
