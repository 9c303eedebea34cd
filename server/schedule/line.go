package schedule

import (
	"fmt"
	"strings"
	"time"

	"github.com/netresearch/go-cron"
)

// Line is a cron line: when something happens, by the clock on a wall.
type Line struct {
	text string
	spec cron.Schedule
}

// A cron line is read as vixie cron reads it: with both a day of the month and
// one of the week, either will do.
const asCron = cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.DowOrDom

var (
	fieldNames = [...]string{"minute", "hour", "day of the month", "month", "day of the week"}
	nicknames  = []string{"@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"}
)

// ParseLine reads five fields (minute, hour, day of the month, month, day of
// the week), with names such as mon and jan, or one of @hourly, @daily,
// @weekly, @monthly and @yearly.
func ParseLine(s string) (Line, error) {
	// The library takes capital letters for something of its own.
	text := strings.ToLower(strings.Join(strings.Fields(s), " "))
	fields := strings.Fields(text)
	switch {
	case text == "":
		return Line{}, fmt.Errorf("there is no cron line")
	case strings.Contains(fields[0], "="):
		return Line{}, fmt.Errorf("%q says a time zone, which has a key of its own", s)
	case text[0] == '@':
		return nicknamed(text)
	case len(fields) != len(fieldNames):
		return Line{}, fmt.Errorf("%q has %d fields and not the five of a cron line: minute, hour, day of the month, month, day of the week", s, len(fields))
	}
	parser := cron.MustNewParser(asCron)
	for i, field := range fields {
		alone := [...]string{"*", "*", "*", "*", "*"}
		alone[i] = field
		if _, err := parser.Parse(strings.Join(alone[:], " ")); err != nil {
			return Line{}, fmt.Errorf("%q can't be the %s: %w", field, fieldNames[i], err)
		}
	}
	return finish(parser, text)
}

func nicknamed(text string) (Line, error) {
	for _, n := range nicknames {
		if text == n {
			return finish(cron.MustNewParser(asCron|cron.Descriptor), text)
		}
	}
	return Line{}, fmt.Errorf("%q is none of %s", text, strings.Join(nicknames, ", "))
}

func finish(parser cron.Parser, text string) (Line, error) {
	spec, err := parser.Parse(text)
	if err != nil {
		return Line{}, fmt.Errorf("%q is no cron line: %w", text, err)
	}
	l := Line{text, spec}
	if spec.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Line{}, fmt.Errorf("%q is a day that never comes", text)
	}
	return l, nil
}

// String is the line as it was written, in small letters.
func (l Line) String() string { return l.text }

// Next is the first time after another at which the line comes, by the clock
// of a zone. A time that a change of the clock leaves out comes at that
// change, and one that there is twice comes the first time only. Zero: never.
func (l Line) Next(after time.Time, zone *time.Location) time.Time {
	// The library's own way over such changes leaves days out, or comes twice.
	// It is only ever asked by a clock that never changes.
	for wall := onWall(after.In(zone)); ; {
		if wall = l.spec.Next(wall); wall.IsZero() {
			return wall
		}
		if at := when(wall, zone); at.After(after) {
			return at
		}
	}
}

// onWall is what a clock shows, as a time in UTC.
func onWall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// when is the first time at which the clock of a zone shows what another
// shows, or the change of the clock that leaves it out.
func when(wall time.Time, zone *time.Location) time.Time {
	at := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, zone)
	begun, ended := at.ZoneBounds()
	if onWall(at).Equal(wall) {
		if !begun.IsZero() {
			_, before := begun.Add(-time.Nanosecond).Zone()
			if first := wall.Add(-time.Duration(before) * time.Second); first.Before(begun) {
				return first.In(zone)
			}
		}
		return at
	}
	for _, change := range [...]time.Time{begun, ended} {
		if !change.IsZero() && onWall(change.Add(-time.Nanosecond)).Before(wall) && !onWall(change).Before(wall) {
			return change
		}
	}
	return at
}
