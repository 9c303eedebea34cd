package ingest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"agora/ingest/feed"
	"agora/ingest/journal"
	"agora/ingest/watch"
	"agora/mood"

	"golang.org/x/sync/errgroup"
)

// The longest title, text, name and category that are kept, in code points;
// more is cut.
const (
	longestTitle    = 500
	longestText     = 8000
	longestName     = 200
	longestCategory = 60
	mostCategories  = 10
)

// batchSize is how many mentions are worked on and recorded together.
const batchSize = 500

// Deliver takes what a source brought. An edit is matched and scored anew, and
// changes what is kept of the brands that it names. A brand that it names no
// longer keeps the mention as it was: it was said, counted and read in those
// words, and the new ones hold nothing to judge towards that brand. (People's
// posts are another matter, see [agora/ingest/social.Desk.Unsaid].) An error
// means that nothing of the batch in hand may be taken as accepted: offer it
// again.
func (in *Intake) Deliver(ctx context.Context, src mood.Source, items []mood.Mention, _ bool) (feed.Delivered, error) {
	items = aboutBrands(src, items)
	outcomes, err := in.accept(ctx, items)
	var done feed.Delivered
	for i, o := range outcomes {
		switch o {
		case mood.Stored:
			done.Fresh++
		case mood.TooOld:
			if !items[i].Edited { // it was too old before
				done.TooOld++
			}
		case mood.Duplicate, mood.Unmatched, mood.Revised:
		}
	}
	return done, err
}

// accept works through items in batches and gives one outcome for each item
// that was recorded, in order.
func (in *Intake) accept(ctx context.Context, items []mood.Mention) ([]mood.Outcome, error) {
	outcomes := make([]mood.Outcome, 0, len(items))
	for len(items) > 0 {
		n := min(len(items), batchSize)
		done, err := in.acceptBatch(ctx, items[:n])
		if err != nil {
			return outcomes, err
		}
		outcomes = append(outcomes, done...)
		items = items[n:]
	}
	return outcomes, nil
}

func (in *Intake) acceptBatch(ctx context.Context, items []mood.Mention) ([]mood.Outcome, error) {
	select {
	case in.turns <- struct{}{}:
		defer func() { <-in.turns }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a turn: %w", ctx.Err())
	}
	now := in.now()
	w := in.watch.Load()
	outcomes := make([]mood.Outcome, len(items))
	mentions := make([]mood.Mention, len(items))

	began := time.Now()
	named := match(w, items, mentions, now)
	if in.ledger != nil { // the journal holds what is counted, as it is counted
		for i := range mentions {
			mentions[i] = mentions[i].Timely(now)
		}
	}
	in.group(ctx, mentions, now)
	subjects(w, mentions)
	matched := time.Now()
	if err := in.score(ctx, w, mentions, named); err != nil {
		return nil, err
	}
	scored := time.Now()

	var keep []mood.Mention
	var at []int
	readings := 0
	for i := range mentions {
		switch {
		case len(mentions[i].Readings) == 0:
			outcomes[i] = mood.Unmatched
		case in.ledger != nil && mentions[i].TooOld(now):
			outcomes[i] = mood.TooOld
		default:
			readings += len(mentions[i].Readings)
			keep, at = append(keep, mentions[i]), append(at, i)
		}
	}
	if len(keep) > 0 {
		done, err := in.record(ctx, now, keep)
		if err != nil {
			return nil, fmt.Errorf("record %d mentions: %w", len(keep), err)
		}
		for j, i := range at {
			outcomes[i] = done[j]
		}
	}
	in.observe.Batch(len(items), readings, matched.Sub(began), scored.Sub(matched), time.Since(scored))
	in.tell(mentions, outcomes)
	in.keepTexts(mentions)
	learn(w, mentions, outcomes)
	return outcomes, nil
}

// record puts mentions into the journal, if there is one, and counts them.
func (in *Intake) record(ctx context.Context, now time.Time, mentions []mood.Mention) ([]mood.Outcome, error) {
	in.stories.Give(ctx, mentions) // the journal holds them, so that all who count agree
	if in.ledger == nil {
		return in.store.Record(ctx, mentions)
	}
	v, err := in.ledger.keep(ctx, journal.Entry{At: now, Mentions: mentions})
	if n := len(mentions); errors.Is(err, mood.ErrInvalid) && n > 1 { // more than one entry holds
		first, err := in.record(ctx, now, mentions[:n/2])
		if err != nil {
			return nil, err
		}
		rest, err := in.record(ctx, now, mentions[n/2:])
		return append(first, rest...), err
	}
	return v.given(len(mentions)), err
}

// given are the outcomes of n items. What will be counted some time is Stored:
// nobody knows better yet.
func (v verdict) given(n int) []mood.Outcome {
	if v.known {
		return v.outcomes
	}
	outcomes := make([]mood.Outcome, n)
	for i := range outcomes {
		outcomes[i] = mood.Stored
	}
	return outcomes
}

