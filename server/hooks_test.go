package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"agora/mood"
)

// hookDesk is a webhook that takes one item a line from who shows "sesame".
type hookDesk struct{ taken []mood.Receipt }

func (d *hookDesk) ReadHook(id string, header http.Header, body []byte) ([]json.RawMessage, error) {
	switch {
	case id != "crm":
		return nil, fmt.Errorf("there is no webhook %q: %w", id, mood.ErrNotFound)
	case header.Get("Authorization") != "Bearer sesame":
		return nil, fmt.Errorf("the secret is not this webhook's: %w", mood.ErrDenied)
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
	}
	if len(desk.taken) != 2 {
		t.Errorf("%d receipts were told", len(desk.taken))
	}
}

func TestWrongSecretsOfAWebhookAreSlowedDown(t *testing.T) {
	h := guarded(t, func(c *Config) { c.Hooks = &hookDesk{} })
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

func TestWithoutWebhooksThereIsNone(t *testing.T) {
	if a := open(t, nil).post("/hooks/crm", "{}"); a.status != http.StatusNotFound {
		t.Errorf("%d %s", a.status, a.body)
	}
}
