package snapshot

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"agora/charts"
	"agora/mood"
)

func nan() float64 { return math.NaN() }

// refused wants an error that blames the picture.
func refused(t *testing.T, err error) {
	t.Helper()
	if err == nil || !errors.Is(err, mood.ErrInvalid) {
		t.Errorf("got %v, want a refusal", err)
	}
}

// bars is a bar chart of some points.
func bars(points string) charts.Option {
	return charts.Option(`{"xAxis":{"type":"category"},"yAxis":{"type":"value"},"series":[{"id":"a","type":"bar","data":[` + points + `]}]}`)
}

func TestAHostileOptionEndsInAnErrorAndTheNextPictureIsFine(t *testing.T) {
	p := newPainter(t)
	good := small(golden(t, "one", "mood"))
	want, err := p.SVG(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]charts.Option{
		"none":                   nil,
		"no JSON":                charts.Option(`{"series":[`),
		"no object":              charts.Option(`[1]`),
		"a number":               charts.Option(`7`),
		"huge":                   bars(strings.Repeat("1,", maxOption/2) + "1"),
		"deep":                   charts.Option(strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)),
		"deep lists":             charts.Option(`{"a":` + strings.Repeat(`[`, 5000) + strings.Repeat("]", 5000) + `}`),
		"beyond numbers":         bars("1e308"),
		"beyond all numbers":     bars("-1e999"),
		"__proto__":              charts.Option(`{"series":[],"__proto__":{"a":1}}`),
		"__proto__ in disguise":  charts.Option(`{"series":[],"\u005f_proto__":{"a":1}}`),
		"unknown role":           charts.Option(`{"series":[],"color":["role:mauve"]}`),
		"inherited role":         charts.Option(`{"series":[],"color":["role:__proto__x"]}`),
		"unknown formatter":      charts.Option(`{"series":[],"xAxis":{"type":"category","axisLabel":{"formatter":"fmt:roman"}}}`),
		"a picture of elsewhere": charts.Option(`{"xAxis":{"type":"category"},"yAxis":{},"series":[{"type":"scatter","data":[1],"symbol":"image://https://example.com/x.png"}]}`),
		"an image element":       charts.Option(`{"series":[],"graphic":[{"type":"image","style":{"image":"https://example.com/x.png","width":9,"height":9}}]}`),
		"a colour of elsewhere":  charts.Option(`{"series":[],"graphic":[{"type":"rect","shape":{"width":9,"height":9},"style":{"fill":"url(https://example.com/#a)"}}]}`),
	} {
		t.Run(name, func(t *testing.T) {
			svg, err := p.SVG(t.Context(), small(o))
			refused(t, err)
			if svg != nil {
				t.Errorf("it was drawn: %.300s", svg)
			}
			got, err := p.SVG(t.Context(), good)
			if err != nil || string(got) != string(want) {
				t.Errorf("the next picture is not what it was: %v", err)
			}
		})
	}
}

