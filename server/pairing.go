package server

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// Pairing goes as RFC 8628 does for devices without a keyboard: the screen
// shows a short code, a person who is logged in types it, and the screen,
// which keeps asking, gets a token of its own.
const (
	pairTime    = 10 * time.Minute
	pairPoll    = 3 * time.Second
	codeTries   = 5 // wrong ones, by address, in pairTime
	maxPairings = 100
	codeLength  = 8
	// codeLetters has no vowels, so that no word is spelled, and no letter that
	// is taken for a digit.
	codeLetters = "BCDFGHJKLMNPQRSTVWXZ"
)

// pairing is a screen that waits for approval.
type pairing struct {
	Code    string    `json:"code"`
	Expires time.Time `json:"expires"`
	Token   string    `json:"token,omitempty"` // sealed for the screen once approved; gone when it was fetched
	Wall    string    `json:"wall,omitempty"`
	Name    string    `json:"name,omitempty"`
}

type pairView struct {
	DeviceCode string `json:"device_code"` // the screen's secret: polls with it
	UserCode   string `json:"user_code"`   // shown on the screen, such as BCDF-GHJK
	ExpiresIn  int    `json:"expires_in"`  // seconds
	Interval   int    `json:"interval"`    // seconds between polls
}

// startPairing gives a screen a code to show.
func (s *Server) startPairing(c echo.Context) error {
	p, device, err := s.newPairing(c.Request().Context(), c.RealIP())
	if err != nil {
		return err
	}
	return s.reply(c, http.StatusOK, pairView{
		DeviceCode: device, UserCode: p.Code[:codeLength/2] + "-" + p.Code[codeLength/2:],
		ExpiresIn: int(pairTime.Seconds()), Interval: int(pairPoll.Seconds()),
	})
}

func (s *Server) putPairing(ctx context.Context, id string, p pairing) error {
	value, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode pairing: %w", err)
	}
	if err := s.States.Put(ctx, pairingKind, id, value, max(time.Second, p.Expires.Sub(s.now()))); err != nil {
		return fmt.Errorf("keep pairing: %w", err)
	}
	return nil
}

// newCode draws letters without favouring any.
func newCode() string {
	const fair = 256 - 256%len(codeLetters)
	code := make([]byte, 0, codeLength)
	for b := make([]byte, 1); len(code) < codeLength; {
		_, _ = rand.Read(b)
		if int(b[0]) < fair {
			code = append(code, codeLetters[int(b[0])%len(codeLetters)])
		}
	}
	return string(code)
}

// pollPairing answers a screen that waits: 202 until it is approved.
func (s *Server) pollPairing(c echo.Context) error {
	var body pollBody
	if err := readJSON(c, &body); err != nil {
		return err
	}
	ctx := c.Request().Context()
	p, err := s.pairing(ctx, hashOf(body.DeviceCode))
	if err != nil {
		return err
	}
	if p.Token == "" {
		return s.reply(c, http.StatusAccepted, pollView{Status: "pending"})
	}
	if p, err = s.redeem(ctx, body.DeviceCode); err != nil {
		return err
	}
	c.SetCookie(s.gate.cookie(displayCookie, p.Token, displayTime))
	return s.reply(c, http.StatusOK, pollView{Status: "approved", Wall: p.Wall, Name: p.Name})
}

type pollBody struct {
	DeviceCode string `json:"device_code"`
}

type pollView struct {
	Status string `json:"status"` // pending or approved
	Wall   string `json:"wall,omitempty"`
	Name   string `json:"name,omitempty"`
}

func errCodeOver() error {
	return newProblem(http.StatusGone, "This code is used or older than %s: ask for a new one.", spell(pairTime))
}

func (s *Server) pairing(ctx context.Context, id string) (pairing, error) {
	var p pairing
	raw, err := s.States.Get(ctx, pairingKind, id)
	if errors.Is(err, mood.ErrNotFound) {
		return p, errCodeOver()
	}
	if err != nil {
		return p, fmt.Errorf("look up pairing: %w", err)
	}
	if json.Unmarshal(raw, &p) != nil || !s.now().Before(p.Expires) {
		return p, errCodeOver()
	}
	return p, nil
}

// approve pairs the screen that shows a code with a wall.
func (s *Server) approve(c echo.Context) error {
	var body approveBody
	if err := readJSON(c, &body); err != nil {
		return err
	}
	if wait := s.gate.codes.wait(c.RealIP()); wait > 0 {
		return newProblem(http.StatusTooManyRequests, "%d wrong codes came from your address: try again in %s.", codeTries, spell(wait)).after(wait)
	}
	name := strings.TrimSpace(body.Name)
	if name == "" || len(name) > 100 {
		return newProblem(http.StatusBadRequest, "Give the screen a name of at most 100 bytes, such as Lobby left.")
	}
	if body.Wall != "" && !s.watched.Load().hasWall(body.Wall) {
		return newProblem(http.StatusBadRequest, "There is no wall %q: use one that agora.yaml names under walls, or none.", body.Wall)
	}
	ctx := c.Request().Context()
	id, p, err := s.findCode(ctx, body.UserCode)
	if err != nil {
		return err
	}
	if id == "" {
		s.gate.codes.take(c.RealIP(), 1)
		return newProblem(http.StatusNotFound, "No screen shows this code now. Type the eight letters as they stand on the screen; a code lasts %s.", spell(pairTime))
	}
	d, token := newDisplay(name, body.Wall, s.now())
	if err := s.gate.putDisplay(ctx, d); err != nil {
		return err
	}
	p.Token, p.Name, p.Wall = token, name, body.Wall
	if err := s.putPairing(ctx, id, p); err != nil {
		return err
	}
	return s.reply(c, http.StatusCreated, d.Display)
}

type approveBody struct {
	UserCode string `json:"user_code"`
	Name     string `json:"name"`
	Wall     string `json:"wall"` // empty: the first one
}

// findCode finds the pairing that waits under a code, however it was typed.
func (s *Server) findCode(ctx context.Context, typed string) (string, pairing, error) {
	code := strings.Map(func(r rune) rune {
		if strings.ContainsRune(codeLetters, r) {
			return r
		}
		return -1
	}, strings.ToUpper(typed))
	waiting, err := s.States.List(ctx, pairingKind)
	if err != nil {
		return "", pairing{}, fmt.Errorf("list pairings: %w", err)
	}
	for id, raw := range waiting {
		var p pairing
		if json.Unmarshal(raw, &p) == nil && p.Code == code && len(code) == codeLength && p.Token == "" && s.now().Before(p.Expires) {
			return id, p, nil
		}
	}
	return "", pairing{}, nil
}
