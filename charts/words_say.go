package charts

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/mood"
)

// heading is the title of a chart, by name, of these brands over a span; each
// may be empty.
func (w *Words) heading(chart string, brands []mood.Brand, span string) string {
	names := make([]string, len(brands))
	for i, b := range brands {
		names[i] = b.Name
	}
	s := w.list(names)
	switch {
	case s == "":
		s = chart
	case chart != "":
		s = w.Says.Headed.with("chart", chart, "brands", s)
	}
	if span != "" && s != "" {
		s = w.Says.Over.with("title", s, "span", span)
	}
	return s
}

// window is what people call a window, as a filter.
func (w *Words) window(name string) string { return cmp.Or(w.Spans[name].Short, name) }

func (w *Words) mentions(n int64) string { return w.many(n, w.Says.Mentions) }

func (w *Words) stories(n int64) string { return w.many(n, w.Says.Stories) }

func (w *Words) events(n int64) string { return w.many(n, w.Says.Events) }

// rest counts the values that have no row of their own.
func (w *Words) rest(n int) string { return w.many(int64(n), w.Says.Rest) }

// tally says of a tally how many mentions it has of each kind.
func (w *Words) tally(t mood.Tally) string {
	return w.Says.Tally.with("positive", w.count(t.Positive), "other", w.count(t.Neutral+t.Unclear), "negative", w.count(t.Negative))
}

// tallyTip is the tooltip of anything that has a tally.
func (w *Words) tallyTip(name string, t mood.Tally) string {
	n := t.Mentions()
	if n < few {
		return w.Says.TooFew.with("name", name, "mentions", w.mentions(n))
	}
	return w.Says.Judged.with("name", name, "mood", w.signed(t.Mood()), "mentions", w.mentions(n)) + "\n" + w.tally(t)
}

// tallyNote is the short form, at the end of a bar.
func (w *Words) tallyNote(t mood.Tally) string {
	if t.Mentions() < few {
		return w.short(t.Mentions())
	}
	return w.signed(t.Mood()) + " · " + w.short(t.Mentions())
}

// lineTip says what a point of a mood line stands on.
func (w *Words) lineTip(t mood.Tally) string {
	return w.Says.Line.with("mood", w.signed(t.Mood()), "n", w.count(t.Mentions()))
}

func (w *Words) hourTip(weekday, hour int, t mood.RhythmCell) string {
	at := w.Format.Weekdays[weekday] + " " + w.fullHour(hour) + "–" + w.fullHour((hour+1)%24)
	if t.Mentions < few || t.Mood == nil {
		return w.Says.TooFew.with("name", at, "mentions", w.mentions(t.Mentions))
	}
	return w.Says.Judged.with("name", at, "mood", w.signed(*t.Mood), "mentions", w.mentions(t.Mentions))
}

// pair is a name with what is said of it.
func (w *Words) pair(name, value string) string {
	return w.Says.Pair.with("name", name, "value", value)
}

func (w *Words) shareTip(r mood.ShareRow) string {
	if r.Mentions == 0 {
		return w.Says.Unmentioned.with("name", r.Name)
	}
	s := w.pair(r.Name, w.mentions(r.Mentions))
	if r.Stories != nil {
		s += ", " + w.stories(*r.Stories)
	}
	if r.Share != nil {
		s += ", " + w.Says.OfAll.with("share", w.percent(*r.Share))
	}
	if r.Mentions >= few && r.Mood != nil {
		s += ", " + w.Says.Feeling.with("mood", w.signed(*r.Mood))
	}
	return s
}

func (w *Words) moodTip(name string, now, before mood.Tally) string {
	s := w.tallyTip(name, now)
	if before.Mentions() >= few {
		s += "\n" + w.Says.Before.with("mood", w.signed(before.Mood()), "mentions", w.mentions(before.Mentions()))
	}
	return s
}

// noteBefore says what the ring of a mood is.
func (w *Words) noteBefore(window string) string {
	before := w.Spans[window].Before
	if before == "" {
		before = w.Notes.WindowBefore
	}
	return w.Notes.Before.with("before", before)
}

func (w *Words) noteUnplaced(place string, unplaced, all int64) string {
	n := w.Notes
	some := map[string]phrase{placeAbout: n.LostAbout, placeFrom: n.LostFrom, placeOrigin: n.LostOrigin}
	if unplaced >= all {
		some = map[string]phrase{placeAbout: n.AllLostAbout, placeFrom: n.AllLostFrom, placeOrigin: n.AllLostOrigin}
	}
	return some[place].with("share", w.percent(float64(unplaced)/float64(all)), "mentions", w.mentions(all))
}

// stopped is the name of a source that stopped, on the chart.
func (w *Words) stopped(name string) string { return w.Says.HasStopped.with("name", clipped(name)) }

// clipped keeps the name of a source short enough for a phone.
func clipped(name string) string {
	if runes := []rune(name); len(runes) > stopName {
		return strings.TrimSpace(string(runes[:stopName-1])) + "…"
	}
	return name
}

// outageTip says of a source that stopped when it did, and how much it had
// brought.
func (w *Words) outageTip(s stop, span string) string {
	return w.Says.Brought.with("name", clipped(s.name), "span", span, "parts", strings.Join(s.carried, "\n"))
}

func (w *Words) outageNote(s stop, span string) string {
	return w.Says.Outage.with("name", s.name, "span", span, "parts", w.list(s.carried))
}

// Descriptions for screen readers: what the chart shows, then what it says.

func describe(t Table, says string) string {
	w := t.Words()
	if says == "" {
		says = w.Says.Nothing
	}
	return w.Says.Described.with("title", t.Title, "says", says)
}

// describePlaces says which places of one kind a map shows, or where devices
// are.
func describePlaces(t Table, mode string) string {
	w := t.Words()
	if devicesIn(mode) {
		return describeDevices(t)
	}
	var rows []Row
	for _, r := range t.Rows {
		if r.group == mode {
			rows = append(rows, r)
		}
	}
	switch {
	case len(rows) > 0:
		return w.pair(capital(w.Places[mode]), w.describeRows(rows))
	case t.view.total().Mentions() == 0:
		return w.Notes.Empty
	}
	for _, n := range t.view.unplacedNotes() {
		if n.Mode == mode {
			return n.Text
		}
	}
	return ""
}

// capital begins a text with a capital.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

func (w *Words) describeTotal(t mood.Tally) string {
	if t.Mentions() == 0 {
		return w.Notes.Empty
	}
	return w.Says.Total.with("mood", w.signed(t.Mood()), "mentions", w.mentions(t.Mentions()), "tally", w.tally(t))
}

// describePulse says what stood out most in the last parts of the window.
func (w *Words) describePulse(t Table, slots []mood.PulseSlot) string {
	const most = 3
	var parts []string
	for i := len(slots) - 1; i >= 0 && len(parts) < most; i-- {
		var said []string
		for _, r := range t.Rows {
			if r.extra.count == int64(i) && len(said) < most {
				said = append(said, r.title+" "+w.tallyNote(r.tally))
			}
		}
		if len(said) > 0 {
			parts = append(parts, w.pair(t.slotName(slots[i]), strings.Join(said, ", ")))
		}
	}
	if len(parts) == 0 {
		return w.describeTotal(t.view.total())
	}
	return strings.Join(parts, "; ") + "."
}

// describeRows reads the first few rows aloud.
func (w *Words) describeRows(rows []Row) string {
	const most = 3
	var parts []string
	for _, r := range rows[:min(most, len(rows))] {
		parts = append(parts, r.title+" "+w.tallyNote(r.tally))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "; ") + "."
}
