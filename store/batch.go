package store

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"sync"
	"time"

	"agora/mood"
)

const maxSources = 64 // of one mention

// bucket is what is added to one hash.
type bucket[V any] struct {
	expiry time.Time
	fields map[string]V
}

// buckets are hashes by key, in the order in which they were named.
type buckets[V any] struct {
	byKey map[string]*bucket[V]
	keys  []string
}

// at is the bucket of a key; nil if it has expired already.
func (b *buckets[V]) at(key string, expiry, now time.Time) *bucket[V] {
	if !expiry.After(now) {
		return nil
	}
	if x := b.byKey[key]; x != nil {
		return x
	}
	if b.byKey == nil {
		b.byKey = map[string]*bucket[V]{}
	}
	x := &bucket[V]{expiry: expiry, fields: map[string]V{}}
	b.byKey[key] = x
	b.keys = append(b.keys, key)
	return x
}

func (b *buckets[V]) encode(keys []string, args []any, text func(V) string) ([]string, []any) {
	for _, key := range b.keys {
		x := b.byKey[key]
		keys = append(keys, key)
		args = append(args, x.expiry.Unix(), len(x.fields))
		for f, v := range x.fields {
			args = append(args, f, text(v))
		}
	}
	return keys, args
}

// cells are tallies on their way to packed cells.
type cells struct {
	buckets[mood.Tally]
	grid  grid
	brand string
	now   time.Time
}

func (c *cells) put(key, field string, expiry time.Time, t mood.Tally) {
	if b := c.at(key, expiry, c.now); b != nil {
		sum := b.fields[field]
		sum.Add(t)
		b.fields[field] = sum
	}
}

// series adds a tally to the series at a time.
func (c *cells) series(at time.Time, t mood.Tally) {
	for r := minute; r <= dayCell; r++ {
		n, size := c.grid.index(r, at), r.chunk()
		chunk := floorDiv(n, size)
		c.put(seriesKey(c.brand, r, chunk), num(n-chunk*size), c.grid.start(r, (chunk+1)*size).Add(c.grid.expireSeries(r)), t)
	}
}

// dim adds a tally to one value of a dimension at a time.
func (c *cells) dim(at time.Time, d dimension, value string, t mood.Tally) {
	for r := minute; r <= dayCell; r++ {
		n := c.grid.index(r, at)
		c.put(dimKey(c.brand, r, n, d.group()), string(rune(d))+value, c.grid.end(r, n).Add(c.grid.expireDim(r)), t)
	}
}

// all adds a tally wherever a mention with that header counts.
func (c *cells) all(h header, t mood.Tally) {
	c.series(h.published, t)
	var ns [3]int64
	var expiries [3]time.Time
	for r := minute; r <= dayCell; r++ {
		ns[r] = c.grid.index(r, h.published)
		expiries[r] = c.grid.end(r, ns[r]).Add(c.grid.expireDim(r))
	}
	h.each(func(d dimension, value string) {
		field := string(rune(d)) + value
		for r := minute; r <= dayCell; r++ {
			c.put(dimKey(c.brand, r, ns[r], d.group()), field, expiries[r], t)
		}
	})
}

// hashSets are the hashes of a batch by the shard that they belong to.
type hashSets map[int64][]string

func (h hashSets) add(hash string) {
	shard := shardOf(hash)
	h[shard] = append(h[shard], hash)
}

func shardOf(hash string) int64 {
	// The last digits of a hash in decimal are as good as any of its bits.
	var shard int64
	for _, c := range hash[max(0, len(hash)-6):] {
		shard = shard*10 + int64(c&15)
	}
	return shard % dedupeShards
}

// encode writes the shards. Those that dated holds have an expiry already.
func (h hashSets) encode(brand string, now time.Time, dated *dated, keys []string, args []any) ([]string, []any) {
	generation := generationOf(now)
	for shard, hashes := range h {
		keys = append(keys, dedupeKey(brand, generation, shard), dedupeKey(brand, generation-1, shard))
		expire := 1
		if dated.has(brand, generation, shard) {
			expire = 0
		}
		args = append(args, expire, len(hashes))
		for _, x := range hashes {
			args = append(args, x)
		}
	}
	return keys, args
}

// dated remembers which shards were given their expiry by this process, so
// that it isn't given again with every batch.
type dated struct {
	lock   sync.Mutex
	brands map[string]*datedShards
}

type datedShards struct {
	generation int64
	shards     [dedupeShards]bool
}

func (d *dated) has(brand string, generation, shard int64) bool {
	d.lock.Lock()
	defer d.lock.Unlock()
	b := d.brands[brand]
	return b != nil && b.generation == generation && b.shards[shard]
}

// add notes the shards of a batch that was written.
func (d *dated) add(brand string, generation int64, h hashSets) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.brands == nil {
		d.brands = map[string]*datedShards{}
	}
	b := d.brands[brand]
	if b == nil || b.generation != generation {
		b = &datedShards{generation: generation}
		d.brands[brand] = b
	}
	for shard := range h {
		b.shards[shard] = true
	}
}

func (d *dated) forget() {
	d.lock.Lock()
	defer d.lock.Unlock()
	clear(d.brands)
}

func generationOf(now time.Time) int64 {
	return floorDiv(now.Unix(), int64(dedupeGeneration/time.Second))
}

// generationExpiry is when the sets of now's generation expire: they serve
// the one after it as well.
func generationExpiry(now time.Time) int64 {
	return (generationOf(now) + 2) * int64(dedupeGeneration/time.Second)
}

