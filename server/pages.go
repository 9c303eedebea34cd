package server

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/labstack/echo/v4"
)

// asset is a file as it is served.
type asset struct {
	kind string // of content
	tag  string
	hash bool // its name changes with its content: browsers may keep it
	body []byte
	gz   []byte // nil: no compressed twin
	br   []byte
}

// pages are the files of the browser's side, by exact path: nothing else can
// be asked for, whatever dots and slashes an address has.
type pages struct {
	files     map[string]*asset
	templates map[string]*template.Template // those that are filled in, by name
}

// readPages reads every file once: they are embedded, so they are in memory
// anyway. A name with .gz or .br behind another one is its compressed twin.
func readPages(files fs.FS) (*pages, error) {
	p := &pages{files: make(map[string]*asset)}
	twins := make(map[string][]byte)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		switch path.Ext(name) {
		case ".gz", ".br":
			twins[name] = body
		default:
			p.files[name] = &asset{
				kind: kindOf(name), body: body, hash: hashedName(name),
				tag: fmt.Sprintf(`W/"%016x"`, xxhash.Sum64(body)),
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for name, a := range p.files {
		a.gz, a.br = twins[name+".gz"], twins[name+".br"]
	}
	return p, p.readTemplates()
}

// hashedName tells whether a name ends in a hash of what it holds, such as
// assets/main-75UIE3R5.js.
func hashedName(name string) bool {
	stem := strings.TrimSuffix(path.Base(name), path.Ext(name))
	_, hash, ok := strings.Cut(stem[max(0, strings.LastIndexAny(stem, "-.")):], "-")
	return strings.HasPrefix(name, "assets/") && ok && len(hash) >= 8 && strings.Trim(hash, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdef") == ""
}

// kindOf doesn't ask the operating system: what it knows differs.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".geojson":
		return "application/geo+json"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		return "application/octet-stream"
	}
}

// page serves one page by its file's name.
func (s *Server) page(name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		a := s.pages.files[name]
		if a == nil {
			return noPages()
		}
		return serveAsset(c, a)
	}
}

func noPages() error {
	return newProblem(http.StatusServiceUnavailable, "This Agora was built without its pages: run make build, which makes them, and start it again. The API works.")
}

// file serves whatever else lies beside the pages.
func (s *Server) file(c echo.Context) error {
	name := strings.TrimPrefix(c.Request().URL.Path, "/")
	a := s.pages.files[name]
	if a == nil || strings.HasSuffix(name, ".html") || strings.HasPrefix(name, "api/") {
		return echo.ErrNotFound
	}
	return serveAsset(c, a)
}

func serveAsset(c echo.Context, a *asset) error {
	h := c.Response().Header()
	h.Set("Content-Type", a.kind)
	h.Set("ETag", a.tag)
	h.Set("Cache-Control", "no-cache")
	if a.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Vary", "Accept-Encoding")
	if hasTag(c.Request(), a.tag) {
		return c.NoContent(http.StatusNotModified)
	}
	body := a.body
	switch r := c.Request(); {
	case a.br != nil && accepts(r, "br"):
		h.Set("Content-Encoding", "br")
		body = a.br
	case a.gz != nil && accepts(r, "gzip"):
		h.Set("Content-Encoding", "gzip")
		body = a.gz
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.Response().WriteHeader(http.StatusOK)
	return write(c, body)
}
