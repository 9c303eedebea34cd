package main

import (
	"strings"
	"testing"
	"time"
)

// hostile are titles that do harm wherever they are taken for more than text.
var hostile = []string{
	`Nokia <script>window.hit = 1; alert(1)</script> wins a deal`,
	`Nokia <img src=x onerror="window.hit = 2; alert(2)"> grows`,
	`Nokia {a|role:positive} "fmt:tip" ${window.hit = 3} </title><svg onload=alert(3)>`,
}

func TestWhatFeedsSayIsOnPageAndWallAndNoneOfItRuns(t *testing.T) {
	chromium(t)
	wire := serveFeed(t, append([]string{"Nokia wins a record contract in Finland"}, hostile...)...)
	p := startProgram(t, nil, withFeed(wire))
	page := openTab(t, 1280, 900, p.URL+"/?brand=nokia&window=24h")
	wall := openTab(t, 1920, 1080, p.URL+"/wall/mentions")
	for _, b := range []*tab{page, wall} {
		b.says("Nokia wins a record contract in Finland")
	}

	wire.add("Nokia opens a second factory in Oulu")
	for _, b := range []*tab{page, wall} {
		b.says("Nokia opens a second factory in Oulu")
	}
	p.push("Nokia was pushed, and is on every screen")
	for _, b := range []*tab{page, wall} {
		b.says("Nokia was pushed, and is on every screen")
	}

	page.until("the figure with all its mentions", `document.body.innerText.includes('6 mentions')`)
	wall.until("both latencies", `/Found after .*, shown in /.test((document.querySelector('.corner') || {}).innerText)`)
	for _, b := range []*tab{page, wall} {
		if hit := eval[string](b, `String(window.hit)`); hit != "undefined" {
			t.Errorf("the script of a title ran: %s", hit)
		}
		if n := eval[int](b, `document.querySelectorAll('body script, body svg[onload], img[src=x]').length`); n != 0 {
			t.Errorf("%d elements came out of titles", n)
		}
	}
}

func TestWallShowsItsScenesInTurn(t *testing.T) {
	chromium(t)
	wire := serveFeed(t, "Nokia wins a record contract", "Ericsson loses a lawsuit")
	p := startProgram(t, nil, withFeed(wire)+`
walls:
  - id: lobby
    brands: [nokia, ericsson]
    window: 24h
    scenes: [{show: overview, for: 1500ms}, {show: map, for: 1500ms}, {show: brands, for: 1500ms}, {show: mentions, for: 1500ms}]
    motion: reduced
`)
	wall := openTab(t, 1920, 1080, p.URL+"/wall")
	want := []string{"overview", "map", "brands", "mentions", "overview"}
	for _, scene := range want {
		seen := `document.querySelector('.stage').dataset.scene === '` + scene + `' && document.querySelectorAll('.scene.on').length === 1`
		if scene == "overview" || scene == "map" {
			seen += ` && document.querySelector('.scene.on canvas')`
		}
		wall.until("the scene "+scene+", with its charts", seen)
	}
	wall.until("the other brand's turn", `document.querySelector('.overview .name').textContent === 'Ericsson'`)
	if got := eval[string](wall, `getComputedStyle(document.querySelector('.wall')).cursor + ' ' + getComputedStyle(document.body).overflow`); got != "none hidden" {
		t.Errorf("cursor and overflow of the wall are %q", got)
	}
	if n := eval[int](wall, `document.querySelectorAll('button, a, input, select, [tabindex]').length`); n != 0 {
		t.Errorf("the wall has %d controls, and nobody to use them", n)
	}
}

func TestAWallWaitsInWordsForItsFirstMention(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	wall := openTab(t, 1920, 1080, p.URL+"/wall")
	wall.says("The first mention appears here by itself")
	wall.until("the brands it listens for", `document.querySelector('.waiting.on .title').innerText.includes('Nokia') && document.querySelector('.waiting.on .title').innerText.includes('Ericsson')`)
	p.push("Nokia is heard of at last")
	wall.until("a scene", `['overview', 'map', 'brands', 'mentions'].includes(document.querySelector('.stage').dataset.scene)`)
}

