package journal

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// victim is the variable that makes the test's binary append to the folder it
// names, until it is killed.
const victim = "AGORA_JOURNAL_VICTIM"

func TestMain(m *testing.M) {
	if folder := os.Getenv(victim); folder != "" {
		appendUntilKilled(folder)
	}
	goleak.VerifyTestMain(m)
}

// victimOptions make many segments, and removals too.
func victimOptions(folder string) Options {
	return Options{Folder: folder, MaxBytes: 256 << 10, SegmentBytes: 8 << 10, KeepBytes: 64 << 10}
}

// appendUntilKilled tells of each append once it is acknowledged: its number
// and payload, or "applied" and a number before that is applied.
func appendUntilKilled(folder string) {
	j, err := Open(victimOptions(folder))
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	var out sync.Mutex
	say := func(format string, args ...any) {
		out.Lock()
		defer out.Unlock()
		fmt.Printf(format+"\n", args...)
	}
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := 0; ; i++ {
				payload := fmt.Sprintf("%d-%d-%d-%s", os.Getpid(), worker, i, strings.Repeat("x", rand.IntN(600)))
				seq, err := j.Append(context.Background(), []byte(payload))
				if err != nil {
					say("append: %v", err)
					os.Exit(1)
				}
				say("%d %s", seq, payload)
				if worker == 0 && i%10 == 9 && seq > 50 {
					say("applied %d", seq-50)
					j.Applied(seq - 50)
				}
			}
		})
	}
	all.Wait()
}

func TestNothingAcknowledgedIsLostToAKill(t *testing.T) {
	t.Parallel()
	rounds := 10
	if os.Getenv("AGORA_TORTURE") != "" {
		rounds = 200
	}
	folder := filepath.Join(t.TempDir(), "journal")
	acked, applied := map[uint64]string{}, uint64(0)
	dice := rand.New(rand.NewPCG(1, 1))
	for round := range rounds {
		command := exec.Command(os.Args[0])
		command.Env = append(os.Environ(), victim+"="+folder)
		out, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for left := 1 + dice.IntN(400); lines.Scan(); left-- {
			if left == 0 {
				if err := command.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
			number, payload, _ := strings.Cut(lines.Text(), " ")
			var seq uint64
			if number == "applied" {
				_, _ = fmt.Sscan(payload, &seq)
				applied = max(applied, seq)
				continue
			}
			if _, err := fmt.Sscan(number, &seq); err != nil {
				t.Fatalf("round %d: %s", round, lines.Text())
			}
			if acked[seq] != "" {
				t.Fatalf("round %d: the number %d is given a second time", round, seq)
			}
			acked[seq] = payload
		}
		_ = command.Wait() // it was killed
		o := victimOptions(folder)
		o.Sync = unsynced
		j, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		got := records(t, j, 0)
		for seq, payload := range acked {
			if there := got[seq]; there != payload && (there != "" || seq > applied || seq >= j.First()) {
				t.Fatalf("round %d: record %d was acknowledged as %q, and reads as %q; %d are applied", round, seq, payload, there, applied)
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(acked) < rounds*8 {
		t.Errorf("only %d appends in %d rounds", len(acked), rounds)
	}
}
