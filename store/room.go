package store

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"
)

// room remembers how much was written since a brand's texts were last
// measured.
type room struct {
	lock    sync.Mutex
	written map[string]int64
}

func (r *room) wrote(brand string, bytes int64) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.written == nil {
		r.written = map[string]int64{}
	}
	r.written[brand] += bytes
}

// due says whether a brand's texts should be measured, and begins anew.
func (r *room) due(brand string, limit int64) bool {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.written[brand] < limit/64 {
		return false
	}
	r.written[brand] = 0
	return true
}

// makeRoom keeps a brand's texts under Options.MentionBytes (and a 64th): the
// oldest hours go first. Bytes are those of texts as kept; what a server needs
// for them is a tenth more.
func (s *Store) makeRoom(ctx context.Context, brand string, now time.Time) error {
	if !s.room.due(brand, s.opts.MentionBytes) {
		return nil
	}
	book, err := s.write.HGetAll(ctx, bookKey(brand)).Result()
	if err != nil {
		return err
	}
	bytes := map[int64]int64{}
	var hours []int64
	var total int64
	for field, text := range book {
		h, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			continue // last, gone
		}
		n, _ := strconv.ParseInt(text, 10, 64)
		bytes[h] = n
		hours = append(hours, h)
		if textExpiry(h, s.opts.KeepMentions).After(now) {
			total += n
		}
	}
	if err := s.forgetMarks(ctx, brand, now); err != nil {
		return err
	}
	slices.Sort(hours)
	gone, _ := strconv.ParseInt(book[bookGone], 10, 64)
	for _, h := range hours {
		expired := !textExpiry(h, s.opts.KeepMentions).After(now)
		if !expired && total <= s.opts.MentionBytes {
			break
		}
		if !expired {
			total -= bytes[h]
			gone = max(gone, (h+1)*3600*1000)
		}
		if err := s.giveUp(ctx, brand, h, gone, expired); err != nil {
			return err
		}
	}
	return nil
}

// giveUp drops the texts of an hour. The version of one that may come back
// stays, since none may ever stand for two contents.
func (s *Store) giveUp(ctx context.Context, brand string, hour, gone int64, forEver bool) error {
	keys := []string{textKey(brand, hour), bookKey(brand)}
	if s.embedded != nil {
		defer s.embedded.writing(brand, keys)()
	}
	pipe := s.write.TxPipeline()
	pipe.Unlink(ctx, keys[0])
	pipe.HDel(ctx, keys[1], num(hour))
	if forEver {
		pipe.HDel(ctx, keys[1], bookVersion+num(hour))
	} else {
		pipe.HIncrBy(ctx, keys[1], bookVersion+num(hour), stepOf(newToken()))
	}
	if gone > 0 {
		pipe.HSet(ctx, keys[1], bookGone, gone)
	}
	_, err := pipe.Exec(ctx)
	return err
}

// forgetMarks drops the marks of days that no board reaches.
func (s *Store) forgetMarks(ctx context.Context, brand string, now time.Time) error {
	days, err := s.write.HKeys(ctx, marksKey(brand)).Result()
	if err != nil {
		return err
	}
	oldest := s.grid.index(dayCell, now.Add(-expireSeriesHour))
	old := slices.DeleteFunc(days, func(text string) bool {
		d, err := strconv.ParseInt(text, 10, 64)
		return err != nil || d >= oldest
	})
	if len(old) == 0 {
		return nil
	}
	keys := []string{marksKey(brand)}
	if s.embedded != nil {
		defer s.embedded.writing(brand, keys)()
	}
	return s.write.HDel(ctx, keys[0], old...).Err()
}
