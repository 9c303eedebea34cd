package report

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"agora/charts"
)

func TestAMailShowsItsImagesAndReadsRightWithout(t *testing.T) {
	wide := regexp.MustCompile(`width="(\d+)"`)
	for name, c := range scenes(t) {
		asked := map[string]charts.Figure{}
		m, err := c.Mail(t.Context(), dummy{asked})
		if err != nil {
			t.Fatal(err)
		}
		shown := map[string]bool{}
		text := squeezed(readHTML(t, name, string(m.HTML), func(address string) bool {
			if id, ok := strings.CutPrefix(address, "cid:"); ok {
				shown[id] = true
				return true
			}
			return onTheWeb(address)
		}))
		for _, i := range m.Images {
			if !shown[i.ID] || !strings.HasPrefix(string(i.PNG), "\x89PNG") || !strings.HasSuffix(i.Name, ".png") {
				t.Errorf("%s: %s (%s) is not shown, or no PNG", name, i.ID, i.Name)
			}
		}
		if len(shown) != len(m.Images) || c.Mentions > 0 && len(m.Images) != 4 {
			t.Errorf("%s: %d images are shown, %d are there", name, len(shown), len(m.Images))
		}
		for _, f := range asked {
			if f.Width > 600 || f.Scale != 2 || !f.Bare || f.Format != "png" {
				t.Errorf("%s: the chart %s is asked for as %d pixels, ×%v, bare: %v, %s", name, f.Table.Chart, f.Width, f.Scale, f.Bare, f.Format)
			}
		}
		for _, w := range wide.FindAllStringSubmatch(string(m.HTML), -1) {
			if n, _ := strconv.Atoi(w[1]); n > 600 {
				t.Errorf("%s: something is %s pixels wide", name, w[1])
			}
		}
		find := []string{c.Headline, wordFine}
		for _, b := range c.Brands {
			find = append(find, b.Name, fmt.Sprint(charts.CountWord(b.Now.Mentions)), moodOf(b.Now.Tally()))
			for _, d := range b.Moved {
				find = append(find, d.Parts[0].Name, signedNumber(d.Parts[0].Points, 1))
			}
		}
		for _, s := range c.Stories {
			find = append(find, s.Title)
		}
		for _, words := range find {
			if !strings.Contains(text, squeezed(words)) {
				t.Errorf("%s: %q is not in the mail without images", name, words)
			}
			if !strings.Contains(squeezed(m.Text), squeezed(words)) && words != wordFine {
				t.Errorf("%s: %q is not in the plain text", name, words)
			}
		}
		for line := range strings.SplitSeq(m.Text, "\n") {
			if utf8.RuneCountInString(line) > 78 && strings.Contains(strings.TrimSpace(line), " ") {
				t.Errorf("%s: the line %q is too long", name, line)
			}
			if strings.ContainsAny(line, "\r\x00") {
				t.Errorf("%s: the line %q holds control characters", name, line)
			}
		}
		if m.Subject != c.Subject || strings.ContainsAny(m.Subject, "\r\n") || utf8.RuneCountInString(m.Subject) > 200 {
			t.Errorf("%s: subject %q", name, m.Subject)
		}
	}
}

func TestAMailIsReadableInTheDark(t *testing.T) {
	m, err := made(t, fallen(t), "7d", "nokia").Mail(t.Context(), dummy{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`name="color-scheme" content="light dark"`, "prefers-color-scheme: dark", `role="presentation"`, `alt="Mood: Nokia, last 7 days.`} {
		if !strings.Contains(string(m.HTML), want) {
			t.Errorf("the mail has no %s", want)
		}
	}
}

func TestADemoIsMarkedInEveryForm(t *testing.T) {
	c := made(t, fallen(t), "7d", "nokia")
	c.Demo = true
	m, err := c.Mail(t.Context(), dummy{})
	if err != nil {
		t.Fatal(err)
	}
	for form, words := range map[string]string{
		"subject": m.Subject, "plain text": m.Text, "mail": string(m.HTML), "page": htmlOf(t, c), "PDF": poppler(t, pdfOf(t, c), "pdftotext", "-layout"),
	} {
		if !strings.Contains(words, charts.Demo()) {
			t.Errorf("the %s doesn't say that it is a demo", form)
		}
	}
}
