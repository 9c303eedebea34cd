package social

import (
	"context"
	"encoding/json"
	"net/url"
)

// listen takes in what a tag's stream brings: new posts, edits, and deletions,
// which an instance tells only those who listen.
func (s *mastodon) listen(ctx context.Context, d *Desk, c *mastodonCursor) error {
	at := s.streams(ctx, d).JoinPath("api/v1/streaming/hashtag")
	at.RawQuery = url.Values{"tag": {s.tag}}.Encode()
	resp, err := d.r.web.open(ctx, ask{url: at, etiquette: d.e.preset.etiquette(), token: s.token, accept: "text/event-stream"})
	if err != nil {
		return err
	}
	text, release := newLines(ctx, resp.Body)
	defer release()
	stream := newEvents(text)
	d.Open()
	// What was said between the last page and the opening of the line.
	if err := s.catchUp(ctx, d, c); err != nil {
		return err
	}
	since := c.Since
	return d.pump(ctx, s.silence, func(ctx context.Context) (came, error) {
		stop := context.AfterFunc(ctx, func() { _ = resp.Body.Close() })
		defer stop()
		e, err := stream.next()
		if err != nil {
			return came{}, lineEnded(ctx, err)
		}
		if e.retry > 0 {
			d.Retry(e.retry)
		}
		got := s.take(d, e)
		for _, p := range got.posts {
			if idLess(since, p) {
				since = p
			}
		}
		if len(got.posts) > 0 {
			got.cursor = mastodonCursor{Since: since}
		}
		return got.came, nil
	})
}

// streams is where an instance streams: large ones have a host of its own for
// that, and say so. One that doesn't say streams itself.
func (s *mastodon) streams(ctx context.Context, d *Desk) *url.URL {
	body, err := d.get(ctx, ask{url: s.at.JoinPath("api/v2/instance"), token: s.token, accept: "application/json"})
	if err != nil {
		return s.at
	}
	var about struct {
		Configuration struct {
			URLs struct {
				Streaming string `json:"streaming"`
			} `json:"urls"`
		} `json:"configuration"`
	}
	if json.Unmarshal(body, &about) != nil {
		return s.at
	}
	at, err := url.Parse(about.Configuration.URLs.Streaming)
	if err != nil || at.Host == "" {
		return s.at
	}
	switch at.Scheme { // it is told for WebSockets
	case "wss", "https":
		at.Scheme = "https"
	case "ws", "http":
		if s.at.Scheme == "https" {
			return s.at // a token doesn't leave TLS
		}
		at.Scheme = "http"
	default:
		return s.at
	}
	return &url.URL{Scheme: at.Scheme, Host: at.Host}
}

// heardPosts is what an event brought, with the ids of the posts in it.
type heardPosts struct {
	came
	posts []string
}

// take reads an event of a stream.
func (s *mastodon) take(d *Desk, e event) (got heardPosts) {
	switch e.name {
	case "update", "status.update":
		var p post
		if json.Unmarshal(e.data, &p) != nil || p.ID == "" {
			return got
		}
		if e.name == "update" {
			got.posts = []string{p.ID}
		}
		m, ok := s.mention(d, p)
		if m.Edited = e.name == "status.update"; ok {
			got.Mentions = append(got.Mentions, m)
		} else if m.Edited && m.ID != "" && d.Unsaid(m.Text) {
			got.Gone = []string{m.ID}
		}
	case "delete":
		var id string
		if json.Unmarshal(e.data, &id) != nil {
			id = string(e.data)
		}
		if id != "" && len(id) < 100 {
			got.Gone = []string{s.mentionID(id)}
		}
	}
	return got
}
