package server

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"agora/mood"
)

// world is a store and an intake in memory, as far as the server sees them.
type world struct {
	mu       sync.Mutex
	now      func() time.Time
	brands   []mood.Brand
	mention  []mood.Mention
	activity int
	gone     map[string]bool // ids of mentions that are kept no more
	taught   []mood.Corrected
	listener map[chan mood.Notice]bool
	states   map[string]map[string]kept
	epoch    string
	down     error
	sources  []mood.SourceHealth
	filter   mood.Filter // the last one asked for
	boards   atomic.Int64
	gate     chan struct{} // when set, Board waits for it
	places   mood.Countries
}

type kept struct {
	value []byte
	until time.Time
}

func newWorld(now func() time.Time) *world {
	return &world{
		now: now, epoch: "e1", listener: map[chan mood.Notice]bool{}, states: map[string]map[string]kept{},
		brands: []mood.Brand{
			{ID: "nokia", Name: "Nokia", Query: "Nokia", Color: "#005AFF"},
			{ID: "ericsson", Name: "Ericsson", Query: "Ericsson", Color: "#002561"},
		},
	}
}

func (w *world) say(brand string, label mood.Label) mood.Mention {
	w.mu.Lock()
	now := w.now().UTC()
	id := fmt.Sprintf("m%d", len(w.mention)+1)
	m := mood.Mention{
		ID: id, Title: "About " + brand, Text: "<b>not markup</b>", URL: "https://example.com/" + id, Outlet: "example.com",
		Published: now, Seen: now, Language: "en",
		Readings: map[string]mood.Reading{brand: {Label: label, Score: 0.5}},
	}
	w.mention = append(w.mention, m)
	w.mu.Unlock()
	w.notify(mood.Notice{Brand: brand, Mentions: []mood.Mention{m}})
	return m
}

func (w *world) notify(n mood.Notice) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for l := range w.listener {
		l <- n
	}
}

func (w *world) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = err
}

func (w *world) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.down
}

func (w *world) Board(ctx context.Context, brands []string, win mood.Window) (*mood.Board, error) {
	w.boards.Add(1)
	w.mu.Lock()
	gate := w.gate
	w.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down != nil {
		return nil, w.down
	}
	now := w.now().UTC()
	b := &mood.Board{
		Window: win.Name, From: win.From(now, time.UTC), To: now, AsOf: now, Timezone: "UTC", StoreEpoch: w.epoch,
		Order: brands, Names: map[string]mood.Brand{}, Brands: map[string]*mood.BrandBoard{}, Share: []mood.ShareRow{},
	}
	all := mood.Tally{}
	tallies := map[string]mood.Tally{}
	for _, brand := range w.brands {
		b.Names[brand.ID] = brand
		var t mood.Tally
		for _, m := range w.mention {
			if r, ok := m.Readings[brand.ID]; ok {
				t.Add(mood.TallyOf(r))
			}
		}
		tallies[brand.ID] = t
		all.Add(t)
	}
	for _, brand := range w.brands {
		b.Share = append(b.Share, mood.ShareRow{Row: mood.RowOf(brand.ID, tallies[brand.ID]), Name: brand.Name, Color: brand.Color})
	}
	for _, id := range brands {
		part := &mood.BrandBoard{Total: tallies[id].Total(), Series: []mood.SeriesPoint{}, Outlets: []mood.Row{mood.RowOf("example.com", tallies[id])}, Countries: w.places}
		points := win.Points(now, time.UTC)
		for i, p := range points {
			t := mood.Tally{}
			if i == len(points)-1 {
				t = tallies[id]
			}
			part.Series = append(part.Series, mood.PointOf(p, t))
		}
		b.Brands[id] = part
	}
	return b, nil
}

func (w *world) Notices(ctx context.Context) (<-chan mood.Notice, error) {
	l := make(chan mood.Notice, 1024)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listener[l] = true
	context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.listener, l)
	})
	return l, nil
}

func (w *world) Status(context.Context) mood.PartStatus {
	if w.failure() != nil {
		return mood.PartStatus{State: "down"}
	}
	return mood.PartStatus{State: "up"}
}

func (w *world) Epoch() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.epoch
}

