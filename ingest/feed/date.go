package feed

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// ParseDate reads a date in any of the ways that feeds write one: RFC 822 and
// its misspellings, RFC 3339 and ISO 8601 with or without parts, dates with
// slashes or month names in several languages, Unix seconds. A date without a
// zone is taken as UTC. It never guesses a day or a month that isn't there.
func ParseDate(s string) (time.Time, bool) {
	if len(s) > 128 {
		return time.Time{}, false
	}
	toks := dateTokens(s)
	if len(toks) == 0 {
		return time.Time{}, false
	}
	p := dateParser{offset: noOffset}
	for i := 0; i < len(toks); {
		n := p.take(toks, i)
		if n == 0 {
			return time.Time{}, false
		}
		i += n
	}
	return p.time()
}

const noOffset = 1 << 20

// dateToken is a run of digits or of letters, or one other character. Sep
// tells that white space stands ahead of it.
type dateToken struct {
	text  string
	digit bool
	word  bool
	sep   bool
}

func dateTokens(s string) []dateToken {
	var toks []dateToken
	sep := false
	for i := 0; i < len(s); {
		r := rune(s[i])
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == ',':
			sep = true
			i++
		case '0' <= r && r <= '9':
			j := i
			for j < len(s) && '0' <= s[j] && s[j] <= '9' {
				j++
			}
			toks = append(toks, dateToken{text: s[i:j], digit: true, sep: sep})
			i, sep = j, false
		case isLetter(byte(r)) && r < 0x80 || r >= 0x80:
			j := i
			for j < len(s) && (s[j] >= 0x80 || isLetter(s[j])) {
				j++
			}
			toks = append(toks, dateToken{text: strings.ToLower(s[i:j]), word: true, sep: sep})
			i, sep = j, false
		default:
			toks = append(toks, dateToken{text: s[i : i+1], sep: sep})
			i, sep = i+1, false
		}
		if len(toks) > 40 {
			return nil
		}
	}
	return toks
}

type dateParser struct {
	year, month, day   int
	hour, min, sec, ns int
	haveTime           bool
	pm, am             bool
	offset             int // seconds east; noOffset: none given
	unix               int64
	loose              []string // one- or two-digit numbers whose part is not known yet
}

// take reads one part of the date at toks[i] and says how many tokens it was.
func (p *dateParser) take(toks []dateToken, i int) int {
	t := toks[i]
	switch {
	case t.word:
		return p.takeWord(toks, i)
	case t.digit:
		return p.takeNumber(toks, i)
	case (t.text == "+" || t.text == "-") && p.haveTime && i+1 < len(toks) && toks[i+1].digit:
		return p.takeOffset(toks, i)
	case strings.Contains(".-/()'", t.text):
		return 1
	}
	return 0
}

func (p *dateParser) takeWord(toks []dateToken, i int) int {
	w := toks[i].text
	switch w {
	case "t", "at", "of", "de", "del", "den", "le", "um", "klo", "th", "st", "nd", "rd", "date":
		return 1
	case "am", "a":
		p.am = true
		// "a.m." is spelled with dots, which are skipped with the m.
		return 1
	case "pm", "p":
		p.pm = true
		return 1
	case "m":
		return 1
	}
	// "mar" is March, and Tuesday in French and Spanish: a later month decides.
	if isWeekday(w) && (w != "mar" || laterMonth(toks[i+1:])) {
		return 1
	}
	if m := monthOf(w); m != 0 {
		if p.month != 0 {
			return 0
		}
		p.month = m
		return 1
	}
	if p.haveTime || p.offset != noOffset {
		if off, ok := zoneOf(w); ok {
			if p.offset == noOffset {
				p.offset = off
			}
			// GMT+2 and UTC-05:00: the sign belongs to the zone.
			return 1
		}
		if w == "年" {
			return 1
		}
	}
	switch w {
	case "年", "月", "日", "년", "월", "일":
		return 1
	}
	if _, ok := zoneOf(w); ok {
		return 1
	}
	return 0
}

