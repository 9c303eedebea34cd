package mood

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// MentionID names a mention: the hash of (source, GUID), else of its
// canonical address, else of title and text. It is 24 hexadecimal digits.
func MentionID(source, guid, canonicalURL, title, text string) string {
	switch {
	case guid != "":
		return hash("guid", source, guid)
	case canonicalURL != "":
		return hash("url", canonicalURL)
	default:
		return hash("text", title, text)
	}
}

func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Slug joins parts into an id that people can read: lower-case letters, digits
// and dashes, with dots and underscores as they are.
func Slug(parts ...string) string {
	s := strings.ToLower(strings.Join(parts, "-"))
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-', r == '.', r == '_', r >= 0x80:
			return r
		}
		return '-'
	}, s), "-")
}
