package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
	"time"

	"encoding/base64"
	"mime/quotedprintable"
)

var (
	aPicture = append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{0, '.', '\n', 255}, 3000)...)
	aPDF     = append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("\n.\r\n..\x80"), 5000)...)
)

func aMessage(to ...string) Message {
	return Message{
		ID: "weekly 2026-11-23", To: to, Subject: "Nokia, 7 päivää: mieliala +12 (⬆)",
		Text:   "Mieliala: +12\n.\n..piste\nFrom here on\n" + strings.Repeat("long ", 300) + "\n",
		HTML:   []byte(`<p>Mieliala: <b>+12</b></p><img src="cid:mood.1"><p>` + strings.Repeat("a", 3000) + "</p>\n"),
		Images: []Image{{ID: "mood.1", Name: "mood.png", PNG: aPicture}},
		Files:  []File{{Name: "Nokia – viikko.pdf", Kind: "application/pdf", Data: aPDF}},
	}
}

// part is a piece of a mail, decoded.
type part struct {
	kind, disposition, name, cid string
	data                         []byte
	path                         string // the multiparts that it stands in
}

// parts takes a mail apart, as a client does.
func parts(t *testing.T, head map[string][]string, body io.Reader, path string) []part {
	t.Helper()
	get := func(key string) string {
		if v := head[key]; len(v) > 0 {
			return v[0]
		}
		return ""
	}
	kind, params, err := mime.ParseMediaType(get("Content-Type"))
	if err != nil {
		t.Fatalf("%v: %v", get("Content-Type"), err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		var all []part
		r := multipart.NewReader(body, params["boundary"])
		for {
			p, err := r.NextRawPart()
			if errors.Is(err, io.EOF) {
				return all
			}
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, parts(t, p.Header, p, path+"/"+strings.TrimPrefix(kind, "multipart/"))...)
		}
	}
	switch get("Content-Transfer-Encoding") {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	disposition, file, _ := mime.ParseMediaType(get("Content-Disposition"))
	name, err := new(mime.WordDecoder).DecodeHeader(file["filename"])
	if err != nil {
		t.Fatal(err)
	}
	return []part{{kind: kind, disposition: disposition, name: name, cid: get("Content-Id"), data: data, path: path}}
}

func opened(t *testing.T, d delivered) (*mail.Message, []part) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(d.text))
	if err != nil {
		t.Fatal(err)
	}
	return m, parts(t, m.Header, m.Body, "")
}

func TestWhatArrivesIsWhatWasSent(t *testing.T) {
	for name, set := range map[string]func(*fake){
		"over STARTTLS":      func(f *fake) { f.secured("mail.test", time.Now().Add(time.Hour)) },
		"asked for LOGIN":    func(f *fake) { f.secured("mail.test", time.Now().Add(time.Hour)); f.auth = "LOGIN" },
		"without extensions": func(f *fake) { f.secured("mail.test", time.Now().Add(time.Hour)); f.offers = nil },
		"byte by byte":       func(f *fake) { f.secured("mail.test", time.Now().Add(time.Hour)); f.slow = time.Microsecond },
		"over TLS":           func(f *fake) { f.secured("mail.test", time.Now().Add(time.Hour)); f.implicit = true },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, func(f *fake) { set(f); f.user = "agora:hunter2" })
			at := "smtp://agora@mail.test"
			if f.implicit {
				at = "smtps://agora@mail.test"
			}
			if err := f.sender(at).Send(t.Context(), aMessage("Pomo Äijä <boss@example.com>")); err != nil {
				t.Fatal(err)
			}
			took := f.taken()
			if len(took) != 1 || took[0].from != "<agora@example.com>" || took[0].to != "<boss@example.com>" || !took[0].secure || took[0].user != "agora:hunter2" {
				t.Fatalf("it took %+v", took)
			}
			m, all := opened(t, took[0])
			dec := new(mime.WordDecoder)
			if s, _ := dec.DecodeHeader(m.Header.Get("Subject")); s != aMessage().Subject {
				t.Errorf("subject: %q", s)
			}
			to, err := m.Header.AddressList("To")
			if err != nil || len(to) != 1 || to[0].Name != "Pomo Äijä" || to[0].Address != "boss@example.com" {
				t.Errorf("to: %v %v", to, err)
			}
			if d, err := m.Header.Date(); err != nil || d.Format(time.RFC3339) != "2026-11-23T08:00:00+02:00" {
				t.Errorf("date: %v %v", d, err)
			}
			if m.Header.Get("Auto-Submitted") != "auto-generated" || !strings.HasSuffix(m.Header.Get("Message-Id"), "@example.com>") {
				t.Errorf("head: %v", m.Header)
			}
			want := []part{
				{kind: "text/plain", path: "/mixed/related/alternative", data: []byte(strings.ReplaceAll(aMessage().Text, "\n", "\r\n"))},
				{kind: "text/html", path: "/mixed/related/alternative", data: bytes.ReplaceAll(aMessage().HTML, []byte("\n"), []byte("\r\n"))},
				{kind: "image/png", path: "/mixed/related", disposition: "inline", name: "mood.png", cid: "<mood.1>", data: aPicture},
				{kind: "application/pdf", path: "/mixed", disposition: "attachment", name: "Nokia – viikko.pdf", data: aPDF},
			}
			if len(all) != len(want) {
				t.Fatalf("%d parts", len(all))
			}
			for i, got := range all {
				w := want[i]
				if !bytes.Equal(got.data, w.data) {
					t.Errorf("%s: %d bytes, and %d were sent\n%.200q\n%.200q", w.kind, len(got.data), len(w.data), got.data, w.data)
				}
				got.data, w.data = nil, nil
				if got.kind != w.kind || got.path != w.path || got.disposition != w.disposition || got.name != w.name || got.cid != w.cid {
					t.Errorf("got %+v\nwant %+v", got, w)
				}
			}
		})
	}
}

