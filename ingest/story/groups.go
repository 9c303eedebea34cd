package story

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"log/slog"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"agora/mood"
)

// Log is what processes share: records in one order.
type Log interface {
	// AppendShared adds a record after number after, if that is the last one,
	// and says whether it did. It gives the number of the last one now.
	AppendShared(ctx context.Context, log string, after uint64, record []byte) (last uint64, added bool, err error)
	// Shared gives the records after a number, as far as they are kept, and the
	// number of the last one.
	Shared(ctx context.Context, log string, after uint64) (records [][]byte, last uint64, err error)
}

// LogName is the name of the log of stories.
const LogName = "stories"

const (
	logPatience = time.Second           // that filing waits for the log, and for its turn where others file all the time
	logRest     = 5 * time.Second       // after it didn't answer
	longestTurn = 32 * time.Millisecond // between two tries
	mostPending = 10_000                // entries that wait for a log that is away
)

// Groups files mentions into stories, for all who share a log. It is safe for
// concurrent use.
type Groups struct {
	reader *Reader
	log    Log // nil: nobody shares
	say    *slog.Logger
	now    func() time.Time

	lock    sync.Mutex
	index   *Index
	at      uint64    // the last record of the log that the index has
	away    time.Time // until when the log isn't asked
	pending []*Entry  // that others haven't been told
}

// NewGroups makes groups that remember up to most texts (0: [Most]). Without a
// log they are this process's alone.
func NewGroups(log Log, most int, now func() time.Time, say *slog.Logger) *Groups {
	r := NewReader()
	return &Groups{reader: r, log: log, say: say, now: now, index: NewIndex(r, most)}
}

// Begin reads what the log holds. While that is away, the groups begin empty.
func (g *Groups) Begin(ctx context.Context) {
	g.lock.Lock()
	defer g.lock.Unlock()
	if g.log != nil {
		_ = g.catchUp(ctx, 10*logPatience) // it is said, and tried again
	}
}

// Give sets the story of each mention. Those that have one keep it.
func (g *Groups) Give(ctx context.Context, mentions []mood.Mention) {
	texts := make([]Text, len(mentions))
	for i := range mentions {
		if mentions[i].Story == "" {
			texts[i] = g.reader.Read(&mentions[i])
		}
	}
	g.lock.Lock()
	defer g.lock.Unlock()
	g.file(ctx, func() (entries []*Entry) {
		now := g.now()
		for i := range mentions {
			if texts[i].id == "" {
				continue
			}
			id, entry := g.index.File(&texts[i], now)
			mentions[i].Story = id
			if entry != nil {
				entries = append(entries, entry)
			}
		}
		return entries
	})
}

// Learn remembers mentions that were filed before, such as those that a journal
// holds, and of which the log may have lost word.
func (g *Groups) Learn(ctx context.Context, mentions []mood.Mention) {
	g.lock.Lock()
	defer g.lock.Unlock()
	g.file(ctx, func() (entries []*Entry) {
		now := g.now()
		for i := range mentions {
			m := &mentions[i]
			if m.Story == "" || now.Sub(m.Seen) > Memory {
				continue
			}
			t := g.reader.Read(m)
			if found, missing := g.index.byPage(&t); found != nil && !missing {
				continue
			}
			e := &Entry{Story: m.Story, At: t.at, Outlet: t.outlet, Exact: t.exact, TitleHash: t.title.hash}
			if m.ID == m.Story || g.index.tale(m.Story) == nil {
				e.First, e.Post, e.Title, e.Head, e.Cut, e.title = true, t.post, t.title.plain, t.title.head, t.title.cut, &t.title
				e.Lead, e.Figures, e.Sim, e.LeadKeys = t.lead.shingles, t.lead.figures, t.lead.sim, t.lead.keys[:]
			}
			g.index.learn(e, now)
			entries = append(entries, e)
		}
		return entries
	})
}

// file does some filing, and tells the others. If they filed something
// meanwhile, that comes first, and the filing is done anew.
func (g *Groups) file(ctx context.Context, filing func() []*Entry) {
	if g.log == nil {
		filing()
		return
	}
	if g.now().Before(g.away) {
		g.wait(filing())
		return
	}
	if g.at == 0 || len(g.pending) > 0 {
		if g.catchUp(ctx, logPatience) != nil {
			g.wait(filing())
			return
		}
	}
	token, begun := newToken(), time.Now()
	for turn := time.Millisecond; time.Since(begun) < logPatience; turn = min(2*turn, longestTurn) {
		mark := g.index.mark()
		entries := filing()
		if len(entries) == 0 && len(g.pending) == 0 {
			return
		}
		within, cancel := context.WithTimeout(ctx, logPatience)
		last, added, err := g.log.AppendShared(within, LogName, g.at, encode(token, append(g.pending, entries...)))
		cancel()
		if err != nil {
			g.missed(ctx, err)
			g.wait(entries)
			return
		}
		if added {
			g.at, g.pending, g.away = last, nil, time.Time{}
			return
		}
		g.index.back(mark)
		own, err := g.readOn(ctx, last, token, logPatience)
		if err != nil {
			g.missed(ctx, err)
			g.wait(filing())
			return
		}
		if own { // a lost reply hid that it was done
			g.pending = nil
			filing()
			return
		}
		// By chance, or whoever is slower than the others never has its turn.
		stand(ctx, time.Duration(mathrand.Int64N(int64(turn))))
	}
	g.wait(filing())
}

// Lost says that the log may have been lost with the rest of the store: what is
// in it is read from its beginning, and others hear again what this process
// knows.
func (g *Groups) Lost() {
	g.lock.Lock()
	defer g.lock.Unlock()
	g.at, g.pending = 0, g.index.entries(mostPending)
}

// wait keeps entries for a log that is away.
func (g *Groups) wait(entries []*Entry) {
	g.pending = append(g.pending, entries...)
	if over := len(g.pending) - mostPending; over > 0 {
		g.pending = append([]*Entry(nil), g.pending[over:]...)
	}
}

func (g *Groups) catchUp(ctx context.Context, patience time.Duration) error {
	_, err := g.readOn(ctx, 0, 0, patience)
	if err != nil {
		g.missed(ctx, err)
	}
	return err
}

// readOn learns what others filed. A last that is behind means that the log was
// lost, and begins anew. own says that the record with a token was among it.
func (g *Groups) readOn(ctx context.Context, last, token uint64, patience time.Duration) (own bool, err error) {
	if last < g.at && token != 0 { // the log was lost: others need to hear again
		g.at, g.pending = 0, g.index.entries(mostPending)
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	records, last, err := g.log.Shared(within, LogName, g.at)
	if err != nil {
		return false, err
	}
	now := g.now()
	for _, record := range records {
		from, entries, err := decode(record)
		if err != nil {
			g.say.Warn("what another process filed of stories is left out", "error", err)
			continue
		}
		own = own || token != 0 && from == token
		for _, e := range entries {
			g.index.learn(e, now)
		}
	}
	g.at = last
	return own, nil
}

func (g *Groups) missed(ctx context.Context, err error) {
	if ctx.Err() == nil && g.away.IsZero() {
		g.say.Warn("stories are grouped by this process alone until the store answers: copies that others take in meanwhile may begin a story of their own", "error", err)
	}
	g.away = g.now().Add(logRest)
}

// stand waits for a while, or until ctx ends.
func stand(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

func newToken() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return max(1, binary.BigEndian.Uint64(b[:]))
}
