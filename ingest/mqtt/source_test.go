package mqtt

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

func events(from, to int) (list []string) {
	for i := from; i < to; i++ {
		list = append(list, fmt.Sprintf(`{"id":"e%d","geo":{"country":"FI","pos":[60.17,24.94]},"n":2}`, i))
	}
	return list
}

var eventFields = map[string]string{
	"brand": "{topic.2}", "kind": "{topic.4}", "count": "{payload.n}", "country": "{payload.geo.country}", "lat": "{payload.geo.pos[0]}", "lon": "{payload.geo.pos[1]}",
}

func TestWhatIsPublishedIsTakenByItsRoute(t *testing.T) {
	b := startBroker(t, "")
	d := newDesk()
	b.publish("devices/nokia/7/activation", 1, true, `{"id":"retained","n":9}`)
	s, _ := listening(t, d, Broker{URL: b.url("mqtt"), Routes: []Route{
		routeTo(t, "devices/+/+/activation", eventFields),
		routeTo(t, "forum/#", map[string]string{"text": "{payload.says}", "title": "On {topic.2}", "source": "forum"}),
		routeTo(t, "count/+", map[string]string{"brand": "nokia", "kind": "ping", "count": "{payload}"}),
	}})
	d.until(t, "the connection", fine(s))
	b.publish("devices/nokia/7/activation", 1, false, events(0, 1)...)
	b.publish("devices/nokia/7/other", 1, false, events(5, 6)...)
	b.publish("forum/phones/1", 1, false, `{"id":4,"says":"Nokia is fine"}`)
	b.publish("count/x", 0, false, `12`)
	b.publish("devices/ericsson/7/activation", 1, false, `[{"id":"a"},{"id":"b","n":"3"}]`)
	d.until(t, "all five", func() bool { return len(d.known) == 4 && len(d.mentions) == 1 && s.Health().Today == 5 })
	want := `map[brand:nokia count:2 country:FI id:e0 kind:activation place:map[lat:60.17 lon:24.94]]`
	if got := fmt.Sprint(d.known["e0"]); got != want {
		t.Errorf("an event is %s, want %s", got, want)
	}
	if got := fmt.Sprint(d.mentions[0]); got != `map[id:4 source:forum text:Nokia is fine title:On phones]` {
		t.Errorf("a mention is %s", got)
	}
	if got := fmt.Sprint(d.known["b"]); got != `map[brand:ericsson count:3 id:b kind:activation]` {
		t.Errorf("the second of a list is %s", got)
	}
	if d.known["retained"] != nil {
		t.Error("what the broker retains was counted once more")
	}
	h := s.Health()
	if h.LastItem == nil || h.Kind != "mqtt" || strings.Contains(h.URL, "@") {
		t.Errorf("the health is %+v", h)
	}
}

func TestNothingIsLostOrCountedTwiceOverRestarts(t *testing.T) {
	b := startBroker(t, "")
	d := newDesk()
	routes := []Route{routeTo(t, "devices/+/+/activation", eventFields)}
	const topic = "devices/nokia/7/activation"
	s, stop := listening(t, d, Broker{URL: b.url("mqtt"), Routes: routes})
	d.until(t, "the connection", fine(s))
	d.lock.Lock()
	d.fails = 3
	d.lock.Unlock()
	b.publish(topic, 1, false, events(0, 600)...)
	d.until(t, "600 events, past a door that fails", func() bool { return len(d.known) == 600 })

	stop() // the broker keeps what comes now
	b.publish(topic, 1, false, events(600, 4000)...)
	s, stop = listening(t, d, Broker{URL: b.url("mqtt"), Routes: routes})
	d.until(t, "what came while nobody listened", func() bool { return len(d.known) == 4000 })

	b.stop()
	d.until(t, "the end of the connection", func() bool { return s.Health().State == mood.SourceFailing })
	b.start()
	d.until(t, "the broker again", fine(s))
	b.publish(topic, 1, false, events(4000, 4500)...)
	d.until(t, "what came after the broker's restart", func() bool { return len(d.known) == 4500 })
	if d.offered < 4500 || d.offered > 4500+most {
		t.Errorf("%d were offered", d.offered)
	}
	stop()
	if h := s.Health(); len(h.Outages) > 1 {
		t.Errorf("outages: %+v", h.Outages)
	}
}

// A clean stop acknowledges all that was taken: without ids, nothing else would
// keep it from counting twice.
func TestWhatWasTakenIsNotSentAgainAfterACleanStop(t *testing.T) {
	b := startBroker(t, "")
	d := newDesk()
	routes := []Route{routeTo(t, "count/+", map[string]string{"brand": "nokia", "kind": "ping"})}
	for i := range 4 {
		s, stop := listening(t, d, Broker{URL: b.url("mqtt"), Routes: routes})
		d.until(t, "the connection", fine(s))
		payloads := make([]string, 50)
		b.publish("count/x", 1, false, payloads...)
		d.until(t, "50 more", func() bool { return len(d.known) == 50*(i+1) })
		stop()
	}
	s, _ := listening(t, d, Broker{URL: b.url("mqtt"), Routes: routes})
	d.until(t, "the connection", fine(s))
	b.publish("count/x", 1, false, "")
	d.until(t, "the last", func() bool { return len(d.known) >= 201 })
	if len(d.known) != 201 {
		t.Errorf("%d were counted, of 201", len(d.known))
	}
}

