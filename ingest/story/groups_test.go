package story

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/mood"
)

// shelf is a log in memory.
type shelf struct {
	lock    sync.Mutex
	records [][]byte
	away    bool
	deaf    bool // it writes, and the answer is lost
}

var errAway = errors.New("away")

func (s *shelf) AppendShared(_ context.Context, _ string, after uint64, record []byte) (uint64, bool, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.away {
		return 0, false, errAway
	}
	added := int(after) == len(s.records)
	if added {
		s.records = append(s.records, record)
	}
	if s.deaf { // it is tried again, and finds its own
		s.deaf, added = false, false
	}
	return uint64(len(s.records)), added, nil
}

func (s *shelf) Shared(_ context.Context, _ string, after uint64) ([][]byte, uint64, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.away {
		return nil, 0, errAway
	}
	n := uint64(len(s.records))
	return s.records[min(after, n):], n, nil
}

// clock is a time that a test sets.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func process(log Log, c *clock) *Groups {
	return NewGroups(log, 0, c.now, slog.New(slog.DiscardHandler))
}

func give(g *Groups, mentions ...mood.Mention) (stories []string) {
	g.Give(context.Background(), mentions)
	for _, m := range mentions {
		stories = append(stories, m.Story)
	}
	return stories
}

const deal = "Nokia wins record 5G deal in India"

func TestProcessesThatShareALogAgreeOnStories(t *testing.T) {
	log, c := &shelf{}, &clock{noon}
	a, b := process(log, c), process(log, c)
	first := give(a, said("a", deal, 0))
	if got := give(b, said("b", deal+" - Paper", time.Hour)); got[0] != first[0] {
		t.Errorf("a copy at another process is of story %s, not of %s", got[0], first[0])
	}
	if got := give(a, said("c", "Record 5G deal in India won by Nokia", 0), said("d", deal, time.Hour)); got[1] != first[0] || got[0] == first[0] {
		t.Errorf("after another process filed, the stories are %v", got)
	}
	// One that begins later knows all of it.
	if got := give(process(log, c), said("e", deal, 2*time.Hour)); got[0] != first[0] {
		t.Error("after a restart a copy begins a story of its own")
	}
}

func TestMentionsThatAreFiledAtOnceAreOneStory(t *testing.T) {
	log, c := &shelf{}, &clock{noon}
	const workers, each = 8, 40
	stories := make([][]string, workers)
	var group sync.WaitGroup
	for w := range workers {
		g := process(log, c)
		group.Go(func() {
			for i := range each {
				stories[w] = append(stories[w], give(g, said(fmt.Sprint("w", w, "-", i), fmt.Sprintf("Report %d says that something new has happened", i), 0))...)
			}
		})
	}
	group.Wait()
	for w := range workers {
		if !reflect.DeepEqual(stories[w], stories[0]) {
			t.Fatalf("two processes filed the same reports as\n%v\n%v", stories[0], stories[w])
		}
	}
}

func TestALostAnswerFilesNothingTwice(t *testing.T) {
	log, c := &shelf{deaf: true}, &clock{noon}
	g := process(log, c)
	first := give(g, said("a", deal, 0))
	if first[0] != "a" || len(log.records) != 1 || g.index.Len() != 1 {
		t.Errorf("story %v, %d records and %d texts of one mention", first, len(log.records), g.index.Len())
	}
}

func TestWhileTheLogIsAwayEachGroupsByItselfAndTellsLater(t *testing.T) {
	log, c := &shelf{away: true}, &clock{noon}
	a, b := process(log, c), process(log, c)
	first := give(a, said("a", deal, 0))
	if got := give(a, said("b", deal, time.Hour)); got[0] != first[0] {
		t.Error("without the log a process doesn't know its own stories")
	}
	log.away = false
	c.at = c.at.Add(logRest + time.Second)
	give(a, said("c", "Something else is reported by somebody else", 0))
	if got := give(b, said("d", deal, 2*time.Hour)); got[0] != first[0] {
		t.Error("what was filed while the log was away is not told when it is back")
	}
	// It was emptied: who was there before tells those that begin now.
	log.records = nil
	give(a, said("e", "Yet another thing is reported by somebody else", 0))
	if got := give(process(log, c), said("f", deal, 3*time.Hour)); got[0] != first[0] {
		t.Error("after the log was lost the stories are too")
	}
}

