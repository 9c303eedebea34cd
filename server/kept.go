package server

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"agora/charts"
	"agora/mood"
)

// keptBoard is a board as it was at some time, with all that its charts and
// what stands around them need. Its JSON is what is kept: a field whose meaning
// changes asks for another [keptFormat], and for code that reads this one.
type keptBoard struct {
	ID      string          `json:"id"`
	Kept    time.Time       `json:"kept"`
	Note    string          `json:"note,omitempty"`
	Version string          `json:"version"` // of the software that kept it
	Demo    bool            `json:"demo,omitempty"`
	Base    string          `json:"base"` // the address at which it was kept, without a slash at its end
	Sources charts.Coverage `json:"sources"`

	Order         []string                    `json:"order"`
	Names         map[string]keptBrand        `json:"names"` // of the brands in order
	Window        string                      `json:"window"`
	From          time.Time                   `json:"from"`
	To            time.Time                   `json:"to"`
	AsOf          time.Time                   `json:"as_of"`
	Timezone      string                      `json:"timezone"`
	StoreEpoch    string                      `json:"store_epoch"`
	MentionsSince *time.Time                  `json:"mentions_since,omitempty"`
	Brands        map[string]*mood.BrandBoard `json:"brands"`
	Share         []mood.ShareRow             `json:"share"`
	Latency       mood.Latency                `json:"latency"`

	unpacked int // bytes of its JSON; 0: it was never read
}

// keptBrand is a brand as it was called and coloured.
type keptBrand struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

const (
	keptFormat   = 1
	keptMagic    = "agora-board " // and the number of the format, and a line feed
	maxKeptJSON  = 64 << 20       // bytes of a kept board once it is unpacked
	maxKeptBytes = 2 << 20        // bytes of one as it is kept
	maxNote      = 300            // characters
)

// keepBoard takes what is to be kept from a board.
func keepBoard(b *mood.Board) *keptBoard {
	k := &keptBoard{
		Order: b.Order, Names: map[string]keptBrand{}, Window: b.Window, From: b.From, To: b.To, AsOf: b.AsOf, Timezone: b.Timezone,
		StoreEpoch: b.StoreEpoch, MentionsSince: b.MentionsSince, Brands: b.Brands, Share: b.Share, Latency: b.Latency,
	}
	for _, id := range b.Order {
		brand := b.Names[id]
		k.Names[id] = keptBrand{ID: id, Name: brand.Name, Color: brand.Color}
	}
	return k
}

// board is the board that was kept. Nobody may change it: several may draw it.
func (k *keptBoard) board() *mood.Board {
	b := &mood.Board{
		Order: k.Order, Names: map[string]mood.Brand{}, Window: k.Window, From: k.From, To: k.To, AsOf: k.AsOf, Timezone: k.Timezone,
		StoreEpoch: k.StoreEpoch, MentionsSince: k.MentionsSince, Brands: k.Brands, Share: k.Share, Latency: k.Latency,
	}
	for id, n := range k.Names {
		b.Names[id] = mood.Brand{ID: n.ID, Name: n.Name, Color: n.Color}
	}
	if len(k.Order) == 1 {
		b.BrandBoard = k.Brands[k.Order[0]]
	}
	return b
}

// location is the clock of a kept board.
func (k *keptBoard) location() *time.Location {
	if loc, err := time.LoadLocation(k.Timezone); err == nil {
		return loc
	}
	_, offset := k.From.Zone()
	return time.FixedZone(k.Timezone, offset)
}

// names are the brands as people call them, in order.
func (k *keptBoard) names() []string {
	names := make([]string, len(k.Order))
	for i, id := range k.Order {
		if names[i] = k.Names[id].Name; names[i] == "" {
			names[i] = id
		}
	}
	return names
}

// encode gives the bytes that are kept. What could never be read back is refused
// with a problem.
func (k *keptBoard) encode() ([]byte, error) {
	text, err := json.Marshal(k)
	if err != nil {
		return nil, fmt.Errorf("encode a board: %w", err)
	}
	if len(text) > maxKeptJSON {
		return nil, tooLargeToKeep(len(text), maxKeptJSON)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s%d\n", keptMagic, keptFormat)
	z := gzip.NewWriter(&out)
	_, err = z.Write(text)
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, fmt.Errorf("pack a board: %w", err)
	}
	if out.Len() > maxKeptBytes {
		return nil, tooLargeToKeep(out.Len(), maxKeptBytes)
	}
	return out.Bytes(), nil
}

func tooLargeToKeep(bytes, most int) error {
	return newProblem(http.StatusRequestEntityTooLarge, "This board would take %d KiB, and %d are the most: keep fewer brands at once.", bytes>>10, most>>10)
}

// errNewerBoard is of a board that a later version of the software kept.
var errNewerBoard = errors.New("this board was kept by a newer Agora, in a form that this one can't read: update Agora, and it can be seen again")

// decodeKept reads a board back.
func decodeKept(raw []byte) (*keptBoard, error) {
	head, packed, _ := bytes.Cut(raw, []byte{'\n'})
	number, ok := strings.CutPrefix(string(head), keptMagic)
	format, err := strconv.Atoi(number)
	if !ok || err != nil || format < 1 {
		return nil, errors.New("what is kept here is no board")
	}
	if format > keptFormat {
		return nil, fmt.Errorf("%w (its form is number %d, the newest that is known is %d)", errNewerBoard, format, keptFormat)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack a board: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(z, maxKeptJSON+1))
	if err != nil {
		return nil, fmt.Errorf("unpack a board: %w", err)
	}
	if len(text) > maxKeptJSON {
		return nil, fmt.Errorf("unpack a board: it has more than %d MiB", maxKeptJSON>>20)
	}
	k := &keptBoard{unpacked: len(text)}
	if err := json.Unmarshal(text, k); err != nil {
		return nil, fmt.Errorf("read a board: %w", err)
	}
	// Charts write times on this clock; what was read knows its offset alone.
	loc := k.location()
	k.From, k.To, k.AsOf = k.From.In(loc), k.To.In(loc), k.AsOf.In(loc)
	return k, nil
}

// cleanNote makes one line of a note, without what turns the direction of
// writing.
func cleanNote(note string) string {
	note = strings.Map(func(r rune) rune {
		switch {
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(note, "\ufffd"))
	return strings.Join(strings.Fields(note), " ")
}
