package journal

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/mood"
)

// until waits for what the writer does on its own.
func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	for limit := time.Now().Add(time.Minute); !done(); runtime.Gosched() {
		if time.Now().After(limit) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// onDisk adds up the files of a folder.
func onDisk(t interface{ Fatal(...any) }, folder string) (sum int64) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil {
			sum += info.Size()
		}
	}
	return sum
}

// noise can't be packed.
func noise(n int) []byte {
	b := make([]byte, n)
	dice := rand.NewChaCha8([32]byte{byte(n)})
	_, _ = dice.Read(b)
	return b
}

func TestAppendsThatComeTogetherShareAnFsync(t *testing.T) {
	var syncs atomic.Int64
	hold := make(chan struct{})
	started := make(chan struct{})
	var held sync.Once
	var ready atomic.Bool
	j := opened(t, Options{Folder: t.TempDir(), Sync: func(*os.File) error {
		if ready.Load() {
			held.Do(func() { close(started); <-hold })
		}
		syncs.Add(1)
		return nil
	}})
	ready.Store(true)
	before := syncs.Load()
	var all sync.WaitGroup
	seqs := make([]uint64, 100)
	appendOne := func(i int) {
		all.Go(func() { seqs[i] = appendedAny(t, j, fmt.Appendf(nil, "%d", i)) })
	}
	appendOne(0)
	<-started // the first one is being synced; the others come meanwhile
	for i := 1; i < 100; i++ {
		appendOne(i)
	}
	until(t, "all are waiting", func() bool { j.mu.Lock(); defer j.mu.Unlock(); return len(j.queue) == 99 })
	close(hold)
	all.Wait()
	if n := syncs.Load() - before; n > 3 {
		t.Errorf("100 appends took %d fsyncs", n)
	}
	got := records(t, j, 0)
	for i, seq := range seqs {
		if got[seq] != fmt.Sprint(i) {
			t.Errorf("append %d got the number %d, which reads as %q", i, seq, got[seq])
		}
	}
}

// appendedAny is for goroutines beside the test's own.
func appendedAny(t testing.TB, j *Journal, payload []byte) uint64 {
	seq, err := j.Append(context.Background(), payload)
	if err != nil {
		t.Error(err)
	}
	return seq
}

func TestAFullJournalSaysSoAndTakesAgainWhatFitsOnceSomethingIsApplied(t *testing.T) {
	folder := t.TempDir()
	j := opened(t, Options{Folder: folder, MaxBytes: 8 << 10, KeepFor: time.Hour, Sync: unsynced})
	var err error
	n := 0
	for ; err == nil && n < 1000; n++ {
		_, err = j.Append(context.Background(), noise(200))
	}
	if !errors.Is(err, ErrFull) || !errors.Is(err, mood.ErrUnavailable) || !j.Full() || j.Stats().FullSince.IsZero() {
		t.Fatalf("after %d records: %v, full: %v", n, err, j.Full())
	}
	if size := onDisk(t, folder); size > 8<<10 || size < 7<<10 {
		t.Errorf("%d bytes are on disk when 8192 are full", size)
	}
	if records, bytes := j.Pending(); records != uint64(n-1) || bytes < 7<<10 {
		t.Errorf("%d records and %d bytes are pending of %d", records, bytes, n-1)
	}
	j.Applied(j.Last() / 2)
	if j.Full() {
		t.Error("it is full with half of it applied")
	}
	for ; n > 0 && err != nil; n-- {
		_, err = j.Append(context.Background(), noise(200))
	}
	if err != nil || j.Full() || !j.Stats().FullSince.IsZero() {
		t.Errorf("half is applied, and still: %v", err)
	}
	if size := onDisk(t, folder); size > 8<<10 {
		t.Errorf("%d bytes are on disk, and 8192 may be", size)
	}
	if first := j.First(); first < 2 || first > j.Stats().Applied+1 {
		t.Errorf("the first is %d, and %d are applied", first, j.Stats().Applied)
	}
}

