package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// aConsole is one for a command that finds its configuration in a file.
func aConsole(file string) *console {
	getenv := environment()
	return &console{
		getenv: getenv, now: time.Now, log: slog.New(slog.DiscardHandler), stdout: io.Discard, stderr: io.Discard,
		stdin: strings.NewReader(""), origin: origin{file: file, getenv: getenv},
	}
}

// configOfNokia writes a configuration that watches one brand.
func configOfNokia(t *testing.T, more string) (file, data string) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	return writeFile(t, "agora.yaml", "data: "+data+"\nlisten: 127.0.0.1:0\nbrands: [{id: nokia, name: Nokia}]\n"+more), data
}

func TestACommandBorrowsTheAgoraOfADataFolderOnWhichNoneRuns(t *testing.T) {
	// A public address asks for an admin token, which nobody was shown.
	file, data := configOfNokia(t, "public_url: https://agora.example.com\n")
	c := aConsole(file)
	_, into, folder, err := reach{}.find(c)
	must(t, err)
	keep, err := openLocal(t.Context(), c, into, folder)
	must(t, err)
	_, err = keep.take(t.Context(), [][]byte{[]byte(`{"title":"Nokia wins","url":"https://news.example/1"}`)})
	must(t, err)
	must(t, keep.close())

	there, done, err := borrowed(t.Context(), c, reach{})
	must(t, err)
	var list struct {
		Mentions []struct{ Title string }
	}
	must(t, there.get(t.Context(), "/api/v1/mentions?brand=nokia&window=24h", &list))
	if len(list.Mentions) != 1 || list.Mentions[0].Title != "Nokia wins" {
		t.Errorf("it shows %+v", list.Mentions)
	}
	stranger := newRemote(there.url)
	if err := stranger.get(t.Context(), "/api/v1/mentions?brand=nokia&window=24h", &list); err == nil || !strings.Contains(err.Error(), "login") {
		t.Errorf("somebody else on the machine was answered: %v", err)
	}
	if _, _, err := there.post(t.Context(), []byte("{}")); err == nil {
		t.Error("it took a mention in")
	}
	var busy *inUse
	if _, err := openData(data, time.Now()); !errors.As(err, &busy) {
		t.Errorf("the data folder isn't locked meanwhile: %v", err)
	}
	must(t, done())
	if _, err := http.Get(there.url); err == nil {
		t.Error("it still listens when the command is done")
	}
	if _, err := os.Stat(filepath.Join(data, tokenName)); err == nil {
		t.Error("an admin token was made that nobody was shown")
	}
	again, err := openData(data, time.Now())
	must(t, err)
	must(t, again.close())
}

func TestACommandAsksTheAgoraThatRuns(t *testing.T) {
	file, _ := configOfNokia(t, "")
	c := aConsole(file)
	cfg, err := c.origin.load()
	must(t, err)
	h, err := openHouse(t.Context(), c, cfg, nil)
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.run(ctx) }()
	defer func() {
		stop()
		must(t, <-ended)
		must(t, h.close())
	}()
	var there *remote
	done := func() error { return nil }
	within(t, "its address stands in the lock", func() bool {
		there, done, err = borrowed(t.Context(), c, reach{})
		return err == nil
	})
	defer func() { must(t, done()) }()
	if there.url != h.server.URL() {
		t.Errorf("asked %s, and it is at %s", there.url, h.server.URL())
	}
}
