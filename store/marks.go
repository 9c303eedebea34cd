package store

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

//go:embed mark.lua
var markScript string

// A journal's entries are counted in their order, and how far that went is
// written by the very scripts that count, beside what they count: the mark of
// a brand and a journal. So an entry is counted once, whatever is killed in
// between and however long ago that was; and a store that lost something gives
// itself away by a mark that is lower than the one it acknowledged.
//
// A mark is a sequence number and, in its last bits, a step: one for each
// batch that an entry had to be cut into. Sources that are added to what was
// counted before, and edits, follow a batch in calls of their own, which do no
// harm when they are made again. So there is a second mark, now and then, of
// what has nothing left to do; and after a start what lies between the two is
// gone through without being counted.
//
// A change of what was counted (such a call, a correction, a withdrawal) moves
// no mark. A store that loses the last of its writes might lose it alone, and so
// changes are counted beside the marks by what makes them.
const (
	stepBits = 12
	allSteps = 1<<stepBits - 1
)

func markOf(seq uint64, step int) uint64 { return seq<<stepBits | uint64(step) }

// marks are those that one journal has, as far as this process knows.
type marks struct {
	lock    sync.Mutex
	journal string
	written map[string]uint64 // by brand: the store acknowledged it
	done    map[string]uint64 // by brand: sequence numbers up to which nothing is left to do
	changes map[string]uint64 // by brand: how many the store acknowledged
	lost    bool              // a mark went back, and nobody has gone back to it yet
}

func (m *marks) of(brand string) uint64 {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.written[brand]
}

// finished says whether nothing is left to do of an entry.
func (m *marks) finished(brand string, seq uint64) bool {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.done[brand] >= seq
}

func (m *marks) note(brand string, mark uint64) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.journal != "" && mark > m.written[brand] {
		m.written[brand] = mark
	}
}

func (m *marks) finish(brand string, mark, seq uint64) {
	m.note(brand, mark)
	m.lock.Lock()
	defer m.lock.Unlock()
	m.done[brand] = seq
}

// changed notes how many changes the store has of a brand.
func (m *marks) changed(journal, brand string, n uint64) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if journal != "" && m.journal == journal && n > m.changes[brand] {
		m.changes[brand] = n
	}
}

func (m *marks) changesOf(brand string) uint64 {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.changes[brand]
}

func (m *marks) allChanges() map[string]uint64 {
	m.lock.Lock()
	defer m.lock.Unlock()
	return maps.Clone(m.changes)
}

// counting is the journal that changes are from, and the field that counts them;
// empty: none.
func (m *marks) counting() (journal, field string) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.journal == "" {
		return "", ""
	}
	return m.journal, changesField(m.journal)
}

func (m *marks) lose() {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.lost = true
}

// check is an error once something was lost.
func (m *marks) check() error {
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.lost {
		return mood.ErrLost
	}
	return nil
}

// snapshot gives the journal and its marks.
func (m *marks) snapshot() (journal string, written, done map[string]uint64) {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.journal, maps.Clone(m.written), maps.Clone(m.done)
}

// changesField is the field of how many changes were made of a journal.
func changesField(journal string) string { return journal + ":changes" }

// doneField is the field of a journal's second mark.
func doneField(journal string) string { return journal + ":done" }

// Resume reads how far a journal was counted, of every watched brand, and
// gives the highest number up to which all of them have everything; from then
// on [Store.Count] takes the entries that follow, in order; it leaves out what
// a brand has already.
//
// known is the number up to which everything is known to have been counted
// once. If no brand has that much, the store was emptied, or replaced by an
// older copy: readers are told to forget what they read.
func (s *Store) Resume(ctx context.Context, journal string, known uint64) (mood.Resumed, error) {
	var r mood.Resumed
	written, done, changes, err := s.readMarks(ctx, journal, s.watched())
	if err != nil {
		return r, s.fail("read how far the journal was counted", err)
	}
	first := true
	for brand, mark := range written {
		r.Last = max(r.Last, mark>>stepBits)
		if first || done[brand] < r.Seq {
			r.Seq, first = done[brand], false
		}
	}
	// A brand may have been left out for a while; what all of them lack is lost.
	r.Lost = len(written) > 0 && r.Last < known
	if before, was, _ := s.marks.snapshot(); before == journal {
		for brand, mark := range was {
			now, watched := written[brand]
			r.Lost = r.Lost || watched && (now < mark || changes[brand] < s.marks.changesOf(brand))
		}
	}
	if r.Lost {
		if err := s.newEpoch(ctx); err != nil {
			return r, err
		}
	}
	s.marks.lock.Lock()
	defer s.marks.lock.Unlock()
	s.marks.journal, s.marks.written, s.marks.done, s.marks.changes, s.marks.lost = journal, written, done, changes, false
	return r, nil
}

// Finished says whether nothing is left to do of a journal's entry, for a
// brand.
func (s *Store) Finished(brand string, seq uint64) bool { return s.marks.finished(brand, seq) }

