package mood

import "time"

// Board is everything that the charts of one view draw. For a view of one
// brand, that brand's fields also stand at the top of its JSON.
type Board struct {
	Window        string                 `json:"window"`
	From          time.Time              `json:"from"`
	To            time.Time              `json:"to"`
	AsOf          time.Time              `json:"as_of"`
	Timezone      string                 `json:"timezone"`
	StoreEpoch    string                 `json:"store_epoch"`
	MentionsSince *time.Time             `json:"mentions_since"` // texts older than this are gone; null: none kept yet
	Order         []string               `json:"-"`              // brand ids as asked for
	Names         map[string]Brand       `json:"-"`              // the watched brands, by id
	Brands        map[string]*BrandBoard `json:"brands"`
	Share         []ShareRow             `json:"share"` // every watched brand
	Latency       Latency                `json:"latency"`
	*BrandBoard
}

// BrandBoard is one brand's part of a board.
type BrandBoard struct {
	Total     Total         `json:"total"`
	Before    Total         `json:"before"` // the window before
	Baseline  *Baseline     `json:"baseline"`
	Last      *time.Time    `json:"last"` // when the newest mention was published; null: none in the window
	Series    []SeriesPoint `json:"series"`
	Countries Countries     `json:"countries"`
	Outlets   []Row         `json:"outlets"`
	Sources   []Row         `json:"sources"`
	Languages []Row         `json:"languages"`
	Topics    []Row         `json:"topics"`
	// Pulse is what stood out in each part of the window, the oldest first; none
	// where topics are no longer kept finely enough.
	Pulse    []PulseSlot   `json:"pulse,omitempty"`
	Rhythm   []RhythmCell  `json:"rhythm"` // the last 4 weeks
	Activity []ActivityRow `json:"activity"`
	Drivers  []Row         `json:"drivers"`
	// Outages are those of sources that carried over a tenth of the brand's
	// mentions, as far as they reach into the window; the oldest first.
	Outages []SourceOutage `json:"outages,omitempty"`
}

// PulseSlot is what stood out in a part of a window.
type PulseSlot struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"` // of the last one: its end, which lies ahead as a rule
	Mentions int64     `json:"mentions"`
	Topics   []Row     `json:"topics"` // the most salient first; at most MostPulse
}

// MostPulse is how many topics a part of a window has at most.
const MostPulse = 12

// SourceOutage is a time in which a source that matters to a brand brought
// nothing.
type SourceOutage struct {
	Source string     `json:"source"` // its id
	Name   string     `json:"name"`
	From   time.Time  `json:"from"`
	To     *time.Time `json:"to"`    // null: it lasts
	Share  float64    `json:"share"` // of the brand's mentions in the 7 days before it, 0…1
}

// Volumes are numbers of mentions.
type Volumes struct {
	All     int64
	Sources map[string]int64 // by the id of a source that delivered them; a mention may have several
}

// SeriesPoint is a tally of one point of a window.
type SeriesPoint struct {
	T        time.Time `json:"t"` // its beginning
	Positive int64     `json:"positive"`
	Neutral  int64     `json:"neutral"`
	Unclear  int64     `json:"unclear"`
	Negative int64     `json:"negative"`
	Mood     *float64  `json:"mood"`
}

// Row is the tally of one value of a dimension.
type Row struct {
	Key      string   `json:"key"`
	Mentions int64    `json:"mentions"`
	Positive int64    `json:"positive"`
	Neutral  int64    `json:"neutral"`
	Unclear  int64    `json:"unclear"`
	Negative int64    `json:"negative"`
	Mood     *float64 `json:"mood"`
	// Salience orders topics: how much more this is said here than elsewhere
	// (log-odds, in standard deviations). Other dimensions leave it at 0.
	Salience float64 `json:"salience,omitempty"`
	// Before is how many mentions a topic had in the window before, and Trend by
	// how much its share of the mentions grew since (−1…1). Where that isn't
	// known, and in other dimensions, they are null.
	Before *int64   `json:"before,omitempty"`
	Trend  *float64 `json:"trend,omitempty"`
}

