package feed

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/mood"
)

// reader polls one simulated feed: each document goes the whole way from
// markup to what is delivered, and every state through the store's bytes.
type reader struct {
	t   *testing.T
	st  *state
	now time.Time
	got map[string]int // how often a title was delivered as new
	ids map[string]bool
	ed  []string // titles of edits
	id  map[string]string
}

func newReader(t *testing.T) *reader {
	return &reader{
		t: t, st: &state{URL: "u"}, now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC),
		got: map[string]int{}, ids: map[string]bool{}, id: map[string]string{},
	}
}

// poll reads a document of items half an hour after the one before.
func (r *reader) poll(items ...string) (delivered []mood.Mention) {
	r.t.Helper()
	r.now = r.now.Add(30 * time.Minute)
	doc, err := newParser().parse(r.t.Context(), []byte(rssOf(items...)), "", base(r.t))
	if err != nil {
		r.t.Fatal(err)
	}
	list := mentions(doc, mood.Source{ID: "s", URL: "https://example.org/feed"}, base(r.t), r.now, len(r.st.Items) == 0)
	x := r.st.sift(list, "s", r.now)
	r.st.keep(x, r.now)
	r.st.Again = false
	raw, err := json.Marshal(r.st)
	if err != nil {
		r.t.Fatal(err)
	}
	r.st = loadState(raw, "u", r.now)
	for _, m := range x.deliver {
		if m.Edited {
			r.ed = append(r.ed, m.Title)
			if !r.ids[m.ID] {
				r.t.Errorf("the edit %q is of an item that was never delivered", m.Title)
			}
			continue
		}
		r.got[m.Title]++
		if r.ids[m.ID] {
			r.t.Errorf("%q has the id of another item", m.Title)
		}
		r.ids[m.ID] = true
		r.id[m.Title] = m.ID
	}
	return x.deliver
}

// want fails unless exactly these titles were delivered, each once.
func (r *reader) want(titles ...string) {
	r.t.Helper()
	for _, title := range titles {
		if r.got[title] != 1 {
			r.t.Errorf("%q was delivered %d times", title, r.got[title])
		}
	}
	if len(r.got) != len(titles) {
		r.t.Errorf("delivered were %v, want %q", r.got, titles)
	}
}

func (r *reader) wantEdits(titles ...string) {
	r.t.Helper()
	if strings.Join(r.ed, "|") != strings.Join(titles, "|") {
		r.t.Errorf("edits were %q, want %q", r.ed, titles)
	}
}

// story is an item of a feed as its publisher has it.
type story struct {
	guid, link, title, text string
	date                    time.Time
}

func (s story) item() string {
	b := "<item><title>" + s.title + "</title>"
	if s.guid != "" {
		b += `<guid isPermaLink="false">` + s.guid + "</guid>"
	}
	if s.link != "" {
		b += "<link>" + strings.ReplaceAll(s.link, "&", "&amp;") + "</link>"
	}
	if s.text != "" {
		b += "<description>" + s.text + "</description>"
	}
	if !s.date.IsZero() {
		b += "<pubDate>" + s.date.Format(time.RFC1123Z) + "</pubDate>"
	}
	return b + "</item>"
}

// The words of which stories are told: no two headlines have most in common.
var subjects = [...]string{
	"Nokia wins a network deal in Finland", "Ericsson cuts jobs at its plant", "Apple shows a cheaper phone today",
	"Storm closes harbours along the coast", "Parliament votes on the new budget", "Scientists find water under old rock",
	"Bank raises its rates once more", "Striker leaves the club for Spain", "Museum opens a wing for children",
	"Farmers fear a summer without rain", "Court hears appeal of former minister", "Airline orders forty smaller planes",
	"Chip maker doubles output in Dresden", "Teachers strike over pay and hours", "Old theatre burns down at night",
	"Satellite reaches orbit after delay", "Doctors warn of a shortage of beds", "Choir from Tartu takes first prize",
	"Bridge to the island stays closed", "Police recover paintings from a barn",
}

