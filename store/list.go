package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

const (
	defaultLimit = 50
	maxLimit     = 500
	hoursAtOnce  = 24
)

// Mentions lists kept mentions that the filter selects, newest first. Several
// brands are merged: a mention of two of them is listed once, with both
// readings, if what the filter says of a reading holds for either. Total
// counts what is selected on all pages, without uncounted ones. What a person
// said isn't about the brand is listed among corrected ones alone, and not
// counted there. Folded, a story is one row: the newest of its mentions that the
// filter selects. A cursor names the last mention of a page, so that new ones
// don't shift the next.
func (s *Store) Mentions(ctx context.Context, f mood.Filter) (mood.MentionList, error) {
	list := mood.MentionList{Mentions: []mood.Mention{}, Tellers: map[string]int{}}
	brands, err := s.asked(f.Brands)
	if err != nil {
		return list, fmt.Errorf("list mentions: %w", err)
	}
	sel, err := s.selection(f)
	if err != nil {
		return list, fmt.Errorf("list mentions: %w", err)
	}
	now := s.now()
	s.tick(now)
	from, to := f.From, f.To
	if to.IsZero() || to.After(asOf(now)) {
		to = asOf(now)
	}
	if oldest := now.Add(-s.opts.KeepMentions - expireText); from.Before(oldest) {
		from = oldest
	}
	books, err := s.books(ctx, brands)
	if err != nil {
		return list, s.fail("list mentions", err)
	}
	sel.from, sel.to = from.UnixMilli(), to.UnixMilli()
	if from.After(time.UnixMilli(sel.from)) {
		sel.from++ // what lies before from by less than a millisecond is not in it
	}
	if to.After(time.UnixMilli(sel.to)) {
		sel.to++
	}
	page := pager{sel: sel, limit: f.Limit, list: &list, counted: map[string]bool{}}
	first, last := textHour(from), textHour(to.Add(-1))
	for last >= first {
		var wanted []wantedHour
		low := max(first, last-hoursAtOnce+1)
		for h := last; h >= low; h-- {
			for i, b := range brands {
				if n := books[i][num(h)]; n != "" && n != "0" {
					wanted = append(wanted, wantedHour{textKey(b.ID, h), books[i][bookVersion+num(h)]})
				}
			}
		}
		texts, err := s.readHours(ctx, wanted)
		if err != nil {
			return list, s.fail("list mentions", err)
		}
		for h := last; h >= low; h-- {
			var perBrand [][]keptText
			for _, b := range brands {
				if t := texts[textKey(b.ID, h)]; len(t) > 0 {
					perBrand = append(perBrand, t)
				}
			}
			if err := page.hour(perBrand); err != nil {
				return list, fmt.Errorf("list mentions: %w", err)
			}
		}
		last = low - 1
	}
	for i := range list.Mentions {
		m := &list.Mentions[i]
		m.Copies = max(0, list.Tellers[value(m.Story)]-1)
	}
	return list, nil
}

// books reads the books of brands' texts.
func (s *Store) books(ctx context.Context, brands []mood.Brand) ([]map[string]string, error) {
	pipe := s.read.Pipeline()
	replies := make([]*redis.MapStringStringCmd, len(brands))
	for i, b := range brands {
		replies[i] = pipe.HGetAll(ctx, bookKey(b.ID))
	}
	if len(brands) > 0 {
		if _, err := pipe.Exec(ctx); err != nil {
			return nil, err
		}
	}
	books := make([]map[string]string, len(brands))
	for i, r := range replies {
		books[i] = r.Val()
	}
	return books, nil
}

// pager puts one page together, and counts what is on all of them.
type pager struct {
	sel   *selection
	limit int
	list  *mood.MentionList
	full  bool

	counted map[string]bool // stories
}

// hour goes through the texts of one hour, a list for each brand.
func (p *pager) hour(perBrand [][]keptText) error {
	heads := make([]int, len(perBrand))
	var same []*keptText
	for {
		// The newest of what is left, with the same mention of other brands.
		same = same[:0]
		for i, texts := range perBrand {
			if heads[i] == len(texts) {
				continue
			}
			t := &texts[heads[i]]
			if len(same) > 0 {
				c := newest(t.published.UnixMilli(), t.id, same[0].published.UnixMilli(), same[0].id)
				if c > 0 {
					continue
				}
				if c < 0 {
					same = same[:0]
				}
			}
			same = append(same, t)
		}
		if len(same) == 0 {
			return nil
		}
		for i, texts := range perBrand {
			if heads[i] < len(texts) && texts[heads[i]].id == same[0].id && texts[heads[i]].published.Equal(same[0].published) {
				heads[i]++
			}
		}
		if err := p.offer(same); err != nil {
			return err
		}
	}
}

