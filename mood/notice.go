package mood

import "time"

// Notice tells whoever shows a brand that its counters changed. Losing one
// costs a tick, never a count.
type Notice struct {
	Brand    string    `json:"brand"`
	Mentions []Mention `json:"mentions,omitempty"` // the newest of what came, at most 20, none older than an hour
	Skipped  int       `json:"skipped,omitempty"`  // how many more came
	Reset    bool      `json:"reset,omitempty"`    // counters were changed as a whole: read anew
	// Corrected are the readings of mentions that a person corrected, by id, at
	// most 20; MoreCorrected is how many more changed.
	Corrected     map[string]Reading `json:"corrected,omitempty"`
	MoreCorrected int                `json:"more_corrected,omitempty"`
}

// Status is how the machinery does, for the four silences.
type Status struct {
	AsOf    time.Time     `json:"as_of"`
	Ingest  PartStatus    `json:"ingest"`
	Sources SourcesStatus `json:"sources"`
	Redis   PartStatus    `json:"redis"`
}

// PartStatus says whether a part runs, and since when it does or doesn't.
type PartStatus struct {
	State string     `json:"state"` // "up" or "down"
	Since *time.Time `json:"since"`
}

// SourcesStatus counts the sources.
type SourcesStatus struct {
	Total   int      `json:"total"`
	Failing int      `json:"failing"` // those that stopped; a single failed poll is no stop
	Mute    int      `json:"mute"`    // those that were asked and have not answered once
	Names   []string `json:"names"`   // of failing ones, at most five, those with the most mentions first
	// Share is the failing ones' part of all mentions before they stopped, 0…1;
	// null: nothing was mentioned.
	Share *float64 `json:"share,omitempty"`
	// Worst is the failing one with the most mentions; null: none fails.
	Worst *SourceHealth `json:"worst,omitempty"`
}
