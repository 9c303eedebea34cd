package places

import (
	"bytes"
	"compress/flate"
	"encoding/gob"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// Bounds of what is learned of outlets.
const (
	mostOutlets  = 20_000
	mostOfOutlet = 8    // countries that are counted of an outlet
	enoughTexts  = 20   // that name a place, before an outlet's country is told
	oldTexts     = 2000 // from so many on, what is older counts half
	leastShare   = 0.5  // of what it writes about
	leastLift    = 1.5  // times as often as all outlets together write about it
	maxState     = 16 << 20
)

// Outlets learns where outlets are at home: a paper writes about its own
// country more than about any other, and more than others do. Outlets whose
// attention is spread have no country. It is safe for concurrent use.
//
// Several processes share what they learn by [Outlets.Exchange].
type Outlets struct {
	mu   sync.Mutex
	all  heard // with what others learned
	news heard // since the last exchange
}

// heard is how often outlets wrote about countries. The outlet "" stands for
// all of them.
type heard map[string]map[string]float32

func (h heard) add(outlet, country string, n float32) {
	row := h[outlet]
	if row == nil {
		row = make(map[string]float32, 2)
		h[outlet] = row
	}
	if _, known := row[country]; !known && outlet != "" && len(row) >= mostOfOutlet {
		least, at := float32(0), ""
		for c, have := range row {
			if at == "" || have < least || have == least && c < at {
				least, at = have, c
			}
		}
		if row[at] -= n; row[at] > 0 { // the newcomer pays for its place
			return
		}
		delete(row, at)
	}
	row[country] += n
}

func (h heard) sum(outlet string) float32 {
	var sum float32
	for _, n := range h[outlet] {
		sum += n
	}
	return sum
}

// bound keeps h small: it halves the rows that are long, and drops the least
// known where there are too many.
func (h heard) bound() {
	for outlet := range h {
		if outlet != "" && h.sum(outlet) > oldTexts || outlet == "" && h.sum("") > 1e6 {
			for c := range h[outlet] {
				h[outlet][c] /= 2
			}
		}
	}
	if len(h) <= mostOutlets {
		return
	}
	type known struct {
		outlet string
		n      float32
	}
	list := make([]known, 0, len(h))
	for outlet := range h {
		if outlet != "" {
			list = append(list, known{outlet, h.sum(outlet)})
		}
	}
	slices.SortFunc(list, func(a, b known) int {
		switch {
		case a.n < b.n:
			return -1
		case a.n > b.n:
			return 1
		}
		return bytes.Compare([]byte(a.outlet), []byte(b.outlet))
	})
	for _, k := range list[:len(list)-mostOutlets*9/10] {
		delete(h, k.outlet)
	}
}

// NewOutlets makes one that has learned nothing.
func NewOutlets() *Outlets { return &Outlets{all: heard{}, news: heard{}} }

// everybodys are hosts where anybody from anywhere publishes: what is said
// there is no sign of where they are at home.
const everybodys = " twitter.com x.com youtube.com youtu.be reddit.com facebook.com instagram.com threads.net tiktok.com linkedin.com pinterest.com " +
	"medium.com substack.com wordpress.com blogspot.com tumblr.com quora.com bsky.app mastodon.social t.me telegram.org whatsapp.com " +
	"google.com yahoo.com msn.com apple.com flipboard.com ycombinator.com wikipedia.org github.com archive.org github.io amazonaws.com "

// isEverybodys tells whether a host, or one that it is a part of, is anybody's.
func isEverybodys(host string) bool {
	for {
		if strings.Contains(everybodys, " "+host+" ") {
			return true
		}
		_, above, ok := strings.Cut(host, ".")
		if !ok {
			return false
		}
		host = above
	}
}

// Learn notes which countries a text of an outlet is about. Texts about none
// teach nothing.
func (o *Outlets) Learn(outlet string, about []string) {
	if outlet == "" || len(about) == 0 || len(outlet) > 253 || isEverybodys(outlet) {
		return
	}
	n := 1 / float32(len(about))
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range about {
		for _, h := range [...]heard{o.all, o.news} {
			h.add(outlet, c, n)
			h.add("", c, n)
		}
	}
	if len(o.all) > mostOutlets*11/10 {
		o.all.bound()
	}
	if len(o.news) > mostOutlets*11/10 {
		o.news.bound()
	}
}

// Country gives the country of an outlet, the share of its texts that are
// about it, and of how many; ok is false while there is too little to tell, or
// where it writes about everywhere.
func (o *Outlets) Country(outlet string) (country string, share float64, texts int, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	row := o.all[outlet]
	sum := o.all.sum(outlet)
	if outlet == "" || sum < enoughTexts {
		return "", 0, 0, false
	}
	var first, second float32
	for c, n := range row {
		switch {
		case n > first || n == first && c < country:
			first, second, country = n, first, c
		case n > second:
			second = n
		}
	}
	share = float64(first / sum)
	// What this outlet wrote is no measure of what the others write.
	others := o.all.sum("") - sum
	usual := 0.0
	if others >= 5*enoughTexts {
		usual = float64((o.all[""][country] - first) / others)
	}
	if share < leastShare || second*2 > first || share < leastLift*usual {
		return "", 0, 0, false
	}
	return country, share, int(sum), true
}

// learned is the form in which states are kept.
type learned struct {
	Version int
	Heard   map[string]map[string]float32
}

// Exchange adds what was learned here since the last exchange to what all
// processes have in common, and takes that over: saved is the common state, nil
// if there is none yet, or no more; the new one is to be kept in its place. Two processes
// that exchange at the same moment may lose what one of them learned in the
// last minutes, and nothing else. A state that can't be read is an error, and
// is replaced.
func (o *Outlets) Exchange(saved []byte) (state []byte, err error) {
	common := heard{}
	if saved != nil {
		var l learned
		err = gob.NewDecoder(io.LimitReader(flate.NewReader(bytes.NewReader(saved)), maxState)).Decode(&l)
		switch {
		case err != nil:
			err = fmt.Errorf("read what is learned of outlets: %w", err)
		case l.Version != 1:
			err = fmt.Errorf("what is learned of outlets was saved by another version (%d): it is learned anew", l.Version)
		case l.Heard != nil:
			common = l.Heard
		}
	}
	o.mu.Lock()
	if err != nil || saved == nil { // this process knows what was in it
		common = o.all
	} else {
		for outlet, row := range o.news {
			for c, n := range row {
				common.add(outlet, c, n)
			}
		}
		common.bound()
	}
	o.all, o.news = common, heard{}
	var b bytes.Buffer
	w, werr := flate.NewWriter(&b, flate.BestSpeed)
	if werr == nil {
		werr = gob.NewEncoder(w).Encode(learned{Version: 1, Heard: o.all})
	}
	o.mu.Unlock()
	if werr == nil {
		werr = w.Close()
	}
	if werr != nil {
		return nil, fmt.Errorf("write what is learned of outlets: %w", werr)
	}
	return b.Bytes(), err
}
