package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"agora/ingest/feed"
	"agora/mood"
)

// leftOut is an entry of a list that becomes no source.
type leftOut struct{ title, address, why string }

// chooseFeeds makes sources of a list, without those that are there already
// or can't be used.
func chooseFeeds(list []feed.Outline, have []mood.Source) (fresh []mood.Source, left []leftOut) {
	known := map[string]string{} // → why one more is left out
	for _, s := range have {
		known[sameFeed(s.URL)] = "the configuration has it already"
	}
	for _, o := range list {
		address := feed.Address(o.URL)
		why := badURL(address)
		switch {
		case o.Type == "link" || o.Type == "include":
			why = "it is a link to a page or another list, and no feed"
		case why == "" && strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f }):
			why = "its address has spaces or control characters in it"
		case why == "":
			why = known[sameFeed(address)]
		}
		if why != "" {
			left = append(left, leftOut{o.Title, o.URL, why})
			continue
		}
		known[sameFeed(address)] = "the list has it twice"
		s := mood.Source{Kind: "feed", ID: sourceID(address), URL: address, Name: cmp.Or(oneLine(o.Title), feed.Outlet(address))}
		if tag, err := language.Parse(o.Language); err == nil && o.Language != "" {
			base, _ := tag.Base()
			s.Language = base.String()
		}
		fresh = append(fresh, s)
	}
	return fresh, left
}

// sameFeed is one text for all ways to write the address of a feed; http and
// https give the same one.
func sameFeed(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	host := strings.ToLower(u.Host)
	host = strings.TrimSuffix(strings.TrimSuffix(host, ":80"), ":443")
	login := ""
	if u.User != nil {
		login = u.User.String() + "@"
	}
	return login + host + cmp.Or(u.EscapedPath(), "/") + "?" + u.RawQuery
}

// yamlOf writes sources as items of a list.
func yamlOf(sources []mood.Source, indent, end string) string {
	var b strings.Builder
	for _, s := range sources {
		b.WriteString(indent + "- feed: " + yamlText(s.URL) + end)
		b.WriteString(indent + "  name: " + yamlText(s.Name) + end)
		if s.Language != "" {
			b.WriteString(indent + "  language: " + yamlText(s.Language) + end)
		}
	}
	return b.String()
}

var (
	plainAddress = regexp.MustCompile(`^https?://[A-Za-z0-9._~/?=&%+,@:-]*[A-Za-z0-9/=]$`)
	plainName    = regexp.MustCompile(`^\pL[\pL0-9 ./_-]*[\pL0-9.]$`)
	yamlWords    = []string{"true", "false", "yes", "no", "on", "off", "null", "nan", "inf"}
)

// yamlText writes a text of one line as a scalar, in quotes where it might
// mean something else without.
func yamlText(s string) string {
	if plainAddress.MatchString(s) || plainName.MatchString(s) && !slices.Contains(yamlWords, strings.ToLower(s)) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// appendSources adds sources to the list of a configuration file, and leaves
// every other byte of it alone. The file is replaced at once, and only by one
// that reads as the old one with these sources added.
func appendSources(path string, fresh []mood.Source) error {
	if path == "" {
		return errors.New("there is no agora.yaml yet, only the built-in example: copy agora.example.yaml to agora.yaml first")
	}
	path, err := filepath.EvalSymlinks(path) // the link stays a link
	if err != nil {
		return err
	}
	before, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	after, err := withSources(before, fresh)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := onlyAdds(path, before, after, fresh); err != nil {
		return err
	}
	return replaceFile(path, before, after)
}

var (
	sourcesLine = regexp.MustCompile(`^sources:[ \t]*(#.*)?$`)
	itemLine    = regexp.MustCompile(`^( *)-( |$)`)
)

// withSources inserts sources below the last line of the list.
func withSources(text []byte, fresh []mood.Source) ([]byte, error) {
	lines := strings.SplitAfter(string(text), "\n")
	bare := func(i int) string { return strings.TrimRight(lines[i], "\r\n") }
	key := -1
	for i := range lines {
		if sourcesLine.MatchString(bare(i)) {
			if key >= 0 {
				return nil, errors.New("two lines in it look like the beginning of its sources")
			}
			key = i
		}
	}
	if key < 0 {
		return nil, errors.New("it has no list of sources, with lines of its own for each, under sources: at the left edge")
	}
	last, indent := -1, ""
	for i := key + 1; i < len(lines); i++ {
		line := bare(i)
		content := strings.TrimLeft(line, " \t")
		at := len(line) - len(strings.TrimLeft(line, " "))
		if content == "" || content[0] == '#' {
			if content != "" && last >= 0 && last == i-1 && at > len(indent) {
				last = i // a word on the item above
			}
			continue
		}
		item := itemLine.FindStringSubmatch(line)
		if last < 0 {
			if item == nil {
				break
			}
			indent = item[1]
		}
		if at < len(indent) || at == len(indent) && item == nil {
			break
		}
		last = i
	}
	if last < 0 {
		return nil, errors.New("its list under sources: is empty or written on one line")
	}
	end := "\n"
	if strings.HasSuffix(lines[key], "\r\n") {
		end = "\r\n"
	}
	head := strings.Join(lines[:last+1], "")
	if !strings.HasSuffix(head, "\n") {
		head += end
	}
	return []byte(head + yamlOf(fresh, indent, end) + strings.Join(lines[last+1:], "")), nil
}

// onlyAdds checks that a new text means what the old one does, and has these
// sources in addition, at its end.
func onlyAdds(path string, before, after []byte, fresh []mood.Source) error {
	was, problems := readConfig(path, before)
	if len(problems) > 0 {
		return problems[0]
	}
	is, problems := readConfig(path, after)
	if len(problems) > 0 {
		return fmt.Errorf("with the new sources the file can't be read (%w)", problems[0])
	}
	sources := slices.Concat(was.Sources, fresh)
	sameZone := was.Location.String() == is.Location.String()
	sameSources := reflect.DeepEqual(sources, is.Sources)
	was.Sources, was.Location, is.Sources, is.Location = nil, nil, nil, nil
	if !sameZone || !sameSources || !reflect.DeepEqual(was, is) {
		return fmt.Errorf("%s is laid out in a way in which the new sources would change the meaning of the rest", path)
	}
	return nil
}

// replaceFile puts a new text in the place of an old one, unless that was
// changed meanwhile.
func replaceFile(path string, before, after []byte) error {
	return replace(path, after, func() error {
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, before) {
			return errors.Join(fmt.Errorf("%s was changed by somebody else meanwhile", path), err)
		}
		return nil
	})
}