// match cleans items into mentions and gives them an empty reading, with
// spans, for each brand they name. It returns how many readings there are.
func match(w *watched, items, mentions []mood.Mention, now time.Time) int {
	counts := make([]int, len(items))
	parallel(len(items), func(i int) {
		m := tidy(items[i], now)
		m.Language = w.languageOf(m) // lang: asks for it, now or when a query is tried later
		w.places.place(&m)           // country: asks for it
		hits := w.withAbout(w.index.MatchText(watch.TextOf(&m)), m.About)
		if len(hits) > 0 {
			m.Readings = make(map[string]mood.Reading, len(hits))
			for _, h := range hits {
				m.Readings[h.Brand] = mood.Reading{Spans: h.Spans}
			}
		} else {
			m.Readings = nil
		}
		counts[i] = len(hits)
		mentions[i] = m
	})
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}

// group says which stories the mentions that are going to be counted tell.
func (in *Intake) group(ctx context.Context, mentions []mood.Mention, now time.Time) {
	var told []mood.Mention
	var at []int
	for i := range mentions {
		if len(mentions[i].Readings) > 0 && !mentions[i].TooOld(now) {
			told, at = append(told, mentions[i]), append(at, i)
		}
	}
	in.stories.Give(ctx, told)
	for j, i := range at {
		mentions[i].Story = told[j].Story
	}
}

// subjects finds what matched mentions are about. A story has its topics once.
func subjects(w *watched, mentions []mood.Mention) {
	parallel(len(mentions), func(i int) {
		m := &mentions[i]
		if len(m.Readings) == 0 {
			return
		}
		topics := w.topics.Of(m)
		for brand, r := range m.Readings {
			r.Topics = topics
			m.Readings[brand] = r
		}
	})
}

// learn takes in which words are common, and where outlets are at home: once
// what was said is safe, so that nothing that is offered again counts twice.
func learn(w *watched, mentions []mood.Mention, outcomes []mood.Outcome) {
	parallel(len(mentions), func(i int) {
		m := &mentions[i]
		switch outcomes[i] {
		case mood.Unmatched:
			w.topics.Learn(m.Title, m.Text, m.Language)
			w.places.learn(m)
		case mood.Stored, mood.TooOld:
			w.places.learn(m)
		case mood.Duplicate, mood.Revised:
		}
	})
}

// score fills in the readings of matched mentions.
func (in *Intake) score(ctx context.Context, w *watched, mentions []mood.Mention, n int) error {
	type slot struct {
		mention int
		brand   string
	}
	asks := make([]mood.Ask, 0, n)
	slots := make([]slot, 0, n)
	for i := range mentions {
		m := &mentions[i]
		for brand, r := range m.Readings {
			if m.Stars > 0 && slices.Contains(m.About, brand) {
				stars := mood.ByStars(m.Stars)
				stars.Spans, stars.Topics = r.Spans, r.Topics
				m.Readings[brand] = stars
				continue
			}
			asks = append(asks, mood.Ask{
				ID: m.ID, Brand: brand, Title: m.Title, Text: m.Text, Language: m.Language,
				Target: w.brands[brand].Name, Spans: r.Spans,
			})
			slots = append(slots, slot{i, brand})
		}
	}
	readings := make([]mood.Reading, len(asks))
	group, ctx := errgroup.WithContext(ctx)
	part := max(16, (len(asks)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	for from := 0; from < len(asks); from += part {
		to := min(from+part, len(asks))
		group.Go(func() error {
			got, err := in.scorer.Score(ctx, asks[from:to])
			if err != nil {
				return fmt.Errorf("score %d texts: %w", to-from, err)
			}
			if len(got) != to-from {
				return fmt.Errorf("score %d texts: the scorer gave %d readings", to-from, len(got))
			}
			copy(readings[from:to], got)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for k, s := range slots {
		r := readings[k]
		before := mentions[s.mention].Readings[s.brand]
		r.Spans, r.Topics = before.Spans, before.Topics
		mentions[s.mention].Readings[s.brand] = r
	}
	return nil
}

func (in *Intake) tell(mentions []mood.Mention, outcomes []mood.Outcome) {
	var stored, duplicates, unmatched, tooOld, revised int
	for i, o := range outcomes {
		switch o {
		case mood.Stored:
			stored++
			if m := mentions[i]; !m.Undated && !m.Edited {
				if delay := m.Seen.Sub(m.Published); delay >= 0 && delay < 24*time.Hour {
					in.observe.Found(delay)
				}
			}
		case mood.Duplicate:
			duplicates++
		case mood.Unmatched:
			unmatched++
		case mood.TooOld:
			tooOld++
		case mood.Revised:
			revised++
		}
	}
	in.observe.Outcomes(stored, duplicates, unmatched, tooOld, revised)
}

// parallel calls do for 0 … n−1 on as many goroutines as there are processors
// and waits for all of them.
func parallel(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), (n+15)/16)
	if workers <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	var wg sync.WaitGroup
	for k := range workers {
		wg.Go(func() {
			for i := k; i < n; i += workers {
				do(i)
			}
		})
	}
	wg.Wait()
}
