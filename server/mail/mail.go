// Package mail sends mails over SMTP, one to each recipient, and says in words
// that an operator can act on why one could not be sent.
package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"os"
	"time"
)

// Config says how mails leave.
type Config struct {
	// Server is smtp://user@host:587, where STARTTLS is insisted on unless the
	// host is on loopback, or smtps://user@host:465. Without a user nobody logs
	// in; the port may be left out.
	Server   string
	Password string // of the user; goes to the server and nowhere else
	From     string // an address, with a name or without
	// Timeout bounds every single step; a mail as a whole may take ten times as
	// long. 0: a minute.
	Timeout time.Duration
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: silence

	// Tests have a network and authorities of their own.
	dial  func(ctx context.Context, network, address string) (net.Conn, error)
	roots *x509.CertPool
}

// Sender sends. It may be used by any number of goroutines.
type Sender struct {
	Config
	server server
	from   Address
	helo   string
}

// New checks a configuration. Nothing is sent or asked yet.
func New(c Config) (*Sender, error) {
	at, err := parseServer(c.Server)
	if err != nil {
		return nil, err
	}
	if at.user == "" && c.Password != "" {
		return nil, errors.New("there is a password for the mail server, but its address names no user: write smtp://user@host")
	}
	if at.user != "" && c.Password == "" {
		return nil, errors.New("the address of the mail server names a user, but there is no password")
	}
	from, err := ParseAddress(c.From)
	if err != nil {
		return nil, err
	}
	if c.Timeout <= 0 {
		c.Timeout = time.Minute
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.dial == nil {
		c.dial = (&net.Dialer{}).DialContext
	}
	return &Sender{Config: c, server: at, from: from, helo: ownName()}, nil
}

// Host is the name of the mail server.
func (s *Sender) Host() string { return s.server.host }

// Send sends a message to each of its recipients by itself. It goes on after
// one that failed; the error is then a [Failures], with one for each recipient
// that has no mail.
func (s *Sender) Send(ctx context.Context, m Message) error {
	mails, err := s.compose(m)
	if err != nil {
		return err
	}
	var (
		line   *line // to the server
		failed Failures
		away   *Failure // why the server can't be talked to; nobody else is tried then
	)
	defer func() { line.hangUp() }()
	for _, mail := range mails {
		if away == nil && line == nil {
			line, away = s.call(ctx)
		}
		if away != nil {
			mine := *away
			mine.To, mine.As = mail.to.Email, mail.as
			failed = append(failed, &mine)
			continue
		}
		if m.Due != nil {
			due, err := m.Due(mail.as)
			if err != nil {
				failed = append(failed, &Failure{To: mail.to.Email, As: mail.as, Host: s.server.host, Soon: true, err: err,
					What: "was not given the mail, since nobody knows whether it was sent before (" + clean(err.Error()) + ")"})
			}
			if !due || err != nil {
				continue
			}
		}
		f, usable := line.send(mail)
		if !usable {
			line.hangUp()
			line = nil
		}
		if f != nil {
			f.As = mail.as
			failed = append(failed, f)
			continue
		}
		s.Log.LogAttrs(ctx, slog.LevelInfo, "a mail was sent", slog.String("to", mail.to.Email),
			slog.String("subject", m.Subject), slog.String("id", mail.id))
		if m.Sent != nil {
			m.Sent(mail.as)
		}
	}
	if len(failed) > 0 {
		return failed
	}
	return nil
}

// Check calls the server, logs in, and says what is wrong, if anything is. It
// sends nothing.
func (s *Sender) Check(ctx context.Context) error {
	line, away := s.call(ctx)
	if away != nil {
		return away
	}
	defer line.hangUp()
	if err := line.client.Noop(); err != nil {
		return line.failure(atGreeting, err)
	}
	return nil
}

// ownName is what this machine calls itself to a server.
func ownName() string {
	name, err := os.Hostname()
	if err != nil || !isHostName(name) {
		return "localhost"
	}
	return name
}

func isHostName(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && (i == 0 || r != '-' && r != '.') {
			return false
		}
	}
	return true
}
