package journal

import "log/slog"

// gaps counts the numbers that should be there and aren't.
type gaps struct {
	expected uint64 // the next number; 0: not known yet
	missing  uint64
	first    uint64 // of those that are missing
}

// begin enters a segment. Numbers that it left out on purpose aren't missed.
func (g *gaps) begin(s *segment) {
	if g.expected == 0 {
		g.expected = s.first
	}
	if left := s.first - min(s.first, uint64(s.skipped)); g.expected >= left {
		g.expected = max(g.expected, s.first)
	} else {
		g.miss(left)
		g.expected = s.first
	}
}

// saw notes a record that is whole.
func (g *gaps) saw(seq uint64) {
	g.miss(seq)
	g.expected = seq + 1
}

// miss counts what should be there before a number.
func (g *gaps) miss(seq uint64) {
	if seq <= g.expected {
		return
	}
	if g.missing == 0 {
		g.first = g.expected
	}
	g.missing += seq - g.expected
}

// report logs what a segment lacks. Bytes that hold no number anybody misses
// are left over from an append that failed.
func (g *gaps) report(log *slog.Logger, path string, damaged int64) {
	if g.missing > 0 {
		log.Error("the journal is damaged: records are missing, and it goes on behind them",
			slog.String("file", path), slog.Uint64("missing", g.missing), slog.Uint64("first", g.first), slog.Int64("damaged_bytes", damaged))
	} else if damaged > 0 {
		log.Info("the journal has bytes that are no record, and no record is missing", slog.String("file", path), slog.Int64("bytes", damaged))
	}
	g.missing = 0
}
