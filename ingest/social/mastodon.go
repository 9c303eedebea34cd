package social

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/mood"
)

const (
	mastodonPage   = 40               // the most that an instance gives at once
	mastodonFirst  = 5                // pages that are read of what was there before
	mastodonSince  = 24 * time.Hour   // how far these go back
	mastodonLate   = 10 * time.Minute // posts of other instances arrive under ids of the time when they were written
	mastodonRecent = 1000             // posts that are known again without asking the store
)

// mastodon reads the time line of a tag on an instance. With the token of a
// user it listens to it as well (see mastodonlive.go).
type mastodon struct {
	at      *url.URL // of the instance
	tag     string
	token   string
	silence time.Duration
}

func openMastodon(spec Spec) (Source, error) {
	at, err := url.Parse(spec.URL)
	if err != nil || at.Host == "" {
		return nil, fmt.Errorf("%q is no address of an instance", spec.URL)
	}
	at = &url.URL{Scheme: at.Scheme, Host: at.Host} // the page of the tag is for people
	return &mastodon{at: at, tag: spec.Tag, token: spec.Token, silence: spec.Silence}, nil
}

// mastodonCursor is where to go on. A walk is under way when there is more than
// one page to read: it goes from the newest posts back to Since, over as many
// rounds and restarts as it takes.
type mastodonCursor struct {
	Since string            `json:"since"`           // all up to this id was delivered
	Walk  *mastodonWalk     `json:"walk,omitempty"`  // nil: none
	Known map[string]string `json:"known,omitempty"` // ids of posts that were delivered of late: when each was edited
}

type mastodonWalk struct {
	Newest string `json:"newest"` // Since, once the walk is done
	Below  string `json:"below"`  // what is left has smaller ids
	Pages  int    `json:"pages"`
}

// Follow reads what is new; with a token it listens from then on.
func (s *mastodon) Follow(ctx context.Context, d *Desk) error {
	var c mastodonCursor
	d.Resume(&c)
	if err := s.catchUp(ctx, d, &c); err != nil {
		return err
	}
	if s.token == "" {
		return nil
	}
	return s.listen(ctx, d, &c)
}

// catchUp reads the pages between the newest post and the ones that were
// delivered before.
func (s *mastodon) catchUp(ctx context.Context, d *Desk, c *mastodonCursor) error {
	if c.Known == nil {
		c.Known = map[string]string{}
	}
	first := c.Since == ""
	w := c.Walk
	if w == nil {
		w = &mastodonWalk{}
	}
	for {
		posts, err := s.page(ctx, d, c.Since, w.Below)
		if err != nil {
			return err
		}
		items, unsaid, newest, fresh := s.read(d, c, posts)
		below := w.Below
		d.Saw(len(posts), newest)
		for _, p := range posts {
			if idLess(w.Newest, p.ID) {
				w.Newest = p.ID
			}
			if w.Below == "" || idLess(p.ID, w.Below) {
				w.Below = p.ID
			}
		}
		w.Pages++
		// A page may be short because posts on it are hidden from us, and one
		// without news may have late ones below it.
		done := len(posts) == 0 || fresh == 0 && len(posts) < mastodonPage || d.trial
		done = done || w.Below == below // it gives what it gave, whatever it is asked for
		if first && len(posts) > 0 {
			oldest := posts[len(posts)-1].CreatedAt
			done = done || w.Pages >= mastodonFirst || d.now().Sub(oldest) > mastodonSince
		}
		if c.Walk = w; done {
			if idLess(c.Since, w.Newest) {
				c.Since = w.Newest
			}
			c.Walk = nil
		}
		c.forget()
		if err := d.Commit(ctx, Batch{Mentions: items, Gone: unsaid}, c); err != nil {
			return err
		}
		if done {
			return nil
		}
	}
}

// page asks for the newest posts above one id and below another.
func (s *mastodon) page(ctx context.Context, d *Desk, since, below string) ([]post, error) {
	at := s.at.JoinPath("api/v1/timelines/tag", s.tag)
	q := url.Values{"limit": {strconv.Itoa(mastodonPage)}}
	if since != "" {
		q.Set("since_id", earlier(since, mastodonLate))
	}
	if below != "" {
		q.Set("max_id", below)
	}
	at.RawQuery = q.Encode()
	body, err := d.get(ctx, ask{url: at, token: s.token, accept: "application/json"})
	if err != nil {
		return nil, err
	}
	var list []json.RawMessage
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, garbled("its time line isn't one (%v)", err)
	}
	posts := make([]post, 0, len(list))
	for _, raw := range list {
		var p post
		if json.Unmarshal(raw, &p) == nil && p.ID != "" { // one that can't be read hides no other
			posts = append(posts, p)
		}
	}
	return posts, nil
}

