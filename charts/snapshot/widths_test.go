package snapshot

import (
	"testing"

	"agora/charts"
	"agora/charts/snapshot/draw"
)

// Clouds of words are laid out with widths that are known beforehand; pictures
// and pages draw them with the real faces.
func TestWordsAreDrawnNoWiderThanTheyAreLaidOut(t *testing.T) {
	fonts, err := draw.NewFonts(faces(t)...)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{
		"iPhone 14", "AVATAR", "Tesla", "layoffs", "quarterly results", "Größenwahn", "Łódź", "İstanbul", "санкции против", "Σαμσούνγκ", "+\u2009deal", "−\u2009recall",
		"数据中心", "スタートアップ", "구조조정", "هواوي", "שבתאי", "मोबाइल नेटवर्क", "ประเทศไทย", "საქართველო", "Հայաստան", "বাংলাদেশ", "தமிழ்", "WWWWW", "iiiii", "…", "Ukrainian-born", "5G",
	} {
		for _, weight := range []int{400, 600} {
			want := fonts.Advance(word, 1, weight)
			got := charts.TextWidth(word, weight >= 600)
			if got < want {
				t.Errorf("%q in %d is drawn %.2f em wide, and laid out with %.2f", word, weight, want, got)
			}
			if got > 3*want {
				t.Errorf("%q in %d is laid out with %.2f em, over three times its %.2f", word, weight, got, want)
			}
		}
	}
}
