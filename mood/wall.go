package mood

import "time"

// Wall is what one or several office screens show.
type Wall struct {
	ID     string   `json:"id"`
	Brands []string `json:"brands"`
	Window string   `json:"window"`
	Scenes []Scene  `json:"scenes"`
	Quiet  string   `json:"quiet"`  // "20:00-06:30" on the local clock: dimmed; empty: never
	Motion string   `json:"motion"` // "full" or "reduced"
}

// Scene is one thing that a wall shows, in turn.
type Scene struct {
	Show string        `json:"show"` // overview, map, brands, mentions
	For  time.Duration `json:"-"`
	Secs float64       `json:"seconds"` // For, in seconds
}

// Display is a screen that was paired with a wall.
type Display struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Wall     string    `json:"wall"`
	Paired   time.Time `json:"paired"`
	LastSeen time.Time `json:"last_seen"`
}