// post is a status of Mastodon.
type post struct {
	ID         string    `json:"id"`
	URI        string    `json:"uri"`
	URL        string    `json:"url"`
	CreatedAt  time.Time `json:"created_at"`
	EditedAt   string    `json:"edited_at"`
	Visibility string    `json:"visibility"`
	Language   string    `json:"language"`
	Spoiler    string    `json:"spoiler_text"`
	Content    string    `json:"content"`
	Account    struct {
		Acct string `json:"acct"`
		URL  string `json:"url"`
	} `json:"account"`
	Reblog json.RawMessage `json:"reblog"`
}

// read makes mentions of posts that weren't delivered before, or were edited
// since, the oldest first, and counts those. Unsaid are the ids of those that
// name no brand any more.
func (s *mastodon) read(d *Desk, c *mastodonCursor, posts []post) (items []mood.Mention, unsaid []string, newest time.Time, fresh int) {
	for _, p := range slices.Backward(posts) {
		if p.CreatedAt.After(newest) {
			newest = p.CreatedAt
		}
		edited, known := c.Known[p.ID]
		if known && edited == p.EditedAt {
			continue
		}
		c.Known[p.ID] = p.EditedAt
		fresh++
		m, ok := s.mention(d, p)
		if m.Edited = known; ok {
			items = append(items, m)
		} else if m.Edited && m.ID != "" && d.Unsaid(m.Text) {
			unsaid = append(unsaid, m.ID)
		}
	}
	return items, unsaid, newest, fresh
}

// mention makes one of a post; false: it isn't wanted. It has an id if it may have
// been, before it was edited.
func (s *mastodon) mention(d *Desk, p post) (m mood.Mention, ok bool) {
	if p.Visibility != "" && p.Visibility != "public" && p.Visibility != "unlisted" || len(p.Reblog) > 0 && string(p.Reblog) != "null" {
		return m, false
	}
	text := d.r.cfg.Kit.Text(p.Content)
	if p.Spoiler != "" {
		text = strings.TrimSpace(d.r.cfg.Kit.plain(p.Spoiler) + "\n\n" + text)
	}
	text = clip(text, maxText)
	var languages []string
	if l := primary(p.Language); l != "" {
		languages = []string{l}
	}
	if text == "" || !d.Speaks(languages...) {
		return m, false
	}
	m = mood.Mention{
		ID: s.mentionID(p.ID), GUID: p.URI, Text: text, Sources: []string{d.spec.ID}, Published: p.CreatedAt.UTC(),
		Author: p.Account.Acct, Language: primary(p.Language),
	}
	if m.Author != "" && !strings.Contains(m.Author, "@") {
		m.Author += "@" + s.at.Hostname()
	}
	for _, address := range [...]string{p.URL, p.URI} {
		if m.URL = d.r.cfg.Kit.Canonical(address); m.URL != "" {
			break
		}
	}
	if !d.Names("", text) {
		d.Pass(m)
		return m, false
	}
	return m, true
}

// mentionID names a post by what an instance says of it when it is deleted.
func (s *mastodon) mentionID(id string) string {
	return mood.MentionID("mastodon "+strings.ToLower(s.at.Host), id, "", "", "")
}

// forget bounds what is known, oldest posts first.
func (c *mastodonCursor) forget() {
	if len(c.Known) <= mastodonRecent {
		return
	}
	ids := make([]string, 0, len(c.Known))
	for id := range c.Known {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		switch {
		case idLess(a, b):
			return -1
		case idLess(b, a):
			return 1
		}
		return 0
	})
	for _, id := range ids[:len(ids)-mastodonRecent*3/4] {
		delete(c.Known, id)
	}
}

// idLess orders ids of posts: numbers of any length, or texts of one.
func idLess(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

// earlier is the id of a post that was written some time before that of another.
// Ids hold the time in milliseconds above their lowest 16 bits; those of other
// software, which are told by being too small, stay as they are.
func earlier(id string, by time.Duration) string {
	n, err := strconv.ParseUint(id, 10, 63)
	if err != nil || n < 1e17 {
		return id
	}
	return strconv.FormatUint(n-uint64(by.Milliseconds())<<16, 10)
}
