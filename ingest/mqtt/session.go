package mqtt

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/eclipse/paho.golang/packets"
	"github.com/eclipse/paho.golang/paho"
)

// The bounds of a session.
const (
	inFlight    = 512                  // messages that aren't acknowledged yet, at most
	most        = 2 * inFlight         // that wait here: those with QoS 0, too
	atOnce      = 256                  // that are taken together
	ackEvery    = 5 * time.Millisecond // acknowledgements go in bunches
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

// join connects and subscribes; visit's handler gets what comes.
func (s *Source) join(ctx context.Context, clean bool, handler func(paho.PublishReceived) (bool, error), lost func(error)) (*paho.Client, error) {
	joining, cancel := context.WithTimeout(ctx, joinTime)
	defer cancel()
	conn, err := s.conn(joining)
	if err != nil {
		return nil, err
	}
	b := s.cfg.Broker
	client := paho.NewClient(paho.ClientConfig{
		ClientID: b.ClientID, Conn: packets.NewThreadSafeConn(conn), PacketTimeout: joinTime,
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
		return nil, errors.Join(err, closed(conn.Close()))
	}
	subscribe := &paho.Subscribe{}
	for _, r := range b.Routes {
		// What the broker retains was counted when it was new.
		subscribe.Subscriptions = append(subscribe.Subscriptions, paho.SubscribeOptions{Topic: r.Filter, QoS: 1, RetainHandling: 2})
	}
	granted, err := client.Subscribe(joining, subscribe)
	if granted != nil {
		for i, code := range granted.Reasons {
			if code >= 0x80 && i < len(b.Routes) {
				err = &refusal{"the topic " + b.Routes[i].Filter, code, (&packets.Suback{Reasons: granted.Reasons}).Reason(i)}
				break
			}
		}
	}
	if err != nil {
		return nil, errors.Join(err, closed(client.Disconnect(&paho.Disconnect{})))
	}
	return client, nil
}

// closed drops what goes wrong with the end of what went wrong before.
func closed(error) error { return nil }

// try connects under another name, so that nobody's session is taken over.
func (s *Source) try(ctx context.Context) error {
	cfg := s.cfg
	cfg.Broker.ClientID += "-check"
	trial := New(cfg)
	nothing := func(paho.PublishReceived) (bool, error) { return true, nil }
	client, err := trial.join(ctx, true, nothing, func(error) {})
	if err != nil {
		return err
	}
	_ = client.Disconnect(&paho.Disconnect{}) // it was there
	<-client.Done()
	return nil
}

// arrived is a message on its way in.
type arrived struct {
	packet *paho.Publish
	spare  string // id, if it has none
}

// visit listens until the connection ends.
func (s *Source) visit(ctx context.Context) error {
	came := make(chan arrived, most)
	lost := make(chan error, 1)
	handler := func(p paho.PublishReceived) (bool, error) {
		if p.Packet.QoS == 0 && len(came) >= most-inFlight {
			s.unfit(1, "was sent with QoS 0 faster than it could be taken")
			return true, nil // it was sent without a promise; the others have room
		}
		came <- arrived{p.Packet, s.seen.id(p.Packet)}
		return true, nil
	}
	client, err := s.join(ctx, false, handler, func(err error) {
		select {
		case lost <- err:
		default: // the first says why
		}
	})
	if err != nil {
		return err
	}
	s.connected()
	taking, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.take(taking, client, came)
	}()
	select {
	case err = <-lost:
	case <-ctx.Done():
	}
	stop()
	<-done
	if ctx.Err() != nil {
		rest(context.WithoutCancel(ctx), 4*ackEvery) // the last acknowledgements are on their way
	}
	_ = client.Disconnect(&paho.Disconnect{}) // it may be gone already
	<-client.Done()
	return err
}
