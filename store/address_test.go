package store

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"agora/mood"
)

func isUnavailable(err error, part string) bool {
	return errors.Is(err, mood.ErrUnavailable) && strings.Contains(err.Error(), part)
}

func TestAddressesSayWhereARedisIs(t *testing.T) {
	for text, want := range map[string]address{
		"redis://h":            {nodes: []string{"h:6379"}},
		"redis://u:p%40@h:1/2": {nodes: []string{"h:1"}, user: "u", password: "p@", db: 2},
		"redis+sentinel://a,b:7,[::1]:8/main": {
			nodes: []string{"a:26379", "b:7", "[::1]:8"}, master: "main",
		},
		"redis+sentinel://u:p%2F@a/main/3?sentinel_user=s&sentinel_password=x%26": {
			nodes: []string{"a:26379"}, master: "main", db: 3, user: "u", password: "p/", sentinelUser: "s", sentinelPassword: "x&",
		},
	} {
		got, err := addressOf([]string{text})
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"rediss://h", "rediss+sentinel://h/main"} {
		if got, err := addressOf([]string{text}); err != nil || got.tls == nil {
			t.Errorf("%s: %+v, %v; want TLS", text, got, err)
		}
	}
	if got, err := addressOf([]string{"redis://a", "redis://b:1"}); err != nil || len(got.nodes) != 2 {
		t.Errorf("two nodes: %+v, %v", got, err)
	}
	if _, err := addressOf([]string{"redis+sentinel://a/main", "redis://b:1"}); err == nil {
		t.Error("sentinels and a node are one Redis?")
	}
}

func TestABadAddressIsNotRepeated(t *testing.T) {
	for text, part := range map[string]string{
		"http://u:secret@h":                               "redis://",
		"redis://u:secret@":                               "no host",
		"redis://u:secret@h/x":                            "database",
		"redis+sentinel://u:secret@h":                     "master",
		"redis+sentinel://u:secret@/main":                 "sentinel",
		"redis+sentinel://u:secret@h:x/main":              "h:x",
		"redis+sentinel://u:secret@h/main/x":              "database",
		"redis+sentinel://h/main?sentinel_pasword=secret": "sentinel_pasword",
		"redis+sentinel://u:%secret@h/main":               "%40",
	} {
		err := CheckAddress(text)
		if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v, want it to speak of %q", text, err, part)
		}
	}
}
