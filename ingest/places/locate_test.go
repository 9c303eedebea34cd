package places

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"agora/mood"
)

func countries(l *Locator, ask Ask) []string {
	found, _ := l.Locate(ask)
	var list []string
	for _, p := range found {
		if !slices.Contains(list, p.Country) {
			list = append(list, p.Country)
		}
	}
	slices.Sort(list)
	return list
}

func evidence(l *Locator, ask Ask) []mood.Place {
	all, _ := l.Locate(ask)
	return all
}

func TestCountriesOfShortNewsAreFound(t *testing.T) {
	l := locator(t)
	var right, wrong, missed, languages = 0, 0, 0, map[string]bool{}
	for _, f := range rows(t) {
		languages[f[1]] = true
		got := countries(l, Ask{Title: f[2], Language: f[1]})
		want := strings.FieldsFunc(f[3], func(r rune) bool { return r == ',' })
		for _, c := range got {
			if slices.Contains(want, c) {
				right++
			} else {
				wrong++
			}
		}
		for _, c := range want {
			if !slices.Contains(got, c) {
				missed++
			}
		}
		if !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Logf("%s [%s] %q: want %v, got %v", f[0], f[5], f[2], want, got)
		}
	}
	precision, recall := float64(right)/float64(right+wrong), float64(right)/float64(right+missed)
	t.Logf("precision %.3f, recall %.3f, %d languages", precision, recall, len(languages))
	if precision < 0.95 || recall < 0.93 {
		t.Errorf("precision %.3f and recall %.3f; 0.95 and 0.93 is the least", precision, recall)
	}
	if len(languages) < 20 {
		t.Errorf("the texts are in %d languages; at least 20 are needed", len(languages))
	}
}

func TestEvidenceIsTheWordsWhereTheyStand(t *testing.T) {
	l := locator(t)
	for _, f := range rows(t) {
		for _, p := range evidence(l, Ask{Title: f[2], Language: f[1]}) {
			points := []rune(f[2])
			if p.Field != "title" || p.Start < 0 || p.End > len(points) || p.Start >= p.End || string(points[p.Start:p.End]) != p.Evidence {
				t.Errorf("%q: the evidence %q doesn't stand at %d…%d of the %s", f[2], p.Evidence, p.Start, p.End, p.Field)
			}
			if p.Method == "" || !(p.Confidence > 0 && p.Confidence <= 1) {
				t.Errorf("%q: %s has the method %q and the confidence %v", f[2], p.Country, p.Method, p.Confidence)
			}
		}
	}
}

func TestABrandThatIsCalledLikeATownIsNoTown(t *testing.T) {
	l := locator(t).WithBrands([]string{"Santiago Wines", "Lyon Optics", "Oslo"})
	for text, want := range map[string]string{
		"Santiago Wines reports a loss":                  "",
		"Lyon Optics sues Zeiss":                         "",
		"Oslo launches a new phone in Berlin":            "DE",
		"The town of Oslo likes its phone":               "NO",
		"Strike in Lyon halts Optics maker":              "FR",
		"Santiago mayor visits vineyard":                 "CL",
		"Vue de Lyon : Lyon Optics ouvre un laboratoire": "FR",
	} {
		if got := strings.Join(countries(l, Ask{Title: text}), ","); got != want {
			t.Errorf("%q: want %q, got %q", text, want, got)
		}
	}
}

func TestABrandThatIsACountryIsStillThatCountry(t *testing.T) {
	l := locator(t).WithBrands([]string{"Finland", "South Korea", "Jordan"})
	for text, want := range map[string]string{
		"Finland tops the list of happy countries": "FI",
		"South Korea raises rates, Finland waits":  "FI,KR",
		"Jordan releases a sneaker in July":        "",
	} {
		if got := strings.Join(countries(l, Ask{Title: text, Language: "en"}), ","); got != want {
			t.Errorf("%q: want %q, got %q", text, want, got)
		}
	}
}

func TestThePublishersCountryOnlySettlesWhatIsOpen(t *testing.T) {
	l := locator(t)
	for _, c := range []struct{ text, country, want string }{
		{"Birmingham council cuts jobs", "", "GB"},
		{"Birmingham council cuts jobs", "US", "US"},
		{"Paris council cuts jobs", "US", "FR"},
		{"New phones from Samsung", "US", ""},
		{"Georgia approves a wind farm", "GE", "GE"},
		{"Georgia approves a wind farm", "US", "US"},
	} {
		if got := strings.Join(countries(l, Ask{Title: c.text, Language: "en", Country: c.country}), ","); got != c.want {
			t.Errorf("%q published in %q: want %q, got %q", c.text, c.country, c.want, got)
		}
	}
}

