package charts

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"agora/mood"
)

// deltaCase is a line of testdata/delta.json, which the browser code's tests
// read as well.
type deltaCase struct {
	Name   string `json:"name"`
	Before Option `json:"before"`
	After  Option `json:"after"`
	Delta  Delta  `json:"delta"`
}

func mustCanonical(t *testing.T, s string) Option {
	t.Helper()
	o, err := canonical([]byte(s))
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return o
}

func TestDeltasOfTheGoldenPairs(t *testing.T) {
	pair := func(name, before, after string) deltaCase {
		c := deltaCase{Name: name, Before: mustCanonical(t, before), After: mustCanonical(t, after)}
		var err error
		if c.Delta, err = Diff(c.Before, c.After); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return c
	}
	cases := []deltaCase{
		pair("nothing changed", `{"series":[{"id":"a","data":[{"name":"x","value":1}]}],"grid":{"top":1}}`, `{"grid":{"top":1},"series":[{"data":[{"value":1,"name":"x"}],"id":"a"}]}`),
		pair("a point changed", `{"series":[{"id":"a","data":[{"name":"x","value":1},{"name":"y","value":2}]}]}`, `{"series":[{"id":"a","data":[{"name":"x","value":1},{"name":"y","value":3}]}]}`),
		pair("the window slid", `{"xAxis":{"data":["1","2"]},"series":[{"id":"a","data":[{"name":"1","value":1},{"name":"2","value":2},{"name":"3","value":0}]}]}`, `{"xAxis":{"data":["2","3"]},"series":[{"id":"a","data":[{"name":"2","value":2},{"name":"3","value":0},{"name":"4","value":7}]}]}`),
		pair("ranks swapped", `{"series":[{"id":"a","data":[{"name":"x","value":1},{"name":"y","value":2},{"name":"z","value":3}]}]}`, `{"series":[{"id":"a","data":[{"name":"z","value":3},{"name":"x","value":1},{"name":"y","value":2}]}]}`),
		pair("a point came in the middle", `{"series":[{"id":"a","data":[{"name":"x","value":1},{"name":"z","value":3}]}]}`, `{"series":[{"id":"a","data":[{"name":"x","value":1},{"name":"y","value":2},{"name":"z","value":3}]}]}`),
		pair("all points went", `{"series":[{"id":"a","data":[{"name":"x","value":1},{"name":"z","value":3}]}]}`, `{"series":[{"id":"a","data":[]}]}`),
		pair("first points came", `{"series":[{"id":"a","data":[]}]}`, `{"series":[{"id":"a","data":[{"name":"x","value":1},{"name":"z","value":3}]}]}`),
		pair("a field of a point went", `{"series":[{"id":"a","data":[{"name":"x","value":1,"filter":{"brand":"n"}},{"name":"y","value":1}]}]}`, `{"series":[{"id":"a","data":[{"name":"x","value":0},{"name":"y","value":1}]}]}`),
		pair("a series came ahead of the others", `{"series":[{"id":"b","data":[]}]}`, `{"series":[{"id":"a","type":"line","data":[{"name":"x","value":1}]},{"id":"b","data":[]}]}`),
		pair("a series went and another came", `{"series":[{"id":"a","data":[]},{"id":"b","data":[]}]}`, `{"series":[{"id":"b","data":[]},{"id":"c","data":[]}]}`),
		pair("series changed places", `{"series":[{"id":"a","data":[]},{"id":"b","data":[]}]}`, `{"series":[{"id":"b","data":[]},{"id":"a","data":[]}]}`),
		pair("fields of a series changed and went", `{"series":[{"id":"a","data":[{"name":"x"}],"markArea":{"data":[1]},"name":"A"}]}`, `{"series":[{"id":"a","data":[{"name":"x"}],"markLine":{"data":[2]},"name":"B"}]}`),
		pair("a series lost its data", `{"series":[{"id":"a","data":[{"name":"x"}]}]}`, `{"series":[{"id":"a"}]}`),
		pair("parts came, changed and went", `{"legend":{"show":true},"title":{"text":"1"},"series":[]}`, `{"title":{"text":"2"},"grid":[{"top":0}],"series":[]}`),
		pair("the series went as a part", `{"series":[{"id":"a"}],"grid":1}`, `{"grid":1}`),
		pair("the series came as a part", `{"grid":1}`, `{"grid":1,"series":[{"id":"a"}]}`),
		pair("series without ids", `{"series":[{"type":"bar","data":[{"name":"x","value":1}]}]}`, `{"series":[{"type":"bar","data":[{"name":"x","value":2}]}]}`),
		pair("two series of one id", `{"series":[{"id":"a","data":[1]},{"id":"a","data":[2]}]}`, `{"series":[{"id":"a","data":[1]},{"id":"a","data":[3]}]}`),
		pair("ids became unique", `{"series":[{"id":"a"},{"id":"a","data":[2]}]}`, `{"series":[{"id":"a"},{"id":"b","data":[2]}]}`),
		pair("points without names", `{"series":[{"id":"a","data":[1,2,3]}]}`, `{"series":[{"id":"a","data":[1,2,4]}]}`),
		pair("two points of one name", `{"series":[{"id":"a","data":[{"name":"x","value":1},{"name":"x","value":2}]}]}`, `{"series":[{"id":"a","data":[{"name":"x","value":1},{"name":"x","value":3}]}]}`),
		pair("names that differ by case alone", `{"series":[{"id":"a","data":[{"name":"x","Name":"y","value":1},{"name":"X","value":2}]}]}`, `{"series":[{"id":"a","data":[{"name":"x","Name":"z","value":1},{"name":"X","value":2}]}]}`),
		pair("names that an object has already", `{"series":[{"id":"__proto__","data":[{"name":"__proto__","value":1},{"name":"constructor","value":1}]},{"id":"toString","data":[]}]}`, `{"series":[{"id":"__proto__","data":[{"name":"constructor","value":1},{"name":"__proto__","value":2},{"name":"hasOwnProperty","value":3}]},{"id":"toString","__proto__":{"x":1},"data":[]}],"__proto__":{"polluted":true},"constructor":1}`),
		pair("numbers for names would be sorted by an object", `{"series":[{"id":"2","data":[{"name":"10","value":1},{"name":"9","value":2}]},{"id":"1","data":[]}]}`, `{"series":[{"id":"2","data":[{"name":"10","value":1},{"name":"9","value":2},{"name":"1","value":3}]},{"id":"1","data":[{"name":"0","value":0}]}]}`),
		pair("empty names", `{"series":[{"id":"","data":[{"name":"","value":1},{"name":" ","value":1}]}]}`, `{"series":[{"id":"","data":[{"name":"","value":2},{"name":" ","value":1}]}]}`),
		pair("hostile and foreign text", `{"series":[{"id":"a","data":[{"name":"</script>","value":1},{"name":"مرحبا","value":1},{"name":"\u2028","value":1}]}]}`, `{"series":[{"id":"a","data":[{"name":"</script>","value":2},{"name":"مرحبا","value":1},{"name":"\u2028","value":3},{"name":"👩‍👧","value":4},{"name":"\u0000","value":5}]}]}`),
		pair("nulls and deep values", `{"visualMap":[{"pieces":[{"lt":1}]}],"series":[{"id":"a","data":[{"name":"x","value":null,"d":{"e":[1,{"f":null}]}},{"name":"y"}],"z":null}]}`, `{"visualMap":[{"pieces":[{"lt":2}]}],"series":[{"id":"a","data":[{"name":"x","value":null,"d":{"e":[1,{"f":0}]}},{"name":"y"}],"z":false}]}`),
		pair("everything came", `{}`, `{"grid":1,"series":[{"id":"a","data":[{"name":"x"}]}]}`),
		pair("everything went", `{"grid":1,"series":[{"id":"a","data":[{"name":"x"}]}]}`, `{}`),
	}
	for _, id := range []string{"mood", "timeline", "map", "sources"} {
		before, after := tick(t, id)
		d, err := Diff(before, after)
		if err != nil {
			t.Fatal(err)
		}
		if id == "sources" || id == "mood" {
			cases = append(cases, deltaCase{"one mention more: " + id, before, after, d})
		}
	}
	var lines []string
	for _, c := range cases {
		checkLaws(t, c.Name, c.Before, c.After)
		line, err := encode(c)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	golden(t, "delta.json", []byte("[\n"+strings.Join(lines, ",\n")+"\n]\n"))
}

// checkLaws tests what every delta must do.
func checkLaws(t interface {
	Helper()
	Fatalf(string, ...any)
}, name string, a, b Option) {
	t.Helper()
	d, err := Diff(a, b)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if same := slices.Equal(a, b); d.Empty() != same {
		t.Fatalf("%s: the delta is empty: %v, the options are equal: %v", name, d.Empty(), same)
	}
	if direct, err := Apply(a, d); err != nil || !slices.Equal(direct, b) {
		t.Fatalf("%s: it gives %s, %v, not %s", name, direct, err, b)
	}
	// As the stream carries it.
	wire, err := json.Marshal(d)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var back Delta
	if err := json.Unmarshal(wire, &back); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	once, err := Apply(a, back)
	if err != nil {
		t.Fatalf("%s: apply: %v", name, err)
	}
	if got, _ := canonical(once); !slices.Equal(got, b) {
		t.Fatalf("%s:\nfrom  %s\nto    %s\ndelta %s\ngives %s", name, a, b, wire, got)
	}
	twice, err := Apply(once, back)
	if err != nil {
		t.Fatalf("%s: apply again: %v", name, err)
	}
	if !slices.Equal(once, twice) {
		t.Fatalf("%s: applied twice it gives\n%s\nnot\n%s", name, twice, once)
	}
}

func TestApplyingADeltaGivesTheNewOption(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkLaws(t, "random", randomOption(t, "a"), randomOption(t, "b"))
	})
}

