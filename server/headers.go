package server

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// contentPolicy lets a page load what this server serves, and nothing else.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// hardHeaders are the headers that browsers need to be told on every answer.
func hardHeaders() [][2]string {
	return [][2]string{
		{"Content-Security-Policy", contentPolicy},
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "DENY"},
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
	}
}

// harden sets them.
func (s *Server) harden(next echo.HandlerFunc) echo.HandlerFunc {
	headers := hardHeaders()
	return func(c echo.Context) error {
		h := c.Response().Header()
		for _, pair := range headers {
			h[pair[0]] = []string{pair[1]}
		}
		return next(c)
	}
}

// checkHost refuses names that a stranger's DNS points at this machine: on
// loopback the browser's address is all that protects it.
func (s *Server) checkHost(next echo.HandlerFunc) echo.HandlerFunc {
	public := ""
	if u, err := url.Parse(s.PublicURL); err == nil {
		public = strings.ToLower(u.Hostname())
	}
	listen, _, err := net.SplitHostPort(s.Listen)
	if err != nil {
		listen = s.Listen
	}
	return func(c echo.Context) error {
		if !s.loopback {
			return next(c)
		}
		host := strings.ToLower(hostName(c.Request().Host))
		if host == "localhost" || host == strings.ToLower(listen) || public != "" && host == public || isOwnAddress(host, s.listener) {
			return next(c)
		}
		return newProblem(http.StatusMisdirectedRequest, "This server isn't known as %q: open it at %s, or set public_url in agora.yaml to the name that browsers use.", host, s.URL())
	}
}

func hostName(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}

func isOwnAddress(host string, l net.Listener) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	own, ok := l.Addr().(*net.TCPAddr)
	return ok && own.AddrPort().Addr().Unmap() == addr.Unmap()
}

// behindProxies believes X-Forwarded-For from the proxies that were named, and
// from nobody else.
func (s *Server) behindProxies() echo.IPExtractor {
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range s.TrustedProxies {
		bits := 32
		if p.Addr().Is6() {
			bits = 128
		}
		trust = append(trust, echo.TrustIPRange(&net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), bits)}))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}

// checkOrigin refuses writes that a page of another site sends.
func (s *Server) checkOrigin() (echo.MiddlewareFunc, error) {
	guard := http.NewCrossOriginProtection()
	if s.PublicURL != "" {
		u, err := url.Parse(s.PublicURL)
		if err != nil {
			return nil, err
		}
		if err := guard.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, err
		}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := guard.Check(c.Request()); err != nil {
				return newProblem(http.StatusForbidden, "A page of another site may not change anything here: use Agora's own pages, or a program with a token.")
			}
			return next(c)
		}
	}, nil
}

// watchOver measures and logs every request, and turns a panic into a problem.
func (s *Server) watchOver(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		begun := time.Now()
		defer func() {
			if thrown := recover(); thrown != nil {
				if thrown == http.ErrAbortHandler { //nolint:errorlint // it is thrown as it is
					panic(thrown)
				}
				s.log.LogAttrs(c.Request().Context(), slog.LevelError, "handler panicked",
					slog.String("path", c.Request().URL.Path), slog.Any("panic", thrown), slog.String("stack", string(debug.Stack())))
				err = nil
				s.fail(newProblem(http.StatusInternalServerError, "Something went wrong in the server. It is in the server's log; try again, and tell the operator if it stays."), c)
			}
			s.account(c, time.Since(begun))
		}()
		if err = next(c); err != nil {
			c.Error(err)
		}
		return nil
	}
}

// account leaves a request's query out: it may hold a secret.
func (s *Server) account(c echo.Context, took time.Duration) {
	r, status := c.Request(), c.Response().Status
	path, asked := c.Path(), c.Request().URL.Path
	if path == hubPath {
		asked = path // the rest is a capability
	}
	if path == "" || path == "/*" {
		path = "other"
	}
	if path != streamPath {
		s.meters.request(r.Method, path, status, took)
	}
	level := slog.LevelDebug
	if status >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	s.log.LogAttrs(r.Context(), level, "request",
		slog.String("method", r.Method), slog.String("path", asked), slog.Int("status", status),
		slog.Int64("bytes", c.Response().Size), slog.Duration("took", took), slog.String("from", c.RealIP()))
}