func (p *dateParser) takeNumber(toks []dateToken, i int) int {
	text := toks[i].text
	at := func(j int, s string) bool { return j < len(toks) && toks[j].text == s && !toks[j].sep }
	num := func(j int) bool { return j < len(toks) && toks[j].digit && !toks[j].sep }
	switch {
	case at(i+1, ":") && num(i+2) && !p.haveTime && len(text) <= 2:
		return p.takeClock(toks, i)
	case len(text) == 4 && p.year == 0 && !(p.haveTime && p.month == 0):
		p.year = atoi(text)
		// 2006-01-02, 2006/1/2, 2006.01.02: year first fixes the order.
		for _, sep := range [...]string{"-", "/", "."} {
			if at(i+1, sep) && num(i+2) && p.month == 0 && len(toks[i+2].text) <= 2 {
				p.month = atoi(toks[i+2].text)
				if at(i+3, sep) && num(i+4) && len(toks[i+4].text) <= 2 {
					p.day = atoi(toks[i+4].text)
					return 5
				}
				return 3
			}
		}
		return 1
	case len(text) == 8 && p.year == 0 && p.month == 0: // 20060102
		p.year, p.month, p.day = atoi(text[:4]), atoi(text[4:6]), atoi(text[6:])
		return 1
	case len(text) == 14 && p.year == 0: // 20060102150405
		p.year, p.month, p.day = atoi(text[:4]), atoi(text[4:6]), atoi(text[6:8])
		p.hour, p.min, p.sec, p.haveTime = atoi(text[8:10]), atoi(text[10:12]), atoi(text[12:]), true
		return 1
	case (len(text) == 6 || len(text) == 4) && p.day != 0 && !p.haveTime: // T150405
		p.hour, p.min, p.haveTime = atoi(text[:2]), atoi(text[2:4]), true
		if len(text) == 6 {
			p.sec = atoi(text[4:])
		}
		return 1
	case (len(text) == 10 || len(text) == 13) && len(toks) == 1: // Unix time
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return 0
		}
		if len(text) == 13 {
			n /= 1000
		}
		p.unix = n
		return 1
	case len(text) <= 2 && len(p.loose) < 3:
		p.loose = append(p.loose, text)
		return 1
	}
	return 0
}

// takeClock reads 15:04, 15:04:05, 15:04:05.678 and 15:04:05,678.
func (p *dateParser) takeClock(toks []dateToken, i int) int {
	p.hour, p.min, p.haveTime = atoi(toks[i].text), atoi(toks[i+2].text), true
	n := 3
	if i+4 < len(toks) && toks[i+3].text == ":" && toks[i+4].digit {
		p.sec = atoi(toks[i+4].text)
		n = 5
		if i+6 < len(toks) && toks[i+5].text == "." && toks[i+6].digit {
			frac := (toks[i+6].text + "000000000")[:9]
			p.ns = atoi(frac)
			n = 7
		}
	}
	return n
}

// takeOffset reads +0200, +02:00, +2 and -05:30.
func (p *dateParser) takeOffset(toks []dateToken, i int) int {
	text, n := toks[i+1].text, 2
	var h, m int
	switch {
	case len(text) == 4:
		h, m = atoi(text[:2]), atoi(text[2:])
	case len(text) == 3:
		h, m = atoi(text[:1]), atoi(text[1:])
	case len(text) <= 2:
		h = atoi(text)
		if i+3 < len(toks) && toks[i+2].text == ":" && toks[i+3].digit {
			m, n = atoi(toks[i+3].text), 4
		}
	default:
		return 0
	}
	if h > 15 || m > 59 {
		return 0
	}
	off := h*3600 + m*60
	if toks[i].text == "-" {
		off = -off
	}
	p.offset = off
	return n
}

func (p *dateParser) time() (time.Time, bool) {
	if p.unix != 0 {
		return time.Unix(p.unix, 0).UTC(), true
	}
	if !p.settle() {
		return time.Time{}, false
	}
	if p.pm && p.hour < 12 {
		p.hour += 12
	} else if p.am && p.hour == 12 {
		p.hour = 0
	}
	if p.sec == 60 {
		p.sec = 59 // a leap second
	}
	nextDay := p.hour == 24 && p.min == 0 && p.sec == 0
	if nextDay {
		p.hour = 0
	}
	if p.month < 1 || p.month > 12 || p.day < 1 || p.hour > 23 || p.min > 59 || p.sec > 59 {
		return time.Time{}, false
	}
	if p.offset == noOffset {
		p.offset = 0
	}
	t := time.Date(p.year, time.Month(p.month), p.day, p.hour, p.min, p.sec, p.ns, time.UTC)
	if t.Day() != p.day {
		return time.Time{}, false // such as 31 June
	}
	if nextDay {
		t = t.AddDate(0, 0, 1)
	}
	return t.Add(-time.Duration(p.offset) * time.Second), true
}

