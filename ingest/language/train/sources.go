package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A source is a folder of texts that say their language by their file's name.
type source struct {
	glob string // within the folder of packages
	name *regexp.Regexp
	read func(b []byte) []string
}

var (
	inScript = regexp.MustCompile(`(?:'((?:[^'\\\n]|\\.){6,})'|"((?:[^"\\\n]|\\.){6,})"|` + "`((?:[^`\\\\]|\\\\.){6,})`)")
	inHTML   = regexp.MustCompile(`(?s)<p>(.*?)</p>`)
	markup   = regexp.MustCompile(`<[^>]*>|%\([a-zA-Z_]+\)[sd]|%?\{+[^{}]*\}+|\$\{[^}]*\}|%[sd]|&[a-zA-Z]+;|\\u[0-9a-fA-F]{4}|\\[nrt"']|https?://\S+|\$t\([^)]*\)`)
)

// The texts, which are all of npm: a package's name, and what in it.
var sources = []source{
	{"matrix-react-sdk/src/i18n/strings/*.json", regexp.MustCompile(`^([a-zA-Z_]+)\.json$`), jsonValues},
	{"cldr-annotations-full/annotations/*/annotations.json", regexp.MustCompile(`^([a-zA-Z-]+)$`), annotations},
	{"@uppy/locales/lib/*.js", regexp.MustCompile(`^([a-z]{2}_[a-zA-Z_]+)\.js$`), scriptStrings},
	{"keycloakify/login/i18n/messages_defaultSet/*.js", regexp.MustCompile(`^([a-zA-Z-]+)\.js$`), scriptStrings},
	{"keycloakify/account/i18n/messages_defaultSet/*.js", regexp.MustCompile(`^([a-zA-Z-]+)\.js$`), scriptStrings},
	{"jquery-validation/dist/localization/*.js", regexp.MustCompile(`^messages_([a-zA-Z_]+)\.js$`), scriptStrings},
	{"@codingame/*/translations/*/*.json", regexp.MustCompile(`^monaco-vscode-language-pack-([a-z-]+)$`), jsonValues},
	{"@codingame/*/translations/*.js", regexp.MustCompile(`^monaco-vscode-language-pack-([a-z-]+)$`), scriptStrings},
}

// aliases are the names that files have for languages whose tag is another.
var aliases = map[string]string{
	"nb": "no", "nn": "no", "fil": "tl", "iw": "he", "in": "id", "ge": "ka", "tj": "tg", "ua": "uk", "cz": "cs", "dk": "da",
	"br": "br", "ku": "", "kab": "", "vls": "", "jbo": "", "oc": "", "tzm": "", "yue": "", "und": "", "root": "", "ctx": "", "validate": "", "index": "",
	"swedish": "sv", "simplified": "zh", "traditional": "zh", "qps": "",
}

func tagOf(name string) string {
	tag, _, _ := strings.Cut(strings.ReplaceAll(name, "_", "-"), "-")
	if tag == "" {
		return ""
	}
	tag = strings.ToLower(tag)
	if other, ok := aliases[tag]; ok {
		return other
	}
	return tag
}

// texts reads all sources under a node_modules folder, by language.
func texts(folder string) (map[string][]string, error) {
	found := map[string][]string{}
	add := func(lang string, list []string) {
		if lang != "" {
			found[lang] = append(found[lang], list...)
		}
	}
	for _, s := range sources {
		paths, err := filepath.Glob(filepath.Join(folder, s.glob))
		if err != nil {
			return nil, fmt.Errorf("look for %s: %w", s.glob, err)
		}
		if len(paths) == 0 {
			return nil, fmt.Errorf("nothing of %s is in %s: install the packages that README.md names", s.glob, folder)
		}
		for _, path := range paths {
			m := s.name.FindStringSubmatch(filepath.Base(path))
			for dir := filepath.Dir(path); m == nil && len(dir) > len(folder); dir = filepath.Dir(dir) {
				m = s.name.FindStringSubmatch(filepath.Base(dir))
			}
			if m == nil {
				continue
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("read a catalogue: %w", err)
			}
			add(tagOf(m[1]), cleaned(s.read(b)))
		}
	}
	if err := declarations(filepath.Join(folder, "udhr"), add); err != nil {
		return nil, err
	}
	return found, nil
}

func cleaned(list []string) []string {
	kept := list[:0]
	for _, s := range list {
		s = strings.Join(strings.Fields(html.UnescapeString(markup.ReplaceAllString(s, " "))), " ")
		if len(s) > 2 {
			kept = append(kept, s)
		}
	}
	return kept
}

