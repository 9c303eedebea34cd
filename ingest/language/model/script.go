package model

// Script is a writing system, as far as it says something of the language.
type Script uint8

// The scripts that are told apart. Han, Kana and Hangul are met in one text;
// whoever reads them joins them.
const (
	Other Script = iota // no letter, or one of a script that isn't known
	Latin
	Cyrillic
	Arabic
	Devanagari
	Hebrew
	Bengali
	Han
	Kana
	Hangul
	Greek
	Georgian
	Armenian
	Thai
	Lao
	Khmer
	Myanmar
	Sinhala
	Tamil
	Telugu
	Kannada
	Malayalam
	Gujarati
	Gurmukhi
	Oriya
	Tibetan
	Ethiopic
	Thaana
	Scripts // how many there are
)

// sole are the scripts that one language of today is written in, or that one
// is so much more often than the others that its name is the best answer.
var sole = [Scripts]string{
	Kana: "ja", Hangul: "ko", Greek: "el", Georgian: "ka", Armenian: "hy", Thai: "th", Lao: "lo", Khmer: "km",
	Myanmar: "my", Sinhala: "si", Tamil: "ta", Telugu: "te", Kannada: "kn", Malayalam: "ml", Gujarati: "gu",
	Gurmukhi: "pa", Oriya: "or", Tibetan: "bo", Ethiopic: "am", Thaana: "dv", Bengali: "bn", Hebrew: "he",
}

// Sole is the one language of a script, empty where there are several.
func (s Script) Sole() string { return sole[s] }

// blocks are ranges of letters and of the marks that belong to them, in order.
var blocks = [...]struct {
	from, to rune
	script   Script
}{
	{0x0041, 0x005A, Latin}, {0x0061, 0x007A, Latin}, {0x00AA, 0x00AA, Latin}, {0x00BA, 0x00BA, Latin},
	{0x00C0, 0x00D6, Latin}, {0x00D8, 0x00F6, Latin}, {0x00F8, 0x02AF, Latin},
	{0x0370, 0x0373, Greek}, {0x0376, 0x0377, Greek}, {0x037B, 0x037D, Greek}, {0x037F, 0x037F, Greek}, {0x0386, 0x0386, Greek}, {0x0388, 0x03FF, Greek},
	{0x0400, 0x0481, Cyrillic}, {0x048A, 0x052F, Cyrillic},
	{0x0531, 0x0556, Armenian}, {0x0561, 0x0587, Armenian},
	{0x05D0, 0x05F2, Hebrew},
	{0x0620, 0x064A, Arabic}, {0x066E, 0x06D3, Arabic}, {0x06D5, 0x06D5, Arabic}, {0x06EE, 0x06EF, Arabic}, {0x06FA, 0x06FF, Arabic}, {0x0750, 0x077F, Arabic},
	{0x0780, 0x07BF, Thaana},
	{0x0900, 0x0963, Devanagari}, {0x0971, 0x097F, Devanagari},
	{0x0980, 0x09E3, Bengali}, {0x09F0, 0x09F1, Bengali},
	{0x0A00, 0x0A65, Gurmukhi}, {0x0A70, 0x0A7F, Gurmukhi},
	{0x0A80, 0x0AE3, Gujarati},
	{0x0B00, 0x0B63, Oriya},
	{0x0B80, 0x0BE5, Tamil},
	{0x0C00, 0x0C63, Telugu},
	{0x0C80, 0x0CE3, Kannada},
	{0x0D00, 0x0D63, Malayalam}, {0x0D7A, 0x0D7F, Malayalam},
	{0x0D80, 0x0DDF, Sinhala}, {0x0DF2, 0x0DF3, Sinhala},
	{0x0E01, 0x0E3A, Thai}, {0x0E40, 0x0E4E, Thai},
	{0x0E80, 0x0ECF, Lao}, {0x0EDC, 0x0EDF, Lao},
	{0x0F40, 0x0FBC, Tibetan},
	{0x1000, 0x103F, Myanmar}, {0x1050, 0x108F, Myanmar},
	{0x10A0, 0x10FF, Georgian},
	{0x1100, 0x11FF, Hangul},
	{0x1200, 0x1360, Ethiopic}, {0x1380, 0x139F, Ethiopic},
	{0x1780, 0x17D3, Khmer},
	{0x1C80, 0x1C8F, Cyrillic}, {0x1C90, 0x1CBF, Georgian},
	{0x1E00, 0x1EFF, Latin}, {0x1F00, 0x1FFF, Greek},
	{0x2C60, 0x2C7F, Latin}, {0x2D00, 0x2D2F, Georgian}, {0x2DE0, 0x2DFF, Cyrillic},
	{0x3005, 0x3007, Han}, {0x3041, 0x3096, Kana}, {0x309D, 0x309F, Kana}, {0x30A1, 0x30FA, Kana}, {0x30FC, 0x30FF, Kana}, {0x3131, 0x318E, Hangul}, {0x31F0, 0x31FF, Kana},
	{0x3400, 0x4DBF, Han}, {0x4E00, 0x9FFF, Han},
	{0xA640, 0xA69F, Cyrillic}, {0xA720, 0xA7FF, Latin}, {0xA8E0, 0xA8FF, Devanagari}, {0xA9E0, 0xA9FE, Myanmar}, {0xAA60, 0xAA7F, Myanmar},
	{0xAB01, 0xAB2E, Ethiopic}, {0xAB30, 0xAB64, Latin},
	{0xAC00, 0xD7FB, Hangul}, {0xF900, 0xFAFF, Han}, {0xFB00, 0xFB06, Latin}, {0xFB13, 0xFB17, Armenian}, {0xFB1D, 0xFB4F, Hebrew},
	{0xFB50, 0xFDFB, Arabic}, {0xFE70, 0xFEFC, Arabic},
	{0xFF21, 0xFF3A, Latin}, {0xFF41, 0xFF5A, Latin}, {0xFF66, 0xFF9D, Kana}, {0xFFA0, 0xFFDC, Hangul},
	{0x20000, 0x323AF, Han},
}

// early is scriptOf for what most texts are made of.
var early = func() (t [0x2000]Script) {
	for _, b := range blocks {
		for r := b.from; r <= b.to && int(r) < len(t); r++ {
			t[r] = b.script
		}
	}
	return t
}()

// ScriptOf is the script of a letter, or of a mark that only goes with letters
// of that script; Other for everything else.
func ScriptOf(r rune) Script {
	switch {
	case r < 0:
		return Other
	case int(r) < len(early):
		return early[r]
	case r >= 0x4E00 && r <= 0x9FFF:
		return Han
	case r >= 0xAC00 && r <= 0xD7FB:
		return Hangul
	}
	low, high := 0, len(blocks)
	for low < high {
		if mid := (low + high) / 2; blocks[mid].to < r {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < len(blocks) && blocks[low].from <= r {
		return blocks[low].script
	}
	return Other
}
