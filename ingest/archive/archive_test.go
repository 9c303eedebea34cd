package archive

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"agora/mood"
)

// world is an archive with a clock of its own.
type world struct {
	*Archive
	t   *testing.T
	mu  sync.Mutex
	now time.Time
	o   Options
}

func newWorld(t *testing.T, o Options) *world {
	w := &world{t: t, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), o: o}
	if w.o.Folder == "" {
		w.o.Folder = t.TempDir()
	}
	w.o.Now = func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now }
	w.reopen()
	t.Cleanup(func() { _ = w.Close() })
	return w
}

func (w *world) reopen() {
	w.t.Helper()
	if w.Archive != nil {
		if err := w.Close(); err != nil {
			w.t.Fatal(err)
		}
	}
	a, err := Open(w.o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Archive = a
}

func (w *world) pass(d time.Duration) { w.mu.Lock(); w.now = w.now.Add(d); w.mu.Unlock() }

func (w *world) flush() {
	w.t.Helper()
	if err := w.Flush(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) say(id, text string) mood.Mention {
	now := w.o.Now()
	return mood.Mention{ID: id, Title: "T " + id, Text: text, Sources: []string{"s"}, Published: now, Seen: now}
}

// titles are those of all texts, in order, and how many they stand for.
func (w *world) texts() (list []string, stand int64) {
	w.t.Helper()
	seen, err := Scan(context.Background(), w.Archive, time.Time{}, func(t *Text) (string, bool) {
		return strings.Clone(t.ID + ":" + t.Text), true
	}, func(s string) error { list = append(list, s); return nil })
	if err != nil {
		w.t.Fatal(err)
	}
	if seen.Texts != int64(len(list)) {
		w.t.Errorf("%d texts seen, %d found", seen.Texts, len(list))
	}
	return list, seen.Stand
}

func (w *world) want(list ...string) {
	w.t.Helper()
	if got, _ := w.texts(); !slices.Equal(got, list) {
		w.t.Errorf("the archive has %q, want %q", got, list)
	}
}

func (w *world) onDisk() (n int64) {
	entries, err := os.ReadDir(w.o.Folder)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			w.t.Fatal(err)
		}
		n += info.Size()
	}
	return n
}

func TestAMentionComesBackAsItWas(t *testing.T) {
	w := newWorld(t, Options{})
	m := mood.Mention{
		ID: "a1", Title: "Škoda ist da", Text: "Ein Text\nmit Zeilen", URL: "https://a.de/1", Sources: []string{"feed", "other"},
		Outlet: "a.de", Author: "Ann", Published: w.now.Add(-time.Hour), Seen: w.now, Undated: true, Uncounted: true, SharedURL: true,
		Language: "de", Categories: []string{"Autos"}, Story: "s1", Copies: 2, Stars: 4, GUID: "guid:1", About: []string{"skoda"},
		Places: mood.Places{
			From: &mood.Place{Country: "DE", Evidence: "the source", Confidence: 1}, Origin: &mood.Place{Point: &mood.Point{Lat: 1, Lon: 2}},
			About: []mood.Place{{Country: "CZ", Place: "Prague"}},
		},
	}
	w.Add(&m, true)
	for _, where := range []string{"in memory", "on disk"} {
		var got []mood.Mention
		_, err := Scan(context.Background(), w.Archive, time.Time{}, func(t *Text) (mood.Mention, bool) {
			if want := "škoda ist da\nein text\nmit zeilen"; strings.ToLower(string(t.Lower())) != want || strings.ContainsAny(string(t.Lower()), "ET") {
				w.t.Errorf("%s, in lower case: %q", where, t.Lower())
			}
			back, err := t.Mention()
			if err != nil || t.Country != "DE" || t.Weight() != 1 {
				w.t.Errorf("%s: %v, country %q, weight %d", where, err, t.Country, t.Weight())
			}
			return back, true
		}, func(m mood.Mention) error { got = append(got, m); return nil })
		if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], m) {
			t.Fatalf("%s: %v\n%+v, want\n%+v", where, err, got, m)
		}
		w.reopen()
	}
}

