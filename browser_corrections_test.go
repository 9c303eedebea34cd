package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// tell sends mentions of Nokia, one for each title.
func (p *program) tell(titles ...string) {
	p.t.Helper()
	for i, title := range titles {
		item, err := json.Marshal(map[string]any{
			"id": fmt.Sprintf("%d-%s", i, title), "title": title, "source": "wire", "country": "FI", "language": "en",
			"text":      "The maker of networks and phones has told its shareholders on Tuesday in Espoo how it went: great in the north, awful elsewhere.",
			"url":       fmt.Sprintf("https://news%d.example/%d", i, time.Now().UnixNano()),
			"published": time.Now().Add(-time.Duration(i+1) * time.Minute).UTC().Format(time.RFC3339),
		})
		if err != nil {
			p.t.Fatal(err)
		}
		answer, err := http.Post(p.URL+"/api/v1/mentions", "application/json", strings.NewReader(string(item))) //nolint:noctx // a test's
		if err != nil {
			p.t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusAccepted {
			p.t.Fatalf("push %q: HTTP %d", title, answer.StatusCode)
		}
	}
}

// row finds the mention with these words in its title.
func row(words string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('.list .mention')].find((li) => li.querySelector('h3').textContent.includes(%q))`, words)
}

// wish finds the button with these words in an opened mention.
func wish(title, words string) string {
	return fmt.Sprintf(`[...(%s).querySelectorAll('.wishes button')].find((b) => b.textContent.includes(%q))`, row(title), words)
}

func (b *tab) picture(name string) {
	folder := os.Getenv("AGORA_PICTURES")
	if folder == "" {
		return
	}
	time.Sleep(time.Second) // what glides stands still then
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	b.must(err)
	b.must(os.WriteFile(filepath.Join(folder, name), picture, 0o600))
}

// count waits until the page counts so many mentions of a label.
func (b *tab) count(label string, n int) {
	b.Helper()
	b.until(fmt.Sprintf("%d counted as %s", n, label), fmt.Sprintf(
		`[...document.querySelectorAll('button.split')].some((b) => b.querySelector('.what').textContent.trim() === '%d %s')`, n, label))
}

func TestAPersonSetsALabelByKeyboardAndItStands(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	p.tell("Nokia wins a great deal with strong growth", "Nokia suffers a terrible failure", "Nokia meets on Tuesday")
	page := openTab(t, 1280, 1000, p.URL+"/?brand=nokia&window=24h")
	other := openTab(t, 1280, 1000, p.URL+"/?brand=nokia&window=24h")
	page.until("the list", row("great deal"))
	other.until("the list", row("great deal"))

	// Enter on the label opens why: the words that decided are tinted where
	// they stand.
	eval[bool](page, `(`+row("great deal")+`.querySelector('.label').focus(), true)`)
	page.must(chromedp.Do(page.ctx, chromedp.KeyEvent("\r")))
	page.until("tinted words in the title", `[...`+row("great deal")+`.querySelectorAll('h3 mark.positive')].some((m) => m.textContent === 'great')`)
	page.until("the reasons, with their weights", `/great \+\d/.test(`+row("great deal")+`.querySelector('.reasons').textContent)`)
	if title := eval[string](page, row("great deal")+`.querySelector('h3').textContent`); title != "Nokia wins a great deal with strong growth" {
		t.Errorf("with its tints the title reads %q", title)
	}

	// Tab leads to the buttons.
	for range 3 { // positive, neutral, negative
		page.must(chromedp.Do(page.ctx, chromedp.KeyEvent("\t")))
	}
	page.until("the focus on negative", `document.activeElement === `+wish("great deal", "negative"))
	page.must(chromedp.Do(page.ctx, chromedp.KeyEvent("\r")))
	page.until("the mention as a person set it", `(() => {
		const li = `+row("great deal")+`;
		return li.querySelector('.label.negative') && li.textContent.includes('set by a person') && li.textContent.includes('Agora had read positive');
	})()`)
	page.until("the focus where it was", `document.activeElement === `+wish("great deal", "negative"))
	page.until("that it is saved", row("great deal")+`.querySelector('.told').textContent === 'Saved.'`)
	page.count("negative", 2)
	page.count("positive", 0)

	// Another page follows at once, without asking for its list again.
	other.until("the correction on another page", row("great deal")+`.textContent.includes('set by a person')`)
	other.count("negative", 2)

	// What comes in, and what is asked for anew, undoes nothing.
	p.tell("Nokia opens a new office")
	page.until("a new mention, or word of one", row("new office")+` || document.querySelector('.held:not([hidden])')`)
	page.until("the set label still", row("great deal")+`.querySelector('.label.negative')`)
	page.must(chromedp.Do(page.ctx, chromedp.Navigate(p.URL+"/?brand=nokia&window=24h&corrected=true")))
	page.until("it alone among what people set", `document.querySelectorAll('.list .mention').length === 1 && `+row("great deal")+`.querySelector('.label.negative')`)

	// Back to what Agora read.
	eval[bool](page, `(`+row("great deal")+`.querySelector('.label').click(), `+wish("great deal", "back to")+`.click(), true)`)
	page.count("positive", 1)
	page.count("negative", 1)
	other.until("it as Agora read it", `!`+row("great deal")+`.textContent.includes('set by a person')`)
}

func TestAllCopiesAreSetAtOnceAndARefusalIsTold(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	p.tell("Nokia wins a great deal", "Nokia wins a great deal", "Nokia: awful town")
	page := openTab(t, 1280, 1000, p.URL+"/?brand=nokia&window=24h")
	page.until("a row for each story", `document.querySelectorAll('.list .mention').length === 2 && document.querySelector('.list .total').textContent === '3'`)
	page.until("the copy in its row", row("great deal")+`.querySelector('.more-copies').textContent === '+ 1 copy'`)
	eval[bool](page, `(`+row("great deal")+`.querySelector('.label').click(), `+row("great deal")+`.querySelector('.reach input[value=story]').click(), `+wish("great deal", "neutral")+`.click(), true)`)
	page.until("the row neutral", row("great deal")+`.querySelector('.label.neutral') && `+row("great deal")+`.textContent.includes('set by a person')`)
	page.until("how many were saved", row("great deal")+`.querySelector('.told').textContent.includes('2 mentions')`)
	page.count("neutral", 2)

	// The copy is unfolded, with who had it first.
	eval[bool](page, `(`+row("great deal")+`.querySelector('.more-copies').click(), true)`)
	page.until("the copy, neutral too", row("great deal")+`.querySelectorAll('.copies li .sign.neutral').length === 1`)
	page.until("who had it first", `/First: news\d\.example/.test(`+row("great deal")+`.querySelector('.story .first').textContent)`)
	page.until("how many told it", row("great deal")+`.querySelector('.spread-facts').textContent.includes('2 mentions · 2 outlets')`)

	// Not about the brand: it leaves the counts, and stays to be taken back.
	eval[bool](page, `(`+row("awful")+`.querySelector('.label').click(), `+wish("awful", "not about Nokia")+`.click(), true)`)
	page.until("that it isn't about Nokia", row("awful")+`.querySelector('.label').textContent.includes('not about Nokia')`)
	page.until("two counted", `document.querySelector('.list .total').textContent === '2'`)

	// The server refuses: the label goes back, and why is said.
	eval[bool](page, `(window.fetch = () => Promise.resolve(new Response(JSON.stringify({detail: 'Its text is gone.'}), {status: 410})), `+
		wish("great deal", "positive")+`.click(), true)`)
	page.until("the refusal", row("great deal")+`.querySelector('.told.refused').textContent.includes('Its text is gone.')`)
	page.until("the label as it was", row("great deal")+`.querySelector('.label.neutral')`)

	// Another copy comes in: it joins the row.
	p.tell("Nokia wins a great deal - Paper")
	page.until("two copies in the row", row("great deal")+`.querySelector('.more-copies').textContent === '+ 2 copies'`)
	page.until("no more rows", `document.querySelectorAll('.list .mention').length === 2`)
}

// TestWhyIsReadableEverywhere looks at an opened mention as everybody does;
// with AGORA_PICTURES=FOLDER it leaves pictures there.
func TestWhyIsReadableEverywhere(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	p.tell("Nokia wins a great deal with strong growth after record profit", "Nokia suffers a terrible failure, and shares fall", "Nokia meets on Tuesday")
	axe, axeErr := os.ReadFile(filepath.Join("static", "node_modules", "axe-core", "axe.min.js"))
	for _, size := range [][2]int64{{1920, 1080}, {390, 844}} {
		for _, dark := range []bool{false, true} {
			b := openTab(t, size[0], size[1], p.URL+"/?brand=nokia&window=24h")
			b.dark(dark)
			b.until("the list", row("great deal"))
			eval[bool](b, `(`+row("great deal")+`.querySelector('.label').click(), `+row("failure")+`.querySelector('.label').click(), `+
				wish("failure", "neutral")+`.click(), `+row("great deal")+`.scrollIntoView(), true)`)
			b.until("that it is saved", `/Saved|so already/.test(`+row("failure")+`.querySelector('.told').textContent)`)
			b.picture(fmt.Sprintf("why-%d-dark-%t.png", size[0], dark))
			if wide := eval[int](b, `document.scrollingElement.scrollWidth - innerWidth`); wide > 0 {
				t.Errorf("%d wide: %d pixels too many", size[0], wide)
			}
			if axeErr != nil {
				continue // PagesAreForEverybody says so
			}
			time.Sleep(600 * time.Millisecond) // what fades in has its full colour then
			for _, v := range violations(b, string(axe)) {
				t.Errorf("%d wide, dark %t: %s", size[0], dark, v)
			}
		}
	}
}
