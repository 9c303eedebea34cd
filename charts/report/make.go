package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"agora/mood"
)

// mostSections is the number of brands up to which each has a section of its
// own; of more it is told of the most changed ones what moved their mood.
const mostSections = 5

// Make works out a report on some brands (none: all that are watched), as of a
// time (none: now). Where counts are kept too coarsely for that time, the
// report is of the full hour, or day, before it. The error is the source's.
func Make(ctx context.Context, src Source, brands []string, w mood.Window, asOf time.Time, links Links) (*Content, error) {
	w = rounded(w)
	b, err := boardAt(ctx, src, brands, w, asOf)
	if err != nil {
		return nil, fmt.Errorf("make a report: %w", err)
	}
	before, err := src.Board(ctx, brands, w, b.From)
	if errors.Is(err, mood.ErrGone) || errors.Is(err, mood.ErrInvalid) {
		before, err = nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("make a report: read the window before: %w", err)
	}
	if len(b.Order) == 0 {
		b.Order = slices.Sorted(maps.Keys(b.Brands))
	}
	harmless(b)
	c := &Content{Window: w.Name, From: b.From, To: b.To, Zone: b.Timezone, Sources: src.Coverage(), Stories: []Story{}, Share: []Share{}}
	loc := zone(b)
	c.From, c.To, c.Earlier = b.From.In(loc), b.To.In(loc), w.From(b.From, loc).In(loc)
	c.Links = links.of(b)
	for _, id := range b.Order {
		c.Brands = append(c.Brands, c.brand(id, b, before, w))
		c.Mentions += c.Brands[len(c.Brands)-1].Now.Mentions
	}
	judge(c.Brands)
	c.sectioned = len(c.Brands) <= mostSections
	if !c.sectioned {
		slices.SortStableFunc(c.Brands, func(a, b Brand) int { return cmp.Compare(b.Now.Mentions, a.Now.Mentions) })
		keepMoved(c.Brands)
	}
	c.say()
	found, whole, err := stories(ctx, src, b)
	if err != nil {
		return nil, fmt.Errorf("make a report: %w", err)
	}
	c.tell(found, b, loc)
	c.StoriesNote = storiesNote(b.MentionsSince, c.From, c.Mentions, len(found), whole)
	c.share(b)
	if err := c.draw(b); err != nil {
		return nil, fmt.Errorf("make a report: %w", err)
	}
	c.fine(before)
	return c, nil
}

// inCharts is how long a brand's name may be in a chart, beside which it stands.
const inCharts = 32

// harmless leaves out colours that are none, since they end in style sheets,
// and what is too long of names that charts show.
func harmless(b *mood.Board) {
	known := maps.Clone(b.Names)
	for id, brand := range known {
		if _, ok := colour(brand.Color); !ok || len(brand.Color) != 7 {
			brand.Color = ""
		}
		brand.Name = clip(clean(brand.Name), 120)
		known[id] = brand
	}
	b.Names = known
	b.Share = slices.Clone(b.Share)
	for i, r := range b.Share {
		if _, ok := colour(r.Color); !ok || len(r.Color) != 7 {
			b.Share[i].Color = ""
		}
		b.Share[i].Name = clip(clean(r.Name), 120)
	}
}

// rounded gives the window points that are long enough for counts of the
// window before to be kept to its edges, and not too many to print.
func rounded(w mood.Window) mood.Window {
	switch w.Name {
	case "24h":
		w.Step = time.Hour
	case "30d":
		w.Step = 24 * time.Hour
	}
	return w
}

// boardAt gives the board as of a time, or of the full minute, hour or day
// before it.
func boardAt(ctx context.Context, src Source, brands []string, w mood.Window, at time.Time) (*mood.Board, error) {
	b, err := src.Board(ctx, brands, w, at)
	if at.IsZero() || !errors.Is(err, mood.ErrInvalid) {
		return b, err
	}
	for _, unit := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour} {
		// A window that spans nothing begins at the last full unit.
		full := mood.Window{Step: unit}.From(at, at.Location())
		if b, again := src.Board(ctx, brands, w, full); again == nil {
			return b, nil
		} else if !errors.Is(again, mood.ErrInvalid) {
			return nil, again
		}
	}
	return nil, err
}

// zone is the clock of a board.
func zone(b *mood.Board) *time.Location {
	if loc := b.From.Location(); loc.String() == b.Timezone {
		return loc
	}
	if loc, err := time.LoadLocation(b.Timezone); err == nil {
		return loc
	}
	return time.UTC
}

