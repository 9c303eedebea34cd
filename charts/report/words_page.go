package report

import (
	"fmt"
	"strings"
	"time"

	"agora/charts"
	"agora/mood"
)

// Words that stand around what a report says.
const (
	wordReport    = "Mood report"
	wordMoved     = "What moved the mood"
	wordStories   = "Stories told most, and with most feeling"
	wordShare     = "Share of voice"
	wordBrands    = "The brands"
	wordFine      = "How far to trust this"
	wordLive      = "Open the live page"
	wordBrand     = "Brand"
	wordMood      = "Mood"
	wordMentions  = "Mentions"
	wordBefore    = "before"
	wordChange    = "Change"
	wordVolume    = "Mentions changed"
	wordOfAll     = "Share of voice"
	wordPoints    = "Moved by"
	wordMoved1    = "by"
	wordAll       = "All"
	wordNow       = "now"
	wordPositive  = "positive"
	wordNeutral   = "neutral or unclear"
	wordNegative  = "negative"
	wordSure      = "significant"
	wordUnsure    = "not significant"
	wordUntested  = "too few to tell"
	wordNothing   = "nothing before"
	wordMark      = "•"
	wordMarkSays  = "•\u00a0significant"
	wordRows      = "Brands that changed significantly have a row, then those mentioned most; the others are added up."
	wordMade      = "Made by Agora"
	wordEmpty     = "No mentions in this window."
	wordNoStories = "There is no story to tell: no text was kept of this window."
)

// kicker stands above the headline.
func (c *Content) kicker() string {
	names := make([]string, len(c.Brands))
	for i, b := range c.Brands {
		names[i] = b.Name
	}
	s := wordReport + " · " + subjectNames(names)
	if c.Demo {
		s = charts.Demo() + " · " + s
	}
	return s
}

// noStories stands in place of stories.
func (c *Content) noStories() string {
	if c.Mentions == 0 {
		return wordEmpty
	}
	return wordNoStories
}

// made stands below everything.
func (c *Content) made() string {
	s := wordMade
	if c.Demo {
		s += " · " + charts.Demo()
	}
	return s + " · " + moment(c.To)
}

func pageOf(page, of int) string { return fmt.Sprintf("Page %d of %d", page, of) }

// movedSays explains what moved the moods, and of which brands it is told.
func (c *Content) movedSays() string {
	return c.movedOf() + "Points of mood that each part added since " + spanBefore(c.Window) + ". Each group adds up to the change. " + wordMarkSays + "."
}

// withBefore heads a column of figures with those of the window before.
func withBefore(words string) string { return words + " (" + wordBefore + ")" }

// beside puts a figure of the window before beside that of now.
func beside(now, before string) string { return now + " (" + before + ")" }

// allMoved says how a brand's mood changed, as finely as what moved it.
func allMoved(b Brand) string {
	return fmt.Sprintf("%s %s, %s %s: %s", wordMood, moodTenths(b.Now.Tally()), wordBefore, moodTenths(b.Before.Tally()), signedNumber(b.Moved[0].Total, 1))
}

// verdictOf says whether a change is one.
func verdictOf(c Change) string {
	switch {
	case c.Significant:
		return wordSure
	case c.Tested:
		return wordUnsure
	default:
		return wordUntested
	}
}

// moodVerdict says what to think of the change of a brand's mood.
func moodVerdict(b Brand) string {
	if b.Before.Mentions == 0 {
		return wordNothing
	}
	return verdictOf(b.Mood)
}

// volumeVerdict says what to think of a brand's number of mentions.
func volumeVerdict(b Brand) string {
	switch {
	case b.Volume.Tested && b.Volume.Against == againstUsual && b.Volume.Significant && b.Volume.By > 0:
		return "more than usual"
	case b.Volume.Tested && b.Volume.Against == againstUsual && b.Volume.Significant:
		return "fewer than usual"
	case b.Volume.Tested && b.Volume.Against == againstUsual:
		return "about as usual"
	case b.Volume.Tested:
		return verdictOf(b.Volume)
	case b.Before.Mentions == 0:
		return wordNothing
	}
	return "not compared"
}

// changeOf writes a change of mood in points, as the two figures that are shown
// differ.
func changeOf(b Brand) string {
	if b.Now.Mentions < charts.Few || b.Before.Mentions < charts.Few {
		return "–"
	}
	return signedNumber(charts.Round(b.Now.Tally().Mood()*100, 0)-charts.Round(b.Before.Tally().Mood()*100, 0), 0)
}

// storyMeta stands beneath a story's title.
func storyMeta(s Story, several bool) string {
	s.Outlet, s.Brands = clip(s.Outlet, 60), []string{clip(charts.List(s.Brands), 80)}
	return storyPlain(s, several)
}

