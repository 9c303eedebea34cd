package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// params reads an address's parameters strictly: what isn't known is refused
// with its name and what it may be, never ignored.
type params struct {
	values url.Values
	err    *problem // the first one
}

func readParams(values url.Values, known ...string) *params {
	p := &params{values: values}
	for name, given := range values {
		if !slices.Contains(known, name) {
			valid := slices.Clone(known)
			slices.Sort(valid)
			p.refuse(name, valid, "There is no parameter %q here: use %s.", name, list(valid))
		} else if len(given) > 1 && name != "view" {
			p.refuse(name, nil, "The parameter %q is given %d times: give it once, several values with commas between them.", name, len(given))
		}
	}
	return p
}

// readQuery reads the parameters of a request. What of an address can't be read
// would be left out of them in silence, and the answer be of something else.
func readQuery(c echo.Context, known ...string) *params {
	p := readParams(c.QueryParams(), known...)
	if _, err := url.ParseQuery(c.Request().URL.RawQuery); err != nil {
		p.err = newProblem(http.StatusBadRequest,
			"The address can't be read behind its question mark: part parameters with &, and write %% as %%25 and ; as %%3B.")
	}
	return p
}

func (p *params) refuse(name string, valid []string, format string, args ...any) {
	if p.err == nil {
		p.err = badParameter(name, valid, format, args...)
	}
}

// problem is nil, as an error, when everything could be read.
func (p *params) problem() error {
	if p.err == nil {
		return nil
	}
	return p.err
}

func (p *params) text(name string) string { return strings.TrimSpace(p.values.Get(name)) }

// words reads values with commas between them, each once, in the order given.
func (p *params) words(name string) []string {
	var words []string
	for w := range strings.SplitSeq(p.values.Get(name), ",") {
		if w = strings.TrimSpace(w); w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

func (p *params) oneOf(name, fallback string, valid ...string) string {
	v := p.text(name)
	if v == "" {
		return fallback
	}
	if !slices.Contains(valid, v) {
		p.refuse(name, valid, "%s is %q: use %s.", name, v, list(valid))
	}
	return v
}

// number is nil when the parameter isn't given.
func (p *params) number(name string, low, high int) *int {
	v := p.text(name)
	if v == "" {
		return nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		p.refuse(name, nil, "%s is %q: use a whole number from %d to %d.", name, v, low, high)
		return nil
	}
	return &n
}

// decimal is nil when the parameter isn't given.
func (p *params) decimal(name string, low, high float64) *float64 {
	v := p.text(name)
	if v == "" {
		return nil
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || !(n >= low && n <= high) { // NaN too
		p.refuse(name, nil, "%s is %q: use a number from %v to %v.", name, v, low, high)
		return nil
	}
	return &n
}

func (p *params) boolean(name string) *bool {
	switch v := p.text(name); v {
	case "":
		return nil
	case "true", "false":
		b := v == "true"
		return &b
	default:
		p.refuse(name, []string{"true", "false"}, "%s is %q: use true or false.", name, v)
		return nil
	}
}

// instant reads an RFC 3339 time, or a date: its midnight in loc.
func (p *params) instant(name string, loc *time.Location) time.Time {
	v := p.text(name)
	if v == "" {
		return time.Time{}
	}
	// A plus sign that wasn't escaped arrives as a blank.
	if t, err := time.Parse(time.RFC3339, strings.ReplaceAll(v, " ", "+")); err == nil {
		return t
	}
	if t, err := time.ParseInLocation(time.DateOnly, v, loc); err == nil {
		return t
	}
	p.refuse(name, nil, "%s is %q: write a time such as 2026-03-01T12:00:00Z, or a date such as 2026-03-01.", name, v)
	return time.Time{}
}

// brands reads ids of watched brands. None given: the first one, or all.
func (p *params) brands(name string, watched *watch, all bool) []string {
	ids := p.words(name)
	for _, id := range ids {
		if _, ok := watched.byID[id]; !ok {
			p.refuse(name, watched.ids, "No brand %q is watched: use %s.", id, list(watched.ids))
		}
	}
	if len(ids) == 0 && len(watched.ids) > 0 {
		if all {
			return watched.ids
		}
		return watched.ids[:1]
	}
	if len(ids) == 0 {
		p.refuse(name, nil, "No brand is watched yet: name one in agora.yaml.")
	}
	return ids
}

func (p *params) window(name string) mood.Window { return p.windowOr(name, defaultWindow) }

func (p *params) windowOr(name, fallback string) mood.Window {
	v := p.text(name)
	if v == "" {
		v = fallback
	}
	w, err := mood.ParseWindow(v)
	if err != nil {
		p.refuse(name, windowNames(), "%s is %q: use %s.", name, v, list(windowNames()))
	}
	return w
}

// defaultWindow is what is shown when nothing is asked for.
const defaultWindow = "24h"

func windowNames() []string {
	var names []string
	for _, w := range mood.Windows() {
		names = append(names, w.Name)
	}
	return names
}

// list writes values as a sentence does: a, b or c.
func list(values []string) string {
	if n := len(values); n > 1 {
		return strings.Join(values[:n-1], ", ") + " or " + values[n-1]
	}
	return strings.Join(values, "")
}
