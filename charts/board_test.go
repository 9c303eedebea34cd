package charts

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"agora/mood"
)

// The boards of the tests. They are made up, and always the same.

// clock is 14:32 in Helsinki on a Monday.
func helsinki() *time.Location {
	loc, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return loc
}

func asOf() time.Time { return time.Date(2026, 11, 23, 14, 32, 8, 0, helsinki()) }

func emptyBoard(window string, brands ...mood.Brand) *mood.Board {
	w, err := mood.ParseWindow(window)
	if err != nil {
		panic(err)
	}
	b := &mood.Board{
		Window: window, From: w.From(asOf(), helsinki()), To: asOf(), AsOf: asOf(), Timezone: "Europe/Helsinki", StoreEpoch: "e1",
		Brands: map[string]*mood.BrandBoard{}, Names: map[string]mood.Brand{},
	}
	for _, brand := range brands {
		bb := &mood.BrandBoard{}
		for _, at := range w.Points(asOf(), helsinki()) {
			bb.Series = append(bb.Series, mood.PointOf(at, mood.Tally{}))
		}
		b.Order = append(b.Order, brand.ID)
		b.Names[brand.ID] = brand
		b.Brands[brand.ID] = bb
		b.Share = append(b.Share, mood.ShareRow{Row: mood.RowOf(brand.ID, mood.Tally{}), Name: brand.Name, Color: brand.Color})
	}
	if len(brands) == 1 {
		b.BrandBoard = b.Brands[brands[0].ID]
	}
	return b
}

var (
	nokia    = mood.Brand{ID: "nokia", Name: "Nokia", Query: "Nokia", Color: "#005AFF"}
	ericsson = mood.Brand{ID: "ericsson", Name: "Ericsson", Query: "Ericsson", Color: "#8A5CF5"}
	huawei   = mood.Brand{ID: "huawei", Name: "Huawei", Query: "Huawei", Color: "#CF0A2C"}
)

func fullBoard(window string, brands ...mood.Brand) *mood.Board {
	b := emptyBoard(window, brands...)
	for i, brand := range brands {
		fill(b.Brands[brand.ID], newRand(uint64(i)+7, 11), 2.6/float64(i+1), 0.14-0.2*float64(i))
	}
	share(b)
	return b
}

// share works out the rows of all brands, and one more that nobody asked for.
func share(b *mood.Board) {
	b.Share = nil
	other := mood.ShareRow{Row: mood.RowOf("cisco", mood.Tally{Positive: 31, Neutral: 40, Unclear: 12, Negative: 22}), Name: "Cisco", Color: "#049FD9"}
	all := other.Mentions
	for _, id := range b.Order {
		r := mood.RowOf(id, b.Brands[id].Total.Tally())
		b.Share = append(b.Share, mood.ShareRow{Row: r, Name: b.Names[id].Name, Color: b.Names[id].Color})
		all += r.Mentions
	}
	b.Share = append(b.Share, other)
	for i := range b.Share {
		s := float64(b.Share[i].Mentions) / float64(all)
		b.Share[i].Share = &s
	}
}

func newRand(a, b uint64) *rand.Rand { return rand.New(rand.NewPCG(a, b)) }

// draw gives a tally of about n mentions with about the mood m.
func draw(r *rand.Rand, n, m float64) mood.Tally {
	var t mood.Tally
	for range int(n + r.Float64()) {
		switch x := r.Float64(); {
		case x < 0.3+m/2:
			t.Positive++
		case x < 0.6:
			t.Neutral++
		case x < 0.7:
			t.Unclear++
		default:
			t.Negative++
		}
	}
	return t
}

