package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alicebob/miniredis/v2"
)

const (
	clockEvery = 15 * time.Second // keys of the embedded server expire at most this late
	writeEvery = 5 * time.Second
	writeShare = 20          // writing takes at most one part in so many of the time
	writeLate  = time.Minute // but it isn't put off for longer
)

// embedded is the server inside the process: on loopback, behind a random
// password, and with files that it is begun from.
type embedded struct {
	server   *miniredis.Miniredis
	password string
	files    *files // nil: it keeps nothing
	leases   *leases
	now      func() time.Time
	log      *slog.Logger

	clockLock sync.Mutex
	clock     time.Time // what the server takes for now
	still     bool      // the clock stands still until what the journal holds was counted

	tagsLock sync.Mutex
	tags     map[string]*tagState

	saveLock sync.Mutex // held while something is written to disk
	saved    atomic.Pointer[time.Time]
}

// tagState is the part of the server that is written to one file.
type tagState struct {
	lock      sync.RWMutex // held for reading by writers, and for writing while a copy is made
	dirtyLock sync.Mutex
	dirty     map[string]struct{} // keys that changed since the last copy
}

// openEmbedded starts the server from its files. With a journal to be counted
// next, its clock stands still at the time when the files were written, until
// settle: what was known then, and expired since, still keeps the journal's
// entries from counting twice.
func openEmbedded(opts Options) (*embedded, error) {
	secret := make([]byte, 24)
	rand.Read(secret)
	e := &embedded{
		server: miniredis.NewMiniRedis(), password: hex.EncodeToString(secret),
		leases: newLeases(time.Now()),
		now:    opts.Now, log: opts.Log, clock: opts.Now(), tags: map[string]*tagState{},
	}
	e.server.SetTime(e.clock)
	e.server.RequireAuth(e.password)
	if opts.Data != "" {
		f, err := openFiles(opts.Data, opts.At, opts.Log)
		if err != nil {
			return nil, fmt.Errorf("open the embedded store: %w", err)
		}
		e.files = f
		f.now = func() int64 {
			e.clockLock.Lock()
			defer e.clockLock.Unlock()
			return e.clock.UnixMilli()
		}
		if opts.Journal {
			e.still = true
			if at := f.written(); at.Before(e.clock) {
				e.clock = at
				e.server.SetTime(at)
			}
		}
		if err := f.load(e.restore); err != nil {
			return nil, fmt.Errorf("open the embedded store: %w", err)
		}
		if !f.clean && !opts.Journal {
			// What was written in the last seconds may be lost: whoever read
			// it must read anew.
			e.server.Del(epochKey)
			e.mark(tagOf(epochKey), []string{epochKey})
		}
	}
	if err := e.server.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start the embedded store: %w", err)
	}
	return e, nil
}

func (e *embedded) url() string { return "redis://:" + e.password + "@" + e.server.Addr() + "/0" }

// tick moves the server's clock on. It looks at every key, so not often.
func (s *Store) tick(now time.Time) {
	if s.embedded != nil {
		s.embedded.tick(now)
	}
}

func (e *embedded) tick(now time.Time) {
	e.clockLock.Lock()
	defer e.clockLock.Unlock()
	past := now.Sub(e.clock)
	if past < clockEvery || e.still {
		return
	}
	e.server.SetTime(now)
	e.server.FastForward(past)
	e.clock = now
}

// settle lets the clock go.
func (e *embedded) settle() {
	e.clockLock.Lock()
	e.still = false
	e.clockLock.Unlock()
	e.tick(e.now())
}

func (e *embedded) tag(tag string) *tagState {
	e.tagsLock.Lock()
	defer e.tagsLock.Unlock()
	t := e.tags[tag]
	if t == nil {
		t = &tagState{dirty: map[string]struct{}{}}
		e.tags[tag] = t
	}
	return t
}

func (e *embedded) mark(tag string, keys []string) {
	if e.files == nil {
		return
	}
	t := e.tag(tag)
	t.dirtyLock.Lock()
	defer t.dirtyLock.Unlock()
	for _, k := range keys {
		if lasting(k) {
			t.dirty[k] = struct{}{}
		}
	}
}

// writing announces that keys of a tag are about to be written, and returns
// what to call afterwards. No copy of the tag is made meanwhile.
func (e *embedded) writing(tag string, keys []string) (done func()) {
	if e.files == nil {
		return func() {}
	}
	t := e.tag(tag)
	t.lock.RLock()
	return func() {
		e.mark(tag, keys)
		t.lock.RUnlock()
	}
}

