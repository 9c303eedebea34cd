package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The tests in browser_*_test.go open the pages of the real program in
// Chromium. Without it they are skipped, unless AGORA_TEST_ALL says that
// everything must be tested.

// browserPatience bounds every wait for something to appear. It is no
// measure of speed: a loaded machine takes its time.
const browserPatience = time.Minute

var (
	chromiumOnce sync.Once
	chromiumCtx  context.Context
	errChromium  error
	endChromium  = func() {} // waits for it
)

// chromium starts the one browser of all tests; TestMain ends it.
func chromium(t testing.TB) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("AGORA_TEST_ALL") == "1" {
			t.Fatal("chromium is not installed, and AGORA_TEST_ALL asks for every test: apt-get install chromium")
		}
		t.Skip("chromium is not installed: apt-get install chromium")
	}
	chromiumOnce.Do(func() {
		allocator, end := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.Flag("disable-dev-shm-usage", true),
			// Pages are measured in the background too.
			chromedp.Flag("disable-background-timer-throttling", true),
			chromedp.Flag("disable-renderer-backgrounding", true),
			chromedp.Flag("disable-backgrounding-occluded-windows", true),
			chromedp.Flag("js-flags", "--expose-gc"),
		)...)
		var leave context.CancelFunc
		chromiumCtx, leave = chromedp.NewContext(allocator)
		endChromium = func() { leave(); end() }
		errChromium = chromedp.Do(chromiumCtx)
	})
	if errChromium != nil {
		t.Fatalf("start chromium: %v", errChromium)
	}
	return chromiumCtx
}

// tab is one page in the browser.
type tab struct {
	testing.TB
	ctx context.Context

	mu       sync.Mutex
	troubles []string // violated policies, exceptions, dialogs: nothing that may ever happen
}

// openTab opens an address in a tab of its own, in a profile of its own.
// Scripts run in it before the page's.
func openTab(t testing.TB, width, height int64, address string, scripts ...string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chromium(t), chromedp.WithNewBrowserContext())
	b := &tab{TB: t, ctx: ctx}
	t.Cleanup(func() {
		cancel()
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, trouble := range b.troubles {
			t.Errorf("%s: %s", address, trouble)
		}
	})
	b.must(chromedp.Do(ctx, chromedp.EmulateViewport(width, height)))
	b.must(chromedp.Listen(ctx, b.hear))
	for _, script := range append(scripts, watchPolicy) {
		if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
			t.Fatalf("prepare the page: %v", err)
		}
	}
	b.must(chromedp.Do(ctx, chromedp.Navigate(address)))
	return b
}

// watchPolicy tells of everything that the content security policy stopped.
const watchPolicy = `addEventListener('securitypolicyviolation', (e) => console.error('policy violated: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber));`

// hear notes what must never happen.
func (b *tab) hear(event any) {
	var trouble string
	switch e := event.(type) {
	case *page.EventJavascriptDialogOpening:
		trouble = "a script of a feed opened a dialog: " + e.Message
	case *runtime.EventExceptionThrown:
		trouble = "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			trouble += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		for _, arg := range e.Args {
			if s := string(arg.Value); strings.Contains(s, "policy violated") || strings.Contains(s, "Content Security Policy") {
				trouble = s
			}
		}
	}
	if trouble == "" {
		return
	}
	b.mu.Lock()
	b.troubles = append(b.troubles, trouble)
	b.mu.Unlock()
}

func (b *tab) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// dark makes the system ask for dark or light colours.
func (b *tab) dark(yes bool) {
	b.Helper()
	value := "light"
	if yes {
		value = "dark"
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}},
	})
	b.must(err)
}

// eval gives the value of an expression; a promise is waited for.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 15*browserPatience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("evaluate %s: %v", expression, err)
	}
	return value
}

// text is all that an element says; empty when it isn't there.
func (b *tab) text(selector string) string {
	b.Helper()
	return eval[string](b, fmt.Sprintf(`(document.querySelector(%q) || {}).innerText || ''`, selector))
}

// until waits until an expression is true. While a page is loaded anew there
// is nothing to ask, which is no failure.
func (b *tab) until(what, expression string) {
	b.Helper()
	deadline := time.Now().Add(browserPatience)
	var last error
	for time.Now().Before(deadline) {
		ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`Boolean(`+expression+`)`))
		cancel()
		if ok {
			return
		}
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			last = err
		}
		time.Sleep(50 * time.Millisecond)
	}
	shown := ""
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	shown, _ = chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText.slice(0, 1500)`))
	b.Fatalf("never saw: %s\n%s\nlast error: %v\nthe page says:\n%s", what, expression, last, shown)
}

// says waits until the page shows a text.
func (b *tab) says(text string) {
	b.Helper()
	b.until(text, fmt.Sprintf(`document.body && document.body.textContent.includes(%q)`, text))
}