func fill(b *mood.BrandBoard, r *rand.Rand, rate, lean float64) {
	var total mood.Tally
	for i := range b.Series {
		x := float64(i) / float64(len(b.Series))
		t := draw(r, rate*2.4*(1.1+math.Sin(x*9)), lean+0.35*math.Sin(x*6))
		b.Series[i] = mood.PointOf(b.Series[i].T, t)
		total.Add(t)
	}
	b.Total = total.Total()
	b.Before = draw(r, float64(total.Mentions())*0.8, lean-0.1).Total()
	last := asOf().Add(-2 * time.Minute)
	b.Last = &last
	rows := func(keys []string, lean float64) (list []mood.Row) {
		left := float64(total.Mentions()) * 0.8
		for i, k := range keys {
			list = append(list, mood.RowOf(k, draw(r, left*0.22, lean+0.8*(r.Float64()-0.5))))
			list[i].Salience = math.Round((24/(float64(i)+1.4)+r.Float64())*100) / 100
			left *= 0.8
		}
		return list
	}
	places := []string{"US", "FI", "GB", "DE", "IN", "SE", "CN", "BR", "JP", "FR", "SG", "ES", "CA", "KR", "MT", "AU", "ZA", "MX", "PL", "NG", "RU", "AR", "KE", "TR", "EG", "LU", "XK"}
	b.Countries = mood.Countries{
		From: rows(places, lean), About: rows(places[3:15], lean), Origin: rows(places[:4], lean),
		Unplaced: mood.Unplaced{From: total.Mentions() / 8, About: total.Mentions() / 2, Origin: total.Mentions() * 9 / 10},
	}
	b.Outlets = rows([]string{
		"reuters.com", "bbc.co.uk", "theverge.com", "hs.fi", "kauppalehti.fi", "handelsblatt.com", "lightreading.com", "economictimes.indiatimes.com",
		"nikkei.com", "lemonde.fr", "dn.se", "yle.fi", "elpais.com", "techcrunch.com", "arstechnica.com", "folha.uol.com.br",
	}, lean)
	b.Languages = rows([]string{"en", "fi", "de", "sv", "zh", "pt", "ja", "fr", "es", "ko", "ar", "pl", ""}, lean)
	b.Topics = rows([]string{
		"5G deal", "quarterly results", "Infinera", "layoffs", "data centres", "patent", "network outage", "optical", "Pekka Lundmark", "open RAN",
		"T-Mobile", "dividend", "6G research", "Bell Labs", "recall", "buyback", "India", "security", "handset nostalgia", "Espoo", "fibre",
	}, lean)
	for i := range b.Topics {
		then := b.Topics[i].Mentions * int64(i%4) / 2
		trend := 0.01 * float64(3-i%7)
		b.Topics[i].Before, b.Topics[i].Trend = &then, &trend
	}
	b.Pulse = pulseOf(b, newRand(uint64(total.Mentions()), 13), lean)
	for day := range 7 {
		for hour := range 24 {
			n := 14 * math.Exp(-math.Pow(float64(hour)-13, 2)/30)
			if day > 4 {
				n *= 0.4
			}
			t := draw(r, n, lean+0.5*math.Sin(float64(hour)/4+float64(day)))
			b.Rhythm = append(b.Rhythm, mood.RhythmCell{Weekday: day, Hour: hour, Mentions: t.Mentions(), Mood: mood.RowOf("", t).Mood})
		}
	}
	for i, kind := range []string{"activation", "check-in", "download"} {
		a := mood.ActivityRow{Key: kind, Unplaced: 3, Countries: []mood.CountRow{{Key: "FI", Count: 310}, {Key: "US", Count: 4200 / int64(i+1)}, {Key: "IN", Count: 95}, {Key: "BR", Count: 14}}}
		if i == 0 { // one that is declared, and known by city
			a.Name, a.Unit, a.Color = "Aktivointi", "kpl", "#0E9F8E"
			a.Cities = []mood.CityRow{
				{Country: "US", Spot: mood.Spot{City: "Austin", Lat: 30.27, Lon: -97.74}, Count: 1200},
				{Country: "FI", Spot: mood.Spot{City: "Helsinki", Lat: 60.17, Lon: 24.94}, Count: 300},
				{Spot: mood.Spot{Lat: 66.625, Lon: -25.875}, Count: 5},
			}
			a.Unplaced = 8
			before := int64(2000)
			a.Before = &before
		}
		for _, p := range b.Series {
			n := int64(20/(i+1)) + int64(r.IntN(30/(i+1)))
			a.Series = append(a.Series, mood.ActivityPoint{T: p.T, Count: n})
			a.Count += n
		}
		b.Activity = append(b.Activity, a)
	}
}

// pulseOf parts a window into nine, each with topics of its own and one that all
// of them have.
func pulseOf(b *mood.BrandBoard, r *rand.Rand, lean float64) (list []mood.PulseSlot) {
	first, last := b.Series[0].T, b.Series[len(b.Series)-1].T
	step := last.Sub(first) / 9
	for i := range 9 {
		slot := mood.PulseSlot{From: first.Add(time.Duration(i) * step), To: first.Add(time.Duration(i+1) * step)}
		for k := range 2 + i/2 {
			row := mood.RowOf(b.Topics[(i*3+k*2)%len(b.Topics)].Key, draw(r, 9/(float64(k)+1), lean+0.9*(r.Float64()-0.5)))
			if k == 0 {
				row.Key = "5G deal"
			}
			row.Salience = math.Round(((2.2+0.6*float64(i*7%9))/(1+float64(k)/2)+r.Float64()/2)*10) / 10
			if row.Mentions > 0 && !slices.ContainsFunc(slot.Topics, func(t mood.Row) bool { return t.Key == row.Key }) {
				slot.Topics = append(slot.Topics, row)
				slot.Mentions += row.Mentions
			}
		}
		list = append(list, slot)
	}
	return list
}

