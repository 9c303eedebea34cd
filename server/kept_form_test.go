package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/charts"
	"agora/mood"
)

// anyValue fills a value with whatever its type may hold.
func anyValue(t *rapid.T, v reflect.Value, loc *time.Location) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		second := rapid.Int64Range(1_700_000_000, 1_800_000_000).Draw(t, "second")
		v.Set(reflect.ValueOf(time.Unix(second, rapid.Int64Range(0, 999_999_999).Draw(t, "nanosecond")).In(loc)))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "known") {
			v.Set(reflect.New(v.Type().Elem()))
			anyValue(t, v.Elem(), loc)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			anyValue(t, v.Field(i), loc)
		}
	case reflect.Slice:
		if n := rapid.IntRange(0, 3).Draw(t, "length"); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				anyValue(t, v.Index(i), loc)
			}
		}
	case reflect.String:
		v.SetString(rapid.StringN(0, 12, 40).Draw(t, "text"))
	case reflect.Int64:
		v.SetInt(rapid.Int64Range(0, 1000).Draw(t, "count"))
	case reflect.Int:
		v.SetInt(rapid.Int64Range(0, 6).Draw(t, "day or hour"))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(-1, 1).Draw(t, "mood"))
	default:
		t.Fatalf("a board holds a %s, which this test doesn't know", v.Type())
	}
}

// anyBoard is a board with anything on it.
func anyBoard(t *rapid.T) *mood.Board {
	loc, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Europe/Helsinki", "Asia/Kathmandu"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	b := &mood.Board{Names: map[string]mood.Brand{}, Brands: map[string]*mood.BrandBoard{}}
	for i := range rapid.IntRange(1, 3).Draw(t, "brands") {
		id := fmt.Sprintf("brand-%d", 9-i)
		b.Order = append(b.Order, id)
		b.Names[id] = mood.Brand{ID: id, Name: rapid.StringN(1, 9, 30).Draw(t, "name"), Query: "secret", Color: "#123456"}
		b.Brands[id] = &mood.BrandBoard{}
		anyValue(t, reflect.ValueOf(b.Brands[id]).Elem(), loc)
	}
	whole := reflect.ValueOf(b).Elem()
	for i := range whole.NumField() {
		switch f := whole.Type().Field(i); f.Name {
		case "Order", "Names", "Brands", "BrandBoard":
		default:
			anyValue(t, whole.Field(i), loc)
		}
	}
	b.Window, b.Timezone = rapid.SampledFrom(windowNames()).Draw(t, "window"), loc.String()
	if len(b.Order) == 1 {
		b.BrandBoard = b.Brands[b.Order[0]]
	}
	return b
}

func TestAKeptBoardDrawsTheSameChartsAsTheOneItWasMadeOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBoard(t)
		raw, err := keepBoard(b).encode()
		if err != nil {
			t.Fatal(err)
		}
		k, err := decodeKept(raw)
		if err != nil {
			t.Fatal(err)
		}
		got := k.board()
		if x, y := text(t, got), text(t, b); x != y {
			t.Fatalf("the board is\n%s\nand was\n%s", x, y)
		}
		for _, ch := range charts.All() {
			before, after := ch.Table(b), ch.Table(got)
			if x, y := text(t, after), text(t, before); x != y {
				t.Fatalf("the rows of %s are\n%s\nand were\n%s", ch.ID, x, y)
			}
			was, err := ch.Option(before)
			is, err2 := ch.Option(after)
			if string(is) != string(was) || (err == nil) != (err2 == nil) {
				t.Fatalf("the look of %s is\n%s (%v)\nand was\n%s (%v)", ch.ID, is, err2, was, err)
			}
		}
		if strings.Contains(text(t, k), "secret") {
			t.Fatal("the query of a brand is kept, which nothing draws")
		}
	})
}

func text(t interface{ Fatal(...any) }, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestABoardThatWasKeptByTheFirstVersionIsStillRead reads a file that is never
// written anew: later versions must read it too.
func TestABoardThatWasKeptByTheFirstVersionIsStillRead(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "kept-1.board"))
	if err != nil {
		t.Fatal(err)
	}
	k, err := decodeKept(raw)
	if err != nil {
		t.Fatal(err)
	}
	b := k.board()
	if k.Note != "Before the board meeting" || k.Kept.Format(time.RFC3339) != "2026-11-26T20:30:00Z" || k.Sources.Answering != 2 || k.Sources.Silent[0] != "Quiet" || !k.Demo {
		t.Errorf("it says %+v", k)
	}
	if got := strings.Join(k.names(), ", "); got != "Nokia, Ericsson" || b.Names["nokia"].Color != "#005AFF" || b.Timezone != "Europe/Helsinki" {
		t.Errorf("it is of %s, %v", got, b)
	}
	n := b.Brands["nokia"]
	if n.Total.Positive != 12 || *n.Total.Mood != 0.25 || len(n.Series) != 2 || n.Series[1].Negative != 3 || n.Outages[0].Name != "A feed" || n.Topics[0].Salience != 2.5 || n.Activity[0].Count != 7 {
		t.Errorf("its figures are %+v", n)
	}
	if len(b.Share) != 2 || *b.Share[0].Share != 0.75 || b.Share[1].Name != "Ericsson" {
		t.Errorf("the shares are %+v", b.Share)
	}
	timeline, ok := charts.Find("timeline")
	if !ok || len(timeline.Table(b).Rows) == 0 {
		t.Error("its timeline is empty")
	}
}

