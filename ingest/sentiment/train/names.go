package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"strings"
	"unicode"

	"agora/ingest/sentiment/model"
)

// properWords tells which words of a vocabulary are names, by how they are
// written inside sentences, and for words that stand in too few of them by
// their vectors: names lie near names. One bool for each word.
func properWords(o *options, all []model.Sample, vocabulary []string) ([]bool, error) {
	type count struct{ upper, all float64 }
	counts := map[string]*count{}
	for i := range all {
		if all[i].Lang != "en" || all[i].Dev {
			continue
		}
		words := strings.FieldsFunc(all[i].Text, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '.' && r != '-' })
		upper := 0
		for _, w := range words {
			if unicode.IsUpper([]rune(w)[0]) {
				upper++
			}
		}
		if 2*upper > len(words) {
			continue // a title, or shouting
		}
		fresh := true
		for _, w := range words {
			clean := strings.Trim(w, ".'-")
			if clean != "" && !fresh {
				lower := strings.ToLower(clean)
				lower = strings.TrimSuffix(lower, "'s")
				c := counts[lower]
				if c == nil {
					c = &count{}
					counts[lower] = c
				}
				c.all++
				if unicode.IsUpper([]rune(clean)[0]) {
					c.upper++
				}
			}
			fresh = strings.HasSuffix(w, ".")
		}
	}
	vectors, err := readVectors(o.vectors)
	if err != nil {
		return nil, err
	}
	// Ridge regression of the share of capitals on the vectors.
	const d = 101
	var a [d][d]float64
	var b [d]float64
	row := func(w string) (x [d]float64, ok bool) {
		v, ok := vectors[w]
		if !ok {
			return x, false
		}
		length := 0.0
		for _, f := range v {
			length += float64(f) * float64(f)
		}
		length = math.Sqrt(length) + 1e-6
		for k, f := range v {
			x[k] = float64(f) / length
		}
		x[d-1] = 1
		return x, true
	}
	for w, c := range counts {
		x, ok := row(w)
		if !ok || c.all < 2 {
			continue
		}
		weight, y := math.Sqrt(c.all), 2*c.upper/c.all-1
		for i := range d {
			for j := range d {
				a[i][j] += weight * x[i] * x[j]
			}
			b[i] += weight * y * x[i]
		}
	}
	for i := range d {
		a[i][i] += 1
	}
	for i := range d { // elimination; the matrix is positive definite
		for j := i + 1; j < d; j++ {
			f := a[j][i] / a[i][i]
			for k := i; k < d; k++ {
				a[j][k] -= f * a[i][k]
			}
			b[j] -= f * b[i]
		}
	}
	for i := d - 1; i >= 0; i-- {
		for k := i + 1; k < d; k++ {
			b[i] -= a[i][k] * b[k]
		}
		b[i] /= a[i][i]
	}
	proper := make([]bool, len(vocabulary))
	n := 0
	for i, w := range vocabulary {
		if c := counts[w]; c != nil && c.all >= 4 {
			proper[i] = c.upper > 0.75*c.all
		} else if x, ok := row(w); ok {
			sum := 0.0
			for k := range x {
				sum += b[k] * x[k]
			}
			proper[i] = sum > 0.15
		}
		if proper[i] {
			n++
		}
	}
	fmt.Printf("%d of %d words are names\n", n, len(vocabulary))
	return proper, nil
}

// readVectors reads a list of words and, beside it, their vectors as a plain
// NumPy array of float32.
func readVectors(file string) (map[string][]float32, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the words that have vectors: %w", err)
	}
	words := strings.Split(strings.TrimSpace(string(text)), "\n")
	f, err := os.Open(strings.TrimSuffix(file, ".words") + ".npy")
	if err != nil {
		return nil, fmt.Errorf("read the vectors: %w", err)
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<20)
	var head [10]byte
	if _, err := r.Read(head[:]); err != nil || string(head[:6]) != "\x93NUMPY" || head[6] != 1 {
		return nil, fmt.Errorf("%s is no NumPy array of version 1", f.Name())
	}
	if _, err := r.Discard(int(binary.LittleEndian.Uint16(head[8:]))); err != nil {
		return nil, fmt.Errorf("read the vectors: %w", err)
	}
	out := make(map[string][]float32, len(words))
	for _, w := range words {
		v := make([]float32, 100)
		if err := binary.Read(r, binary.LittleEndian, v); err != nil {
			return nil, fmt.Errorf("read the vector of %q: %w", w, err)
		}
		out[w] = v
	}
	return out, nil
}