func (s *Store) readMarks(ctx context.Context, journal string, brands []mood.Brand) (written, done, changes map[string]uint64, err error) {
	pipe := s.write.Pipeline() // the masters know
	replies := make([]*redis.SliceCmd, len(brands))
	for i, b := range brands {
		replies[i] = pipe.HMGet(ctx, journalKey(b.ID), journal, doneField(journal), changesField(journal))
	}
	if len(brands) > 0 {
		if _, err := pipe.Exec(ctx); err != nil {
			return nil, nil, nil, err
		}
	}
	written, done, changes = make(map[string]uint64, len(brands)), make(map[string]uint64, len(brands)), make(map[string]uint64, len(brands))
	for i, b := range brands {
		values := replies[i].Val()
		for j, to := range [...]map[string]uint64{written, done, changes} {
			text, _ := values[j].(string) // none: 0
			to[b.ID], _ = strconv.ParseUint(text, 10, 64)
		}
	}
	return written, done, changes, nil
}

// Mark notes that everything up to seq is counted, of every watched brand,
// and that nothing of it is left to do.
func (s *Store) Mark(ctx context.Context, seq uint64) error {
	const doing = "note how far the journal was counted"
	if err := s.marks.check(); err != nil {
		return s.fail(doing, err)
	}
	journal, written, done := s.marks.snapshot()
	mark := markOf(seq, allSteps)
	for _, b := range s.watched() {
		if done[b.ID] >= seq {
			continue
		}
		answer, err := s.run(ctx, s.marker, b.ID, []string{journalKey(b.ID)},
			[]any{journal, num(int64(mark)), num(int64(written[b.ID])), doneField(journal), num(int64(seq)), changesField(journal), num(int64(s.marks.changesOf(b.ID)))})
		if err != nil {
			return s.fail(doing, err)
		}
		if answer != int64(1) {
			s.marks.lose()
			return s.fail(doing, mood.ErrLost)
		}
		s.marks.finish(b.ID, mark, seq)
		s.opts.At("store: after a mark is set")
	}
	return nil
}

// Recovered says that what a journal held at the start is counted, as far as it
// goes: an embedded store's clock, which stood still, goes on. What was counted
// is written to disk first, so that one that is killed soon after each start
// doesn't count more and more again.
func (s *Store) Recovered() {
	if s.embedded == nil {
		return
	}
	s.embedded.settle()
	if err := s.embedded.save(); err != nil {
		s.log.Warn("what was counted from the journal could not be written to disk: it is counted again after the next start, unless that succeeds before",
			"error", err)
	}
}

// Saved is a time: what was counted before it outlives the store's process. It
// is zero as long as that isn't known of anything. A server of its own keeps by
// its own rules.
func (s *Store) Saved() time.Time {
	if s.embedded == nil {
		return s.now()
	}
	if at := s.embedded.saved.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// checkMarks looks whether the store still has what it acknowledged.
func (s *Store) checkMarks(ctx context.Context) error {
	journal, before, _ := s.marks.snapshot()
	changed := s.marks.allChanges()
	if journal == "" {
		return nil
	}
	now, _, changes, err := s.readMarks(ctx, journal, s.watched())
	if err != nil {
		return err
	}
	for brand, mark := range now {
		if (mark < before[brand] || changes[brand] < changed[brand]) && s.marks.check() == nil {
			s.log.Warn("the store has lost what was counted of a brand: it is counted again from the journal",
				"brand", brand, "counted", before[brand]>>stepBits, "left", mark>>stepBits)
			s.marks.lose()
		}
	}
	return nil
}

// Count counts entries of a journal, which must come in their order, from the
// number after the one that [Store.Resume] gave. It gives the outcomes of each
// entry: of its mentions, then of its activities. After an error the same
// entries are to be offered again; what was counted of them is found counted.
//
// A mood.ErrLost says that the store no longer has what it acknowledged: begin
// again with Resume.
func (s *Store) Count(ctx context.Context, journal string, entries []mood.Accepted) ([][]mood.Outcome, error) {
	s.tick(s.now())
	if err := s.marks.check(); err != nil {
		return nil, err
	}
	outcomes := make([][]mood.Outcome, len(entries))
	for from := 0; from < len(entries); {
		// A brand's marks only rise: mentions and activities take turns.
		to := from + 1
		for to < len(entries) && (len(entries[to].Activities) > 0) == (len(entries[from].Activities) > 0) {
			to++
		}
		part := entries[from:to]
		record := s.recordAll
		if len(part[0].Activities) > 0 {
			record = s.recordDeeds
		}
		done, err := record(ctx, journal, part)
		if err != nil {
			return nil, s.fail("count what was accepted", err)
		}
		copy(outcomes[from:], done)
		from = to
	}
	return outcomes, nil
}

// newEpoch begins another life of the store: whatever was read before is void.
func (s *Store) newEpoch(ctx context.Context) error {
	epoch := randomEpoch()
	if s.embedded != nil {
		defer s.embedded.writing(tagOf(epochKey), []string{epochKey})()
	}
	if err := s.write.Set(ctx, epochKey, epoch, 0).Err(); err != nil {
		return s.fail("begin a new epoch of the store", err)
	}
	s.sawEpoch(ctx, epoch)
	return nil
}

// lostOr says what a script's answer means, where it may mean that marks went
// back.
func (s *Store) lostOr(answer any, script string) ([]any, error) {
	list, ok := answer.([]any)
	if !ok {
		return nil, fmt.Errorf("%s answered %T", script, answer)
	}
	if len(list) > 0 && list[0] == "lost" {
		s.marks.lose()
		return nil, mood.ErrLost
	}
	return list, nil
}
