package model

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
)

// Most is how many languages one group tells apart at most.
const Most = 64

// A weight is one of 64 steps, bias being none. Four of the largest fit into a
// byte, and a thousand into 16 bits.
const (
	bias  = 32
	lanes = 8 // weights that are added at once, in one uint64
)

// Group tells the languages of one script apart: a linear model over hashed
// n-grams.
type Group struct {
	Script Script
	Langs  []string  // tags; "" for names and other text of no language
	Base   []float32 // of each language, whatever the text
	Step   float32   // what one step of a weight is worth
	Hashes []uint32  // of the n-grams that have weights, ascending
	Steps  []int8    // weights, −32…31, of each n-gram for each language

	width int      // uint64s in a row
	rows  []uint64 // lanes of weight + bias
	slots []uint32 // open addressing: 15 bits of the hash, 17 of the row, plus one
	shift uint32
}

// Weights are all groups, by script.
type Weights [Scripts]*Group

const (
	magic    = "AGL1"
	mostRows = 1<<17 - 2
)

// prepare lays a group out for scoring.
func (g *Group) prepare() {
	g.width = (len(g.Langs) + lanes - 1) / lanes
	g.rows = make([]uint64, g.width*len(g.Hashes))
	size := bits.Len(uint(max(2*len(g.Hashes), 16)) - 1)
	g.slots = make([]uint32, 1<<size)
	g.shift = uint32(32 - size)
	for i, h := range g.Hashes {
		row := g.rows[i*g.width : (i+1)*g.width]
		for k := range g.width * lanes {
			v := uint64(bias)
			if k < len(g.Langs) {
				v = uint64(int(g.Steps[i*len(g.Langs)+k]) + bias)
			}
			row[k/lanes] |= v << (8 * (k % lanes))
		}
		at := h >> g.shift
		for g.slots[at] != 0 {
			at = (at + 1) & uint32(len(g.slots)-1)
		}
		g.slots[at] = h<<17 | uint32(i+1)
	}
}

// Score gives the logit of each language, and how much of the text has
// weights: the number of n-grams, those of names counting a quarter.
func (g *Group) Score(grams *Grams, out *[Most]float32) (hits float32) {
	var strong, weak sums
	s := g.find(grams.Strong(), &grams.rows)
	g.sum(grams.rows[:s], &strong)
	w := g.find(grams.Weak(), &grams.rows)
	g.sum(grams.rows[:w], &weak)
	hits = float32(s) + float32(w)/4
	by := g.Step / float32(math.Sqrt(float64(max(hits, 1))))
	for k := range g.Langs {
		a := float32(strong.of(k) - s*bias)
		b := float32(weak.of(k) - w*bias)
		out[k] = (a+b/2)*by + g.Base[k]
	}
	return hits
}

// find looks up where the rows of n-grams begin. The look-ups don't wait for
// one another, and the sums afterwards don't wait for a branch: the table is
// larger than what a processor keeps close.
func (g *Group) find(hashes []uint32, rows *[mostGrams]uint32) int {
	slots, mask, n := g.slots, uint32(len(g.slots)-1), 0
	for _, h := range hashes[:min(len(hashes), len(rows))] {
		at := h >> g.shift
		slot := slots[at]
		for slot != 0 && slot^h<<17 >= 1<<17 {
			at = (at + 1) & mask
			slot = slots[at]
		}
		rows[n] = (slot&(1<<17-1) - 1) * uint32(g.width)
		if slot != 0 {
			n++
		}
	}
	return n
}

// sums are added up in lanes of 16 bits, those of even and of odd languages
// apart.
type sums struct{ even, odd [Most / lanes]uint64 }

func (s *sums) of(k int) int {
	word := s.even[k/lanes]
	if k%2 == 1 {
		word = s.odd[k/lanes]
	}
	return int(word >> (16 * (k % lanes / 2)) & 0xFFFF)
}

const evenLanes = 0x00FF00FF00FF00FF

// sum adds rows up, four at a time: the lanes of so many don't overflow.
func (g *Group) sum(rows []uint32, into *sums) {
	width := g.width
	if width == wide {
		rows = g.sumWide(rows, into)
	}
	for ; len(rows) >= 4; rows = rows[4:] {
		a, b := g.rows[rows[0]:], g.rows[rows[1]:]
		c, d := g.rows[rows[2]:], g.rows[rows[3]:]
		a, b, c, d = a[:width], b[:width], c[:width], d[:width]
		for k := range a {
			v := a[k] + b[k] + c[k] + d[k]
			into.even[k] += v & evenLanes
			into.odd[k] += v >> 8 & evenLanes
		}
	}
	for _, at := range rows {
		for k, v := range g.rows[at:][:width] {
			into.even[k] += v & evenLanes
			into.odd[k] += v >> 8 & evenLanes
		}
	}
}

// wide is the width of rows for Latin script, which most texts are in: for
// those the loop over four rows has bounds that the compiler knows.
const wide = 6

