package charts

import (
	"encoding/json"
	"errors"
)

// Deltas are made on every tick of every view, so options are taken apart
// without decoding them: a value stays the bytes that it is, and in canonical
// form equal values are equal bytes.

var errJSON = errors.New("not canonical JSON")

// skip gives the end of the value that begins at i: of a string, of a list or
// an object with all that is in it, or of a number or word.
func skip(b []byte, i int) (int, error) {
	if i >= len(b) {
		return 0, errJSON
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		depth := 0
		for i < len(b) {
			switch b[i] {
			case '"':
				end, err := skipString(b, i)
				if err != nil {
					return 0, err
				}
				i = end
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1, nil
				}
			}
			i++
		}
		return 0, errJSON
	default:
		start := i
		for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] != ':' {
			i++
		}
		if i == start {
			return 0, errJSON
		}
		return i, nil
	}
}

func skipString(b []byte, i int) (int, error) {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1, nil
		}
	}
	return 0, errJSON
}

// eachItem goes through a list.
func eachItem(b []byte, do func(item []byte) error) error {
	if len(b) < 2 || b[0] != '[' || b[len(b)-1] != ']' {
		return errJSON
	}
	if len(b) == 2 {
		return nil
	}
	for i := 1; ; i++ {
		end, err := skip(b, i)
		if err != nil || end >= len(b) {
			return errJSON
		}
		if err := do(b[i:end:end]); err != nil {
			return err
		}
		switch i = end; b[i] {
		case ',':
		case ']':
			if i != len(b)-1 {
				return errJSON
			}
			return nil
		default:
			return errJSON
		}
	}
}

// eachMember goes through an object. Keys are given as JSON has them, quoted.
func eachMember(b []byte, do func(key, value []byte) error) error {
	if len(b) < 2 || b[0] != '{' || b[len(b)-1] != '}' {
		return errJSON
	}
	if len(b) == 2 {
		return nil
	}
	for i := 1; ; i++ {
		if i >= len(b) || b[i] != '"' {
			return errJSON
		}
		colon, err := skipString(b, i)
		if err != nil || colon >= len(b) || b[colon] != ':' {
			return errJSON
		}
		end, err := skip(b, colon+1)
		if err != nil || end >= len(b) {
			return errJSON
		}
		if err := do(b[i:colon:colon], b[colon+1:end:end]); err != nil {
			return err
		}
		switch i = end; b[i] {
		case ',':
		case '}':
			if i != len(b)-1 {
				return errJSON
			}
			return nil
		default:
			return errJSON
		}
	}
}

// unquote reads a JSON string; most have nothing to decode.
func unquote(b []byte) (string, bool) {
	if len(b) < 2 || b[0] != '"' {
		return "", false
	}
	for _, c := range b {
		if c == '\\' {
			var s string
			if err := json.Unmarshal(b, &s); err != nil {
				return "", false
			}
			return s, true
		}
	}
	return string(b[1 : len(b)-1]), true
}

// objectOf takes an object apart, one level deep.
func objectOf(b []byte) (fields, error) {
	f := fields{}
	err := eachMember(b, func(key, value []byte) error {
		k, ok := unquote(key)
		if !ok {
			return errJSON
		}
		f[k] = value
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// keyOf reads one string field of an object.
func keyOf(b []byte, field string) (string, bool) {
	var found []byte
	err := eachMember(b, func(key, value []byte) error {
		if string(key[1:len(key)-1]) == field {
			found = value
		}
		return nil
	})
	if err != nil {
		return "", false
	}
	return unquote(found)
}
