package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/mood"
)

func TestEveryFormatGivesOneReadingForEachTextInOrder(t *testing.T) {
	for name, h := range map[string]*HTTP{
		"huggingface":         engineAt(t, HuggingFace, serve(t, "/models/m", asHuggingFace(t, nil))+"/models/m"),
		"tei":                 engineAt(t, TEI, serve(t, "/predict", asTEI(t, 32, nil))),
		"tei, whole address":  engineAt(t, TEI, serve(t, "/predict", asTEI(t, 32, nil))+"/predict"),
		"openai":              engineAt(t, OpenAI, serve(t, "/v1/chat/completions", asOpenAI(t))),
		"openai, with /v1":    engineAt(t, OpenAI, serve(t, "/v1/chat/completions", asOpenAI(t))+"/v1/"),
		"openai, in a folder": engineAt(t, OpenAI, serve(t, "/api/chat/completions", asOpenAI(t))+"/api/chat/completions"),
	} {
		t.Run(name, func(t *testing.T) {
			readings, err := h.Score(t.Context(), texts("Nokia is good", "", "Nokia is bad", " \n", "Nokia is"))
			if err != nil {
				t.Fatal(err)
			}
			if got := labelsOf(readings); got != "positive unclear negative unclear neutral" {
				t.Fatalf("labels: %s", got)
			}
			if r := readings[0]; r.Score != 0.88 || r.Confidence != 0.9 || r.Lean != mood.Positive {
				t.Errorf("good: %+v", r)
			}
			if r := readings[2]; r.Score != -0.75 || r.Confidence != 0.8 || r.Lean != mood.Negative {
				t.Errorf("bad: %+v", r)
			}
		})
	}
}

func TestAServerThatGivesOnlyTheLikeliestLabelIsUnderstood(t *testing.T) {
	for answer, asked := range map[string][]mood.Ask{
		`[{"label":"NEG","score":0.8},{"label":"POS","score":0.9}]`:                               texts("a", "b"),
		`[[{"label":"NEG","score":0.8}],[{"label":"POS","score":0.9}]]`:                           texts("a", "b"),
		`[{"label":"NEG","score":0.8}]`:                                                           texts("a"),
		`[{"label":"NEG","score":0.8},{"label":"NEU","score":0.1},{"label":"POS","score":0.1}]`:   texts("a"),
		`[[{"label":"NEG","score":0.8},{"label":"NEU","score":0.1},{"label":"POS","score":0.1}]]`: texts("a"),
	} {
		readings, err := engineAt(t, HuggingFace, serve(t, "/", says(200, answer))+"/").Score(t.Context(), asked)
		if err != nil || len(readings) != len(asked) || readings[0].Label != mood.Negative {
			t.Errorf("%s: %+v, %v", answer, readings, err)
		}
	}
}

func TestAModelOfPairsIsToldTheTarget(t *testing.T) {
	var seen [][]string
	h := engineAt(t, TEI, serve(t, "/predict", asTEI(t, 32, func(in [][]string) { seen = in })), func(o *HTTPOptions) { o.Pairs = true })
	if _, err := h.Score(t.Context(), append(texts("Nokia is good"), mood.Ask{Text: "all is bad"})); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(seen); got != "[[Nokia is good Nokia] [all is bad]]" {
		t.Errorf("asked: %s", got)
	}
}

func TestTitleAndTextAreAskedAboutTogether(t *testing.T) {
	var seen []string
	h := engineAt(t, HuggingFace, serve(t, "/", asHuggingFace(t, func(in []string) { seen = in }))+"/")
	if _, err := h.Score(t.Context(), []mood.Ask{{Title: "Nokia <up>", Text: "It is good & new"}}); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 1 || seen[0] != "Nokia <up>\nIt is good & new" {
		t.Errorf("asked: %q", seen)
	}
}

