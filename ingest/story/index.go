package story

import (
	"slices"
	"time"
)

// The bounds of an index.
const (
	Window = 48 * time.Hour // between a story's first text and any other
	Memory = 72 * time.Hour // how long a text is remembered after it was filed
	Most   = 200_000        // texts that are remembered, of stories and of their copies

	seriesWindow = 12 * time.Hour // for titles that come again every day
	shortWindow  = 20 * time.Hour // for short titles
	mostSeen     = 32             // of one key, newest first
)

// tale is a story: its first text, with which all others are compared.
type tale struct {
	id     string
	at     int64
	outlet uint32
	post   bool
	title  title
	lead   lead
}

// filed is a text that is remembered: a story's first, or a copy.
type filed struct {
	tale   *tale
	at     int64 // published
	outlet uint32
	since  int64 // when it was filed, Unix seconds
	first  bool
	links  []link
}

// link is a key of a text, and the text before it that has the same.
type link struct {
	key  uint64
	prev uint64
}

// Index groups texts. It is not safe for concurrent use.
type Index struct {
	words *lexicon
	most  int
	heads map[uint64]uint64 // the newest text that has a key; numbers begin at 1
	texts [][]filed         // in order, in chunks
	begin uint64            // the number of the first one in texts
	next  uint64
}

const chunk = 512

// NewIndex makes an index that remembers up to most texts; 0: [Most].
func NewIndex(r *Reader, most int) *Index {
	if most <= 0 {
		most = Most
	}
	return &Index{words: r.words, most: most, heads: map[uint64]uint64{}, begin: 1, next: 1}
}

// Len is how many texts are remembered.
func (x *Index) Len() int { return int(x.next - x.begin) }

// File gives the story that a text belongs to: the id of the mention that began
// it. A text that is news is remembered; entry tells others of it, and is nil
// if nothing was learned.
func (x *Index) File(t *Text, now time.Time) (story string, entry *Entry) {
	seen, missing := x.byPage(t)
	if seen != nil {
		of := seen.tale // to remember another text may be to forget this one
		if missing && t.exact != nil {
			entry = x.copy(t, of, now)
		}
		return of.id, entry
	}
	if same := x.byTitle(t); same != nil {
		return same.id, x.copy(t, same, now)
	}
	if same := x.nearest(t); same != nil {
		return same.id, x.copy(t, same, now)
	}
	entry = &Entry{Story: t.id, At: t.at, Outlet: t.outlet, Post: t.post, Exact: t.exact, Title: t.title.plain, Head: t.title.head, Cut: t.title.cut,
		Lead: t.lead.shingles, Figures: t.lead.figures, Sim: t.lead.sim, LeadKeys: t.lead.keys[:], First: true, title: &t.title}
	x.learn(entry, now)
	return t.id, entry
}

// copy remembers another text of a story.
func (x *Index) copy(t *Text, of *tale, now time.Time) *Entry {
	e := &Entry{Story: of.id, At: t.at, Outlet: t.outlet, Exact: t.exact}
	if t.title.hash != of.title.hash {
		e.TitleHash = t.title.hash
	}
	x.learn(e, now)
	return e
}

// learn remembers what an entry tells.
func (x *Index) learn(e *Entry, now time.Time) {
	f := filed{at: e.At, outlet: e.Outlet, since: now.Unix(), first: e.First}
	keys := slices.Clone(e.Exact)
	if e.First {
		t := e.title
		if t == nil {
			t = &title{plain: e.Title, words: words(e.Title, nil), cut: e.Cut, head: e.Head}
			t.finish(x.words, e.Post)
		}
		f.tale = &tale{id: e.Story, at: e.At, outlet: e.Outlet, post: e.Post, title: *t,
			lead: lead{shingles: e.Lead, figures: e.Figures, sim: e.Sim}}
		copy(f.tale.lead.keys[:], e.LeadKeys)
		f.tale.title.words = nil // they are in plain
		if t.hash != 0 {
			keys = append(keys, key(keyTitle, t.hash))
		}
		if t.head != 0 && !e.Post {
			keys = append(keys, key(keyHead, t.head))
		}
		if len(t.shingles) > 0 && !e.Post {
			keys = append(keys, t.keys[:]...)
		}
		if len(e.Lead) > 0 {
			b := bands(e.Sim)
			keys = append(append(keys, f.tale.lead.keys[:]...), b[:]...)
		}
	} else {
		if f.tale = x.tale(e.Story); f.tale == nil { // its first text is forgotten, and nothing can be compared with it any more
			f.tale = &tale{id: e.Story, at: e.At, outlet: e.Outlet}
		}
		if e.TitleHash != 0 {
			keys = append(keys, key(keyTitle, e.TitleHash))
		}
	}
	keys = append(keys, key(keyID, idHash(e.Story)))
	slices.Sort(keys)
	keys = slices.Compact(keys)
	f.links = make([]link, len(keys))
	for i, k := range keys {
		f.links[i] = link{k, x.heads[k]}
		x.heads[k] = x.next
	}
	x.push(f)
	x.tidy(now)
}

