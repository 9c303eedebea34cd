package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Limits of an option. The largest that charts make has 150 kB and 10 levels.
const (
	maxOption = 1 << 20 // bytes
	maxDepth  = 40
	maxNumber = 1e13 // either side of zero; times in milliseconds are below it
)

// traits are what an option tells before it is drawn.
type traits struct {
	world bool // it draws on the world map
}

// inspect reads an option's JSON without building anything, and refuses what
// no chart has: huge, deep, numbers that no screen could show, and keys that
// mean something to JavaScript.
func inspect(o []byte) (traits, error) {
	if len(o) > maxOption {
		return traits{}, fmt.Errorf("an option of %d bytes; it may have %d", len(o), maxOption)
	}
	if !json.Valid(o) {
		return traits{}, errors.New("the option is no JSON")
	}
	s := scan{o: o}
	if s.space(); o[s.at] != '{' {
		return traits{}, errors.New("the option is no JSON object")
	}
	err := s.value(1)
	return s.traits, err
}

// scan walks over JSON that is valid.
type scan struct {
	o  []byte
	at int
	traits
}

func (s *scan) space() {
	for s.o[s.at] == ' ' || s.o[s.at] == '\t' || s.o[s.at] == '\n' || s.o[s.at] == '\r' {
		s.at++
	}
}

func (s *scan) value(depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("the option is more than %d levels deep", maxDepth)
	}
	s.space()
	switch c := s.o[s.at]; {
	case c == '{' || c == '[':
		return s.items(depth, c)
	case c == '"':
		s.text()
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	default:
		s.at += len("null")
		if c == 'f' {
			s.at++
		}
	}
	return nil
}

// items walks over a list or an object.
func (s *scan) items(depth int, kind byte) error {
	end := kind + 2 // ASCII: ] is two behind [, as } is behind {
	s.at++
	for {
		s.space()
		switch s.o[s.at] {
		case end:
			s.at++
			return nil
		case ',':
			s.at++
			continue
		}
		var key string
		if kind == '{' {
			key = s.text()
			if key == "__proto__" {
				return errors.New("the option has a key __proto__")
			}
			s.space()
			s.at++ // the colon
			s.space()
		}
		start := s.at
		if err := s.value(depth + 1); err != nil {
			return err
		}
		if key == "map" && string(s.o[start:s.at]) == `"world"` {
			s.world = true
		}
	}
}

// text walks over a string, and gives it.
func (s *scan) text() string {
	start, escaped := s.at, false
	for s.at++; s.o[s.at] != '"'; s.at++ {
		if s.o[s.at] == '\\' {
			escaped = true
			s.at++
		}
	}
	s.at++
	if !escaped {
		return string(s.o[start+1 : s.at-1])
	}
	var text string
	if json.Unmarshal(s.o[start:s.at], &text) != nil {
		return "" // it is valid: json.Valid said so
	}
	return text
}

func (s *scan) number() error {
	start := s.at
	for s.at < len(s.o) && (s.o[s.at] >= '0' && s.o[s.at] <= '9' || s.o[s.at] == '-' || s.o[s.at] == '+' || s.o[s.at] == '.' || s.o[s.at] == 'e' || s.o[s.at] == 'E') {
		s.at++
	}
	if s.at-start < 12 && s.plain(start) {
		return nil
	}
	n, err := strconv.ParseFloat(string(s.o[start:s.at]), 64)
	if err != nil || math.Abs(n) > maxNumber {
		return fmt.Errorf("the option holds the number %.40s; none may be beyond ±%.0e", s.o[start:s.at], maxNumber)
	}
	return nil
}

// plain tells whether a number has no exponent.
func (s *scan) plain(start int) bool {
	for _, c := range s.o[start:s.at] {
		if c == 'e' || c == 'E' {
			return false
		}
	}
	return true
}
