package charts

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"agora/mood"
)

// Every word that a chart shows stands in this file.

// Titles of charts and columns.
const (
	titleMood      = "Mood"
	titleTimeline  = "Timeline"
	titleMap       = "Map"
	titleSources   = "Outlets"
	titleTopics    = "Topics"
	titleShare     = "Share of voice"
	titleLanguages = "Languages"
	titleRhythm    = "Rhythm of the week"
	titleActivity  = "Device activity"
	titleMentions  = "Mentions"

	spanRhythm = "last 4 weeks"

	wordMentions = "Mentions"
	wordPositive = "Positive"
	wordNeutral  = "Neutral"
	wordUnclear  = "Unclear"
	wordOther    = "Neutral or unclear"
	wordNegative = "Negative"
	wordMood     = "Mood"
	wordTime     = "Time"
	wordBrand    = "Brand"
	wordOutlet   = "Outlet"
	wordLanguage = "Language"
	wordCode     = "Code"
	wordCountry  = "Country"
	wordPlace    = "Place"
	wordCount    = "Count"
	wordTopic    = "Topic"
	wordSalience = "Salience"
	wordWeekday  = "Weekday"
	wordHour     = "Hour"
	wordKind     = "Kind"
	wordShare    = "Share"
	wordBefore   = "Mood before"
	wordLine     = "Mood line"
	wordLow      = "Usual from"
	wordHigh     = "Usual to"
	wordUnknown  = "Unknown"
	wordActivity = "Activity"
	wordStopped  = "Stopped"
)

// What stands above and below a table that is taken away.
const (
	factTitle   = "Title"
	factFilters = "Filters"
	factFrom    = "From"
	factTo      = "To"
	factAsOf    = "Data as of"
	factKept    = "Kept on"
	factZone    = "Time zone"
	factSources = "Sources"
	factMethod  = "Method"
	factNote    = "Note"
	factDemo    = "Demo"
	factLicence = "Licence"
	factEvents  = "Device events"

	wordMethod = "Each text is judged towards each brand in it as positive, neutral, unclear or negative, by Agora or by the person who corrected it. " +
		"Mood = (positive - negative) / all mentions x 100, from -100 to +100. A mention counts when it was published."
	wordKept    = "kept on"
	wordEvents  = "Devices and apps report what is done with them; each report is one event and counts when it happened."
	wordBrief   = "Mood = (positive - negative) / all mentions x 100."
	wordDemo    = "DEMO: made-up data"
	wordLicence = "Map data: Natural Earth (naturalearthdata.com), public domain."
)