func TestAChainOfDeltasEndsWhereASnapshotWould(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		screen := randomOption(t, "0")
		server := screen
		for i := range n {
			next := randomOption(t, fmt.Sprint(i+1))
			d, err := Diff(server, next)
			if err != nil {
				t.Fatalf("%v", err)
			}
			if screen, err = Apply(screen, d); err != nil {
				t.Fatalf("%v", err)
			}
			server = next
		}
		if got, _ := canonical(screen); !slices.Equal(got, server) {
			t.Fatalf("the screen shows %s, a snapshot would %s", got, server)
		}
	})
}

// randomOption draws options from few words, so that they often share ids and
// names, and are often awkward.
func randomOption(t *rapid.T, label string) Option {
	word := rapid.SampledFrom([]string{"a", "b", "c", "id", "name", "data", "__proto__", "", "é", "1"})
	value := rapid.OneOf(
		rapid.Just[any](nil), rapid.Map(rapid.IntRange(-2, 2), func(i int) any { return float64(i) }),
		rapid.Map(word, func(s string) any { return s }), rapid.Just[any]([]any{1.0, nil}), rapid.Just[any](tree{"x": tree{}}),
	)
	item := rapid.Custom(func(t *rapid.T) any {
		if rapid.IntRange(0, 19).Draw(t, "odd") == 0 {
			return value.Draw(t, "item")
		}
		p := tree{"name": word.Draw(t, "name")}
		if rapid.Bool().Draw(t, "valued") {
			p["value"] = value.Draw(t, "value")
		}
		return p
	})
	distinct := func(key string, list []any) []any {
		if rapid.IntRange(0, 9).Draw(t, "twins") == 0 {
			return list
		}
		seen := map[any]bool{}
		return slices.DeleteFunc(list, func(v any) bool {
			m, ok := v.(tree)
			if !ok {
				return false
			}
			if seen[m[key]] {
				return true
			}
			seen[m[key]] = true
			return false
		})
	}
	one := rapid.Custom(func(t *rapid.T) any {
		if rapid.IntRange(0, 29).Draw(t, "odd") == 0 {
			return value.Draw(t, "series")
		}
		s := tree{"id": word.Draw(t, "id")}
		if rapid.IntRange(0, 9).Draw(t, "data") > 0 {
			s["data"] = distinct("name", rapid.SliceOfN(item, 0, 5).Draw(t, "points"))
		}
		for range rapid.IntRange(0, 2).Draw(t, "fields") {
			if k := word.Draw(t, "field"); k != "id" && k != "data" {
				s[k] = value.Draw(t, "value")
			}
		}
		return s
	})
	o := tree{}
	for range rapid.IntRange(0, 3).Draw(t, label+" parts") {
		o[word.Draw(t, "part")] = value.Draw(t, "value")
	}
	if rapid.IntRange(0, 9).Draw(t, "series") > 0 {
		o["series"] = distinct("id", rapid.SliceOfN(one, 0, 4).Draw(t, "list"))
	}
	b, err := encode(o)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return b
}

