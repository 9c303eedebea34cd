package server

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"agora/charts"
	"agora/mood"
)

func TestAPictureIsInTheLanguageThatWasAskedFor(t *testing.T) {
	h, e := openEasel(t, nil)
	h.pause()
	h.say("nokia", mood.Positive)
	plain := h.get("/charts/timeline.svg?brand=nokia")
	for query, want := range map[string][4]string{
		"de":    {"de", "Verlauf: Nokia, letzte 24 Stunden", "1 Erwähnung ", "Neutral oder unklar"},
		"de-CH": {"de", "Verlauf: Nokia, letzte 24 Stunden", "1 Erwähnung ", "Neutral oder unklar"},
		"fi":    {"fi", "Aikajana: Nokia, viimeiset 24 tuntia", "1 maininta ", "Neutraalit tai epäselvät"},
		"pt_BR": {"pt", "Evolução: Nokia, últimas 24 horas", "1 menção ", "Neutras ou incertas"},
	} {
		got := h.get("/charts/timeline.svg?brand=nokia&lang=" + query)
		if got.status != http.StatusOK || got.header.Get("Content-Language") != want[0] {
			t.Fatalf("%s: %d, in %q: %s", query, got.status, got.header.Get("Content-Language"), got.body)
		}
		// Those of one language share what is drawn.
		var f charts.Figure
		for _, drawn := range e.figures() {
			if drawn.Table.Words().Language() == want[0] {
				f = drawn
			}
		}
		if f.Table.Caption().Title != want[1] || !strings.Contains(f.Table.Caption().Basis, want[2]) || !strings.Contains(string(f.Option), want[3]) {
			t.Errorf("%s is %+v", query, f.Table.Caption())
		}
		if tag := got.header.Get("ETag"); tag == "" || tag == plain.header.Get("ETag") {
			t.Errorf("%s has the tag of English: %s", query, tag)
		}
		if again := h.get("/charts/timeline.svg?brand=nokia&lang="+query, "If-None-Match", plain.header.Get("ETag")); again.status != http.StatusOK {
			t.Errorf("%s: whoever has it in English gets %d", query, again.status)
		}
	}
	if in := plain.header.Get("Content-Language"); in != "en" {
		t.Errorf("without a wish it is in %q", in)
	}
}

func TestLanguagesThatDifferInTheirRegionShareAPicture(t *testing.T) {
	h, e := openEasel(t, nil)
	h.pause()
	for _, lang := range []string{"de", "de-AT", "DE-ch"} {
		h.get("/charts/mood.png?brand=nokia&lang=" + lang)
	}
	if n := len(e.figures()); n != 1 {
		t.Errorf("drawn %d times", n)
	}
}

func TestATableIsInTheLanguageThatWasAskedFor(t *testing.T) {
	h := open(t, nil)
	h.say("nokia", mood.Positive)
	for lang, want := range map[string][3]string{
		"de-AT": {"Titel", "Medien: Nokia, letzte 24 Stunden", "Medium,Erwähnungen,Positiv,Neutral,Unklar,Negativ,Stimmung"},
		"fi":    {"Otsikko", "Julkaisijat: Nokia, viimeiset 24 tuntia", "Julkaisija,Maininnat,Myönteiset,Neutraalit,Epäselvät,Kielteiset,Sävy"},
	} {
		path := "/charts/sources.csv?brand=nokia&lang=" + lang
		got := h.get(path)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.body, "\ufeff"))).ReadAll()
		if err != nil || got.header.Get("Content-Language") != lang[:2] {
			t.Fatal(err, got.status, got.header.Get("Content-Language"))
		}
		if rows[0][0] != want[0] || rows[0][1] != want[1] || strings.Join(rows[4], ",") != want[2] {
			t.Errorf("%s begins with %q", lang, rows[:5])
		}
		if english := h.get("/charts/sources.csv?brand=nokia"); english.header.Get("ETag") == got.header.Get("ETag") {
			t.Errorf("%s has the tag of English", lang)
		}
	}
	var table struct {
		Title   string
		Columns []struct{ Key, Title string }
		Notes   []string
	}
	if err := json.Unmarshal([]byte(h.get("/charts/sources.json?brand=nokia&lang=sv").body), &table); err != nil {
		t.Fatal(err)
	}
	if table.Title != "Medier: Nokia, senaste 24 timmarna" || table.Columns[1].Key != "mentions" || table.Columns[1].Title != "Omnämnanden" || len(table.Notes) == 0 || !strings.HasPrefix(table.Notes[0], "Bredvid") {
		t.Errorf("as JSON it is %+v", table)
	}
}

func TestALanguageThatChartsDontSpeakIsRefusedWithThoseTheyDo(t *testing.T) {
	h := open(t, nil)
	for _, lang := range []string{"tlh", "d", "deutsch", "de-%3Cb%3E", "x-de"} {
		got := h.get("/charts/mood.csv?lang=" + lang)
		var p struct {
			Detail, Parameter string
			Valid             []string
		}
		if err := json.Unmarshal([]byte(got.body), &p); err != nil {
			t.Fatal(err, got.body)
		}
		if got.status != http.StatusBadRequest || p.Parameter != "lang" || !strings.Contains(p.Detail, "use de, en, es, fi, fr, pt or sv") || len(p.Valid) != len(charts.Languages()) {
			t.Errorf("%s: %d %+v", lang, got.status, p)
		}
	}
}

func TestAKeptBoardIsTakenAwayInAnyLanguage(t *testing.T) {
	h, e := openKept(t, nil)
	h.say("nokia", mood.Positive)
	at := "/snapshots/" + h.keep(`{}`).ID + "/"
	h.get(at + "timeline.svg?lang=fr-CA")
	if c := e.last().Table.Caption(); !strings.HasPrefix(c.Title, "Évolution\u00a0: Nokia") || !strings.Contains(c.Basis, "conservé le ") {
		t.Errorf("it is %+v", c)
	}
	english, french := h.get(at+"timeline.csv"), h.get(at+"timeline.csv?lang=fr")
	if !strings.Contains(french.body, "Conservé le,") || french.header.Get("Content-Language") != "fr" || french.header.Get("ETag") == english.header.Get("ETag") {
		t.Errorf("in %s it is %s", french.header.Get("Content-Language"), french.body)
	}
}