// storyNo is the nth story of an honest feed, published n hours into a day.
func storyNo(n int) story {
	subject := subjects[n%len(subjects)]
	if n >= len(subjects) {
		subject += fmt.Sprintf(" part %d", n/len(subjects))
	}
	return story{
		guid: fmt.Sprint("g", n), link: fmt.Sprintf("https://example.org/story/%d", n), title: subject,
		text: fmt.Sprintf("All that is known about it (%d): %s, says the reporter who was there.", n, strings.ToLower(subject)),
		date: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Hour),
	}
}

// TestEachStoryIsDeliveredOnceWhateverTheFeedDoes polls feeds that list the
// newest five of a growing number of stories, each with a habit of its own.
func TestEachStoryIsDeliveredOnceWhateverTheFeedDoes(t *testing.T) {
	const polls = 60
	token := func(poll, n int) string { return fmt.Sprintf("%x%x", poll*7919+1, n*104729+poll) }
	for _, c := range []struct {
		habit string
		lists int // items of a document; 0: five
		does  func(s *story, poll, n, place int)
	}{
		{"none", 0, func(*story, int, int, int) {}},
		{"another GUID at every poll", 0, func(s *story, poll, n, _ int) { s.guid = token(poll, n) }},
		{"another date at every poll", 0, func(s *story, poll, _, _ int) { s.date = s.date.Add(time.Duration(poll) * time.Hour) }},
		{"another GUID and date at every poll", 0, func(s *story, poll, n, _ int) {
			s.guid, s.date = token(poll, n), s.date.Add(time.Duration(poll)*time.Hour)
		}},
		{"a token in every link", 0, func(s *story, poll, n, _ int) { s.link += "?x=" + token(poll, n) }},
		{"a token in every link, which is the GUID too", 0, func(s *story, poll, n, _ int) {
			s.link += "?x=" + token(poll, n)
			s.guid = s.link
		}},
		{"a token in every link, another date, no GUID", 0, func(s *story, poll, n, _ int) {
			s.guid, s.link, s.date = "", s.link+"?x="+token(poll, n), s.date.Add(time.Duration(poll)*time.Hour)
		}},
		{"a token in every path, no GUID, no date", 0, func(s *story, poll, n, _ int) {
			s.guid, s.date = "", time.Time{}
			s.link = "https://example.org/r/" + token(poll, n) + "/x"
		}},
		{"one GUID for all", 0, func(s *story, _, _, _ int) { s.guid = "same" }},
		{"one link for all", 0, func(s *story, _, _, _ int) { s.link = "https://example.org/live" }},
		{"one GUID and one link for all", 0, func(s *story, _, _, _ int) { s.guid, s.link = "same", "https://example.org/live" }},
		{"the front page as every link, no GUID", 0, func(s *story, _, _, _ int) { s.guid, s.link = "", "https://example.org/" }},
		{"GUIDs that count places", 0, func(s *story, _, _, place int) { s.guid = fmt.Sprint("item-", place) }},
		{"GUIDs that are used again after five", 0, func(s *story, _, n, _ int) { s.guid = fmt.Sprint("slot-", n%5) }},
		{"no GUID", 0, func(s *story, _, _, _ int) { s.guid = "" }},
		{"no GUID, no date", 0, func(s *story, _, _, _ int) { s.guid, s.date = "", time.Time{} }},
		{"no link", 0, func(s *story, _, _, _ int) { s.link = "" }},
		{"titles alone", 0, func(s *story, _, _, _ int) { *s = story{title: s.title} }},
		{"no title", 0, func(s *story, _, _, _ int) { s.title = "" }},
		{"campaign parameters that change", 0, func(s *story, poll, _, _ int) { s.guid, s.link = "", s.link+fmt.Sprint("?utm_id=", poll) }},
		{"http and https in turn", 0, func(s *story, poll, _, _ int) {
			if s.guid = ""; poll%2 == 0 {
				s.link = strings.Replace(s.link, "https", "http", 1)
			}
		}},
		{"a count of comments", 0, func(s *story, poll, _, _ int) { s.text += fmt.Sprintf(" %d comments", poll) }},
		{"an edition in the GUID", 0, func(s *story, poll, _, _ int) { s.guid = fmt.Sprintf("%s#%d", s.link, poll%10) }},
		{"the summary every second time", 0, func(s *story, poll, _, _ int) {
			if poll%2 == 1 {
				s.text = ""
			}
		}},
		{"one item", 1, func(*story, int, int, int) {}},
		{"one item, one GUID", 1, func(s *story, _, _, _ int) { s.guid = "latest" }},
		{"one item, one link", 1, func(s *story, _, _, _ int) { s.guid, s.link = "", "https://example.org/latest" }},
		{"one item, one link, another GUID", 1, func(s *story, _, _, _ int) { s.link = "https://example.org/latest" }},
		{"one item, one GUID and link", 1, func(s *story, _, _, _ int) { s.guid, s.link = "latest", "https://example.org/latest" }},
		{"one item, one GUID and link, no date", 1, func(s *story, _, _, _ int) {
			s.guid, s.link, s.date = "latest", "https://example.org/latest", time.Time{}
		}},
		{"one item, one GUID, nothing else", 1, func(s *story, _, _, _ int) { *s = story{guid: "latest", title: s.title} }},
		{"one item, numbered headlines", 1, func(s *story, _, n, _ int) {
			s.guid, s.link, s.title = "latest", "https://example.org/latest", fmt.Sprint("Story number ", n)
		}},
		{"one item, another date and GUID at every poll", 1, func(s *story, poll, n, _ int) {
			s.guid, s.date = token(poll, n), s.date.Add(time.Duration(poll)*time.Hour)
		}},
		{"reordered", 0, func(*story, int, int, int) {}},
		{"twice", 0, func(*story, int, int, int) {}},
		{"ever growing", 5_000, func(*story, int, int, int) {}},
	} {
		t.Run(c.habit, func(t *testing.T) {
			r := newReader(t)
			lists := c.lists
			if lists == 0 {
				lists = 5
			}
			var want []string
			for poll := range polls {
				newest := poll / 2 // each document stands for two polls
				var items []string
				for place := range min(lists, newest+1) {
					n := newest - place
					s := storyNo(n)
					c.does(&s, poll, n, place)
					items = append(items, s.item())
				}
				switch {
				case c.habit == "reordered" && poll%3 == 1:
					items[0], items[len(items)-1] = items[len(items)-1], items[0]
				case c.habit == "twice":
					items = append(items, items...)
				}
				r.poll(items...)
			}
			if c.habit == "no title" {
				if r.got[""] != polls/2 {
					t.Errorf("%d were delivered, want %d", r.got[""], polls/2)
				}
				return
			}
			for n := range polls / 2 {
				s := storyNo(n)
				c.does(&s, 0, n, 0)
				want = append(want, s.title)
			}
			r.want(want...)
			r.wantEdits()
		})
	}
}

