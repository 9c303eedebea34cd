package snapshot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"modernc.org/quickjs"

	"agora/charts"
)

// The engine is QuickJS in Go (modernc.org/quickjs 0.27), not goja. Both draw
// the same bytes. Measured with this script and all charts at 1200×600: QuickJS
// takes 50 to 70 % of goja's time (timeline 150 ms against 260, map 860 against
// 1840 before it was thinned), and 55 MB where goja grew to 170. Its limits on
// memory and depth are real, while what goja allocates is on the heap of the
// whole process. goja starts faster (13 ms against 24 from compiled code), which
// is once in many pictures.
const (
	maxMemory = 64 << 20 // bytes an engine may hold; the map of a 4K screen, four times enlarged, passes with 44
	maxDraws  = 200      // pictures of one engine: whatever it leaks goes with it
	maxWaste  = 12 << 20 // bytes an engine holds before it looks for what nobody needs, which takes a twentieth of its time otherwise
)

// errMemory is why a drawing ends that needs too much memory.
var errMemory = errors.New("it takes too much memory to draw")

// script is the compiled script. It is compiled when it is first needed, which
// takes ten times as long as starting an engine from it.
type script struct {
	source []byte
	fonts  Fonts

	once sync.Once
	code []byte
	err  error
}

func newScript(source []byte, fonts Fonts) *script {
	return &script{source: source, fonts: fonts}
}

func (s *script) compiled() ([]byte, error) {
	s.once.Do(func() {
		vm, err := quickjs.NewVM()
		if err != nil {
			s.err = err
			return
		}
		s.code, s.err = vm.Compile(string(s.source), quickjs.EvalGlobal)
		s.err = errors.Join(s.err, vm.Close())
	})
	return s.code, s.err
}

// engine is one JavaScript engine with the script in it. One goroutine may use
// it at a time.
type engine struct {
	vm     *quickjs.VM
	shapes *shapes // the world that it has
	draws  int
	broken bool // it must not be used again
}

// start gives a new engine.
func (s *script) start() (_ *engine, err error) {
	code, err := s.compiled()
	if err != nil {
		return nil, fmt.Errorf("compile the script that draws charts: %w", err)
	}
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, fmt.Errorf("start an engine that draws charts: %w", err)
	}
	vm.SetMemoryLimit(maxMemory)
	err = vm.RegisterHostFunc("agoraAdvance", func(args []any) (any, error) {
		if len(args) != 3 {
			return nil, errors.New("agoraAdvance takes a text, a size and a weight")
		}
		text, _ := args[0].(string)
		return s.fonts.Advance(text, number(args[1]), int(number(args[2]))), nil
	})
	if err == nil {
		_, err = vm.EvalBytecode(code)
	}
	if err != nil {
		return nil, fmt.Errorf("start an engine that draws charts: %w", errors.Join(err, vm.Close()))
	}
	return &engine{vm: vm}, nil
}

// number reads a JavaScript number.
func number(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case int:
		return float64(v)
	case int32:
		return float64(v)
	case int64:
		return float64(v)
	}
	return 0
}

// draw draws a picture, and stops when ctx ends.
func (e *engine) draw(ctx context.Context, pic Picture, world *shapes) (svg []byte, err error) {
	e.draws++
	stop := context.AfterFunc(ctx, e.vm.Interrupt)
	defer func() {
		if r := recover(); r != nil { // the engine's own failure, such as memory that it could not get
			err = fmt.Errorf("the engine broke: %v", r)
		}
		if !stop() || err != nil {
			e.broken = true // an interruption may be on its way still
		}
	}()
	if world != nil && e.shapes != world {
		if _, err := e.vm.Call("agoraWorld", world.frames); err != nil {
			return nil, fmt.Errorf("take the world map: %w", err)
		}
		e.shapes = world
	}
	e.vm.SetGCThreshold(maxWaste) // each search sets it to half as much again as was left
	spelling := ""
	if words, ok := charts.WordsIn(pic.Lang); ok {
		spelling = words.Spelling()
	}
	r, err := e.vm.Call("agoraDraw", string(trimmed(pic.Option)), pic.Theme, pic.Width, pic.Height, pic.Font, pic.name(), spelling)
	if err != nil {
		if m := err.Error(); m == "null" || strings.Contains(m, "out of memory") { // null: not even the error had room
			return nil, errMemory
		}
		return nil, err
	}
	text, ok := r.(string)
	if !ok || text == "" {
		return nil, errors.New("the engine drew nothing")
	}
	if world != nil {
		return world.fill(text)
	}
	return []byte(text), nil
}

// close lets go of the engine's memory.
func (e *engine) close() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the engine broke: %v", r)
		}
	}()
	return e.vm.Close()
}
