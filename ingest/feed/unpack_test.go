package feed

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// pack compresses text in the way that Content-Encoding names; "raw" is
// deflate without its frame.
func pack(t testing.TB, kind string, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch kind {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw":
		w, _ = flate.NewWriter(&b, 9)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, _ = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCompressedDocumentsAreUnpacked(t *testing.T) {
	text := []byte(rssOf(one("a"), one(strings.Repeat("Nokia Bell Labs ", 500)), one("zz")))
	gz := pack(t, "gzip", text)
	half := len(text) / 2
	var long bytes.Buffer
	for i := range 20_000 {
		long.WriteString(one(strings.Repeat("x", i%50)))
	}
	for _, c := range []struct {
		name, declared string
		body           []byte
		want           string
	}{
		{"gzip", "gzip", gz, ""},
		{"x-gzip", "X-GZip", gz, ""},
		{"gzip that nobody declared", "", gz, ""},
		{"gzip declared as something else", "deflate", gz, ""},
		{"gzip declared as brotli", "br", gz, ""},
		{"zlib", "deflate", pack(t, "deflate", text), ""},
		{"raw deflate", "deflate", pack(t, "raw", text), ""},
		{"brotli", "br", pack(t, "br", text), ""},
		{"zstd", "zstd", pack(t, "zstd", text), ""},
		{"zstd that nobody declared", "", pack(t, "zstd", text), ""},
		{"two around one another", "gzip, br", pack(t, "br", gz), ""},
		{"three around one another", "zstd, gzip, br", pack(t, "br", pack(t, "gzip", pack(t, "zstd", text))), ""},
		{"a packed file sent packed", "gzip", pack(t, "gzip", gz), ""},
		{"one declared twice and done once", "gzip, gzip", gz, ""},
		{"declared and not done", "gzip", text, ""},
		{"declared and not done, brotli", "br", text, ""},
		{"declared and not done, deflate", "deflate", text, ""},
		{"declared and not done, zstd", "zstd", text, ""},
		{"nonsense declared", "utf-8, identity", text, ""},
		{"gzip in two streams", "gzip", append(pack(t, "gzip", text[:half]), pack(t, "gzip", text[half:])...), ""},
		{"zstd in two frames", "zstd", append(pack(t, "zstd", text[:half]), pack(t, "zstd", text[half:])...), ""},
		{"rubbish after gzip", "gzip", append(bytes.Clone(gz), "\n<!-- served in 3 ms -->"...), ""},
		{"rubbish after zlib", "deflate", append(pack(t, "deflate", text), "\nrubbish"...), ""},
		{"rubbish after raw deflate", "deflate", append(pack(t, "raw", text), "\nrubbish"...), ""},
		{"rubbish after brotli", "br", append(pack(t, "br", text), "\nrubbish"...), ""},
		{"rubbish after zstd", "zstd", append(pack(t, "zstd", text), "\nrubbish"...), ""},
		{"megabytes", "br", pack(t, "br", long.Bytes()), long.String()},
		{"nothing", "gzip", nil, "nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := c.want
			switch want {
			case "":
				want = string(text)
			case "nothing":
				want = ""
			}
			got, cut, err := unpack(context.Background(), c.body, encodings(http.Header{"Content-Encoding": {c.declared}}))
			if err != nil || cut || string(got) != want {
				t.Errorf("%d bytes of %d, cut short %v, error %v", len(got), len(want), cut, err)
			}
		})
	}
}

func TestWhatCameOfACompressedDocumentIsKept(t *testing.T) {
	var b strings.Builder
	for i := range 3_000 {
		b.WriteString(one(strings.Repeat("Nokia ", i%40)))
	}
	text := []byte(rssOf(b.String()))
	for _, kind := range []string{"gzip", "deflate", "br", "zstd"} {
		t.Run(kind, func(t *testing.T) {
			packed := pack(t, kind, text)
			if kind == "zstd" { // small blocks, as servers that stream send them
				var b bytes.Buffer
				w, _ := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
				for part := text; len(part) > 0; part = part[min(len(part), 4096):] {
					_, _ = w.Write(part[:min(len(part), 4096)])
					_ = w.Flush()
				}
				_ = w.Close()
				packed = b.Bytes()
			}
			got, cut, err := unpack(context.Background(), packed[:len(packed)*3/4], []string{kind})
			if err != nil || !cut || len(got) < 1000 || !bytes.HasPrefix(text, got) {
				t.Errorf("%d bytes of %d, cut short %v, error %v", len(got), len(text), cut, err)
			}
		})
	}
}

func TestBombsAreRefusedWhole(t *testing.T) {
	// 10 GB are packed as one part many times over, since packing them whole
	// takes longer than the test.
	zeros := make([]byte, 64<<20)
	bombs := map[string][]byte{}
	for _, kind := range []string{"gzip", "deflate", "br", "zstd"} {
		bombs[kind] = pack(t, kind, zeros)
	}
	for _, c := range []struct {
		name string
		kind []string
		body []byte
		say  string
	}{
		{"gzip", []string{"gzip"}, bombs["gzip"], "larger than 8 MB"},
		{"gzip in parts", []string{"gzip"}, bytes.Repeat(bombs["gzip"], 100), "larger than 8 MB"},
		{"deflate", []string{"deflate"}, bombs["deflate"], "larger than 8 MB"},
		{"brotli", []string{"br"}, bombs["br"], "200 times its size"},
		{"zstd", []string{"zstd"}, bombs["zstd"], "200 times its size"},
		{"small gzip", []string{"gzip"}, pack(t, "gzip", zeros[:6<<20]), "200 times its size"},
		{"gzip in gzip", []string{"gzip", "gzip"}, pack(t, "gzip", pack(t, "gzip", make([]byte, 512<<20))), "200 times its size"},
		{"gzip in gzip in gzip that isn't declared", nil, pack(t, "gzip", pack(t, "gzip", bytes.Repeat(bombs["gzip"], 100))), "200 times its size"},
		{"gzip without end", nil, pack(t, "gzip", pack(t, "gzip", pack(t, "gzip", pack(t, "gzip", []byte("<rss>"))))), "around one another"},
		{"many names", []string{"gzip", "gzip", "gzip", "gzip"}, bombs["gzip"], "around one another"},
		{"empty streams", []string{"gzip"}, bytes.Repeat(pack(t, "gzip", nil), 300_000), "after one another"},
		{"a name that nobody knows", []string{"lzma"}, []byte("]\x00\x00"), `"lzma"`},
		{"rubbish", []string{"br"}, []byte("\xff\xff\xff\xff\xff"), `"br"`},
		{"a window too large", []string{"zstd"}, []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xff, 0x01, 0x00, 0x00}, "zstd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _, err := unpack(context.Background(), c.body, c.kind)
			if err == nil || !strings.Contains(err.Error(), c.say) {
				t.Errorf("%d bytes, error %v; want %q", len(got), err, c.say)
			}
		})
	}
}

