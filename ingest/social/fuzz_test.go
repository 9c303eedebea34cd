package social

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"agora/mood"
)

// aDesk is one that sources can hand things to without a runner at work.
func aDesk(t testing.TB, spec Spec) *Desk {
	cfg := Config{Intake: newTakers(), Names: naming("nokia"), States: newMemory(), Kit: kit()}
	r, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	e, err := newEntry(spec)
	if err != nil {
		t.Fatal(err)
	}
	return r.desk(e)
}

// plausible says whether mentions can be handed on: with an identity, texts of
// a bounded length that are UTF-8, and addresses of the web.
func plausible(t *testing.T, list []mood.Mention) {
	t.Helper()
	for _, m := range list {
		if m.ID == "" || m.Title == "" && m.Text == "" || utf8.RuneCountInString(m.Text) > maxText || !utf8.ValidString(m.Text) ||
			m.URL != "" && !strings.HasPrefix(m.URL, "http") || m.Language != "" && primary(m.Language) != m.Language || len(m.Sources) != 1 {
			t.Errorf("%+v", m)
		}
	}
}

func FuzzBluesky(f *testing.F) {
	f.Add(commit("create", "a", "nokia", "en"))
	f.Add(commit("update", "a", "nokia \x00 \xff"))
	f.Add(commit("delete", "a", ""))
	f.Add(`{"did":"d","time_us":1e400,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"../..","record":{"text":"nokia","langs":["",null,"x-y"],"createdAt":"0000"}}}`)
	d := aDesk(f, Spec{Source: mood.Source{ID: "b", Kind: "bluesky"}})
	f.Fuzz(func(t *testing.T, frame string) {
		c, _ := readJetstream([]byte(frame), d)
		plausible(t, c.Mentions)
	})
}

func FuzzMastodon(f *testing.F) {
	f.Add("update", `{"id":"1","uri":"u","url":"https://a.example/1","created_at":"2026-11-27T03:15:00.000Z","visibility":"public","content":"<p>nokia</p>","language":"en","account":{"acct":"a"},"reblog":null}`)
	f.Add("delete", `1`)
	f.Add("status.update", `{"id":1}`)
	src, err := openMastodon(Spec{Source: mood.Source{ID: "m", Kind: "mastodon", URL: "https://m.example/tags/nokia"}})
	if err != nil {
		f.Fatal(err)
	}
	d := aDesk(f, Spec{Source: mood.Source{ID: "m", Kind: "mastodon", URL: "https://m.example/tags/nokia"}})
	f.Fuzz(func(t *testing.T, name, data string) {
		got := src.(*mastodon).take(d, event{name: name, data: []byte(data)})
		plausible(t, got.Mentions)
		var posts []post
		if json.Unmarshal([]byte(data), &posts) == nil {
			items, _, _, _ := src.(*mastodon).read(d, &mastodonCursor{Known: map[string]string{}}, posts)
			plausible(t, items)
		}
	})
}

func FuzzHackerNews(f *testing.F) {
	f.Add(`{"hits":[{"objectID":"1","created_at_i":1,"title":"nokia","story_text":null,"comment_text":"<p>x"}],"nbHits":1}`)
	d := aDesk(f, Spec{Source: mood.Source{ID: "h", Kind: "hacker-news"}})
	f.Fuzz(func(t *testing.T, body string) {
		var answer algoliaAnswer
		if json.Unmarshal([]byte(body), &answer) != nil {
			return
		}
		for i := range answer.Hits {
			if m, ok := answer.Hits[i].mention(d); ok {
				plausible(t, []mood.Mention{m})
			}
		}
	})
}

func FuzzGDELT(f *testing.F) {
	f.Add(`{"articles":[{"url":"https://a.example/1","title":"a \x nokia","seendate":"20261127T031500Z","language":"English","sourcecountry":"Finland"}]}`)
	f.Add("Please limit requests")
	f.Add(`{"articles":[{}]}`)
	f.Add(`{}`)
	d := aDesk(f, Spec{Source: mood.Source{ID: "g", Kind: "gdelt"}})
	f.Fuzz(func(t *testing.T, body string) {
		list, _ := readGDELT([]byte(body), "h", func(time.Time) {}, time.Now())
		for i := range list {
			if m, ok := list[i].mention(d); ok {
				plausible(t, []mood.Mention{m})
			}
		}
	})
}

