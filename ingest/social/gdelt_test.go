package social

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// gkg stands in for GDELT's DOC API.
type gkg struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	articles []gdeltArticle
	at       []time.Time // of requests
	queries  []string
	say      string // what it answers instead, in plain text
	busy     int    // answers with 429
}

func newGKG(t *testing.T) *gkg {
	g := &gkg{t: t}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v2/doc/doc", g.search)
	g.Server = serve(t, mux)
	return g
}

func (g *gkg) add(path, title string, seen time.Time, language, country string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.articles = append(g.articles, gdeltArticle{URL: "https://news.example/" + path, Title: title, SeenDate: seen.UTC().Format("20060102T150405Z"), Domain: "news.example", Language: language, Country: country})
	slices.SortStableFunc(g.articles, func(a, b gdeltArticle) int { return strings.Compare(b.SeenDate, a.SeenDate) })
}

func (g *gkg) search(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	q := r.URL.Query()
	g.at, g.queries = append(g.at, time.Now()), append(g.queries, q.Get("query"))
	if g.busy > 0 {
		g.busy--
		http.Error(w, "Please limit requests to one every 5 seconds or contact us.", http.StatusTooManyRequests)
		return
	}
	if g.say != "" {
		fmt.Fprintln(w, g.say)
		return
	}
	if q.Get("mode") != "artlist" || q.Get("format") != "json" || q.Get("sort") != "datedesc" {
		g.t.Errorf("it asked %s", r.URL.RawQuery)
	}
	var from time.Time
	to := time.Now().Add(time.Minute)
	if span := q.Get("timespan"); span != "" {
		n, err := strconv.Atoi(strings.TrimSuffix(span, "min"))
		if err != nil || n < 15 {
			g.t.Errorf("it asked for a span of %q", span)
		}
		from = time.Now().Add(-time.Duration(n) * time.Minute)
	} else {
		from, _ = time.Parse(gdeltTime, q.Get("startdatetime"))
		to, _ = time.Parse(gdeltTime, q.Get("enddatetime"))
	}
	most, _ := strconv.Atoi(q.Get("maxrecords"))
	var found []gdeltArticle
	for _, a := range g.articles {
		if at := a.seen(); at.Before(from) || at.After(to) {
			continue
		}
		if found = append(found, a); len(found) == min(most, 250) {
			break
		}
	}
	if len(found) == 0 {
		fmt.Fprint(w, "{}")
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"articles": found})
}

func (g *gkg) open(t *testing.T, change func(*site)) *site {
	p := only(map[string][]string{"url": {g.URL}})
	p.Every = 20 * time.Millisecond
	s := newSite(t, specs(t, "gdelt", p))
	s.cfg.Hosts[strings.TrimPrefix(g.URL, "http://")] = 0 // this very server may be asked at any time
	if change != nil {
		change(s)
	}
	s.start()
	return s
}

func TestNewsOfTheWorldComeWithCountryAndLanguage(t *testing.T) {
	t.Parallel()
	g := newGKG(t)
	now := time.Now()
	g.add("1", "Nokia gewinnt Auftrag , sagt \u003cb\u003eNokia", now.Add(-time.Hour), "German", "Germany")
	g.add("2", "Only the text names it", now, "English", "United States")
	g.add("3", "Nokia in Seoul", now, "Korean", "South Korea")
	s := g.open(t, nil)
	until(t, "two came", func() bool { return s.takers.count() == 2 })
	m := s.takers.find(t, "Nokia gewinnt Auftrag, sagt Nokia")
	if m.Places.From == nil || m.Places.From.Country != "DE" || m.Language != "de" || m.Outlet != "news.example" || m.Published.Unix() != now.Add(-time.Hour).Unix() {
		t.Errorf("%+v, from %+v", m, m.Places.From)
	}
	if m := s.takers.find(t, "Nokia in Seoul"); m.Places.From.Country != "KR" || m.Language != "ko" {
		t.Errorf("%+v", m)
	}
	g.add("4", "Nokia once more", time.Now(), "Finnish", "Finland")
	until(t, "it came", func() bool { return s.takers.count() == 3 })
	if n := s.takers.deliveries(); n != 3 {
		t.Errorf("%d were delivered", n)
	}
}

