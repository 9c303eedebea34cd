package feed

import "time"

// time puts the parts together; ok is false when they are no instant.
func (p *dateParser) time() (t time.Time, ok bool) {
	if p.isUnix {
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
	if p.month < 1 || p.month > 12 || p.day < 1 || p.day > 31 || p.year < 1 || p.year > 9999 ||
		p.hour > 23 || p.min > 59 || p.sec > 59 {
		return time.Time{}, false
	}
	in := time.UTC
	if p.offset == noOffset {
		p.offset = 0
		if p.place != nil {
			in = p.place
		}
	}
	t = time.Date(p.year, time.Month(p.month), p.day, p.hour, p.min, p.sec, p.ns, in)
	if t.Day() != p.day {
		return time.Time{}, false // such as 31 June
	}
	if nextDay {
		t = t.AddDate(0, 0, 1)
	}
	t = t.Add(-time.Duration(p.offset) * time.Second).UTC()
	return t, t.Year() >= 1 && t.Year() <= 9999
}

// settle gives the numbers of unknown part their place: a day beside a month
// name, day and month in the one order that is possible or known, a short
// year last.
func (p *dateParser) settle() bool {
	loose := p.loose
	if p.yearDay > 0 || p.week > 0 {
		return len(loose) == 0 && p.month == 0 && p.fromYearDay()
	}
	if p.month == 0 && len(loose) == 3 && (atoi(loose[0]) > 31 || p.sign == "-") {
		// Three short numbers: 99-12-31. With dashes the year may be at either
		// end, so only a number that can't be a day tells.
		y, last := atoi(loose[0]), atoi(loose[2])
		switch {
		case y > 31 && !p.haveYear:
			p.year, p.haveYear = century(y), true
			p.month, p.day = atoi(loose[1]), last
			return true
		case last <= 31:
			return false
		}
	}
	if p.month == 0 && p.day != 0 {
		return false
	}
	if p.month == 0 && len(loose) >= 2 {
		if !p.dayAndMonth(atoi(loose[0]), atoi(loose[1])) {
			return false
		}
		loose = loose[2:]
	}
	if p.day == 0 && len(loose) >= 1 {
		p.day = atoi(loose[0])
		loose = loose[1:]
	}
	if !p.haveYear && len(loose) >= 1 && len(loose[0]) == 2 {
		p.year, p.haveYear = century(atoi(loose[0])), true
		loose = loose[1:]
	}
	return len(loose) == 0 && p.haveYear
}

// century completes a year of two digits as RFC 5322, section 4.3, has it.
func century(y int) int {
	if y < 50 {
		return 2000 + y
	}
	return 1900 + y
}

// dayAndMonth tells the two numbers of 17/6/2004 apart.
func (p *dateParser) dayAndMonth(a, b int) bool {
	switch {
	case a > 12:
		p.day, p.month, p.proof = a, b, dayFirst
	case b > 12:
		p.month, p.day, p.proof = a, b, monthFirst
	case a == b:
		p.day, p.month = a, b
	case p.sign == ".": // nobody writes the month first with full stops
		p.day, p.month = a, b
	default:
		p.proof = orderOpen
		switch p.order {
		case dayFirst:
			p.day, p.month = a, b
		case monthFirst:
			p.month, p.day = a, b
		default:
			return false
		}
	}
	return true
}

// fromYearDay turns an ordinal or a week date of ISO 8601 into month and day.
func (p *dateParser) fromYearDay() bool {
	if p.year < 1 || p.year > 9999 {
		return false
	}
	var t time.Time
	if p.week > 0 {
		if p.week > 53 || p.weekday < 1 || p.weekday > 7 {
			return false
		}
		// The 4th of January is always in week 1.
		t = time.Date(p.year, 1, 4, 0, 0, 0, 0, time.UTC)
		monday := t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
		t = monday.AddDate(0, 0, (p.week-1)*7+p.weekday-1)
		if _, week := t.ISOWeek(); week != p.week {
			return false // a year without a week 53
		}
	} else {
		t = time.Date(p.year, 1, p.yearDay, 0, 0, 0, 0, time.UTC)
		if t.Year() != p.year {
			return false
		}
	}
	p.year, p.month, p.day = t.Year(), int(t.Month()), t.Day()
	return true
}

// standardDate reads the two forms that nearly all feeds use, quickly: RFC
// 3339 and RFC 5322 with two-digit days. All else is for the long way.
func standardDate(s string) (t time.Time, ok bool) {
	var year, month, day, off int
	clock := ""
	switch {
	case len(s) >= 20 && s[4] == '-' && s[7] == '-' && (s[10] == 'T'):
		year, month, day = digits(s[:4]), digits(s[5:7]), digits(s[8:10])
		clock = s[11:19]
		zone := s[19:]
		switch {
		case zone == "Z":
		case len(zone) == 6 && zone[3] == ':' && (zone[0] == '+' || zone[0] == '-'):
			off = sign(zone[0]) * (digits(zone[1:3])*3600 + digits(zone[4:])*60)
		default:
			return t, false
		}
	case len(s) >= 28 && s[3] == ',' && s[4] == ' ' && s[7] == ' ' && s[11] == ' ' && s[16] == ' ' && s[25] == ' ':
		year, month, day = digits(s[12:16]), englishMonth(s[8:11]), digits(s[5:7])
		clock = s[17:25]
		zone := s[26:]
		switch {
		case zone == "GMT":
		case len(zone) == 5 && (zone[0] == '+' || zone[0] == '-'):
			off = sign(zone[0]) * (digits(zone[1:3])*3600 + digits(zone[3:])*60)
		default:
			return t, false
		}
	default:
		return t, false
	}
	if clock[2] != ':' || clock[5] != ':' {
		return t, false
	}
	hour, minute, sec := digits(clock[:2]), digits(clock[3:5]), digits(clock[6:])
	if year < 1000 || month < 1 || month > 12 || day < 1 || day > 28 && day > daysIn(year, month) ||
		hour < 0 || hour > 23 || minute < 0 || minute > 59 || sec < 0 || sec > 59 || off < -54000 || off > 54000 {
		return t, false
	}
	t = time.Date(year, time.Month(month), day, hour, minute, sec, 0, time.UTC).Add(-time.Duration(off) * time.Second)
	return t, t.Year() <= 9999
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func sign(c byte) int {
	if c == '-' {
		return -1
	}
	return 1
}

// digits reads a number of digits only; −1<<20: it isn't one.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return -1 << 20
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func englishMonth(s string) int {
	for m := time.January; m <= time.December; m++ {
		if m.String()[:3] == s {
			return int(m)
		}
	}
	return 0
}
