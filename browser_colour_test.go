package main

import (
	"bytes"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"agora/charts"
	"agora/charts/snapshot/figure"
	"agora/static"
)

// Page and server draw in the colours of charts/theme.json: where one of them
// is changed there, both show the new one and neither the old.
func TestAColourIsChangedInOnePlaceForPageAndPicture(t *testing.T) {
	const before, after = "#1F84C8", "#12C46F"
	chromium(t) // before anything is built for it
	theme := charts.Theme()
	if n := bytes.Count(theme[:bytes.Index(theme, []byte(`"dark"`))], []byte(before)); n == 0 {
		t.Fatalf("nothing is %s in charts/theme.json", before)
	}
	folder := t.TempDir()
	must(t, os.Mkdir(filepath.Join(folder, "charts"), 0o755))
	must(t, os.WriteFile(filepath.Join(folder, "charts", "theme.json"), bytes.ReplaceAll(theme, []byte(before), []byte(after)), 0o644))
	sources := filepath.Join(folder, "static")
	for _, part := range []string{"src", "gen", "build"} {
		must(t, os.CopyFS(filepath.Join(sources, part), os.DirFS(filepath.Join("static", part))))
	}
	modules, err := filepath.Abs("static/node_modules")
	must(t, err)
	must(t, os.Symlink(modules, filepath.Join(sources, "node_modules")))
	script := exec.CommandContext(t.Context(), "node", "--input-type=module", "-e", `
		import { writeFileSync } from 'node:fs';
		import { pathToFileURL } from 'node:url';
		const at = (path) => new URL(path, pathToFileURL(process.cwd() + '/'));
		const { readTheme } = await import(at('build/theme.mjs'));
		writeFileSync(at('gen/theme.json'), JSON.stringify(readTheme(at('../charts/theme.json'))));`)
	script.Dir = sources
	out, err := script.CombinedOutput()
	if err != nil {
		t.Fatalf("make the pages' table of colours: %v: %s", err, out)
	}

	bundle(t, filepath.Join(sources, "src", "engine.js"), folder, "--format=iife", "--target=es2018")
	engine, err := os.ReadFile(filepath.Join(folder, "engine.js"))
	must(t, err)
	world, err := static.World()
	must(t, err)
	figures, err := figure.New(figure.Config{Script: engine, World: world, Fonts: newFigures(t).Fonts()})
	must(t, err)
	t.Cleanup(figures.Close)
	f := charts.Figure{Option: latin(chartOption(t, "three", "sources")), Format: "svg", Theme: "light", Width: 600, Height: 400, Bare: true}
	svg, err := figures.Draw(t.Context(), f)
	must(t, err)
	if got := strings.ToUpper(string(svg)); !strings.Contains(got, after) || strings.Contains(got, before) {
		t.Errorf("the picture has %s %d times and %s %d times", after, strings.Count(got, after), before, strings.Count(got, before))
	}
	shot := decoded(t, openStudioOf(t, sources).shoot(f.Option, pose{Theme: "light", Width: 600, Height: 400, Font: 12, Zoom: 1, Scale: 1}))
	if n, old := inColour(shot, 0x12, 0xC4, 0x6F), inColour(shot, 0x1F, 0x84, 0xC8); n < 500 || old > 0 {
		t.Errorf("%d pixels of the page have %s and %d have %s", n, after, old, before)
	}
}

// inColour counts the pixels of a colour.
func inColour(img image.Image, r, g, b uint8) (n int) {
	p := plain(img)
	for i := 0; i < len(p.Pix); i += 4 {
		if p.Pix[i] == r && p.Pix[i+1] == g && p.Pix[i+2] == b {
			n++
		}
	}
	return n
}
