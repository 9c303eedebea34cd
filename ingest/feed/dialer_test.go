package feed

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"agora/mood"

	"code.dny.dev/ssrf"
	"golang.org/x/net/dns/dnsmessage"
)

func TestPrivateAndReservedAddressesAreRefused(t *testing.T) {
	g := ssrf.New(ssrf.WithNetworks("tcp4", "tcp6"))
	for _, address := range []string{
		"127.0.0.1:80", "10.0.0.1:80", "172.16.0.1:443", "192.168.1.1:80", "169.254.169.254:80", "100.64.0.1:80",
		"0.0.0.0:80", "192.0.0.1:80", "198.18.0.1:80", "240.0.0.1:80", "255.255.255.255:80", "224.0.0.1:80",
		"[::1]:80", "[fe80::1]:80", "[fc00::1]:80", "[::ffff:127.0.0.1]:80", "[::ffff:10.0.0.1]:80",
		"[64:ff9b::7f00:1]:80", "[64:ff9b::5db8:d822]:80", "[64:ff9b:1::1]:80", "[2002:7f00:1::]:80", "[2001:0:7f00:1::]:80",
		"[::]:80", "[::127.0.0.1]:80", "[ff02::1]:80", "[2001:db8::1]:80", "[fec0::1]:80", "[100::1]:80", "[fe80::1%eth0]:80",
		"[::ffff:169.254.169.254]:80", "[::ffff:93.184.216.34]:22", "192.88.99.1:80", "192.0.2.1:80", "198.51.100.1:80", "203.0.113.1:80",
		"198.19.255.255:80", "100.127.255.255:80", "172.31.255.255:80", "239.255.255.255:80", "0.1.2.3:80",
		"93.184.216.34:22", "93.184.216.34:8080", "93.184.216.34:0", "not an address", "/var/run/docker.sock",
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
	p, err := NewPoller(Config{Deliver: newInbox().deliver, States: newMemory(), Hosts: fast()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*enough)
	defer cancel()
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "0", "①②⑦.⓪.⓪.①", "user@127.0.0.1", "[::1]"} {
		trial := p.Try(ctx, mood.Source{ID: "x", URL: "http://" + host + ":" + port + "/"})
		if trial.Error == "" || trial.State != mood.SourceFailing {
			t.Errorf("%s: %+v", host, trial)
		}
	}
	if hits != 0 {
		t.Errorf("%d requests got inside", hits)
	}
}

func TestABridgeToPrivateAddressesOpensWithThemOnly(t *testing.T) {
	g := ssrf.New(ssrf.WithNetworks("tcp4", "tcp6"))
	bridge := netip.MustParsePrefix("64:ff9b::/96")
	inside := netip.MustParsePrefix("127.0.0.0/8")
	for _, c := range []struct {
		allow []netip.Prefix
		addr  string
		ok    bool
	}{
		{[]netip.Prefix{bridge}, "[64:ff9b::5db8:d822]:443", true}, // 93.184.216.34
		{[]netip.Prefix{bridge}, "[64:ff9b::7f00:1]:443", false},   // 127.0.0.1
		{[]netip.Prefix{bridge, inside}, "[64:ff9b::7f00:1]:443", true},
	} {
		if err := permit(g, c.allow, "tcp6", c.addr); (err == nil) != c.ok {
			t.Errorf("%s with %v: %v", c.addr, c.allow, err)
		}
	}
}

// TestAnAnswerThatChangesAfterTheLookUpLeadsNowhere is DNS rebinding: the name
// leads outside when it is looked up to be judged, and inside when it is
// looked up to be connected to.
func TestAnAnswerThatChangesAfterTheLookUpLeadsNowhere(t *testing.T) {
	var hits, asked atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer s.Close()
	resolver := fakeDNS(t, func() [4]byte {
		if asked.Add(1) == 1 {
			return [4]byte{93, 184, 216, 34}
		}
		return [4]byte{127, 0, 0, 1}
	})
	first, err := resolver.LookupNetIP(t.Context(), "ip4", "rebind.example")
	if err != nil || len(first) != 1 || isPrivate(first[0]) {
		t.Fatalf("the first look-up gave %v, %v", first, err)
	}
	dialer := newDialer(nil)
	dialer.Resolver = resolver
	transport := newTransport(nil, 1)
	transport.DialContext = dialer.DialContext
	p, err := NewPoller(Config{Deliver: newInbox().deliver, States: newMemory(), Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	trial := p.Try(t.Context(), mood.Source{ID: "x", URL: "http://rebind.example:" + port + "/"})
	if !strings.Contains(trial.Error, "127.0.0.1") || !strings.Contains(trial.Error, "fetch.allow") {
		t.Errorf("the error says %q", trial.Error)
	}
	if hits.Load() != 0 {
		t.Error("the request got inside")
	}
}

// fakeDNS answers every question for an IPv4 address.
func fakeDNS(t *testing.T, answer func() [4]byte) *net.Resolver {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { _ = conn.Close(); <-done })
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Additionals = true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: answer()},
				}}
			}
			if raw, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(raw, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// TestRedirectsLeadNowhereInside has a server that is allowed redirect to what
// isn't.
func TestRedirectsLeadNowhereInside(t *testing.T) {
	var target atomic.Pointer[string]
	var inside atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/go" {
			inside.Add(1)
			return
		}
		w.Header().Set("Location", *target.Load())
		w.WriteHeader(http.StatusFound)
	}))
	defer s.Close()
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPoller(Config{
		Deliver: newInbox().deliver, States: newMemory(), Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
		Hosts: map[string]HostRule{"127.0.0.1": {Parallel: 4}, "127.0.0.2": {Parallel: 4}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.fetch.transport.(*http.Transport).CloseIdleConnections()
	for location, say := range map[string]string{
		"http://10.0.0.1/":                         "10.0.0.1",
		"http://169.254.169.254/latest/meta-data/": "169.254.169.254",
		"http://[::1]:" + port + "/in":             "[::1]",
		"http://[::ffff:10.0.0.1]/":                "10.0.0.1",
		"http://[fe80::1%25lo]/":                   "fe80::1",
		"http://127.0.0.2:" + port + "/in":         "127.0.0.2",
		"http://127.0.0.1@127.0.0.2:" + port + "/": "127.0.0.2",
		"http://①②⑦.⓪.⓪.②:" + port + "/in":         "127.0.0.2",
		"http://１２７。０。０。２:" + port + "/in":         "127.0.0.2",
		"http://0.0.0.0:" + port + "/in":           "0.0.0.0",
		"http://93.184.216.34:22/":                 "ports 80 and 443",
		"//10.0.0.1/":                              "10.0.0.1",
		"file:///etc/passwd":                       "no web address",
		"ftp://127.0.0.1/feed":                     "no web address",
		"gopher://127.0.0.1:" + port + "/_GET":     "no web address",
		"unix:///var/run/docker.sock":              "no web address",
		"http+unix://%2Fvar%2Frun%2Fdocker.sock/":  "no web address",
		"javascript:alert(1)":                      "no web address",
		"http:///etc/passwd":                       "no web address",
		"http://":                                  "no web address",
		"":                                         "no web address",
	} {
		target.Store(&location)
		trial := p.Try(t.Context(), mood.Source{ID: "x", URL: s.URL + "/go"})
		if !strings.Contains(trial.Error, say) {
			t.Errorf("%q: the error says %q, not %q", location, trial.Error, say)
		}
		if say != "no web address" && !strings.Contains(trial.Error, "fetch.allow") {
			t.Errorf("%q: the error doesn't say what to do: %q", location, trial.Error)
		}
	}
	if inside.Load() != 0 {
		t.Errorf("%d requests got inside", inside.Load())
	}
}

func TestOnlyWebAddressesAreSources(t *testing.T) {
	for _, address := range []string{"file:///etc/passwd", "ftp://example.com/", "gopher://example.com/", "unix:///x", "http:///x", "example.com/feed", "http://", "data:text/xml,<rss/>"} {
		_, err := NewPoller(Config{Sources: []mood.Source{{ID: "x", URL: address}}, Deliver: newInbox().deliver, States: newMemory()})
		if err == nil || !strings.Contains(err.Error(), "http://") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestANameIsReachedAtTheAddressThatIsAllowedAndGetsItsRule(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(rssOf(one("a")))) }))
	defer s.Close()
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPoller(Config{Deliver: newInbox().deliver, States: newMemory(), Allow: loopback(), Hosts: fast()})
	if err != nil {
		t.Fatal(err)
	}
	defer p.fetch.transport.(*http.Transport).CloseIdleConnections()
	address := "http://localhost:" + port + "/" // ::1 too, on most machines
	if trial := p.Try(t.Context(), mood.Source{ID: "x", URL: address}); trial.Error != "" || trial.Items != 1 {
		t.Errorf("%+v", trial)
	}
	if r := p.fetch.manners.rule(webURL(address)); r.Parallel != 32 {
		t.Errorf("a name of 127.0.0.1 is treated as %+v", r)
	}
}

func TestNoProxyIsAsked(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	if newTransport(nil, 1).Proxy != nil {
		t.Error("the transport would use a proxy")
	}
}
