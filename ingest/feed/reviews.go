package feed

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"agora/mood"
)

// The App Store's customer reviews come as Atom with elements of iTunes' own
// (im:rating, 1 to 5), or as the same in JSON, which is no JSON Feed: every
// element is an object with its text under "label", and a list with one
// element is that element alone.

// itunesFeed is an Atom feed as iTunes writes it in JSON.
type itunesFeed struct {
	Feed *struct {
		Title label           `json:"title"`
		ID    label           `json:"id"`
		Link  json.RawMessage `json:"link"`
		Entry json.RawMessage `json:"entry"`
	} `json:"feed"`
}

type itunesEntry struct {
	ID      label `json:"id"`
	Title   label `json:"title"`
	Content label `json:"content"`
	Summary label `json:"summary"`
	Updated label `json:"updated"`
	Rating  label `json:"im:rating"`
	Author  struct {
		Name label `json:"name"`
	} `json:"author"`
	Link json.RawMessage `json:"link"`
}

// label is the text of an element.
type label string

// UnmarshalJSON takes the text out of {"label": …}; anything else is empty.
func (l *label) UnmarshalJSON(raw []byte) error {
	var element struct {
		Label json.RawMessage `json:"label"`
	}
	if json.Unmarshal(raw, &element) == nil {
		*l = label(looseText(element.Label))
	}
	return nil
}

type itunesLink struct {
	Attributes struct {
		Rel  string `json:"rel"`
		Href string `json:"href"`
	} `json:"attributes"`
}

// parseITunes reads a feed of iTunes in JSON; nil: this is none.
func parseITunes(text []byte) (*document, error) {
	if !bytes.HasPrefix(bytes.TrimLeft(text[1:], " \t\r\n"), []byte(`"feed"`)) {
		return nil, nil
	}
	var f itunesFeed
	if json.Unmarshal(text, &f) != nil || f.Feed == nil || f.Feed.ID == "" {
		return nil, nil
	}
	doc := &document{form: "iTunes JSON", title: plain(string(f.Feed.Title)), link: linkWith(f.Feed.Link, "alternate")}
	var b budget
	for _, raw := range looseList(f.Feed.Entry) {
		if err := b.item(); err != nil {
			return nil, err
		}
		var item itunesEntry
		if json.Unmarshal(raw, &item) != nil {
			continue // one that is no entry costs only itself
		}
		doc.entries = append(doc.entries, entry{
			guid:   string(item.ID),
			links:  nonEmpty(linkWith(item.Link, "alternate"), linkWith(item.Link, "related"), string(item.ID)),
			title:  plain(string(item.Title)),
			body:   plain(firstOf(string(item.Content), string(item.Summary))),
			author: string(item.Author.Name),
			dates:  nonEmpty(string(item.Updated)),
			stars:  starsOf(string(item.Rating)),
		})
	}
	doc.entries = onlyReviews(doc.entries, string(f.Feed.ID))
	return doc, nil
}

// linkWith gives the first address of that relation.
func linkWith(raw json.RawMessage, rel string) string {
	for _, one := range looseList(raw) {
		var l itunesLink
		if json.Unmarshal(one, &l) == nil && l.Attributes.Rel == rel {
			return l.Attributes.Href
		}
	}
	return ""
}

// starsIn reads the stars of an entry's iTunes elements; 0: none.
func starsIn(x ext.Extensions) int { return starsOf(extValue(x, "im", "rating")) }

func starsOf(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 1 || n > mood.MostStars {
		return 0
	}
	return n
}

// onlyReviews leaves out the entry that is the app itself, with which older
// forms of the feed begin.
func onlyReviews(entries []entry, id string) []entry {
	isReview := func(e entry) bool { return e.stars > 0 }
	if !slices.ContainsFunc(entries, isReview) && !strings.Contains(strings.ToLower(id), "/customerreviews/") {
		return entries
	}
	return slices.DeleteFunc(entries, func(e entry) bool { return !isReview(e) })
}

// reviewURL makes the address of a review its own: the service gives all of
// them the app's, and what has the same address is taken for the same.
func reviewURL(address, guid string) string {
	if address == "" || guid == "" || strings.Contains(address, "#") {
		return address
	}
	return address + "#review-" + mood.Slug(guid)
}
