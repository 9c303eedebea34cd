package places

import (
	"os"
	"path/filepath"
	"testing"

	"agora/mood"
)

func atlas(t *testing.T) *Atlas {
	t.Helper()
	names, err := filepath.Glob("../../static/dist/assets/world-*.geojson")
	if err != nil || len(names) != 1 {
		t.Fatalf("%d world maps: run make assets (%v)", len(names), err)
	}
	world, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewAtlas(world, locator(t))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAPositionIsInItsCountry(t *testing.T) {
	a := atlas(t)
	for _, c := range []struct {
		name     string
		lat, lon float64
		want     string
	}{
		{"Tampere", 61.5, 23.8, "FI"}, {"Singapore", 1.3, 103.8, "SG"}, {"Johor Bahru", 1.5, 103.7, "MY"},
		{"Hong Kong", 22.3, 114.2, "HK"}, {"Shenzhen", 22.6, 114.0, "CN"}, {"Macau", 22.2, 113.5, "MO"},
		{"Paris", 48.9, 2.4, "FR"}, {"Oslo", 59.9, 10.8, "NO"}, {"Pristina", 42.7, 21.2, "XK"},
		{"Simferopol", 45.0, 34.1, "UA"}, {"Sevastopol", 44.6, 33.5, "UA"}, {"a field in Crimea", 45.4, 34.6, "UA"}, {"Krasnodar", 45.0, 39.0, "RU"}, {"Kherson", 46.6, 32.6, "UA"},
		{"Laayoune", 27.2, -13.2, "EH"}, {"a desert of Western Sahara", 25.0, -13.0, "EH"}, {"Agadir", 30.4, -9.6, "MA"}, {"Nouadhibou", 20.9, -17.0, "MR"},
		{"Majdal Shams", 33.3, 35.8, "SY"}, {"Haifa", 32.8, 35.0, "IL"}, {"Gaza", 31.5, 34.5, "PS"}, {"Ramallah", 31.9, 35.2, "PS"},
		{"Taipei", 25.0, 121.5, "TW"}, {"North Nicosia", 35.2, 33.4, "CY"}, {"Kyrenia", 35.3, 33.3, "CY"}, {"Hargeisa", 9.6, 44.1, "SO"},
		{"Sukhumi", 43.0, 41.0, "GE"}, {"Tiraspol", 46.8, 29.6, "MD"}, {"San Juan", 18.5, -66.1, "PR"}, {"Nuuk", 64.2, -51.7, "GL"},
		{"Geneva", 46.2, 6.1, "CH"}, {"Vatican", 41.9, 12.45, "VA"}, {"Suva", -18.1, 178.4, "FJ"}, {"New York harbour", 40.6, -74.0, "US"},
	} {
		if got, _, _ := a.Country(mood.Point{Lat: c.lat, Lon: c.lon}); got != c.want {
			t.Errorf("%s (%v, %v): want %s, got %q", c.name, c.lat, c.lon, c.want, got)
		}
	}
	for _, sea := range []mood.Point{{Lat: 0.1, Lon: -25}, {Lat: -55, Lon: -140}, {Lat: 90, Lon: 180}} {
		if got, _, ok := a.Country(sea); ok {
			t.Errorf("%v is at sea, and was placed in %s", sea, got)
		}
	}
}

func TestTheEndingOfADomainSaysWhereUnlessAnybodyUsesIt(t *testing.T) {
	for domain, want := range map[string]string{
		"bbc.co.uk": "GB", "yle.fi": "FI", "spiegel.de": "DE", "smh.com.au": "AU", "example.com": "", "openai.ai": "", "agora.io": "",
		"twitch.tv": "", "eltiempo.com.co": "CO", "vine.co": "", "t.me": "", "euractiv.eu": "", "youtu.be": "", "lesoir.be": "BE", "b92.rs": "RS",
		"taipeitimes.com.tw": "TW", "localhost": "", "": "", "gov.uk": "GB", "x.zz": "", "Yle.FI.": "FI", "bit.ly": "", "news.gg": "",
	} {
		if got, _ := OfDomain(domain); got != want && !(want == "" && got != "" && domain == "x.zz") {
			t.Errorf("%q: want %q, got %q", domain, want, got)
		}
	}
	if _, ok := OfDomain("x.zz"); ok {
		t.Error("x.zz has no country")
	}
}

func TestAnOutletsCountryIsLearnedFromWhatItWritesAbout(t *testing.T) {
	o := NewOutlets()
	write := func(o *Outlets, outlet string, n int, about ...string) {
		for range n {
			o.Learn(outlet, about)
		}
	}
	write(o, "turkulainen.example", 30, "FI")
	write(o, "turkulainen.example", 6, "SE")
	write(o, "world.example", 30, "US")
	write(o, "world.example", 20, "GB")
	write(o, "world.example", 25, "CN", "FR")
	write(o, "young.example", 10, "SE")
	write(o, "tech.example", 60, "US")
	write(o, "news.google.com", 60, "FI")
	for _, other := range []string{"a", "b", "c", "d"} {
		write(o, other, 40, "US")
		write(o, other, 40, "DE")
	}
	for outlet, want := range map[string]string{
		"turkulainen.example": "FI", "world.example": "", "young.example": "", "unknown.example": "", "a": "", "news.google.com": "",
	} {
		if got, _, _, _ := o.Country(outlet); got != want {
			t.Errorf("%s: want %q, got %q", outlet, want, got)
		}
	}
}

func TestProcessesShareWhatTheyLearnOfOutlets(t *testing.T) {
	one, two := NewOutlets(), NewOutlets()
	for range 12 {
		one.Learn("paper.example", []string{"FI"})
		two.Learn("paper.example", []string{"FI"})
	}
	if _, _, _, ok := one.Country("paper.example"); ok {
		t.Fatal("12 texts are too few")
	}
	state, err := one.Exchange(nil)
	if err != nil {
		t.Fatal(err)
	}
	if state, err = two.Exchange(state); err != nil {
		t.Fatal(err)
	}
	if _, err = one.Exchange(state); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]*Outlets{"one": one, "two": two} {
		if country, _, texts, _ := o.Country("paper.example"); country != "FI" || texts != 24 {
			t.Errorf("%s: want FI of 24 texts, got %q of %d", name, country, texts)
		}
	}
	if state, err = one.Exchange(nil); err != nil { // the store was emptied
		t.Fatal(err)
	}
	if _, err = two.Exchange(state); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]*Outlets{"one": one, "two": two} {
		if _, _, texts, _ := o.Country("paper.example"); texts != 24 {
			t.Errorf("%s: the store was emptied, and of 24 texts %d are known", name, texts)
		}
	}
	if _, err := NewOutlets().Exchange([]byte("no state")); err == nil {
		t.Error("a damaged state was taken without a word")
	}
}

func TestWhatIsLearnedOfOutletsIsBounded(t *testing.T) {
	o := NewOutlets()
	for i := range 3 * mostOutlets {
		o.Learn(string(rune('a'+i%26))+"."+string(rune(0x4e00+i/26)), []string{"FI"})
	}
	if n := len(o.all); n > mostOutlets*11/10+1 {
		t.Errorf("%d outlets are known; %d is the bound", n, mostOutlets)
	}
	codes := mood.Territories()
	for i := range 1000 {
		o.Learn("everywhere.example", []string{codes[i%len(codes)].Code})
	}
	if n := len(o.all["everywhere.example"]); n > mostOfOutlet {
		t.Errorf("%d countries of one outlet are counted; %d is the bound", n, mostOfOutlet)
	}
}