// weekdays, Monday first.
var weekdays = [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// placeWords say what each kind of place means.
var placeWords = map[string]string{
	placeAbout:  "written about",
	placeFrom:   "published in",
	placeOrigin: "sent from",
	placeDevice: "devices in",
}

// spans name the windows: for a title, inside a sentence, and the one before.
var spans = map[string]struct{ title, now, before string }{
	"1h":  {"last hour", "this hour", "the hour before"},
	"24h": {"last 24 hours", "today", "the day before"},
	"7d":  {"last 7 days", "this week", "the week before"},
	"30d": {"last 30 days", "this month", "the month before"},
	"90d": {"last 90 days", "this quarter", "the quarter before"},
}

// Heading is the title of a chart, by name, of these brands over a window;
// without a chart, that of all of them.
func Heading(chart string, brands []mood.Brand, window string) string {
	return headed(chart, brands, spans[window].title)
}

// headed is a [Heading] over a span that has a name of its own; empty: none.
func headed(chart string, brands []mood.Brand, span string) string {
	names := make([]string, len(brands))
	for i, b := range brands {
		names[i] = b.Name
	}
	s := list(names)
	switch {
	case s == "":
		s = chart
	case chart != "":
		s = chart + ": " + s
	}
	if span != "" && s != "" {
		s += ", " + span
	}
	return s
}

// BoardHeading is the title of a board: its brands and its window.
func BoardHeading(b *mood.Board) string { return Heading("", viewOf(b).brands, b.Window) }

// list joins names as a sentence does.
func list(names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

// signedWord writes a mood of −1…1 as people read it: +31, −12, 0.
func signedWord(m float64) string {
	n := int(math.Round(m * 100))
	switch {
	case n > 0:
		return "+" + strconv.Itoa(n)
	case n < 0:
		return "−" + strconv.Itoa(-n)
	default:
		return "0"
	}
}

// countWord writes a count with separators: 1,204.
func countWord(n int64) string {
	s := strconv.FormatInt(n, 10)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		s = "−" + s
	}
	return s
}

// shortWord writes a count in little room: 1.2k.
func shortWord(n int64) string {
	switch {
	case n >= 10_000_000:
		return strconv.FormatFloat(math.Round(float64(n)/1e6), 'f', -1, 64) + "M"
	case n >= 1_000_000:
		return strconv.FormatFloat(roundTo(float64(n)/1e6, 1), 'f', -1, 64) + "M"
	case n >= 10_000:
		return strconv.FormatFloat(math.Round(float64(n)/1e3), 'f', -1, 64) + "k"
	case n >= 1000:
		return strconv.FormatFloat(roundTo(float64(n)/1e3, 1), 'f', -1, 64) + "k"
	default:
		return strconv.FormatInt(n, 10)
	}
}

// percentWord writes a share of 0…1.
func percentWord(share float64) string {
	if share > 0 && share < 0.005 {
		return "<1 %"
	}
	return strconv.Itoa(int(math.Round(share*100))) + " %"
}

// many writes a count with its noun.
func many(n int64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return countWord(n) + " " + more
}

func mentionsWord(n int64) string { return many(n, "mention", "mentions") }

// tallyTip is the tooltip of anything that has a tally.
func tallyTip(name string, t mood.Tally) string {
	n := t.Mentions()
	if n < few {
		return fmt.Sprintf("%s: %s, too few to judge", name, mentionsWord(n))
	}
	return fmt.Sprintf("%s: %s, %s\n%s positive, %s neutral or unclear, %s negative", name, signedWord(t.Mood()),
		mentionsWord(n), countWord(t.Positive), countWord(t.Neutral+t.Unclear), countWord(t.Negative))
}

// tallyNote is the short form, at the end of a bar.
func tallyNote(t mood.Tally) string {
	if t.Mentions() < few {
		return shortWord(t.Mentions())
	}
	return signedWord(t.Mood()) + " · " + shortWord(t.Mentions())
}

// lineTip says what a point of a mood line stands on.
func lineTip(t mood.Tally) string {
	return signedWord(t.Mood()) + " over the latest " + countWord(t.Mentions())
}

func hourTip(weekday, hour int, t mood.RhythmCell) string {
	at := fmt.Sprintf("%s %02d:00–%02d:00", weekdays[weekday], hour, (hour+1)%24)
	if t.Mentions < few || t.Mood == nil {
		return fmt.Sprintf("%s: %s, too few to judge", at, mentionsWord(t.Mentions))
	}
	return fmt.Sprintf("%s: %s, %s", at, signedWord(*t.Mood), mentionsWord(t.Mentions))
}

func eventsWord(n int64) string { return many(n, "device event", "device events") }

func activityTip(country string, n int64) string { return country + ": " + eventsWord(n) }

func shareTip(r mood.ShareRow) string {
	if r.Mentions == 0 {
		return r.Name + ": not mentioned"
	}
	s := r.Name + ": " + mentionsWord(r.Mentions)
	if r.Share != nil {
		s += ", " + percentWord(*r.Share) + " of all brands"
	}
	if r.Mentions >= few && r.Mood != nil {
		s += ", mood " + signedWord(*r.Mood)
	}
	return s
}

func moodTip(name string, now, before mood.Tally) string {
	s := tallyTip(name, now)
	if before.Mentions() >= few {
		s += "\nBefore: " + signedWord(before.Mood()) + ", " + mentionsWord(before.Mentions())
	}
	return s
}

// Notes of tables.
const (
	noteEmpty      = "No mentions in this window yet."
	noteNoActivity = "No device activity in this window yet."
	noteMerged     = "The brands are added up; a mention of several brands counts for each of them."
	noteNoTopics   = "No topic stands out yet."
	noteRhythm     = "The last 4 weeks on the local clock, whatever the window."
	noteLine       = "The mood line follows the latest 20 mentions or more at each time; where there are fewer than 3 it has a gap."
	noteFew        = "Places with fewer than 3 mentions are shown as few, without a mood."
	noteBorders    = "Borders are drawn as in Natural Earth, mostly by who holds an area; they say nothing of who is right."
	noteRings      = "Rings are device activity; the wider, the more of it."
	noteBand       = "The band is what is usual at this hour of the week."
	noteMissing    = "Boxes stand for characters that this picture has no font for: "
	noteRange      = "The thin line is the range in which the mood lies with 95 % certainty."
	noteUsual      = "The grey band is where the mood usually is."
	noteShades     = "The paler an hour, the fewer its mentions; hollow ones have fewer than 3, too few to judge."
	noteFigures    = "Beside each bar: the mood and the mentions."
	noteSalience   = "The longer a bar, the more often this is said here than elsewhere; its number is the mood and the mentions."
	noteByMentions = "The longer a bar, the more mentions; its number is the mood and the mentions."
)

// noteBefore says what the ring of a mood is.
func noteBefore(window string) string {
	span, ok := spans[window]
	if !ok {
		span.before = "the window before"
	}
	return "The hollow ring is the mood of " + span.before + "."
}

func noteUnplaced(place string, unplaced, all int64) string {
	what := map[string]string{
		placeAbout:  "name no country that they are about",
		placeFrom:   "come from a publisher of unknown country",
		placeOrigin: "carry no place that they were sent from",
	}[place]
	if unplaced >= all {
		return "All " + mentionsWord(all) + " " + what + "."
	}
	return fmt.Sprintf("%s of %s %s.", percentWord(float64(unplaced)/float64(all)), mentionsWord(all), what)
}

func noteUnplacedDevices(n int64) string {
	return many(n, "device event has", "device events have") + " no country."
}

// stoppedWord is the name of a source that stopped, on the chart.
func stoppedWord(name string) string {
	return clipped(name) + " stopped"
}

// clipped keeps the name of a source short enough for a phone.
func clipped(name string) string {
	if runes := []rune(name); len(runes) > stopName {
		return strings.TrimSpace(string(runes[:stopName-1])) + "…"
	}
	return name
}

// outageTip says of a source that stopped when it did, and how much it had
// brought.
func outageTip(s stop, span string) string {
	return fmt.Sprintf("%s\n%s; it brought\n%s", clipped(s.name), span, strings.Join(s.carried, "\n"))
}

func outageNote(s stop, span string) string {
	return fmt.Sprintf("%s stopped, %s. In the 7 days before it had brought %s, which may be missing here.", s.name, span, list(s.carried))
}

func restWord(n int) string { return many(int64(n), "other", "others") }

// moreWord says how many rows a small picture has no room for.
func moreWord(n int64) string { return countWord(n) + " more" }

// Descriptions for screen readers: what the chart shows, then what it says.

func describe(t Table, says string) string {
	if says == "" {
		says = "Nothing to show yet."
	}
	return t.Title + ". " + says
}

// describePlaces says which places of one kind a map shows; devices are seen
// where things are sent from.
func describePlaces(t Table, mode string) string {
	var rows []Row
	var devices []string
	for _, r := range t.Rows {
		switch {
		case r.group == mode:
			rows = append(rows, r)
		case r.group == placeDevice && mode == placeOrigin && len(devices) < 3:
			devices = append(devices, activityTip(r.title, r.extra.count))
		}
	}
	var parts []string
	kind := strings.ToUpper(placeWords[mode][:1]) + placeWords[mode][1:]
	switch {
	case len(rows) > 0:
		parts = append(parts, kind+": "+describeRows(rows))
	case t.view.total().Mentions() == 0:
		parts = append(parts, noteEmpty)
	default:
		for _, n := range t.view.unplacedNotes() {
			if n.Mode == mode {
				parts = append(parts, n.Text)
			}
		}
	}
	if len(devices) > 0 {
		parts = append(parts, strings.Join(devices, "; ")+".")
	}
	return strings.Join(parts, " ")
}

func describeTotal(t mood.Tally) string {
	if t.Mentions() == 0 {
		return noteEmpty
	}
	return fmt.Sprintf("Mood %s from %s: %s positive, %s neutral or unclear, %s negative.", signedWord(t.Mood()), mentionsWord(t.Mentions()),
		countWord(t.Positive), countWord(t.Neutral+t.Unclear), countWord(t.Negative))
}

// describeRows reads the first few rows aloud.
func describeRows(rows []Row) string {
	const most = 3
	var parts []string
	for _, r := range rows[:min(most, len(rows))] {
		parts = append(parts, r.title+" "+tallyNote(r.tally))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "; ") + "."
}
