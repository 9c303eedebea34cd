package mail

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// line is a connection to the server, greeted and logged in.
type line struct {
	s      *Sender
	mailer *gomail.Client
	client *smtp.Client
	broke  error // what ended the connection; the mailer keeps it to itself
	stop   func()

	mu    sync.Mutex
	conn  net.Conn // below TLS: closing it needs no answer
	ended bool     // a connection that comes now is closed
}

// call connects, secures the connection, and logs in.
func (s *Sender) call(ctx context.Context) (*line, *Failure) {
	l := &line{s: s}
	at := atConnect
	ctx, cancel := context.WithTimeout(ctx, 10*s.Timeout)
	secured := &tls.Config{ServerName: s.server.host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
	policy := gomail.TLSMandatory
	switch {
	case s.server.tls:
		policy = gomail.NoTLS
	case s.server.loopback: // nobody is between; a relay may take logins under TLS only, with a certificate of its own
		policy = gomail.TLSOpportunistic
		secured.InsecureSkipVerify = true
	}
	options := []gomail.Option{
		gomail.WithPort(s.server.port), gomail.WithTimeout(10 * s.Timeout), gomail.WithHELO(s.helo),
		gomail.WithTLSConfig(secured), gomail.WithTLSPolicy(policy), gomail.WithoutNoop(),
		gomail.WithDialContextFunc(func(ctx context.Context, network, _ string) (net.Conn, error) {
			conn, err := s.dialWithin(ctx, network)
			if err != nil {
				return nil, err
			}
			conn = &patient{Conn: conn, each: s.Timeout, broke: &l.broke}
			if !l.hold(conn) {
				return nil, context.Cause(ctx)
			}
			if s.server.tls {
				at = atSecure
				over := tls.Client(conn, secured)
				if err := over.HandshakeContext(ctx); err != nil {
					return nil, err
				}
				conn = over
			}
			at = atGreeting
			return conn, nil
		}),
	}
	if s.server.user != "" {
		options = append(options, gomail.WithSMTPAuthCustom(&login{
			user: s.server.user, password: s.Password, s: s, begun: func() { at = atLogin },
		}))
	}
	var err error
	hangUp := func() bool { return true }
	l.stop = func() { hangUp(); cancel() }
	if l.mailer, err = gomail.NewClient(s.server.host, options...); err == nil {
		hangUp = context.AfterFunc(ctx, l.drop)
		l.client, err = l.mailer.DialToSMTPClientWithContext(ctx)
	}
	if err != nil {
		f := l.failure(at, err)
		l.hangUp()
		return nil, f
	}
	return l, nil
}

func (s *Sender) dialWithin(ctx context.Context, network string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	return s.dial(ctx, network, s.server.address())
}

// send hands one mail over. usable tells whether another can follow.
func (l *line) send(m letter) (f *Failure, usable bool) {
	if ok, _ := l.client.Extension("SMTPUTF8"); !ok && (!m.to.ascii() || !l.s.from.ascii()) {
		return &Failure{To: m.to.Email, Host: l.s.server.host, at: atRecipient, What: "takes no addresses with other than plain letters (it lacks SMTPUTF8)"}, true
	}
	err := l.mailer.SendWithSMTPClient(l.client, m.msg)
	if m.msg.IsDelivered() { // what came after it was taken doesn't undo it
		return nil, err == nil
	}
	f = l.failure(atMail, err)
	f.To = m.to.Email
	return f, f.Code != 0 && f.Code != 421 && l.broke == nil
}

// hangUp ends the call; a line that was never begun has nothing to end.
func (l *line) hangUp() {
	if l == nil {
		return
	}
	if l.client != nil {
		l.mailer.CloseWithSMTPClient(l.client) //nolint:errcheck // all mails have their answer by now
	}
	l.drop()
	l.stop()
}

// hold keeps the connection for whoever ends the call. One that comes after
// that is closed, and false.
func (l *line) hold(conn net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		conn.Close() //nolint:errcheck // nothing was said yet
		return false
	}
	l.conn = conn
	return true
}

// drop closes the connection; whoever reads or writes is told.
func (l *line) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	if l.conn != nil {
		l.conn.Close() //nolint:errcheck // all that mattered has its answer, or never will
	}
}

// patient gives every step the same time, however many there are.
type patient struct {
	net.Conn
	each  time.Duration
	broke *error // the first error, for whoever made the connection; reads and writes take turns
}

func (p *patient) Read(b []byte) (n int, err error) {
	if err = p.SetReadDeadline(time.Now().Add(p.each)); err == nil {
		n, err = p.Conn.Read(b)
	}
	if err != nil && *p.broke == nil {
		*p.broke = err
	}
	return n, err
}

func (p *patient) Write(b []byte) (n int, err error) {
	if err = p.SetWriteDeadline(time.Now().Add(p.each)); err == nil {
		n, err = p.Conn.Write(b)
	}
	if err != nil && *p.broke == nil {
		*p.broke = err
	}
	return n, err
}

// SetDeadline does nothing: one deadline for all steps would cut a large mail
// off that is still being taken.
func (*patient) SetDeadline(time.Time) error { return nil }

// login logs in the best way that both sides know.
type login struct {
	user, password string
	s              *Sender
	begun          func()
	by             smtp.Auth
}

// noWay is the error of a server that offers no way to log in that is known
// here.
type noWay struct{ offers []string }

func (e noWay) Error() string {
	if len(e.offers) == 0 {
		return "offers no way to log in"
	}
	return "offers only ways to log in that aren't known here (" + clean(strings.Join(e.offers, ", ")) + ")"
}

func (g *login) Start(at *smtp.ServerInfo) (string, []byte, error) {
	g.begun()
	host := g.s.server.host
	offers := func(way string) bool {
		return slices.ContainsFunc(at.Auth, func(s string) bool { return strings.EqualFold(s, way) })
	}
	switch open := g.s.server.loopback; {
	case offers("SCRAM-SHA-256"):
		g.by = smtp.ScramSHA256Auth(g.user, g.password)
	case offers("PLAIN"):
		g.by = smtp.PlainAuth("", g.user, g.password, host, open)
	case offers("LOGIN"):
		g.by = smtp.LoginAuth(g.user, g.password, host, open)
	case offers("CRAM-MD5"):
		g.by = smtp.CRAMMD5Auth(g.user, g.password)
	default:
		return "", nil, noWay{at.Auth}
	}
	return g.by.Start(at)
}

func (g *login) Next(fromServer []byte, more bool) ([]byte, error) {
	return g.by.Next(fromServer, more)
}
