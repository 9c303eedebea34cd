package mqtt

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestTemplatesAreReadStrictly(t *testing.T) {
	for text, wrong := range map[string]string{
		"nokia": "", "{topic}": "", "{topic.3}": "", "a-{topic.1}-{payload.x}": "", "{payload}": "", "{payload.a.b[0].c-d}": "",
		"": "empty", "{": "without a }", "{topic.0}": "number from 1", "{topics}": "is no field", "{payload.}": "no path", "{payload.a[x]}": "no path", "{payload.a b}": "no path",
	} {
		_, err := ParseTemplate(text)
		if wrong == "" && err != nil || wrong != "" && (err == nil || !strings.Contains(err.Error(), wrong)) {
			t.Errorf("%q: %v, want %q", text, err, wrong)
		}
	}
}

func TestFiltersMatchAsTheStandardSays(t *testing.T) {
	for _, c := range []struct {
		filter, topic string
		want          bool
	}{
		{"a/+/c", "a/b/c", true}, {"a/+/c", "a/b/d", false}, {"a/#", "a", true}, {"a/#", "a/b/c", true}, {"#", "a/b", true},
		{"+", "a", true}, {"+", "a/b", false}, {"+/+", "/a", true}, {"#", "$SYS/x", false}, {"$SYS/#", "$SYS/x", true}, {"a/b", "a/b/c", false}, {"a/b/c", "a/b", false},
	} {
		if got := matches(c.filter, c.topic); got != c.want {
			t.Errorf("%s matches %s: %v", c.filter, c.topic, got)
		}
	}
	for _, bad := range []string{"", "a/#/b", "a#", "a/b+", "$share/x/a", "a\x00"} {
		if CheckFilter(bad) == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestARouteIsOfActivityOrOfMentions(t *testing.T) {
	title, _ := ParseTemplate("{payload.t}")
	if err := (Route{Filter: "a", Fields: map[string]Template{"title": title, "kind": title}}).Check(); err == nil || !strings.HasPrefix(err.Error(), "kind: ") {
		t.Errorf("a mention with a kind: %v", err)
	}
	if err := (Route{Filter: "a", Fields: map[string]Template{"author": title}}).Check(); err == nil {
		t.Error("activity with an author was taken")
	}
}

func FuzzItemsAreObjectsOrRefused(f *testing.F) {
	f.Add("a/b", []byte(`{"id":1,"x":{"y":[1,2]},"count":"5"}`), "{payload.x.y[1]}")
	f.Add("", []byte(`[[],{},null,"x",1e400]`), "{topic.2}-{payload}")
	f.Fuzz(func(t *testing.T, topic string, payload []byte, text string) {
		template, err := ParseTemplate(text)
		if err != nil {
			return
		}
		for _, field := range []string{"count", "text"} {
			items, err := Route{Filter: "#", Fields: map[string]Template{field: template}}.items(topic, payload, "spare")
			if err != nil {
				continue
			}
			for _, item := range items {
				var o map[string]any
				if json.Unmarshal(item, &o) != nil || o["id"] == nil {
					t.Errorf("an item is %s", item)
				}
			}
		}
	})
}
