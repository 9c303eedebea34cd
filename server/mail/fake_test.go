package mail

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// fake is an SMTP server (RFC 5321) that does what it is told to.
type fake struct {
	t        *testing.T
	listener net.Listener
	cert     *tls.Certificate // nil: no STARTTLS
	roots    *x509.CertPool
	implicit bool // TLS from the first byte on
	bare     bool // it knows HELO only
	offers   []string
	auth     string            // the ways to log in
	user     string            // "name:password"; empty: nobody needs to log in
	replies  map[string]string // by command: what it answers instead; "": it hangs up; "…": it says nothing more
	after    int               // replies are given from this mail on
	slow     time.Duration     // between the bytes of an answer
	wait     sync.WaitGroup

	mu       sync.Mutex
	mails    []delivered
	calls    int
	commands []string
}

// delivered is a mail that it took.
type delivered struct {
	from, to, params string
	text             string // without dots that were stuffed
	secure           bool
	user             string
}

func newFake(t *testing.T, set func(*fake)) *fake {
	t.Helper()
	f := &fake{t: t, offers: []string{"8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES", "SIZE 30000000"}, auth: "PLAIN LOGIN"}
	if set != nil {
		set(f)
	}
	var err error
	if f.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	f.wait.Go(func() {
		for {
			conn, err := f.listener.Accept()
			if err != nil {
				return
			}
			f.mu.Lock()
			f.calls++
			f.mu.Unlock()
			f.wait.Go(func() { (&talk{fake: f, conn: conn}).run() })
		}
	})
	t.Cleanup(func() {
		f.listener.Close()
		f.wait.Wait()
	})
	return f
}

// sender makes one that reaches the fake under the name mail.test.
func (f *fake) sender(address string) *Sender {
	f.t.Helper()
	c := Config{Server: address, From: "Agora <agora@example.com>", Timeout: 2 * time.Second, roots: f.roots,
		Now: func() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.FixedZone("", 7200)) }}
	if strings.Contains(address, "@") {
		c.Password = "hunter2"
	}
	c.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, f.listener.Addr().String())
	}
	s, err := New(c)
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}

func (f *fake) taken() []delivered {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]delivered(nil), f.mails...)
}

func (f *fake) called() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

// secured gives it a certificate for a name.
func (f *fake) secured(name string, until time.Time) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: until.Add(-48 * time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		f.t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		f.t.Fatal(err)
	}
	f.cert = &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	f.roots = x509.NewCertPool()
	f.roots.AddCert(leaf)
}

// talk is one call.
type talk struct {
	*fake
	conn   net.Conn
	in     *bufio.Reader
	secure bool
	who    string
	mail   delivered
}

func (k *talk) run() {
	defer func() { k.conn.Close() }()
	if k.implicit && !k.secureLine() {
		return
	}
	k.in = bufio.NewReader(k.conn)
	if !k.answer("greeting", "220 mail.test ESMTP") {
		return
	}
	for {
		text, err := k.in.ReadString('\n')
		if err != nil || text[0] == 0x16 { // somebody speaks TLS
			return
		}
		if !strings.HasSuffix(text, "\r\n") {
			k.t.Errorf("a line without CRLF: %q", text)
		}
		text = strings.TrimRight(text, "\r\n")
		verb := strings.ToUpper(strings.Fields(text + " ?")[0])
		k.mu.Lock()
		k.commands = append(k.commands, verb)
		k.mu.Unlock()
		if !k.obey(verb, text) {
			return
		}
	}
}

func (k *talk) secureLine() bool {
	over := tls.Server(k.conn, &tls.Config{Certificates: []tls.Certificate{*k.cert}})
	if over.Handshake() != nil {
		return false
	}
	k.conn, k.in, k.secure = over, bufio.NewReader(over), true
	return true
}

// answer says what it was told to say, else the usual.
func (k *talk) answer(command, usual string) bool {
	if told, ok := k.replies[command]; ok && len(k.taken()) >= k.after {
		if told == "" {
			return false
		}
		if told == "…" {
			k.in.ReadByte() // until the other side gives up
			return false
		}
		usual = told
	}
	for _, b := range []byte(strings.ReplaceAll(usual, "\n", "\r\n") + "\r\n") {
		if _, err := k.conn.Write([]byte{b}); err != nil {
			return false
		}
		time.Sleep(k.slow)
	}
	return !strings.HasPrefix(usual, "421")
}

func (k *talk) obey(verb, text string) bool {
	switch verb {
	case "EHLO":
		if k.bare {
			return k.answer(verb, "502 what?")
		}
		lines := append([]string{"mail.test"}, k.offers...)
		if k.cert != nil && !k.secure {
			lines = append(lines, "STARTTLS")
		}
		if k.auth != "" && (k.cert == nil || k.secure) {
			lines = append(lines, "AUTH "+k.auth)
		}
		for i := range lines {
			sep := "-"
			if i == len(lines)-1 {
				sep = " "
			}
			lines[i] = "250" + sep + lines[i]
		}
		return k.answer(verb, strings.Join(lines, "\n"))
	case "STARTTLS":
		return k.answer(verb, "220 go ahead") && k.secureLine()
	case "AUTH":
		return k.login(text)
	case "MAIL":
		if k.user != "" && k.who == "" {
			return k.answer(verb, "530 5.7.0 log in first")
		}
		from, params, _ := strings.Cut(strings.TrimPrefix(text, "MAIL FROM:"), " ")
		k.mail = delivered{from: from, params: params, secure: k.secure, user: k.who}
		return k.answer(verb, "250 ok")
	case "RCPT":
		k.mail.to = strings.TrimPrefix(text, "RCPT TO:")
		return k.answer(verb+" "+k.mail.to, "250 ok")
	case "DATA":
		if !k.answer(verb, "354 go on") {
			return false
		}
		if told, ok := k.replies[verb]; ok && told != "" {
			return true
		}
		return k.take()
	case "QUIT":
		k.answer(verb, "221 bye")
		return false
	default: // HELO, RSET, NOOP
		return k.answer(verb, "250 ok")
	}
}

func (k *talk) take() bool {
	var b strings.Builder
	for {
		text, err := k.in.ReadString('\n')
		if err != nil {
			return false
		}
		if text == ".\r\n" {
			break
		}
		if len(text) > 1000 {
			k.t.Errorf("a line of %d bytes: 1000 are the most", len(text))
		}
		b.WriteString(strings.TrimPrefix(text, "."))
	}
	k.mail.text = b.String()
	told, ok := k.replies["."]
	if refused := ok && len(k.taken()) >= k.after && (told == "" || told[0] != '2'); !refused {
		k.mu.Lock()
		k.mails = append(k.mails, k.mail)
		k.mu.Unlock()
		if !ok {
			return k.answer(".", "250 taken")
		}
	}
	return k.answer(".", "250 taken")
}

func (k *talk) login(text string) bool {
	fields := strings.Fields(text)
	ask := func(what string) string {
		fmt.Fprintf(k.conn, "334 %s\r\n", base64.StdEncoding.EncodeToString([]byte(what)))
		got, _ := k.in.ReadString('\n')
		raw, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(got))
		return string(raw)
	}
	var who string
	switch fields[1] {
	case "PLAIN":
		raw, _ := base64.StdEncoding.DecodeString(fields[2])
		who = strings.Join(strings.Split(string(raw), "\x00")[1:], ":")
	case "LOGIN":
		who = ask("Username:")
		who += ":" + ask("Password:")
	}
	if who != k.user {
		return k.answer("AUTH", "535 5.7.8 no such user, or another password")
	}
	k.who = who
	return k.answer("AUTH", "235 welcome")
}
