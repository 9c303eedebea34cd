package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	lockName  = "agora.lock"         // held by the process that the folder belongs to; says where it is
	tokenName = "admin-token.sha256" // of the admin token that was generated
)

// running is what the lock file says of the process that holds it. The
// operator secret is for other commands of the same user: it is proof of
// being allowed to read this folder.
type running struct {
	PID      int       `json:"pid"`
	URL      string    `json:"url"` // empty while it starts
	Operator string    `json:"operator"`
	Started  time.Time `json:"started"`
}

// dataFolder is the folder of this process, locked.
type dataFolder struct {
	path string
	lock *flock.Flock
	self running
}

// inUse is the error of a folder that another process has.
type inUse struct {
	path string
	by   running
}

func (e *inUse) Error() string {
	at := "which is starting"
	if e.by.URL != "" {
		at = "at " + e.by.URL
	}
	return fmt.Sprintf("the data folder %s is in use by the Agora %s (process %d): stop that one, or give this one a folder of its own with --data",
		e.path, at, e.by.PID)
}

// openData makes the folder if need be and locks it. It fails with [*inUse]
// when another process has it.
func openData(path string, now time.Time) (*dataFolder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w: name another with --data", err)
	}
	d := &dataFolder{path: path, lock: flock.New(filepath.Join(path, lockName), flock.SetPermissions(0o600))}
	got, err := d.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data folder %s: %w: is it writable?", path, err)
	}
	if !got {
		by, _ := readLock(path) // an unreadable one only makes the message shorter
		return nil, &inUse{path, by}
	}
	d.self = running{PID: os.Getpid(), Operator: randomToken(), Started: now.UTC()}
	if err := d.write(); err != nil {
		return nil, errors.Join(err, d.lock.Close())
	}
	return d, nil
}

// serving tells other commands where the server is.
func (d *dataFolder) serving(url string) error {
	d.self.URL = url
	return d.write()
}

// write replaces what the lock file says. The file itself stays: the lock is
// on it, not on its name.
func (d *dataFolder) write() error {
	text, err := json.Marshal(d.self)
	if err == nil {
		err = os.WriteFile(filepath.Join(d.path, lockName), append(text, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("write the lock file: %w", err)
	}
	return nil
}

// close gives the folder back.
func (d *dataFolder) close() error {
	if err := os.Truncate(filepath.Join(d.path, lockName), 0); err != nil {
		return errors.Join(fmt.Errorf("empty the lock file: %w", err), d.lock.Close())
	}
	return d.lock.Close()
}

// readLock reads what the holder of a folder wrote.
func readLock(path string) (running, error) {
	var r running
	text, err := os.ReadFile(filepath.Join(path, lockName))
	if err != nil {
		return r, err
	}
	err = json.Unmarshal(text, &r)
	return r, err
}

// adminToken finds the hash of the admin token. Without one so far it makes
// a token, keeps its hash, and gives the token too, to be shown this once.
func adminToken(dir string) (hash, fresh string, err error) {
	path := filepath.Join(dir, tokenName)
	text, err := os.ReadFile(path)
	if err == nil {
		hash := strings.TrimSpace(string(text))
		if raw, err := hex.DecodeString(hash); err != nil || len(raw) != sha256.Size {
			return "", "", fmt.Errorf("%s holds no SHA-256 in hexadecimal digits: delete it, and a new admin token is made at the next start", path)
		}
		return hash, "", nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", "", fmt.Errorf("read the hash of the admin token: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", "", fmt.Errorf("make the data folder: %w", err)
	}
	fresh = "agora_admin_" + randomToken()
	hash = hashOf(fresh)
	if err := os.WriteFile(path, []byte(hash+"\n"), 0o600); err != nil {
		return "", "", fmt.Errorf("keep the hash of the admin token: %w", err)
	}
	return hash, fresh, nil
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// randomToken is 256 bits that nobody can guess.
func randomToken() string {
	var b [32]byte
	rand.Read(b[:]) //nolint:errcheck // it never fails: see crypto/rand
	return hex.EncodeToString(b[:])
}
