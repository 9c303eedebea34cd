package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"agora/charts/report"
	"agora/mood"
)

// Boards counts, and says when counts have changed.
type Boards interface {
	// Board gives everything of a view but baselines, drivers and the shown
	// latency. The server owns what it gets.
	Board(ctx context.Context, brands []string, w mood.Window) (*mood.Board, error)
	// Notices tells of changes until ctx ends.
	Notices(ctx context.Context) (<-chan mood.Notice, error)
	Status(ctx context.Context) mood.PartStatus
	// Epoch changes whenever counts may have been lost or replaced.
	Epoch() string
}

// Mentions lists the mentions behind a number, and what people corrected.
type Mentions interface {
	Mentions(ctx context.Context, f mood.Filter) (mood.MentionList, error)
	// Corrections gives those of one brand, newest first.
	Corrections(ctx context.Context, brand string) ([]mood.Corrected, error)
}

// Baselines knows what is usual at an hour of the week; nil: too little is
// known.
type Baselines interface {
	Baseline(ctx context.Context, brand string, w mood.Window, at time.Time) (*mood.Baseline, error)
}

// Volumes counts a brand's mentions of some time by the source that delivered
// them.
type Volumes interface {
	Volumes(ctx context.Context, brand string, from, to time.Time) (mood.Volumes, error)
}

// Intake takes what is pushed, and what people say of it. An item is accepted once it is kept for good.
type Intake interface {
	Push(ctx context.Context, items []json.RawMessage) (mood.Receipt, error)
	PushActivity(ctx context.Context, items []json.RawMessage) (mood.Receipt, error)
	Withdraw(ctx context.Context, id string) error
	// Correct fails with [mood.ErrGone] when the mention is kept no more.
	Correct(ctx context.Context, c mood.Correction) (mood.CorrectionReceipt, error)
}

// Keeper looks after the store: for the operator.
type Keeper interface {
	StoreStats(ctx context.Context) (mood.StoreStats, error)
	// VerifyStore counts again what was accepted, and compares. It wraps
	// [mood.ErrConflict] while it is done already, and [mood.ErrNotFound] where
	// nothing is kept to count.
	VerifyStore(ctx context.Context) (mood.Verification, error)
}

// States keeps opaque values by kind and id: sessions, displays, pairings. A
// missing one is [mood.ErrNotFound]; a ttl of 0 is for ever.
type States interface {
	Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error
	Get(ctx context.Context, kind, id string) ([]byte, error)
	List(ctx context.Context, kind string) (map[string][]byte, error)
	Delete(ctx context.Context, kind, id string) error
}

// Sources tells how what is polled does.
type Sources interface {
	Health() []mood.SourceHealth
}

// Limits bound what strangers can ask of the process.
type Limits struct {
	PushPerSecond int // items a second, by token or address, in bursts of ten seconds; 0: 1000
	Streams       int // open at once; 0: 2000
	// PicturesPerMinute bounds what is taken away (pictures, tables, lists), by
	// token or address; 0: 600.
	PicturesPerMinute int
}

// Config is everything that a [Server] is given. The zero value of a field is
// its default unless its comment says that it must be set.
type Config struct {
	Listen    string // host:port; port 0 picks one
	PublicURL string // where browsers reach the server, when a proxy stands before it

	Boards    Boards    // must be set
	Mentions  Mentions  // must be set
	States    States    // must be set
	Baselines Baselines // nil: no baselines
	Sources   Sources   // nil: none
	Volumes   Volumes   // nil: how much a source carries isn't known
	Intake    Intake    // nil: this process doesn't ingest
	Hubs      Hubs      // nil: no hub pushes to this process
	Hooks     Hooks     // nil: there are no webhooks
	Queries   Queries   // nil: no texts are kept here that queries could be tried on
	Keeper    Keeper    // nil: the store is measured and verified elsewhere
	Pictures  Pictures  // nil: charts can be had as tables only
	Scenes    Scenes    // nil: walls can't be had as pictures
	Past      Past      // nil: no reports are made
	Post      Post      // nil: no reports are sent
	IngestURL string    // where writing routes are forwarded to when Intake is nil

	// Ingest tells how ingestion does. Nil: up since the start where there is
	// an Intake, down where there is none.
	Ingest func(context.Context) mood.PartStatus

	// PDF writes a report; nil: reports can be had as HTML only.
	PDF func(ctx context.Context, content *report.Content, out io.Writer) error

	Brands   []mood.Brand
	Walls    []mood.Wall
	Location *time.Location // nil: UTC

	Assets  fs.FS  // must be set: pages at its top, everything they load under assets/
	Build   string // names the assets; a page that sees another one reloads itself
	Version string
	Demo    bool
	Embed   []string // origins whose pages may frame charts, such as https://intranet.example.com; * is every site

	// AdminHash is the hexadecimal SHA-256 of the admin token. Empty: nothing
	// needs a token, which is refused unless Listen is on loopback.
	AdminHash string
	ReadOpen  bool // reading needs no token even where writing does
	// OperatorSecret, in the header X-Agora-Operator, is the proof of another
	// command of the same operator on the same machine: it may write, and no
	// rate applies. Empty: nobody has it.
	OperatorSecret string
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed

	Limits   Limits
	Registry *prometheus.Registry // nil: a new one
	Now      func() time.Time     // nil: time.Now
	Log      *slog.Logger         // nil: silence
}

// check fills in defaults and refuses what can't work.
func (c *Config) check() error {
	if c.Boards == nil || c.Mentions == nil || c.States == nil || c.Assets == nil {
		return errors.New("server: Boards, Mentions, States and Assets must be set")
	}
	if c.Location == nil {
		c.Location = time.UTC
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Registry == nil {
		c.Registry = prometheus.NewRegistry()
	}
	if c.Limits.PushPerSecond <= 0 {
		c.Limits.PushPerSecond = 1000
	}
	if c.Limits.Streams <= 0 {
		c.Limits.Streams = 2000
	}
	if c.Limits.PicturesPerMinute <= 0 {
		c.Limits.PicturesPerMinute = 600
	}
	for what, raw := range map[string]string{"public_url": c.PublicURL, "ingest_url": c.IngestURL} {
		if raw == "" {
			continue
		}
		u, err := url.Parse(raw)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("%s is %q: write an address such as https://mood.example.com", what, raw)
		}
	}
	if err := CheckOrigins(c.Embed); err != nil {
		return err
	}
	if c.AdminHash != "" && len(c.AdminHash) != 64 {
		return errors.New("the hash of the admin token must be 64 hexadecimal digits")
	}
	if c.AdminHash == "" && !isLoopback(c.Listen) {
		return fmt.Errorf("listening on %s needs an admin token: set one, or listen on 127.0.0.1", c.Listen)
	}
	return nil
}

// isLoopback tells whether only this machine can reach a listen address.
func isLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		host = listen
	}
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
