package topic

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"agora/mood"
)

func brands() []mood.Brand {
	return []mood.Brand{
		{ID: "nokia", Name: "Nokia", Query: `Nokia OR "Bell Labs" OR =HMD NOT (tyres OR Nokian)`},
		{ID: "erik", Name: "Ericsson", Query: "title:Ericsson AND ericss*"},
		{ID: "coca", Name: "Coca-Cola", Query: `"Coca-Cola" NEAR/5 drink`},
	}
}

func TestTopicsAreWhatIsWrittenBesideTheBrand(t *testing.T) {
	for _, c := range []struct {
		title, text string
		want        []string // among the topics
		never       []string
	}{
		{"Nokia and Bell Labs test quantum network with Deutsche Telekom", "", []string{"Deutsche Telekom", "quantum"}, []string{"Nokia", "bell", "labs", "Bell Labs"}},
		{"Nokia shares fall after profit warning - Reuters", "", []string{"profit warning"}, []string{"Reuters", "shares", "fall", "profit", "warning"}},
		{"Why Nokia is leaving Moscow | BBC News", "", []string{"Moscow"}, []string{"BBC", "News", "BBC News"}},
		{"Nokia's NATO contract worth $500 million signed in 2024", "", []string{"NATO", "contract"}, []string{"500", "2024", "million"}},
		{"HMD sells the iPhone rival for 299 euros", "", []string{"iPhone"}, []string{"HMD", "299"}},
		{"Read https://example.com/nokia?utm_source=rss about layoffs @nokia #layoffs &nbsp; info@example.com", "", []string{"layoffs"}, []string{"https", "example", "utm_source", "nbsp", "com", "rss"}},
		{"Ericsson-led group and Ericssons wins in New York", "", []string{"New York"}, []string{"ericsson-led", "Ericssons", "york", "York"}},
		{"NOKIA CUTS THOUSANDS OF JOBS IN FINLAND AS DEMAND FOR ROUTERS COLLAPSES", "", []string{"Finland"}, []string{"FINLAND", "OF", "IN"}},
		{"Nokia names Justin Hotard as chief executive", "Justin Hotard comes from Intel. Hotard, who led data centres, starts in April.", []string{"Justin Hotard"}, []string{"April", "who", "Hotard"}},
		{"Nokia", "", nil, nil},
		{"", "", nil, nil},
	} {
		got := New(brands()).Topics(c.title, c.text, "en")
		for _, w := range c.want {
			if !slices.Contains(got, w) {
				t.Errorf("%q: %q lacks %q", c.title, got, w)
			}
		}
		for _, n := range c.never {
			if slices.ContainsFunc(got, func(s string) bool { return strings.EqualFold(s, n) && (s == n || !slices.Contains(c.want, s)) }) {
				t.Errorf("%q: %q has %q", c.title, got, n)
			}
		}
	}
}

func TestTopicsAreFewAndDontRepeatEachOther(t *testing.T) {
	x := New(brands())
	for range 20 {
		x.Learn("The data center business grows as data centers and cloud providers build", "More data centers for Google Cloud, Amazon Web Services and Microsoft Azure", "")
	}
	got := x.Topics("Nokia buys Infinera for data centers of Google Cloud, Amazon Web Services, Microsoft Azure, Oracle, Alibaba, Tencent and OVH", "", "en")
	if len(got) == 0 || len(got) > MaxTopics {
		t.Fatalf("%d topics: %q", len(got), got)
	}
	words := map[string]bool{}
	for _, topic := range got {
		for _, w := range strings.Fields(strings.ToLower(topic)) {
			if words[stem(w)] {
				t.Errorf("%q stands in two topics: %q", w, got)
			}
			words[stem(w)] = true
		}
	}
}

func TestTheSameTopicIsWrittenTheSameWay(t *testing.T) {
	x := New(brands())
	for i := range 30 {
		x.Learn(fmt.Sprintf("Unions protest against the layoffs of Elon Musk, day %d", i), "", "")
	}
	found := map[string]bool{}
	for _, title := range []string{
		"Nokia announces layoffs", "Nokia Announces Layoffs In Every Last Business Unit", "A layoff at Nokia, then more layoffs",
	} {
		got := x.Topics(title, "", "en")
		if !slices.Contains(got, "layoffs") {
			t.Errorf("%q: %q", title, got)
		}
	}
	for _, title := range []string{"Nokia talks to Elon Musk", "Elon Musk Talks To Nokia About Satellites In Space", "ELON MUSK CALLS NOKIA ABOUT SATELLITES"} {
		for _, topic := range x.Topics(title, "", "") {
			if strings.Contains(strings.ToLower(topic), "musk") {
				found[topic] = true
			}
		}
	}
	if len(found) != 1 || !found["Elon Musk"] {
		t.Errorf("one man, several topics: %v", found)
	}
}

func TestWordsThatStandTogetherBecomeOneTopic(t *testing.T) {
	x := New(brands())
	for i := range 12 {
		x.Learn(fmt.Sprintf("Price of rare earth metals rises for the %dth time", i), "", "")
		x.Learn(fmt.Sprintf("A rare bird and the number %d", i), "", "")
	}
	if got := x.Topics("Nokia worries about rare earth supply", "", "en"); !slices.Contains(got, "rare earth") {
		t.Errorf("got %q", got)
	}
}

