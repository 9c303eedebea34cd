package social

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"net/http"
	"slices"
	"strings"
	"time"

	"agora/mood"
)

// The headers in which senders put a secret or a signature, where the operator
// names none.
var (
	secretHeaders    = []string{"X-Webhook-Secret", "X-Webhook-Token", "X-Gitlab-Token"}
	signatureHeaders = []string{"X-Hub-Signature-256", "X-Signature-256", "X-Webhook-Signature", "X-Signature"}
)

// AdmitHook says from the header of what is sent to a webhook whether its sender
// may, before anything else of it is read; signed: that isn't known before the
// whole body is there, which [Runner.ReadHook] checks. The errors are the same.
func (r *Runner) AdmitHook(id string, header http.Header) (signed bool, err error) {
	e, err := r.hook(id)
	if err != nil {
		return false, err
	}
	_, signature, err := shown(&e.spec, header)
	return signature != "", err
}

// ReadHook checks that who sends something to a webhook may, and makes pushed
// mentions of it. [mood.ErrNotFound]: there is no such webhook;
// [mood.ErrDenied]: neither secret nor signature is right; [mood.ErrInvalid]: it
// can't be read.
func (r *Runner) ReadHook(id string, header http.Header, body []byte) ([]json.RawMessage, error) {
	e, err := r.hook(id)
	if err != nil {
		return nil, err
	}
	if err := proved(&e.spec, header, body); err != nil {
		return nil, err
	}
	items, err := e.spec.Fields.readAll(body, e.spec.Source)
	if err != nil {
		now := r.cfg.Now()
		r.update(e, func(s *state) { s.fine(now); s.Note = "what was sent last couldn't be read: " + clip(err.Error(), 200) })
		return nil, fmt.Errorf("%w: %w", err, mood.ErrInvalid)
	}
	return items, nil
}

// hook is a webhook by its id.
func (r *Runner) hook(id string) (*entry, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.entries[id]
	if e == nil || e.source != nil {
		return nil, fmt.Errorf("there is no webhook %q: %w", id, mood.ErrNotFound)
	}
	return e, nil
}

// HookTaken notes what became of what a webhook was sent.
func (r *Runner) HookTaken(id string, receipt mood.Receipt) {
	e, err := r.hook(id)
	if err != nil { // it was taken out of the configuration meanwhile
		return
	}
	now := r.cfg.Now()
	r.update(e, func(s *state) {
		s.fine(now)
		s.Note = noteOf(receipt)
		s.Items = receipt.Accepted + receipt.Duplicates + receipt.Unmatched + receipt.TooOld + len(receipt.Rejected)
		s.TooOld += int64(receipt.TooOld)
		s.Hours = s.Hours.with(now, slices.Repeat([]time.Time{now}, receipt.Accepted)...)
		if receipt.Accepted > 0 {
			s.LastItem = now
		}
	})
}

// proved checks what a sender shows. A signature that is there must be right,
// whatever else is shown.
func proved(spec *Spec, header http.Header, body []byte) error {
	name, signature, err := shown(spec, header)
	if err != nil || signature == "" || signedBy(spec.Token, signature, body) {
		return err
	}
	return fmt.Errorf("the signature in %s is wrong: sign the body as it is sent with HMAC-SHA256 and the secret of this webhook: %w", name, mood.ErrDenied)
}

// shown reads what a sender shows: the signature of the body with its header's
// name, which is still to be checked, or else the secret, which must be right.
func shown(spec *Spec, header http.Header) (name, signature string, err error) {
	signed := signatureHeaders
	if spec.Signature != "" {
		signed = []string{spec.Signature}
	}
	for _, name := range signed {
		if signature := header.Get(name); signature != "" {
			return name, signature, nil
		}
	}
	if spec.Signature != "" {
		return "", "", fmt.Errorf("the header %s is missing: it must have the HMAC-SHA256 of the body by the secret of this webhook: %w", spec.Signature, mood.ErrDenied)
	}
	scheme, secret, _ := strings.Cut(header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		secret = ""
	}
	for _, name := range secretHeaders {
		if secret == "" {
			secret = header.Get(name)
		}
	}
	if secret = strings.TrimSpace(secret); secret == "" {
		return "", "", fmt.Errorf("this webhook wants its secret, as Authorization: Bearer …, or the body's HMAC-SHA256 by it in X-Hub-Signature-256: %w", mood.ErrDenied)
	}
	if a, b := sha256.Sum256([]byte(secret)), sha256.Sum256([]byte(spec.Token)); subtle.ConstantTimeCompare(a[:], b[:]) != 1 {
		return "", "", fmt.Errorf("the secret is not this webhook's: %w", mood.ErrDenied)
	}
	return "", "", nil
}

// signedBy says whether a signature, hexadecimal or base64, with or without the
// name of its hash, is that of the body.
func signedBy(secret, shown string, body []byte) bool {
	name, value, named := strings.Cut(strings.TrimSpace(shown), "=")
	made := func() hash.Hash { return sha256.New() }
	switch {
	case named && strings.EqualFold(name, "sha512"):
		made = sha512.New
	case named && strings.EqualFold(name, "sha256"):
	default:
		value = strings.TrimSpace(shown)
	}
	mac := hmac.New(made, []byte(secret))
	mac.Write(body)
	want := mac.Sum(nil)
	if got, err := hex.DecodeString(value); err == nil && hmac.Equal(got, want) {
		return true
	}
	got, err := base64.StdEncoding.DecodeString(value)
	return err == nil && hmac.Equal(got, want)
}

// readAll reads a message that is one JSON value, or one on each line.
func (f *Fields) readAll(body []byte, src mood.Source) (items []json.RawMessage, err error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if len(body) == 0 {
		return nil, errors.New("it is empty: send a JSON object, an array of them, or one on each line")
	}
	if json.Valid(body) {
		items, _, err = f.read(body, src)
		return items, err
	}
	for line := range bytes.SplitSeq(body, []byte("\n")) {
		more, _, err := f.read(line, src)
		if err != nil {
			return nil, err
		}
		if items = append(items, more...); len(items) > maxItems {
			return nil, fmt.Errorf("it has more than %d items: send fewer at a time", maxItems)
		}
	}
	return items, nil
}
