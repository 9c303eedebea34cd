package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	netmail "net/mail"
	"path/filepath"
	"strings"
	"testing"
)

// mailbox is a mail server that takes everything; each mail comes out of the
// channel as it arrived.
func mailbox(t *testing.T) (address string, mails <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	took := make(chan string, 8)
	t.Cleanup(func() { must(t, l.Close()) })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go takeMail(conn, took)
		}
	}()
	return l.Addr().String(), took
}

func takeMail(conn net.Conn, took chan<- string) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	say := func(s string) { _, _ = io.WriteString(conn, s+"\r\n") }
	say("220 mailbox ESMTP")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.TrimSpace(line)); {
		case strings.HasPrefix(verb, "EHLO"):
			say("250-mailbox\r\n250 8BITMIME")
		case verb == "DATA":
			say("354 go on")
			var mail strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil || line == ".\r\n" {
					break
				}
				mail.WriteString(strings.TrimPrefix(line, "."))
			}
			took <- mail.String()
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

// TestAReportGoesTheWholeWayIntoAMailbox pushes mentions into an Agora and has
// it send the report that it is configured with: its charts are in the mail's
// text, and the sheet is attached.
func TestAReportGoesTheWholeWayIntoAMailbox(t *testing.T) {
	server, mails := mailbox(t)
	cfg, err := (origin{file: writeFile(t, "agora.yaml", fmt.Sprintf(`
listen: 127.0.0.1:0
data: %s
brands: [{id: nokia, name: Nokia}]
mail: {server: 'smtp://%s', from: 'Agora <agora@example.com>'}
reports: [{id: weekly, brands: nokia, at: '@yearly', to: 'Boss <boss@example.com>'}]
`, filepath.Join(t.TempDir(), "data"), server)), getenv: environment()}).load()
	must(t, err)
	h, web := runHouse(t, cfg)
	post := func(path, body string) string {
		t.Helper()
		answer, err := web.Post(h.server.URL()+path, "application/json", strings.NewReader(body)) //nolint:noctx // a test's
		must(t, err)
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		must(t, err)
		if answer.StatusCode != http.StatusAccepted {
			t.Fatalf("%s: %s %s", path, answer.Status, text)
		}
		return string(text)
	}
	post("/api/v1/mentions", `[{"title":"Nokia wins a great deal","url":"https://a.example/1","source":"a.example","country":"FI"},{"title":"Nokia shares fall","url":"https://a.example/2","source":"b.example"}]`)
	if told := post("/api/v1/reports/weekly/send", `{}`); !strings.Contains(told, `boss@example.com`) || !strings.Contains(told, `"failed":[]`) {
		t.Errorf("it says %s", told)
	}

	mail, err := netmail.ReadMessage(strings.NewReader(<-mails))
	must(t, err)
	if to := mail.Header.Get("To"); !strings.Contains(to, "boss@example.com") {
		t.Errorf("it went to %s", to)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(mail.Header.Get("Subject"))
	must(t, err)
	if !strings.Contains(subject, "Nokia") {
		t.Errorf("its subject is %q", subject)
	}
	kinds := map[string]int{}
	countParts(t, mail.Header.Get("Content-Type"), mail.Body, kinds)
	if kinds["text/plain"] != 1 || kinds["text/html"] != 1 || kinds["application/pdf"] != 1 || kinds["image/png"] < 2 {
		t.Errorf("the mail holds %v", kinds)
	}
}

// countParts counts the parts of a mail by their kind, at any depth.
func countParts(t *testing.T, kind string, body io.Reader, kinds map[string]int) {
	t.Helper()
	media, params, err := mime.ParseMediaType(kind)
	must(t, err)
	if !strings.HasPrefix(media, "multipart/") {
		kinds[media]++
		return
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		part, err := parts.NextPart()
		if err == io.EOF { //nolint:errorlint // as NextPart says
			return
		}
		must(t, err)
		countParts(t, part.Header.Get("Content-Type"), part, kinds)
	}
}

// runHouse runs a house until the test ends. Its client leaves no line open.
func runHouse(t *testing.T, cfg *Config) (h *house, web *http.Client) {
	t.Helper()
	h, err := openHouse(t.Context(), aConsole(""), cfg, nil)
	must(t, err)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- h.run(ctx) }()
	web = &http.Client{Transport: &http.Transport{}}
	t.Cleanup(func() {
		web.CloseIdleConnections()
		stop()
		must(t, <-ended)
		must(t, h.close())
	})
	return h, web
}
