package mail

import (
	"context"
	"errors"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
)

// temporary is what those who try again ask of an error.
func temporary(err error) bool {
	var t interface{ Temporary() bool }
	return errors.As(err, &t) && t.Temporary()
}

func TestARefusalSaysWhoRefusedWhatAndWhetherToTryAgain(t *testing.T) {
	for _, c := range []struct {
		at, told string // of the fake
		want     []string
		again    bool
	}{
		{"greeting", "421 4.3.2 going down", []string{"mail.test turned the call away (421 4.3.2 going down)"}, true},
		{"greeting", "554 5.7.1 you again", []string{"turned the call away (554 5.7.1 you again)"}, false},
		{"greeting", "", []string{"hung up at the greeting"}, true},
		{"EHLO", "421 busy", []string{"mail.test"}, true},
		{"EHLO", "", []string{"hung up at the greeting"}, true},
		{"AUTH", "535 5.7.8 wrong", []string{"refused the login of agora (535 5.7.8 wrong)", "password"}, false},
		{"AUTH", "454 4.7.0 later", []string{"refused the login", "later"}, true},
		{"AUTH", "", []string{"hung up at the login"}, true},
		{"MAIL", "421 4.7.0 too many", []string{"a@example.com: ", "refused the sender agora@example.com (421 4.7.0 too many)"}, true},
		{"MAIL", "550 5.7.60 not you", []string{"refused the sender agora@example.com", "mail.from"}, false},
		{"MAIL", "", []string{"a@example.com: ", "hung up when the sender was named"}, true},
		{"RCPT <a@example.com>", "450 4.2.1 full", []string{"a@example.com: ", "refused the recipient (450 4.2.1 full)"}, true},
		{"RCPT <a@example.com>", "550 5.1.1 who is that", []string{"a@example.com: ", "refused the recipient (550 5.1.1 who is that)", "address"}, false},
		{"RCPT <a@example.com>", "550-5.1.1 who\n550 5.1.1 is that", []string{"refused the recipient (550 5.1.1 who 5.1.1 is that)"}, false},
		{"RCPT <a@example.com>", "", []string{"a@example.com: ", "hung up when the recipient was named"}, true},
		{"DATA", "451 4.3.0 no disk", []string{"refused the mail (451 4.3.0 no disk)"}, true},
		{"DATA", "554 5.7.1 no", []string{"refused the mail (554 5.7.1 no)"}, false},
		{"DATA", "", []string{"hung up while it took the mail"}, true},
		{".", "450 4.7.1 greylisted", []string{"refused the mail (450 4.7.1 greylisted)"}, true},
		{".", "552 5.3.4 too big", []string{"refused the mail (552 5.3.4 too big)"}, false},
		{".", "", []string{"hung up while it took the mail"}, true},
		{".", "…", []string{"stopped answering while it took the mail"}, true},
		{"MAIL", "…", []string{"stopped answering when the sender was named"}, true},
		{"greeting", "…", []string{"stopped answering at the greeting"}, true},
	} {
		t.Run(c.at+" "+c.told, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, func(f *fake) {
				f.user, f.replies = "agora:hunter2", map[string]string{c.at: c.told}
			})
			s := f.sender("smtp://agora@localhost")
			s.server.host = "mail.test"
			s.Timeout = 300 * time.Millisecond
			err := s.Send(t.Context(), aMessage("a@example.com"))
			if err == nil {
				t.Fatal("it was sent")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v\nlacks %q", err, want)
				}
			}
			if strings.ContainsAny(err.Error(), "\r\n") || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("this can't be logged: %q", err)
			}
			if temporary(err) != c.again {
				t.Errorf("%v: temporary is %v", err, temporary(err))
			}
			if len(f.taken()) != 0 {
				t.Error("the fake took it all the same")
			}
		})
	}
}

func TestWhatIsRefusedForOneIsSentToTheOthers(t *testing.T) {
	for _, told := range []string{"550 5.1.1 who", "450 4.2.1 full", "421 4.7.0 enough", ""} {
		f := newFake(t, func(f *fake) { f.replies = map[string]string{"RCPT <b@example.com>": told} })
		err := f.sender("smtp://localhost").Send(t.Context(), aMessage("a@example.com", "b@example.com", "c@example.com"))
		var fs Failures
		if !errors.As(err, &fs) || len(fs) != 1 || fs[0].To != "b@example.com" || len(f.taken()) != 2 {
			t.Errorf("%q: %v; %d were taken", told, err, len(f.taken()))
		}
	}
}

func TestAMailThatWasTakenIsSentWhateverComesAfter(t *testing.T) {
	for _, told := range []string{"", "421 bye", "500 what"} {
		f := newFake(t, func(f *fake) { f.replies = map[string]string{"RSET": told} })
		if err := f.sender("smtp://localhost").Send(t.Context(), aMessage("a@example.com", "b@example.com")); err != nil {
			t.Errorf("RSET answered by %q: %v", told, err)
		}
		if n := len(f.taken()); n != 2 {
			t.Errorf("RSET answered by %q: %d mails were taken", told, n)
		}
	}
}

