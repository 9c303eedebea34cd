package feed

import "strconv"

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
		if p.at(i+3, ".") && p.num(i+4, false) && len(p.toks[i+4].text) == 2 {
			p.sec, p.clockEnd = atoi(p.toks[i+4].text), i+5
			return 5
		}
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
