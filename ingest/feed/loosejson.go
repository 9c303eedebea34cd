package feed

import (
	"encoding/json"
	"fmt"
	"strings"
)

// loosenJSON makes a strict JSON Feed of what publishers write: numbers where
// texts belong, one object where a list belongs, texts for authors. It says
// what the document is when it is no feed.
func loosenJSON(text []byte) ([]byte, error) {
	var feed map[string]json.RawMessage
	if text[0] == '[' {
		return nil, fmt.Errorf("%w: this is a JSON list, not a JSON Feed", errNotAFeed)
	}
	if err := json.Unmarshal(text, &feed); err != nil {
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
	var b budget
	loose := make([]map[string]any, 0, len(items))
	for _, raw := range items {
		if err := b.item(); err != nil {
			return nil, err
		}
		var item map[string]json.RawMessage
		if json.Unmarshal(raw, &item) != nil {
			continue // one item that is no object costs only itself
		}
		loose = append(loose, looseItem(item))
	}
	out := map[string]any{"items": loose}
	for _, name := range [...]string{"version", "title", "home_page_url", "feed_url", "language"} {
		out[name] = looseText(feed[name])
	}
	out["authors"] = looseAuthors(feed["authors"], feed["author"])
	return json.Marshal(out)
}

func looseItem(item map[string]json.RawMessage) map[string]any {
	out := map[string]any{}
	for _, name := range [...]string{
		"id", "url", "external_url", "title", "content_html", "content_text", "summary",
		"date_published", "date_modified", "language",
	} {
		if s := looseText(item[name]); s != "" {
			out[name] = s
		}
	}
	out["authors"] = looseAuthors(item["authors"], item["author"])
	var attachments []map[string]string
	for _, a := range looseList(item["attachments"]) {
		var fields map[string]json.RawMessage
		if json.Unmarshal(a, &fields) == nil {
			attachments = append(attachments, map[string]string{"url": looseText(fields["url"])})
		}
	}
	var tags []string
	for _, raw := range looseList(item["tags"]) {
		if tag := looseText(raw); tag != "" {
			tags = append(tags, tag)
		}
	}
	if tags != nil {
		out["tags"] = tags
	}
	if attachments != nil {
		out["attachments"] = attachments
	}
	return out
}

// looseText gives a text or a number as text.
func looseText(raw json.RawMessage) string {
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
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	if len(raw) > 0 && string(raw) != "null" {
		return []json.RawMessage{raw}
	}
	return nil
}

func looseAuthors(raws ...json.RawMessage) []map[string]string {
	var authors []map[string]string
	for _, raw := range raws {
		for _, one := range looseList(raw) {
			name := looseText(one)
			var fields map[string]json.RawMessage
			if name == "" && json.Unmarshal(one, &fields) == nil {
				name = looseText(fields["name"])
			}
			if name != "" {
				authors = append(authors, map[string]string{"name": name})
			}
		}
	}
	return authors
}
