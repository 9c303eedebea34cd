package store

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// All keys, and how long each of them lives. {B} is a brand's id, {K} a kind
// of state, {L} the name of a log. A cell is the text pos,neu,unclear,neg,stories,sum,sumsq.
//
//	key                       type    fields → values
//	v:{B}                     string  the version of the schema
//	s:{B}:1m:<n/60>           hash    0…59 → cell            series, by minute n
//	s:{B}:1h:<n/96>           hash    0…95 → cell            series, by hour n
//	s:{B}:1d:<n/100>          hash    0…99 → cell            series, by day n
//	x:{B}:1m:<n>              hash    dimension+value → cell all dimensions of a minute
//	x:{B}:1h:<n>:<group>      hash    dimension+value → cell one group of dimensions of an hour
//	x:{B}:1d:<n>:<group>      hash    dimension+value → cell one group of dimensions of a day
//	a:{B}:1m|1h|1d:<chunk>    hash    <n in chunk>:<kind> → count   activity series
//	c:{B}:1m|1h|1d:<n>        hash    <kind>:<country> → count      activity by country
//	g:{B}:1m|1h|1d:<n>        hash    <country>:<spot>:<kind> → count   activity by city, at most mood.MostSpots
//	l:{B}:1h|1d:<n>           hash    step of the histogram → count found latency, by arrival
//	d:{B}:<30 days>:<shard>   set     64-bit hashes of ids and addresses, by arrival
//	m:{B}:<hour>              hash    mention id → header and JSON  the texts
//	i:{B}:<day>               hash    64-bit hash → <hour> <id>     finds the text of a duplicate
//	b:{B}                     hash    <hour> → bytes, v<hour> → version; last, gone, bare (see bookKey)
//	w:{B}                     hash    <day> → mark of the last write that touched the day's cells; batch → that of the last
//	p:{B}                     hash    mention id → JSON      corrections, for learning; never expire
//	p:{B}:at                  hash    mention id → when it was corrected, or that taken back, ms
//	j:{B}                     hash    journal → mark: how far it was counted; journal:done, journal:changes (see marks.go)
//	z:{B}:<story>             zset    mention id by when it was published, ms: the counted ones
//	t:{B}:<random>            string  a batch of no journal that was written
//	y:{B}                     string  what is written before replicas are waited for
//	n:{B}                     channel notices; n:{} those of no brand
//	k:{L}                     hash    of a shared log: last → number, first → chunk, b<chunk> → bytes, bytes
//	k:{L}:<n/16>              hash    n → a record of the log
//	epoch                     string  names the life of this store
//	o:{K}:<id>                string  a state;  q:{K}: the set of its ids
//	e:{K}:<id>                string  the owner of a lease, until it runs out
//	f:{K}:<id>                hash    n → the newest fence, v → version of the state
//
// A topic's value has its language behind a zero byte, but for English.
//
// Groups keep hashes small, which Redis then stores compactly, and few: p are
// places, w is who said it (outlet, source, language), t topics.
const (
	// EXPIRY of each counter: so long after the end of the time in its key.
	expireSeriesMinute   = 50 * time.Hour   // 24h, the 24h before it, and up to a quarter of an hour
	expireSeriesHour     = 190 * day        // 90 days, the 90 before them, and their edges
	expireSeriesDay      = 5 * 366 * day    // Options.KeepDays: what isn't counted can't be counted later
	expireDimMinute      = 25 * time.Hour   // the edge of 24h lies up to 24h15m back
	expireDimHour        = 33 * day         // the edge of 30d lies up to 6 h into a day; that of 90d on a whole one
	expireDimDay         = 366 * day        // Options.KeepRows: 90d, and the weeks before it that topics are compared with
	expireActivityMinute = 50 * time.Hour   // 24h, and the 24h before it
	expireWhereMinute    = 25 * time.Hour   // as of dimensions
	expireActivityHour   = 93 * day         // 90d is drawn by hours
	expireActivityDay    = 366 * day        // Options.KeepActivity, which may also be less than the others
	expireSpotHour       = 33 * day         // as of dimensions
	expireSpotDay        = 93 * day         // 90d
	expireLatencyHour    = 26 * time.Hour   // 24h, by whole hours
	expireLatencyDay     = 93 * day         // 90d
	expireText           = time.Hour        // beyond Options.KeepMentions: 7d begins up to an hour earlier
	expireStory          = 5 * day          // after the last mention, and beyond Options.KeepMentions: longer than copies are known
	expireFence          = 90 * day         // without a claim: longer than anybody is stopped and wakes up again
	expireBatch          = 10 * time.Minute // how long a batch may be retried with exact outcomes

	// What was counted once is known for one to two generations, again and
	// again as long as it keeps coming.
	dedupeGeneration = 30 * day
	dedupeShards     = 512 // a shard of up to 512 hashes is a compact intset

	day = 24 * time.Hour

	epochKey = "epoch"
)