// tale finds a story by its id: the newest text of it knows.
func (x *Index) tale(id string) *tale {
	for f := range x.having(key(keyID, idHash(id))) {
		if f.tale.id == id {
			return f.tale
		}
	}
	return nil
}

func (x *Index) push(f filed) {
	if n := len(x.texts); n == 0 || len(x.texts[n-1]) == chunk {
		x.texts = append(x.texts, make([]filed, 0, chunk))
	}
	last := &x.texts[len(x.texts)-1]
	*last = append(*last, f)
	x.next++
}

// at is a text by its number; nil: it is forgotten.
func (x *Index) at(n uint64) *filed {
	if n < x.begin || n >= x.next {
		return nil
	}
	// All chunks but the first and the last are full; the first is cut at its
	// front, in memory too.
	i := n - x.begin
	if head := uint64(len(x.texts[0])); i < head {
		return &x.texts[0][i]
	} else {
		i -= head
	}
	return &x.texts[1+i/chunk][i%chunk]
}

// having gives the texts that have a key, newest first.
func (x *Index) having(k uint64) func(func(*filed) bool) {
	return func(yield func(*filed) bool) {
		n := x.heads[k]
		for range mostSeen {
			f := x.at(n)
			if f == nil || !yield(f) {
				return
			}
			i, ok := slices.BinarySearchFunc(f.links, k, func(l link, k uint64) int {
				switch {
				case l.key < k:
					return -1
				case l.key > k:
					return 1
				}
				return 0
			})
			if !ok {
				return
			}
			n = f.links[i].prev
		}
	}
}

// tidy drops what is too old or too much.
func (x *Index) tidy(now time.Time) {
	oldest := now.Add(-Memory).Unix()
	for x.begin < x.next && (x.Len() > x.most || x.texts[0][0].since < oldest) {
		for _, l := range x.texts[0][0].links {
			if x.heads[l.key] == x.begin {
				delete(x.heads, l.key)
			}
		}
		x.texts[0][0] = filed{}
		x.begin++
		if x.texts[0] = x.texts[0][1:]; len(x.texts[0]) == 0 && len(x.texts) > 1 {
			x.texts = x.texts[1:]
		}
	}
	if x.begin == x.next {
		x.texts = nil
	}
}

// mark is where an index stands, to go back to.
func (x *Index) mark() uint64 { return x.next }

// back forgets what was learned since a mark.
func (x *Index) back(mark uint64) {
	for x.next > max(mark, x.begin) {
		last := &x.texts[len(x.texts)-1]
		for _, l := range (*last)[len(*last)-1].links {
			if l.prev >= x.begin {
				x.heads[l.key] = l.prev
			} else {
				delete(x.heads, l.key)
			}
		}
		(*last)[len(*last)-1] = filed{}
		if *last = (*last)[:len(*last)-1]; len(*last) == 0 && len(x.texts) > 1 {
			x.texts = x.texts[:len(x.texts)-1]
		}
		x.next--
	}
}

// entries tell of the newest texts, at most so many.
func (x *Index) entries(most int) (list []*Entry) {
	for n := max(x.begin, x.next-min(x.next, uint64(most))); n < x.next; n++ {
		f := x.at(n)
		e := &Entry{Story: f.tale.id, At: f.at, Outlet: f.outlet, First: f.first}
		for _, l := range f.links {
			e.Exact = append(e.Exact, l.key)
		}
		if f.first {
			t := f.tale
			e.Post, e.Title, e.Head, e.Cut = t.post, t.title.plain, t.title.head, t.title.cut
			e.Lead, e.Figures, e.Sim, e.LeadKeys = t.lead.shingles, t.lead.figures, t.lead.sim, t.lead.keys[:]
		}
		list = append(list, e)
	}
	return list
}
