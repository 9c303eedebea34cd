package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

// next waits for a notice that is wanted, and skips others.
func next(t testing.TB, notices <-chan mood.Notice, wanted func(mood.Notice) bool) mood.Notice {
	t.Helper()
	late := time.After(time.Minute)
	for {
		select {
		case n, ok := <-notices:
			if !ok {
				t.Fatal("the notices ended")
			}
			if wanted(n) {
				return n
			}
		case <-late:
			t.Fatal("the notice didn't come")
		}
	}
}

func TestNoticesBringTheNewestFreshMentions(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		ctx, cancel := context.WithCancel(context.Background())
		notices := must(s.Notices(ctx))(t)
		var ms []mood.Mention
		for i := range 30 {
			ms = append(ms, said(fmt.Sprint(i), c.ago(time.Duration(i)*time.Minute), mood.Positive, "nokia"))
		}
		ms = append(ms, said("late", c.ago(2*time.Hour), mood.Positive, "nokia"))
		record(t, s, ms...)
		n := next(t, notices, func(n mood.Notice) bool { return n.Brand == "nokia" })
		if len(n.Mentions) != 20 || n.Skipped != 10 || n.Mentions[0].ID != "0" || n.Mentions[19].ID != "19" {
			t.Errorf("%d mentions, %d skipped, %v first", len(n.Mentions), n.Skipped, n.Mentions[0].ID)
		}
		record(t, s, ms...) // nothing new: no notice
		record(t, s, said("old", c.ago(3*time.Hour), mood.Positive, "ericsson"))
		if n := <-notices; n.Brand != "ericsson" || len(n.Mentions) != 0 || n.Skipped != 0 {
			t.Errorf("notice %+v, want ericsson's without mentions", n)
		}
		cancel()
		for range notices {
		}
	})
}

func TestASlowReaderOfNoticesIsToldOfItsGap(t *testing.T) {
	out := make(chan mood.Notice, 2)
	p := pump{out: out}
	for range 5 {
		p.send(mood.Notice{Brand: "nokia"})
	}
	<-out
	<-out
	p.send(mood.Notice{Brand: "ericsson"})
	if n := <-out; !n.Reset {
		t.Errorf("%+v after a gap, want a reset", n)
	}
	if n := <-out; n.Brand != "ericsson" {
		t.Errorf("%+v, want what came after the gap", n)
	}
}

func TestAFlushedStoreHasANewEpoch(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		s := srv.open(t, Options{})
		record(t, s, said("one", time.Now(), mood.Positive, "nokia"))
		notices := must(s.Notices(context.Background()))(t)
		before := board(t, s, "1h", "nokia")
		if before.StoreEpoch == "" || before.StoreEpoch != s.Epoch() {
			t.Fatalf("epoch %q and %q", before.StoreEpoch, s.Epoch())
		}
		if err := cmp.Or(srv.flush(), s.write.FlushAll(context.Background()).Err()); err != nil {
			t.Fatal(err)
		}
		after := board(t, s, "1h", "nokia")
		if after.StoreEpoch == before.StoreEpoch || after.Total.Mentions != 0 {
			t.Errorf("epoch %q after %q", after.StoreEpoch, before.StoreEpoch)
		}
		next(t, notices, func(n mood.Notice) bool { return n.Reset })
		if got := record(t, s, said("one", time.Now(), mood.Positive, "nokia")); got[0] != mood.Stored {
			t.Errorf("after the flush: %v", got)
		}
	})
}

func TestStatesEndOnTheDot(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		ctx := context.Background()
		for _, err := range []error{
			s.Put(ctx, "feed", "a", []byte("1"), 0), s.Put(ctx, "feed", "b", []byte{0, 255}, time.Minute),
			s.Put(ctx, "token", "a", nil, 0), s.Put(ctx, "feed", "a", []byte("2"), 0),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := must(s.List(ctx, "feed"))(t); len(got) != 2 || string(got["a"]) != "2" || !bytes.Equal(got["b"], []byte{0, 255}) {
			t.Errorf("feeds %v", got)
		}
		c.add(time.Minute - time.Millisecond)
		must(s.Get(ctx, "feed", "b"))(t)
		c.add(time.Millisecond)
		if _, err := s.Get(ctx, "feed", "b"); !errors.Is(err, mood.ErrNotFound) {
			t.Errorf("after a minute: %v", err)
		}
		if err := errors.Join(s.Delete(ctx, "token", "a"), s.Delete(ctx, "token", "never")); err != nil {
			t.Error(err)
		}
		c.add(time.Hour)
		if got := must(s.List(ctx, "feed"))(t); len(got) != 1 {
			t.Errorf("feeds %v, want a", got)
		}
		if got := must(s.List(ctx, "token"))(t); len(got) != 0 {
			t.Errorf("tokens %v, want none", got)
		}
	})
}

