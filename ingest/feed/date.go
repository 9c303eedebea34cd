package feed

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ParseDate reads a date in any of the ways that feeds write one: RFC 822,
// 850, 2822 and 5322 and their misspellings, asctime, RFC 3339, ISO 8601 with
// or without parts (ordinal and week dates too), what databases print, names
// of months in two dozen languages, Unix seconds. A date without a zone is
// taken as UTC; a leap second is the second before it.
//
// It never guesses a day or a month that isn't there: a year, or a year and a
// month, are no date, and neither is 03/04/2024, which means two days (see
// [dateOrder]).
func ParseDate(s string) (time.Time, bool) {
	t, _, ok := readDate(s, orderUnknown)
	return t, ok
}

// dateOrder says which number of a date like 03/04/2024 is the day.
type dateOrder uint8

const (
	orderUnknown dateOrder = iota // such a date can't be read
	dayFirst
	monthFirst
	orderOpen // of a date: it has both readings
)

// readDate reads a date whose numbers may stand in either order. Proof is
// what the date itself says about the order: dayFirst, monthFirst, orderOpen
// when it has two readings, orderUnknown when it is written another way.
func readDate(s string, order dateOrder) (t time.Time, proof dateOrder, ok bool) {
	s = strings.TrimSpace(s)
	if t, ok := standardDate(s); ok {
		return t, orderUnknown, true
	}
	if len(s) > 160 {
		return time.Time{}, orderUnknown, false
	}
	toks := dateTokens(s)
	if len(toks) == 0 {
		return time.Time{}, orderUnknown, false
	}
	p := dateParser{toks: toks, words: dateWords(), order: order, offset: noOffset, clockEnd: -1}
	for i := 0; i < len(toks); {
		n := p.take(i)
		if n == 0 {
			return time.Time{}, orderUnknown, false
		}
		i += n
	}
	t, ok = p.time()
	return t, p.proof, ok
}

const noOffset = 1 << 20

// dateToken is a run of digits or of letters, or one other sign. Sep tells
// that white space stands ahead of it.
type dateToken struct {
	text  string
	digit bool
	word  bool
	sep   bool
}

// maxDateTokens bounds what is looked at: no date has more parts.
const maxDateTokens = 48

func dateTokens(s string) []dateToken {
	s = westernDigits(s)
	toks := make([]dateToken, 0, 16)
	sep := false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		j := i + n
		t := dateToken{sep: sep}
		switch {
		case unicode.IsSpace(r), invisible(r), r == 0x200e, r == 0x200f, r == 0x61c,
			r == ',' && (j >= len(s) || !isDigit(s[j]) || i == 0 || !isDigit(s[i-1])):
			sep = true
			i = j
			continue
		case isDigit(s[i]):
			for j < len(s) && isDigit(s[j]) {
				j++
			}
			t.digit, t.text = true, s[i:j]
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana):
			t.word, t.text = true, s[i:j]
			for _, x := range eastAsian {
				if strings.HasPrefix(s[i:], x.text) {
					t.text = x.text
					j = i + len(x.text)
					break
				}
			}
		case unicode.IsLetter(r):
			for j < len(s) {
				r, n := utf8.DecodeRuneInString(s[j:])
				if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) || unicode.In(r, unicode.Han, unicode.Hangul) {
					break
				}
				j += n
			}
			t.word, t.text = true, foldWord(s[i:j])
		default:
			t.text = signOf(r, s[i:j])
		}
		toks = append(toks, t)
		if len(toks) > maxDateTokens {
			return nil
		}
		i, sep = j, false
	}
	return toks
}

// signOf gives the plain form of a sign that has several.
func signOf(r rune, s string) string {
	switch r {
	case '−', '–', '—', '‐', '‑', '－':
		return "-"
	case '：':
		return ":"
	case '（', '[', '【':
		return "("
	case '）', ']', '】':
		return ")"
	case '／':
		return "/"
	case '．', '。':
		return "."
	case '’', '、', '|', '·', '\'', ';', 'º', 'ª', '"', '،':
		return "'"
	}
	return s
}

