package social

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"agora/mood"
)

const (
	hackerNewsAt      = "https://hn.algolia.com/api/v1/search_by_date"
	hackerNewsPage    = 1000             // hits; the service gives no more of one search
	hackerNewsFirst   = 48 * time.Hour   // that the first round looks back
	hackerNewsOverlap = 15 * time.Minute // items are found a while after they were written
	hackerNewsKnown   = 2000
)

// hackerNews asks Algolia for the newest stories and comments about a brand.
type hackerNews struct {
	at       *url.URL
	searches [][]string
}

func openHackerNews(spec Spec) (Source, error) {
	at, err := webAddress(address(spec.URL, hackerNewsAt))
	if err != nil {
		return nil, err
	}
	return &hackerNews{at: at, searches: spec.Searches}, nil
}

// hackerNewsCursor is where to go on, for all searches together.
type hackerNewsCursor struct {
	Since int64   `json:"since"`           // Unix seconds: all up to then was delivered
	Known []int64 `json:"known,omitempty"` // items that were delivered of late
}

// Follow asks every search for what is new, and walks back where there is more
// than the service gives at once.
func (h *hackerNews) Follow(ctx context.Context, d *Desk) error {
	var c hackerNewsCursor
	if !d.Resume(&c) || c.Since == 0 {
		c = hackerNewsCursor{Since: d.now().Add(-hackerNewsFirst).Unix()}
	}
	known := make(map[int64]bool, len(c.Known))
	for _, id := range c.Known {
		known[id] = true
	}
	after := c.Since - int64(hackerNewsOverlap.Seconds())
	begun := d.now().Unix()
	for _, words := range h.searches {
		if err := h.walk(ctx, d, words, after, known, &c); err != nil {
			return err
		}
		if d.trial {
			return nil
		}
	}
	// By the clock, not by the newest item: what has no item for days isn't
	// looked for over days.
	c.Since = max(c.Since, begun)
	return d.Commit(ctx, Batch{}, c)
}

// walk reads all hits of a search after a time, the newest first. Where the
// service keeps some back, it asks for those before the oldest of the ones it
// gave.
func (h *hackerNews) walk(ctx context.Context, d *Desk, words []string, after int64, known map[int64]bool, c *hackerNewsCursor) error {
	walked, idle := map[int64]bool{}, 0
	for before := int64(0); ; {
		answer, err := h.ask(ctx, d, words, after, before)
		if err != nil {
			return err
		}
		var items []mood.Mention
		var newest time.Time
		oldest, news := int64(0), 0
		for i := range answer.Hits {
			hit := &answer.Hits[i]
			id, err := strconv.ParseInt(hit.ID, 10, 64)
			if err != nil || hit.CreatedAt <= 0 {
				continue
			}
			if oldest == 0 || hit.CreatedAt < oldest {
				oldest = hit.CreatedAt
			}
			if at := time.Unix(hit.CreatedAt, 0); at.After(newest) {
				newest = at
			}
			if !walked[id] {
				walked[id] = true
				news++
			}
			if known[id] {
				continue
			}
			known[id] = true
			c.Known = append(c.Known, id)
			if m, ok := hit.mention(d); ok {
				items = append(items, m)
			}
		}
		c.Known = c.Known[max(0, len(c.Known)-hackerNewsKnown):]
		d.Saw(len(answer.Hits), newest)
		if len(items) > 0 {
			// Since stays until all is read; what was delivered is known again.
			if err := d.Commit(ctx, Batch{Mentions: items}, c); err != nil {
				return err
			}
		}
		if news == 0 {
			idle++
		}
		switch {
		case idle > 1 || len(answer.Hits) == 0 || oldest == 0 || d.trial || len(answer.Hits) >= answer.Total:
			return nil
		case news == 0: // more of one second than the service gives
			before = oldest
		default:
			before = oldest + 1
		}
		if before <= after+1 {
			return nil
		}
	}
}

// algoliaAnswer is what a search found.
type algoliaAnswer struct {
	Hits  []algoliaHit `json:"hits"`
	Total int          `json:"nbHits"`
}

type algoliaHit struct {
	ID        string `json:"objectID"`
	CreatedAt int64  `json:"created_at_i"`
	Author    string `json:"author"`
	Title     string `json:"title"`
	Story     string `json:"story_text"`
	Comment   string `json:"comment_text"`
}

// ask searches for words between two times, Unix seconds; before 0: up to now.
func (h *hackerNews) ask(ctx context.Context, d *Desk, words []string, after, before int64) (*algoliaAnswer, error) {
	at := *h.at
	between := fmt.Sprintf("created_at_i>%d", after)
	if before > 0 {
		between += fmt.Sprintf(",created_at_i<%d", before)
	}
	q := at.Query()
	q.Set("query", strings.Join(words, " "))
	q.Set("tags", "(story,comment)")
	q.Set("numericFilters", between)
	q.Set("hitsPerPage", strconv.Itoa(hackerNewsPage))
	at.RawQuery = q.Encode()
	body, err := d.get(ctx, ask{url: &at, accept: "application/json"})
	if err != nil {
		return nil, err
	}
	var answer algoliaAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, garbled("its answer isn't one of Algolia's (%v)", err)
	}
	return &answer, nil
}

// mention makes one of a hit; false: it isn't wanted. A comment doesn't say what
// the title above it says.
func (h *algoliaHit) mention(d *Desk) (m mood.Mention, ok bool) {
	title := d.r.cfg.Kit.Text(h.Title)
	text := d.r.cfg.Kit.Text(h.Story + h.Comment)
	if title == "" && text == "" {
		return m, false
	}
	m = mood.Mention{
		ID: mood.MentionID("hacker-news", h.ID, "", "", ""), GUID: h.ID, Title: title, Text: clip(text, maxText),
		URL: "https://news.ycombinator.com/item?id=" + url.QueryEscape(h.ID), Outlet: "news.ycombinator.com",
		Author: h.Author, Published: time.Unix(h.CreatedAt, 0).UTC(), Sources: []string{d.spec.ID},
		Language: "en",
	}
	if !d.Names(title, text) {
		d.Pass(m)
		return m, false
	}
	return m, true
}

// webAddress reads an address of the web.
func webAddress(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no web address; it begins with https://, or http:// inside your house", s)
	}
	return u, nil
}
