package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// placed is said from, about and at different countries.
const placed = `{"id":"1","title":"Nokia opens an office in Brazil","url":"https://www.yle.fi/1"}
{"id":"2","title":"Brazilian regulator praises Nokia in São Paulo","url":"https://www.yle.fi/2"}
{"id":"3","title":"Nokia is down","url":"https://paper.example/3","place":{"lat":-33.9,"lon":151.2}}
{"id":"4","title":"Nokia is up","url":"https://paper.example/4"}
`

func TestAClickOnACountrySaysWhyItIsOnTheMap(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	answer, err := http.Post(p.URL+"/api/v1/mentions", "application/x-ndjson", strings.NewReader(placed)) //nolint:noctx // a test's
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	page := openTab(t, 1280, 1000, p.URL+"/?brand=nokia&window=24h&map=about")
	page.says("4 mentions")
	page.until("the map", `document.querySelector('.card-map canvas')`)
	page.until("the share that is unplaced", `document.querySelector('.card-map').textContent.includes('50 % could not be placed (2)')`)

	clicked := false
	for try := range 100 {
		at := eval[[]float64](page, `(() => {
			const picture = document.querySelector('.card-map .chart');
			picture.scrollIntoView({block: 'center'});
			const box = picture.getBoundingClientRect();
			return [box.left, box.top, box.width, box.height];
		})()`)
		// Around South America, from west to east and from north to south.
		x, y := at[0]+at[2]*(0.25+0.02*float64(try%10)), at[1]+at[3]*(0.5+0.035*float64(try/10))
		page.must(chromedp.Do(page.ctx, chromedp.MouseClickXY(x, y)))
		if search := eval[string](page, `location.search`); strings.Contains(search, "country=BR") {
			clicked = strings.Contains(search, "place=about")
			break
		}
	}
	if !clicked {
		t.Fatal("no click on the map chose Brazil as a country that is written about")
	}
	page.until("why Brazil", `document.querySelector('.here:not([hidden])').textContent.includes('Why Brazil?')`)
	page.until("the words that named it", `document.querySelector('.here').textContent.includes('“Brazil”, a country’s name')`)
	page.until("the mentions behind it alone", `document.querySelectorAll('.list .mention').length === 2`)

	// An opened mention says where it plays, and who published it.
	page.until("the places of a mention", `(() => {
		const open = document.querySelector('.list .mention .label');
		if (open.getAttribute('aria-expanded') === 'false') open.click();
		const where = document.querySelector('.list .mention .where');
		return where && where.textContent.includes('written about Brazil') && where.textContent.includes('published in Finland: the ending of yle.fi');
	})()`)

	for mode, want := range map[string]string{"from": "the ending of yle.fi (2)", "origin": "the position -33.9, 151.2"} {
		country := map[string]string{"from": "FI", "origin": "AU"}[mode]
		page.must(chromedp.Do(page.ctx, chromedp.Navigate(p.URL+"/?brand=nokia&window=24h&map="+mode+"&place="+mode+"&country="+country)))
		page.until("why, of "+mode, `document.querySelector('.here:not([hidden])').textContent.includes(`+"`"+want+"`"+`)`)
		page.until("the share that is unplaced, of "+mode, `document.querySelector('.card-map').textContent.includes('could not be placed')`)
	}
	page.must(chromedp.Do(page.ctx, chromedp.Navigate(p.URL+"/?brand=nokia&window=24h&map=about&place=about&country=none")))
	page.until("why two are not placed", `document.querySelector('.here:not([hidden])').textContent.includes('Why not placed?') && document.querySelectorAll('.list .mention').length === 2`)
}
