package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"agora/mood"
)

type backfillCommand struct {
	Brand string `help:"Id of the brand." required:"" placeholder:"ID"`
	JSON  bool   `name:"json" help:"Write JSON."`
	URL   string `help:"The Agora to ask. Default: the one that runs on the data folder; if none does, the store is opened." placeholder:"URL"`
	Data  string `help:"Data folder, as of serve." placeholder:"DIR"`
	Redis string `help:"Redis, as of serve." placeholder:"URL"`
}

// Help is shown below the flags.
func (backfillCommand) Help() string {
	return `Agora keeps the texts of the last days, whether they name a brand or not. Those that the brand's query in force matches, and that were not counted for it when they came, are counted now, at the time they were published. Whatever is counted already stays as it is, so that it may be done again, also after it was stopped half-way. For an Agora elsewhere, set AGORA_ADMIN_TOKEN.

Examples:

  agora backfill --brand nokia
  agora backfill --brand nokia --url https://agora.example.com`
}

// backfillLook is how often it is asked how a backfill goes.
const backfillLook = 200 * time.Millisecond

// Run counts a brand anew, and returns when that is done.
func (b backfillCommand) Run(ctx context.Context, c *console) (err error) {
	r := reach{b.URL, b.Data, b.Redis}
	if err := r.exists(c); err != nil {
		return err
	}
	there, cfg, data, err := r.find(c)
	if err != nil {
		return err
	}
	from := remoteBackfill(there)
	if there == nil {
		local, err := openLocal(ctx, c, cfg, data)
		if err != nil {
			return errors.Join(err, data.close())
		}
		defer func() { err = errors.Join(err, local.close()) }()
		from = backfiller{local.intake.Backfill, func(context.Context) ([]mood.Backfill, error) { return local.intake.Backfills(), nil }}
	}
	done, err := from.wait(ctx, b.Brand)
	if err != nil {
		return err
	}
	if b.JSON {
		err = writeJSON(c.stdout, done)
	} else {
		printBackfill(c.stdout, done)
	}
	if err == nil && done.State == mood.BackfillFailed {
		err = errors.New(done.Error)
	}
	return err
}

// backfiller is whoever counts brands anew.
type backfiller struct {
	begin func(ctx context.Context, brand string) (mood.Backfill, error)
	all   func(ctx context.Context) ([]mood.Backfill, error)
}

func remoteBackfill(there *remote) backfiller {
	const path = "/api/v1/queries/backfill"
	return backfiller{
		func(ctx context.Context, brand string) (b mood.Backfill, err error) {
			question, err := json.Marshal(struct {
				Brand string `json:"brand"`
			}{brand})
			if err != nil {
				return b, err
			}
			text, err := there.tell(ctx, path, question)
			if err == nil {
				err = json.Unmarshal(text, &b)
			}
			return b, err
		},
		func(ctx context.Context) ([]mood.Backfill, error) {
			var told struct{ Backfills []mood.Backfill }
			err := there.get(ctx, path, &told)
			return told.Backfills, err
		},
	}
}

// wait begins a backfill and returns when it has ended.
func (f backfiller) wait(ctx context.Context, brand string) (mood.Backfill, error) {
	now, err := f.begin(ctx, brand)
	if errors.Is(err, mood.ErrInvalid) {
		err = misuse{fmt.Errorf("there is no brand %q: agora.yaml lists them", brand)}
	}
	for err == nil && now.State != mood.BackfillDone && now.State != mood.BackfillFailed {
		if err := sleep(ctx, backfillLook); err != nil {
			return now, fmt.Errorf("wait for the brand to be counted: %w", err)
		}
		var all []mood.Backfill
		if all, err = f.all(ctx); err != nil {
			break
		}
		found := false
		for _, b := range all {
			if b.Brand == brand {
				now, found = b, true
			}
		}
		if !found {
			return now, errors.New("the Agora was restarted meanwhile: do it again, what was counted stays counted")
		}
	}
	return now, err
}

func printBackfill(w io.Writer, b mood.Backfill) {
	var s strings.Builder
	since := "nothing is kept"
	if b.From != nil {
		since = "kept since " + b.From.UTC().Format("2006-01-02 15:04 MST")
	}
	fmt.Fprintf(&s, "%s, %s: %d matched, %d counted, %d counted before or copies of that", plural(int(b.Texts), "text"), since, b.Matched, b.Accepted, b.Duplicates)
	if b.TooOld > 0 {
		fmt.Fprintf(&s, ", %d older than 90 days", b.TooOld)
	}
	s.WriteString("\n")
	if b.Uncounted > 0 {
		fmt.Fprintf(&s, "%d of those counted are only listed: they came without a date in a source's very first poll.\n", b.Uncounted)
	}
	for _, x := range b.Sampled {
		fmt.Fprintf(&s, "Of %s, 1 in %d was kept at times: the rest can't be counted.\n", x.Source, x.OneIn)
	}
	io.WriteString(w, s.String()) //nolint:errcheck // nobody is left to tell
}
