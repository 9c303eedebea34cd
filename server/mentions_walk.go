package server

import (
	"context"
	"fmt"
	"time"

	"agora/mood"
)

// A list is walked in slices of time, from its end: asking for a page counts
// all that the filter selects, so pages of the whole would cost the square of
// their number.
const (
	sliceTime   = 6 * time.Hour
	longestList = 10 * 366 * 24 * time.Hour // of a list that is open at its beginning
)

// walk goes through all pages of a list, newest first, with one page in memory.
// What comes in meanwhile is not in it.
type walk struct {
	from  Mentions
	f     mood.Filter
	low   time.Time // the list's beginning
	slice time.Time // the slice's beginning
	span  time.Duration
	told  map[string]int // mentions by story, in the whole list
	begun bool
	ended bool
}

func newWalk(from Mentions, f mood.Filter, now time.Time) *walk {
	if f.To.IsZero() || f.To.After(now) {
		f.To = now
	}
	f.Limit, f.Cursor = maxMentions, ""
	w := &walk{from: from, f: f, low: f.From, span: sliceTime}
	if w.low.IsZero() {
		w.low = f.To.Add(-longestList)
	}
	return w
}

// next gives the next page; none when the list has ended. The total of the
// first page is that of the list.
func (w *walk) next(ctx context.Context) (mood.MentionList, error) {
	for !w.ended {
		page, err := w.from.Mentions(ctx, w.f)
		if err != nil {
			return page, fmt.Errorf("list mentions: %w", err)
		}
		if w.told == nil {
			w.told = page.Tellers
		}
		for i := range page.Mentions { // a page may have been asked for as a slice
			m := &page.Mentions[i]
			m.Copies = max(m.Copies, w.told[m.Story]-1)
		}
		w.move(page)
		if len(page.Mentions) > 0 {
			return page, nil
		}
	}
	return mood.MentionList{}, nil
}

// move sets out for the page after one.
func (w *walk) move(page mood.MentionList) {
	first := !w.begun
	w.begun = true
	w.f.Cursor = page.Next
	if page.Next != "" && len(page.Mentions) > 0 {
		// What is newer than the cursor needn't be looked at again.
		w.f.To = page.Mentions[len(page.Mentions)-1].Published.Truncate(time.Millisecond).Add(time.Millisecond)
		w.span = sliceTime
		if first {
			w.cut()
		}
		return
	}
	if w.ended = first || !w.slice.After(w.low); w.ended {
		return
	}
	w.f.To = w.slice
	w.span *= 2 // quiet times are crossed in few steps
	w.cut()
}

// cut begins a slice that ends where the list has got to.
func (w *walk) cut() {
	w.slice = w.f.To.Add(-w.span).Truncate(time.Millisecond)
	if w.slice.Before(w.low) {
		w.slice = w.low
	}
	w.f.From = w.slice
}
