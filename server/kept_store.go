package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"agora/mood"
)

// The kinds of state that kept boards are: what is said of each in lists, and
// the board itself. So a list needn't unpack, or even load, any board.
const (
	keptKind      = "snapshots"
	keptBoardKind = "snapshot-boards"
)

const (
	maxKept   = 2000
	keptRoom  = 64 << 20        // bytes of all boards as they are kept
	keptNamed = 3               // of the oldest, that are named when there is no room
	keptIDs   = 16              // random bytes of an id
	keptRead  = 8               // boards that stay unpacked, the one asked for last whatever its size
	keptDrop  = 2 * time.Second // to take back what was kept by half
)

// keptNote is what lists say of a kept board.
type keptNote struct {
	ID     string    `json:"id"`
	Kept   time.Time `json:"kept"`
	Brand  string    `json:"brand"` // ids, with commas
	Window string    `json:"window"`
	AsOf   time.Time `json:"as_of"`
	Note   string    `json:"note,omitempty"`
	Demo   bool      `json:"demo,omitempty"`
	Base   string    `json:"base"`
	Bytes  int       `json:"bytes"`
}

// keeper keeps boards for ever, or until they are deleted.
type keeper struct {
	states States
	log    *slog.Logger

	keeping   sync.Mutex    // held while one is counted and put
	unpacking chan struct{} // full while one is unpacked: one large board in memory, and only once
	readBytes int           // of JSON, of all boards that stay unpacked

	mu   sync.Mutex  // never held while the store is asked or a board is unpacked
	read []readBoard // those that were asked for last, the newest at the end
}

// readBoard is a board that was unpacked.
type readBoard struct {
	sum   [sha256.Size]byte // of the bytes that are kept
	board *keptBoard
}

func newKeeper(states States, log *slog.Logger) *keeper {
	return &keeper{states: states, log: log, unpacking: make(chan struct{}, 1), readBytes: maxKeptJSON}
}

// newKeptID makes an id that can't be guessed, fit for an address.
func newKeptID() string {
	b := make([]byte, keptIDs)
	_, _ = rand.Read(b) // it never fails: it ends the process
	return base64.RawURLEncoding.EncodeToString(b)
}

// isKeptID tells whether an id may be one at all.
func isKeptID(id string) bool {
	b, err := base64.RawURLEncoding.DecodeString(id)
	return err == nil && len(b) == keptIDs
}

// put keeps a board. Where there is no room it fails with a problem that says
// what could go.
func (k *keeper) put(ctx context.Context, b *keptBoard) error {
	raw, err := b.encode()
	if err != nil {
		return err
	}
	said, err := json.Marshal(keptNote{
		ID: b.ID, Kept: b.Kept, Brand: strings.Join(b.Order, ","), Window: b.Window, AsOf: b.AsOf, Note: b.Note, Demo: b.Demo, Base: b.Base, Bytes: len(raw),
	})
	if err != nil {
		return fmt.Errorf("encode a board: %w", err)
	}
	k.keeping.Lock()
	defer k.keeping.Unlock()
	if err := k.hasRoom(ctx, len(raw)); err != nil {
		return err
	}
	// The board first: what is listed is there.
	err = k.states.Put(ctx, keptBoardKind, b.ID, raw, 0)
	if err == nil {
		err = k.states.Put(ctx, keptKind, b.ID, said, 0)
	}
	if err != nil {
		// Whoever is told that nothing was kept shall not pay for it with room.
		within, done := context.WithTimeout(context.WithoutCancel(ctx), keptDrop)
		defer done()
		if dropped := k.drop(within, b.ID); dropped != nil {
			k.log.LogAttrs(ctx, slog.LevelWarn, "a board that was kept by half stays in the store", slog.String("id", b.ID), slog.Any("error", dropped))
		}
		return fmt.Errorf("keep a board: %w", err)
	}
	return k.sync(ctx)
}

// drop deletes what there is of a board, what lists say of it first: what is
// listed is there.
func (k *keeper) drop(ctx context.Context, id string) error {
	for _, kind := range []string{keptKind, keptBoardKind} {
		if err := k.states.Delete(ctx, kind, id); err != nil && !errors.Is(err, mood.ErrNotFound) {
			return err
		}
	}
	return nil
}

// durable is a [States] that can say when what was put of a kind is on disk.
type durable interface {
	Sync(ctx context.Context, kind string) error
}

// sync waits until what was put or deleted would outlive a kill.
func (k *keeper) sync(ctx context.Context) error {
	disk, ok := k.states.(durable)
	if !ok {
		return nil
	}
	return errors.Join(disk.Sync(ctx, keptBoardKind), disk.Sync(ctx, keptKind))
}