func (g *Group) sumWide(rows []uint32, into *sums) (rest []uint32) {
	even, odd := (*[wide]uint64)(into.even[:]), (*[wide]uint64)(into.odd[:])
	for ; len(rows) >= 4; rows = rows[4:] {
		a, b := (*[wide]uint64)(g.rows[rows[0]:]), (*[wide]uint64)(g.rows[rows[1]:])
		c, d := (*[wide]uint64)(g.rows[rows[2]:]), (*[wide]uint64)(g.rows[rows[3]:])
		for k := range wide {
			v := a[k] + b[k] + c[k] + d[k]
			even[k] += v & evenLanes
			odd[k] += v >> 8 & evenLanes
		}
	}
	return rows
}

// Bytes are weights as they are kept.
func (w *Weights) Bytes() ([]byte, error) {
	var plain bytes.Buffer
	plain.WriteString(magic)
	for _, g := range w {
		if g == nil {
			continue
		}
		if len(g.Langs) > Most || len(g.Hashes) > mostRows {
			return nil, fmt.Errorf("pack weights: %d languages and %d n-grams are more than %d and %d", len(g.Langs), len(g.Hashes), Most, mostRows)
		}
		plain.WriteByte(byte(g.Script))
		plain.WriteByte(byte(len(g.Langs)))
		for k, lang := range g.Langs {
			plain.WriteByte(byte(len(lang)))
			plain.WriteString(lang)
			plain.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(g.Base[k])))
		}
		plain.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(g.Step)))
		plain.Write(binary.AppendUvarint(nil, uint64(len(g.Hashes))))
		before := uint32(0)
		for _, h := range g.Hashes {
			plain.Write(binary.AppendUvarint(nil, uint64(h-before)))
			before = h
		}
		for _, s := range g.Steps {
			plain.WriteByte(byte(s))
		}
	}
	var packed bytes.Buffer
	z, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("pack weights: %w", err)
	}
	if _, err := z.Write(plain.Bytes()); err != nil {
		return nil, fmt.Errorf("pack weights: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack weights: %w", err)
	}
	return packed.Bytes(), nil
}

var errDamaged = errors.New("read the weights of languages: the file is damaged; build the program anew")

// Read reads weights as Bytes gives them, for scoring: Bytes can't give them
// again.
func Read(packed []byte) (*Weights, error) {
	w, err := ReadWhole(packed)
	if err != nil {
		return nil, err
	}
	for _, g := range w {
		if g != nil {
			g.prepare()
			g.Hashes, g.Steps = nil, nil // they are in rows and slots
		}
	}
	return w, nil
}

// ReadWhole reads weights as Bytes gives them, and as Bytes takes them.
func ReadWhole(packed []byte) (*Weights, error) {
	r := bufio.NewReader(flate.NewReader(bytes.NewReader(packed)))
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(r, head); err != nil || string(head) != magic {
		return nil, errDamaged
	}
	w := &Weights{}
	for {
		script, err := r.ReadByte()
		if errors.Is(err, io.EOF) {
			return w, nil
		}
		if err != nil || script >= byte(Scripts) {
			return nil, errDamaged
		}
		g, err := readGroup(r)
		if err != nil {
			return nil, errDamaged
		}
		g.Script = Script(script)
		w[script] = g
	}
}

func readGroup(r *bufio.Reader) (*Group, error) {
	n, err := r.ReadByte()
	if err != nil || n == 0 || n > Most {
		return nil, errDamaged
	}
	g := &Group{Langs: make([]string, n), Base: make([]float32, n)}
	for k := range g.Langs {
		size, err := r.ReadByte()
		if err != nil {
			return nil, err
		}
		tag := make([]byte, size)
		if _, err := io.ReadFull(r, tag); err != nil {
			return nil, err
		}
		g.Langs[k] = string(tag)
		if g.Base[k], err = readFloat(r); err != nil {
			return nil, err
		}
	}
	if g.Step, err = readFloat(r); err != nil {
		return nil, err
	}
	rows, err := binary.ReadUvarint(r)
	if err != nil || rows > mostRows {
		return nil, errDamaged
	}
	g.Hashes = make([]uint32, rows)
	before := uint64(0)
	for i := range g.Hashes {
		d, err := binary.ReadUvarint(r)
		if err != nil || before+d > math.MaxUint32 {
			return nil, errDamaged
		}
		before += d
		g.Hashes[i] = uint32(before)
	}
	raw := make([]byte, int(rows)*int(n))
	if _, err := io.ReadFull(r, raw); err != nil {
		return nil, err
	}
	g.Steps = make([]int8, len(raw))
	for i, b := range raw {
		if g.Steps[i] = int8(b); g.Steps[i] < -bias || g.Steps[i] >= bias {
			return nil, errDamaged
		}
	}
	return g, nil
}

func readFloat(r io.Reader) (float32, error) {
	var b [4]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, err
	}
	return math.Float32frombits(binary.LittleEndian.Uint32(b[:])), nil
}
