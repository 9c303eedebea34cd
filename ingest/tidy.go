package ingest

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"agora/ingest/feed"
	"agora/mood"
)

// The bounds of a date that is believed: nothing on the web is older than
// earliestYear, and a clock further ahead than this is wrong: it counts as now.
const (
	earliestYear = 1990
	ahead        = 15 * time.Minute
)

// tidy makes a mention fit to be counted and kept: bounded text, an identity,
// a date that can be believed. Its texts are plain and its address canonical
// already: each way in cleans what it takes, once.
func tidy(m mood.Mention, now time.Time) mood.Mention {
	m.Title = cut(m.Title, longestTitle)
	m.Text = cut(m.Text, longestText)
	m.Author = cut(m.Author, longestName)
	if len(m.Categories) > 0 {
		kept := make([]string, 0, mostCategories)
		for _, c := range m.Categories[:min(len(m.Categories), mostCategories)] {
			kept = append(kept, cut(c, longestCategory))
		}
		m.Categories = kept
	}
	if m.Outlet == "" && m.URL != "" {
		m.Outlet = feed.Outlet(m.URL)
	}
	m.Outlet = cut(strings.ToLower(strings.TrimSpace(m.Outlet)), longestName)
	if m.ID == "" {
		source := ""
		if len(m.Sources) > 0 {
			source = m.Sources[0]
		}
		m.ID = mood.MentionID(source, m.GUID, m.URL, m.Title, m.Text)
	}
	m.Seen = now.UTC()
	switch {
	case m.Published.IsZero() || m.Published.Year() < earliestYear:
		m.Published, m.Undated = m.Seen, true
	case m.Published.After(now.Add(ahead)):
		m.Published = m.Seen
	}
	m.Published = m.Published.UTC()
	return m
}

// cut shortens s to at most n code points, at a word's end where one is near.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	end, runes, space := 0, 0, -1
	for i, r := range s {
		if runes == n-1 {
			end = i
			break
		}
		if unicode.IsSpace(r) {
			space = i
		}
		runes++
	}
	if space > end*9/10 {
		end = space
	}
	return s[:end] + "…"
}
