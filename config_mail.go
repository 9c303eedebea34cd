package main

import (
	"fmt"
	"strings"

	"agora/server/mail"
)

// Mail says which mail server takes reports, and who sends them.
type Mail struct {
	Server   string // smtp:// or smtps://; empty: no mail is sent
	From     string
	Password Secret // empty: nobody logs in

	user bool    // the server's address names one
	at   Problem // where the server stands in the file
}

func readMail(v value) Mail {
	var m Mail
	fields := v.fields([]string{"server", "from", "password_file"})
	if fields == nil {
		return m
	}
	if s, ok := fields["server"]; !ok || s.empty() {
		v.wrong("there is no mail server", "add server: smtp://user@mail.example.com:587")
	} else {
		m.Server = s.text()
		m.at.Place = v.doc.place
		m.at.Line, m.at.Column = s.position()
		var err error
		if m.user, err = mail.CheckServer(m.Server); err != nil {
			s.wrong(sentence(err))
		}
	}
	if f, ok := fields["from"]; !ok || f.empty() {
		v.wrong("nobody is named as the sender of mails", "add from: 'Agora <agora@example.com>'")
	} else {
		m.From = f.mailAddress()
	}
	if p, ok := fields["password_file"]; ok && !p.empty() {
		text, err := smallFile(p.text())
		if err != nil {
			p.wrong(fmt.Sprintf("the password can't be read: %v", unwrapAll(err)), "name a file that Agora may read")
		}
		m.Password = Secret(strings.TrimSpace(text))
	}
	return m
}

// check looks at what is known once the variables are read.
func (m Mail) check() Problems {
	p := m.at
	switch {
	case m.Server == "":
		return nil
	case m.user && m.Password == "":
		p.Message = "the mail server's user has no password"
		p.Hint = "set AGORA_MAIL_PASSWORD or AGORA_MAIL_PASSWORD_FILE, or add password_file:"
	case !m.user && m.Password != "":
		p.Message = "there is a password, and the mail server's address names no user"
		p.Hint = "write smtp://user@host"
	default:
		return nil
	}
	return Problems{p}
}

// mailAddress reads one address of a person.
func (v value) mailAddress() string {
	s := v.text()
	if _, err := mail.ParseAddress(s); err != nil {
		v.wrong(sentence(err))
	}
	return s
}

// sentence takes an error apart into what is wrong and what to do.
func sentence(err error) (what, do string) {
	what, do, _ = strings.Cut(err.Error(), ": ")
	return what, do
}
