package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"agora/mood"
)

type storeCommand struct {
	Stats  storeStatsCommand  `cmd:"" help:"Say what the store takes, by kind and brand, and what it will."`
	Verify storeVerifyCommand `cmd:"" help:"Count what was accepted again, and compare it with the counters."`
}

type storeStatsCommand struct {
	JSON  bool   `name:"json" help:"Write JSON."`
	URL   string `help:"The Agora to ask. Default: the one that runs on the data folder; if none does, the store is opened." placeholder:"URL"`
	Data  string `help:"Data folder, as of serve." placeholder:"DIR"`
	Redis string `help:"Redis, as of serve." placeholder:"URL"`
}

// Help is shown below the flags.
func (storeStatsCommand) Help() string {
	return `Keys and bytes of counters, texts and everything else, what a mention takes, what each brand will take at the rate of the last 24 hours once all is as old as it gets, and the journal. A Redis is scanned some keys at a time, every master of a cluster; the embedded store's bytes are an estimate. For an Agora elsewhere, set AGORA_ADMIN_TOKEN.

Examples:

  agora store stats
  agora store stats --json | jq .brands
  agora store stats --url https://agora.example.com`
}

// Run measures the store.
func (s storeStatsCommand) Run(ctx context.Context, c *console) (err error) {
	r := reach{s.URL, s.Data, s.Redis}
	if err := r.exists(c); err != nil {
		return err
	}
	there, cfg, data, err := r.find(c)
	if err != nil {
		return err
	}
	var stats mood.StoreStats
	if there != nil {
		err = there.get(ctx, "/api/v1/store/stats", &stats)
	} else {
		defer func() { err = errors.Join(err, data.close()) }()
		var k *storekeeper
		var done func() error
		if k, done, err = openKeeper(ctx, c, cfg, nil, false); err != nil {
			return err
		}
		stats, err = k.StoreStats(ctx)
		err = errors.Join(err, done())
	}
	if err != nil {
		return err
	}
	if s.JSON {
		return writeJSON(c.stdout, stats)
	}
	return printStats(c.stdout, stats)
}

func writeJSON(w io.Writer, v any) error {
	write := json.NewEncoder(w)
	write.SetIndent("", "  ")
	return write.Encode(v)
}

type storeVerifyCommand struct {
	JSON  bool     `name:"json" help:"Write JSON."`
	URL   string   `help:"The Agora to ask. Default: the one that runs on the data folder; if none does, the store is opened." placeholder:"URL"`
	Data  []string `help:"Data folder, as of serve. Several times: the folders of all processes that count into one Redis, none of which may run." sep:"none" placeholder:"DIR"`
	Redis string   `help:"Redis, as of serve." placeholder:"URL"`
}

// Help is shown below the flags.
func (storeVerifyCommand) Help() string {
	return `Counts the journal anew and compares totals, series, every dimension and activity, by the minute, the hour and the day, from the time on of which all is in the journal. Ends with status 1 when anything differs, and says what. A running Agora goes on counting meanwhile; without one, what waits in the journal is counted first. For an Agora elsewhere, set AGORA_ADMIN_TOKEN.

Examples:

  agora store verify
  agora store verify --json | jq .brands[].differences
  agora store verify --redis redis://127.0.0.1 --data worker1 --data worker2`
}

// Run verifies the counters.
func (s storeVerifyCommand) Run(ctx context.Context, c *console) error {
	v, err := s.verify(ctx, c)
	if err != nil {
		return err
	}
	if s.JSON {
		err = writeJSON(c.stdout, v)
	} else {
		err = printVerification(c.stdout, v)
	}
	if err == nil && !v.Equal {
		err = errors.New("the counters are not what was accepted: see above")
	}
	return err
}

func (s storeVerifyCommand) verify(ctx context.Context, c *console) (v mood.Verification, err error) {
	first, others := "", []string(nil)
	if len(s.Data) > 0 {
		first, others = s.Data[0], s.Data[1:]
	}
	if s.URL != "" && len(others) > 0 {
		return v, misuse{errors.New("--url asks a running Agora, which has one journal: give --data once, or leave --url out")}
	}
	r := reach{s.URL, first, s.Redis}
	if err := s.journals(c, r, others); err != nil {
		return v, err
	}
	there, cfg, data, err := r.find(c)
	if err != nil {
		return v, err
	}
	if there != nil {
		if len(others) > 0 {
			return v, misuse{fmt.Errorf("the Agora on %s runs, at %s: to recount several journals, stop all that count into them", first, there.url)}
		}
		err = there.verify(ctx, &v)
		return v, err
	}
	defer func() { err = errors.Join(err, data.close()) }()
	if len(others) > 0 && len(cfg.Redis) == 0 {
		return v, misuse{errors.New("several data folders count together only in a Redis: name it with --redis, or give --data once")}
	}
	for _, folder := range others {
		other, err := openData(folder, c.now())
		if err != nil {
			return v, err
		}
		defer other.close() //nolint:errcheck // nothing was written to it
	}
	k, done, err := openKeeper(ctx, c, cfg, others, true)
	if err != nil {
		return v, err
	}
	v, err = k.VerifyStore(ctx)
	return v, errors.Join(err, done())
}

// journals refuses folders without a journal: it would be made, and nothing
// would be compared.
func (s storeVerifyCommand) journals(c *console, r reach, others []string) error {
	if r.url != "" {
		return nil
	}
	for _, folder := range append([]string{r.folder(c)}, others...) {
		if _, err := os.Stat(filepath.Join(folder, journalFolder)); errors.Is(err, fs.ErrNotExist) {
			return misuse{fmt.Errorf("there is no journal in the data folder %s: say with --data or --url which Agora you mean", folder)}
		}
	}
	return nil
}

// verify asks a running Agora to verify its counters; that may take minutes.
func (r *remote) verify(ctx context.Context, into *mood.Verification) error {
	patient := *r
	client := *r.client
	client.Timeout = 0
	patient.client = &client
	text, err := patient.ask(ctx, "POST", "/api/v1/store/verify")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read the answer of the Agora at %s: %w", r.url, err)
	}
	return nil
}