func TestAMentionIsKeptOnceAndAnEditTakesItsPlace(t *testing.T) {
	w := newWorld(t, Options{})
	first, again, edit := w.say("a", "one"), w.say("a", "again"), w.say("a", "two")
	edit.Edited = true
	other := w.say("b", "other")
	w.Add(&first, false)
	w.Add(&again, false)
	w.Add(&other, false)
	w.want("a:one", "b:other")
	w.Add(&edit, false)
	w.want("b:other", "a:two")
	w.reopen()
	w.Add(&again, false)
	w.want("b:other", "a:two")
	news := w.say("c", "three")
	news.Edited = true
	if w.Add(&news, false); len(w.replaced) != 1 {
		t.Errorf("one text was replaced, and %d are noted", len(w.replaced))
	}
	w.want("b:other", "a:two", "c:three")
}

func TestWhatIsWithdrawnIsGoneAndStaysGone(t *testing.T) {
	w := newWorld(t, Options{})
	a, b := w.say("a", "one"), w.say("b", "two")
	w.Add(&a, false)
	w.Add(&b, false)
	if was, err := w.Withdraw(context.Background(), "a"); err != nil || !was {
		t.Fatal(err)
	}
	edit := w.say("a", "three")
	edit.Edited = true
	for range 2 {
		w.Add(&a, true)
		w.Add(&edit, true)
		w.want("b:two")
		if n := w.Stats().Texts; n != 1 {
			t.Errorf("%d texts, want 1", n)
		}
		w.reopen()
	}
	// Withdrawn, it is on disk: whatever happens next.
	if was, err := w.Withdraw(context.Background(), "b"); err != nil || !was {
		t.Fatal(err)
	}
	copied := newWorld(t, Options{Folder: copyOf(t, w.o.Folder)})
	copied.want()
	if was, err := w.Withdraw(context.Background(), "nobody"); err != nil || was {
		t.Error(was, err)
	}
}

func TestAWithdrawalThatFillsAFileIsOnDiskAsWell(t *testing.T) {
	var mu sync.Mutex
	waiting := map[string]bool{} // files that hold what isn't durable
	w := newWorld(t, Options{
		MaxBytes: leastMaxBytes, // files of one block
		writeAt: func(f *os.File, b []byte, off int64) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			waiting[f.Name()] = true
			return f.WriteAt(b, off)
		},
		sync: func(f *os.File) error {
			mu.Lock()
			defer mu.Unlock()
			delete(waiting, f.Name())
			return f.Sync()
		},
	})
	m := w.say(strings.Repeat("a", 1000), noise(rand.New(rand.NewPCG(1, 1)), blockBytes-3000))
	w.Add(&m, false)
	if was, err := w.Withdraw(context.Background(), m.ID); err != nil || !was {
		t.Fatal(was, err)
	}
	if len(w.segments) != 1 || w.file != nil {
		t.Fatal("it fills no file")
	}
	mu.Lock()
	defer mu.Unlock()
	if len(waiting) > 0 {
		t.Errorf("withdrawn, and not durable: %v", waiting)
	}
}

func copyOf(t *testing.T, folder string) string {
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return to
}

// noise is a text that doesn't compress much.
func noise(r *rand.Rand, n int) string {
	b := make([]byte, 0, n+20)
	for len(b) < n {
		b = append(strconv.AppendUint(b, r.Uint64(), 36), ' ')
	}
	return string(b)
}

func TestTheArchiveStaysWithinItsBytesAndTheOldestGoFirst(t *testing.T) {
	w := newWorld(t, Options{MaxBytes: leastMaxBytes})
	r := rand.New(rand.NewPCG(1, 2))
	const n = 4000
	for i := range n {
		m := w.say(fmt.Sprintf("id%06d", i), noise(r, 1000))
		m.Sources[0] = fmt.Sprintf("source %d", i%100) // no source is more than its part
		w.Add(&m, false)
		if i%40 == 0 {
			w.flush()
			if size := w.onDisk(); size > leastMaxBytes {
				t.Fatalf("%d bytes on disk after %d texts, at most %d may be", size, i, leastMaxBytes)
			}
		}
	}
	w.flush()
	list, _ := w.texts()
	if len(list) < 800 || len(list) > 4000 {
		t.Errorf("%d of %d texts are kept: of 1 MiB, there is room for some 1500", len(list), n)
	}
	for i, s := range list {
		if want := fmt.Sprintf("id%06d", n-len(list)+i); !strings.HasPrefix(s, want) {
			t.Fatalf("text %d of those kept is %.10s, want %s: the newest are kept, without a gap", i, s, want)
		}
	}
	if w.ids.n != len(list) {
		t.Errorf("%d ids are known, of %d texts: those that are gone are forgotten", w.ids.n, len(list))
	}
	first := w.say("id000000", "again")
	w.Add(&first, false)
	if again, _ := w.texts(); again[len(again)-1] != "id000000:again" {
		t.Error("a text that had gone can't come again")
	}
}

