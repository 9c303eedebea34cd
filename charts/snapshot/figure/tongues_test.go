package figure

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"agora/charts"
	"agora/mood"
)

// spoken is a figure in a language, of a board with a source that stopped.
func spoken(t testing.TB, id, lang, format string, b *mood.Board) charts.Figure {
	t.Helper()
	c, ok := charts.Find(id)
	words, known := charts.WordsIn(lang)
	if !ok || !known {
		t.Fatalf("no chart %s in %s", id, lang)
	}
	c = c.Spoken(words)
	table := c.Table(b).With(charts.Coverage{Asked: 3, Answering: 2, Silent: []string{"The Daily Silence"}})
	o, err := c.Option(table)
	if err != nil {
		t.Fatal(err)
	}
	return charts.Figure{Table: table, Option: o, Format: format, Theme: "light", Width: 480, Height: 330}
}

func stoppedBoard() *mood.Board {
	b := board("Nokia")
	part := b.Brands["nokia"]
	part.Outages = []mood.SourceOutage{{Source: "s", Name: "The Extraordinarily Silent Daily", From: b.AsOf.Add(-5 * time.Hour), Share: 0.31}}
	part.Activity = []mood.ActivityRow{{Key: "check-in", Count: 3000, Series: []mood.ActivityPoint{{T: part.Series[0].T, Count: 3000}}}}
	feeling := 0.4
	part.Rhythm = []mood.RhythmCell{{Weekday: 5, Hour: 9, Mentions: 12, Mood: &feeling}}
	return b
}

func TestEveryChartIsDrawnInEveryLanguage(t *testing.T) {
	m := sharedMaker(t)
	b := stoppedBoard()
	drawn := map[string]string{}
	for _, lang := range charts.Languages() {
		for _, c := range charts.All() {
			f := spoken(t, c.ID, lang, "svg", b)
			svg, err := m.Draw(t.Context(), f)
			if err != nil {
				t.Fatalf("%s in %s: %v", c.ID, lang, err)
			}
			wellFormed(t, svg)
			for _, want := range []string{`xml:lang="` + lang + `"`, "<title>" + f.Table.Title, f.Table.Caption().Basis[:20]} {
				if !bytes.Contains(svg, []byte(want)) {
					t.Errorf("%s in %s doesn't have %q", c.ID, lang, want)
				}
			}
			if other := drawn[string(svg)]; other != "" {
				t.Errorf("%s in %s is the same as %s", c.ID, lang, other)
			}
			drawn[string(svg)] = c.ID + " in " + lang
		}
	}
	// What the engine itself writes.
	for _, c := range []struct{ chart, lang, want string }{
		{"timeline", "en", ">06:00<"}, {"timeline", "fi", ">06.00<"}, {"activity", "de", ">3\u00a0Tsd.<"}, {"activity", "fr", ">3\u00a0k<"},
		{"timeline", "de", ">Neutral oder unklar<"}, {"timeline", "sv", ": avbrott<"}, {"rhythm", "pt", ">sáb.<"}, {"languages", "es", ">Inglés<"},
	} {
		svg, err := m.Draw(t.Context(), spoken(t, c.chart, c.lang, "svg", b))
		if err != nil || !bytes.Contains(svg, []byte(c.want)) {
			t.Errorf("%s in %s has no %q (%v)", c.chart, c.lang, c.want, err)
		}
	}
}

func TestWhatThereIsToSayOfNothingStaysInItsFrame(t *testing.T) {
	m := sharedMaker(t)
	nothing := board("Nokia")
	nothing.Brands["nokia"] = &mood.BrandBoard{}
	for _, lang := range charts.Languages() {
		f := spoken(t, "timeline", lang, "svg", nothing)
		f.Bare, f.Width, f.Height = true, 200, 120
		svg, err := m.Draw(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		box := regexp.MustCompile(`viewBox="0 0 ([\d.]+) `).FindSubmatch(svg)
		wide, _ := strconv.ParseFloat(string(box[1]), 64)
		var said []string
		for _, text := range regexp.MustCompile(`<text x="([\d.]+)"[^>]*font-size="([\d.]+)"[^>]*>([^<]*)<`).FindAllSubmatch(svg, -1) {
			right, _ := strconv.ParseFloat(string(text[1]), 64)
			size, _ := strconv.ParseFloat(string(text[2]), 64)
			if left := right - m.fonts.Advance(string(text[3]), size, 400); left < 0 || right > wide {
				t.Errorf("%s: %q stands at %.0f to %.0f of %.0f", lang, text[3], left, right, wide)
			}
			said = append(said, string(text[3]))
		}
		if strings.Join(said, " ") != f.Table.Empty() {
			t.Errorf("%s says %q", lang, said)
		}
	}
}
