package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"agora/mood"
)

// TestMain lets a script of testdata/script call agora as a process of its
// own, which is this test program under another name.
func TestMain(m *testing.M) {
	testscript.Main(leakless{m}, map[string]func(){"agora": main})
}

// leakless fails when goroutines outlive the tests.
type leakless struct{ tests *testing.M }

func (l leakless) Run() int {
	code := l.tests.Run()
	endChromium()
	if code != 0 {
		return code
	}
	if err := goleak.Find(); err != nil {
		fmt.Fprintln(os.Stderr, "goroutines outlived the tests:", err)
		return 1
	}
	return 0
}

// patience bounds every wait of a script.
const patience = time.Minute

// Each script in testdata/script is the story of somebody at a shell.
// Beside testscript's own commands there are:
//
//	feeds DIR            serves DIR over HTTP as $FEEDS
//	up DATA              waits for the Agora on the folder DATA, then $URL is its address
//	fetch URL REGEXP     asks until the answer matches; !: the first answer must not match
//	post URL FILE REGEXP sends FILE as NDJSON, and the answer must match
//	correct URL WORDS BODY REGEXP  sends BODY as a correction of the mention that has WORDS
//	seen FILE REGEXP     waits until FILE, written by a process under way, matches
//	tell DATA SIGNAL     sends HUP, INT or TERM to the Agora on the folder DATA
//	weburl FILE          sets $WEB to the address in FILE
//	redis                starts a Redis at $REDIS; the condition [redis] says if there is one
func TestStoriesOfTheCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Condition: func(name string) (bool, error) {
			if name != "redis" {
				return false, fmt.Errorf("there is no condition %q", name)
			}
			_, err := exec.LookPath("redis-server")
			if err != nil && os.Getenv("AGORA_TEST_ALL") == "1" {
				return false, fmt.Errorf("AGORA_TEST_ALL asks for every test: %w", err)
			}
			return err == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"feeds":   serveFeeds,
			"up":      waitForAgora,
			"fetch":   fetch,
			"post":    post,
			"correct": correctMention,
			"seen":    seen,
			"tell":    tell,
			"redis":   startRedis,
			"weburl":  func(ts *testscript.TestScript, _ bool, args []string) { ts.Setenv("WEB", ts.ReadFile(args[0])) },
		},
	})
}

func serveFeeds(ts *testscript.TestScript, _ bool, args []string) {
	files := http.FileServer(http.Dir(ts.MkAbs(args[0])))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/gone.xml") {
			http.Error(w, "gone", http.StatusGone)
			return
		}
		files.ServeHTTP(w, r)
	}))
	ts.Defer(server.Close)
	ts.Setenv("FEEDS", server.URL)
}

func waitForAgora(ts *testscript.TestScript, _ bool, args []string) {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		by, err := readLock(ts.MkAbs(args[0]))
		if err == nil && by.URL != "" {
			ts.Setenv("URL", by.URL)
			return
		}
	}
	ts.Fatalf("no Agora came up on %s", args[0])
}

func fetch(ts *testscript.TestScript, neg bool, args []string) {
	wanted := regexp.MustCompile(args[1])
	answer := ""
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		response, err := http.Get(args[0])
		if err != nil {
			answer = err.Error()
			continue
		}
		body, err := io.ReadAll(response.Body)
		ts.Check(err)
		ts.Check(response.Body.Close())
		answer = fmt.Sprintf("%d %s", response.StatusCode, body)
		if neg {
			if wanted.MatchString(answer) {
				ts.Fatalf("%s answered %s", args[0], answer)
			}
			return
		}
		if wanted.MatchString(answer) {
			return
		}
	}
	ts.Fatalf("%s didn't answer with %s, but: %.600s", args[0], args[1], answer)
}

func post(ts *testscript.TestScript, _ bool, args []string) {
	response, err := http.Post(args[0], "application/x-ndjson", strings.NewReader(ts.ReadFile(args[1])))
	ts.Check(err)
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	ts.Check(response.Body.Close())
	if answer := fmt.Sprintf("%d %s", response.StatusCode, body); !regexp.MustCompile(args[2]).MatchString(answer) {
		ts.Fatalf("answered %s", answer)
	}
}

func correctMention(ts *testscript.TestScript, _ bool, args []string) {
	response, err := http.Get(args[0] + "/api/v1/mentions?window=7d&q=" + url.QueryEscape(args[1]))
	ts.Check(err)
	var list mood.MentionList
	ts.Check(json.NewDecoder(response.Body).Decode(&list))
	ts.Check(response.Body.Close())
	if len(list.Mentions) != 1 {
		ts.Fatalf("%d mentions have %q", len(list.Mentions), args[1])
	}
	request, err := http.NewRequest(http.MethodPatch, args[0]+"/api/v1/mentions/"+list.Mentions[0].ID, strings.NewReader(args[2]))
	ts.Check(err)
	request.Header.Set("Content-Type", "application/json")
	if response, err = http.DefaultClient.Do(request); err != nil {
		ts.Fatalf("%v", err)
	}
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	ts.Check(response.Body.Close())
	if answer := fmt.Sprintf("%d %s", response.StatusCode, body); !regexp.MustCompile(args[3]).MatchString(answer) {
		ts.Fatalf("answered %s", answer)
	}
}

func seen(ts *testscript.TestScript, _ bool, args []string) {
	wanted := regexp.MustCompile(args[1])
	var text []byte
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		text, _ = os.ReadFile(ts.MkAbs(args[0])) // it may come later
		if wanted.Match(text) {
			return
		}
	}
	ts.Fatalf("%s never said %s, but: %s", args[0], args[1], text)
}

func tell(ts *testscript.TestScript, _ bool, args []string) {
	by, err := readLock(ts.MkAbs(args[0]))
	ts.Check(err)
	signal, ok := map[string]os.Signal{"HUP": syscall.SIGHUP, "INT": syscall.SIGINT, "TERM": syscall.SIGTERM}[args[1]]
	if !ok {
		ts.Fatalf("no signal %s", args[1])
	}
	process, err := os.FindProcess(by.PID)
	ts.Check(err)
	ts.Check(process.Signal(signal))
}

func startRedis(ts *testscript.TestScript, _ bool, _ []string) {
	port, free, err := keptPort()
	ts.Check(err)
	ts.Defer(free)
	address := "127.0.0.1:" + port
	server := exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", ts.MkAbs("."), "--maxmemory-policy", "noeviction")
	ts.Check(server.Start())
	ts.Defer(func() {
		server.Process.Kill() //nolint:errcheck // it may have ended by itself
		server.Wait()         //nolint:errcheck // it was killed
	})
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			ts.Check(conn.Close())
			break
		}
		if time.Now().After(end) {
			ts.Fatalf("redis-server didn't come up: %v", err)
		}
	}
	ts.Setenv("REDIS", "redis://"+address)
}