func TestWhatIsUnusableIsToldWithoutWhatIsInIt(t *testing.T) {
	b := startBroker(t, "")
	d := newDesk()
	s, _ := listening(t, d, Broker{URL: b.url("mqtt"), Routes: []Route{routeTo(t, "#", map[string]string{"kind": "a"})}})
	d.until(t, "the connection", fine(s))
	b.publish("x/SECRET-4711", 1, false, `{"id":"SECRET-4711"}`)
	d.until(t, "the complaint", func() bool { return s.Health().LastError != "" })
	h := s.Health()
	if h.LastError != "a message had no usable brand, the last of 1 that were left out: see topics: in agora.yaml" || h.State != mood.SourceFine {
		t.Errorf("%s: %s", h.State, h.LastError)
	}
	b.publish("x/1", 1, false, `{"id":1,"brand":"nokia"}`)
	d.until(t, "the next", func() bool { return len(d.known) == 1 })
}

func TestABrokerIsReachedOverTLSAndWebSocketsWithAPassword(t *testing.T) {
	dir := t.TempDir()
	ca := certificate(t, dir)
	tls := fmt.Sprintf("certfile %s/cert.pem\nkeyfile %s/key.pem\n", dir, dir)
	passwords := filepath.Join(dir, "passwords")
	if err := os.WriteFile(passwords, []byte("agora:opens sesame\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for scheme, options := range map[string]string{
		"mqtt": "", "mqtts": tls, "ws": "listener WEB 127.0.0.1\nprotocol websockets\n", "wss": "listener WEB 127.0.0.1\nprotocol websockets\n" + tls,
	} {
		t.Run(scheme, func(t *testing.T) {
			if scheme == "mqtt" {
				hashed := filepath.Join(dir, "hashed")
				text, _ := os.ReadFile(passwords)
				if err := os.WriteFile(hashed, text, 0o600); err != nil {
					t.Fatal(err)
				}
				if out, err := exec.Command("mosquitto_passwd", "-U", hashed).CombinedOutput(); err != nil {
					t.Fatalf("%v: %s", err, out)
				}
				options = "password_file " + hashed + "\nallow_anonymous false\n"
			}
			b := startBroker(t, options)
			broker := Broker{
				ID: "factory", URL: b.url(scheme), User: "agora", Password: "opens sesame", CA: ca, ClientID: "one",
				Routes: []Route{routeTo(t, "a/#", nil)},
			}
			s := New(Config{Broker: broker, Dial: (&net.Dialer{}).DialContext})
			// The broker opens one port after the other.
			newDesk().until(t, "the connection", func() bool { return s.TryOnce(t.Context()).State == mood.SourceFine })
			broker.Password = "wrong"
			h := New(Config{Broker: broker, Dial: (&net.Dialer{}).DialContext}).TryOnce(t.Context())
			if said := h.Say(time.Now(), nil); scheme == "mqtt" && !strings.HasPrefix(said, "refuses us") && !strings.HasPrefix(said, "wants a login") {
				t.Errorf("with a wrong password it is %q: %s", said, h.LastError)
			}
			broker.CA = nil
			if h := New(Config{Broker: broker, Dial: (&net.Dialer{}).DialContext}).TryOnce(t.Context()); (scheme == "mqtts" || scheme == "wss") && h.State == mood.SourceFine {
				t.Error("a certificate that nobody vouches for was taken")
			}
		})
	}
}

func TestASilentAndAClosedBrokerAreTold(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			_ = c.Close()
		}
	}()
	s := New(Config{Broker: Broker{ID: "x", URL: "mqtt://" + listener.Addr().String()}, Dial: (&net.Dialer{}).DialContext})
	if h := s.TryOnce(t.Context()); h.State != mood.SourceFailing || h.Trouble != mood.TroubleUnreachable || h.LastError == "" {
		t.Errorf("%+v", h)
	}
}

func TestWhatWasToldOfABrokerStaysAsItWas(t *testing.T) {
	s := New(Config{Broker: Broker{ID: "x", URL: "mqtt://127.0.0.1"}})
	s.failed = 2
	s.trouble(nil)
	told := s.Health()
	s.connected()
	if len(told.Outages) != 1 || told.Outages[0].To != nil {
		t.Errorf("somebody may be writing it: %+v", told.Outages)
	}
	if h := s.Health(); len(h.Outages) != 1 || h.Outages[0].To == nil {
		t.Errorf("%+v", h.Outages)
	}
}

func TestWhatIsWrongWithAConnectionIsToldInWords(t *testing.T) {
	t.Parallel()
	says := func(greeting string) string {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				c, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = c.Read(make([]byte, 512))
				_, _ = c.Write([]byte(greeting))
				_ = c.(*net.TCPConn).CloseWrite()
				_, _ = io.Copy(io.Discard, c) // what is left unread at a close resets the connection
				_ = c.Close()
			}
		}()
		return listener.Addr().String()
	}
	for address, want := range map[string]string{
		"mqtt://" + says(""):              "the broker ended the connection; it is tried again",
		"mqtts://" + says("HTTP/1.1 400"): "it doesn't speak TLS: try the address with mqtt:// or ws://",
		"mqtt://127.0.0.1:1":              "in words",
	} {
		s := New(Config{Broker: Broker{ID: "x", URL: address}, Dial: (&net.Dialer{}).DialContext, Say: func(error) string { return "in words" }})
		if h := s.TryOnce(t.Context()); h.LastError != want {
			t.Errorf("%s: %q, want %q", address, h.LastError, want)
		}
	}
}
