package store

import (
	"context"
	"fmt"
	"time"

	"agora/mood"
)

// BoardAt gives the board as of a moment in the past: what was published in
// [from, at), as far as it is known today. Corrections, withdrawals and late
// arrivals since then are in it. A zero at, or one that isn't past, is now: see
// [Store.Board].
//
// Every count is exact, or there is none. Counts by outlet, language, country
// and topic are kept by the minute for a day, by the hour for a month, by the
// day for a year, so from and at must lie on minutes, hours or days of the
// store's clock; where they don't, the error is a mood.ErrInvalid that says
// which, and where nothing is left of that time, a mood.ErrGone. A window's
// Step may be longer than usual to make from round: 24h in hours, 30d in days.
//
// What a past board lacks rather than have it wrong: the window before (a
// total of nothing) and the rhythm (no cells) where they aren't kept to the
// edge, devices' activity (nil) likewise, and the latency. MentionsSince is
// that of today.
func (s *Store) BoardAt(ctx context.Context, ids []string, w mood.Window, at time.Time) (*mood.Board, error) {
	now := s.now()
	if at.IsZero() || !at.Before(asOf(now)) {
		return s.Board(ctx, ids, w)
	}
	brands, err := s.asked(ids)
	if err != nil {
		return nil, fmt.Errorf("read a board: %w", err)
	}
	s.tick(now)
	f, err := s.frameAt(w, at.UTC(), now)
	if err != nil {
		return nil, fmt.Errorf("read a board as of %s: %w", at.Format(time.RFC3339), err)
	}
	board, err := s.readBoard(ctx, brands, f, now)
	if err != nil {
		return nil, err
	}
	active := s.kept(f.inside, s.grid.expireWhere, now) && s.kept(f.cells(s.grid), s.grid.expireActivity, now)
	for _, b := range board.Brands {
		if !active {
			b.Activity = nil
		}
		if len(f.rhythm) == 0 {
			b.Rhythm = []mood.RhythmCell{}
		}
	}
	return board, nil
}

// frameAt is the frame of a window that ends at a moment in the past, if all
// that it needs is still kept.
func (s *Store) frameAt(w mood.Window, at, now time.Time) (frame, error) {
	if !at.Truncate(time.Minute).Equal(at) {
		return frame{}, fmt.Errorf("nothing is counted in less than minutes: ask for a full minute: %w", mood.ErrInvalid)
	}
	f := frame{window: w, asOf: at, past: true}
	f.from = w.From(at, s.opts.Location)
	f.points = w.Points(at, s.opts.Location)
	f.inside = s.grid.cover(f.from, at)
	for _, need := range []struct {
		spans  []span
		expiry func(resolution) time.Duration
	}{
		{f.inside, s.grid.expireDim},
		{f.inside, s.grid.expireSeries},
		{f.cells(s.grid), s.grid.expireSeries},
	} {
		if err := s.missing(need.spans, need.expiry, now); err != nil {
			return frame{}, err
		}
	}
	if before := s.grid.cover(w.From(f.from, s.opts.Location), f.from); s.kept(before, s.grid.expireSeries, now) {
		f.before = before
	}
	// Of the hour that at lies in, some is of later.
	rhythm := []span{{hour, s.grid.index(hour, at.Add(-rhythmSpan)), s.grid.index(hour, at) - 1}}
	if s.kept(rhythm, s.grid.expireSeries, now) {
		f.rhythm = rhythm
	}
	return f, nil
}

// soon is how long a cell must be kept yet, to be still there when it is read.
const soon = time.Minute

func (s *Store) kept(spans []span, expiry func(resolution) time.Duration, now time.Time) bool {
	return s.missing(spans, expiry, now) == nil
}

// missing says which cells aren't kept any more, and what to ask for instead.
func (s *Store) missing(spans []span, expiry func(resolution) time.Duration, now time.Time) error {
	for _, sp := range spans {
		oldest := s.grid.end(sp.res, sp.first)
		if oldest.Add(expiry(sp.res)).After(now.Add(soon)) {
			continue
		}
		for r := sp.res + 1; r <= dayCell; r++ {
			if oldest.Add(expiry(r)).After(now.Add(soon)) {
				return fmt.Errorf("counts of %s are kept by the %s: ask for times and points on full %ss of %s: %w",
					oldest.In(s.opts.Location).Format(time.DateOnly), r.word(), r.word(), s.opts.Location, mood.ErrInvalid)
			}
		}
		return fmt.Errorf("counts of %s are no longer kept: ask for a later time: %w", oldest.In(s.opts.Location).Format(time.DateOnly), mood.ErrGone)
	}
	return nil
}

func (r resolution) word() string { return [...]string{"minute", "hour", "day"}[r] }