func TestARefusalSaysWhatTheEngineSaidAndWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		format   string
		answer   func(http.ResponseWriter, []byte)
		says     string
		wait     time.Duration
		hopeless bool
	}{
		"loading": {
			HuggingFace, says(503, `{"error":"Model cardiffnlp/m is currently loading","estimated_time":20.0}`),
			"it answered 503: Model cardiffnlp/m is currently loading: it may still be loading its model", 20 * time.Second, false,
		},
		"too often": {
			HuggingFace, says(429, `{"error":"Rate limit reached"}`, "Retry-After", "7"),
			"it answered 429: Rate limit reached: lower sentiment.batch", 7 * time.Second, false,
		},
		"too often until": {
			TEI, says(429, `{"error":"Model is overloaded","error_type":"Overloaded"}`, "Retry-After", "Thu, 26 Nov 2026 12:01:00 GMT"),
			"Model is overloaded", time.Minute, false,
		},
		"too often for ages": {
			TEI, says(429, `{}`, "Retry-After", "99999999999"),
			"it answered 429: lower sentiment.batch", longestWait, false,
		},
		"too often until next year": {
			TEI, says(429, `{}`, "Retry-After", "Fri, 26 Nov 2027 12:00:00 GMT"),
			"it answered 429: lower sentiment.batch", longestWait, false,
		},
		"bad list": {
			HuggingFace, says(400, `{"error":["Error in `+"`inputs`"+`: field required"],"warnings":[]}`),
			"it answered 400: Error in `inputs`: field required", 0, false,
		},
		"one text too long": {
			TEI, says(413, `{"error":"inputs must have less than 512 tokens","error_type":"Validation"}`),
			"inputs must have less than 512 tokens: lower sentiment.batch", 0, false,
		},
		"backend": {
			TEI, says(424, `{"error":"inference failed","error_type":"Backend"}`), "it answered 424: inference failed", 0, false,
		},
		"wrong key": {
			OpenAI, says(401, `{"error":{"message":"Incorrect API key provided: `+token+`.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`),
			"it answered 401: Incorrect API key provided: (hidden).: check sentiment.token", 0, true,
		},
		"no such model": {
			OpenAI, says(404, `{"error":{"message":"The model does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}`),
			"it answered 404: The model does not exist: check sentiment.url and sentiment.model", 0, true,
		},
		"llama.cpp": {
			OpenAI, says(503, `{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}`), "it answered 503: Loading model", 0, false,
		},
		"a proxy's page": {HuggingFace, says(502, `<html>Bad Gateway`), "it answered 502: its own log", 0, false},
		"several lines":  {HuggingFace, says(500, `{"error":"a\n\u001b[31mb"}`), "it answered 500: a [31mb: ", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			paths := map[string]string{HuggingFace: "/m", TEI: "/predict", OpenAI: "/v1/chat/completions"}
			address := serve(t, paths[c.format], c.answer)
			if c.format == HuggingFace {
				address += "/m"
			}
			readings, err := engineAt(t, c.format, address).Score(t.Context(), texts("a"))
			var f *Failure
			if !errors.As(err, &f) || readings != nil {
				t.Fatalf("%v, %v", readings, err)
			}
			if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), token) {
				t.Errorf("it says: %v", err)
			}
			if f.Wait != c.wait || f.Hopeless != c.hopeless {
				t.Errorf("wait %v, hopeless %v", f.Wait, f.Hopeless)
			}
		})
	}
}

func TestAWrongTokenIsRefusedForGood(t *testing.T) {
	h := engineAt(t, HuggingFace, serve(t, "/", asHuggingFace(t, nil))+"/", func(o *HTTPOptions) { o.Token = "" })
	_, err := h.Score(t.Context(), texts("a"))
	var f *Failure
	if !errors.As(err, &f) || f.Status != 401 || !f.Hopeless {
		t.Errorf("got: %v", err)
	}
}

func TestAnAnswerThatMakesNoSenseIsNoReading(t *testing.T) {
	for _, answer := range []string{
		``, `null`, `{}`, `[]`, `"fine"`, `{"error":"oops"}`, `[[]]`, `[null]`, `[[{"label":"positive","score":0.9}]`,
		`[[{"label":"positive","score":0.9}]]`, // of one text alone
		`[[{"label":"positive","score":0.9}],[{"label":"positive","score":0.9}],[{"label":"positive","score":0.9}]]`,
		`[[{"label":"positive","score":1.9}],[{"label":"positive","score":0.9}]]`,
		`[[{"label":"positive","score":-0.9}],[{"label":"positive","score":0.9}]]`,
		`[[{"label":"positive","score":"0.9"}],[{"label":"positive","score":0.9}]]`,
		`[[{"label":"joy","score":0.9}],[{"label":"positive","score":0.9}]]`,
		`[[{"label":"positive","score":0.5},{"label":"positive","score":0.5}],[{"label":"positive","score":0.9}]]`,
		`[[{"label":"LABEL_0","score":0.5},{"label":"LABEL_1","score":0.5}],[{"label":"LABEL_0","score":0.9}]]`,
		`[[0.1,0.2],[0.3,0.4]]`,
	} {
		for _, format := range []string{HuggingFace, TEI} {
			path := map[string]string{HuggingFace: "/", TEI: "/predict"}[format]
			readings, err := engineAt(t, format, serve(t, path, says(200, answer))+path).Score(t.Context(), texts("a", "b"))
			var f *Failure
			if !errors.As(err, &f) {
				t.Errorf("%s: %s was taken as %+v, %v", format, answer, readings, err)
			}
		}
	}
}