// What is strange and can be drawn is drawn, and harms no other.
func TestAStrangeOptionLeavesNothingBehind(t *testing.T) {
	p := newPainter(t)
	good := small(golden(t, "one", "share"))
	want, err := p.SVG(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	var many []string
	for i := range 3_000 {
		many = append(many, fmt.Sprintf(`{"name":"c%d","value":%d}`, i, i%7))
	}
	for name, o := range map[string]charts.Option{
		"prototype names": charts.Option(`{"legend":{"data":["constructor","toString","hasOwnProperty"],"selected":{"constructor":true,"prototype":true}},"xAxis":{"type":"category","data":["constructor","valueOf"]},"yAxis":{},"series":[{"id":"constructor","name":"toString","type":"bar","constructor":{"prototype":{"polluted":1}},"data":[{"name":"constructor","value":1}]}]}`),
		"many categories": bars(strings.Join(many, ",")),
		"no numbers":      bars(`"NaN","Infinity","-","",{"value":"1e999"},{"value":[]},{"value":{}}`),
		"markup":          charts.Option(`{"series":[],"graphic":[{"type":"rect","shape":{"width":9,"height":9},"style":{"fill":"\"><script>alert(1)</script>"}}]}`),
		"a loop of names": charts.Option(`{"series":[{"id":"a","type":"treemap","data":[{"name":"a","value":1,"children":[{"name":"a","value":1,"children":[{"name":"a","value":1}]}]}]}]}`),
		"wrong kinds":     charts.Option(`{"series":{"type":"bar","data":{"a":1}},"xAxis":"x","yAxis":[null,1,"a"],"legend":[[]]}`),
	} {
		t.Run(name, func(t *testing.T) {
			svg, err := p.SVG(t.Context(), small(o))
			if err != nil {
				refused(t, err)
			} else if strings.Contains(string(svg), "<script") || strings.Contains(string(svg), "NaN\"") {
				t.Errorf("it was drawn as %.400s", svg)
			}
			got, err := p.SVG(t.Context(), good)
			if err != nil || string(got) != string(want) {
				t.Errorf("the next picture is not what it was: %v", err)
			}
		})
	}
}

// tamed gives a painter whose engine runs another script.
func tamed(t *testing.T, script string) *Painter {
	t.Helper()
	c := parts(t)
	c.Script = []byte(script)
	p, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func TestADrawingThatNeverEndsIsStopped(t *testing.T) {
	for name, p := range map[string]*Painter{
		"a script":  tamed(t, `function agoraDraw(){ for(;;); }`),
		"an option": newPainter(t),
	} {
		p.limit = 300 * time.Millisecond
		o := charts.Option(`{"series":[{"type":"gauge","splitNumber":9999999999,"data":[{"value":1}]}]}`)
		svg, err := p.SVG(t.Context(), small(o))
		if !errors.Is(err, errSlow) || !errors.Is(err, mood.ErrUnavailable) { // a machine may be too busy for any option
			t.Errorf("%s: %v", name, err)
		}
		if svg != nil || p.engines.running() != 0 {
			t.Errorf("%s: %d engines are left, and %.100q", name, p.engines.running(), svg)
		}
	}
}

func TestAPainterThatClosesWaitsForNoEndlessDrawing(t *testing.T) {
	p := tamed(t, `function agoraDraw(){ for(;;); }`)
	answer := make(chan error)
	go func() {
		_, err := p.SVG(context.Background(), small([]byte(`{}`)))
		answer <- err
	}()
	p.Close()
	if err := <-answer; !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}

func TestAScriptThatTakesAllMemoryOrAllDepthFails(t *testing.T) {
	for name, script := range map[string]string{
		"memory":   `function agoraDraw(){ var a=[]; for(;;) a.push(new Array(1000).fill(a.length)); }`,
		"text":     `function agoraDraw(){ var a='x'; for(;;) a+=a; }`,
		"depth":    `function agoraDraw(){ return agoraDraw()+1; }`,
		"callback": `function agoraDraw(){ return [1].map(agoraDraw)+''; }`,
		"getter":   `function agoraDraw(){ var o={get a(){return JSON.stringify(o)}}; return o.a; }`,
		"replace":  `function agoraDraw(){ return 'x'.replace(/x/, agoraDraw); }`,
		"nothing":  `function agoraDraw(){ }`,
		"throw":    `function agoraDraw(){ throw null; }`,
	} {
		t.Run(name, func(t *testing.T) {
			p := tamed(t, script)
			for range 2 {
				_, err := p.SVG(t.Context(), small([]byte(`{}`)))
				refused(t, err)
			}
			if p.engines.running() != 0 {
				t.Error("an engine that failed is kept")
			}
		})
	}
}

func TestManyAtOnceShareTwoEngines(t *testing.T) {
	p := tamed(t, `function agoraDraw(o){ return o; }`)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			o := charts.Option(fmt.Sprintf(`{"a":%d}`, i))
			if i%8 == 0 {
				o = charts.Option(`{}x`) // refused
			}
			svg, err := p.SVG(t.Context(), small(o))
			if i%8 == 0 {
				refused(t, err)
			} else if err != nil || string(svg) != string(o) {
				t.Errorf("%s was drawn as %s, %v", o, svg, err)
			}
		})
	}
	wg.Wait()
	if n := p.engines.running(); n < 1 || n > maxEngines {
		t.Errorf("%d engines are alive, %d may be", n, maxEngines)
	}
}

func TestNothingOfAPainterOutlivesItsClose(t *testing.T) {
	p := tamed(t, `function agoraDraw(){ return 'x'; }`)
	if _, err := p.SVG(t.Context(), small([]byte(`{}`))); err != nil {
		t.Fatal(err)
	}
	p.Close()
	if _, err := p.SVG(t.Context(), small([]byte(`{}`))); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
	if p.engines.running() != 0 {
		t.Errorf("%d engines outlived their painter", p.engines.running())
	}
	p.Close()
}

func TestWhatOthersLeftInMemoryDoesNotSpoilTheNextPicture(t *testing.T) {
	p := tamed(t, `var kept=[]; function agoraDraw(){ for(var i=0;i<40;i++) kept.push(new Array(20000).fill(kept.length)); return 'x'; }`)
	for i := range 12 { // each leaves 13 MB behind
		if svg, err := p.SVG(t.Context(), small([]byte(`{}`))); err != nil || string(svg) != "x" {
			t.Fatalf("drawing %d: %q, %v", i, svg, err)
		}
	}
}

func TestAnEngineIsReplacedAfterManyPictures(t *testing.T) {
	p := tamed(t, `var n=0; function agoraDraw(){ return 'picture '+(++n); }`)
	for i := range maxDraws + 2 {
		svg, err := p.SVG(t.Context(), small([]byte(`{}`)))
		if want := fmt.Sprint("picture ", i%maxDraws+1); err != nil || string(svg) != want {
			t.Fatalf("drawing %d gave %q, %v; want %s", i, svg, err, want)
		}
	}
}

func TestAnEngineThatNobodyNeedsGoesAfterMinutesAndComesBack(t *testing.T) {
	c := parts(t)
	synctest.Test(t, func(t *testing.T) {
		c.Script = []byte(`function agoraDraw(){ return 'x'; }`)
		p, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		draw := func() {
			if _, err := p.SVG(t.Context(), small([]byte(`{}`))); err != nil {
				t.Fatal(err)
			}
		}
		if p.engines.running() != 0 {
			t.Error("an engine was started before anybody asked")
		}
		draw()
		time.Sleep(idleTime - time.Second)
		draw()
		time.Sleep(idleTime - time.Second)
		synctest.Wait()
		if p.engines.running() != 1 {
			t.Errorf("%d engines while somebody needs one", p.engines.running())
		}
		time.Sleep(2 * idleTime)
		synctest.Wait()
		if p.engines.running() != 0 {
			t.Errorf("%d engines while nobody needs one", p.engines.running())
		}
		draw()
	})
}
