package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// contents are all keys of a server and what is in them, but for the random
// names of batches.
func contents(t *testing.T, url string) map[string]string {
	t.Helper()
	ctx := context.Background()
	client := redis.NewClient(must(redis.ParseURL(url))(t))
	defer client.Close()
	all := map[string]string{}
	for _, key := range must(client.Keys(ctx, "*").Result())(t) {
		var what any
		switch kind := must(client.Type(ctx, key).Result())(t); kind {
		case "hash":
			fields := must(client.HGetAll(ctx, key).Result())(t)
			for f := range fields {
				if strings.HasPrefix(key, "w:") {
					fields[f] = "a mark"
				}
				if strings.HasPrefix(key, "b:") && strings.HasPrefix(f, bookVersion) {
					fields[f] = "a version"
				}
			}
			what = fields
		case "set":
			list := must(client.SMembers(ctx, key).Result())(t)
			slices.Sort(list)
			what = list
		case "zset":
			what = must(client.ZRangeWithScores(ctx, key, 0, -1).Result())(t)
		case "string":
			if strings.HasPrefix(key, "t:") || key == epochKey {
				continue
			}
			what = must(client.Get(ctx, key).Result())(t)
		}
		all[key] = fmt.Sprint(what, " until ", must(client.ExpireTime(ctx, key).Result())(t))
	}
	return all
}

// Whoever reads can't tell whether a transaction or the script wrote.
func TestATransactionWritesWhatTheScriptDoes(t *testing.T) {
	for _, srv := range servers(t) {
		if srv.name != "redis" {
			continue
		}
		began := future(t)
		write := func(script bool) (map[string]string, []mood.Outcome, *Store) {
			c := clockAt(began)
			s := srv.open(t, Options{Now: c.now})
			s.held.never = script
			must(s.Resume(context.Background(), "j1", 0))(t)
			r := rand.New(rand.NewPCG(5, 7))
			var outcomes []mood.Outcome
			var past []mood.Mention
			for i := range 60 {
				var batch []mood.Mention
				for k := range 1 + r.IntN(12) {
					at := c.now().Add(-time.Duration(r.Int64N(int64(100 * time.Hour))))
					label := []mood.Label{mood.Positive, mood.Neutral, mood.Negative}[r.IntN(3)]
					m := said(fmt.Sprintf("m%d-%d", i, k), at, label, "nokia")
					m.Story = []string{"", "one", "two", m.ID}[r.IntN(4)]
					m.Sources = append(m.Sources, fmt.Sprint("feed", r.IntN(3)))
					m.Uncounted = r.IntN(6) == 0
					if len(past) > 0 && r.IntN(5) == 0 {
						m = past[r.IntN(len(past))]
						m.Sources = []string{"another"}
					}
					batch = append(batch, m)
					past = append(past, m)
				}
				if i%2 == 0 {
					entry := mood.Accepted{Seq: uint64(i + 1), At: c.now(), Mentions: batch}
					for _, list := range must(s.Count(context.Background(), "j1", []mood.Accepted{entry}))(t) {
						outcomes = append(outcomes, list...)
					}
				} else {
					outcomes = append(outcomes, must(s.Record(context.Background(), batch))(t)...)
				}
				c.set(c.now().Add([]time.Duration{time.Second, time.Hour, 26 * day}[min(2, i%20/9)]))
			}
			return contents(t, srv.url), outcomes, s
		}
		want, wantOutcomes, _ := write(true)
		got, gotOutcomes, s := write(false)
		if x := s.held.brands["nokia"]; x == nil || x.size == 0 {
			t.Error("no transaction wrote")
		}
		if !slices.Equal(gotOutcomes, wantOutcomes) {
			t.Errorf("of the mentions became\n%v, by the script\n%v", gotOutcomes, wantOutcomes)
		}
		if len(want) < 50 {
			t.Errorf("there are only %d keys", len(want))
		}
		for key, text := range want {
			if got[key] != text {
				t.Errorf("%s:\n%s\nby the script:\n%s", key, got[key], text)
			}
		}
		for key := range got {
			if _, ok := want[key]; !ok {
				t.Errorf("%s was written by the transaction alone: %s", key, got[key])
			}
		}
	}
}

// meanwhile has others do something once, between two commands that a store
// sends: where says ahead of which one of a pipeline; below zero: of none.
type meanwhile struct {
	where func([]redis.Cmder) int
	do    atomic.Pointer[func()]
}

func (m *meanwhile) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (m *meanwhile) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (m *meanwhile) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		n := m.where(cmds)
		if n < 0 {
			return next(ctx, cmds)
		}
		do := m.do.Swap(nil)
		if do == nil {
			return next(ctx, cmds)
		}
		if n > 0 {
			if err := next(ctx, cmds[:n]); err != nil {
				return err
			}
		}
		(*do)()
		return next(ctx, cmds[n:])
	}
}

