package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"agora/ingest"
)

// demoStream makes up what is said, minute by minute. The same minute always
// comes out the same, whichever way time is walked.
type demoStream struct {
	seed   uint64
	launch time.Time // of the first brand's new product; zero: it has none
}

// demoMinute is what was said, and what devices did, in one minute.
type demoMinute struct {
	mentions   []json.RawMessage
	activities []json.RawMessage
}

// The demo's pace, as averages over a day.
const (
	demoMentions   = 3.0 // a minute, of all brands, beside stories
	demoActivities = 8.0 // a minute
	storyEvery     = 150 // minutes, for each brand
	storyLength    = 240 // minutes after which nobody writes of it any more
)

// minute makes up one minute.
func (d demoStream) minute(at time.Time) demoMinute {
	at = at.Truncate(time.Minute).UTC()
	n := at.Unix() / 60
	rng := d.rng(1, n)
	var m demoMinute
	for b := range demoBrands {
		rate := demoMentions / float64(len(demoBrands)) * brandShare(b) * rhythm(at)
		for range poisson(rng, rate) {
			m.mentions = append(m.mentions, d.mention(rng, b, at, d.feeling(rng, b, n), nil))
		}
		for age := int64(0); age < storyLength; age++ {
			s := d.story(b, n-age)
			if s == nil {
				continue
			}
			// A story breaks quickly and fades slowly.
			t := float64(age)
			for range poisson(rng, s.size*(1-math.Exp(-t/6))*math.Exp(-t/55)) {
				m.mentions = append(m.mentions, d.mention(rng, b, at, s.feeling, s))
			}
		}
	}
	d.devices(&m, at)
	return m
}

// rng is the chance of one thing at one minute.
func (d demoStream) rng(what uint64, minute int64) *rand.Rand {
	return rand.New(rand.NewPCG(d.seed^what*0x9e3779b97f4a7c15, uint64(minute)*0xbf58476d1ce4e5b9+what)) //nolint:gosec // a demo
}

// brandShare makes some brands more talked of than others; it is 1 on average.
func brandShare(b int) float64 { return [...]float64{1.5, 1.1, 0.9, 0.5}[b] }

// rhythm is how much is said at an hour of the week; about 1 on average.
func rhythm(at time.Time) float64 {
	hour := float64(at.Hour()) + float64(at.Minute())/60
	r := 1 + 0.4*math.Cos((hour-14)/24*2*math.Pi)
	if day := at.Weekday(); day == time.Saturday || day == time.Sunday {
		r *= 0.6
	}
	return r
}

// feeling is 0 for good, 1 for plain, 2 for bad. Each brand has its own
// climate, which drifts over days.
func (d demoStream) feeling(rng *rand.Rand, b int, minute int64) int {
	days := float64(minute) / (24 * 60)
	climate := [...]float64{0.2, 0, 0.1, -0.2}[b] + 0.35*math.Sin(days/(1.7+float64(b)*0.6)*2*math.Pi+float64(b))
	switch x := rng.Float64(); {
	case x < 0.35+climate/2:
		return 0
	case x > 0.72+climate/2:
		return 2
	}
	return 1
}

// demoStory is one event that many write about.
type demoStory struct {
	size    float64 // mentions a minute at its height
	feeling int
	phrase  int
	product int
	city    int
	number  int
}

// story is the story of a brand that breaks in a minute, if one does.
func (d demoStream) story(b int, minute int64) *demoStory {
	rng := d.rng(uint64(100+b), minute)
	if rng.IntN(storyEvery*3) != 0 {
		return nil
	}
	s := &demoStory{size: 0.25 + 0.9*rng.Float64()*rng.Float64(), feeling: 2 * rng.IntN(2), phrase: rng.IntN(1000),
		product: rng.IntN(1000), city: rng.IntN(len(demoCities)), number: demoNumber(rng)}
	if rng.IntN(12) == 0 { // the talk of the week
		s.size *= 4
	}
	return s
}

func demoNumber(rng *rand.Rand) int { return []int{20, 40, 60, 120, 250, 400, 900}[rng.IntN(7)] }

// demoBody is a mention as POST /api/v1/mentions takes it.
type demoBody struct {
	ID        string     `json:"id"`
	Title     string     `json:"title"`
	Text      string     `json:"text"`
	URL       string     `json:"url"`
	Source    string     `json:"source"`
	Published time.Time  `json:"published"`
	Language  string     `json:"language"`
	Country   string     `json:"country"`
	Place     *demoPoint `json:"place,omitempty"`
}