// keep moves the clock on, and writes the files every few seconds, or less often
// when that takes long, until ctx ends.
func (e *embedded) keep(ctx context.Context) {
	clock := time.NewTicker(clockEvery)
	defer clock.Stop()
	write := time.NewTimer(writeEvery)
	defer write.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
			e.tick(e.now())
		case <-write.C:
			begun := time.Now()
			if err := e.save(); err != nil {
				e.log.Error("the embedded store could not be written to disk: it goes on in memory, and tries again in a minute",
					"error", err)
				write.Reset(writeLate)
				continue
			}
			write.Reset(min(max(writeEvery, (writeShare-1)*time.Since(begun)), writeLate))
		}
	}
}

// save writes what changed since the last time. Writers of a tag wait while
// its changed keys are copied, not while they are written.
func (e *embedded) save() error {
	begun := e.now()
	if e.files == nil {
		e.saved.Store(&begun)
		return nil
	}
	e.tagsLock.Lock()
	tags := make(map[string]*tagState, len(e.tags))
	for name, t := range e.tags {
		tags[name] = t
	}
	e.tagsLock.Unlock()
	var errs []error
	for name, t := range tags {
		if err := e.saveTag(name, t); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) == 0 {
		e.saved.Store(&begun)
	}
	return errors.Join(errs...)
}

// saveTag writes what changed of one tag.
func (e *embedded) saveTag(name string, t *tagState) error {
	e.saveLock.Lock()
	defer e.saveLock.Unlock()
	t.lock.Lock()
	t.dirtyLock.Lock()
	keys := t.dirty
	t.dirty = map[string]struct{}{}
	t.dirtyLock.Unlock()
	copies := make([]entry, 0, len(keys))
	for k := range keys {
		copies = append(copies, e.copy(k))
	}
	t.lock.Unlock()
	if len(copies) == 0 {
		return nil
	}
	err := e.files.append(name, copies)
	if err != nil {
		t.dirtyLock.Lock()
		for k := range keys {
			t.dirty[k] = struct{}{}
		}
		t.dirtyLock.Unlock()
	}
	return err
}

func (e *embedded) close() error {
	defer e.server.Close()
	if e.files == nil {
		return nil
	}
	if err := e.save(); err != nil {
		return err
	}
	return e.files.close()
}

// copy reads a key as it is now.
func (e *embedded) copy(key string) entry {
	db := e.server.DB(0)
	x := entry{Key: key, Type: db.Type(key)}
	switch x.Type {
	case "string":
		text, _ := db.Get(key)
		x.Values = []string{text}
	case "hash":
		fields, _ := db.HKeys(key)
		x.Values = make([]string, 0, 2*len(fields))
		for _, f := range fields {
			x.Values = append(x.Values, f, db.HGet(key, f))
		}
	case "set":
		x.Values, _ = db.Members(key)
	case "zset":
		scores, _ := db.SortedSet(key)
		for member, score := range scores {
			x.Values = append(x.Values, member, strconv.FormatFloat(score, 'f', -1, 64))
		}
	default:
		return entry{Key: key} // gone
	}
	if ttl := db.TTL(key); ttl > 0 {
		e.clockLock.Lock()
		x.Expiry = e.clock.Add(ttl).UnixMilli()
		e.clockLock.Unlock()
	}
	return x
}

// restore writes a key as it was.
func (e *embedded) restore(x entry) {
	db := e.server.DB(0)
	db.Del(x.Key)
	ttl := time.Duration(0)
	if x.Expiry != 0 {
		if ttl = time.UnixMilli(x.Expiry).Sub(e.clock); ttl <= 0 {
			return
		}
	}
	switch x.Type {
	case "string":
		db.Set(x.Key, x.Values[0])
	case "hash":
		db.HSet(x.Key, x.Values...)
	case "set":
		db.SetAdd(x.Key, x.Values...)
	case "zset":
		for i := 0; i+1 < len(x.Values); i += 2 {
			score, _ := strconv.ParseFloat(x.Values[i+1], 64)
			db.ZAdd(x.Key, score, x.Values[i])
		}
	default:
		return
	}
	if ttl > 0 {
		db.SetTTL(x.Key, ttl)
	}
}
