package feed

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"agora/mood"

	"github.com/cespare/xxhash/v2"
)

// record is what is known of an item that was delivered: enough to know it
// again whatever its publisher changes, and to say when it says something
// else. It takes recordSize bytes.
type record struct {
	id       [12]byte // of the mention, as it was delivered
	key      uint32   // of the GUID, else of the address; see [identify]
	link     uint32   // of the page; 0: none
	path     uint32   // of the address without what may be a token in its query
	headline uint32
	text     uint32
	sketch   sketch
	at       uint64 // when it was published, as delivered: Unix milliseconds, and flags in the lowest byte
}

const recordSize = 12 + 5*4 + 2*8

// The flags of a record.
const (
	flagUndated   = 1 << iota
	flagUncounted // listed, and left out of every count
	flagShared    // its address isn't its own
	flagGUID      // it had a GUID
)

// The items that are remembered of a feed: all of its newest document, as many
// more as its largest one had, and never under leastRecords. So what a feed
// drops and brings back is known.
const (
	leastRecords = 2_000
	spareRecords = 1_000
)

func (r *record) published() time.Time { return time.UnixMilli(int64(r.at >> 8)).UTC() }

func (r *record) has(flag uint64) bool { return r.at&flag != 0 }

// records are items, oldest first; in JSON, base64 of their bytes.
type records []record

// MarshalText packs the records.
func (rs records) MarshalText() ([]byte, error) {
	raw := make([]byte, 0, recordSize*len(rs))
	for i := range rs {
		r := &rs[i]
		raw = append(raw, r.id[:]...)
		for _, v := range [...]uint32{r.key, r.link, r.path, r.headline, r.text} {
			raw = binary.LittleEndian.AppendUint32(raw, v)
		}
		raw = binary.LittleEndian.AppendUint64(raw, uint64(r.sketch))
		raw = binary.LittleEndian.AppendUint64(raw, r.at)
	}
	return base64.StdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText unpacks them.
func (rs *records) UnmarshalText(text []byte) error {
	raw, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil || len(raw)%recordSize != 0 {
		return fmt.Errorf("broken records of delivered items")
	}
	*rs = make(records, 0, len(raw)/recordSize)
	for ; len(raw) > 0; raw = raw[recordSize:] {
		var r record
		copy(r.id[:], raw)
		for k, v := range [...]*uint32{&r.key, &r.link, &r.path, &r.headline, &r.text} {
			*v = binary.LittleEndian.Uint32(raw[12+4*k:])
		}
		r.sketch = sketch(binary.LittleEndian.Uint64(raw[32:]))
		r.at = binary.LittleEndian.Uint64(raw[40:])
		*rs = append(*rs, r)
	}
	return nil
}

// recordOf is what would be kept of a mention that was delivered as it is.
func recordOf(m *mood.Mention) (r record, g gist) {
	g = gistOf(m.Title, m.Text)
	r = record{headline: g.headline, text: g.text, sketch: g.sketch, at: uint64(m.Published.UnixMilli()) << 8}
	r.id = idOf(m.ID)
	r.key = binary.LittleEndian.Uint32(r.id[:])
	if m.URL != "" {
		key := mood.AddressKey(m.URL)
		r.link = uint32(xxhash.Sum64String(key)) | 1
		r.path = r.link
		if strings.IndexByte(key, '?') >= 0 {
			r.path = uint32(xxhash.Sum64String(pageOf(key))) | 1
		}
	}
	for k, set := range [...]bool{m.Undated, m.Uncounted, m.SharedURL, m.GUID != ""} {
		if set {
			r.at |= 1 << k // in the order of the flags
		}
	}
	return r, g
}

// pageOf is an address without those parameters that may be a token: of its
// query, what is known to identify content on many sites stays.
func pageOf(address string) string {
	page, query, _ := strings.Cut(address, "?")
	for param := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(param, "=")
		switch name = strings.ToLower(name); name {
		case "id", "p", "v", "t", "a", "n", "page", "article", "story", "news", "item", "post", "doc", "topic", "thread", "title",
			"articleid", "article_id", "storyid", "story_id", "story_fbid", "newsid", "news_id", "itemid", "item_id",
			"postid", "post_id", "docid", "nid", "aid", "pid", "tid", "contentid":
			page += "?" + param
		}
	}
	return page
}

// idOf packs a mention's id. One that isn't of our own making is hashed.
func idOf(id string) (b [12]byte) {
	if n, err := hex.Decode(b[:], []byte(id[:min(len(id), 24)])); err == nil && n == len(b) && len(id) == 24 {
		return b
	}
	binary.LittleEndian.PutUint64(b[:], xxhash.Sum64String(id))
	return b
}

// marks are 64-bit fingerprints of items that were delivered before records
// were kept, two for each; in JSON, base64 of their bytes.
type marks []uint64

// oldMarks is how long such fingerprints are believed: what is listed so long
// after has a record, or is too old to count.
const oldMarks = 30 * day

// MarshalText packs the marks.
func (m marks) MarshalText() ([]byte, error) {
	raw := make([]byte, 0, 8*len(m))
	for _, v := range m {
		raw = binary.LittleEndian.AppendUint64(raw, v)
	}
	return base64.StdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText unpacks them.
func (m *marks) UnmarshalText(text []byte) error {
	raw, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil || len(raw)%8 != 0 {
		return fmt.Errorf("broken marks of delivered items")
	}
	*m = make(marks, 0, len(raw)/8)
	for ; len(raw) > 0; raw = raw[8:] {
		*m = append(*m, binary.LittleEndian.Uint64(raw))
	}
	return nil
}

// marksOf gives the two fingerprints that were kept of a mention: of its
// identity, and of what it says where.
func marksOf(m *mood.Mention) (identity, saying uint64) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(m.ID))
	d := xxhash.New()
	_, _ = d.WriteString(m.URL)
	_, _ = d.WriteString("\x00" + m.Title)
	_, _ = d.WriteString("\x00" + clip(m.Text, 200))
	return h.Sum64(), d.Sum64()
}
