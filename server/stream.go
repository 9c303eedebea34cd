package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/labstack/echo/v4"
)

const (
	streamPath  = "/api/v1/stream"
	socketBytes = 64 << 10         // that the kernel buffers for a reader that doesn't read
	writeSlice  = 16 << 10         // bytes in one write
	writeTime   = 30 * time.Second // without progress, before a reader is let go
	lastTime    = time.Second      // the same, once the server stops
	behindTime  = 2 * time.Second  // a write that took longer: the reader was away
	recheckTime = time.Minute      // how often an open stream's right to look is checked again
)

// serveStream answers GET /api/v1/stream.
func (s *Server) serveStream(c echo.Context) error {
	specs, ids, err := s.readSpec(c)
	if err != nil {
		return err
	}
	who := callerOf(c)
	if err := s.hub.enter(who.embed != nil); err != nil {
		return err
	}
	defer s.hub.leave(who.embed != nil)
	t, err := s.hub.join(specs, ids, who.embed != nil)
	if err != nil {
		return err
	}
	defer s.hub.part(t)
	st := newStream(s, t, c)
	defer st.cancel()
	if who.display != "" {
		s.gate.screens.add(who.display, st)
		defer s.gate.screens.remove(who.display, st)
	}
	if who.embed != nil {
		s.gate.embeds.add(st)
		defer s.gate.embeds.remove(st)
	}
	after := c.Request().Header.Get("Last-Event-ID")
	if after == "" {
		after = c.QueryParam("after")
	}
	st.prepare()
	defer context.AfterFunc(s.hub.stopped, func() { st.hurry(lastTime) })()
	c.Response().WriteHeader(http.StatusOK)
	st.account(st.serve(after, who))
	return nil
}

// stream is one reader of a topic.
type stream struct {
	server *Server
	topic  *topic
	req    *http.Request
	w      http.ResponseWriter
	rc     *http.ResponseController
	conn   net.Conn // nil: unknown

	next    uint64 // the number of the event to read next
	catchUp uint64 // events before it were missed while away
	behind  bool   // a snapshot is due, since what was missed is gone
	shown   bool   // it has, or had, a state
	limit   time.Time
	ctx     context.Context // ends when the reader leaves or is cut
	cancel  context.CancelFunc
}

func newStream(s *Server, t *topic, c echo.Context) *stream {
	conn, _ := c.Request().Context().Value(connKey{}).(net.Conn)
	w := c.Response().Writer
	st := &stream{server: s, topic: t, req: c.Request(), w: w, rc: http.NewResponseController(w), conn: conn}
	st.ctx, st.cancel = context.WithCancel(c.Request().Context())
	return st
}

// cut ends the stream from outside, even while it waits for its reader.
func (st *stream) cut() {
	st.cancel()
	st.hurry(0)
}

// hurry bounds a write that is under way.
func (st *stream) hurry(d time.Duration) {
	if st.conn != nil {
		_ = st.conn.SetWriteDeadline(time.Now().Add(d))
	}
}

// prepare readies the connection and the head of the answer.
func (st *stream) prepare() {
	if tcp, ok := st.conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(socketBytes)
	}
	_ = st.rc.SetReadDeadline(time.Time{}) // the one for requests would end the stream
	h := st.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
}

// serve writes until the reader leaves, is cut, or the server stops.
func (st *stream) serve(after string, who caller) error {
	if err := st.greet(after); err != nil {
		return err
	}
	return st.follow(who)
}

// greet says hello, how the machinery does, and finds the reader's place.
func (st *stream) greet(after string) error {
	h := st.server.hub
	hello := fmt.Appendf(nil, "retry: %d\n", jitter(time.Second, 3*time.Second).Milliseconds())
	hello = append(hello, frame("hello", "", encode(h.hello()))...)
	if status := h.status.Load(); status != nil {
		hello = append(hello, status.to(st.topic)...)
	}
	st.next, st.behind = st.topic.log.tail(), true
	if number, ok := parseEventID(after, st.topic.epoch); ok && st.topic.log.holds(number+1) {
		st.catchUp, st.next, st.behind, st.shown = st.next, number+1, false, true
		st.server.meters.joins.WithLabelValues("resume").Inc()
	} else {
		st.server.meters.joins.WithLabelValues("snapshot").Inc()
	}
	if err := st.write(hello); err != nil {
		return err
	}
	return st.rc.Flush()
}

func (st *stream) follow(who caller) error {
	t, checked := st.topic, time.Now()
	for {
		if st.behind && t.hasState() {
			if err := st.rejoin(); err != nil {
				return err
			}
		}
		part, ok := t.log.read(st.next, st.catchUp)
		if !ok {
			st.behind = true
			st.next = t.log.tail()
			continue
		}
		st.next = part.next
		if err := st.write(part.bytes); err != nil {
			return err
		}
		if part.more || st.behind && t.hasState() {
			continue
		}
		if err := st.rc.Flush(); err != nil {
			return err
		}
		if part.over {
			return st.sayGoodbye()
		}
		ready := t.ready
		if !st.behind {
			ready = nil
		}
		select {
		case <-part.grown:
		case <-ready:
		case <-st.ctx.Done():
			return nil
		}
		if now := time.Now(); now.Sub(checked) >= recheckTime {
			checked = now
			if !st.server.gate.stillKnown(st.ctx, st.req, who) {
				return nil
			}
		}
	}
}

// rejoin sends the whole state, and goes on from there.
func (st *stream) rejoin() error {
	if st.shown {
		st.server.meters.lagged.Inc()
	}
	st.shown = true
	data, next := st.topic.join()
	st.next, st.catchUp, st.behind = next, 0, false
	head := fmt.Appendf(nil, "event: snapshot\nid: %s\ndata: ", eventID(st.topic.epoch, next-1))
	for _, b := range [][]byte{head, data, []byte("\n\n")} {
		if err := st.write(b); err != nil {
			return err
		}
	}
	return nil
}

// sayGoodbye spreads the reconnects of all who are told at once, when the
// server stops. When it doesn't, a brand is gone: asking again tells so.
func (st *stream) sayGoodbye() error {
	if st.server.hub.stopped.Err() == nil {
		return nil
	}
	if err := st.write(fmt.Appendf(nil, "retry: %d\n\n", jitter(500*time.Millisecond, 5*time.Second).Milliseconds())); err != nil {
		return err
	}
	return st.rc.Flush()
}

// write writes in slices, each with its own deadline: a reader on a slow line
// gets everything, one that takes nothing is let go. One that was away for a
// while and has missed much gets a snapshot next, not old news.
func (st *stream) write(b []byte) error {
	for len(b) > 0 {
		n := min(len(b), writeSlice)
		begun := time.Now()
		if begun.Add(writeTime / 2).After(st.limit) {
			st.limit = begun.Add(writeTime)
			if err := st.rc.SetWriteDeadline(st.limit); err != nil && !errors.Is(err, http.ErrNotSupported) {
				return err
			}
			// Somebody may have been in a hurry just before.
			if err := st.ctx.Err(); err != nil {
				return err
			}
			if st.server.hub.stopped.Err() != nil {
				st.hurry(lastTime)
			}
		}
		if _, err := st.w.Write(b[:n]); err != nil {
			return err
		}
		st.server.meters.written.Add(float64(n))
		st.server.meters.writes.Inc()
		if b = b[n:]; time.Since(begun) >= behindTime && st.topic.log.lag(st.next) > socketBytes {
			st.behind = true
		}
	}
	return nil
}

func (st *stream) account(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		st.server.meters.stalled.Inc()
	}
}