func TestANewerSchemaIsRefusedPolitely(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		opts := Options{Data: t.TempDir()}
		s := srv.open(t, opts)
		if err := s.Put(context.Background(), "x", "y", nil, 0); err != nil {
			t.Fatal(err)
		}
		if err := s.write.Set(context.Background(), versionKey("nokia"), "2", 0).Err(); err != nil {
			t.Fatal(err)
		}
		if srv.url == "" {
			s.embedded.mark("nokia", []string{versionKey("nokia")})
			if err := s.Close(context.Background()); err != nil {
				t.Fatal(err)
			}
		} else {
			opts.URLs = srv.urls()
		}
		opts.Brands = testBrands()
		_, err := Open(context.Background(), opts)
		if err == nil || !strings.Contains(err.Error(), "newer Agora") || !strings.Contains(err.Error(), "nokia") {
			t.Errorf("open: %v, want a refusal that names the brand", err)
		}
	})
}

func TestAServerThatIsAwayIsUnavailableAndComesBack(t *testing.T) {
	s := server{}.open(t, Options{})
	ctx := context.Background()
	if st := s.Status(ctx); st.State != "up" || st.Since == nil {
		t.Fatalf("status %+v", st)
	}
	notices := must(s.Notices(ctx))(t)
	addr := s.embedded.server.Addr()
	s.embedded.server.Server().Close()
	_, err := s.Record(ctx, []mood.Mention{said("one", time.Now(), mood.Positive, "nokia")})
	if !errors.Is(err, mood.ErrUnavailable) {
		t.Errorf("record: %v", err)
	}
	if _, err = s.Board(ctx, nil, mood.Windows()[0]); !errors.Is(err, mood.ErrUnavailable) {
		t.Errorf("board: %v", err)
	}
	if strings.Contains(fmt.Sprint(err), s.embedded.password) {
		t.Error("an error tells the password")
	}
	if st := s.Status(ctx); st.State != "down" {
		t.Errorf("status %+v", st)
	}
	if err := s.embedded.server.StartAddr(addr); err != nil {
		t.Fatal(err)
	}
	next(t, notices, func(n mood.Notice) bool { return n.Reset })
	if got := record(t, s, said("one", time.Now(), mood.Positive, "nokia")); got[0] != mood.Stored {
		t.Errorf("after it came back: %v", got)
	}
	for s.Status(ctx).State != "up" { // a question from before may still fail
		time.Sleep(10 * time.Millisecond)
	}
}

func TestAnUnknownAddressIsRefusedWithoutItsPassword(t *testing.T) {
	_, err := Open(context.Background(), Options{URLs: []string{"http://user:secret@host"}})
	if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "redis://") {
		t.Errorf("open: %v", err)
	}
}

// fill puts some of everything into an embedded store.
func fill(t *testing.T, s *Store, c *clock) {
	t.Helper()
	for i := range 50 {
		record(t, s, said(fmt.Sprint(i), c.ago(time.Duration(i)*37*time.Minute), mood.Label(i%4), "nokia", "ericsson"))
	}
	if err := s.Put(context.Background(), "feed", "a", []byte("state"), 0); err != nil {
		t.Fatal(err)
	}
}

func sameBoards(t *testing.T, got, want *Store) {
	t.Helper()
	for _, w := range mood.Windows() {
		a, b := board(t, got, w.Name), board(t, want, w.Name)
		a.StoreEpoch, b.StoreEpoch = "", ""
		x, y := string(must(json.Marshal(a))(t)), string(must(json.Marshal(b))(t))
		if x != y {
			t.Errorf("%s:\n got %s\nwant %s", w.Name, x, y)
		}
	}
	if a, b := list(t, got, mood.Filter{}), list(t, want, mood.Filter{}); a.Total != b.Total {
		t.Errorf("%d texts, want %d", a.Total, b.Total)
	}
}

func TestARestartLosesNothing(t *testing.T) {
	ctx := context.Background()
	c := clockAt(future(t))
	data := t.TempDir()
	s := server{}.open(t, Options{Now: c.now, Data: data})
	whole := server{}.open(t, Options{Now: c.now})
	fill(t, s, c)
	fill(t, whole, c)
	epoch := s.Epoch()
	for range 3 {
		if err := s.Close(ctx); err != nil {
			t.Fatal(err)
		}
		s = server{}.open(t, Options{Now: c.now, Data: data})
		sameBoards(t, s, whole)
		if s.Epoch() != epoch {
			t.Error("a clean restart changed the epoch")
		}
		if got := record(t, s, said("7", c.now(), mood.Positive, "nokia")); got[0] != mood.Duplicate {
			t.Errorf("counted before the restart: %v", got)
		}
		if v := must(s.Get(ctx, "feed", "a"))(t); string(v) != "state" {
			t.Errorf("state %q", v)
		}
	}
	c.add(26 * time.Hour)
	s.tick(c.now())
	for _, key := range s.embedded.server.Keys() {
		if strings.HasPrefix(key, "x:") && strings.Contains(key, ":1m:") {
			if n := must(s.read.TTL(ctx, key).Result())(t); n <= 0 || n > 25*time.Hour {
				t.Fatalf("%s lives for %v after the restart", key, n)
			}
		}
	}
}

