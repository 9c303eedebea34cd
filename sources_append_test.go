package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"agora/ingest/feed"
	"agora/mood"
)

func freshSources(names ...string) []mood.Source {
	var list []feed.Outline
	for i, name := range names {
		list = append(list, feed.Outline{Title: name, URL: "https://new.example/" + strings.Repeat("x", i)})
	}
	fresh, _ := chooseFeeds(list, nil)
	return fresh
}

func TestAppendedSourcesChangeNothingElse(t *testing.T) {
	const lead = "brands: [{name: Nokia}]\n"
	for name, c := range map[string]struct{ before, after string }{
		"in the middle": {
			lead + "sources:\n  - feed: https://a.example/\n\n# walls\nlisten: 127.0.0.1:0\n",
			lead + "sources:\n  - feed: https://a.example/\n  - feed: https://new.example/\n    name: New\n\n# walls\nlisten: 127.0.0.1:0\n",
		},
		"without a last line break": {
			lead + "sources:\n- feed: https://a.example/",
			lead + "sources:\n- feed: https://a.example/\n- feed: https://new.example/\n  name: New\n",
		},
		"with line breaks of Windows": {
			"brands: [{name: Nokia}]\r\nsources:\r\n  - feed: https://a.example/\r\nlisten: 127.0.0.1:0\r\n",
			"brands: [{name: Nokia}]\r\nsources:\r\n  - feed: https://a.example/\r\n  - feed: https://new.example/\r\n    name: New\r\nlisten: 127.0.0.1:0\r\n",
		},
		"a text of several lines last": {
			lead + "sources:\n  -\n    feed: https://a.example/\n    name: >-\n      # one\n      # two\n",
			lead + "sources:\n  -\n    feed: https://a.example/\n    name: >-\n      # one\n      # two\n  - feed: https://new.example/\n    name: New\n",
		},
		"a comment after the list": {
			lead + "sources:\n  - {feed: https://a.example/}\n  # - feed: https://off.example/\n",
			lead + "sources:\n  - {feed: https://a.example/}\n  - feed: https://new.example/\n    name: New\n  # - feed: https://off.example/\n",
		},
	} {
		path := filepath.Join(t.TempDir(), "agora.yaml")
		if err := os.WriteFile(path, []byte(c.before), 0o640); err != nil {
			t.Fatal(err)
		}
		if err := appendSources(path, freshSources("New")); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != c.after {
			t.Errorf("%s: %v; the file is now\n%s", name, err, got)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("%s: the file's mode is now %v (%v)", name, info.Mode(), err)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".agora-*")); len(left) > 0 {
			t.Errorf("%s: %v was left behind", name, left)
		}
	}
}

func TestAFileThatCantBeAddedToSafelyIsLeftAlone(t *testing.T) {
	const lead = "brands: [{name: Nokia}]\n"
	for name, before := range map[string]string{
		"no list":            lead,
		"nothing in it":      lead + "sources:\nlisten: 127.0.0.1:0\n",
		"on one line":        lead + "sources: [{feed: https://a.example/}]\n",
		"one line below":     lead + "sources:\n  [{feed: https://a.example/}]\n",
		"in braces":          "{brands: [{name: Nokia}],\nsources:\n  [{feed: 'https://a.example/'}]}\n",
		"an open quote":      lead + "sources:\n  - feed: https://a.example/\n    name: 'one\n\ntwo'\n",
		"an example in text": "contact: |\n  x\nbrands:\n  - name: \"Nokia\n\nsources:\n  - feed: x\"\n",
		"two such lines":     "contact: \"\nsources:\n  - x\"\n" + lead + "sources:\n  - feed: https://a.example/\n",
	} {
		path := filepath.Join(t.TempDir(), "agora.yaml")
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := appendSources(path, freshSources("New")); err == nil {
			t.Errorf("%s: it was written", name)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != before {
			t.Errorf("%s: %v; the file is now\n%s", name, err, got)
		}
	}
}

func TestALinkToAConfigurationStaysALink(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real.yaml"), filepath.Join(dir, "agora.yaml")
	if err := os.WriteFile(real, exampleFile, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	if err := appendSources(link, freshSources("New")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is no link any more (%v)", err)
	}
	if text, err := os.ReadFile(real); err != nil || len(text) <= len(exampleFile) {
		t.Errorf("the file behind the link got nothing (%v)", err)
	}
}

func TestEveryNameComesBackAsItWas(t *testing.T) {
	names := []string{
		"Plain", "A: b", "it's", `"quoted"`, "# no comment", "a #b", "- item", "true", "NULL", "~", "1_000", "0x1F", "1e3", "2020-01-01",
		"[x]", "{x: y}", "& x", "*x", "!x", "|", ">", "%x", "@x", "`x`", "?", "? x", "x:", "x: ", ",", "Żółć 日本", "a\\nb", "<<", "=", "...", "---",
		".inf", "on", "R&D", "…", "💡 idea", "null", "N/A", "a\u00a0b", "x\u200by", "C++", "Don't 'quote' me",
	}
	fresh := freshSources(names...)
	if len(fresh) != len(names) {
		t.Fatalf("%d of %d were taken", len(fresh), len(names))
	}
	cfg, problems := readConfig("agora.yaml", []byte("brands: [{name: Nokia}]\nsources:\n"+yamlOf(fresh, "  ", "\n")))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i, s := range cfg.Sources {
		if !reflect.DeepEqual(s, fresh[i]) {
			t.Errorf("%q came back as %+v, not %+v", names[i], s, fresh[i])
		}
	}
}

func TestWaysToWriteOneAddressAreOneFeed(t *testing.T) {
	have := []mood.Source{{URL: "https://example.com"}, {URL: "https://me:pw@example.com/a?b=1"}}
	for address, want := range map[string]bool{
		"http://EXAMPLE.com:80/": true, "https://example.com/#x": true, "feed:https://example.com/": true,
		"https://me:pw@example.com/a?b=1": true, "https://example.com/a?b=1": false, "https://example.com/A": false,
	} {
		fresh, left := chooseFeeds([]feed.Outline{{URL: address}}, have)
		if known := len(left) == 1; known != want || len(fresh)+len(left) != 1 {
			t.Errorf("%s: known %v", address, known)
		}
	}
}
