package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

var update = flag.Bool("update", false, "write golden files anew")

func TestTheContentOfAWeek(t *testing.T) {
	got, err := json.MarshalIndent(made(t, fallen(t), "7d", "nokia"), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	file := filepath.Join("testdata", "content.json")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the content is not that of %s: look at it after `go test ./charts/report -update`\n%s", file, got)
	}
}

func TestTheHeadlineSaysWhatChangedOrThatNothingDid(t *testing.T) {
	all := scenes(t)
	for name, want := range map[string]struct {
		verdict Verdict
		says    string
	}{
		"fallen":  {Changed, "Nokia’s mood fell from +29 to +7, from 1,203 mentions, significantly more than the 948 in the 7 days before."},
		"three":   {Changed, "Mood changed: Nokia fell from +29 to +7."},
		"steady":  {Unchanged, "Nothing significant changed for Nokia: mood +21, from 887 mentions (+19 from 913 in the 7 days before)."},
		"empty":   {Silent, "Nobody mentioned Nokia in the last 24 hours, nor in the 24 hours before."},
		"one":     {TooFew, "Nokia had 1 mention in the last 24 hours, too few to call anything a change."},
		"first":   {Alone, "Nokia’s mood is +24, from 200 mentions in the last 7 days; there is nothing before to compare with."},
		"nobody":  {Silent, "No brand is watched yet."},
		"quarter": {Changed, "Nokia’s mood rose from +11 to +19, from 6,534 mentions, significantly more than the 3,890 in the 90 days before."},
	} {
		c := all[name]
		if name == "one" && c.Verdict == Alone { // there was nothing before
			want.verdict = Alone
		}
		if c.Verdict != want.verdict || c.Headline != want.says {
			t.Errorf("%s: %s: %s\nwant %s: %s", name, c.Verdict, c.Headline, want.verdict, want.says)
		}
		if strings.ContainsAny(c.Subject, "\r\n") || c.Subject == "" {
			t.Errorf("%s: subject %q", name, c.Subject)
		}
	}
}

func TestALineOfABrandSaysOnceThatThereWasNothingBefore(t *testing.T) {
	for name, c := range scenes(t) {
		for _, b := range c.Brands {
			said := brandLine(b)
			if n := strings.Count(said, wordNothing); n > 1 || (n == 1) != (b.Before.Mentions == 0) {
				t.Errorf("%s: %s", name, said)
			}
		}
	}
}

func TestPartsOfEveryBrandAddUpToItsChange(t *testing.T) {
	for name, c := range scenes(t) {
		for _, b := range c.Brands {
			for _, d := range b.Moved {
				sum := 0.0
				for _, p := range d.Parts {
					sum += p.Points
				}
				if math.Abs(sum-d.Total) > 1e-6 || math.Abs(d.Total-b.Mood.By) > 0.11 {
					t.Errorf("%s: %s of %s add up to %v, of %v and %v", name, d.ID, b.Name, sum, d.Total, b.Mood.By)
				}
			}
		}
	}
}

func TestAReportIsOfTheLastFullHourWhereCountsAreCoarse(t *testing.T) {
	s := fallen(t)
	s.coarse = time.Hour
	at := s.now.Add(-26*time.Hour - 10*time.Minute)
	c, err := Make(t.Context(), s, []string{"nokia"}, window(t, "24h"), at, Links{})
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2026, 11, 22, 12, 0, 0, 0, helsinki(t)); !c.To.Equal(want) || c.Mentions == 0 || len(c.Brands[0].Moved) != 3 {
		t.Errorf("up to %v, want %v; %d mentions, %d dimensions", c.To, want, c.Mentions, len(c.Brands[0].Moved))
	}
}

func TestWithoutTheWindowBeforeNothingIsSaidOfParts(t *testing.T) {
	c := scenes(t)["gone"]
	if len(c.Brands[0].Moved) != 0 || c.Brands[0].Before.Mentions == 0 || !c.Brands[0].Mood.Tested {
		t.Errorf("%+v", c.Brands[0])
	}
	if said := fmt.Sprint(c.Fine); !strings.Contains(said, fineNoParts) || c.StoriesNote == "" || len(c.Stories) != 0 {
		t.Errorf("it says %s, and of stories %q: %v", said, c.StoriesNote, c.Stories)
	}
}

// failing is a source that breaks.
type failing struct {
	source
	before bool
}

func (f failing) Board(ctx context.Context, ids []string, w mood.Window, at time.Time) (*mood.Board, error) {
	if f.before == !at.IsZero() {
		return nil, fmt.Errorf("the store is away: %w", mood.ErrUnavailable)
	}
	return f.source.Board(ctx, ids, w, at)
}

func TestAReportFailsWithItsSource(t *testing.T) {
	for _, before := range []bool{false, true} {
		if _, err := Make(t.Context(), failing{fallen(t), before}, nil, window(t, "7d"), time.Time{}, Links{}); !errors.Is(err, mood.ErrUnavailable) {
			t.Errorf("the error is %v", err)
		}
	}
}

