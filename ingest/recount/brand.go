package recount

import (
	"context"
	"hash/maphash"
	"strings"
	"time"
	"unicode"

	"agora/mood"
)

const (
	generationTime = 30 * 24 * time.Hour // what was counted is known for one to two of these
	unsureAround   = time.Minute         // of the moment at which a text ends
	retryWithin    = 24 * time.Hour      // in which what was sent before the journal begins is sent once more

	mostSources = 64
	mostTopics  = 12
	mostAbout   = 12
	mostBytes   = 128 // of a value
)

func generation(t time.Time) int64 { return divide(t.Unix(), int64(generationTime/time.Second)) }

// brand is one brand's recount.
type brand struct {
	id     string
	store  Store
	r      *recount
	gone   time.Time // texts of mentions published before were given up, some time
	prune  [3]int64  // counters up to these numbers are compared in no case
	strand map[string]string

	known    map[uint64]int64 // ids and addresses, and the newest generation in which each came
	came     map[int64]int    // how many by generation
	byHash   map[uint64]*said
	all      []*said
	readings map[plainReading]*mood.Reading

	waiting map[string][]string // sources of mentions that are yet to come in another journal

	cells map[mood.Counter]mood.Tally
	tales map[string]*tale
	tells map[mood.Counter]bool  // stories in it may begin elsewhere
	early map[mood.Counter]int64 // mentions in it that may have been counted before the journal
	loose map[mood.Counter]int64 // changes that may have come too late

	mentions, activities, copies int64
}

// said is a counted mention, as far as counting needs it.
type said struct {
	id        string
	published time.Time
	uncounted bool
	withdrawn bool
	reading   *mood.Reading // without what counting doesn't need; shared by equals
	rows      []row         // but sources
	sources   []string
	text      uint64
	title     uint64 // of its letters; 0: it has none
	story     string
	part      *part // the journal that it is from
	seen      int64 // ms: tells what one journal has of it from what another has
}

// row is a value that a mention counts under.
type row struct {
	by    mood.By
	value string
}

func newBrand(r *recount, id string, gone time.Time) *brand {
	b := &brand{
		id: id, store: r.cfg.Store, r: r, gone: gone, strand: map[string]string{},
		known: map[uint64]int64{}, came: map[int64]int{}, byHash: map[uint64]*said{},
		waiting: map[string][]string{}, readings: map[plainReading]*mood.Reading{},
		tales: map[string]*tale{}, tells: map[mood.Counter]bool{},
		cells: map[mood.Counter]mood.Tally{}, early: map[mood.Counter]int64{}, loose: map[mood.Counter]int64{},
	}
	for step := range b.prune {
		b.prune[step] = r.clock.number(mood.Step(step), r.readSince())
	}
	return b
}

var seed = maphash.MakeSeed()