func TestAnEditIsToldFromAnotherItem(t *testing.T) {
	base := storyNo(3)
	for _, c := range []struct {
		change string
		alone  bool // the feed never listed more
		does   func(s *story)
		edit   bool // else nothing
		isNew  bool
	}{
		{"another text", false, func(s *story) { s.text = "It is all different now, we hear." }, true, false},
		{"a word more in the title", false, func(s *story) { s.title += " now" }, true, false},
		{"a wholly other title", false, func(s *story) { s.title = "Harbour master speaks of luck" }, true, false},
		{"other title, text and date", false, func(s *story) {
			s.title, s.text, s.date = "Harbour master speaks of luck", "No ship was lost.", s.date.Add(time.Hour)
		}, true, false},
		{"other title and link", false, func(s *story) { s.title, s.link = s.title+" now", s.link+"-now" }, true, false},
		{"another GUID and text", false, func(s *story) { s.guid, s.text = "other", "No ship was lost." }, true, false},
		{"no GUID, another title", false, func(s *story) { s.guid, s.title = "", "Harbour master speaks of luck" }, true, false},
		{"title, link, text and date are others", false, func(s *story) {
			*s = story{s.guid, "https://example.org/other", "Harbour master speaks of luck", "No ship was lost.", s.date.Add(time.Hour)}
		}, false, true},
		{"a later date", false, func(s *story) { s.date = s.date.Add(time.Hour) }, false, false},
		{"no date", false, func(s *story) { s.date = time.Time{} }, false, false},
		{"markup and white space", false, func(s *story) { s.text = "&lt;p&gt;" + strings.ReplaceAll(s.text, " ", " \n ") + "&lt;/p&gt;" }, false, false},
		{"capitals and quotes", false, func(s *story) { s.title = "“" + strings.ToUpper(s.title) + "”" }, false, false},
		{"a campaign in the link", false, func(s *story) { s.link += "?utm_source=rss" }, false, false},
		{"the text is gone", false, func(s *story) { s.text = "" }, false, false},
		{"alone: another text", true, func(s *story) { s.text = "It is all different now, we hear." }, true, false},
		{"alone: a word more in the title", true, func(s *story) { s.title += " now" }, true, false},
		{"alone: other title and date", true, func(s *story) { s.title, s.date = "Harbour master speaks of luck", s.date.Add(time.Hour) }, false, true},
		{"alone: another link", true, func(s *story) { *s = storyNo(4); s.guid = base.guid }, false, true},
	} {
		t.Run(c.change, func(t *testing.T) {
			r := newReader(t)
			others := []string{storyNo(0).item(), storyNo(1).item(), storyNo(2).item()}
			if c.alone {
				others = nil
			}
			changed := base
			c.does(&changed)
			first := r.poll(append([]string{base.item()}, others...)...)[0]
			for range 3 {
				for _, m := range r.poll(append([]string{changed.item()}, others...)...) {
					if m.Edited && (m.ID != first.ID || !m.Published.Equal(first.Published) || m.Uncounted != first.Uncounted) {
						t.Errorf("an edit of %+v is delivered as %+v", first, m)
					}
				}
			}
			if got := len(r.ed); got != 1 && c.edit || got != 0 && !c.edit {
				t.Errorf("%d edits", got)
			}
			if got := len(r.ids) - 1 - len(others); got != 1 && c.isNew || got != 0 && !c.isNew {
				t.Errorf("%d new", got)
			}
		})
	}
}

