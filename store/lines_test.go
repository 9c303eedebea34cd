package store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestALineWithTLSChecksWhomItReaches(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	trusted := x509.NewCertPool()
	trusted.AddCert(server.Certificate())
	for _, c := range []struct {
		name string
		tls  *tls.Config
		good bool
	}{
		{"by the address", &tls.Config{RootCAs: trusted}, true},
		{"by another name", &tls.Config{RootCAs: trusted, ServerName: "redis.invalid"}, false},
		{"unknown", &tls.Config{RootCAs: x509.NewCertPool()}, false},
	} {
		ls := &lines{tls: c.tls}
		conn, err := ls.dial(context.Background(), "tcp", server.Listener.Addr().String())
		if (err == nil) != c.good {
			t.Errorf("%s: %v", c.name, err)
		}
		if err == nil {
			if _, safe := conn.(*tls.Conn); !safe {
				t.Errorf("%s: the line is open to everybody", c.name)
			}
			conn.Close()
		}
		if len(ls.open) != 0 {
			t.Errorf("%s: %d lines are still known", c.name, len(ls.open))
		}
	}
}