func (w *world) Mentions(_ context.Context, f mood.Filter) (mood.MentionList, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.filter = f
	return mood.MentionList{Mentions: slices.Clone(w.mention), Total: int64(len(w.mention))}, w.down
}

func (w *world) Push(_ context.Context, items []json.RawMessage) (mood.Receipt, error) {
	if err := w.failure(); err != nil {
		return mood.Receipt{}, err
	}
	var r mood.Receipt
	for i, item := range items {
		var m struct{ Title, Brand string }
		switch err := json.Unmarshal(item, &m); {
		case err != nil:
			r.Rejected = append(r.Rejected, mood.Rejected{Index: i, Error: "not an object"})
		case m.Title == "":
			r.Rejected = append(r.Rejected, mood.Rejected{Index: i, Error: "title or text is needed"})
		default:
			w.say("nokia", mood.Positive)
			r.Accepted++
		}
	}
	return r, nil
}

func (w *world) PushActivity(_ context.Context, items []json.RawMessage) (mood.Receipt, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.activity += len(items)
	return mood.Receipt{Accepted: len(items)}, nil
}

func (w *world) Withdraw(_ context.Context, id string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(w.mention)
	w.mention = slices.DeleteFunc(w.mention, func(m mood.Mention) bool { return m.ID == id })
	if len(w.mention) == n {
		return fmt.Errorf("there is no mention %q: %w", id, mood.ErrNotFound)
	}
	return nil
}

func (w *world) Correct(_ context.Context, c mood.Correction) (mood.CorrectionReceipt, error) {
	w.mu.Lock()
	r, err := w.correct(c)
	w.mu.Unlock()
	if err == nil && r.Changed > 0 {
		w.notify(mood.Notice{Brand: c.Brand, Corrected: map[string]mood.Reading{c.Mention: r.Mention.Readings[c.Brand]}})
	}
	return r, err
}

func (w *world) correct(c mood.Correction) (r mood.CorrectionReceipt, err error) {
	if w.down != nil {
		return r, w.down
	}
	if w.gone[c.Mention] {
		return r, mood.ErrGone
	}
	i := slices.IndexFunc(w.mention, func(m mood.Mention) bool { return m.ID == c.Mention })
	if i < 0 {
		return r, mood.ErrNotFound
	}
	for j, m := range w.mention {
		before, ok := m.Readings[c.Brand]
		if !ok || j != i && (c.Scope != mood.ScopeStory || m.Title != w.mention[i].Title) || before.Says(c) {
			continue
		}
		m.Readings = maps.Clone(m.Readings)
		m.Readings[c.Brand] = before.Correct(c)
		w.mention[j] = m
		r.Mentions = append(r.Mentions, m.ID)
	}
	r.Mention, r.Changed = w.mention[i], len(r.Mentions)
	return r, nil
}

func (w *world) Corrections(_ context.Context, brand string) ([]mood.Corrected, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var some []mood.Corrected
	for _, c := range w.taught {
		if c.Brand == brand {
			some = append(some, c)
		}
	}
	return some, w.down
}

func (w *world) Health() []mood.SourceHealth {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sources)
}

func (w *world) Put(_ context.Context, kind, id string, value []byte, ttl time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down != nil {
		return w.down
	}
	if w.states[kind] == nil {
		w.states[kind] = map[string]kept{}
	}
	k := kept{value: slices.Clone(value)}
	if ttl > 0 {
		k.until = w.now().Add(ttl)
	}
	w.states[kind][id] = k
	return nil
}

func (w *world) Get(_ context.Context, kind, id string) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down != nil {
		return nil, w.down
	}
	k, ok := w.states[kind][id]
	if !ok || !k.until.IsZero() && !w.now().Before(k.until) {
		return nil, mood.ErrNotFound
	}
	return slices.Clone(k.value), nil
}

func (w *world) List(_ context.Context, kind string) (map[string][]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := map[string][]byte{}
	for id, k := range maps.All(w.states[kind]) {
		if k.until.IsZero() || w.now().Before(k.until) {
			all[id] = slices.Clone(k.value)
		}
	}
	return all, w.down
}

func (w *world) Delete(_ context.Context, kind, id string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.states[kind], id)
	return w.down
}

// panicking has a bug.
type panicking struct{}

func (panicking) Baseline(context.Context, string, mood.Window, time.Time) (*mood.Baseline, error) {
	panic("a bug")
}
