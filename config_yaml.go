package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// document is a YAML file that is being read, with what was found wrong so
// far. Reading goes on after a problem, so that all are reported at once.
type document struct {
	place    string
	lines    []string
	anchors  map[string]ast.Node
	problems Problems
}

// value is one value of the document. Its readers report what is wrong, and
// then give a zero value.
type value struct {
	doc  *document
	node ast.Node
	path string // such as "brands[2].query"
}

// openDocument parses a file. The value is one without a node when the file
// is empty or can't be parsed.
func openDocument(place string, text []byte) (*document, value) {
	doc := &document{place: place, lines: strings.Split(string(text), "\n"), anchors: map[string]ast.Node{}}
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		p := Problem{Place: place, Line: 1, Column: 1, Message: "this is not YAML: " + err.Error()}
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) {
			p.Message = "this is not YAML: " + syntax.Message
			if at := syntax.Token; at != nil {
				p.Line, p.Column = at.Position.Line, at.Position.Column
			}
		}
		doc.problems = append(doc.problems, p)
		return doc, value{doc: doc}
	}
	root := value{doc: doc}
	for _, d := range file.Docs {
		if d.Body == nil || d.Body.Type() == ast.CommentType {
			continue
		}
		if root.node != nil {
			value{doc: doc, node: d.Body}.wrong("a second document begins here, and only the first would be read", "keep one")
			break
		}
		root.node = d.Body
		ast.Walk(doc, d.Body)
	}
	return doc, root
}

// Visit remembers the anchors, for the aliases to be found.
func (d *document) Visit(n ast.Node) ast.Visitor {
	if a, ok := n.(*ast.AnchorNode); ok {
		d.anchors[a.Name.String()] = a.Value
	}
	return d
}

// wrong reports a problem where the value begins.
func (v value) wrong(message, hint string) {
	line, column := v.position()
	v.doc.problems = append(v.doc.problems, Problem{
		Place: v.doc.place, Line: line, Column: column, Message: message, Hint: hint,
	})
}

// position is where the value begins in the file.
func (v value) position() (line, column int) {
	switch n := v.node.(type) {
	case nil:
		return 1, 1
	case *ast.MappingNode: // its own token is the first colon
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return value{node: n.Values[0].Key}.position()
		}
	case *ast.MappingValueNode:
		return value{node: n.Key}.position()
	}
	at := v.node.GetToken().Position
	return at.Line, at.Column
}

// plain follows anchors and aliases to the value that is meant.
func (v value) plain() ast.Node {
	n := v.node
	for range 8 {
		switch at := n.(type) {
		case *ast.AnchorNode:
			n = at.Value
		case *ast.AliasNode:
			target, ok := v.doc.anchors[at.Value.String()]
			if !ok {
				v.wrong(fmt.Sprintf("nothing in the file is marked &%s", at.Value.String()), "")
				return nil
			}
			n = target
		case *ast.TagNode:
			n = at.Value
		default:
			return n
		}
	}
	v.wrong("the aliases go in a circle", "write the value itself")
	return nil
}

// empty tells whether nothing was written.
func (v value) empty() bool {
	if v.node == nil {
		return true
	}
	_, null := v.node.(*ast.NullNode)
	return null
}

// fields gives the values of a mapping by key. Other keys than the known ones
// are reported with the nearest of them; known is nil where any key goes.
func (v value) fields(known []string) map[string]value {
	if v.empty() {
		return nil
	}
	var pairs []*ast.MappingValueNode
	switch n := v.plain().(type) {
	case nil:
		return nil
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		v.wrong("expected keys with values here, such as "+example(known), "")
		return nil
	}
	fields := map[string]value{}
	for _, pair := range pairs {
		key := value{doc: v.doc, node: pair.Key, path: v.path}
		name := pair.Key.GetToken().Value
		switch _, twice := fields[name]; {
		case pair.Key.IsMergeKey():
			key.wrong("merge keys (<<) are not understood here", "write the keys themselves")
			continue
		case twice:
			key.wrong(fmt.Sprintf("the key %q is here for the second time", name), "keep one of them")
			continue
		case known != nil && !slices.Contains(known, name):
			key.wrong(fmt.Sprintf("unknown key %q%s", name, v.within()), didYouMean(name, known))
			continue
		}
		fields[name] = value{doc: v.doc, node: pair.Value, path: strings.TrimPrefix(v.path+"."+name, ".")}
	}
	return fields
}

func (v value) within() string {
	if v.path == "" {
		return ""
	}
	return " in " + v.path
}

func example(known []string) string {
	if len(known) == 0 {
		return "name: value"
	}
	return known[0] + ": …"
}

// items gives the values of a list; one value alone is a list of one.
func (v value) items() []value {
	if v.empty() {
		return nil
	}
	n := v.plain()
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		if n == nil {
			return nil
		}
		return []value{v}
	}
	items := make([]value, len(list.Values))
	for i, item := range list.Values {
		items[i] = value{doc: v.doc, node: item, path: v.path + "[" + strconv.Itoa(i) + "]"}
	}
	return items
}

// entries gives the values of what must be written as a list.
func (v value) entries() []value {
	if v.empty() {
		return nil
	}
	if _, ok := v.plain().(*ast.SequenceNode); !ok {
		v.wrong("expected a list here: lines that begin with a hyphen", "")
		return nil
	}
	return v.items()
}

// text gives a text as written; numbers and such count as their text.
func (v value) text() string {
	switch n := v.plain().(type) {
	case nil, *ast.NullNode:
		return ""
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n")
	case ast.ScalarNode:
		return n.GetToken().Value
	default:
		v.wrong("expected one value here, and this is a list or has keys", "")
		return ""
	}
}

// runePosition is where the n-th code point (counted from 1) of a text stands
// in the file. It is false where the text is folded over several lines.
func (v value) runePosition(n int) (line, column int, ok bool) {
	scalar, isScalar := v.plain().(*ast.StringNode)
	if !isScalar {
		return 0, 0, false
	}
	at := scalar.GetToken().Position
	if at.Line > len(v.doc.lines) {
		return 0, 0, false
	}
	raw := []rune(v.doc.lines[at.Line-1])
	i := at.Column - 1
	if i >= len(raw) {
		return 0, 0, false
	}
	quote := raw[i]
	if quote != '\'' && quote != '"' {
		if i+n-1 > len(raw) {
			return 0, 0, false
		}
		return at.Line, i + n, true
	}
	i++
	for range n - 1 {
		if i >= len(raw) {
			return 0, 0, false
		}
		i += written(raw[i:], quote)
	}
	if i > len(raw) {
		return 0, 0, false
	}
	return at.Line, i + 1, true
}

// written counts the code points that one code point of a quoted text takes
// in the file.
func written(raw []rune, quote rune) int {
	switch {
	case quote == '\'' && raw[0] == '\'':
		return 2
	case quote == '"' && raw[0] == '\\' && len(raw) > 1:
		switch raw[1] {
		case 'x':
			return 4
		case 'u':
			return 6
		case 'U':
			return 10
		}
		return 2
	}
	return 1
}

// found gives the problems in the order of the file, one for each spot: what
// follows from the first thing wrong at a spot helps nobody.
func (d *document) found() Problems {
	slices.SortStableFunc(d.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(d.problems, func(a, b Problem) bool {
		return a.Line == b.Line && a.Column == b.Column
	})
}
