package figure

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/charts"
	"agora/charts/snapshot"
	"agora/charts/snapshot/draw"
	"agora/errand"
	"agora/mood"
)

// built are the engine, the world and the faces, as the assets have them.
var built = sync.OnceValues(func() (c Config, err error) {
	dist := filepath.Join("..", "..", "..", "static", "dist")
	read := func(pattern string) (files [][]byte) {
		names, bad := filepath.Glob(filepath.Join(dist, pattern)) // sorted
		if bad != nil || len(names) == 0 {
			err = fmt.Errorf("no %s in %s (%v): run `make assets`", pattern, dist, bad)
			return [][]byte{nil}
		}
		for _, name := range names {
			data, bad := os.ReadFile(name)
			if bad != nil {
				err = bad
			}
			files = append(files, data)
		}
		return files
	}
	c = Config{Script: read("engine/engine.js")[0], World: read("assets/world-*.geojson")[0]}
	var faces []draw.Face
	for _, weight := range []int{400, 600} {
		for _, data := range read(fmt.Sprintf("engine/inter-%d-*.ttf", weight)) {
			faces = append(faces, draw.Face{Family: "Inter", Weight: weight, Data: data})
		}
	}
	if err == nil {
		c.Fonts, err = draw.NewFonts(faces...)
	}
	return c, err
})

// newMaker is a maker with an engine of its own.
func newMaker(t testing.TB) *Maker {
	t.Helper()
	c, err := built()
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// painted is the maker whose engine others use.
var painted = sync.OnceValues(func() (*Maker, error) {
	c, err := built()
	if err != nil {
		return nil, err
	}
	return New(c)
})

// sharedMaker is a maker with nothing on its shelves, whose engine is that of
// others: starting one and compiling its script takes seconds.
func sharedMaker(t testing.TB) *Maker {
	t.Helper()
	first, err := painted()
	if err != nil {
		t.Fatal(err)
	}
	office := errand.NewOffice(snapshot.ErrClosed)
	t.Cleanup(func() { _ = office.Close(context.Background()) })
	return &Maker{
		painter: first.painter, fonts: first.fonts, office: office, presses: first.presses,
		charts: newShelf(office, keptCharts), files: newShelf(office, keptFiles),
	}
}

// board is a brand with some mentions, one outlet and one country.
func board(name string) *mood.Board {
	asOf := time.Date(2026, 11, 26, 14, 5, 0, 0, time.UTC)
	w, _ := mood.ParseWindow("24h")
	tally := mood.Tally{Positive: 30, Neutral: 12, Unclear: 3, Negative: 9}
	b := &mood.Board{
		Window: "24h", From: w.From(asOf, time.UTC), To: asOf, AsOf: asOf, Timezone: "UTC", Order: []string{"nokia"},
		Names: map[string]mood.Brand{"nokia": {ID: "nokia", Name: name, Color: "#005AFF"}},
		Share: []mood.ShareRow{{Row: mood.RowOf("nokia", tally), Name: name, Color: "#005AFF"}},
	}
	part := &mood.BrandBoard{
		Total: tally.Total(), Outlets: []mood.Row{mood.RowOf("example.com", tally)}, Languages: []mood.Row{mood.RowOf("en", tally)},
		Topics:    []mood.Row{mood.RowOf("5g", tally)},
		Countries: mood.Countries{From: []mood.Row{mood.RowOf("FI", tally)}, Unplaced: mood.Unplaced{About: 54}},
	}
	for i, at := range w.Points(asOf, time.UTC) {
		part.Series = append(part.Series, mood.PointOf(at, mood.Tally{Positive: int64(i % 3), Negative: int64(i % 2)}))
	}
	b.Brands = map[string]*mood.BrandBoard{"nokia": part}
	return b
}

func figureOf(t testing.TB, id, format string, b *mood.Board) charts.Figure {
	t.Helper()
	c, ok := charts.Find(id)
	if !ok {
		t.Fatalf("no chart %s", id)
	}
	table := c.Table(b).With(charts.Coverage{Asked: 3, Answering: 2, Silent: []string{"The Daily Silence"}})
	o, err := c.Option(table)
	if err != nil {
		t.Fatal(err)
	}
	return charts.Figure{Table: table, Option: o, Format: format, Theme: "light", Width: 900, Height: 500}
}

func TestEveryChartBecomesEveryKindOfFile(t *testing.T) {
	m := sharedMaker(t)
	for _, c := range charts.All() {
		themes := []string{"dark"}
		if c.ID == "sources" { // colours are the same business for all
			themes = []string{"light", "dark", "print", "transparent"}
		}
		for _, theme := range themes {
			f := figureOf(t, c.ID, "svg", board("Nokia"))
			f.Theme = theme
			svg, err := m.Draw(t.Context(), f)
			if err != nil {
				t.Fatalf("%s, %s: %v", c.ID, theme, err)
			}
			wellFormed(t, svg)
			// These two speak of other times, and of devices.
			own := map[string][]string{"rhythm": {">Rhythm of the week: Nokia, last 4 weeks<"}, "activity": {">" + c.Title + ": Nokia, last 24 hours<", "device events", "nokia · 24h"}}[c.ID]
			if own == nil {
				own = []string{">" + c.Title + ": Nokia, last 24 hours<", "54 mentions", "nokia · 24h", "Mood = "}
			}
			for _, want := range append(own, "silent: The Daily Silence", "Data as of 26 Nov 2026, 14:05 (UTC)") {
				if !strings.Contains(string(svg), want) {
					t.Errorf("%s, %s: %q isn't there", c.ID, theme, want)
				}
			}
			f.Format, f.Width, f.Height, f.Scale = "png", 600, 400, 1.5
			file, err := m.Draw(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			if size := img.Bounds().Size(); size.X != 900 || size.Y != 600 {
				t.Errorf("%s has %v pixels", c.ID, size)
			}
			if _, _, _, alpha := img.At(2, 2).RGBA(); (alpha == 0) != (theme == "transparent") {
				t.Errorf("%s, %s: a corner's opacity is %d", c.ID, theme, alpha)
			}
		}
		file, err := m.Draw(t.Context(), figureOf(t, c.ID, "pdf", board("Nokia")))
		if err != nil || !bytes.HasPrefix(file, []byte("%PDF-")) {
			t.Errorf("%s as PDF: %.20q %v", c.ID, file, err)
		}
	}
}

func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("no XML: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok && (e.Name.Local == "script" || e.Name.Local == "style" || e.Name.Local == "a" || e.Name.Local == "image") {
			t.Errorf("the picture holds a <%s>", e.Name.Local)
		}
	}
}

