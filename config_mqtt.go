package main

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"agora/ingest/mqtt"
)

// presetMQTT is the preset of brokers, each of which is one source.
const presetMQTT = "mqtt"

// mqttKeys are the keys of a broker.
var mqttKeys = []string{"preset", "url", "id", "name", "user", "password_file", "ca_file", "client_id", "topics"}

// isMQTT tells a broker from other entries of the list of sources.
func isMQTT(item value) bool {
	preset, ok := item.fields(nil)["preset"]
	return ok && preset.text() == presetMQTT
}

// readBrokers reads the brokers in a list of sources, of which others were read
// before.
func readBrokers(v value, others []string) []mqtt.Broker {
	var brokers []mqtt.Broker
	for _, item := range v.items() {
		if item.empty() || !isMQTT(item) {
			continue
		}
		b := readBroker(item)
		if b.ID == "" {
			continue
		}
		if slices.Contains(others, b.ID) ||
			slices.ContainsFunc(brokers, func(have mqtt.Broker) bool { return have.ID == b.ID }) {
			item.wrong(fmt.Sprintf("another source has the id %q", b.ID), "give this one an id: of its own")
			continue
		}
		brokers = append(brokers, b)
	}
	return brokers
}

// idsOf are those of the feeds and the live sources.
func idsOf(cfg *Config) []string {
	var ids []string
	for _, s := range cfg.Sources {
		ids = append(ids, s.ID)
	}
	for _, s := range cfg.Live {
		ids = append(ids, s.ID)
	}
	return ids
}

func readBroker(v value) (b mqtt.Broker) {
	fields := v.fields(mqttKeys)
	text := func(key string) string {
		f, ok := fields[key]
		if !ok || f.empty() {
			return ""
		}
		return strings.TrimSpace(f.text())
	}
	if b.URL = text("url"); b.URL == "" {
		v.wrong("this broker has no address", "add url: mqtts://broker.example.com")
		return b
	}
	if err := mqtt.CheckURL(b.URL); err != nil {
		fields["url"].wrong(fmt.Sprintf("%q is no address of a broker: %v", hideLogin(b.URL), err), "write it as mqtt://host:1883, mqtts://host, ws://host/mqtt or wss://host/mqtt")
		return b
	}
	b.ID = sourceID(b.URL)
	if id, ok := fields["id"]; ok {
		b.ID = id.id()
	}
	u, _ := url.Parse(b.URL) // CheckURL did
	b.Name = cmp.Or(text("name"), u.Hostname())
	b.User = text("user")
	b.ClientID = cmp.Or(text("client_id"), "agora-"+b.ID)
	b.Password = string(fields["password_file"].passwordFile())
	if file, ok := fields["ca_file"]; ok && !file.empty() {
		text, err := smallFile(file.text())
		if err == nil {
			err = mqtt.CheckCA([]byte(text))
		}
		if err != nil {
			file.wrong(fmt.Sprintf("the certificate can't be read: %v", unwrapAll(err)), "name a file in PEM that Agora may read")
		}
		b.CA = []byte(text)
	}
	for _, item := range fields["topics"].entries() {
		if r, ok := readTopic(item); ok {
			b.Routes = append(b.Routes, r)
		}
	}
	if topics := fields["topics"]; topics.empty() {
		v.wrong("this broker has no topics", "add topics: with a filter: such as devices/+/events")
	}
	return b
}

// passwordFile reads a password from the file that is named; there may be none.
func (v value) passwordFile() Secret {
	if v.empty() {
		return ""
	}
	text, err := smallFile(v.text())
	if err != nil {
		v.wrong(fmt.Sprintf("the password can't be read: %v", unwrapAll(err)), "name a file that Agora may read")
	}
	return Secret(strings.TrimRight(text, "\r\n"))
}

// hideLogin takes what isn't shown out of an address.
func hideLogin(address string) string {
	before, after, ok := strings.Cut(address, "://")
	if i := strings.LastIndexByte(after, '@'); ok && i >= 0 {
		return before + "://…" + after[i:]
	}
	return address
}

func readTopic(v value) (r mqtt.Route, ok bool) {
	fields := v.fields(append([]string{"filter"}, mqtt.Fields()...))
	if fields == nil {
		return r, false
	}
	filter, ok := fields["filter"]
	if !ok {
		v.wrong("this topic has no filter", "add filter: such as devices/+/events")
		return r, false
	}
	r.Filter = filter.text()
	if err := mqtt.CheckFilter(r.Filter); err != nil {
		filter.wrong(fmt.Sprintf("%q is no topic filter: %v", r.Filter, err), "")
		return r, false
	}
	r.Fields = map[string]mqtt.Template{}
	for _, name := range mqtt.Fields() {
		f, ok := fields[name]
		if !ok || f.empty() {
			continue
		}
		t, err := mqtt.ParseTemplate(f.text())
		if err != nil {
			f.wrong(err.Error(), "")
			continue
		}
		r.Fields[name] = t
	}
	if err := r.Check(); err != nil {
		name, _, _ := strings.Cut(err.Error(), ":")
		at, ok := fields[name]
		if !ok {
			at = v
		}
		at.wrong(err.Error(), "")
		return r, false
	}
	return r, true
}