func hashOf(parts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, p := range parts {
		_, _ = h.WriteString(p) // it never fails
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

// identities are what a mention is known again by.
func identities(m mood.Mention) []uint64 {
	hashes := []uint64{hashOf("id", m.ID)}
	if m.URL != "" && !m.SharedURL {
		hashes = append(hashes, hashOf("address", mood.AddressKey(m.URL)))
	}
	return hashes
}

// knows says whether any of the hashes came in a generation or later.
func (b *brand) knows(hashes []uint64, since int64) bool {
	for _, h := range hashes {
		if g, ok := b.known[h]; ok && g >= since {
			return true
		}
	}
	return false
}

// keeps remembers again what came in the generation before.
func (b *brand) keeps(hashes []uint64, g int64) {
	for _, h := range hashes {
		if b.known[h] == g-1 {
			b.learn(h, g)
		}
	}
}

func (b *brand) learn(h uint64, g int64) {
	b.known[h] = g
	b.came[g]++
}

// mention counts one that was accepted at a time.
func (b *brand) mention(ctx context.Context, e entry, m mood.Mention, w mood.Whereabouts) error {
	at, reading := e.At, m.Readings[b.id]
	m = m.Timely(at)
	if m.TooOld(at) {
		return nil
	}
	hashes, g := identities(m), generation(at)
	if m.Edited && m.Published.Before(at.Add(-generationTime)) {
		hashes = hashes[:1] // nobody's news: it may have been forgotten
	} else if !b.knows(hashes, g-1) {
		b.first(e.part, m, reading, at, hashes, w)
		return nil
	} else {
		b.keeps(hashes, g)
		if err := b.whichever(ctx, e.part, m, reading); err != nil {
			return err
		}
	}
	for _, h := range hashes {
		s := b.byHash[h]
		if s == nil {
			continue
		}
		kept, sure := b.keptAt(s, at)
		if !kept {
			continue
		}
		b.change(s, sure, func() {
			s.sources = b.values(append(s.sources[:len(s.sources):len(s.sources)], m.Sources...), mostSources)
			if m.Edited {
				b.revise(s, m, reading)
			}
		})
		break
	}
	return nil
}

// first counts a mention that no entry told of before, unless the store knows
// it from elsewhere.
func (b *brand) first(from *part, m mood.Mention, reading mood.Reading, at time.Time, hashes []uint64, w mood.Whereabouts) {
	hour := divide(m.Published.Unix(), 3600)
	itself := w.Found && w.ID == m.ID && w.Hour == hour
	// Its text was kept and is still found, if it was counted.
	indexed := b.textEnds(m.Published).After(at.Add(unsureAround)) &&
		time.Unix((divide(m.Published.Unix(), 86400)+1)*86400, 0).Add(b.r.cfg.Keep).After(b.r.began)
	if w.Known && !itself && (w.Found || indexed) {
		b.copies++
		if w.Found {
			b.waiting[w.ID] = append(b.waiting[w.ID], m.Sources...)
		}
		return
	}
	b.mentions++
	for _, h := range hashes {
		b.learn(h, generation(at))
	}
	s := &said{
		id: m.ID, published: m.Published, uncounted: m.Uncounted, reading: b.plain(reading),
		sources: b.values(append(m.Sources[:len(m.Sources):len(m.Sources)], b.waiting[m.ID]...), mostSources),
		text:    hashOf(m.Title, m.Text), title: letters(m.Title), story: b.own(value(m.Story)),
		part: from, seen: m.Seen.UnixMilli(),
	}
	delete(b.waiting, m.ID)
	s.rows = b.rows(m, reading)
	for _, h := range hashes {
		b.byHash[h] = s
	}
	b.all = append(b.all, s)
	b.add(s, 1)
	before := hour <= divide(b.r.since.Unix(), 3600) // the one before may have been in the same hour
	if !itself && w.Known || itself && before || !w.Known && at.Before(b.r.remembered()) {
		if s.story != "" {
			b.tale(s.story).early = true
		}
		b.eachCell(s, func(c mood.Counter) { b.early[c]++ })
	}
}

// said is the first mention that came with an id; nil: there is none.
func (b *brand) said(id string) *said {
	if s := b.byHash[hashOf("id", id)]; s != nil && s.id == id {
		return s
	}
	return nil
}

// plain is a reading without what counting doesn't need. Many are equal.
func (b *brand) plain(r mood.Reading) *mood.Reading {
	if r.Corrected || r.Irrelevant || r.Engine != nil {
		return &mood.Reading{Label: r.Label, Score: r.Score, Corrected: r.Corrected, Irrelevant: r.Irrelevant, Engine: r.Engine}
	}
	key := plainReading{r.Label, r.Score}
	have := b.readings[key]
	if have == nil {
		have = &mood.Reading{Label: r.Label, Score: r.Score}
		b.readings[key] = have
	}
	return have
}

type plainReading struct {
	label mood.Label
	score float64
}

// activity counts what devices did.
func (b *brand) activity(a mood.Activity, at, since time.Time, known map[string]bool) {
	if a.At.IsZero() || a.At.After(at) {
		a.At = at
	}
	if a.At.Before(at.Add(-mood.CountedFor)) {
		return
	}
	hashes, g := []uint64{hashOf("activity", a.ID)}, generation(at)
	if b.knows(hashes, g-1) {
		b.keeps(hashes, g)
		return
	}
	b.learn(hashes[0], g)
	b.activities++
	kind, country := value(a.Kind), strings.ReplaceAll(value(a.Country), ":", "")
	for step := mood.StepMinute; step <= mood.StepDay; step++ {
		n := b.r.clock.number(step, a.At)
		counters := []mood.Counter{
			{Step: step, By: mood.ByActivity, N: n, Value: b.own(kind)},
			{Step: step, By: mood.ByWhere, N: n, Value: b.own(country + ":" + kind)},
		}
		if a.Spot != nil {
			counters = append(counters, mood.Counter{Step: step, By: mood.BySpot, N: n, Value: b.own(country + ":" + value(a.Spot.Key()) + ":" + kind)})
		}
		for _, c := range counters {
			if !b.wanted(c) {
				continue
			}
			t := b.cells[c]
			t.Sum += a.Count
			b.cells[c] = t
			// One that comes again has the time that it had, unless it was sent
			// without one.
			if known[a.ID] && (!a.At.Before(at) || at.Before(since.Add(retryWithin))) {
				b.early[c] += a.Count
			}
		}
	}
}

// add counts a mention once more, or once less.
func (b *brand) add(s *said, times int64) {
	if s.uncounted || s.withdrawn || s.reading.Irrelevant {
		return
	}
	t := mood.TallyOf(*s.reading)
	if times < 0 {
		t = t.Minus()
	}
	b.eachCell(s, func(c mood.Counter) { b.count(c, t) })
	b.tell(s, times > 0)
}

func (b *brand) count(c mood.Counter, t mood.Tally) {
	sum := b.cells[c]
	sum.Add(t)
	if sum == (mood.Tally{}) {
		delete(b.cells, c)
	} else {
		b.cells[c] = sum
	}
}

func (b *brand) wanted(c mood.Counter) bool {
	return c.N > b.prune[c.Step] && c.N >= b.r.reach.From(c.By, c.Step)
}

// eachCell calls use with every counter that a mention is in.
func (b *brand) eachCell(s *said, use func(mood.Counter)) {
	b.eachSeries(s, use)
	for step := mood.StepMinute; step <= mood.StepDay; step++ {
		n := b.r.clock.number(step, s.published)
		cell := func(by mood.By, value string) {
			if c := (mood.Counter{Step: step, By: by, N: n, Value: value}); b.wanted(c) {
				use(c)
			}
		}
		for _, r := range s.rows {
			cell(r.by, r.value)
		}
		for _, source := range s.sources {
			cell(mood.BySource, source)
		}
	}
}

// eachSeries calls use with the counters of all mentions that one is in.
func (b *brand) eachSeries(s *said, use func(mood.Counter)) {
	for step := mood.StepMinute; step <= mood.StepDay; step++ {
		if c := (mood.Counter{Step: step, By: mood.ByAll, N: b.r.clock.number(step, s.published)}); b.wanted(c) {
			use(c)
		}
	}
}

// letters stands for those and the digits of a title, in lower case.
func letters(title string) uint64 {
	text := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, title)
	if text == "" {
		return 0
	}
	return hashOf("title", text)
}
