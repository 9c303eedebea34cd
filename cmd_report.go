package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

type reportsCommand struct {
	Brand  []string `help:"Id of a brand; several with commas between." placeholder:"ID"`
	Window string   `help:"The time that it is about: 1h, 24h, 7d, 30d or 90d. Default: 7d." placeholder:"WINDOW"`
	Output string   `help:"File to write; its ending, .pdf or .html, says in which form. - is standard output." short:"o" placeholder:"FILE"`
	Format string   `help:"Form of what is written: pdf or html. Default: by the file's ending." placeholder:"FORM"`
	Send   string   `help:"Send the report that is configured with this id, now." placeholder:"ID"`
	To     []string `help:"With --send: send it to this address only; several with commas between." placeholder:"ADDRESS"`
	URL    string   `help:"The Agora to ask. Default: the one that runs on the data folder; if none does, the store is opened." placeholder:"URL"`
	Data   string   `help:"Data folder, as of serve." placeholder:"DIR"`
	Redis  string   `help:"Redis, as of serve." placeholder:"URL"`
}

// reportTime is for a report to be made and mailed to everybody.
const reportTime = 10 * time.Minute

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
	query := url.Values{"brand": {strings.Join(r.Brand, ",")}, "window": {cmp.Or(r.Window, "7d")}}
	data, err := there.fetch(ctx, "/report."+form+"?"+query.Encode())
	if err != nil {
		return err
	}
	return writeOut(c, r.Output, data)
}

// check gives the form to write in; empty where nothing is written.
func (r reportsCommand) check() (form string, err error) {
	if r.Send != "" {
		if len(r.Brand) > 0 || r.Window != "" || r.Output != "" || r.Format != "" {
			return "", errors.New("--send takes a report as it is configured: leave --brand, --window, --output and --format out")
		}
		return "", nil
	}
	switch {
	case len(r.To) > 0:
		return "", errors.New("--to goes with --send")
	case len(r.Brand) == 0, slices.ContainsFunc(r.Brand, func(id string) bool { return strings.TrimSpace(id) == "" }):
		return "", errors.New("name a brand with --brand, or a configured report with --send")
	case r.Window != "" && !slices.Contains(windowNames(), r.Window):
		return "", fmt.Errorf("--window %s: %s", r.Window, didYouMean(r.Window, windowNames()))
	case r.Output == "":
		return "", errors.New("say where to write it, such as -o report.pdf")
	}
	return formatOf(r.Output, r.Format, []string{"pdf", "html"})
}

func (r reportsCommand) send(ctx context.Context, c *console, there *remote) error {
	question, err := json.Marshal(struct {
		To []string `json:"to,omitempty"`
	}{r.To})
	if err != nil {
		return err
	}
	text, err := there.tell(ctx, "/api/v1/reports/"+url.PathEscape(r.Send)+"/send", question)
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

// tell sends a question, which must be accepted, and reads the answer.
func (r *remote) tell(ctx context.Context, path string, question []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+path, bytes.NewReader(question))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := r.do(request)
	if err != nil {
		return nil, fmt.Errorf("ask the Agora at %s: %w: is it running?", r.url, unwrapAll(err))
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("read the answer of the Agora at %s: %w", r.url, err)
	}
	switch response.StatusCode {
	case http.StatusAccepted:
	case http.StatusBadRequest, http.StatusNotFound: // another question will be answered
		return nil, misuse{fmt.Errorf("the Agora at %s answers: %s", r.url, problemOf(answer))}
	default:
		return nil, fmt.Errorf("the Agora at %s answered %s: %s", r.url, response.Status, problemOf(answer))
	}
	return answer, nil
}
