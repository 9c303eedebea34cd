package social

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"
)

// Bounds of what is read of a stream of text.
const (
	maxLine  = 1 << 20
	maxEvent = 4 << 20
)

// lines reads a stream line by line. Lines that are too long come empty.
type lines struct {
	body io.ReadCloser
	r    *bufio.Reader
	buf  []byte
	any  bool // a line came
}

// newLines reads a body, which is closed when ctx ends, so that a read never
// outlives it.
func newLines(ctx context.Context, body io.ReadCloser) (l *lines, release func()) {
	stop := context.AfterFunc(ctx, func() { _ = body.Close() })
	return &lines{body: body, r: bufio.NewReaderSize(body, 64<<10)}, func() {
		stop()
		_ = body.Close()
	}
}

// next gives a line without its end, LF or CRLF; it is overwritten by the next
// one.
func (l *lines) next() ([]byte, error) {
	l.buf = l.buf[:0]
	long := false
	for {
		part, err := l.r.ReadSlice('\n')
		if !long {
			l.buf = append(l.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			long = long || len(l.buf) > maxLine
			continue
		case err != nil:
			return nil, err // a line without an end isn't whole
		case long:
			return nil, nil
		}
		return l.line(), nil
	}
}

// line is what was read, without its end and the mark ahead of the first.
func (l *lines) line() []byte {
	line := bytes.TrimRight(l.buf, "\r\n")
	if !l.any {
		line, l.any = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")), true
	}
	return line
}

// rest gives the last line of a stream that ended, if that is whole though it
// has no end: many leave it out.
func (l *lines) rest() []byte {
	line := l.line()
	l.buf = nil
	if len(line) > maxLine || !json.Valid(line) || line[0] != '{' && line[0] != '[' {
		return nil
	}
	return line
}

// event is one of a stream of server-sent events.
type event struct {
	name, id string
	data     []byte
	retry    time.Duration // how long to wait before dialling anew; 0: nothing was said
	comment  bool          // only a sign of life came
}

// events reads server-sent events, as the HTML standard has them.
type events struct {
	lines *lines
	id    string // the last one; it stays until another comes
}

func newEvents(l *lines) *events {
	l.r.Reset(&lineEnds{r: l.body})
	return &events{lines: l}
}

// lineEnds reads CRs and CRLFs as LFs: a line of events may end with any of
// them (html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
type lineEnds struct {
	r  io.Reader
	cr bool // the last byte was one: an LF that follows belongs to it
}

func (l *lineEnds) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	kept := p[:0]
	for _, c := range p[:n] {
		if c == '\n' && l.cr {
			l.cr = false
			continue
		}
		if l.cr = c == '\r'; l.cr {
			c = '\n'
		}
		kept = append(kept, c)
	}
	return len(kept), err
}

// next gives the next event, or a sign of life.
func (s *events) next() (event, error) {
	var e event
	any, long := false, false
	for {
		line, err := s.lines.next()
		if err != nil {
			return e, err
		}
		if len(line) == 0 {
			if !any {
				return event{comment: true}, nil
			}
			e.id = s.id
			if long {
				e.data = nil
			}
			e.data = bytes.TrimSuffix(e.data, []byte("\n"))
			return e, nil
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(name) {
		case "": // a comment
			if !any {
				return event{comment: true}, nil
			}
		case "event":
			any, e.name = true, string(value)
		case "data":
			any = true
			if long = long || len(e.data)+len(value) > maxEvent; !long {
				e.data = append(append(e.data, value...), '\n')
			}
		case "id":
			if any = true; !bytes.ContainsRune(value, 0) && len(value) <= maxID {
				s.id = string(value)
			}
		case "retry":
			if ms, err := strconv.Atoi(string(value)); err == nil && ms >= 0 {
				any, e.retry = true, min(time.Duration(ms)*time.Millisecond, longestLive)
			}
		}
	}
}

// maxID bounds an event's id, which is kept and sent back.
const maxID = 16 << 10
