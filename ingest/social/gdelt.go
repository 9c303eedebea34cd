package social

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/mood"
)

const (
	gdeltAt      = "https://api.gdeltproject.org/api/v2/doc/doc"
	gdeltPage    = 250            // articles; the service gives no more
	gdeltFirst   = 24 * time.Hour // that the first round looks back
	gdeltMost    = 60 * day       // it knows the last three months
	gdeltOverlap = time.Hour      // articles are listed up to an hour after they were seen
	gdeltTime    = "20060102150405"
	gdeltSteps   = 24 // requests of one walk; each takes its five seconds
	gdeltKnown   = 3000
)

// gdelt asks GDELT's index of the world's news sites.
type gdelt struct {
	at      *url.URL
	queries []string
}

func openGDELT(spec Spec) (Source, error) {
	at, err := webAddress(address(spec.URL, gdeltAt))
	if err != nil {
		return nil, err
	}
	return &gdelt{at: at, queries: gdeltQueries(spec.Searches)}, nil
}

// gdeltQueries writes searches as GDELT understands them: words that belong
// together side by side, alternatives in one pair of parentheses, which it
// refuses around anything else.
func gdeltQueries(searches [][]string) []string {
	var single, queries []string
	for _, words := range searches {
		quoted := make([]string, len(words))
		for i, w := range words {
			if quoted[i] = strings.ReplaceAll(w, `"`, ""); strings.ContainsFunc(w, isNoLetter) {
				quoted[i] = `"` + quoted[i] + `"`
			}
		}
		if len(words) == 1 {
			single = append(single, quoted[0])
			continue
		}
		queries = append(queries, strings.Join(quoted, " "))
	}
	switch len(single) {
	case 0:
	case 1:
		queries = append(queries, single[0])
	default:
		queries = append(queries, "("+strings.Join(single, " OR ")+")")
	}
	slices.Sort(queries)
	return queries
}

func isNoLetter(r rune) bool {
	return r < 0x80 && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
}

// gdeltCursor is where to go on.
type gdeltCursor struct {
	Since int64    `json:"since"` // Unix seconds: all that was seen up to then was delivered
	Known []string `json:"known,omitempty"`
}

// Follow asks for the articles that were seen since the last round.
func (g *gdelt) Follow(ctx context.Context, d *Desk) error {
	var c gdeltCursor
	begun := d.now()
	if !d.Resume(&c) || c.Since == 0 {
		c = gdeltCursor{Since: begun.Add(-gdeltFirst).Unix()}
	}
	known := make(map[string]bool, len(c.Known))
	for _, id := range c.Known {
		known[id] = true
	}
	span := min(begun.Sub(time.Unix(c.Since, 0))+gdeltOverlap, gdeltMost)
	for _, query := range g.queries {
		if err := g.walk(ctx, d, query, begun.Add(-span), known, &c); err != nil {
			return err
		}
		if d.trial {
			return nil
		}
	}
	c.Since = max(c.Since, begun.Unix())
	return d.Commit(ctx, Batch{}, c)
}

// walk reads the articles of a query back to a time. Where there are more than
// the service gives, it goes on before the oldest of those.
func (g *gdelt) walk(ctx context.Context, d *Desk, query string, from time.Time, known map[string]bool, c *gdeltCursor) error {
	var before time.Time
	for range gdeltSteps {
		articles, err := g.ask(ctx, d, query, from, before)
		if err != nil {
			return err
		}
		var items []mood.Mention
		var oldest, newest time.Time
		fresh := 0
		for i := range articles {
			a := &articles[i]
			if at := a.seen(); !at.IsZero() {
				if oldest.IsZero() || at.Before(oldest) {
					oldest = at
				}
				if at.After(newest) {
					newest = at
				}
			}
			id := mood.MentionID("", a.URL, "", "", "")[:12]
			if known[id] {
				continue
			}
			fresh++
			known[id] = true
			c.Known = append(c.Known, id)
			if m, ok := a.mention(d); ok {
				items = append(items, m)
			}
		}
		c.Known = c.Known[max(0, len(c.Known)-gdeltKnown):]
		d.Saw(len(articles), newest)
		if len(items) > 0 {
			if err := d.Commit(ctx, Batch{Mentions: items}, c); err != nil {
				return err
			}
		}
		next := oldest
		if fresh == 0 { // more of one moment than it gives
			next = oldest.Add(-time.Second)
		}
		if len(articles) < gdeltPage || d.trial || oldest.IsZero() || !next.After(from) || !before.IsZero() && !next.Before(before) {
			return nil
		}
		before = next
	}
	return nil
}

// ask gives the articles of a query between two times, the newest first.
func (g *gdelt) ask(ctx context.Context, d *Desk, query string, from, before time.Time) ([]gdeltArticle, error) {
	at := *g.at
	q := at.Query()
	q.Set("query", query)
	q.Set("mode", "artlist")
	q.Set("format", "json")
	q.Set("maxrecords", strconv.Itoa(gdeltPage))
	q.Set("sort", "datedesc")
	if before.IsZero() {
		q.Set("timespan", fmt.Sprintf("%dmin", max(15, int(d.now().Sub(from).Minutes())+1)))
	} else {
		q.Set("startdatetime", from.UTC().Format(gdeltTime))
		q.Set("enddatetime", before.UTC().Format(gdeltTime))
	}
	at.RawQuery = q.Encode()
	body, err := d.get(ctx, ask{url: &at, accept: "application/json"})
	if err != nil {
		return nil, err
	}
	return readGDELT(body, at.Host, func(until time.Time) { d.r.web.manners.hold(&at, until) }, d.now())
}

