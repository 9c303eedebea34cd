package snapshot

import (
	"encoding/json"
	"math"
	"testing"
)

func TestOnlyTheWorldAsAMapNeedsTheWorld(t *testing.T) {
	for o, want := range map[string]bool{
		`{"geo":{"map":"world"}}`:                        true,
		`{"series":[{"type":"map", "map" :  "world" }]}`: true,
		`{"series":[{"name":"world","map":"moon"}]}`:     false,
		`{"a":"\"map\":\"world\""}`:                      false,
		`{}`:                                             false,
	} {
		got, err := inspect([]byte(o))
		if err != nil || got.world != want {
			t.Errorf("%s: world %v, %v", o, got.world, err)
		}
	}
}

func FuzzInspect(f *testing.F) {
	for _, o := range []string{`{"a":[1,-2.5e3,true,false,null,"\"\\u005f"],"b":{"c":{}}}`, `[1]`, `{"\u005f_proto__":1}`, ` { "a" : 1e999 } `, `{"a":"\\"}`} {
		f.Add([]byte(o))
	}
	f.Fuzz(func(t *testing.T, o []byte) {
		if _, err := inspect(o); err != nil {
			return
		}
		var v map[string]any
		if err := json.Unmarshal(o, &v); err != nil {
			t.Fatalf("it passed, and is no object: %v", err)
		}
		if why := wrong(v, 1); why != "" {
			t.Errorf("it passed with %s", why)
		}
	})
}

func wrong(v any, depth int) string {
	switch v := v.(type) {
	case float64:
		if math.Abs(v) > maxNumber {
			return "a number that is too large"
		}
		return ""
	case map[string]any:
		for k, item := range v {
			if k == "__proto__" {
				return "a prototype"
			}
			if why := wrong(item, depth+1); why != "" {
				return why
			}
		}
	case []any:
		for _, item := range v {
			if why := wrong(item, depth+1); why != "" {
				return why
			}
		}
	}
	if depth > maxDepth {
		return "too many levels"
	}
	return ""
}
