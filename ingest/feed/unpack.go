package feed

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// What a compressed document may become. Feeds that were seen shrink to a
// third or a tenth, text of which most repeats to a fortieth; a bomb shrinks
// to a thousandth and less. Small documents of white space are let be.
const (
	maxRatio      = 200
	ratioGrace    = 1 << 20
	maxStages     = 3       // encodings around one another
	maxMembers    = 1_000   // gzip streams after one another
	maxZstdWindow = 8 << 20 // RFC 9659, section 3
)

// acceptEncoding is what unpack undoes.
const acceptEncoding = "gzip, deflate, br, zstd"

// encodings lists what Content-Encoding says, in the order of application.
func encodings(h http.Header) []string {
	var list []string
	for name := range strings.SplitSeq(strings.Join(h.Values("Content-Encoding"), ","), ",") {
		switch name = strings.ToLower(strings.TrimSpace(name)); name {
		case "", "identity", "none":
		default:
			list = append(list, name)
		}
	}
	return list
}

// unpack undoes the declared encodings of a document, and a gzip or zstd that
// nobody declared. What was declared and isn't so does no harm. A document
// that is cut short is given as far as it goes.
func unpack(ctx context.Context, body []byte, declared []string) (out []byte, cut bool, err error) {
	wire := len(body)
	if len(declared) > maxStages {
		return nil, false, &capError{"compressions around one another", maxStages}
	}
	for stages := 0; ; {
		name := ""
		if n := len(declared); n > 0 {
			name, declared = declared[n-1], declared[:n-1]
		}
		kinds := packedAs(body, name)
		if len(kinds) == 0 {
			switch {
			case name != "" && !slices.Contains([]string{"gzip", "x-gzip", "zstd"}, name) && !looksLikeText(body):
				return nil, false, fmt.Errorf("its document is compressed with %q, which wasn't asked for", clip(name, 40))
			case name == "":
				return body, cut, nil
			}
			continue // not compressed, whatever is declared
		}
		if stages++; stages > maxStages {
			return nil, false, &capError{"compressions around one another", maxStages}
		}
		for i, kind := range kinds {
			part, short, err := unpackOne(ctx, kind, body, wire)
			if err == nil {
				body, cut = part, cut || short
				break
			}
			var limit *limitError
			if errors.As(err, &limit) || ctx.Err() != nil {
				return nil, false, err
			}
			if i == len(kinds)-1 {
				if looksLikeText(body) {
					break
				}
				return nil, false, fmt.Errorf("its document says that it is compressed with %q and can't be unpacked: %w", kind, err)
			}
		}
	}
}

// packedAs lists as what a body may be unpacked, the likeliest first.
func packedAs(body []byte, declared string) []string {
	magic := ""
	switch {
	case bytes.HasPrefix(body, []byte{0x1f, 0x8b}):
		magic = "gzip"
	case bytes.HasPrefix(body, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		magic = "zstd"
	}
	var kinds []string
	switch {
	case len(body) == 0:
		return nil
	case declared == "br":
		kinds = []string{"br"}
	case declared == "deflate" && body[0]&0x0f == 8 && len(body) > 1 && (int(body[0])<<8|int(body[1]))%31 == 0:
		kinds = []string{"zlib", "deflate"}
	case declared == "deflate":
		kinds = []string{"deflate"}
	}
	if magic != "" {
		kinds = append(kinds, magic)
	}
	return kinds
}

// looksLikeText says whether a body begins as XML or JSON does.
func looksLikeText(body []byte) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(body[:min(len(body), 512)], []byte("\xef\xbb\xbf")), " \t\r\n\x00\xff\xfe")
	return len(head) > 0 && (head[0] == '<' || head[0] == '{' || head[0] == '[')
}

// limitError is a document that grows too much.
type limitError struct{ what string }

func (e *limitError) Error() string { return e.what }

var errTooLarge = &limitError{fmt.Sprintf("its document is larger than %d MB", maxBytes>>20)}

// unpackOne undoes one encoding. An error means that nothing came out, or too
// much. wire is how large the document was on its way.
func unpackOne(ctx context.Context, kind string, body []byte, wire int) (out []byte, cut bool, err error) {
	r, closer, err := unpacker(kind, body)
	if err != nil {
		return nil, false, err
	}
	defer closer()
	out = make([]byte, 0, min(4*len(body)+512, 1<<20))
	for {
		if err := context.Cause(ctx); err != nil {
			return nil, false, err
		}
		if len(out) == cap(out) {
			out = slices.Grow(out, min(max(cap(out), 512), maxBytes))
		}
		n, err := r.Read(out[len(out):min(cap(out), len(out)+256<<10)])
		out = out[:len(out)+n]
		switch {
		case len(out) > maxBytes:
			return nil, false, errTooLarge
		case len(out) > ratioGrace && len(out)/maxRatio > wire:
			return nil, false, &limitError{fmt.Sprintf("its document is refused: it unpacks to more than %d times its size", maxRatio)}
		case err == nil:
		case errors.Is(err, io.EOF), len(out) > 0 && isTrailer(err):
			return out, false, nil
		case errors.As(err, new(*capError)):
			return nil, false, err
		case len(out) > 0:
			return out, true, nil // the connection, or a link on the way, broke
		default:
			return nil, false, err
		}
	}
}

// isTrailer says whether a decoder stumbled over what stands after the end of
// the document.
func isTrailer(err error) bool {
	return errors.Is(err, zstd.ErrMagicMismatch) || err.Error() == "brotli: excessive input"
}

func unpacker(kind string, body []byte) (r io.Reader, closer func(), err error) {
	src := bytes.NewReader(body)
	closer = func() {}
	switch kind {
	case "gzip":
		z, err := gzip.NewReader(src)
		if err != nil {
			return nil, nil, err
		}
		z.Multistream(false)
		return &members{src: src, z: z}, closer, nil
	case "zlib":
		r, err = zlib.NewReader(src)
		return r, closer, err
	case "deflate":
		return flate.NewReader(src), closer, nil
	case "br":
		return brotli.NewReader(src), closer, nil
	}
	z, err := zstd.NewReader(src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxZstdWindow), zstd.WithDecoderMaxMemory(maxBytes+1))
	if err != nil {
		return nil, nil, err
	}
	return z, z.Close, nil
}

// members reads gzip streams that follow one another, and stops at what is
// none.
type members struct {
	src *bytes.Reader
	z   *gzip.Reader
	n   int
}

func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.z.Read(p)
		if n > 0 || !errors.Is(err, io.EOF) {
			if errors.Is(err, io.EOF) {
				err = nil // the next call finds out what follows
			}
			return n, err
		}
		if m.n++; m.n >= maxMembers {
			return 0, &capError{"gzip streams after one another", maxMembers}
		}
		if m.src.Len() < 10 || m.z.Reset(m.src) != nil {
			return 0, io.EOF
		}
		m.z.Multistream(false)
	}
}
