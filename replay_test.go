package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// keeper takes everything, and remembers it.
type keeper struct {
	mu    sync.Mutex
	lines []string
	most  int
}

func (k *keeper) take(_ context.Context, lines [][]byte) (mood.Receipt, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.most = max(k.most, len(lines))
	for _, line := range lines {
		k.lines = append(k.lines, string(line))
	}
	return mood.Receipt{Accepted: len(lines)}, nil
}

func tapeOf(t *testing.T, texts ...string) *tape {
	t.Helper()
	var files []string
	for i, text := range texts {
		files = append(files, writeFile(t, fmt.Sprintf("%d.ndjson", i), text))
	}
	tp, err := openTape(files, strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tp.close)
	return tp
}

func TestReplayMovesAllTimesByOneConstant(t *testing.T) {
	tp := tapeOf(t,
		`{"id":1,"published":"2021-11-16T05:51:31Z"}`+"\n"+`{"id":2,"published":"2021-11-15T05:51:31+02:00"}`,
		`{"id":3,"published":1637041891}`+"\n\n"+`{"id":4}`+"\n"+`{"id":5,"published":"soon"}`+"\n"+`{"id":6,"published":1637041891000}`,
	)
	if err := tp.survey(t.Context()); err != nil {
		t.Fatal(err)
	}
	until := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	tp.shift = until.Sub(tp.last)
	var got keeper
	sum, err := replay(t.Context(), tp, &got, 0, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if sum.lines != 6 || sum.accepted != 6 {
		t.Errorf("summary: %+v", sum)
	}
	want := map[int]string{
		1: `"2026-01-01T00:00:00Z"`, 2: `"2025-12-30T22:00:00Z"`, 3: `"2026-01-01T00:00:00Z"`,
		4: "", 5: `"soon"`, 6: `"2026-01-01T00:00:00Z"`,
	}
	for _, line := range got.lines {
		var m struct {
			ID        int
			Published json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		if string(m.Published) != want[m.ID] {
			t.Errorf("%s: expected %s", line, want[m.ID])
		}
	}
}

func TestReplayThatKeepsTimesSendsEveryLineAsItIs(t *testing.T) {
	text := `{ "id": 1, "published" : "2021-11-16T05:51:31Z", "title":"<b> & ü" }`
	var got keeper
	if _, err := replay(t.Context(), tapeOf(t, text), &got, 0, io.Discard); err != nil {
		t.Fatal(err)
	}
	if len(got.lines) != 1 || got.lines[0] != text {
		t.Errorf("sent %q", got.lines)
	}
}

func TestReplaySendsEveryLineOnceInBoundedBatches(t *testing.T) {
	var b strings.Builder
	const lines = 3 * replayBatch
	for i := range lines {
		fmt.Fprintf(&b, "{\"id\":%d}\n", i)
	}
	var got keeper
	sum, err := replay(t.Context(), tapeOf(t, b.String()), &got, 0, io.Discard)
	if err != nil || sum.accepted != lines {
		t.Fatalf("%+v, %v", sum, err)
	}
	slices.Sort(got.lines)
	if n := len(slices.Compact(got.lines)); n != lines || got.most > replayBatch {
		t.Errorf("%d different lines came, at most %d at once", n, got.most)
	}
}

func TestStandardInputLeavesNoFileBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	tp, err := openTape([]string{"-"}, strings.NewReader("{}\n"))
	if err != nil {
		t.Fatal(err)
	}
	tp.close()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

func TestABusyServerIsAskedAgainAndANoIsFinal(t *testing.T) {
	answers := []int{http.StatusServiceUnavailable, http.StatusTooManyRequests, http.StatusAccepted}
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Agora-Operator") != "secret" {
			t.Error("the operator secret was not sent")
		}
		status := answers[min(asked, len(answers)-1)]
		asked++
		w.WriteHeader(status)
		io.WriteString(w, `{"accepted":1,"rejected":[],"title":"Busy","detail":"try later"}`) //nolint:errcheck // a test
	}))
	defer server.Close()
	to := newRemote(server.URL)
	to.operator = "secret"
	receipt, err := to.take(t.Context(), [][]byte{[]byte("{}")})
	if err != nil || receipt.Accepted != 1 || asked != 3 {
		t.Errorf("accepted %d after %d tries: %v", receipt.Accepted, asked, err)
	}
	answers, asked = []int{http.StatusUnauthorized}, 0
	_, err = to.take(t.Context(), [][]byte{[]byte("{}")})
	if err == nil || asked != 1 || !strings.Contains(err.Error(), "try later") {
		t.Errorf("after %d tries: %v", asked, err)
	}
}

func FuzzALineIsMovedOrRefusedButNeverPanics(f *testing.F) {
	f.Add([]byte(`{"published":"2021-11-16T05:51:31Z"}`))
	f.Add([]byte(`{"published":1e400}`))
	f.Add([]byte(`{"published":-99999999999999}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, line []byte) {
		moved, _, err := moveTime(line, time.Hour)
		if err == nil && !json.Valid(moved) {
			t.Errorf("%q became %q", line, moved)
		}
	})
}
