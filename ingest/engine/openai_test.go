package engine

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"agora/mood"
)

func TestWordsOfAChatBecomeReasonsWithTheirPlace(t *testing.T) {
	content := `{"results":[{"i":0,"label":"negative","score":-0.9,"confidence":0.8,"words":["LOST","badly broken","lost"]}]}`
	h := engineAt(t, OpenAI, serve(t, "/v1/chat/completions", says(200, chat(content, "stop"))))
	readings, err := h.Score(t.Context(), []mood.Ask{{Title: "Nokia lostness: it lost", Text: "Älä: 5G is badly broken", Target: "Nokia"}})
	if err != nil {
		t.Fatal(err)
	}
	want := mood.Reading{
		Label: mood.Negative, Lean: mood.Negative, Score: -0.9, Confidence: 0.8,
		Reasons: []mood.Reason{
			{Text: "lost", Field: "title", Start: 19, End: 23, Weight: -0.45},
			{Text: "badly broken", Field: "text", Start: 11, End: 23, Weight: -0.45},
		},
	}
	if !reflect.DeepEqual(readings[0], want) {
		t.Errorf("got  %+v\nwant %+v", readings[0], want)
	}
}

func TestAChatThatCannotTellLeansAsItsScoreDoes(t *testing.T) {
	for score, lean := range map[string]mood.Label{"-0.2": mood.Negative, "0": mood.Neutral, "0.2": mood.Positive} {
		content := `{"results":[{"i":0,"label":"unclear","score":` + score + `,"confidence":0.3,"words":[]}]}`
		readings, err := engineAt(t, OpenAI, serve(t, "/v1/chat/completions", says(200, chat(content, "stop")))).Score(t.Context(), texts("a"))
		if err != nil || readings[0].Label != mood.Unclear || readings[0].Lean != lean {
			t.Errorf("%s: %+v, %v", score, readings, err)
		}
	}
}

func TestAChatIsAskedOnceMoreAndNotTwice(t *testing.T) {
	asked := 0
	good := asOpenAI(t)
	h := engineAt(t, OpenAI, serve(t, "/v1/chat/completions", func(w http.ResponseWriter, body []byte) {
		if asked++; asked == 1 {
			fmt.Fprint(w, chat("Here is your JSON:", "stop"))
			return
		}
		good(w, body)
	}))
	if readings, err := h.Score(t.Context(), texts("good")); err != nil || labelsOf(readings) != "positive" || asked != 2 {
		t.Errorf("asked %d times: %v, %v", asked, readings, err)
	}
	asked = 0
	h = engineAt(t, OpenAI, serve(t, "/v1/chat/completions", func(w http.ResponseWriter, _ []byte) {
		asked++
		fmt.Fprint(w, chat("{}", "stop"))
	}))
	if _, err := h.Score(t.Context(), texts("good")); err == nil || asked != 2 {
		t.Errorf("asked %d times: %v", asked, err)
	}
	asked = 0
	h = engineAt(t, OpenAI, serve(t, "/v1/chat/completions", func(w http.ResponseWriter, _ []byte) {
		asked++
		w.WriteHeader(500)
	}))
	if _, err := h.Score(t.Context(), texts("good")); err == nil || asked != 1 {
		t.Errorf("after an error it was asked %d times: %v", asked, err)
	}
}

