package feed

import (
	"encoding/hex"
	"strconv"
	"time"

	"agora/mood"
)

// sifted is what a document brings.
type sifted struct {
	deliver []mood.Mention // what is new, edited or asked for again, in the document's order
	news    []mood.Mention // the new ones among them
	edits   int            // how many among them are edited
	items   records        // to be kept when they have been delivered
	largest int
}

// sift tells what is new in a document, and what was edited, from what was
// delivered before.
//
// Publishers change whatever identifies an item: some make new GUIDs or dates
// at every request, some give every item the same one, some count items by
// their place in the list, some put a token into every link. So an item is
// compared with the records of those delivered before by all that it has, the
// surest first, and no record is taken for two items of one document:
//
//  1. The same GUID (without one: link) and the same title: the same item,
//     unless page, date and text are all others.
//  2. The same link and title, another GUID: the same item. Only where GUIDs
//     are seen to last in this feed, and text and date differ too, is it another.
//  3. The same GUID, another title: an edit, if the link is the same, or most
//     words of the title, or the text, or page and date are. Else the GUID was
//     used again for another item.
//  4. The same link, another GUID and title: an edit. Where GUIDs last, only if
//     the date, the text or most words of the title are the same.
//  5. Where most of the document isn't known by GUID or link, those are no good
//     in this feed, and an item is known by title and text, supported by page
//     and date. So is one that has neither GUID nor link.
//
// A feed that never listed more than one item can't show that its GUID or link
// lasts. There another title under the same GUID or link is an edit only if the
// date stayed, or the link and nearly all words did, and every figure; else it
// is the next story.
//
// An address that is the site's front page, or that different items have or
// had, tells nothing. Neither does another date by itself: the one of the first
// sight stays.
//
// An edit is another title, or another text that isn't empty; see [gist] for
// what is too little to be one. It keeps the id and the date under which the
// item was first delivered.
func (s *state) sift(list []mood.Mention, source string, now time.Time) sifted {
	x := &sieve{old: s.Items, taken: make([]bool, len(s.Items))}
	x.lay(list)
	x.largest = max(s.Largest, len(x.items))
	if len(x.old) > 0 {
		x.match()
	}
	out := sifted{largest: x.largest}
	before := s.oldMarks(now)
	for i := range x.items {
		it := &x.items[i]
		m := it.mention
		if it.old >= 0 {
			was := &x.old[it.old]
			changed := it.headline != was.headline || it.text != 0 && it.text != was.text
			it.asDelivered(was)
			if changed || s.Again {
				m.Edited = changed
				out.deliver = append(out.deliver, *it.restore(&m))
			}
			if changed {
				out.edits++
			}
			continue
		}
		identity, saying := marksOf(&m)
		if before[identity] || before[saying] {
			if s.Again {
				out.deliver = append(out.deliver, m)
			}
			continue
		}
		x.name(it, &m, source)
		out.deliver = append(out.deliver, m)
		out.news = append(out.news, m)
	}
	out.items = x.keep()
	return out
}

// keep notes what was sifted once it has been delivered.
func (s *state) keep(x sifted, now time.Time) {
	s.Items, s.Largest = x.items, x.largest
	switch {
	case len(s.Seen) == 0:
	case s.SeenTill.IsZero():
		s.SeenTill = now.Add(oldMarks)
	case now.After(s.SeenTill):
		s.Seen, s.SeenTill = nil, time.Time{}
	}
}

// oldMarks is what was delivered before records were kept.
func (s *state) oldMarks(now time.Time) map[uint64]bool {
	if len(s.Seen) == 0 || !s.SeenTill.IsZero() && now.After(s.SeenTill) {
		return nil
	}
	known := make(map[uint64]bool, len(s.Seen))
	for _, v := range s.Seen {
		known[v] = true
	}
	return known
}

// sieve is one document over what was delivered before.
type sieve struct {
	items   []sieved
	old     records
	taken   []bool // which of old an item of the document is
	largest int
	lasting bool // GUIDs are seen to last
	ids     map[[12]byte]bool
}

// sieved is an item of the document, and which old record it is: −1, none.
type sieved struct {
	record
	gist    gist
	mention mood.Mention
	old     int
}

// lay makes the records of a document's items. What it lists twice is taken
// once, where it stands first.
func (x *sieve) lay(list []mood.Mention) {
	type saying struct{ link, headline, text uint32 }
	x.items = make([]sieved, 0, len(list))
	ids, said := make(map[[12]byte]bool, len(list)), make(map[saying]bool, len(list))
	for i := range list {
		r, g := recordOf(&list[i])
		w := saying{r.link, r.headline, r.text}
		if ids[r.id] || said[w] && r.link != 0 {
			continue
		}
		ids[r.id], said[w] = true, true
		x.items = append(x.items, sieved{r, g, list[i], -1})
	}
}

