package feed

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// toUTF8 turns a document into valid UTF-8 without byte-order mark and
// without characters that XML forbids. What the bytes themselves prove (a
// mark, a pattern of zeros, valid UTF-8) outranks what is declared; then the
// HTTP header and the prolog decide, in that order, as RFC 7303 and
// feedparser have it (US-ASCII, which text/xml would mean without a charset,
// can't hold the bytes, so the prolog comes next). A Latin charset that is
// declared for what is visibly no Latin script counts only when nothing better
// is found; a guess comes last. Bytes that fit nothing become U+FFFD: one bad
// byte never costs a document.
func toUTF8(body []byte, contentType string) []byte {
	switch {
	case bytes.HasPrefix(body, []byte{0, 0, 0xfe, 0xff}), bytes.HasPrefix(body, []byte{0, 0, 0, '<'}):
		body = decodeWith(body, utf32.UTF32(utf32.BigEndian, utf32.UseBOM))
	case bytes.HasPrefix(body, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(body, []byte{'<', 0, 0, 0}):
		body = decodeWith(body, utf32.UTF32(utf32.LittleEndian, utf32.UseBOM))
	case bytes.HasPrefix(body, []byte{0xfe, 0xff}), startsWide(body, 0):
		body = decodeWith(body, unicode.UTF16(unicode.BigEndian, unicode.UseBOM))
	case bytes.HasPrefix(body, []byte{0xff, 0xfe}), startsWide(body, 1):
		body = decodeWith(body, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))
	case bytes.HasPrefix(body, []byte{0xef, 0xbb, 0xbf}):
		body = mendUTF8(body[3:]) // it says UTF-8, whatever else is declared
	default:
		body = decodeNarrow(body, contentType)
	}
	return legal(bytes.TrimPrefix(body, []byte{0xef, 0xbb, 0xbf}))
}

// startsWide says whether the first characters are ASCII in 16-bit units;
// zero is the place of the zero byte in each unit.
func startsWide(b []byte, zero int) bool {
	return len(b) >= 4 && b[zero] == 0 && b[zero+2] == 0 && b[1-zero] != 0 && b[3-zero] != 0
}

func decodeNarrow(body []byte, contentType string) []byte {
	if utf8.Valid(body) {
		// ISO-2022-JP and HZ are ASCII with escape sequences.
		if bytes.IndexByte(body, 0x1b) >= 0 || bytes.Contains(body, []byte("~{")) {
			for _, name := range declaredEncodings(body, contentType) {
				if e, kind := lookup(name); kind == escaped {
					return decodeWith(body, e)
				}
			}
		}
		return body
	}
	declared := declaredEncodings(body, contentType)
	if mostlyUTF8(body, declared) {
		return mendUTF8(body)
	}
	var doubtful encoding.Encoding
	for _, name := range declared {
		e, kind := lookup(name)
		switch {
		case e == nil || kind == escaped:
		case kind == latin && !looksLatin(body):
			if doubtful == nil {
				doubtful = e
			}
		default:
			if out := decodeWith(body, e); plausible(out) {
				return out
			}
		}
	}
	if doubtful != nil {
		if e := guessScript(body); e != nil {
			return decodeWith(body, e)
		}
		return decodeWith(body, doubtful)
	}
	return decodeWith(body, guessEncoding(body))
}

// declaredEncodings lists what HTTP and the XML prolog claim, in that order.
func declaredEncodings(body []byte, contentType string) []string {
	var names []string
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		names = append(names, params["charset"])
	} else if _, rest, ok := strings.Cut(strings.ToLower(contentType), "charset="); ok {
		rest, _, _ = strings.Cut(rest, ";") // a header that isn't well formed
		names = append(names, rest)
	}
	head := body[:min(len(body), 1024)]
	if i := bytes.Index(head, []byte("<?xml")); i >= 0 {
		prolog, _, _ := bytes.Cut(head[i:], []byte(">"))
		if name := pseudoAttr(string(prolog), "encoding"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// pseudoAttr gives the value of name="value" in a prolog, also without quotes.
func pseudoAttr(s, name string) string {
	for {
		i := strings.Index(s, name)
		if i < 0 {
			return ""
		}
		s = strings.TrimLeft(s[i+len(name):], " \t\r\n")
		rest, ok := strings.CutPrefix(s, "=")
		if !ok {
			continue
		}
		rest = strings.TrimLeft(rest, " \t\r\n")
		if rest == "" {
			return ""
		}
		if rest[0] != '"' && rest[0] != '\'' {
			end := strings.IndexAny(rest, " \t\r\n?>")
			if end < 0 {
				end = len(rest)
			}
			return rest[:end]
		}
		value, _, _ := strings.Cut(rest[1:], rest[:1])
		return strings.TrimSpace(value)
	}
}

// mostlyUTF8 says whether b is UTF-8 with a few wrong bytes in it, rather than
// another encoding: well-formed sequences hardly come about by chance. They
// prevail two to one; or, where nothing but UTF-8 is declared, are as many, or
// each wrong byte stands alone, as those of a Latin charset do in a mixed
// document.
func mostlyUTF8(b []byte, declared []string) bool {
	good, bad, alone := 0, 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			bad++
			if (i == 0 || b[i-1] < utf8.RuneSelf) && (i+1 == len(b) || b[i+1] < utf8.RuneSelf) {
				alone++
			}
		} else {
			good++
		}
		i += n
	}
	if good > 2*bad {
		return true
	}
	for _, name := range declared {
		if e, _ := lookup(name); e != nil {
			return false
		}
	}
	return good > 0 && (good >= bad || alone == bad)
}

// mendUTF8 replaces what isn't UTF-8 in b. A byte that stands alone and begins
// none of the document's sequences comes from Windows-1252, which was pasted
// in; others are rests of sequences that were cut, and become U+FFFD.
func mendUTF8(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	var leads [256]bool
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r != utf8.RuneError && n > 1 {
			leads[b[i]] = true
		}
		i += n
	}
	out := make([]byte, 0, len(b)+len(b)/16)
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			out = append(out, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 && c < 0xfe && !leads[c] &&
			(i == 0 || b[i-1] < utf8.RuneSelf) && (i+1 == len(b) || b[i+1] < utf8.RuneSelf) {
			r = charmap.Windows1252.DecodeByte(c)
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out
}

// plausible says whether a decoded text is text: hardly any replacement or
// control characters.
func plausible(b []byte) bool {
	bad, all := 0, 0
	for _, r := range string(b) {
		if r < utf8.RuneSelf && r >= ' ' {
			continue
		}
		all++
		if r == utf8.RuneError || r >= 0x80 && r < 0xa0 {
			bad++
		}
	}
	return bad*20 <= all+20
}

func decodeWith(b []byte, e encoding.Encoding) []byte {
	out, err := e.NewDecoder().Bytes(b)
	if err != nil && len(out) == 0 {
		return b
	}
	return out
}

// legal drops characters that XML forbids and replaces invalid bytes. A valid
// document is given back as it is.
func legal(b []byte) []byte {
	clean := utf8.Valid(b)
	if clean {
		for _, c := range b {
			if c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
				clean = false
				break
			}
		}
		if clean && !bytes.Contains(b, []byte("\xef\xbf\xbe")) && !bytes.Contains(b, []byte("\xef\xbf\xbf")) {
			return b
		}
	}
	return bytes.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return r
		case r < 0x20, r == 0x7f, r == 0xfffe, r == 0xffff:
			return -1
		}
		return r
	}, b)
}
