package ingest

import (
	"context"
	"strconv"
	"testing"

	"agora/mood"
)

// listener notes in which language the scorer is asked.
type listener struct {
	fan
	heard map[string]string // by mention
}

func (l *listener) Score(ctx context.Context, asks []mood.Ask) ([]mood.Reading, error) {
	for _, a := range asks {
		l.heard[a.ID] = a.Language
	}
	return l.fan.Score(ctx, asks)
}

func TestAMentionCountsUnderTheLanguageThatItIsIn(t *testing.T) {
	store := &kept{mentions: map[string]mood.Mention{}}
	scorer := &listener{heard: map[string]string{}}
	in, err := New(t.Context(), Config{Brands: []mood.Brand{{ID: "nokia", Name: "Nokia", Query: "nokia*"}}, Scorer: scorer, Store: store})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct{ why, declared, text, want string }{
		{"nobody says", "", "Nokian uusi puhelin on aivan loistava, suosittelen kaikille", "fi"},
		{"the source says", "sv", "Nokia 3310", "sv"},
		{"the source says, and is believed where it may be right", "da", "Nokia lanserer en ny telefon til jul, sier selskapet", "da"},
		{"a template says, in letters that language isn't written in", "en", "Nokia เปิดตัวโทรศัพท์รุ่นใหม่ในประเทศไทย", "th"},
		{"as it was once spelt", "iw", "נוקיה Nokia", "he"},
		{"with a region", "pt_BR", "Nokia", "pt"},
		{"in one of its two forms", "nb", "Nokia", "no"},
		{"nobody can", "", "Nokia X30 5G 🔥 https://example.org/nokia", ""},
	} {
		id := strconv.Itoa(i)
		_, err := in.Deliver(t.Context(), mood.Source{ID: "feed"}, []mood.Mention{{ID: id, Title: c.text, Language: c.declared, Published: now}}, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := store.mentions[id].Language; got != c.want {
			t.Errorf("%s: %q declared %q counts under %q, want %q", c.why, c.text, c.declared, got, c.want)
		}
		if got := scorer.heard[id]; got != c.want {
			t.Errorf("%s: %q declared %q is read as %q, want %q", c.why, c.text, c.declared, got, c.want)
		}
	}
}

func TestAQueryAsksForTheLanguageThatATextIsIn(t *testing.T) {
	r := newReader(t, mood.Brand{ID: "nokia", Name: "Nokia", Query: "nokia lang:fi"})
	r.bring(
		mood.Mention{ID: "fi", Title: "Nokia kertoo uudesta verkosta, jota rakennetaan koko maahan ensi vuoden aikana", Published: now},
		mood.Mention{ID: "en", Title: "Nokia tells of a new network that is being built across the whole country next year", Published: now},
		mood.Mention{ID: "none", Title: "Yhtiö kertoo uudesta verkosta, jota rakennetaan koko maahan ensi vuoden aikana", Published: now},
	)
	if _, counted := r.store.mentions["fi"]; !counted || len(r.store.mentions) != 1 {
		t.Errorf("counted are %v", r.store.mentions)
	}
	if a := r.test(mood.QueryTest{Query: "verkosta lang:fi"}); a.Total != 2 {
		t.Errorf("%d Finnish texts are found, want 2, whether they name a brand or not", a.Total)
	}
}

func TestAnEditIsReadInTheLanguageOfItsNewWords(t *testing.T) {
	store := &reviser{kept: &kept{}}
	in, err := New(t.Context(), Config{Brands: []mood.Brand{{ID: "nokia", Name: "Nokia", Query: "nokia*"}}, Scorer: fan{}, Store: store})
	if err != nil {
		t.Fatal(err)
	}
	_, err = in.Deliver(t.Context(), mood.Source{}, []mood.Mention{
		{ID: "a", Title: "Nokia", Text: "Nokian osake nousi tänään voimakkaasti tuloksen jälkeen", Published: now, Edited: true},
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(store.offered) != 1 || store.offered[0].Language != "fi" {
		t.Errorf("offered is %+v", store.offered)
	}
}