func jsonValues(b []byte) []string {
	var v any
	if json.Unmarshal(b, &v) != nil {
		return nil
	}
	return leaves(nil, v)
}

func leaves(list []string, v any) []string {
	switch v := v.(type) {
	case string:
		list = append(list, v)
	case map[string]any:
		for _, k := range sortedKeys(v) {
			list = leaves(list, v[k])
		}
	case []any:
		for _, e := range v {
			list = leaves(list, e)
		}
	}
	return list
}

// annotations are the words for each emoji: a name, and other words for it.
func annotations(b []byte) []string {
	var doc struct {
		Annotations struct {
			Annotations map[string]struct{ Default, TTS []string }
		}
	}
	if json.Unmarshal(b, &doc) != nil {
		return nil
	}
	var list []string
	for _, k := range sortedKeys(doc.Annotations.Annotations) {
		a := doc.Annotations.Annotations[k]
		list = append(list, strings.Join(a.Default, " "), strings.Join(a.TTS, " "))
	}
	return list
}

func scriptStrings(b []byte) []string {
	var list []string
	for _, m := range inScript.FindAllStringSubmatch(string(b), -1) {
		list = append(list, strings.ReplaceAll(m[1]+m[2]+m[3], `\`, ""))
	}
	return list
}

var declared = regexp.MustCompile(`code: '([^']+)'[^}]*?bcp47: '([^']+)'|bcp47: '([^']+)'[^}]*?code: '([^']+)'`)

// declarations reads the Universal Declaration of Human Rights.
func declarations(folder string, add func(lang string, list []string)) error {
	index, err := os.ReadFile(filepath.Join(folder, "index.js"))
	if err != nil {
		return fmt.Errorf("read the index of declarations: %w", err)
	}
	for entry := range strings.SplitSeq(string(index), "}") {
		m := declared.FindStringSubmatch(entry + "}")
		if m == nil {
			continue
		}
		code, tag := m[1]+m[4], m[2]+m[3]
		if strings.Contains(tag, "-x-") || strings.Contains(tag, "-1") {
			continue // other spellings
		}
		b, err := os.ReadFile(filepath.Join(folder, "declaration", code+".html"))
		if err != nil {
			continue
		}
		var list []string
		for _, p := range inHTML.FindAllStringSubmatch(string(b), -1) {
			list = append(list, p[1])
		}
		add(tagOf(tag), cleaned(list))
	}
	return nil
}

// wordLists reads the words that hold languages together.
func wordLists(folder string) (map[string][]string, error) {
	var lists map[string][]string
	b, err := os.ReadFile(filepath.Join(folder, "stopwords-iso", "stopwords-iso.json"))
	if err != nil {
		return nil, fmt.Errorf("read the stop words: %w", err)
	}
	if err := json.Unmarshal(b, &lists); err != nil {
		return nil, fmt.Errorf("read the stop words: %w", err)
	}
	found := map[string][]string{}
	for tag, list := range lists {
		for _, w := range list {
			if !strings.ContainsAny(w, " '’") {
				found[tag] = append(found[tag], w)
			}
		}
	}
	return found, nil
}

// labelled reads texts with a language: tab-separated, with columns lang and
// text, and the names of targets beside them.
func labelled(folder string, add func(lang, text, target, file string)) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*_train.tsv"))
	if err != nil {
		return fmt.Errorf("look for training texts: %w", err)
	}
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("read training texts: %w", err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			f := strings.Split(lines.Text(), "\t")
			if len(f) > 3 && f[1] != "lang" {
				add(f[1], strings.ReplaceAll(f[2], `\u2019`, "’"), f[3], filepath.Base(path))
			}
		}
		file.Close()
		if err := lines.Err(); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
	return nil
}

var braces = regexp.MustCompile(`\{\{([^|}]*)(?:\|[^}]*)?\}\}`)

// corpus reads the sentences that were written for Agora.
func corpus(fsys fs.FS, add func(lang, text string)) error {
	paths, err := fs.Glob(fsys, "*.tsv")
	if err != nil {
		return fmt.Errorf("look for the corpus: %w", err)
	}
	for _, path := range paths {
		b, err := fs.ReadFile(fsys, path)
		if err != nil {
			return fmt.Errorf("read the corpus: %w", err)
		}
		for line := range strings.Lines(string(b)) {
			f := strings.Split(strings.TrimSpace(line), "\t")
			if len(f) >= 3 {
				add(path[:2], braces.ReplaceAllString(f[2], "$1"))
			}
		}
	}
	return nil
}
