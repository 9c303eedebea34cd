package store

import (
	"context"
	"testing"
	"time"

	"agora/mood"
)

func TestInAClusterNoticesGoToTheShardOfTheirBrand(t *testing.T) {
	c := theCluster(t)
	if c == nil {
		return
	}
	urls := c.urls()
	s := server{url: urls[0], more: urls[1:]}.open(t, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	notices := must(s.Notices(ctx))(t)
	shards := map[string]bool{}
	for _, m := range c.machines {
		for _, channel := range must(m.client(t).PubSubShardChannels(ctx, "*").Result())(t) {
			shards[channel] = true
		}
		if n := must(m.client(t).PubSubNumPat(ctx).Result())(t); n != 0 {
			t.Errorf("%d subscriptions of patterns on %s", n, m.addr)
		}
	}
	if len(shards) != 3 {
		t.Errorf("heard are %v, want both brands and what is of none", shards)
	}

	// A brand that is watched later is heard from then on.
	s.SetBrands(append(testBrands(), mood.Brand{ID: "siemens", Name: "Siemens"}))
	next(t, notices, func(n mood.Notice) bool { return n.Brand == "siemens" && len(n.Mentions) == 0 })
	record(t, s, said("one", time.Now(), mood.Positive, "siemens"))
	next(t, notices, func(n mood.Notice) bool { return n.Brand == "siemens" && len(n.Mentions) == 1 })
	cancel()
	for range notices {
	}
}

func TestAClusterWithoutShardedChannelsIsHeardToo(t *testing.T) {
	c := theCluster(t)
	if c == nil {
		return
	}
	urls := c.urls()
	s := server{url: urls[0], more: urls[1:]}.open(t, Options{})
	s.sharded = false // as before Redis 7
	ctx, cancel := context.WithCancel(context.Background())
	notices := must(s.Notices(ctx))(t)
	record(t, s, said("one", time.Now(), mood.Positive, "nokia", "ericsson"))
	next(t, notices, func(n mood.Notice) bool { return n.Brand == "nokia" })
	record(t, s, said("two", time.Now(), mood.Positive, "ericsson"))
	next(t, notices, func(n mood.Notice) bool { return n.Brand == "ericsson" })
	cancel()
	for range notices {
	}
}