func TestBatchesKeepToTheirBoundsAndSoDoRequests(t *testing.T) {
	const parallel = 3
	var mu sync.Mutex
	var sizes []int
	inside, most := 0, 0
	full := make(chan struct{}) // closed once as many are inside as may be
	var once sync.Once
	h := engineAt(t, HuggingFace, serve(t, "/", asHuggingFace(t, func(in []string) {
		mu.Lock()
		inside++
		most = max(most, inside)
		bytes := 0
		for _, s := range in {
			bytes += len(s)
		}
		if len(in) > 1 && bytes > 60 {
			t.Errorf("%d bytes in a request", bytes)
		}
		sizes = append(sizes, len(in))
		if inside == parallel {
			once.Do(func() { time.AfterFunc(50*time.Millisecond, func() { close(full) }) }) // time for one too many to come
		}
		mu.Unlock()
		<-full
		mu.Lock()
		inside--
		mu.Unlock()
	}))+"/", func(o *HTTPOptions) { o.Batch, o.Bytes, o.Parallel = 4, 60, parallel })
	list := make([]string, 30)
	for i := range list {
		list[i] = "tiny"
	}
	list[7], list[8] = strings.Repeat("long ", 10), strings.Repeat("good ", 40)
	readings, err := h.Score(t.Context(), texts(list...))
	if err != nil || len(readings) != len(list) || readings[8].Label != mood.Positive || readings[9].Label != mood.Neutral {
		t.Fatalf("%v, %s", err, labelsOf(readings))
	}
	total := 0
	for _, n := range sizes {
		total += n
		if n > 4 {
			t.Errorf("%d texts in a request", n)
		}
	}
	if total != len(list) || most > parallel {
		t.Errorf("%d texts were sent, with %d requests at a time", total, most)
	}
}

func TestABatchThatIsTooLargeIsHalved(t *testing.T) {
	var requests atomic.Int32
	h := engineAt(t, TEI, serve(t, "/predict", asTEI(t, 3, func([][]string) { requests.Add(1) })))
	readings, err := h.Score(t.Context(), texts("good", "bad", "so", "good", "bad", "so", "good", "bad", "so", "good"))
	if err != nil {
		t.Fatal(err)
	}
	if got := labelsOf(readings); got != "positive negative neutral positive negative neutral positive negative neutral positive" {
		t.Errorf("labels: %s", got)
	}
	if n := requests.Load(); n != 4 {
		t.Errorf("%d requests of ten texts, three at a time", n)
	}
}

func TestASlowEngineIsNotWaitedFor(t *testing.T) {
	for name, begin := range map[string]string{"head": "", "body": `[[{"label":`} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body) //nolint:errcheck // only then the server sees the client go
				if begin != "" {
					fmt.Fprint(w, begin)
					http.NewResponseController(w).Flush() //nolint:errcheck // the client is there
				}
				<-r.Context().Done()
			}))
			defer server.Close()
			h := engineAt(t, HuggingFace, server.URL, func(o *HTTPOptions) { o.Timeout = 50 * time.Millisecond })
			_, err := h.Score(t.Context(), texts("a"))
			var f *Failure
			if !errors.As(err, &f) || !strings.Contains(err.Error(), "no answer within 50ms") {
				t.Errorf("got: %v", err)
			}
		})
	}
}

func TestAnEndlessAnswerIsCutOff(t *testing.T) {
	h := engineAt(t, HuggingFace, serve(t, "/", func(w http.ResponseWriter, _ []byte) {
		for {
			if _, err := fmt.Fprint(w, strings.Repeat(`[{"label":"positive","score":0.9}],`, 100)); err != nil {
				return
			}
		}
	})+"/")
	_, err := h.Score(t.Context(), texts("a"))
	var f *Failure
	if !errors.As(err, &f) || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("got: %v", err)
	}
}

func TestATokenDoesNotFollowARedirect(t *testing.T) {
	var followed atomic.Bool
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Store(true) }))
	defer elsewhere.Close()
	_, err := engineAt(t, HuggingFace, serve(t, "/", says(307, "", "Location", elsewhere.URL))+"/").Score(t.Context(), texts("a"))
	var f *Failure
	if !errors.As(err, &f) || !f.Hopeless || !strings.Contains(err.Error(), "sentiment.url") || followed.Load() {
		t.Errorf("followed: %v, got: %v", followed.Load(), err)
	}
}

func TestAnEngineThatIsNotThereIsSaidToBeAway(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	_, err := engineAt(t, HuggingFace, server.URL+"/?key=secret").Score(t.Context(), texts("a"))
	var f *Failure
	if !errors.As(err, &f) || !strings.Contains(err.Error(), "no answer came") || strings.Contains(err.Error(), "secret") {
		t.Errorf("got: %v", err)
	}
}

func TestWhoeverStopsWaitingIsNoFailureOfTheEngine(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) //nolint:errcheck // only then the server sees the client go
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	_, err := engineAt(t, HuggingFace, server.URL).Score(ctx, texts("a"))
	var f *Failure
	if !errors.Is(err, context.Canceled) || errors.As(err, &f) {
		t.Errorf("got: %v", err)
	}
}

func TestAnEngineIsNamedWithoutItsSecrets(t *testing.T) {
	h := engineAt(t, OpenAI, "https://user:word@engine.example:8443/v1?key=secret")
	if got := h.String(); got != "openai at https://engine.example:8443 (qwen)" {
		t.Errorf("named: %s", got)
	}
	for _, bad := range []HTTPOptions{{Format: "smoke", URL: "http://x"}, {Format: TEI, URL: "ftp://x"}, {Format: TEI, URL: "x"}, {Format: TEI}} {
		if _, err := NewHTTP(bad); !errors.Is(err, mood.ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
