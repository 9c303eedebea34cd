package server

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"agora/charts"
	"agora/mood"
)

var pageAddress = regexp.MustCompile(`(?:href|src|srcset)="(/snapshots/[^"]+)"`)

func TestThePageOfAKeptBoardHasEveryChartInEveryFormat(t *testing.T) {
	h, _ := openKept(t, func(c *Config) { c.Demo = true })
	h.say("nokia", mood.Positive)
	k := h.keep(`{"brand":"nokia,ericsson","window":"7d","note":"5 < 6 & so"}`)
	a := h.get("/snapshots/" + k.ID)
	if a.status != http.StatusOK || strings.Contains(a.body, "<script") || strings.Contains(a.body, "style=") || a.header.Get("Content-Security-Policy") != contentPolicy {
		t.Fatalf("%d %v %s", a.status, a.header, a.body)
	}
	for _, want := range []string{
		"<h1>Nokia and Ericsson, last 7 days</h1>", "5 &lt; 6 &amp; so", `<time datetime="` + k.Kept[:16], "(UTC). It isn’t live, and doesn’t change.", "Demo: every mention here is made up",
		`<a href="/?brand=nokia&amp;window=7d">Nokia</a>`, `<a href="/?brand=ericsson&amp;window=7d">Ericsson</a>`, "Nokia: 1 mention this week", "The list of mentions isn’t kept", k.URL,
		`media="(prefers-color-scheme: dark)"`, `media="print"`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("it lacks %s", want)
		}
	}
	found := map[string]bool{}
	for _, m := range pageAddress.FindAllStringSubmatch(a.body, -1) {
		for one := range strings.SplitSeq(html.UnescapeString(m[1]), ", ") {
			path, _, _ := strings.Cut(one, " ")
			found[path] = true
			if got := h.get(path); got.status != http.StatusOK {
				t.Errorf("%s: %d %s", path, got.status, got.body)
			}
		}
	}
	for _, ch := range charts.All() {
		for _, f := range h.server.chartFormats() {
			if path := "/snapshots/" + k.ID + "/" + ch.ID + "." + f; !found[path] {
				t.Errorf("it doesn't lead to %s", path)
			}
		}
	}
	if empty, ok := charts.Find("activity"); !ok || !strings.Contains(a.body, empty.Title) || strings.Contains(a.body, empty.ID+".png?bare") {
		t.Errorf("a chart without anything on it is drawn, not put in words: %s", empty.ID)
	}

	h.server.Watch([]mood.Brand{{ID: "ericsson", Name: "Ericsson"}}, nil)
	if a := h.get("/snapshots/" + k.ID); strings.Contains(a.body, "/?brand=nokia") || !strings.Contains(a.body, "/?brand=ericsson") {
		t.Error("it leads to a live page of a brand that isn't watched any more")
	}
}

func TestThePageOfAKeptBoardNeedsNoPictures(t *testing.T) {
	h := open(t, func(c *Config) { c.Assets = withKeptPage(t) })
	k := h.keep(`{}`)
	a := h.get("/snapshots/" + k.ID)
	if a.status != http.StatusOK || strings.Contains(a.body, "<img") || strings.Contains(a.body, "og:image") || !strings.Contains(a.body, k.ID+"/mood.xlsx") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.get("/snapshots/" + k.ID + "/mood.png"); a.status != http.StatusNotFound {
		t.Errorf("a picture: %d", a.status)
	}
}

func TestWithoutItsPageAKeptBoardIsStillKept(t *testing.T) {
	h, _ := openEasel(t, nil)
	k := h.keep(`{}`)
	if a := h.get("/snapshots/" + k.ID); a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "make build") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.get("/snapshots/" + k.ID + "/mood.png"); a.status != http.StatusOK {
		t.Errorf("a picture: %d", a.status)
	}
}
