package ingest

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"agora/mood"
)

const someCities = "=\tFI.01\tUusimaa\n" +
	"Helsinki\tFI\t01\t558457\t6017\t2494\tc\n" +
	"Espoo\tFI\t01\t256760\t6021\t2466\t\n" +
	"Turku\tFI\t02\t175945\t6045\t2227\ta\n" +
	"São Paulo\tBR\t27\t10021295\t-2355\t-4663\ta\n" +
	"Paris\tFR\t11\t2138551\t4885\t235\tc\n" +
	"Paris\tUS\tTX\t24782\t3366\t-9555\t\n" +
	"Suva\tFJ\tC\t77366\t-1814\t17844\tc\n" +
	"Village\tFI\t02\t1200\t6300\t2700\t\n"

func TestActivityIsCountedAtACity(t *testing.T) {
	cities, err := NewGazetteer(someCities)
	if err != nil {
		t.Fatal(err)
	}
	in, _ := intakeWith(t, cities)
	for _, c := range []struct{ item, country, spot string }{
		{`"city":"Helsinki"`, "FI", "60.17,24.94,Helsinki"},
		{`"city":" sao paulo "`, "BR", "-23.55,-46.63,São Paulo"},
		{`"city":"Paris"`, "FR", "48.85,2.35,Paris"},
		{`"city":"Paris","country":"us"`, "US", "33.66,-95.55,Paris"},
		{`"city":"Paris","country":"SE"`, "SE", ""},
		{`"city":"Mr Smith's kitchen","country":"FI"`, "FI", ""},
		{`"place":{"lat":60.2345678,"lon":24.8765432}`, "FI", "60.17,24.94,Helsinki"},
		{`"place":{"lat":60.2145678,"lon":24.6765432}`, "FI", "60.21,24.66,Espoo"},
		{`"place":{"lat":60.2345678,"lon":24.8765432},"country":"SE"`, "SE", "60.125,24.875,"},
		{`"place":{"lat":63.0012,"lon":27.0034}`, "", "63.125,27.125,"},
		{`"place":{"lat":-18.2,"lon":-179.9},"country":""`, "", "-18.125,-179.875,"},
		{`"place":{"lat":-90,"lon":-180}`, "", "-89.875,-179.875,"},
		{`"place":{"lat":90,"lon":180}`, "", "89.875,179.875,"},
		{`"city":"Nowhere","place":{"lat":60.2,"lon":24.9}`, "FI", "60.17,24.94,Helsinki"},
		{`"country":"fi"`, "FI", ""},
	} {
		a, err := in.readActivity(json.RawMessage(`{"id":"1","brand":"nokia","kind":"a",`+c.item+`}`), now)
		spot := ""
		if a.Spot != nil {
			spot = a.Spot.Key()
		}
		if err != nil || a.Country != c.country || spot != c.spot {
			t.Errorf("%s is counted in %q at %q (%v), want %q at %q", c.item, a.Country, spot, err, c.country, c.spot)
		}
	}
}

func TestTheNearestCityIsFoundAcrossAnySquare(t *testing.T) {
	var table strings.Builder
	random := rand.New(rand.NewPCG(1, 2))
	var all []mood.Point
	for i := range 4000 {
		lat, lon := random.IntN(17000)-8500, random.IntN(36000)-18000
		all = append(all, mood.Point{Lat: float64(lat) / 100, Lon: float64(lon) / 100})
		fmt.Fprintf(&table, "c%d\tXX\t\t20000\t%d\t%d\t\n", i, lat, lon)
	}
	g, err := NewGazetteer(table.String())
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for range 3000 {
		at := mood.Point{Lat: random.Float64()*160 - 80, Lon: random.Float64()*360 - 180}
		best, name := math.Inf(1), ""
		for i, c := range all {
			lon := math.Abs(c.Lon - at.Lon)
			d := math.Hypot(min(lon, 360-lon)*math.Max(math.Cos(at.Lat*math.Pi/180), 0.1), c.Lat-at.Lat) * perDegree
			if d < best {
				best, name = d, fmt.Sprint("c", i)
			}
		}
		c, ok := g.Near(at, "")
		if ok != (best <= nearEnough) || ok && c.Name != name {
			t.Fatalf("near %v is %q (%v), want %q at %.1f km", at, c.Name, ok, name, best)
		}
		if ok {
			found++
		}
	}
	if found < 50 {
		t.Errorf("only %d points were near a city", found)
	}
}

func TestUndeclaredKindsAreRefusedWhereTheOperatorIsStrict(t *testing.T) {
	in, store := intake(t)
	push := func(kind string) mood.Receipt {
		r, err := in.PushActivity(t.Context(), []json.RawMessage{json.RawMessage(fmt.Sprintf(`{"id":%q,"brand":"nokia","kind":%q}`, kind, kind))})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	in.SetDeeds(Deeds{Kinds: []mood.ActivityKind{{ID: "activation"}}})
	if r := push("check-in"); r.Accepted != 1 {
		t.Errorf("another kind: %+v", r)
	}
	in.SetDeeds(Deeds{Kinds: []mood.ActivityKind{{ID: "activation"}, {ID: "download"}}, Strict: true})
	if r := push("upgrade"); len(r.Rejected) != 1 || r.Rejected[0].Error != `kind: "upgrade" is not declared under activity.kinds; there are activation, download` {
		t.Errorf("another kind: %+v", r)
	}
	if r := push("activation"); r.Accepted != 1 {
		t.Errorf("a declared kind: %+v", r)
	}
	if len(store.activities) != 2 {
		t.Errorf("%d were stored", len(store.activities))
	}
}

func TestAKindThatVariesFillsNoStore(t *testing.T) {
	in, _ := intakeWith(t, nil)
	in.SetDeeds(Deeds{Kinds: []mood.ActivityKind{{ID: "activation"}}})
	push := func(kind string) error {
		_, err := in.readActivity(json.RawMessage(`{"id":"1","brand":"nokia","kind":"`+kind+`"}`), now)
		return err
	}
	for i := range mostKinds {
		if err := push(fmt.Sprint("device-", i)); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := push("device-one-more"); err == nil || !strings.Contains(err.Error(), "activity.kinds") {
		t.Errorf("one kind more than there may be: %v", err)
	}
	for _, known := range []string{"device-7", "activation"} {
		if err := push(known); err != nil {
			t.Error(known, err)
		}
	}
}

func TestNothingOfADeviceIsKept(t *testing.T) {
	in, store := intake(t)
	_, err := in.PushActivity(t.Context(), []json.RawMessage{json.RawMessage(`{"id":"SN-4711","device":"SN-4711","imei":"356938035643809",
		"brand":"nokia","kind":"activation","city":"SN-4711","place":{"lat":60.16952,"lon":24.93545,"accuracy":3.5}}`)})
	if err != nil {
		t.Fatal(err)
	}
	if len(store.activities) != 1 {
		t.Fatalf("%d were stored", len(store.activities))
	}
	for _, a := range store.activities {
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"SN-4711", "3569", "16952", "93545"} {
			if strings.Contains(string(text), secret) {
				t.Errorf("%s is kept: %s", secret, text)
			}
		}
	}
}