func TestOnLoopbackALineMayBeOpenAndNobodyNeedsToLogIn(t *testing.T) {
	f := newFake(t, nil)
	if err := f.sender("smtp://localhost:25").Send(t.Context(), aMessage("a@example.com")); err != nil {
		t.Fatal(err)
	}
	bare := newFake(t, func(f *fake) { f.bare = true })
	if err := bare.sender("smtp://127.0.0.1:25").Send(t.Context(), aMessage("a@example.com")); err != nil {
		t.Fatal(err)
	}
	if len(f.taken()) != 1 || len(bare.taken()) != 1 {
		t.Error("a mail was not taken")
	}
}

// A relay on the same machine may take logins under TLS only, with a
// certificate that names another host and that nobody signed.
func TestOnLoopbackALineIsSecuredWhereItCanBe(t *testing.T) {
	f := newFake(t, func(f *fake) {
		f.secured("other.test", time.Now().Add(time.Hour))
		f.roots, f.user = nil, "agora:hunter2"
	})
	if err := f.sender("smtp://agora@localhost:25").Send(t.Context(), aMessage("a@example.com")); err != nil {
		t.Fatal(err)
	}
	if took := f.taken(); len(took) != 1 || !took[0].secure || took[0].user != "agora:hunter2" {
		t.Errorf("it took %+v", took)
	}
}

func TestEachRecipientGetsAMailOfTheirOwnOnce(t *testing.T) {
	f := newFake(t, nil)
	var sent []string
	m := aMessage("ann@example.com", "B <bob@example.com>", "ann@EXAMPLE.com")
	m.Sent = func(to string) { sent = append(sent, to) }
	s := f.sender("smtp://localhost")
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	took := f.taken()
	if len(took) != 2 || strings.Contains(took[0].text, "bob@example.com") || strings.Contains(took[1].text, "ann@example.com") {
		t.Errorf("%d mails were taken", len(took))
	}
	if strings.Join(sent, ", ") != "ann@example.com, B <bob@example.com>" || f.called() != 1 {
		t.Errorf("sent to %v in %d calls", sent, f.called())
	}
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	ids := map[string]int{}
	for _, d := range f.taken() {
		m, _ := opened(t, d)
		ids[m.Header.Get("Message-Id")]++
	}
	if len(ids) != 2 {
		t.Errorf("the same message, sent twice to two, has the ids %v", ids)
	}
}

func TestAddressesInOtherLettersReachTheServerInOnesThatItKnows(t *testing.T) {
	f := newFake(t, nil)
	if err := f.sender("smtp://localhost").Send(t.Context(), aMessage("Jüri <info@müller.example>", "jüri@müller.example")); err != nil {
		t.Fatal(err)
	}
	took := f.taken()
	if len(took) != 2 || took[0].to != "<info@xn--mller-kva.example>" || took[1].to != "<jüri@xn--mller-kva.example>" || !strings.Contains(took[1].params, "SMTPUTF8") {
		t.Errorf("%+v", took)
	}
	old := newFake(t, func(f *fake) { f.offers = []string{"8BITMIME"} })
	err := old.sender("smtp://localhost").Send(t.Context(), aMessage("jüri@müller.example", "info@müller.example"))
	var fs Failures
	if !errors.As(err, &fs) || len(fs) != 1 || fs.Temporary() || !strings.Contains(err.Error(), "SMTPUTF8") || len(old.taken()) != 1 {
		t.Errorf("%v; taken: %d", err, len(old.taken()))
	}
}

