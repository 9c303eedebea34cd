package feed

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/atom"
	jsonfeed "github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

// document is a parsed feed, its fields as the publisher wrote them.
type document struct {
	form            string // RSS, Atom or JSON Feed
	title, language string
	link            string // of the site
	entries         []entry
	truncated       bool // it stopped before its end; entries are the complete ones
	asks            asks
}

// entry is an item of a document, its fields as the publisher wrote them:
// titles and bodies are HTML, addresses may be relative.
type entry struct {
	guid        string
	links       []string // most trustworthy first
	title, body string
	author      string
	dates       []string // most trustworthy first
	language    string
	sourceURL   string // who published, where the feed says so
	sourceTitle string
	base        string // xml:base in force
	lat, lon    float64
	located     bool
	stars       int // of a review, 1 to 5; 0: it is none
}

// parser bounds how much is parsed at once.
type parser struct {
	slots chan struct{}
	time  time.Duration
}

func newParser() *parser {
	return &parser{slots: make(chan struct{}, parsesAtOnce), time: parseTime}
}

// parse reads a feed out of body, which came from base with that
// Content-Type. A panic of the parser behind it becomes an error.
func (p *parser) parse(ctx context.Context, body []byte, contentType string, base *url.URL) (doc *document, err error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() {
		if r := recover(); r != nil {
			doc, err = nil, &panicError{value: r, stack: debug.Stack()}
		}
	}()
	ctx, cancel := context.WithTimeoutCause(ctx, p.time,
		fmt.Errorf("the document is refused whole: it takes more than %v to parse", p.time))
	defer cancel()
	if len(body) > maxBytes {
		return nil, &capError{"bytes", maxBytes}
	}
	text := toUTF8(body, contentType)
	if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		return parseJSON(ctx, trimmed)
	}
	return parseXML(ctx, text, base)
}

// panicError is a parser's panic; the stack is for the log.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string {
	return fmt.Sprintf("the document makes the parser fail: %v", e.value)
}

func parseXML(ctx context.Context, text []byte, base *url.URL) (*document, error) {
	fixed, truncated, err := repair(text, base)
	if err != nil {
		return nil, err
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	in := &timedReader{ctx: ctx, r: bytes.NewReader(fixed)}
	var doc *document
	if root := strings.ToLower(string(fixed[1:min(5, len(fixed))])); root == "feed" {
		f, err := (&atom.Parser{}).Parse(in)
		if err != nil {
			return nil, parseFailure(ctx, err)
		}
		doc = fromAtom(f)
		doc.form = "Atom"
	} else {
		f, err := (&rss.Parser{}).Parse(in)
		if err != nil {
			return nil, parseFailure(ctx, err)
		}
		doc = fromRSS(f)
		doc.form = "RSS"
	}
	doc.truncated = truncated
	return doc, nil
}

func parseJSON(ctx context.Context, text []byte) (*document, error) {
	if err := guardJSON(text); err != nil {
		return nil, err
	}
	if doc, err := parseITunes(text); doc != nil || err != nil {
		return doc, err
	}
	loose, err := loosenJSON(text)
	if err != nil {
		return nil, err
	}
	f, err := (&jsonfeed.Parser{}).Parse(&timedReader{ctx: ctx, r: bytes.NewReader(loose)})
	if err != nil {
		return nil, parseFailure(ctx, err)
	}
	doc := fromJSON(f)
	doc.form = "JSON Feed"
	return doc, nil
}

func parseFailure(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("the document is broken JSON near byte %d: %w", syntax.Offset, err)
	}
	return fmt.Errorf("the document can't be parsed: %w", err)
}

// timedReader ends a parse when its time is over: the parser can't be
// stopped, but it can be starved.
type timedReader struct {
	ctx context.Context
	r   io.Reader
}

func (t *timedReader) Read(p []byte) (int, error) {
	if err := context.Cause(t.ctx); err != nil {
		return 0, err
	}
	return t.r.Read(p[:min(len(p), 4096)])
}