func (k *keeper) hasRoom(ctx context.Context, more int) error {
	all, err := k.list(ctx)
	if err != nil {
		return err
	}
	used := 0
	for _, n := range all {
		used += n.Bytes
	}
	if len(all) < maxKept && used+more <= keptRoom {
		return nil
	}
	oldest := all[max(0, len(all)-keptNamed):]
	slices.Reverse(oldest)
	named := make([]string, len(oldest))
	for i, n := range oldest {
		named[i] = fmt.Sprintf("%s (%s, %s, kept on %s)", n.ID, n.Brand, n.Window, n.Kept.UTC().Format(time.DateOnly))
	}
	return newProblem(http.StatusConflict, "There is no room for another kept board: %d are kept, with %d MiB; %d and %d MiB are the most. "+
		"Delete some with DELETE /api/v1/snapshots/{id}. The oldest are %s.", len(all), used>>20, maxKept, keptRoom>>20, strings.Join(named, ", "))
}

// list gives what is said of all kept boards, the newest first.
func (k *keeper) list(ctx context.Context) ([]keptNote, error) {
	kept, err := k.states.List(ctx, keptKind)
	if err != nil {
		return nil, fmt.Errorf("list kept boards: %w", err)
	}
	all := make([]keptNote, 0, len(kept))
	for id, raw := range kept {
		var n keptNote
		if err := json.Unmarshal(raw, &n); err != nil {
			k.log.LogAttrs(ctx, slog.LevelWarn, "skip an unreadable kept board in the list", slog.String("id", id), slog.Any("error", err))
			continue
		}
		n.ID = id
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b keptNote) int { return cmp.Or(b.Kept.Compare(a.Kept), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// get gives a kept board; [mood.ErrNotFound]: there is none. The store is asked
// each time: whoever deleted it may have asked another process.
func (k *keeper) get(ctx context.Context, id string) (readBoard, error) {
	if !isKeptID(id) {
		return readBoard{}, fmt.Errorf("board %q: %w", id, mood.ErrNotFound)
	}
	raw, err := k.states.Get(ctx, keptBoardKind, id)
	if err != nil {
		return readBoard{}, fmt.Errorf("look up a kept board: %w", err)
	}
	sum := sha256.Sum256(raw)
	if found, ok := k.known(sum); ok {
		return found, nil
	}
	select {
	case k.unpacking <- struct{}{}:
		defer func() { <-k.unpacking }()
	case <-ctx.Done():
		return readBoard{}, ctx.Err()
	}
	if found, ok := k.known(sum); ok { // somebody else unpacked it meanwhile
		return found, nil
	}
	b, err := decodeKept(raw)
	if err != nil {
		return readBoard{}, fmt.Errorf("read the kept board %s: %w", id, err)
	}
	return k.remember(readBoard{sum, b}), nil
}

// known gives a board that stayed unpacked.
func (k *keeper) known(sum [sha256.Size]byte) (readBoard, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	i := slices.IndexFunc(k.read, func(r readBoard) bool { return r.sum == sum })
	if i < 0 {
		return readBoard{}, false
	}
	found := k.read[i]
	k.read = append(slices.Delete(k.read, i, i+1), found)
	return found, true
}

// remember keeps a board unpacked, and gives up those that were asked for
// longest ago where they are too many or too large together.
func (k *keeper) remember(r readBoard) readBoard {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.read = append(k.read, r)
	bytes := 0
	for i := len(k.read) - 1; i >= 0; i-- {
		bytes += k.read[i].board.unpacked
		if i < len(k.read)-1 && (bytes > k.readBytes || len(k.read)-i > keptRead) {
			k.read = slices.Delete(k.read, 0, i+1)
			break
		}
	}
	return r
}

// remove deletes a kept board; [mood.ErrNotFound]: there is none.
func (k *keeper) remove(ctx context.Context, id string) error {
	if !isKeptID(id) {
		return fmt.Errorf("board %q: %w", id, mood.ErrNotFound)
	}
	_, board := k.states.Get(ctx, keptBoardKind, id)
	_, said := k.states.Get(ctx, keptKind, id)
	if errors.Is(board, mood.ErrNotFound) && errors.Is(said, mood.ErrNotFound) {
		return fmt.Errorf("look up a kept board: %w", board)
	}
	if err := k.drop(ctx, id); err != nil {
		return fmt.Errorf("delete a kept board: %w", err)
	}
	return k.sync(ctx)
}
