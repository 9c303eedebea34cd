package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const devicesConfig = twoBrands + `
activity:
  kinds: [{id: activation, name: Activations, unit: devices, color: '#FF00AA'}]
`

// act pushes activations at a position.
func (p *program) act(id string, count int, lat, lon float64) {
	p.t.Helper()
	text, err := json.Marshal(map[string]any{
		"id": id, "brand": "nokia", "kind": "activation", "count": count, "place": map[string]float64{"lat": lat, "lon": lon},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	answer, err := http.Post(p.URL+"/api/v1/activity", "application/json", strings.NewReader(string(text))) //nolint:noctx // a test's
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted {
		p.t.Fatalf("push: HTTP %d", answer.StatusCode)
	}
}

// pink counts the pixels of a canvas that have the colour of the kind.
const pink = `(() => {
	let n = 0;
	for (const canvas of document.querySelectorAll('%s canvas')) {
		const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
		for (let i = 0; i < all.length; i += 4) if (all[i] > 200 && all[i + 1] < 60 && all[i + 2] > 130 && all[i + 2] < 200) n++;
	}
	return n;
})()`

func TestWhatDevicesDoIsSeenOnPageAndWallAsItHappens(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, devicesConfig)
	p.pushAll(map[string]int{"often.example": 12})
	p.act("a", 3, 60.1, 24.9)
	for _, size := range [][2]int64{{1920, 1080}, {390, 844}} {
		for _, dark := range []bool{false, true} {
			page := openTab(t, size[0], size[1], p.URL+"/?brand=nokia&window=24h&map=devices")
			page.dark(dark)
			page.until("the counter", `document.querySelector('.hero .done').textContent.includes('Activations')`)
			page.until("the time line of devices below that of mentions", `document.querySelector('.card-timeline').nextSibling.classList.contains('card-activity')`)
			page.until("the mode", `[...document.querySelectorAll('.modes button')].some((b) => b.textContent === 'Devices' && b.getAttribute('aria-pressed') === 'true')`)
			if wide := eval[int](page, `document.scrollingElement.scrollWidth - innerWidth`); wide > 0 {
				t.Errorf("at %d it is %d pixels wider than the screen", size[0], wide)
			}
		}
	}
	page := openTab(t, 1280, 1400, p.URL+"/?brand=nokia&window=24h&map=devices")
	page.until("the counter", `document.querySelector('.hero .done').textContent.includes('3 devices')`)
	page.until("no place below five", `document.querySelector('.card-map').textContent.includes('No place has five events')`)
	page.until("the bars", fmt.Sprintf(pink, ".card-activity")+` > 20`)

	p.act("b", 40, 60.1, 24.9)
	page.until("the counter, live", `document.querySelector('.hero .done').textContent.includes('43 devices')`)
	page.until("the dot", `!document.querySelector('.card-map').textContent.includes('No place has five events') && `+fmt.Sprintf(pink, ".card-map")+` > 20`)
	page.until("the floor in words", `document.querySelector('.card-map').textContent.includes('No place with fewer than 5 is shown')`)
	eval[bool](page, `[...document.querySelectorAll('.modes button')].find((b) => b.textContent === 'Published in').click(), true`)
	page.until("no dot in another mode", fmt.Sprintf(pink, ".card-map")+` === 0`)

	wall := openTab(t, 1920, 1080, p.URL+"/wall/map")
	wall.until("the counter", `document.querySelector('.worldmap .done').textContent.includes('Activations: 43 devices')`)
	wall.until("the dot", fmt.Sprintf(pink, ".worldmap")+` > 20`)
	overview := openTab(t, 1920, 1080, p.URL+"/wall/overview")
	overview.until("the counter", `document.querySelector('.overview .done').textContent.includes('Activations: 43 devices')`)
	if low := eval[float64](overview, `document.querySelector('.overview .line').getBoundingClientRect().bottom - innerHeight`); low > 0 {
		t.Errorf("the line of the wall ends %v pixels below it", low)
	}
}
