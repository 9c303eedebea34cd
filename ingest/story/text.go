package story

import (
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/net/publicsuffix"

	"agora/mood"
)

// keyKind says what a key is made of.
type keyKind uint64

const (
	keyURL keyKind = iota + 1
	keyID
	keyGUID
	keyTitle
	keyShingle              // 4
	keyLead    keyKind = 9  // 4
	keyBand    keyKind = 13 // 4
	keyPage    keyKind = 17
	keyHead    keyKind = 18
)

// key is a value among those of all kinds.
func key(kind keyKind, value uint64) uint64 {
	x := (value ^ uint64(kind)*0xa0761d6478bd642f) * 0xe7037ed1a0b428db
	return max(1, x^x>>31)
}

// Text is a mention made ready to be filed.
type Text struct {
	id     string // the mention's
	at     int64  // when it was published, Unix seconds
	outlet uint32 // 0: unknown
	post   bool   // it has no title
	exact  []uint64
	title  title
	lead   lead
}

// Read makes mentions ready: that is most of the work, and needs no index.
type Reader struct{ words *lexicon }

// NewReader makes a reader, which any number of goroutines may use.
func NewReader() *Reader { return &Reader{newLexicon()} }

// Read makes a mention ready to be filed.
func (r *Reader) Read(m *mood.Mention) Text {
	t := Text{id: m.ID, at: m.Published.Unix(), post: m.Title == ""}
	t.exact = make([]uint64, 0, 4)
	if m.ID != "" {
		t.exact = append(t.exact, key(keyID, xxhash.Sum64String(m.ID)))
	}
	if m.URL != "" && !m.SharedURL {
		address := mood.AddressKey(m.URL)
		t.exact = append(t.exact, key(keyURL, xxhash.Sum64String(address)))
		if page := pageOf(address); page != "" {
			t.exact = append(t.exact, key(keyPage, xxhash.Sum64String(page)))
		}
	}
	if global(m.GUID) {
		t.exact = append(t.exact, key(keyGUID, xxhash.Sum64String(m.GUID)))
	}
	if m.Outlet != "" {
		t.outlet = uint32(xxhash.Sum64String(siteOf(m.Outlet)))
	}
	text := m.Title
	if t.post {
		text = m.Text
	}
	t.title = r.words.titleOf(text, siteOf(m.Outlet), t.post)
	t.lead = r.words.leadOf(m.Text)
	return t
}

// pageOf is what an article's addresses on one publisher's hosts have in
// common: bbc.com and bbc.co.uk, amp.theguardian.com, edition.cnn.com. It is
// empty where the path alone may not name an article.
func pageOf(address string) string {
	rest := strings.TrimPrefix(address, "https://")
	host, path, _ := strings.Cut(rest, "/")
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	path = strings.TrimSuffix(strings.TrimSuffix(path, "/amp"), "/")
	slug := path[strings.LastIndexByte(path, '/')+1:]
	digits, most := 0, 0
	for i := range len(slug) {
		if digits++; slug[i] < '0' || slug[i] > '9' {
			digits = 0
		}
		most = max(most, digits)
	}
	if strings.Count(slug, "-") < 4 && most < 6 {
		return ""
	}
	label, _, _ := strings.Cut(siteOf(host), ".")
	if len(label) < 3 {
		return ""
	}
	return label + "/" + path
}

// siteOf is the domain that an outlet's name belongs to.
func siteOf(outlet string) string {
	if site, err := publicsuffix.EffectiveTLDPlusOne(outlet); err == nil {
		return site
	}
	return outlet
}

// global says whether a GUID means the same wherever it comes from.
func global(guid string) bool {
	return strings.Contains(guid, "://") && strings.Count(guid, "/") > 3 || strings.HasPrefix(guid, "tag:") || strings.HasPrefix(guid, "urn:")
}

// apart is how long two texts were published one after the other.
func apart(a, b int64) time.Duration { return time.Duration(max(a-b, b-a)) * time.Second }
