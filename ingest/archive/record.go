package archive

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"agora/mood"
)

// A record, in a block: its size as uvarint, and then
//
//	flags      1 byte
//	rate       1 byte: it is one of 2^rate
//	published  varint, Unix milliseconds
//	seen       varint, likewise
//	id, outlet, language, country, url, rest   each a uvarint and so many bytes
//	title, text                                two uvarints, then the bytes, with a line break between
const (
	flagWithdrawn = 1 << iota
	flagEdited
	flagUndated
	flagUncounted
	flagSharedURL
)

// rest is what is kept of a mention beside the fields that queries look at.
type rest struct {
	Sources    []string     `json:"s,omitempty"`
	Author     string       `json:"a,omitempty"`
	Categories []string     `json:"c,omitempty"`
	Story      string       `json:"st,omitempty"`
	Copies     int          `json:"n,omitempty"`
	Stars      int          `json:"*,omitempty"`
	GUID       string       `json:"g,omitempty"`
	About      []string     `json:"b,omitempty"`
	Places     *mood.Places `json:"p,omitempty"`
}

// Text is what the archive has of a mention. Its strings are valid while the
// function that it is handed to runs, unless they are copied.
type Text struct {
	ID, Outlet, Language, Country, URL string
	Title, Text                        string
	Published, Seen                    int64 // Unix milliseconds
	Undated, Uncounted, SharedURL      bool

	rate  byte
	flags byte
	seq   uint64
	rest  string
	lower []byte
}

// Weight says how many texts of its source it stands for.
func (t *Text) Weight() int64 { return 1 << t.rate }

// Lower is title and text, in lower case as far as they are ASCII.
func (t *Text) Lower() []byte { return t.lower }

// Mention gives all that is kept of it, without readings, in memory of its own.
func (t *Text) Mention() (mood.Mention, error) {
	var r rest
	if t.rest != "" {
		if err := json.Unmarshal([]byte(t.rest), &r); err != nil {
			return mood.Mention{}, fmt.Errorf("read text %s of the archive: %w", t.ID, err)
		}
	}
	m := mood.Mention{
		ID: strings.Clone(t.ID), Title: strings.Clone(t.Title), Text: strings.Clone(t.Text), URL: strings.Clone(t.URL),
		Outlet: strings.Clone(t.Outlet), Language: strings.Clone(t.Language),
		Published: time.UnixMilli(t.Published).UTC(), Seen: time.UnixMilli(t.Seen).UTC(),
		Undated: t.Undated, Uncounted: t.Uncounted, SharedURL: t.SharedURL,
		Sources: r.Sources, Author: r.Author, Categories: r.Categories, Story: r.Story, Copies: r.Copies, Stars: r.Stars,
		GUID: r.GUID, About: r.About,
	}
	if r.Places != nil {
		m.Places = *r.Places
	}
	return m, nil
}

// appendRecord writes a mention as a record.
func appendRecord(b []byte, m *mood.Mention, flags, rate byte) ([]byte, error) {
	r := rest{
		Sources: m.Sources, Author: m.Author, Categories: m.Categories, Story: m.Story, Copies: m.Copies, Stars: m.Stars,
		GUID: m.GUID, About: m.About,
	}
	country := ""
	if m.Places.From != nil {
		country = m.Places.From.Country
	}
	if m.Places.From != nil || m.Places.Origin != nil || len(m.Places.About) > 0 {
		r.Places = &m.Places
	}
	more, err := json.Marshal(r)
	if err != nil {
		return b, fmt.Errorf("write a text for the archive: %w", err)
	}
	if string(more) == "{}" {
		more = nil
	}
	if m.Undated {
		flags |= flagUndated
	}
	if m.Uncounted {
		flags |= flagUncounted
	}
	if m.SharedURL {
		flags |= flagSharedURL
	}
	// Its size stands ahead of it, and has at most so many bytes.
	room := len(b) + binary.MaxVarintLen32
	body := append(b, make([]byte, binary.MaxVarintLen32)...)
	body = append(body, flags, rate)
	body = binary.AppendVarint(body, m.Published.UnixMilli())
	body = binary.AppendVarint(body, m.Seen.UnixMilli())
	for _, s := range [...]string{m.ID, m.Outlet, m.Language, country, m.URL, string(more)} {
		body = binary.AppendUvarint(body, uint64(len(s)))
		body = append(body, s...)
	}
	body = binary.AppendUvarint(body, uint64(len(m.Title)))
	body = binary.AppendUvarint(body, uint64(len(m.Text)))
	body = append(body, m.Title...)
	body = append(body, '\n')
	body = append(body, m.Text...)
	size := len(body) - room
	b = binary.AppendUvarint(body[:len(b)], uint64(size))
	return append(b, body[room:]...), nil
}

var errRecord = errors.New("a block of the archive holds something that is no text")

// reader goes through the records of a block.
type reader struct {
	raw   string // the block
	lower []byte // the same in lower case; nil: it isn't needed
	at    int
	bad   bool
}

func (r *reader) uvarint() uint64 {
	var x uint64
	for shift := 0; shift < 64; shift += 7 {
		if r.at >= len(r.raw) {
			break
		}
		c := r.raw[r.at]
		r.at++
		x |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return x
		}
	}
	r.bad = true
	return 0
}

func (r *reader) varint() int64 {
	x := r.uvarint()
	return int64(x>>1) ^ -int64(x&1)
}

func (r *reader) bytes(n uint64) string {
	if r.bad || n > uint64(len(r.raw)-r.at) {
		r.bad = true
		return ""
	}
	s := r.raw[r.at : r.at+int(n)]
	r.at += int(n)
	return s
}

// next reads a record into t. False: there is none.
func (r *reader) next(t *Text) (bool, error) {
	if r.at >= len(r.raw) {
		return false, nil
	}
	size := r.uvarint()
	if r.bad || size < 2 || size > uint64(len(r.raw)-r.at) {
		return false, errRecord
	}
	end := r.at + int(size)
	t.flags, t.rate = r.raw[r.at], r.raw[r.at+1]
	r.at += 2
	t.Published, t.Seen = r.varint(), r.varint()
	for _, s := range [...]*string{&t.ID, &t.Outlet, &t.Language, &t.Country, &t.URL, &t.rest} {
		*s = r.bytes(r.uvarint())
	}
	title, text := r.uvarint(), r.uvarint()
	begin := r.at
	t.Title = r.bytes(title)
	r.bytes(1)
	t.Text = r.bytes(text)
	if r.bad || r.at != end || t.rate > mostRate {
		return false, errRecord
	}
	t.Undated, t.Uncounted, t.SharedURL = t.flags&flagUndated != 0, t.flags&flagUncounted != 0, t.flags&flagSharedURL != 0
	if r.lower != nil {
		t.lower = r.lower[begin:end]
	}
	return true, nil
}

// lowered is a block in lower case, as far as it is ASCII.
func lowered(into, raw []byte) []byte {
	into = append(into[:0], raw...)
	for i, c := range into {
		if 'A' <= c && c <= 'Z' {
			into[i] = c + 'a' - 'A'
		}
	}
	return into
}
