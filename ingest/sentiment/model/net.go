package model

import (
	"fmt"
	"math"
	"sync/atomic"
)

// Sizes of the net.
const (
	width    = 64        // of a word's vector, and of the states: half read forwards, half backwards
	half     = width / 2 //
	gates    = 3 * width // candidate, forget gate and output gate
	places   = 21        // distances −9…9, none, and padding
	combos   = 27        // of what verbs do to the target, what words say of it, and what verbs do to others
	pooled   = 5 * width // by attention, the greatest of all, of the left, the target's, the greatest of the right
	readings = pooled + denseSize
)

// Net is a small recurrent net over word vectors (a simple recurrent unit, Lei
// et al. 2018, in both directions), with the target marked, pooled around the
// target. It is safe for concurrent use.
type Net struct {
	vectors []int8 // rows × width
	scales  []float32
	project []float32 // gates × width
	place   []float32 // places × gates, with the bias
	flag    []float32 // (allFlags+1) × gates
	feel    []float32 // 2 × gates: for a good and for a bad word
	forget  []float32 // width: how the state bends the forget gate
	out     []float32 // width: and the output gate
	attend  []float32 // width
	answer  []float32 // 3 × readings
	combo   []float32 // combos × 3
	bias    []float32 // 3
	rows    []atomic.Pointer[[gates]float32]

	sigmoid, tanh *curve
}

// netScratch is what one evaluation works with.
type netScratch struct {
	inputs []float32 // units × gates
	states []float32 // units × width
	cells  []float32 // units × width: what the units remember
	other  []float32 // states with one unit left out
}

// netParts are the net's sections in a weights file, and their sizes.
func (n *Net) parts() []part {
	return []part{
		{"net.scales", &n.scales, width}, {"net.project", &n.project, gates * width}, {"net.place", &n.place, places * gates},
		{"net.flag", &n.flag, (allFlags + 1) * gates}, {"net.feel", &n.feel, 2 * gates}, {"net.forget", &n.forget, width},
		{"net.out", &n.out, width}, {"net.attend", &n.attend, width}, {"net.answer", &n.answer, 3 * readings},
		{"net.combo", &n.combo, combos * 3}, {"net.bias", &n.bias, 3},
	}
}

type part struct {
	name string
	to   *[]float32
	size int
}

func (n *Net) prepare(rows int) error {
	if len(n.vectors) != rows*width {
		return fmt.Errorf("the net has %d vectors for %d words", len(n.vectors)/width, rows)
	}
	n.rows = make([]atomic.Pointer[[gates]float32], rows)
	n.sigmoid = newCurve(func(x float64) float64 { return 1 / (1 + math.Exp(-x)) })
	n.tanh = newCurve(math.Tanh)
	return nil
}

// row is a word's vector on its way into the gates, computed once.
func (n *Net) row(id int32) *[gates]float32 {
	if r := n.rows[id].Load(); r != nil {
		return r
	}
	var x [width]float32
	for k, q := range n.vectors[int(id)*width : int(id+1)*width] {
		x[k] = float32(q) * n.scales[k]
	}
	r := new([gates]float32)
	for g := range r {
		w := n.project[g*width : (g+1)*width]
		var sum float32
		for k, v := range w {
			sum += v * x[k]
		}
		r[g] = sum
	}
	n.rows[id].Store(r)
	return r
}

// combo numbers how verbs and words meet at the target.
func comboOf(d *[denseSize]float32) int {
	verbs := third(d[denseSubject]+d[denseObject]+d[denseCompared], 0.2)
	words := third(d[denseGood]-d[denseBad], 0.2)
	effect := third(d[denseOthersEffect], 0.2)
	return int(verbs*9 + words*3 + effect)
}

// placeOf is the row of a unit's distance.
func placeOf(u *unitAt) int {
	if u.side == 2 {
		return 20
	}
	return int(u.pos) + 10
}

// score gives the three sums for units.
func (n *Net) score(units []unitAt, dense *[denseSize]float32, ws *netScratch) [3]float32 {
	if ws.inputs == nil {
		ws.inputs = make([]float32, maxUnits*gates)
		ws.states = make([]float32, maxUnits*width)
		ws.cells = make([]float32, maxUnits*width)
		ws.other = make([]float32, maxUnits*width)
	}
	for t := range units {
		n.input(&units[t], units[t].id, units[t].valence, (*[gates]float32)(ws.inputs[t*gates:]))
	}
	var c [half]float32
	n.run(ws, &c, 0, 0, len(units), 1)
	clear(c[:])
	n.run(ws, &c, half, len(units)-1, -1, -1)
	return n.pool(units, ws.states, dense)
}

// without gives the sums with one unit hidden. It goes on from what score left
// in ws: what comes before the unit in either direction stays as it was.
func (n *Net) without(units []unitAt, dense *[denseSize]float32, ws *netScratch, hidden int) [3]float32 {
	size := len(units)
	in := (*[gates]float32)(ws.inputs[hidden*gates:])
	kept := *in
	n.input(&units[hidden], unitUnknown, 0, in)
	copy(ws.other[:size*width], ws.states[:size*width])
	var c [half]float32
	if hidden > 0 {
		copy(c[:], ws.cells[(hidden-1)*width:][:half])
	}
	n.rerun(ws, &c, 0, hidden, size, 1)
	clear(c[:])
	if hidden+1 < size {
		copy(c[:], ws.cells[(hidden+1)*width+half:][:half])
	}
	n.rerun(ws, &c, half, hidden, -1, -1)
	*in = kept
	return n.pool(units, ws.other, dense)
}

