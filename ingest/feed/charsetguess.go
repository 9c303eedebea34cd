package feed

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// looksLatin says whether b can be in a Latin script: its letters above ASCII
// stand alone between others, while those of other scripts stand together.
// Too few of them prove nothing.
func looksLatin(b []byte) bool {
	all, together, run := 0, 0, 0
	for i := 0; i <= len(b); i++ {
		if i < len(b) && b[i] >= utf8.RuneSelf {
			run++
			continue
		}
		all += run
		if run >= 3 {
			together += run
		}
		run = 0
	}
	return all < 8 || together*2 < all
}

// guessEncoding picks the encoding under which the text looks most like what
// people write. Windows-1252 is what is left.
func guessEncoding(b []byte) encoding.Encoding {
	sample := b[:min(len(b), 32<<10)]
	if !looksLatin(sample) || !plausibleLatin(sample) {
		if e := guessScript(b); e != nil {
			return e
		}
	}
	return guessLatin(sample)
}

// plausibleLatin is for samples too short for looksLatin: it wants letters
// above ASCII to stand beside ASCII ones.
func plausibleLatin(b []byte) bool {
	beside, all := 0, 0
	for i, c := range b {
		if c < utf8.RuneSelf {
			continue
		}
		all++
		if i > 0 && isLetter(b[i-1]) || i+1 < len(b) && isLetter(b[i+1]) {
			beside++
		}
	}
	return beside*2 >= all
}

// leastProof is the score up to which a guess is none: a letter or two.
const leastProof = 5

// guessScript picks the encoding under which the text has the most letters of
// one living script and the least rubbish; nil: no one is convincing.
func guessScript(b []byte) encoding.Encoding {
	sample := b[:min(len(b), 32<<10)]
	if i := bytes.LastIndexByte(sample, '<'); i > 0 && len(sample) < len(b) {
		sample = sample[:i] // no half character at the end
	}
	var best encoding.Encoding
	bestScore := leastProof
	consider := func(e encoding.Encoding, score func([]rune) int) {
		if s := score([]rune(string(decodeWith(sample, e)))); s > bestScore {
			best, bestScore = e, s
		}
	}
	consider(japanese.EUCJP, scoreCJK(0x3040, 0x30ff, "の日本年月大人一"))
	consider(japanese.ShiftJIS, scoreCJK(0x3040, 0x30ff, "の日本年月大人一"))
	consider(korean.EUCKR, scoreCJK(0xac00, 0xd7a3, "이다는을를의가에고하은로지한도사서기나대자리시어인수아라해"))
	consider(simplifiedchinese.GB18030, scoreCJK(0, 0, "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长"))
	consider(traditionalchinese.Big5, scoreCJK(0, 0, "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可里後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長"))
	// In a fixed order: of two that fit equally well, always the same is taken.
	for _, s := range [...]struct {
		name string
		script
	}{
		{"windows-1251", cyrillic}, {"koi8-u", cyrillic}, {"iso-8859-5", cyrillic}, {"ibm866", cyrillic},
		{"windows-1253", greek}, {"windows-1255", hebrew}, {"windows-1256", arabic}, {"windows-874", thai},
	} {
		if e, _ := charset.Lookup(s.name); e != nil {
			consider(e, s.score)
		}
	}
	return best
}

// scoreCJK counts characters of a script's own block and takes off what text
// in that script doesn't hold. Han characters alone prove little, since most
// wrong pairs of bytes decode to some: common ones and the own block count.
// A character of two bytes counts twice, beside encodings of one byte.
func scoreCJK(from, to rune, common string) func([]rune) int {
	return func(text []rune) int {
		score := 0
		for _, r := range text {
			switch {
			case r < 0x80 || 0x3000 <= r && r <= 0x303f || 0xff00 <= r && r <= 0xff60:
			case strings.ContainsRune(common, r):
				score += 8
			case 0xac00 <= r && r <= 0xd7a3 && from == 0xac00:
				score += 3
			case from <= r && r <= to:
				score += 6
			case 0x4e00 <= r && r <= 0x9fff && from != 0xac00: // Korean has hardly any now
				score += 2
			case r == utf8.RuneError:
				score -= 20
			default:
				score -= 4
			}
		}
		return score
	}
}

