package social

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"time"

	"agora/mood"
)

const (
	jetstream      = "wss://jetstream2.us-west.bsky.network/subscribe"
	blueskyPost    = "app.bsky.feed.post"
	blueskyOverlap = 5 * time.Second
	clockOff       = 10 * time.Minute // by which the stream's clock may be ahead of ours
)

// bluesky follows every public post of Bluesky through Jetstream, and keeps
// those that name a brand. Jetstream can't search: all is matched here.
type bluesky struct {
	at      *url.URL
	silence time.Duration
}

func openBluesky(spec Spec) (Source, error) {
	at, err := socketURL(address(spec.URL, jetstream))
	if err != nil {
		return nil, err
	}
	return &bluesky{at: at, silence: spec.Silence}, nil
}

// blueskyCursor is where to go on: the time of the last event, in microseconds.
type blueskyCursor struct {
	TimeUS int64 `json:"time_us"`
}

// Follow listens until the line ends. It asks for the last seconds once more:
// what comes twice is known again.
func (b *bluesky) Follow(ctx context.Context, d *Desk) error {
	at := *b.at
	q := at.Query()
	q["wantedCollections"] = []string{blueskyPost}
	q.Set("maxMessageSizeBytes", strconv.Itoa(maxFrame))
	var from blueskyCursor
	if d.Resume(&from) && from.TimeUS > 0 {
		q.Set("cursor", strconv.FormatInt(max(0, from.TimeUS-blueskyOverlap.Microseconds()), 10))
	}
	at.RawQuery = q.Encode()
	line, err := d.dial(ctx, &at)
	if err != nil {
		d.Stuck(err)
		return err
	}
	defer line.close()
	d.Open()
	last := from.TimeUS
	if last == 0 { // should this process end before anything comes, the next one goes on here
		if err := d.Commit(ctx, Batch{}, blueskyCursor{d.now().UnixMicro()}); err != nil {
			return err
		}
	}
	return d.pump(ctx, b.silence, func(ctx context.Context) (came, error) {
		frame, err := line.next(ctx)
		if err != nil {
			return came{}, err
		}
		c, at := readJetstream(frame, d)
		if at > last && at < d.now().Add(clockOff).UnixMicro() {
			last = at
			c.cursor = blueskyCursor{last}
		}
		return c, nil
	})
}

// jetstreamEvent is what Agora needs of an event.
type jetstreamEvent struct {
	DID    string `json:"did"`
	TimeUS int64  `json:"time_us"`
	Kind   string `json:"kind"`
	Commit *struct {
		Operation  string `json:"operation"`
		Collection string `json:"collection"`
		RKey       string `json:"rkey"`
		Record     *struct {
			Text      string   `json:"text"`
			CreatedAt string   `json:"createdAt"`
			Langs     []string `json:"langs"`
		} `json:"record"`
	} `json:"commit"`
}

// readJetstream reads one event. What is no event, or of another kind, is
// passed over.
func readJetstream(frame []byte, d *Desk) (c came, timeUS int64) {
	var e jetstreamEvent
	var odd *json.UnmarshalTypeError // a field is of another type than it should be: clients write what they like
	if err := json.Unmarshal(frame, &e); err != nil && !errors.As(err, &odd) {
		return c, 0
	}
	if e.Kind != "commit" || e.Commit == nil || e.Commit.Collection != blueskyPost || e.DID == "" || e.Commit.RKey == "" {
		return c, e.TimeUS
	}
	uri := "at://" + e.DID + "/" + blueskyPost + "/" + e.Commit.RKey
	id := mood.MentionID("bluesky", uri, "", "", "")
	switch e.Commit.Operation {
	case "delete":
		c.Gone = []string{id}
	case "create", "update":
		r := e.Commit.Record
		if r == nil || r.Text == "" || !d.Speaks(r.Langs...) {
			break
		}
		named := d.Names("", r.Text)
		if e.Commit.Operation == "update" && d.Unsaid(r.Text) {
			c.Gone = []string{id}
			break
		}
		if !named && !d.Passes() {
			break
		}
		m := mood.Mention{
			ID: id, GUID: uri, Text: d.r.cfg.Kit.plain(r.Text), Author: e.DID, Outlet: "bsky.app", Sources: []string{d.spec.ID},
			URL:       "https://bsky.app/profile/" + url.PathEscape(e.DID) + "/post/" + url.PathEscape(e.Commit.RKey),
			Published: saidAt(r.CreatedAt, e.TimeUS), Edited: e.Commit.Operation == "update",
		}
		if canonical := d.r.cfg.Kit.Canonical(m.URL); canonical != "" {
			m.URL = canonical
		}
		if m.Text == "" {
			break
		}
		if len(r.Langs) == 1 {
			m.Language = primary(r.Langs[0])
		}
		if !named {
			d.Pass(m)
			break
		}
		c.Mentions = []mood.Mention{m}
	}
	return c, e.TimeUS
}

// maxText bounds a text, in code points.
const maxText = 20_000

// saidAt is when a post was written, by its author's clock, which may be
// anything; else when the stream had it.
func saidAt(created string, timeUS int64) time.Time {
	heard := time.UnixMicro(timeUS).UTC()
	at, err := time.Parse(time.RFC3339Nano, created)
	if err != nil || timeUS > 0 && at.After(heard) {
		return heard
	}
	return at.UTC()
}
