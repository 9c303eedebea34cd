package scene

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"agora/charts"
	"agora/charts/snapshot"
	"agora/charts/snapshot/draw"
	"agora/mood"
)

var update = flag.Bool("update", false, "write testdata anew from what is drawn now")

// painter stands in for the engine: a chart is a box that says what it is.
type painter struct {
	types *draw.Fonts
	asked []snapshot.Picture
	fail  error
}

func (p *painter) Chart(_ context.Context, pic snapshot.Picture) (string, error) {
	p.asked = append(p.asked, pic)
	return fmt.Sprintf(`<rect width="%d" height="%d" fill="#0b1016"/><circle r="5" fill="rgb(47,155,224)" stroke="#E4572E80"/>`, pic.Width, pic.Height), p.fail
}
func (p *painter) Fonts() *draw.Fonts { return p.types }
func (p *painter) PNG(_ context.Context, svg []byte, scale float64, ground color.NRGBA) ([]byte, error) {
	return fmt.Appendf(nil, "png of %d bytes at %v on %v\n%s", len(svg), scale, ground, svg), nil
}

func newMaker(t *testing.T) (*Maker, *painter) {
	t.Helper()
	var faces []draw.Face
	for _, weight := range []int{400, 600} {
		names, err := filepath.Glob(fmt.Sprintf("../../../static/dist/engine/inter-%d-*.ttf", weight)) // sorted
		if err != nil || len(names) == 0 {
			t.Fatalf("no fonts in static/dist (%v): run `make assets`", err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			faces = append(faces, draw.Face{Family: "Inter", Weight: weight, Data: data})
		}
	}
	types, err := draw.NewFonts(faces...)
	if err != nil {
		t.Fatal(err)
	}
	p := &painter{types: types}
	m, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	return m, p
}

var now = time.Date(2026, 11, 23, 12, 3, 0, 0, time.UTC)

func number(v float64) *float64 { return &v }

// lobby is a scene of a wall on which all goes well.
func lobby(show string) charts.Scene {
	found := 6 * time.Minute
	nokia := charts.SceneBrand{
		Name: "Nokia", Color: "#005AFF", Mood: number(0.31), Mentions: 1204, Before: 900, Change: number(0.12),
		Sentence: "Nokia is liked more than the day before: +31 (+12), 1,204 mentions.",
	}
	other := charts.SceneBrand{Name: "Ericsson", Color: "#002561", Mood: number(-0.2), Mentions: 301}
	say := func(l mood.Label, title string, ago time.Duration) charts.SceneMention {
		return charts.SceneMention{Label: l, Brand: "Nokia", Title: title, Outlet: "example.com", Country: "Finland", Published: now.Add(-ago)}
	}
	chart := charts.Option(`{"series":[{"type":"line"}]}`)
	return charts.Scene{
		Show: show, Brand: nokia, Brands: []charts.SceneBrand{nokia, other}, Window: "24h", Map: chart, Timeline: chart,
		Topics: charts.Option(`{"series":[{"data":[{"name":"router","itemStyle":{"color":"role:mood-6"}},{"name":"outage","itemStyle":{"color":"role:mood-1"}},{"name":"fog","itemStyle":{"color":"role:few"}},{"name":"fourth"}]}]}`),
		Mentions: []charts.SceneMention{
			say(mood.Positive, "Nokia wins a contract", 20*time.Second),
			say(mood.Negative, "Outage <b>& more</b> \" fill=\"#ff0000", 3*time.Minute),
			say(mood.Neutral, "نوكيا تعلن نتائجها", time.Hour),
		},
		Found: &found, Now: now, AsOf: now, Zone: time.FixedZone("Europe/Helsinki", 7200), Silence: mood.Silence{Kind: mood.SilenceNone},
		Format: "svg", Theme: "dark", Width: 1920, Height: 1080,
	}
}

func drawn(t *testing.T, m *Maker, s charts.Scene) string {
	t.Helper()
	out, err := m.Draw(t.Context(), s)
	if err != nil {
		t.Fatalf("%s at %d × %d: %v", s.Show, s.Width, s.Height, err)
	}
	return string(out)
}

func shows() []string {
	return []string{charts.SceneOverview, charts.SceneMap, charts.SceneBrands, charts.SceneMentions, charts.SceneWaiting}
}

func TestScenesLookAsTheyDid(t *testing.T) {
	m, _ := newMaker(t)
	for _, show := range shows() {
		s := lobby(show)
		s.Waiting.Before, s.Waiting.Below = "Listening for", "The first mention appears here by itself."
		path := filepath.Join("testdata", show+".svg")
		got := drawn(t, m, s)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is not that of %s: run go test -update ./charts/snapshot/scene, and look at the difference", show, path)
		}
	}
}