// westernDigits writes Arabic, Persian and full-width digits as 0…9.
func westernDigits(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return strings.Map(func(r rune) rune {
				switch {
				case 0x660 <= r && r <= 0x669:
					return r - 0x660 + '0'
				case 0x6f0 <= r && r <= 0x6f9:
					return r - 0x6f0 + '0'
				case 0xff10 <= r && r <= 0xff19:
					return r - 0xff10 + '0'
				}
				return r
			}, s)
		}
	}
	return s
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

type dateParser struct {
	toks  []dateToken
	words map[string]dateWord
	order dateOrder
	proof dateOrder

	year, month, day   int
	haveYear           bool
	yearDay            int // of an ordinal date
	week, weekday      int // of a week date
	hour, min, sec, ns int
	haveTime           bool
	clockEnd           int // the token after the clock, its zone or its half of the day
	pm, am             bool
	offset             int // seconds east; noOffset: none given
	unix               int64
	isUnix             bool
	loose              []string // one- or two-digit numbers whose part is not known yet
	sign               string   // that stands between loose numbers
}

// take reads one part of the date at the i-th token and says how many tokens
// it was; 0: this is no date.
func (p *dateParser) take(i int) int {
	t := p.toks[i]
	switch {
	case t.word:
		return p.takeWord(i)
	case t.digit:
		return p.takeNumber(i)
	case t.text == "+" || t.text == "-":
		if p.haveTime && p.num(i+1, true) && (t.sep || i == p.clockEnd) {
			if n := p.takeOffset(i); n > 0 {
				return n
			}
		}
		if t.text == "-" {
			return 1
		}
		return 0
	case t.text == "(":
		return p.takeComment(i)
	case strings.Contains(".-/)'", t.text):
		return 1
	}
	return 0
}

// at says whether the j-th token is s, without white space ahead of it.
func (p *dateParser) at(j int, s string) bool {
	return j < len(p.toks) && p.toks[j].text == s && !p.toks[j].sep
}

// num says whether the j-th token is a number; close: with no space ahead.
func (p *dateParser) num(j int, spaced bool) bool {
	return j < len(p.toks) && p.toks[j].digit && (spaced || !p.toks[j].sep)
}

func (p *dateParser) wordAt(j int) dateWord {
	if j < len(p.toks) && p.toks[j].word {
		return p.words[p.toks[j].text]
	}
	return dateWord{}
}

func (p *dateParser) takeWord(i int) int {
	w := p.toks[i].text
	if w == "t" && p.num(i+1, false) && (p.haveYear || p.yearDay > 0 || p.week > 0) {
		return 1
	}
	// a.m. and p.m. with their dots; p on its own would be a zone.
	if (w == "a" || w == "p" || w == "π" || w == "μ") && i+2 < len(p.toks) && p.toks[i+1].text == "." && (p.toks[i+2].text == "m" || p.toks[i+2].text == "μ") {
		p.am, p.pm = w == "a" || w == "π", w == "p" || w == "μ"
		p.clockEnd = i + 3
		return 3
	}
	word := p.words[w]
	switch word.kind {
	case wordNoise:
		if p.at(i+1, ".") {
			return 2
		}
		return 1
	case wordMorning, wordEvening:
		p.am, p.pm = word.kind == wordMorning, word.kind == wordEvening
		p.clockEnd = i + 1
		return 1
	case wordMarch:
		// A later month decides that it is a Tuesday, an earlier one too.
		if p.month != 0 || p.laterMonth(i+1) {
			return 1
		}
		p.month = 3
		return 1
	case wordMonth:
		if p.month != 0 {
			return 0
		}
		p.month = word.value
		return 1
	case wordUnit:
		return 1
	}
	if off, ok := zoneOf(w); ok && p.haveTime {
		if p.offset == noOffset {
			p.offset = off
		}
		p.clockEnd = i + 1
		if off == 0 && p.at(i+1, "0000") { // Z0000
			return 2
		}
		return 1
	}
	return 0
}

func (p *dateParser) laterMonth(i int) bool {
	for ; i < len(p.toks); i++ {
		if k := p.wordAt(i).kind; k == wordMonth || k == wordMarch {
			return true
		}
	}
	return false
}

// takeComment leaves out what stands in parentheses, unless it has numbers; a
// zone in there counts where none is given outside.
func (p *dateParser) takeComment(i int) int {
	for j := i + 1; j < len(p.toks); j++ {
		switch {
		case p.toks[j].digit:
			return 1
		case p.toks[j].text == ")":
			if off, ok := zones[p.toks[i+1].text]; ok && j == i+2 && p.offset == noOffset && p.haveTime {
				p.offset = off
			}
			return j - i + 1
		}
	}
	return 1
}

