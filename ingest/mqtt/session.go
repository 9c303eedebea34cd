package mqtt

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/eclipse/paho.golang/packets"
	"github.com/eclipse/paho.golang/paho"
	"github.com/eclipse/paho.golang/paho/session/state"
)

// The bounds of a session.
const (
	inFlight    = 512                  // messages that aren't acknowledged yet, at most
	most        = 2 * inFlight         // that wait here: those with QoS 0, too
	atOnce      = 256                  // that are taken together
	ackEvery    = 5 * time.Millisecond // acknowledgements go in bunches
	ackTime     = 5 * time.Second      // until the broker has the last ones, at most
	keepAlive   = 30                   // seconds
	sessionTime = 7 * 24 * 3600        // seconds for which the broker keeps what comes, while nobody listens
	largest     = 1 << 20              // bytes of a message
)

// refusal is a word of the broker with its reason code.
type refusal struct {
	doing string
	code  byte
	why   string
}

// Error says what the broker refused, and what to do.
func (r *refusal) Error() string {
	s := fmt.Sprintf("the broker refuses %s: %s (0x%02x)", r.doing, strings.ToLower(r.why), r.code)
	switch r.code {
	case packets.ConnackBadUsernameOrPassword, packets.ConnackNotAuthorized:
		s += ". Check user: and the password in agora.yaml, and what the broker lets them do"
	case packets.ConnackUnsupportedProtocolVersion:
		s += ". Agora speaks MQTT 5"
	}
	return s
}

// taken is another client with the same id.
var errTaken = errors.New("another client took the session over: give each Agora a client_id: of its own")

// session knows how many acknowledgements wait for the client to send them.
type session struct {
	*state.State
	due atomic.Int64
}

// Ack sends an acknowledgement.
func (s *session) Ack(p *packets.Publish) error {
	defer s.due.Add(-1)
	return s.State.Ack(p)
}

// line is a connection that is subscribed.
type line struct {
	*paho.Client
	session *session
}

// ack acknowledges a message. The client forgets what came before it was done
// with connecting, as what waited at the broker does; its session doesn't.
func (l line) ack(p *paho.Publish) {
	if p.QoS == 0 {
		return
	}
	l.session.due.Add(1)
	if errors.Is(l.Ack(p), paho.ErrPacketNotFound) {
		_ = l.session.Ack(p.Packet()) // where the connection is gone, it comes again
	}
}

// sent waits until all acknowledgements are sent.
func (l line) sent(ctx context.Context) {
	tick := time.NewTicker(ackEvery)
	defer tick.Stop()
	for l.session.due.Load() > 0 {
		select {
		case <-tick.C:
		case <-l.Done():
			return
		case <-ctx.Done():
			return
		}
	}
}

// hangUp ends the connection, if that hasn't happened.
func (l line) hangUp() {
	_ = l.Disconnect(&paho.Disconnect{}) // it may be gone already
	<-l.Done()
	_ = l.session.Close() // it is in memory
}

// join connects; the handler gets what comes, which may be at once.
func (s *Source) join(ctx context.Context, clean bool, handler func(paho.PublishReceived) (bool, error), lost func(error)) (line, error) {
	joining, cancel := context.WithTimeout(ctx, joinTime)
	defer cancel()
	conn, err := s.conn(joining)
	if err != nil {
		return line{}, err
	}
	b := s.cfg.Broker
	session := &session{State: state.NewInMemory()}
	client := paho.NewClient(paho.ClientConfig{
		Session: session, ClientID: b.ClientID, Conn: packets.NewThreadSafeConn(conn), PacketTimeout: joinTime,
		EnableManualAcknowledgment: true, SendAcksInterval: ackEvery,
		OnPublishReceived: []func(paho.PublishReceived) (bool, error){handler},
		OnClientError:     lost,
		OnServerDisconnect: func(d *paho.Disconnect) {
			if d.ReasonCode == packets.DisconnectSessionTakenOver {
				lost(errTaken)
				return
			}
			lost(&refusal{"to go on", d.ReasonCode, (&packets.Disconnect{ReasonCode: d.ReasonCode}).Reason()})
		},
	})
	expiry, most, size := uint32(sessionTime), uint16(inFlight), uint32(largest)
	if clean {
		expiry = 0
	}
	connect := &paho.Connect{
		ClientID: b.ClientID, KeepAlive: keepAlive, CleanStart: clean,
		Properties: &paho.ConnectProperties{SessionExpiryInterval: &expiry, ReceiveMaximum: &most, MaximumPacketSize: &size},
	}
	if b.User != "" {
		connect.UsernameFlag, connect.Username = true, b.User
	}
	if b.Password != "" {
		connect.PasswordFlag, connect.Password = true, []byte(b.Password)
	}
	ack, err := client.Connect(joining, connect)
	if err != nil {
		if ack != nil && ack.ReasonCode >= 0x80 {
			err = &refusal{"the connection", ack.ReasonCode, (&packets.Connack{ReasonCode: ack.ReasonCode}).Reason()}
		}
		return line{}, errors.Join(err, closed(conn.Close()), closed(session.Close()))
	}
	return line{client, session}, nil
}

