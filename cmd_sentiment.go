package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"agora/ingest/sentiment"
	"agora/insight"
	"agora/mood"
)

type sentimentCommand struct {
	Rules  rulesCommand  `cmd:"" help:"Try the phrase rules of agora.yaml on the last 7 days before they are in force."`
	Report reportCommand `cmd:"" help:"Compare what the engine read with what people corrected so far."`
}

type reportCommand struct {
	Brand string `help:"The id of one brand. Default: all together." placeholder:"ID"`
	JSON  bool   `name:"json" help:"Write JSON."`
	URL   string `help:"The Agora to ask. Default: the one that runs on the data folder; if none does, the store is opened." placeholder:"URL"`
	Data  string `help:"Data folder, as of serve." placeholder:"DIR"`
	Redis string `help:"Redis, as of serve." placeholder:"URL"`
}

// Help is shown below the flags.
func (reportCommand) Help() string {
	return `Measures the engine on the mentions that people corrected on the page: how often it had said the same (accuracy, macro-F1), what it took for what, and the words that misled it most often. People correct what is wrong more often than they confirm what is right, so all mentions together are judged better than this. For an Agora elsewhere, set AGORA_ADMIN_TOKEN.

Examples:

  agora sentiment report
  agora sentiment report --brand nokia --json`
}

// Run writes the report.
func (r reportCommand) Run(ctx context.Context, c *console) error {
	corrections, err := r.corrections(ctx, c)
	if err != nil {
		return err
	}
	report := insight.ReportOf(corrections)
	trials, err := trialsOf(corrections)
	if err != nil {
		return err
	}
	if r.JSON {
		write := json.NewEncoder(c.stdout)
		write.SetIndent("", "  ")
		return write.Encode(struct {
			insight.Report
			Learning map[string]sentiment.Trial `json:"learning"` // by brand
		}{report, trials})
	}
	if err := printReport(c.stdout, r.Brand, report); err != nil {
		return err
	}
	return printLearning(c.stdout, trials)
}

// trialsOf says for each brand what learning from its corrections does.
func trialsOf(corrections []mood.Corrected) (map[string]sentiment.Trial, error) {
	trials := map[string]sentiment.Trial{}
	if len(corrections) == 0 {
		return trials, nil
	}
	engine, err := sentiment.New()
	if err != nil {
		return nil, err
	}
	byBrand := map[string][]mood.Corrected{}
	for _, c := range corrections {
		byBrand[c.Brand] = append(byBrand[c.Brand], c)
	}
	for brand, list := range byBrand {
		trials[brand] = engine.Learn(brand, lessonsOf(mood.Brand{ID: brand, Name: brand}, list))
	}
	return trials, nil
}

// printTrials writes what learning does for people.
func printLearning(to io.Writer, trials map[string]sentiment.Trial) error {
	var b strings.Builder
	for _, brand := range slices.Sorted(maps.Keys(trials)) {
		t, state := trials[brand], "off"
		if t.On {
			state = "on"
		}
		fmt.Fprintf(&b, "\nLearning from corrections of %s is %s: %s (each judged without having been learned from).\n", brand, state, t.Why)
	}
	_, err := io.WriteString(to, b.String())
	return err
}

// corrections asks the running Agora, or else the store.
func (r reportCommand) corrections(ctx context.Context, c *console) (list []mood.Corrected, err error) {
	there, cfg, data, err := reach{r.URL, r.Data, r.Redis}.find(c)
	if err != nil {
		return nil, err
	}
	if there != nil {
		var answer struct {
			Corrections []mood.Corrected `json:"corrections"`
		}
		path := "/api/v1/corrections"
		if r.Brand != "" {
			path += "?" + url.Values{"brand": {r.Brand}}.Encode()
		}
		err := there.get(ctx, path, &answer)
		return answer.Corrections, err
	}
	defer func() { err = errors.Join(err, data.close()) }()
	s, err := openStore(ctx, c, cfg, false)
	if err != nil {
		return nil, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		err = errors.Join(err, s.Close(ctx))
	}()
	var ids []string
	for _, b := range cfg.Brands {
		ids = append(ids, b.ID)
	}
	asked := ids
	if r.Brand != "" {
		asked = []string{r.Brand}
	}
	for _, id := range asked {
		some, err := s.Corrections(ctx, id)
		if errors.Is(err, mood.ErrNotFound) {
			return nil, misuse{fmt.Errorf("--brand %s: no such brand is watched: use %s", id, strings.Join(ids, ", "))}
		}
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	return list, nil
}

// printReport writes a report for people.
func printReport(to io.Writer, brand string, r insight.Report) error {
	var b strings.Builder
	if brand == "" {
		brand = "All brands"
	}
	fmt.Fprintf(&b, "%s: %s, %d with a label, %d not about the brand\n", brand, plural(r.Corrections, "correction"), r.Judged, r.Irrelevant)
	if r.Rated > 0 {
		fmt.Fprintf(&b, "%s had been read by stars: no engine was asked\n", plural(r.Rated, "review"))
	}
	if r.TooFew {
		fmt.Fprintf(&b, "Too few to judge the engine: %d of the %d labels it takes. Correct or confirm mentions on the page: click the label of one.\n",
			r.Judged, insight.FewCorrections)
	}
	if r.Judged > 0 {
		fmt.Fprintf(&b, "\nAccuracy  %.0f %%  (%d of %d; unclear is not right)\n", 100**r.Accuracy, r.Right, r.Judged)
		fmt.Fprintf(&b, "Macro-F1  %.2f\n\n", *r.MacroF1)
		t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(t, "people \\ engine\tpositive\tneutral\tnegative\tunclear\t")
		for _, row := range r.Confusion {
			fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t\n", row.Person, row.Positive, row.Neutral, row.Negative, row.Unclear)
		}
		t.Flush() //nolint:errcheck // a builder takes everything
	}
	if len(r.Words) > 0 {
		b.WriteString("\nWords that pulled the wrong way most often\n\n")
		t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "word\tmentions\twrong\t")
		for _, w := range r.Words {
			fmt.Fprintf(t, "%s\t%d\t%d (%.0f %%)\t\n", w.Word, w.Times, w.Wrong, 100*w.Share)
		}
		t.Flush() //nolint:errcheck // a builder takes everything
	}
	_, err := io.WriteString(to, b.String())
	return err
}
