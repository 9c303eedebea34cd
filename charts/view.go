package charts

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"agora/mood"
)

// few is the number of mentions below which a place, a word or an hour has no
// mood that is worth a colour.
const few = 3

// view is a board as charts look at it: the brands that were asked for, in
// order, none of them missing.
type view struct {
	board  *mood.Board
	brands []mood.Brand
	boards []*mood.BrandBoard // one for each brand
	loc    *time.Location
	said   *Words // nil: in English
}

func viewOf(b *mood.Board, w *Words) view {
	v := view{board: b, loc: zone(b), said: w}
	ids := b.Order
	if len(ids) == 0 {
		ids = slices.Sorted(maps.Keys(b.Brands))
	}
	for _, id := range ids {
		brand, ok := b.Names[id]
		if !ok || brand.Name == "" {
			brand = mood.Brand{ID: id, Name: id, Color: brand.Color}
		}
		brand.ID = id
		board := b.Brands[id]
		if board == nil {
			board = &mood.BrandBoard{}
		}
		v.brands, v.boards = append(v.brands, brand), append(v.boards, board)
	}
	return v
}

// zone is the clock of a board: its times are in it already, as a rule.
func zone(b *mood.Board) *time.Location {
	if loc := b.From.Location(); loc.String() == b.Timezone {
		return loc
	}
	loc, err := time.LoadLocation(b.Timezone)
	if err != nil {
		return time.UTC // an unknown zone would be refused with the configuration
	}
	return loc
}

// zone is the clock of the view; that of a table from elsewhere is UTC.
func (v view) zone() *time.Location {
	if v.loc == nil {
		return time.UTC
	}
	return v.loc
}

// words are those that the view is put in.
func (v view) words() *Words {
	if v.said == nil {
		return english()
	}
	return v.said
}

// single tells whether the view is of one brand.
func (v view) single() bool { return len(v.brands) == 1 }

// filter selects all mentions of the view.
func (v view) filter() Filter {
	ids := make([]string, len(v.brands))
	for i, b := range v.brands {
		ids[i] = b.ID
	}
	return Filter{Brand: strings.Join(ids, ","), Window: v.board.Window}
}

// total adds up the brands of the view.
func (v view) total() mood.Tally {
	var t mood.Tally
	for _, b := range v.boards {
		t.Add(b.Total.Tally())
	}
	return t
}

// rows adds up one dimension over the brands of the view: by key, the most
// mentioned first.
func (v view) rows(of func(*mood.BrandBoard) []mood.Row) []mood.Row {
	sums := map[string]mood.Row{}
	for _, b := range v.boards {
		for _, r := range of(b) {
			key := valid(r.Key)
			t := sums[key].Tally()
			t.Add(r.Tally())
			sum := mood.RowOf(key, t)
			sum.Salience = max(sums[key].Salience, r.Salience)
			sums[key] = sum
		}
	}
	rows := make([]mood.Row, 0, len(sums))
	for _, r := range sums {
		if r.Mentions > 0 {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b mood.Row) int {
		return cmp.Or(cmp.Compare(b.Mentions, a.Mentions), cmp.Compare(a.Key, b.Key))
	})
	return rows
}

// times are the beginnings of the points of the view, oldest first: those of
// the brands' series, or those of the window where the series are empty.
func (v view) times() []time.Time {
	seen := map[int64]time.Time{}
	for _, b := range v.boards {
		for _, p := range b.Series {
			seen[p.T.Unix()] = p.T
		}
	}
	if len(seen) == 0 {
		w, err := mood.ParseWindow(v.board.Window)
		if err != nil {
			return nil
		}
		return w.Points(v.board.AsOf, v.loc)
	}
	times := make([]time.Time, 0, len(seen))
	for _, k := range slices.Sorted(maps.Keys(seen)) {
		times = append(times, seen[k])
	}
	return times
}

// next is where the point that begins at t ends.
func (v view) next(t time.Time) time.Time {
	w, err := mood.ParseWindow(v.board.Window)
	if err != nil {
		return v.board.To
	}
	return w.Next(t, v.loc)
}

// stamp names a point of time: RFC 3339 on the board's clock.
func (v view) stamp(t time.Time) string { return t.In(v.loc).Format(time.RFC3339) }

// utc writes a time for a filter; Z needs no escaping in an address.
func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// whole rounds a mood of −1…1 to −100…100, for drawing.
func whole(m float64) float64 { return roundTo(m*100, 0) }

// roundTo rounds to some decimals, and never gives a negative zero.
func roundTo(x float64, decimals int) float64 {
	f := math.Pow10(decimals)
	return math.Round(x*f)/f + 0
}

// valid is a text as JSON can carry it, so that a key is the same everywhere.
func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// shown makes a text of a feed fit to be shown: on one line, not too long, and
// without the marks that turn the direction of writing, with which a name could
// pass for another.
func shown(s string) string {
	const most = 80
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, valid(s))
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most-1]) + "…"
	}
	return strings.TrimSpace(s)
}

// inert keeps a text of a feed from being taken for something else by whoever
// draws the option: for the name of a colour or of a formatter, or for a
// property that every JavaScript object has. The last is no theory: ECharts
// keeps the widths of texts in a plain object, so measuring "__proto__" writes
// into the prototype of everything, and "constructor" has no width.
func inert(s string) string {
	for _, p := range [...]string{
		rolePrefix, formatPrefix, "__", "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
	} {
		if strings.HasPrefix(s, p) {
			return "\u2060" + s
		}
	}
	return s
}
