package feed

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"agora/mood"

	"pgregory.net/rapid"
)

// habits are what a publisher may do wrong, all at once.
type habits struct {
	guid, link, date string
	lists            int // items of a document
}

// drawHabits draws a publisher who leaves enough to know an item by: words
// alone aren't, once they are edited.
func drawHabits(rt *rapid.T) habits {
	h := habits{
		guid:  rapid.SampledFrom([]string{"own", "none", "new at each poll", "the same", "the place", "a slot", "the link"}).Draw(rt, "GUID"),
		link:  rapid.SampledFrom([]string{"own", "none", "a token", "a campaign", "the same", "http or https"}).Draw(rt, "link"),
		date:  rapid.SampledFrom([]string{"own", "none", "new at each poll"}).Draw(rt, "date"),
		lists: rapid.SampledFrom([]int{1, 2, 5, 30}).Draw(rt, "lists"),
	}
	return h
}

// lasting says whether an item can be known again after an edit of its words.
func (h habits) lasting() bool {
	own := h.link == "own" || h.link == "a campaign" || h.link == "http or https"
	return h.lists > 1 && (h.guid == "own" || own && h.guid != "the same" && h.guid != "the place" && h.guid != "a slot")
}

func (h habits) item(s story, poll, n, place int) string {
	token := fmt.Sprintf("%x", poll*7919+n*104729+1)
	switch h.link {
	case "none":
		s.link = ""
	case "a token":
		s.link += "?x=" + token
	case "a campaign":
		s.link += "?utm_content=" + token + "&fbclid=" + token
	case "the same":
		s.link = "https://example.org/live"
	case "http or https":
		s.link = strings.Replace(s.link, "https", [...]string{"http", "https"}[poll%2], 1)
	}
	switch h.guid {
	case "none":
		s.guid = ""
	case "new at each poll":
		s.guid = token
	case "the same":
		s.guid = "same"
	case "the place":
		s.guid = fmt.Sprint("item-", place)
	case "a slot":
		s.guid = fmt.Sprint("slot-", n%(h.lists+1))
	case "the link":
		s.guid = s.link
	}
	switch h.date {
	case "none":
		s.date = time.Time{}
	case "new at each poll":
		s.date = s.date.Add(time.Duration(poll) * time.Hour)
	}
	return s.item()
}

// TestStoriesAndEditsOfAnyFeedArriveOnce draws publishers and what they do over
// many polls: new stories, edits, items dropped and brought back, listed twice
// and in another order, and readers that restart.
func TestStoriesAndEditsOfAnyFeedArriveOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := drawHabits(rt)
		st, now := &state{URL: "u"}, time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
		titles := map[string]int{}   // deliveries of new items
		words := map[string]string{} // the last words delivered, by id
		idOf := map[string]string{}  // by title
		var published []story
		for poll := range rapid.IntRange(2, 25).Draw(rt, "polls") {
			now = now.Add(30 * time.Minute)
			fresh := 0
			if poll == 0 || rapid.IntRange(0, 2).Draw(rt, "new") == 0 {
				fresh = 1
				if h.lists > 1 && h.guid != "the place" {
					fresh = rapid.IntRange(1, max(1, h.lists/2)).Draw(rt, "how many")
				}
			}
			for range fresh {
				published = append(published, storyNo(len(published)))
			}
			if h.lasting() && rapid.IntRange(0, 2).Draw(rt, "edit") == 0 {
				i := len(published) - 1 - rapid.IntRange(0, min(len(published), h.lists)-1).Draw(rt, "which")
				published[i].text = fmt.Sprintf("Since poll %d it is known to be quite another matter, and %sis over.", poll, strings.Repeat("word ", poll%7))
			}
			var items []string
			for place := range min(h.lists, len(published)) {
				n := len(published) - 1 - place
				if place > 0 && h.guid != "the place" && rapid.IntRange(0, 5).Draw(rt, "dropped") == 0 {
					continue
				}
				items = append(items, h.item(published[n], poll, n, place))
			}
			if rapid.IntRange(0, 4).Draw(rt, "twice") == 0 {
				items = append(items, items[rapid.IntRange(0, len(items)-1).Draw(rt, "this")])
			}
			if rapid.Bool().Draw(rt, "reordered") {
				items = rapid.Permutation(items).Draw(rt, "order")
			}
			doc, err := newParser().parse(t.Context(), []byte(rssOf(items...)), "", base(t))
			if err != nil {
				rt.Fatal(err)
			}
			x := st.sift(mentions(doc, mood.Source{ID: "s", URL: "https://example.org/feed"}, base(t), now, poll == 0), "s", now)
			for _, m := range x.deliver {
				if _, known := words[m.ID]; known != m.Edited {
					rt.Fatalf("poll %d, %+v: %q is delivered as %s, edited: %v", poll, h, m.Title, m.ID, m.Edited)
				}
				if words[m.ID] == m.Title+m.Text {
					rt.Fatalf("poll %d, %+v: %q is delivered as an edit, and says nothing new", poll, h, m.Title)
				}
				words[m.ID] = m.Title + m.Text
				if !m.Edited {
					titles[m.Title]++
					idOf[m.Title] = m.ID
				}
			}
			st.keep(x, now)
			raw, err := json.Marshal(st)
			if err != nil {
				rt.Fatal(err)
			}
			st = loadState(raw, "u", now)
			for n, s := range published {
				listed := strings.Contains(strings.Join(items, ""), "<title>"+s.title+"</title>")
				if titles[s.title] > 1 || listed && titles[s.title] == 0 {
					rt.Fatalf("poll %d, %+v: story %d, %q, was delivered %d times", poll, h, n, s.title, titles[s.title])
				}
				if listed && words[idOf[s.title]] != s.title+s.text {
					rt.Fatalf("poll %d, %+v: story %d has the words %q, want %q", poll, h, n, words[idOf[s.title]], s.text)
				}
			}
		}
	})
}
