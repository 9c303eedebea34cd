package report

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"agora/charts"
	"agora/mood"
)

const day = 24 * time.Hour

// scenes are reports of every kind of content, by name. They are made once:
// nobody changes them.
func scenes(t testing.TB) map[string]*Content {
	t.Helper()
	scenesOnce.Do(func() { allScenes = makeScenes(t) })
	if allScenes == nil {
		t.Fatal("the scenes could not be made: see the first test that failed")
	}
	return allScenes
}

var (
	scenesOnce sync.Once
	allScenes  map[string]*Content
)

func makeScenes(t testing.TB) map[string]*Content {
	t.Helper()
	now := clock(t)
	of := func(w *world, window string, brands ...string) *Content {
		return made(t, source{w, now}, window, brands...)
	}
	empty := &world{brands: []mood.Brand{nokia}}
	one := &world{brands: []mood.Brand{nokia}}
	one.story("Nokia opens an office", now.Add(-time.Hour), 1, mood.Positive, 0.4, "nokia")
	return map[string]*Content{
		"fallen": made(t, fallen(t), "7d", "nokia"), "three": made(t, fallen(t), "7d"), "steady": of(steady(now), "7d", "nokia"),
		"empty": of(empty, "24h", "nokia"), "one": of(one, "24h", "nokia"), "nobody": of(&world{}, "7d"),
		"twenty": of(twenty(now), "30d"), "five": of(five(now), "7d"), "quarter": of(quarter(now), "90d", "nokia"),
		"hostile": of(hostile(now), "7d", "x"), "first": of(first(now), "7d", "nokia"), "gone": of(lost(now), "7d", "nokia"),
	}
}

// steady is two weeks of which nothing is news.
func steady(now time.Time) *world {
	w := &world{brands: []mood.Brand{nokia, {ID: "ericsson", Name: "Ericsson"}}, coverage: charts.Coverage{Asked: 3, Answering: 3}}
	w.mentions = talk(newRand(2), "nokia", spell{now.Add(-14 * day), now, 1800, 0.2})
	w.usual = map[string]*mood.Baseline{"nokia": {Mood: mood.Band{Mean: 0.19, Low: 0.12, High: 0.27}, Mentions: mood.Band{Mean: 890, Low: 700, High: 1080}}}
	return w
}

func twenty(now time.Time) *world {
	w := &world{coverage: charts.Coverage{Asked: 40, Answering: 40}}
	r := newRand(3)
	for i := range 20 {
		id := fmt.Sprintf("b%02d", i)
		w.brands = append(w.brands, mood.Brand{ID: id, Name: fmt.Sprintf("Brand number %d of Twenty Plc", i+1), Color: fmt.Sprintf("#%02X%02X%02X", 40+i*9, 90+i*37%150, 200-i*8)})
		w.mentions = append(w.mentions, talk(r, id, spell{now.Add(-62 * day), now.Add(-30 * day), 60 + 9*i, 0.1})...)
		w.mentions = append(w.mentions, talk(r, id, spell{now.Add(-30 * day), now, 60 + 9*i, 0.1 - 0.5*float64(i%7/6)})...)
	}
	return w
}

func five(now time.Time) *world {
	w := &world{coverage: charts.Coverage{Asked: 9, Answering: 8, Silent: []string{"A source with quite a long name that does not answer"}}}
	r := newRand(4)
	for i, name := range []string{"Nokia", "The Extraordinarily Long-Named Telecommunications Equipment Company of Northern Europe", "Ericsson", "华为", "Cisco"} {
		id := fmt.Sprintf("f%d", i)
		w.brands = append(w.brands, mood.Brand{ID: id, Name: name, Color: []string{"#005AFF", "#227755", "#8A5CF5", "", "#049FD9"}[i]})
		w.mentions = append(w.mentions, talk(r, id, spell{now.Add(-14 * day), now.Add(-7 * day), 300, 0.1})...)
		w.mentions = append(w.mentions, talk(r, id, spell{now.Add(-7 * day), now, 320, 0.1 - 0.12*float64(i)})...)
	}
	return w
}

func quarter(now time.Time) *world {
	w := &world{brands: []mood.Brand{nokia}, kept: 7 * day, coverage: charts.Coverage{Asked: 2, Answering: 2}}
	r := newRand(5)
	w.mentions = talk(r, "nokia", spell{now.Add(-182 * day), now.Add(-90 * day), 4000, 0.1})
	w.mentions = append(w.mentions, talk(r, "nokia", spell{now.Add(-90 * day), now, 6500, 0.2})...)
	return w
}

// first is a brand that has been watched for three days.
func first(now time.Time) *world {
	w := &world{brands: []mood.Brand{nokia}}
	w.mentions = talk(newRand(6), "nokia", spell{now.Add(-3 * day), now, 200, 0.2})
	return w
}

// lost is a week of which only the total of the window before is known, and
// no text is left.
func lost(now time.Time) *world {
	w := &world{brands: []mood.Brand{nokia}, gone: true, kept: time.Nanosecond}
	w.mentions = talk(newRand(7), "nokia", spell{now.Add(-14 * day), now, 500, 0.2})
	return w
}

const script = `</script><script>alert(1)</script>`

// hostile says everything that a page, a template or a PDF might trip over.
func hostile(now time.Time) *world {
	w := &world{
		brands:   []mood.Brand{{ID: "x", Name: script + ` {b} "quoted" & co`, Color: `red;background:url(http://evil.example)`}},
		coverage: charts.Coverage{Asked: 2, Answering: 1, Silent: []string{script}},
	}
	r := newRand(8)
	w.mentions = talk(r, "x", spell{now.Add(-14 * day), now.Add(-7 * day), 300, 0.3})
	late := talk(r, "x", spell{now.Add(-7 * day), now, 300, -0.3})
	for i, name := range []string{
		script, "constructor", "__proto__", "מעריב.co.il", "الجزيرة.net", "\u202eevil.example", "nul\x00byte", "bad\xffutf8", "a\u2028line", "emoji 👩‍👩‍👧.example",
		"aVeryLongNameThatGoesOnAndOnWithoutAnySpaceAtAllUntilItIsFarWiderThanAnyCardCouldEverBe.example.com", "{{.Title}}",
	} {
		for k := range 20 {
			m := &late[i*20+k]
			m.Outlet, m.Language = name, name
			m.Places.From = &mood.Place{Country: name}
		}
	}
	w.mentions = append(w.mentions, late...)
	w.story(script+` <img src=x onerror=alert(1)> `+"\u202e"+`gpj.exe`, now.Add(-2*day), 30, mood.Negative, -0.9, "x")
	w.story("نوكيا تعلن عن نتائج الربع الثالث وسط تراجع الطلب", now.Add(-3*day), 29, mood.Positive, 0.9, "x")
	w.story("AVeryLongTitleWithoutAnySpaceThatGoesOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOn", now.Add(-4*day), 28, mood.Unclear, 0, "x")
	for i := range w.mentions {
		switch m := &w.mentions[i]; {
		case len(m.Title) > 60 && i%2 == 0:
			m.URL = "javascript:alert(1)//" + m.URL
		case len(m.Title) > 60:
			m.URL = `https://evil.example/"onmouseover="alert(1)`
		}
	}
	return w
}
