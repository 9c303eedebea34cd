package social

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/coder/websocket"
)

// socket is an open WebSocket.
type socket struct{ conn *websocket.Conn }

// socketURL reads an address of a WebSocket; one of the web means the same
// server.
func socketURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("%q is no address of a stream; it begins with wss://, or ws:// inside your house", s)
	}
	switch strings.ToLower(u.Scheme) {
	case "ws", "wss":
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	default:
		return nil, fmt.Errorf("%q is no address of a stream; it begins with wss://, or ws:// inside your house", s)
	}
	return u, nil
}

// dial opens a WebSocket in its host's turn.
func (d *Desk) dial(ctx context.Context, u *url.URL) (*socket, error) {
	w := d.r.web
	done, err := w.manners.turn(ctx, u, d.e.preset.etiquette())
	if err != nil {
		return nil, err
	}
	defer done()
	header := http.Header{"User-Agent": {w.agent}}
	dialing, cancel := context.WithTimeoutCause(ctx, 2*headerTime, fmt.Errorf("it did not answer within %v: %w", 2*headerTime, context.DeadlineExceeded))
	defer cancel()
	conn, resp, err := websocket.Dial(dialing, u.String(), &websocket.DialOptions{HTTPClient: w.client, HTTPHeader: header})
	if err != nil {
		if resp != nil && resp.StatusCode != http.StatusSwitchingProtocols {
			if refusal := w.judge(u, resp); refusal != nil {
				return nil, refusal
			}
			return nil, garbled("it answered %d, and no WebSocket", resp.StatusCode)
		}
		return nil, causeOf(dialing, inner(err))
	}
	conn.SetReadLimit(-1) // see next
	return &socket{conn}, nil
}

// inner takes the library's words off an error of the network.
func inner(err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err
	}
	return err
}

// next gives the next message; one that is too long to be meant comes empty.
func (s *socket) next(ctx context.Context) ([]byte, error) {
	_, r, err := s.conn.Reader(ctx)
	if err != nil {
		return nil, s.say(ctx, err)
	}
	frame, err := io.ReadAll(io.LimitReader(r, maxFrame+1))
	if err != nil {
		return nil, s.say(ctx, err)
	}
	if len(frame) <= maxFrame {
		return frame, nil
	}
	// It would come again on every line, so it is passed over.
	if n, err := io.CopyN(io.Discard, r, maxSkipped); n == maxSkipped {
		return nil, garbled("it sent a message of over %d MiB", maxSkipped>>20)
	} else if !errors.Is(err, io.EOF) {
		return nil, s.say(ctx, err)
	}
	return nil, nil
}

// The largest message that is read, and the largest that is passed over.
const (
	maxFrame   = 1 << 20
	maxSkipped = 64 << 20
)

func (s *socket) say(ctx context.Context, err error) error {
	var closed websocket.CloseError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &closed):
		return &endedError{strings.TrimSpace(fmt.Sprintf("%d %s", closed.Code, closed.Reason))}
	}
	return &endedError{}
}

// close cuts the line.
func (s *socket) close() { _ = s.conn.CloseNow() }