// settle gives the numbers of unknown part their place: a day beside a month
// name; day and month in the order that is possible, the month first when
// both are (the slashed form is the American one); a short year last.
func (p *dateParser) settle() bool {
	loose := p.loose
	if p.month == 0 && len(loose) >= 2 {
		a, b := atoi(loose[0]), atoi(loose[1])
		switch {
		case a > 12:
			p.day, p.month = a, b
		default:
			p.month, p.day = a, b
		}
		loose = loose[2:]
	}
	if p.day == 0 && len(loose) >= 1 {
		p.day = atoi(loose[0])
		loose = loose[1:]
	}
	if p.year == 0 && len(loose) >= 1 && len(loose[0]) == 2 {
		p.year = atoi(loose[0])
		if p.year < 70 {
			p.year += 2000
		} else {
			p.year += 1900
		}
		loose = loose[1:]
	}
	return len(loose) == 0 && p.year > 0 && p.month > 0 && p.day > 0
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 1 << 30 // out of every range
	}
	return n
}

// zoneOf knows the zones that feeds name. BST and CST are read as Western
// Europe and North America do.
func zoneOf(w string) (seconds int, ok bool) {
	const h = 3600
	switch w {
	case "z", "ut", "gmt", "utc", "wet":
		return 0, true
	case "est":
		return -5 * h, true
	case "edt":
		return -4 * h, true
	case "cst":
		return -6 * h, true
	case "cdt":
		return -5 * h, true
	case "mst":
		return -7 * h, true
	case "mdt":
		return -6 * h, true
	case "pst":
		return -8 * h, true
	case "pdt":
		return -7 * h, true
	case "akst":
		return -9 * h, true
	case "akdt":
		return -8 * h, true
	case "hst":
		return -10 * h, true
	case "ast":
		return -4 * h, true
	case "adt", "brt", "art", "clst":
		return -3 * h, true
	case "west", "bst", "ist", "cet", "met", "mez":
		if w == "ist" {
			return 5*h + h/2, true
		}
		return h, true
	case "cest", "mesz", "eet", "sast", "cat":
		return 2 * h, true
	case "eest", "msk", "trt", "eat":
		return 3 * h, true
	case "msd", "gst":
		return 4 * h, true
	case "pkt":
		return 5 * h, true
	case "wib", "ict":
		return 7 * h, true
	case "hkt", "sgt", "awst", "pht", "myt":
		return 8 * h, true
	case "jst", "kst":
		return 9 * h, true
	case "aest":
		return 10 * h, true
	case "aedt":
		return 11 * h, true
	case "acst":
		return 9*h + h/2, true
	case "nzst":
		return 12 * h, true
	case "nzdt":
		return 13 * h, true
	}
	return 0, false
}

func laterMonth(toks []dateToken) bool {
	for _, t := range toks {
		if t.word && monthOf(t.text) != 0 {
			return true
		}
	}
	return false
}

func isWeekday(w string) bool {
	switch w {
	case "mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri", "sat", "sun",
		"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
		"mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag", "mittwoch", "donnerstag",
		"freitag", "samstag", "sonntag", "lun", "mar", "mer", "jeu", "ven", "sam", "dim",
		"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
		"mié", "mie", "jue", "vie", "sáb", "sab", "dom", "lunes", "martes", "miércoles", "jueves",
		"viernes", "sábado", "domingo", "seg", "ter", "qua", "qui", "sex", "segunda", "terça",
		"gio", "ma", "ti", "ke", "to", "pe", "la", "su", "tor", "fre", "lør", "søn", "man", "tir", "ons",
		"mån", "tis", "lör", "sön", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "wo", "vr", "za", "zo":
		return true
	}
	return false
}

// monthOf knows months by their first letters in the languages that feeds
// were seen to use; 0: no month.
func monthOf(w string) int {
	if len(w) < 3 {
		return 0
	}
	if !unicode.IsLetter(rune(w[0])) && w[0] < 0x80 {
		return 0
	}
	if strings.HasPrefix(w, "marras") { // Finnish for November
		return 11
	}
	for i, stems := range [12]string{
		"jan ene gen janv tammi янв ιαν sty oca",
		"feb febr fév fev févr helmi фев φεβ lut şub",
		"mar mär mrz mars maalis мар μαρ",
		"apr avr abr huhti апр απρ kwi nis",
		"may mai maj mei mag touko мая май μαι maio mayo",
		"jun juin kesä июн ιουν giu cze haz",
		"jul juil heinä июл ιουλ lug lip tem",
		"aug aoû aou ago elo авг αυγ sie ağu",
		"sep syys сен σεπ set wrz eyl",
		"oct okt out ott loka окт οκτ paź eki",
		"nov ноя νοε lis kas",
		"dec déc dez des dic joulu дек δεκ gru ara",
	} {
		for stem := range strings.SplitSeq(stems, " ") {
			if strings.HasPrefix(w, stem) {
				return i + 1
			}
		}
	}
	return 0
}