// brand works out one brand's part, but for what depends on the others.
func (c *Content) brand(id string, b, before *mood.Board, w mood.Window) Brand {
	now := b.Brands[id]
	if now == nil {
		now = &mood.BrandBoard{}
	}
	watched := b.Names[id]
	out := Brand{
		ID: id, Name: cmp.Or(watched.Name, clean(id)), Color: watched.Color, Now: now.Total, Before: now.Before, Usual: now.Baseline,
		Link: c.Links.page(id, c.Window),
	}
	for _, row := range b.Share {
		if row.Key == id {
			out.Share = row.Share
		}
	}
	was := &mood.BrandBoard{}
	if before != nil && before.Brands[id] != nil {
		was = before.Brands[id]
		out.Before = was.Total
	}
	b1, b0 := sampleOf(counts(out.Now.Tally()), now.Series), sampleOf(counts(out.Before.Tally()), was.Series)
	out.Mood = compareMoods(b0, b1)
	out.Volume = compareVolumes(
		span{c.Earlier, c.From, was.Series, out.Before.Mentions}, span{c.From, c.To, now.Series, out.Now.Mentions}, w, now.Baseline)
	if before != nil && out.Now.Mentions > 0 && out.Before.Mentions > 0 {
		for _, d := range dimensions() {
			out.Moved = append(out.Moved, d.split(was, now, b0, b1))
		}
		mark(out.Moved)
	}
	return out
}

// judge says which changes of brands are significant, all being one family.
func judge(brands []Brand) {
	var p []float64
	var tested []bool
	for _, b := range brands {
		p, tested = append(p, b.Mood.P, b.Volume.P), append(tested, b.Mood.Tested, b.Volume.Tested)
	}
	holds := holm(p, tested, Level)
	for i := range brands {
		m, v := &brands[i].Mood, &brands[i].Volume
		m.Significant = holds[2*i] && math.Abs(m.By) >= 100*leastMood
		v.Significant = holds[2*i+1] && math.Abs(v.By) >= leastVolume
	}
}

// say puts everything into sentences.
func (c *Content) say() {
	names := make([]string, len(c.Brands))
	tested, compared := false, false
	c.Verdict = Silent
	for i := range c.Brands {
		b := &c.Brands[i]
		names[i] = b.Name
		b.Sentence = headlineOf(*b, c.Window)
		tested = tested || b.Mood.Tested || b.Volume.Tested
		compared = compared || b.Before.Mentions > 0
		switch {
		case b.Mood.Significant || b.Volume.Significant:
			c.Verdict = Changed
		case c.Verdict != Changed && b.Now.Mentions+b.Before.Mentions > 0:
			c.Verdict = Unchanged
		}
	}
	switch {
	case c.Verdict != Unchanged || tested:
	case compared:
		c.Verdict = TooFew
	default:
		c.Verdict = Alone
	}
	c.Title = titleOf(names, c.Window)
	switch len(c.Brands) {
	case 0:
		c.Headline = "No brand is watched yet."
	case 1:
		c.Headline = c.Brands[0].Sentence
	default:
		c.Headline = headlineOfMany(c.Brands, c.Window)
	}
	c.Details = []string{}
	if len(c.Brands) == 1 {
		for _, d := range []string{movedBy(c.Brands[0]), usualOf(c.Brands[0])} {
			if d != "" {
				c.Details = append(c.Details, d)
			}
		}
	}
	c.Subject = subjectOf(c)
}

func (c *Content) tell(found []told, b *mood.Board, loc *time.Location) {
	for _, s := range found {
		story := Story{
			Title: clip(clean(cmp.Or(clean(s.first.Title), s.first.Text)), 200), Outlet: clean(s.first.Outlet), Published: s.first.Published.In(loc),
			Link: webLink(s.first.URL), Label: s.label(), Copies: s.copies, Language: s.first.Language,
		}
		for _, brand := range c.Brands {
			if s.brands[brand.ID] {
				story.Brands = append(story.Brands, brand.Name)
			}
		}
		c.Stories = append(c.Stories, story)
	}
}

// of keeps the links that may be followed, and makes those that can be made.
func (l Links) of(b *mood.Board) Links {
	l.Base, l.Page = strings.TrimRight(webLink(l.Base), "/"), webLink(l.Page)
	if l.Page == "" && l.Base != "" {
		l.Page = l.page(strings.Join(b.Order[:min(1, len(b.Order))], ""), b.Window)
	}
	return l
}

// page is the live page of one brand, or nothing.
func (l Links) page(brand, window string) string {
	if l.Base == "" {
		return ""
	}
	return l.Base + "/?" + url.Values{"brand": {brand}, "window": {window}}.Encode()
}
