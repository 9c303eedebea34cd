package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"agora/server/mail"
)

func TestReportsAreSentWhenTheyAreDueToEachRecipientOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // Saturday, 1 January 2000, 0:00 UTC
		r, office, maker, in, registry := reporting(t, twoReports)
		// On Monday one is refused for good, one for a while, and the report
		// itself can't be made at first.
		office.refuses["a@example.com"] = []*mail.Failure{refusal("a@example.com", 550), refusal("a@example.com", 550)}
		office.refuses["b@example.com"] = []*mail.Failure{refusal("b@example.com", 450), refusal("b@example.com", 451)}
		live := func(d time.Duration) {
			ctx, stop := context.WithTimeout(t.Context(), d)
			defer stop()
			must(t, r.run(ctx))
		}
		live(36 * time.Hour)
		if !slices.Equal(office.took, []string{"nokia 24h to d@example.com", "nokia 24h to d@example.com"}) {
			t.Errorf("over the weekend: %q", office.took)
		}
		office.took, maker.err = nil, errors.New("the store is away")
		live(18*time.Hour + time.Minute) // to 6:01, a minute after it was due in Helsinki
		if len(office.took) > 0 {
			t.Errorf("sent %q, which wasn't made", office.took)
		}
		maker.err = nil
		live(30 * time.Minute)
		if want := []string{"nokia 7d to c@example.com", "nokia 7d to b@example.com"}; !slices.Equal(office.took, want) {
			t.Errorf("on Monday: %q, not %q\n%v", office.took, want, slices.Collect(maps.Keys(in.states)))
		}
		if left := len(office.refuses["a@example.com"]); left != 1 {
			t.Error("who was refused for good was asked again with the others")
		}
		families, err := registry.Gather()
		must(t, err)
		counted := map[string]float64{}
		for _, m := range families[0].Metric {
			counted[m.Label[0].GetValue()] = m.Counter.GetValue()
		}
		if counted["done"] != 3 || counted["delayed"] < 2 || counted["gave_up"]+counted["failed"]+counted["skipped"] > 0 {
			t.Errorf("counted: %v", counted)
		}
	})
}

func TestAReportThatAnotherProcessTookOverWhileItWasMadeGoesOutOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // Saturday, 1 January 2000, 0:00 UTC; the daily one is due at 7:00
		first, firstOffice, slow, in, _ := reporting(t, twoReports)
		second, secondOffice, _, _, _ := reporting(t, twoReports)
		due := time.Date(2000, 1, 1, 7, 0, 0, 0, time.UTC)
		slow.takes = 3 * time.Minute
		// The first process can't write to the store, so that its claim runs out.
		share(t, first, nowriting{in, due.Add(6 * time.Second), due.Add(2 * time.Minute)})
		share(t, second, in)
		ctx, stop := context.WithTimeout(t.Context(), 8*time.Hour)
		defer stop()
		var both sync.WaitGroup
		both.Go(func() {
			if err := first.run(ctx); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(time.Until(due.Add(5 * time.Second)))
		both.Go(func() {
			if err := second.run(ctx); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		if len(firstOffice.took) > 0 || !slices.Equal(secondOffice.took, []string{"nokia 24h to d@example.com"}) {
			t.Errorf("sent %q and %q", firstOffice.took, secondOffice.took)
		}
	})
}

func TestAChangedConfigurationIsSentFromThenOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, office, _, _, _ := reporting(t, twoReports)
		go func() {
			time.Sleep(time.Hour)
			file, _ := configOfNokia(t, strings.ReplaceAll(twoReports, "d@example.com", "e@example.com"))
			cfg, err := aConsole(file).origin.load()
			if err == nil {
				err = r.set(cfg, cfg.Location)
			}
			if err != nil {
				t.Error(err)
			}
		}()
		ctx, stop := context.WithTimeout(t.Context(), 12*time.Hour)
		defer stop()
		must(t, r.run(ctx))
		if !slices.Equal(office.took, []string{"nokia 24h to e@example.com"}) {
			t.Errorf("sent %q", office.took)
		}
	})
}

