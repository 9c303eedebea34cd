package server

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/cespare/xxhash/v2"
	"github.com/labstack/echo/v4"
)

// worthGzip is the size, in bytes, below which compressing costs more than it
// saves: one packet.
const worthGzip = 1400

// maxSmallBody bounds the requests that carry a form's worth of JSON.
const maxSmallBody = 64 << 10

// reply sends JSON. The stream never goes this way.
func (s *Server) reply(c echo.Context, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	return s.send(c, status, "application/json", append(body, '\n'))
}

// send sends a body with a tag by which a browser that has it needn't load it
// again, compressed where that is worth it. A tag that is set already stays.
func (s *Server) send(c echo.Context, status int, kind string, body []byte) error {
	h := c.Response().Header()
	h.Set("Content-Type", kind)
	h.Set("Vary", "Accept-Encoding, Cookie")
	h.Set("Cache-Control", "no-cache")
	if r := c.Request(); status == http.StatusOK && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		tag := h.Get("ETag")
		if tag == "" {
			tag = tagOf(body)
			h.Set("ETag", tag)
		}
		if hasTag(r, tag) {
			return c.NoContent(http.StatusNotModified)
		}
	} else {
		h.Set("Cache-Control", "no-store")
	}
	if len(body) < worthGzip || packed(kind) || h.Get("Content-Encoding") != "" || !accepts(c.Request(), "gzip") {
		h.Set("Content-Length", strconv.Itoa(len(body)))
		c.Response().WriteHeader(status)
		return write(c, body)
	}
	h.Set("Content-Encoding", "gzip")
	c.Response().WriteHeader(status)
	z := s.zips.Get().(*gzip.Writer)
	defer s.zips.Put(z)
	z.Reset(c.Response())
	if _, err := z.Write(body); err != nil {
		return nil // the client has left
	}
	_ = z.Close()
	return nil
}

// zip compresses what will be sent more than once.
func (s *Server) zip(body []byte) []byte {
	var out bytes.Buffer
	z := s.zips.Get().(*gzip.Writer)
	defer s.zips.Put(z)
	z.Reset(&out)
	_, _ = z.Write(body) // a Buffer takes everything
	_ = z.Close()
	return out.Bytes()
}

// packed tells of a kind of content that compressing makes no smaller.
func packed(kind string) bool { return kind == kindXLSX || kind == kindPNG || kind == kindPDF }

func tagOf(body []byte) string { return fmt.Sprintf(`W/"%016x"`, xxhash.Sum64(body)) }

// write ignores errors: they mean that the client has left.
func write(c echo.Context, body []byte) error {
	if c.Request().Method != http.MethodHead {
		_, _ = c.Response().Write(body)
	}
	return nil
}

func newZips() *sync.Pool {
	return &sync.Pool{New: func() any {
		z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level is a valid one
		return z
	}}
}

func hasTag(r *http.Request, tag string) bool {
	for t := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// accepts tells whether a client takes an encoding; q=0 means that it doesn't.
func accepts(r *http.Request, encoding string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		q, ok := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
		if v, err := strconv.ParseFloat(q, 64); ok && err == nil && v == 0 {
			return false
		}
		return true
	}
	return false
}

// readJSON reads a small object, strictly.
func readJSON(c echo.Context, v any) error {
	if err := wantJSON(c.Request(), "application/json"); err != nil {
		return err
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxSmallBody))
	if err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			return newProblem(http.StatusRequestEntityTooLarge, "The request is over %d KiB: it should be a small JSON object.", maxSmallBody>>10)
		}
		return badBody(err)
	}
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return newProblem(http.StatusBadRequest, "The request isn't the JSON object that is expected here (%s). GET /openapi.json shows it.", strings.TrimPrefix(err.Error(), "json: "))
	}
	if d.More() {
		return newProblem(http.StatusBadRequest, "The request has something behind its JSON object: send one object.")
	}
	return nil
}

// wantJSON refuses other kinds of body: pages of other sites can send those
// without asking the browser for leave.
func wantJSON(r *http.Request, kinds ...string) error {
	given := r.Header.Get("Content-Type")
	kind, _, err := mime.ParseMediaType(given)
	for _, k := range kinds {
		if err == nil && kind == k {
			return wantPlain(r)
		}
	}
	if given == "" {
		return newProblem(http.StatusUnsupportedMediaType, "Say what is sent: set the header Content-Type to %s.", list(kinds))
	}
	return newProblem(http.StatusUnsupportedMediaType, "Content-Type is %q: send %s.", given, list(kinds))
}

// badBody is for a request that stopped short.
// wantPlain refuses what is compressed.
func wantPlain(r *http.Request) error {
	if enc := r.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return newProblem(http.StatusUnsupportedMediaType, "Content-Encoding is %q: send the request uncompressed.", enc)
	}
	return nil
}

func badBody(err error) error {
	p := newProblem(http.StatusBadRequest, "The request ended before its body was complete: send it again.")
	p.cause = err
	return p
}
