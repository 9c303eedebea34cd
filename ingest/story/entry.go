package story

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Entry tells another index what was filed.
type Entry struct {
	Story  string   // the id of the mention that began it
	At     int64    // when the text was published, Unix seconds
	Outlet uint32   // hash of the site; 0: unknown
	Exact  []uint64 // keys of its address and identities
	First  bool     // it began the story
	// Of a copy whose title is another:
	TitleHash uint64
	// Of a story's first text:
	Post     bool
	Cut      bool
	Title    string // folded
	Head     uint64 // hash of what stands before its subtitle
	Lead     []uint32
	Figures  []uint32
	Sim      uint64
	LeadKeys []uint64

	title *title
}

var errEntry = errors.New("an entry of the shared index of stories can't be read")

const (
	entryForm = 1 // version of a record

	flagFirst = 1
	flagPost  = 2
	flagCut   = 4
)

// encode writes entries as one record, which begins with a token.
func encode(token uint64, entries []*Entry) []byte {
	b := make([]byte, 0, 9+len(entries)*128)
	b = append(b, entryForm)
	b = binary.BigEndian.AppendUint64(b, token)
	for _, e := range entries {
		flags := byte(0)
		for i, on := range [...]bool{e.First, e.Post, e.Cut} {
			if on {
				flags |= 1 << i
			}
		}
		b = append(b, flags)
		b = appendText(b, e.Story)
		b = binary.AppendVarint(b, e.At)
		b = binary.BigEndian.AppendUint32(b, e.Outlet)
		b = appendLong(b, e.Exact)
		if !e.First {
			b = binary.BigEndian.AppendUint64(b, e.TitleHash)
			continue
		}
		b = appendText(b, e.Title)
		b = binary.BigEndian.AppendUint64(b, e.Head)
		b = appendShort(b, e.Lead)
		if len(e.Lead) > 0 {
			b = appendShort(b, e.Figures)
			b = binary.BigEndian.AppendUint64(b, e.Sim)
			b = appendLong(b, e.LeadKeys)
		}
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendLong(b []byte, list []uint64) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, v := range list {
		b = binary.BigEndian.AppendUint64(b, v)
	}
	return b
}

// appendShort writes a sorted list by its steps.
func appendShort(b []byte, list []uint32) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	before := uint32(0)
	for _, v := range list {
		b = binary.AppendUvarint(b, uint64(v-before))
		before = v
	}
	return b
}

// decode reads a record.
func decode(b []byte) (token uint64, entries []*Entry, err error) {
	if len(b) < 9 {
		return 0, nil, errEntry
	}
	if b[0] != entryForm {
		return 0, nil, fmt.Errorf("%w: it is of form %d, and this Agora knows %d", errEntry, b[0], entryForm)
	}
	token = binary.BigEndian.Uint64(b[1:])
	r := &record{b: b[9:]}
	for len(r.b) > 0 && !r.bad {
		e := &Entry{}
		flags := r.take(1)
		if r.bad {
			break
		}
		e.First, e.Post, e.Cut = flags[0]&flagFirst != 0, flags[0]&flagPost != 0, flags[0]&flagCut != 0
		e.Story, e.At, e.Outlet, e.Exact = r.text(), r.signed(), uint32(r.fixed(4)), r.long()
		if e.First {
			e.Title, e.Head, e.Lead = r.text(), r.fixed(8), r.short()
			if len(e.Lead) > 0 {
				e.Figures, e.Sim, e.LeadKeys = r.short(), r.fixed(8), r.long()
			}
		} else {
			e.TitleHash = r.fixed(8)
		}
		entries = append(entries, e)
	}
	if r.bad {
		return token, nil, errEntry
	}
	return token, entries, nil
}

// record is what is left of one.
type record struct {
	b   []byte
	bad bool
}

func (r *record) take(n uint64) []byte {
	if r.bad = r.bad || n > uint64(len(r.b)); r.bad {
		return nil
	}
	part := r.b[:n]
	r.b = r.b[n:]
	return part
}

func (r *record) number() uint64 {
	v, n := binary.Uvarint(r.b)
	if r.bad = r.bad || n <= 0; r.bad {
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *record) signed() int64 {
	v, n := binary.Varint(r.b)
	if r.bad = r.bad || n <= 0; r.bad {
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *record) text() string { return string(r.take(r.number())) }

func (r *record) fixed(size uint64) (v uint64) {
	for _, c := range r.take(size) {
		v = v<<8 | uint64(c)
	}
	return v
}

func (r *record) long() (list []uint64) {
	n := r.number()
	if r.bad = r.bad || n > uint64(len(r.b))/8; r.bad {
		return nil
	}
	for range n {
		list = append(list, r.fixed(8))
	}
	return list
}

func (r *record) short() (list []uint32) {
	n := r.number()
	if r.bad = r.bad || n > uint64(len(r.b)); r.bad {
		return nil
	}
	before := uint32(0)
	for range n {
		before += uint32(r.number())
		list = append(list, before)
	}
	return list
}
