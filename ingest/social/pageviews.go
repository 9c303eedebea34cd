package social

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"agora/mood"
)

const (
	pageViewsAt    = "https://wikimedia.org/api/rest_v1/metrics/pageviews"
	pageViewsKind  = "page-views"
	pageViewsFirst = 89 // days that the first round looks back
	pageViewsAgain = 7  // days that later rounds ask for once more: figures are revised
	pageViewsDay   = "20060102"
)

// pageViews asks how often people read an article of Wikipedia, day by day:
// what they do when a brand makes them curious.
type pageViews struct {
	at    *url.URL
	spec  Spec
	brand string
}

func openPageViews(spec Spec) (Source, error) {
	at, err := webAddress(address(spec.URL, pageViewsAt))
	if err != nil {
		return nil, err
	}
	if len(spec.Watch) != 1 {
		return nil, errors.New("page views are of one brand")
	}
	return &pageViews{at: at, spec: spec, brand: spec.Watch[0]}, nil
}

// pageViewsCursor is what was counted of the last days, by day.
type pageViewsCursor struct {
	Days map[string]int64 `json:"days"`
	Last string           `json:"last"` // the newest day that was counted
}

// Follow counts the days that are new, and of those that were revised the
// difference.
func (p *pageViews) Follow(ctx context.Context, d *Desk) error {
	var c pageViewsCursor
	d.Resume(&c)
	now := d.now().UTC()
	from := now.AddDate(0, 0, -pageViewsFirst)
	if last, err := time.Parse(pageViewsDay, c.Last); err == nil && last.AddDate(0, 0, -pageViewsAgain).After(from) {
		from = last.AddDate(0, 0, -pageViewsAgain)
	}
	days, err := p.ask(ctx, d, from, now)
	if err != nil {
		return err
	}
	next := pageViewsCursor{Days: map[string]int64{}, Last: c.Last}
	for day, views := range c.Days { // what isn't asked for any more isn't revised any more
		if day >= from.Format(pageViewsDay) {
			next.Days[day] = views
		}
	}
	var deeds []mood.Activity
	var newest time.Time
	for _, day := range days {
		at, err := time.Parse(pageViewsDay, day.day())
		if err != nil || at.AddDate(0, 0, 1).After(now) || day.Views < 0 {
			continue // a day that isn't over will be counted when it is
		}
		if at.After(newest) {
			newest = at
		}
		name := at.Format(pageViewsDay)
		counted, known := next.Days[name]
		if known && counted == day.Views || !known && day.Views == 0 {
			continue
		}
		deed := mood.Activity{
			ID: fmt.Sprintf("page-views %s %s %s %s", p.brand, p.spec.Project, p.spec.Article, name), Brand: p.brand,
			Kind: pageViewsKind, Count: day.Views, At: at.Add(12 * time.Hour), // that day in every time zone
		}
		if known {
			deed.ID += fmt.Sprintf(" %d instead of %d", day.Views, counted)
			deed.Count -= counted
		}
		deeds = append(deeds, deed)
		next.Days[name] = day.Views
		next.Last = max(next.Last, name)
	}
	d.Saw(len(days), newest)
	return d.Commit(ctx, Batch{Deeds: deeds}, next)
}

// viewsOfDay is a day's figure.
type viewsOfDay struct {
	Timestamp string `json:"timestamp"` // YYYYMMDDHH
	Views     int64  `json:"views"`
}

func (v viewsOfDay) day() string { return v.Timestamp[:min(len(v.Timestamp), len(pageViewsDay))] }

// ask gives the figures of the days between two. That there are none, as on the
// morning after, or of an article that nobody read, it says with 404.
func (p *pageViews) ask(ctx context.Context, d *Desk, from, to time.Time) ([]viewsOfDay, error) {
	title := url.PathEscape(strings.ReplaceAll(p.spec.Article, " ", "_"))
	at, err := url.Parse(strings.TrimSuffix(p.at.String(), "/") + fmt.Sprintf("/per-article/%s/all-access/user/%s/daily/%s/%s",
		url.PathEscape(p.spec.Project), title, from.Format(pageViewsDay), to.Format(pageViewsDay)))
	if err != nil {
		return nil, err
	}
	body, err := d.get(ctx, ask{url: at, accept: "application/json"})
	var refused *refusedError
	if errors.As(err, &refused) && refused.status == http.StatusNotFound && !d.trial {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var answer struct {
		Items []viewsOfDay `json:"items"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, garbled("its answer isn't one of the page views service (%v)", err)
	}
	return answer.Items, nil
}