func TestCommentsOfOnePageAreDifferent(t *testing.T) {
	r := newReader(t)
	comment := func(n int) string {
		s := storyNo(n)
		return story{fmt.Sprint("c", n), fmt.Sprint("https://example.org/post/#comment-", n), "By: Jo", s.text, s.date}.item()
	}
	r.poll(comment(1), comment(2))
	r.poll(comment(3), comment(2))
	r.poll(comment(4))
	if r.got["By: Jo"] != 4 || len(r.ed) != 0 {
		t.Errorf("%d comments and the edits %q, want 4 and none", r.got["By: Jo"], r.ed)
	}
}

func TestWhatWasDroppedIsKnownWhenItComesBack(t *testing.T) {
	r := newReader(t)
	list := func(from, to int) (items []string) {
		for n := from; n < to; n++ {
			items = append(items, storyNo(n).item())
		}
		return items
	}
	r.poll(list(0, 3_000)...)
	for n := range 40 { // for a day it lists ten
		r.poll(list(3_000+n, 3_010+n)...)
	}
	r.poll(list(0, 3_000)...)
	if len(r.ids) != 3_049 || len(r.ed) != 0 {
		t.Errorf("%d were delivered and %d edited, want 3049 and none", len(r.ids), len(r.ed))
	}
	for n := range 25 {
		r.poll(list(5_000+100*n, 5_100+100*n)...)
	}
	if got := len(r.st.Items); got > 4_000 {
		t.Errorf("%d items are remembered", got)
	}
}

func TestTheLargestDocumentIsNeverDeliveredTwice(t *testing.T) {
	r := newReader(t)
	var items []string
	for n := range maxItems + 20 {
		items = append(items, story{guid: fmt.Sprint(n), title: fmt.Sprint("Title ", n)}.item())
	}
	for poll := range 6 {
		r.poll(items[20-poll : maxItems+20-poll]...)
	}
	if len(r.ids) != maxItems+5 {
		t.Errorf("%d were delivered, want %d", len(r.ids), maxItems+5)
	}
}