func TestStoriesAreThoseThatManyTellWithFeeling(t *testing.T) {
	now := clock(t)
	w := &world{brands: []mood.Brand{nokia}}
	for i := range 9000 { // more than one page, all different
		w.story(fmt.Sprintf("Single item number %d about phones", i), now.Add(-time.Duration(i)*time.Minute), 1, mood.Neutral, 0, "nokia")
	}
	w.story("Nokia cuts jobs in Espoo - Reuters", now.Add(-90*time.Hour), 4, mood.Negative, -0.9, "nokia")
	w.story("NOKIA cuts jobs in Espoo! | BBC News", now.Add(-91*time.Hour), 4, mood.Negative, -0.9, "nokia")
	w.story("Nokia opens a park for everybody", now.Add(-2*time.Hour), 6, mood.Positive, 0.2, "nokia")
	w.story("Nokia sponsors a cup again", now.Add(-3*time.Hour), 5, mood.Neutral, 0, "nokia")
	w.story("Nokia sponsors the tournament", now.Add(-3*time.Hour), 5, mood.Positive, 0.9, "nokia")
	c := made(t, source{w, now}, "7d", "nokia")
	var got []string
	for _, s := range c.Stories {
		got = append(got, fmt.Sprintf("%s %s ×%d", s.Title, s.Label, s.Copies))
	}
	want := "NOKIA cuts jobs in Espoo! | BBC News negative ×8, Nokia sponsors the tournament positive ×5, Nokia opens a park for everybody positive ×6"
	if strings.Join(got, ", ") != want {
		t.Errorf("stories %s\nwant %s", strings.Join(got, ", "), want)
	}
	for i := range 2000 {
		w.story(fmt.Sprintf("Another item number %d about phones", i), now.Add(-time.Duration(i)*time.Second), 1, mood.Neutral, 0, "nokia")
	}
	if c := made(t, source{w, now}, "7d", "nokia"); !strings.Contains(c.StoriesNote, "10,000") {
		t.Errorf("the list was longer than what was read, and the note is %q", c.StoriesNote)
	}
	w.kept = 50 * time.Hour
	if c := made(t, source{w, now}, "7d", "nokia"); !strings.Contains(c.StoriesNote, "Texts are kept since 21 Nov, 12:32") {
		t.Errorf("older texts are gone, and the note is %q", c.StoriesNote)
	}
}

func TestVolumesAreComparedOnlyWithTheirLike(t *testing.T) {
	now := clock(t)
	of := func(w *world, name string) Brand { return made(t, source{w, now}, name, "nokia").Brands[0] }
	w := &world{brands: []mood.Brand{nokia}}
	w.mentions = append(talk(newRand(9), "nokia", spell{now.Add(-48 * time.Hour), now.Add(-24 * time.Hour), 100, 0}),
		talk(newRand(10), "nokia", spell{now.Add(-24 * time.Hour), now, 400, 0})...)
	if b := of(w, "24h"); b.Volume.Tested {
		t.Errorf("a day is compared with another weekday: %+v", b.Volume)
	}
	w.usual = map[string]*mood.Baseline{"nokia": {Mentions: mood.Band{Mean: 100, Low: 80, High: 120}}}
	if b := of(w, "24h"); !b.Volume.Significant || b.Volume.Against != againstUsual || !strings.Contains(b.Sentence, "mentioned more than usual") {
		t.Errorf("four times the usual: %+v, %s", b.Volume, b.Sentence)
	}
	w.usual["nokia"].Mentions = mood.Band{Mean: 380, Low: 300, High: 460}
	if b := of(w, "24h"); !b.Volume.Tested || b.Volume.Significant {
		t.Errorf("about as usual: %+v", b.Volume)
	}
	began := &world{brands: []mood.Brand{nokia}}
	began.mentions = talk(newRand(11), "nokia", spell{now.Add(-9 * day), now, 900, 0})
	if b := of(began, "7d"); b.Volume.Tested || b.Before.Mentions == 0 {
		t.Errorf("counting began two days before the window: %+v", b.Volume)
	}
}

func TestOnlyTheWebIsLinkedTo(t *testing.T) {
	for address, want := range map[string]string{
		"https://example.com/a?b=c": "https://example.com/a?b=c", "http://example.com": "http://example.com", " https://example.com ": "https://example.com",
		"javascript:alert(1)": "", "JaVaScRiPt:alert(1)": "", "data:text/html,x": "", "//example.com": "", "/a": "", "": "", "https://": "", "https://user@example.com/": "", "ftp://a.example": "", "ht\ntp://a": "",
	} {
		if got := webLink(address); got != want {
			t.Errorf("%q is linked to as %q, want %q", address, got, want)
		}
	}
	b := &mood.Board{Window: "7d", Order: []string{"nokia"}}
	if l := (Links{Base: "https://agora.example/"}).of(b); l.Page != "https://agora.example/?brand=nokia&window=7d" {
		t.Errorf("%+v", l)
	}
	if l := (Links{Base: "javascript:alert(1)", Page: "javascript:alert(1)"}).of(b); l != (Links{}) {
		t.Errorf("%+v", l)
	}
}
