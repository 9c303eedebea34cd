package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// installed finds one of the machine; empty: it has none, which is said.
func installed(t *testing.T, name string) string {
	t.Helper()
	for _, path := range []string{name, "/usr/sbin/" + name} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	if os.Getenv("AGORA_TEST_ALL") != "" {
		t.Fatalf("%s is missing: install Debian's packages mosquitto and mosquitto-clients", name)
	}
	t.Skipf("not run, for want of %s: install Debian's packages mosquitto and mosquitto-clients", name)
	return ""
}

// brokerProcess is a mosquitto of its own.
type brokerProcess struct {
	t         *testing.T
	dir, path string
	port      string
	cmd       *exec.Cmd
}

func startMosquitto(t *testing.T) *brokerProcess {
	t.Helper()
	port := freePort(t)
	b := &brokerProcess{t: t, dir: t.TempDir(), path: installed(t, "mosquitto"), port: port}
	must(t, os.WriteFile(filepath.Join(b.dir, "conf"), []byte(fmt.Sprintf(
		"listener %s 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location %s/\nmax_queued_messages 0\nuser root\n", port, b.dir)), 0o600))
	b.start()
	t.Cleanup(b.kill)
	return b
}

func (b *brokerProcess) start() {
	b.t.Helper()
	b.cmd = exec.Command(b.path, "-c", filepath.Join(b.dir, "conf")) //nolint:gosec // the broker
	must(b.t, b.cmd.Start())
	b.t.Helper()
	waitFor(b.t, "mosquitto listens", func() bool {
		c, err := net.Dial("tcp", "127.0.0.1:"+b.port)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
}

// crash kills the broker once what it has is on its disk.
func (b *brokerProcess) crash() {
	b.t.Helper()
	file := filepath.Join(b.dir, "mosquitto.db")
	_ = os.Remove(file)
	must(b.t, b.cmd.Process.Signal(syscall.SIGUSR1))
	waitFor(b.t, "the broker's file", func() bool { _, err := os.Stat(file); return err == nil })
	b.kill()
}

func (b *brokerProcess) kill() {
	_ = b.cmd.Process.Kill()
	_ = b.cmd.Wait()
}

// publish publishes lines with QoS 1, and returns once the broker has them.
func (b *brokerProcess) publish(topic string, lines ...string) <-chan error {
	pub := exec.Command(installed(b.t, "mosquitto_pub"), "-p", b.port, "-V", "mqttv5", "-q", "1", "-t", topic, "-l") //nolint:gosec // the test's
	pub.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	done := make(chan error, 1)
	go func() {
		out, err := pub.CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, out)
		}
		done <- err
	}()
	return done
}

func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

// activity is how much of a kind a process shows.
func (p *agoraProcess) activity(kind string) int {
	b, err := p.board("nokia")
	if err != nil {
		return -1
	}
	list, _ := b["activity"].([]any)
	for _, row := range list {
		if row, ok := row.(map[string]any); ok && row["key"] == kind {
			n, _ := row["count"].(float64)
			return int(n)
		}
	}
	return 0
}

const mqttSources = `
brands: [{id: nokia, name: Nokia}]
fetch: {allow: [127.0.0.0/8]}
activity:
  strict: true
  kinds: [{id: activation, name: Activations, unit: devices}]
sources:
  - preset: mqtt
    name: The factory's broker
    url: mqtt://127.0.0.1:%s
    topics:
      - {filter: 'devices/+/+', brand: '{topic.2}', kind: activation, lat: '{payload.pos[0]}', lon: '{payload.pos[1]}'}
`

