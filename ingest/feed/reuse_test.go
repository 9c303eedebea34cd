package feed

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"agora/mood"
)

// counting starts a server that counts the connections that it accepts.
func counting(t *testing.T, h2 bool, h http.HandlerFunc) (*httptest.Server, *atomic.Int64) {
	var n atomic.Int64
	s := httptest.NewUnstartedServer(h)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			n.Add(1)
		}
	}
	if s.EnableHTTP2 = h2; h2 {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s, &n
}

// trusting makes the transport of all fetches trust a test server.
func trusting(s *httptest.Server, parallel int) *http.Transport {
	transport := newTransport([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, parallel)
	transport.TLSClientConfig = s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	return transport
}

func TestFeedsOfAHostShareOneHTTP2Connection(t *testing.T) {
	var asked, old atomic.Int64
	s, opened := counting(t, true, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1); r.ProtoMajor != 2 {
			old.Add(1)
		}
		_, _ = w.Write([]byte(rssOf(one(r.URL.Path))))
	})
	box := newInbox()
	start(t, Config{
		Sources: []mood.Source{source(s, "/a", 100*time.Millisecond), source(s, "/b", 100*time.Millisecond)},
		Deliver: box.deliver, States: newMemory(), Transport: trusting(s, 1), Hosts: map[string]HostRule{"127.0.0.1": {Parallel: 1}},
	})
	eventually(t, "both were asked often", func() bool { return asked.Load() > 10 && len(box.titles()) == 2 })
	if opened.Load() != 1 || old.Load() != 0 {
		t.Errorf("%d connections, %d requests not in HTTP/2", opened.Load(), old.Load())
	}
}

func TestConnectionsAreUsedAgainAlsoAfterErrors(t *testing.T) {
	var asked atomic.Int64
	page := bytes.Repeat([]byte("nothing is here, in many words. "), 1000)
	s, opened := counting(t, false, func(w http.ResponseWriter, r *http.Request) {
		switch asked.Add(1) % 4 {
		case 0:
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write(page)
		case 1:
			w.WriteHeader(http.StatusNotModified)
		default:
			_, _ = w.Write([]byte(rssOf(one("a"))))
		}
	})
	const parallel = 8
	var sources []mood.Source
	for i := range 20 {
		sources = append(sources, source(s, fmt.Sprintf("/%d", i), 100*time.Millisecond))
	}
	start(t, Config{
		Sources: sources, Deliver: newInbox().deliver, States: newMemory(), Allow: loopback(), Hosts: map[string]HostRule{"127.0.0.1": {Parallel: parallel}},
	})
	eventually(t, "they were asked often", func() bool { return asked.Load() > 200 })
	if n := opened.Load(); n > 2*parallel {
		t.Errorf("%d connections for %d requests", n, asked.Load())
	}
}

func TestAnErrorPageThatDripsHoldsNobody(t *testing.T) {
	w := &world{answer: func(n int, r *http.Request) *http.Response {
		if r.URL.String() == privat2 {
			return reply(200, nthItem(n))
		}
		resp := reply(500, "")
		resp.Body = dripping{}
		return resp
	}}
	simulate(t, w, time.Minute, every(time.Minute), private, privat2)
	if v := w.visits(privat2); len(v) == 0 || v[0] > 5*time.Second {
		t.Errorf("asked at %v", v)
	}
}

// dripping is a body that ends when its request is given up.
type dripping struct{ drip }

func (dripping) Close() error { return nil }
