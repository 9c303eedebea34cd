package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"agora/mood"
)

// The wire formats of [HTTP].
const (
	HuggingFace = "huggingface"
	TEI         = "tei"
	OpenAI      = "openai"
)

// Bounds of one request, where [HTTPOptions] doesn't say otherwise.
const (
	defaultTimeout  = 10 * time.Second
	defaultBatch    = 32
	defaultBytes    = 256 << 10 // of texts
	defaultParallel = 4
	longestAnswer   = 1 << 20
	longestRefusal  = 8 << 10
)

// HTTPOptions says which engine is asked, and how. Zero bounds mean the
// usual ones.
type HTTPOptions struct {
	Format   string // HuggingFace, TEI or OpenAI
	URL      string
	Model    string        // its name, for OpenAI
	Token    string        // sent as Bearer; empty: none
	Timeout  time.Duration // of one request
	Batch    int           // the most texts of one request
	Bytes    int           // the most bytes of texts in one request
	Parallel int           // requests at a time
	Labels   Labels        // what the model's labels mean
	Pairs    bool          // the model takes pairs of text and target; TEI only
	Now      func() time.Time
}

// HTTP is an engine behind HTTP. It is safe for concurrent use.
type HTTP struct {
	options HTTPOptions
	wire    wire
	address string
	shown   string // the address without what may be secret in it
	client  *http.Client
	turns   chan struct{} // requests under way
}

// question is one ask as it is sent.
type question struct {
	excerpt
	target string
}

// wire is how questions and readings look on the way.
type wire interface {
	path(base string) string                                          // where questions go
	body(batch []question) any                                        // becomes JSON
	readings(answer []byte, batch []question) ([]mood.Reading, error) // in the order of the questions
	tries() int                                                       // how often it is asked when the answer makes no sense
}

// NewHTTP makes an engine; nothing is asked yet.
func NewHTTP(o HTTPOptions) (*HTTP, error) {
	o.Timeout = or(o.Timeout, defaultTimeout)
	o.Batch, o.Bytes, o.Parallel = or(o.Batch, defaultBatch), or(o.Bytes, defaultBytes), or(o.Parallel, defaultParallel)
	if o.Now == nil {
		o.Now = time.Now
	}
	at, err := url.Parse(o.URL)
	if err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" {
		return nil, fmt.Errorf("the engine's address %q: write it as http://host:port: %w", o.URL, mood.ErrInvalid)
	}
	h := &HTTP{options: o, shown: at.Scheme + "://" + at.Host, turns: make(chan struct{}, o.Parallel)}
	switch o.Format {
	case HuggingFace:
		h.wire = huggingFace{o.Labels}
	case TEI:
		h.wire = tei{o.Labels, o.Pairs}
	case OpenAI:
		h.wire = openAI{o.Model}
	default:
		return nil, fmt.Errorf("the engine %q speaks no known format: use %s, %s or %s: %w", o.Format, HuggingFace, TEI, OpenAI, mood.ErrInvalid)
	}
	at.Path = h.wire.path(strings.TrimRight(at.Path, "/"))
	h.address = at.String()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = o.Parallel
	h.client = &http.Client{
		Transport: transport,
		// A token must not follow a redirect, and an engine has no need of one.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return h, nil
}

func or[T time.Duration | int](given, usual T) T {
	if given > 0 {
		return given
	}
	return usual
}

// String names the engine for people: format, host, model.
func (h *HTTP) String() string {
	s := h.options.Format + " at " + h.shown
	if h.options.Model != "" {
		s += " (" + h.options.Model + ")"
	}
	return s
}

// Close lets idle connections go.
func (h *HTTP) Close() error {
	h.client.CloseIdleConnections()
	return nil
}

