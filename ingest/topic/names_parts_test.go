package topic

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"agora/mood"
)

// lastTopics teaches an extractor headlines, and gives the topics of the last one.
func lastTopics(x *Extractor, titles ...string) (got []string) {
	for _, title := range titles {
		got = x.Topics(title, "", "en")
	}
	return got
}

func watched() *Extractor {
	return New([]mood.Brand{{Name: "Biden", Query: `Biden OR "White House"`}, {Name: "Tesla", Query: `Tesla OR "Elon Musk"`}, {Name: "Russia", Query: "Russia OR Russian OR Putin"}})
}

func TestPartsOfWatchedNamesAreNoTopics(t *testing.T) {
	x := watched()
	for i := range 8 {
		lastTopics(x, fmt.Sprintf("Talks on %d islands begin as Joe Biden visits", i), fmt.Sprintf("A court of %d judges hears what Elon Musk wrote", i), fmt.Sprintf("Guests of show %d listen to Joe Rogan and Joe Manchin", i))
	}
	for title, never := range map[string]string{
		"Storms delay the plane of Joe Biden over Poland":     "Joe",
		"Investors wonder what Elon will pay for Poland":      "Elon",
		"Investors wonder whether Musk will pay for Poland":   "Musk",
		"An ex-White House lawyer speaks in Poland":           "ex-white",
		"Museum of the Russian Federation reopens in Poland":  "Federation",
		"Poland fears an anti-Russian mood among its farmers": "anti-russian",
	} {
		got := x.Topics(title, "", "en")
		if slices.ContainsFunc(got, func(s string) bool { return strings.EqualFold(s, never) }) || !slices.Contains(got, "Poland") {
			t.Errorf("%q: %q, want Poland and not %s", title, got, never)
		}
	}
}

func TestANameThatIsNeverWithoutItsSKeepsIt(t *testing.T) {
	x := watched()
	for i := range 12 {
		lastTopics(x, fmt.Sprintf("the menu of McDonald's has %d burgers less", i), fmt.Sprintf("critics of Poland's plan number %d", i), fmt.Sprintf("a trip to Poland takes %d hours", i))
	}
	for title, want := range map[string]string{"fries go from McDonald’s in Norway": "McDonald's", "storms reach Poland's coast": "Poland"} {
		if got := x.Topics(title, "", "en"); !slices.Contains(got, want) {
			t.Errorf("%q: %q lacks %s", title, got, want)
		}
	}
}

func TestAGivenNameThatIsMostlySomebodyElsesIsATopic(t *testing.T) {
	x := watched()
	for i := range 12 {
		lastTopics(x, fmt.Sprintf("Senators number %d ask what Manchin wants from Congress", i))
	}
	if got := lastTopics(x, "Congress hears that Manchin Biden feud is over", "Congress hears that Manchin Biden feud is over again"); !slices.Contains(got, "Manchin") {
		t.Errorf("%q lacks Manchin", got)
	}
}

func TestNamesKeepTheirCapitalsWhateverTheyAreMadeOf(t *testing.T) {
	x := watched()
	for i := range 12 {
		lastTopics(x, fmt.Sprintf("the crowd waits for %d hours in heavy rain to see Star Wars again", i), fmt.Sprintf("the crowd waits for %d hours in heavy rain to see Stranger Things again", i), fmt.Sprintf("Freedom Convoy Drivers Block Road Number %d", i), fmt.Sprintf("police follow the Convoy on road number %d", i), fmt.Sprintf("a march for freedom number %d", i), fmt.Sprintf("police of district %d watch what Trump does", i))
	}
	for title, want := range map[string]string{
		"‘Star Wars’ Actors Talk About Their Favourite Scenes Of All":    "Star Wars",
		"‘Stranger Things’ Breakout Actors Talk Crafting Their Costumes": "Stranger Things",
		"Freedom Convoy Leaves Town Over Unpaid Bills":                   "Freedom Convoy",
		"A pro-Trump broadcaster loses its licence in court":             "pro-Trump",
	} {
		if got := x.Topics(title, "", "en"); !slices.Contains(got, want) {
			t.Errorf("%q: %q lacks %q", title, got, want)
		}
	}
}

func TestANameThatOpensHeadlinesStaysOneWhenItIsOnceWrittenSmall(t *testing.T) {
	x := watched()
	lastTopics(x, "a page of zelenskyy fans is closed")
	for i := range 12 {
		lastTopics(x, fmt.Sprintf("Zelenskyy asks %d allies for ammunition", i))
	}
	got := lastTopics(x, "Zelenskyy thanks Poland for ammunition")
	if !slices.Contains(got, "Zelenskyy") || slices.Contains(got, "zelenskyy") {
		t.Errorf("%q, want Zelenskyy", got)
	}
}
