package social

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"agora/mood"
)

// refusedError is an answer that isn't what was asked for.
type refusedError struct {
	status int
	text   string // what the service said; empty: nothing
}

// Error says what the answer means, and what to do.
func (e *refusedError) Error() string {
	head := strings.TrimSpace(fmt.Sprintf("it answered %d %s", e.status, http.StatusText(e.status)))
	if e.text != "" {
		head += fmt.Sprintf(" (%s)", clip(e.text, 200))
	}
	switch {
	case e.status == http.StatusUnauthorized:
		return head + ": it wants a login; give the source a valid token (the key token:)"
	case e.status == http.StatusForbidden:
		return head + ": it refuses us; check the token, ask its operator, or take the source out"
	case e.status == http.StatusNotFound:
		return head + ": nothing is at this address; correct it if this stays"
	case e.status == http.StatusTooManyRequests:
		return head + ": it is asked too often; if this stays, give the source a longer interval (the key every:)"
	case e.status >= 500:
		return head + ": the fault is on its side; it is asked again"
	}
	return head + ": check what the source asks for"
}

// pausedError is a wish to be left alone.
type pausedError struct {
	until  time.Time
	status int
	text   string
}

func (e *pausedError) Error() string {
	what := "its host"
	if e.status != 0 {
		what = fmt.Sprintf("it answered %d and", e.status)
	}
	said := ""
	if e.text != "" {
		said = fmt.Sprintf(" (%s)", clip(e.text, 200))
	}
	return fmt.Sprintf("%s asks to be left alone until %s%s; nothing to do", what, e.until.UTC().Format("2006-01-02 15:04:05 UTC"), said)
}

// garbledError is an answer that can't be read.
type garbledError struct{ text string }

func garbled(format string, args ...any) error {
	return &garbledError{clip(fmt.Sprintf(format, args...), 300)}
}

func (e *garbledError) Error() string {
	return e.text + ": check the address; if it is right, the fault is on its side, and it is asked again"
}

// silentError is a line on which nothing comes any more.
type silentError struct{ after time.Duration }

func (e *silentError) Error() string {
	return fmt.Sprintf("nothing came for %v, so the line was cut and is dialled anew", e.after)
}

// endedError is a line that the other side ended.
type endedError struct{ why string }

func (e *endedError) Error() string {
	if e.why == "" {
		return "it ended the line; it is dialled anew"
	}
	return fmt.Sprintf("it ended the line (%s); it is dialled anew", clip(e.why, 200))
}

// undeliveredError is trouble on our side.
type undeliveredError struct{ err error }

func (e *undeliveredError) Error() string {
	return "what it brought can't be stored, and waits: " + clip(e.err.Error(), 300)
}
func (e *undeliveredError) Unwrap() error { return e.err }

// spoken is an error that says itself what happened and what to do.
type spoken interface {
	error
	// trouble is what kind of trouble that is, and the status of an answer, or 0.
	trouble() (mood.Trouble, int)
}

func (e *refusedError) trouble() (mood.Trouble, int)   { return mood.TroubleRefused, e.status }
func (e *pausedError) trouble() (mood.Trouble, int)    { return "", e.status }
func (*garbledError) trouble() (mood.Trouble, int)     { return mood.TroubleUnreadable, 0 }
func (*silentError) trouble() (mood.Trouble, int)      { return mood.TroubleUnreachable, 0 }
func (*endedError) trouble() (mood.Trouble, int)       { return mood.TroubleUnreachable, 0 }
func (*undeliveredError) trouble() (mood.Trouble, int) { return mood.TroubleUndelivered, 0 }

// say turns an error into a sentence for people.
func (k *Kit) say(err error) string {
	var s spoken
	if errors.As(err, &s) {
		return s.Error()
	}
	return k.Say(err)
}

// trouble sorts an error.
func (k *Kit) trouble(err error) (mood.Trouble, int) {
	var s spoken
	if errors.As(err, &s) {
		return s.trouble()
	}
	return k.Trouble(err, 0), 0
}

// clip shortens s to n code points.
func clip(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	runes := []rune(s)
	return string(runes[:n-1]) + "…"
}