// A dimension is what rows are counted by; the letter starts its fields.
type dimension byte

const (
	dimAbout    dimension = 'a'
	dimFrom     dimension = 'f'
	dimOrigin   dimension = 'g'
	dimOutlet   dimension = 'o'
	dimSource   dimension = 's'
	dimLanguage dimension = 'l'
	dimTopic    dimension = 't'
)

// none is the value of a dimension that isn't known.
const none = "none"

// group is the part of a dimension's keys that says with which others it
// shares a hash.
func (d dimension) group() byte {
	switch d {
	case dimAbout, dimFrom, dimOrigin:
		return groupPlaces
	case dimTopic:
		return groupTopics
	default:
		return groupWho
	}
}

const (
	groupPlaces = 'p'
	groupWho    = 'w'
	groupTopics = 't'
)

// resolution is how fine a cell is.
type resolution uint8

const (
	minute resolution = iota
	hour
	dayCell
)

func (r resolution) name() string { return [...]string{"1m", "1h", "1d"}[r] }

// chunk is how many cells of a series share a hash.
func (r resolution) chunk() int64 { return [...]int64{60, 96, 100}[r] }

// expireSeries and expireDim are how long counters are kept; days as long as
// the operator wants.
func (g grid) expireSeries(r resolution) time.Duration {
	return [...]time.Duration{expireSeriesMinute, expireSeriesHour, cmp.Or(g.days, expireSeriesDay)}[r]
}

func (g grid) expireDim(r resolution) time.Duration {
	return [...]time.Duration{expireDimMinute, expireDimHour, cmp.Or(g.rows, expireDimDay)}[r]
}

// expireActivity, expireWhere and expireSpot are how long activity is kept, as
// a series, by country and by city; none longer than the operator wants.
func (g grid) expireActivity(r resolution) time.Duration {
	return g.briefly([...]time.Duration{expireActivityMinute, expireActivityHour, cmp.Or(g.activity, expireActivityDay)}[r])
}

func (g grid) expireWhere(r resolution) time.Duration {
	return g.briefly([...]time.Duration{expireWhereMinute, expireActivityHour, cmp.Or(g.activity, expireActivityDay)}[r])
}

func (g grid) expireSpot(r resolution) time.Duration {
	return g.briefly([...]time.Duration{expireWhereMinute, expireSpotHour, expireSpotDay}[r])
}

func (g grid) briefly(d time.Duration) time.Duration {
	if g.activity > 0 {
		return min(d, g.activity)
	}
	return d
}

func (r resolution) expireLatency() time.Duration {
	return [...]time.Duration{0, expireLatencyHour, expireLatencyDay}[r]
}

func num(n int64) string { return strconv.FormatInt(n, 10) }

func versionKey(brand string) string { return "v:{" + brand + "}" }

func seriesKey(brand string, r resolution, chunk int64) string {
	return "s:{" + brand + "}:" + r.name() + ":" + num(chunk)
}

