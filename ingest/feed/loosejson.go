package feed

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	jsonfeed "github.com/mmcdole/gofeed/json"
)

// jsonIn gives the JSON of a document that is some, without what protects or
// calls it: a mark such as )]}' ahead, or a function's name and parentheses
// around (JSONP). It is nil for other documents.
func jsonIn(text []byte) []byte {
	text = bytes.TrimSpace(text)
	if len(text) == 0 || text[0] == '<' {
		return nil
	}
	for _, mark := range [...]string{")]}'", ")]}',", "while(1);", "while (1);", "for(;;);", "for (;;);", "/**/"} {
		if rest, ok := bytes.CutPrefix(text, []byte(mark)); ok {
			text = bytes.TrimLeft(rest, ", \t\r\n\ufeff")
		}
	}
	if len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return text
	}
	open := bytes.IndexByte(text[:min(len(text), 100)], '(')
	if open < 1 || bytes.ContainsAny(text[:open], "<> \t\r\n\"'") {
		return nil
	}
	inner := bytes.TrimSpace(text[open+1:])
	if len(inner) == 0 || inner[0] != '{' {
		return nil
	}
	return bytes.TrimRight(inner, "; \t\r\n)")
}

// withoutCommas leaves out the commas that have nothing after them, and the
// comments, which JSON knows neither of.
func withoutCommas(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end, len(text)-1)
			out = append(out, text[i:end+1]...)
			i = end
			continue
		case c == '/' && i+1 < len(text) && text[i+1] == '/':
			if end := bytes.IndexByte(text[i:], '\n'); end >= 0 {
				i += end
				continue
			}
			return out
		case c == '/' && i+1 < len(text) && text[i+1] == '*':
			if end := bytes.Index(text[i+2:], []byte("*/")); end >= 0 {
				i += end + 3
				continue
			}
			return out
		case c == '}' || c == ']':
			kept := bytes.TrimRight(out, " \t\r\n")
			if n := len(kept); n > 0 && kept[n-1] == ',' {
				out = kept[:n-1]
			}
		}
		out = append(out, c)
	}
	return out
}

// looseJSON reads a JSON Feed as publishers write it: numbers where texts
// belong, one object where a list belongs, texts for authors. It says what the
// document is when it is no feed, and ends early when ctx does.
func looseJSON(ctx context.Context, text []byte) (*jsonfeed.Feed, error) {
	var feed map[string]json.RawMessage
	if text[0] == '[' {
		return nil, fmt.Errorf("%w: this is a JSON list, not a JSON Feed", errNotAFeed)
	}
	err := json.Unmarshal(text, &feed)
	if err != nil {
		// One step of tolerance: commas and comments that don't belong.
		feed = nil
		if json.Unmarshal(withoutCommas(text), &feed) == nil {
			err = nil
		}
	}
	if err != nil {
		if !strings.Contains(string(text[:min(len(text), 4096)]), "jsonfeed.org") {
			return nil, fmt.Errorf("%w: the document begins like JSON and is none: %w", errNotAFeed, err)
		}
		return nil, fmt.Errorf("the document is broken JSON: %w", err)
	}
	rawItems, ok := feed["items"]
	if !ok {
		return nil, fmt.Errorf("%w: this is JSON without \"items\", not a JSON Feed", errNotAFeed)
	}
	var items []json.RawMessage
	if err := json.Unmarshal(rawItems, &items); err != nil {
		return nil, fmt.Errorf("%w: \"items\" of this JSON is no list", errNotAFeed)
	}
	if !saysFeed(feed, items) {
		return nil, fmt.Errorf("%w: this is JSON with \"items\", but without the \"version\" of a JSON Feed", errNotAFeed)
	}
	var b budget
	out := &jsonfeed.Feed{
		Version: looseText(feed["version"]), Title: looseText(feed["title"]), Language: looseText(feed["language"]),
		HomePageURL: looseText(feed["home_page_url"]), FeedURL: looseText(feed["feed_url"]),
		Authors: looseAuthors(feed["authors"], feed["author"]),
		Items:   make([]*jsonfeed.Item, 0, min(len(items), maxItems)),
	}
	for _, raw := range items {
		if err := b.item(); err != nil {
			return nil, err
		}
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		var item map[string]json.RawMessage
		if json.Unmarshal(raw, &item) != nil {
			continue // one item that is no object costs only itself
		}
		out.Items = append(out.Items, looseItem(item))
	}
	return out, nil
}

// saysFeed tells a JSON Feed from the many other answers that have "items":
// by its version, else by what only its parts are called.
func saysFeed(feed map[string]json.RawMessage, items []json.RawMessage) bool {
	if strings.Contains(looseText(feed["version"]), "jsonfeed.org") || feed["home_page_url"] != nil || feed["feed_url"] != nil {
		return true
	}
	for _, raw := range items[:min(len(items), 5)] {
		var item map[string]json.RawMessage
		if json.Unmarshal(raw, &item) == nil &&
			(item["content_html"] != nil || item["content_text"] != nil || item["date_published"] != nil) {
			return true
		}
	}
	return false
}

func looseItem(item map[string]json.RawMessage) *jsonfeed.Item {
	out := &jsonfeed.Item{
		ID: looseText(item["id"]), URL: looseText(item["url"]), ExternalURL: looseText(item["external_url"]),
		Title: looseText(item["title"]), ContentHTML: looseText(item["content_html"]), ContentText: looseText(item["content_text"]),
		Summary: looseText(item["summary"]), Language: looseText(item["language"]),
		DatePublished: looseText(item["date_published"]), DateModified: looseText(item["date_modified"]),
		Authors: looseAuthors(item["authors"], item["author"]),
	}
	var attachments []jsonfeed.Attachments
	for _, a := range looseList(item["attachments"]) {
		var fields map[string]json.RawMessage
		if json.Unmarshal(a, &fields) == nil {
			attachments = append(attachments, jsonfeed.Attachments{URL: looseText(fields["url"])})
		}
	}
	if attachments != nil {
		out.Attachments = &attachments
	}
	for _, raw := range looseList(item["tags"]) {
		if tag := looseText(raw); tag != "" {
			out.Tags = append(out.Tags, tag)
		}
	}
	return out
}

// looseText gives a text or a number as text.
func looseText(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

func looseList(raw json.RawMessage) []json.RawMessage {
	if len(raw) == 0 {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	if len(raw) > 0 && string(raw) != "null" {
		return []json.RawMessage{raw}
	}
	return nil
}

func looseAuthors(raws ...json.RawMessage) []*jsonfeed.Author {
	var authors []*jsonfeed.Author
	for _, raw := range raws {
		for _, one := range looseList(raw) {
			name := looseText(one)
			var fields map[string]json.RawMessage
			if name == "" && json.Unmarshal(one, &fields) == nil {
				name = looseText(fields["name"])
			}
			if name != "" {
				authors = append(authors, &jsonfeed.Author{Name: name})
			}
		}
	}
	return authors
}
