package store

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"syscall"
	"time"
)

// dialTimeout is short, since the address may be that of a server that is
// gone, and another has taken over already.
const dialTimeout = time.Second

// lines are the open connections to all servers. When one falls silent, so
// have the others to the same server, and each would have to time out by
// itself: they are dropped together.
type lines struct {
	tls  *tls.Config // nil: none
	lock sync.Mutex
	open map[*line]struct{}
}

// line is an open connection.
type line struct {
	net.Conn
	to    string
	since time.Time
	of    *lines
}

// SyscallConn lets the pool look whether the line was cut while it was idle.
func (l *line) SyscallConn() (syscall.RawConn, error) {
	inner, ok := l.Conn.(syscall.Conn)
	if !ok {
		return nil, fmt.Errorf("%T has no descriptor", l.Conn)
	}
	return inner.SyscallConn()
}

// NetConn is the connection itself.
func (l *line) NetConn() net.Conn { return l.Conn }

// Close closes the line.
func (l *line) Close() error {
	l.of.lock.Lock()
	delete(l.of.open, l)
	l.of.lock.Unlock()
	return l.Conn.Close()
}

// dial opens a line.
func (ls *lines) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3,
	}}
	conn, err := dialer.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	l := &line{Conn: conn, to: conn.RemoteAddr().String(), since: time.Now(), of: ls}
	ls.lock.Lock()
	if ls.open == nil {
		ls.open = map[*line]struct{}{}
	}
	ls.open[l] = struct{}{}
	ls.lock.Unlock()
	if ls.tls == nil {
		return l, nil
	}
	config := ls.tls
	if config.ServerName == "" {
		config = config.Clone()
		config.ServerName, _, _ = net.SplitHostPort(addr)
	}
	safe := tls.Client(l, config)
	if err := safe.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return safe, nil
}

// failed drops the lines to a server that didn't answer on one of them in
// time. Those that were opened meanwhile may be better.
func (ls *lines) failed(err error) {
	var at *net.OpError
	if !errors.As(err, &at) || !at.Timeout() || at.Addr == nil || at.Op == "dial" {
		return
	}
	to, before := at.Addr.String(), time.Now().Add(-time.Second)
	var silent []*line
	ls.lock.Lock()
	for l := range ls.open {
		if l.to == to && l.since.Before(before) {
			silent = append(silent, l)
		}
	}
	ls.lock.Unlock()
	for _, l := range silent {
		l.Close()
	}
}
