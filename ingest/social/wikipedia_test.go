package social

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// kafka stands in for Wikimedia's streams: events with offsets, which are played
// from the one after Last-Event-ID.
type kafka struct {
	*httptest.Server
	t *testing.T

	mu    sync.Mutex
	log   []string
	resum []string
	grown chan struct{}
	cut   chan struct{}
	lost  bool // it knows nothing of ids any more
}

func newKafka(t *testing.T) *kafka {
	k := &kafka{t: t, grown: make(chan struct{}), cut: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v2/stream/recentchange", k.stream)
	k.Server = serve(t, mux)
	return k
}

func (k *kafka) stream(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	at := len(k.log)
	id := r.Header.Get("Last-Event-ID")
	k.resum = append(k.resum, id)
	var offsets []struct{ Offset int }
	if json.Unmarshal([]byte(id), &offsets) == nil && len(offsets) == 1 {
		at = offsets[0].Offset + 1
	}
	cut, lost := k.cut, k.lost
	k.mu.Unlock()
	if lost && id != "" {
		http.Error(w, `{"detail":"Last-Event-ID is invalid"}`, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	fmt.Fprint(w, ":ok\n\n")
	for {
		k.mu.Lock()
		log, grown := k.log[at:], k.grown
		over := k.cut != cut // what was said since is for the next line
		k.mu.Unlock()
		if over {
			return
		}
		for _, data := range log {
			fmt.Fprintf(w, "event: message\nid: [{\"topic\":\"eqiad.mediawiki.recentchange\",\"partition\":0,\"offset\":%d}]\ndata: %s\n\n", at, data)
			at++
		}
		w.(http.Flusher).Flush()
		select {
		case <-grown:
		case <-cut:
			return
		case <-r.Context().Done():
			return
		}
	}
}

func (k *kafka) say(list ...string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.log = append(k.log, list...)
	close(k.grown)
	k.grown = make(chan struct{})
}

func (k *kafka) drop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	close(k.cut)
	k.cut = make(chan struct{})
}

// edit is an event, with changes to it as JSON.
func edit(id int, title, comment, changes string) string {
	e := map[string]any{
		"$schema": "/mediawiki/recentchange/1.0.0",
		"meta":    map[string]any{"uri": "https://en.wikipedia.org/wiki/X", "id": "u", "dt": time.Now().UTC().Format(time.RFC3339), "domain": "en.wikipedia.org", "stream": "mediawiki.recentchange"},
		"id":      1000 + id, "type": "edit", "namespace": 0, "title": title, "comment": comment, "timestamp": time.Now().Unix(), "user": "Ann", "bot": false, "minor": false,
		"notify_url": "https://en.wikipedia.org/w/index.php?diff=" + strconv.Itoa(id) + "&oldid=1", "server_url": "https://en.wikipedia.org", "server_name": "en.wikipedia.org",
		"server_script_path": "/w", "wiki": "enwiki", "revision": map[string]any{"old": 1, "new": id}, "length": map[string]any{"old": 1, "new": 2},
	}
	if changes != "" {
		if err := json.Unmarshal([]byte(changes), &e); err != nil {
			panic(err)
		}
	}
	raw, _ := json.Marshal(e)
	return string(raw)
}

func (k *kafka) specs(values map[string][]string) []Spec {
	if values == nil {
		values = map[string][]string{}
	}
	values["url"] = []string{k.URL}
	return specs(k.t, "wikipedia", only(values))
}

func TestEditsThatNameABrandCountAndTheRestDoesNot(t *testing.T) {
	t.Parallel()
	k := newKafka(t)
	s := open(t, k.specs(nil))
	until(t, "the line is open", func() bool { k.mu.Lock(); defer k.mu.Unlock(); return len(k.resum) == 1 })
	k.say(
		edit(1, "Nokia", "/* History */ sold [[Nokia Networks|the networks]]", ""),
		edit(2, "Finland", "mentions nokia", `{"server_name":"fi.wikipedia.org","wiki":"fiwiki","notify_url":null,"server_url":"https://fi.wikipedia.org"}`),
		edit(3, "Nokia", "a canary", `{"meta":{"domain":"canary"}}`),
		edit(4, "Nokia", "by a bot", `{"bot":true}`),
		edit(5, "Nokia", "minor", `{"minor":true}`),
		edit(6, "Talk:Nokia", "talk", `{"namespace":1}`),
		edit(7, "Nokia", "a log entry", `{"type":"log"}`),
		edit(8, "Nokia", "elsewhere", `{"server_name":"www.wikidata.org"}`),
		edit(9, "Oulu", "nothing of it", ""),
		"garbage", "{", `{"title":5}`, "[]",
		edit(10, "Nokia 3310", "new page", `{"type":"new","revision":{"old":null,"new":10},"notify_url":null}`),
	)
	until(t, "three came", func() bool { return s.takers.count() == 3 })
	m := s.takers.find(t, "Nokia History: sold the networks")
	if m.URL != "https://en.wikipedia.org/w/index.php?diff=1&oldid=1" || m.Language != "en" || m.Author != "Ann" || m.Outlet != "en.wikipedia.org" {
		t.Errorf("%+v", m)
	}
	if m := s.takers.find(t, "Finland mentions nokia"); m.Language != "fi" || m.URL != "https://fi.wikipedia.org/w/index.php?diff=2&oldid=1" {
		t.Errorf("%+v", m)
	}
	if m := s.takers.find(t, "Nokia 3310 new page"); m.URL != "https://en.wikipedia.org/w/index.php?oldid=10" {
		t.Errorf("%+v", m)
	}
}

func TestAnEditsStreamGoesOnAfterItsLastEvent(t *testing.T) {
	t.Parallel()
	k := newKafka(t)
	s := open(t, k.specs(map[string][]string{"projects": {"en.wikipedia.org"}, "languages": {"en"}}))
	s.waitState("", mood.SourceFine)
	k.say(edit(1, "Nokia", "one", ""), edit(2, "Nothing", "", ""))
	until(t, "it came", func() bool { return s.takers.count() == 1 })
	k.drop()
	k.say(edit(3, "Nokia", "three", ""))
	until(t, "it came after the drop", func() bool { return s.takers.count() == 2 })
	until(t, "the cursor is kept", func() bool { return strings.Contains(s.cursor(""), `\"offset\":2`) })
	s.halt()
	k.say(edit(4, "Nokia", "four", ""))
	s.start()
	until(t, "it came after the restart", func() bool { return s.takers.count() == 3 })
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.resum) != 3 || !strings.Contains(k.resum[1], `"offset":1`) || !strings.Contains(k.resum[2], `"offset":2`) {
		t.Errorf("it went on after %q", k.resum)
	}
	if n := s.takers.deliveries(); n != 3 {
		t.Errorf("%d were delivered, want 3", n)
	}
}

func TestAPlaceInAStreamThatIsRefusedForLongIsGivenUp(t *testing.T) {
	t.Parallel()
	for ago, want := range map[time.Duration]string{2 * stuckAfter: "", stuckAfter / 2: "gone"} {
		k := newKafka(t)
		k.lost = true
		list := k.specs(nil)
		s := newSite(t, list)
		raw, err := json.Marshal(state{Of: "wikipedia", Cursor: json.RawMessage(`{"id":"gone"}`), Failures: 3, Word: string(mood.SourceFailing), Since: time.Now().Add(-ago)})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.states.Put(t.Context(), kindLive, list[0].ID, raw, 0); err != nil {
			t.Fatal(err)
		}
		s.start()
		until(t, "it asks again", func() bool { k.mu.Lock(); defer k.mu.Unlock(); return len(k.resum) > 1 })
		k.mu.Lock()
		if k.resum[0] != "gone" || k.resum[1] != want {
			t.Errorf("refused for %v, it asks for what comes after %q", ago, k.resum)
		}
		k.mu.Unlock()
	}
}
