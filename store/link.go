package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// schemaVersion is what keys.go describes.
const schemaVersion = 1

// The client's own log says again what its errors say, on standard error.
func init() { redis.SetLogger(silent{}) }

type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// transient says whether trying again may help: the server is away, starting,
// busy, or not (yet) the one to ask.
func transient(err error) bool {
	if err == nil || errors.Is(err, redis.Nil) {
		return false
	}
	var netErr net.Error
	if errors.As(err, &netErr) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, redis.ErrPoolTimeout) ||
		errors.Is(err, mood.ErrUnavailable) {
		return true
	}
	for _, prefix := range [...]string{
		"LOADING", "READONLY", "CLUSTERDOWN", "TRYAGAIN", "MASTERDOWN", "BUSY", "UNBLOCKED",
		"NOREPLICAS", "MISCONF", "OOM", "MOVED", "ASK",
	} {
		if redis.HasErrorPrefix(err, prefix) {
			return true
		}
	}
	for _, part := range [...]string{
		"connection refused", "max number of clients",
		"all sentinels specified in configuration are unreachable", "cluster has no nodes",
	} {
		if strings.Contains(err.Error(), part) {
			return true
		}
	}
	return errors.Is(err, errSilent)
}

// fail says what was being done when err happened, and marks what may pass by
// itself as mood.ErrUnavailable.
func (s *Store) fail(doing string, err error) error {
	if err == nil {
		return nil
	}
	if transient(err) && !errors.Is(err, mood.ErrUnavailable) {
		s.link.down(s.now())
		return fmt.Errorf("%s: %w: %w", doing, mood.ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// ready makes sure once that a brand's keys are of a schema that this program
// knows.
func (s *Store) ready(ctx context.Context, brand string) error {
	s.brandsLock.RLock()
	ok := s.checked[brand]
	s.brandsLock.RUnlock()
	if ok {
		return nil
	}
	key := versionKey(brand)
	if s.embedded != nil {
		defer s.embedded.writing(brand, []string{key})()
	}
	if err := s.write.SetNX(ctx, key, schemaVersion, 0).Err(); err != nil {
		return s.fail("check the store's version", err)
	}
	text, err := s.write.Get(ctx, key).Result()
	if err != nil {
		return s.fail("check the store's version", err)
	}
	version, err := strconv.Atoi(text)
	switch {
	case err != nil || version < 1:
		return fmt.Errorf("the store says that brand %q has schema %q, which no Agora writes: is this another program's Redis?", brand, text)
	case version > schemaVersion:
		return fmt.Errorf("brand %q was written by a newer Agora (schema %d, this one knows %d): start that one, or give this one another Redis", brand, version, schemaVersion)
	}
	s.brandsLock.Lock()
	s.checked[brand] = true
	s.brandsLock.Unlock()
	return nil
}

// link is what is known of the connection.
type link struct {
	lock  sync.Mutex
	state string
	since time.Time
	epoch string
}

func (l *link) set(state string, now time.Time) {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.state != state {
		l.state, l.since = state, now
	}
}

func (l *link) up(now time.Time)   { l.set("up", now) }
func (l *link) down(now time.Time) { l.set("down", now) }

// Status says whether the store answers, and since when it does or doesn't.
// It is at most a few seconds old.
func (s *Store) Status(context.Context) mood.PartStatus {
	s.link.lock.Lock()
	defer s.link.lock.Unlock()
	since := s.link.since
	return mood.PartStatus{State: s.link.state, Since: &since}
}

// Epoch names the life of the store: it changes when its contents were lost
// or replaced, and all that was read before is void.
func (s *Store) Epoch() string {
	s.link.lock.Lock()
	defer s.link.lock.Unlock()
	return s.link.epoch
}

// watch asks the server for its epoch every second: that tells whether it
// answers, and whether it still is what it was.
func (s *Store) watch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		// A little longer than the server may take: that it doesn't answer is
		// then found out as such.
		asking, cancel := context.WithTimeout(ctx, readTimeout+s.opts.WaitTimeout+500*time.Millisecond)
		err := s.refreshEpoch(asking)
		if err == nil {
			err = s.checkMarks(asking)
		}
		cancel()
		if err != nil && ctx.Err() == nil {
			s.link.down(s.now())
		}
	}
}

func randomEpoch() string {
	random := make([]byte, 8)
	rand.Read(random)
	return hex.EncodeToString(random)
}

// refreshEpoch learns the epoch, and begins one in a store that has none.
func (s *Store) refreshEpoch(ctx context.Context) error {
	epoch, err := s.write.Get(ctx, epochKey).Result()
	if errors.Is(err, redis.Nil) {
		if s.embedded != nil {
			defer s.embedded.writing(tagOf(epochKey), []string{epochKey})()
		}
		if err = s.write.SetNX(ctx, epochKey, randomEpoch(), 0).Err(); err == nil {
			epoch, err = s.write.Get(ctx, epochKey).Result()
		}
	}
	if err != nil {
		return s.fail("read the store's epoch", err)
	}
	s.sawEpoch(ctx, epoch)
	return nil
}

func (s *Store) sawEpoch(ctx context.Context, epoch string) {
	s.link.up(s.now())
	s.link.lock.Lock()
	before := s.link.epoch
	s.link.epoch = epoch
	s.link.lock.Unlock()
	if before == "" || before == epoch {
		return
	}
	s.brandsLock.Lock()
	clear(s.checked)
	s.brandsLock.Unlock()
	s.known.forget()
	s.dated.forget()
	s.texts.forget()
	s.cells.forget()
	s.announce(ctx, mood.Notice{Reset: true})
}
