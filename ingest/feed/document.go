package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"agora/mood"

	"github.com/mmcdole/gofeed/atom"
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
	links           hubLinks
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
	categories  []string
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

// run does work on a document: few at once, within a time, and with a panic
// made an error. The work itself looks at its context; nothing runs on behind
// it.
func (p *parser) run(ctx context.Context, work func(context.Context) error) (err error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() {
		if r := recover(); r != nil {
			err = &panicError{value: r, stack: debug.Stack()}
		}
	}()
	ctx, cancel := context.WithTimeoutCause(ctx, p.time, readTimeError{p.time})
	defer cancel()
	return work(ctx)
}

// read makes mentions of a document that came for src at now. All of it, from
// bytes to finished mentions, happens within the bounds of run.
func (p *parser) read(ctx context.Context, came received, src mood.Source, now time.Time, first bool) (doc *document, all []mood.Mention, err error) {
	err = p.run(ctx, func(ctx context.Context) error {
		var err error
		if doc, err = parse(ctx, came.body, came.contentType, came.url); err != nil {
			return withFeedLink(err, came)
		}
		if doc.truncated && len(doc.entries) == 0 && (came.cut || doc.title == "") {
			return errCutOff
		}
		doc.language = firstOf(doc.language, came.language)
		all, err = mentionsWithin(ctx, doc, src, came.url, now, first)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return doc, all, nil
}

// parse reads a feed out of body, which came from base with that Content-Type.
func parse(ctx context.Context, body []byte, contentType string, base *url.URL) (*document, error) {
	if len(body) > maxBytes {
		return nil, &capError{"bytes", maxBytes}
	}
	if err := refuseBinary(body); err != nil {
		return nil, err
	}
	text := toUTF8(body, contentType)
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if inner := jsonIn(text); inner != nil {
		return parseJSON(ctx, inner)
	}
	return parseXML(ctx, text, base)
}

// readTimeError is a document that takes too long to read here and now.
type readTimeError struct{ limit time.Duration }

func (e readTimeError) Error() string {
	return fmt.Sprintf("the document is refused whole: it takes more than %v to read", e.limit)
}

// errCutOff is a document of which no item came.
var errCutOff = errors.New("the document ends before its first item: it was cut off on its way, or is broken; it is asked again")

// panicError is a parser's panic; the stack is for the log.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string {
	return fmt.Sprintf("the document makes the parser fail: %v", e.value)
}

func parseXML(ctx context.Context, text []byte, base *url.URL) (*document, error) {
	r, err := repaired(ctx, text, base)
	if err != nil {
		return nil, err
	}
	fixed := r.out.Bytes()
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
		r.lifted.putAtom(f)
		doc = fromAtom(f)
		doc.form = "Atom"
	} else {
		f, err := (&rss.Parser{}).Parse(in)
		if err != nil {
			return nil, parseFailure(ctx, err)
		}
		r.lifted.putRSS(f)
		doc = fromRSS(f)
		doc.form = "RSS"
	}
	doc.truncated = r.truncated
	return doc, nil
}

func parseJSON(ctx context.Context, text []byte) (*document, error) {
	if err := guardJSON(text); err != nil {
		return nil, err
	}
	if doc, err := parseITunes(text); doc != nil || err != nil {
		return doc, err
	}
	f, err := looseJSON(ctx, text)
	if err != nil {
		return nil, err
	}
	doc := fromJSON(f)
	doc.form = "JSON Feed"
	doc.links = jsonLinks(text, f.FeedURL)
	return doc, nil
}

func parseFailure(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
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