func TestWhatAJournalHoldsIsLearned(t *testing.T) {
	c := &clock{noon}
	a := process(nil, c)
	kept := []mood.Mention{said("a", deal, 0), said("b", "Indian operator picks its network", 0), said("c", deal+" | Paper", time.Minute)}
	for i := range kept {
		kept[i].Seen = noon
	}
	a.Give(context.Background(), kept)
	b := process(nil, c)
	b.Learn(context.Background(), kept)
	if got := give(b, said("d", deal, time.Hour), said("e", "Indian operator picks its network", time.Hour)); got[0] != kept[0].Story || got[1] != kept[1].Story {
		t.Errorf("stories %v after %v was learned", got, []string{kept[0].Story, kept[1].Story})
	}
	n := b.index.Len()
	b.Learn(context.Background(), kept)
	if b.index.Len() != n {
		t.Error("what is learned twice is remembered twice")
	}
	old := said("x", "Something that was said a week ago by them", -7*24*time.Hour)
	old.Story, old.Seen = "x", noon.Add(-7*24*time.Hour)
	b.Learn(context.Background(), []mood.Mention{old})
	if b.index.Len() != n {
		t.Error("what is a week old is learned")
	}
}

// However mentions are cut into batches, given again and spread over processes,
// the same are of one story.
func TestStoriesDoNotDependOnBatchesOrRepeats(t *testing.T) {
	titles := []string{
		deal, deal + " - Paper", strings.ToUpper(deal), "Nokia wins second 5G deal in India", "Operator picks Nokia over Ericsson for its network",
		"Operator picks Nokia over Ericsson for its network, sources say", "Apple", "Live updates", "",
	}
	rapid.Check(t, func(rt *rapid.T) {
		var mentions []mood.Mention
		for i := range rapid.IntRange(1, 30).Draw(rt, "mentions") {
			m := said(fmt.Sprint("m", i), rapid.SampledFrom(titles).Draw(rt, "title"), time.Duration(rapid.IntRange(0, 70).Draw(rt, "hours"))*time.Hour)
			m.Outlet = rapid.SampledFrom([]string{"", "a.example", "b.example"}).Draw(rt, "outlet")
			mentions = append(mentions, m)
		}
		want := group(mentions...)
		log, c := &shelf{}, &clock{noon}
		processes := []*Groups{process(log, c), process(log, c), process(log, c)}
		for i := 0; i < len(mentions); {
			n := min(len(mentions)-i, rapid.IntRange(1, 8).Draw(rt, "batch"))
			batch := append([]mood.Mention{}, mentions[i:i+n]...)
			if i > 0 && rapid.Bool().Draw(rt, "again") {
				batch = append(batch, mentions[rapid.IntRange(0, i-1).Draw(rt, "which")])
			}
			got := give(processes[rapid.IntRange(0, 2).Draw(rt, "process")], batch...)
			if !reflect.DeepEqual(got[:n], want[i:i+n]) {
				rt.Fatalf("mentions %d to %d are of stories %v, want %v", i, i+n, got[:n], want[i:i+n])
			}
			i += n
		}
	})
}

func FuzzDecode(f *testing.F) {
	r := NewReader()
	x := NewIndex(r, 0)
	var entries []*Entry
	for i, title := range []string{deal, deal + " - Paper", "日本政府は新しい半導体工場に五千億円を支援すると発表した"} {
		m := said(fmt.Sprint(i), title, 0)
		m.Text = wire
		text := r.Read(&m)
		_, e := x.File(&text, noon)
		entries = append(entries, e)
	}
	f.Add(encode(7, entries))
	f.Add([]byte{entryForm})
	f.Fuzz(func(t *testing.T, b []byte) {
		token, entries, err := decode(b)
		if err != nil {
			return
		}
		y := NewIndex(r, 100)
		for _, e := range entries { // what another wrote breaks nothing
			y.learn(e, noon)
		}
		_, again, err := decode(encode(token, entries))
		if err != nil || len(again) != len(entries) {
			t.Fatalf("%d entries are read back as %d: %v", len(entries), len(again), err)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{deal, "Wordle 412 - $40bn", "東京の新しい感染者は1200人", "U.S. … 'isn’t' – BBC News", "(((", "a|b|c: d", "👩‍🚀 ภาษาไทย %", "1,234.5 million $"} {
		f.Add(s, wire[:100], "bbc.co.uk")
	}
	r := NewReader()
	f.Fuzz(func(t *testing.T, title, text, outlet string) {
		m := mood.Mention{ID: "a", Title: title, Text: text, Outlet: outlet, Published: noon}
		x := NewIndex(r, 0)
		a := r.Read(&m)
		x.File(&a, noon)
		m.ID, m.Title = "b", strings.ToUpper(title)+" "
		b := r.Read(&m)
		x.File(&b, noon)
		for _, w := range a.title.words {
			if w == "" || strings.Contains(w, " ") {
				t.Fatalf("%q has the word %q", title, w)
			}
		}
	})
}