func TestAKilledStoreGoesOnFromItsLastMinuteUnderANewEpoch(t *testing.T) {
	c := clockAt(future(t))
	data := t.TempDir()
	s := server{}.open(t, Options{Now: c.now, Data: data})
	whole := server{}.open(t, Options{Now: c.now})
	fill(t, s, c)
	fill(t, whole, c)
	if err := s.embedded.save(); err != nil {
		t.Fatal(err)
	}
	record(t, s, said("lost", c.now(), mood.Positive, "nokia"))
	again := server{}.open(t, Options{Now: c.now, Data: copyFolder(t, data)})
	sameBoards(t, again, whole)
	if again.Epoch() == s.Epoch() {
		t.Error("the epoch is the one from before the loss")
	}
}

func TestAStateThatWasSyncedOutlivesAKill(t *testing.T) {
	ctx := context.Background()
	c := clockAt(future(t))
	data := t.TempDir()
	s := server{}.open(t, Options{Now: c.now, Data: data})
	for _, id := range []string{"one", "two"} {
		if err := s.Put(ctx, "boards", id, []byte(id), 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Delete(ctx, "boards", "two"); err != nil {
		t.Fatal(err)
	}
	if err := s.Sync(ctx, "boards"); err != nil {
		t.Fatal(err)
	}
	again := server{}.open(t, Options{Now: c.now, Data: copyFolder(t, data)})
	if all := must(again.List(ctx, "boards"))(t); len(all) != 1 || string(all["one"]) != "one" {
		t.Errorf("after a kill there is %q", all)
	}
	fleeting := server{}.open(t, Options{Now: c.now})
	if err := fleeting.Sync(ctx, "boards"); err != nil {
		t.Errorf("a store without files: %v", err)
	}
}

func TestAnUnfinishedOrDamagedFileFallsBackAndSaysSo(t *testing.T) {
	c := clockAt(future(t))
	data := t.TempDir()
	s := server{}.open(t, Options{Now: c.now, Data: data})
	whole := server{}.open(t, Options{Now: c.now})
	fill(t, s, c)
	fill(t, whole, c)
	if err := s.embedded.save(); err != nil {
		t.Fatal(err)
	}
	for tag, f := range s.embedded.files.tags {
		if err := s.embedded.files.compact(tag, f); err != nil {
			t.Fatal(err)
		}
	}
	for _, st := range []*Store{s, whole} {
		record(t, st, said("after", c.now(), mood.Positive, "nokia"))
	}
	if err := s.embedded.save(); err != nil {
		t.Fatal(err)
	}

	damage := func(name string, change func([]byte) []byte) (*Store, string) {
		folder := copyFolder(t, data)
		path := filepath.Join(folder, "store", name)
		b := must(os.ReadFile(path))(t)
		if err := os.WriteFile(path, change(b), 0o600); err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		return server{}.open(t, Options{Now: c.now, Data: folder, Log: slog.New(slog.NewTextHandler(&said, nil))}), said.String()
	}
	cut := func(b []byte) []byte { return b[:len(b)-5] }
	flip := func(b []byte) []byte { b[len(b)/2] ^= 1; return b }
	for name, change := range map[string]func([]byte) []byte{"cut": cut, "flipped": flip, "empty": func([]byte) []byte { return nil }} {
		t.Run("base "+name, func(t *testing.T) {
			got, said := damage("t-nokia.1.base", change)
			sameBoards(t, got, whole)
			if !strings.Contains(said, "t-nokia.1.base") || !strings.Contains(said, "damaged") {
				t.Errorf("it says %q", said)
			}
			record(t, got, saidAgain(c))
			if err := got.embedded.save(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("log torn", func(t *testing.T) {
		got, said := damage("t-nokia.1.log", cut)
		if n := board(t, got, "30d", "nokia").Total.Mentions; n != 50 {
			t.Errorf("%d mentions, want those up to the torn block", n)
		}
		if !strings.Contains(said, "t-nokia.1.log") {
			t.Errorf("it says %q", said)
		}
		// What follows is written after what is sound.
		record(t, got, saidAgain(c))
		folder := got.opts.Data
		if err := got.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		again := server{}.open(t, Options{Now: c.now, Data: folder})
		if n := board(t, again, "30d", "nokia").Total.Mentions; n != 51 {
			t.Errorf("%d mentions after another restart, want 51", n)
		}
	})
}

func saidAgain(c *clock) mood.Mention { return said("again", c.now(), mood.Positive, "nokia") }

func copyFolder(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}
