// Package static holds the browser code of Agora as it was built: pages,
// scripts, styles, fonts and the world map. `make assets` builds it from the
// sources beside this file.
package static

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// Files gives the built files: index.html, wall.html, displays.html and
// login.html, and under assets/ everything that they refer to. A file under
// assets/ has a hash of its contents in its name (licenses.txt excepted), so
// it may be cached for ever; a page may not.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path
	}
	return served{files}
}

// served is dist without the engine, which is for the program alone.
type served struct{ all fs.FS }

func inEngine(name string) bool { return name == "engine" || strings.HasPrefix(name, "engine/") }

func (s served) Open(name string) (fs.File, error) {
	if inEngine(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return s.all.Open(name)
}

func (s served) ReadDir(name string) ([]fs.DirEntry, error) {
	if inEngine(name) {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	entries, err := fs.ReadDir(s.all, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return name == "." && e.Name() == "engine" }), err
}

// Build names the contents of Files: twelve hexadecimal digits that change
// when any of them does. It is empty if the build was not made by build.mjs.
func Build() string {
	name, err := fs.ReadFile(Files(), "build.txt")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(name))
}
