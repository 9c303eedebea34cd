package mood

import "time"

// Step is how finely a counter counts.
type Step uint8

// The steps. Minutes are numbered by UTC since 1970, hours as if the clock
// were a whole number of hours from UTC, and days by their date on that clock.
const (
	StepMinute Step = iota
	StepHour
	StepDay
)

// String is the step's name: minute, hour or day.
func (s Step) String() string { return [...]string{"minute", "hour", "day"}[s] }

// By is what a counter counts by.
type By byte

// What is counted by. The value of an activity is its kind, that of ByWhere
// country:kind, that of BySpot country:spot:kind; that of ByAll is empty.
const (
	ByAll      By = 'n'
	ByAbout    By = 'a'
	ByFrom     By = 'f'
	ByOrigin   By = 'g'
	ByOutlet   By = 'o'
	BySource   By = 's'
	ByLanguage By = 'l'
	ByTopic    By = 't'
	ByActivity By = 'A'
	ByWhere    By = 'C'
	BySpot     By = 'G'
)

// String is how people call it.
func (b By) String() string {
	names := map[By]string{
		ByAll: "mentions", ByAbout: "about", ByFrom: "from", ByOrigin: "origin", ByOutlet: "outlet", BySource: "source",
		ByLanguage: "language", ByTopic: "topic", ByActivity: "activity", ByWhere: "activity by country",
		BySpot: "activity by city",
	}
	return names[b]
}

// Activity says whether devices are counted, not mentions.
func (b By) Activity() bool { return b == ByActivity || b == ByWhere || b == BySpot }

// Counter names one number that is kept of a brand.
type Counter struct {
	Step  Step
	By    By
	N     int64 // of the minute, hour or day
	Value string
}

// Reach says from which number on all counters are still kept, for each step.
type Reach struct {
	All, Rows, Activity, Where, Spots [3]int64
}

// From is the first number that is kept for certain of a kind of counters.
func (r Reach) From(by By, step Step) int64 {
	switch by {
	case ByAll:
		return r.All[step]
	case ByActivity:
		return r.Activity[step]
	case ByWhere:
		return r.Where[step]
	case BySpot:
		return r.Spots[step]
	default:
		return r.Rows[step]
	}
}

// Counted is what a store has counted of a brand.
type Counted struct {
	Cells map[Counter]Tally // those that aren't nothing; of activities, Sum is the count
	Reach Reach
	Marks map[string]uint64 // by journal: the number up to which it was counted
	Known map[int64]int     // how many ids and addresses are known, by number of the 30 days since 1970 in which they came
}

// Whereabouts is what a store knows of a mention that it was offered.
type Whereabouts struct {
	Known bool   // it, or another with its id or address, was counted
	Found bool   // where that one's text is, or was, is still known
	Hour  int64  // in which that one was published, since 1970, UTC
	ID    string // that one's
}

// Verification is what came of comparing counters with what was accepted.
type Verification struct {
	At       time.Time           `json:"at"`
	Equal    bool                `json:"equal"`
	Took     int64               `json:"took_ms"`
	Journals []VerifiedJournal   `json:"journals"`
	Brands   []BrandVerification `json:"brands"`
}

// VerifiedJournal is a journal that was counted again.
type VerifiedJournal struct {
	ID         string     `json:"id"`
	Since      *time.Time `json:"since"` // when its oldest entry was accepted; null: it has none
	Entries    int64      `json:"entries"`
	Mentions   int64      `json:"mentions"`
	Activities int64      `json:"activities"`
	Unreadable int64      `json:"unreadable"` // entries that are missing or damaged
}

// BrandVerification is what came of one brand.
type BrandVerification struct {
	Brand string `json:"brand"`
	// Since is the time from which on all of the brand is in the journals: the
	// counters of every minute, hour and day that begin later were compared.
	Since       time.Time    `json:"since"`
	Mentions    int64        `json:"mentions"`   // counted again, whenever they were published
	Activities  int64        `json:"activities"` // likewise
	Counters    int64        `json:"counters"`   // compared
	Differences int64        `json:"differences"`
	First       []Difference `json:"first"` // the first 20
	// Unsure are counters that differ by no more than what can't be known any
	// more: whether something was counted before the journal begins, or whether a
	// text was still kept when it was corrected.
	Unsure int64 `json:"unsure"`
	Copies int64 `json:"copies"` // mentions that were counted before the journal begins
	// Missing are journals of other processes that counted into the store. There
	// may be more than was recounted then, and less is a difference.
	Missing []string `json:"missing_journals"`
}

// Difference is a counter that isn't what was recounted.
type Difference struct {
	By        string    `json:"by"`
	Value     string    `json:"value"`
	Step      string    `json:"step"`
	At        time.Time `json:"at"` // when the minute, hour or day begins
	Counted   Figures   `json:"counted"`
	Recounted Figures   `json:"recounted"`
}

// Figures are a tally as a verification shows it.
type Figures struct {
	Positive   int64 `json:"positive,omitempty"`
	Neutral    int64 `json:"neutral,omitempty"`
	Unclear    int64 `json:"unclear,omitempty"`
	Negative   int64 `json:"negative,omitempty"`
	Sum        int64 `json:"sum,omitempty"`         // of scores, in thousandths
	SumSquares int64 `json:"sum_squares,omitempty"` // of scores in thousandths
	Stories    int64 `json:"stories,omitempty"`     // begun
	Count      int64 `json:"count"`                 // of mentions, or of what devices did
}

// MostSpots bounds the cities and kinds that are counted one by one in a
// minute, an hour or a day of a brand. What comes beyond counts with its
// country alone.
const MostSpots = 1000

// FiguresOf shows a tally of a counter.
func FiguresOf(by By, t Tally) Figures {
	if by.Activity() {
		return Figures{Count: t.Sum}
	}
	return Figures{t.Positive, t.Neutral, t.Unclear, t.Negative, t.Sum, t.SumSquares, t.Stories, t.Mentions()}
}
