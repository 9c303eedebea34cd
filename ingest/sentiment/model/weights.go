package model

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unsafe"

	"agora/ingest/sentiment/lexicon"
)

// A weights file is a line of magic, a line of JSON that describes the
// sections, and the sections, little-endian, one after the other.
const magic = "agora sentiment 1\n"

// About says where weights come from.
type About struct {
	Made   string `json:"made"` // a date
	Seed   int    `json:"seed"`
	Mixing Mixing `json:"mixing"`
	// Curve turns the greatest chance into a confidence: the accuracies that
	// were found at chances of 1/3, …, 1 in equal steps.
	Curve []float64 `json:"curve"`
	// Questions is how often what was read in a text with a question is right,
	// of how often the curve says so; at most 1.
	Questions float64 `json:"questions"`
	// Unclear is the confidence below which a label is unclear.
	Unclear float64 `json:"unclear"`
}

type section struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"`
}

type header struct {
	About    About     `json:"about"`
	Common   int       `json:"common"`
	Scale    float32   `json:"scale"` // of the linear weights
	Sections []section `json:"sections"`
}

// Weights are everything that training makes.
type Weights struct {
	About      About
	Vocabulary []string
	Common     int // how many of the vocabulary are of the vector list
	Wide       map[uint64]int8
	Proper     []bool // of the vocabulary: names
	Linear     []int8
	Scale      float32
	Vectors    []int8
	Net        map[string][]float32
}

// Write writes weights as a file.
func (w *Weights) Write(to io.Writer) error {
	h := header{About: w.About, Common: w.Common, Scale: w.Scale}
	var body bytes.Buffer
	put := func(name string, b []byte) {
		h.Sections = append(h.Sections, section{name, len(b)})
		body.Write(b)
	}
	put("vocabulary", []byte(strings.Join(w.Vocabulary, "\n")))
	keys := make([]uint64, 0, len(w.Wide))
	for k := range w.Wide {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	wide := make([]byte, 0, 9*len(keys))
	for _, k := range keys {
		wide = binary.LittleEndian.AppendUint64(wide, k)
		wide = append(wide, byte(w.Wide[k]))
	}
	put("wide", wide)
	proper := make([]byte, len(w.Proper))
	for i, is := range w.Proper {
		if is {
			proper[i] = 1
		}
	}
	put("proper", proper)
	put("linear", bytesOf(w.Linear))
	put("vectors", bytesOf(w.Vectors))
	names := make([]string, 0, len(w.Net))
	for name := range w.Net {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		var b []byte
		for _, v := range w.Net[name] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
		put(name, b)
	}
	line, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("describe the weights: %w", err)
	}
	for _, b := range [][]byte{[]byte(magic), line, {'\n'}, body.Bytes()} {
		if _, err := to.Write(b); err != nil {
			return fmt.Errorf("write the weights: %w", err)
		}
	}
	return nil
}

func bytesOf(list []int8) []byte {
	b := make([]byte, len(list))
	for i, v := range list {
		b[i] = byte(v)
	}
	return b
}

// int8sOf is b as signed numbers, in the same memory: the weights are the
// program's own, and ten megabytes twice otherwise.
func int8sOf(b []byte) []int8 {
	return unsafe.Slice((*int8)(unsafe.Pointer(unsafe.SliceData(b))), len(b)) //nolint:gosec // bytes of another name
}

// ReadWeights reads a weights file. It fails, and says where, on one that is
// cut short or of another version. The weights share the file's memory, which
// is not to be changed.
func ReadWeights(file []byte) (*Weights, error) {
	rest, ok := bytes.CutPrefix(file, []byte(magic))
	if !ok {
		return nil, fmt.Errorf("read sentiment weights: not a weights file of this version; make it anew with make train")
	}
	line, body, ok := bytes.Cut(rest, []byte{'\n'})
	var h header
	if err := json.Unmarshal(line, &h); !ok || err != nil {
		return nil, fmt.Errorf("read sentiment weights: the description is damaged: %w", err)
	}
	w := &Weights{About: h.About, Common: h.Common, Scale: h.Scale, Net: map[string][]float32{}}
	for _, s := range h.Sections {
		if s.Bytes < 0 || s.Bytes > len(body) {
			return nil, fmt.Errorf("read sentiment weights: %s is cut short", s.Name)
		}
		b := body[:s.Bytes]
		body = body[s.Bytes:]
		switch s.Name {
		case "vocabulary":
			w.Vocabulary = strings.Split(string(b), "\n")
		case "wide":
			w.Wide = make(map[uint64]int8, len(b)/9)
			for ; len(b) >= 9; b = b[9:] {
				w.Wide[binary.LittleEndian.Uint64(b)] = int8(b[8])
			}
		case "proper":
			w.Proper = make([]bool, len(b))
			for i, v := range b {
				w.Proper[i] = v == 1
			}
		case "linear":
			w.Linear = int8sOf(b)
		case "vectors":
			w.Vectors = int8sOf(b)
		default:
			list := make([]float32, len(b)/4)
			for i := range list {
				list[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
			}
			w.Net[s.Name] = list
		}
	}
	return w, nil
}

// New makes a model of weights and lexicons.
func New(w *Weights, lexicons *lexicon.Set) (*Model, error) {
	m := &Model{
		tables: NewTables(lexicons, w.Vocabulary, w.Common, w.Wide),
		linear: &Linear{weights: w.Linear, scale: w.Scale},
		net:    &Net{vectors: w.Vectors}, mixing: w.About.Mixing, resting: map[string][]*scratch{},
	}
	m.tables.SetProper(w.Proper)
	if len(w.Linear) != 3<<linearBits {
		return nil, fmt.Errorf("sentiment weights: %d linear weights, not %d", len(w.Linear), 3<<linearBits)
	}
	for _, p := range m.net.parts() {
		list := w.Net[p.name]
		if len(list) != p.size {
			return nil, fmt.Errorf("sentiment weights: %s has %d figures, not %d", p.name, len(list), p.size)
		}
		*p.to = list
	}
	return m, m.net.prepare(m.tables.Rows())
}
