package charts

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Numbers and times, as static/src/format.js writes them too; testdata/format.json
// holds both to the same.

const minus = "−"

// signed writes a mood of −1…1 as people read it: +31, −12, 0.
func (w *Words) signed(m float64) string {
	n := int(math.Round(m * 100))
	switch {
	case n > 0:
		return "+" + strconv.Itoa(n)
	case n < 0:
		return minus + strconv.Itoa(-n)
	default:
		return "0"
	}
}

// count writes a count with separators: 1,204.
func (w *Words) count(n int64) string {
	s := strconv.FormatInt(n, 10)
	digits := strings.TrimPrefix(s, "-")
	neg := len(digits) < len(s)
	s = digits
	if len(digits) >= w.Format.GroupFrom {
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + w.Format.Group + s[i:]
		}
	}
	if neg {
		s = minus + s
	}
	return s
}

// short writes a count in little room: 1.2k.
func (w *Words) short(n int64) string {
	size, unit := 1e3, w.Format.Thousand
	switch {
	case n >= 1_000_000:
		size, unit = 1e6, w.Format.Million
	case n < 1000:
		return strconv.FormatInt(n, 10)
	}
	x := float64(n) / size
	if x < 10 {
		x = roundTo(x, 1)
	} else {
		x = math.Round(x)
	}
	return unit.with("n", strings.Replace(strconv.FormatFloat(x, 'f', -1, 64), ".", w.Format.Decimal, 1))
}

// percent writes a share of 0…1.
func (w *Words) percent(share float64) string {
	if share > 0 && share < 0.005 {
		return w.Format.Percent.with("n", "<1")
	}
	return w.Format.Percent.with("n", strconv.Itoa(int(math.Round(share*100))))
}

// at writes a time on the clock that it has.
func (w *Words) at(form phrase, t time.Time) string {
	return form.with(
		"d", strconv.Itoa(t.Day()), "month", w.Format.Months[t.Month()-1], "y", strconv.Itoa(t.Year()),
		"weekday", w.Format.Weekdays[(int(t.Weekday())+6)%7], "h", fmt.Sprintf("%02d", t.Hour()), "m", fmt.Sprintf("%02d", t.Minute()),
	)
}

// fullHour is a time of day.
func (w *Words) fullHour(hour int) string {
	return w.Format.Clock.with("h", fmt.Sprintf("%02d", hour), "m", "00")
}