func TestWhatIsNoBoardOrALaterOnesIsRefusedInWords(t *testing.T) {
	good, err := (&keptBoard{Timezone: "UTC"}).encode()
	if err != nil {
		t.Fatal(err)
	}
	later := strings.Replace(string(good), "agora-board 1\n", "agora-board 7\n", 1)
	if _, err := decodeKept([]byte(later)); !errors.Is(err, errNewerBoard) || !strings.Contains(err.Error(), "number 7") {
		t.Errorf("a later one: %v", err)
	}
	for name, raw := range map[string]string{
		"nothing": "", "another thing": "hello\nworld", "no number": "agora-board x\n", "number 0": "agora-board 0\n",
		"cut off": string(good[:len(good)-9]), "not packed": "agora-board 1\n{}", "no object": "agora-board 1\n" + string(good[20:]),
	} {
		if _, err := decodeKept([]byte(raw)); err == nil || errors.Is(err, errNewerBoard) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzKeptBoardsNeverCrash(f *testing.F) {
	good, err := (&keptBoard{Timezone: "UTC", Order: []string{"a"}}).encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("agora-board 1\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		k, err := decodeKept(raw)
		if err != nil {
			return
		}
		k.names()
		for _, ch := range charts.All() {
			ch.Table(k.board())
		}
	})
}

// TestTheLargestBoardHasRoom fills one as far as the store lets it.
func TestTheLargestBoardHasRoom(t *testing.T) {
	const brands = 20
	b := &mood.Board{Window: "90d", Timezone: "UTC", Names: map[string]mood.Brand{}, Brands: map[string]*mood.BrandBoard{}}
	n := int64(1)
	next := func() mood.Tally { // figures that don't repeat, and so pack badly
		n = (n*6364136223846793005 + 1442695040888963407) & (1<<62 - 1)
		return mood.Tally{Positive: n >> 20 & 0xffff, Neutral: n >> 30 & 0xffff, Unclear: n >> 40 & 0xfff, Negative: n >> 45 & 0xffff}
	}
	rows := func(many int, name string) (list []mood.Row) {
		for i := range many {
			t := next()
			list = append(list, mood.RowOf(fmt.Sprintf("%s-%x-%d.example", name, t.Positive, i), t))
		}
		return list
	}
	for i := range brands {
		id := fmt.Sprintf("brand-%d", i)
		b.Order = append(b.Order, id)
		p := &mood.BrandBoard{Outlets: rows(500, "outlet"), Sources: rows(200, "source"), Languages: rows(60, "l"), Topics: rows(40, "a topic of")}
		p.Countries = mood.Countries{About: rows(250, "c"), From: rows(250, "c"), Origin: rows(250, "c")}
		for d := range 91 {
			p.Series = append(p.Series, mood.PointOf(time.Unix(int64(d)*86400, 0).UTC(), next()))
		}
		for h := range 168 {
			p.Rhythm = append(p.Rhythm, mood.RhythmCell{Weekday: h / 24, Hour: h % 24, Mentions: next().Mentions(), Mood: mood.RowOf("", next()).Mood})
		}
		for range 10 {
			a := mood.ActivityRow{Key: "activation"}
			for _, s := range p.Series {
				a.Series = append(a.Series, mood.ActivityPoint{T: s.T, Count: next().Positive})
			}
			p.Activity = append(p.Activity, a)
		}
		b.Brands[id] = p
		b.Share = append(b.Share, mood.ShareRow{Row: mood.RowOf(id, next()), Name: id})
	}
	k := keepBoard(b)
	raw, err := k.encode()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d brands over 90 days: %d kB, of %d kB of JSON", brands, len(raw)/1000, len(text(t, k))/1000)
	if len(raw) > maxKeptBytes {
		t.Errorf("it takes %d bytes, and %d are the most", len(raw), maxKeptBytes)
	}
}
