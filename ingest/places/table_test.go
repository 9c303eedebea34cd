package places

import (
	"bytes"
	"compress/zlib"
	"io"
	"os"
	"sync"
	"testing"
)

// table is the table of cities that `make assets` builds.
func table() ([]byte, error) {
	packed, err := os.ReadFile("../../static/dist/engine/cities.tsv.z")
	if err != nil {
		return nil, err
	}
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

var shared = sync.OnceValues(func() (*Locator, error) {
	cities, err := table()
	if err != nil {
		return nil, err
	}
	return New(cities)
})

func locator(t testing.TB) *Locator {
	t.Helper()
	l, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return l
}
