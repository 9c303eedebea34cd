package store

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// schemes are how the address of a Redis begins: a server or a node of a
// cluster, and the sentinels of a master, both also with TLS.
var schemes = []string{"redis", "rediss", "redis+sentinel", "rediss+sentinel"}

// address is where a Redis is, and how to log in.
type address struct {
	nodes            []string // host:port of the server, of a cluster's nodes or of the sentinels; or a socket's path
	master           string   // as the sentinels call it; empty: there are none
	db               int
	user, password   string
	sentinelUser     string
	sentinelPassword string
	tls              *tls.Config // nil: none
}

// AddressError says what is wrong with the address of a Redis. It doesn't
// repeat the address, which may hold a password.
type AddressError struct {
	Message string
	Written string   // a name that isn't known; empty: that isn't the trouble
	Known   []string // the names that would be
}

// Error is the message.
func (e *AddressError) Error() string { return e.Message }

// CheckAddress says what is wrong with one address, by an *AddressError:
// redis://[user:password@]host[:6379][/db], or
// redis+sentinel://[user:password@]host[:26379][,host2…]/MASTER[/db], whose
// query may have sentinel_user and sentinel_password; rediss… is with TLS.
func CheckAddress(s string) error {
	if schemeOf(s) == "unix" { // for tests
		return errScheme(s)
	}
	_, err := parseAddress(s)
	return err
}

func errScheme(s string) *AddressError {
	e := wrongAddress("this is no address of a Redis: it begins with none of redis://, rediss://, redis+sentinel:// and rediss+sentinel://")
	e.Written, e.Known = schemeOf(s), schemes
	return e
}

// BySentinel says whether an address names sentinels.
func BySentinel(s string) bool { return strings.Contains(schemeOf(s), "+sentinel") }

func schemeOf(s string) string {
	scheme, _, ok := strings.Cut(s, "://")
	if !ok {
		return ""
	}
	return strings.ToLower(scheme)
}

func wrongAddress(format string, args ...any) *AddressError {
	return &AddressError{Message: fmt.Sprintf(format, args...)}
}

func parseAddress(s string) (address, error) {
	scheme := schemeOf(s)
	switch {
	case scheme == "unix":
	case !slices.Contains(schemes, scheme):
		return address{}, errScheme(s)
	case BySentinel(s):
		return parseSentinels(scheme, s)
	default:
		u, err := url.Parse(s)
		if err != nil {
			return address{}, wrongAddress("this is no address of a Redis: %v", innermost(err))
		}
		if u.Hostname() == "" {
			return address{}, wrongAddress("the address of the Redis names no host")
		}
	}
	o, err := redis.ParseURL(s)
	if err != nil {
		return address{}, wrongAddress("this is no address of a Redis: %v", strings.TrimPrefix(redact(err, s).Error(), "redis: "))
	}
	return address{nodes: []string{o.Addr}, db: o.DB, user: o.Username, password: o.Password, tls: o.TLSConfig}, nil
}

// sentinelQuery are the parameters of an address with sentinels.
var sentinelQuery = []string{"sentinel_user", "sentinel_password"}

// parseSentinels takes the address apart by hand, since net/url knows no
// addresses with several hosts.
func parseSentinels(scheme, s string) (a address, err error) {
	rest, query, _ := strings.Cut(s[len(scheme)+len("://"):], "?")
	authority, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user, password, _ := strings.Cut(authority[:at], ":")
		a.user, err = url.PathUnescape(user)
		if err == nil {
			a.password, err = url.PathUnescape(password)
		}
		if err != nil {
			return address{}, wrongAddress("user and password of the Redis can't be read: write what is no letter or digit in them as %%40 and the like")
		}
		authority = authority[at+1:]
	}
	for _, node := range strings.Split(authority, ",") {
		host, port, err := net.SplitHostPort(node)
		if err != nil {
			host, port = strings.Trim(node, "[]"), "26379"
		}
		if n, err := strconv.Atoi(port); host == "" || strings.Contains(host, ":") && net.ParseIP(host) == nil || err != nil || n < 1 || n > 65535 {
			return address{}, wrongAddress("%q is no sentinel", node)
		}
		a.nodes = append(a.nodes, net.JoinHostPort(host, port))
	}
	master, db, hasDB := strings.Cut(path, "/")
	if a.master, err = url.PathUnescape(master); err != nil || a.master == "" {
		return address{}, wrongAddress("the address doesn't say which master the sentinels are asked for")
	}
	if hasDB {
		if a.db, err = strconv.Atoi(db); err != nil || a.db < 0 {
			return address{}, wrongAddress("%q is no number of a database", db)
		}
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return address{}, wrongAddress("what follows the question mark in the address of the Redis can't be read")
	}
	for name := range values {
		if !slices.Contains(sentinelQuery, name) {
			e := wrongAddress("the address of sentinels has no parameter %q", name)
			e.Written, e.Known = name, sentinelQuery
			return address{}, e
		}
	}
	a.sentinelUser, a.sentinelPassword = values.Get("sentinel_user"), values.Get("sentinel_password")
	if strings.HasPrefix(scheme, "rediss") {
		a.tls = &tls.Config{MinVersion: tls.VersionTLS12} // each server by its own name
	}
	return a, nil
}

// addressOf puts the addresses of a configuration together.
func addressOf(urls []string) (address, error) {
	var all address
	for i, u := range urls {
		a, err := parseAddress(u)
		if err != nil {
			return address{}, fmt.Errorf("redis address: %w: use redis://host:6379 or rediss://user:password@host:6380/0", err)
		}
		switch {
		case i == 0:
			all = a
			continue
		case a.master != "" || all.master != "":
			return address{}, errors.New("redis address: sentinels stand in one address, with commas between")
		}
		all.nodes = append(all.nodes, a.nodes...)
	}
	return all, nil
}

// innermost is the error without the address in it.
func innermost(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// redact keeps an address, which may hold a password, out of a message.
func redact(err error, url string) error {
	return errors.New(strings.ReplaceAll(innermost(err).Error(), url, "(address)"))
}
