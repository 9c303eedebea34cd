package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// access is what a caller may do, and what a route asks for.
type access int8

const (
	anyone access = iota
	reader        // sees everything, changes nothing
	admin         // pushes, withdraws, approves screens
)

// caller is who sent a request.
type caller struct {
	access   access
	display  string // its id, when it is a paired screen
	operator bool   // another command of the operator: no rate applies
	token    string // the hash of what proved it; empty: only its address is known
	embed    *grant // what a key opens to it, and nothing else
}

// gate knows callers by what they show.
type gate struct {
	states   States
	now      func() time.Time
	hash     []byte // of the admin token; nil: nothing needs one
	operator []byte // hash of the operator's secret; nil: nobody has it
	readOpen bool
	secure   bool
	tries    *limiters // wrong tokens, by address
	codes    *limiters // wrong screen codes, by address
	asks     *limiters // new screen codes, by address
	known    *knownTokens
	screens  *screens
	seen     *seenScreens
	embeds   *embeds
}

func newGate(c Config) *gate {
	g := &gate{
		states: c.States, now: c.Now, readOpen: c.ReadOpen,
		secure:  strings.HasPrefix(c.PublicURL, "https://"),
		tries:   newLimiters(10.0/600, 10, c.Now),
		codes:   newLimiters(codeTries/pairTime.Seconds(), codeTries, c.Now),
		asks:    newLimiters(1.0/10, 10, c.Now),
		known:   newKnownTokens(c.Now),
		screens: newScreens(),
		seen:    newSeenScreens(),
		embeds:  newEmbeds(c.States, c.Now),
	}
	if c.AdminHash != "" {
		g.hash, _ = hex.DecodeString(c.AdminHash)
		if len(g.hash) != sha256.Size { // never reached by a checked configuration; then nobody gets in
			g.hash = make([]byte, sha256.Size)
		}
	}
	if c.OperatorSecret != "" {
		sum := sha256.Sum256([]byte(c.OperatorSecret))
		g.operator = sum[:]
	}
	return g
}

// The headers and cookies that callers are known by.
const (
	operatorHeader = "X-Agora-Operator"
	sessionCookie  = "agora_session"
	displayCookie  = "agora_display"
)

// sameSecret compares in constant time what was shown with the hash of what is
// asked for.
func sameSecret(shown string, hash []byte) bool {
	sum := sha256.Sum256([]byte(shown))
	return subtle.ConstantTimeCompare(sum[:], hash) == 1
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// identify finds out who is calling. A wrong token is an error only when it
// was shown on purpose, in a header; an old cookie merely proves nothing.
func (g *gate) identify(c echo.Context) (caller, error) {
	r := c.Request()
	if secret := r.Header.Get(operatorHeader); secret != "" && g.operator != nil && sameSecret(secret, g.operator) {
		return caller{access: admin, operator: true, token: "operator"}, nil
	}
	if token, ok := bearer(r); ok && g.hash != nil {
		if err := g.tryAdmin(c.RealIP(), token); err != nil {
			return caller{}, err
		}
		return caller{access: admin, token: hashOf(token)}, nil
	}
	if g.hash == nil {
		return caller{access: admin}, nil
	}
	return g.byCookie(r)
}

func (g *gate) byCookie(r *http.Request) (caller, error) {
	if cookie, err := r.Cookie(g.cookieName(sessionCookie)); err == nil {
		ok, err := g.hasSession(r.Context(), cookie.Value)
		if err != nil {
			return caller{}, err
		}
		if ok {
			return caller{access: admin, token: hashOf(cookie.Value)}, nil
		}
	}
	if cookie, err := r.Cookie(g.cookieName(displayCookie)); err == nil {
		id, err := g.displayOf(r.Context(), cookie.Value)
		if err != nil {
			return caller{}, err
		}
		if id != "" {
			return caller{access: reader, display: id, token: hashOf(cookie.Value)}, nil
		}
	}
	if g.readOpen {
		return caller{access: reader}, nil
	}
	return caller{}, nil
}

func bearer(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}

// tryAdmin compares a token, a limited number of times for each address.
func (g *gate) tryAdmin(address, token string) error {
	if wait := g.tries.wait(address); wait > 0 {
		return newProblem(http.StatusTooManyRequests, "Too many wrong tokens came from your address: try again in %s.", spell(wait)).after(wait)
	}
	if g.hash != nil && sameSecret(token, g.hash) {
		return nil
	}
	g.tries.take(address, 1)
	return newProblem(http.StatusUnauthorized, "This isn't the admin token. It was printed when Agora first started; the operator's guide says how to make a new one.")
}

const callerKey = "caller"

func callerOf(c echo.Context) caller {
	who, _ := c.Get(callerKey).(caller)
	return who
}

// guard lets only those through who may use the route.
func (s *Server) guard(r route) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if r.access == anyone {
				return next(c)
			}
			who, err := s.gate.identify(c)
			if err != nil {
				return err
			}
			if who.access >= r.access {
				c.Set(callerKey, who)
				return next(c)
			}
			if r.grants != nil && c.QueryParam(keyParam) != "" {
				if who, err = s.byKey(c, r); err != nil {
					return err
				}
				c.Set(callerKey, who)
				return next(c)
			}
			if r.page {
				return c.Redirect(http.StatusSeeOther, "/login?next="+url.QueryEscape(c.Request().URL.RequestURI()))
			}
			if who.access == reader {
				return newProblem(http.StatusForbidden, "You may look here and change nothing: log in at /login, or send the admin token as Authorization: Bearer.")
			}
			return newProblem(http.StatusUnauthorized, "This needs a login: open /login, or send the admin token as Authorization: Bearer. A screen is paired at /wall.")
		}
	}
}

// stillKnown tells, for a stream that has been open for a while, whether its
// reader would be let in today. A store that is away changes nothing.
func (g *gate) stillKnown(ctx context.Context, r *http.Request, was caller) bool {
	if g.hash == nil || was.operator {
		return true
	}
	if was.embed != nil {
		ok, err := g.embeds.opens(ctx, r.URL.Query().Get(keyParam), *was.embed)
		return ok || err != nil
	}
	if _, ok := bearer(r); ok {
		return true // the admin token lasts as long as the process
	}
	who, err := g.byCookie(r.WithContext(ctx))
	if err != nil {
		return errors.Is(err, mood.ErrUnavailable) || ctx.Err() == nil
	}
	return who.access >= reader
}

// cookieName carries the prefix that browsers tie to this very host, where the
// cookie is secure.
func (g *gate) cookieName(name string) string {
	if g.secure {
		return "__Host-" + name
	}
	return name
}

// cookie makes one that scripts can't read and other sites can't send.
func (g *gate) cookie(name, value string, age time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: g.cookieName(name), Value: value, Path: "/", MaxAge: int(age.Seconds()),
		HttpOnly: true, Secure: g.secure, SameSite: http.SameSiteStrictMode,
	}
}
