package feed

import (
	"context"
	"net"
	"net/netip"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// NewAnyPortDialer makes a dialer that judges addresses as that of feeds does,
// and takes any port: it is for what the operator names by host and port, not
// for what strangers' documents link to.
func NewAnyPortDialer(allow []netip.Prefix) *net.Dialer {
	g := ssrf.New(ssrf.WithNetworks("tcp4", "tcp6"), ssrf.WithAnyPort())
	return &net.Dialer{
		Timeout:   dialTime,
		KeepAlive: 30 * time.Second,
		ControlContext: func(_ context.Context, network, address string, _ syscall.RawConn) error {
			return permit(g, allow, network, address)
		},
	}
}
