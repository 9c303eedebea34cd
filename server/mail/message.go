package mail

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// Message is a mail in two bodies that say the same, with pictures that stand
// in the HTML one, and files.
type Message struct {
	// ID names the message. Sent again under the same ID, each recipient's mail
	// has the same Message-ID, so that one that arrives twice can be known by it.
	// Empty: every mail has its own.
	ID      string
	To      []string // each gets a mail of their own
	Subject string
	Text    string
	HTML    []byte  // empty: the mail has only text
	Images  []Image // what the HTML shows as cid:ID
	Files   []File
	Headers map[string]string // more of them
	// Due is asked right ahead of each mail whether it is still to be sent; one
	// that isn't is left out, one of which nobody knows fails for now. nil: all
	// are.
	Due  func(to string) (bool, error)
	Sent func(to string) // called for each of To as its mail is taken by the server; may be nil
}

// Image is a picture that stands in the HTML body.
type Image struct {
	ID   string // <img src="cid:ID">: letters, digits, ".", "-", "_", "@"
	Name string // of the file, for whoever keeps it
	PNG  []byte
}

// File is an attached file.
type File struct {
	Name string
	Kind string // such as application/pdf
	Data []byte
}

// letter is the mail of one recipient.
type letter struct {
	to  Address
	as  string // how the recipient was named
	id  string
	msg *gomail.Msg
}

// compose makes the mail of every recipient. They are named once, however
// often they are listed.
func (s *Sender) compose(m Message) ([]letter, error) {
	if len(m.To) == 0 {
		return nil, errors.New("send a mail: nobody is named as its recipient")
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("send a mail: %w", err)
	}
	var letters []letter
	named := map[string]bool{}
	key := m.ID
	if key == "" {
		key = rand.Text()
	}
	for _, as := range m.To {
		to, err := ParseAddress(as)
		if err != nil {
			return nil, fmt.Errorf("send a mail: %w", err)
		}
		if named[to.Email] {
			continue
		}
		named[to.Email] = true
		sum := sha256.Sum256([]byte(key + "\n" + to.Email))
		id := hex.EncodeToString(sum[:16]) + "@" + s.from.domain()
		msg, err := s.letter(m, to, id)
		if err != nil {
			return nil, fmt.Errorf("send a mail: %w", err)
		}
		letters = append(letters, letter{to: to, as: as, id: id, msg: msg})
	}
	return letters, nil
}

func (s *Sender) letter(m Message, to Address, id string) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(s.from.mail())
	msg.ToMailAddress(to.mail())
	msg.Subject(m.Subject)
	msg.SetDateWithValue(s.Now())
	msg.SetMessageIDWithValue(id)
	// Nobody's answering machine should answer (RFC 3834).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	for name, value := range m.Headers {
		msg.SetGenHeader(gomail.Header(name), value)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if len(m.HTML) > 0 {
		msg.AddAlternativeString(gomail.TypeTextHTML, string(m.HTML))
	}
	for _, i := range m.Images {
		if err := msg.EmbedReader(i.Name, bytes.NewReader(i.PNG), gomail.WithFileContentType("image/png"), gomail.WithFileContentID("<"+i.ID+">")); err != nil {
			return nil, fmt.Errorf("put the picture %s in: %w", i.Name, err)
		}
	}
	for _, f := range m.Files {
		if err := msg.AttachReader(f.Name, bytes.NewReader(f.Data), gomail.WithFileContentType(gomail.ContentType(f.Kind))); err != nil {
			return nil, fmt.Errorf("attach %s: %w", f.Name, err)
		}
	}
	return msg, nil
}

// check refuses what could become a line of its own in the head of a mail.
func (m Message) check() error {
	lines := map[string]string{"the subject": m.Subject}
	for name, value := range m.Headers {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || r == ':' }) {
			return fmt.Errorf("%q is no name of a header", name)
		}
		lines["the header "+name] = value
	}
	for _, i := range m.Images {
		if strings.ContainsFunc(i.Name, unicode.IsControl) {
			return fmt.Errorf("%q can't be the name of a picture", i.Name)
		}
		if i.ID == "" || strings.ContainsFunc(i.ID, func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(".-_@", r))
		}) {
			return fmt.Errorf("%q can't be the id of a picture", i.ID)
		}
	}
	for _, f := range m.Files {
		if f.Name == "" || strings.ContainsFunc(f.Name+f.Kind, unicode.IsControl) {
			return fmt.Errorf("%q can't be the name of a file", f.Name)
		}
	}
	for what, line := range lines {
		if strings.ContainsFunc(line, unicode.IsControl) {
			return fmt.Errorf("%s has signs that would end its line: %q", what, line)
		}
	}
	return nil
}