func TestTextsAreKeptForSoManyDays(t *testing.T) {
	w := newWorld(t, Options{KeepFor: 7 * 24 * time.Hour})
	for day := range 10 {
		m := w.say(fmt.Sprint(day), "x")
		w.Add(&m, false)
		w.flush()
		w.pass(24 * time.Hour)
	}
	w.flush()
	w.want("3:x", "4:x", "5:x", "6:x", "7:x", "8:x", "9:x")
	if from := w.Stats().From; w.now.Sub(from) > 7*24*time.Hour || w.now.Sub(from) < 6*24*time.Hour {
		t.Errorf("kept since %v, %v ago", from, w.now.Sub(from))
	}
	w.pass(8 * 24 * time.Hour)
	w.flush()
	w.want()
	files, _ := filepath.Glob(filepath.Join(w.o.Folder, "*"))
	if len(files) != 0 || w.ids.n != 0 || !w.Stats().From.IsZero() {
		t.Errorf("%v are left, and %d ids", files, w.ids.n)
	}
	late := w.say("late", "y")
	w.Add(&late, false)
	w.reopen()
	w.want("late:y")
}

func TestWhatIsInMemoryIsKnownWhenTheLastFileBesideItGoes(t *testing.T) {
	w := newWorld(t, Options{KeepFor: 48 * time.Hour})
	a, b := w.say("a", "one"), w.say("b", "two")
	w.Add(&a, false)
	w.Add(&b, false)
	w.pass(2 * time.Hour)
	w.Archive.mu.Lock()
	w.Archive.close() // it fills a file
	w.Archive.mu.Unlock()
	w.flush()
	w.pass(45 * time.Hour)
	edit := w.say("a", "three")
	edit.Edited = true
	w.Add(&edit, false)
	if was, err := w.Withdraw(context.Background(), "b"); err != nil || !was {
		t.Fatal(was, err)
	}
	w.pass(90 * time.Minute)
	w.flush()
	if len(w.segments) != 1 || len(w.segments[0].blocks) != 0 {
		t.Fatal("the first file is there still")
	}
	a, b = w.say("a", "one"), w.say("b", "two")
	w.Add(&a, false)
	w.Add(&b, false)
	w.want("a:three")
}

// written is a folder of one segment with several blocks, and what is in it.
func written(t *testing.T) (path string, content []byte, texts []string) {
	w := newWorld(t, Options{})
	r := rand.New(rand.NewPCG(5, 6))
	for block := range 4 {
		for i := range 8 {
			m := w.say(fmt.Sprintf("%d-%d", block, i), noise(r, 40))
			w.Add(&m, false)
		}
		w.mu.Lock()
		w.Archive.mu.Lock()
		w.Archive.close()
		w.Archive.mu.Unlock()
		w.mu.Unlock()
		w.flush()
	}
	texts, _ = w.texts()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(w.o.Folder, "*"))
	if len(files) != 1 {
		t.Fatalf("%d files, want 1", len(files))
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Base(files[0]), content, texts
}

// reread opens an archive whose one segment has been tampered with.
func reread(t *testing.T, folder, name string, content []byte) []string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, Options{Folder: folder})
	list, _ := w.texts()
	m := w.say("new", "after")
	w.Add(&m, false)
	w.reopen()
	after, _ := w.texts()
	if len(after) == 0 || after[len(after)-1] != "new:after" || !slices.Equal(after[:len(after)-1], list) {
		t.Fatalf("after %q and a new text, there is %q", list, after)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestCutAnywhereTheWholeBlocksAreLeft(t *testing.T) {
	name, content, texts := written(t)
	last := 0
	for cut := 0; cut <= len(content); cut += 7 {
		got := reread(t, t.TempDir(), name, content[:cut])
		if !slices.Equal(got, texts[:len(got)]) || len(got)%8 != 0 || len(got) < last {
			t.Fatalf("cut at %d: %d texts, before %d: %q", cut, len(got), last, got)
		}
		last = len(got)
	}
	if got := reread(t, t.TempDir(), name, content); len(got) != len(texts) {
		t.Errorf("whole: %d texts of %d", len(got), len(texts))
	}
}

func TestADamagedBlockIsLeftOutAndNothingElse(t *testing.T) {
	name, content, texts := written(t)
	for at := segmentHeader; at < len(content); at += 11 {
		broken := slices.Clone(content)
		broken[at] ^= 0x55
		got := reread(t, t.TempDir(), name, broken)
		if len(got) != len(texts)-8 {
			t.Fatalf("byte %d: %d texts of %d are left, want all but a block", at, len(got), len(texts))
		}
		for _, s := range got {
			if !slices.Contains(texts, s) {
				t.Fatalf("byte %d: %q was never kept", at, s)
			}
		}
	}
}

func FuzzWhateverAFileHoldsOpeningItEnds(f *testing.F) {
	f.Add([]byte("x"))
	f.Fuzz(func(t *testing.T, junk []byte) {
		a := &Archive{o: Options{Folder: t.TempDir(), Now: time.Now}}
		_, file, err := a.create2(junk)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, Options{Folder: a.o.Folder})
		w.texts()
	})
}

