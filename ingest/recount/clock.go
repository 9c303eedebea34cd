package recount

import (
	"time"

	"agora/mood"
)

// clock numbers minutes, hours and days as counters do.
type clock struct{ loc *time.Location }

func (c clock) number(step mood.Step, t time.Time) int64 {
	switch step {
	case mood.StepMinute:
		return divide(t.Unix(), 60)
	case mood.StepHour:
		// On a clock that is half an hour off, hours begin half an hour earlier or
		// later, and have the numbers of UTC's.
		_, offset := t.In(c.loc).Zone()
		return divide(t.Unix()+int64(offset), 3600) - divide(int64(offset), 3600)
	default:
		y, m, d := t.In(c.loc).Date()
		return divide(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix(), 86400)
	}
}

// begins is when a minute, an hour or a day begins.
func (c clock) begins(step mood.Step, n int64) time.Time {
	switch step {
	case mood.StepMinute:
		return time.Unix(n*60, 0).UTC()
	case mood.StepHour:
		_, offset := time.Unix(n*3600, 0).In(c.loc).Zone()
		return time.Unix(n*3600-int64(offset)+divide(int64(offset), 3600)*3600, 0).In(c.loc)
	default:
		return time.Date(1970, 1, 1+int(n), 0, 0, 0, 0, c.loc)
	}
}

// divide rounds down.
func divide(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
