package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// reloading starts a reloader on a file; what it applies comes out of the
// channel.
func reloading(t *testing.T, file string) (<-chan *Config, *strings.Builder) {
	t.Helper()
	return reloadingAfter(t, file, fingerprint(file))
}

// reloadingAfter does so where the file was as its fingerprint says when it was
// read.
func reloadingAfter(t *testing.T, file string, last [sha256.Size]byte) (<-chan *Config, *strings.Builder) {
	t.Helper()
	ignore := goleak.IgnoreCurrent()
	applied := make(chan *Config, 16)
	log := &strings.Builder{}
	ready := make(chan struct{})
	r := &reloader{
		origin: origin{file: file, getenv: environment()}, asked: make(chan os.Signal),
		apply: func(_ context.Context, cfg *Config) error { applied <- cfg; return nil },
		log:   slog.New(slog.NewTextHandler(log, nil)),
		ready: func() { close(ready) },
		last:  last,
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.run(ctx) }()
	<-ready
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		goleak.VerifyNone(t, ignore)
	})
	return applied, log
}

func brandsOf(t *testing.T, applied <-chan *Config) string {
	t.Helper()
	select {
	case cfg := <-applied:
		var ids []string
		for _, b := range cfg.Brands {
			ids = append(ids, b.ID)
		}
		return strings.Join(ids, " ")
	case <-time.After(patience):
		t.Fatal("the change went unnoticed")
		return ""
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFileThatChangesWhileAllElseIsOpenedIsReadAnew(t *testing.T) {
	file := writeFile(t, "agora.yaml", "brands: [{name: Nokia}]")
	cfg, err := origin{file: file, getenv: environment()}.load()
	must(t, err)
	must(t, os.WriteFile(file, []byte("brands: [{name: Ericsson}]"), 0o600))
	applied, _ := reloadingAfter(t, file, cfg.print)
	if got := brandsOf(t, applied); got != "ericsson" {
		t.Errorf("watched: %s", got)
	}
}

func TestAReplacedFileIsReadAnew(t *testing.T) {
	file := writeFile(t, "agora.yaml", "brands: [{name: Nokia}]")
	applied, _ := reloading(t, file)
	must(t, os.WriteFile(file+"~", []byte("brands: [{name: Ericsson}]"), 0o600))
	must(t, os.Rename(file+"~", file))
	if got := brandsOf(t, applied); got != "ericsson" {
		t.Errorf("watched: %s", got)
	}
	must(t, os.WriteFile(file, []byte("brands: [{name: Samsung}]"), 0o600))
	if got := brandsOf(t, applied); got != "samsung" {
		t.Errorf("watched: %s", got)
	}
}

// A mounted ConfigMap is a link to ..data/agora.yaml, and ..data is a link to
// a folder with the time in its name; only ..data is replaced.
func TestAMountedConfigMapIsReadAnew(t *testing.T) {
	dir := t.TempDir()
	version := func(name, text string) {
		must(t, os.Mkdir(filepath.Join(dir, name), 0o700))
		must(t, os.WriteFile(filepath.Join(dir, name, "agora.yaml"), []byte(text), 0o600))
		must(t, os.Symlink(name, filepath.Join(dir, "..next")))
		must(t, os.Rename(filepath.Join(dir, "..next"), filepath.Join(dir, "..data")))
	}
	version("..1", "brands: [{name: Nokia}]")
	file := filepath.Join(dir, "agora.yaml")
	must(t, os.Symlink("..data/agora.yaml", file))
	applied, _ := reloading(t, file)
	version("..2", "brands: [{name: Ericsson}]")
	if got := brandsOf(t, applied); got != "ericsson" {
		t.Errorf("watched: %s", got)
	}
	must(t, os.RemoveAll(filepath.Join(dir, "..1")))
	version("..3", "brands: [{name: Samsung}]")
	if got := brandsOf(t, applied); got != "samsung" {
		t.Errorf("watched: %s", got)
	}
}

func TestABadFileIsReportedAndTheNextGoodOneTaken(t *testing.T) {
	file := writeFile(t, "agora.yaml", "brands: [{name: Nokia}]")
	applied, log := reloading(t, file)
	must(t, os.WriteFile(file, []byte("brands: [{nane: Nokia}]"), 0o600))
	time.Sleep(2 * settle) // let it be read; if it isn't, the next one still must be
	must(t, os.WriteFile(file, []byte("brands: [{name: Ericsson}]"), 0o600))
	if got := brandsOf(t, applied); got != "ericsson" {
		t.Errorf("watched: %s", got)
	}
	if s := log.String(); s != "" && !strings.Contains(s, "stays in force") {
		t.Errorf("logged: %s", s)
	}
}

func TestADataFolderHasOneOwner(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	d, err := openData(dir, time.Now())
	must(t, err)
	must(t, d.serving("http://127.0.0.1:1234"))
	_, err = openData(dir, time.Now())
	var busy *inUse
	if !errors.As(err, &busy) || busy.by.URL != "http://127.0.0.1:1234" || busy.by.PID != os.Getpid() || busy.by.Operator == "" {
		t.Fatalf("the second one got: %v", err)
	}
	if info, err := os.Stat(filepath.Join(dir, lockName)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the operator secret: %v %v", info.Mode(), err)
	}
	must(t, d.close())
	if text, err := os.ReadFile(filepath.Join(dir, lockName)); err != nil || len(text) > 0 {
		t.Errorf("the secret outlives its process: %s %v", text, err)
	}
	d, err = openData(dir, time.Now())
	must(t, err)
	must(t, d.close())
}

func TestTheAdminTokenIsMadeOnceAndOnlyItsHashIsKept(t *testing.T) {
	dir := t.TempDir()
	hash, fresh, err := adminToken(dir)
	must(t, err)
	if hash != hashOf(fresh) || len(fresh) < 40 {
		t.Errorf("hash %s of token %s", hash, fresh)
	}
	again, second, err := adminToken(dir)
	must(t, err)
	if again != hash || second != "" {
		t.Error("the second start made another token")
	}
	must(t, os.WriteFile(filepath.Join(dir, tokenName), []byte("oops"), 0o600))
	if _, _, err := adminToken(dir); err == nil {
		t.Error("a damaged hash was taken")
	}
}

func TestAnAddressForEveryNetworkIsReachedOnThisMachine(t *testing.T) {
	for listening, want := range map[string]string{
		"http://127.0.0.1:8080": "http://127.0.0.1:8080", "http://[::]:8080": "http://127.0.0.1:8080",
		"http://0.0.0.0:9": "http://127.0.0.1:9", "http://[::1]:9": "http://[::1]:9",
	} {
		if got := reachable(listening); got != want {
			t.Errorf("%s is reached at %s, expected %s", listening, got, want)
		}
	}
}
