package places

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folder makes letters equal that differ by case or diacritics alone. It is
// read-only once made.
type folder struct {
	low [0x2100]rune // what a rune below is as one letter; 0: nothing remains of it
}

// pairs are letters that fold to two.
func pairOf(r rune) string {
	switch r {
	case 'ß', 'ẞ':
		return "ss"
	case 'æ', 'Æ':
		return "ae"
	case 'œ', 'Œ':
		return "oe"
	case 'þ', 'Þ':
		return "th"
	}
	return ""
}

// lone are letters whose stroke or dot is no combining mark.
var lone = map[rune]rune{'ł': 'l', 'ø': 'o', 'đ': 'd', 'ð': 'd', 'ħ': 'h', 'ı': 'i', 'ŋ': 'n', 'ə': 'e', 'ё': 'е', 'ґ': 'г',
	'أ': 'ا', 'إ': 'ا', 'آ': 'ا', 'ٱ': 'ا', 'ى': 'ي', 'ی': 'ي', 'ک': 'ك', 'ة': 'ه', 'ۀ': 'ه', 'ؤ': 'و', 'ئ': 'ي', 'ς': 'σ'}

func newFolder() *folder {
	f := &folder{}
	for r := range rune(len(f.low)) {
		f.low[r] = foldOne(r)
	}
	return f
}

func foldOne(r rune) rune {
	l := unicode.ToLower(r)
	if to, ok := lone[l]; ok {
		return to
	}
	switch {
	case l >= 0x300 && l < 0x370, l >= 0x591 && l < 0x5C8, l >= 0x64B && l < 0x660, l == 0x640, l == 0x670, l == 0x200C, l == 0x200D, l == 0xAD:
		return 0 // marks of Latin, Hebrew and Arabic, the stretching of letters, joiners
	case l < 0x400 || l >= 0x1E00 && l < 0x2000: // Latin and Greek
		var b [utf8.UTFMax]byte
		first, _ := utf8.DecodeRune(norm.NFD.Bytes(b[:utf8.EncodeRune(b[:], l)]))
		if to, ok := lone[first]; ok {
			return to
		}
		return unicode.ToLower(first)
	}
	return l
}

// append folds one rune onto b.
func (f *folder) append(b []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(b, byte(r))
	}
	if int(r) < len(f.low) {
		if pair := pairOf(r); pair != "" {
			return append(b, pair...)
		}
		if r = f.low[r]; r == 0 {
			return b
		}
		return utf8.AppendRune(b, r)
	}
	return utf8.AppendRune(b, unicode.ToLower(r))
}

// fold folds a word.
func (f *folder) fold(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = f.append(b, r)
	}
	return string(b)
}
