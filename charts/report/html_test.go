package report

import (
	"bytes"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"
)

func htmlOf(t testing.TB, c *Content) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.HTML(t.Context(), &b, dummy{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// voids are elements without an end; those of SVG end by themselves.
var voids = []string{"meta", "img", "br", "link", "hr"}

// readHTML gives the text of a page, and says what is wrong with it: elements
// that don't match, scripts, handlers, addresses that lead elsewhere.
func readHTML(t *testing.T, name, page string, links func(address string) bool) (text string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	var open []string
	var b strings.Builder
	for {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Errorf("%s: %v", name, z.Err())
			}
			if len(open) > 0 {
				t.Errorf("%s: %v are never closed", name, open)
			}
			return b.String()
		case html.TextToken:
			if len(open) > 0 && open[len(open)-1] != "style" {
				b.WriteString(token.Data + " ")
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%s: </%s> within %v", name, token.Data, open)
			}
			open = open[:len(open)-1]
		case html.StartTagToken, html.SelfClosingTagToken:
			if slices.Contains([]string{"script", "iframe", "object", "embed", "link", "form", "base"}, token.Data) {
				t.Errorf("%s: there is a %s", name, token.Data)
			}
			for _, a := range token.Attr {
				switch {
				case strings.HasPrefix(a.Key, "on"):
					t.Errorf("%s: %s=%q could run a script", name, a.Key, a.Val)
				case (a.Key == "href" || a.Key == "src") && !links(a.Val):
					t.Errorf("%s: %s=%q leads elsewhere", name, a.Key, a.Val)
				case a.Key == "style" && strings.Contains(a.Val, "url("):
					t.Errorf("%s: style %q fetches something", name, a.Val)
				case a.Key == "alt" || a.Key == "title":
					b.WriteString(a.Val + " ")
				}
			}
			if kind == html.StartTagToken && !slices.Contains(voids, token.Data) {
				open = append(open, token.Data)
			}
		}
	}
}

func onTheWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https")
}

func TestThePageNeedsNothingAndRunsNothing(t *testing.T) {
	for name, c := range scenes(t) {
		page := htmlOf(t, c)
		text := squeezed(readHTML(t, name, page, onTheWeb))
		find := []string{c.Headline, wordFine}
		for _, s := range c.Stories {
			find = append(find, s.Title)
		}
		for _, b := range c.Brands {
			find = append(find, b.Name)
		}
		for _, f := range c.Fine {
			find = append(find, f.Value)
		}
		for _, words := range find {
			if !strings.Contains(text, squeezed(words)) {
				t.Errorf("%s: %q is not on the page", name, words)
			}
		}
		if strings.Contains(page, "@import") || strings.Contains(page, "url(") || strings.Contains(page, "ZgotmplZ") {
			t.Errorf("%s: the page fetches something, or a value was refused", name)
		}
	}
}

func TestThePageHoldsItsCharts(t *testing.T) {
	page := htmlOf(t, made(t, fallen(t), "7d", "nokia"))
	for _, id := range []string{"mood", "timeline", "map", "share", "sources", "languages"} {
		if !strings.Contains(page, "chart "+id+"</text>") {
			t.Errorf("the chart %s is missing", id)
		}
	}
	if strings.Contains(htmlOf(t, scenes(t)["empty"]), "<svg") {
		t.Error("there is a chart of nothing")
	}
}

func TestThePagePrintsOnTwoSheets(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("AGORA_TEST_ALL") != "" {
			t.Fatal("chromium is not in the PATH: install it (Debian: chromium)")
		}
		t.Skip("chromium is not in the PATH")
	}
	if testing.Short() && os.Getenv("AGORA_TEST_ALL") == "" {
		t.Skip("a browser takes long to start")
	}
	// One browser prints them all.
	allocator, _ := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true))...)
	browser, stop := chromedp.NewContext(allocator)
	defer stop()
	all, file := scenes(t), filepath.Join(t.TempDir(), "report.html")
	for _, name := range []string{"fallen", "five", "twenty", "hostile", "three"} {
		if err := os.WriteFile(file, []byte(htmlOf(t, all[name])), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := chromedp.Do(browser, chromedp.Navigate("file://"+file)); err != nil {
			t.Fatal(err)
		}
		// As people print it: on the paper that the page asks for.
		printed, err := chromedp.Call(browser, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: new(true), PrintBackground: new(true)})
		if err != nil {
			t.Fatal(err)
		}
		if info := poppler(t, printed.Data, "pdfinfo"); !strings.Contains(info, "Pages:           2\n") || !strings.Contains(info, "(A4)") {
			t.Errorf("%s: %s", name, info)
		}
	}
}
