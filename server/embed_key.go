package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/mood"
)

// A frame on another site gets no cookies, so what it may show stands in its
// address: a key that is worked out from one chart, its brands and a secret.
const (
	keyParam    = "key"
	embedKind   = "embed" // of state
	embedSecret = "secret"
)

// grant is one chart of some brands, in any window: what a key opens.
type grant struct {
	chart  string
	brands []string
}

// embeds keeps the secret behind all keys, and knows which streams were opened
// with one.
type embeds struct {
	states States
	now    func() time.Time

	making chan struct{} // full while a new secret is made

	mu      sync.Mutex // never held while the store is asked
	secret  []byte     // nil: none is known
	until   time.Time  // it is believed without asking the store again
	made    int        // how many secrets were made here: an answer from before the last one is old
	asking  *asking    // nil: nobody asks the store right now
	streams map[*stream]bool
}

// asking is a question for the secret, which all who need it wait for together.
type asking struct {
	done   chan struct{} // closed once secret and err are there
	secret []byte
	err    error
}

// secretWait is how long the store may take to give the secret.
const secretWait = 2 * time.Second

func newEmbeds(states States, now func() time.Time) *embeds {
	return &embeds{states: states, now: now, streams: make(map[*stream]bool), making: make(chan struct{}, 1)}
}

// key gives the key of a grant, and makes the secret at its first use.
func (e *embeds) key(ctx context.Context, g grant) (string, error) {
	secret, err := e.current(ctx)
	if errors.Is(err, mood.ErrNotFound) {
		secret, err = e.first(ctx)
	}
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(macOf(secret, g)), nil
}

// opens tells whether a key is that of a grant.
func (e *embeds) opens(ctx context.Context, key string, g grant) (bool, error) {
	shown, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil {
		return false, nil
	}
	secret, err := e.current(ctx)
	if errors.Is(err, mood.ErrNotFound) {
		return false, nil // no key was ever made
	}
	if err != nil {
		return false, err
	}
	return hmac.Equal(shown, macOf(secret, g)), nil
}

// macOf is the same in whatever order the brands are. Neither ids of charts nor
// of brands hold line ends or commas.
func macOf(secret []byte, g grant) []byte {
	brands := slices.Sorted(slices.Values(g.brands))
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(embedKind + "\n" + g.chart + "\n" + strings.Join(brands, ",")))
	return mac.Sum(nil)
}

// current gives the secret; [mood.ErrNotFound]: there is none yet. While the
// store is away, the one that is known stays in force, and the store is asked
// again only after a while.
func (e *embeds) current(ctx context.Context) ([]byte, error) {
	e.mu.Lock()
	if e.secret != nil && e.now().Before(e.until) {
		defer e.mu.Unlock()
		return e.secret, nil
	}
	if other := e.asking; other != nil {
		e.mu.Unlock()
		select {
		case <-other.done:
			return other.secret, other.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	mine, made := &asking{done: make(chan struct{})}, e.made
	e.asking = mine
	e.mu.Unlock()
	// The others wait for the answer, too: it doesn't matter who leaves.
	within, done := context.WithTimeout(context.WithoutCancel(ctx), secretWait)
	defer done()
	secret, err := e.states.Get(within, embedKind, embedSecret)
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case made != e.made: // a new one was made meanwhile
	case err == nil:
		e.believe(secret)
	case errors.Is(err, mood.ErrNotFound):
		e.secret, mine.err = nil, err
	case e.secret != nil:
		e.believe(e.secret)
	default:
		mine.err = fmt.Errorf("look up the secret of embeds: %w", err)
	}
	mine.secret, e.asking = e.secret, nil
	close(mine.done)
	return mine.secret, mine.err
}

// believe takes a secret for the one in force. The caller has the lock.
func (e *embeds) believe(secret []byte) {
	e.secret, e.until = secret, e.now().Add(believedTime)
}

// first makes the secret where there is none.
func (e *embeds) first(ctx context.Context) ([]byte, error) {
	if err := e.alone(ctx); err != nil {
		return nil, err
	}
	defer func() { <-e.making }()
	secret, err := e.current(ctx) // somebody else may have made it meanwhile
	if errors.Is(err, mood.ErrNotFound) {
		return e.make(ctx)
	}
	return secret, err
}

// renew makes a new secret: every key made before opens nothing any more, here
// at once, in other processes of the same store within believedTime. Streams of
// this process end; those of others when they are looked at again.
func (e *embeds) renew(ctx context.Context) error {
	if err := e.alone(ctx); err != nil {
		return err
	}
	defer func() { <-e.making }()
	_, err := e.make(ctx)
	return err
}

// alone waits until nobody else makes a secret.
func (e *embeds) alone(ctx context.Context) error {
	select {
	case e.making <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// make keeps a new secret. The caller holds making.
func (e *embeds) make(ctx context.Context) ([]byte, error) {
	secret := []byte(newToken())
	if err := e.states.Put(ctx, embedKind, embedSecret, secret, 0); err != nil {
		return nil, fmt.Errorf("keep the secret of embeds: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.made++
	e.believe(secret)
	for st := range e.streams {
		st.cut()
	}
	return secret, nil
}

func (e *embeds) add(st *stream) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.streams[st] = true
}

func (e *embeds) remove(st *stream) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.streams, st)
}

// byKey lets a caller through who shows the key of what is asked for. What is
// wrong with the rest of the address is nobody's business before that.
func (s *Server) byKey(c echo.Context, r route) (caller, error) {
	g, ok := r.grants(c)
	if ok {
		var err error
		if ok, err = s.gate.embeds.opens(c.Request().Context(), c.QueryParam(keyParam), g); err != nil {
			return caller{}, err
		}
	}
	if !ok {
		return caller{}, newProblem(http.StatusForbidden, "This address doesn't open this chart, or doesn't any more: make a new one with Embed… in the chart's menu.")
	}
	return caller{embed: &g}, nil
}

// needsKeys tells whether an address on another site has to carry a key.
func (g *gate) needsKeys() bool { return g.hash != nil && !g.readOpen }

// grantOf is what a request for a chart asks for. Brands must be named: which
// the first one is may change.
func (s *Server) grantOf(c echo.Context, chart string) (grant, bool) {
	p := &params{values: c.QueryParams()}
	if _, ok := charts.Find(chart); !ok || p.text("brand") == "" {
		return grant{}, false
	}
	g := grant{chart, p.brands("brand", s.watched.Load(), false)}
	return g, p.err == nil
}

// grantOfEmbed is that of GET /embed/{chart}.
func (s *Server) grantOfEmbed(c echo.Context) (grant, bool) { return s.grantOf(c, c.Param("chart")) }

// grantOfPicture is that of GET /charts/{id}.{format}, for pictures alone.
func (s *Server) grantOfPicture(c echo.Context) (grant, bool) {
	id, format, _ := strings.Cut(c.Param("file"), ".")
	if !s.isPicture(format) {
		return grant{}, false
	}
	return s.grantOf(c, id)
}

// grantOfStream is that of GET /api/v1/stream with one view and one chart.
func (s *Server) grantOfStream(c echo.Context) (grant, bool) {
	specs, ids, err := s.readSpec(c)
	if err != nil || len(specs) != 1 || len(ids) != 1 || c.QueryParam("view") == "" {
		return grant{}, false
	}
	return grant{ids[0], specs[0].brands}, true
}
