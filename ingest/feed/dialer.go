package feed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// The time that each step of a fetch may take.
const (
	dialTime   = 10 * time.Second
	headerTime = 15 * time.Second
	stallTime  = 10 * time.Second // with hardly any byte
	totalTime  = 60 * time.Second
)

// BlockedError is a connection that wasn't made because its address is
// private or its port is unusual, and the operator didn't allow it.
type BlockedError struct {
	Addr netip.AddrPort
	Port bool // the port is what is wrong
}

// Error names the address and what to do.
func (e *BlockedError) Error() string {
	addr := e.Addr.Addr().Unmap()
	bits := addr.BitLen()
	if e.Port {
		return fmt.Sprintf("%s is not asked: feeds are fetched from ports 80 and 443 only; add %s/%d to fetch.allow if this server is yours", e.Addr, addr, bits)
	}
	return fmt.Sprintf("%s is not asked: it is in a private or reserved network; add %s/%d to fetch.allow if this server is yours", e.Addr, addr, bits)
}

// newTransport makes the transport of all fetches: no proxy, no cookies, and
// a check of every address at the moment of connecting, so that neither a
// redirect nor a changed DNS answer leads inside. As many connections to a host
// are kept as its rule allows requests at once: what was asked in parallel can
// be asked so again without new ones.
func newTransport(allow []netip.Prefix, parallel int) *http.Transport {
	return &http.Transport{
		DialContext:            newDialer(allow).DialContext,
		TLSHandshakeTimeout:    dialTime,
		ResponseHeaderTimeout:  headerTime,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConns:           max(128, 2*parallel),
		MaxIdleConnsPerHost:    max(4, parallel),
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true, // decompressing is done here, within limits
		ForceAttemptHTTP2:      true,
		// A connection that died in silence isn't used for ever.
		HTTP2: &http.HTTP2Config{SendPingTimeout: headerTime, PingTimeout: dialTime},
	}
}

// newDialer makes a dialer that judges every address between its look-up and
// the connection.
func newDialer(allow []netip.Prefix) *net.Dialer {
	g := ssrf.New(ssrf.WithNetworks("tcp4", "tcp6"))
	return &net.Dialer{
		Timeout:   dialTime,
		KeepAlive: 30 * time.Second,
		ControlContext: func(_ context.Context, network, address string, _ syscall.RawConn) error {
			return permit(g, allow, network, address)
		},
	}
}

// permit judges the address that a name was resolved to.
func permit(g *ssrf.Guardian, allow []netip.Prefix, network, address string) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%s is not an address that feeds are fetched from", address)
	}
	addr := ap.Addr().Unmap().WithZone("")
	if isAllowed(g, allow, addr) {
		return nil
	}
	// An IPv4 address in IPv6 clothes is judged as what it is.
	if ap.Addr().Is4In6() {
		address = netip.AddrPortFrom(addr, ap.Port()).String()
		network = "tcp4"
	}
	if err := g.Safe(network, address, nil); err != nil {
		return &BlockedError{
			Addr: netip.AddrPortFrom(addr, ap.Port()),
			Port: errors.Is(err, ssrf.ErrProhibitedPort) && g.SafeAddr(addr) == nil,
		}
	}
	return nil
}

// isAllowed says whether the operator let an address through. One that a NAT64
// gateway (RFC 6052) would turn into a private IPv4 address needs that to be
// allowed, too.
func isAllowed(g *ssrf.Guardian, allow []netip.Prefix, addr netip.Addr) bool {
	if !slices.ContainsFunc(allow, func(p netip.Prefix) bool { return p.Contains(addr) }) {
		return false
	}
	if !ssrf.IPv6NAT64Prefix.Contains(addr) {
		return true
	}
	raw := addr.As16()
	inner := netip.AddrFrom4([4]byte(raw[12:]))
	return g.SafeAddr(inner) == nil || isAllowed(g, allow, inner)
}

// isPrivate says whether an address belongs to somebody's own network, where
// one address may stand for many independent servers.
func isPrivate(addr netip.Addr) bool {
	addr = addr.Unmap()
	return addr.IsPrivate() || addr.IsLoopback() || addr.IsLinkLocalUnicast()
}
