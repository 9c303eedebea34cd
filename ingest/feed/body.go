package feed

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"
)

// readBody takes in a body as it is on the wire, at most maxBytes of it, in
// pieces for which there is room. One that ends too early is kept as far as it
// came. It isn't unpacked here: a slow sender then holds nothing but what it
// has sent.
func (f *fetcher) readBody(ctx context.Context, cancel context.CancelCauseFunc, resp *http.Response, ans *answer) error {
	if resp.ContentLength > maxBytes {
		return errTooLarge
	}
	wire := &steadyReader{ctx: ctx, r: resp.Body, stalled: func() {
		cancel(slow("it stalled: hardly anything came for %v", stallTime))
	}}
	wire.timer = time.AfterFunc(stallTime, wire.stalled)
	defer wire.timer.Stop()
	defer func() { ans.wire = wire.total }()

	ans.stay = f.room.enter(func(err error) { cancel(err) })
	size := 0
	for piece := firstPiece; ; piece = pieceAfter(size) {
		if stepsFor(size+piece) > ans.stay.steps {
			wire.timer.Stop() // waiting here is not the sender's fault
			if err := ans.stay.grow(ctx, size+piece); err != nil {
				return err
			}
			wire.timer.Reset(stallTime)
		}
		buf := make([]byte, piece)
		n, err := io.ReadFull(wire, buf)
		if n > 0 {
			ans.packed = append(ans.packed, buf[:n])
			size += n
		}
		switch {
		case size > maxBytes:
			return errTooLarge
		case err == nil:
		case wire.err == nil || errors.Is(wire.err, io.EOF):
			ans.stay.came()
			return nil
		case ctx.Err() == nil && size > 0:
			ans.stay.came()
			ans.truncated = true
			return nil
		default:
			return err
		}
	}
}

// firstPiece holds most feeds; the second fills up what is free, and the
// others are of one step.
const firstPiece = 32 << 10

func pieceAfter(size int) int {
	if size < smallBody {
		return smallBody - size
	}
	return roomStep
}

// open unpacks what came, in one of the few places where documents are worked
// on, so that few decoders are at work however many hosts answer. When what
// comes out needs more room than there is, it waits for that outside.
func (f *fetcher) open(ctx context.Context, ans *answer) error {
	names := encodings(ans.header)
	if len(ans.packed) <= 1 && len(names) == 0 && (len(ans.packed) == 0 || len(packedAs(ans.packed[0], "")) == 0) {
		ans.body = slices.Concat(ans.packed...)
		ans.packed = nil
		return nil
	}
	for {
		size := 0
		fits := false
		err := f.parser.run(ctx, func(ctx context.Context) error {
			body, cut, err := unpack(ctx, slices.Concat(ans.packed...), names)
			if err != nil {
				return err
			}
			if size, fits = len(body), ans.stay.fit(len(body)); fits {
				ans.body, ans.packed = body, nil
				ans.truncated = ans.truncated || cut
			}
			return nil
		})
		if err != nil || fits {
			return err
		}
		if err := ans.stay.grow(ctx, size); err != nil {
			return err
		}
	}
}

// steadyReader gives up on a sender that drips: within stallTime at least
// stallMinimum bytes, or the end, must come.
type steadyReader struct {
	ctx     context.Context
	r       io.Reader
	timer   *time.Timer
	stalled func()
	total   int64
	since   int64 // bytes since the timer was set
	err     error // the last one
}

func (s *steadyReader) Read(p []byte) (n int, err error) {
	defer func() { s.err = err }()
	if err := context.Cause(s.ctx); err != nil {
		return 0, err
	}
	n, err = s.r.Read(p)
	s.total += int64(n)
	if s.since += int64(n); s.since >= stallMinimum {
		s.since = 0
		s.timer.Reset(stallTime)
	}
	return n, err
}
