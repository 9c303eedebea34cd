package mood

import (
	"crypto/sha256"
	"encoding/hex"
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
