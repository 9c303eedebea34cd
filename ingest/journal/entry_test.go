package journal

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

// fill gives every field below v a value that no other field has.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 1, 1, 0, 0, *n, *n, time.UTC)))
		return
	case mood.Label:
		v.Set(reflect.ValueOf([]mood.Label{mood.Positive, mood.Negative, mood.Unclear}[*n%3]))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key, n)
			fill(value, n)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		v.SetString(fmt.Sprintf("<text> & %d é", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(*n))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(*n) / 1000)
	default:
		panic("teach fill what a " + v.Type().String() + " is")
	}
}

func TestEveryFieldOfWhatIsAcceptedIsKept(t *testing.T) {
	var e Entry
	n := 0
	fill(reflect.ValueOf(&e).Elem(), &n)
	b, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, e) {
		t.Errorf("not all is kept:\n%+v\n%+v", got, e)
	}
}

func TestAnEntryWithoutAnythingIsOneToo(t *testing.T) {
	b, err := Entry{}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Decode(b); err != nil || !reflect.DeepEqual(got, Entry{}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAnEntryOfAnotherVersionIsRefusedInWords(t *testing.T) {
	for _, b := range []string{`{"v":2,"mentions":7}`, `{}`} {
		if _, err := Decode([]byte(b)); !errors.Is(err, mood.ErrInvalid) || !strings.Contains(err.Error(), "version") {
			t.Errorf("%s: %v", b, err)
		}
	}
	if e, err := Decode([]byte(`{"v":1,"withdrawn":"x","hats":[1],"mentions":[{"id":"a","hat":2}]}`)); err != nil || e.Withdrawn != "x" || e.Mentions[0].ID != "a" {
		t.Errorf("a field that isn't known: %+v, %v", e, err)
	}
}

func TestAnEntryThatCouldNotBeReadBackIsNotWritten(t *testing.T) {
	e := Entry{Mentions: []mood.Mention{{Title: "label(17)"}}}
	if _, err := e.Encode(); err != nil {
		t.Errorf("a title: %v", err)
	}
	e.Mentions[0].Readings = map[string]mood.Reading{"x": {Label: 17}}
	if b, err := e.Encode(); err == nil {
		t.Errorf("written as %s", b)
	}
}

func FuzzDecode(f *testing.F) {
	var e Entry
	n := 0
	fill(reflect.ValueOf(&e).Elem(), &n)
	b, err := e.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"v":1}`))
	f.Add([]byte(`{"v":1,"mentions":[null,{}],"correction":{},"at":"9999-12-31T23:59:59Z"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := Decode(b)
		if err != nil {
			return
		}
		b, err = e.Encode()
		if err != nil {
			t.Fatalf("%+v was read, and can't be written: %v", e, err)
		}
		again, err := Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if once, err := again.Encode(); err != nil || string(once) != string(b) {
			t.Fatalf("%s, and then %s: %v", b, once, err)
		}
	})
}
