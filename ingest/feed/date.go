package feed

import (
	"strings"
	"time"
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
	place              *time.Location
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
	return p.takePlace(i)
}

// takePlace reads a zone such as America/New_York.
func (p *dateParser) takePlace(i int) int {
	if !p.haveTime || p.place != nil {
		return 0
	}
	name, n := p.toks[i].text, 1
	for i+n+1 < len(p.toks) && strings.Contains("/_-", p.toks[i+n].text) && p.toks[i+n+1].word && !p.toks[i+n].sep && !p.toks[i+n+1].sep {
		name += p.toks[i+n].text + p.toks[i+n+1].text
		n += 2
	}
	if p.place = placeZone(name); p.place == nil {
		return 0
	}
	return n
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
