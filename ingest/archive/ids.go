package archive

import "github.com/cespare/xxhash/v2"

// idOf is what a mention is known by: 62 bits of its id's hash, and never 0.
// The lowest two are free for the index of a block.
func idOf(id string) uint64 {
	if h := xxhash.Sum64String(id) &^ idBits; h != 0 {
		return h
	}
	return idBits + 1
}

// What the index of a block says of a record beside its id.
const (
	bitReplaces  = 1 // older ones of the same id don't count
	bitWithdrawn = 2 // and neither does it
	idBits       = bitReplaces | bitWithdrawn
)

// idSet is a set of ids in one flat table.
type idSet struct {
	slots []uint64 // a power of two; 0: free
	n     int
}

func (s *idSet) home(id uint64) int { return int((id >> 2) & uint64(len(s.slots)-1)) }

func (s *idSet) has(id uint64) bool {
	if len(s.slots) == 0 {
		return false
	}
	for i := s.home(id); s.slots[i] != 0; i = (i + 1) & (len(s.slots) - 1) {
		if s.slots[i] == id {
			return true
		}
	}
	return false
}

func (s *idSet) add(id uint64) {
	if 4*(s.n+1) > 3*len(s.slots) {
		s.grow()
	}
	i := s.home(id)
	for ; s.slots[i] != 0; i = (i + 1) & (len(s.slots) - 1) {
		if s.slots[i] == id {
			return
		}
	}
	s.slots[i] = id
	s.n++
}

func (s *idSet) grow() {
	old := s.slots
	s.slots, s.n = make([]uint64, max(1024, 2*len(old))), 0
	for _, id := range old {
		if id != 0 {
			s.add(id)
		}
	}
}

// remove takes an id out, and moves those behind it up.
func (s *idSet) remove(id uint64) {
	if len(s.slots) == 0 {
		return
	}
	mask := len(s.slots) - 1
	i := s.home(id)
	for ; s.slots[i] != id; i = (i + 1) & mask {
		if s.slots[i] == 0 {
			return
		}
	}
	s.n--
	for j := i; ; {
		s.slots[i] = 0
		for {
			j = (j + 1) & mask
			if s.slots[j] == 0 {
				return
			}
			if home := s.home(s.slots[j]); (j-home)&mask >= (j-i)&mask {
				break // it may stand at i
			}
		}
		s.slots[i] = s.slots[j]
		i = j
	}
}
