package main

import (
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"agora/mood"
)

// parseDuration reads 100ms, 15m, 1h30m, 7d or 2w.
func parseDuration(s string) (time.Duration, error) {
	if s == "0" {
		return 0, nil
	}
	rest, total := s, 0.0
	for rest != "" {
		digits := strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
		if digits <= 0 {
			return 0, fmt.Errorf("%q is no length of time", s)
		}
		number, err := strconv.ParseFloat(rest[:digits], 64)
		if err != nil {
			return 0, fmt.Errorf("%q is no length of time", s)
		}
		rest = rest[digits:]
		letters := strings.IndexFunc(rest, func(r rune) bool { return r >= '0' && r <= '9' || r == '.' })
		if letters < 0 {
			letters = len(rest)
		}
		unit, ok := units[rest[:letters]]
		if !ok {
			return 0, fmt.Errorf("%q is no length of time: there is no unit %q", s, rest[:letters])
		}
		rest = rest[letters:]
		total += number * float64(unit)
	}
	if s == "" || total > math.MaxInt64/2 {
		return 0, fmt.Errorf("%q is no length of time", s)
	}
	return time.Duration(total), nil
}

var units = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour,
	"d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
}

// duration reads a length of time of at least the given one.
func (v value) duration(least, most time.Duration) time.Duration {
	s := v.text()
	d, err := parseDuration(s)
	switch {
	case err != nil:
		v.wrong(err.Error(), "write a number and a unit, such as 100ms, 30s, 15m, 6h or 7d")
		return least
	case d < least:
		v.wrong(fmt.Sprintf("%s is too short", s), "the least is "+shortDuration(least))
		return least
	case d > most:
		v.wrong(fmt.Sprintf("%s is too long", s), "the most is "+shortDuration(most))
		return most
	}
	return d
}

// shortDuration writes a length of time the way the file has it.
func shortDuration(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= day && d%day == 0 {
		return strconv.Itoa(int(d/day)) + "d"
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// sizes are units of bytes.
var sizes = map[string]int64{
	"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
	"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
}

// bytes reads an amount of bytes.
func (v value) bytes(least, most int64) int64 {
	s := v.text()
	digits := strings.TrimRight(s, "KMGTiB ")
	n, err := strconv.ParseFloat(digits, 64)
	unit, known := sizes[strings.TrimSpace(strings.TrimPrefix(s, digits))]
	size := n * float64(unit)
	switch {
	case err != nil || !known || !(n >= 0):
		v.wrong(fmt.Sprintf("%q is no amount of bytes", s), "write a number and a unit, such as 512MiB or 2GB")
		return least
	case size < float64(least):
		v.wrong(s+" is too little", "the least is "+shortBytes(least))
		return least
	case size > float64(most):
		v.wrong(s+" is too much", "the most is "+shortBytes(most))
		return most
	}
	return int64(size)
}

// shortBytes writes an amount of bytes the way the file has it.
func shortBytes(n int64) string {
	for _, unit := range []string{"TiB", "GiB", "MiB", "KiB"} {
		if n >= sizes[unit] && n%sizes[unit] == 0 {
			return strconv.FormatInt(n/sizes[unit], 10) + unit
		}
	}
	return strconv.FormatInt(n, 10) + "B"
}

// number reads a whole number.
func (v value) number(least, most int) int {
	s := v.text()
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		v.wrong(fmt.Sprintf("%q is not a whole number from %d to %d", s, least, most), "")
		return least
	}
	return n
}

// oneOf reads one of a few words.
func (v value) oneOf(words ...string) string {
	s := v.text()
	if !slices.Contains(words, s) {
		v.wrong(fmt.Sprintf("%q is none of the words that go here", s), "use one of "+strings.Join(words, ", "))
		return words[0]
	}
	return s
}

// address reads an http(s) address; it is empty when it is no such thing.
func (v value) address() string {
	s := v.text()
	if why := badURL(s); why != "" {
		v.wrong(why, "write the whole address, such as https://example.com/feed.xml")
		return ""
	}
	return s
}

// badURL says what is wrong with an address, empty when nothing is.
func badURL(s string) string {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return fmt.Sprintf("%q is no address: %v", s, unwrapAll(err))
	case u.Scheme == "":
		return fmt.Sprintf("%q lacks http:// or https:// in front", s)
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Sprintf("%q is neither http nor https", s)
	case u.Hostname() == "":
		return fmt.Sprintf("%q names no host", s)
	}
	return ""
}

// unwrapAll is the innermost error: the one without the address in it.
func unwrapAll(err error) error {
	for {
		inner, ok := err.(interface{ Unwrap() error }) //nolint:errorlint // walks the chain itself
		if !ok {
			return err
		}
		err = inner.Unwrap()
	}
}

// country reads an ISO 3166-1 alpha-2 code.
func (v value) country() string {
	s := strings.ToUpper(strings.TrimSpace(v.text()))
	if _, ok := mood.Country(s); ok {
		return s
	}
	v.wrong(fmt.Sprintf("%q is no country", v.text()), countryHint(s))
	return ""
}

// countryHint finds the country that was meant by its name.
func countryHint(written string) string {
	if written == "UK" {
		written = "GREAT BRITAIN"
	}
	names := []string{"GREAT BRITAIN", "USA", "UAE"}
	codes := []string{"GB", "US", "AE"}
	for _, t := range mood.Territories() {
		names, codes = append(names, t.Name), append(codes, t.Code)
	}
	if len(written) > 2 {
		if n := nearest(written, names); n != "" {
			return fmt.Sprintf("did you mean %q?", codes[slices.Index(names, n)])
		}
	}
	return "use the two letters of ISO 3166, such as FI, GB or US"
}

// language reads a BCP 47 tag and gives its primary part.
func (v value) language() string {
	s := v.text()
	tag, err := language.Parse(s)
	if err != nil {
		v.wrong(fmt.Sprintf("%q is no language", s), "use its code, such as en, fi or pt-BR")
		return ""
	}
	base, _ := tag.Base()
	return base.String()
}

// timezone reads the name of a time zone.
func (v value) timezone() *time.Location {
	s := v.text()
	if zone := loadZone(s); zone != nil {
		return zone
	}
	v.wrong(fmt.Sprintf("there is no time zone %q", s), zoneHint(s))
	return time.UTC
}

// loadZone finds a time zone by its name, nil where there is none. "Local" is
// refused: it means something else on every machine.
func loadZone(s string) *time.Location {
	if s == "" || s == "Local" {
		return nil
	}
	zone, err := time.LoadLocation(s)
	if err != nil {
		return nil
	}
	return zone
}

// network reads a network such as 10.0.0.0/8, or one address.
func (v value) network() (netip.Prefix, bool) {
	s := v.text()
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), true
	}
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	v.wrong(fmt.Sprintf("%q is no network", s), "write it as 10.0.0.0/8, or one address as 192.168.1.20")
	return netip.Prefix{}, false
}

var (
	idPattern    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	colorPattern = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	quietPattern = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// id reads a short name that becomes part of keys and addresses.
func (v value) id() string {
	s := v.text()
	if !idPattern.MatchString(s) {
		hint := "use small letters, digits and hyphens, at most 40"
		if slug := slugOf(s); slug != "" {
			hint = fmt.Sprintf("did you mean %q? An id has small letters, digits and hyphens only", slug)
		}
		v.wrong(fmt.Sprintf("%q can't be an id", s), hint)
		return ""
	}
	return s
}

// slugOf makes an id of a name, as far as its letters allow.
func slugOf(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() == 40 {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}