// Score asks in batches, some at a time. One failed batch fails them all. The
// error is a [*Failure], or that of ctx.
func (h *HTTP) Score(ctx context.Context, asks []mood.Ask) ([]mood.Reading, error) {
	readings := make([]mood.Reading, len(asks))
	var questions []question
	var at []int // which ask a question stands for
	for i := range asks {
		q := question{cutOut(&asks[i], LongestExcerpt), asks[i].Target}
		if q.blank() {
			readings[i] = nothing()
			continue
		}
		questions, at = append(questions, q), append(at, i)
	}
	group, ctx := errgroup.WithContext(ctx)
	to := 0
	for from := 0; from < len(questions); from = to {
		to = h.batchEnd(questions, from)
		batch, at := questions[from:to], at[from:to]
		group.Go(func() error {
			select {
			case h.turns <- struct{}{}:
				defer func() { <-h.turns }()
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			got, err := h.ask(ctx, batch)
			if err != nil {
				return err
			}
			for k, r := range got {
				readings[at[k]] = r
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return readings, nil
}

// batchEnd is where the batch ends that begins at from: it holds one question
// at least.
func (h *HTTP) batchEnd(questions []question, from int) int {
	size := 0
	for i := from; i < len(questions); i++ {
		size += len(questions[i].String()) + len(questions[i].target)
		if i > from && (i-from == h.options.Batch || size > h.options.Bytes) {
			return i
		}
	}
	return len(questions)
}

// ask gets the readings of one batch. A batch that the engine finds too large
// is halved.
func (h *HTTP) ask(ctx context.Context, batch []question) ([]mood.Reading, error) {
	for try := 1; ; try++ {
		readings, err := h.once(ctx, batch)
		var f *Failure
		switch {
		case err == nil:
			return readings, nil
		case !errors.As(err, &f):
			return nil, err
		case f.Status == http.StatusRequestEntityTooLarge && len(batch) > 1:
			first, err := h.ask(ctx, batch[:len(batch)/2])
			if err != nil {
				return nil, err
			}
			second, err := h.ask(ctx, batch[len(batch)/2:])
			return append(first, second...), err
		case !f.Answer || try >= h.wire.tries():
			return nil, err
		}
	}
}

// once makes one request.
func (h *HTTP) once(ctx context.Context, batch []question) ([]mood.Reading, error) {
	within, done := context.WithTimeout(ctx, h.options.Timeout)
	defer done()
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(h.wire.body(batch)); err != nil {
		return nil, fmt.Errorf("write the question to the engine: %w", err)
	}
	request, err := http.NewRequestWithContext(within, http.MethodPost, h.address, &body)
	if err != nil {
		return nil, fmt.Errorf("ask the engine at %s: %w", h.shown, err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	if h.options.Token != "" {
		request.Header.Set("Authorization", "Bearer "+h.options.Token)
	}
	response, err := h.client.Do(request)
	if err != nil {
		return nil, h.unreached(ctx, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(response.Body, longestRefusal)) // what came of it is enough
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		return nil, refusal(response.StatusCode, response.Header, said, h.options.Token, h.options.Now())
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer+1))
	switch {
	case err != nil:
		return nil, h.unreached(ctx, err)
	case len(answer) > longestAnswer:
		return nil, badAnswer("its answer is longer than %d bytes", longestAnswer)
	}
	readings, err := h.wire.readings(answer, batch)
	if err != nil {
		return nil, err
	}
	if len(readings) != len(batch) {
		return nil, badAnswer("it was asked about %d texts and answered about %d", len(batch), len(readings))
	}
	return readings, nil
}

// unreached says why no answer came.
func (h *HTTP) unreached(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &Failure{
			Message: fmt.Sprintf("no answer within %v", h.options.Timeout),
			Remedy:  "raise sentiment.timeout or lower sentiment.batch, if it needs more time",
		}
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err // without the address, which may hold a secret
	}
	return &Failure{
		Message: "no answer came: " + oneLine(err.Error(), h.options.Token),
		Remedy:  "check that it runs, and sentiment.url",
	}
}
