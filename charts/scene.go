package charts

import (
	"time"

	"agora/mood"
)

// The scenes of a wall.
const (
	SceneOverview = "overview" // how one brand is doing
	SceneMap      = "map"      // one brand's mood by country
	SceneBrands   = "brands"   // the brands against each other
	SceneMentions = "mentions" // what is being said
	SceneWaiting  = "waiting"  // there is nothing to show yet
)

// Scene is what a wall shows at one time, as one picture: what is drawn, and
// how. The same scene gives the same picture.
type Scene struct {
	Show     string // one of the scenes
	Brand    SceneBrand
	Brands   []SceneBrand // of the wall, in its order
	Window   string
	Map      Option // of Brand; nil: none
	Timeline Option
	Topics   Option
	Mentions []SceneMention // newest first
	Found    *time.Duration // from publication to acceptance, in the middle; nil: not known

	Now  time.Time // on the server's clock
	AsOf time.Time // of the figures; zero: there are none
	Zone *time.Location
	Demo bool
	Dim  bool // these are quiet hours
	// Silence says why nothing moves; its sentence is empty where all is well.
	Silence mood.Silence
	// Waiting is what stands around the brands while there is nothing to show.
	Waiting struct{ Before, Title, Below string }

	Format string // svg or png
	Theme  string // light or dark
	Width  int    // pixels of CSS
	Height int
	Scale  float64 // pixels of a PNG for each of CSS; 0: 1
}

// SceneBrand is a brand with the figures that a wall shows of it.
type SceneBrand struct {
	Name, Color string // Color: #rrggbb, or empty
	Mood        *float64
	Mentions    int64
	Before      int64    // mentions in the window before
	Change      *float64 // of the mood against the window before
	Sentence    string
	Done        []string // what devices did, in sentences
}

// SceneMention is one thing that was said, as a wall shows it.
type SceneMention struct {
	Label     mood.Label
	Brand     string // its name; empty: the wall has no other
	Title     string
	Outlet    string
	Country   string // its name
	Published time.Time
}
