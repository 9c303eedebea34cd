package story

import (
	"math/bits"
	"time"

	"github.com/cespare/xxhash/v2"
)

func idHash(id string) uint64 { return xxhash.Sum64String(id) }

// byPage finds a text with the same address or identity. missing says that it
// lacks one of the text's.
func (x *Index) byPage(t *Text) (found *filed, missing bool) {
	for _, k := range t.exact {
		hit := false
		for f := range x.having(k) {
			hit = true
			if found == nil {
				found = f
			}
			break
		}
		missing = missing || !hit
	}
	return found, missing
}

// byTitle finds the story of a text with the same title, also where one of the
// two has a subtitle.
func (x *Index) byTitle(t *Text) *tale {
	if t.title.hash == 0 {
		return nil
	}
	for _, k := range [...]uint64{key(keyTitle, t.title.hash), key(keyHead, t.title.hash), key(keyTitle, t.title.head)} {
		for f := range x.having(k) {
			if f.tale.post == t.post && apart(t.at, f.tale.at) <= Window && apart(t.at, f.at) <= patience(&t.title, t.outlet == f.outlet && t.outlet != 0) {
				return f.tale
			}
		}
	}
	return nil
}

// patience is how far apart two texts with one title may be published.
func patience(t *title, sameOutlet bool) time.Duration {
	n := len(t.words)
	if t.dense {
		n /= 2
	}
	switch {
	case t.series && (sameOutlet || n < tellingAll), sameOutlet && n < ownWords:
		return seriesWindow
	case n < certainWords:
		return shortWindow
	}
	return Window
}

// nearest finds the story whose first text is nearly the same.
func (x *Index) nearest(t *Text) *tale {
	var best *tale
	alike := 0.0
	if len(t.title.shingles) > 0 && !t.post {
		var seen *tale
		for _, k := range t.title.keys {
			for f := range x.having(k) {
				o := f.tale
				if o == seen || o == best || o.post || apart(t.at, o.at) > patience(&t.title, t.outlet == o.outlet && t.outlet != 0) {
					continue
				}
				seen = o
				other := o.title
				if t.title.figures != other.figures && !t.title.cut && !other.cut {
					continue
				}
				if jaccard(t.title.shingles, other.shingles) <= alike && !t.title.cut && !other.cut {
					continue
				}
				other.words = words(other.plain, make([]string, 0, 16))
				if a := x.words.near(&t.title, &other); a > alike {
					best, alike = o, a
				}
			}
		}
	}
	if best != nil {
		return best
	}
	return x.byLead(t)
}

// byLead finds the story whose first text begins alike, whatever its title.
func (x *Index) byLead(t *Text) *tale {
	if len(t.lead.shingles) == 0 {
		return nil
	}
	b := bands(t.lead.sim)
	for i, k := range append(append(make([]uint64, 0, leadKeys+simBands), t.lead.keys[:]...), b[:]...) {
		for f := range x.having(k) {
			o := f.tale
			if i >= leadKeys && bits.OnesCount64(o.lead.sim^t.lead.sim) > mostFlips {
				continue
			}
			if !t.lead.same(&o.lead) || t.post != o.post {
				continue
			}
			sameOutlet := t.outlet == o.outlet && t.outlet != 0
			limit := Window
			if sameOutlet {
				limit = seriesWindow
			}
			if apart(t.at, o.at) > limit {
				continue
			}
			if t.post || x.words.sameEvent(&t.title, &o.title, sameOutlet) {
				return o
			}
		}
	}
	return nil
}
