package feed

import "testing"

func TestNoiseIsNoEdit(t *testing.T) {
	for _, same := range [][2]string{
		{"Nokia wins a deal", "  NOKIA wins\na deal. "},
		{"It’s “good”", `It's "good"`},
		{"Nokia wins. 12 comments", "Nokia wins. 13 comments"},
		{"Nokia wins. 1 comment", "Nokia wins. 13 comments"},
		{"Nokia wins (Comments: 2)", "Nokia wins (Comments: 14)"},
		{"Nokia wins 3 Kommentare", "Nokia wins 4 Kommentare"},
		{"Article https://e.org/a?t=1 Points: 3 # Comments: 0", "Article https://e.org/a?t=2 Points: 40 # Comments: 12"},
		{"Nokia wins, 5 minutes ago by Jo", "Nokia wins, 3 hours ago by Jo"},
		{"Nokia – wins", "Nokia - wins"},
	} {
		if a, b := gistOf("T", same[0]), gistOf("T", same[1]); a.text != b.text {
			t.Errorf("%q and %q are taken as different", same[0], same[1])
		}
	}
	for _, other := range [][2]string{
		{"Nokia wins a deal", "Nokia loses a deal"}, {"wins a deal", "a deal wins"}, {"up 3%", "up 5%"}, {"up 3%", "-3% up"}, {"good", "good 👍"},
		{"12 deals", "13 deals"}, {"rose 12 points", "rose 13 points"}, {"over 5 minutes", "over 6 minutes"}, {"C", "C++"}, {"", "x"}, {"诺基亚", "诺基亚好"},
	} {
		if a, b := gistOf("T", other[0]), gistOf("T", other[1]); a.text == b.text {
			t.Errorf("%q and %q are taken as the same", other[0], other[1])
		}
	}
}

func TestAChangedHeadlineIsToldFromAnotherOne(t *testing.T) {
	for _, c := range []struct {
		a, b string
		like bool
	}{
		{"Nokia wins a large deal for networks in Finland", "Nokia wins a large deal for new networks in Finland", true},
		{"Nokia wins large deal", "UPDATE: Nokia wins large deal", true},
		{"Ericsson cuts jobs", "Nokia wins a large deal for networks", false},
		{"诺基亚宣布新的网络交易", "诺基亚宣布新的网络交易了", true},
		{"诺基亚宣布新的网络交易", "爱立信裁员一千人", false},
		{"", "", false},
	} {
		if got := sketchOf(c.a).like(sketchOf(c.b), 4); got != c.like {
			t.Errorf("%q and %q are alike: %v", c.a, c.b, got)
		}
	}
	if sketchOf("Story 1").sameFigures(sketchOf("Story 2")) || !sketchOf("Story 1").sameFigures(sketchOf("Stories: 1")) {
		t.Error("figures aren't compared")
	}
}

func BenchmarkGist(b *testing.B) {
	text := ""
	for range 100 {
		text += "Nokia said on Monday that it won a deal worth 120 million euros. "
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		gistOf("Nokia wins a deal", text)
	}
}
