package social

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"agora/mood"
)

// Desk is where a source hands in what it brings, for one round or for as long
// as a line lasts.
type Desk struct {
	r    *Runner
	e    *entry
	spec Spec
	turn int
	// trial: nothing is delivered, and one document is enough.
	trial bool
	heard func() // of a trial: the line is open

	mu     sync.Mutex
	items  int
	newest time.Time
	since  time.Time     // the line is open
	last   time.Time     // something came on it
	wait   time.Duration // that the service wants between two lines
	got    bool
}

func (r *Runner) desk(e *entry) *Desk {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &Desk{r: r, e: e, spec: e.spec, turn: e.turn}
}

// Batch is what a source hands in at once.
type Batch struct {
	Mentions []mood.Mention
	Gone     []string          // ids of mentions that were deleted where they were said
	Raw      []json.RawMessage // mentions in the form in which they are pushed
	Deeds    []mood.Activity
}

func (b *Batch) len() int { return len(b.Mentions) + len(b.Gone) + len(b.Raw) + len(b.Deeds) }

// Resume reads the cursor that was committed last; false: there is none.
func (d *Desk) Resume(cursor any) bool {
	if d.trial {
		return false
	}
	st := d.r.stateOf(d.e)
	return len(st.Cursor) > 0 && json.Unmarshal(st.Cursor, cursor) == nil
}

// Commit hands a batch in, and once all of it is taken, remembers to go on at
// the cursor. While it can't be taken it waits, and only an end of ctx makes it
// fail.
func (d *Desk) Commit(ctx context.Context, b Batch, cursor any) error {
	if d.trial {
		return nil
	}
	var taken taken
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 10*time.Second) {
		err := d.hand(ctx, &b, &taken)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		d.r.undelivered(d.e, err)
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
	var raw json.RawMessage
	if cursor != nil {
		var err error
		if raw, err = json.Marshal(cursor); err != nil {
			return fmt.Errorf("write the cursor of %s: %w", d.spec.ID, err)
		}
	}
	now := d.r.cfg.Now()
	first := false
	d.r.update(d.e, func(s *state) {
		first = len(s.Cursor) == 0 && raw != nil
		if s.Trouble == mood.TroubleUndelivered {
			s.fine(now)
		}
		if d.e.live() {
			s.LastSuccess = now
		}
		s.remember(b.Mentions[len(b.Mentions)-min(taken.said, len(b.Mentions)):], now) // about these
		if taken.fresh > 0 {
			s.LastItem = now
			s.Hours = s.Hours.with(now, slices.Repeat([]time.Time{now}, taken.fresh)...)
		}
		s.TooOld += int64(taken.tooOld)
		if len(b.Raw) > 0 {
			s.Note = taken.note
		}
		if raw != nil && d.turn == d.e.turn {
			s.Cursor = raw
		}
	})
	d.mu.Lock()
	d.got = d.got || b.len() > 0
	d.mu.Unlock()
	if first { // without one, whoever comes next begins anew; an old one only gives more twice
		if err := d.r.save(ctx, d.e); err != nil {
			d.r.cfg.Log.Debug("where a source begins can't be written now; it is tried again", slog.String("source", d.spec.ID), slog.Any("error", err))
		}
	}
	return nil
}

// taken is what became of a batch.
type taken struct {
	said          int // mentions that are counted for the first time
	fresh, tooOld int // of raw ones, likewise
	note          string
	steps         int // that are done
}

// hand does what is still to be done of a batch.
func (d *Desk) hand(ctx context.Context, b *Batch, t *taken) error {
	in := d.r.cfg.Intake
	if t.steps == 0 && len(b.Mentions) > 0 {
		if err := d.deliver(ctx, b, t); err != nil {
			return err
		}
	}
	t.steps = max(t.steps, 1)
	if t.steps == 1 && len(b.Raw) > 0 {
		receipt, err := in.Push(ctx, b.Raw)
		if err != nil {
			return err
		}
		t.fresh += receipt.Accepted
		t.tooOld += receipt.TooOld
		t.note = noteOf(receipt)
	}
	t.steps = max(t.steps, 2)
	if t.steps == 2 && len(b.Deeds) > 0 {
		if err := in.Activity(ctx, b.Deeds); err != nil {
			return err
		}
	}
	t.steps = max(t.steps, 3)
	if len(b.Gone) > 0 {
		return in.Withdraw(ctx, b.Gone)
	}
	return nil
}

// deliver hands mentions in. One that can never be taken holds up no other.
func (d *Desk) deliver(ctx context.Context, b *Batch, t *taken) error {
	in := d.r.cfg.Intake
	fresh, old, err := in.Deliver(ctx, d.spec.Source, b.Mentions)
	if !errors.Is(err, mood.ErrInvalid) {
		t.said, t.tooOld = fresh, old
		return err
	}
	t.said, t.tooOld = 0, 0
	for i := range b.Mentions {
		fresh, old, err := in.Deliver(ctx, d.spec.Source, b.Mentions[i:i+1])
		switch {
		case errors.Is(err, mood.ErrInvalid):
			d.r.cfg.Log.Warn("a mention can't be taken, and is left out", slog.String("source", d.spec.ID), slog.String("mention", b.Mentions[i].ID), slog.Any("error", err))
		case err != nil:
			return err
		}
		t.said, t.tooOld = t.said+fresh, t.tooOld+old
	}
	return nil
}

