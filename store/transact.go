package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// transact writes a batch whose cells are held as record.lua would, by a
// transaction: what decides about it is watched and read, and then all is
// written, unless something of that has changed meanwhile
// (redis.io/docs/latest/develop/using-commands/transactions). A server spends
// half as much on it as on the script, where every argument becomes a string of
// Lua, and every call costs as much again as what it does.
//
// It answers as the script does. If others wrote in between, the error is
// [redis.TxFailedErr], and nothing is written; after any other it may be, once
// it was sent.
func (s *Store) transact(ctx context.Context, b *batch, o origin, h *holdings) (list []any, sent bool, err error) {
	client, err := s.nodeOf(ctx, node{}, marksKey(b.brand))
	if err != nil {
		return nil, false, err
	}
	sticky, ok := client.(interface{ Conn() *redis.Conn })
	if !ok {
		return nil, false, fmt.Errorf("%T has no connections of its own", client)
	}
	conn := sticky.Conn()
	t := &transaction{batch: b, from: o, held: h, conn: conn}
	defer func() { t.close(ctx, err) }()
	for again := false; ; again = true {
		same, err := t.read(ctx)
		if err != nil {
			return nil, false, err
		}
		if same {
			break
		}
		h.reset()
		if again {
			return nil, false, errors.Join(redis.TxFailedErr, t.giveUp(ctx))
		}
	}
	list = t.answer()
	if sent = len(list) == 0; sent {
		err = t.write(ctx, &s.dated)
	} else {
		err = t.giveUp(ctx)
	}
	if err == nil {
		err = s.confirm(ctx, conn, b.brand)
	}
	if err != nil {
		return nil, sent, err
	}
	s.link.up(s.now())
	return list, sent, nil
}

// transaction is one try to write a batch, on one connection.
type transaction struct {
	*batch
	from origin
	held *holdings
	conn *redis.Conn

	mark, book *redis.SliceCmd
	firsts     []*redis.StringSliceCmd // of stories
	shards     []askedShard
}

// askedShard are the hashes of a batch in one shard, and which of them are
// known.
type askedShard struct {
	shard       int64
	hashes      []any
	now, before *redis.BoolSliceCmd
}

// askedCells are cells that aren't held yet.
type askedCells struct {
	key    string
	fields []string
	reply  *redis.SliceCmd
}

// watched are the keys that tell whether anything changed that decides whether
// a batch is written, and as what: whoever writes of a brand leaves a mark, and
// the version is there until all is lost. A server is slow to watch many.
func (t *transaction) watched() []any {
	return []any{"WATCH", marksKey(t.brand), journalKey(t.brand), versionKey(t.brand)}
}

// guards are the days whose marks a batch depends on: those of its cells and
// the ones beside them, into which an hour may reach.
func (t *transaction) guards() []int64 {
	days := map[int64]bool{}
	for d := range t.days {
		days[d-1], days[d], days[d+1] = true, true, true
	}
	return slices.Sorted(maps.Keys(days))
}

// close gives the connection back. If the server answered with an error ahead
// of EXEC, it still watches: transactions of others would fail there.
func (t *transaction) close(ctx context.Context, err error) {
	var answered redis.Error
	if errors.As(err, &answered) && !errors.Is(err, redis.TxFailedErr) {
		t.conn.Do(context.WithoutCancel(ctx), "UNWATCH")
	}
	t.conn.Close()
}

// read reads what the batch depends on, and says whether what is held of it is
// still as it was.
func (t *transaction) read(ctx context.Context) (same bool, err error) {
	pipe := t.conn.Pipeline()
	pipe.Do(ctx, t.watched()...)
	guards := t.guards()
	days := make([]string, len(guards))
	for i, d := range guards {
		days[i] = num(d)
	}
	var marks, after *redis.SliceCmd
	if len(days) > 0 {
		marks = pipe.HMGet(ctx, marksKey(t.brand), days...)
	}
	cells := t.readCells(ctx, pipe)
	if marks != nil && len(cells) > 0 {
		after = pipe.HMGet(ctx, marksKey(t.brand), days...) // cells stay held though nothing is written now
	}
	if t.from.journal != "" {
		t.mark = pipe.HMGet(ctx, journalKey(t.brand), t.from.journal)
	}
	t.book = pipe.HMGet(ctx, bookKey(t.brand), bookBare, bookLast)
	t.firsts = t.firsts[:0]
	for _, x := range t.stories {
		t.firsts = append(t.firsts, pipe.ZRange(ctx, storyKey(t.brand, x.story), 0, 0))
	}
	t.readShards(ctx, pipe)
	if err := run(ctx, pipe); err != nil {
		return false, err
	}
	same = true
	for i, d := range guards {
		mark, _ := marks.Val()[i].(string)
		before, ok := t.held.marks[d]
		same = same && (!ok || before == mark) && (after == nil || after.Val()[i] == marks.Val()[i])
		t.held.marks[d] = mark
	}
	if !same {
		return false, nil
	}
	for _, a := range cells {
		for i, v := range a.reply.Val() {
			text, _ := v.(string)
			t.held.put(a.key, a.fields[i], parseTally(text)) // none counts nothing
		}
	}
	return true, nil
}

// readCells asks for the cells that the batch changes and that aren't held.
func (t *transaction) readCells(ctx context.Context, pipe redis.Pipeliner) (list []askedCells) {
	for _, key := range t.cells.keys {
		have := t.held.hashes[key]
		var fields []string
		for f := range t.cells.byKey[key].fields {
			if _, ok := have[f]; !ok {
				fields = append(fields, f)
			}
		}
		if len(fields) > 0 {
			list = append(list, askedCells{key, fields, pipe.HMGet(ctx, key, fields...)})
		}
	}
	return list
}

