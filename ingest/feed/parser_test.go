package feed

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

// The time for a document covers all of its way to mentions, and ends it.
func TestReadingADocumentEndsWithItsTime(t *testing.T) {
	p := newParser()
	p.time = -1 // it is over before it begins
	items := strings.Repeat(one("a"), 1_000)
	for _, body := range []string{
		rssOf(items), atomOf(strings.Repeat("<link href='a'/>", 10_000)), `{"version":"https://jsonfeed.org/version/1","items":[{"title":"a"}]}`,
	} {
		_, list, err := p.read(context.Background(), received{body: []byte(body), url: base(t)}, mood.Source{ID: "s"}, time.Now(), false)
		if err == nil || !strings.Contains(say(err), "takes more than") || list != nil {
			t.Errorf("%d items, %v", len(list), err)
		}
	}
	// Each part of the way looks at the time by itself.
	over := errors.New("time is over")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(over)
	if _, err := repaired(ctx, []byte(rssOf(items)), base(t)); !errors.Is(err, over) {
		t.Errorf("repair went on: %v", err)
	}
	if _, err := looseJSON(ctx, []byte(`{"version":"https://jsonfeed.org/version/1","items":[{"title":"a"}]}`)); !errors.Is(err, over) {
		t.Errorf("JSON went on: %v", err)
	}
	doc, err := parse(context.Background(), []byte(rssOf(items)), "", base(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mentionsWithin(ctx, doc, mood.Source{ID: "s"}, base(t), time.Now(), false); !errors.Is(err, over) {
		t.Errorf("mentions went on: %v", err)
	}
}

func TestTwoDocumentsAreReadAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newParser()
		var at, most atomic.Int32
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				_ = p.run(t.Context(), func(context.Context) error {
					if n := at.Add(1); n > most.Load() {
						most.Store(n)
					}
					time.Sleep(time.Second)
					at.Add(-1)
					return nil
				})
			})
		}
		synctest.Wait()
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := p.run(gone, func(context.Context) error { t.Error("it was read all the same"); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("a wait that was ended gave %v", err)
		}
		group.Wait()
		if most.Load() != parsesAtOnce {
			t.Errorf("%d were read at once", most.Load())
		}
	})
}

func TestAPanicCostsOneDocument(t *testing.T) {
	p := newParser()
	for range 2 * parsesAtOnce {
		err := p.run(t.Context(), func(context.Context) error { panic("a mistake") })
		var crash *panicError
		if !errors.As(err, &crash) || !strings.Contains(say(err), "a mistake") || len(crash.stack) == 0 {
			t.Errorf("error %v", err)
		}
	}
	if _, err := p.parse(t.Context(), []byte(rssOf(one("a"))), "", base(t)); err != nil {
		t.Error(err)
	}
}
