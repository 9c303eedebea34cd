package mood

import "time"

// Activity is what consumer devices did: Count times Kind, at one place.
type Activity struct {
	ID      string    `json:"id"`
	Brand   string    `json:"brand"`
	Kind    string    `json:"kind"` // activation, download, check-in, …
	Count   int64     `json:"count"`
	At      time.Time `json:"at"`
	Country string    `json:"country"` // ISO 3166-1 alpha-2, or empty
	Place   *Point    `json:"place"`   // rounded at the door; never a person's position
}
