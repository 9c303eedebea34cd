package engine

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Failure is why an engine gave no readings.
type Failure struct {
	Status   int           // of HTTP; 0: none came
	Message  string        // what happened, in one line
	Remedy   string        // what the operator can do
	Wait     time.Duration // how long the engine asks to be left alone; 0: it didn't say
	Hopeless bool          // asking again won't help until somebody does something
	Answer   bool          // an answer came, and makes no sense
}

// Error says what happened and what to do.
func (f *Failure) Error() string {
	if f.Remedy == "" {
		return f.Message
	}
	return f.Message + ": " + f.Remedy
}

// badAnswer is the failure of an answer that makes no sense.
func badAnswer(form string, args ...any) error {
	return &Failure{Message: fmt.Sprintf(form, args...), Remedy: "check that sentiment.engine and its model fit", Answer: true}
}

// longestWait bounds what an engine may ask for.
const longestWait = 10 * time.Minute

// refusal makes a failure of a status that isn't 200.
func refusal(status int, head http.Header, body []byte, token string, now time.Time) *Failure {
	said, wait := complaint(body)
	f := &Failure{Status: status, Message: fmt.Sprintf("it answered %d", status), Wait: wait}
	if said = oneLine(said, token); said != "" {
		f.Message += ": " + said
	}
	if asked := retryAfter(head.Get("Retry-After"), now); asked > 0 {
		f.Wait = asked
	}
	f.Wait = min(f.Wait, longestWait)
	switch {
	case status >= 300 && status < 400:
		f.Hopeless, f.Remedy = true, "it wants to send Agora elsewhere: write the final address in sentiment.url"
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		f.Hopeless, f.Remedy = true, "check sentiment.token"
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
		f.Hopeless, f.Remedy = true, "check sentiment.url and sentiment.model"
	case status == http.StatusRequestEntityTooLarge:
		f.Remedy = "lower sentiment.batch"
	case status == http.StatusTooManyRequests:
		f.Remedy = "lower sentiment.batch, or give it more room"
	case status == http.StatusServiceUnavailable:
		f.Remedy = "it may still be loading its model"
	default:
		f.Remedy = "its own log should say more"
	}
	return f
}

// complaint finds what an engine says went wrong. The error is a text or a
// list of texts at Hugging Face, a text at text-embeddings-inference, and an
// object with a message at OpenAI; estimated_time is how many seconds a model
// still loads.
func complaint(body []byte) (said string, wait time.Duration) {
	var c struct {
		Error     json.RawMessage `json:"error"`
		Message   string          `json:"message"`
		Estimated float64         `json:"estimated_time"`
	}
	if json.Unmarshal(body, &c) != nil {
		return "", 0
	}
	if c.Estimated > 0 {
		wait = time.Duration(min(c.Estimated, longestWait.Seconds()) * float64(time.Second))
	}
	var text string
	var texts []string
	var object struct {
		Message string `json:"message"`
	}
	switch {
	case json.Unmarshal(c.Error, &text) == nil:
		return text, wait
	case json.Unmarshal(c.Error, &texts) == nil:
		return strings.Join(texts, "; "), wait
	case json.Unmarshal(c.Error, &object) == nil:
		return object.Message, wait
	}
	return c.Message, wait
}

// retryAfter reads the header: seconds or a date.
func retryAfter(s string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(s); err == nil {
		return time.Duration(min(max(n, 0), int(longestWait.Seconds()))) * time.Second
	}
	if at, err := http.ParseTime(s); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// oneLine makes what an engine said fit for a log: short, on one line, and
// without the token, which some engines repeat.
func oneLine(s, token string) string {
	const longest = 200
	if token != "" {
		s = strings.ReplaceAll(s, token, "(hidden)")
	}
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if runes := []rune(s); len(runes) > longest {
		s = string(runes[:longest]) + "…"
	}
	return s
}
