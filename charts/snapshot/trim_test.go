package snapshot

import (
	"bytes"
	"encoding/json"
	"testing"

	"agora/charts"
)

func TestTrimmedOptions(t *testing.T) {
	for _, c := range []struct{ name, option, want string }{
		{"points on their categories are their values",
			`{"xAxis":[{"type":"category","data":["a","b","c"]}],"yAxis":{"type":"value"},"series":[{"type":"bar","data":[{"name":"a","value":1,"filter":{"brand":"x"}},{"name":"b","value":"-","tip":"no"},{"name":"c","value":null}]}]}`,
			`{"xAxis":[{"type":"category","data":["a","b","c"]}],"yAxis":{"type":"value"},"series":[{"type":"bar","data":[1,"-",null]}]}`},
		{"a point that looks otherwise keeps its looks",
			`{"series": [ {"data": [ {"filter" : {"a":[{"b":"]}"}]}, "name" : "a", "symbol" : "pin", "value" : 1 }, {"name":"b","value":2,"itemStyle":{"color":"red"}} ], "type": "line"} ], "xAxis": {"data":["a","b"],"type":"category"}}`,
			`{"series":[{"data":[{"name":"a","symbol":"pin","value":1},{"name":"b","value":2,"itemStyle":{"color":"red"}}],"type":"line"}],"xAxis":{"data":["a","b"],"type":"category"}}`},
		{"a point on another's category keeps its name",
			`{"xAxis":{"type":"category","data":["a","b"]},"series":[{"type":"bar","data":[{"name":"b","value":1},{"name":"b","value":2}]}]}`,
			`{"xAxis":{"type":"category","data":["a","b"]},"series":[{"type":"bar","data":[{"name":"b","value":1},2]}]}`},
		{"fewer points than categories keep their names",
			`{"xAxis":{"type":"category","data":["a","b"]},"series":[{"type":"bar","data":[{"name":"a","value":1,"filter":{}}]}]}`,
			`{"xAxis":{"type":"category","data":["a","b"]},"series":[{"type":"bar","data":[{"name":"a","value":1}]}]}`},
		{"categories down the page are no categories along it",
			`{"xAxis":{"type":"category","data":["a"]},"yAxis":{"type":"category","data":["a"]},"series":{"type":"bar","data":[{"name":"a","value":1}]}}`,
			`{"xAxis":{"type":"category","data":["a"]},"yAxis":{"type":"category","data":["a"]},"series":{"type":"bar","data":[{"name":"a","value":1}]}}`},
		{"other series keep names, and values of several numbers",
			`{"tooltip":{"show":true},"notes":["n"],"series":[{"type":"scatter","tooltip":{},"data":[{"name":"a","value":[1,2],"tip":"t"},[3,4],"x",5]},7,null]}`,
			`{"series":[{"type":"scatter","data":[{"name":"a","value":[1,2]},[3,4],"x",5]},7,null]}`},
		{"quotes and brackets in texts are texts",
			`{"series":[{"type":"bar","data":[{"filter":"\\\"}","name":"}\\","value":1}]}],"title":{"text":"\"notes\":[\\\\"}}`,
			`{"series":[{"type":"bar","data":[{"name":"}\\","value":1}]}],"title":{"text":"\"notes\":[\\\\"}}`},
		{"nothing stays nothing", `{ }`, `{}`},
		{"empty lists stay empty", `{"series":[ ],"xAxis":[],"media":[{"option":{"series":[{"data":[]}]}}]}`, `{"series":[],"xAxis":[],"media":[{"option":{"series":[{"data":[]}]}}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := inspect(charts.Option(c.option)); err != nil {
				t.Fatal(err)
			}
			var got, want bytes.Buffer
			if err := json.Compact(&got, trimmed(charts.Option(c.option))); err != nil {
				t.Fatalf("%v: %s", err, trimmed(charts.Option(c.option)))
			}
			if err := json.Compact(&want, []byte(c.want)); err != nil {
				t.Fatal(err)
			}
			if got.String() != want.String() {
				t.Errorf("got  %s\nwant %s", got.Bytes(), want.Bytes())
			}
		})
	}
}

// FuzzTrimmed trims whatever passes inspection, and looks whether it is JSON
// still, and is as it is when it is trimmed again.
func FuzzTrimmed(f *testing.F) {
	f.Add([]byte(`{"xAxis":[{"type":"category","data":["a"]}],"series":[{"type":"bar","data":[{"name":"a","value":1,"filter":{"brand":"x"}}]}]}`))
	f.Add([]byte("{\"series\" :\t[ {\"data\":{} } , true,-1e3 ], \"tooltip\":\"\\\\\\\"\"\n}"))
	f.Fuzz(func(t *testing.T, o []byte) {
		if _, err := inspect(o); err != nil {
			return
		}
		once := trimmed(o)
		if !json.Valid(once) {
			t.Fatalf("%q became %q", o, once)
		}
		if again := trimmed(once); !bytes.Equal(once, again) {
			t.Fatalf("%q became %q, and that %q", o, once, again)
		}
	})
}
