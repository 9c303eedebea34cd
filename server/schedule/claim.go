package schedule

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"agora/mood"
)

// The kinds of states that are kept.
const (
	kindHandled = "report-handled" // by job: the last time that was dealt with
	kindClaim   = "report-claim"   // by job: which process is at it
	kindMark    = "report-mark"    // by job, time and key: what is done of a turn
)

// A store of states has no way to write only where nobody else did. So a
// process writes its claim, waits, and goes on only if the claim is still its
// own: of two that found the job free, the one that wrote last has it. That
// holds as long as a claim is written within half of that wait after the look
// at the store; one that took longer is not acted on. While the job runs, the
// claim is renewed more often than others wait, and a process that finds it to
// be another's, or can't renew it before it runs out, breaks the job off. What
// no store can prevent is that a process is stopped between the last look and
// the mail that it hands over, for longer than its claim lasts; then a mail may
// go twice, under the same Message-ID.
const (
	settle     = 4 * time.Second
	renewEvery = settle / 2
	claimTime  = time.Minute // that a claim outlives its last renewal
	markTime   = 8 * 24 * time.Hour
)

// errLost is the end of a job whose claim another process has, or may have.
var errLost = errors.New("another process may have taken the report over")

// handled is what is kept of a job.
type handled struct {
	Line string    `json:"line"`
	Zone string    `json:"zone"`
	At   time.Time `json:"at"`
}

// recall finds the last time that was dealt with. What has other times than
// when it was kept, or was never kept, begins now.
func (t *tender) recall(ctx context.Context, job Job, now time.Time) error {
	var was handled
	text, err := t.keeper.States.Get(ctx, kindHandled, job.ID)
	if err != nil && !errors.Is(err, mood.ErrNotFound) {
		return err
	}
	same := t.knows.same(job)
	if err == nil && json.Unmarshal(text, &was) == nil && was.Line == job.Line.text && was.Zone == job.Zone.String() {
		if !same || was.At.After(t.handled) {
			t.handled = was.At
		}
		t.knows = job
		return nil
	}
	if same { // the store forgot
		return t.handle(ctx, job, t.handled)
	}
	if err := t.handle(ctx, job, now); err != nil {
		return err
	}
	t.knows = job
	return nil
}

func (t *tender) handle(ctx context.Context, job Job, at time.Time) error {
	t.handled = at
	text, err := json.Marshal(handled{job.Line.text, job.Zone.String(), at.UTC()})
	if err != nil {
		return err
	}
	return t.keeper.States.Put(ctx, kindHandled, job.ID, text, 0)
}

// claim is the right of a process to do a job for one time.
type claim struct {
	Owner string    `json:"owner"` // empty: whoever comes
	At    time.Time `json:"at"`
	Try   int       `json:"try"`
	Until time.Time `json:"until"`

	t   *tender
	job string
}

// claim gives the claim, or nil and how long to wait for the one who has it.
func (t *tender) claim(ctx context.Context, job Job, at time.Time) (*claim, time.Duration, error) {
	looked := t.keeper.Now()
	was, err := t.claimed(ctx, job.ID)
	if err != nil {
		return nil, 0, err
	}
	if was.Owner != t.keeper.self && was.Until.After(looked) {
		return nil, was.Until.Sub(looked), nil
	}
	mine := &claim{Owner: t.keeper.self, At: at.UTC(), Try: 1, t: t, job: job.ID}
	if was.At.Equal(at) {
		mine.Try = was.Try + 1
	}
	if err := mine.put(ctx, claimTime); err != nil {
		return nil, 0, err
	}
	late := t.keeper.Now().Sub(looked) > settle/2
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return nil, 0, errors.Join(ctx.Err(), mine.free(context.WithoutCancel(ctx), 0))
	case <-timer.C:
	}
	if was, err = t.claimed(ctx, job.ID); err != nil {
		return nil, 0, err
	}
	switch {
	case was.Owner != mine.Owner:
		return nil, settle, nil
	case late:
		return nil, 2 * settle, mine.free(ctx, 0)
	}
	// Another may have had the claim and be done since.
	handled := t.handled
	if err := t.recall(ctx, job, looked); err != nil {
		return nil, 0, err
	}
	if t.handled.After(handled) {
		return nil, 0, mine.free(ctx, 0)
	}
	return mine, 0, nil
}

func (t *tender) claimed(ctx context.Context, job string) (claim, error) {
	var c claim
	text, err := t.keeper.States.Get(ctx, kindClaim, job)
	if errors.Is(err, mood.ErrNotFound) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return claim{}, nil // unreadable: nobody's
	}
	return c, nil
}

func (c *claim) put(ctx context.Context, lasts time.Duration) error {
	own := *c
	own.Until = c.t.keeper.Now().Add(lasts).UTC()
	text, err := json.Marshal(own)
	if err != nil {
		return err
	}
	if err := c.t.keeper.States.Put(ctx, kindClaim, c.job, text, Late); err != nil {
		return fmt.Errorf("claim the report %s: %w", c.job, err)
	}
	c.Until = own.Until
	return nil
}

// mine tells whether nobody else took the claim; a store may have forgotten it.
func (c *claim) mine(ctx context.Context) (bool, error) {
	is, err := c.t.claimed(ctx, c.job)
	return err == nil && (is.Owner == c.Owner || is.Until.IsZero()), err
}

// renew makes the claim last. One that is another's by now is [errLost].
func (c *claim) renew(ctx context.Context) error {
	mine, err := c.mine(ctx)
	if err != nil {
		return err
	}
	if !mine {
		return errLost
	}
	return c.put(ctx, claimTime)
}

// left is how long the claim can be relied on: others may have clocks that are
// fast.
func (c *claim) left() time.Duration { return c.Until.Sub(c.t.keeper.Now()) - settle }

// free gives the claim back, to be had after a while. One that is another's by
// now is left alone.
func (c *claim) free(ctx context.Context, after time.Duration) error {
	mine, err := c.mine(ctx)
	if err != nil || !mine {
		return err
	}
	if after == 0 {
		c.Owner = ""
	}
	return c.put(ctx, after)
}

// Turn is a job's time, as it is run.
type Turn struct {
	At  time.Time // when it was due
	Try int       // counted from 1

	job    string
	tender *tender
}

// ID names the turn, the same at every try.
func (t *Turn) ID() string { return t.job + "@" + strconv.FormatInt(t.At.Unix(), 10) }

func (t *Turn) mark(key string) string {
	sum := sha256.Sum256([]byte(key))
	return t.ID() + "@" + hex.EncodeToString(sum[:12])
}

// Did tells whether a part of the turn, such as one recipient's mail, was
// marked as done at an earlier try, or by another process. It fails once the
// turn is over: ask it right before the part is done.
func (t *Turn) Did(ctx context.Context, key string) (bool, error) {
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	id := t.mark(key)
	if t.tender.marked[id] {
		return true, nil
	}
	_, err := t.tender.keeper.States.Get(ctx, kindMark, id)
	if errors.Is(err, mood.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Mark marks a part of the turn as done. It is done even where that can't be
// kept; the error says so.
func (t *Turn) Mark(ctx context.Context, key string) error {
	id := t.mark(key)
	t.tender.marked[id] = true
	return t.tender.keeper.States.Put(ctx, kindMark, id, []byte{1}, markTime)
}
