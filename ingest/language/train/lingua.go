package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// counts are how often the n-grams of letters within words occur in the
// corpus that lingua-go's models were learned from, by length, as shares of
// all letters.
type counts [6]map[string]float64

// readCounts reads lingua-go's models of a language: for each n-gram, how
// often it follows its first letters. All of them multiplied are its share.
func readCounts(folder string) (*counts, error) {
	c := &counts{}
	for n, name := range []string{"", "unigrams", "bigrams", "trigrams", "quadrigrams", "fivegrams"} {
		if name == "" {
			continue
		}
		path := filepath.Join(folder, name+".pb.bin.zip")
		raw, err := unzipped(path)
		if n > 1 && errors.Is(err, fs.ErrNotExist) {
			break // of Chinese there are single signs only
		}
		if err != nil {
			return nil, err
		}
		c[n] = map[string]float64{}
		err = sets(raw, func(p float64, gram string) {
			if n > 1 {
				runes := []rune(gram)
				p *= c[n-1][string(runes[:n-1])]
			}
			if p > 0 {
				c[n][gram] = p
			}
		})
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
	}
	return c, nil
}

func unzipped(path string) ([]byte, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read a model of n-grams: %w", err)
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil || len(z.File) != 1 {
		return nil, fmt.Errorf("read %s: it should be a zip file with one file in it (%w)", path, err)
	}
	r, err := z.File[0].Open()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	defer r.Close()
	return io.ReadAll(r)
}

var errProtobuf = errors.New("it isn't a model of lingua-go 1.4")

// sets calls do for each n-gram of a SerializableLanguageModel, a protocol
// buffer: sets of n-grams (field 4) with a probability (1) in common (2).
func sets(b []byte, do func(p float64, gram string)) error {
	return fields(b, func(number int, value []byte) error {
		if number != 4 {
			return nil
		}
		var p float64
		var grams []string
		err := fields(value, func(number int, value []byte) error {
			switch number {
			case 1:
				if len(value) != 8 {
					return errProtobuf
				}
				p = math.Float64frombits(binary.LittleEndian.Uint64(value))
			case 2:
				grams = append(grams, string(value))
			}
			return nil
		})
		for _, g := range grams {
			do(p, g)
		}
		return err
	})
}

// fields calls do for each field of a protocol buffer's message.
func fields(b []byte, do func(number int, value []byte) error) error {
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 {
			return errProtobuf
		}
		b = b[n:]
		size := 0
		switch tag & 7 {
		case 0:
			if _, size = binary.Uvarint(b); size <= 0 {
				return errProtobuf
			}
		case 1:
			size = 8
		case 2:
			length, n := binary.Uvarint(b)
			if n <= 0 || length > uint64(len(b)-n) {
				return errProtobuf
			}
			b, size = b[n:], int(length)
		default:
			return errProtobuf
		}
		if size > len(b) {
			return errProtobuf
		}
		if err := do(int(tag>>3), b[:size]); err != nil {
			return err
		}
		b = b[size:]
	}
	return nil
}

// speaker makes words up that have the n-grams of a language: beginnings, ends
// and words of up to three letters as often as the corpus has them, and five
// letters in a row only where it has those.
type speaker struct {
	starts dice
	next   map[string]*dice
	signs  bool // it only knows how often each letter is
}

type dice struct {
	faces []string
	upTo  []float64 // sums of the weights up to each face
}

func (d *dice) add(face string, weight float64) {
	if weight <= 0 {
		return
	}
	sum := weight
	if n := len(d.upTo); n > 0 {
		sum += d.upTo[n-1]
	}
	d.faces, d.upTo = append(d.faces, face), append(d.upTo, sum)
}

func (d *dice) roll(r *rand.Rand) string {
	at := r.Float64() * d.upTo[len(d.upTo)-1]
	i, _ := slices.BinarySearch(d.upTo, at)
	return d.faces[min(i, len(d.faces)-1)]
}

// newSpeaker works out from counts within words where words begin and end: an
// n-gram that occurs more often than with any letter before it begins words.
func newSpeaker(c *counts) *speaker {
	begins := c // begins[n][gram]: how often a word begins with it
	var start counts
	for n := 1; n <= 4; n++ {
		inner := map[string]float64{}
		for gram, p := range begins[n+1] {
			inner[tail(gram)] += p
		}
		start[n] = map[string]float64{}
		for gram, p := range begins[n] {
			if rest := p - inner[gram]; rest > p*1e-6 && rest > 1e-12 {
				start[n][gram] = rest
			}
		}
	}
	s := &speaker{next: map[string]*dice{}, signs: len(c[2]) == 0}
	if s.signs {
		for _, sign := range sortedKeys(c[1]) {
			s.starts.add(sign, c[1][sign])
		}
		return s
	}
	for n := 1; n <= 3; n++ {
		longer := map[string]float64{}
		for gram, p := range start[n+1] {
			longer[head(gram)] += p
		}
		for _, gram := range sortedKeys(start[n]) {
			if rest := start[n][gram] - longer[gram]; rest > 1e-9 {
				s.starts.add(gram, rest)
			}
		}
	}
	for _, gram := range sortedKeys(start[4]) {
		s.starts.add(gram, start[4][gram])
	}
	goes := map[string]float64{}
	for _, gram := range sortedKeys(c[5]) {
		from := head(gram)
		d := s.next[from]
		if d == nil {
			d = &dice{}
			s.next[from] = d
		}
		d.add(gram[len(from):], c[5][gram])
		goes[from] += c[5][gram]
	}
	for from, d := range s.next {
		d.add("", c[4][from]-goes[from])
	}
	return s
}

// word makes up a word.
func (s *speaker) word(r *rand.Rand) string {
	w := s.starts.roll(r)
	if s.signs {
		for range r.IntN(8) {
			w += s.starts.roll(r)
		}
		return w
	}
	runes := []rune(w)
	for len(runes) >= 4 && len(runes) < 24 {
		d := s.next[string(runes[len(runes)-4:])]
		if d == nil || len(d.faces) == 0 {
			break
		}
		x := d.roll(r)
		if x == "" {
			break
		}
		runes = append(runes, []rune(x)...)
	}
	return string(runes)
}

func head(gram string) string {
	runes := []rune(gram)
	return string(runes[:len(runes)-1])
}

func tail(gram string) string {
	runes := []rune(gram)
	return string(runes[1:])
}