// script is an alphabet, with the letters that its languages use most.
type script struct {
	table  *unicode.RangeTable
	common string
	final  string // letters that only end words
}

var (
	cyrillic = script{unicode.Cyrillic, "оеаинтсрвлкмдпуяы", ""}
	greek    = script{unicode.Greek, "αοιετσνηρπκμλυ", "ς"}
	hebrew   = script{unicode.Hebrew, "יולהארתמבשנ", "םןךףץ"}
	arabic   = script{unicode.Arabic, "اليمنوترةبعد", "ةى"}
	thai     = script{unicode.Thai, "านรอกเงยลวมสท", ""}
)

// score likes frequent letters and words of one script. It dislikes capitals
// inside words (the wrong one of the Cyrillic encodings swaps the cases),
// final letters ahead of others, and what is no letter inside words.
func (s script) score(text []rune) int {
	score := 0
	prev := ' '
	for i, r := range text {
		switch {
		case r < 0x80 || r == 0xa0 || r == '«' || r == '»' || 0x2010 <= r && r <= 0x201e || r == '…' || r == '№':
		case !unicode.Is(s.table, r):
			score -= 4
		case unicode.IsUpper(r) && unicode.IsLower(prev):
			score -= 4
		case unicode.Is(unicode.Mn, r) && !unicode.IsLetter(prev) && !unicode.Is(unicode.Mn, prev):
			score -= 4
		case strings.ContainsRune(s.final, r):
			if i+1 < len(text) && unicode.IsLetter(text[i+1]) {
				score -= 4
			} else {
				score += 3
			}
		case strings.ContainsRune(s.common, r):
			score += 3
		default:
			score++
		}
		prev = r
	}
	return score
}

// latinOf gives the encoding that a language was written in before UTF-8.
var latinOf = map[string]string{
	"pl": "windows-1250", "cs": "windows-1250", "sk": "windows-1250", "hu": "windows-1250", "hr": "windows-1250",
	"sl": "windows-1250", "ro": "windows-1250", "sq": "windows-1250", "bs": "windows-1250",
	"tr": "windows-1254", "az": "windows-1254", "lt": "windows-1257", "lv": "windows-1257", "et": "windows-1257", "vi": "windows-1258",
}

// guessLatin tells the Latin encodings apart by the language that the document
// names, else by the signs that Windows-1252 would put inside words.
func guessLatin(b []byte) encoding.Encoding {
	name := "windows-1252"
	language := namedLanguage(b)
	central := latinOf[language] == "windows-1250" || language == "" && signsInWords(b, "\xb9\xb3\xbf\x9c\x9f\xbe\x9d") > 1
	isoCentral := signsInWords(b, "\xb1\xb6\xbc\xa6\xac\xa1\xbb") > signsInWords(b, "\xb9\x9c\x9f\x8c\x8f\xa5\x9a\x9e\x9d")
	switch {
	case central && isoCentral:
		name = "iso-8859-2"
	case central:
		name = "windows-1250"
	case latinOf[language] != "":
		name = latinOf[language]
	case language == "" && signsInWords(b, "\xfd\xfe\xf0") > 2 && signsInWords(b, "\xe6\xe1\xed\xf3\xfa") == 0:
		name = "windows-1254"
	case language == "" && signsInWords(b, "\xb1\xb6\xbc") > 1:
		name = "iso-8859-2"
	}
	e, _ := charset.Lookup(name)
	return e
}

// signsInWords counts bytes of a set that stand right beside ASCII letters.
func signsInWords(b []byte, set string) int {
	n := 0
	for i := 1; i+1 < len(b); i++ {
		if b[i] >= utf8.RuneSelf && strings.IndexByte(set, b[i]) >= 0 && isLetter(b[i-1]) && isLetter(b[i+1]) {
			n++
		}
	}
	return n
}

// namedLanguage finds the language that a document names, before it can be
// parsed; "": none.
func namedLanguage(b []byte) string {
	for _, mark := range [...]string{"<language>", "<dc:language>", `xml:lang="`, `"language":"`} {
		if i := bytes.Index(b, []byte(mark)); i >= 0 {
			rest := string(b[i+len(mark) : min(len(b), i+len(mark)+12)])
			if end := strings.IndexAny(rest, `<"`); end >= 0 {
				return languageTag(rest[:end])
			}
		}
	}
	return ""
}
