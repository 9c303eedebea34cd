package mood

import (
	"encoding/json"
	"time"
)

// Mention is one thing that was said: a news item, a post, a pushed text.
// All texts in it are plain text: no markup, no entities.
type Mention struct {
	ID        string    `json:"id"` // see [MentionID]
	Title     string    `json:"title"`
	Text      string    `json:"text"`
	URL       string    `json:"url"`     // http or https, or empty
	Sources   []string  `json:"sources"` // ids of the sources that delivered it, first one first
	Outlet    string    `json:"outlet"`  // who published: a domain, without "www."
	Author    string    `json:"author"`
	Published time.Time `json:"published"` // when it counts: the publisher's date, else Seen
	Seen      time.Time `json:"seen"`      // when Agora first had it
	Undated   bool      `json:"undated,omitempty"`
	// Uncounted marks an undated item of a source's very first poll: it is
	// listed, and left out of every count.
	Uncounted bool   `json:"uncounted,omitempty"`
	Language  string `json:"language"` // BCP 47 primary tag, lower case; empty: unknown
	// Categories are the publisher's own subjects, as plain text: at most 10,
	// each of at most 60 code points, none twice.
	Categories []string           `json:"categories,omitempty"`
	Story      string             `json:"story"`           // the id of the mention that began it; empty: of an Agora that knew no stories
	Copies     int                `json:"copies"`          // other mentions that tell it, of those that are asked for
	Stars      int                `json:"stars,omitempty"` // that a review gives, 1 to 5; 0: it is none
	Places     Places             `json:"places"`
	Readings   map[string]Reading `json:"readings"` // by brand id

	// About are ids of brands that it is about whether it names them or not. It
	// is not shown: the readings are.
	About []string `json:"-"`

	// GUID is the identity that the source gave, or the pushed id. It is not
	// shown.
	GUID string `json:"-"`

	// SharedURL says that URL leads to a page that is not this mention's alone,
	// such as a front page or a live page: it doesn't identify the mention.
	SharedURL bool `json:"-"`
	// Edited says that the source delivered the mention before, and that it says
	// something else now. It changes what is kept, and is counted no second time.
	Edited bool `json:"-"`
}

// Places of a mention are never merged: what it is about, who published it,
// and where it was sent from are different questions.
type Places struct {
	About  []Place `json:"about"`
	From   *Place  `json:"from"`
	Origin *Place  `json:"origin"`
}

// Place is a country, and what else is known of the spot.
type Place struct {
	Country    string  `json:"country,omitempty"` // ISO 3166-1 alpha-2, upper case
	Place      string  `json:"place,omitempty"`   // a name, such as a city
	Point      *Point  `json:"point,omitempty"`
	Evidence   string  `json:"evidence,omitempty"` // the words or the rule that decided
	Confidence float64 `json:"confidence,omitempty"`
	Method     string  `json:"method,omitempty"` // how it was found: country, people, region, city or metonym in the text; pushed, configured, learned, domain, coordinates, geotag
	Field      string  `json:"field,omitempty"`  // "title" or "text", where the evidence stands; empty: it stands in neither
	Start      int     `json:"start,omitempty"`  // in code points of the field
	End        int     `json:"end,omitempty"`
}

// MarshalJSON writes a place. Evidence that stands somewhere has both its
// offsets, also where it begins at 0.
func (p Place) MarshalJSON() ([]byte, error) {
	type place Place
	if p.Field == "" || p.Start > 0 {
		return json.Marshal(place(p))
	}
	return json.Marshal(struct {
		place
		Start int `json:"start"`
	}{place(p), 0})
}

// Point is a position in WGS 84 degrees.
type Point struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// Reading is how one mention feels towards one brand.
type Reading struct {
	Label      Label    `json:"label"`
	Lean       Label    `json:"lean"`       // the likeliest of positive, neutral and negative, even where Label is unclear
	Score      float64  `json:"score"`      // −1…1; stored as an integer in thousandths
	Confidence float64  `json:"confidence"` // 0…1
	Reasons    []Reason `json:"reasons"`
	Corrected  bool     `json:"corrected"` // a person set the label
	// Irrelevant means that a person said it isn't about the brand: it is in no
	// count.
	Irrelevant bool     `json:"irrelevant,omitempty"`
	Engine     *Verdict `json:"engine,omitempty"` // what the engine had said, once a person corrected it
	Topics     []string `json:"topics,omitempty"`
	Spans      []Span   `json:"spans,omitempty"` // where the brand is named
}

// Reason is a stretch of text that pulled the score one way.
type Reason struct {
	Text   string  `json:"text"`
	Field  string  `json:"field,omitempty"` // "title" or "text"
	Start  int     `json:"start"`           // in code points
	End    int     `json:"end"`
	Weight float64 `json:"weight"`
	Kind   string  `json:"kind,omitempty"` // word, phrase, verb, negated, sign, rule, learned, stars, or rest: all that isn't listed
	Net    float64 `json:"net,omitempty"`  // what the score loses in the net's part when this is left out
}

// Span is a stretch of a mention's title or text, in code points.
type Span struct {
	Field string `json:"field"` // "title" or "text"
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// Ask is one question to a scorer: how does this text feel towards Target?
type Ask struct {
	ID       string
	Brand    string // its id; empty: none
	Title    string
	Text     string
	Language string // empty: unknown
	Target   string // the brand's name
	Spans    []Span // where the brand is named; empty: unknown
}
