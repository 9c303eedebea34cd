package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"agora/ingest"
	"agora/ingest/archive"
	"agora/ingest/journal"
	"agora/mood"
	"agora/store"
)

const (
	replayBatch = 500                    // lines that are sent together
	replayBytes = 4 << 20                // and bytes
	replayLanes = 4                      // batches under way at once
	replayTick  = 250 * time.Millisecond // at a given speed, lines of this time go together
)

// batch is lines that are sent together.
type batch struct {
	lines  [][]byte
	places []string
	size   int
	read   int // bytes of the files that it stands for
}

// replay sends the tape, as fast as it can or at a speed.
func replay(ctx context.Context, t *tape, to taker, speed float64, bar io.Writer) (*summary, error) {
	sum := &summary{}
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	batches := make(chan batch)
	for range replayLanes {
		group.Go(func() error {
			for b := range batches {
				receipt, err := to.take(ctx, b.lines)
				if err != nil {
					return fmt.Errorf("%s and what follows: %w", b.places[0], err)
				}
				mu.Lock()
				sum.add(receipt, b.places)
				advance(bar, b.read)
				mu.Unlock()
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(batches)
		return cut(ctx, t, newPace(t, speed), batches, func(line tapeLine) {
			mu.Lock()
			defer mu.Unlock()
			sum.lines++
			if line.wrong != "" {
				sum.reject(line.place, line.wrong)
			}
		})
	})
	return sum, group.Wait()
}

// advance moves a bar, which counts what is written to it.
func advance(bar io.Writer, n int) {
	if b, ok := bar.(interface{ Add(int) error }); ok {
		b.Add(n) //nolint:errcheck // it only draws
	}
}

// cut cuts the tape into batches. seen is told of every line.
func cut(ctx context.Context, t *tape, p pace, batches chan<- batch, seen func(tapeLine)) error {
	var b batch
	send := func() error {
		if len(b.lines) == 0 {
			return nil
		}
		select {
		case batches <- b:
			b = batch{}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := t.play(func(line tapeLine) error {
		seen(line)
		if line.wrong != "" {
			return ctx.Err()
		}
		if wait := p.wait(line.at); wait > 0 {
			if err := send(); err != nil {
				return err
			}
			if err := sleep(ctx, wait); err != nil {
				return err
			}
		}
		b.lines = append(b.lines, line.text)
		b.places = append(b.places, line.place)
		b.size += len(line.text)
		b.read += line.bytes
		if len(b.lines) >= replayBatch || b.size >= replayBytes {
			return send()
		}
		return nil
	})
	return errors.Join(err, send())
}

// pace says how long to wait until a line's time has come.
type pace struct {
	first time.Time
	begun time.Time
	speed float64 // 0: never wait
}

func newPace(t *tape, speed float64) pace {
	return pace{first: t.first, begun: time.Now(), speed: speed}
}

func (p pace) wait(at time.Time) time.Duration {
	if p.speed == 0 || at.IsZero() {
		return 0
	}
	due := p.begun.Add(time.Duration(float64(at.Sub(p.first)) / p.speed))
	if wait := time.Until(due); wait > replayTick {
		return wait
	}
	return 0
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *summary) add(r mood.Receipt, places []string) {
	s.accepted += r.Accepted
	s.unmatched += r.Unmatched
	s.duplicates += r.Duplicates
	s.tooOld += r.TooOld
	for _, bad := range r.Rejected {
		place := "?"
		if bad.Index >= 0 && bad.Index < len(places) {
			place = places[bad.Index]
		}
		s.reject(place, bad.Error)
	}
}

// triesWhileBusy bounds how often a batch is offered to a server that asks
// for patience. Offering it again is harmless: what it knows, it drops.
const triesWhileBusy = 8

func (r *remote) take(ctx context.Context, lines [][]byte) (mood.Receipt, error) {
	body := bytes.Join(lines, []byte("\n"))
	for try := 1; ; try++ {
		receipt, again, err := r.post(ctx, body)
		if err == nil || again == 0 || try == triesWhileBusy {
			return receipt, err
		}
		if err := sleep(ctx, again); err != nil {
			return receipt, err
		}
	}
}

// post sends a batch; again is when to try once more, 0 for never.
func (r *remote) post(ctx context.Context, body []byte) (receipt mood.Receipt, again time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+"/api/v1/mentions", bytes.NewReader(body))
	if err != nil {
		return receipt, 0, err
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	response, err := r.do(request)
	if err != nil {
		return receipt, 0, fmt.Errorf("send to the Agora at %s: %w: is it running?", r.url, unwrapAll(err))
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 8<<20))
	if err != nil {
		return receipt, 0, fmt.Errorf("read the answer of the Agora at %s: %w", r.url, err)
	}
	switch response.StatusCode {
	case http.StatusAccepted:
		if err := json.Unmarshal(text, &receipt); err != nil {
			return receipt, 0, fmt.Errorf("read the answer of the Agora at %s: %w", r.url, err)
		}
		return receipt, 0, nil
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		again = time.Second
		if n, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && n > 0 {
			again = min(time.Duration(n)*time.Second, time.Minute)
		}
	}
	return receipt, again, fmt.Errorf("the Agora at %s answered %s: %s", r.url, response.Status, problemOf(text))
}

// local takes lines into the store itself, while no server has it.
type local struct {
	intake *ingest.Intake
	scorer *scorer
	store  *store.Store
	past   *journal.Journal
	texts  *archive.Archive // nil: none are kept
	data   *dataFolder
	stop   func() error
}

func openLocal(ctx context.Context, c *console, cfg *Config, data *dataFolder) (*local, error) {
	s, err := openStore(ctx, c, cfg, true)
	if err != nil {
		return nil, err
	}
	by, err := openScorer(c, cfg, nil)
	if err != nil {
		return nil, errors.Join(err, s.Close(ctx))
	}
	past, err := openJournal(c, cfg)
	if err != nil {
		return nil, errors.Join(err, by.close(), s.Close(ctx))
	}
	holds, err := holdJournal(ctx, s, past, cfg.Data, c.log)
	if err != nil {
		return nil, errors.Join(err, past.Close(), by.close(), s.Close(ctx))
	}
	tutor := newTutor(by.engine, s.Corrections, c.log)
	tutor.watch(cfg.Brands)
	tutor.teach(ctx)
	texts := openTexts(c, cfg, nil)
	intake, err := openIntake(ctx, c, cfg, by, past, texts, s, nil)
	if err != nil {
		closeTexts(texts)
		return nil, errors.Join(err, past.Close(), by.close(), s.Close(ctx))
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		group, running := errgroup.WithContext(running)
		group.Go(func() error { return intake.Run(running) })
		group.Go(func() error { return holds.run(running) })
		ended <- group.Wait()
	}()
	return &local{intake: intake, scorer: by, store: s, past: past, texts: texts, data: data, stop: func() error {
		cancel()
		return <-ended
	}}, nil
}

func (l *local) take(ctx context.Context, lines [][]byte) (mood.Receipt, error) {
	items := make([]json.RawMessage, len(lines))
	for i, line := range lines {
		items[i] = line
	}
	return l.intake.Push(ctx, items)
}

func (l *local) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err := errors.Join(l.intake.Drain(ctx), l.stop())
	closeTexts(l.texts)
	return errors.Join(err, l.store.Close(ctx), l.past.Close(), l.scorer.close(), l.data.close())
}
