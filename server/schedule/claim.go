package schedule

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"agora/mood"
)

// The kinds of states that are kept.
const (
	kindHandled = "report-handled" // by job: the last time that was dealt with
	kindClaim   = "report-claim"   // by job: which process is at it
	kindMark    = "report-mark"    // by job, time and key: what is done of a turn
)

// Of several processes that share a store, the one that holds a job's lease does
// it; the store sees to it that there is one. While the job runs, the lease is
// renewed, and a process that finds it to be another's, or can't renew it before
// it runs out, breaks the job off. What no store can prevent is that a process
// is stopped between the last look and the mail that it hands over, for longer
// than its lease lasts; then a mail may go twice, under the same Message-ID.
const (
	renewEvery = 2 * time.Second
	margin     = 2 * renewEvery // by which a claim isn't relied on any more before it ends
	claimTime  = time.Minute    // that a claim outlives its last renewal
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

// claim is the right of a process to do a job for one time. What is kept of it
// is how often that was tried, and when it may be tried again.
type claim struct {
	At    time.Time `json:"at"`
	Try   int       `json:"try"`
	Until time.Time `json:"until"` // no other try before

	t     *tender
	job   string
	lock  sync.Mutex
	lease mood.Lease
}

// claim gives the claim, or nil and how long to wait for the one who has it.
func (t *tender) claim(ctx context.Context, job Job, at time.Time) (*claim, time.Duration, error) {
	lease, err := t.keeper.States.Claim(ctx, kindClaim, job.ID, t.keeper.self, claimTime)
	if err != nil {
		return nil, 0, fmt.Errorf("claim the report %s: %w", job.ID, err)
	}
	if !lease.Held {
		return nil, max(lease.Wait, renewEvery), nil
	}
	mine := &claim{At: at.UTC(), Try: 1, t: t, job: job.ID, lease: lease}
	ok, wait, err := mine.begin(ctx, job)
	if !ok {
		return nil, wait, errors.Join(err, t.keeper.States.Release(context.WithoutCancel(ctx), lease))
	}
	return mine, 0, nil
}

// begin looks what became of the job until now. If it isn't to be done, it says
// how long to wait.
func (c *claim) begin(ctx context.Context, job Job) (ok bool, wait time.Duration, err error) {
	t, now := c.t, c.t.keeper.Now()
	was, err := t.claimed(ctx, job.ID)
	if err != nil {
		return false, 0, err
	}
	if was.Until.After(now) {
		return false, was.Until.Sub(now), nil
	}
	if was.At.Equal(c.At) {
		c.Try = was.Try + 1
	}
	// Another may have had the claim and be done since.
	handled := t.handled
	if err := t.recall(ctx, job, now); err != nil || t.handled.After(handled) {
		return false, 0, err
	}
	if err := c.put(ctx, claimTime); err != nil {
		return false, 0, err
	}
	if c.left() <= 0 { // the store took long
		return false, margin, c.put(ctx, 0)
	}
	return true, 0, nil
}

// claimed is what was kept last.
func (t *tender) claimed(ctx context.Context, job string) (*claim, error) {
	c := &claim{}
	text, err := t.keeper.States.Get(ctx, kindClaim, job)
	if errors.Is(err, mood.ErrNotFound) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(text, c); err != nil {
		return &claim{}, nil // unreadable: nobody's
	}
	return c, nil
}

// put keeps that no other try comes for a while.
func (c *claim) put(ctx context.Context, lasts time.Duration) error {
	c.Until = c.t.keeper.Now().Add(lasts).UTC()
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if _, err := c.t.keeper.States.PutFenced(ctx, kindClaim, c.job, text, Late, c.lease.Fence); err != nil {
		return fmt.Errorf("claim the report %s: %w", c.job, err)
	}
	return nil
}

// renew makes the claim last. One that is another's by now is [errLost].
func (c *claim) renew(ctx context.Context) error {
	c.lock.Lock()
	lease := c.lease
	c.lock.Unlock()
	lease, err := c.t.keeper.States.Renew(ctx, lease, claimTime)
	if errors.Is(err, mood.ErrConflict) {
		return errLost
	}
	if err != nil {
		return err
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	c.lease = lease
	return nil
}

// left is how long the claim can be relied on.
func (c *claim) left() time.Duration {
	c.lock.Lock()
	defer c.lock.Unlock()
	return time.Until(c.lease.Until) - margin
}

// free gives the claim back, for another try after a while. One that is
// another's by now is left alone.
func (c *claim) free(ctx context.Context, after time.Duration) error {
	err := c.put(ctx, after)
	if errors.Is(err, mood.ErrConflict) {
		return nil
	}
	return errors.Join(err, c.t.keeper.States.Release(ctx, c.lease))
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
