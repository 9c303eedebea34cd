package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"agora/mood"
)

const (
	mostStories = 3
	pageSize    = 500 // the most that a list gives at once
	mostPages   = 20
)

// told is a story in the making.
type told struct {
	first  mood.Mention // the earliest that can be linked to, else the earliest
	copies int
	labels [4]int
	score  float64
	brands map[string]bool
}

// stories finds what was told most, and with most feeling, among the texts that
// are kept of some brands. whole is false where the lists went on beyond what
// was read.
func stories(ctx context.Context, src Source, b *mood.Board) (list []told, whole bool, err error) {
	byKey := map[string]*told{}
	f := mood.Filter{Brands: b.Order, From: b.From, To: b.To, Limit: pageSize}
	for range mostPages {
		page, err := src.Mentions(ctx, f)
		if err != nil {
			return nil, false, fmt.Errorf("read mentions: %w", err)
		}
		for _, m := range page.Mentions {
			tell(byKey, m, b.Order)
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			whole = true
			break
		}
	}
	for _, s := range byKey {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b told) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), b.first.Published.Compare(a.first.Published), cmp.Compare(a.first.ID, b.first.ID))
	})
	return list[:min(mostStories, len(list))], whole, nil
}

func tell(byKey map[string]*told, m mood.Mention, brands []string) {
	key := storyKey(m)
	if key == "" || m.Uncounted {
		return
	}
	var score float64
	var of []string
	labels := [4]int{}
	for _, id := range brands {
		r, ok := m.Readings[id]
		if !ok || r.Irrelevant {
			continue
		}
		of = append(of, id)
		if math.Abs(r.Score) >= math.Abs(score) {
			score = r.Score
		}
		if r.Label >= 0 && int(r.Label) < len(labels) {
			labels[r.Label]++
		}
	}
	if len(of) == 0 {
		return
	}
	s := byKey[key]
	if s == nil {
		s = &told{brands: map[string]bool{}, first: m}
		byKey[key] = s
	}
	linked, was := webLink(m.URL) != "", webLink(s.first.URL) != ""
	if linked != was && linked || linked == was && m.Published.Before(s.first.Published) {
		s.first = m
	}
	s.copies++
	s.score += score
	for i, n := range labels {
		s.labels[i] += n
	}
	for _, id := range of {
		s.brands[id] = true
	}
}

// weight orders stories: by how many told them, and how strongly they feel.
func (s told) weight() float64 {
	return float64(s.copies) * (1 + 3*math.Abs(s.score/float64(s.copies)))
}

// label is the one that most copies have; where two have as many, the score
// decides.
func (s told) label() mood.Label {
	best := mood.Neutral
	if s.score > 0 {
		best = mood.Positive
	} else if s.score < 0 {
		best = mood.Negative
	}
	for l := range s.labels {
		if s.labels[l] > s.labels[best] {
			best = mood.Label(l)
		}
	}
	return best
}

// storyKey is the same for texts of one story: its id, else the title in plain
// words, without the name of the outlet that aggregators put behind it.
func storyKey(m mood.Mention) string {
	if m.Story != "" {
		return "story " + m.Story
	}
	title := m.Title
	if strings.TrimSpace(title) == "" {
		title = clip(m.Text, 120)
	}
	for _, mark := range []string{" - ", " – ", " — ", " | "} {
		i := strings.LastIndex(title, mark)
		if i > 0 && len(strings.Fields(title[i+len(mark):])) <= 4 && len(strings.Fields(title[:i])) >= 4 {
			title = title[:i]
			break
		}
	}
	return strings.Join(strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}), " ")
}

// webLink is an address that may be linked to, or nothing: any other scheme
// could run a script.
func webLink(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

// clean makes a text of a feed fit to be shown: on one line, and without the
// marks that turn the direction of writing, with which one text could pass for
// another.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f', r == '\ufeff':
			return -1
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.Join(strings.Fields(s), " ")
}

// clip cuts a text to so many characters.
func clip(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return strings.TrimSpace(string(runes[:most-1])) + "…"
}