func TestTheFigureStandsBesideItsMentionsAndTheSentenceWithoutThem(t *testing.T) {
	m, _ := newMaker(t)
	got := drawn(t, m, lobby(charts.SceneOverview))
	for _, want := range []string{">Nokia<", ">+31<", ">Nokia is liked more<", ">than the day before.<", ">+12 on the day before<", ">1,204 mentions in 24 hours<", ">router<", ">fog<", ">14:03<", ">Helsinki<", ">Found after 6 min, as of 14:03<", ">Nokia wins a contract<"} {
		if !strings.Contains(got, want) {
			t.Errorf("the overview lacks %s", want)
		}
	}
	if strings.Contains(got, "fourth") {
		t.Error("a fourth topic is shown")
	}
	if got := drawn(t, m, lobby(charts.SceneMap)); !strings.Contains(got, ">1,204 mentions in 24 hours<") {
		t.Error("the map lacks its number of mentions")
	}
}

var (
	texts   = regexp.MustCompile(`<text x="([-\d.]+)" y="([-\d.]+)" [^>]*font-size="([\d.]+)" font-weight="(\d+)"[^>]*?( text-anchor="end")?>([^<]*)</text>`)
	escapes = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'")
)

type placed struct {
	words                 string
	left, right, y, size_ float64
}