func TestTheTextOfAPDFCanBeFoundAndItsLinkLives(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("AGORA_TEST_ALL") != "" {
			t.Fatal("pdftotext is missing: install poppler-utils")
		}
		t.Skip("pdftotext is missing")
	}
	f := figureOf(t, "sources", "pdf", board("Nokia"))
	f.Link = "https://agora.example.com/snapshots/abc"
	file, err := sharedMaker(t).Draw(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "chart.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Outlets: Nokia, last 24 hours", "example.com", "54 mentions", "silent: The Daily Silence", f.Link} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q isn't in the text:\n%s", want, text)
		}
	}
	if !bytes.Contains(file, []byte("/URI ("+f.Link+")")) {
		t.Error("the link leads nowhere")
	}
}

func TestTheSameFigureIsTheSameFile(t *testing.T) {
	f := figureOf(t, "timeline", "pdf", board("Nokia"))
	first, err := sharedMaker(t).Draw(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	again, err := sharedMaker(t).Draw(t.Context(), f)
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("another maker makes another file: %v", err)
	}
}

func TestAChartOfNothingSaysSo(t *testing.T) {
	empty := board("Nokia")
	empty.Brands["nokia"] = &mood.BrandBoard{}
	svg, err := sharedMaker(t).Draw(t.Context(), figureOf(t, "sources", "svg", empty))
	if err != nil || strings.Count(string(svg), "No mentions in this window yet.") < 2 {
		t.Errorf("it doesn't say that there is nothing: %v", err)
	}
}