// newToken names a batch, so that it is known again after a lost reply.
func newToken() string {
	b := make([]byte, 9)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// stepOf is how far a write moves the version of an hour's texts: what its token
// says, so that a server that lost something doesn't come to the same version by
// another way. The scripts do as this does.
func stepOf(token string) int64 {
	n, _ := strconv.ParseInt(token[:7], 16, 64)
	return n + 1
}

// batch is what is written at once: one brand's mentions, all different.
type batch struct {
	brand     string
	now       time.Time
	grid      grid
	hashes    hashSets
	cells     cells
	counts    buckets[int64]
	texts     buckets[string]
	book      map[string]int64
	days      map[int64]bool // whose cells change
	last      time.Time
	bare      time.Time           // when the newest mention without a story was published
	tales     map[string][]teller // counted mentions, by story
	stories   []tale              // what is said of them; see Store.begin
	moves     []moved
	textBytes int64
	token     string // names the call that writes it
}

func newBatch(g grid, brand string, now time.Time) *batch {
	return &batch{
		brand: brand, now: now, grid: g, token: newToken(), hashes: hashSets{}, book: map[string]int64{}, days: map[int64]bool{},
		tales: map[string][]teller{}, cells: cells{grid: g, brand: brand, now: now},
	}
}

func (b *batch) add(m mood.Mention, hashes []string, keep time.Duration) error {
	for _, h := range hashes {
		b.hashes.add(h)
	}
	r := m.Readings[b.brand]
	h := headerOf(&m, r)
	if h.counted() {
		b.cells.all(h, mood.TallyOf(r))
		b.days[b.grid.index(dayCell, m.Published)] = true
		if m.Published.After(b.last) {
			b.last = m.Published
		}
		if h.story != "" {
			b.tales[h.story] = append(b.tales[h.story], teller{h.published.UnixMilli(), m.ID})
		} else if m.Published.After(b.bare) {
			b.bare = m.Published
		}
		b.found(m)
	}
	return b.text(m, h, hashes, keep)
}

// found notes how long after its publication a mention was found.
func (b *batch) found(m mood.Mention) {
	late := m.Seen.Sub(m.Published)
	if m.Undated || m.Edited || late < 0 || late >= 24*time.Hour {
		return
	}
	step := num(latencyStep(late))
	for r := hour; r <= dayCell; r++ {
		n := b.grid.index(r, m.Seen)
		if x := b.counts.at(latencyKey(b.brand, r, n), b.grid.end(r, n).Add(r.expireLatency()), b.now); x != nil {
			x.fields[step]++
		}
	}
}

// text keeps a mention's text, and what finds it again.
func (b *batch) text(m mood.Mention, h header, hashes []string, keep time.Duration) error {
	n := textHour(m.Published)
	chunk := b.texts.at(textKey(b.brand, n), textExpiry(n, keep), b.now)
	if chunk == nil {
		return nil
	}
	text, err := packText(m, b.brand)
	if err != nil {
		return err
	}
	chunk.fields[m.ID] = text
	b.book[num(n)] += int64(len(text))
	b.textBytes += int64(len(text))
	d := textDay(m.Published)
	if index := b.texts.at(indexKey(b.brand, d), time.Unix((d+1)*86400, 0).Add(keep+expireText), b.now); index != nil {
		for _, x := range hashes {
			index.fields[x] = num(n) + " " + m.ID
		}
	}
	return nil
}

// Texts are filed by hours and days of UTC.
func textHour(t time.Time) int64 { return floorDiv(t.Unix(), 3600) }
func textDay(t time.Time) int64  { return floorDiv(t.Unix(), 86400) }

func textExpiry(hour int64, keep time.Duration) time.Time {
	return time.Unix((hour+1)*3600, 0).Add(keep + expireText)
}

// origin says where a batch comes from: a journal, or nowhere.
type origin struct {
	journal      string
	mark, before uint64
}

// from is the origin of a batch.
func (s *Store) from(journal, brand string, mark uint64) origin {
	if journal == "" {
		return origin{}
	}
	return origin{journal, mark, s.marks.of(brand)}
}

// key is what a batch is known again by.
func (o origin) key(brand, token string) string {
	if o.journal == "" {
		return batchKey(brand, token)
	}
	return journalKey(brand)
}

// encode writes what the script is told.
func (b *batch) encode(dated *dated, o origin) (keys []string, args []any) {
	last, bare := millis(b.last), millis(b.bare)
	keys = append(keys, o.key(b.brand, b.token))
	args = append(args, len(b.hashes), len(b.cells.keys), len(b.counts.keys), len(b.texts.keys),
		int(expireBatch/time.Second), generationExpiry(b.now), last, o.journal, num(int64(o.mark)), num(int64(o.before)))
	args = append(args, len(b.stories), bare)
	for _, t := range b.stories {
		keys, args = t.encode(b.brand, keys, args)
	}
	keys, args = b.hashes.encode(b.brand, b.now, dated, keys, args)
	keys, args = b.cells.encode(keys, args, packTally)
	keys, args = b.counts.encode(keys, args, num)
	keys, args = b.texts.encode(keys, args, func(s string) string { return s })
	keys = append(keys, bookKey(b.brand), marksKey(b.brand))
	args = append(args, len(b.book))
	for hour, bytes := range b.book {
		args = append(args, hour, bytes)
	}
	args = append(args, b.token)
	for d := range b.days {
		args = append(args, d)
	}
	return keys, args
}

// millis is 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