// subscribe asks for the topics.
func (s *Source) subscribe(ctx context.Context, l line) error {
	asking, cancel := context.WithTimeout(ctx, joinTime)
	defer cancel()
	routes := s.cfg.Broker.Routes
	all := &paho.Subscribe{}
	for _, r := range routes {
		// What the broker retains was counted when it was new.
		all.Subscriptions = append(all.Subscriptions, paho.SubscribeOptions{Topic: r.Filter, QoS: 1, RetainHandling: 2})
	}
	granted, err := l.Subscribe(asking, all)
	if granted != nil {
		for i, code := range granted.Reasons {
			if code >= 0x80 && i < len(routes) {
				return &refusal{"the topic " + routes[i].Filter, code, (&packets.Suback{Reasons: granted.Reasons}).Reason(i)}
			}
		}
	}
	return err
}

// acked waits until the broker knows what was acknowledged. One that the next
// connection reaches sooner sends it there again.
func (s *Source) acked(ctx context.Context, l line) {
	ctx, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	l.sent(ctx)
	_ = s.subscribe(ctx, l) // changes nothing, and is answered after what came before it
}

// closed drops what goes wrong with the end of what went wrong before.
func closed(error) error { return nil }

// try connects under another name, so that nobody's session is taken over.
func (s *Source) try(ctx context.Context) error {
	cfg := s.cfg
	cfg.Broker.ClientID += "-check"
	trial := New(cfg)
	nothing := func(paho.PublishReceived) (bool, error) { return true, nil }
	l, err := trial.join(ctx, true, nothing, func(error) {})
	if err != nil {
		return err
	}
	defer l.hangUp()
	return trial.subscribe(ctx, l)
}

// arrived is a message on its way in.
type arrived struct {
	packet *paho.Publish
	spare  string // id, if it has none
}

// visit listens until the connection ends.
func (s *Source) visit(ctx context.Context) error {
	taking, stop := context.WithCancel(ctx)
	defer stop()
	came := make(chan arrived, most)
	lost := make(chan error, 1)
	handler := func(p paho.PublishReceived) (bool, error) {
		if p.Packet.QoS == 0 && len(came) >= most-inFlight {
			s.unfit(1, "was sent with QoS 0 faster than it could be taken")
			return true, nil // it was sent without a promise; the others have room
		}
		select {
		case came <- arrived{p.Packet, s.seen.id(p.Packet)}:
		case <-taking.Done(): // it comes again
		}
		return true, nil
	}
	l, err := s.join(ctx, false, handler, func(err error) {
		select {
		case lost <- err:
		default: // the first says why
		}
	})
	if err != nil {
		return err
	}
	// What waited at the broker comes ahead of its answer to anything.
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.take(taking, l, came)
	}()
	if err = s.subscribe(ctx, l); err == nil {
		s.connected()
		select {
		case err = <-lost:
		case <-ctx.Done():
		}
	}
	stop()
	<-done
	if ctx.Err() != nil {
		s.acked(context.WithoutCancel(ctx), l)
	}
	l.hangUp()
	return err
}