func FuzzWikipedia(f *testing.F) {
	f.Add(edit(1, "Nokia", "/* x */ [[a|b]]", ""))
	f.Add(edit(1, "Nokia", "x", `{"server_name":"x.wikipedia.org","revision":null,"timestamp":-5,"notify_url":"javascript:1"}`))
	src, err := openWikipedia(Spec{})
	if err != nil {
		f.Fatal(err)
	}
	d := aDesk(f, Spec{Source: mood.Source{ID: "w", Kind: "wikipedia"}})
	f.Fuzz(func(t *testing.T, data string) {
		plausible(t, src.(*wikipedia).take(d, []byte(data)).Mentions)
	})
}

// Whatever a stream sends, its reader ends with it, and hands on neither more
// than came nor events without bounds.
func FuzzEvents(f *testing.F) {
	f.Add("id: 1\nevent: x\ndata: a\ndata: b\n\n: c\r\n\r\nretry: 5\n\ndata")
	f.Add("\xef\xbb\xbfdata: x\n\n\n\n")
	f.Add("data:" + strings.Repeat("x", 100<<10) + "\n\ndata: y\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, release := newLines(t.Context(), io.NopCloser(strings.NewReader(text)))
		defer release()
		s := newEvents(l)
		total := 0
		for range len(text) + 2 {
			e, err := s.next()
			if err != nil {
				if total > len(text) {
					t.Errorf("%d bytes came of %d", total, len(text))
				}
				return
			}
			if total += len(e.data); bytes.ContainsRune([]byte(e.id), 0) {
				t.Errorf("the id %q", e.id)
			}
		}
		t.Errorf("it doesn't end")
	})
}

func FuzzFields(f *testing.F) {
	f.Add(`{"a":{"b":[{"c":"x"}]},"id":1e5}`, "a.b.0.c", "a.b")
	f.Add(`[1,"x",null,{"text":"y","language":"Klingon"}]`, "", "")
	f.Add("{}\n[]\n", ".", "..")
	f.Fuzz(func(t *testing.T, body, path, list string) {
		fields := Fields{Paths: map[string]string{"text": path}, Items: list, ResumeField: path}
		items, err := fields.readAll([]byte(body), mood.Source{ID: "s", Country: "FI"})
		if err != nil {
			return
		}
		for _, item := range items {
			if !json.Valid(item) {
				t.Errorf("%q isn't JSON", item)
			}
		}
	})
}

func FuzzSignature(f *testing.F) {
	f.Add("sha256=00", "body")
	f.Add("sha512=", "")
	f.Fuzz(func(t *testing.T, shown, body string) {
		header := http.Header{"X-Signature": {shown}}
		if err := proved(&Spec{Token: "a secret that nobody guesses"}, header, []byte(body)); shown != "" && err == nil {
			t.Errorf("%q is taken for a signature", shown)
		}
	})
}

func FuzzState(f *testing.F) {
	f.Add(`{"of":"x","cursor":{"a":1},"next_poll":"9999-01-01T00:00:00Z","failures":-5,"outages":[{"from":"2026-01-01T00:00:00Z","to":null}]}`)
	f.Fuzz(func(t *testing.T, raw string) {
		now := time.Now()
		s := loadState([]byte(raw), "x", now)
		if s.NextPoll.After(now.Add(9*day)) || s.Hold.After(now.Add(2*day)) || s.LastSuccess.After(now) {
			t.Errorf("%+v", s)
		}
		preset, _ := presetOf("gdelt")
		e := &entry{spec: Spec{}, preset: preset, state: s}
		_ = e.health(now)
		_, _ = json.Marshal(s)
	})
}
