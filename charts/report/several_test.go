package report

import (
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"agora/charts"
	"agora/mood"
)

// crowd is a week of many brands; of the last ones, mood fell.
func crowd(t testing.TB, n int) *Content {
	now := clock(t)
	w := &world{coverage: charts.Coverage{Asked: 4, Answering: 4}}
	r := newRand(21)
	for i := range n {
		id := fmt.Sprintf("c%02d", i)
		lean := 0.1
		if i >= n-2 {
			lean = -0.4
		}
		w.brands = append(w.brands, mood.Brand{ID: id, Name: fmt.Sprintf("Maker %d", i), Color: fmt.Sprintf("#%02X4080", 40+i*8)})
		w.mentions = append(w.mentions, talk(r, id, spell{now.Add(-14 * day), now.Add(-7 * day), 400 - 8*i, 0.1})...)
		w.mentions = append(w.mentions, talk(r, id, spell{now.Add(-7 * day), now, 400 - 8*i, lean})...)
	}
	w.story("شركة Nokia: نتائج 2026!", now.Add(-2*day), 9, mood.Positive, 0.5, "c00")
	return made(t, source{w, now}, "7d")
}

func TestManyBrandsHaveEveryChartAndABreakdown(t *testing.T) {
	for _, n := range []int{6, 26} {
		c := crowd(t, n)
		forms := map[string]string{"PDF": poppler(t, pdfOf(t, c), "pdftotext"), "page": html.UnescapeString(htmlOf(t, c))}
		for form, words := range forms {
			for _, id := range []string{"mood", "timeline", "map", "share", "sources", "languages"} {
				if !strings.Contains(words, "chart "+id) {
					t.Errorf("%d brands: the %s lacks the chart %s", n, form, id)
				}
			}
			for _, b := range c.moving() {
				if !strings.Contains(squeezed(words), squeezed(allMoved(b))) {
					t.Errorf("%d brands: the %s doesn't say what moved %s", n, form, b.Name)
				}
			}
			for _, k := range c.chart("timeline").keys {
				if !strings.Contains(words, k.name) {
					t.Errorf("%d brands: the legend of the %s lacks %s", n, form, k.name)
				}
			}
			for _, want := range []string{"The mood line follows", "The brands are added up"} {
				if !strings.Contains(squeezed(words), squeezed(want)) {
					t.Errorf("%d brands: the %s doesn't say %q", n, form, want)
				}
			}
			if strings.Contains(words, "nothing to compar…") || strings.Contains(words, "not signific…") {
				t.Errorf("%d brands: a verdict of the %s is cut", n, form)
			}
		}
		moved := map[string]bool{}
		for _, b := range c.moving() {
			moved[b.Name] = true
		}
		if len(moved) < 3 || len(moved) > mostSections || !moved[fmt.Sprintf("Maker %d", n-1)] || !moved[fmt.Sprintf("Maker %d", n-2)] {
			t.Errorf("of %d brands it is told of %v what moved them; mood fell for the last two", n, moved)
		}
		if option := string(c.chart("timeline").option); !strings.Contains(option, `"show":false`) || len(c.chart("timeline").keys) < 6 {
			t.Errorf("%d brands: the timeline has its own legend, or the report has none: %v", n, c.chart("timeline").keys)
		}
	}
}

func TestWhatHasNoRowIsAddedUp(t *testing.T) {
	c := crowd(t, 30)
	rows := c.rows()
	var sum, all int64
	share := 0.0
	names := map[string]bool{}
	for _, b := range rows {
		sum += b.Now.Mentions
		share += *b.Share
		names[b.Name] = true
	}
	for _, b := range c.Brands {
		all += b.Now.Mentions
	}
	last := rows[len(rows)-1]
	if len(rows) != mostRows || sum != all || share < 0.9999 || share > 1.0001 || last.Name != "7 other brands" || !names["Maker 29"] || !names["Maker 28"] {
		t.Errorf("%d rows with %d of %d mentions, %v of all; the last is %+v", len(rows), sum, all, share, last)
	}
	line := []string{last.Name, moodOf(last.Now.Tally()), moodOf(last.Before.Tally()), changeOf(last), charts.CountWord(last.Now.Mentions), charts.CountWord(last.Before.Mentions), charts.PercentWord(*last.Share)}
	want := squeezed(strings.Join(line, ""))
	if text := squeezed(poppler(t, pdfOf(t, c), "pdftotext", "-layout")); !strings.Contains(text, want) || !strings.Contains(text, squeezed(wordRows)) {
		t.Errorf("the PDF has no line %s, or no rule", want)
	}
	page := html.UnescapeString(htmlOf(t, c))
	for _, words := range append(line, wordRows) {
		if !strings.Contains(page, words) {
			t.Errorf("the page has no %s", words)
		}
	}
}