// storyPlain is the same with every name in full.
func storyPlain(s Story, several bool) string {
	parts := []string{}
	if s.Outlet != "" {
		parts = append(parts, s.Outlet)
	}
	parts = append(parts, s.Published.Format("Mon 2 Jan, 15:04"), copiesOf(s.Copies))
	if several {
		parts = append(parts, charts.List(s.Brands))
	}
	return strings.Join(parts, " · ")
}

func copiesOf(n int) string {
	if n <= 1 {
		return "1 text"
	}
	return charts.CountWord(int64(n)) + " texts"
}

func labelOf(l mood.Label) string { return l.String() }

// storiesNote says what is missing from the stories; empty: nothing.
func storiesNote(since *time.Time, from time.Time, mentions int64, found int, whole bool) string {
	switch {
	case mentions == 0:
		return ""
	case found == 0 && since == nil:
		return "The texts of these mentions are no longer kept, so no story can be told. The counts are whole."
	case found == 0:
		return "No text with a title is kept of this window."
	case since != nil && since.After(from):
		return "Texts are kept since " + since.In(from.Location()).Format("2 Jan, 15:04") + ": older mentions are counted, and can't tell a story any more."
	case !whole:
		return fmt.Sprintf("Found among the newest %s mentions.", charts.CountWord(mostPages*pageSize))
	}
	return ""
}

// restOf says what a chart of the share of voice leaves out.
func restOf(r mood.ShareRow) string {
	share := ""
	if r.Share != nil {
		share = ": " + charts.PercentWord(*r.Share) + " together"
	}
	return "And " + r.Name + share + "."
}

func othersOf(n int) string { return charts.Many(int64(n), "other brand", "other brands") }

func timelineOf(n int) string {
	return fmt.Sprintf("The %d most mentioned brands.", n)
}

// moodTenths writes a mood as finely as what moved it.
func moodTenths(t mood.Tally) string {
	if t.Mentions() == 0 {
		return "–"
	}
	return signedNumber(100*t.Mood(), 1)
}

// movedBy names the parts that moved a mood most, of those that are significant:
// one of each dimension.
func movedBy(b Brand) string {
	if !b.Mood.Significant {
		return "" // the headline says of no change that could have been moved
	}
	var parts []string
	for _, d := range b.Moved {
		if len(d.Parts) == 1 {
			continue // all that was said came from there, as before
		}
		for _, p := range d.Parts {
			if p.Significant {
				parts = append(parts, fmt.Sprintf("%s %s (%s)", map[string]string{"outlets": "the outlet", "languages": "texts in", "countries": "publishers in"}[d.ID], clip(p.Name, 60), signedNumber(p.Points, 1)))
				break
			}
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "Moved most by " + charts.List(parts) + ", in points of mood."
}

func usualOf(b Brand) string {
	if b.Usual == nil {
		return ""
	}
	return fmt.Sprintf("Usual at this hour of the week: mood %s to %s, %s to %s mentions.", signed(b.Usual.Mood.Low), signed(b.Usual.Mood.High),
		charts.CountWord(int64(b.Usual.Mentions.Low)), charts.CountWord(int64(b.Usual.Mentions.High)))
}

// Small print.

func fineTest(window string, usual bool) string {
	volume := "Numbers of mentions are compared by days with the window before."
	switch {
	case usual:
		volume = "Numbers of mentions are compared with what is usual at this hour of the week."
	case window == "1h" || window == "24h":
		volume = "Numbers of mentions are not compared: what is usual at this hour of the week is not known yet."
	case window != "7d":
		volume = "Numbers of mentions are compared by weeks with the window before."
	}
	return fmt.Sprintf("Where nothing has changed, at most %d of 100 reports call anything significant in their headline, and as many any part (Welch’s test, which allows for stories that many repeat; Holm’s correction). Each window must have %d mentions. %s",
		int(100*Level), Enough, volume)
}

const (
	fineMoved = "A part’s points are its share of the mentions times its change of mood, plus its change of share times how far its mood lies from that of all. " +
		"Countries are the publishers’."
	fineNoParts = "Not known: counts by outlet, language and country are no longer kept of the window before."
	fineBegan   = "Counting seems to have begun within the window before, so numbers of mentions are not compared."
)

// missingLetters stands for a title that the PDF has no letters for.
func missingLetters(script string) string {
	if script == "" {
		return "(a title in letters that this sheet does not have)"
	}
	return "(a title in " + script + " letters, which this sheet does not have)"
}

// scriptWords name scripts where Unicode's name would say little.
var scriptWords = map[string]string{"Han": "Chinese", "Hiragana": "Japanese", "Katakana": "Japanese", "Hangul": "Korean"}

const (
	wordPart   = "Part"
	wordNarrow = "From left to right: outlets, languages, countries; of each its mentions and mood (before), and by how much it moved the mood."
)
