package server

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"agora/charts"
	"agora/mood"
)

const usualWindow = "24h"

// wallOf is a wall with all that it leaves open filled in: the one with an id,
// else the first, else one of all brands.
func (w *watch) wallOf(id string) mood.Wall {
	wall := mood.Wall{}
	if len(w.walls) > 0 {
		wall = w.walls[0]
	}
	for _, known := range w.walls {
		if known.ID == id {
			wall = known
		}
	}
	if wall.Window == "" {
		wall.Window = usualWindow
	}
	named := wall.Brands
	if len(named) == 0 {
		named = w.ids
	}
	wall.Brands = slices.DeleteFunc(slices.Clone(named), func(id string) bool { _, ok := w.byID[id]; return !ok })
	return wall
}

// wallFacts are what the scenes of a wall show, as they were read together.
// They never change.
type wallFacts struct {
	wall     mood.Wall
	board    *mood.Board // nil: the wall has no brand
	totals   charts.BoardTotals
	mentions []mood.Mention
	read     time.Time

	mu      sync.Mutex
	options map[string]charts.Option // by brand and chart, once somebody needed them
}

const (
	factsTime  = 5 * time.Second // for so long what was read is believed
	factsRetry = 2 * time.Second // after a failure
	wallRecent = 24              // mentions that a wall knows
)

// readWall reads what a wall shows now.
func (s *Server) readWall(ctx context.Context, wall mood.Wall, now time.Time) (*wallFacts, error) {
	f := &wallFacts{wall: wall, read: now, options: map[string]charts.Option{}}
	if len(wall.Brands) == 0 {
		return f, nil
	}
	window, err := mood.ParseWindow(wall.Window)
	if err != nil {
		return nil, err
	}
	if f.board, err = s.assemble(ctx, wall.Brands, window); err != nil {
		return nil, err
	}
	f.totals = charts.Totals(f.board)
	found, err := s.Mentions.Mentions(ctx, mood.Filter{Brands: wall.Brands, From: window.From(now, s.Location), Fold: true, Limit: wallRecent})
	if err != nil {
		return nil, fmt.Errorf("list mentions: %w", err)
	}
	f.mentions = found.Mentions
	slices.SortStableFunc(f.mentions, func(a, b mood.Mention) int { return b.Published.Compare(a.Published) })
	return f, nil
}

// option gives a chart of one brand; nil where it can't be made: a wall goes
// without it.
func (f *wallFacts) option(s *Server, brand, id string) charts.Option {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := brand + " " + id
	if o, ok := f.options[key]; ok {
		return o
	}
	o, err := f.chartOf(brand, id)
	if err != nil {
		s.log.Warn("a wall's chart could not be made", slog.String("chart", id), slog.String("brand", brand), slog.Any("error", err))
	}
	f.options[key] = o
	return o
}

func (f *wallFacts) chartOf(brand, id string) (charts.Option, error) {
	chart, ok := charts.Find(id)
	part := f.board.Brands[brand]
	if !ok || part == nil {
		return nil, nil
	}
	one := *f.board
	one.Order, one.Brands, one.BrandBoard = []string{brand}, map[string]*mood.BrandBoard{brand: part}, part
	return chart.Option(chart.Table(&one))
}

// last is when anything was said about any of the brands; nil: not in the window.
func (f *wallFacts) last() *time.Time {
	var last *time.Time
	note := func(t *time.Time) {
		if t != nil && (last == nil || t.After(*last)) {
			last = t
		}
	}
	for _, b := range f.totals.Brands {
		note(b.Last)
	}
	for i := range f.mentions {
		note(&f.mentions[i].Published)
	}
	return last
}

// found is the time from publication to acceptance in the middle of the newest
// mentions; nil: none of them says.
func (f *wallFacts) found() *time.Duration {
	var all []time.Duration
	for _, m := range f.mentions {
		if d := m.Seen.Sub(m.Published); !m.Undated && d >= 0 && d < 24*time.Hour {
			all = append(all, d)
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.Sort(all)
	return &all[len(all)/2]
}

// mostDone is how many kinds of what devices did a wall counts.
const mostDone = 2

// brand is one of the wall's brands with its figures.
func (f *wallFacts) brand(watched *watch, id string) charts.SceneBrand {
	b := watched.byID[id]
	t, ok := f.totals.Brands[id]
	if !ok {
		return charts.SceneBrand{Name: b.Name, Color: b.Color}
	}
	var done []string
	for _, a := range t.Activity {
		if a.Count > 0 && len(done) < mostDone {
			done = append(done, a.Short)
		}
	}
	return charts.SceneBrand{
		Done: done,
		Name: t.Name, Color: t.Color, Mood: t.Total.Mood, Mentions: t.Total.Mentions,
		Before: t.Before.Mentions, Change: t.Change, Sentence: t.Sentence,
	}
}

// said are the newest mentions as a wall with these brands shows them.
func (f *wallFacts) said(watched *watch) []charts.SceneMention {
	list := make([]charts.SceneMention, 0, len(f.mentions))
	for _, m := range f.mentions {
		shown := charts.SceneMention{Title: titleOf(m), Outlet: m.Outlet, Published: m.Published, Label: mood.Unclear}
		if m.Places.From != nil {
			shown.Country = m.Places.From.Country
			if c, ok := mood.Country(shown.Country); ok {
				shown.Country = c.Name
			}
		}
		id := ""
		for _, b := range f.wall.Brands {
			r, ok := m.Readings[b]
			if ok && (id == "" || !r.Irrelevant && m.Readings[id].Irrelevant) {
				id = b
			}
		}
		if id != "" {
			shown.Label = m.Readings[id].Label
			if len(f.wall.Brands) > 1 {
				shown.Brand = watched.byID[id].Name
			}
		}
		list = append(list, shown)
	}
	return list
}

// titleOf is what a mention is known by.
func titleOf(m mood.Mention) string {
	for _, text := range []string{m.Title, m.Text, m.URL} {
		if text != "" {
			return clip(text, longestTitle)
		}
	}
	return ""
}

const longestTitle = 400 // characters: more than two lines on any wall

func clip(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}
