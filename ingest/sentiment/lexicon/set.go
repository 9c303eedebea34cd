package lexicon

import (
	"embed"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed *.txt
var files embed.FS

// Set is a lexicon for each of some languages. It is safe for concurrent use.
type Set struct {
	lists map[string]func() *Lexicon
}

// BuiltIn are the lists of this package. Each is read when it is first asked
// for, so that a program that meets two languages doesn't wait for seventeen.
func BuiltIn() *Set {
	names, err := fs.Glob(files, "*.txt")
	if err != nil {
		panic(err) // the pattern is sound
	}
	parts := map[string][]string{}
	for _, name := range names {
		lang, _, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".txt"), "-")
		parts[lang] = append(parts[lang], name)
	}
	s := &Set{lists: make(map[string]func() *Lexicon, len(parts))}
	for lang, names := range parts {
		s.lists[lang] = sync.OnceValue(func() *Lexicon {
			l, err := readFiles(lang, names)
			if err != nil {
				panic(err) // a test reads every list
			}
			return l
		})
	}
	return s
}

// SetOf is a set of one list.
func SetOf(l *Lexicon) *Set {
	return &Set{lists: map[string]func() *Lexicon{l.Language: func() *Lexicon { return l }}}
}

func readFiles(lang string, names []string) (*Lexicon, error) {
	l := empty(lang)
	for _, name := range names {
		f, err := files.Open(name)
		if err != nil {
			return nil, err
		}
		err = l.read(name, f)
		f.Close() //nolint:errcheck // it is memory
		if err != nil {
			return nil, err
		}
	}
	return l, nil
}

// Has tells whether there is a list for a language.
func (s *Set) Has(lang string) bool { return s.lists[lang] != nil }

// Of gives the list of a language; nil, which knows no word, if there is none.
func (s *Set) Of(lang string) *Lexicon {
	if list := s.lists[lang]; list != nil {
		return list()
	}
	return nil
}

// Languages lists the languages, sorted.
func (s *Set) Languages() []string { return slices.Sorted(maps.Keys(s.lists)) }
