package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestTheDemoFillsPageAndWall opens the demo as a newcomer would. With
// AGORA_PICTURES=FOLDER it leaves the README's pictures there: make pictures.
func TestTheDemoFillsPageAndWall(t *testing.T) {
	url := startDemo(t)
	if os.Getenv("AGORA_PICTURES") != "" {
		waitForItsPast(t, url)
	}
	for name, look := range map[string]struct {
		path   string
		width  int64
		height int64
		dark   bool
		charts int
	}{
		"page.png": {"/", 1440, 1400, false, 6},
		"wall.png": {"/wall/overview", 1920, 1080, true, 2},
	} {
		b := openTab(t, look.width, look.height, url+look.path)
		b.dark(look.dark)
		b.until("the mark of a demo", `/demo/i.test(document.body.textContent)`)
		b.until("charts", `document.querySelectorAll('canvas').length >= `+string(rune('0'+look.charts)))
		b.until("a figure", `/[+−]\d+/.test(document.body.innerText)`)
		folder := os.Getenv("AGORA_PICTURES")
		if folder == "" {
			continue
		}
		b.until("the days before", `!/nothing in the/.test(document.body.innerText)`)
		time.Sleep(4 * time.Second) // charts glide to their place
		picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		b.must(err)
		b.must(os.WriteFile(filepath.Join(folder, name), picture, 0o600))
	}
}

// waitForItsPast waits until the demo has told of the week before it began, the
// newest first: until then what it compares with is missing in part.
func waitForItsPast(t *testing.T, url string) {
	t.Helper()
	for before, tries := 0, 0; tries < 60; tries++ {
		answer, err := http.Get(url + "/api/v1/board?window=7d") //nolint:noctx // a test's
		must(t, err)
		var board struct{ Total struct{ Mentions int } }
		must(t, json.NewDecoder(answer.Body).Decode(&board))
		must(t, answer.Body.Close())
		if n := board.Total.Mentions; before > 0 && n-before < 100 { // it goes on by the second
			return
		} else if before = n; tries > 0 {
			t.Logf("%d mentions so far", n)
		}
		time.Sleep(3 * time.Second)
	}
	t.Fatal("the demo tells of its past without end")
}

func startDemo(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var stdout, stderr lockedBuffer
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"demo", "--listen", "127.0.0.1:0"}, func(string) string { return "" }, strings.NewReader(""), &stdout, &stderr)
	}()
	t.Cleanup(func() {
		cancel()
		if status := <-done; status != 0 {
			t.Errorf("the demo ended with status %d:\n%s", status, stderr.String())
		}
	})
	for deadline := time.Now().Add(browserPatience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if found := addressLine.FindStringSubmatch(stdout.String()); found != nil && answers(found[1]) {
			return found[1]
		}
	}
	t.Fatalf("the demo didn't start:\n%s%s", stdout.String(), stderr.String())
	return ""
}
