package feed

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

const reviewsJSON = `{"feed":{"author":{"name":{"label":"iTunes Store"}},"entry":[
{"author":{"uri":{"label":"https://itunes.apple.com/us/reviews/id1"},"name":{"label":"Ann"},"label":""},"updated":{"label":"2026-11-20T03:04:05-07:00"},
 "im:rating":{"label":"2"},"im:version":{"label":"3.1"},"id":{"label":"111"},"title":{"label":"Meh <b>&"},"content":{"label":"It crashes\nall day","attributes":{"type":"text"}},
 "link":{"attributes":{"rel":"related","href":"https://itunes.apple.com/us/review?id=9&type=Purple%20Software"}}},
{"author":{"name":{"label":"Bob"}},"updated":{"label":"2026-11-20T02:00:00-07:00"},"im:rating":{"label":"5"},"id":{"label":"112"},"title":{"label":"Great"},
 "content":{"label":"Love it"},"link":{"attributes":{"rel":"related","href":"https://itunes.apple.com/us/review?id=9&type=Purple%20Software"}}}
],"updated":{"label":"2026-11-20T08:00:00-07:00"},"title":{"label":"iTunes Store: Customer Reviews"},
"link":[{"attributes":{"rel":"alternate","type":"text/html","href":"https://apps.apple.com/us/app/id9"}},{"attributes":{"rel":"self","href":"https://itunes.apple.com/x"}}],
"id":{"label":"https://itunes.apple.com/us/rss/customerreviews/page=1/id=9/sortBy=mostRecent/json"}}}`

const theApp = `{"im:name":{"label":"The App"},"id":{"label":"https://itunes.apple.com/us/app/id9"},"title":{"label":"The App - The Maker"},"summary":{"label":"Buy it"},"updated":{"label":"2026-11-20T08:00:00-07:00"}}`

const reviewsXML = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns:im="http://itunes.apple.com/rss" xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>https://itunes.apple.com/us/rss/customerreviews/id=9/xml</id><title>iTunes Store: Customer Reviews</title><updated>2026-11-20T08:00:00-07:00</updated>
<entry><updated>2026-11-20T08:00:00-07:00</updated><id im:id="9">https://itunes.apple.com/us/app/id9</id><title>The App - The Maker</title><im:name>The App</im:name><summary>Buy it</summary></entry>
<entry><updated>2026-11-20T03:04:05-07:00</updated><id>111</id><title>Meh</title><content type="text">It crashes</content><im:rating>2</im:rating><im:version>3.1</im:version>
<author><name>Ann</name></author><link rel="related" href="https://itunes.apple.com/us/review?id=9&amp;type=Purple%20Software"/></entry>
</feed>`

func reviews(t *testing.T, body string) []mood.Mention {
	t.Helper()
	base, _ := url.Parse("https://itunes.apple.com/us/rss/customerreviews/page=1/id=9/sortBy=mostRecent/json")
	doc, err := newParser().parse(t.Context(), []byte(body), "", base)
	if err != nil {
		t.Fatal(err)
	}
	return mentions(doc, mood.Source{ID: "app", URL: base.String(), Country: "US"}, base, time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), false)
}

func TestReviewsCarryTheirStars(t *testing.T) {
	list := reviews(t, reviewsJSON)
	if len(list) != 2 {
		t.Fatalf("%d reviews, want 2", len(list))
	}
	m := list[0]
	if m.Stars != 2 || list[1].Stars != 5 || m.Title != "Meh &" || m.Text != "It crashes all day" || m.Author != "Ann" ||
		!m.Published.Equal(time.Date(2026, 11, 20, 10, 4, 5, 0, time.UTC)) || m.Undated || m.Places.From.Country != "US" {
		t.Errorf("%+v", m)
	}
	// Apple gives all the same address, and one address is one mention.
	if m.ID == list[1].ID || m.URL == list[1].URL || !strings.HasPrefix(m.URL, "https://itunes.apple.com/us/review?id=9&") {
		t.Errorf("%s %s, %s %s", m.ID, m.URL, list[1].ID, list[1].URL)
	}
	if list = reviews(t, reviewsXML); len(list) != 1 || list[0].Stars != 2 || list[0].Text != "It crashes" {
		t.Errorf("as Atom: %+v", list)
	}
}

func TestTheAppItselfIsNoReview(t *testing.T) {
	for name, body := range map[string]string{
		"with reviews": strings.Replace(reviewsJSON, `"entry":[`, `"entry":[`+theApp+",", 1),
		"alone":        strings.Replace(reviewsJSON, reviewsJSON[strings.Index(reviewsJSON, `"entry":[`):strings.Index(reviewsJSON, `],"updated"`)+1], `"entry":`+theApp, 1),
		"no entry":     strings.Replace(reviewsJSON, reviewsJSON[strings.Index(reviewsJSON, `"entry":[`):strings.Index(reviewsJSON, `],"updated"`)+2], "", 1),
	} {
		for _, m := range reviews(t, body) {
			if m.Stars == 0 {
				t.Errorf("%s: %+v", name, m)
			}
		}
	}
	// A chart of apps is no feed of reviews, and stays as it is.
	chart := strings.NewReplacer("customerreviews", "topfreeapplications", "<im:rating>2</im:rating>", "").Replace(reviewsXML)
	if list := reviews(t, chart); len(list) != 2 {
		t.Errorf("a chart of apps has %d items", len(list))
	}
}

func TestOddReviewsCostOnlyThemselves(t *testing.T) {
	for _, rating := range []string{`{"label":"7"}`, `{"label":"five"}`, `"5"`, `null`, `[]`, `{"label":{}}`} {
		body := strings.Replace(reviewsJSON, `"im:rating":{"label":"2"}`, `"im:rating":`+rating, 1)
		if list := reviews(t, body); len(list) != 1 || list[0].Title != "Great" {
			t.Errorf("a rating of %s: %+v", rating, list)
		}
	}
	if list := reviews(t, strings.Replace(reviewsJSON, `"entry":[`, `"entry":[null, 5, "x", [], `, 1)); len(list) != 2 {
		t.Errorf("%d reviews", len(list))
	}
	base, _ := url.Parse("https://example.com/")
	if _, err := newParser().parse(t.Context(), []byte(`{"feed": 5}`), "", base); err == nil {
		t.Error(`{"feed": 5} is a feed`)
	}
}