func TestAChatThatDoesNotKeepToTheSchemaIsNoReading(t *testing.T) {
	one := `{"i":0,"label":"positive","score":0.5,"confidence":0.5,"words":["good"]}`
	two := strings.Replace(one, `"i":0`, `"i":1`, 1)
	all := func(results ...string) string { return chat(`{"results":[`+strings.Join(results, ",")+`]}`, "stop") }
	change := func(old, with string) string { return all(strings.Replace(one, old, with, 1), two) }
	answers := map[string]string{
		"no chat":          `{"object":"list","data":[]}`,
		"no choice":        `{"choices":[]}`,
		"an error":         `{"error":{"message":"oops"}}`,
		"nothing said":     `{"choices":[{"message":{"role":"assistant","content":null},"finish_reason":"stop"}]}`,
		"refused":          `{"choices":[{"message":{"role":"assistant","content":null,"refusal":"I can't."},"finish_reason":"stop"}]}`,
		"cut":              chat(`{"results":[`+one+`,`+two+`]}`, "length"),
		"in a fence":       chat("```json\n"+`{"results":[`+one+`,`+two+`]}`+"\n```", "stop"),
		"more after it":    chat(`{"results":[`+one+`,`+two+`]} {}`, "stop"),
		"one missing":      all(one),
		"one too many":     all(one, two, strings.Replace(one, `"i":0`, `"i":2`, 1)),
		"one twice":        all(one, one),
		"not counted":      change(`"i":0`, `"i":-1`),
		"no i":             change(`"i":0,`, ``),
		"a new label":      change(`"positive"`, `"great"`),
		"no label":         change(`"label":"positive",`, ``),
		"no score":         change(`"score":0.5,`, ``),
		"no confidence":    change(`"confidence":0.5,`, ``),
		"no words":         change(`,"words":["good"]`, ``),
		"score too high":   change(`0.5`, `1.5`),
		"score as text":    change(`0.5`, `"0.5"`),
		"wrong way":        change(`0.5`, `-0.5`),
		"too sure":         change(`"confidence":0.5`, `"confidence":1.5`),
		"words not there":  change(`"good"`, `"great"`),
		"too many words":   change(`"good"`, strings.Repeat(`"good",`, mostWords)+`"good"`),
		"an empty word":    change(`"good"`, `""`),
		"across the title": change(`"good"`, `"up\nit"`),
		"an unknown field": change(`"i":0`, `"i":0,"why":"so"`),
	}
	ask := []mood.Ask{{Title: "up", Text: "it is good"}, {Text: "good"}}
	for name, answer := range answers {
		readings, err := engineAt(t, OpenAI, serve(t, "/v1/chat/completions", says(200, answer))).Score(t.Context(), ask)
		var f *Failure
		if !errors.As(err, &f) {
			t.Errorf("%s: taken as %+v, %v", name, readings, err)
		}
	}
	if readings, err := engineAt(t, OpenAI, serve(t, "/v1/chat/completions", says(200, all(two, one)))).Score(t.Context(), ask); err != nil {
		t.Errorf("a good one is refused: %v, %v", readings, err)
	}
}

func FuzzAnAnswerIsReadOrRefusedButNeverPanics(f *testing.F) {
	f.Add([]byte(`[[{"label":"positive","score":0.9}],[{"label":"LABEL_0","score":0.9}]]`))
	f.Add([]byte(chat(`{"results":[{"i":0,"label":"positive","score":0.5,"confidence":0.5,"words":["good"]},{"i":1,"label":"unclear","score":0,"confidence":0,"words":[]}]}`, "stop")))
	f.Add([]byte(`{"error":["a"],"estimated_time":1e300}`))
	var batch []question
	for _, ask := range []mood.Ask{{Title: "ok", Text: "it is good", Target: "it"}, {Text: "bad"}} {
		batch = append(batch, question{cutOut(&ask, LongestExcerpt), ask.Target})
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		for _, w := range []wire{huggingFace{}, tei{}, openAI{}} {
			readings, err := w.readings(answer, batch)
			if err != nil {
				continue
			}
			if len(readings) != len(batch) {
				t.Fatalf("%T: %d readings", w, len(readings))
			}
			for _, r := range readings {
				if !(r.Score >= -1 && r.Score <= 1 && r.Confidence >= 0 && r.Confidence <= 1) || r.Lean == mood.Unclear {
					t.Errorf("%T: %+v", w, r)
				}
			}
		}
		if _, wait := complaint(answer); wait < 0 || wait > longestWait {
			t.Errorf("wait %v", wait)
		}
	})
}
