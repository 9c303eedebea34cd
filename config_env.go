package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
)

// overlay puts variables and flags over what the file says.
func (o origin) overlay(cfg *Config) Problems {
	var wrong Problems
	text := func(name, flag string, into *string, bad func(string) string, hint string) {
		place, s := name, ""
		if flag != "" {
			place, s = "--"+strings.ToLower(strings.TrimPrefix(name, "AGORA_")), flag
		} else if got, err := variable(o.getenv, name); err != nil {
			wrong = append(wrong, Problem{Place: name + "_FILE", Message: err.Error()})
		} else {
			s = got
		}
		if s == "" {
			return
		}
		if why := bad(s); why != "" {
			wrong = append(wrong, Problem{Place: place, Message: why, Hint: hint})
			return
		}
		*into = s
	}
	anything := func(string) string { return "" }

	text("AGORA_LISTEN", o.flags.listen, &cfg.Listen, badListen, listenHint)
	text("AGORA_DATA", o.flags.data, &cfg.Data, anything, "")
	text("AGORA_CONTACT", "", &cfg.Contact, anything, "")
	text("AGORA_PUBLIC_URL", "", &cfg.PublicURL, badURL, "write the whole address, such as https://agora.example.com")
	text("AGORA_INGEST_URL", "", &cfg.IngestURL, badURL, "write the whole address, such as http://ingest:8080")
	cfg.PublicURL = strings.TrimRight(cfg.PublicURL, "/")
	cfg.IngestURL = strings.TrimRight(cfg.IngestURL, "/")

	var redis string
	text("AGORA_REDIS", o.flags.redis, &redis, badRedisList, redisHint+"; the nodes of a cluster with commas between")
	if redis != "" {
		cfg.Redis = splitRedis(redis)
	}
	roles := []string{roleAll, roleIngest, roleWeb}
	text("AGORA_ROLE", o.flags.role, &cfg.Role, func(s string) string {
		if slices.Contains(roles, s) {
			return ""
		}
		return fmt.Sprintf("there is no role %q", s)
	}, "use all, ingest or web")
	var zone string
	text("AGORA_TIMEZONE", "", &zone, func(s string) string {
		if loadZone(s) != nil {
			return ""
		}
		return fmt.Sprintf("there is no time zone %q", s)
	}, "use a name such as Europe/Helsinki")
	if zone != "" {
		cfg.Location = loadZone(zone)
	}
	var read string
	text("AGORA_READ", "", &read, func(s string) string {
		if s == "open" || s == "login" {
			return ""
		}
		return fmt.Sprintf("%q says nothing about who may read", s)
	}, "use open or login")
	if read != "" {
		cfg.Open = read == "open"
	}
	var token string
	text("AGORA_ADMIN_TOKEN", "", &token, func(s string) string {
		if len(s) >= 16 {
			return ""
		}
		return "the admin token is too easily guessed"
	}, "use at least 16 characters, such as the output of: openssl rand -hex 24")
	cfg.AdminToken = Secret(token)
	var engineToken string
	text("AGORA_SENTIMENT_TOKEN", "", &engineToken, badToken, tokenHint)
	if engineToken != "" {
		cfg.Sentiment.Token = Secret(engineToken)
	}
	var password string
	text("AGORA_MAIL_PASSWORD", "", &password, anything, "")
	if password != "" {
		cfg.Mail.Password = Secret(password)
	}
	var broker string
	text("AGORA_MQTT_PASSWORD", "", &broker, anything, "")
	for i := range cfg.Brokers {
		cfg.Brokers[i].Password = cmp.Or(cfg.Brokers[i].Password, broker)
	}
	var mastodon string
	text("AGORA_MASTODON_TOKEN", "", &mastodon, badToken, tokenHint)
	for i := range cfg.Live {
		if s := &cfg.Live[i]; s.Kind == "mastodon" && s.Token == "" {
			s.Token = mastodon
		}
	}
	text("AGORA_ONNXRUNTIME", "", &cfg.Sentiment.Library, anything, "")
	return wrong
}

// variable reads a variable, or the file that NAME_FILE names.
func variable(getenv func(string) string, name string) (string, error) {
	if s := getenv(name); s != "" {
		return s, nil
	}
	path := getenv(name + "_FILE")
	if path == "" {
		return "", nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("the secret can't be read: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}
