package server

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// How long a login lasts, and for how long it is believed without asking the
// store again.
const (
	sessionTime  = 30 * 24 * time.Hour
	believedTime = 30 * time.Second
	maxBelieved  = 10_000
)

// The kinds of state that the server keeps.
const (
	sessionKind = "session" // by hash of its token
	displayKind = "display" // by id
	pairingKind = "pairing" // by hash of its device code
)

// newToken makes 256 random bits, as cookies and headers carry them.
func newToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // it never fails: it ends the process
	return base64.RawURLEncoding.EncodeToString(b)
}

type session struct {
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}

// logIn turns the admin token into a cookie.
func (s *Server) logIn(c echo.Context) error {
	var body loginBody
	if err := readJSON(c, &body); err != nil {
		return err
	}
	if s.gate.hash == nil {
		return c.NoContent(http.StatusNoContent) // nothing needs a login here
	}
	if err := s.gate.tryAdmin(c.RealIP(), body.Token); err != nil {
		return err
	}
	now := s.now()
	value, err := json.Marshal(session{Created: now.UTC(), Expires: now.Add(sessionTime).UTC()})
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	token := newToken()
	if err := s.States.Put(c.Request().Context(), sessionKind, hashOf(token), value, sessionTime); err != nil {
		return fmt.Errorf("keep session: %w", err)
	}
	c.SetCookie(s.gate.cookie(sessionCookie, token, sessionTime))
	return c.NoContent(http.StatusNoContent)
}

type loginBody struct {
	Token string `json:"token"`
}

// logOut forgets the caller's session.
func (s *Server) logOut(c echo.Context) error {
	if cookie, err := c.Request().Cookie(s.gate.cookieName(sessionCookie)); err == nil {
		hash := hashOf(cookie.Value)
		s.gate.known.forget(hash)
		if err := s.States.Delete(c.Request().Context(), sessionKind, hash); err != nil && !errors.Is(err, mood.ErrNotFound) {
			return fmt.Errorf("end session: %w", err)
		}
	}
	c.SetCookie(s.gate.cookie(sessionCookie, "", -time.Second))
	return c.NoContent(http.StatusNoContent)
}

// whoAmI tells a page what it may offer.
func (s *Server) whoAmI(c echo.Context) error {
	who, err := s.gate.identify(c)
	if err != nil {
		return err
	}
	answer := sessionView{Access: "none", Login: s.gate.hash != nil, Display: who.display}
	switch who.access {
	case reader:
		answer.Access = "read"
	case admin:
		answer.Access = "admin"
	case anyone:
	}
	return s.reply(c, http.StatusOK, answer)
}

type sessionView struct {
	Access  string `json:"access"`  // none, read or admin
	Login   bool   `json:"login"`   // whether this server knows logins at all
	Display string `json:"display"` // the id of the paired screen that asks, or empty
}

// hasSession tells whether a cookie's token is that of a session.
func (g *gate) hasSession(ctx context.Context, token string) (bool, error) {
	hash := hashOf(token)
	if g.known.has(hash) {
		return true, nil
	}
	raw, err := g.states.Get(ctx, sessionKind, hash)
	if errors.Is(err, mood.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look up session: %w", err)
	}
	var kept session
	if json.Unmarshal(raw, &kept) != nil || !g.now().Before(kept.Expires) {
		return false, nil
	}
	g.known.add(hash)
	return true, nil
}

// knownTokens are hashes of tokens that the store vouched for a moment ago, so
// that a page's many requests ask it once.
type knownTokens struct {
	mu    sync.Mutex
	now   func() time.Time
	until map[string]time.Time
}

func newKnownTokens(now func() time.Time) *knownTokens {
	return &knownTokens{now: now, until: make(map[string]time.Time)}
}

func (k *knownTokens) has(hash string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now().Before(k.until[hash])
}

func (k *knownTokens) add(hash string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.until) >= maxBelieved {
		clear(k.until)
	}
	k.until[hash] = k.now().Add(believedTime)
}

func (k *knownTokens) forget(hash string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.until, hash)
}
