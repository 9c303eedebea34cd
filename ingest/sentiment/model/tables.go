package model

import "agora/ingest/sentiment/lexicon"

// Tables are what words are looked up in. They are read-only once made.
type Tables struct {
	Lexicons *lexicon.Set
	ids      map[string]int32 // the vocabulary: English words plain, others as "fi:sana"
	common   int32            // ids below are words of the vector list, the commonest first
	size     int32            // of the vocabulary, without buckets
	proper   []bool           // by id: a name, by how it is written elsewhere
	wide     map[uint64]int8  // valence in tenths by wideKey
}

// NewTables makes tables of a vocabulary and the wide lists.
func NewTables(lexicons *lexicon.Set, vocabulary []string, common int, wide map[uint64]int8) *Tables {
	t := &Tables{Lexicons: lexicons, ids: make(map[string]int32, len(vocabulary)), wide: wide}
	for i, w := range vocabulary {
		t.ids[w] = int32(firstWord + i)
	}
	t.common = int32(firstWord + common)
	t.size = int32(firstWord + len(vocabulary))
	return t
}

// SetProper says of each word of the vocabulary whether it is a name.
func (t *Tables) SetProper(proper []bool) {
	t.proper = append(make([]bool, firstWord), proper...)
}

// Rows is how many vectors a net needs for the tables.
func (t *Tables) Rows() int { return int(t.size) + buckets }

// WideKey names a word of a language in the wide lists.
func WideKey(lang, w string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(lang) {
		h = (h ^ uint64(lang[i])) * 1099511628211
	}
	h = (h ^ 0xFF) * 1099511628211
	for i := range len(w) {
		h = (h ^ uint64(w[i])) * 1099511628211
	}
	return h
}

const basis = 2166136261

func hash(h uint32, s string) uint32 {
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

func mix(a, b uint32) uint32 {
	h := (a ^ b*0x9E3779B1) * 0x85EBCA6B
	return h ^ h>>15
}
