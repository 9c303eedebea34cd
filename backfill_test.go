package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"agora/mood"
)

// ask sends JSON and reads the answer.
func (c *crowd) ask(path, body string, into any) error {
	response, err := http.Post(c.at()+path, "application/json", strings.NewReader(body)) //nolint:noctx // a test's
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s answered %s", path, response.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(into)
}

// TestABackfillThatIsKilledAgainAndAgainCountsOnce kills the process at each
// point in turn, and at any moment, while a brand is counted anew.
func TestABackfillThatIsKilledAgainAndAgainCountsOnce(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, "", "")
	c.start("")
	const labs, both, n = 2400, 300, 3000 // texts of Bell Labs, of them with Nokia; others name nobody
	var items bytes.Buffer
	for i := range n {
		title := fmt.Sprintf("Nothing of note, %d", i)
		switch {
		case i < both:
			title = fmt.Sprintf("Nokia and Bell Labs, %d", i)
		case i < labs:
			title = fmt.Sprintf("Bell Labs, %d", i)
		}
		at := time.Now().Add(-time.Duration(i) * 20 * time.Second).UTC().Format(time.RFC3339Nano)
		fmt.Fprintf(&items, "{\"id\":\"%d\",\"title\":%q,\"published\":%q}\n", i, title, at)
	}
	response, err := http.Post(c.at()+"/api/v1/mentions", "application/x-ndjson", &items) //nolint:noctx // a test's
	must(t, err)
	response.Body.Close()
	if response.StatusCode != http.StatusAccepted {
		t.Fatalf("push: %s", response.Status)
	}
	must(t, c.cmd.Process.Signal(syscall.SIGTERM))
	for c.cmd.ProcessState == nil {
		time.Sleep(time.Millisecond)
	}

	text, err := os.ReadFile(c.config)
	must(t, err)
	must(t, os.WriteFile(c.config, []byte(strings.Replace(string(text), "{id: nokia, name: Nokia}", `{id: nokia, name: Nokia, query: 'Nokia OR "Bell Labs"'}`, 1)), 0o600))
	last := 0
	for round := range rounds(6, 100) {
		point := ""
		if round%2 == 0 {
			point = fmt.Sprint(crashPoints[round/2%len(crashPoints)], "@", 1+c.chance(12))
		}
		c.start(point)
		if c.at() != "" {
			_ = c.ask("/api/v1/queries/backfill", `{"brand":"nokia"}`, nil) // it may have died
			time.Sleep(time.Duration(50+c.chance(500)) * time.Millisecond)
			if total, _, err := c.counted("nokia"); err == nil {
				if total < last || total > labs {
					t.Errorf("round %d: %d are counted, before %d, and there are %d", round, total, last, labs)
				}
				last = total
			}
		}
		c.kill()
	}

	c.start("")
	for range 2 {
		must(t, c.ask("/api/v1/queries/backfill", `{"brand":"nokia"}`, nil))
		var told struct{ Backfills []mood.Backfill }
		for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
			must(t, c.get("/api/v1/queries/backfill", &told))
			if len(told.Backfills) == 1 && told.Backfills[0].Ended != nil {
				break
			}
			if time.Since(begun) > 2*patience {
				t.Fatalf("it doesn't end: %+v", told)
			}
		}
		if b := told.Backfills[0]; b.State != mood.BackfillDone || b.Matched != labs || b.Accepted+b.Duplicates != labs {
			t.Errorf("%+v", b)
		}
		if total, listed, err := c.counted("nokia"); err != nil || total != labs || listed != labs {
			t.Errorf("%d counted, %d listed, want %d of both (%v)", total, listed, labs, err)
		}
	}
	var v mood.Verification
	must(t, c.ask("/api/v1/store/verify", "", &v))
	if !v.Equal {
		t.Errorf("the counters are not what was accepted: %+v", v)
	}
}
