package mqtt

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"time"

	"golang.org/x/net/websocket"
)

// overWeb speaks MQTT in WebSocket frames over a connection.
func overWeb(ctx context.Context, to *url.URL, over net.Conn) (net.Conn, error) {
	origin := *to
	origin.Scheme = map[string]string{"ws": "http", "wss": "https"}[to.Scheme]
	origin.Path, origin.RawQuery = "", ""
	if to.Path == "" {
		with := *to
		with.Path = "/mqtt" // as most brokers have it
		to = &with
	}
	cfg, err := websocket.NewConfig(to.String(), origin.String())
	if err != nil {
		return nil, fmt.Errorf("read the address of the broker: %w", err)
	}
	cfg.Protocol = []string{"mqtt"}
	if end, ok := ctx.Deadline(); ok {
		if err := over.SetDeadline(end); err != nil {
			return nil, err
		}
	}
	stop := context.AfterFunc(ctx, func() { _ = over.SetDeadline(time.Now()) })
	defer stop()
	conn, err := websocket.NewClient(cfg, over)
	if err != nil {
		return nil, fmt.Errorf("open a WebSocket: %w", err)
	}
	conn.PayloadType = websocket.BinaryFrame
	return conn, over.SetDeadline(time.Time{})
}
