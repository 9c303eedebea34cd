package topic

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"io"
)

// stateVersion changes when saved states can no longer be read.
const stateVersion = 1

// maxState bounds what Load unpacks, in bytes.
const maxState = 4 << 20

type state struct {
	Version int
	Texts   float64
	Cells   []byte
	Keys    []string
	Forms   []string
	Tongues map[uint64]float64 // texts of each language
}

// Save gives all that was learned, for [Extractor.Load].
func (x *Extractor) Save() ([]byte, error) {
	x.mu.Lock()
	s := state{Version: stateVersion, Texts: x.seen.texts, Cells: make([]byte, 0, 2*len(x.seen.cells))}
	for _, c := range x.seen.cells {
		s.Cells = binary.LittleEndian.AppendUint16(s.Cells, c)
	}
	s.Tongues = make(map[uint64]float64, len(x.seen.tongues))
	for in, texts := range x.seen.tongues {
		s.Tongues[uint64(in)] = texts
	}
	for _, slot := range x.forms.slots {
		if slot.key != "" {
			s.Keys, s.Forms = append(s.Keys, slot.key), append(s.Forms, slot.form)
		}
	}
	x.mu.Unlock()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("save topics: %w", err)
	}
	if err := gob.NewEncoder(w).Encode(s); err != nil {
		return nil, fmt.Errorf("save topics: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("save topics: %w", err)
	}
	return b.Bytes(), nil
}

// Load replaces what was learned by what was saved. When it fails, nothing
// has changed.
func (x *Extractor) Load(saved []byte) error {
	var s state
	r := io.LimitReader(flate.NewReader(bytes.NewReader(saved)), maxState)
	if err := gob.NewDecoder(r).Decode(&s); err != nil {
		return fmt.Errorf("load topics: %w", err)
	}
	if s.Version != stateVersion || len(s.Cells) != 2*sketchRows*sketchWidth || len(s.Keys) != len(s.Forms) || !(s.Texts >= 0 && s.Texts < decayAt) {
		return fmt.Errorf("load topics: saved by another version (%d): what was learned is learned anew", s.Version)
	}
	seen, forms := newSketch(), newForms()
	seen.texts = s.Texts
	for in, texts := range s.Tongues {
		if len(seen.tongues) < maxTongues {
			seen.tongues[tongue(in)] = max(texts, 0)
		}
	}
	if s.Tongues == nil { // of a version that told no languages apart
		seen.tongues[english] = s.Texts
	}
	for i := range seen.cells {
		seen.cells[i] = binary.LittleEndian.Uint16(s.Cells[2*i:])
	}
	for i, key := range s.Keys {
		forms.remember(key, s.Forms[i])
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.seen, x.forms = seen, forms
	return nil
}
