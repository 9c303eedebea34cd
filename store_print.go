package main

import (
	"bytes"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"agora/mood"
)

func printStats(w io.Writer, s mood.StoreStats) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "The store (%s) takes %s in %d keys: %s.\n", s.Server, sayBytes(s.Bytes), s.Keys, s.How)
	kinds := func(title string, list []mood.KindStats) {
		t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(t, "\n%s\tKEYS\tBYTES\tIN THE END\t\n", title)
		for _, k := range list {
			end := "-"
			if k.Forecast != nil {
				end = sayBytes(*k.Forecast)
			}
			fmt.Fprintf(t, "%s\t%d\t%s\t%s\t\n", k.Kind, k.Keys, sayBytes(k.Bytes), end)
		}
		t.Flush() //nolint:errcheck // into memory
	}
	kinds("KIND", s.Kinds)
	if len(s.Brands) > 1 {
		for _, brand := range s.Brands {
			kinds("OF "+brand.Brand, brand.Kinds)
		}
	}
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\nBRAND\tKEYS\tBYTES\tIN THE END\tMENTIONS IN 90 DAYS\tA DAY\tCOUNTERS A MENTION\tALL A MENTION\t")
	for _, brand := range s.Brands {
		end, counters, all := "-", "-", "-"
		if brand.Forecast != nil {
			end = sayBytes(*brand.Forecast)
		}
		if brand.BytesPerMention != nil {
			counters, all = fmt.Sprintf("%.0f B", *brand.CountersPerMention), fmt.Sprintf("%.0f B", *brand.BytesPerMention)
		}
		name := brand.Brand
		if !brand.Watched {
			name += " (not watched)"
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%d\t%.0f\t%s\t%s\t\n", name, brand.Keys, sayBytes(brand.Bytes), end, brand.Mentions, brand.PerDay, counters, all)
	}
	t.Flush() //nolint:errcheck // into memory
	if len(s.Brands) > 0 {
		fmt.Fprintln(&b, "\nIn the end: at the rate of the last 24 hours, once everything is as old as it gets.")
	}
	if j := s.Journal; j != nil {
		oldest := "none yet"
		if j.Oldest != nil {
			oldest = j.Oldest.Format("2006-01-02 15:04:05 MST")
		}
		fmt.Fprintf(&b, "\nThe journal takes %s in %s: %s, the oldest of %s; %d of them (%s) wait until they are counted for good.\n",
			sayBytes(j.Bytes), plural(j.Segments, "file"), pluralOf(int(j.Entries), "entry", "entries"), oldest, j.Waiting, sayBytes(j.Behind)) //nolint:gosec // far below 2⁶³
	}
	_, err := w.Write(b.Bytes())
	return err
}

func pluralOf(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// sayBytes writes an amount for people.
func sayBytes(n int64) string {
	const unit = 1000
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	value, names := float64(n), []string{"kB", "MB", "GB", "TB"}
	name := ""
	for _, name = range names {
		if value /= unit; value < unit {
			break
		}
	}
	return fmt.Sprintf("%.1f %s", value, name)
}

func printVerification(w io.Writer, v mood.Verification) error {
	var b bytes.Buffer
	for _, j := range v.Journals {
		since := "it is empty"
		if j.Since != nil {
			since = "since " + j.Since.Format("2006-01-02 15:04:05 MST")
		}
		fmt.Fprintf(&b, "Journal %s, %s: %s with %s and %s.\n", j.ID, since, pluralOf(int(j.Entries), "entry", "entries"),
			plural(int(j.Mentions), "mention"), pluralOf(int(j.Activities), "activity", "activities"))
		if j.Unreadable > 0 {
			fmt.Fprintf(&b, "  %s can't be read: what they told is missing from the recount.\n", pluralOf(int(j.Unreadable), "entry of it", "entries of it"))
		}
	}
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nBRAND\tFROM\tMENTIONS\tACTIVITIES\tCOUNTERS COMPARED\tDIFFERENT\tUNSURE\tCOPIES OF BEFORE")
	for _, one := range v.Brands {
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\n", one.Brand, one.Since.Format("2006-01-02 15:04:05 MST"), one.Mentions, one.Activities,
			one.Counters, one.Differences, one.Unsure, one.Copies)
	}
	t.Flush() //nolint:errcheck // into memory
	for _, one := range v.Brands {
		if len(one.Missing) > 0 {
			fmt.Fprintf(&b, "\n%s: %s of other processes counted here too and %s not at hand, so only what is missing can be told: give the data folders of all, each with --data.\n",
				one.Brand, plural(len(one.Missing), "journal"), map[bool]string{true: "is", false: "are"}[len(one.Missing) == 1])
		}
		if len(one.First) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s: %s different", one.Brand, pluralOf(int(one.Differences), "counter is", "counters are"))
		if more := one.Differences - int64(len(one.First)); more > 0 {
			fmt.Fprintf(&b, ", of which the first %d are", len(one.First))
		}
		fmt.Fprintln(&b, ":")
		t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "COUNTER\tVALUE\tOF THE\tCOUNTED\tRECOUNTED")
		for _, d := range one.First {
			value := d.Value
			if value == "" {
				value = "-"
			}
			fmt.Fprintf(t, "%s\t%s\t%s of %s\t%s\t%s\n", d.By, oneLine(value), d.Step, d.At.Format("2006-01-02 15:04 MST"), sayFigures(d.Counted), sayFigures(d.Recounted))
		}
		t.Flush() //nolint:errcheck // into memory
	}
	if v.Equal {
		fmt.Fprintf(&b, "\nAll that was compared is equal. It took %s.\n", (time.Duration(v.Took) * time.Millisecond).Round(time.Millisecond))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// sayFigures writes a tally in one line.
func sayFigures(f mood.Figures) string {
	if f.Positive|f.Neutral|f.Unclear|f.Negative == 0 {
		return fmt.Sprint(f.Count)
	}
	stories := ""
	if f.Stories != 0 {
		stories = fmt.Sprintf(", stories %d", f.Stories)
	}
	return fmt.Sprintf("%d (+%d =%d ?%d -%d, scores %d, squares %d%s)", f.Count, f.Positive, f.Neutral, f.Unclear, f.Negative, f.Sum, f.SumSquares, stories)
}
