package journal

import (
	"encoding/binary"
	"time"

	"github.com/cespare/xxhash/v2"
)

// A record on disk, little-endian:
//
//	 0  marker   4 bytes
//	 4  length   4 bytes, of the payload as it is kept
//	 8  seq      8 bytes
//	16  time     8 bytes, Unix milliseconds
//	24  flags    4 bytes
//	28  headsum  4 bytes, xxHash64 of the 28 bytes before, its lower half
//	32  sum      8 bytes, xxHash64 of the 32 bytes before and the payload
//	40  payload
//
// Both sums are seeded with the journal's id.
const (
	recordHeader = 40
	marker       = "\xA6gR\x1A"
	flagZstd     = 1
)

// Record is what was appended.
type Record struct {
	Seq     uint64
	At      time.Time // when it was appended, UTC, to the millisecond
	Payload []byte    // valid while the function it is handed to runs
}

// head is the header of a record.
type head struct {
	length uint32
	seq    uint64
	milli  int64
	flags  uint32
	sum    uint64
}

// size is how many bytes the record takes.
func (h head) size() int64 { return recordHeader + int64(h.length) }

// appendRecord writes a record behind b.
func appendRecord(b []byte, seed uint64, h head, payload []byte) []byte {
	at := len(b)
	b = append(b, marker...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(payload)))
	b = binary.LittleEndian.AppendUint64(b, h.seq)
	b = binary.LittleEndian.AppendUint64(b, uint64(h.milli))
	b = binary.LittleEndian.AppendUint32(b, h.flags)
	b = binary.LittleEndian.AppendUint32(b, uint32(sumOf(seed, b[at:], nil)))
	b = binary.LittleEndian.AppendUint64(b, sumOf(seed, b[at:], payload))
	return append(b, payload...)
}

// parseHead reads a header; false: it isn't whole.
func parseHead(b []byte, seed uint64) (head, bool) {
	if len(b) < recordHeader || string(b[:4]) != marker {
		return head{}, false
	}
	if binary.LittleEndian.Uint32(b[28:]) != uint32(sumOf(seed, b[:28], nil)) {
		return head{}, false
	}
	h := head{
		length: binary.LittleEndian.Uint32(b[4:]),
		seq:    binary.LittleEndian.Uint64(b[8:]),
		milli:  int64(binary.LittleEndian.Uint64(b[16:])),
		flags:  binary.LittleEndian.Uint32(b[24:]),
		sum:    binary.LittleEndian.Uint64(b[32:]),
	}
	return h, h.length <= MaxPayload
}

// sumOf is the seeded checksum of two stretches of bytes, one behind the other.
func sumOf(seed uint64, a, b []byte) uint64 {
	var d xxhash.Digest
	d.ResetWithSeed(seed)
	_, _ = d.Write(a) // it never fails
	_, _ = d.Write(b)
	return d.Sum64()
}