func TestStopWordsOfEveryLanguageStayOut(t *testing.T) {
	for lang, title := range map[string]string{
		"fi": "Nokia kertoo että yhtiön tulos on tänä vuonna hyvä, mutta markkinat epäilevät",
		"sv": "Nokia säger att det är en bra dag för företaget och varslet",
		"de": "Nokia will nach der Sommerpause mit den Gewerkschaften über die Kürzungen sprechen",
		"fr": "Nokia annonce que les résultats de l'année sont dans le rouge pour cette usine",
		"es": "Nokia dice que los resultados del año son buenos para la fábrica",
		"it": "Nokia dice che i risultati dell'anno sono buoni per la fabbrica",
		"pt": "Nokia diz que os resultados do ano são bons para a fábrica",
		"nl": "Nokia zegt dat het een goede week is voor de fabriek",
	} {
		stop := stopWords(lang)
		for _, tag := range []string{lang, ""} {
			got := New(brands()).Topics(title, "", tag)
			if len(got) == 0 {
				t.Errorf("%s (%q): no topic in %q", lang, tag, title)
			}
			for _, topic := range got {
				if stop(strings.ToLower(topic)) || strings.EqualFold(topic, "nokia") {
					t.Errorf("%s (%q): %q in %q", lang, tag, topic, got)
				}
			}
		}
	}
}

func TestGermanTopicsAreNounsAsTheyAreWritten(t *testing.T) {
	got := New(brands()).Topics("Nokia plant weltweit strenge Kürzungen", "", "de-AT")
	if !slices.Equal(got, []string{"Kürzungen"}) {
		t.Errorf("got %q", got)
	}
}

func TestWhatIsWrittenEverywhereSinks(t *testing.T) {
	x := New(brands())
	for i := range 3000 {
		x.Learn(fmt.Sprintf("The zebra of village %d", i%7), "", "")
		if i%100 == 0 {
			x.Learn("A lone walrus was there", "", "")
		}
	}
	got := x.Topics("Nokia has a zebra and a walrus", "", "en")
	if len(got) == 0 || got[0] != "walrus" || slices.Contains(got, "zebra") {
		t.Errorf("got %q", got)
	}
}

func TestWhatWasLearnedIsSavedAndLoaded(t *testing.T) {
	x := New(brands())
	for i := range 200 {
		x.Topics(fmt.Sprintf("Nokia sells zebra routers to Telia number %d", i), "", "en")
	}
	saved, err := x.Save()
	if err != nil {
		t.Fatal(err)
	}
	y := New(brands())
	if err := y.Load(saved); err != nil {
		t.Fatal(err)
	}
	title := "Nokia and Telia want zebra routers with walrus inside"
	if a, b := fmt.Sprint(x.Topics(title, "", "en")), fmt.Sprint(y.Topics(title, "", "en")); a != b {
		t.Errorf("before %s, after %s", a, b)
	}
	before := fmt.Sprint(y.Topics(title, "", "en"))
	for _, bad := range [][]byte{nil, []byte("rubbish"), saved[:len(saved)/2]} {
		if err := y.Load(bad); err == nil {
			t.Errorf("%d bytes of rubbish were loaded", len(bad))
		}
	}
	if after := fmt.Sprint(y.Topics(title, "", "en")); after != before {
		t.Errorf("a failed load changed %s to %s", before, after)
	}
}

func TestTheSketchNeverCountsTooFewAndForgets(t *testing.T) {
	s := newSketch()
	for i := range 20000 {
		for range 1 + i%3 {
			s.add(hashOf(factTerm, fmt.Sprint(i)))
		}
	}
	much := 0
	for i := range 20000 {
		got, want := s.count(hashOf(factTerm, fmt.Sprint(i))), float64(1+i%3)
		if got < want {
			t.Fatalf("%d was counted %v times, not %v", i, got, want)
		}
		if got > want {
			much++
		}
	}
	if much > 400 {
		t.Errorf("%d of 20,000 counts are too high", much)
	}
	if bytes := 2 * len(s.cells); bytes > 1<<20 {
		t.Errorf("the sketch takes %d bytes", bytes)
	}
	for range decayAt {
		s.endText(english)
	}
	if got := s.count(hashOf(factTerm, "2")); got != 1 || s.texts >= decayAt {
		t.Errorf("after %d texts a count of 3 is %v", decayAt, got)
	}
}

func TestManyMayAskForTopicsAtOnce(t *testing.T) {
	x := New(brands())
	var group sync.WaitGroup
	for g := range 6 {
		group.Go(func() {
			for i := range 100 {
				x.Topics(fmt.Sprintf("Nokia meets Telia and Orange, take %d", i*g), "", "en")
				x.Learn("Something else", "", "")
				if i == 50 {
					x.SetBrands(brands())
					if _, err := x.Save(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	group.Wait()
}

func FuzzTopics(f *testing.F) {
	f.Add("Nokia’s N.A.T.O. deal — 5G | BBC", "http://x.y/z a@b.c «New York» 诺基亚 l'été", "fr", `"a b" NOT (x* OR title:y`)
	f.Fuzz(func(t *testing.T, title, text, lang, query string) {
		x := New([]mood.Brand{{ID: "a", Name: "Nokia", Query: query}})
		for range 3 {
			got := x.Topics(title, text, lang)
			if len(got) > MaxTopics {
				t.Errorf("%q", got)
			}
			for _, topic := range got {
				if topic == "" || strings.ContainsAny(topic, "\n<>") || strings.EqualFold(topic, "nokia") {
					t.Errorf("%q: %q", title, topic)
				}
			}
		}
	})
}

func BenchmarkTopics(b *testing.B) {
	x := New(brands())
	titles := []string{
		"Nokia and Bell Labs test quantum network with Deutsche Telekom in New York", "Why Nokia shares fall after a profit warning - Reuters",
		"Nokia Names Justin Hotard As Chief Executive To Replace Pekka Lundmark",
	}
	b.ReportAllocs()
	for i := range b.N {
		x.Topics(titles[i%3], "The company said on Thursday that it would invest in data centers and artificial intelligence.", "en")
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mentions/s")
}
