package draw

import (
	"github.com/go-text/typesetting/bidi"
	unicode "golang.org/x/text/unicode/bidi"
)

// levelled is a run of one embedding level, up to end.
type levelled struct {
	end   int
	level bidi.Level
}

// levels are the runs of a text that stands in a line from left to right, by
// their embedding level. The package gives runs of one direction, in which a
// number behind a word in Hebrew (level 2) and the Latin word that follows
// (level 0) are one: but the number belongs on the left of the Hebrew word, and
// the Latin one on its right.
func (t *typesetter) levels(text []rune) []levelled {
	var list []levelled
	runs := t.bidi.Segment(text, bidi.LeftToRight)
	from := 0
	for i := range runs.NumRuns() {
		run := runs.Run(i)
		if run.IsLeftToRight() {
			if within(text[:from]) && !closes(text[from]) {
				for from < run.End && !closes(text[from]) {
					from++
				}
				list = append(list, levelled{from, run.Level})
			}
			list = append(list, apart(text, from, run.End)...)
		} else {
			list = append(list, levelled{run.End, run.Level})
		}
		from = run.End
	}
	return list
}

// within says whether a text ends in a part of it that has a direction of its
// own, in which words from left to right have a level of their own too.
func within(text []rune) bool {
	open := 0
	for _, r := range text {
		switch {
		case closes(r):
			open = max(0, open-1)
		case r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2068':
			open++
		}
	}
	return open > 0
}

func closes(r rune) bool { return r == '\u202c' || r == '\u2069' }

// apart parts a run from left to right into its numbers that belong to what
// runs the other way (level 2) and all else (level 0): UAX #9, W1 to W7 and I1.
func apart(text []rune, from, end int) []levelled {
	levels := make([]bidi.Level, end-from)
	european := make([]bool, end-from) // numbers that signs beside them belong to
	strong := strongBefore(text, from)
	for i := from; i < end; i++ {
		switch class(text[i]) {
		case unicode.L:
			strong = unicode.L
		case unicode.EN:
			if strong != unicode.L {
				levels[i-from], european[i-from] = 2, strong == unicode.R
			}
		case unicode.AN:
			levels[i-from] = 2
		case unicode.NSM, unicode.BN:
			if i > from {
				levels[i-from] = levels[i-from-1]
			}
		default:
		}
	}
	at := func(i int) bool { return i >= 0 && i < len(levels) && levels[i] == 2 }
	beside := func(i int) bool { return i >= 0 && i < len(levels) && european[i] }
	for i := range levels { // what joins numbers, or stands at one
		switch class(text[from+i]) {
		case unicode.ES, unicode.CS:
			if at(i-1) && at(i+1) {
				levels[i] = 2
			}
		case unicode.ET:
			last := i
			for last+1 < len(levels) && class(text[from+last+1]) == unicode.ET {
				last++
			}
			if beside(i-1) || beside(last+1) {
				levels[i], european[i] = 2, true
			}
		default:
		}
	}
	var list []levelled
	for i, level := range levels {
		if k := len(list) - 1; k >= 0 && list[k].level == level {
			list[k].end = from + i + 1
			continue
		}
		list = append(list, levelled{from + i + 1, level})
	}
	return list
}

// strongBefore is the class of the last letter ahead of a place, or that of the
// line where there is none.
func strongBefore(text []rune, at int) unicode.Class {
	for i := at - 1; i >= 0; i-- {
		if c := class(text[i]); c == unicode.L || c == unicode.R || c == unicode.AL {
			return c
		}
	}
	return unicode.L
}

func class(r rune) unicode.Class {
	properties, _ := unicode.LookupRune(r)
	return properties.Class()
}