func textsOf(t *testing.T, p *painter, svg string) []placed {
	t.Helper()
	var all []placed
	for _, m := range texts.FindAllStringSubmatch(svg, -1) {
		f := func(s string) float64 {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		words := escapes.Replace(m[6])
		w := p.types.Advance(words, f(m[3]), int(f(m[4])))
		one := placed{words, f(m[1]), f(m[1]) + w, f(m[2]), f(m[3])}
		if m[5] != "" {
			one.left, one.right = f(m[1])-w, f(m[1])
		}
		all = append(all, one)
	}
	return all
}

// hard is a wall with all that is long, and much of it.
func hard(show string) charts.Scene {
	s := lobby(show)
	name := "Österreichische Mineralölverwaltung & Beteiligungs-Aktiengesellschaft"
	s.Demo = true
	s.Brand.Name, s.Brand.Mood, s.Brand.Sentence = name, number(-1), name+" is liked less than the day before: −100 (−12), 1,204 mentions."
	s.Brands = nil
	for i := range 20 {
		b := s.Brand
		b.Mentions = int64(1 + 1000/(i+1))
		s.Brands = append(s.Brands, b)
	}
	for i := range s.Mentions {
		s.Mentions[i].Title = strings.Repeat("Unabhängigkeitserklärung und anderes mehr ", 12)
		s.Mentions[i].Outlet = strings.Repeat("a-very-long-name", 6) + ".example"
	}
	s.Silence = mood.Silence{Kind: mood.SilenceSources, Sentence: "\u2068Google News: Nokia\u2069 has been unreachable since 14:05 (38 % of what we hear)", Also: []string{"Quiet: nobody said anything for 3 h"}}
	s.Waiting.Before, s.Waiting.Below = "Listening for", "12 sources are being read. The first mention appears here by itself."
	return s
}

func TestNoTextLeavesTheScreenOrLiesOnAnotherAtAnySize(t *testing.T) {
	m, p := newMaker(t)
	for _, size := range [][2]int{{1920, 1080}, {3840, 2160}, {1080, 1920}, {1366, 768}, {720, 576}, {800, 600}, {480, 800}, {160, 160}, {4096, 300}} {
		for _, show := range shows() {
			for name, s := range map[string]charts.Scene{"usual": lobby(show), "hard": hard(show)} {
				s.Width, s.Height = size[0], size[1]
				all := textsOf(t, p, drawn(t, m, s))
				if len(all) < 3 {
					t.Fatalf("%s %s at %v: %d texts were found", name, show, size, len(all))
				}
				drift := float64(size[1])/90 + 1
				for i, a := range all {
					if a.left < -drift || a.right > float64(size[0])+drift || a.y > float64(size[1])+drift || a.y < 0 {
						t.Errorf("%s %s at %v: %q is at %.0f…%.0f, %.0f", name, show, size, a.words, a.left, a.right, a.y)
					}
					for _, b := range all[i+1:] {
						over := min(a.right, b.right) - max(a.left, b.left)
						high := min(a.y, b.y) - max(a.y-0.7*a.size_, b.y-0.7*b.size_)
						if over > 1 && high > 1 && size[0] >= 480 && size[1] >= 480 {
							t.Errorf("%s %s at %v: %q lies on %q", name, show, size, a.words, b.words)
						}
					}
				}
			}
		}
	}
}

var colours = regexp.MustCompile(`(?:fill|stroke)="#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})`)

func TestWhatIsOldLosesItsColourAndSaysOfWhenItIs(t *testing.T) {
	m, _ := newMaker(t)
	s := lobby(charts.SceneOverview)
	s.Silence = mood.Silence{Kind: mood.SilenceLink, Stale: true, Sentence: "As of 14:03: the store can’t be reached"}
	got := drawn(t, m, s)
	if !strings.Contains(got, ">As of 14:03: the store can’t be reached<") {
		t.Error("it doesn't say of when it is")
	}
	if strings.Contains(got, "rgb(47,155,224)") || !strings.Contains(got, "#0b1016") {
		t.Error("a chart keeps its colours, or loses its ground")
	}
	for _, c := range colours.FindAllStringSubmatch(got, -1) {
		var v [3]int64
		for i := range v {
			v[i], _ = strconv.ParseInt(c[i+1], 16, 0)
		}
		if spread := max(v[0], v[1], v[2]) - min(v[0], v[1], v[2]); spread > 40 && c[0] != `fill="#FFC46B` && c[0] != `stroke="#FFC46B` {
			t.Errorf("%s is a colour", c[0])
		}
	}
	if fresh := drawn(t, m, lobby(charts.SceneOverview)); !strings.Contains(fresh, "rgb(47,155,224)") {
		t.Error("a picture that isn't old has no colour")
	}
}

func TestAWallSaysWhenItIsMadeUpAndDimsInQuietHours(t *testing.T) {
	m, _ := newMaker(t)
	for _, show := range shows() {
		s := lobby(show)
		plain := drawn(t, m, s)
		s.Demo = true
		if got := drawn(t, m, s); !strings.Contains(got, ">Demo: made-up data<") || strings.Contains(plain, "Demo") {
			t.Errorf("%s: the mark of made-up data", show)
		}
		s.Dim = true
		if got := drawn(t, m, s); !strings.Contains(got, `fill-opacity="0.75"`) || strings.Contains(plain, "fill-opacity") {
			t.Errorf("%s: quiet hours", show)
		}
	}
}

func TestTextsOfFeedsStayTexts(t *testing.T) {
	m, _ := newMaker(t)
	s := lobby(charts.SceneMentions)
	s.Silence = mood.Silence{Kind: mood.SilenceIngest, Stale: true, Sentence: "Ingest stopped"}
	if got := drawn(t, m, s); !strings.Contains(got, "Outage &lt;b&gt;&amp; more&lt;/b&gt; &#34; fill=&#34;#ff0000") {
		t.Error("a headline isn't shown as it is")
	}
}

// A headline in Hebrew with a Latin word in it is read from the right, on the
// left of a screen too.
func TestAHeadlineRunsInItsOwnDirection(t *testing.T) {
	m, _ := newMaker(t)
	for _, show := range []string{charts.SceneMentions, charts.SceneOverview} {
		s := lobby(show)
		s.Mentions = s.Mentions[:1]
		s.Mentions[0].Title = "חברת Nokia הודיעה"
		if out := drawn(t, m, s); !strings.Contains(out, ">\u202bחברת Nokia הודיעה\u202c<") {
			t.Errorf("%s: the headline runs as what stands around it", show)
		}
		s.Mentions[0].Title = "Nokia הודיעה"
		if out := drawn(t, m, s); !strings.Contains(out, ">Nokia הודיעה<") {
			t.Errorf("%s: an English headline is turned", show)
		}
	}
}

func TestLettersThatCantBeDrawnAreNamedInAPNGAndKeptInAnSVG(t *testing.T) {
	m, _ := newMaker(t)
	s := lobby(charts.SceneMentions)
	if got := drawn(t, m, s); !strings.Contains(got, "نوكيا تعلن نتائجها") {
		t.Error("the SVG lacks the headline")
	}
	s.Format = "png"
	if got := drawn(t, m, s); strings.Contains(got, "نوكيا") || !strings.Contains(got, "(in Arabic letters, not drawn here)") || !strings.Contains(got, "Nokia wins a contract") {
		t.Error("the PNG shows boxes, or names no letters")
	}
}

func TestAWallGoesOnWithoutAChartThatNobodyCanDraw(t *testing.T) {
	m, p := newMaker(t)
	p.fail = fmt.Errorf("too deep: %w", mood.ErrInvalid)
	if got := drawn(t, m, lobby(charts.SceneOverview)); !strings.Contains(got, ">+31<") || strings.Contains(got, "<circle") {
		t.Error("the scene isn't what is left of it")
	}
	p.fail = fmt.Errorf("busy: %w", mood.ErrUnavailable)
	if _, err := m.Draw(t.Context(), lobby(charts.SceneOverview)); !errors.Is(err, mood.ErrUnavailable) {
		t.Errorf("an engine that is busy: %v", err)
	}
}

func TestChartsOfAWallHaveItsTypeAndNoLegend(t *testing.T) {
	m, p := newMaker(t)
	s := lobby(charts.SceneOverview)
	s.Timeline = charts.Option(`{"legend":{"show":true},"grid":{"top":"40"},"series":[{"type":"line","lineStyle":{"width":2.5}},{"type":"bar","barMaxWidth":24}]}`)
	s.Map = charts.Option(`{"visualMap":[{"show":true}],"geo":{"bottom":40},"series":[{"type":"map"},{"id":"devices:a","name":"A","type":"scatter","data":[{"symbolSize":10}]}],"legend":{"show":true,"selected":{"A":false}}}`)
	drawn(t, m, s)
	if len(p.asked) != 2 || p.asked[0].Font != 28 || p.asked[0].Theme != "dark" {
		t.Fatalf("asked for %+v", p.asked)
	}
	if got := string(p.asked[0].Option); strings.Contains(got, "legend") || strings.Contains(got, "barMaxWidth") || !strings.Contains(got, `"width":3.5`) {
		t.Errorf("the timeline is %s", got)
	}
	if got := string(p.asked[1].Option); !strings.Contains(got, `"show":false`) || !strings.Contains(got, `"selected":{"A":false}`) {
		t.Errorf("the map is %s", got)
	}
	p.asked = nil
	s.Show = charts.SceneMap
	drawn(t, m, s)
	if got := string(p.asked[0].Option); !strings.Contains(got, `"symbolSize":14`) || !strings.Contains(got, `"selected":{"A":true}`) {
		t.Errorf("the map lacks its devices: %s", got)
	}
}

func TestABrandsColourCanBeSeenOnItsGround(t *testing.T) {
	m, _ := newMaker(t)
	for _, theme := range []string{"dark", "light"} {
		for _, brand := range []string{"#000000", "#ffffff", "#002561", "#FFF200", "#777777", "no colour", ""} {
			s := lobby(charts.SceneOverview)
			s.Theme = theme
			p := newPaper(m, s)
			c := p.glow(brand)
			if got := contrast(rgb(c), rgb(p.role["paper"])); got < enough {
				t.Errorf("%s on %s becomes %s: a contrast of %.1f", brand, theme, c, got)
			}
		}
	}
}

func TestAPictureThatCantBeHadIsRefused(t *testing.T) {
	m, _ := newMaker(t)
	for name, change := range map[string]func(*charts.Scene){
		"format": func(s *charts.Scene) { s.Format = "gif" },
		"theme":  func(s *charts.Scene) { s.Theme = "print" },
		"small":  func(s *charts.Scene) { s.Width = 10 },
		"large":  func(s *charts.Scene) { s.Height = 5000 },
		"scale":  func(s *charts.Scene) { s.Scale = math.NaN() },
		"pixels": func(s *charts.Scene) { s.Format, s.Width, s.Height, s.Scale = "png", 4096, 4096, 2 },
		"scene":  func(s *charts.Scene) { s.Show = "weather" },
	} {
		s := lobby(charts.SceneOverview)
		change(&s)
		if _, err := m.Draw(t.Context(), s); !errors.Is(err, mood.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
