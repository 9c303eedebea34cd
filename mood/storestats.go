package mood

import "time"

// StoreStats says what a store takes, and will take.
type StoreStats struct {
	At      time.Time     `json:"at"`
	Server  string        `json:"server"` // embedded, redis or cluster
	How     string        `json:"how"`    // how bytes are measured, for people
	Keys    int64         `json:"keys"`
	Bytes   int64         `json:"bytes"`
	Kinds   []KindStats   `json:"kinds"` // of all brands, and of what belongs to none
	Brands  []BrandStats  `json:"brands"`
	Journal *JournalStats `json:"journal"` // null: this process has none
}

// KindStats is what keys of one kind take.
type KindStats struct {
	Kind     string `json:"kind"`
	Keys     int64  `json:"keys"`
	Bytes    int64  `json:"bytes"`
	Measured int64  `json:"measured"` // keys that were measured; the others are taken to be like them
	// Forecast is what it will take once all of it is as old as it gets, at
	// today's rate; null: it isn't known yet.
	Forecast *int64 `json:"forecast"`
}

// BrandStats is what one brand takes.
type BrandStats struct {
	Brand    string      `json:"brand"`
	Watched  bool        `json:"watched"` // else it is left over, and expires
	Keys     int64       `json:"keys"`
	Bytes    int64       `json:"bytes"`
	Kinds    []KindStats `json:"kinds"`
	Mentions int64       `json:"mentions"` // counted in the last 90 days
	PerDay   float64     `json:"mentions_per_day"`
	// Of each mention of the last 90 days: counters and what is remembered as
	// counted; and that with the texts. Null without any.
	CountersPerMention *float64 `json:"counter_bytes_per_mention"`
	BytesPerMention    *float64 `json:"bytes_per_mention"`
	Forecast           *int64   `json:"forecast"`
}

// JournalStats is what a journal takes.
type JournalStats struct {
	ID       string     `json:"id"`
	Bytes    int64      `json:"bytes"`
	Segments int        `json:"segments"`
	Oldest   *time.Time `json:"oldest"` // when its oldest entry was accepted; null: it has none
	Entries  uint64     `json:"entries"`
	Waiting  uint64     `json:"waiting"` // entries that aren't counted for certain
	Behind   int64      `json:"waiting_bytes"`
}
