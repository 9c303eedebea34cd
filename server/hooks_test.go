package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"agora/mood"
)

// hookDesk is a webhook that takes one item a line from who shows "sesame", or
// has signed with it.
type hookDesk struct{ taken []mood.Receipt }

func (d *hookDesk) AdmitHook(id string, header http.Header) (bool, error) {
	switch {
	case id != "crm":
		return false, fmt.Errorf("there is no webhook %q: %w", id, mood.ErrNotFound)
	case header.Get("X-Signature") != "":
		return true, nil
	case header.Get("Authorization") != "Bearer sesame":
		return false, fmt.Errorf("the secret is not this webhook's: %w", mood.ErrDenied)
	}
	return false, nil
}

func (d *hookDesk) ReadHook(id string, header http.Header, body []byte) ([]json.RawMessage, error) {
	signed, err := d.AdmitHook(id, header)
	switch {
	case err != nil:
		return nil, err
	case signed && header.Get("X-Signature") != "sesame":
		return nil, fmt.Errorf("the signature is wrong: %w", mood.ErrDenied)
	case !json.Valid(body):
		return nil, fmt.Errorf("it isn't valid JSON: %w", mood.ErrInvalid)
	}
	return []json.RawMessage{body}, nil
}

func (d *hookDesk) HookTaken(_ string, r mood.Receipt) { d.taken = append(d.taken, r) }

func TestAWebhookIsAnsweredAsAPushIs(t *testing.T) {
	desk := &hookDesk{}
	ingest := guarded(t, func(c *Config) { c.Hooks = desk })
	web := guarded(t, func(c *Config) { c.Intake, c.IngestURL = nil, ingest.url })
	for name, h := range map[string]*house{"here": ingest, "passed on": web} {
		good := `{"id":"1","title":"Nokia","text":"x"}`
		for _, c := range []struct {
			path, body, secret string
			status             int
			says               string
		}{
			{"/hooks/crm", good, "sesame", http.StatusAccepted, `"accepted":`},
			{"/hooks/crm", good, "guess", http.StatusUnauthorized, "The secret is not this webhook's."},
			{"/hooks/other", good, "sesame", http.StatusNotFound, "no webhook"},
			{"/hooks/crm", "{", "sesame", http.StatusBadRequest, "It isn't valid JSON."},
			{"/hooks/crm", strings.Repeat(" ", 16<<20+1), "sesame", http.StatusRequestEntityTooLarge, "16 MiB"},
		} {
			a := h.post(c.path, c.body, "Authorization", "Bearer "+c.secret, "Content-Type", "application/json")
			if a.status != c.status || !strings.Contains(a.body, c.says) {
				t.Errorf("%s, %s as %s: %d %.200s", name, c.path, c.secret, a.status, a.body)
			}
		}
		a := h.post("/hooks/crm", "\x1f\x8b", "Authorization", "Bearer sesame", "Content-Encoding", "gzip")
		if a.status != http.StatusUnsupportedMediaType || !strings.Contains(a.body, "send the request uncompressed") {
			t.Errorf("%s: what is compressed is answered %d %s", name, a.status, a.body)
		}
	}
	if len(desk.taken) != 2 {
		t.Errorf("%d receipts were told", len(desk.taken))
	}
}

func TestWrongSecretsOfAWebhookAreSlowedDown(t *testing.T) {
	h := guarded(t, func(c *Config) { c.Hooks = &hookDesk{} })
	h.clock.hold() // another try is given each second
	for range hookTries {
		if a := h.post("/hooks/crm", "{}", "Authorization", "Bearer guess"); a.status != http.StatusUnauthorized {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	a := h.post("/hooks/crm", "{}", "Authorization", "Bearer guess")
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// unread is a body that says when anything is read of it.
type unread struct{ read chan struct{} }

func (u *unread) Read([]byte) (int, error) {
	u.read <- struct{}{}
	return 0, io.EOF
}

func TestNothingIsReadOfWhoShowsNoSecretOfAWebhook(t *testing.T) {
	h := guarded(t, func(c *Config) { c.Hooks = &hookDesk{} })
	for path, secret := range map[string]string{"/hooks/crm": "guess", "/hooks/other": "sesame"} {
		body := &unread{make(chan struct{}, 10)}
		r := httptest.NewRequest(http.MethodPost, path, body)
		r.Host = strings.TrimPrefix(h.url, "http://")
		r.Header.Set("Authorization", "Bearer "+secret)
		w := httptest.NewRecorder()
		h.server.echo.ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized && w.Code != http.StatusNotFound || len(body.read) > 0 {
			t.Errorf("%s as %s: %d, and its body was read %d times", path, secret, w.Code, len(body.read))
		}
	}
}

func TestLittleIsHeldOfWhoSigns(t *testing.T) {
	h := guarded(t, func(c *Config) { c.Hooks = &hookDesk{} })
	long := `{"id":"1","title":"` + strings.Repeat("a", maxSignedBytes) + `"}`
	if a := h.post("/hooks/crm", long, "X-Signature", "sesame"); a.status != http.StatusRequestEntityTooLarge || !strings.Contains(a.body, "4 MiB") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.post("/hooks/crm", `{"id":"1","title":"Nokia"}`, "X-Signature", "guess"); a.status != http.StatusUnauthorized {
		t.Errorf("%d %s", a.status, a.body)
	}
	for range maxUnproved {
		h.server.unproved <- struct{}{}
	}
	if a := h.post("/hooks/crm", `{"id":"1","title":"Nokia"}`, "X-Signature", "sesame"); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.post("/hooks/crm", `{"id":"1","title":"Nokia"}`, "Authorization", "Bearer sesame"); a.status != http.StatusAccepted {
		t.Errorf("who shows the secret waits for others: %d %s", a.status, a.body)
	}
	<-h.server.unproved
	if a := h.post("/hooks/crm", `{"id":"1","title":"Nokia"}`, "X-Signature", "sesame"); a.status != http.StatusAccepted {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestWithoutWebhooksThereIsNone(t *testing.T) {
	if a := open(t, nil).post("/hooks/crm", "{}"); a.status != http.StatusNotFound {
		t.Errorf("%d %s", a.status, a.body)
	}
}
