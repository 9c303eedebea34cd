package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A room of the house, and what it may know of the others.
type room struct {
	path    string   // of the package; "x/*" is every package below x
	imports []string // packages of the house, in the same form
	why     string
}

// rooms is the plan of the house. An arrow that isn't here isn't allowed.
var rooms = []room{
	{"mood", nil, "the nouns know nobody, so that everybody may know them"},
	{"ingest/engine", []string{"mood", "ingest/engine/*"}, "a parent may know its children"},
	{"ingest/journal", []string{"mood"}, "it keeps bytes, and knows the nouns that main puts into them; nothing of who accepts or counts them"},
	{"ingest/recount", []string{"mood", "ingest/journal"}, "it counts what a journal holds, and shares no code with the store that it is compared with"},
	{"ingest/language/model", nil, "it reads texts, and knows nothing of mentions"},
	{"ingest/language", []string{"ingest/language/model"}, "a parent may know its children; nothing of training is in the program"},
	{"ingest/language/train", []string{"ingest/language/model"}, "a command of its own, beside the program"},
	{"ingest/language/compare", []string{"ingest/language"}, "a command and a module of its own: what it is compared with stays out of the program"},
	{"ingest/*", []string{"mood"}, "siblings meet in their parent, never directly"},
	{"ingest/sentiment/lexicon", nil, "what words mean depends on nothing"},
	{"ingest/sentiment/model", []string{"ingest/sentiment/lexicon"}, "it reads texts through lexicons, and knows nothing of mentions"},
	{"ingest/sentiment/samples", []string{"ingest/sentiment/model"}, "it reads what the model learns from"},
	{"ingest/sentiment", []string{"mood", "ingest/sentiment/lexicon", "ingest/sentiment/model"}, "a parent may know its children; nothing of training is in the program"},
	{"ingest/sentiment/train", []string{"ingest/sentiment/lexicon", "ingest/sentiment/model", "ingest/sentiment/samples"}, "a command of its own, beside the program"},
	{"ingest/sentiment/evaluate", []string{"mood", "ingest/sentiment", "ingest/sentiment/model", "ingest/sentiment/samples"}, "a command of its own: it judges the engine from outside"},
	{"ingest", []string{"mood", "ingest/*"}, "a parent may know its children"},
	{"store", []string{"mood"}, "what is counted doesn't depend on who delivers or draws it"},
	{"errand", []string{"mood"}, "it does anything once for all who ask, and knows of none of it"},
	{"insight", []string{"mood"}, "it asks for tallies through its own interface"},
	{"charts", []string{"mood"}, "a chart is drawn from a board, wherever that came from"},
	{"charts/snapshot/draw", nil, "it draws any SVG, and knows of no chart"},
	{"charts/snapshot", []string{"mood", "charts", "charts/snapshot/*"}, "the one way up: a picture is drawn from a chart's option"},
	{"charts/snapshot/figure", []string{"mood", "errand", "charts", "charts/snapshot", "charts/snapshot/draw"}, "a figure is a picture with words around it"},
	{"charts/snapshot/scene", []string{"mood", "charts", "charts/snapshot", "charts/snapshot/draw"}, "a scene is charts and words in one picture; who draws those is handed in"},
	{"charts/sheet", []string{"mood", "charts"}, "a spreadsheet is a chart's table, in another format"},
	{"charts/report", []string{"mood", "charts", "charts/snapshot/draw"}, "a report is charts and sentences; whoever calls it draws the charts"},
	{"server", []string{"mood", "errand", "charts", "charts/sheet", "charts/report", "static"}, "it shows boards, and learns how they are made through interfaces"},
	{"server/mail", nil, "a mail is a mail, whatever it tells"},
	{"server/schedule", []string{"mood"}, "it knows when, and not what"},
	{"static", nil, "files"},
	{".", []string{"mood", "ingest", "ingest/*", "store", "insight", "charts", "charts/report", "charts/snapshot", "charts/snapshot/*", "server", "server/*", "static"}, "only main wires"},
}

