package mail

import (
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Address is where a mail goes to or comes from. Its domain is in ASCII.
type Address struct {
	Name  string // as people read it; may be empty
	Email string // local@domain
}

// Longest parts of an address (RFC 5321, 4.5.3.1), and of a name.
const (
	longestLocal  = 64
	longestDomain = 255
	longestName   = 200
)

// ParseAddress reads one address, such as boss@example.com or 'Team
// <team@example.com>'. A domain in other letters is turned into ASCII.
func ParseAddress(s string) (Address, error) {
	if strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s) {
		return Address{}, fmt.Errorf("%q is no mail address: it has characters that no address has", s)
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil {
		return Address{}, fmt.Errorf("%q is no mail address: write it as name@example.com, or as 'Name <name@example.com>'", s)
	}
	cut := strings.LastIndexByte(parsed.Address, '@')
	local, domain := parsed.Address[:cut], parsed.Address[cut+1:]
	// What is legal in quotes has fooled many a program; no mailbox needs it.
	if strings.ContainsAny(local, " \"(),:;<>@[\\]") || strings.ContainsFunc(local, unicode.IsControl) {
		return Address{}, fmt.Errorf("%q is no mail address that can be used: there are signs before the @ that only stand in quotes", s)
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || !isHostName(ascii) {
		return Address{}, fmt.Errorf("%q is no mail address: %q is no domain", s, domain)
	}
	if len(local) > longestLocal || len(ascii) > longestDomain || len(parsed.Name) > longestName ||
		strings.ContainsFunc(parsed.Name, unicode.IsControl) { // a name may come from an encoded word
		return Address{}, fmt.Errorf("%q is no mail address that can be used: a part of it is too long, or has signs that no address has", s)
	}
	return Address{Name: parsed.Name, Email: local + "@" + ascii}, nil
}

func (a Address) domain() string { return a.Email[strings.LastIndexByte(a.Email, '@')+1:] }

// ascii tells whether any server understands the address.
func (a Address) ascii() bool {
	return !strings.ContainsFunc(a.Email, func(r rune) bool { return r > unicode.MaxASCII })
}

func (a Address) mail() *mail.Address { return &mail.Address{Name: a.Name, Address: a.Email} }

// server is an address of a mail server, taken apart.
type server struct {
	user, host string
	port       int
	tls        bool // from the first byte on
	loopback   bool // nobody else listens in
}

const serverHint = "write smtp://user@mail.example.com:587, or smtps://…:465"

// CheckServer says what is wrong with the address of a mail server, and
// whether it names a user, who needs a password.
func CheckServer(s string) (user bool, err error) {
	at, err := parseServer(s)
	return at.user != "", err
}

func parseServer(s string) (server, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return server{}, fmt.Errorf("this is no address of a mail server: %s", serverHint)
	}
	if _, has := u.User.Password(); has {
		return server{}, fmt.Errorf("the address of the mail server has a password in it, which would stand in logs: keep it in a file, and %s", serverHint)
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return server{}, fmt.Errorf("the address of the mail server says too much: %s", serverHint)
	}
	at := server{user: u.User.Username(), host: u.Hostname(), port: 587, tls: u.Scheme == "smtps"}
	if at.tls {
		at.port = 465
	}
	if p := u.Port(); p != "" {
		if at.port, err = strconv.Atoi(p); err != nil || at.port < 1 || at.port > 65535 {
			return server{}, fmt.Errorf("%q is no port of a mail server: use one from 1 to 65535", p)
		}
	}
	ip, err := netip.ParseAddr(at.host)
	if err == nil {
		at.loopback = ip.Unmap().IsLoopback()
		return at, nil
	}
	if at.host, err = idna.Lookup.ToASCII(at.host); err != nil || !isHostName(at.host) {
		return server{}, fmt.Errorf("%q is no name of a mail server: %s", u.Hostname(), serverHint)
	}
	at.loopback = at.host == "localhost"
	return at, nil
}

func (s server) address() string { return net.JoinHostPort(s.host, strconv.Itoa(s.port)) }