func TestADeltaForAnotherOptionIsRefused(t *testing.T) {
	o := mustCanonical(t, `{"series":[{"id":"a","data":[1]}]}`)
	for name, d := range map[string]Delta{
		"unknown series":   {Set: &DeltaSet{Series: []SeriesSet{{ID: "b", Points: []json.RawMessage{[]byte(`{"name":"x"}`)}}}}},
		"points of a list": {Set: &DeltaSet{Series: []SeriesSet{{ID: "a", Points: []json.RawMessage{[]byte(`{"name":"x"}`)}}}}},
		"nameless point":   {Set: &DeltaSet{Series: []SeriesSet{{ID: "c", New: true, Points: []json.RawMessage{[]byte(`1`)}}}}},
	} {
		if got, err := Apply(o, d); err == nil {
			t.Errorf("%s: applied, and gave %s", name, got)
		}
	}
	if _, err := Apply(Option(`[]`), Delta{Set: &DeltaSet{Order: []string{"a"}}}); err == nil {
		t.Error("applied to what is no option")
	}
}

// tick gives a chart's option before and after one more mention.
func tick(t testing.TB, id string) (before, after Option) {
	t.Helper()
	c, ok := Find(id)
	if !ok {
		t.Fatalf("no chart %s", id)
	}
	draw := func(b *mood.Board) Option {
		o, err := c.Option(c.Table(b))
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	return draw(fullBoard("24h", nokia)), draw(oneMore(fullBoard("24h", nokia)))
}

// oneMore adds a positive mention of now to a board of one brand.
func oneMore(b *mood.Board) *mood.Board {
	one := mood.Tally{Positive: 1}
	add := func(rows []mood.Row, key string) {
		for i, r := range rows {
			if r.Key == key {
				sum := r.Tally()
				sum.Add(one)
				rows[i] = mood.RowOf(key, sum)
				rows[i].Salience = r.Salience
			}
		}
	}
	bb := b.Brands[b.Order[0]]
	total := bb.Total.Tally()
	total.Add(one)
	bb.Total = total.Total()
	p := &bb.Series[len(bb.Series)-1]
	t := mood.Tally{Positive: p.Positive + 1, Neutral: p.Neutral, Unclear: p.Unclear, Negative: p.Negative}
	*p = mood.PointOf(p.T, t)
	add(bb.Countries.From, "GB")
	add(bb.Outlets, "bbc.co.uk")
	add(bb.Languages, "en")
	add(bb.Topics, "5G deal")
	for i, c := range bb.Rhythm {
		if c.Weekday == 0 && c.Hour == 14 {
			m := (*c.Mood*float64(c.Mentions) + 1) / float64(c.Mentions+1)
			bb.Rhythm[i].Mentions, bb.Rhythm[i].Mood = c.Mentions+1, &m
		}
	}
	share(b)
	return b
}

func TestOneMoreMentionCostsAFractionOfTheOption(t *testing.T) {
	var deltas, options int
	for _, c := range All() {
		before, after := tick(t, c.ID)
		d, err := Diff(before, after)
		if err != nil {
			t.Fatal(err)
		}
		wire, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-10s option %6d B, delta %5d B (%.1f %%)", c.ID, len(after), len(wire), 100*float64(len(wire))/float64(len(after)))
		deltas += len(wire)
		options += len(after)
		if limit := map[string]int{"timeline": 5, "map": 10, "rhythm": 5}[c.ID]; limit > 0 && len(wire)*100 > len(after)*limit {
			t.Errorf("%s: a delta of %d B is over %d %% of the option's %d B", c.ID, len(wire), limit, len(after))
		}
	}
	if deltas*10 > options {
		t.Errorf("all deltas together are %d B, over a tenth of the options' %d B", deltas, options)
	}
}

func BenchmarkDiffOfOneMention(b *testing.B) {
	for _, c := range All() {
		before, after := tick(b, c.ID)
		b.Run(c.ID, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Diff(before, after); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBoardToOption(b *testing.B) {
	board := fullBoard("24h", nokia)
	for _, c := range All() {
		b.Run(c.ID, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Option(c.Table(board)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