func TestAReportIsSentNowToWhomeverIsNamed(t *testing.T) {
	r, office, _, _, _ := reporting(t, twoReports)
	office.refuses["b@example.com"] = []*mail.Failure{refusal("b@example.com", 550)}
	got, err := r.send(t.Context(), "weekly", nil)
	must(t, err)
	if !slices.Equal(got.Sent, []string{"a@example.com", "c@example.com"}) || len(got.Failed) != 1 || got.Failed[0].To != "b@example.com" || !strings.Contains(got.Failed[0].Error, "550") {
		t.Errorf("%+v", got)
	}
	if got, err = r.send(t.Context(), "daily", []string{"me@example.com"}); err != nil || !slices.Equal(got.Sent, []string{"me@example.com"}) {
		t.Errorf("%+v: %v", got, err)
	}
	if _, err := r.send(t.Context(), "weakly", nil); !errors.Is(err, errNoReport) || !strings.Contains(err.Error(), `"weekly"`) {
		t.Errorf("an unknown one: %v", err)
	}
	if _, err := r.send(t.Context(), "daily", []string{"a@b, c@d"}); !errors.As(err, new(misuse)) {
		t.Errorf("a bad address: %v", err)
	}
}

// aServer answers as the routes of reports do.
func aServer(t *testing.T) (url string, asked *[]string) {
	t.Helper()
	asked = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*asked = append(*asked, r.Method+" "+r.URL.String()+" "+string(body))
		switch r.URL.Path {
		case "/report.pdf", "/report.html":
			io.WriteString(w, "a report") //nolint:errcheck // a test
		case "/api/v1/reports/weekly/send":
			w.WriteHeader(http.StatusAccepted)
			io.WriteString(w, `{"sent":["a@example.com"],"failed":[{"to":"b@example.com","error":"refused (550)"}]}`) //nolint:errcheck // a test
		default:
			w.WriteHeader(http.StatusNotFound)
			io.WriteString(w, `{"title":"Not found","detail":"There is no such report."}`) //nolint:errcheck // a test
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func TestTheReportCommandWritesWhatTheServerMakes(t *testing.T) {
	at, asked := aServer(t)
	file := filepath.Join(t.TempDir(), "weekly.PDF")
	command := func(args ...string) (string, string, int) {
		var out, bad strings.Builder
		status := run(t.Context(), append([]string{"report", "--url", at}, args...), environment(), strings.NewReader(""), &out, &bad)
		return out.String(), bad.String(), status
	}
	if out, bad, status := command("--brand", "nokia,ericsson", "-o", file); status != exitFine {
		t.Errorf("%d: %s%s", status, out, bad)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "a report" {
		t.Errorf("written: %q, %v", text, err)
	}
	if out, _, status := command("--brand", "nokia", "--window", "30d", "--format", "html", "-o", "-"); status != exitFine || out != "a report" {
		t.Errorf("%d: %q", status, out)
	}
	if out, bad, status := command("--send", "weekly", "--to", "a@example.com,b@example.com"); status != exitFailed ||
		out != "Sent to a@example.com.\n" || !strings.Contains(bad, "1 of 2 mails could not be sent: b@example.com: refused (550)") {
		t.Errorf("%d: %s%s", status, out, bad)
	}
	if _, bad, status := command("--send", "monthly"); status != exitMisused || !strings.Contains(bad, "There is no such report.") {
		t.Errorf("%d: %s", status, bad)
	}
	want := []string{
		"GET /report.pdf?brand=nokia%2Cericsson&window=7d ", "GET /report.html?brand=nokia&window=30d ",
		`POST /api/v1/reports/weekly/send {"to":["a@example.com","b@example.com"]}`, "POST /api/v1/reports/monthly/send {}",
	}
	if !slices.Equal(*asked, want) {
		t.Errorf("asked %q", *asked)
	}
	for _, args := range [][]string{
		{}, {"--brand", "nokia"}, {"--brand", "nokia", "-o", "x.doc"}, {"--brand", "nokia", "-o", "-"}, {"-o", "x.pdf"},
		{"--brand", "nokia", "-o", "x.pdf", "--window", "8d"}, {"--brand", "nokia", "-o", "x.pdf", "--to", "a@example.com"},
		{"--send", "weekly", "-o", "x.pdf"}, {"--brand", "nokia", "-o", "x.pdf", "--format", "doc"},
	} {
		if _, bad, status := command(args...); status != exitMisused {
			t.Errorf("%q: %d %s", args, status, bad)
		}
	}
}