func TestAServerThatIsAwayIsCalledOnceAndAccountsForAll(t *testing.T) {
	f := newFake(t, func(f *fake) { f.replies = map[string]string{"greeting": "421 later"} })
	err := f.sender("smtp://localhost").Send(t.Context(), aMessage("a@example.com", "b@example.com"))
	var fs Failures
	if !errors.As(err, &fs) || len(fs) != 2 || f.called() != 1 || strings.Count(err.Error(), "turned the call away") != 1 {
		t.Errorf("%v after %d calls", err, f.called())
	}
}

func TestALineThatIsNotSecureCarriesNothing(t *testing.T) {
	hour := time.Now().Add(time.Hour)
	for name, c := range map[string]struct {
		set   func(*fake)
		at    string
		want  string
		again bool
	}{
		"no STARTTLS":   {func(f *fake) {}, "smtp://agora@mail.test", "offers no STARTTLS", false},
		"another name":  {func(f *fake) { f.secured("other.test", hour) }, "smtp://agora@mail.test", "certificate that can't be trusted", true},
		"an old one":    {func(f *fake) { f.secured("mail.test", time.Now().Add(-time.Hour)) }, "smtp://agora@mail.test", "certificate that can't be trusted", true},
		"unknown":       {func(f *fake) { f.secured("mail.test", hour); f.roots = nil }, "smtp://agora@mail.test", "certificate that can't be trusted", true},
		"unknown, TLS":  {func(f *fake) { f.secured("mail.test", hour); f.implicit, f.roots = true, nil }, "smtps://agora@mail.test", "certificate that can't be trusted", true},
		"the wrong one": {func(f *fake) {}, "smtps://agora@mail.test", "speaks no TLS on port 465", true},
		"no login":      {func(f *fake) { f.secured("mail.test", hour); f.auth = "" }, "smtp://agora@mail.test", "offers no way to log in", false},
		"other logins":  {func(f *fake) { f.secured("mail.test", hour); f.auth = "GSSAPI NTLM" }, "smtp://agora@mail.test", "GSSAPI, NTLM", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, func(f *fake) { f.user = "agora:hunter2"; c.set(f) })
			s := f.sender(c.at)
			err := s.Send(t.Context(), aMessage("a@example.com"))
			if err == nil || !strings.Contains(err.Error(), c.want) || temporary(err) != c.again {
				t.Errorf("%v, temporary: %v", err, temporary(err))
			}
			if len(f.taken()) != 0 {
				t.Error("a mail was taken")
			}
		})
	}
}

func TestAServerThatCantBeReachedIsNamedWithWhatToDo(t *testing.T) {
	for want, why := range map[string]error{
		"mail.example.com can't be found":               &net.DNSError{Err: "no such host", Name: "mail.example.com", IsNotFound: true},
		"mail.example.com can't be looked up":           &net.DNSError{Err: "server misbehaving", Name: "mail.example.com"},
		"mail.example.com lets nobody in on port 587":   &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED},
		"mail.example.com doesn't answer":               &net.OpError{Op: "dial", Err: context.DeadlineExceeded},
		"mail.example.com can't be talked to (no route": errors.New("no route to host"),
	} {
		s, err := New(Config{Server: "smtp://mail.example.com", From: "a@example.com",
			dial: func(context.Context, string, string) (net.Conn, error) { return nil, why }})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Send(t.Context(), aMessage("b@example.com")); err == nil || !strings.Contains(err.Error(), want) || !temporary(err) {
			t.Errorf("%v: expected %q", err, want)
		}
	}
}

func TestACheckLogsInAndSendsNothing(t *testing.T) {
	f := newFake(t, func(f *fake) { f.secured("mail.test", time.Now().Add(time.Hour)); f.user = "agora:hunter2" })
	if err := f.sender("smtp://agora@mail.test").Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.commands, " "); got != "EHLO STARTTLS EHLO AUTH NOOP QUIT" {
		t.Errorf("it said %s", got)
	}
	f.user = "agora:other"
	if err := f.sender("smtp://agora@mail.test").Check(t.Context()); err == nil || !strings.Contains(err.Error(), "refused the login of agora") {
		t.Errorf("a wrong password: %v", err)
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	f := newFake(t, func(f *fake) { f.replies = map[string]string{"MAIL": "…"} })
	ctx, stop := context.WithCancel(t.Context())
	s := f.sender("smtp://localhost")
	s.Timeout = time.Hour
	ended := make(chan error, 1)
	go func() { ended <- s.Send(ctx, aMessage("a@example.com")) }()
	for f.called() == 0 {
		time.Sleep(time.Millisecond)
	}
	stop()
	if err := <-ended; err == nil || !temporary(err) {
		t.Errorf("%v", err)
	}
}

func TestACallThatIsStoppedWhileItConnectsLeavesNoLine(t *testing.T) {
	f := newFake(t, func(f *fake) { f.replies = map[string]string{"greeting": "…"} })
	for _, at := range []string{"smtp://localhost", "smtps://localhost"} {
		ctx, stop := context.WithCancel(t.Context())
		s := f.sender(at)
		dial := s.dial
		s.dial = func(_ context.Context, network, address string) (net.Conn, error) {
			stop()
			time.Sleep(50 * time.Millisecond)          // whoever watches the context comes first
			return dial(t.Context(), network, address) // it was made all the same
		}
		if err := s.Send(ctx, aMessage("a@example.com")); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: it waited for the server: %v", at, err)
		}
	}
}
