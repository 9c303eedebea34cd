package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

// shaky are states that fail where they are told to.
type shaky struct {
	*world
	put, remove string // the kind that can't be put, or deleted
	waits       bool   // Get waits for the end of its context
	asked       int    // how often Get was called
}

func (s *shaky) Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error {
	if kind == s.put {
		return mood.ErrUnavailable
	}
	return s.world.Put(ctx, kind, id, value, ttl)
}

func (s *shaky) Delete(ctx context.Context, kind, id string) error {
	if kind == s.remove {
		return mood.ErrUnavailable
	}
	return s.world.Delete(ctx, kind, id)
}

func (s *shaky) Get(ctx context.Context, kind, id string) ([]byte, error) {
	s.mu.Lock()
	s.asked++
	waits := s.waits
	s.mu.Unlock()
	if waits {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return s.world.Get(ctx, kind, id)
}

func shakyKeeper() (*keeper, *shaky) {
	s := &shaky{world: newWorld(time.Now)}
	return newKeeper(s, slog.New(slog.DiscardHandler)), s
}

func sameBoard(note string) *keptBoard {
	return &keptBoard{ID: newKeptID(), Kept: time.Now(), Timezone: "UTC", Note: note}
}

func TestABoardThatIsKeptByHalfIsNotKeptAtAll(t *testing.T) {
	for _, kind := range []string{keptBoardKind, keptKind} {
		k, s := shakyKeeper()
		s.put = kind
		if err := k.put(t.Context(), sameBoard("")); !errors.Is(err, mood.ErrUnavailable) {
			t.Errorf("%s can't be put: %v", kind, err)
		}
		if n, m := len(s.states[keptBoardKind]), len(s.states[keptKind]); n > 0 || m > 0 {
			t.Errorf("where %s can't be put, %d boards and %d notes stay", kind, n, m)
		}
	}
}

func TestWhatIsListedIsThereEvenWhenADeletionStopsHalfway(t *testing.T) {
	for _, kind := range []string{keptBoardKind, keptKind} {
		k, s := shakyKeeper()
		b := sameBoard("")
		if err := k.put(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		s.remove = kind
		if err := k.remove(t.Context(), b.ID); !errors.Is(err, mood.ErrUnavailable) {
			t.Errorf("%s can't be deleted: %v", kind, err)
		}
		listed, err := k.list(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range listed {
			if _, err := k.get(t.Context(), n.ID); err != nil {
				t.Errorf("where %s can't be deleted, a board is listed and gone: %v", kind, err)
			}
		}
		s.remove = ""
		if err := k.remove(t.Context(), b.ID); err != nil {
			t.Errorf("a second try: %v", err)
		}
		if n, m := len(s.states[keptBoardKind]), len(s.states[keptKind]); n > 0 || m > 0 {
			t.Errorf("%d boards and %d notes stay", n, m)
		}
	}
}

func TestABoardThatCouldNeverBeReadBackIsNotKept(t *testing.T) {
	k, s := shakyKeeper()
	err := k.put(t.Context(), sameBoard(strings.Repeat("a", maxKeptJSON)))
	var told *problem
	if !errors.As(err, &told) || told.Status != http.StatusRequestEntityTooLarge || !strings.Contains(told.Detail, "keep fewer brands") {
		t.Errorf("a board over %d MiB: %v", maxKeptJSON>>20, err)
	}
	if len(s.states[keptBoardKind]) > 0 {
		t.Error("it is in the store")
	}
}

func TestBoardsStayUnpackedWithinTheirRoom(t *testing.T) {
	k, _ := shakyKeeper()
	k.readBytes = 12_000
	var all []*keptBoard
	for _, size := range []int{3000, 3000, 3000, 3000, 50_000} {
		b := sameBoard(strings.Repeat("a", size))
		if err := k.put(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	read := func(b *keptBoard) {
		t.Helper()
		got, err := k.get(t.Context(), b.ID)
		if err != nil || got.board.Note != b.Note {
			t.Fatal(err)
		}
	}
	stay := func(want ...*keptBoard) {
		t.Helper()
		var ids, wanted []string
		for _, r := range k.read {
			ids = append(ids, r.board.ID)
		}
		for _, b := range want {
			wanted = append(wanted, b.ID)
		}
		if !slices.Equal(ids, wanted) {
			t.Errorf("%q stay unpacked, want %q", ids, wanted)
		}
	}
	read(all[0])
	read(all[1])
	read(all[2])
	read(all[0])
	stay(all[1], all[2], all[0])
	read(all[3])
	stay(all[2], all[0], all[3])
	read(all[4]) // larger than all room: it alone
	stay(all[4])
	for range 2 * keptRead {
		b := sameBoard("small")
		if err := k.put(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		read(b)
	}
	if n := len(k.read); n != keptRead {
		t.Errorf("%d small ones stay, want %d", n, keptRead)
	}
}

func TestABoardThatIsBeingUnpackedHoldsUpNobodyWhoWantsAnother(t *testing.T) {
	k, _ := shakyKeeper()
	known, fresh := sameBoard("known"), sameBoard("fresh")
	for _, b := range []*keptBoard{known, fresh} {
		if err := k.put(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := k.get(t.Context(), known.ID); err != nil {
		t.Fatal(err)
	}
	k.unpacking <- struct{}{} // somebody unpacks a large one
	if _, err := k.get(t.Context(), known.ID); err != nil {
		t.Errorf("one that is unpacked already: %v", err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := k.get(gone, fresh.ID); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever has left waits on: %v", err)
	}
	<-k.unpacking
	if _, err := k.get(t.Context(), fresh.ID); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
