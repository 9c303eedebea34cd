package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Problem is one thing that is wrong with the configuration.
type Problem struct {
	Place   string // a file, a variable or a flag
	Line    int    // counted from 1; 0: the place has no lines
	Column  int    // in code points, counted from 1
	Message string // what is wrong
	Hint    string // what to do, or the nearest valid name
}

// Error is one line: place, what is wrong, what to do.
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Place)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": " + p.Message)
	if p.Hint != "" {
		b.WriteString(": " + p.Hint)
	}
	return b.String()
}

// Problems is all that is wrong with a configuration, in the order of the
// file.
type Problems []Problem

// Error lists the problems, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// didYouMean names the one of names that is nearest to what was written, or
// lists them all when none is near and they are few.
func didYouMean(written string, names []string) string {
	if n := nearest(written, names); n != "" {
		return fmt.Sprintf("did you mean %q?", n)
	}
	if len(names) == 0 || len(names) > 20 {
		return ""
	}
	return "use " + strings.Join(names, ", ")
}

// nearest is the name with the fewest slips from what was written, empty when
// every one is too far off to be meant. Ties go to the earlier one.
func nearest(written string, names []string) string {
	best, least := "", max(2, utf8.RuneCountInString(written)/3)+1
	for _, n := range names {
		if d := slips(strings.ToLower(written), strings.ToLower(n)); d < least && d < utf8.RuneCountInString(n) {
			best, least = n, d
		}
	}
	return best
}

// slips counts the letters to add, drop, change, or swap with a neighbour, to
// get from a to b.
func slips(a, b string) int {
	s, t := []rune(a), []rune(b)
	before, last, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := range s {
		row[0] = i + 1
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(t)]
}
