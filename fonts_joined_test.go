package main

import (
	"encoding/base64"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"agora/static"
)

// Letters that join, stack or change places beside others do so as in
// Chromium with the same face: those that stand apart are wider. Pixels can't
// be compared, for Chromium moves heights in these scripts, too.
func TestLettersJoinAsInChromium(t *testing.T) {
	figures := newFigures(t)
	shipped, err := static.Fonts()
	must(t, err)
	for family, text := range map[string]string{
		"Noto Sans Arabic":     "شركة نوكيا توقّع عقد شبكات الجيل الخامس",
		"Noto Sans Devanagari": "नोकिया ने क्षेत्र में श्रृंखला शुरू की",
		"Noto Sans Bengali":    "নোকিয়া নতুন প্রযুক্তি আনছে",
		"Noto Sans Tamil":      "நோக்கியா புதிய ஒப்பந்தம்",
		"Noto Sans Thai":       "โนเกียลงนามในสัญญาใหม่ที่นี่",
	} {
		var data []byte
		for _, face := range shipped {
			if face.Family == family && face.Weight == 400 {
				data, err = face.Open()
				must(t, err)
			}
		}
		if data == nil {
			t.Fatalf("%s isn't shipped", family)
		}
		svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="700" height="80" viewBox="0 0 700 80"><rect width="700" height="80" fill="#fff"/><text x="20" y="50" font-family="%s" font-size="32">%s</text></svg>`, family, text)
		html := fmt.Sprintf(`<!doctype html><meta charset="utf-8"><style>@font-face{font-family:%q;src:url(data:font/ttf;base64,%s)}body{margin:0}svg{display:block}</style>%s`,
			family, base64.StdEncoding.EncodeToString(data), svg)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, html) }))
		t.Cleanup(server.Close)
		tab := openTab(t, 700, 80, server.URL)
		eval[bool](tab, fmt.Sprintf(`document.fonts.load('32px "%s"', %q).then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))`, family, text))
		ours := 0.0 // word by word: a picture has one width of spaces in all scripts
		for _, word := range strings.Fields(text) {
			ours += figures.Fonts().Advance(word, 32, 400)
		}
		theirs := eval[float64](tab, `(() => {
			const at = document.querySelector('text');
			return at.textContent.split(' ').reduce((sum, word) => (at.textContent = word, sum + at.getComputedTextLength()), 0);
		})()`)
		if math.Abs(ours-theirs) > 0.5 {
			t.Errorf("%s: %q is %.2f pixels wide, and %.2f in Chromium", family, text, ours, theirs)
		}
	}
}
