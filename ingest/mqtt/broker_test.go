package mqtt

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/eclipse/paho.golang/packets"
	"github.com/eclipse/paho.golang/paho"

	"agora/mood"
)

// mosquitto is a real broker.
type mosquitto struct {
	t       *testing.T
	dir     string
	port    int
	web     int // of WebSockets, where the options name it
	options string
	process *exec.Cmd
}

// startBroker starts one; it is nil where the machine has none.
func startBroker(t *testing.T, options string) *mosquitto {
	t.Helper()
	path, err := exec.LookPath("mosquitto")
	if err != nil {
		path = "/usr/sbin/mosquitto"
		if _, err = os.Stat(path); err != nil {
			if os.Getenv("AGORA_TEST_ALL") != "" {
				t.Fatal("mosquitto is missing: install Debian's package mosquitto")
			}
			t.Skip("not run, for want of mosquitto: install Debian's package mosquitto")
		}
	}
	b := &mosquitto{t: t, dir: t.TempDir(), port: freePort(t), web: freePort(t), options: options}
	b.process = exec.Command(path)
	b.start()
	t.Cleanup(func() { b.kill() })
	return b
}

// freePort is a port of this machine that nobody listens on. A socket that is
// bound to it and doesn't listen keeps it for who asks for this very port, so
// that it is nobody else's before a server starts, or starts again.
func freePort(t *testing.T) int {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	syscall.CloseOnExec(fd)
	if runtime.GOOS == "linux" {
		t.Cleanup(func() { _ = syscall.Close(fd) })
	} else { // elsewhere it would be in the server's way
		defer func() { _ = syscall.Close(fd) }()
	}
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	at, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	return at.(*syscall.SockaddrInet4).Port
}

func (b *mosquitto) start() {
	b.t.Helper()
	conf := filepath.Join(b.dir, "mosquitto.conf")
	text := fmt.Sprintf("listener %d 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location %s/\nmax_queued_messages 0\nuser root\n%s\n", b.port, b.dir, b.options)
	if err := os.WriteFile(conf, []byte(strings.ReplaceAll(text, "WEB", fmt.Sprint(b.web))), 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.process = exec.Command(b.process.Path, "-c", conf)
	log, err := os.OpenFile(filepath.Join(b.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		b.t.Fatal(err)
	}
	defer log.Close()
	b.process.Stdout, b.process.Stderr = log, log
	if err := b.process.Start(); err != nil {
		b.t.Fatal(err)
	}
	for range 6000 {
		c, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", b.port))
		if err == nil {
			_ = c.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	said, _ := os.ReadFile(filepath.Join(b.dir, "log"))
	b.t.Fatalf("mosquitto doesn't listen: %s", said)
}

// stop lets the broker write what it has to disk.
func (b *mosquitto) stop() {
	if err := b.process.Process.Signal(os.Interrupt); err != nil {
		b.t.Fatal(err)
	}
	_ = b.process.Wait()
}

func (b *mosquitto) kill() {
	_ = b.process.Process.Kill()
	_ = b.process.Wait()
}

func (b *mosquitto) url(scheme string) string {
	if strings.HasPrefix(scheme, "ws") {
		return fmt.Sprintf("%s://127.0.0.1:%d", scheme, b.web)
	}
	return fmt.Sprintf("%s://127.0.0.1:%d", scheme, b.port)
}

// publish publishes with QoS 1, and returns when the broker has it all.
func (b *mosquitto) publish(topic string, qos byte, retain bool, payloads ...string) {
	b.t.Helper()
	conn, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", b.port))
	if err != nil {
		b.t.Fatal(err)
	}
	client := paho.NewClient(paho.ClientConfig{Conn: packets.NewThreadSafeConn(conn), PacketTimeout: time.Minute})
	ctx := b.t.Context()
	if _, err := client.Connect(ctx, &paho.Connect{ClientID: "publisher", CleanStart: true, KeepAlive: 30}); err != nil {
		b.t.Fatal(err)
	}
	for _, p := range payloads {
		if _, err := client.Publish(ctx, &paho.Publish{Topic: topic, QoS: qos, Retain: retain, Payload: []byte(p)}); err != nil {
			b.t.Fatal(err)
		}
	}
	if err := client.Disconnect(&paho.Disconnect{}); err != nil {
		b.t.Fatal(err)
	}
	<-client.Done()
}

// desk takes what comes, and knows ids.
type desk struct {
	lock     sync.Mutex
	fails    int // so many pushes fail first
	known    map[string]map[string]any
	offered  int
	mentions []map[string]any
	changed  chan struct{}
}

func newDesk() *desk {
	return &desk{known: map[string]map[string]any{}, changed: make(chan struct{}, 1)}
}

func (d *desk) Push(_ context.Context, items []json.RawMessage) (mood.Receipt, error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	for _, item := range items {
		var m map[string]any
		if err := json.Unmarshal(item, &m); err != nil {
			return mood.Receipt{}, err
		}
		d.mentions = append(d.mentions, m)
	}
	d.wake()
	return mood.Receipt{Accepted: len(items)}, nil
}

func (d *desk) PushActivity(_ context.Context, items []json.RawMessage) (mood.Receipt, error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.fails > 0 {
		d.fails--
		return mood.Receipt{}, fmt.Errorf("the disk is full")
	}
	var r mood.Receipt
	for i, item := range items {
		var a map[string]any
		if err := json.Unmarshal(item, &a); err != nil {
			return mood.Receipt{}, err
		}
		d.offered++
		if a["brand"] == nil {
			r.Rejected = append(r.Rejected, mood.Rejected{Index: i, Error: `brand: "SECRET-4711" is not watched`})
			continue
		}
		id := fmt.Sprint(a["id"])
		if d.known[id] != nil {
			r.Duplicates++
			continue
		}
		d.known[id] = a
		r.Accepted++
	}
	d.wake()
	return r, nil
}

func (d *desk) wake() {
	select {
	case d.changed <- struct{}{}:
	default:
	}
}

// until waits until something holds of what was taken.
func (d *desk) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	end := time.After(time.Minute)
	for {
		d.lock.Lock()
		ok := holds()
		d.lock.Unlock()
		if ok {
			return
		}
		select {
		case <-d.changed:
		case <-time.After(50 * time.Millisecond): // of health, nobody is told
		case <-end:
			t.Fatalf("in vain: %s (%d taken, %d offered)", what, len(d.known), d.offered)
		}
	}
}

func routeTo(t *testing.T, filter string, fields map[string]string) Route {
	t.Helper()
	r := Route{Filter: filter, Fields: map[string]Template{}}
	for name, text := range fields {
		template, err := ParseTemplate(text)
		if err != nil {
			t.Fatal(err)
		}
		r.Fields[name] = template
	}
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	return r
}

// listening runs a source until the test, or stop, ends it.
func listening(t *testing.T, d Door, b Broker) (s *Source, stop func()) {
	t.Helper()
	if b.ClientID == "" {
		b.ID, b.ClientID = "factory", "agora-factory"
	}
	s = New(Config{Broker: b, Door: d, Dial: (&net.Dialer{}).DialContext})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(stop)
	return s, stop
}

func fine(s *Source) func() bool {
	return func() bool { return s.Health().State == mood.SourceFine }
}

// certificate makes a certificate authority, and a broker's certificate of it.
func certificate(t *testing.T, dir string) (ca []byte) {
	t.Helper()
	write := func(name, kind string, der []byte) []byte {
		text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
		return text
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	one := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, one, one, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	ca = write("cert.pem", "CERTIFICATE", der)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write("key.pem", "PRIVATE KEY", private)
	return ca
}