func (p *dateParser) takeNumber(i int) int {
	text := p.toks[i].text
	if n := p.takeUnits(i); n > 0 {
		return n
	}
	complete := p.yearDay > 0 || p.week > 0 || p.haveYear && (p.day > 0 || len(p.loose) > 0)
	switch {
	case !p.haveTime && len(text) <= 2 && p.at(i+1, ":") && p.num(i+2, false):
		return p.takeClock(i)
	case !p.haveTime && len(text) <= 2 && p.isHalf(i+1):
		p.hour, p.haveTime = atoi(text), true // 3 pm
		return 1
	case !p.haveTime && complete && len(text) <= 2 && p.at(i+1, ".") && p.num(i+2, false) && len(p.toks[i+2].text) == 2 && (p.day > 0 || len(p.loose) >= 2 || p.month > 0 && len(p.loose) == 1):
		p.hour, p.min, p.haveTime, p.clockEnd = atoi(text), atoi(p.toks[i+2].text), true, i+3
		return 3
	case len(text) == 4 && !p.haveYear:
		return p.takeYear(i)
	case len(text) == 7 && !p.haveYear && i == 0: // 2003335
		p.year, p.haveYear, p.yearDay = atoi(text[:4]), true, atoi(text[4:])
		return 1
	case len(text) == 8 && !p.haveYear && p.month == 0: // 20060102
		p.year, p.month, p.day, p.haveYear = atoi(text[:4]), atoi(text[4:6]), atoi(text[6:]), true
		return 1
	case (len(text) == 14 || len(text) == 12) && !p.haveYear: // 20060102150405
		p.year, p.month, p.day, p.haveYear = atoi(text[:4]), atoi(text[4:6]), atoi(text[6:8]), true
		p.hour, p.min, p.haveTime, p.clockEnd = atoi(text[8:10]), atoi(text[10:12]), true, i+1
		if len(text) == 14 {
			p.sec = atoi(text[12:])
		}
		return 1
	case (len(text) == 6 || len(text) == 4) && complete && !p.haveTime: // T150405
		p.hour, p.min, p.haveTime, p.clockEnd = atoi(text[:2]), atoi(text[2:4]), true, i+1
		if len(text) == 6 {
			p.sec = atoi(text[4:])
			if p.at(i+1, ".") && p.num(i+2, false) {
				p.ns, p.clockEnd = fraction(p.toks[i+2].text), i+3
				return 3
			}
		}
		return 1
	case (len(text) == 10 || len(text) == 13) && i == 0: // Unix time
		if len(p.toks) > 1 && !(len(p.toks) == 3 && p.at(1, ".") && p.num(2, false)) {
			return 0
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return 0
		}
		if len(text) == 13 {
			n /= 1000
		}
		p.unix, p.isUnix = n, true
		return len(p.toks)
	case len(text) == 3 && p.month > 0 && !p.haveYear && (p.day > 0 || len(p.loose) == 1):
		// RFC 5322, section 4.3: a year of three digits is short of 1900.
		p.year, p.haveYear = 1900+atoi(text), true
		return 1
	case len(text) <= 2 && len(p.loose) < 3:
		p.loose = append(p.loose, text)
		if j := i + 1; j < len(p.toks) && !p.toks[j].sep && p.num(j+1, false) {
			p.sign = p.toks[j].text
		}
		return 1
	}
	return 0
}

// isHalf says whether the j-th token, with or without a space, is a.m. or p.m.
func (p *dateParser) isHalf(j int) bool {
	k := p.wordAt(j).kind
	return k == wordMorning || k == wordEvening
}

