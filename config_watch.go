package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a configuration file must be left alone before it is
// read: editors write in several steps.
const settle = 250 * time.Millisecond

// reloader reads the configuration anew when its file changes or somebody
// asks, and hands over what is good. What is bad is reported, and nothing
// changes.
type reloader struct {
	origin origin
	asked  <-chan os.Signal // SIGHUP
	apply  func(context.Context, *Config) error
	log    *slog.Logger
	ready  func() // called once changes are noticed; may be nil

	last [sha256.Size]byte // of the file as it was read last; zeros: it wasn't there
}

// run works until ctx ends.
func (r *reloader) run(ctx context.Context) error {
	path, _ := r.origin.path()
	events, failures, stop := r.watchFolders(ctx, path)
	defer stop()
	if r.ready != nil {
		r.ready()
	}
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
	defer quiet.Stop()
	if now := fingerprint(path); r.last != now { // while all else was opened, which may take as long as a store is away
		quiet.Reset(settle)
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-r.asked:
			r.reload(ctx, path, true)
		case <-events:
			quiet.Reset(settle)
		case <-quiet.C:
			r.reload(ctx, path, false)
		case err := <-failures:
			r.log.LogAttrs(ctx, slog.LevelWarn, "a change of the configuration may go unnoticed: send SIGHUP after one", slog.Any("error", err))
		}
	}
}

// watchFolders watches the folder of the file, not the file: editors replace
// it, and a mounted ConfigMap swaps a link beside it. Where the file is a
// link, the folder that it leads to is watched as well.
func (r *reloader) watchFolders(ctx context.Context, path string) (<-chan fsnotify.Event, <-chan error, func()) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		r.log.LogAttrs(ctx, slog.LevelWarn, "changes of the configuration file go unnoticed: send SIGHUP after one", slog.Any("error", err))
		return nil, nil, func() {}
	}
	folders := []string{filepath.Dir(path)}
	if real, err := filepath.EvalSymlinks(path); err == nil && !slices.Contains(folders, filepath.Dir(real)) {
		folders = append(folders, filepath.Dir(real))
	}
	for _, folder := range folders {
		if err := w.Add(folder); err != nil {
			r.log.LogAttrs(ctx, slog.LevelWarn, "changes of the configuration file go unnoticed: send SIGHUP after one",
				slog.String("folder", folder), slog.Any("error", err))
		}
	}
	return w.Events, w.Errors, func() { w.Close() }
}

// reload reads the file, if it is another than before or somebody asked.
func (r *reloader) reload(ctx context.Context, path string, asked bool) {
	now := fingerprint(path)
	if now == r.last && !asked {
		return
	}
	r.last = now
	cfg, err := r.origin.load()
	if err == nil {
		err = r.apply(ctx, cfg)
	}
	if err != nil {
		r.log.LogAttrs(ctx, slog.LevelError, "the new configuration can't be used; the one before stays in force",
			slog.String("file", path), slog.Any("error", err))
	}
}

// fingerprint tells whether a file changed; a missing one has its own.
func fingerprint(path string) [sha256.Size]byte {
	text, err := os.ReadFile(path)
	if err != nil {
		return [sha256.Size]byte{}
	}
	return sha256.Sum256(text)
}

// needRestart names the keys whose change only a restart brings into force.
func needRestart(before, after *Config) []string {
	var keys []string
	differs := func(key string, same bool) {
		if !same {
			keys = append(keys, key)
		}
	}
	differs("listen", before.Listen == after.Listen)
	differs("data", before.Data == after.Data)
	differs("redis", slices.Equal(before.Redis, after.Redis))
	differs("redis_wait", before.RedisWait == after.RedisWait)
	differs("timezone", before.Location.String() == after.Location.String())
	differs("contact", before.Contact == after.Contact)
	differs("read", before.Open == after.Open)
	differs("public_url", before.PublicURL == after.PublicURL)
	differs("ingest_url", before.IngestURL == after.IngestURL)
	differs("trusted_proxies", slices.Equal(before.TrustedProxies, after.TrustedProxies))
	differs("fetch", sameFetch(before.Fetch, after.Fetch))
	differs("limits", before.Limits == after.Limits)
	differs("retain", before.Retain == after.Retain)
	differs("sentiment", sameEngine(before.Sentiment, after.Sentiment))
	differs("fonts", slices.EqualFunc(before.Fonts, after.Fonts, bytes.Equal))
	return keys
}

func sameFetch(a, b Fetch) bool {
	if a.Floor != b.Floor || !slices.Equal(a.Allow, b.Allow) || len(a.Hosts) != len(b.Hosts) {
		return false
	}
	for host, manners := range a.Hosts {
		if other, ok := b.Hosts[host]; !ok || other != manners {
			return false
		}
	}
	return true
}

// sameEngine tells whether two configurations have the same engine, whatever
// their rules.
func sameEngine(a, b Sentiment) bool {
	return a.Engine == b.Engine && a.URL == b.URL && a.Model == b.Model && a.Token == b.Token &&
		a.Timeout == b.Timeout && a.Batch == b.Batch && a.Pairs == b.Pairs && a.Library == b.Library &&
		maps.Equal(a.Labels, b.Labels)
}