func TestWhatNoFontHasIsNamed(t *testing.T) {
	m := sharedMaker(t)
	f := figureOf(t, "sources", "png", board("Ur \U00012000\U00012001"))
	with, err := m.Draw(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	f.Bare = true // nowhere to say it, and no reason to fail
	if _, err := m.Draw(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	f.Bare = false
	svg, err := m.compose(t.Context(), f, []rune{0x12000, 0x12001})
	if err != nil || !strings.Contains(string(svg), "U+12000 and U+12001") {
		t.Fatalf("they aren't named: %v", err)
	}
	picture, err := draw.Parse(svg)
	if err != nil {
		t.Fatal(err)
	}
	want, err := m.render(t.Context(), withScale(f), picture)
	if err != nil || !bytes.Equal(with, want) {
		t.Errorf("the picture isn't the one that names them: %v", err)
	}
}

func withScale(f charts.Figure) charts.Figure { f.Scale = 1; return f }

func TestHostileNamesStayTexts(t *testing.T) {
	m := sharedMaker(t)
	for _, name := range []string{`<script>alert(1)</script>`, `"/><a href="javascript:x">`, "]]>\x00\x01&#0;", "__proto__", "role:text", strings.Repeat("W", 4000), "\u202egnirts"} {
		svg, err := m.Draw(t.Context(), figureOf(t, "mood", "svg", board(name)))
		if err != nil {
			t.Fatalf("%.20q: %v", name, err)
		}
		wellFormed(t, svg)
	}
}

func TestWhatCannotBeDrawnIsRefused(t *testing.T) {
	m := sharedMaker(t)
	for name, change := range map[string]func(*charts.Figure){
		"gif":             func(f *charts.Figure) { f.Format = "gif" },
		"each side":       func(f *charts.Figure) { f.Width = 4097 },
		"× 10 pixels":     func(f *charts.Figure) { f.Height = 10 },
		"scale":           func(f *charts.Figure) { f.Scale = 4.5 },
		"million":         func(f *charts.Figure) { f.Width, f.Height, f.Scale = 4096, 4096, 2 },
		"8192 a side":     func(f *charts.Figure) { f.Width, f.Height, f.Scale = 4096, 60, 4 },
		`theme "evening"`: func(f *charts.Figure) { f.Theme = "evening" },
	} {
		f := figureOf(t, "mood", "png", board("Nokia"))
		change(&f)
		if _, err := m.Draw(t.Context(), f); !errors.Is(err, mood.ErrInvalid) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever the size and the words, nothing sticks out of a figure, nothing lies
// over the chart, and the chart has most of the room.
func TestEverythingHasItsPlace(t *testing.T) {
	m := sharedMaker(t)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.Map(rapid.SliceOfN(rapid.StringMatching(`[A-Za-zåäöÅ]{1,40}`), 1, 9), func(w []string) string { return strings.Join(w, " ") })
		table := charts.ForMentions([]string{words.Draw(t, "brand")}, "7d", time.Time{}, time.Now(), time.Now(), time.UTC, nil,
			charts.About{Sources: charts.Coverage{Asked: 9, Answering: 1, Silent: []string{words.Draw(t, "source")}}})
		table.Notes = rapid.SliceOfN(words, 0, 5).Draw(t, "notes")
		f := charts.Figure{
			Table: table, Theme: "dark", Width: rapid.IntRange(MinSide, MaxSide).Draw(t, "width"), Height: rapid.IntRange(MinSide, MaxSide).Draw(t, "height"),
			Link: rapid.SampledFrom([]string{"", "https://agora.example.com/snapshots/x"}).Draw(t, "link"),
		}
		l := m.layout(f, []rune{'x'})
		if l.chart.h < 0.4*l.h || l.chart.w < 0.8*l.w {
			t.Fatalf("the chart has %v of %v × %v", l.chart, l.w, l.h)
		}
		for _, n := range l.lines {
			width := m.fonts.Advance(n.text, n.size, n.weight)
			left := n.x
			if n.right {
				left -= width
			}
			if left < 0 || left+width > l.w+0.5 || n.y-n.size*0.8 < 0 || n.y+n.size*0.2 > l.h {
				t.Fatalf("%q sticks out of %v × %v: %v %v", n.text, l.w, l.h, left, n.y)
			}
			if n.y+n.size*0.2 > l.chart.y && n.y-n.size*0.8 < l.chart.y+l.chart.h {
				t.Fatalf("%q lies over the chart %v: %v", n.text, l.chart, n.y)
			}
		}
	})
}

// The words of a pulse are small enough in a small chart; a small figure doesn't
// shrink them once more.
func TestASmallPulseIsDrawnForThePixelsThatThereAre(t *testing.T) {
	m := sharedMaker(t)
	for id, grows := range map[string]bool{"pulse": true, "topics": false} {
		for _, size := range [][2]int{{600, 400}, {200, 100}, {1200, 675}, {4096, 4096}} {
			f := figureOf(t, id, "svg", board("Nokia"))
			f.Width, f.Height = size[0], size[1]
			l := m.layout(f, nil)
			k := l.grown(f)
			if want := grows && size[0] == 600; (k > 1.2) != want || k < 1 {
				t.Errorf("%s of %v is drawn for 1/%.2f of its room", id, size, k)
			}
			if width, height, own := f.Table.OwnType(); own && k > 1 && (l.chart.w/k < width-1 || l.chart.h/k < height-1) {
				t.Errorf("%s of %v has no room for its words", id, size)
			}
		}
	}
}
