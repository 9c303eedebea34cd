package feed

import (
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// encodingKind groups encodings by what a claim of them is worth.
type encodingKind uint8

const (
	ordinary encodingKind = iota
	latin                 // Western Latin, which servers claim by default
	escaped               // ASCII with escape sequences
)

// lookup finds the encoding that a name means, however it is spelled. It is
// nil for UTF-8, UTF-16, UTF-32 and ASCII, which only the bytes can prove, and
// for names that mean nothing.
func lookup(name string) (encoding.Encoding, encodingKind) {
	name = strings.ToLower(strings.Trim(name, " \t\r\n\"'`;,"))
	if len(name) > 40 {
		return nil, ordinary
	}
	switch squashed := squash(name); squashed {
	case "", "utf8", "utf16", "utf16le", "utf16be", "utf32", "utf32le", "utf32be", "unicode", "ucs2", "ucs4", "usascii", "ascii", "646", "ansi", "none", "utf":
		return nil, ordinary
	case "hz", "hzgb2312":
		return simplifiedchinese.HZGB2312, escaped
	case "437", "cp437", "ibm437":
		return charmap.CodePage437, ordinary
	case "850", "cp850", "ibm850":
		return charmap.CodePage850, ordinary
	case "852", "cp852", "ibm852":
		return charmap.CodePage852, ordinary
	default:
		if standard, ok := encodingNames[squashed]; ok {
			name = standard
		}
	}
	e, canonical := charset.Lookup(name)
	switch canonical {
	case "":
		return nil, ordinary
	case "windows-1252", "iso-8859-15":
		return e, latin
	case "iso-2022-jp":
		return e, escaped
	case "utf-8", "utf-16le", "utf-16be", "replacement", "x-user-defined":
		return nil, ordinary
	}
	return e, ordinary
}

// squash leaves only the letters and digits of a name.
func squash(name string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, name)
}

// encodingNames gives the standard's name for spellings that it doesn't know.
var encodingNames = func() map[string]string {
	names := map[string]string{}
	for standard, spellings := range map[string]string{
		"windows-1252": "latin1 l1 88591 iso88591 cp1252 win1252 xcp1252 ibm819 cp819 csisolatin1 iso885911987",
		"iso-8859-2":   "latin2 l2 88592 iso88592", "iso-8859-3": "latin3 88593 iso88593", "iso-8859-4": "latin4 88594 iso88594",
		"iso-8859-5": "88595 iso88595 cyrillic", "iso-8859-6": "88596 iso88596", "iso-8859-7": "88597 iso88597 greek",
		"iso-8859-8": "88598 iso88598 hebrew", "windows-1254": "latin5 88599 iso88599 cp1254 win1254", "iso-8859-10": "latin6 iso885910",
		"windows-874": "tis620 iso885911 cp874 win874 xwindows874 ms874", "iso-8859-13": "iso885913 latin7", "iso-8859-14": "iso885914 latin8",
		"iso-8859-15": "latin9 latin0 iso885915 885915", "iso-8859-16": "iso885916 latin10",
		"windows-1250": "cp1250 win1250", "windows-1251": "cp1251 win1251", "windows-1253": "cp1253 win1253",
		"windows-1255": "cp1255 win1255", "windows-1256": "cp1256 win1256", "windows-1257": "cp1257 win1257", "windows-1258": "cp1258 win1258",
		"koi8-r": "koi8r koi8 cskoi8r", "koi8-u": "koi8u koi8ru", "ibm866": "cp866 866 ibm866 dos866", "macintosh": "macroman mac xmacroman",
		"x-mac-cyrillic": "maccyrillic xmaccyrillic",
		"shift_jis":      "shiftjis sjis xsjis mskanji cp932 ms932 windows31j windows932 csshiftjis", "euc-jp": "eucjp xeucjp eucjpms ujis cseucpkdfmtjapanese",
		"iso-2022-jp": "iso2022jp csiso2022jp jis", "euc-kr": "euckr xeuckr cp949 ms949 uhc windows949 ksc5601 ksc56011987 ksc56011989 korean",
		"gb18030": "gb2312 gb231280 euccn xgbk gbk cp936 ms936 windows936 chinese gb18030 gb180302000 gb180302022 csgb2312", "big5": "big5 xxbig5 cnbig5 csbig5 cp950 ms950 windows950 big5hkscs big5eten",
	} {
		for spelling := range strings.FieldsSeq(spellings) {
			names[spelling] = standard
		}
		names[squash(standard)] = standard
	}
	for _, n := range [...]string{"1250", "1251", "1252", "1253", "1254", "1255", "1256", "1257", "1258"} {
		names["windows"+n] = "windows-" + n
	}
	return names
}()
