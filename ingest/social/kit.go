package social

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"log/slog"
	"net"
	"net/http"
	"time"

	"agora/mood"
)

// Kit is what is done for feeds and for live sources alike. Siblings don't know
// each other, so whoever knows both hands it over.
type Kit struct {
	// Dial connects, and refuses addresses that nobody may be led to.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Text makes plain text of HTML.
	Text func(html string) string
	// Canonical gives the address that identifies a page; "" when there is none.
	Canonical func(address string) string
	// Pause reads until when an answer asks to be left alone.
	Pause func(h http.Header, now time.Time) (until time.Time, ok bool)
	// Say turns the error of a request into a sentence: what happened, what to do.
	Say func(err error) string
	// Trouble sorts the error of a request.
	Trouble func(err error, status int) mood.Trouble
}

// plain cleans a text that was plain already: its angle brackets mean
// themselves.
func (k *Kit) plain(s string) string { return clip(k.Text(html.EscapeString(s)), maxText) }

// States keeps what must outlive the process: opaque bytes by kind and id.
// Get answers mood.ErrNotFound for what isn't there.
type States interface {
	Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error
	Get(ctx context.Context, kind, id string) ([]byte, error)
}

// Intake is where everything goes. All of it is safe for concurrent use, and
// may be offered again.
type Intake interface {
	// Deliver takes mentions, and those that say something else than when they
	// were delivered (Edited). Fresh is how many are counted for the first time.
	Deliver(ctx context.Context, src mood.Source, items []mood.Mention) (fresh, tooOld int, err error)
	// Withdraw takes back what was deleted, as far as it is kept.
	Withdraw(ctx context.Context, ids []string) error
	// Activity counts what people did.
	Activity(ctx context.Context, list []mood.Activity) error
	// Push takes mentions in the form in which they are pushed.
	Push(ctx context.Context, items []json.RawMessage) (mood.Receipt, error)
}

// Config is what a [Runner] needs.
type Config struct {
	Specs  []Spec
	Intake Intake
	// Names gives the ids of the brands that a text names, by the queries in
	// force. It must be safe for concurrent use, and quick.
	Names func(title, text string) []string
	// Unnamed keeps what names no brand, for whoever tries a query on it: a share
	// of it, if there is much. Nil: nobody wants it.
	Unnamed func(m mood.Mention)
	States  States
	// Own runs do while this process is the only one that owns a thing, and
	// waits for its turn until then. Nil: no other process follows the same
	// sources.
	Own func(ctx context.Context, kind, id string, do func(context.Context) error) error

	Kit   Kit
	Agent string                   // the user agent
	Hosts map[string]time.Duration // the least time between two requests, by host, with or without a port, or domain

	Now func() time.Time // nil: time.Now
	Log *slog.Logger     // nil: nothing is logged
}

func (c *Config) check() error {
	if c.Intake == nil || c.Names == nil || c.States == nil || c.Kit.Dial == nil || c.Kit.Text == nil ||
		c.Kit.Canonical == nil || c.Kit.Pause == nil || c.Kit.Say == nil || c.Kit.Trouble == nil {
		return errors.New("live sources: Intake, Names, States and all of Kit must be set")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return nil
}