func dimKey(brand string, r resolution, n int64, group byte) string {
	if r == minute {
		return "x:{" + brand + "}:1m:" + num(n)
	}
	return "x:{" + brand + "}:" + r.name() + ":" + num(n) + ":" + string(rune(group))
}

func activityKey(brand string, r resolution, chunk int64) string {
	return "a:{" + brand + "}:" + r.name() + ":" + num(chunk)
}

func activityPlaceKey(brand string, r resolution, n int64) string {
	return "c:{" + brand + "}:" + r.name() + ":" + num(n)
}

func activitySpotKey(brand string, r resolution, n int64) string {
	return "g:{" + brand + "}:" + r.name() + ":" + num(n)
}

func latencyKey(brand string, r resolution, n int64) string {
	return "l:{" + brand + "}:" + r.name() + ":" + num(n)
}

func dedupeKey(brand string, generation, shard int64) string {
	return "d:{" + brand + "}:" + num(generation) + ":" + num(shard)
}

// storyKey holds the counted mentions of a brand that tell a story. The first
// of them is where the story counts.
func storyKey(brand, story string) string { return "z:{" + brand + "}:" + story }

func textKey(brand string, hour int64) string { return "m:{" + brand + "}:" + num(hour) }

func indexKey(brand string, day int64) string { return "i:{" + brand + "}:" + num(day) }

// bookKey is the book that is kept of a brand's texts: the bytes of each hour,
// and a version that every change of the hour moves to another number; when the newest
// mention was published (last), and the end of the newest hour that was given
// up for want of room (gone), both in milliseconds. When the newest mention was
// published that was counted without a story (bare) says from when on the
// counts of stories are whole; 0: always.
func bookKey(brand string) string { return "b:{" + brand + "}" }

// marksKey tells readers which of the cells that they remember have changed,
// and writers whether anybody else wrote (batch).
func marksKey(brand string) string { return "w:{" + brand + "}" }

// correctionsKey holds what people corrected, correctedAtKey when: what is
// oldest is found without reading texts.
func correctionsKey(brand string) string { return "p:{" + brand + "}" }

func correctedAtKey(brand string) string { return "p:{" + brand + "}:at" }

// maxCorrections is how many are kept of each brand, the newest.
const maxCorrections = 2000

const (
	bookLast = "last"
	bookGone = "gone"
	bookBare = "bare"

	bookVersion = "v" // ahead of the hour

	marksBatch = "batch" // the last that was written, whatever its days
)

// sharedKey and sharedChunkKey are of a log that processes share.
func sharedKey(log string) string { return "k:{" + log + "}" }

func sharedChunkKey(log string, chunk uint64) string { return sharedKey(log) + ":" + num(int64(chunk)) }

func journalKey(brand string) string { return "j:{" + brand + "}" }

func batchKey(brand, token string) string { return "t:{" + brand + "}:" + token }

// confirmKey is written after what replicas are to confirm; of a tag.
func confirmKey(tag string) string { return "y:{" + tag + "}" }

// lasting says whether a key matters after a restart.
func lasting(key string) bool { return !strings.HasPrefix(key, "t:") }

func noticeChannel(brand string) string { return "n:{" + brand + "}" }

const noticePattern = "n:{*}"

func stateKey(kind, id string) string { return "o:{" + kind + "}:" + id }

func stateSetKey(kind string) string { return "q:{" + kind + "}" }

// leaseKey and fenceKey are of the thing that a state of the kind and id is
// about, whether or not there is one.
func leaseKey(kind, id string) string { return "e:{" + kind + "}:" + id }

func fenceKey(kind, id string) string { return "f:{" + kind + "}:" + id }

// tagOf is the hash tag of a key: what a node of a cluster, and a file of the
// embedded server, keep together.
func tagOf(key string) string {
	if i := strings.IndexByte(key, '{'); i >= 0 {
		if j := strings.IndexByte(key[i+1:], '}'); j > 0 {
			return key[i+1 : i+1+j]
		}
	}
	return ""
}
