package social

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// stream follows any stream of server-sent events, or of JSON objects one on
// each line, whose fields are mapped by names.
type stream struct {
	at     *url.URL
	spec   Spec
	events bool // else lines
}

func openStream(spec Spec) (Source, error) {
	at, err := url.Parse(spec.URL)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a stream; it begins with https://, or http:// inside your house", spec.URL)
	}
	return &stream{at: at, spec: spec, events: spec.Kind == "sse"}, nil
}

// streamCursor is where to go on.
type streamCursor struct {
	ID string `json:"id"` // the last event's, or the last value of the field that is resumed by
}

// Follow listens until the line ends.
func (s *stream) Follow(ctx context.Context, d *Desk) error {
	var last streamCursor
	d.Resume(&last)
	a := ask{url: s.at, etiquette: d.e.preset.etiquette(), token: s.spec.Token, accept: "application/x-ndjson, application/jsonl, application/json;q=0.8, */*;q=0.1", header: http.Header{}}
	if s.events {
		a.accept = "text/event-stream"
	}
	if last.ID != "" {
		a.header.Set("Last-Event-ID", last.ID)
		if param := s.spec.Fields.ResumeParam; param != "" {
			at := *s.at
			q := at.Query()
			q.Set(param, last.ID)
			at.RawQuery = q.Encode()
			a.url = &at
		}
	}
	resp, err := d.r.web.open(ctx, a)
	if err != nil {
		d.Stuck(err)
		return err
	}
	text, release := newLines(ctx, resp.Body)
	defer release()
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); s.events && kind != "text/event-stream" {
		return garbled("it is no stream of server-sent events, but %q", kind)
	}
	d.Open()
	var unreadable error
	next := func() (id string, data []byte, err error) {
		data, err = text.next()
		if errors.Is(err, io.EOF) {
			if data = text.rest(); len(data) > 0 {
				err = nil
			}
		}
		return "", data, err
	}
	if s.events {
		events := newEvents(text)
		next = func() (string, []byte, error) {
			e, err := events.next()
			if e.retry > 0 {
				d.Retry(e.retry)
			}
			return e.id, e.data, err
		}
	}
	read, unread := 0, 0
	err = d.pump(ctx, s.spec.Silence, func(ctx context.Context) (came, error) {
		stop := context.AfterFunc(ctx, func() { _ = resp.Body.Close() })
		defer stop()
		id, data, err := next()
		if err != nil {
			return came{}, lineEnded(ctx, err)
		}
		var c came
		items, value, err := s.spec.Fields.read(data, s.spec.Source)
		switch {
		case err == nil && len(items) > 0:
			c.Raw = items
			read++
		case err != nil:
			if unread++; read == 0 && unread == manyUnread {
				d.Note("what comes can't be read: " + clip(err.Error(), 200))
			}
			unreadable = err
		}
		if s.spec.Fields.ResumeField != "" {
			id = value
		}
		if id != "" && id != last.ID {
			last.ID = id
			c.cursor = last
		}
		return c, nil
	})
	var ended *endedError
	if errors.As(err, &ended) && read == 0 && unread > 0 {
		return garbled("what came on the line can't be read (%v)", unreadable)
	}
	return err
}

// manyUnread is how much that can't be read makes a line one of something else:
// services have words of their own that say they are alive.
const manyUnread = 10

// lineEnded says why a line ended.
func lineEnded(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, io.EOF):
		return &endedError{}
	}
	return &endedError{strings.TrimPrefix(err.Error(), "http2: ")}
}
