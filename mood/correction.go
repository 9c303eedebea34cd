package mood

import "time"

// Correction is what a person says of how a mention was read.
type Correction struct {
	Mention    string // its id
	Brand      string // whose reading is meant
	Label      *Label // positive, neutral or negative; nil, and not Irrelevant: as the engine read it
	Irrelevant bool   // it isn't about the brand at all, and leaves every count
	Scope      Scope
}

// Scope says how far a correction reaches.
type Scope string

// The scopes.
const (
	ScopeMention Scope = "mention"
	ScopeStory   Scope = "story" // all mentions of the brand that tell the same story
)

// CorrectionReceipt tells what a correction did.
type CorrectionReceipt struct {
	Changed  int      `json:"changed"`  // 0: all was so already
	Mentions []string `json:"mentions"` // the ids of those that changed
	Mention  Mention  `json:"mention"`  // the one that was named, as it is now
}

// Verdict is what the engine said, kept beside what a person said since.
type Verdict struct {
	Label      Label   `json:"label"`
	Score      float64 `json:"score"`
	Confidence float64 `json:"confidence"`
}

// Corrected is a correction with everything that can be learned from it. It is
// kept for longer than the mention's text.
type Corrected struct {
	Brand      string    `json:"brand"`
	Mention    string    `json:"mention"` // its id
	Title      string    `json:"title"`
	Text       string    `json:"text"`
	Language   string    `json:"language"`
	Spans      []Span    `json:"spans"` // where the brand is named
	Engine     Verdict   `json:"engine"`
	Reasons    []Reason  `json:"reasons"` // the engine's
	Label      *Label    `json:"label"`   // the person's; null: not about the brand
	Irrelevant bool      `json:"irrelevant"`
	At         time.Time `json:"at"` // when it was corrected
}

// sureScore is the least strength that a score has once a person has said
// which way it goes.
const sureScore = 0.5

// Verdict is what the engine said, whatever a person has said since.
func (r Reading) Verdict() Verdict {
	if r.Engine != nil {
		return *r.Engine
	}
	return Verdict{Label: r.Label, Score: r.Score, Confidence: r.Confidence}
}

// Correct is the reading as a person corrects it. It starts from what the
// engine said, so any number of corrections leave what the last one alone
// would. A positive label has a score of +0.5 or, if the engine's was higher,
// that; a negative one likewise; a neutral one 0. An irrelevant reading keeps
// the engine's figures and counts nowhere.
func (r Reading) Correct(c Correction) Reading {
	engine := r.Verdict()
	r.Label, r.Score, r.Confidence = engine.Label, engine.Score, engine.Confidence
	r.Corrected, r.Irrelevant, r.Engine = false, false, nil
	switch {
	case c.Irrelevant:
		r.Irrelevant = true
	case c.Label != nil:
		r.Label, r.Confidence = *c.Label, 1
		switch *c.Label {
		case Positive:
			r.Score = max(engine.Score, sureScore)
		case Negative:
			r.Score = min(engine.Score, -sureScore)
		case Neutral, Unclear:
			r.Score = 0
		}
	default:
		return r
	}
	r.Corrected, r.Engine = true, &engine
	return r
}

// Says tells whether the reading is what the correction wants already.
func (r Reading) Says(c Correction) bool {
	want := r.Correct(c)
	return r.Corrected == want.Corrected && r.Irrelevant == want.Irrelevant &&
		r.Label == want.Label && r.Score == want.Score
}