func TestStatesFromBeforeRecordsAreUnderstood(t *testing.T) {
	r := newReader(t)
	var marked marks
	doc, err := newParser().parse(t.Context(), []byte(rssOf(storyNo(0).item(), storyNo(1).item())), "", base(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mentions(doc, mood.Source{ID: "s", URL: "https://example.org/feed"}, base(t), r.now, false) {
		identity, saying := marksOf(&m)
		marked = append(marked, identity, saying)
	}
	text, err := marked.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	r.st = loadState([]byte(`{"url":"u","seen":"`+string(text)+`","last_success":"2026-04-01T00:00:00Z"}`), "u", r.now)
	r.poll(storyNo(2).item(), storyNo(1).item())
	r.want(storyNo(2).title)
	r.poll(storyNo(0).item())
	r.want(storyNo(2).title)
	r.ids[r.idOf(storyNo(1))] = true
	s := storyNo(1)
	s.text = "It is all different now, we hear."
	r.poll(s.item())
	r.wantEdits(s.title)
	r.now = r.now.Add(oldMarks)
	r.poll(storyNo(2).item())
	if len(r.st.Seen) != 0 {
		t.Error("the old marks are kept for ever")
	}
}

// idOf is the id that a story has at first.
func (r *reader) idOf(s story) string {
	return mood.MentionID("s", s.guid, s.link, s.title, s.text)
}

func TestWhatIsAskedForAgainKeepsItsIdentityAndIsNoNews(t *testing.T) {
	r := newReader(t)
	s := storyNo(0)
	first := r.poll(s.item(), storyNo(1).item())
	r.ids = map[string]bool{}
	r.st.Again = true
	s.guid, s.date = "other", s.date.Add(time.Hour)
	doc, err := newParser().parse(t.Context(), []byte(rssOf(s.item(), storyNo(1).item(), storyNo(2).item())), "", base(t))
	if err != nil {
		t.Fatal(err)
	}
	list := mentions(doc, mood.Source{ID: "s"}, base(t), r.now, true)
	x := r.st.sift(list, "s", r.now)
	if len(x.deliver) != 3 || len(x.news) != 1 || x.edits != 0 || x.deliver[0].ID != first[0].ID || !x.deliver[0].Published.Equal(first[0].Published) {
		t.Errorf("%d delivered, %d new, %d edited: %+v", len(x.deliver), len(x.news), x.edits, x.deliver)
	}
}

// Where GUIDs are seen to last, another one is another item, even at the same
// address: a live page, or comments without an anchor.
func TestAnotherGUIDIsAnotherItemWhereGUIDsLast(t *testing.T) {
	r := newReader(t)
	others := []string{storyNo(0).item(), storyNo(1).item(), storyNo(2).item()}
	live := func(n int, title string) string {
		s := storyNo(n)
		s.link = "https://example.org/live" + strings.ReplaceAll(title, ": ", "-")
		if title != "" {
			s.title = title
		}
		return s.item()
	}
	r.poll(append(others, live(3, "By: Jo"))...)
	r.poll(append(others, live(4, "By: Jo"))...)
	r.poll(append(others, live(5, ""))...)
	last := r.poll(append(others, live(6, ""))...)
	if r.got["By: Jo"] != 2 || r.got[storyNo(5).title] != 1 || r.got[storyNo(6).title] != 1 || len(r.ed) != 0 {
		t.Errorf("delivered %v and the edits %q", r.got, r.ed)
	}
	if !last[0].SharedURL {
		t.Error("the address of a live page is taken for one item's own")
	}
	// Two vacancies are two, though they say the same.
	job := func(n int) string {
		return story{fmt.Sprint("job", n), fmt.Sprint("https://example.org/job/", n), "Engineer for radio networks", "Full time, in Oulu.", storyNo(0).date}.item()
	}
	r.poll(append(others, job(1))...)
	r.poll(append(others, job(2))...)
	if r.got["Engineer for radio networks"] != 2 {
		t.Errorf("%d vacancies, want 2", r.got["Engineer for radio networks"])
	}
}

func TestPostsWithoutTitleAreToldApartByTheirWords(t *testing.T) {
	r := newReader(t)
	post := func(guid string, n int) string {
		s := storyNo(n)
		s.guid, s.link, s.title = guid, "https://example.org/2026/05/01.html", ""
		return s.item()
	}
	for range 3 {
		r.poll(post("#a1", 0), post("#a2", 1), post("#a2", 2))
	}
	if r.got[""] != 3 || len(r.ed) != 0 {
		t.Errorf("%d posts and %d edits, want 3 and none", r.got[""], len(r.ed))
	}
}

// A feed that is all new at every poll shows nothing that lasts either.
func TestAFeedThatIsAllNewAtEveryPollLosesNothing(t *testing.T) {
	r := newReader(t)
	var want []string
	for poll := range 30 {
		var items []string
		for n := 4 * poll; n < 4*poll+4; n++ {
			s := storyNo(n)
			s.guid, s.link = "", fmt.Sprint("https://example.org/item?id=", n)
			s.text = "More about this and all other news can be read at the address above, day and night."
			s.title = fmt.Sprint("Nokia item ", n)
			want = append(want, s.title)
			items = append(items, s.item())
		}
		r.poll(items...)
	}
	r.want(want...)
	r.wantEdits()
}

func TestABriefingOfEachDayIsNewUnderOneGUIDAndTitle(t *testing.T) {
	r := newReader(t)
	for n := range 4 {
		s := storyNo(n)
		s.guid, s.title = "briefing", "The day in brief"
		r.poll(s.item())
		r.poll(s.item())
	}
	if r.got["The day in brief"] != 4 || len(r.ed) != 0 {
		t.Errorf("%d briefings and the edits %q, want 4 and none", r.got["The day in brief"], r.ed)
	}
}

func TestWordsAloneAreKnownWhateverElseIsListed(t *testing.T) {
	r := newReader(t)
	s := func(n int) string { s := storyNo(n); s.guid, s.link = "same", ""; return s.item() }
	r.poll(s(0), s(1))
	r.poll(s(2))
	r.poll(s(2), s(1))
	r.want(storyNo(0).title, storyNo(1).title, storyNo(2).title)
}

func TestEditsAndItemsOfferedAgainPostNothing(t *testing.T) {
	var mu sync.Mutex
	poll := 0
	s := serve(t, map[string]http.HandlerFunc{"/f": func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		poll++
		var items []string
		for n := range 4 {
			s := storyNo(n)
			s.date = time.Now().Add(-time.Duration(n+1) * time.Hour)
			s.guid, s.text = fmt.Sprint(n), fmt.Sprintf("This is what is known at version %d.", poll)
			items = append(items, s.item())
		}
		_, _ = w.Write([]byte(rssOf(items...)))
	}})
	box := newInbox()
	var edited atomic.Int64
	p := start(t, Config{
		Sources: []mood.Source{source(s, "/f", 100*time.Millisecond)}, Deliver: box.deliver, States: newMemory(), Allow: loopback(), Hosts: fast(),
		Observe: func(e Event) { edited.Add(int64(e.Edited)) },
	})
	eventually(t, "the items were edited", func() bool { return edited.Load() >= 8 })
	before := healthOf(p, "f")
	p.OfferAgain()
	delivered := len(box.titles())
	eventually(t, "they were offered again", func() bool { return len(box.titles()) >= delivered+8 })
	if after := healthOf(p, "f"); after.ItemsPerDay > 4.1 || after.ItemsPerDay < 3.9 || !after.LastItem.Equal(*before.LastItem) {
		t.Errorf("%v items a day, the last at %v; want 4, at %v", after.ItemsPerDay, after.LastItem, before.LastItem)
	}
	box.mu.Lock()
	defer box.mu.Unlock()
	for i, m := range box.items {
		if m.Edited != (i >= 4) {
			t.Errorf("delivery %d, %q, edited: %v", i, m.Title, m.Edited)
		}
	}
}

func BenchmarkSift(b *testing.B) {
	for _, n := range []int{50, maxItems} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var list []mood.Mention
			for i := range n {
				s := storyNo(i)
				list = append(list, mood.Mention{ID: mood.MentionID("s", s.guid, s.link, s.title, s.text), GUID: s.guid, URL: s.link, Title: s.title, Text: strings.Repeat(s.text+" ", 5), Published: s.date})
			}
			st, now := &state{}, time.Now()
			st.keep(st.sift(list, "s", now), now)
			b.ReportAllocs()
			for b.Loop() {
				if x := st.sift(list, "s", now); len(x.deliver) != 0 {
					b.Fatal("delivered again")
				}
			}
			b.ReportMetric(float64(b.N)*float64(n)/b.Elapsed().Seconds(), "items/s")
		})
	}
}
