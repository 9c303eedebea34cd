package feed

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// readBody reads and decompresses a body within maxBytes. A body that ends
// too early is kept as far as it came.
func (f *fetcher) readBody(ctx context.Context, cancel context.CancelCauseFunc, resp *http.Response, ans *answer) error {
	wire := &steadyReader{ctx: ctx, r: resp.Body, stalled: func() {
		cancel(slow("it stalled: hardly anything came for %v", stallTime))
	}}
	wire.timer = time.AfterFunc(stallTime, wire.stalled)
	defer wire.timer.Stop()
	defer func() { ans.wire = wire.total }()

	in, err := decompress(wire, resp.Header.Get("Content-Encoding"))
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	_, err = io.CopyN(&buf, in, smallBody)
	if err == nil { // there may be more
		wire.timer.Stop() // waiting here is not the sender's fault
		select {
		case f.large <- struct{}{}:
			ans.release = func() { <-f.large }
		case <-ctx.Done():
			return ctx.Err()
		}
		wire.timer.Reset(stallTime)
		_, err = io.CopyN(&buf, in, maxBytes+1-smallBody)
	}
	fail := func(err error) error {
		ans.release()
		ans.release = func() {}
		return err
	}
	switch {
	case err == nil:
		return fail(fmt.Errorf("its document is larger than %d MB", maxBytes>>20))
	case errors.Is(err, io.EOF):
	case ctx.Err() == nil && buf.Len() > 0:
		ans.truncated = true
	default:
		return fail(err)
	}
	ans.body = buf.Bytes()
	return nil
}

// decompress undoes Content-Encoding, and a gzip that nobody declared.
func decompress(r io.Reader, encoding string) (io.Reader, error) {
	br := bufio.NewReaderSize(r, 16<<10)
	magic, err := br.Peek(2)
	if err != nil && len(magic) == 0 {
		if errors.Is(err, io.EOF) {
			return br, nil
		}
		return nil, err
	}
	isGzip := len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b
	switch encoding = strings.ToLower(strings.TrimSpace(encoding)); {
	case isGzip:
		z, err := gzip.NewReader(br)
		if err != nil {
			return nil, fmt.Errorf("its gzip is broken: %w", err)
		}
		return z, nil
	case encoding == "deflate":
		if len(magic) == 2 && magic[0]&0x0f == 8 && (int(magic[0])<<8|int(magic[1]))%31 == 0 {
			return zlib.NewReader(br)
		}
		if magic[0] == '<' || magic[0] == '{' {
			return br, nil
		}
		return flate.NewReader(br), nil
	case encoding == "" || encoding == "identity" || encoding == "gzip" || encoding == "x-gzip" || encoding == "none" || encoding == "utf-8":
		return br, nil // not compressed, whatever it says
	}
	return nil, fmt.Errorf("its document is compressed with %q, which wasn't asked for", clip(encoding, 40))
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
}

func (s *steadyReader) Read(p []byte) (int, error) {
	if err := context.Cause(s.ctx); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	s.total += int64(n)
	if s.since += int64(n); s.since >= stallMinimum {
		s.since = 0
		s.timer.Reset(stallTime)
	}
	return n, err
}