// readShards asks which hashes of the batch are known.
func (t *transaction) readShards(ctx context.Context, pipe redis.Pipeliner) {
	generation := generationOf(t.now)
	t.shards = t.shards[:0]
	for shard, hashes := range t.hashes {
		a := askedShard{shard: shard, hashes: make([]any, len(hashes))}
		for i, h := range hashes {
			a.hashes[i] = h
		}
		a.now = pipe.SMIsMember(ctx, dedupeKey(t.brand, generation, shard), a.hashes...)
		a.before = pipe.SMIsMember(ctx, dedupeKey(t.brand, generation-1, shard), a.hashes...)
		t.shards = append(t.shards, a)
	}
}

// answer says why the batch isn't to be written, in the script's words; empty:
// it is.
func (t *transaction) answer() (list []any) {
	if t.mark != nil {
		text, _ := t.mark.Val()[0].(string)
		mark, _ := strconv.ParseUint(text, 10, 64)
		switch {
		case mark < t.from.before:
			return []any{"lost"}
		case mark >= t.from.mark:
			return []any{"written"}
		}
	}
	for _, a := range t.shards {
		for i, h := range a.hashes {
			if a.now.Val()[i] || a.before.Val()[i] {
				list = append(list, h)
			}
		}
	}
	if len(list) > 0 {
		return list
	}
	for i, x := range t.stories {
		first := ""
		if have := t.firsts[i].Val(); len(have) > 0 {
			first = have[0]
		}
		if first != x.first {
			return []any{"moved"}
		}
	}
	return nil
}

// giveUp leaves all as it is, but for hashes of the generation before: they
// keep coming, so they stay known, unless all is lost meanwhile.
func (t *transaction) giveUp(ctx context.Context) error {
	pipe := t.conn.TxPipeline()
	generation := generationOf(t.now)
	for _, a := range t.shards {
		for i, h := range a.hashes {
			if a.before.Val()[i] && !a.now.Val()[i] {
				key := dedupeKey(t.brand, generation, a.shard)
				pipe.SAdd(ctx, key, h)
				pipe.Do(ctx, "EXPIREAT", key, generationExpiry(t.now))
			}
		}
	}
	if pipe.Len() == 0 {
		return t.conn.Do(ctx, "UNWATCH").Err()
	}
	return run(ctx, pipe)
}

// write writes everything, unless something that is watched has changed.
func (t *transaction) write(ctx context.Context, dated *dated) error {
	pipe := t.conn.TxPipeline()
	expire := func(key string, at int64) { pipe.Do(ctx, "EXPIREAT", key, at) }
	if t.from.journal == "" {
		pipe.Set(ctx, t.from.key(t.brand, t.token), 1, expireBatch)
	} else {
		pipe.HSet(ctx, journalKey(t.brand), t.from.journal, t.from.mark)
	}
	for _, x := range t.stories {
		key := storyKey(t.brand, x.story)
		for _, m := range x.tellers {
			pipe.ZAdd(ctx, key, redis.Z{Score: float64(m.millis), Member: m.id})
		}
		expire(key, x.expiry)
	}
	generation := generationOf(t.now)
	for _, a := range t.shards {
		key := dedupeKey(t.brand, generation, a.shard)
		pipe.SAdd(ctx, key, a.hashes...)
		if !dated.has(t.brand, generation, a.shard) {
			expire(key, generationExpiry(t.now))
		}
	}
	for _, key := range t.cells.keys {
		x := t.cells.byKey[key]
		pipe.HSet(ctx, key, pairs(x.fields, func(f string, sum mood.Tally) any {
			sum.Add(t.held.hashes[key][f])
			return packTally(sum)
		})...)
		expire(key, x.expiry.Unix())
	}
	for _, key := range t.counts.keys {
		for f, n := range t.counts.byKey[key].fields {
			pipe.HIncrBy(ctx, key, f, n)
		}
		expire(key, t.counts.byKey[key].expiry.Unix())
	}
	for _, key := range t.texts.keys {
		pipe.HSet(ctx, key, pairs(t.texts.byKey[key].fields, func(_, text string) any { return text })...)
		expire(key, t.texts.byKey[key].expiry.Unix())
	}
	t.writeBook(ctx, pipe)
	marks := []any{marksBatch, t.token}
	for d := range t.days {
		marks = append(marks, d, t.token)
	}
	pipe.HSet(ctx, marksKey(t.brand), marks...)
	_, err := pipe.Exec(ctx)
	return err
}

// writeBook notes what texts there are, and from when on every mention has a
// story.
func (t *transaction) writeBook(ctx context.Context, pipe redis.Pipeliner) {
	key := bookKey(t.brand)
	for hour, bytes := range t.batch.book {
		pipe.HIncrBy(ctx, key, hour, bytes)
		pipe.HIncrBy(ctx, key, bookVersion+hour, stepOf(t.token))
	}
	number := func(i int) (n int64, ok bool) {
		text, ok := t.book.Val()[i].(string)
		n, _ = strconv.ParseInt(text, 10, 64)
		return n, ok
	}
	bare, known := number(0)
	last, _ := number(1)
	newest := millis(t.bare)
	if !known && (len(t.stories) > 0 || newest != 0) {
		bare = last
		pipe.HSet(ctx, key, bookBare, max(bare, newest))
	} else if newest > bare {
		pipe.HSet(ctx, key, bookBare, newest)
	}
	if latest := millis(t.last); latest > last {
		pipe.HSet(ctx, key, bookLast, latest)
	}
}

// pairs are the fields of a hash and their values, one after the other.
func pairs[V any](fields map[string]V, value func(field string, v V) any) []any {
	list := make([]any, 0, 2*len(fields))
	for f, v := range fields {
		list = append(list, f, value(f, v))
	}
	return list
}