// hostileBoard says everything that a page, a template or a parser might
// trip over.
func hostileBoard() *mood.Board {
	brand := mood.Brand{ID: "x", Name: `</script><script>alert(1)</script> {b}`, Color: "#AA3377"}
	b := fullBoard("24h", brand)
	bb := b.Brands["x"]
	strange := []string{
		`</script><img src=x onerror=alert(1)>`, `__f__function(){alert(1)}__f__`, `{b}: {c} {a|styled}`, "role:positive", "fmt:tip", "__proto__",
		"constructor", "מעריב.co.il", "الجزيرة.net", "\u202eevil.example", "=HYPERLINK(\"http://x\")", "+1", "-1", "@cmd", "\tTab", "\rReturn",
		"a,b\"c\nd", "", "…", "-", "nul\x00byte", "bad\xffutf8", "\u2028line", "emoji 👩‍👩‍👧", "aVeryLongNameThatGoesOnAndOnWithoutAnySpaceAtAllUntilItIsFarWiderThanAnyCardCouldEverBe.example.com",
	}
	t := mood.Tally{Positive: 40, Neutral: 9, Negative: 3}
	bb.Outlets, bb.Topics, bb.Languages = nil, nil, nil
	for i, s := range strange {
		t.Positive--
		bb.Outlets = append(bb.Outlets, mood.RowOf(s, t))
		row := mood.RowOf(s, t)
		row.Salience = float64(40 - i)
		bb.Topics = append(bb.Topics, row)
		bb.Languages = append(bb.Languages, mood.RowOf(s, t))
		bb.Pulse[i%9].Topics = append(bb.Pulse[i%9].Topics[:min(i/9, len(bb.Pulse[i%9].Topics))], row)
		bb.Countries.From = append(bb.Countries.From, mood.RowOf(s, t))
		if i < 6 {
			bb.Activity = append(bb.Activity, mood.ActivityRow{Key: s, Count: int64(i), Countries: []mood.CountRow{{Key: s, Count: 5}}})
		}
	}
	return b
}

// boards are all of them, by the names of their golden files.
func boards() map[string]*mood.Board {
	long := mood.Brand{ID: "long", Name: "The Extraordinarily Long-Named Telecommunications Equipment Company of Northern Europe", Color: "#227755"}
	usual := fullBoard("24h", nokia)
	stories := int64(318)
	usual.Brands["nokia"].Total.Stories = &stories
	usual.Brands["nokia"].Baseline = &mood.Baseline{Mood: mood.Band{Mean: -0.02, Low: -0.1, High: 0.06}, Mentions: mood.Band{Mean: 700, Low: 500, High: 2000}}
	quiet := emptyBoard("1h", nokia)
	quiet.Brands["nokia"].Series[20] = mood.PointOf(quiet.Brands["nokia"].Series[20].T, mood.Tally{Positive: 1, Negative: 1})
	quiet.Brands["nokia"].Total = mood.Tally{Positive: 1, Negative: 1}.Total()
	quiet.Brands["nokia"].Countries.From = []mood.Row{mood.RowOf("FI", mood.Tally{Positive: 1, Negative: 1})}
	quiet.Brands["nokia"].Outlets = []mood.Row{mood.RowOf("yle.fi", mood.Tally{Positive: 1, Negative: 1})}
	share(quiet)
	return map[string]*mood.Board{
		"none": emptyBoard("24h"), "empty": emptyBoard("24h", nokia), "quiet": quiet,
		"one": usual, "week": fullBoard("7d", nokia), "month": fullBoard("30d", nokia), "quarter": fullBoard("90d", nokia), "hour": fullBoard("1h", nokia),
		"three": fullBoard("24h", nokia, ericsson, huawei), "long": fullBoard("24h", long, nokia), "hostile": hostileBoard(),
		"stopped": stoppedBoard("24h", nokia), "stopped-week": stoppedBoard("7d", nokia, ericsson),
	}
}

// stoppedBoard is one on which sources stopped: some still, some with names
// that a page might trip over.
func stoppedBoard(window string, brands ...mood.Brand) *mood.Board {
	b := fullBoard(window, brands...)
	span := asOf().Sub(b.From)
	at := func(part float64) time.Time {
		return b.From.Add(time.Duration(part * float64(span))).Truncate(time.Second)
	}
	over := func(part float64) *time.Time { t := at(part); return &t }
	for i, id := range b.Order {
		b.Brands[id].Outages = []mood.SourceOutage{
			{Source: "before", Name: "{b} </script><b>role:positive", From: at(-0.5), To: over(0.1), Share: 0.12},
			{Source: "proto", Name: "__proto__", From: at(0.3), To: over(0.301), Share: 0.2},
			{Source: "news", Name: "Google News: Nokia", From: at(0.31), To: over(0.45), Share: 0.38},
			{Source: "rtl", Name: "\u202eأخبار التقنية {a|x}", From: at(0.4), To: over(0.5), Share: 0.15},
			{Source: "news", Name: "Google News: Nokia", From: at(0.82), Share: 0.38 / float64(i+1)},
		}
	}
	return b
}
