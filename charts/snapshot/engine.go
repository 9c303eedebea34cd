package snapshot

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"modernc.org/quickjs"

	"agora/charts/snapshot/font"
)

// The engine is QuickJS in Go (modernc.org/quickjs), not goja. Both draw the
// same bytes. Measured with this script and these charts on one core: QuickJS
// takes half of goja's time for every chart, and 30 MB where goja takes 90; its
// limits on memory and depth are real, while a goja program allocates on the
// heap of the whole process. goja is ahead only in starting (13 ms against 24
// from compiled code), which happens once in many pictures.
const (
	maxMemory = 64 << 20 // bytes an engine may hold; a map on a 4K screen needs 35 MB
	maxDraws  = 200      // pictures of one engine: whatever it leaks goes with it
)

// script is the compiled script. It is compiled when it is first needed, which
// takes ten times as long as starting an engine from it.
type script struct {
	source []byte
	fonts  *font.Set

	once sync.Once
	code []byte
	err  error
}

func newScript(source []byte, fonts *font.Set) *script {
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
		if _, err := e.vm.Call("agoraWorld", world.json); err != nil {
			return nil, fmt.Errorf("take the world map: %w", err)
		}
		e.shapes = world
	}
	r, err := e.vm.Call("agoraDraw", string(pic.Option), pic.Theme, pic.Width, pic.Height, pic.Font, pic.name())
	if err != nil {
		return nil, err
	}
	text, ok := r.(string)
	if !ok || text == "" {
		return nil, errors.New("the engine drew nothing")
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
