package feed

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// plainHost writes a host the way that it is kept by: lower case, no brackets,
// addresses in their shortest form, names as they are looked up (so that no
// fanciful digits make two hosts of one).
func plainHost(name string) string {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	if strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) {
		if ascii, err := idna.Lookup.ToASCII(name); err == nil {
			name = ascii
		}
	}
	if addr, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return addr.Unmap().WithZone("").String()
	}
	return name
}

// widest is the most requests that any rule allows at once.
func (m *manners) widest() int {
	most := 1
	for _, r := range m.rules {
		most = max(most, r.Parallel)
	}
	return most
}

// rule gives how the host of u is treated: what is said of it by name and
// port, by name, by a domain above it, or by the private address that its name,
// or another of its domain, was last seen to lead to.
func (m *manners) rule(u *url.URL) HostRule {
	host := plainHost(u.Hostname())
	if len(m.rules) > 0 {
		if r, ok := m.rules[plainHost(u.Host)]; ok {
			return r
		}
		for name := host; name != ""; {
			if r, ok := m.rules[name]; ok {
				return r
			}
			_, above, _ := strings.Cut(name, ".")
			if strings.Contains(name, ":") || isDigits(above) {
				break // an address has nothing above it
			}
			name = above
		}
		addr, ok := m.learned[host]
		if !ok {
			addr, ok = m.learned["."+hostKey(u)]
		}
		if r, found := m.rules[addr.String()]; ok && found {
			return r
		}
	}
	if r, ok := builtinRules(hostKey(u)); ok {
		return r
	}
	return CommonRule
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789.") == ""
}

// learn notes where a name led to, in case there is a rule for that address. A
// name not seen yet is thought to lead where others of its domain do if that
// is private: so hundreds of names on one's own server needn't be learned one
// by one.
func (m *manners) learn(u *url.URL, addr netip.Addr) {
	addr = addr.Unmap().WithZone("")
	host := plainHost(u.Hostname())
	if len(m.rules) == 0 || host == addr.String() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.learned) >= maxHosts {
		clear(m.learned)
	}
	m.learned[host] = addr
	if isPrivate(addr) {
		m.learned["."+hostKey(u)] = addr
	}
}