// only lists modules that one package may know, so that a change of framework
// touches one folder.
var only = []struct{ module, owner, why string }{
	{"github.com/mmcdole/gofeed", "ingest/feed", "hostile documents are guarded against in one place"},
	{"github.com/eclipse/paho.golang", "ingest/mqtt", "how devices talk can change in one place"},
	{"github.com/coder/websocket", "ingest/social", "a WebSocket is dialled through the same guard as all else"},
	{"github.com/pemistahl/lingua-go", "ingest/language/compare", "it is measured against, and 100 MB that the program doesn't carry"},
	{"github.com/abadojack/whatlanggo", "ingest/language/compare", "it is measured against, and never asked"},
	{"github.com/yalue/onnxruntime_go", "ingest/engine", "a library in C stays behind one build tag"},
	{"github.com/redis/go-redis", "store", "keys and scripts live in one place"},
	{"github.com/alicebob/miniredis", "store", "the embedded server is the store's own business"},
	{"github.com/go-echarts/go-echarts", "charts", "a chart has one definition"},
	{"github.com/xuri/excelize", "charts/sheet", "one package knows how spreadsheets are written"},
	{"modernc.org/quickjs", "charts/snapshot", "JavaScript runs in one place, within limits"},
	{"github.com/labstack/echo", "server", "handlers are thin, and Echo can be replaced"},
	{"github.com/wneessen/go-mail", "server/mail", "what a mail server says is put into words in one place"},
	{"github.com/netresearch/go-cron", "server/schedule", "cron lines are read in one place"},
	{"codeberg.org/go-pdf/fpdf", "charts/snapshot/draw", "how a page is written can change in one place"},
	{"github.com/go-text/typesetting", "charts/snapshot/draw", "texts are shaped in one place"},
}

// stdOnly lists packages that import nothing beyond the standard library.
var stdOnly = []struct{ path, why string }{
	{"mood", "whoever reads the nouns needs nothing else"},
	{"static", "it hands out files"},
}

func TestNoArrowOfTheHouseIsMissingFromItsPlan(t *testing.T) {
	seen := map[string]bool{}
	for file, imports := range importsByFile(t) {
		path := filepath.ToSlash(filepath.Dir(file))
		seen[path] = true
		plan, ok := roomOf(path)
		if !ok {
			t.Errorf("%s: the package %s is not in the plan of the house: see rooms in house_test.go", file, path)
			continue
		}
		for _, imported := range imports {
			inside, ok := strings.CutPrefix(imported, "agora/")
			if !ok || inside == path {
				continue // its own external test may import it
			}
			if !slices.ContainsFunc(plan.imports, func(form string) bool { return covers(form, inside) }) {
				t.Errorf("%s imports %s, and %s may not: %s", file, imported, path, plan.why)
			}
		}
	}
	for _, must := range []string{".", "mood", "ingest", "ingest/feed", "store", "charts", "server"} {
		if !seen[must] {
			t.Errorf("no file of %s was read: the test looks in the wrong place", must)
		}
	}
}

func TestAModuleWithOneOwnerIsImportedByNobodyElse(t *testing.T) {
	used := map[string]bool{}
	for file, imports := range importsByFile(t) {
		path := filepath.ToSlash(filepath.Dir(file))
		for _, rule := range only {
			for _, imported := range imports {
				if imported != rule.module && !strings.HasPrefix(imported, rule.module+"/") {
					continue
				}
				used[rule.module] = true
				if path != rule.owner {
					t.Errorf("%s imports %s, which only %s may: %s", file, imported, rule.owner, rule.why)
				}
			}
		}
	}
	for _, rule := range only {
		if !used[rule.module] {
			t.Errorf("%s is imported by nobody, not even %s: drop the rule, or find out why", rule.module, rule.owner)
		}
	}
}

func TestTheNounsAndTheFilesNeedTheStandardLibraryOnly(t *testing.T) {
	for file, imports := range importsByFile(t) {
		path := filepath.ToSlash(filepath.Dir(file))
		for _, rule := range stdOnly {
			if path != rule.path || strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, imported := range imports {
				if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") || first == "agora" {
					t.Errorf("%s imports %s, and %s needs the standard library only: %s", file, imported, path, rule.why)
				}
			}
		}
	}
}

// roomOf finds a package in the plan, the exact form first.
func roomOf(path string) (room, bool) {
	for _, exact := range []bool{true, false} {
		for _, r := range rooms {
			if (r.path == path) == exact && covers(r.path, path) {
				return r, true
			}
		}
	}
	return room{}, false
}

func covers(form, path string) bool {
	if folder, ok := strings.CutSuffix(form, "/*"); ok {
		return strings.HasPrefix(path, folder+"/")
	}
	return form == path
}

// Every goroutine has an owner who waits for it: each package's TestMain looks
// for those that nobody waited for.
func TestEveryPackageLooksForGoroutinesThatOutliveItsTests(t *testing.T) {
	looks := map[string]bool{}
	for file, imports := range importsByFile(t) {
		if path := filepath.ToSlash(filepath.Dir(file)); strings.HasSuffix(file, "_test.go") {
			looks[path] = looks[path] || slices.Contains(imports, "go.uber.org/goleak")
		}
	}
	for path, ok := range looks {
		if !ok {
			t.Errorf("%s has tests, and none of them looks for leaked goroutines: give it a TestMain, as store has", path)
		}
	}
}

// importsByFile reads the imports of every Go file, whatever its build tags.
func importsByFile(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); path != "." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || name == "dist" || name == "tmp") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		found[path] = []string{}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[path] = append(found[path], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("read the imports: %v", err)
	}
	return found
}
