package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestAFileIsReplacedWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "chart.png"), filepath.Join(dir, "latest.png")
	must(t, os.WriteFile(file, []byte("old"), 0o600))
	must(t, os.Symlink(file, link))
	must(t, writeOut(nil, link, []byte("new")))
	is, err := os.ReadFile(file)
	must(t, err)
	at, err := os.Lstat(link)
	must(t, err)
	if mode, err := os.Stat(file); string(is) != "new" || at.Mode()&fs.ModeSymlink == 0 || err != nil || mode.Mode().Perm() != 0o600 {
		t.Errorf("%s, link %v, %v", is, at.Mode(), mode.Mode())
	}
	refused := errors.New("not now")
	if err := replace(file, []byte("newer"), func() error { return refused }); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	if is, err := os.ReadFile(file); err != nil || string(is) != "new" {
		t.Errorf("it is %s now, %v", is, err)
	}
	if err := writeOut(nil, filepath.Join(dir, "nowhere", "x.png"), []byte("x")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	left, err := os.ReadDir(dir)
	must(t, err)
	if len(left) != 2 {
		t.Errorf("%d files are left", len(left))
	}
	must(t, writeOut(nil, os.DevNull, []byte("x")))
}
