package server

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/charts"
	"agora/mood"
)

// FuzzTheAddressesOfCharts asks for charts and embeds in every way there is:
// never is that the server's fault, what is wrong is named, and what is to be
// drawn stays within bounds.
func FuzzTheAddressesOfCharts(f *testing.F) {
	for _, path := range []string{
		"charts/mood.png", "charts/map.svg", "charts/timeline.pdf", "charts/share.csv", "charts/topics.xlsx", "charts/sources.json",
		"charts/map.", "charts/.png", "charts/map.png.png", "charts/%2e%2e/map.png", "charts/MAP.PNG", "charts/a/b", "charts/", "embed/mood", "embed/map", "embed/", "embed/map.png", "embed/%00",
	} {
		f.Add(path, "\xe1")
		f.Add(path, "brand=nokia&window=24h&theme=dark&width=1200&height=675&scale=2&lang=en&bare=1")
	}
	for _, query := range []string{
		"", "brand=nokia,ericsson&window=7d&as=picture&theme=auto&place=about", "brand=nokia&brand=nokia", "brand=,,,", "brand=" + strings.Repeat("nokia,", 500),
		"width=4096&height=4096&scale=4", "width=50", "height=4096", "width=0", "width=-1", "width=1e3", "width=99999999999999999999", "scale=NaN", "scale=Inf", "scale=-0", "scale=1.0000000001", "scale=4",
		"place=origin", "place=x", "bare=2", "bare=true", "lang=fi", "theme=transparent", "theme=auto", "window=%32%34h", "key=x", "key=&key=", "key=%ff", "x", "=", "&&&", "a=1;b=2", "%zz", "width=٣٠٠", "\x00=\x00",
	} {
		f.Add("charts/map.png", query)
		f.Add("embed/map", query)
	}
	e := &sketcher{}
	w := newWorld(time.Now)
	w.say("nokia", mood.Positive)
	servers := map[string]*Server{}
	for name, hash := range map[string]string{"loopback": "", "guarded": hashOf(adminToken)} {
		c := Config{Listen: "127.0.0.1:0", Boards: w, Mentions: w, States: w, Brands: w.brands, AdminHash: hash}
		withEmbeds(&c)
		c.Pictures, c.Limits.PicturesPerMinute = e, math.MaxInt32
		s, err := New(c)
		if err != nil {
			f.Fatal(err)
		}
		f.Cleanup(func() { _ = s.Close() })
		servers[name] = s
	}
	known := slices.Concat(chartParams(), embedParams())
	f.Fuzz(func(t *testing.T, path, query string) {
		_, unread := url.ParseQuery(query)
		for name, s := range servers {
			r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", http.NoBody)
			r.Host, r.URL.Path, r.URL.RawPath, r.URL.RawQuery = "localhost", "/"+path, "", query
			e.mu.Lock()
			e.asked = nil
			e.mu.Unlock()
			got := httptest.NewRecorder()
			s.echo.ServeHTTP(got, r)
			if got.Code >= http.StatusInternalServerError {
				t.Fatalf("%s: /%s?%s: %d %s", name, path, query, got.Code, got.Body)
			}
			if got.Code == http.StatusBadRequest {
				var p problem
				if err := json.Unmarshal(got.Body.Bytes(), &p); err != nil || p.Detail == "" {
					t.Fatalf("%s: /%s?%s: %v %s", name, path, query, err, got.Body)
				}
				if unread != nil { // no parameter can be blamed
					if p.Parameter != "" || !strings.Contains(p.Detail, "can't be read") {
						t.Fatalf("%s: /%s?%s: it can't be read, and is answered with: %s", name, path, query, p.Detail)
					}
				} else if !namedIn(r.URL.Query(), p.Parameter) || p.Detail == "" || !slices.Contains(known, p.Parameter) && !strings.Contains(p.Detail, "There is no parameter") {
					t.Fatalf("%s: /%s?%s: it is %q that is wrong: %s", name, path, query, p.Parameter, p.Detail)
				}
			}
			if unread != nil && got.Code < http.StatusBadRequest && isOfCharts(path) {
				t.Fatalf("%s: /%s?%s: it can't be read, and is answered with %d", name, path, query, got.Code)
			}
			if name == "guarded" && got.Code < http.StatusBadRequest && isOfCharts(path) {
				t.Fatalf("/%s?%s: let in without a key: %d", path, query, got.Code)
			}
			e.mu.Lock()
			asked := slices.Clone(e.asked)
			e.mu.Unlock()
			for _, fig := range asked {
				checkFigure(t, fig)
			}
			if len(asked) > 1 || len(asked) == 1 && name == "guarded" {
				t.Fatalf("%s: /%s?%s: %d pictures", name, path, query, len(asked))
			}
		}
	})
}

// namedIn says whether a parameter is in an address, whose bytes that are no
// UTF-8 stand as U+FFFD in an answer.
func namedIn(query url.Values, name string) bool {
	for given := range query {
		if string([]rune(given)) == name {
			return true
		}
	}
	return false
}

func isOfCharts(path string) bool {
	return strings.HasPrefix(path, "charts/") || strings.HasPrefix(path, "embed/")
}

// checkFigure fails for one that is more than anybody may ask for.
func checkFigure(t *testing.T, f charts.Figure) {
	t.Helper()
	side := func(n int) bool { return n >= 50 && n <= 4096 }
	pixels := float64(f.Width) * float64(f.Height) * f.Scale * f.Scale
	switch {
	case !side(f.Width) || !side(f.Height) || !(f.Scale >= 1 && f.Scale <= 4):
		t.Fatalf("%d × %d at %v", f.Width, f.Height, f.Scale)
	case f.Format == "png" && (pixels > 26e6 || float64(max(f.Width, f.Height))*f.Scale > 8193):
		t.Fatalf("%v pixels", pixels)
	case !slices.Contains(pictureFormats(), f.Format) || !slices.Contains(pictureThemes(), f.Theme) || !slices.Contains(charts.Languages(), f.Table.Words().Language()):
		t.Fatalf("%s in %s, %s", f.Format, f.Theme, f.Table.Words().Language())
	}
	if _, ok := charts.Find(f.Table.Chart); !ok {
		t.Fatalf("a chart %q", f.Table.Chart)
	}
}
