package server

import (
	"net/http"
	"regexp"
	"strings"
)

var hostForm = regexp.MustCompile(`^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(:[0-9]{1,5})?$`)

// base is the address under which whoever asks reaches this server, without a
// slash at its end: public_url, or else what the request itself calls it, which
// on loopback is one of the names that [Server.checkHost] lets through.
func (s *Server) base(r *http.Request) string {
	if s.PublicURL != "" {
		return strings.TrimRight(s.PublicURL, "/")
	}
	if !hostForm.MatchString(r.Host) {
		return s.URL()
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