func TestWhatWouldBecomeALineOfItsOwnIsRefused(t *testing.T) {
	f := newFake(t, nil)
	s := f.sender("smtp://localhost")
	for name, spoil := range map[string]func(*Message){
		"subject":   func(m *Message) { m.Subject = "Hello\r\nBcc: x@example.com" },
		"recipient": func(m *Message) { m.To = []string{"a@example.com\r\nRCPT TO:<x@example.com>"} },
		"quoted":    func(m *Message) { m.To = []string{`"a@example.com> x"@example.com`} },
		"encoded":   func(m *Message) { m.To = []string{"=?utf-8?q?a=0D=0AX:_y?= <a@example.com>"} },
		"list":      func(m *Message) { m.To = []string{"a@example.com, b@example.com"} },
		"domain":    func(m *Message) { m.To = []string{"a@exa_mple.com"} },
		"nobody":    func(m *Message) { m.To = nil },
		"header":    func(m *Message) { m.Headers = map[string]string{"X-A": "1\nX-B: 2"} },
		"name":      func(m *Message) { m.Headers = map[string]string{"X-A: 1\r\nX-B": "2"} },
		"picture":   func(m *Message) { m.Images[0].ID = "a>\r\nX: y" },
		"photo":     func(m *Message) { m.Images[0].Name = "a.png\r\nX: y" },
		"first":     func(m *Message) { m.Images = []Image{{ID: "a", Name: "a\r\nX: y"}, {ID: "b", Name: "b.png"}} },
		"file":      func(m *Message) { m.Files[0].Name = "a\r\nX: y" },
	} {
		m := aMessage("a@example.com")
		spoil(&m)
		if err := s.Send(t.Context(), m); err == nil {
			t.Errorf("%s: it was sent", name)
		}
	}
	if f.called() != 0 {
		t.Error("the server was called")
	}
}

func TestTheAddressOfAServerIsChecked(t *testing.T) {
	for address, want := range map[string]string{
		"mail.example.com":                        "smtp://user@mail.example.com:587",
		"https://mail.example.com":                "smtp://user@mail.example.com:587",
		"smtp://":                                 "smtp://user@mail.example.com:587",
		"smtp://agora:secret@mail.example.com":    "has a password in it",
		"smtp://mail.example.com:0":               "no port",
		"smtp://mail.example.com/inbox":           "too much",
		"smtp://mail.example.com?tls=no":          "too much",
		"smtp://mail_.example.com":                "no name of a mail server",
		"smtp://agora@mail.example.com:port":      "smtp://user@mail.example.com:587",
		"smtp://agora@mail.example.com:587#there": "too much",
	} {
		_, err := New(Config{Server: address, From: "a@example.com", Password: "x"})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := New(Config{Server: "smtp://a@b.example", From: "a@example.com"}); err == nil || !strings.Contains(err.Error(), "no password") {
		t.Errorf("a user without a password: %v", err)
	}
	if _, err := New(Config{Server: "smtp://b.example", From: "a@example.com", Password: "x"}); err == nil || !strings.Contains(err.Error(), "names no user") {
		t.Errorf("a password without a user: %v", err)
	}
}

func TestEachMailIsAskedAboutRightBeforeItGoes(t *testing.T) {
	f := newFake(t, nil)
	m := aMessage("a@example.com", "b@example.com", "c@example.com", "d@example.com")
	var asked []string
	m.Due = func(to string) (bool, error) {
		asked = append(asked, fmt.Sprint(to, " after ", len(f.taken())))
		if to == "c@example.com" {
			return false, errors.New("the store is away")
		}
		return to != "b@example.com", nil
	}
	var sent []string
	m.Sent = func(to string) { sent = append(sent, to) }
	err := f.sender("smtp://localhost").Send(t.Context(), m)
	var fs Failures
	if !errors.As(err, &fs) || len(fs) != 1 || fs[0].As != "c@example.com" || !fs.Temporary() || !strings.Contains(err.Error(), "the store is away") {
		t.Errorf("%v", err)
	}
	if got := strings.Join(asked, ", "); got != "a@example.com after 0, b@example.com after 1, c@example.com after 1, d@example.com after 1" {
		t.Errorf("asked %s", got)
	}
	if strings.Join(sent, ", ") != "a@example.com, d@example.com" || len(f.taken()) != 2 {
		t.Errorf("sent to %v, %d were taken", sent, len(f.taken()))
	}
}
