package archive

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"
)

// A block on disk, little-endian:
//
//	 0  marker     4 bytes
//	 4  index      4 bytes, length of the index
//	 8  stored     4 bytes, length of the texts as they are kept (zstd)
//	12  raw        4 bytes, length of the texts
//	16  count      4 bytes, records
//	20  reserved   4 bytes
//	24  first      8 bytes, the first record's number
//	32  newest     8 bytes, when the newest was taken in, Unix milliseconds
//	40  published  8 bytes, when the latest was published, likewise
//	48  indexsum   8 bytes
//	56  textsum    8 bytes
//	64  headsum    8 bytes, of the 64 before
//	72  index, texts
//
// All sums are xxHash64, seeded with the segment's. The index has the id of
// each record, with two bits that say what it does to older ones, and what
// lanes the block has.
const (
	blockHeader = 72
	marker      = "\xA7tX\x1B"
	mostRaw     = 8 << 20 // of a block that is believed
)

// head is the header of a block.
type head struct {
	index, stored, raw, count uint32
	first                     uint64
	newest, published         int64
	indexSum, textSum         uint64
}

func (h head) size() int64 { return blockHeader + int64(h.index) + int64(h.stored) }

func (h head) append(b []byte, seed uint64) []byte {
	from := len(b)
	b = append(b, marker...)
	for _, n := range [...]uint32{h.index, h.stored, h.raw, h.count, 0} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	for _, n := range [...]uint64{h.first, uint64(h.newest), uint64(h.published), h.indexSum, h.textSum} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	return binary.LittleEndian.AppendUint64(b, sum(seed, b[from:]))
}

// parseHead reads a block's header; false: it isn't whole.
func parseHead(b []byte, seed uint64) (head, bool) {
	if len(b) < blockHeader || string(b[:4]) != marker || binary.LittleEndian.Uint64(b[64:]) != sum(seed, b[:64]) {
		return head{}, false
	}
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
	u64 := func(at int) uint64 { return binary.LittleEndian.Uint64(b[at:]) }
	h := head{
		index: u32(4), stored: u32(8), raw: u32(12), count: u32(16),
		first: u64(24), newest: int64(u64(32)), published: int64(u64(40)), indexSum: u64(48), textSum: u64(56),
	}
	return h, h.raw <= mostRaw && h.stored <= 2*mostRaw && h.index <= 2*mostRaw && uint64(h.count)*8 <= uint64(h.index)
}

func sum(seed uint64, b []byte) uint64 {
	d := xxhash.NewWithSeed(seed)
	_, _ = d.Write(b) // it never fails
	return d.Sum64()
}

// open is a block in memory that texts are added to.
type open struct {
	raw               []byte
	ids               []uint64
	lanes             map[string]laneBytes
	first             uint64
	newest, published int64
	begun             int64 // when its first text came
	drafted           int   // bytes of raw that are on disk already
}

func (o *open) index() []byte {
	b := make([]byte, 0, 8*len(o.ids)+32*len(o.lanes))
	for _, id := range o.ids {
		b = binary.LittleEndian.AppendUint64(b, id)
	}
	b = binary.AppendUvarint(b, uint64(len(o.lanes)))
	for name, n := range o.lanes {
		b = binary.AppendUvarint(b, uint64(len(name)))
		b = append(b, name...)
		b = binary.AppendUvarint(b, uint64(n.kept))
		b = binary.AppendUvarint(b, uint64(n.offered))
		b = append(b, n.rate)
	}
	return b
}

// parseIndex reads the index of a block.
func parseIndex(b []byte, count int) (ids []uint64, lanes map[string]laneBytes, ok bool) {
	ids = make([]uint64, count)
	for i := range ids {
		ids[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	r := reader{raw: string(b[8*count:])}
	lanes = map[string]laneBytes{}
	for n := r.uvarint(); n > 0 && !r.bad; n-- {
		name := r.bytes(r.uvarint())
		of := laneBytes{kept: int64(r.uvarint()), offered: int64(r.uvarint())}
		if rate := r.bytes(1); rate != "" {
			of.rate = rate[0]
		}
		lanes[name] = of
	}
	return ids, lanes, !r.bad
}