// Tally gives back the counts of a row.
func (r Row) Tally() Tally {
	return Tally{Positive: r.Positive, Neutral: r.Neutral, Unclear: r.Unclear, Negative: r.Negative}
}

// RowOf gives a tally as a row.
func RowOf(key string, t Tally) Row {
	return Row{
		Key: key, Mentions: t.Mentions(), Positive: t.Positive, Neutral: t.Neutral,
		Unclear: t.Unclear, Negative: t.Negative, Mood: t.moodPointer(),
	}
}

// PointOf gives a tally as a point of a series.
func PointOf(at time.Time, t Tally) SeriesPoint {
	return SeriesPoint{
		T: at, Positive: t.Positive, Neutral: t.Neutral,
		Unclear: t.Unclear, Negative: t.Negative, Mood: t.moodPointer(),
	}
}

// Countries are the tallies by country, one list for each kind of place.
type Countries struct {
	About  []Row `json:"about"`
	From   []Row `json:"from"`
	Origin []Row `json:"origin"`
	// Unplaced counts, for each list, the mentions that are in none of its rows.
	Unplaced Unplaced `json:"unplaced"`
}

// Unplaced counts mentions without a place of each kind.
type Unplaced struct {
	About  int64 `json:"about"`
	From   int64 `json:"from"`
	Origin int64 `json:"origin"`
}

// RhythmCell is the tally of one hour of the week on the local clock.
type RhythmCell struct {
	Weekday  int      `json:"weekday"` // 0 is Monday
	Hour     int      `json:"hour"`
	Mentions int64    `json:"mentions"`
	Mood     *float64 `json:"mood"`
}

// ActivityRow is what devices did, of one kind.
//
// Places with less than [LeastAtPlace] are in none of its lists: a city counts
// with its country alone then, and a country among what is unplaced. Counts of
// cities are rounded down to multiples of it, so that no two boards differ by a
// single device.
type ActivityRow struct {
	Key       string          `json:"key"` // the kind
	Name      string          `json:"name,omitempty"`
	Unit      string          `json:"unit,omitempty"`  // what is counted, such as devices
	Color     string          `json:"color,omitempty"` // #RRGGBB
	Count     int64           `json:"count"`
	Before    *int64          `json:"before"` // in the window before; null: not kept to the edge
	Series    []ActivityPoint `json:"series"`
	Countries []CountRow      `json:"countries"`
	Cities    []CityRow       `json:"cities"`
	Unplaced  int64           `json:"unplaced"` // in none of the countries
}

// CityRow is a count at a city, or at a square where no city is known.
type CityRow struct {
	Country string `json:"country,omitempty"` // ISO 3166-1 alpha-2; empty: not known
	Spot
	Count int64 `json:"count"`
}

// ActivityPoint is a count of one point of a window.
type ActivityPoint struct {
	T     time.Time `json:"t"`
	Count int64     `json:"count"`
}

// CountRow is a count under a key.
type CountRow struct {
	Key   string `json:"key"`
	Count int64  `json:"count"`
}

// ShareRow is one brand beside the others.
type ShareRow struct {
	Row
	Name  string   `json:"name"`
	Color string   `json:"color"`
	Share *float64 `json:"share"` // of all brands' mentions, 0…1; null when there are none
	// Stories are those begun in the window; null where they weren't counted.
	Stories *int64 `json:"stories"`
}

// Baseline is what is usual at this hour of the week.
type Baseline struct {
	Mood     Band `json:"mood"`
	Mentions Band `json:"mentions"`
}

// Band is a mean with its usual range.
type Band struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Latency is how far behind the world the screens are.
type Latency struct {
	Found LatencyFigures `json:"found"` // published → accepted, items under 24 h old
	Shown LatencyFigures `json:"shown"` // accepted → painted
}

// LatencyFigures are null where nothing was measured.
type LatencyFigures struct {
	P50 *float64 `json:"p50_ms"`
	P95 *float64 `json:"p95_ms"`
}
