package topic

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"agora/mood"
)

func TestVerbsAdverbsAndEmptyWordsAreNoTopics(t *testing.T) {
	for title, never := range map[string][]string{
		"Nokia deepens its loss and unveils deliberately bizarre phones in Espoo": {"deepens", "unveils", "deliberately", "bizarre"},
		"Unfortunately, Nokia was sued by engineers who searched the archive":     {"Unfortunately", "unfortunately", "sued", "searched"},
		"Nokia pleads guilty in Berlin":                                           {"pleads", "guilty", "pleads guilty"},
		"Hundreds see the impact of a situation at Nokia in Berlin":               {"hundreds", "impact", "situation"},
	} {
		x := New(brands())
		for range 5 {
			x.Learn("A man pleads guilty", "", "en")
		}
		got := x.Topics(title, "", "en")
		for _, n := range never {
			if slices.Contains(got, n) {
				t.Errorf("%q: %q has %q", title, got, n)
			}
		}
		if len(got) == 0 {
			t.Errorf("%q has no topic", title)
		}
	}
}

func TestAPartOfANameIsTheWholeName(t *testing.T) {
	x := New(brands())
	for i := range 20 {
		x.Topics(fmt.Sprintf("Nokia talks to Elon Musk about rocket %d", i), "", "en")
		x.Learn(fmt.Sprintf("The White House and white paint number %d", i), "", "en")
		x.Topics("Nokia visits the White House", "", "en")
		x.Learn("A wall was painted by White", "", "en")
		x.Learn("Nobody paints like White", "", "en")
	}
	if got := x.Topics("Nokia sues Musk over rockets", "", "en"); !slices.Contains(got, "Elon Musk") || slices.Contains(got, "Musk") {
		t.Errorf("got %q", got)
	}
	if got := x.Topics("Nokia sues Mr White over rockets", "", "en"); slices.Contains(got, "White House") {
		t.Errorf("White is a house: %q", got)
	}
}

func TestCaseIsKeptAsPeopleWriteIt(t *testing.T) {
	x := New(brands())
	for i := range 6 {
		x.Learn(fmt.Sprintf("Farmers store Ukrainian grain for year %d", i), "", "en")
	}
	got := strings.Join(x.Topics("Nokia's 5G tower, iPhone users and Ukrainian grain in the EU, with A.I.", "", "en"), ", ")
	for _, want := range []string{"5G", "iPhone", "Ukrainian grain", "EU", "AI"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
}

// told gives a mention for each title, all of them different ones.
func mention(id int, title string) *mood.Mention {
	return &mood.Mention{ID: fmt.Sprint(id), Title: title, Language: "en"}
}

func TestOneStoryThatIsPrintedEverywhereIsToldOnce(t *testing.T) {
	x := New(brands())
	first := mention(1, "Nokia closes its walrus laboratory in Espoo - Reuters")
	if got := x.Of(first); !slices.Contains(got, "walrus") {
		t.Fatalf("the first has %q", got)
	}
	for i, title := range []string{"Nokia closes its walrus laboratory in Espoo | Yahoo News", "NOKIA CLOSES ITS WALRUS LABORATORY IN ESPOO", "Nokia closes its “walrus” laboratory in Espoo"} {
		if got := x.Of(mention(2+i, title)); got != nil {
			t.Errorf("%q, which was told before, has %q", title, got)
		}
	}
	if got := x.Of(first); !slices.Contains(got, "walrus") {
		t.Errorf("offered again, the first has %q", got)
	}
	if got := x.Of(mention(9, "Nokia reopens its walrus laboratory in Espoo")); !slices.Contains(got, "walrus") {
		t.Errorf("another story has %q", got)
	}
	one, two := mention(10, "A walrus at Nokia, says one"), mention(11, "Nokia has a walrus now, says another")
	one.Story, two.Story = "s1", "s1"
	if a, b := x.Of(one), x.Of(two); !slices.Contains(a, "walrus") || b != nil {
		t.Errorf("two of one story have %q and %q", a, b)
	}
	for i := range 3 { // titles that are anybody's
		if got := x.Of(mention(20+i, "Walrus at Nokia")); !slices.Contains(got, "Walrus") && !slices.Contains(got, "walrus") {
			t.Errorf("a short title has %q", got)
		}
	}
}

func TestWhoSignsATextIsNoTopicOfIt(t *testing.T) {
	m := mention(1, "Walrus found at Nokia, Daily Herald learns")
	m.Text = "By Jane Roe. The Daily Herald and the walrus are in Espoo. Jane Roe reports."
	m.Outlet, m.Author = "thedailyherald.co.uk", "Jane Roe"
	got := New(brands()).Of(m)
	if !slices.ContainsFunc(got, func(s string) bool { return strings.EqualFold(s, "walrus") }) {
		t.Errorf("got %q", got)
	}
	for _, topic := range got {
		if strings.Contains("Daily Herald Jane Roe", topic) {
			t.Errorf("%q has %q", got, topic)
		}
	}
}

// A phrase that somebody plants among many others is a topic of its texts; what
// every text ends with is none of any.
func TestAPlantedPhraseIsFoundAndBoilerplateIsNot(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	nouns := strings.Fields("antenna harbour orchestra glacier senator tunnel vaccine orchard lantern satellite ferry pension reactor museum stadium airline bakery canal forest bridge")
	verbs := strings.Fields("opens delays visits builds sells studies closes repairs inspects funds")
	x := New(brands())
	found, looked, boilerplate := 0, 0, 0
	const texts, planted = 3000, 60
	for i := range texts {
		title := fmt.Sprintf("Nokia %s the %s of a %s", verbs[r.IntN(len(verbs))], nouns[r.IntN(len(nouns))], nouns[r.IntN(len(nouns))])
		isPlanted := i%(texts/planted) == 0
		if isPlanted {
			title = fmt.Sprintf("Nokia %s its zinc battery for a %s", verbs[r.IntN(len(verbs))], nouns[r.IntN(len(nouns))])
		}
		got := x.Of(&mood.Mention{ID: fmt.Sprint(i), Title: title, Text: fmt.Sprintf("Item %d. Subscribe to the Daily Herald bulletin for exclusive puzzles.", i), Language: "en"})
		if i < texts/2 {
			continue
		}
		if isPlanted && len(got) > 0 {
			looked++
			if got[0] == "zinc battery" {
				found++
			}
		}
		for _, topic := range got {
			if strings.Contains("Daily Herald bulletin puzzles subscribe", topic) {
				boilerplate++
			}
		}
	}
	if looked < planted/4 || found < looked*9/10 {
		t.Errorf("the planted phrase leads the topics of %d of its %d texts", found, looked)
	}
	if boilerplate > 0 {
		t.Errorf("what all texts end with is a topic %d times", boilerplate)
	}
}
