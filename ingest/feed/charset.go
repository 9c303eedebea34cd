package feed

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// toUTF8 turns a document into valid UTF-8 without byte-order mark and
// without characters that XML forbids. What the bytes themselves prove (a
// mark, a pattern of zeros, valid UTF-8) outranks what is declared; then the
// HTTP header, the prolog, and a guess decide. Bytes that fit nothing become
// U+FFFD: one bad byte never costs a document.
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
		body = body[3:] // it says UTF-8, whatever else is declared
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
	declared := declaredEncodings(body, contentType)
	if utf8.Valid(body) {
		// ISO-2022-JP and its kin are ASCII with escape sequences.
		if bytes.IndexByte(body, 0x1b) >= 0 {
			for _, name := range declared {
				if strings.Contains(name, "2022") {
					if e, _ := charset.Lookup(name); e != nil {
						return decodeWith(body, e)
					}
				}
			}
		}
		return body
	}
	if mostlyUTF8(body) {
		return body // legal replaces what isn't
	}
	for _, name := range declared {
		e, canonical := charset.Lookup(name)
		if e == nil || canonical == "utf-8" || canonical == "replacement" || strings.HasPrefix(canonical, "utf-16") {
			continue
		}
		if out := decodeWith(body, e); plausible(out) {
			return out
		}
	}
	return decodeWith(body, guessEncoding(body))
}

// declaredEncodings lists what HTTP and the XML prolog claim, in that order.
func declaredEncodings(body []byte, contentType string) []string {
	var names []string
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		names = append(names, strings.ToLower(params["charset"]))
	}
	head := body[:min(len(body), 1024)]
	if i := bytes.Index(head, []byte("<?xml")); i >= 0 {
		prolog, _, _ := bytes.Cut(head[i:], []byte("?>"))
		if name := pseudoAttr(string(prolog), "encoding"); name != "" {
			names = append(names, strings.ToLower(name))
		}
	}
	return names
}

// pseudoAttr gives the value of name="value" in a prolog or a tag.
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
		if rest == "" || rest[0] != '"' && rest[0] != '\'' {
			continue
		}
		value, _, ok := strings.Cut(rest[1:], rest[:1])
		if ok {
			return strings.TrimSpace(value)
		}
	}
}

// mostlyUTF8 says whether b is UTF-8 with a few wrong bytes in it, rather than
// another encoding: well-formed sequences, which hardly come about by chance, prevail.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good > 2*bad
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

// guessEncoding picks the encoding under which the text has the most letters
// of one living script and the least rubbish. Windows-1252 is what is left.
func guessEncoding(b []byte) encoding.Encoding {
	sample := b[:min(len(b), 32<<10)]
	var best encoding.Encoding
	bestScore := 0
	consider := func(e encoding.Encoding, score func([]rune) int) {
		if s := score([]rune(string(decodeWith(sample, e)))); s > bestScore {
			best, bestScore = e, s
		}
	}
	consider(japanese.EUCJP, scoreCJK(0x3040, 0x30ff))
	consider(japanese.ShiftJIS, scoreCJK(0x3040, 0x30ff))
	consider(korean.EUCKR, scoreCJK(0xac00, 0xd7a3))
	consider(simplifiedchinese.GB18030, scoreCJK(0x4e00, 0x9fff))
	consider(traditionalchinese.Big5, scoreCJK(0x4e00, 0x9fff))
	for _, name := range [...]string{"windows-1251", "koi8-r"} {
		if e, _ := charset.Lookup(name); e != nil {
			consider(e, scoreCyrillic)
		}
	}
	if best == nil {
		best, _ = charset.Lookup("windows-1252")
	}
	return best
}

// scoreCJK counts characters of a script's own block and takes off what text
// in that script doesn't hold. Han characters alone prove little, since most
// wrong pairs of bytes decode to some: they score one, the own block three.
func scoreCJK(from, to rune) func([]rune) int {
	return func(text []rune) int {
		score := 0
		for _, r := range text {
			switch {
			case r < 0x80 || 0x3000 <= r && r <= 0x303f || 0xff00 <= r && r <= 0xff60:
			case from <= r && r <= to && from != 0x4e00:
				score += 3
			case 0x4e00 <= r && r <= 0x9fff:
				score++
			case r == utf8.RuneError:
				score -= 10
			default:
				score -= 2
			}
		}
		return score
	}
}

// scoreCyrillic likes lower case after lower case: the wrong one of the
// Cyrillic encodings swaps the cases.
func scoreCyrillic(text []rune) int {
	score := 0
	prev := ' '
	for _, r := range text {
		switch {
		case r < 0x80:
		case 'а' <= r && r <= 'я' || r == 'ё':
			score += 2
		case 'А' <= r && r <= 'Я' || r == 'Ё':
			if 'а' <= prev && prev <= 'я' {
				score -= 3
			}
		default:
			score -= 3
		}
		prev = r
	}
	return score
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