func TestGDELTIsAskedOnceInFiveSeconds(t *testing.T) {
	t.Parallel()
	g := newGKG(t)
	s := g.open(t, func(s *site) { s.cfg.Hosts = map[string]time.Duration{"127.0.0.1": 0} }) // a rule for the machine isn't one for GDELT
	until(t, "it asked twice", func() bool { g.mu.Lock(); defer g.mu.Unlock(); return len(g.at) >= 2 })
	s.halt()
	g.mu.Lock()
	defer g.mu.Unlock()
	if gap := g.at[1].Sub(g.at[0]); gap < 5*time.Second {
		t.Errorf("it asked again after %v", gap)
	}
}

func TestMoreArticlesThanAnAnswerHoldsAreWalkedThrough(t *testing.T) {
	t.Parallel()
	g := newGKG(t)
	now := time.Now().Truncate(time.Second)
	for n := range 600 {
		g.add(fmt.Sprint(n), fmt.Sprint("Nokia ", n), now.Add(-time.Duration(n/3)*time.Minute), "English", "Ireland")
	}
	s := g.open(t, nil)
	until(t, "all came", func() bool { return s.takers.count() == 600 })
}

func TestWhatGDELTSaysInPlainTextIsTold(t *testing.T) {
	t.Parallel()
	g := newGKG(t)
	g.say = "The specified phrase is too short."
	s := g.open(t, nil)
	if h := s.waitState("", mood.SourceFailing); !strings.Contains(h.LastError, "The specified phrase is too short.") || h.Trouble != mood.TroubleRefused {
		t.Errorf("%+v", h)
	}
	g.mu.Lock()
	g.say = ""
	g.mu.Unlock()
	s.waitState("", mood.SourceFine)

	g.mu.Lock()
	g.say = "Please limit requests to one every 5 seconds or contact kalev.leetaru5@gmail.com for larger queries."
	g.mu.Unlock()
	if h := s.waitState("", mood.SourceWaiting); h.NextPoll == nil || time.Until(*h.NextPoll) < 30*time.Second {
		t.Errorf("%+v", h)
	}
}

func TestA429OfGDELTIsARequestForAPause(t *testing.T) {
	t.Parallel()
	g := newGKG(t)
	g.busy = 1
	s := g.open(t, nil)
	if h := s.waitState("", mood.SourceWaiting); h.LastStatus != 429 || h.NextPoll == nil || h.Stopped() {
		t.Errorf("%+v", h)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.at) != 1 {
		t.Errorf("it asked %d times", len(g.at))
	}
}

