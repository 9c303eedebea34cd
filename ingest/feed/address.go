package feed

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// webURL parses an absolute http(s) address; nil: it is none.
func webURL(raw string) *url.URL {
	raw = tidyAddress(raw)
	if raw == "" || len(raw) > 4096 {
		return nil
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.Opaque != "" {
		return nil
	}
	if strings.ContainsAny(u.Host, " <>\"'`{}|\\^") || !namedInASCII(u) {
		return nil
	}
	return u
}

// Outlet names who published what is at an address: its host in lower case,
// without "www." and without a port. It is "" for what is no web address.
func Outlet(address string) string {
	u := webURL(address)
	if u == nil {
		return ""
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if rest, ok := strings.CutPrefix(host, "www."); ok && strings.Contains(rest, ".") {
		return rest
	}
	return host
}

// resolve makes a possibly relative address absolute; "" when it can't.
func resolve(base *url.URL, ref string) string {
	ref = tidyAddress(ref)
	if ref == "" {
		return ""
	}
	u, err := url.Parse(ref)
	if err != nil {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if !u.IsAbs() {
		return ""
	}
	return u.String()
}

// hostKey names whom a request bothers: the registrable domain for names, the
// address itself for addresses. Ports don't matter.
func hostKey(u *url.URL) string {
	host := plainHost(u.Hostname())
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}
