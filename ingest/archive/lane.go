package archive

import (
	"math"
	"time"
)

const (
	mostRate   = 20 // one of a million
	mostLanes  = 4096
	laneMemory = 24 * time.Hour // over which the rate of a source is taken
	fairPart   = 8              // a source may have an eighth
)

// lane is what one source brings: of texts that name a brand, or of others.
type lane struct {
	perSecond float64 // bytes offered, uncompressed
	at        time.Time
	held      int64 // bytes that the archive has of it, uncompressed
	sampling  bool
	rate      byte // of the text that came last
}

// laneBytes is what a block, or a segment, has of a lane.
type laneBytes struct {
	kept, offered int64
	rate          byte // the highest
}

func (n *laneBytes) add(more laneBytes) {
	n.kept += more.kept
	n.offered += more.offered
	n.rate = max(n.rate, more.rate)
}

// laneName is the name of a source's lane. Names that begin with + are of
// texts that name a brand.
func laneName(source string, matched bool) string {
	if len(source) > 200 {
		source = source[:200]
	}
	if matched {
		return "+" + source
	}
	return "-" + source
}

// offer notes that a text came, and says one of how many is kept now, as a
// power of two. fair is how many bytes a lane may have, uncompressed.
func (l *lane) offer(now time.Time, size int, fair float64, keepFor time.Duration) byte {
	memory := laneMemory.Seconds()
	l.decay(now)
	l.perSecond += float64(size) / memory
	whole := l.perSecond * keepFor.Seconds() // if all of it were kept
	switch {
	case whole <= fair:
		l.sampling = false
	case float64(l.held) >= fair:
		l.sampling = true
	}
	l.rate = 0
	if l.sampling {
		l.rate = byte(min(mostRate, math.Ceil(math.Log2(whole/fair))))
	}
	return l.rate
}

func (l *lane) decay(now time.Time) {
	if past := now.Sub(l.at); past > 0 {
		l.perSecond *= math.Exp(-past.Seconds() / laneMemory.Seconds())
		l.at = now
	}
}

// chosen says whether an id is among the one of 2^rate that are kept: the
// same id always, and those of a higher rate are among those of a lower one.
func chosen(id uint64, rate byte) bool {
	mixed := id * 0x9e3779b97f4a7c15 // not the bits that tables use
	return rate == 0 || mixed>>(64-rate) == 0
}