type demoPoint struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// mention makes up one mention of a brand, of a story or of its own.
func (d demoStream) mention(rng *rand.Rand, b int, at time.Time, feeling int, s *demoStory) json.RawMessage {
	outlet := demoOutlets[weighted(rng, len(demoOutlets), func(i int) float64 { return demoOutlets[i].weight })]
	phrases := demoPhrases[outlet.language][feeling]
	phrase, product, city, number := rng.IntN(len(phrases)), rng.IntN(1000), rng.IntN(len(demoCities)), demoNumber(rng)
	if s != nil {
		phrase, product, city, number = s.phrase%len(phrases), s.product, s.city, s.number
	}
	other := (b + 1 + rng.IntN(len(demoBrands)-1)) % len(demoBrands)
	products := demoProducts[b]
	fill := strings.NewReplacer("{b}", demoBrands[b].Name, "{o}", demoBrands[other].Name,
		"{p}", products[product%len(products)], "{c}", demoCities[city].name, "{n}", strconv.Itoa(number))
	id := fmt.Sprintf("demo-%x", rng.Uint64())
	body := demoBody{
		ID: id, Title: upperFirst(fill.Replace(phrases[phrase].title)), Text: upperFirst(fill.Replace(phrases[phrase].text)),
		URL: "https://" + outlet.domain + "/" + id[5:], Source: outlet.domain,
		Published: at.Add(time.Duration(rng.IntN(60_000)) * time.Millisecond),
		Language:  outlet.language, Country: outlet.country,
	}
	if rng.IntN(6) == 0 {
		c := demoCities[rng.IntN(len(demoCities))]
		body.Place = &demoPoint{c.lat, c.lon}
	}
	return encode(body)
}

// devices makes up what devices did in a minute, and what is said of a launch.
func (d demoStream) devices(m *demoMinute, at time.Time) {
	rng := d.rng(2, at.Unix()/60)
	for b := range demoBrands {
		rush, s := d.rush(b, at)
		for range poisson(rng, demoActivities/float64(len(demoBrands))*brandShare(b)*rhythm(at)*(1+rush)) {
			m.activities = append(m.activities, d.activity(rng, b, at, rush > 0.5))
		}
		for range poisson(rng, launchTalk*rush) {
			m.mentions = append(m.mentions, d.mention(rng, b, at, rng.IntN(8)/4, s)) // good, or plain
		}
	}
}

// The demo's launches.
const (
	launchEvery = 8   // days, of each brand
	launchHour  = 9   // UTC
	launchRush  = 9.0 // times as much activity at its height, beside the usual
	launchTalk  = 0.3 // mentions a minute for each of them
)

// rush is how much more devices of a brand do at a time than usually, as a
// launch has it: it comes quickly and goes within a day. The story is its own.
func (d demoStream) rush(b int, at time.Time) (float64, *demoStory) {
	begun := time.Time{}
	for day := at.Truncate(24 * time.Hour); day.After(at.Add(-48 * time.Hour)); day = day.Add(-24 * time.Hour) {
		n := day.Unix() / 86400
		if start := day.Add(launchHour * time.Hour); (n+int64(2*b))%launchEvery == 0 && !start.After(at) {
			begun = start
			break
		}
	}
	if b == 0 && !d.launch.IsZero() && !d.launch.After(at) {
		begun = d.launch
	}
	if begun.IsZero() {
		return 0, nil
	}
	rng := d.rng(uint64(200+b), begun.Unix()/60)
	s := &demoStory{phrase: rng.IntN(1000), product: rng.IntN(1000), city: rng.IntN(len(demoCities)), number: demoNumber(rng)}
	t := at.Sub(begun).Minutes()
	return launchRush * (1 - math.Exp(-t/12)) * math.Exp(-t/200), s
}

// activity makes up what some devices of a brand did.
func (d demoStream) activity(rng *rand.Rand, b int, at time.Time, launch bool) json.RawMessage {
	c := demoCities[weighted(rng, len(demoCities), func(i int) float64 { return 3 / float64(3+(i+5*b)%len(demoCities)) })]
	kind := demoKinds[weighted(rng, len(demoKinds), func(i int) float64 {
		if launch {
			return demoKinds[i].launch
		}
		return demoKinds[i].usual
	})].kind
	return encode(struct {
		ID      string    `json:"id"`
		Brand   string    `json:"brand"`
		Kind    string    `json:"kind"`
		Count   int       `json:"count"`
		At      time.Time `json:"at"`
		Country string    `json:"country"`
		City    string    `json:"city"`
		Place   demoPoint `json:"place"`
	}{
		ID: fmt.Sprintf("demo-%x", rng.Uint64()), Brand: demoBrands[b].ID,
		Kind: kind.ID, Count: 1 + rng.IntN(12), At: at.Add(time.Duration(rng.IntN(60_000)) * time.Millisecond),
		Country: c.country, City: c.name, Place: demoPoint{c.lat, c.lon},
	})
}

// encode writes what always can be written.
func encode(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts, numbers and times only
	}
	return text
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// weighted picks one of n by weight.
func weighted(rng *rand.Rand, n int, weight func(int) float64) int {
	sum := 0.0
	for i := range n {
		sum += weight(i)
	}
	x := rng.Float64() * sum
	for i := range n {
		if x -= weight(i); x < 0 {
			return i
		}
	}
	return n - 1
}

// poisson is how often something of a mean rate happens.
func poisson(rng *rand.Rand, mean float64) int {
	if mean <= 0 {
		return 0
	}
	limit, n := math.Exp(-mean), 0
	for p := rng.Float64(); p > limit; p *= rng.Float64() {
		n++
	}
	return n
}

// demoGazetteer knows the cities of the demo.
func demoGazetteer() (ingest.Cities, error) {
	var table strings.Builder
	for _, c := range demoCities {
		fmt.Fprintf(&table, "%s\t%s\t\t1000000\t%.0f\t%.0f\n", c.name, c.country, c.lat*100, c.lon*100)
	}
	return ingest.NewGazetteer(table.String())
}