// onceRead is when a transaction has read everything, and comes to a decision.
func onceRead(cmds []redis.Cmder) int {
	if slices.Contains([]string{"multi", "unwatch"}, strings.ToLower(cmds[0].Name())) {
		return 0
	}
	return -1
}

// amidReading is when a transaction has read the marks of days, and no cells yet.
func amidReading(cmds []redis.Cmder) int {
	if !strings.EqualFold(cmds[0].Name(), "watch") {
		return -1
	}
	return 1 + slices.IndexFunc(cmds, func(c redis.Cmder) bool { return c.Name() == "hmget" })
}

// interrupted has others do something in the midst of what a store writes next.
func interrupted(t *testing.T, s *Store, where func([]redis.Cmder) int, do func()) {
	t.Helper()
	m := &meanwhile{where: where}
	m.do.Store(&do)
	s.write.AddHook(m)
	t.Cleanup(func() {
		if m.do.Load() != nil {
			t.Error("nobody came in between")
		}
	})
}

// onRedis runs a law on a Redis whose connections are one store's own.
func onRedis(t *testing.T, law func(t *testing.T, srv server)) {
	for _, srv := range servers(t) {
		if srv.name == "redis" {
			law(t, srv)
		}
	}
}

// Whoever withdraws a mention that others are about to count again refuses it,
// and looks for it then: it is refused, or it is there.
func TestAMentionThatIsRefusedWhileItIsWrittenIsNotCounted(t *testing.T) {
	onRedis(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		record(t, s, said("before", c.ago(time.Minute), mood.Positive, "nokia"))
		interrupted(t, s, onceRead, func() {
			if err := s.Refuse(context.Background(), "withdrawn"); err != nil {
				t.Error(err)
			}
			if err := s.Withdraw(context.Background(), "withdrawn"); !errors.Is(err, mood.ErrNotFound) {
				t.Error(err)
			}
		})
		record(t, s, said("withdrawn", c.ago(time.Minute), mood.Positive, "nokia"))
		if n := board(t, s, "1h", "nokia").Total.Mentions; n != 1 {
			t.Errorf("%d are counted, want only the one that wasn't withdrawn", n)
		}
	})
}

// What keeps coming stays known over 30 days and more, but not over the loss of
// all that was counted.
func TestAStoreThatIsEmptiedKnowsNothingThatItDoesNotCount(t *testing.T) {
	onRedis(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		m := said("again", c.ago(time.Minute), mood.Positive, "nokia")
		record(t, s, m)
		c.add(dedupeGeneration)
		interrupted(t, s, onceRead, func() {
			if err := srv.flush(); err != nil {
				t.Error(err)
			}
		})
		record(t, s, m)
		record(t, s, m)
		if n := board(t, s, "90d", "nokia").Total.Mentions; n != 1 {
			t.Errorf("%d are counted, want 1", n)
		}
	})
}

// Cells stay held also if a batch isn't written, and so must be of the moment
// of their marks: a server that is emptied, or replaced by its past, may have
// these marks again, and not those cells.
func TestCellsThatAreHeldAreOfTheMomentOfTheirMarks(t *testing.T) {
	onRedis(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		other := must(Open(context.Background(), Options{URLs: srv.urls(), Now: c.now, Brands: testBrands()}))(t)
		defer other.Close(context.Background())
		if err := s.Refuse(context.Background(), "refused"); err != nil {
			t.Fatal(err)
		}
		interrupted(t, s, amidReading, func() {
			record(t, other, said("others", c.ago(time.Minute), mood.Positive, "nokia"))
		})
		record(t, s, said("refused", c.ago(time.Minute), mood.Positive, "nokia"))
		if err := srv.flush(); err != nil {
			t.Fatal(err)
		}
		record(t, s, said("new", c.ago(time.Minute), mood.Positive, "nokia"))
		if n := board(t, s, "1h", "nokia").Total.Mentions; n != 1 {
			t.Errorf("%d are counted, want 1", n)
		}
	})
}

// What a server refuses in the midst of a batch, as a cluster does whose slots
// are on their way, doesn't make transactions fail that come on the same
// connection later.
func TestABatchThatFailsLeavesNothingWatched(t *testing.T) {
	onRedis(t, func(t *testing.T, srv server) {
		ctx := context.Background()
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		client := must(clientOf(srv.url))(t)
		if err := client.Set(ctx, bookKey("nokia"), "no book", 0).Err(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Record(ctx, []mood.Mention{said("one", c.ago(time.Minute), mood.Positive, "nokia")}); err == nil {
			t.Fatal("a book that is none was written")
		}
		if err := client.HSet(ctx, marksKey("nokia"), marksBatch, "another's").Err(); err != nil {
			t.Fatal(err)
		}
		record(t, s, said("two", c.ago(time.Minute), mood.Positive, "ericsson"))
		if s.held.brands["ericsson"].size == 0 {
			t.Error("a transaction failed of which nobody changed anything")
		}
	})
}
