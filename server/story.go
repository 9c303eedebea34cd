package server

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

const (
	storyPoints  = 48 // of its spread over time, at most
	storyOutlets = 50 // that are named
)

// storyView is a story of some brands, as far as its texts are kept.
type storyView struct {
	ID        string               `json:"id"`
	First     mood.Mention         `json:"first"` // the one that was published first
	Last      time.Time            `json:"last"`  // when the newest was published
	Mentions  int                  `json:"mentions"`
	Outlets   []mood.CountRow      `json:"outlets"`      // those with the most first, at most 50
	Known     int                  `json:"outlet_count"` // of all
	Countries []mood.CountRow      `json:"countries"`    // of publishers
	StepMS    int64                `json:"step_ms"`      // between two points
	Points    []mood.ActivityPoint `json:"points"`       // mentions from the first to the last; at most 48
}

// story answers GET /api/v1/stories/{id}.
func (s *Server) story(c echo.Context) error {
	id := c.Param("id")
	p := readQuery(c, "brand")
	f := mood.Filter{Brands: p.brands("brand", s.watched.Load(), true), Story: id}
	if err := p.problem(); err != nil {
		return err
	}
	var told []mood.Mention
	for w := newWalk(s.Mentions, f, s.now()); ; {
		page, err := w.next(c.Request().Context())
		if err != nil {
			return err
		}
		if len(page.Mentions) == 0 {
			break
		}
		for _, m := range page.Mentions {
			if len(told) > 0 { // only the first and the last are shown
				m.Text, m.Readings = "", forBrands(m, f.Brands).Readings
			}
			told = append(told, m)
		}
	}
	if len(told) == 0 {
		return fmt.Errorf("story %s: none of its mentions is kept: %w", id, mood.ErrNotFound)
	}
	v := tellStory(told)
	v.ID, v.First = id, forBrands(v.First, f.Brands)
	return s.reply(c, http.StatusOK, v)
}

// tellStory puts together what there is to say of mentions, newest first.
func tellStory(told []mood.Mention) storyView {
	v := storyView{First: told[len(told)-1], Last: told[0].Published, Mentions: len(told)}
	outlets, countries := map[string]int64{}, map[string]int64{}
	for _, m := range told {
		if m.Outlet != "" {
			outlets[m.Outlet]++
		}
		if m.Places.From != nil && m.Places.From.Country != "" {
			countries[m.Places.From.Country]++
		}
	}
	v.Outlets, v.Countries, v.Known = counted(outlets), counted(countries), len(outlets)
	v.Outlets = v.Outlets[:min(len(v.Outlets), storyOutlets)]
	step := stepOf(v.Last.Sub(v.First.Published))
	v.StepMS = step.Milliseconds()
	begin := v.First.Published.Truncate(step)
	v.Points = make([]mood.ActivityPoint, int(v.Last.Sub(begin)/step)+1)
	for i := range v.Points {
		v.Points[i].T = begin.Add(time.Duration(i) * step)
	}
	for _, m := range told {
		v.Points[m.Published.Sub(begin)/step].Count++
	}
	return v
}

// counted are counts as rows, most first.
func counted(counts map[string]int64) []mood.CountRow {
	rows := make([]mood.CountRow, 0, len(counts))
	for key, n := range counts {
		rows = append(rows, mood.CountRow{Key: key, Count: n})
	}
	slices.SortFunc(rows, func(a, b mood.CountRow) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Key, b.Key))
	})
	return rows
}

// stepOf is the least step that parts a stretch of time into few enough points.
func stepOf(span time.Duration) time.Duration {
	steps := [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour}
	for _, step := range steps {
		if span/step+2 <= storyPoints {
			return step
		}
	}
	return steps[len(steps)-1] * (1 + span/steps[len(steps)-1]/(storyPoints-1))
}