// match finds the old record of every item that has one, by the rules of
// [state.sift].
func (x *sieve) match() {
	keyed := func(r *record) uint64 { return uint64(r.key)<<32 | uint64(r.headline) }
	linked := func(r *record) uint64 { return uint64(r.link)<<32 | uint64(r.headline) }
	kept := x.each(keyed, func(it *sieved, was *record) bool {
		return it.samePage(was) || !it.otherDate(was) || !it.otherText(was)
	})
	changed := 0
	x.each(linked, func(it *sieved, was *record) bool {
		if it.has(flagGUID) && was.has(flagGUID) && it.link != 0 {
			changed++
		}
		return false
	})
	x.lasting = kept > changed
	kept += x.each(linked, func(it *sieved, was *record) bool {
		switch {
		case it.link == 0:
			return false
		case it.has(flagShared) || was.has(flagShared):
			return it.sameDate(was) || it.sameText(was)
		}
		return !x.bothLast(it, was) || !it.otherDate(was) || !it.otherText(was)
	})
	kept += x.each(func(r *record) uint64 { return uint64(r.key) }, x.editedUnderGUID)
	kept += x.each(func(r *record) uint64 { return uint64(r.link) }, x.editedAtLink)
	works := 2*kept >= len(x.items)
	x.each(func(r *record) uint64 { return uint64(r.headline) }, func(it *sieved, was *record) bool {
		return (!works || it.link == 0 && !it.has(flagGUID)) && it.saysTheSame(was)
	})
	if works {
		return
	}
	x.each(func(r *record) uint64 { return uint64(r.text) }, func(it *sieved, was *record) bool {
		return it.text != 0 && it.gist.length >= manyWords && it.samePage(was) && !it.otherDate(was) &&
			it.sketch.sameFigures(was.sketch) && it.sketch.like(was.sketch, mostWords)
	})
}

// each offers every item without a record the newest one that has the same
// value, and gives how many took it.
func (x *sieve) each(value func(*record) uint64, is func(*sieved, *record) bool) (n int) {
	var newest map[uint64]int
	for i := range x.items {
		it := &x.items[i]
		if it.old >= 0 {
			continue
		}
		if newest == nil {
			newest = make(map[uint64]int, len(x.old))
			for o := range x.old {
				if !x.taken[o] {
					newest[value(&x.old[o])] = o
				}
			}
		}
		if o, ok := newest[value(&it.record)]; ok && !x.taken[o] && is(it, &x.old[o]) {
			it.old, x.taken[o] = o, true
			n++
		}
	}
	return n
}

// asDelivered takes over what stays of an item as it was delivered first.
func (it *sieved) asDelivered(was *record) {
	it.id = was.id
	it.at = was.at&^flagGUID | it.at&(flagGUID|flagShared)
	if it.text == 0 {
		it.text = was.text // a text that comes and goes is no edit
	}
}

// restore gives the mention the identity and the date of its first delivery.
func (it *sieved) restore(m *mood.Mention) *mood.Mention {
	if idOf(m.ID) != it.id {
		m.ID = hex.EncodeToString(it.id[:])
	}
	m.Published = it.published()
	m.Undated, m.SharedURL = it.has(flagUndated), it.has(flagShared)
	if m.Edited {
		m.Uncounted = it.has(flagUncounted)
	}
	return m
}

// name gives a new item an id that no other one has: a GUID or a link may have
// been another's before. And an address that was another's is no longer one
// item's alone.
func (x *sieve) name(it *sieved, m *mood.Mention, source string) {
	if x.ids == nil {
		x.ids = make(map[[12]byte]bool, len(x.old)+len(x.items))
		links := make(map[uint32]bool, len(x.old))
		for i := range x.old {
			x.ids[x.old[i].id] = true
			links[x.old[i].link] = true
		}
		for i := range x.items {
			if n := &x.items[i]; n.old < 0 && n.link != 0 && links[n.link] {
				n.at |= flagShared
			}
		}
	}
	m.SharedURL = m.SharedURL || it.has(flagShared)
	for n := 0; x.ids[idOf(m.ID)]; n++ {
		key := m.GUID
		if key == "" {
			key = m.URL
		}
		key += " " + headline(m)
		if n > 0 {
			key += " " + strconv.FormatUint(it.at>>8, 10) + " " + strconv.Itoa(n)
		}
		m.ID = mood.MentionID(source, key, "", "", "")
	}
	it.id = idOf(m.ID)
	x.ids[it.id] = true
}

// keep gives the records for the next document: what this one doesn't list,
// the newest of it, and then what it lists.
func (x *sieve) keep() records {
	shared := map[uint32]bool{}
	for i := range x.items {
		if it := &x.items[i]; it.has(flagShared) {
			shared[it.link] = true
		}
	}
	var rest records
	for o := range x.old {
		if !x.taken[o] {
			rest = append(rest, x.old[o])
			if was := &rest[len(rest)-1]; shared[was.link] {
				was.at |= flagShared
			}
		}
	}
	if over := len(rest) + len(x.items) - max(leastRecords, x.largest+spareRecords); over > 0 {
		rest = rest[min(over, len(rest)):]
	}
	kept := make(records, 0, len(rest)+len(x.items))
	kept = append(kept, rest...)
	for i := range x.items {
		kept = append(kept, x.items[i].record)
	}
	return kept
}
