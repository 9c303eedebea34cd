package store

import (
	"strconv"

	"agora/mood"
)

// packTally writes a tally as a cell.
func packTally(t mood.Tally) string {
	b := make([]byte, 0, 32)
	for i, v := range [...]int64{t.Positive, t.Neutral, t.Unclear, t.Negative, t.Stories, t.Sum, t.SumSquares} {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, v, 10)
	}
	return string(b)
}

// parseTally reads a cell. What is no cell counts nothing.
func parseTally(s string) mood.Tally {
	var v [7]int64
	field, sign, i := 0, int64(1), 0
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == ',':
			v[field] *= sign
			sign = 1
			if field++; field == len(v) {
				return mood.Tally{}
			}
		case c == '-':
			sign = -1
		case c >= '0' && c <= '9':
			v[field] = v[field]*10 + int64(c-'0')
		default:
			return mood.Tally{}
		}
	}
	if field != len(v)-1 {
		return mood.Tally{}
	}
	v[field] *= sign
	return mood.Tally{
		Positive: v[0], Neutral: v[1], Unclear: v[2], Negative: v[3],
		Stories: v[4], Sum: v[5], SumSquares: v[6],
	}
}
