package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

type reportsCommand struct {
	Brand  []string `help:"Id of a brand; several with commas between." placeholder:"ID"`
	Window string   `help:"The time that it is about: 1h, 24h, 7d, 30d or 90d." default:"7d" placeholder:"WINDOW"`
	Output string   `help:"File to write; its ending, .pdf or .html, says in which form. - is standard output." short:"o" placeholder:"FILE"`
	Format string   `help:"Form of what is written: pdf or html. Default: by the file's ending." placeholder:"FORM"`
	Send   string   `help:"Send the report that is configured with this id, now." placeholder:"ID"`
	To     []string `help:"With --send: send it to this address only; several with commas between." placeholder:"ADDRESS"`
	URL    string   `help:"The Agora to ask. Default: the one that runs on the data folder; if none does, the store is opened." placeholder:"URL"`
	Data   string   `help:"Data folder, as of serve." placeholder:"DIR"`
	Redis  string   `help:"Redis, as of serve." placeholder:"URL"`
}

// reportForms are what a report can be written as.
var reportForms = []string{"pdf", "html"}

const (
	largestReport = 64 << 20         // bytes
	reportTime    = 10 * time.Minute // to make it and mail it to everybody
)

// Help is shown below the flags.
func (reportsCommand) Help() string {
	return `A report is a sheet to hand on: mood, map, stories, sources, and how all that is measured. Reports in agora.yaml are mailed by themselves; --send sends one ahead of its time, and changes nothing of when it is sent next. For an Agora elsewhere, set AGORA_ADMIN_TOKEN.

Examples:

  agora report --brand nokia -o report.pdf
  agora report --brand nokia,ericsson --window 30d --format html -o - > report.html
  agora report --send weekly --to me@example.com`
}

// Run makes or sends a report.
func (r reportsCommand) Run(ctx context.Context, c *console) (err error) {
	form, err := r.check()
	if err != nil {
		return misuse{err}
	}
	there, done, err := borrowed(ctx, c, reach{r.URL, r.Data, r.Redis})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	there.client.Timeout = reportTime
	if r.Send != "" {
		return r.send(ctx, c, there)
	}
	query := url.Values{"brand": {strings.Join(r.Brand, ",")}, "window": {r.Window}}
	text, err := there.ask(ctx, http.MethodGet, "/report."+form+"?"+query.Encode(), nil, http.StatusOK)
	if err != nil {
		return err
	}
	if r.Output == "-" {
		if _, err := c.stdout.Write(text); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		return nil
	}
	if err := os.WriteFile(r.Output, text, 0o644); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	fmt.Fprintf(c.stdout, "%s is written (%d kB).\n", r.Output, (len(text)+1023)/1024)
	return nil
}

// check gives the form to write in; empty where nothing is written.
func (r reportsCommand) check() (form string, err error) {
	if r.Send != "" {
		if len(r.Brand) > 0 || r.Output != "" || r.Format != "" {
			return "", errors.New("--send takes a report as it is configured: leave --brand, --output and --format out")
		}
		return "", nil
	}
	form = r.Format
	if form == "" {
		form = strings.TrimPrefix(strings.ToLower(filepath.Ext(r.Output)), ".")
	}
	switch {
	case len(r.To) > 0:
		return "", errors.New("--to goes with --send")
	case len(r.Brand) == 0:
		return "", errors.New("name a brand with --brand, or a configured report with --send")
	case !slices.Contains(windowNames(), r.Window):
		return "", fmt.Errorf("--window %s: %s", r.Window, didYouMean(r.Window, windowNames()))
	case r.Output == "":
		return "", errors.New("say where to write it, such as -o report.pdf")
	case r.Format == "" && !slices.Contains(reportForms, form):
		return "", fmt.Errorf("-o %s: its ending doesn't say in which form: end it in .pdf or .html, or add --format", r.Output)
	case !slices.Contains(reportForms, form):
		return "", fmt.Errorf("--format %s: use %s", form, strings.Join(reportForms, " or "))
	}
	return form, nil
}

func (r reportsCommand) send(ctx context.Context, c *console, there *remote) error {
	question, err := json.Marshal(struct {
		To []string `json:"to,omitempty"`
	}{r.To})
	if err != nil {
		return err
	}
	text, err := there.ask(ctx, http.MethodPost, "/api/v1/reports/"+url.PathEscape(r.Send)+"/send", question, http.StatusAccepted)
	if err != nil {
		return err
	}
	var done sending
	if err := json.Unmarshal(text, &done); err != nil {
		return fmt.Errorf("read the answer of the Agora at %s: %w", there.url, err)
	}
	for _, to := range done.Sent {
		fmt.Fprintf(c.stdout, "Sent to %s.\n", to)
	}
	if len(done.Failed) == 0 {
		return nil
	}
	var why []string
	for _, f := range done.Failed {
		why = append(why, f.To+": "+f.Error)
	}
	return fmt.Errorf("%d of %s could not be sent: %s", len(done.Failed), plural(len(done.Failed)+len(done.Sent), "mail"), strings.Join(why, "; "))
}

// ask sends a question, and reads the whole answer.
func (r *remote) ask(ctx context.Context, method, path string, body []byte, want int) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, r.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := r.do(request)
	if err != nil {
		return nil, fmt.Errorf("ask the Agora at %s: %w: is it running?", r.url, unwrapAll(err))
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, largestReport+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer of the Agora at %s: %w", r.url, err)
	}
	if response.StatusCode != want {
		return nil, fmt.Errorf("the Agora at %s answered %s: %s", r.url, response.Status, problemOf(text))
	}
	if len(text) > largestReport {
		return nil, fmt.Errorf("the Agora at %s answered with more than %d MiB, which is no report", r.url, largestReport>>20)
	}
	return text, nil
}
