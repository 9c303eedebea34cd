package main

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestEveryKeyOfMailReportsAndEmbedCounts(t *testing.T) {
	secret := writeFile(t, "secret", "hunter2\n")
	cfg, problems := readConfig("agora.yaml", []byte(`
brands: [{id: nokia, name: Nokia}, {id: ericsson, name: Ericsson}]
mail:
  server: smtps://agora@mail.example.com
  from: 'Agora <agora@example.com>'
  password_file: `+secret+`
reports:
  - {id: weekly, brands: [nokia, ericsson], window: 30d, at: '0 8 * * THU', timezone: Europe/Helsinki, to: [a@example.com, 'Tiimi <tiimi@yhtiö.example>']}
  - {id: daily, brands: nokia, at: '@daily', to: b@example.com}
embed: {origins: [https://Intranet.example.com, 'http://127.0.0.1:3000']}
`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	m, r := cfg.Mail, cfg.Reports
	if m.Server != "smtps://agora@mail.example.com" || m.From != "Agora <agora@example.com>" || m.Password != "hunter2" {
		t.Errorf("mail: %+v", m)
	}
	if len(r) != 2 || r[0].ID != "weekly" || !slices.Equal(r[0].Brands, []string{"nokia", "ericsson"}) || r[0].Window != "30d" ||
		r[0].At.String() != "0 8 * * thu" || r[0].Zone.String() != "Europe/Helsinki" || len(r[0].To) != 2 ||
		r[1].Window != "7d" || r[1].Zone != nil || !slices.Equal(r[1].To, []string{"b@example.com"}) {
		t.Errorf("reports: %+v", r)
	}
	if !slices.Equal(cfg.Embed, []string{"https://intranet.example.com", "http://127.0.0.1:3000"}) {
		t.Errorf("embed: %v", cfg.Embed)
	}
}

func TestThePasswordOfTheMailServerComesFromAVariableAndIsAskedFor(t *testing.T) {
	file := writeFile(t, "agora.yaml", "brands: [{name: Nokia}]\nmail:\n  server: smtp://agora@mail.example.com\n  from: a@example.com\n")
	cfg, err := origin{file: file, getenv: environment("AGORA_MAIL_PASSWORD_FILE", writeFile(t, "secret", "hunter2\n"))}.load()
	must(t, err)
	if cfg.Mail.Password != "hunter2" {
		t.Error("the variable was not read")
	}
	_, err = origin{file: file, getenv: environment()}.load()
	if err == nil || !strings.Contains(err.Error(), file+":3:11: the mail server's user has no password: set AGORA_MAIL_PASSWORD") {
		t.Errorf("without a password: %v", err)
	}
	open := writeFile(t, "agora.yaml", "brands: [{name: Nokia}]\nmail: {server: 'smtp://mail.example.com', from: a@example.com}\n")
	_, err = origin{file: open, getenv: environment("AGORA_MAIL_PASSWORD", "hunter2")}.load()
	if err == nil || !strings.Contains(err.Error(), "names no user") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a password for nobody: %v", err)
	}
}

func TestWhatTheExampleSaysOfMailIsGoodOnceItIsNoComment(t *testing.T) {
	_, from, ok := bytes.Cut(exampleFile, []byte("\n# mail:\n"))
	if !ok {
		t.Fatal("the example has no mail")
	}
	from = regexp.MustCompile(`(?m)^# ((mail|reports|embed):| )`).ReplaceAll(append([]byte("# mail:\n"), from...), []byte("$1"))
	from = bytes.ReplaceAll(from, []byte("/run/secrets/mail "), []byte(writeFile(t, "secret", "hunter2")+" "))
	cfg, problems := readConfig("agora.yaml", append([]byte("brands: [{id: nokia, name: Nokia}]\n"), from...))
	if len(problems) > 0 || len(cfg.Reports) != 1 || len(cfg.Embed) != 1 || cfg.Mail.Password != "hunter2" {
		t.Errorf("%v\n%s", problems, from)
	}
}
