package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"agora/mood"
)

func testBrands() []mood.Brand {
	return []mood.Brand{
		{ID: "nokia", Name: "Nokia", Query: "Nokia", Color: "#005AFF"},
		{ID: "ericsson", Name: "Ericsson", Query: "Ericsson", Color: "#002561"},
	}
}

func said(id string, at time.Time, label mood.Label, brands ...string) mood.Mention {
	scores := map[mood.Label]float64{mood.Positive: 0.5, mood.Negative: -0.5, mood.Neutral: 0, mood.Unclear: 0}
	m := mood.Mention{
		ID: id, Title: "Title " + id, Text: "Text", URL: "https://example.com/" + id, Outlet: "example.com",
		Sources: []string{"src"}, Published: at, Seen: at, Language: "en", Readings: map[string]mood.Reading{},
	}
	for _, b := range brands {
		m.Readings[b] = mood.Reading{Label: label, Score: scores[label], Topics: []string{"phones"}}
	}
	return m
}

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Brands: testBrands(), Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close(ctx)
	notices, err := s.Notices(ctx)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	var ms []mood.Mention
	for i := range 1200 {
		ms = append(ms, said(fmt.Sprint(i), now.Add(-time.Duration(i)*time.Minute), mood.Label(i%4), "nokia"))
	}
	start := time.Now()
	out, err := s.Record(ctx, ms)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(start), out[0], (<-notices).Brand)
	start = time.Now()
	out, err = s.Record(ctx, ms)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(start), out[0])
	for _, w := range mood.Windows() {
		start = time.Now()
		b, err := s.Board(ctx, []string{"nokia"}, w)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(w.Name, time.Since(start), b.Total, b.Before, b.Topics, b.Countries.Unplaced, len(b.Series), b.Last, b.MentionsSince, b.Share)
		list, err := s.Mentions(ctx, mood.Filter{Brands: []string{"nokia"}, From: b.From, To: b.To})
		t.Log(list.Total, len(list.Mentions), list.Next, err)
	}
}
