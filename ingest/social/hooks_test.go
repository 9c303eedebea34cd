package social

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

func TestAWebhookWantsItsSecretOrASignatureByIt(t *testing.T) {
	t.Parallel()
	plain := specs(t, "webhook", Params{Values: map[string][]string{"id": {"crm"}}, Token: "sesame"})
	strict := specs(t, "webhook", Params{Values: map[string][]string{"id": {"strict"}, "signature": {"X-Own"}}, Token: "sesame"})
	s := open(t, append(plain, strict...))
	body := []byte(`{"text":"nokia"}`)
	sum := func(key string) []byte {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(body)
		return mac.Sum(nil)
	}
	long := hmac.New(sha512.New, []byte("sesame"))
	long.Write(body)
	good, forged := hex.EncodeToString(sum("sesame")), hex.EncodeToString(sum("guess"))
	for _, c := range []struct {
		id, name, value string
		want            error
	}{
		{"crm", "Authorization", "Bearer sesame", nil},
		{"crm", "Authorization", "bearer sesame", nil},
		{"crm", "X-Webhook-Secret", "sesame", nil},
		{"crm", "X-Gitlab-Token", "sesame", nil},
		{"crm", "X-Hub-Signature-256", "sha256=" + good, nil},
		{"crm", "X-Signature", good, nil},
		{"crm", "X-Signature", base64.StdEncoding.EncodeToString(sum("sesame")), nil},
		{"crm", "X-Signature", "sha512=" + hex.EncodeToString(long.Sum(nil)), nil},
		{"crm", "X-Hub-Signature-256", "sha256=" + forged, mood.ErrDenied},
		{"crm", "X-Hub-Signature-256", "sha256=", mood.ErrDenied},
		{"crm", "X-Hub-Signature-256", "sesame", mood.ErrDenied},
		{"crm", "Authorization", "Bearer sesam", mood.ErrDenied},
		{"crm", "Authorization", "Basic sesame", mood.ErrDenied},
		{"crm", "X-None", "", mood.ErrDenied},
		{"strict", "X-Own", "sha256=" + good, nil},
		{"strict", "X-Own", forged, mood.ErrDenied},
		{"strict", "Authorization", "Bearer sesame", mood.ErrDenied},
		{"strict", "X-Hub-Signature-256", "sha256=" + good, mood.ErrDenied},
		{"unknown", "Authorization", "Bearer sesame", mood.ErrNotFound},
	} {
		header := http.Header{}
		header.Set(c.name, c.value)
		items, err := s.runner.ReadHook(c.id, header, body)
		if !errors.Is(err, c.want) || (c.want == nil) != (len(items) == 1) {
			t.Errorf("%s, %s: %s: %d items, %v", c.id, c.name, c.value, len(items), err)
		}
		signed, early := s.runner.AdmitHook(c.id, header)
		if !signed && !errors.Is(early, c.want) || signed && early != nil {
			t.Errorf("%s, %s: %s: before the body is read: signed %t, %v", c.id, c.name, c.value, signed, early)
		}
		if err != nil && strings.Contains(err.Error(), "sesame") {
			t.Errorf("the secret is given away: %v", err)
		}
	}
}

func TestAWebhookReadsOneItemAListAndLines(t *testing.T) {
	t.Parallel()
	s := open(t, specs(t, "webhook", Params{Values: map[string][]string{"id": {"crm"}, "items": {"data"}}, Token: "sesame"}))
	header := http.Header{"Authorization": {"Bearer sesame"}}
	for body, want := range map[string]int{
		`{"data":[{"text":"a"},{"text":"b"}]}`:                   2,
		`{"data":{"text":"a"}}`:                                  1,
		"{\"data\":{\"text\":\"a\"}}\n\n{\"data\":{\"text\":1}}": 2,
		"":             -1,
		"{":            -1,
		"text=a&b=c":   -1,
		`{"data":[]}`:  0,
		`{"other":[]}`: 1, // it is refused where all are
	} {
		items, err := s.runner.ReadHook("crm", header, []byte(body))
		if want < 0 && (!errors.Is(err, mood.ErrInvalid) || s.health("crm").LastError == "") || want >= 0 && (err != nil || len(items) != want) {
			t.Errorf("%q: %d items, %v", body, len(items), err)
		}
	}
	s.runner.HookTaken("crm", mood.Receipt{Accepted: 3})
	if h := s.health("crm"); h.State != mood.SourceFine || h.Today != 3 || h.LastItem == nil || h.LastError != "" || h.URL != "/hooks/crm" || h.Say(time.Now(), nil) != "fine: 3 new in 24 h" {
		t.Errorf("%+v", h)
	}
}

func TestAPlaceWithoutAPositionCostsNoText(t *testing.T) {
	t.Parallel()
	f := &Fields{}
	for place, want := range map[string]string{
		`{"lat":60.2,"lon":24.9,"name":"Helsinki"}`: `{"lat":60.2,"lon":24.9}`,
		`{"full_name":"Helsinki"}`:                  ``,
		`{"lat":60.2}`:                              ``,
		`{"lat":"60.2","lon":"24.9"}`:               ``,
		`{"lat":160.2,"lon":24.9}`:                  ``,
		`"Helsinki"`:                                ``,
	} {
		items, _, err := f.read([]byte(`{"text":"nokia","place":`+place+`}`), mood.Source{ID: "crm"})
		if err != nil || len(items) != 1 {
			t.Fatalf("%s: %d items, %v", place, len(items), err)
		}
		var item struct {
			Text  string          `json:"text"`
			Place json.RawMessage `json:"place"`
		}
		if err := json.Unmarshal(items[0], &item); err != nil || item.Text != "nokia" || string(item.Place) != want {
			t.Errorf("%s: %s, %v", place, items[0], err)
		}
	}
}

func TestAWebhookThatNothingWasSentToYetIsFine(t *testing.T) {
	t.Parallel()
	s := open(t, specs(t, "webhook", Params{Values: map[string][]string{"id": {"crm"}}, Token: "sesame"}))
	if h := s.health("crm"); h.State != mood.SourceFine || h.Say(time.Now(), nil) != "fine" {
		t.Errorf("%+v: %s", h, h.Say(time.Now(), nil))
	}
}
