package store

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// A story counts once for a brand, where the first of its counted mentions
// counts: the one that was published first, of those that are neither
// uncounted, nor withdrawn, nor said to be irrelevant. When that one goes, the
// next takes its place; when an earlier one comes, the count moves there. It
// depends on nothing but which mentions are counted, and so comes out the same
// in whatever order they arrive.
//
// Only the series has it; rows by outlet, place and so on count mentions.

// teller is a counted mention of a story.
type teller struct {
	millis int64 // when it was published
	id     string
}

func (t teller) compare(other teller) int {
	return cmp.Or(cmp.Compare(t.millis, other.millis), strings.Compare(t.id, other.id))
}

func (t teller) at() time.Time { return time.UnixMilli(t.millis).UTC() }

// tale is what a batch says of one story.
type tale struct {
	story   string
	first   string // the first mention that is counted already; empty: none is
	expiry  int64
	tellers []teller
}

func (t tale) encode(brand string, keys []string, args []any) ([]string, []any) {
	args = append(args, t.first, t.expiry, len(t.tellers))
	for _, x := range t.tellers {
		args = append(args, x.millis, x.id)
	}
	return append(keys, storyKey(brand, t.story)), args
}

// storyExpiry is when the mentions of a story that was told at now are
// forgotten.
func (s *Store) storyExpiry(now time.Time) int64 {
	if real := s.now(); real.After(now) { // a journal is counted late
		now = real
	}
	return now.Add(s.opts.KeepMentions + expireStory).Unix()
}

// begin reads which stories of a batch are told already, and counts where they
// begin.
func (s *Store) begin(ctx context.Context, b *batch) error {
	for _, m := range b.moves { // of a try before
		b.cells.series(m.at, mood.Tally{Stories: -m.by})
	}
	b.stories, b.moves = b.stories[:0], b.moves[:0]
	if len(b.tales) == 0 {
		return nil
	}
	pipe := s.write.Pipeline()
	firsts := make([]*redis.ZSliceCmd, 0, len(b.tales))
	expiry := s.storyExpiry(b.now)
	for story, tellers := range b.tales {
		b.stories = append(b.stories, tale{story: story, tellers: tellers, expiry: expiry})
		firsts = append(firsts, pipe.ZRangeWithScores(ctx, storyKey(b.brand, story), 0, 0))
	}
	if err := run(ctx, pipe); err != nil {
		return err
	}
	for i := range b.stories {
		t := &b.stories[i]
		first := t.tellers[0]
		for _, x := range t.tellers[1:] {
			if x.compare(first) < 0 {
				first = x
			}
		}
		if have := tellersOf(firsts[i]); len(have) > 0 {
			t.first = have[0].id
			if first.compare(have[0]) >= 0 {
				continue
			}
			b.moves = append(b.moves, moved{have[0].at(), -1})
			b.days[b.grid.index(dayCell, have[0].at())] = true
		}
		b.moves = append(b.moves, moved{first.at(), 1})
	}
	for _, m := range b.moves {
		b.cells.series(m.at, mood.Tally{Stories: m.by})
	}
	return nil
}

// moved is a change of how many stories begin at a time.
type moved struct {
	at time.Time
	by int64
}

func tellersOf(reply *redis.ZSliceCmd) []teller {
	list := make([]teller, 0, len(reply.Val()))
	for _, z := range reply.Val() {
		id, _ := z.Member.(string)
		list = append(list, teller{int64(z.Score), id})
	}
	return list
}

// retold is what becomes of a mention among those of its story.
type retold struct {
	key    string
	what   string // "+": it counts, "-": it does no more; empty: all stays as it is
	firsts string // the first two, as read
	day    string // another whose cells change
}

// retell moves the count of a story along when one of its mentions comes to
// count, or counts no more.
func (s *Store) retell(ctx context.Context, brand string, m *mood.Mention, before, after header, kept bool, c *change) (retold, error) {
	r := retold{key: storyKey(brand, before.story)}
	now := kept && after.counted()
	if before.story == "" || before.counted() == now {
		return r, nil
	}
	reply := s.write.ZRangeWithScores(ctx, r.key, 0, 1)
	if err := reply.Err(); err != nil {
		return r, err
	}
	have := tellersOf(reply)
	ids := make([]string, len(have))
	for i, t := range have {
		ids[i] = t.id
	}
	r.firsts = strings.Join(ids, " ")
	move := func(from, to *teller) {
		if from != nil {
			c.series(from.at(), mood.Tally{Stories: -1})
		}
		if to != nil {
			c.series(to.at(), mood.Tally{Stories: 1})
		}
		for _, t := range []*teller{from, to} {
			if t != nil && t.id != m.ID {
				r.day = num(s.grid.index(dayCell, t.at()))
			}
		}
	}
	var first, second *teller
	if len(have) > 0 {
		first = &have[0]
	}
	if len(have) > 1 {
		second = &have[1]
	}
	if !now {
		r.what = "-"
		if first != nil && first.id == m.ID {
			move(first, second)
		}
		return r, nil
	}
	r.what = "+"
	itself := teller{before.published.UnixMilli(), m.ID}
	if first == nil || itself.compare(*first) < 0 {
		move(first, &itself)
	}
	return r, nil
}