func TestJSONWithBackslashesAndControlCharactersIsMended(t *testing.T) {
	t.Parallel()
	body := "{\"articles\":[{\"url\":\"https:\\/\\/a.example\\/1\",\"title\":\"a \\x nokia\tb \\\"c\\\" \\u00e9\",\"seendate\":\"20261127T031500Z\"}]}"
	list, err := readGDELT([]byte(body), "h", func(time.Time) {}, time.Now())
	if err != nil || len(list) != 1 || list[0].Title != `a \x nokia b "c" é` || list[0].URL != "https://a.example/1" {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestAnArticleThatBreaksTheAnswerKeepsNoOtherBack(t *testing.T) {
	t.Parallel()
	body := `{"articles": [ { "url": "https://a.example/1", "url_mobile": "", "title": "Nokia said "hello" and \u12 left", "seendate": "20261127T090000Z", "domain": "a.example", "language": "English", "sourcecountry": "Finland" },
  { "url": "https://a.example/2", "title": "Nokia said \"no\" {twice}", "seendate": "20261127T080000Z", "domain": "b.example", "language": "", "sourcecountry": "" } ] }`
	list, err := readGDELT([]byte(body), "h", func(time.Time) {}, time.Now())
	want := []gdeltArticle{
		{URL: "https://a.example/1", Title: `Nokia said "hello" and \u12 left`, SeenDate: "20261127T090000Z", Domain: "a.example", Language: "English", Country: "Finland"},
		{URL: "https://a.example/2", Title: `Nokia said "no" {twice}`, SeenDate: "20261127T080000Z", Domain: "b.example"},
	}
	if err != nil || !slices.Equal(list, want) {
		t.Errorf("%+v, %v", list, err)
	}
	for _, hopeless := range []string{`{"articles": [ nothing`, `{"url": "`} {
		if list, err := readGDELT([]byte(hopeless), "h", func(time.Time) {}, time.Now()); err == nil {
			t.Errorf("%s gives %+v", hopeless, list)
		}
	}
	page := "<!DOCTYPE html><html><body>Sorry</body></html>"
	if _, err := readGDELT([]byte(page), "h", func(time.Time) {}, time.Now()); err == nil || strings.Contains(err.Error(), "<") {
		t.Errorf("a page is told as %v", err)
	}
}

func TestQueriesForGDELTKeepToItsGrammar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		searches [][]string
		want     string
	}{
		{[][]string{{"Nokia"}}, `[Nokia]`}, // no parentheses around one word
		{[][]string{{"Nokia"}, {"Bell Labs"}}, `[(Nokia OR "Bell Labs")]`},
		{[][]string{{"Nokia", "phone"}, {"AT&T"}, {"x", "y z"}}, `["AT&T" Nokia phone x "y z"]`},
	} {
		if got := fmt.Sprint(gdeltQueries(c.searches)); got != c.want {
			t.Errorf("%v: %s, want %s", c.searches, got, c.want)
		}
	}
}

func TestCountriesOfGDELTAreFoundByCodeAndName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		// Codes of FIPS 10-4 that mean another country in ISO 3166.
		"GM": "DE", "SZ": "CH", "SW": "SE", "AU": "AT", "AS": "AU", "CH": "CN", "CI": "CL", "EI": "IE", "UP": "UA", "RP": "PH", "DA": "DK", "SP": "ES", "PO": "PT",
		"TU": "TR", "JA": "JP", "KS": "KR", "KN": "KP", "IS": "IL", "IC": "IS", "IZ": "IQ", "VM": "VN", "SF": "ZA", "NI": "NG", "NG": "NE", "RS": "RU", "UK": "GB",
		"EZ": "CZ", "LO": "SK", "RI": "RS", "BU": "BG", "BO": "BY", "BL": "BO", "EN": "EE", "LG": "LV", "LH": "LT", "GG": "GE", "AJ": "AZ", "MG": "MN", "MO": "MA",
		"WE": "PS", "GZ": "PS", "OD": "SS", "TT": "TL", "FI": "FI", "US": "US", "HO": "HN", "ES": "SV", "CS": "CR", "DR": "DO", "HA": "HT",
		"Germany": "DE", "South Korea": "KR", "Czech Republic": "CZ", "Ivory Coast": "CI", "Russia": "RU", "United Kingdom": "GB", "Bosnia-Herzegovina": "BA",
		"Slovak Republic": "SK", "Burma": "MM", "Macedonia": "MK", "Hong Kong": "HK", "Taiwan": "TW", "Vietnam": "VN", "Palestine": "PS", "Gambia": "GM", "The Gambia": "GM", "The Bahamas": "BS", "Palestinian Territory": "PS", "The Netherlands": "NL",
		"Côte d'Ivoire": "CI", "Turkey": "TR", "Türkiye": "TR", "Congo": "CG", "Democratic Republic of the Congo": "CD", "Iran": "IR", "": "", "XX": "", "Atlantis": "",
	} {
		if got := countryNamed(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	for _, territory := range mood.Territories() {
		if got := countryNamed(territory.Name); got != territory.Code {
			t.Errorf("%q: %q, want %q", territory.Name, got, territory.Code)
		}
	}
	for name, want := range map[string]string{"English": "en", "Chinese": "zh", "Norwegian": "no", "Greek": "el", "Persian": "fa", "fi": "fi", "": "", "Klingon": "", "Haitian Creole": "ht"} {
		if got := languageNamed(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