func (p *pager) offer(same []*keptText) error {
	selected, counted := false, false
	for _, t := range same {
		if selected && !t.counted() {
			continue
		}
		ok, err := p.sel.holds(t)
		if err != nil {
			return err
		}
		if ok {
			selected, counted = true, t.counted()
		}
		if counted {
			break
		}
	}
	if !selected {
		return nil
	}
	if counted {
		p.list.Total++
	}
	if p.tell(same[0].story, counted) && p.sel.Fold {
		return nil // a newer one stands for it
	}
	millis := same[0].published.UnixMilli()
	if p.full || p.sel.cursorID != "" && newest(millis, same[0].id, p.sel.cursorMillis, p.sel.cursorID) <= 0 {
		return nil
	}
	if len(p.list.Mentions) == p.limitOf() {
		last := p.list.Mentions[len(p.list.Mentions)-1]
		p.list.Next = num(last.Published.UnixMilli()) + "." + last.ID
		p.full = true
		return nil
	}
	m, err := merge(same)
	if err != nil {
		return err
	}
	p.list.Mentions = append(p.list.Mentions, m)
	return nil
}

// tell counts the story of a mention, and says whether it was told by a newer
// one.
func (p *pager) tell(story string, counted bool) (told bool) {
	if story == "" {
		if counted {
			p.list.Stories++
		}
		return false
	}
	p.list.Tellers[story]++
	if counted && !p.counted[story] {
		p.counted[story] = true
		p.list.Stories++
	}
	return p.list.Tellers[story] > 1
}

func (p *pager) limitOf() int {
	switch {
	case p.limit <= 0:
		return defaultLimit
	default:
		return min(p.limit, maxLimit)
	}
}

// merge makes one mention of what is kept of it for several brands.
func merge(same []*keptText) (mood.Mention, error) {
	m, err := parseText(same[0].body)
	if err != nil {
		return m, err
	}
	for _, t := range same[1:] {
		other, err := parseText(t.body)
		if err != nil {
			return m, err
		}
		for brand, r := range other.Readings {
			m.Readings[brand] = r
		}
		m.Sources = values(append(m.Sources, other.Sources...), maxSources)
	}
	return m, nil
}

// selection is a filter made ready.
type selection struct {
	mood.Filter
	loc          *time.Location
	from, to     int64 // milliseconds
	words        []string
	cursorMillis int64
	cursorID     string
}

func (s *Store) selection(f mood.Filter) (*selection, error) {
	sel := &selection{Filter: f, loc: s.opts.Location}
	switch f.PlaceKind {
	case "", "about", "from", "origin":
	default:
		return nil, fmt.Errorf("place %q: %w: use about, from or origin", f.PlaceKind, mood.ErrInvalid)
	}
	if f.Cursor != "" {
		millis, id, ok := strings.Cut(f.Cursor, ".")
		n, err := strconv.ParseInt(millis, 10, 64)
		if !ok || err != nil || id == "" {
			return nil, fmt.Errorf("cursor %q: %w: use the one that the page before gave as next", f.Cursor, mood.ErrInvalid)
		}
		sel.cursorMillis, sel.cursorID = n, id
	}
	sel.Outlet, sel.Source, sel.Topic = value(f.Outlet), value(f.Source), value(f.Topic)
	sel.Country, sel.Language, sel.Story = value(f.Country), value(f.Language), value(f.Story)
	sel.words = strings.Fields(strings.ToLower(f.Text))
	return sel, nil
}

// holds says whether a kept text is selected.
func (sel *selection) holds(t *keptText) (bool, error) {
	millis := t.published.UnixMilli()
	switch {
	case millis < sel.from || millis >= sel.to,
		len(sel.Labels) > 0 && (t.unrelated || !slices.Contains(sel.Labels, t.label)),
		t.unrelated && (sel.Corrected == nil || !*sel.Corrected),
		sel.Outlet != "" && t.outlet != sel.Outlet,
		sel.Source != "" && !slices.Contains(t.sources, sel.Source),
		sel.Language != "" && t.language != asKept(sel.Language),
		sel.Topic != "" && !slices.Contains(t.topics, sel.Topic),
		sel.Story != "" && t.story != sel.Story,
		sel.Corrected != nil && t.corrected != *sel.Corrected,
		sel.Country != "" && !sel.in(t):
		return false, nil
	}
	if sel.Hour != nil || sel.Weekday != nil {
		local := t.published.In(sel.loc)
		if sel.Hour != nil && local.Hour() != *sel.Hour || sel.Weekday != nil && weekday(local) != *sel.Weekday {
			return false, nil
		}
	}
	if len(sel.words) == 0 {
		return true, nil
	}
	m, err := parseText(t.body)
	if err != nil {
		return false, err
	}
	text := strings.ToLower(m.Title + "\n" + m.Text)
	for _, w := range sel.words {
		if !strings.Contains(text, w) {
			return false, nil
		}
	}
	return true, nil
}

// in says whether a text is of the country that is asked for.
func (sel *selection) in(t *keptText) bool {
	country := asKept(sel.Country)
	switch sel.PlaceKind {
	case "about":
		if country == "" {
			return len(t.about) == 0
		}
		return slices.Contains(t.about, country)
	case "origin":
		return t.origin == country
	default:
		return t.from == country
	}
}

// asKept is a value as kept: none is kept as nothing.
func asKept(s string) string {
	if s == none {
		return ""
	}
	return s
}

// weekday counts from Monday = 0.
func weekday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }
