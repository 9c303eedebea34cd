package watch

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"agora/mood"
)

func TestSpansShowTheTermsThatMatchedInCodePoints(t *testing.T) {
	for _, c := range []struct {
		query, title, body string
		want               []string // what the spans cut out
	}{
		{"nokia", "Äiti: Nokia, nokia's", "ÿ NOKIA", []string{"title:Nokia", "title:nokia", "text:NOKIA"}},
		{`"bell labs" OR bell`, "Bell Labs bell", "", []string{"title:Bell Labs", "title:bell"}},
		{"nokia NOT tyres", "nokia", "", []string{"title:nokia"}},
		{"nokia OR (apple AND pear)", "nokia apple", "", []string{"title:nokia"}},
		{"nokia NEAR/1 profit", "nokia profit, and nokia again", "", []string{"title:nokia", "title:profit"}},
		{`"(c)"`, "see (C) here", "", []string{"title:(C)"}},
		{`"C++"`, "C++ and C", "", []string{"title:C++"}},
		{"小米", "👍🏽新小米手机", "小米", []string{"title:小米", "text:小米"}},
		{"strasse", "die Straße", "", []string{"title:Straße"}},
		{"a OR NOT b", "x", "", nil},
		{"title:a OR b", "a", "a b", []string{"title:a", "text:b"}},
		{"👍", "👍👍", "", []string{"title:👍", "title:👍"}},
		{"nokia", "e\u0301 nokia\u0301", "", []string{"title:nokia\u0301"}},
	} {
		q, err := Compile(c.query)
		if err != nil {
			t.Fatal(err)
		}
		spans, ok := q.Match(c.title, c.body)
		if !ok {
			t.Errorf("%s: no match", c.query)
		}
		var got []string
		for _, s := range spans {
			text := []rune(c.title)
			if s.Field == "text" {
				text = []rune(c.body)
			}
			got = append(got, s.Field+":"+string(text[s.Start:s.End]))
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s on %q / %q: spans cut out %q, want %q", c.query, c.title, c.body, got, c.want)
		}
	}
}

func TestTheIndexNamesTheBrandsInOrder(t *testing.T) {
	x, err := NewIndex([]mood.Brand{
		{ID: "nokia", Query: `Nokia OR "Bell Labs"`}, {ID: "apple", Query: "=Apple"}, {ID: "other", Query: "cherry OR NOT the"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range x.Match("Apple sues Nokia", "apple pie") {
		ids = append(ids, h.Brand)
	}
	if fmt.Sprint(ids) != "[nokia apple other]" {
		t.Errorf("got %v", ids)
	}
	if hits := x.Match("the weather", ""); hits != nil {
		t.Errorf("a text without brands has %v", hits)
	}
}

func TestABadQueryNamesItsBrand(t *testing.T) {
	_, err := NewIndex([]mood.Brand{{ID: "good", Query: "a"}, {ID: "bad", Query: "a OR"}})
	var syntax *SyntaxError
	if !errors.As(err, &syntax) || syntax.Column != 3 || !strings.Contains(err.Error(), `"bad"`) {
		t.Errorf("got %v", err)
	}
}

func TestAnIndexWithoutBrandsMatchesNothing(t *testing.T) {
	x, err := NewIndex(nil)
	if err != nil || x.Match("a", "b") != nil {
		t.Errorf("got %v", err)
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	brands := make([]mood.Brand, 50)
	for i := range brands {
		brands[i] = mood.Brand{ID: fmt.Sprint(i), Query: fmt.Sprintf(`alpha NEAR/%d bravo OR "charlie delta" NOT word%d`, i+1, i)}
	}
	x, err := NewIndex(brands)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint(x.Match("alpha people bravo", "charlie delta about"))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				if got := fmt.Sprint(x.Match("alpha people bravo", "charlie delta about")); got != want {
					t.Errorf("got %s, want %s", got, want)
					return
				}
			}
		})
	}
	group.Wait()
}

// Hostile texts and queries must cost about as much as their length. The test
// has no clock: what is worse than that would run for hours.
func TestHostileInputCostsNoMoreThanItsLength(t *testing.T) {
	const n = 50_000
	long := strings.Repeat("a ", n)
	for _, query := range []string{
		"a", "a*", "a NEAR/3 a NEAR/3 a NEAR/3 b", "a NEAR/1000000 b", `"a a a a a a a a b"`, "?", "a b c OR NOT (a NEAR/2 a)",
		strings.Repeat("(", 90) + "a OR b" + strings.Repeat(")", 90),
		strings.Repeat("NOT ", 90) + "a",
		strings.Repeat("(a OR b) ", 900) + "c",
		strings.Repeat("(NOT ", 45) + "a" + strings.Repeat(" b)", 45),
	} {
		q, err := Compile(query)
		if err != nil {
			continue
		}
		spans, _ := q.Match(long, strings.Repeat("小", n))
		if len(spans) > maxSpans {
			t.Errorf("%.40s: %d spans", query, len(spans))
		}
	}
	for _, text := range []string{
		strings.Repeat("'", n), strings.Repeat("a'", n), strings.Repeat("\u0301", n), "a" + strings.Repeat("\u0301", n),
		strings.Repeat("a", n), strings.Repeat("\xff", n), strings.Repeat("カ\u3099", n), strings.Repeat("\u1100", n) + strings.Repeat("\u1161", n),
		strings.Repeat("👍", n), strings.Repeat("a.", n), strings.Repeat("+", n),
	} {
		for _, query := range []string{"a", `"a+"`, "👍", "a* OR b?c", "カ OR ガ", `"++a"`, "=A*"} {
			q, err := Compile(query)
			if err != nil {
				t.Fatal(err)
			}
			q.Match(text, text)
		}
	}
}

func TestSearchTermsSayWhatEnginesUnderstand(t *testing.T) {
	for query, want := range map[string]string{
		"Nokia":                               `Nokia`,
		`Nokia OR "Bell Labs"`:                `Nokia OR "Bell Labs"`,
		`"Nokia"`:                             `Nokia`,
		"nokia NOT tyres":                     `nokia -tyres`,
		`nokia NOT ("nokia tyres" OR nokian)`: `nokia -nokian -"nokia tyres"`,
		"(a OR b) c":                          `c (a OR b)`,
		"nokia NEAR/5 profit":                 `nokia profit`,
		"title:(nokia OR hmd)":                `nokia OR hmd`,
		"=Apple NOT =apple":                   `Apple`,
		"nokia OR nok*":                       `nokia`,
		"nok*":                                ``,
		`"AT&T" OR "C++"`:                     `"AT&T" OR "C++"`,
		"nokia NOT title:tyres":               `nokia`,
		"a OR (b NOT c)":                      `a OR b`,
		"诺基亚":                                 `诺基亚`,
		"nokia 👍":                             `nokia`,
		`a OR (b AND (c OR d))`:               `a OR (b (c OR d))`,
		"NOT (NOT nokia)":                     `nokia`,
		"coca-cola":                           `"coca-cola"`,
		"nokia NOT (a NEAR/2 b)":              `nokia`,
		"x OR " + strings.Repeat("y OR ", 99) + "z": "x OR " + strings.TrimSuffix(strings.Repeat("y OR ", 29), " OR "),
	} {
		q, err := Compile(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.SearchTerms(); got != want {
			t.Errorf("%.60s: %q, want %q", query, got, want)
		}
	}
}
