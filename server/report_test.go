package server

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/charts/report"
	"agora/mood"
)

func (w *world) BoardAt(ctx context.Context, brands []string, win mood.Window, at time.Time) (*mood.Board, error) {
	b, err := w.Board(ctx, brands, win)
	if err == nil {
		b.From, b.To, b.AsOf = win.From(at, time.UTC), at, at
	}
	return b, err
}

// outbox sends nothing: it remembers what it was to send.
type outbox struct {
	asked []string
	err   error
}

func (o *outbox) Send(_ context.Context, id string, to []string) (Sending, error) {
	o.asked = append(o.asked, id+" "+strings.Join(to, ","))
	return Sending{Sent: []string{"boss@example.com"}, Failed: []Unsent{{"gone@example.com", "there is no such mailbox"}}}, o.err
}

func openReports(t *testing.T, change func(*Config)) (*house, *easel) {
	t.Helper()
	e := &easel{svg: `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" viewBox="0 0 10 10"><rect width="10" height="10" fill="#123456"/></svg>`}
	h := open(t, func(c *Config) {
		c.Pictures = e
		c.Past = c.Boards.(Past)
		c.PDF = func(_ context.Context, content *report.Content, out io.Writer) error {
			_, err := fmt.Fprintf(out, "%%PDF-1.7 %s", content.Title)
			return err
		}
		if change != nil {
			change(c)
		}
	})
	return h, e
}

func TestAReportCanBeReadAndHandedOn(t *testing.T) {
	h, _ := openReports(t, func(c *Config) { c.PublicURL = "https://agora.example.com" })
	h.say("nokia", mood.Positive)
	page := h.get("/report.html?brand=nokia")
	if page.status != http.StatusOK || page.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d %s %s", page.status, page.header.Get("Content-Type"), page.body)
	}
	for _, want := range []string{"Nokia", "1 mention", "#123456", "https://agora.example.com/?brand=nokia&amp;window=7d", "About nokia"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the report doesn't hold %q", want)
		}
	}
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script-src") {
		t.Errorf("its policy is %q", policy)
	}
	pdf := h.get("/report.pdf?brand=nokia,ericsson&window=30d")
	if pdf.status != http.StatusOK || pdf.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf.body, "%PDF-") ||
		!strings.Contains(pdf.header.Get("Content-Disposition"), "agora-report-nokia+ericsson-30d-") {
		t.Errorf("%d %v %.100s", pdf.status, pdf.header, pdf.body)
	}
}

func TestAReportThatCannotBeHadSaysSo(t *testing.T) {
	h, e := openReports(t, nil)
	for path, want := range map[string]int{
		"/report.doc": http.StatusNotFound, "/report.html?brand=acme": http.StatusBadRequest, "/report.html?window=2w": http.StatusBadRequest, "/report.html?theme=dark": http.StatusBadRequest,
	} {
		if got := h.get(path); got.status != want || !strings.Contains(got.body, "use ") {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	h.say("nokia", mood.Positive)
	e.err = fmt.Errorf("256 are being drawn: %w", mood.ErrUnavailable)
	if got := h.get("/report.html?brand=nokia"); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
		t.Errorf("too many at once: %d %s", got.status, got.body)
	}
	e.err = nil
	h.fail(fmt.Errorf("the store is away: %w", mood.ErrUnavailable))
	if got := h.get("/report.html?brand=nokia"); got.status != http.StatusServiceUnavailable {
		t.Errorf("without a store: %d %s", got.status, got.body)
	}
	plain := open(t, nil)
	if got := plain.get("/report.html"); got.status != http.StatusNotFound {
		t.Errorf("where no reports are made: %d", got.status)
	}
}

func TestOnlyWhoMayWriteSendsReports(t *testing.T) {
	out := &outbox{}
	h, _ := openReports(t, func(c *Config) {
		c.Post, c.AdminHash, c.ReadOpen = out, hashOf(adminToken), true
	})
	path := "/api/v1/reports/weekly/send"
	if got := h.ask(http.MethodPost, path, ""); got.status != http.StatusForbidden {
		t.Errorf("a stranger: %d", got.status)
	}
	me := []string{"Authorization", "Bearer " + adminToken}
	got := h.ask(http.MethodPost, path, "", me...)
	if got.status != http.StatusAccepted || !strings.Contains(got.body, `"sent":["boss@example.com"]`) || !strings.Contains(got.body, "no such mailbox") {
		t.Errorf("%d %s", got.status, got.body)
	}
	h.ask(http.MethodPost, path, `{"to":["me@example.com"]}`, me...)
	if want := []string{"weekly ", "weekly me@example.com"}; !slices.Equal(out.asked, want) {
		t.Errorf("asked for %q, want %q", out.asked, want)
	}
	for _, bad := range []struct {
		err  error
		want int
	}{
		{fmt.Errorf(`"weakly": use weekly: %w`, mood.ErrNotFound), http.StatusNotFound},
		{fmt.Errorf(`"x" is no address: %w`, mood.ErrInvalid), http.StatusBadRequest},
		{fmt.Errorf("no mail server is configured: add mail:"), http.StatusBadGateway},
	} {
		out.err = bad.err
		if got := h.ask(http.MethodPost, path, "", me...); got.status != bad.want || strings.Contains(got.body, "Something went wrong") {
			t.Errorf("%v: %d %s", bad.err, got.status, got.body)
		}
	}
	if got := h.ask(http.MethodPost, path, `{"to":[`+strings.Repeat(`"a@example.com",`, 50)+`"a@example.com"]}`, me...); got.status != http.StatusBadRequest {
		t.Errorf("51 recipients: %d", got.status)
	}
	none, _ := openReports(t, nil)
	if got := none.ask(http.MethodPost, path, ""); got.status != http.StatusNotFound || !strings.Contains(got.body, "mail:") {
		t.Errorf("where nothing is sent: %d %s", got.status, got.body)
	}
}
