// Agora shows, live, how the world feels about a brand.
//
// main.go is the command line and the only place that starts things: run
// reads the arguments and hands over to a command, each in its cmd_*.go. The
// configuration is read in config*.go. `agora --help` says the rest.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// Exit statuses.
const (
	exitFine    = 0
	exitFailed  = 1
	exitMisused = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}

// commands is the command line; kong fills it in.
type commands struct {
	Config   string `help:"Configuration file. Default: agora.yaml, else the built-in example." placeholder:"FILE" short:"c"`
	Log      string `help:"How to write the log: text or json." placeholder:"FORM" enum:"text,json" default:"text"`
	LogLevel string `help:"The least that is logged: debug, info, warn or error." placeholder:"LEVEL" enum:"debug,info,warn,error" default:"info"`

	Serve     serveCommand     `cmd:"" default:"withargs" help:"Take mentions in and show them. This is what agora alone does."`
	Demo      demoCommand      `cmd:"" help:"Show a made-up stream of mentions, without a network."`
	Check     checkCommand     `cmd:"" help:"Check the configuration, and try every source once."`
	Feeds     feedsCommand     `cmd:"" help:"Find the feeds of a web page; take a list of feeds in, or hand one on."`
	Replay    replayCommand    `cmd:"" help:"Take in mentions from files."`
	Report    reportsCommand   `cmd:"" help:"Make a report as a PDF or a page, or send a configured one now."`
	Snapshot  snapshotCommand  `cmd:"" help:"Write one chart to a file, as a picture or a table."`
	Store     storeCommand     `cmd:"" help:"Say what the store takes, and whether its counters are right."`
	Backfill  backfillCommand  `cmd:"" help:"Count a brand anew in the texts of the last days."`
	Match     matchCommand     `cmd:"" help:"Say which texts a query matches."`
	Score     scoreCommand     `cmd:"" help:"Say how texts feel towards a brand."`
	Sentiment sentimentCommand `cmd:"" help:"Measure how well feelings are judged."`
	Version   versionCommand   `cmd:"" help:"Print the version, the commit, Go's version and the assets' build."`
}

// console is what a command has to do with the world outside.
type console struct {
	getenv func(string) string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	log    *slog.Logger
	origin origin
	now    func() time.Time
}

// misuse is an error that the caller mends by calling differently.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

// exit is thrown by kong's own --help, and caught in run.
type exit int

// run is the program, without the process around it. It gives the exit
// status.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) (status int) {
	defer func() {
		if thrown := recover(); thrown != nil {
			code, ok := thrown.(exit)
			if !ok {
				panic(thrown)
			}
			status = int(code)
		}
	}()
	var cmds commands
	parser, err := kong.New(&cmds,
		kong.Name("agora"),
		kong.Description("Agora shows, live, how the world feels about a brand. Without a command it serves, on http://127.0.0.1:8080."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		fmt.Fprintln(stderr, "agora:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(withVariables(args, getenv))
	if err != nil {
		fmt.Fprintf(stderr, "agora: %v\nTry: %s --help\n", err, commandName(err))
		return exitMisused
	}
	log := newLog(stderr, cmds.Log, cmds.LogLevel)
	c := &console{
		getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr,
		now:    newSteadyClock(time.Now, machineRan, log).now,
		log:    log,
		origin: origin{file: cmds.Config, getenv: getenv},
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run(c)
	if err == nil {
		return exitFine
	}
	report(stderr, strings.TrimPrefix(parsed.Selected().FullPath(), "agora "), err)
	return statusOf(err)
}

// report writes an error for a person: each line says what happened, where,
// and what to do.
func report(stderr io.Writer, command string, err error) {
	var problems Problems
	if errors.As(err, &problems) {
		fmt.Fprintf(stderr, "agora %s: the configuration can't be used:\n", command)
		for _, p := range problems {
			fmt.Fprintln(stderr, "  "+p.Error())
		}
		return
	}
	fmt.Fprintf(stderr, "agora %s: %v\n", command, err)
}

func statusOf(err error) int {
	var m misuse
	if errors.As(err, &m) {
		return exitMisused
	}
	var problems Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			if !strings.HasPrefix(p.Place, "--") {
				return exitFailed
			}
		}
		return exitMisused
	}
	return exitFailed
}

// withVariables puts AGORA_LOG and AGORA_LOG_LEVEL ahead of the arguments, so
// that a flag outranks them.
func withVariables(args []string, getenv func(string) string) []string {
	var flags []string
	if v := getenv("AGORA_LOG"); v != "" {
		flags = append(flags, "--log="+v)
	}
	if v := getenv("AGORA_LOG_LEVEL"); v != "" {
		flags = append(flags, "--log-level="+v)
	}
	return append(flags, args...)
}

func commandName(err error) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		if node := parse.Context.Selected(); node != nil {
			return node.FullPath()
		}
	}
	return "agora"
}

// newLog makes the one logger of the process.
func newLog(w io.Writer, form, level string) *slog.Logger {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		least = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: least}
	if form == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