// takeUnits reads a number that its unit follows: 2004年, 6月, 17日, 14時, 14h09.
func (p *dateParser) takeUnits(i int) int {
	word := p.wordAt(i + 1)
	if word.kind != wordUnit || p.toks[i+1].sep && word.value != unitHour {
		return 0
	}
	n := atoi(p.toks[i].text)
	switch word.value {
	case unitYear:
		if p.haveYear || len(p.toks[i].text) != 4 {
			return 0
		}
		p.year, p.haveYear = n, true
	case unitMonth:
		if p.month != 0 {
			return 0
		}
		p.month = n
	case unitDay:
		if p.day != 0 {
			return 0
		}
		p.day = n
	case unitHour:
		if p.haveTime || len(p.toks[i].text) > 2 {
			return 0
		}
		p.hour, p.haveTime, p.clockEnd = n, true, i+2
		if p.num(i+2, false) && len(p.toks[i+2].text) == 2 && p.wordAt(i+3).kind != wordUnit {
			p.min, p.clockEnd = atoi(p.toks[i+2].text), i+3
			return 3
		}
	case unitMinute:
		p.min, p.clockEnd = n, i+2
	case unitSecond:
		p.sec, p.clockEnd = n, i+2
	}
	return 2
}

// takeYear reads a year of four digits, with all that an ISO date may have
// after it: 2006-01-02, 2006/1/2, 2006.01.02, 2006-335, 2006-W10-5, 2006W105.
func (p *dateParser) takeYear(i int) int {
	p.year, p.haveYear = atoi(p.toks[i].text), true
	if p.month != 0 || len(p.loose) > 0 || p.day != 0 {
		return 1
	}
	j := i + 1
	dash := p.at(j, "-")
	if dash {
		j++
	}
	if p.at(j, "w") && p.num(j+1, false) {
		switch digits := p.toks[j+1].text; {
		case len(digits) == 3:
			p.week, p.weekday = atoi(digits[:2]), atoi(digits[2:])
			return j + 2 - i
		case len(digits) == 2 && p.at(j+2, "-") && p.num(j+3, false) && len(p.toks[j+3].text) == 1:
			p.week, p.weekday = atoi(digits), atoi(p.toks[j+3].text)
			return j + 4 - i
		}
		return 1
	}
	if dash && p.num(j, false) && len(p.toks[j].text) == 3 {
		p.yearDay = atoi(p.toks[j].text)
		return j + 1 - i
	}
	for _, sep := range [...]string{"-", "/", "."} {
		// 2006-January-2 has a word between; the loop below sorts that out.
		if !p.at(i+1, sep) || !p.num(i+2, false) || len(p.toks[i+2].text) > 2 {
			continue
		}
		p.month = atoi(p.toks[i+2].text)
		if p.at(i+3, sep) && p.num(i+4, false) && len(p.toks[i+4].text) <= 2 {
			p.day = atoi(p.toks[i+4].text)
			return 5
		}
		return 3
	}
	return 1
}

// takeClock reads 15:04, 15:04:05, 15:04:05.678, 15:04:05,678 and the
// 15:04:05:678 of databases.
func (p *dateParser) takeClock(i int) int {
	p.hour, p.min, p.haveTime = atoi(p.toks[i].text), atoi(p.toks[i+2].text), true
	n := 3
	if p.at(i+3, ":") && p.num(i+4, false) {
		p.sec = atoi(p.toks[i+4].text)
		n = 5
		if (p.at(i+5, ".") || p.at(i+5, ",") || p.at(i+5, ":")) && p.num(i+6, false) {
			p.ns = fraction(p.toks[i+6].text)
			n = 7
		}
	}
	p.clockEnd = i + n
	return n
}

func fraction(digits string) int { return atoi((digits + "000000000")[:9]) }

// takeOffset reads +0200, +02:00, +02.00, +2 and -05:30.
func (p *dateParser) takeOffset(i int) int {
	text, n := p.toks[i+1].text, 2
	var h, m int
	switch {
	case len(text) == 4:
		h, m = atoi(text[:2]), atoi(text[2:])
	case len(text) == 3 && !p.toks[i+1].sep:
		h, m = atoi(text[:1]), atoi(text[1:])
	case len(text) <= 2 && !p.toks[i+1].sep:
		h = atoi(text)
		if (p.at(i+2, ":") || p.at(i+2, ".")) && p.num(i+3, false) {
			m, n = atoi(p.toks[i+3].text), 4
		}
	default:
		return 0
	}
	if h > 15 || m > 59 {
		return 0
	}
	p.offset = h*3600 + m*60
	if p.toks[i].text == "-" {
		p.offset = -p.offset
	}
	p.clockEnd = i + n
	return n
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 1 << 30 // out of every range
	}
	return n
}
