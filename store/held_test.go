package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"agora/mood"
)

// All mentions have the same cells, so that whoever believes in what it read
// before writes over what others wrote since.
func TestWritersOfTheSameCellsLoseNothingOfEachOther(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		if srv.url == "" {
			return // an embedded store has one writer
		}
		c := clockAt(future(t))
		stores := []*Store{srv.open(t, Options{Now: c.now})}
		for range 2 {
			other := must(Open(context.Background(), Options{URLs: srv.urls(), Now: c.now, Brands: testBrands()}))(t)
			defer other.Close(context.Background())
			stores = append(stores, other)
		}
		r := rand.New(rand.NewPCG(3, 3))
		labels := map[string]mood.Label{}
		check := func() {
			t.Helper()
			want := mood.Tally{}
			for _, l := range labels {
				switch l {
				case mood.Positive:
					want.Positive++
				case mood.Negative:
					want.Negative++
				}
			}
			for _, w := range []string{"1h", "90d"} {
				b := board(t, stores[r.IntN(3)], w, "nokia")
				outlet := mood.Row{}
				if len(b.Outlets) > 0 {
					outlet = b.Outlets[0]
				}
				for what, got := range map[string][2]int64{"in all": {b.Total.Positive, b.Total.Negative}, "of the outlet": {outlet.Positive, outlet.Negative}} {
					if got != [2]int64{want.Positive, want.Negative} {
						t.Fatalf("%s, %s: %d counted, want %d positive and %d negative", w, what, got, want.Positive, want.Negative)
					}
				}
			}
		}
		for i := range 300 {
			// Runs of one writer, for others to come in between.
			s := stores[[]int{0, 0, 0, 1, 2}[r.IntN(5)]]
			switch r.IntN(12) {
			case 0:
				for id := range labels {
					label := mood.Negative
					_, err := s.Correct(context.Background(), mood.Correction{Mention: id, Brand: "nokia", Label: &label, Scope: mood.ScopeMention})
					if err != nil {
						t.Fatal(err)
					}
					labels[id] = label
					break
				}
			case 1:
				for id := range labels {
					if err := s.Withdraw(context.Background(), id); err != nil && !errors.Is(err, mood.ErrNotFound) {
						t.Fatal(err)
					}
					delete(labels, id)
					break
				}
			case 2:
				if r.IntN(8) > 0 {
					continue
				}
				if err := srv.flush(); err != nil {
					t.Fatal(err)
				}
				for _, s := range stores { // as each does by itself when it hears of the new life
					s.known.forget()
					s.texts.forget()
					s.cells.forget()
					s.dated.forget()
				}
				clear(labels)
			default:
				var batch []mood.Mention
				for k := range 1 + r.IntN(4) {
					id := fmt.Sprintf("m%d-%d", i, k)
					label := []mood.Label{mood.Positive, mood.Negative}[r.IntN(2)]
					batch = append(batch, said(id, c.ago(time.Minute), label, "nokia"))
					labels[id] = label
				}
				record(t, s, batch...)
			}
			if r.IntN(5) == 0 {
				check()
			}
		}
		check()
	})
}

// Counters end by themselves whoever wrote them last, and however.
func TestEveryHashThatIsWrittenEnds(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		if srv.url == "" {
			return
		}
		// What is counted days after it was accepted has ended in part when it is
		// written: its minutes must not begin again without an end.
		c := clockAt(time.Now().Add(-3 * day))
		s := srv.open(t, Options{Now: c.now})
		for i := range 5 {
			record(t, s, said(fmt.Sprint("old", i), c.ago(time.Minute), mood.Positive, "nokia"))
		}
		c.set(time.Now())
		for i := range 5 {
			record(t, s, said(fmt.Sprint("new", i), c.ago(time.Minute), mood.Positive, "nokia"))
		}
		ends := 0
		for _, url := range srv.urls() {
			client := must(clientOf(url))(t)
			iter := client.Scan(context.Background(), 0, "[sx]:{nokia}:*", 1000).Iterator()
			for iter.Next(context.Background()) {
				ttl := must(s.write.TTL(context.Background(), iter.Val()).Result())(t)
				if ttl == -1 { // -2 has just ended
					t.Errorf("%s never ends", iter.Val())
				}
				ends++
			}
		}
		if ends < 10 {
			t.Errorf("%d hashes of counters were found", ends)
		}
	})
}