func TestUnpackingEndsWithItsTime(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	over := errors.New("time is over")
	cancel(over)
	for _, kind := range []string{"gzip", "deflate", "br", "zstd"} {
		if _, _, err := unpack(ctx, pack(t, kind, []byte(rssOf(one("a")))), []string{kind}); !errors.Is(err, over) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	text := []byte(rssOf(one("a"), one("b")))
	for _, kind := range []string{"gzip", "deflate", "raw", "br", "zstd"} {
		f.Add(pack(f, kind, text), strings.Replace(kind, "raw", "deflate", 1))
	}
	f.Add(pack(f, "br", pack(f, "gzip", text)), "gzip, br")
	f.Add(text, "br")
	f.Fuzz(func(t *testing.T, body []byte, declared string) {
		names := encodings(http.Header{"Content-Encoding": {declared}})
		got, cut, err := unpack(context.Background(), bytes.Clone(body), names)
		again, cutAgain, errAgain := unpack(context.Background(), bytes.Clone(body), names)
		if !bytes.Equal(got, again) || cut != cutAgain || (err == nil) != (errAgain == nil) {
			t.Errorf("not the same twice: %d and %d bytes, %v and %v, %v and %v", len(got), len(again), cut, cutAgain, err, errAgain)
		}
		if len(got) > maxBytes || len(got) > ratioGrace && len(got)/maxRatio > len(body) {
			t.Errorf("%d bytes of %d", len(got), len(body))
		}
	})
}
