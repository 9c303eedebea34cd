// Package samples reads labelled texts: sets of tab-separated lines that the
// operator points at, and the sentences in ../corpus, written by hand for
// this project.
package samples

import (
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"agora/ingest/sentiment/model"
)

// Read reads a set with the columns id, lang, text, target, start, end, label
// and split; start and end count code points and may be empty. Sets whose
// name ends in _dev, and whose split is dev or test, are for judging.
func Read(file string) ([]model.Sample, error) {
	lines, err := read(file)
	if err != nil {
		return nil, err
	}
	set := strings.TrimSuffix(filepath.Base(file), ".tsv")
	out := make([]model.Sample, 0, len(lines))
	for i, line := range lines {
		if i == 0 {
			continue // the head
		}
		c := strings.Split(line, "\t")
		if len(c) < 8 {
			return nil, fmt.Errorf("%s, line %d: %d columns, not 8", file, i+1, len(c))
		}
		class, err := class(c[6])
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", file, i+1, err)
		}
		s := model.Sample{
			Set: set, Lang: c[1], Text: c[2], Target: c[3], Class: class, Weight: 1,
			Dev: c[7] != "train", Group: Key(c[2]),
		}
		s.At = model.Find(s.Text, s.Target)
		if len(s.At) == 0 && c[4] != "" {
			s.At = spanOf(s.Text, c[4], c[5])
		}
		out = append(out, s)
	}
	return out, nil
}

func spanOf(text, from, to string) []model.Target {
	a, errA := strconv.Atoi(from)
	b, errB := strconv.Atoi(to)
	if errA != nil || errB != nil || a >= b {
		return nil
	}
	t := model.Target{Start: -1, End: len(text)}
	n := 0
	for i := range text {
		if n == a {
			t.Start = i
		}
		if n == b {
			t.End = i
		}
		n++
	}
	if t.Start < 0 {
		return nil
	}
	return []model.Target{t}
}

func class(s string) (int, error) {
	switch s {
	case "-1":
		return model.Negative, nil
	case "0":
		return model.Neutral, nil
	case "1":
		return model.Positive, nil
	}
	return 0, fmt.Errorf("the label %q is none of -1, 0, 1", s)
}

func read(file string) ([]string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read samples: %w", err)
	}
	return strings.Split(strings.TrimRight(string(b), "\n"), "\n"), nil
}

// Key is a text without what differs between copies of it.
func Key(text string) string {
	var b strings.Builder
	for _, w := range strings.Fields(strings.ToLower(text)) {
		if w[0] == '@' || strings.HasPrefix(w, "http") {
			continue
		}
		for _, r := range w {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// Corpus reads the sentences that were written for this project. About one
// block of eight lines in seven is for judging; mirrored sentences stand next
// to each other, and so stay on one side.
func Corpus(folder string) ([]model.Sample, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.tsv"))
	if err != nil {
		return nil, fmt.Errorf("list the corpus: %w", err)
	}
	slices.Sort(files)
	var out []model.Sample
	for _, file := range files {
		lines, err := read(file)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(file), ".tsv")
		for i, line := range lines {
			if line == "" || line[0] == '#' {
				continue
			}
			list, err := sentence(name, line)
			if err != nil {
				return nil, fmt.Errorf("%s, line %d: %w", file, i+1, err)
			}
			h := fnv.New32a()
			fmt.Fprintf(h, "%s %d", name, i/8)
			dev := h.Sum32()%7 == 0
			for k := range list {
				list[k].Dev = dev
				list[k].Group = fmt.Sprintf("%s:%d", name, i)
			}
			out = append(out, list...)
		}
	}
	return out, nil
}

// sentence reads a line of the corpus: phenomenon and text with {{Name|label}},
// or label, kind and text with {{Name}}. A file whose name ends in -plain may
// have lines that name nobody, and are about nobody.
func sentence(name, line string) ([]model.Sample, error) {
	c := strings.Split(line, "\t")
	lang, _, _ := strings.Cut(name, "-")
	text, marks, err := unmark(c[len(c)-1])
	if err != nil {
		return nil, err
	}
	if len(marks) == 0 {
		if !strings.HasSuffix(name, "-plain") {
			return nil, fmt.Errorf("no brand is marked")
		}
		k, err := class(c[0])
		return []model.Sample{{Set: name, Lang: lang, Text: text, Class: k, Weight: 1, Kind: c[len(c)-2]}}, err
	}
	var out []model.Sample
	for _, m := range marks {
		s := model.Sample{Set: name, Lang: lang, Text: text, Target: m.name, Weight: 1, Kind: c[0]}
		label := m.label
		if label == "" {
			label = c[0]
			s.Kind = c[1]
		}
		if s.Class, err = class(label); err != nil {
			return nil, err
		}
		if s.At = model.Find(text, m.name); len(s.At) == 0 {
			s.At = []model.Target{m.at}
		}
		out = append(out, s)
	}
	return out, nil
}

type mark struct {
	name, label string
	at          model.Target
}

func unmark(s string) (string, []mark, error) {
	var b strings.Builder
	var marks []mark
	for {
		i := strings.Index(s, "{{")
		if i < 0 {
			b.WriteString(s)
			return b.String(), marks, nil
		}
		j := strings.Index(s[i:], "}}")
		if j < 0 {
			return "", nil, fmt.Errorf("{{ without }}")
		}
		b.WriteString(s[:i])
		name, label, _ := strings.Cut(s[i+2:i+j], "|")
		marks = append(marks, mark{name, label, model.Target{Start: b.Len(), End: b.Len() + len(name)}})
		b.WriteString(name)
		s = s[i+j+2:]
	}
}

// Examples reads small hand-written sets, brandpairs, hardcases and
// multilingual, from a folder: columns by name, targets by name alone.
func Examples(folder string) ([]model.Sample, error) {
	var out []model.Sample
	for _, set := range []string{"brandpairs", "hardcases", "multilingual"} {
		file := filepath.Join(folder, set+".tsv")
		lines, err := read(file)
		if err != nil {
			return nil, err
		}
		column := map[string]int{}
		for i, name := range strings.Split(lines[0], "\t") {
			column[name] = i
		}
		for n, line := range lines[1:] {
			c := strings.Split(line, "\t")
			get := func(name string) string {
				if i, ok := column[name]; ok && i < len(c) {
					return c[i]
				}
				return ""
			}
			k, err := class(get("label"))
			if err != nil {
				return nil, fmt.Errorf("%s, line %d: %w", file, n+2, err)
			}
			s := model.Sample{
				Set: set, Lang: "en", Text: get("text"), Target: get("target"), Class: k, Dev: true,
				Group: set + Key(get("text")), Kind: get("phenomenon"),
			}
			if lang := get("lang"); lang != "" {
				s.Lang = lang
			}
			out = append(out, s)
		}
	}
	return out, nil
}