func TestARecordThatNeverFitsIsRefusedAsThat(t *testing.T) {
	j := opened(t, Options{Folder: t.TempDir(), MaxBytes: 4 << 10, Sync: unsynced})
	for _, size := range []int{5 << 10, MaxPayload + 1} {
		if _, err := j.Append(context.Background(), noise(size)); !errors.Is(err, mood.ErrInvalid) || errors.Is(err, ErrFull) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	for range 9 { // all of it, again and again
		j.Applied(appended(t, j, noise(3<<10)))
	}
}

func TestAppliedSegmentsStayAsLongAndAsManyAsIsSaid(t *testing.T) {
	var now atomic.Int64
	clock := func() time.Time { return time.UnixMilli(now.Load()) }
	now.Store(1e12)
	o := Options{Folder: t.TempDir(), MaxBytes: 64 << 10, SegmentBytes: 1 << 10, KeepFor: time.Hour, KeepBytes: 10 << 10, Now: clock, Sync: unsynced}
	j := opened(t, o)
	for range 40 {
		appended(t, j, noise(400))
	}
	if j.First() != 1 {
		t.Fatalf("records that aren't applied went: the first is %d", j.First())
	}
	j.Applied(j.Last())
	until(t, "no more than 10 KiB of what is applied are kept", func() bool { return j.Stats().Bytes <= 11<<10 })
	if first := j.First(); first < 10 || first > 25 {
		t.Errorf("the first is %d of 40, and 10 KiB are to be kept", first)
	}
	now.Add(2 * time.Hour.Milliseconds())
	appended(t, j, noise(400))
	until(t, "what is older than an hour goes", func() bool { return j.Stats().Segments <= 2 })
	if got := records(t, j, 0); len(got) == 0 || got[41] == "" {
		t.Errorf("record 41 isn't applied, and gone: %d records", len(got))
	}
	now.Add(2 * time.Hour.Milliseconds())
	j.Applied(41)
	until(t, "the last record goes too", func() bool { return j.First() == 42 })
	if seq := appended(t, j, []byte("next")); seq != 42 || j.Last() != 42 {
		t.Errorf("the next record got the number %d", seq)
	}
}

func TestWhatIsBeingReadIsNotTidiedAway(t *testing.T) {
	j := opened(t, Options{Folder: t.TempDir(), MaxBytes: 64 << 10, SegmentBytes: 1 << 10, KeepBytes: -1, Sync: unsynced})
	for range 20 {
		appended(t, j, noise(400))
	}
	n := uint64(0)
	err := j.Read(context.Background(), 0, func(r Record) error {
		if n++; r.Seq != n {
			t.Fatalf("record %d comes as the %d.", r.Seq, n)
		}
		j.Applied(20)
		appended(t, j, noise(400)) // the writer has a chance to tidy
		return nil
	})
	if err != nil || n != 20 {
		t.Errorf("%d records of 20: %v", n, err)
	}
	until(t, "it goes once it is read", func() bool { return j.First() > 20 })
}

func TestTheCheckpointIsKeptOverARestart(t *testing.T) {
	o := Options{Folder: t.TempDir(), Sync: unsynced}
	j := opened(t, o)
	for range 10 {
		appended(t, j, []byte("x"))
	}
	j.Applied(7)
	j.Applied(3) // it never goes back
	id := j.ID()
	if err := errors.Join(j.Close(), j.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(context.Background(), nil); !errors.Is(err, ErrClosed) {
		t.Errorf("closed, it tells %v", err)
	}
	j = opened(t, o)
	if n, bytes := j.Pending(); n != 3 || bytes != 3*(recordHeader+1) || j.Stats().Applied != 7 {
		t.Errorf("%d records, %d bytes are pending after %d applied; want 3 after 7", n, bytes, j.Stats().Applied)
	}
	if j.ID() != id || len(id) != 16 {
		t.Errorf("its id was %s, and is %s", id, j.ID())
	}
}

func TestAJournalOfANewerVersionIsRefusedInWords(t *testing.T) {
	folder := t.TempDir()
	head := segmentHead{version: version + 1, id: "0123456789abcdef", first: 1}.bytes()
	if err := os.WriteFile(folder+"/"+segmentName(1), head, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Folder: folder}); !errors.Is(err, mood.ErrInvalid) {
		t.Errorf("opened: %v", err)
	}
}

func TestAnAppendThatIsCalledOffBeforeItIsWrittenIsNotKept(t *testing.T) {
	var ready atomic.Bool
	hold, started := make(chan struct{}), make(chan struct{})
	var held sync.Once
	j := opened(t, Options{Folder: t.TempDir(), Sync: func(*os.File) error {
		if ready.Load() {
			held.Do(func() { close(started); <-hold })
		}
		return nil
	}})
	ready.Store(true)
	var all sync.WaitGroup
	all.Go(func() { appendedAny(t, j, []byte("first")) })
	<-started
	ctx, cancel := context.WithCancel(context.Background())
	all.Go(func() {
		if _, err := j.Append(ctx, []byte("called off")); !errors.Is(err, context.Canceled) {
			t.Errorf("called off: %v", err)
		}
	})
	until(t, "it waits", func() bool { j.mu.Lock(); defer j.mu.Unlock(); return len(j.queue) == 1 })
	cancel()
	until(t, "it is taken back", func() bool { j.mu.Lock(); defer j.mu.Unlock(); return len(j.queue) == 0 })
	close(hold)
	all.Wait()
	appended(t, j, []byte("second"))
	if got := records(t, j, 0); len(got) != 2 || got[2] != "second" {
		t.Errorf("there is %v", got)
	}
}