func TestACityThatEnglishKnowsByItsNameIsMeantAheadOfGreaterNamesakes(t *testing.T) {
	l := locator(t)
	for _, c := range []struct{ text, country, want string }{
		{"Wildfires near Valencia force 3,000 from homes", "", "ES"},
		{"San Jose police chief resigns", "", "US"},
		{"Valencia port workers strike", "VE", "VE"},
		{"Birmingham council cuts jobs", "", "GB"},
	} {
		if got := strings.Join(countries(l, Ask{Title: c.text, Language: "en", Country: c.country}), ","); got != c.want {
			t.Errorf("%q published in %q: want %q, got %q", c.text, c.country, c.want, got)
		}
	}
}

func TestPlacesAreFoundInTextsWithoutCapitals(t *testing.T) {
	l := locator(t)
	for text, want := range map[string]string{
		"21 russian ammo depots blown so far":    "RU",
		"israeli strikes on gaza again":          "IL,PS",
		"new york is so loud":                    "US",
		"los angeles traffic lol":                "US",
		"usa vs uk in the final, who wins":       "GB,US",
		"quit smoking cold turkey and it worked": "",
		"they land in turkey tomorrow morning":   "TR",
		"polish your shoes before the interview": "",
		"best french fries in town ngl":          "",
		"chad move by the intern honestly":       "",
		"they told us nothing about it":          "",
	} {
		if got := strings.Join(countries(l, Ask{Text: text, Language: "en"}), ","); got != want {
			t.Errorf("%q: want %q, got %q", text, want, got)
		}
	}
}

func TestOnlyTheBeginningOfATextCounts(t *testing.T) {
	l := locator(t)
	far := "A phone maker reports. " + strings.Repeat("It sells phones and more phones. ", 12) + "Its plant is in Germany."
	if got := evidence(l, Ask{Title: "Phones", Text: far}); len(got) != 0 {
		t.Errorf("what stands far down decided: %v", got)
	}
	got := l.About(Ask{Title: "Phones sell well in Japan", Text: "The maker builds them in Vietnam."})
	if len(got) != 2 || got[0].Country != "JP" || got[0].Field != "title" || got[1].Country != "VN" || got[1].Field != "text" {
		t.Errorf("want Japan of the title ahead of Vietnam of the text, got %v", got)
	}
}

func TestTheTitleSettlesWhatTheTextLeavesOpen(t *testing.T) {
	l := locator(t)
	for _, c := range []struct{ title, text, want string }{
		{"Tbilisi protesters march", "Georgia passed the bill.", "GE"},
		{"Venezuela loses a car maker", "The plant in Valencia closes.", "VE"},
		{"A car maker leaves", "The plant in Valencia, Spain, closes.", "ES"},
	} {
		if got := strings.Join(countries(l, Ask{Title: c.title, Text: c.text, Language: "en"}), ","); got != c.want {
			t.Errorf("%q, %q: want %s, got %s", c.title, c.text, c.want, got)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"", "U.S. sues Apple", "米国、米", "ארה\"ב", "Georgia, Georgia, Ga.", "Paris, Texas", "\xff\xfe", "İstanbul'da", "North, South Korea", "e\u0301", "ﷺ الولايات"} {
		f.Add(s, "en")
	}
	l := locator(f).WithBrands([]string{"Nokia"})
	f.Fuzz(func(t *testing.T, s, lang string) {
		text := strings.ToValidUTF8(s, "")
		for _, p := range evidence(l, Ask{Title: text, Text: text, Language: lang}) {
			points := []rune(text)
			if p.Start < 0 || p.End > len(points) || p.Start >= p.End || string(points[p.Start:p.End]) != p.Evidence {
				t.Fatalf("%q: %q at %d…%d", text, p.Evidence, p.Start, p.End)
			}
			if _, ok := mood.Country(p.Country); !ok {
				t.Fatalf("%q: no country %q", text, p.Country)
			}
		}
		if !utf8.ValidString(s) {
			l.Locate(Ask{Text: s}) // it may say what it likes, and must not fall over
		}
	})
}
