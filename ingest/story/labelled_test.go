package story

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"agora/mood"
)

// headline is one of the real ones that lie beside the repository.
type headline struct {
	Title, URL, Source string
	Published          time.Time
}

func (h headline) mention() mood.Mention {
	return mood.Mention{
		ID: mood.MentionID("", "", h.URL, h.Title, ""), Title: h.Title, URL: h.URL, Outlet: h.Source,
		Published: h.Published, Seen: h.Published,
	}
}

// hash is what the labelled pairs name a headline by.
func (h headline) hash() string {
	sum := sha256.Sum256([]byte(h.Title + "\n" + h.URL))
	return hex.EncodeToString(sum[:8])
}

func headlines(t *testing.T) []headline {
	t.Helper()
	list, err := readHeadlines()
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("%v (set AGORA_SHARED to the folder that holds it)", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func readHeadlines() (list []headline, err error) {
	dir := os.Getenv("AGORA_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	file, err := os.Open(filepath.Join(dir, "headlines.ndjson"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	for scan := bufio.NewScanner(file); scan.Scan(); {
		var h headline
		if err := json.Unmarshal(scan.Bytes(), &h); err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, nil
}

// The labels were set by reading both headlines and their addresses. copy: one
// page, or one report under headlines that differ by no more than touches (a
// publisher's name, a label, spelling, a word more or less). event: the same
// event in other words, or by another outlet's own report. other: another
// event, or a later turn of one. The pairs are those with the same title or
// address within the set, and the 441 nearest by TF-IDF within 72 hours.
func TestWhatFoldsAmongRealHeadlinesIsACopy(t *testing.T) {
	list := headlines(t)
	r := NewReader()
	x := NewIndex(r, 0)
	byHash, stories := map[string]headline{}, map[string]string{}
	for _, h := range list {
		m := h.mention()
		text := r.Read(&m)
		stories[h.hash()], _ = x.File(&text, h.Published)
		byHash[h.hash()] = h
	}
	folded, found := map[string]int{}, map[string]int{}
	for _, row := range rows(t, "labelled.tsv") {
		a, b, label := byHash[row[0]], byHash[row[1]], row[2]
		if a.URL == "" || b.URL == "" {
			t.Fatalf("a headline of the pair %v isn't there: is it another set?", row)
		}
		if label == "copy" && apart(a.Published.Unix(), b.Published.Unix()) > Window {
			label = "late copy"
		}
		found[label]++
		same := stories[row[0]] == stories[row[1]]
		if same {
			folded[label]++
		}
		if same != (label == "copy") {
			t.Logf("%s, folded %v: %q (%s) and %q (%s)", label, same, a.Title, a.Source, b.Title, b.Source)
		}
	}
	all := 0
	for _, n := range folded {
		all += n
	}
	right := folded["copy"] + folded["late copy"]
	precision, recall := float64(right)/float64(all), float64(folded["copy"])/float64(found["copy"])
	t.Logf("pairs %v; folded %v: precision %.3f, recall within %v %.3f", found, folded, precision, Window, recall)
	if precision < 0.95 {
		t.Errorf("precision %.3f, less than 0.95", precision)
	}
	if recall < 0.8 {
		t.Errorf("recall %.3f, less than 0.8", recall)
	}
}
