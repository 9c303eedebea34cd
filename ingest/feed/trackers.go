package feed

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed trackers.txt
var trackerList string

// trackers answers whether a query parameter is a tracker in a time that
// doesn't depend on how many rules there are. See trackers.txt for the rules.
type trackers struct {
	everywhere ruleSet
	somewhere  ruleSet             // what is taken off on any host: most parameters aren't
	hosts      map[string]*ruleSet // by host
	labels     map[string]*ruleSet // by the label ahead of .*
}

// ruleSet are the rules of everywhere or of one host, by name in lower case.
type ruleSet struct {
	names    map[string]bool
	values   map[string][]string // name → how the value begins; {hex}: what it is made of
	prefixes map[string]bool
	lengths  []int     // that prefixes have
	first    [256]bool // what names and prefixes begin with
}

// knownTrackers is the kept list, read once.
var knownTrackers = sync.OnceValue(func() *trackers {
	t, err := readTrackers(trackerList)
	if err != nil {
		panic(err) // it is part of the program, and a test reads it
	}
	return t
})

func readTrackers(list string) (*trackers, error) {
	t := &trackers{hosts: map[string]*ruleSet{}, labels: map[string]*ruleSet{}}
	n := 0
	for line := range strings.Lines(list) {
		n++
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		set, rule := &t.everywhere, ""
		switch len(fields) {
		case 0:
			continue
		case 1:
			rule = fields[0]
		case 2:
			host, hosts := strings.ToLower(fields[0]), t.hosts
			if label, any := strings.CutSuffix(host, ".*"); any {
				host, hosts = label, t.labels
			}
			if set = hosts[host]; set == nil {
				set = &ruleSet{}
				hosts[host] = set
			}
			rule = fields[1]
		default:
			return nil, fmt.Errorf("trackers.txt:%d: a rule, or a host and a rule, is expected", n)
		}
		if err := set.add(rule); err != nil {
			return nil, fmt.Errorf("trackers.txt:%d: %w", n, err)
		}
		if set != &t.everywhere {
			_ = t.somewhere.add(rule) // it was right just now
		}
	}
	return t, nil
}

func (s *ruleSet) add(rule string) error {
	name, value, bound := strings.Cut(rule, "=")
	name = strings.ToLower(name)
	prefix, open := strings.CutSuffix(name, "*")
	if prefix == "" || strings.Contains(prefix, "*") || bound && (open || value == "" || value == "*") {
		return fmt.Errorf("%q is no rule", rule)
	}
	s.first[prefix[0]] = true
	switch {
	case bound:
		if s.values == nil {
			s.values = map[string][]string{}
		}
		s.values[name] = append(s.values[name], value)
	case open:
		if s.prefixes == nil {
			s.prefixes = map[string]bool{}
		}
		s.prefixes[prefix] = true
		for _, n := range s.lengths {
			if n == len(prefix) {
				return nil
			}
		}
		s.lengths = append(s.lengths, len(prefix))
	default:
		if s.names == nil {
			s.names = map[string]bool{}
		}
		s.names[name] = true
	}
	return nil
}

// has says whether a rule takes the parameter off. name is in lower case.
func (s *ruleSet) has(name, value string) bool {
	if name == "" || !s.first[name[0]] {
		return false
	}
	if s.names[name] {
		return true
	}
	for _, n := range s.lengths {
		if n <= len(name) && s.prefixes[name[:n]] {
			return true
		}
	}
	if s.values == nil {
		return false
	}
	for _, want := range s.values[name] {
		begins, open := strings.CutSuffix(want, "*")
		switch {
		case want == "{hex}" && len(value) >= 16 && strings.Trim(value, "0123456789abcdefABCDEF") == "",
			open && strings.HasPrefix(value, begins), value == want:
			return true
		}
	}
	return false
}

// takes says whether a parameter is a tracker on a host in lower case.
func (t *trackers) takes(param, host string) bool {
	name, value, _ := strings.Cut(param, "=")
	name = strings.ToLower(name)
	if t.everywhere.has(name, value) {
		return true
	}
	if !t.somewhere.has(name, value) {
		return false
	}
	for rest, more := host, true; more; {
		if s := t.hosts[rest]; s != nil && s.has(name, value) {
			return true
		}
		var label string
		label, rest, more = strings.Cut(rest, ".")
		if s := t.labels[label]; s != nil && more && s.has(name, value) {
			return true
		}
	}
	return false
}

// without gives a query, in the order that it has, without what is a tracker
// on the host and without empty parts.
func (t *trackers) without(query, host string) string {
	var room [256]byte
	kept := room[:0]
	first, last := 0, 0 // as long as what is kept is one stretch, it is this
	for at, rest, more := 0, query, true; more; {
		var param string
		param, rest, more = strings.Cut(rest, "&")
		begin := at
		at += len(param) + 1
		if param == "" || t.takes(param, host) {
			continue
		}
		if len(kept) > 0 {
			kept = append(kept, '&')
		} else {
			first = begin
		}
		kept = append(kept, param...)
		last = begin + len(param)
	}
	if len(kept) == last-first {
		return query[first:last]
	}
	return string(kept)
}
