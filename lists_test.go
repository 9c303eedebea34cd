package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAListThatIsTakenAwayIsTheOneThatIsCounted takes thousands of mentions the
// whole way, from a push through the store's pages into a file.
func TestAListThatIsTakenAwayIsTheOneThatIsCounted(t *testing.T) {
	cfg, err := (origin{file: writeFile(t, "agora.yaml", fmt.Sprintf(`
listen: 127.0.0.1:0
data: %s
timezone: Europe/Helsinki
brands: [{id: nokia, name: Nokia}, {id: ericsson, name: Ericsson}]
sources: []
`, filepath.Join(t.TempDir(), "data"))), getenv: environment()}).load()
	must(t, err)
	c := &console{now: time.Now, log: slog.New(slog.DiscardHandler), stdout: io.Discard, stderr: io.Discard, getenv: environment()}
	ctx, stop := context.WithCancel(t.Context())
	h, err := openHouse(ctx, c, cfg, nil)
	must(t, err)
	ended := make(chan error, 1)
	go func() { ended <- h.run(ctx) }()
	web := &http.Client{Transport: &http.Transport{}}
	defer func() {
		web.CloseIdleConnections()
		stop()
		must(t, <-ended)
		must(t, h.close())
	}()

	// A burst of a minute, hours of quiet, and two days one by one; every tenth
	// names both brands, and every tenth of the others the second one alone.
	const n = 3000
	now := time.Now()
	items := make([]string, n)
	for i := range items {
		at := now.Add(-time.Minute - time.Duration(i%1300)*time.Millisecond/20)
		if i >= n/2 {
			at = now.Add(-20*time.Hour - time.Duration(i)*time.Minute)
		}
		who := "Nokia"
		switch i % 10 {
		case 0:
			who = "Nokia and Ericsson"
		case 1:
			who = "Ericsson"
		}
		items[i] = fmt.Sprintf(`{"id":"i%d","title":"%s opens site %d","source":"wire","language":"en","country":"FI","published":%q}`, i, who, i, at.UTC().Format(time.RFC3339Nano))
	}
	answer, err := web.Post(h.server.URL()+"/api/v1/mentions", "application/json", strings.NewReader("["+strings.Join(items, ",")+"]")) //nolint:noctx // a test's
	must(t, err)
	answer.Body.Close()
	within(t, "all of it is counted", func() bool {
		answer, err := web.Get(h.server.URL() + "/api/v1/mentions?limit=1&brand=nokia,ericsson") //nolint:noctx // a test's
		must(t, err)
		defer answer.Body.Close()
		var list struct{ Total int }
		must(t, json.NewDecoder(answer.Body).Decode(&list))
		return list.Total == n
	})
	get := func(path string) io.ReadCloser {
		t.Helper()
		answer, err := web.Get(h.server.URL() + path) //nolint:noctx // a test's
		must(t, err)
		if answer.StatusCode != http.StatusOK {
			text, _ := io.ReadAll(answer.Body)
			t.Fatalf("%s: %d %s", path, answer.StatusCode, text)
		}
		return answer.Body
	}
	for query, want := range map[string]struct{ mentions, rows int }{
		"brand=nokia": {n * 9 / 10, n * 9 / 10}, "brand=nokia,ericsson": {n, n * 11 / 10}, "": {n, n * 11 / 10},
		"brand=ericsson&window=1h": {n / 10, n / 10}, "brand=nokia&q=site+29": {0, 0},
	} {
		var list struct{ Total int }
		body := get("/api/v1/mentions?limit=1&" + query)
		must(t, json.NewDecoder(body).Decode(&list))
		body.Close()
		body = get("/api/v1/mentions.csv?bare=1&" + query)
		rows, err := csv.NewReader(body).ReadAll()
		must(t, err)
		body.Close()
		ids, keys := map[string]bool{}, map[string]bool{}
		last := ""
		for _, r := range rows[1:] {
			id := r[len(r)-1]
			at, err := time.Parse(time.RFC3339, r[0])
			must(t, err)
			if stamp := at.UTC().Format(time.RFC3339); last != "" && stamp > last {
				t.Fatalf("%s: %s stands below %s", query, stamp, last)
			} else {
				last = stamp
			}
			ids[id], keys[id+" "+r[1]] = true, true
		}
		if len(ids) != list.Total || len(keys) != len(rows)-1 {
			t.Errorf("%q: %d mentions in %d rows (%d of them different) of %d that are counted", query, len(ids), len(rows)-1, len(keys), list.Total)
		}
		if want.mentions > 0 && (len(ids) != want.mentions || len(keys) != want.rows) {
			t.Errorf("%q: %d mentions in %d rows, want %+v", query, len(ids), len(keys), want)
		}
	}
}
