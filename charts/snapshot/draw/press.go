package draw

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

const (
	// bandRows is how many rows are painted at a time. It is the same everywhere,
	// for a picture to have the same bytes; 64 rows of a large one fit a
	// processor's own memory.
	bandRows   = 64
	maxWorkers = 4
)

// A worker paints and packs bands. What it holds is for one picture at a time.
type worker struct {
	band   band
	packer packer
}

// Tools are memory that pictures are drawn in, some MB, for the next to use:
// taken anew for each, it would be most of what the process holds.
type tools struct {
	mu      sync.Mutex
	workers []*worker
	lines   []*polygons
}

// take gives what was put on a list last, or something new.
func take[T any](mu *sync.Mutex, list *[]*T) *T {
	mu.Lock()
	defer mu.Unlock()
	n := len(*list)
	if n == 0 {
		return new(T)
	}
	last := (*list)[n-1]
	*list = (*list)[:n-1]
	return last
}

func put[T any](mu *sync.Mutex, list *[]*T, v *T) {
	mu.Lock()
	defer mu.Unlock()
	*list = append(*list, v)
}

// press paints all bands of a job, as many at once as there are processors,
// and hands them out in order. It returns when all who work for it have, at the
// first error of out.
func press(ctx context.Context, j *job, opaque bool, t *tools, out func(*strip) error) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	j.ended = func() bool { return ctx.Err() != nil }
	n := (j.size.Dy() + j.rows - 1) / j.rows
	workers := min(runtime.GOMAXPROCS(0), maxWorkers, n)
	ready := make([]chan *strip, n)
	for i := range ready {
		ready[i] = make(chan *strip, 1)
	}
	spare := make(chan *strip, 2*workers) // whoever has none waits for the bands before
	for range cap(spare) {
		spare <- new(strip)
	}
	var next atomic.Int64
	var thrown atomic.Pointer[string]
	var all sync.WaitGroup
	defer func() {
		cancel()
		all.Wait()
		if text := thrown.Load(); text != nil {
			panic(*text) // where whoever asked for the picture can catch it
		}
	}()
	for range workers {
		all.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					text := fmt.Sprintf("%v\n\n%s", r, debug.Stack())
					thrown.Store(&text)
					cancel()
				}
			}()
			w := take(&t.mu, &t.workers)
			for {
				var into *strip
				select {
				case into = <-spare:
				case <-ctx.Done():
					return // and what w holds is anybody's guess
				}
				i := int(next.Add(1) - 1)
				if i >= n {
					put(&t.mu, &t.workers, w)
					return
				}
				if !w.band.paint(j, i) {
					return
				}
				w.packer.pack(into, &w.band, opaque)
				ready[i] <- into
			}
		})
	}
	for i := range n {
		select {
		case s := <-ready[i]:
			if ctx.Err() != nil { // whichever came first
				return ended(ctx)
			}
			if err := out(s); err != nil {
				return err
			}
			spare <- s
		case <-ctx.Done():
			return ended(ctx)
		}
	}
	return nil
}