// readGDELT reads an answer. What is wrong with a question it says in plain
// text, as if all were well.
func readGDELT(body []byte, host string, hold func(time.Time), now time.Time) ([]gdeltArticle, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if len(body) == 0 {
		return nil, nil // it found nothing
	}
	if body[0] == '<' {
		return nil, garbled("%s answered with a page, and no articles", host)
	}
	if body[0] != '{' {
		said := strings.Join(strings.Fields(string(body)), " ")
		if strings.Contains(strings.ToLower(said), "limit requests") {
			until := now.Add(unsaidPause)
			hold(until)
			return nil, &pausedError{until: until, text: said}
		}
		return nil, &refusedError{status: 200, text: said}
	}
	var answer struct {
		Articles []gdeltArticle `json:"articles"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		mended := mendJSON(body)
		if json.Unmarshal(mended, &answer) == nil {
			return answer.Articles, nil
		}
		if answer.Articles = salvage(mended); len(answer.Articles) == 0 {
			return nil, garbled("the answer of %s isn't JSON (%v)", host, err)
		}
	}
	return answer.Articles, nil
}

// mendJSON makes JSON of what has bare control characters and backslashes that
// escape nothing in its texts, as titles of pages do.
func mendJSON(body []byte) []byte {
	out := make([]byte, 0, len(body)+16)
	for i := 0; i < len(body); i++ {
		c := body[i]
		switch {
		case c < ' ':
			c = ' '
		case c == '\\':
			if escapes(body[i+1:]) {
				out = append(out, c, body[i+1])
				i++
				continue
			}
			out = append(out, '\\')
		}
		out = append(out, c)
	}
	return out
}

// escapes says whether what follows a backslash is an escape of JSON.
func escapes(rest []byte) bool {
	if len(rest) == 0 || bytes.IndexByte([]byte(`"\/bfnrtu`), rest[0]) < 0 {
		return false
	}
	if rest[0] != 'u' {
		return true
	}
	if len(rest) < 5 {
		return false
	}
	_, err := strconv.ParseUint(string(rest[1:5]), 16, 16)
	return err == nil
}

// gdeltKey is where a field of an article begins; each begins with its url.
var gdeltKey = regexp.MustCompile(`"(url|url_mobile|title|seendate|socialimage|domain|language|sourcecountry)"\s*:\s*"`)

// salvage reads the articles of an answer that stays broken, as by bare quotes
// in a title: one of them would keep back all others for as long as it is
// listed. A text goes on up to the next field.
func salvage(body []byte) (articles []gdeltArticle) {
	found := gdeltKey.FindAllSubmatchIndex(body, gdeltPage*10)
	var a gdeltArticle
	for i, at := range found {
		end := len(body)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		text := bytes.TrimRight(body[at[1]:end], " {}[],\r\n\t")
		text = bytes.TrimSuffix(text, []byte(`"`))
		var value string
		_ = json.Unmarshal(slices.Concat([]byte{'"'}, withQuotes(text), []byte{'"'}), &value) // what can't be read stays empty
		switch string(body[at[2]:at[3]]) {
		case "url":
			if a.URL != "" {
				articles = append(articles, a)
			}
			a = gdeltArticle{URL: value}
		case "title":
			a.Title = value
		case "seendate":
			a.SeenDate = value
		case "domain":
			a.Domain = value
		case "language":
			a.Language = value
		case "sourcecountry":
			a.Country = value
		}
	}
	if a.URL != "" {
		articles = append(articles, a)
	}
	return articles
}

// withQuotes escapes bare quotes.
func withQuotes(text []byte) []byte {
	out := make([]byte, 0, len(text)+8)
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			out = append(out, text[i], text[i+1])
			i++
			continue
		case text[i] == '"':
			out = append(out, '\\')
		}
		out = append(out, text[i])
	}
	return out
}

// gdeltArticle is one of the answer's list.
type gdeltArticle struct {
	URL      string `json:"url"`
	Title    string `json:"title"`
	SeenDate string `json:"seendate"`
	Domain   string `json:"domain"`
	Language string `json:"language"`
	Country  string `json:"sourcecountry"`
}

func (a *gdeltArticle) seen() time.Time {
	for _, form := range [...]string{"20060102T150405Z", gdeltTime} {
		if t, err := time.Parse(form, a.SeenDate); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// mention makes one of an article; false: it isn't wanted. Only the title is
// known here, so only what that says counts.
func (a *gdeltArticle) mention(d *Desk) (m mood.Mention, ok bool) {
	title := closeUp(d.r.cfg.Kit.Text(a.Title))
	if title == "" {
		return m, false
	}
	m = mood.Mention{
		Title: title, URL: d.r.cfg.Kit.Canonical(a.URL), Published: a.seen(), Sources: []string{d.spec.ID},
		Outlet: strings.TrimPrefix(strings.ToLower(a.Domain), "www."), Language: languageNamed(a.Language),
	}
	if m.URL == "" {
		return m, false
	}
	m.ID = mood.MentionID(d.spec.ID, "", m.URL, m.Title, "")
	if country := countryNamed(a.Country); country != "" {
		m.Places.From = &mood.Place{Country: country, Evidence: "GDELT: the publisher's country", Confidence: 0.9}
	}
	if !d.Names(title, "") {
		d.Pass(m)
		return m, false
	}
	return m, true
}

// closeUp takes out the spaces that GDELT puts around punctuation.
var closeUp = strings.NewReplacer(" ,", ",", " ;", ";", " :", ":", " !", "!", " ?", "?", " .", ".", " %", "%", "( ", "(", " )", ")", " ’ ", "’", " ' ", "'").Replace
