package story

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

var noon = time.Date(2031, 5, 14, 12, 0, 0, 0, time.UTC)

// group files mentions one after the other, and gives their stories.
func group(mentions ...mood.Mention) []string {
	r := NewReader()
	x := NewIndex(r, 0)
	var stories []string
	for _, m := range mentions {
		t := r.Read(&m)
		story, _ := x.File(&t, noon)
		stories = append(stories, story)
	}
	return stories
}

func said(id, title string, after time.Duration) mood.Mention {
	return mood.Mention{ID: id, Title: title, URL: "https://" + id + ".example/" + id, Outlet: id + ".example", Published: noon.Add(after)}
}

// rows reads a table of testdata.
func rows(t *testing.T, name string) (rows [][]string) {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for scan := bufio.NewScanner(file); scan.Scan(); {
		if line := scan.Text(); line != "" && line[0] != '#' {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows
}

func TestReprintsFoldAndOtherStoriesDoNot(t *testing.T) {
	for _, row := range rows(t, "pairs.tsv") {
		hours, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		for _, turned := range []bool{false, true} {
			a, b := said("a", row[3], 0), said("b", row[4], time.Duration(hours)*time.Hour)
			if row[2] == "=" {
				b.Outlet = a.Outlet
			}
			if turned { // the later one comes first
				a, b = b, a
			}
			got := group(a, b)
			if same := got[0] == got[1]; same != (row[0] == "same") {
				t.Errorf("%q and %q, %d h apart (%s): one story: %v", a.Title, b.Title, hours, row[2], same)
			}
		}
	}
}

func TestOnePageIsOneStoryWhateverItsTitle(t *testing.T) {
	for _, pair := range [][2]string{
		{"https://www.bbc.com/news/world-us-canada-61877914", "https://www.bbc.co.uk/news/world-us-canada-61877914?at_medium=RSS"},
		{"https://www.theguardian.com/us-news/2022/jan/17/flint-water-poisoning-charges-that-never-came", "https://amp.theguardian.com/us-news/2022/jan/17/flint-water-poisoning-charges-that-never-came"},
		{"http://a.example/x", "https://www.a.example/x/"},
	} {
		a, b := said("a", "Photos show armed police waiting", 0), said("b", "What the hallway cameras saw", time.Hour)
		a.URL, b.URL = pair[0], pair[1]
		if got := group(a, b); got[0] != got[1] {
			t.Errorf("%v are two stories", pair)
		}
		b.SharedURL = true
		a.SharedURL = true
		if got := group(a, b); got[0] == got[1] {
			t.Errorf("%v lead to pages that are nobody's own, and are one story", pair)
		}
	}
	a, b := said("a", "One thing is said here by somebody", 0), said("b", "Quite another is said elsewhere", time.Hour)
	a.GUID, b.GUID = "tag:a.example,2031:5", "tag:a.example,2031:5"
	if got := group(a, b); got[0] != got[1] {
		t.Error("a GUID that is the same everywhere makes no story")
	}
	if a.GUID, b.GUID = "5", "5"; group(a, b)[0] == group(a, b)[1] {
		t.Error("a GUID that two sources may both give makes a story")
	}
}

// wire is what an agency sent.
const wire = `HELSINKI, May 14 (Agency) - Nokia said on Wednesday that it had won a contract to build a fifth-generation network for India's second largest operator, in what analysts called the biggest order of its kind since the pandemic. The Finnish company will deliver 70,000 sites over the coming years.`

func TestAWireReportIsOneStoryUnderManyHeadlines(t *testing.T) {
	with := func(id, title, text string, after time.Duration) mood.Mention {
		m := said(id, title, after)
		m.Text = text
		return m
	}
	got := group(
		with("a", "Nokia wins large 5G order in India", wire, 0),
		with("b", "Indian operator picks Nokia for its network", wire+" Shares rose in early trade.", 3*time.Hour),
		with("c", "Finland's Nokia lands giant Indian contract", strings.Replace(wire, "HELSINKI, May 14 (Agency) - ", "", 1), 5*time.Hour),
		with("d", "Nokia to build network in India", wire[:260], time.Hour),
		with("e", "Nokia wins order in Brazil", strings.ReplaceAll(strings.ReplaceAll(wire, "India's second", "Brazil's third"), "70,000", "9,000"), time.Hour),
	)
	if got[1] != got[0] || got[2] != got[0] || got[3] != got[0] {
		t.Error("copies of a wire report are several stories")
	}
	if got[4] == got[0] {
		t.Error("a report with other figures is a copy")
	}
	const foot = "Sign up for our newsletter to get the best of our journalism every morning, and read on with a subscription that costs less than a cup of coffee a week and can be cancelled at any time online."
	got = group(with("a", "Council approves new tram line to the harbour", foot, 0), func() mood.Mention {
		m := with("b", "Zoo welcomes rare snow leopard cubs", foot, time.Hour)
		m.Outlet = "a.example"
		return m
	}())
	if got[0] == got[1] {
		t.Error("what stands under every text of an outlet makes a story of them")
	}
}

func TestAStoryDoesNotDriftFromItsFirstText(t *testing.T) {
	// Each has a word more than the one before.
	words := strings.Fields("alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu")
	var mentions []mood.Mention
	for i := range 12 {
		mentions = append(mentions, said(fmt.Sprint("m", i), strings.Join(words[:8+i], " "), time.Duration(i)*time.Hour))
	}
	got := group(mentions...)
	if got[1] != got[0] || got[11] != got[10] {
		t.Errorf("neighbours are no copies: %v", got)
	}
	if got[11] == got[0] {
		t.Error("a chain of small changes is one story")
	}
	// Nor in time: 48 hours from the first, not from the newest copy.
	var daily []mood.Mention
	for i := range 6 {
		daily = append(daily, said(fmt.Sprint("m", i), "The very same long headline is printed here once again", time.Duration(i)*20*time.Hour))
	}
	got = group(daily...)
	if got[2] != got[0] || got[3] == got[0] {
		t.Errorf("copies of 0, 20, 40, 60 … hours are of the stories %v", got)
	}
}

func TestWhatIsOldOrTooMuchIsForgotten(t *testing.T) {
	r := NewReader()
	x := NewIndex(r, 1000)
	for i := range 5000 {
		m := said(fmt.Sprint("m", i), fmt.Sprintf("Headline number %d says something of its own here", i), 0)
		text := r.Read(&m)
		x.File(&text, noon)
	}
	if x.Len() != 1000 {
		t.Errorf("%d texts are remembered of 1000", x.Len())
	}
	if n := len(x.heads); n > 1000*12 {
		t.Errorf("%d keys are remembered of 1000 texts", n)
	}
	m := said("late", "Something else entirely is said much later on", 0)
	text := r.Read(&m)
	x.File(&text, noon.Add(Memory+time.Hour))
	if x.Len() != 1 || len(x.texts) != 1 || len(x.texts[0]) != 1 {
		t.Errorf("%d texts are remembered after %v", x.Len(), Memory)
	}
}

func TestGoingBackLeavesNothingBehind(t *testing.T) {
	r := NewReader()
	x := NewIndex(r, 0)
	file := func(from, to int) {
		for i := from; i < to; i++ {
			m := said(fmt.Sprint("m", i), fmt.Sprintf("Headline number %d says something of its own here", i/2), time.Duration(i)*time.Minute)
			text := r.Read(&m)
			x.File(&text, noon)
		}
	}
	file(0, 700)
	keys, at := len(x.heads), x.mark()
	file(700, 1500)
	x.back(at)
	if len(x.heads) != keys || x.mark() != at || x.Len() != 700 {
		t.Errorf("%d keys and %d texts are left of %d and 700", len(x.heads), x.Len(), keys)
	}
	for k, n := range x.heads {
		if n >= at {
			t.Fatalf("key %x still names text %d", k, n)
		}
	}
}

func TestACopyMayTakeThePlaceOfTheTextThatItIsOf(t *testing.T) {
	for name, c := range map[string]struct {
		most  int
		after time.Duration
	}{"there is no more room": {1, time.Minute}, "it is too old": {10, Memory + time.Minute}} {
		r := NewReader()
		x := NewIndex(r, c.most)
		first, second := said("a", "Nokia wins a record 5G deal in India", 0), said("b", "Nokia wins a record 5G deal in India", c.after)
		second.URL = first.URL
		t1, t2 := r.Read(&first), r.Read(&second)
		x.File(&t1, noon)
		if story, entry := x.File(&t2, noon.Add(c.after)); story != "a" || entry == nil || x.Len() != 1 {
			t.Errorf("%s: story %q, entry %v, %d texts", name, story, entry, x.Len())
		}
	}
}

// What is said without a title is read as one, and anybody may say anything.
func TestAPostOfSignsAloneIsReadAtOnce(t *testing.T) {
	r := NewReader()
	for _, sign := range []string{". ", "— ", "a. ", "!?", "é."} {
		m := mood.Mention{ID: "a", Text: "Nokia " + strings.Repeat(sign, 8000/len([]rune(sign)))}
		begun := time.Now()
		r.Read(&m)
		if took := time.Since(begun); took > 300*time.Millisecond {
			t.Errorf("%q again and again took %v", sign, took)
		}
	}
}