func TestTheShareOfVoiceHoldsTheBrandOfTheReport(t *testing.T) {
	now := clock(t)
	w := &world{brands: []mood.Brand{nokia}}
	w.mentions = talk(newRand(30), "nokia", spell{now.Add(-7 * day), now, 5, 0})
	for i := range 14 {
		id := fmt.Sprintf("o%d", i)
		w.brands = append(w.brands, mood.Brand{ID: id, Name: "Other " + id})
		w.mentions = append(w.mentions, talk(newRand(uint64(31+i)), id, spell{now.Add(-7 * day), now, 50 + i, 0})...)
	}
	c := made(t, source{w, now}, "7d", "nokia")
	if len(c.Share) != mostShares+1 || c.Share[mostShares-1].Name != "Nokia" || !c.Share[mostShares-1].Reported || c.Share[0].Name != "Other o13" || c.Share[mostShares].Name != "7 other brands" {
		t.Errorf("%+v", c.Share)
	}
	if says := c.chart("share").Says; !strings.Contains(string(c.chart("share").option), "Nokia") {
		t.Errorf("the chart says %s", says)
	}
}

func TestPercentsAddUpTo100(t *testing.T) {
	for want, parts := range map[string][]int64{
		"34 % 33 % 33 %": {1, 1, 1}, "17 % 17 % 66 %": {1, 1, 4}, "<1 % 50 % 50 %": {1, 500, 500}, "0 % 0 % 100 %": {0, 0, 9}, "12 % 38 % 50 %": {124, 376, 500},
	} {
		if got := strings.Join(percents(parts), " "); got != want {
			t.Errorf("%v are %s, want %s", parts, got, want)
		}
	}
}

func TestOnlyAChangeIsSaidToHaveBeenMoved(t *testing.T) {
	now := clock(t)
	c := made(t, source{shifted(t), now}, "7d", "nokia")
	part := false
	for _, d := range c.Brands[0].Moved {
		for _, p := range d.Parts {
			part = part || p.Significant
		}
	}
	if said := strings.Join(c.Details, " "); !part || c.Verdict != Unchanged || strings.Contains(said, "Moved most") {
		t.Errorf("%s (a part changed: %v) and then: %s", c.Headline, part, said)
	}
	if said := strings.Join(scenes(t)["fallen"].Details, " "); !strings.Contains(said, "Moved most by") {
		t.Errorf("a fall is said to be moved by %q", said)
	}
}

// shifted is a week in which two outlets changed against each other.
func shifted(t testing.TB) *world {
	now := clock(t)
	w := &world{brands: []mood.Brand{nokia}}
	for i, lean := range []float64{0.4, -0.4} {
		for k, outlet := range []string{"one.example", "two.example"} {
			m := talk(newRand(uint64(40+2*i+k)), "nokia", spell{now.Add(-14 * day), now.Add(-7 * day), 300, lean * float64(1-2*k)})
			if i == 1 {
				m = talk(newRand(uint64(40+2*i+k)), "nokia", spell{now.Add(-7 * day), now, 300, lean * float64(1-2*k)})
			}
			for j := range m {
				m[j].Outlet = outlet
			}
			w.mentions = append(w.mentions, m...)
		}
	}
	return w
}

func TestATitleRunsTheWayOfItsFirstStrongLetter(t *testing.T) {
	for words, want := range map[string]bool{
		"شركة Nokia": true, "12% — שלום": true, "Nokia שלום": false, "5G": false, "": false, "123 Nokia نوكيا": false,
	} {
		if rightToLeft(words) != want {
			t.Errorf("%q runs from right to left: %v", words, !want)
		}
	}
	fonts := inter(t)
	c := made(t, fallen(t), "7d", "nokia")
	s, err := c.sheet(t.Context(), dummy{}, fonts)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.foreign("שלום Nokia!"); got != "\u202bשלום Nokia!\u202c" {
		t.Errorf("%q", got)
	}
	if got := s.foreign("Nokia"); got != "Nokia" {
		t.Errorf("%q", got)
	}
}

func TestPlainTextCutsNoName(t *testing.T) {
	m, err := scenes(t)["five"].Mail(t.Context(), dummy{})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(m.Text, "…") {
		t.Errorf("a name is cut: %s", m.Text)
	}
}

func TestManyBrandsPrintOnTwoSheetsWithEverything(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("AGORA_TEST_ALL") != "" {
			t.Fatal("chromium is not in the PATH: install it (Debian: chromium)")
		}
		t.Skip("chromium is not in the PATH")
	}
	if testing.Short() && os.Getenv("AGORA_TEST_ALL") == "" {
		t.Skip("a browser takes long to start")
	}
	for _, n := range []int{6, 8, 10, 16, 26} {
		c := crowd(t, n)
		dir := t.TempDir()
		file, out := filepath.Join(dir, "report.html"), filepath.Join(dir, "report.pdf")
		if err := os.WriteFile(file, []byte(htmlOf(t, c)), 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "profile"),
			"--no-pdf-header-footer", "--print-to-pdf="+out, "file://"+file).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		pdf, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if info := poppler(t, pdf, "pdfinfo"); !strings.Contains(info, "Pages:           2\n") {
			t.Errorf("%d brands: %s", n, info)
		}
		text := squeezed(poppler(t, pdf, "pdftotext", "-layout"))
		moving := c.moving()
		for _, words := range []string{"chart timeline", "chart mood", "chart map", "chart share", "chart sources", "chart languages", allMoved(moving[len(moving)-1]), wordNarrow, "Page 1 of 2", "Page 2 of 2"} {
			if !strings.Contains(text, squeezed(words)) {
				t.Errorf("%d brands: %q isn't printed", n, words)
			}
		}
	}
}