// Devices' events are counted once, whatever is killed in between, and nothing
// of a device stays.
func TestEventsOfDevicesAreCountedOnceWhoeverIsKilled(t *testing.T) {
	t.Parallel()
	installed(t, "mosquitto_pub")
	b := startMosquitto(t)
	folder := t.TempDir()
	data := filepath.Join(folder, "data")
	config := filepath.Join(folder, "agora.yaml")
	must(t, os.WriteFile(config, []byte(fmt.Sprintf(mqttSources, b.port)), 0o600))
	p := startAgora(t, "serve", "--config", config, "--data", data, "--listen", "127.0.0.1:0", "--log-level", "debug")
	t.Cleanup(func() {
		if t.Failed() {
			said := p.log.String()
			t.Logf("it said, at the end:\n%s", said[max(0, len(said)-3000):])
		}
	})
	waitFor(t, "it listens", func() bool { return strings.Contains(p.get("/api/v1/sources"), `"state":"fine"`) })

	all := 0
	lines := func(n int) (list []string) {
		for range n {
			list = append(list, fmt.Sprintf(`{"id":"SN-4711-%06d","device":"SN-4711","pos":[60.16952123,24.93545432]}`, all))
			all++
		}
		return list
	}
	for round := range 3 {
		had := p.activity("activation")
		done := b.publish("devices/nokia/SN-4711", lines(1500)...)
		waitFor(t, "some of the round is counted", func() bool { return p.activity("activation") > had })
		p.kill()
		if round == 1 {
			must(t, <-done)
			b.crash()
			b.start()
		}
		p.start()
		if round != 1 {
			must(t, <-done)
		}
	}
	waitFor(t, "all is counted", func() bool { return p.activity("activation") >= all })

	// The broker dies under a running Agora.
	done := b.publish("devices/nokia/SN-4711", lines(500)...)
	must(t, <-done)
	b.crash()
	b.start()
	must(t, <-b.publish("devices/nokia/SN-4711", lines(300)...))
	must(t, <-b.publish("devices/nobody/SN-4711", `{"id":"SN-4711-x"}`))
	waitFor(t, "all is counted", func() bool { return p.activity("activation") >= all })
	waitFor(t, "what is no brand's is told", func() bool { return strings.Contains(p.get("/api/v1/sources"), "no usable brand") })
	if n := p.activity("activation"); n != all {
		t.Errorf("%d are counted, of %d that were published", n, all)
	}

	var told bytes.Buffer
	for _, path := range []string{
		"/api/v1/board?brand=nokia&window=24h", "/api/v1/sources", "/metrics", "/charts/map.json?brand=nokia&window=24h&place=devices",
		"/charts/map.csv?brand=nokia&window=24h", "/charts/activity.csv?brand=nokia&window=24h", "/charts/map.svg?brand=nokia&window=24h&place=devices",
	} {
		told.WriteString(p.get(path))
	}
	if !strings.Contains(told.String(), "Activations") || !strings.Contains(told.String(), "Helsinki") {
		t.Errorf("the places aren't told: %.2000s", told.String())
	}
	check := func() (string, error) {
		self, err := os.Executable()
		must(t, err)
		cmd := exec.Command(self, "check", "--config", config) //nolint:gosec // this very program
		cmd.Args[0] = "agora"
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if said, err := check(); err != nil || !strings.Contains(said, "The MQTT broker The factory's broker answers") {
		t.Errorf("agora check: %v: %s", err, said)
	}
	text, err := os.ReadFile(config)
	must(t, err)
	must(t, os.WriteFile(config, bytes.Replace(text, []byte("name: Activations"), []byte("name: Phones started"), 1), 0o600))
	waitFor(t, "the new name", func() bool { return strings.Contains(p.get("/api/v1/board?brand=nokia&window=24h"), "Phones started") })
	if n := p.activity("activation"); n != all {
		t.Errorf("after a reload %d are counted, of %d", n, all)
	}
	b.kill()
	if said, err := check(); err == nil || !strings.Contains(said, "nothing is listening there") {
		t.Errorf("agora check, without the broker: %v: %s", err, said)
	}
	waitFor(t, "the loss of the broker is told", func() bool { return strings.Contains(p.get("/api/v1/sources"), "unreachable since") })
	must(t, p.cmd.Process.Signal(syscall.SIGTERM))
	<-p.over
	told.WriteString(p.log.String())
	files := 0
	must(t, filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		told.WriteString(path)
		told.Write(text)
		files++
		return err
	}))
	if files < 3 {
		t.Errorf("there are only %d files", files)
	}
	for _, secret := range []string{"SN-4711", "16952123", "93545432", "60.1695", "24.9354"} {
		if i := strings.Index(told.String(), secret); i >= 0 {
			t.Errorf("%s stays: …%.200q", secret, told.String()[max(0, i-100):])
		}
	}
}

// get gives what a route answers.
func (p *agoraProcess) get(path string) string {
	answer, err := http.Get(p.url + path) //nolint:noctx // a test's
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return string(text)
}
