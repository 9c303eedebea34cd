package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"agora/ingest/places"
	"agora/mood"
)

type locateCommand struct {
	Lang string `help:"The texts' language, such as en, where a line doesn't name one." placeholder:"xx"`
}

// Help is shown below the flags.
func (locateCommand) Help() string {
	return `Reads one JSON object a line from standard input, {"id","text","lang","source_country"}, and writes {"id","countries","main","evidence"} for each: the countries that the text names or that what it names lies in (ISO 3166-1 alpha-2, sorted), the main one, and for each place the words with their offsets in code points, what kind of name they are, and how sure that is. Nowhere is [] and "". lang and source_country may be left out; the latter only settles names that several places have.

Example:

  echo '{"id":1,"text":"Toledo, Spain, gets a data center","lang":"en"}' | agora locate`
}

// clue is one place that a text names.
type clue struct {
	Country    string  `json:"country"`
	Text       string  `json:"text"`
	Start      int     `json:"start"`
	End        int     `json:"end"`
	Method     string  `json:"method"`
	Confidence float64 `json:"confidence"`
}

// Run locates every line.
func (l locateCommand) Run(c *console) error {
	locator, _, err := openPlaces()
	if err != nil {
		return err
	}
	type question struct {
		ID      json.RawMessage `json:"id"`
		Text    string          `json:"text"`
		Lang    string          `json:"lang"`
		Country string          `json:"source_country"`
	}
	type answer struct {
		ID        json.RawMessage `json:"id"`
		Countries []string        `json:"countries"`
		Main      string          `json:"main"`
		Evidence  []clue          `json:"evidence"`
	}
	return eachLine(c, func(line []byte) (any, error) {
		q := question{Lang: l.Lang}
		if err := json.Unmarshal(line, &q); err != nil {
			return nil, err
		}
		if q.Country = strings.ToUpper(q.Country); q.Country == "UK" {
			q.Country = "GB"
		}
		if _, known := mood.Country(q.Country); !known && q.Country != "" {
			return nil, badLine{fmt.Errorf(`source_country: %q is no ISO 3166-1 code of two letters, such as FI; leave it out if it is unknown`, q.Country)}
		}
		a := answer{ID: q.ID, Countries: []string{}, Evidence: []clue{}}
		found, about := locator.Locate(places.Ask{Text: q.Text, Language: q.Lang, Country: q.Country})
		for _, p := range found {
			a.Evidence = append(a.Evidence, clue{p.Country, p.Evidence, p.Start, p.End, p.Method, p.Confidence})
			if !slices.Contains(a.Countries, p.Country) {
				a.Countries = append(a.Countries, p.Country)
			}
		}
		slices.Sort(a.Countries)
		if len(about) > 0 {
			a.Main = about[0].Country
		}
		return a, nil
	})
}
