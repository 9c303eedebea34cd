package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"agora/mood"
)

type replayCommand struct {
	Files []string `arg:"" name:"file" help:"Files of one JSON object a line, as POST /api/v1/mentions takes them; - is standard input."`
	Until string   `help:"Where the last of all times is moved to, the others with it: now, a time such as 2026-11-23T14:00:00Z, or keep to move nothing." default:"now" placeholder:"TIME"`
	Speed float64  `help:"Replay at N times the speed at which it happened. Default: as fast as possible." placeholder:"N"`
	URL   string   `help:"The Agora to send to. Default: the one that runs on the data folder; if none does, the store is opened." placeholder:"URL"`
	Data  string   `help:"Data folder, as of serve." placeholder:"DIR"`
	Redis string   `help:"Redis, as of serve." placeholder:"URL"`
}

// Help is shown below the flags.
func (replayCommand) Help() string {
	return `The mentions take the same way as pushed ones. At the end it says how many were accepted, which lines were not, and why. For an Agora elsewhere, set AGORA_ADMIN_TOKEN.

Examples:

  agora replay headlines.ndjson
  agora replay --until keep --url https://agora.example.com january.ndjson
  zcat old.ndjson.gz | agora replay --speed 60 -`
}

// Run replays the files.
func (r replayCommand) Run(ctx context.Context, c *console) error {
	until, shift, err := readUntil(r.Until, c.now())
	if err != nil {
		return misuse{err}
	}
	if r.Speed < 0 {
		return misuse{fmt.Errorf("--speed %v: use a number above 0, such as 60 for an hour a minute", r.Speed)}
	}
	tape, err := openTape(r.Files, c.stdin)
	if err != nil {
		return err
	}
	defer tape.close()
	if shift || r.Speed > 0 {
		if err := tape.survey(ctx); err != nil {
			return err
		}
	}
	if shift && !tape.last.IsZero() {
		tape.shift = until.Sub(tape.last)
	}
	taker, done, err := r.taker(ctx, c)
	if err != nil {
		return err
	}
	bar := progress(c.stderr, tape.size)
	begun := time.Now()
	sum, err := replay(ctx, tape, taker, r.Speed, bar)
	took := time.Since(begun)
	bar.Close() //nolint:errcheck // it only draws
	err = errors.Join(err, done())
	sum.print(c.stdout, took)
	if err != nil {
		return err
	}
	if n := sum.rejected; n > 0 {
		return fmt.Errorf("%s could not be taken, named above", plural(n, "line"))
	}
	return nil
}

// readUntil reads --until; shift is false for keep.
func readUntil(s string, now time.Time) (until time.Time, shift bool, err error) {
	switch s {
	case "now", "":
		return now, true, nil
	case "keep":
		return time.Time{}, false, nil
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, s); err == nil {
			return t, true, nil
		}
	}
	return time.Time{}, false, fmt.Errorf("--until %s: use now, keep, or a time such as %s", s, now.UTC().Format(time.RFC3339))
}

// taker is whatever takes the lines: a running Agora, or the store itself.
type taker interface {
	take(ctx context.Context, lines [][]byte) (mood.Receipt, error)
}

// taker finds the Agora to send to. done ends what was begun for it.
func (r replayCommand) taker(ctx context.Context, c *console) (_ taker, done func() error, err error) {
	there, cfg, data, err := reach{r.URL, r.Data, r.Redis}.find(c)
	if err != nil {
		return nil, nil, err
	}
	if there != nil {
		return there, func() error { return nil }, nil
	}
	local, err := openLocal(ctx, c, cfg, data)
	if err != nil {
		return nil, nil, errors.Join(err, data.close())
	}
	return local, local.close, nil
}

// progress draws a bar, on a terminal only.
func progress(w io.Writer, size int64) *progressbar.ProgressBar {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return progressbar.DefaultBytesSilent(size)
	}
	return progressbar.NewOptions64(size,
		progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetDescription("replaying"), progressbar.OptionThrottle(100*time.Millisecond))
}

// summary adds up the receipts.
type summary struct {
	lines, accepted, unmatched, duplicates, tooOld, rejected int
	named                                                    []string // the first rejected ones, for people
}

// mostNamed bounds how many rejected lines are named one by one.
const mostNamed = 50

func (s *summary) reject(place string, why string) {
	s.rejected++
	if len(s.named) < mostNamed {
		s.named = append(s.named, place+": "+why)
	}
}

func (s *summary) print(w io.Writer, took time.Duration) {
	var b strings.Builder
	for _, line := range s.named {
		b.WriteString(line + "\n")
	}
	if more := s.rejected - len(s.named); more > 0 {
		fmt.Fprintf(&b, "… and %s more\n", plural(more, "line"))
	}
	fmt.Fprintf(&b, "%s in %s (%.0f a second): %d accepted, %d unmatched, %d duplicates, ",
		plural(s.lines, "line"), took.Round(time.Millisecond), float64(s.lines)/max(took.Seconds(), 1e-3),
		s.accepted, s.unmatched, s.duplicates)
	if s.tooOld > 0 {
		fmt.Fprintf(&b, "%d older than 90 days, ", s.tooOld)
	}
	fmt.Fprintf(&b, "%d rejected\n", s.rejected)
	io.WriteString(w, b.String()) //nolint:errcheck // nobody is left to tell
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
