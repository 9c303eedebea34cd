package feed

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"agora/mood"

	"code.dny.dev/ssrf"
)

func TestPrivateAndReservedAddressesAreRefused(t *testing.T) {
	g := ssrf.New(ssrf.WithNetworks("tcp4", "tcp6"))
	for _, address := range []string{
		"127.0.0.1:80", "10.0.0.1:80", "172.16.0.1:443", "192.168.1.1:80", "169.254.169.254:80", "100.64.0.1:80",
		"0.0.0.0:80", "192.0.0.1:80", "198.18.0.1:80", "240.0.0.1:80", "255.255.255.255:80", "224.0.0.1:80",
		"[::1]:80", "[fe80::1]:80", "[fc00::1]:80", "[::ffff:127.0.0.1]:80", "[::ffff:10.0.0.1]:80",
		"[64:ff9b::7f00:1]:80", "[2002:7f00:1::]:80", "[::]:80", "[ff02::1]:80", "[2001:db8::1]:80",
		"93.184.216.34:22", "93.184.216.34:8080", "not an address",
	} {
		network := "tcp4"
		if strings.HasPrefix(address, "[") {
			network = "tcp6"
		}
		err := permit(g, nil, network, address)
		if err == nil {
			t.Errorf("%s was let through", address)
			continue
		}
		var blocked *BlockedError
		if errors.As(err, &blocked) && (!strings.Contains(err.Error(), "fetch.allow") || !strings.Contains(err.Error(), blocked.Addr.Addr().String())) {
			t.Errorf("the refusal of %s says %q", address, err)
		}
	}
	for _, address := range []string{"93.184.216.34:80", "93.184.216.34:443", "[2606:2800:220:1:248:1893:25c8:1946]:443"} {
		network := "tcp4"
		if strings.HasPrefix(address, "[") {
			network = "tcp6"
		}
		if err := permit(g, nil, network, address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAllowedNetworksAreReachedOnAnyPort(t *testing.T) {
	g := ssrf.New(ssrf.WithNetworks("tcp4", "tcp6"))
	allow := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for address, want := range map[string]bool{
		"10.1.2.3:9999": true, "[::ffff:10.1.2.3]:1": true, "[fd00::1]:8080": true, "11.0.0.1:8080": false, "192.168.0.1:80": false,
	} {
		if err := permit(g, allow, "tcp", address); (err == nil) != want && !(want && err == nil) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestNamesThatLeadInsideAreRefusedWhenConnecting(t *testing.T) {
	hits := 0
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits++ }))
	defer s.Close()
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPoller(Config{Deliver: newInbox().deliver, States: newMemory()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0177.0.0.1", "127.1"} {
		trial := p.Try(ctx, mood.Source{ID: "x", URL: "http://" + host + ":" + port + "/"})
		if trial.Error == "" || trial.State != mood.SourceFailing {
			t.Errorf("%s: %+v", host, trial)
		}
	}
	if hits != 0 {
		t.Errorf("%d requests got inside", hits)
	}
}

func TestNoProxyIsAsked(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	if newTransport(nil, 1).Proxy != nil {
		t.Error("the transport would use a proxy")
	}
}