// create2 makes a segment with sound sums around whatever is given.
func (a *Archive) create2(junk []byte) (*segment, *os.File, error) {
	a.o.writeAt = (*os.File).WriteAt
	s, file, err := a.create(1)
	if err != nil {
		return nil, nil, err
	}
	h := head{stored: uint32(len(junk)), raw: uint32(len(junk)), count: 1, first: 1, newest: 1 << 60, published: 1, textSum: sum(s.seed, junk)}
	index := append([]byte{9, 9, 9, 9, 9, 9, 9, 9}, junk...)
	h.index, h.indexSum = uint32(len(index)), sum(s.seed, index)
	_, err = file.WriteAt(append(append(h.append(nil, s.seed), index...), junk...), segmentHeader)
	return s, file, err
}

func FuzzWhateverABlockHoldsReadingItEnds(f *testing.F) {
	m := mood.Mention{ID: "a", Title: "b", Text: "c"}
	b, _ := appendRecord(nil, &m, 0, 3)
	f.Add(b)
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := reader{raw: string(raw), lower: lowered(nil, raw)}
		var text Text
		for {
			more, err := r.next(&text)
			if err != nil || !more {
				return
			}
			_, _ = text.Mention()
		}
	})
}

func TestADiskThatIsFullStopsNobodyAndIsSaid(t *testing.T) {
	var full error
	var mu sync.Mutex
	w := newWorld(t, Options{writeAt: func(f *os.File, b []byte, off int64) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		if full != nil {
			return 0, full
		}
		return f.WriteAt(b, off)
	}})
	set := func(err error) { mu.Lock(); full = err; mu.Unlock() }
	first := w.say("first", "x")
	w.Add(&first, false)
	w.flush()
	set(syscall.ENOSPC)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 2600 { // more than waits in memory
		m := w.say(fmt.Sprint(i), noise(r, 8000))
		w.Add(&m, false)
	}
	if err := w.Flush(context.Background()); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("flush: %v", err)
	}
	s := w.Stats()
	if s.Problem == "" || s.Lost == 0 {
		t.Errorf("nobody is told: %+v", s)
	}
	if s.Texts != 2601-s.Lost {
		t.Errorf("it counts %d texts, of 2601 that came and %d that are lost", s.Texts, s.Lost)
	}
	held := w.lanes["-s"].held
	if kept, _ := w.texts(); held > int64(len(kept))*8200 {
		t.Errorf("the source is taken to have %d bytes, in %d texts of 8000", held, len(kept))
	}
	if list, _ := w.texts(); len(list) == 0 || list[0] != "first:x" {
		t.Error("what was kept before can't be read")
	}
	set(nil)
	w.flush()
	if s := w.Stats(); s.Problem != "" {
		t.Errorf("there is room again, and %q is told", s.Problem)
	}
	last := w.say("last", "y")
	w.Add(&last, false)
	w.reopen()
	if list, _ := w.texts(); list[0] != "first:x" || list[len(list)-1] != "last:y" {
		t.Error("it doesn't go on where there is room again")
	}
}