// noteOf says what is wrong with items of which none could be taken.
func noteOf(r mood.Receipt) string {
	if len(r.Rejected) == 0 || r.Accepted+r.Duplicates+r.Unmatched+r.TooOld > 0 {
		return ""
	}
	return fmt.Sprintf("%d items came, and none could be taken (%s): check fields: of this source", len(r.Rejected), clip(r.Rejected[0].Error, 200))
}

// undelivered notes that a source waits for us.
func (r *Runner) undelivered(e *entry, err error) {
	now := r.cfg.Now()
	r.update(e, func(s *state) {
		if s.Trouble != mood.TroubleUndelivered {
			s.Since = now
			r.cfg.Log.Warn("what a source brought can't be stored, and waits", slog.String("source", e.spec.ID), slog.Any("error", err))
		}
		s.Word, s.Trouble, s.Status, s.Failures = string(mood.SourceFailing), mood.TroubleUndelivered, 0, 1
		s.Error = r.cfg.Kit.say(&undeliveredError{err})
	})
}

// Open says that the line is open: the service answers. One that failed before
// is believed once something comes.
func (d *Desk) Open() {
	now := d.r.cfg.Now()
	d.mu.Lock()
	d.since = now
	d.mu.Unlock()
	if d.trial {
		d.heard()
	} else if st := d.r.stateOf(d.e); st.Failures == 0 {
		d.alive()
	}
}

// alive notes that the line is as it should be.
func (d *Desk) alive() {
	if d.trial {
		return
	}
	now := d.r.cfg.Now()
	d.r.update(d.e, func(s *state) { s.fine(now); s.NextPoll = time.Time{} })
}

// Stuck forgets a cursor that the service goes on refusing, as one of a
// partition that is gone: what comes from now on is worth more than the gap.
func (d *Desk) Stuck(err error) {
	var refused *refusedError
	st := d.r.stateOf(d.e)
	if !errors.As(err, &refused) || refused.status != http.StatusBadRequest || len(st.Cursor) == 0 ||
		st.Since.IsZero() || d.now().Sub(st.Since) < stuckAfter || d.trial {
		return
	}
	d.r.cfg.Log.Warn("a service refuses to go on where its source was left off, and is followed from now on", slog.String("source", d.spec.ID), slog.Any("error", err))
	d.r.update(d.e, func(s *state) { s.Cursor = nil })
}

// stuckAfter is how long a service refuses before that is the cursor's fault.
const stuckAfter = 10 * time.Minute

// Note tells people what is wrong with what comes, though the line is fine.
func (d *Desk) Note(text string) {
	if !d.trial {
		d.r.update(d.e, func(s *state) { s.Note = text })
	}
}

// Retry notes how long the service wants us to wait between two lines.
func (d *Desk) Retry(wait time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wait = wait
}

func (d *Desk) retry() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.wait
}

// Saw tells how many items a document of a round had, and the date of the
// newest of them.
func (d *Desk) Saw(items int, newest time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.items += items
	if newest.After(d.newest) {
		d.newest = newest
	}
}

func (d *Desk) seen() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.items
}

func (d *Desk) brought() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.got
}

// heardFor is how long the line was good for: as long as it was open, or as
// something came on it where that is to be expected.
func (d *Desk) heardFor(now time.Time) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.since.IsZero() {
		return 0
	}
	if d.e.preset.Chatty {
		now = d.last
	}
	return max(0, now.Sub(d.since))
}

// hear notes that something came on the line, and says for how long it is open.
func (d *Desk) hear() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = d.now()
	return d.last.Sub(d.since)
}

// Speaks says whether a post is in a language that was asked for. One whose
// language isn't known may be.
func (d *Desk) Speaks(languages ...string) bool {
	return len(d.spec.Languages) == 0 || len(languages) == 0 || slices.ContainsFunc(languages, func(l string) bool {
		return slices.Contains(d.spec.Languages, primary(l))
	})
}

// Names says whether a text is one that the source is there for: it names one
// of its brands. One that names none is to be passed on, if anybody wants it.
func (d *Desk) Names(title, text string) bool {
	for _, id := range d.r.cfg.Names(title, text) {
		if len(d.spec.Watch) == 0 || slices.Contains(d.spec.Watch, id) {
			return true
		}
	}
	return false
}

// Unsaid says whether the new text of a post names no watched brand any more.
// What its writer took back is withdrawn, as what is deleted is.
func (d *Desk) Unsaid(text string) bool { return len(d.r.cfg.Names("", text)) == 0 }

// Passes says whether anybody wants what names no brand.
func (d *Desk) Passes() bool { return d.r.cfg.Unnamed != nil && !d.trial }

// Pass hands in a mention that names no brand of the source.
func (d *Desk) Pass(m mood.Mention) {
	if d.Passes() && (m.Title != "" || m.Text != "") {
		d.r.cfg.Unnamed(m)
	}
}

// primary is the primary subtag of a language tag, in lower case.
func primary(tag string) string {
	tag, _, _ = strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(tag)), "_", "-"), "-")
	if len(tag) < 2 || len(tag) > 3 || tag == "und" || strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return tag
}

func (d *Desk) now() time.Time { return d.r.cfg.Now() }

// get asks for a document.
func (d *Desk) get(ctx context.Context, a ask) ([]byte, error) {
	a.etiquette = d.e.preset.etiquette()
	body, _, err := d.r.web.get(ctx, a)
	return body, err
}

// errTried ends a trial.
var errTried = errors.New("it was tried")
