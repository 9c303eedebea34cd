package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"agora/server/mail"
	"agora/server/schedule"
)

// Report is a sheet that is mailed again and again.
type Report struct {
	ID     string
	Brands []string
	Window string
	At     schedule.Line
	Zone   *time.Location // nil: the one of the configuration
	To     []string
}

// Bounds of the reports.
const (
	mostReports    = 100
	mostRecipients = 100
)

func readReports(v value, cfg *Config) []Report {
	items := v.entries()
	if len(items) > 0 && cfg.Mail.Server == "" {
		v.wrong("reports go out by mail, and no mail server is named", "add mail: with server: and from:")
	}
	if len(items) > mostReports {
		items[mostReports].wrong(fmt.Sprintf("there are %d reports, and %d are the most", len(items), mostReports), "leave some out")
		items = items[:mostReports]
	}
	var reports []Report
	taken := map[string]bool{}
	for _, item := range items {
		if r := readReport(item, cfg, taken); r.ID != "" {
			taken[r.ID] = true
			reports = append(reports, r)
		}
	}
	return reports
}

func readReport(v value, cfg *Config, taken map[string]bool) Report {
	r := Report{Window: "7d"}
	fields := v.fields([]string{"id", "brands", "window", "at", "timezone", "to"})
	if fields == nil {
		if v.empty() {
			v.wrong("this report is empty", "add id:, brands:, at: and to:")
		}
		return r
	}
	if id, ok := fields["id"]; !ok {
		v.wrong("this report has no id", "add id: with a short name, such as weekly")
	} else if r.ID = id.id(); taken[r.ID] {
		id.wrong(fmt.Sprintf("another report has the id %q", r.ID), "give each its own")
	}
	if b, ok := fields["brands"]; ok && !b.empty() {
		r.Brands = readBrandIDs(b, cfg.Brands)
	} else {
		v.wrong("this report is about no brand", "add brands: with the ids of one or more")
	}
	if w, ok := fields["window"]; ok {
		r.Window = w.oneOf(windowNames()...)
	}
	if at, ok := fields["at"]; !ok || at.empty() {
		v.wrong("this report doesn't say when it is sent", "add at: '0 8 * * 1' for Mondays at eight: minute, hour, day of the month, month, day of the week")
	} else if line, err := schedule.ParseLine(at.text()); err != nil {
		at.wrong(err.Error(), "write it as '0 8 * * 1' (minute, hour, day of the month, month, day of the week), or @daily, @weekly, @monthly")
	} else {
		r.At = line
	}
	if z, ok := fields["timezone"]; ok && !z.empty() {
		r.Zone = z.timezone()
	}
	if to, ok := fields["to"]; ok && !to.empty() {
		r.To = readRecipients(to)
	} else {
		v.wrong("this report goes to nobody", "add to: with one address or more")
	}
	return r
}

func readRecipients(v value) []string {
	items := v.items()
	if len(items) > mostRecipients {
		items[mostRecipients].wrong(fmt.Sprintf("there are %d recipients, and %d are the most", len(items), mostRecipients), "use a list of your mail server")
		items = items[:mostRecipients]
	}
	var to, known []string
	for _, item := range items {
		s := item.mailAddress()
		a, err := mail.ParseAddress(s)
		switch {
		case err != nil: // said already
		case slices.Contains(known, strings.ToLower(a.Email)):
			item.wrong(fmt.Sprintf("%q is here for the second time", a.Email), "keep one")
		default:
			to, known = append(to, s), append(known, strings.ToLower(a.Email))
		}
	}
	return to
}

// due is when a report goes next, on its own clock or else on another.
func (r Report) due(after time.Time, zone *time.Location) time.Time {
	if r.Zone != nil {
		zone = r.Zone
	}
	return r.At.Next(after, zone).In(zone)
}

// errNoReport is for an id that no report has.
var errNoReport = errors.New("no report has this id")

// report finds a report by its id; its error names the nearest.
func (c *Config) report(id string) (Report, error) {
	var known []string
	for _, r := range c.Reports {
		if r.ID == id {
			return r, nil
		}
		known = append(known, r.ID)
	}
	if len(known) == 0 {
		return Report{}, fmt.Errorf("%q: %w: none is configured; list it under reports: in agora.yaml", id, errNoReport)
	}
	return Report{}, fmt.Errorf("%q: %w: %s", id, errNoReport, didYouMean(id, known))
}