// input is what a unit brings to the gates.
func (n *Net) input(u *unitAt, id int32, valence float32, to *[gates]float32) {
	word := n.row(id)
	where := (*[gates]float32)(n.place[placeOf(u)*gates:])
	for k := range to {
		to[k] = word[k] + where[k]
	}
	if u.flags != 0 {
		flag := (*[gates]float32)(n.flag[int(u.flags)*gates:])
		for k := range to {
			to[k] += flag[k]
		}
	}
	if valence == 0 {
		return
	}
	feel, by := (*[gates]float32)(n.feel), valence/3
	if valence < 0 {
		feel, by = (*[gates]float32)(n.feel[gates:]), -by
	}
	for k := range to {
		to[k] += by * feel[k]
	}
}

// run carries one direction's states from unit from up to unit to, beginning
// with what c remembers; what it remembers on the way stays in ws.
func (n *Net) run(ws *netScratch, c *[half]float32, off, from, to, step int) {
	sigmoid, tanh := n.sigmoid, n.tanh
	forget, output := (*[half]float32)(n.forget[off:]), (*[half]float32)(n.out[off:])
	for t := from; t != to; t += step {
		in := ws.inputs[t*gates:][:gates]
		x, f, r := (*[half]float32)(in[off:]), (*[half]float32)(in[width+off:]), (*[half]float32)(in[2*width+off:])
		h := (*[half]float32)(ws.states[t*width+off:])
		for k := range c {
			g := sigmoid.at(f[k] + forget[k]*c[k] + 1)
			ck := x[k] + g*(c[k]-x[k])
			c[k] = ck
			h[k] = sigmoid.at(r[k]+output[k]*ck) * tanh.at(ck)
		}
		*(*[half]float32)(ws.cells[t*width+off:]) = *c
	}
}

// faded is how little a memory may differ for what follows to be the same.
const faded = 2e-3

// rerun is run with one unit changed, into the other states. It ends where
// what is remembered is what it was: the change has faded.
func (n *Net) rerun(ws *netScratch, c *[half]float32, off, from, to, step int) {
	sigmoid, tanh := n.sigmoid, n.tanh
	forget, output := (*[half]float32)(n.forget[off:]), (*[half]float32)(n.out[off:])
	for t := from; t != to; t += step {
		in := ws.inputs[t*gates:][:gates]
		x, f, r := (*[half]float32)(in[off:]), (*[half]float32)(in[width+off:]), (*[half]float32)(in[2*width+off:])
		h, was := (*[half]float32)(ws.other[t*width+off:]), (*[half]float32)(ws.cells[t*width+off:])
		most := float32(0)
		for k := range c {
			g := sigmoid.at(f[k] + forget[k]*c[k] + 1)
			ck := x[k] + g*(c[k]-x[k])
			c[k] = ck
			h[k] = sigmoid.at(r[k]+output[k]*ck) * tanh.at(ck)
			if d := ck - was[k]; d > most {
				most = d
			} else if -d > most {
				most = -d
			}
		}
		if most < faded {
			return
		}
	}
}

// pool gathers the states around the target and gives the answer.
func (n *Net) pool(units []unitAt, states []float32, dense *[denseSize]float32) [3]float32 {
	var p [readings]float32
	attention, greatest := (*[width]float32)(p[:]), (*[width]float32)(p[width:])
	left, target, right := (*[width]float32)(p[2*width:]), (*[width]float32)(p[3*width:]), (*[width]float32)(p[4*width:])
	for k := range greatest {
		greatest[k], left[k], right[k] = -1, -1, -1
	}
	var weigh [maxUnits]float32
	most := float32(math.Inf(-1))
	attend := (*[width]float32)(n.attend)
	for t := range units {
		h := (*[width]float32)(states[t*width:])
		var a, b float32 // two sums, so that the processor need not wait for one
		for k := 0; k < width; k += 2 {
			a += attend[k] * h[k]
			b += attend[k+1] * h[k+1]
		}
		weigh[t] = a + b
		if a+b > most {
			most = a + b
		}
	}
	var sum float32
	for t := range units {
		weigh[t] = float32(math.Exp(float64(weigh[t] - most)))
		sum += weigh[t]
	}
	for t := range units {
		h := (*[width]float32)(states[t*width:])
		a := weigh[t] / sum
		side := greatest
		switch units[t].side {
		case 1:
			side = right
		case -1:
			side = left
		case 0:
			for k, v := range h {
				target[k] += v
			}
		}
		for k, v := range h {
			attention[k] += a * v
			if v > side[k] {
				side[k] = v
			}
		}
	}
	for k := range greatest { // of all is of either side too
		greatest[k] = max(greatest[k], left[k], right[k])
	}
	copy(p[pooled:], dense[:])
	combo := 3 * comboOf(dense)
	var out [3]float32
	for c := range out {
		w := n.answer[c*readings:][:readings]
		sum := n.bias[c] + n.combo[combo+c]
		for k, v := range p {
			sum += v * w[k]
		}
		out[c] = sum
	}
	return out
}
