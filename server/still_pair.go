package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// An old screen is paired as the others are, by the code that it shows. Since
// it may have no script, its secret is in a cookie, and it asks whether it was
// approved by loading its page again.
const (
	pairingCookie = "agora_pairing"
	pairReload    = 5 * time.Second
	pairRest      = 15 * time.Second // where no code was to be had
)

// stillPair shows the code of a screen that may not look yet, or, once it was
// approved, sends it back to where it wanted to go.
func (s *Server) stillPair(c echo.Context) error {
	ctx := c.Request().Context()
	if c.Request().Method == http.MethodHead {
		return c.NoContent(http.StatusOK)
	}
	if fromElsewhere(c.Request()) {
		return newProblem(http.StatusForbidden, "A page of another site may not ask for a code: open this address on the screen itself.")
	}
	view := stillView{Title: "Pair this screen", Refresh: int(pairReload.Seconds()), Pair: &stillPairView{Host: c.Request().Host}}
	p, device, err := s.pairingOf(c)
	switch {
	case err == nil && p.Token != "" && device != "":
		return s.stillPaired(c, device)
	case err == nil && device != "":
	case err != nil:
		var told *problem
		if !errors.As(err, &told) && !isAway(err) {
			return err
		}
		view.Refresh = int(pairRest.Seconds())
		return s.sendStill(c, http.StatusOK, view)
	default:
		if p, device, err = s.newPairing(ctx, c.RealIP()); err != nil {
			var told *problem
			if !errors.As(err, &told) && !isAway(err) {
				return err
			}
			view.Refresh = int(pairRest.Seconds())
			return s.sendStill(c, http.StatusOK, view)
		}
		c.SetCookie(s.gate.cookie(pairingCookie, device, pairTime))
	}
	view.Pair.Code = p.Code[:codeLength/2] + "-" + p.Code[codeLength/2:]
	view.Pair.Until = mood.SpanWord(p.Expires.Sub(s.now()))
	return s.sendStill(c, http.StatusOK, view)
}

// fromElsewhere tells whether a page of another site loads this one inside
// itself, as a picture say: each time would take a code from a screen that needs
// one. Browsers too old to say so are the ones that these pages are for; a
// person who follows a link sees the code, and may have it.
func fromElsewhere(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return (site == "cross-site" || site == "same-site") && r.Header.Get("Sec-Fetch-Dest") != "document"
}

// pairingOf finds the pairing that a screen's cookie belongs to; device is
// empty where there is none, or it is over.
func (s *Server) pairingOf(c echo.Context) (p pairing, device string, err error) {
	cookie, err := c.Request().Cookie(s.gate.cookieName(pairingCookie))
	if err != nil || cookie.Value == "" {
		return p, "", nil
	}
	p, err = s.pairing(c.Request().Context(), hashOf(cookie.Value))
	var told *problem
	if errors.As(err, &told) && told.Status == http.StatusGone {
		return p, "", nil
	}
	if err != nil {
		return p, "", err
	}
	return p, cookie.Value, nil
}

// stillPaired gives a screen that was approved its token.
func (s *Server) stillPaired(c echo.Context, device string) error {
	p, err := s.redeem(c.Request().Context(), device)
	if err != nil {
		return err
	}
	c.SetCookie(s.gate.cookie(displayCookie, p.Token, displayTime))
	c.SetCookie(s.gate.cookie(pairingCookie, "", -time.Second))
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Redirect(http.StatusSeeOther, c.Request().URL.RequestURI())
}

// newPairing gives a screen a code to show.
func (s *Server) newPairing(ctx context.Context, address string) (p pairing, device string, err error) {
	if wait := s.gate.asks.take(address, 1); wait > 0 {
		return p, "", newProblem(http.StatusTooManyRequests, "Too many codes were asked for from your address: try again in %s.", spell(wait)).after(wait)
	}
	waiting, err := s.States.List(ctx, pairingKind)
	if err != nil {
		return p, "", fmt.Errorf("list pairings: %w", err)
	}
	if len(waiting) >= maxPairings {
		return p, "", newProblem(http.StatusServiceUnavailable, "%d screens wait for approval already: approve them at /displays, or wait %s.", len(waiting), spell(pairTime)).after(time.Minute)
	}
	device = newToken()
	p = pairing{Code: newCode(), Expires: s.now().Add(pairTime).UTC()}
	return p, device, s.putPairing(ctx, hashOf(device), p)
}

// redeem gives an approved pairing, once.
func (s *Server) redeem(ctx context.Context, device string) (pairing, error) {
	id := hashOf(device)
	// Only one poll gets the token, even when two arrive together.
	if !s.gate.screens.claim(id) {
		return pairing{}, errCodeOver()
	}
	defer s.gate.screens.unclaim(id)
	p, err := s.pairing(ctx, id)
	if err != nil {
		return p, err
	}
	if err := s.States.Delete(ctx, pairingKind, id); err != nil && !errors.Is(err, mood.ErrNotFound) {
		return p, fmt.Errorf("end pairing: %w", err)
	}
	return p, nil
}
