package recount

import (
	"cmp"
	"slices"
	"strings"

	"agora/mood"
)

// tale is a story. It counts where the first of its counted mentions does: the
// one that was published first.
type tale struct {
	counted []*said // the first one first
	early   bool    // one of its mentions may have been counted before the journal
	unsure  bool    // one of its mentions may have changed too late
}

// byTime orders mentions by when they were published, as counters do, to the
// millisecond.
func byTime(a, b *said) int {
	return cmp.Or(cmp.Compare(a.published.UnixMilli(), b.published.UnixMilli()), strings.Compare(a.id, b.id))
}

func (b *brand) tale(story string) *tale {
	t := b.tales[story]
	if t == nil {
		t = &tale{}
		b.tales[story] = t
	}
	return t
}

// tell moves the count of a story along when one of its mentions comes to
// count, or counts no more.
func (b *brand) tell(s *said, counts bool) {
	if s.story == "" {
		return
	}
	t := b.tale(s.story)
	var before *said
	if len(t.counted) > 0 {
		before = t.counted[0]
	}
	i, there := slices.BinarySearchFunc(t.counted, s, byTime)
	switch {
	case counts && !there:
		t.counted = slices.Insert(t.counted, i, s)
	case !counts && there:
		t.counted = slices.Delete(t.counted, i, i+1)
	}
	var after *said
	if len(t.counted) > 0 {
		after = t.counted[0]
	}
	if before == after {
		return
	}
	if before != nil {
		b.eachSeries(before, func(c mood.Counter) { b.count(c, mood.Tally{Stories: -1}) })
	}
	if after != nil {
		b.eachSeries(after, func(c mood.Counter) { b.count(c, mood.Tally{Stories: 1}) })
	}
}

// doubt notes that it isn't certain whether a mention is counted.
func (b *brand) doubt(s *said) {
	if s.story != "" {
		b.tale(s.story).unsure = true
	}
}

// hear notes which stories begin in an entry. A story has the id of the mention
// that began it: without that one, others may have been counted before the
// journal begins.
func (r *recount) hear(e entry) {
	if r.whole {
		return
	}
	for _, m := range e.Mentions {
		if m.Story != "" && m.Story == m.ID {
			r.heard[hashOf("story", m.Story)] = struct{}{}
		}
	}
}

// doubtful marks the counters in which stories may begin of which not
// everything is known.
func (b *brand) doubtful(alone bool) {
	clear(b.tells)
	for _, s := range b.all {
		t := b.tales[s.story]
		if t == nil {
			continue
		}
		_, heard := b.r.heard[hashOf("story", s.story)]
		if t.unsure || !alone && (t.early || !heard && !b.r.whole) {
			b.eachSeries(s, func(c mood.Counter) { b.tells[c] = true })
		}
	}
}
