package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// stage is how far a call had come.
type stage int

const (
	atConnect stage = iota
	atSecure
	atGreeting
	atLogin
	atMail
	atSender
	atRecipient
	atData
)

// Failure says why one mail was not sent.
type Failure struct {
	To   string // empty: no mail was tried
	As   string // how the message named the recipient
	Host string // of the server
	Code int    // what the server answered; 0: nothing

	What string // as it goes on after the name of the server
	Do   string // what to do about it; may be empty
	Soon bool   // the same mail may be taken later

	at  stage
	err error
}

// Error is one sentence: for whom, what happened, and what to do.
func (f *Failure) Error() string {
	if f.To == "" {
		return f.reason()
	}
	return f.To + ": " + f.reason()
}

func (f *Failure) reason() string {
	s := "the mail server " + f.Host + " " + f.What
	if f.Do != "" {
		s += ": " + f.Do
	}
	return s
}

// Reason is the error without the recipient.
func (f *Failure) Reason() string { return f.reason() }

// Unwrap is the error below.
func (f *Failure) Unwrap() error { return f.err }

// Temporary tells whether the same mail may be taken later.
func (f *Failure) Temporary() bool { return f.Soon }

// Failures are the mails that were not sent, in the order of the recipients.
type Failures []*Failure

// Error names each reason once, with its recipients.
func (fs Failures) Error() string {
	var (
		reasons []string
		whom    = map[string][]string{}
	)
	for _, f := range fs {
		r := f.reason()
		if whom[r] == nil {
			reasons = append(reasons, r)
		}
		whom[r] = append(whom[r], f.To)
	}
	for i, r := range reasons {
		reasons[i] = strings.Join(whom[r], ", ") + ": " + r
	}
	return strings.Join(reasons, "; ")
}

// Temporary tells whether any of the mails may be taken later.
func (fs Failures) Temporary() bool {
	for _, f := range fs {
		if f.Temporary() {
			return true
		}
	}
	return false
}

// Unwrap gives the failures one by one.
func (fs Failures) Unwrap() []error {
	errs := make([]error, len(fs))
	for i, f := range fs {
		errs[i] = f
	}
	return errs
}

// failure finds the words for an error.
func (l *line) failure(at stage, err error) *Failure {
	f := &Failure{Host: l.s.server.host, at: at, err: err}
	var refused *gomail.SendError
	if errors.As(err, &refused) {
		f.at = stageOf(refused.Reason)
		f.Code = refused.ErrorCode()
	}
	var (
		answer *textproto.Error
		way    noWay
	)
	if errors.As(err, &answer) {
		f.Code = answer.Code
	}
	switch {
	case f.Code != 0:
		f.answered(said(f.Code, answer, err), l.s)
	case errors.As(err, &way):
		f.What, f.Do = way.Error(), "is it the right server and port?"
	case strings.Contains(err.Error(), "does not support STARTTLS"):
		f.What, f.Do = "offers no STARTTLS, and nothing is sent over an open line", "use smtps:// and its port, usually 465, or ask who runs it"
	default:
		f.Soon = true
		f.What, f.Do = l.lost(f.at, errors.Join(err, l.broke))
	}
	return f
}

// answered finds the words for a refusal.
func (f *Failure) answered(said string, s *Sender) {
	f.Soon = f.Code < 500
	switch f.at {
	case atLogin:
		f.What = "refused the login of " + s.server.user + said
		if !f.Soon {
			f.Do = "check the user in mail.server and the password"
		}
	case atSender:
		f.What = "refused the sender " + s.from.Email + said
		if !f.Soon {
			f.Do = "may this user send as mail.from?"
		}
	case atRecipient:
		f.What = "refused the recipient" + said
		if !f.Soon {
			f.Do = "is the address right?"
		}
	case atData, atMail:
		f.What = "refused the mail" + said
	case atConnect, atSecure, atGreeting:
		f.What = "turned the call away" + said
	}
	if f.Soon {
		f.Do = "it may take it later"
	}
}

// lost finds the words for a server that gave no answer.
func (l *line) lost(at stage, err error) (what, do string) {
	var (
		unknown  *net.DNSError
		authory  x509.UnknownAuthorityError
		name     x509.HostnameError
		invalid  x509.CertificateInvalidError
		verify   *tls.CertificateVerificationError
		plain    tls.RecordHeaderError
		timedOut net.Error
	)
	switch {
	case errors.As(err, &unknown):
		if unknown.IsNotFound {
			return "can't be found", "is its name right in mail.server?"
		}
		return "can't be looked up (" + unknown.Err + ")", "does this machine reach a name server?"
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("lets nobody in on port %d", l.s.server.port), "is the port right in mail.server, and does the server run?"
	case errors.As(err, &authory), errors.As(err, &name), errors.As(err, &invalid), errors.As(err, &verify):
		return "showed a certificate that can't be trusted (" + clean(innermost(err).Error()) + ")", "use the name that stands in its certificate, or have that renewed"
	case errors.As(err, &plain):
		return fmt.Sprintf("speaks no TLS on port %d", l.s.server.port), "smtps:// is for port 465, smtp:// for 587"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timedOut) && timedOut.Timeout():
		if at == atConnect {
			return "doesn't answer", "does this machine's network let it out on port " + fmt.Sprint(l.s.server.port) + "?"
		}
		return "stopped answering" + when[at], ""
	case errors.Is(err, context.Canceled), errors.Is(err, net.ErrClosed):
		return "was hung up on" + when[at], "Agora was stopping, or the mail took too long"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "hung up" + when[at], ""
	}
	return "can't be talked to" + when[at] + " (" + clean(err.Error()) + ")", ""
}

// when says how far a call had come that broke off.
var when = map[stage]string{
	atSecure: " while the line was secured", atGreeting: " at the greeting", atLogin: " at the login",
	atMail: " while it took the mail", atSender: " when the sender was named", atRecipient: " when the recipient was named",
	atData: " while it took the mail",
}

func stageOf(r gomail.SendErrReason) stage {
	switch r {
	case gomail.ErrSMTPMailFrom:
		return atSender
	case gomail.ErrSMTPRcptTo:
		return atRecipient
	case gomail.ErrSMTPData, gomail.ErrSMTPDataClose, gomail.ErrWriteContent:
		return atData
	}
	return atMail
}

// said is the server's own words.
func said(code int, answer *textproto.Error, err error) string {
	text := ""
	if answer != nil {
		text = answer.Msg
	} else if _, after, ok := strings.Cut(err.Error(), fmt.Sprint(code)+" "); ok { // as textproto.Error writes it
		if quoted, err := strconv.QuotedPrefix(after); err == nil {
			text, _ = strconv.Unquote(quoted)
		}
	}
	return fmt.Sprintf(" (%d %s)", code, clean(text))
}

// clean makes a server's words fit into one line of a log.
func clean(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return s
}

func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
