package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// pulseTitles are different texts, most of them of one thing.
var pulseTitles = []string{
	"Nokia shows its walrus in Espoo", "Engineers praise the walrus of Nokia", "How Nokia built a walrus", "Nokia and a walrus for ships",
	"A walrus from Nokia goes to sea", "Nokia opens a museum in Salo", "Nokia sponsors an orchestra",
}

func TestAClickOnAWordOfThePulseListsItsMentions(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	var items []map[string]any
	for i, title := range pulseTitles {
		items = append(items, map[string]any{
			"id": fmt.Sprint("pulse-", i), "title": title, "url": fmt.Sprint("https://wire.example/", i), "source": "wire", "language": "en",
			"published": time.Now().Add(-time.Duration(i+1) * time.Second).UTC().Format(time.RFC3339),
		})
	}
	body, err := json.Marshal(items)
	must(t, err)
	answer, err := http.Post(p.URL+"/api/v1/mentions", "application/json", strings.NewReader(string(body))) //nolint:noctx // a test's
	must(t, err)
	must(t, answer.Body.Close())
	if answer.StatusCode != http.StatusAccepted {
		t.Fatalf("push: HTTP %d", answer.StatusCode)
	}
	for name, width := range map[string]int64{"desk": 1280, "phone": 390} {
		t.Run(name, func(t *testing.T) {
			page := openTab(t, width, 1000, p.URL+"/?brand=nokia&window=24h")
			page.says(fmt.Sprintf("%d mentions", len(pulseTitles)))
			page.until("the pulse", `document.querySelector('.card-pulse canvas')`)
			var chosen url.Values
			// Across the picture from where the newest words are, a little further each
			// time, until one is hit; each click is seen before the next, since a
			// second one on a word takes the first back.
			const columns, lines = 30, 80 // closer than the letters are high
			begun := time.Now()
			for try := 0; chosen == nil && time.Since(begun) < 2*patience; try = (try + 1) % (columns * lines) {
				at := eval[[]float64](page, `(() => {
					const picture = document.querySelector('.card-pulse .chart');
					picture.scrollIntoView({block: 'center'});
					const box = picture.getBoundingClientRect();
					return [box.left, box.top, box.width, box.height];
				})()`)
				across, down := try%columns, try/columns // newest times are at the bottom of a phone
				if name == "desk" {                      // and at the right of a desk
					across, down = try/lines, try%lines
				}
				x, y := at[0]+at[2]*(1-(float64(across)+0.5)/columns), at[1]+at[3]*(1-(float64(down)+0.5)/lines)
				page.must(chromedp.Do(page.ctx, chromedp.MouseClickXY(x, y)))
				address := eval[string](page, `new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(() => seen(location.search))))`)
				values, err := url.ParseQuery(strings.TrimPrefix(address, "?"))
				page.must(err)
				if values.Get("topic") != "" {
					chosen = values
				}
			}
			if chosen == nil || chosen.Get("from") == "" || chosen.Get("to") == "" {
				t.Fatalf("no click on the pulse chose a topic and a time: %v", chosen)
			}
			want := pulseMentions(t, p, chosen)
			listed := eval[int](page, `(async () => (await (await fetch('/api/v1/mentions' + location.search)).json()).total)()`)
			if listed != want || want == 0 {
				t.Errorf("%d mentions are behind %v, and the chart says %d", listed, chosen, want)
			}
			page.until("the mentions behind the word", fmt.Sprintf(`document.querySelectorAll('.list .mention').length === %d`, listed))
			word := strings.ToLower(strings.Fields(chosen.Get("topic"))[0])
			if other := eval[int](page, fmt.Sprintf(`[...document.querySelectorAll('.list .mention')].filter((m) => !m.textContent.toLowerCase().includes(%q)).length`, word)); other != 0 {
				t.Errorf("%d of the listed mentions don't have %q", other, word)
			}
		})
	}
}

// pulseMentions is what the chart's own table says of a topic at a time.
func pulseMentions(t *testing.T, p *program, chosen url.Values) int {
	t.Helper()
	answer, err := http.Get(p.URL + "/charts/pulse.json?brand=nokia&window=24h") //nolint:noctx // a test's
	must(t, err)
	defer answer.Body.Close()
	var table struct {
		Rows []struct {
			Cells  []any
			Filter map[string]string
		}
	}
	must(t, json.NewDecoder(answer.Body).Decode(&table))
	for _, row := range table.Rows {
		if row.Filter["topic"] == chosen.Get("topic") && row.Filter["from"] == chosen.Get("from") {
			return int(row.Cells[3].(float64))
		}
	}
	return 0
}
