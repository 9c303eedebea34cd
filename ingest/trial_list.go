package ingest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync/atomic"

	"agora/mood"
)

// place is where a text stands in a list, newest first.
type place struct {
	published int64
	seq       uint64
}

func (p place) newer(than place) bool {
	return p.published > than.published || p.published == than.published && p.seq > than.seq
}

func (p place) String() string {
	return strconv.FormatInt(p.published, 36) + "." + strconv.FormatUint(p.seq, 36)
}

// readPlace reads a cursor; none is ahead of all texts.
func readPlace(s string) (place, error) {
	if s == "" {
		return place{math.MaxInt64, math.MaxUint64}, nil
	}
	published, seq, _ := strings.Cut(s, ".")
	p, err := strconv.ParseInt(published, 36, 64)
	n, err2 := strconv.ParseUint(seq, 36, 64)
	if err != nil || err2 != nil {
		return place{}, fmt.Errorf("cursor: %q is none that this Agora gave: %w", brief(s), mood.ErrInvalid)
	}
	return place{p, n}, nil
}

// newest keeps the newest texts after a place.
type newest struct {
	limit int
	after place
	kept  []finding    // newest first, at most limit and one more
	least atomic.Int64 // published: what is older has no chance
}

func newNewest(limit int, after place) *newest {
	l := &newest{limit: limit, after: after}
	l.least.Store(math.MinInt64)
	return l
}

// wants tells whether a text may get into the list.
func (l *newest) wants(p place) bool { return l.after.newer(p) && p.published >= l.least.Load() }

func (l *newest) add(f finding) {
	if !l.wants(f.place) {
		return
	}
	at := len(l.kept)
	for at > 0 && f.place.newer(l.kept[at-1].place) {
		at--
	}
	l.kept = append(l.kept, finding{})
	copy(l.kept[at+1:], l.kept[at:])
	l.kept[at] = f
	if len(l.kept) > l.limit+1 { // one more, to know whether something follows
		l.kept = l.kept[:l.limit+1]
		l.least.Store(l.kept[l.limit].place.published)
	}
}

func (l *newest) remove(key uint64) {
	for i := range l.kept {
		if l.kept[i].key == key {
			l.kept = append(l.kept[:i], l.kept[i+1:]...)
			l.least.Store(math.MinInt64) // what was refused before is lost: the list may be short by one
			return
		}
	}
}