func TestPagesComeBackByThemselves(t *testing.T) {
	t.Parallel() // it waits more than it works
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	f := startFront(t, p, 300*time.Millisecond)
	p.push("Nokia one")
	page := openTab(t, 1280, 900, f.URL+"/?brand=nokia&window=24h", `window.began = 1`)
	wall := openTab(t, 1920, 1080, f.URL+"/wall/mentions", `window.began = 1`)
	tabs := []*tab{page, wall}
	seen := func(title string) {
		t.Helper()
		for _, b := range tabs {
			b.says(title)
		}
	}
	seen("Nokia one")

	t.Log("the program is restarted, with a 502 in between")
	p.stop()
	f.set("502")
	wall.until("the lost link in words", `/^No link since \d\d:\d\d/.test(document.querySelector('.corner').innerText) && document.querySelector('.wall.old')`)
	p.start()
	f.set("")
	p.push("Nokia two")
	seen("Nokia two")
	wall.until("colour again", `!document.querySelector('.wall.old')`)

	t.Log("the link is half open: no error, no end, no byte")
	f.set("silent")
	p.push("Nokia three")
	wall.until("the lost link in words", `/^No link since/.test(document.querySelector('.corner').innerText)`)
	f.set("")
	seen("Nokia three")

	for _, b := range tabs {
		if got := eval[int](b, `performance.getEntriesByType('navigation').length`); got != 1 {
			t.Errorf("the page was loaded %d times", got)
		}
	}

	t.Log("a new build")
	// A screen waits for its own moment of twenty seconds; these two are first.
	for _, b := range tabs {
		eval[bool](b, `(Math.random = () => 0.01, window.old = true)`)
	}
	f.pretend("0123456789ab")
	for _, b := range tabs {
		b.until("the page loaded anew", `!window.old && document.body.textContent.includes('Nokia three')`)
	}
}

func TestAScreenIsPairedAndUnpaired(t *testing.T) {
	chromium(t)
	const token = "a-long-admin-token-for-tests-0123456789"
	p := startProgram(t, map[string]string{"AGORA_ADMIN_TOKEN": token}, twoBrands+`
walls:
  - {id: lobby, brands: [nokia], window: 24h}
  - {id: kitchen, brands: [ericsson], window: 24h}
`)
	screen := openTab(t, 1920, 1080, p.URL+"/wall")
	screen.until("a code", `/^[A-Z]{4}\s*-?\s*[A-Z]{4}$/.test((document.querySelector('.pairing .code') || {}).innerText)`)
	if got, want := screen.text(".pairing .how"), strings.TrimPrefix(p.URL, "http://")+"/displays"; !strings.Contains(got, want) {
		t.Errorf("the screen says %q, without %q", got, want)
	}
	code := eval[string](screen, `document.querySelector('.pairing .code').textContent`)

	desk := openTab(t, 1280, 900, p.URL+"/displays")
	desk.until("the login", `location.pathname === '/login' && document.querySelector('#token')`)
	fill := func(values ...string) {
		t.Helper()
		for i := 0; i < len(values); i += 2 {
			eval[bool](desk, `(document.querySelector('`+values[i]+`').value = '`+values[i+1]+`', true)`)
		}
		eval[bool](desk, `(document.querySelector('form').requestSubmit(), true)`)
	}
	fill("#token", "wrong")
	desk.until("that the token is wrong", `document.querySelector('#said').textContent.length > 10`)
	fill("#token", token)
	desk.until("the screens", `location.pathname === '/displays' && document.querySelector('#code')`)
	desk.until("the walls", `document.querySelector('#wall').options.length === 2`)
	fill("#code", "BBBB-BBBB", "#name", "Kitchen")
	desk.until("that no screen shows it", `document.querySelector('#pair-said.wrong')`)
	fill("#code", strings.ToLower(code), "#name", "Kitchen", "#wall", "kitchen")
	desk.until("the screen in the list", `document.querySelector('.screens .name') && document.querySelector('.screens .name').textContent === 'Kitchen'`)

	screen.until("its own wall", `document.querySelector('.stage') && document.body.textContent.includes('Ericsson') && !document.body.textContent.includes('Nokia')`)
	if cookie := eval[string](screen, `document.cookie`); cookie != "" {
		t.Errorf("scripts can read the screen's cookie: %q", cookie)
	}
	eval[bool](desk, `(document.querySelector('.screens button').click(), document.querySelector('.screens .sure').click(), true)`)
	desk.until("an empty list", `!document.querySelector('.screens li')`)
	screen.until("a new code", `/^[A-Z]{4}\s*-?\s*[A-Z]{4}$/.test((document.querySelector('.pairing .code') || {}).innerText)`)
}

// slowList holds every answered list of mentions back for a while, as a slow
// network does, and counts the answers.
const slowList = `(() => {
  const fetched = window.fetch;
  window.lists = 0;
  window.fetch = async (...asked) => {
    const answer = await fetched(...asked);
    if (!String(asked[0]).includes('/api/v1/mentions')) return answer;
    const body = await answer.text();
    window.lists++;
    await new Promise((done) => setTimeout(done, 4000));
    return new Response(body, { status: answer.status, headers: answer.headers });
  };
})()`

func TestWhatComesWhileTheListIsAskedForIsNotLost(t *testing.T) {
	p := startProgram(t, nil, twoBrands)
	p.push("Nokia was there first")
	page := openTab(t, 1280, 900, p.URL+"/?brand=nokia&window=24h", slowList)
	page.says("Nokia was there first")
	page.until("the list that is asked for after the first snapshot", `window.lists === 2`)
	p.push("Nokia came in between")
	page.says("Nokia came in between")
	eval[bool](page, `new Promise((done) => setTimeout(() => done(true), 6000))`)
	page.says("Nokia came in between")
	page.says("Nokia was there first")
}