func TestAFirehoseIsSampledAndTheOthersAreKeptWhole(t *testing.T) {
	w := newWorld(t, Options{MaxBytes: 2 << 20})
	r := rand.New(rand.NewPCG(3, 4))
	const hours = 24 * 9
	want := map[string]int64{}
	since := w.now.Add(hours * time.Hour).Add(-7 * 24 * time.Hour)
	for hour := range hours {
		for i := range 200 {
			m := w.say(fmt.Sprintf("f%d-%d", hour, i), noise(r, 300))
			m.Sources[0] = "firehose"
			w.Add(&m, i%100 == 0) // some name a brand
			if !w.now.Before(since) {
				want["firehose"]++
			}
		}
		m := w.say(fmt.Sprintf("q%d", hour), noise(r, 300))
		m.Sources[0] = "quiet"
		w.Add(&m, false)
		if !w.now.Before(since) {
			want["quiet"]++
		}
		w.flush()
		if hour%50 == 49 {
			w.reopen()
		}
		w.pass(time.Hour)
	}
	w.mu.Lock()
	w.now = w.now.Add(-time.Second)
	w.mu.Unlock()
	got, kept, named := map[string]int64{}, map[string]int64{}, int64(0)
	_, err := Scan(context.Background(), w.Archive, time.Time{}, func(t *Text) (Text, bool) { return *t.Copy(), true }, func(t Text) error {
		m, err := t.Mention()
		got[m.Sources[0]] += t.Weight()
		kept[m.Sources[0]]++
		if strings.HasPrefix(t.ID, "f") && strings.HasSuffix(t.ID, "00") && t.Weight() == 1 {
			named++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if kept["quiet"] != want["quiet"] {
		t.Errorf("%d texts of the quiet source are kept, of %d", kept["quiet"], want["quiet"])
	}
	if kept["firehose"] > want["firehose"]/4 {
		t.Errorf("%d texts of the firehose are kept, of %d: it is not sampled", kept["firehose"], want["firehose"])
	}
	if off := float64(got["firehose"])/float64(want["firehose"]) - 1; off < -0.1 || off > 0.1 {
		t.Errorf("the firehose is told to have brought %d texts, and brought %d", got["firehose"], want["firehose"])
	}
	s := w.Stats()
	if !slices.ContainsFunc(s.Sampled, func(x Sampled) bool { return x.Source == "firehose" && !x.Named && x.OneIn > 1 }) {
		t.Errorf("nobody is told that the firehose is sampled: %+v", s.Sampled)
	}
	if slices.ContainsFunc(s.Sampled, func(x Sampled) bool { return x.Source == "quiet" || x.Named }) {
		t.Errorf("more is told to be sampled than is: %+v", s.Sampled)
	}
	if size := w.onDisk(); size > 2<<20 {
		t.Errorf("%d bytes on disk", size)
	}
}

func TestManyMayAddAndScanAtOnce(t *testing.T) {
	w := newWorld(t, Options{MaxBytes: leastMaxBytes})
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(g), 1))
			for i := range 1500 {
				m := w.say(fmt.Sprintf("%d-%d", g, i), noise(r, 500))
				w.Add(&m, i%2 == 0)
			}
		})
	}
	for range 2 {
		wg.Go(func() {
			for range 20 {
				last := map[string]int{}
				_, err := Scan(context.Background(), w.Archive, time.Time{}, func(t *Text) (string, bool) { return strings.Clone(t.ID), true }, func(id string) error {
					var g, i int
					if _, err := fmt.Sscanf(id, "%d-%d", &g, &i); err != nil {
						return err
					}
					if before, ok := last[fmt.Sprint(g)]; ok && i <= before {
						return fmt.Errorf("%s comes after %d", id, before)
					}
					last[fmt.Sprint(g)] = i
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestAScanEndsWithItsContextAndWithAnError(t *testing.T) {
	w := newWorld(t, Options{})
	for i := range 100 {
		m := w.say(fmt.Sprint(i), "x")
		w.Add(&m, false)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	all := func(*Text) (int, bool) { return 1, true }
	if _, err := Scan(ctx, w.Archive, time.Time{}, all, func(int) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	enough := errors.New("enough")
	if _, err := Scan(context.Background(), w.Archive, time.Time{}, all, func(int) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("stopped: %v", err)
	}
}

func TestIDsAreASet(t *testing.T) {
	var s idSet
	have := map[uint64]bool{}
	r := rand.New(rand.NewPCG(9, 9))
	for range 200_000 {
		id := (r.Uint64N(3000) + 1) << 2
		if r.IntN(2) == 0 {
			s.add(id)
			have[id] = true
		} else {
			s.remove(id)
			delete(have, id)
		}
		if probe := (r.Uint64N(3000) + 1) << 2; s.has(probe) != have[probe] {
			t.Fatalf("%d: %v", probe, s.has(probe))
		}
	}
	if s.n != len(have) {
		t.Errorf("%d, want %d", s.n, len(have))
	}
}
