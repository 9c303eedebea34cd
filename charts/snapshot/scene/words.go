package scene

import (
	"strings"
	"time"

	"golang.org/x/text/unicode/bidi"

	"agora/charts"
	"agora/mood"
)

// What the scenes say: as static/src/wall/words.js has it.
const (
	wordDemo   = "Demo: made-up data"
	wordSaid   = "What is being said"
	wordListen = "Listening for "
)

// foreign stands in for a text in letters of a script that can't be drawn.
func foreign(script string) string {
	if script == "" {
		return "(in letters that are not drawn here)"
	}
	return "(in " + script + " letters, not drawn here)"
}

// figure is a mood as it stands on a wall: −100…+100 with its sign.
func figure(m *float64) string {
	if m == nil {
		return "–"
	}
	return charts.SignedWord(*m)
}

// feeling is the colour of a mood: it has one beyond a tenth either way.
func feeling(m *float64) string {
	switch {
	case m != nil && *m >= 0.1:
		return "positive"
	case m != nil && *m <= -0.1:
		return "negative"
	}
	return "neutral"
}

func span(window string) string {
	if s, ok := map[string]string{"1h": "1 hour", "24h": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "90 days"}[window]; ok {
		return s
	}
	return window
}

func mentionsIn(n int64, window string) string {
	return charts.MentionsWord(n) + " in " + span(window)
}

func nothingYet(window string) string {
	return "Nothing has been said in the last " + span(window) + ". The next mention appears here by itself."
}

func shareOf(window string) string {
	return "Share of what is said, and mood, in the last " + span(window)
}

// headline is a sentence without the figures in it: they stand beside it.
func headline(b charts.SceneBrand) string {
	if at := strings.LastIndex(b.Sentence, ": "+figure(b.Mood)); at > 0 {
		return b.Sentence[:at] + "."
	}
	return b.Sentence
}

const fewest = 10 // mentions, below which nothing is compared

// changed is how the mood changed; empty: there is too little to compare with.
func changed(b charts.SceneBrand, window string) string {
	if b.Change == nil || b.Before < fewest {
		return ""
	}
	before, ok := map[string]string{"1h": "hour before", "24h": "day before", "7d": "week before", "30d": "30 days before", "90d": "90 days before"}[window]
	if !ok {
		before = "window before"
	}
	return figure(b.Change) + " on the " + before
}

func ago(d time.Duration) string {
	if d < 5*time.Second {
		return "just now"
	}
	return mood.SpanWord(d) + " ago"
}

// joined puts what is known side by side. Each part keeps its own direction.
func joined(parts ...string) string {
	var some []string
	for _, part := range parts {
		if part != "" {
			some = append(some, "\u2068"+part+"\u2069")
		}
	}
	return strings.Join(some, " · ")
}

// directed gives lines that others wrote the direction of the first strong
// letter in them: UAX #9, P2 and P3. What stands around them runs from left to
// right.
func directed(lines ...string) []string {
	for _, r := range strings.Join(lines, " ") {
		properties, _ := bidi.LookupRune(r)
		switch properties.Class() {
		case bidi.L:
			return lines
		case bidi.R, bidi.AL:
			for i, line := range lines {
				lines[i] = "\u202b" + line + "\u202c"
			}
			return lines
		default:
		}
	}
	return lines
}

func (p *paper) asOf() string {
	if p.AsOf.IsZero() {
		return ""
	}
	return "as of " + mood.ClockWord(p.AsOf, p.Now, p.zone())
}

func (p *paper) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// town is the name of a zone's town: Europe/Helsinki is Helsinki.
func (p *paper) town() string {
	name := p.zone().String()
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}

// title says to those who can't see it what the picture shows.
func (p *paper) title() string {
	parts := []string{"Agora wall"}
	switch p.Show {
	case charts.SceneOverview, charts.SceneMap:
		parts = append(parts, p.Brand.Name, "mood "+figure(p.Brand.Mood), mentionsIn(p.Brand.Mentions, p.Window))
	case charts.SceneBrands:
		parts = append(parts, shareOf(p.Window))
	case charts.SceneMentions:
		parts = append(parts, wordSaid)
	default:
		parts = append(parts, p.Waiting.Before, p.Waiting.Title, p.Waiting.Below)
	}
	parts = append(parts, p.Silence.Sentence, p.asOf())
	var some []string
	for _, part := range parts {
		if part != "" {
			some = append(some, strings.TrimSuffix(part, "."))
		}
	}
	return strings.Join(some, ". ") + "."
}
