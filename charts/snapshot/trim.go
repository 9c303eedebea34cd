package snapshot

import (
	"bytes"

	"agora/charts"
)

// trimmed gives an option without what a page needs and no picture shows: what
// pointers bring up, what points select, and the names of points that stand one
// on each category, in order. That is nine tenths of a timeline, and the engine
// takes longer to read it than all of this. The option has passed inspect.
func trimmed(o charts.Option) []byte {
	out := make([]byte, 0, len(o)/2)
	categories := categoriesOf(o)
	return rebuilt(out, o, func(out, key, value []byte) ([]byte, bool) {
		switch string(key) {
		case `"tooltip"`, `"notes"`:
			return out, false
		case `"series"`:
			return eachOf(out, value, func(out, series []byte) []byte { return trimSeries(out, series, categories) }), true
		}
		return append(out, value...), true
	})
}

// categoriesOf gives the names of categories along x, as JSON, if there is one
// such axis and all series stand on it.
func categoriesOf(o []byte) (names [][]byte) {
	axes, others := 0, 0
	members(o, func(axis, value []byte) {
		if string(axis) != `"xAxis"` && string(axis) != `"yAxis"` {
			return
		}
		x := axis[1] == 'x'
		visit(value, func(a []byte) {
			if x {
				axes++
			}
			var data []byte
			category := false
			if a[0] == '{' {
				members(a, func(key, value []byte) {
					switch string(key) {
					case `"type"`:
						category = string(value) == `"category"`
					case `"data"`:
						data = value
					}
				})
			}
			switch {
			case x && category && len(data) > 0 && data[0] == '[':
				elements(data, func(name []byte) { names = append(names, name) })
			case x != category: // one that isn't as it must be
				others++
			}
		})
	})
	if axes != 1 || others > 0 {
		return nil
	}
	return names
}

// trimSeries writes a series.
func trimSeries(out, series []byte, categories [][]byte) []byte {
	if series[0] != '{' {
		return append(out, series...)
	}
	standing := false // its points stand on the categories, one on each
	members(series, func(key, value []byte) {
		switch string(key) {
		case `"type"`:
			if kind := string(value); kind != `"bar"` && kind != `"line"` {
				categories = nil
			} else {
				standing = true
			}
		case `"data"`:
			n := 0
			if value[0] == '[' {
				elements(value, func([]byte) { n++ })
			}
			if n != len(categories) {
				categories = nil
			}
		}
	})
	if !standing {
		categories = nil
	}
	return rebuilt(out, series, func(out, key, value []byte) ([]byte, bool) {
		switch string(key) {
		case `"tooltip"`:
			return out, false
		case `"data"`:
			if value[0] != '[' {
				break
			}
			i := -1
			return eachOf(out, value, func(out, point []byte) []byte {
				i++
				if i < len(categories) {
					return trimPoint(out, point, categories[i])
				}
				return trimPoint(out, point, nil)
			}), true
		}
		return append(out, value...), true
	})
}

// trimPoint writes a point: as its value alone, where that and the category
// that it is named for say all there is to see of it.
func trimPoint(out, point, category []byte) []byte {
	if point[0] != '{' {
		return append(out, point...)
	}
	plain, named := category != nil, false
	var value []byte
	members(point, func(key, v []byte) {
		switch string(key) {
		case `"name"`:
			named = bytes.Equal(v, category)
		case `"value"`:
			value = v
		case `"filter"`, `"tip"`, `"title"`:
		default:
			plain = false
		}
	})
	if plain && named && value != nil && value[0] != '{' && value[0] != '[' && (value[0] != '"' || string(value) == `"-"`) {
		return append(out, value...)
	}
	return rebuilt(out, point, func(out, key, value []byte) ([]byte, bool) {
		switch string(key) {
		case `"filter"`, `"tip"`:
			return out, false
		}
		return append(out, value...), true
	})
}

// rebuilt writes an object anew, each value as write does; where that is false,
// without the member.
func rebuilt(out, object []byte, write func(out, key, value []byte) ([]byte, bool)) []byte {
	out = append(out, '{')
	first := true
	members(object, func(key, value []byte) {
		before := len(out)
		if !first {
			out = append(out, ',')
		}
		out = append(append(out, key...), ':')
		var kept bool
		if out, kept = write(out, key, value); !kept {
			out = out[:before]
			return
		}
		first = false
	})
	return append(out, '}')
}

// eachOf writes a list anew, each element as write does; what is no list, as if
// it were the one element of one.
func eachOf(out, list []byte, write func(out, element []byte) []byte) []byte {
	if list[0] != '[' {
		return write(out, list)
	}
	out = append(out, '[')
	first := true
	elements(list, func(element []byte) {
		if !first {
			out = append(out, ',')
		}
		first = false
		out = write(out, element)
	})
	return append(out, ']')
}

// visit calls for the elements of a list, or for what is no list.
func visit(value []byte, call func([]byte)) {
	if value[0] == '[' {
		elements(value, call)
	} else {
		call(value)
	}
}

// members calls for the members of an object, as JSON.
func members(object []byte, call func(key, value []byte)) {
	s := scan{o: object}
	for s.next('}') {
		key := s.piece()
		s.space()
		s.at++ // the colon
		s.space()
		call(key, s.piece())
	}
}

// elements calls for the elements of a list, as JSON.
func elements(list []byte, call func([]byte)) {
	s := scan{o: list}
	for s.next(']') {
		call(s.piece())
	}
}

// next goes to the next member or element, behind the bracket or comma; it is
// false at the end.
func (s *scan) next(end byte) bool {
	if s.space(); s.o[s.at] == end {
		return false
	}
	s.at++ // what opens it, or a comma
	s.space()
	return s.o[s.at] != end
}

// piece walks over a value without a look at what is in it, and gives it.
func (s *scan) piece() []byte {
	start, depth := s.at, 0
	for {
		switch s.o[s.at] {
		case '"':
			s.quoted()
		case '{', '[':
			depth++
			s.at++
		case '}', ']':
			depth--
			s.at++
		default: // of a number or word, or between things
			s.at++
			if depth == 0 {
				for s.at < len(s.o) && !ends[s.o[s.at]] {
					s.at++
				}
			}
		}
		if depth == 0 {
			return s.o[start:s.at]
		}
	}
}

// ends are what numbers and words end before.
var ends = [256]bool{',': true, ':': true, ']': true, '}': true, ' ': true, '\t': true, '\n': true, '\r': true}

// quoted walks over a string.
func (s *scan) quoted() {
	for begin := s.at + 1; ; {
		s.at = begin + bytes.IndexByte(s.o[begin:], '"')
		escapes := 0
		for s.o[s.at-1-escapes] == '\\' {
			escapes++
		}
		begin = s.at + 1
		if escapes%2 == 0 {
			s.at = begin
			return
		}
	}
}
