package draw

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// numbers reads the figures of paths, lists and transforms, one by one.
type numbers struct{ s string }

func (n *numbers) skip() {
	i := 0
	for i < len(n.s) && (n.s[i] == ' ' || n.s[i] == ',' || n.s[i] == '\n' || n.s[i] == '\t' || n.s[i] == '\r') {
		i++
	}
	n.s = n.s[i:]
}

// more says whether a number follows.
func (n *numbers) more() bool {
	n.skip()
	return n.s != "" && (n.s[0] >= '0' && n.s[0] <= '9' || n.s[0] == '.' || n.s[0] == '-' || n.s[0] == '+')
}

// next reads a number: SVG 2, section 4.3.
func (n *numbers) next() (float64, error) {
	n.skip()
	s := n.s
	i, whole, digits, after := 0, uint64(0), 0, 0
	negative := false
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		negative = s[i] == '-'
		i++
	}
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		whole, digits = whole*10+uint64(s[i]-'0'), digits+1
	}
	if i < len(s) && s[i] == '.' {
		for i++; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
			whole, digits, after = whole*10+uint64(s[i]-'0'), digits+1, after+1
		}
	}
	if digits == 0 {
		return 0, fmt.Errorf("%s is no number", short(s))
	}
	power := false
	if i+1 < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if s[j] == '-' || s[j] == '+' {
			j++
		}
		if j < len(s) && s[j] >= '0' && s[j] <= '9' {
			for power = true; j < len(s) && s[j] >= '0' && s[j] <= '9'; j++ {
			}
			i = j
		}
	}
	var v float64
	if power || digits > 15 {
		var err error
		if v, err = strconv.ParseFloat(s[:i], 64); err != nil {
			return 0, fmt.Errorf("%s is no number", short(s[:i]))
		}
	} else {
		v = float64(whole) / tens[after]
		if negative {
			v = -v
		}
	}
	if math.Abs(v) > maxNumber {
		return 0, fmt.Errorf("%s is too big: numbers end at %g", short(s[:i]), float64(maxNumber))
	}
	n.s = s[i:]
	return v, nil
}

// flag reads a 0 or a 1, which may stand without a space before what follows.
func (n *numbers) flag() (bool, error) {
	n.skip()
	if n.s == "" || n.s[0] != '0' && n.s[0] != '1' {
		return false, fmt.Errorf("%s is neither 0 nor 1", short(n.s))
	}
	one := n.s[0] == '1'
	n.s = n.s[1:]
	return one, nil
}

// list reads numbers to the end.
func list(s string) ([]float64, error) {
	n := numbers{s}
	var out []float64
	for n.more() {
		v, err := n.next()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	if n.s != "" {
		return nil, fmt.Errorf("%s is no number", short(n.s))
	}
	return out, nil
}

// length reads a number of user units. An empty one is the fallback; a
// percentage is of whole.
func length(s string, fallback, whole float64) (float64, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return fallback, nil
	}
	n := numbers{s}
	v, err := n.next()
	if err != nil {
		return 0, err
	}
	switch n.s {
	case "", "px":
		return v, nil
	case "%":
		return v / 100 * whole, nil
	}
	return 0, fmt.Errorf("%s is neither a number, nor one of px or %%", short(s))
}

// short quotes the beginning of a text, for an error.
func short(s string) string {
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return strconv.Quote(s)
}

// parseTransform reads a list of transforms: CSS Transforms 1, section 8.
func parseTransform(s string) (matrix, error) {
	m := identity
	for s = strings.Trim(s, " ,\n\t"); s != ""; s = strings.TrimLeft(s, " ,\n\t") {
		name, rest, ok := strings.Cut(s, "(")
		in, after, closed := strings.Cut(rest, ")")
		if !ok || !closed {
			return m, fmt.Errorf("transform %s has no closed bracket", short(s))
		}
		a, err := list(in)
		if err != nil {
			return m, fmt.Errorf("transform: %w", err)
		}
		n, ok := transformOf(strings.TrimSpace(name), a)
		if !ok {
			return m, fmt.Errorf("transform %s is unknown, or has a wrong number of figures", short(s))
		}
		m = m.mul(n)
		s = after
	}
	for _, v := range []float64{m.a, m.b, m.c, m.d, m.e, m.f} {
		if !(math.Abs(v) <= maxNumber) {
			return m, fmt.Errorf("transform: the figures get too big: they end at %g", float64(maxNumber))
		}
	}
	return m, nil
}

func transformOf(name string, a []float64) (matrix, bool) {
	switch {
	case name == "matrix" && len(a) == 6:
		return matrix{a[0], a[1], a[2], a[3], a[4], a[5]}, true
	case name == "translate" && len(a) == 1:
		return translate(a[0], 0), true
	case name == "translate" && len(a) == 2:
		return translate(a[0], a[1]), true
	case name == "scale" && len(a) == 1:
		return matrix{a: a[0], d: a[0]}, true
	case name == "scale" && len(a) == 2:
		return matrix{a: a[0], d: a[1]}, true
	case name == "rotate" && (len(a) == 1 || len(a) == 3):
		sin, cos := math.Sincos(a[0] * math.Pi / 180)
		turn := matrix{a: cos, b: sin, c: -sin, d: cos}
		if len(a) == 3 {
			turn = translate(a[1], a[2]).mul(turn).mul(translate(-a[1], -a[2]))
		}
		return turn, true
	case name == "skewX" && len(a) == 1:
		return matrix{a: 1, c: math.Tan(a[0] * math.Pi / 180), d: 1}, true
	case name == "skewY" && len(a) == 1:
		return matrix{a: 1, b: math.Tan(a[0] * math.Pi / 180), d: 1}, true
	}
	return matrix{}, false
}
