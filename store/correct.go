package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// Correct sets how a mention is read towards a brand, or its whole story, and
// moves its counts along. A mention whose text is no longer kept is
// mood.ErrGone; it is told from one that never was, mood.ErrNotFound, by the
// hashes of what was counted, which are remembered for 30 days and more.
//
// A story is what has the same story id; as long as a mention has none, what
// has the same letters and digits in its title.
func (s *Store) Correct(ctx context.Context, c mood.Correction) (mood.CorrectionReceipt, error) {
	return s.CorrectAt(ctx, c, s.now(), false)
}

// CorrectAt is Correct of what was asked for at a time. Late says that it is
// counted again, or later than that: then it changes nothing that was corrected
// since, and no copy that came since.
func (s *Store) CorrectAt(ctx context.Context, c mood.Correction, at time.Time, late bool) (receipt mood.CorrectionReceipt, err error) {
	asked := wish{c, at.Truncate(time.Millisecond), late}
	receipt.Mentions = []string{}
	defer func() { receipt.Changed = len(receipt.Mentions) }()
	doing := "correct mention " + c.Mention
	if _, err := s.asked([]string{c.Brand}); err != nil {
		return receipt, fmt.Errorf("%s: %w", doing, err)
	}
	now := s.now()
	s.tick(now)
	hash := identities(mood.Mention{ID: c.Mention})
	var done corrected
	look := func() error {
		places, err := s.find(ctx, c.Brand, hash, now)
		if p, ok := places[hash[0]]; err == nil && ok && p.id == c.Mention {
			done, err = s.correctText(ctx, p, asked, now)
		}
		return err
	}
	if err = look(); err == nil && !done.kept {
		err = s.absent(ctx, c.Brand, c.Mention, hash[0], now)
		if errors.Is(err, mood.ErrGone) { // or another process counted it just now
			if again := look(); again != nil || done.kept {
				err = again
			}
		}
	}
	if err != nil {
		return receipt, s.fail(doing, err)
	}
	receipt.Mention = shown(done.mention, c.Brand)
	notice := mood.Notice{Brand: c.Brand, Corrected: map[string]mood.Reading{}}
	note := func(done corrected) {
		if !done.kept || !done.changed {
			return
		}
		receipt.Mentions = append(receipt.Mentions, done.mention.ID)
		if len(notice.Corrected) == maxFresh {
			notice.MoreCorrected++
			return
		}
		notice.Corrected[done.mention.ID] = shown(done.mention, c.Brand).Readings[c.Brand]
	}
	note(done)
	if c.Scope == mood.ScopeStory {
		err = s.correctCopies(ctx, asked, receipt.Mention, now, note)
	}
	if len(receipt.Mentions) > 0 { // also those before an error
		s.announce(ctx, notice)
	}
	return receipt, s.fail(doing, err)
}

// wish is a correction, and when it was asked for.
type wish struct {
	mood.Correction
	at   time.Time
	late bool
}

func (s *Store) correctCopies(ctx context.Context, c wish, m mood.Mention, now time.Time, note func(corrected)) error {
	copies, err := s.copies(ctx, c.Brand, m, now)
	if err != nil {
		return err
	}
	for _, p := range copies {
		done, err := s.correctText(ctx, p, c, now)
		if err != nil {
			return err
		}
		note(done)
	}
	return nil
}

// corrected is what became of one text.
type corrected struct {
	mention mood.Mention // as it is now
	kept    bool         // there is such a text
	changed bool         // it was another before
}

func (s *Store) correctText(ctx context.Context, p place, c wish, now time.Time) (done corrected, err error) {
	tried, moved := false, false
	var failed error
	changed, err := s.changeText(ctx, c.Brand, p, now, func(m *mood.Mention, h header, ch *change) bool {
		before := m.Readings[c.Brand]
		last, says := c.at, before.Says(c.Correction)
		if c.late || says { // what says the same is the newest word as well: an older one may be counted again
			last, failed = s.lastCorrected(ctx, c.Brand, m.ID)
			if failed != nil || c.late && c.at.Before(last) || c.late && m.ID != c.Mention && m.Seen.Truncate(time.Millisecond).After(c.at) {
				done = corrected{*m, true, false}
				return false
			}
		}
		if says && (tried || !c.at.After(last)) {
			// If it was tried, a lost reply hid that it was done.
			done = corrected{*m, true, moved}
			return false
		}
		tried, moved = true, moved || !says
		r := before.Correct(c.Correction)
		m.Readings[c.Brand] = r
		if !h.uncounted {
			difference := mood.TallyOf(r)
			difference.Add(mood.TallyOf(before).Minus())
			ch.all(h, difference)
		}
		ch.correction, ch.made = learned(*m, c.Brand, c.at), c.at
		done = corrected{mention: *m}
		return true
	})
	if err == nil {
		err = failed
	}
	if changed {
		done.kept, done.changed = true, moved
	}
	return done, err
}

// lastCorrected is when a mention was corrected last, or when that was taken
// back; zero if that isn't known. Several processes count their corrections
// again, each in its own time, after what they share has lost them.
func (s *Store) lastCorrected(ctx context.Context, brand, id string) (time.Time, error) {
	text, err := s.write.HGet(ctx, correctedAtKey(brand), id).Result()
	if errors.Is(err, redis.Nil) {
		return time.Time{}, nil
	}
	ms, wrong := strconv.ParseInt(text, 10, 64)
	if err != nil || wrong != nil {
		return time.Time{}, err // a time that can't be read is none
	}
	return time.UnixMilli(ms), nil
}

// learned is what is kept of a correction.
func learned(m mood.Mention, brand string, now time.Time) string {
	r := m.Readings[brand]
	if !r.Corrected {
		return forget
	}
	x := mood.Corrected{
		Brand: brand, Mention: m.ID, Title: m.Title, Text: m.Text, Language: m.Language, Spans: r.Spans,
		Engine: r.Verdict(), Reasons: r.Reasons, Irrelevant: r.Irrelevant, At: now.UTC().Truncate(time.Millisecond),
	}
	if !r.Irrelevant {
		x.Label = &r.Label
	}
	if x.Spans == nil {
		x.Spans = []mood.Span{}
	}
	text, err := json.Marshal(x)
	if err != nil {
		return "" // never: what was read from JSON can be written as such
	}
	return string(text)
}

// absent says what became of a mention that isn't kept.
func (s *Store) absent(ctx context.Context, brand, id, hash string, now time.Time) error {
	g, shard := generationOf(now), shardOf(hash)
	pipe := s.read.Pipeline()
	newer := pipe.SIsMember(ctx, dedupeKey(brand, g, shard), hash)
	older := pipe.SIsMember(ctx, dedupeKey(brand, g-1, shard), hash)
	corrected := pipe.HExists(ctx, correctionsKey(brand), id)
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	if newer.Val() || older.Val() || corrected.Val() {
		return fmt.Errorf("its text is no longer kept: %w", mood.ErrGone)
	}
	return fmt.Errorf("%s has none such: %w", brand, mood.ErrNotFound)
}

// copies finds the other kept mentions of a brand that tell the same story.
func (s *Store) copies(ctx context.Context, brand string, m mood.Mention, now time.Time) ([]place, error) {
	title := foldTitle(m.Title)
	story := value(m.Story)
	if story == "" && title == "" {
		return nil, nil
	}
	book, err := s.read.HGetAll(ctx, bookKey(brand)).Result()
	if err != nil {
		return nil, err
	}
	var found []place
	for field, bytes := range book {
		h, err := strconv.ParseInt(field, 10, 64)
		if err != nil || bytes == "0" || !textExpiry(h, s.opts.KeepMentions).After(now) {
			continue
		}
		key := textKey(brand, h)
		texts, err := s.readHours(ctx, []wantedHour{{key, book[bookVersion+field]}})
		if err != nil {
			return nil, err
		}
		for i := range texts[key] {
			t := &texts[key][i]
			if t.id == m.ID || t.story != story || story == "" && foldTitle(titleOf(t.body)) != title {
				continue
			}
			found = append(found, place{h, t.id})
		}
	}
	slices.SortFunc(found, func(a, b place) int { return cmp.Or(cmp.Compare(b.hour, a.hour), cmp.Compare(a.id, b.id)) })
	return found, nil
}

// titleOf reads a mention's title out of its JSON, and no more than that: it
// stands near the beginning.
func titleOf(body string) string {
	d := json.NewDecoder(strings.NewReader(body))
	if _, err := d.Token(); err != nil {
		return ""
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return ""
		}
		if key == "title" {
			var title string
			_ = d.Decode(&title) // what is no text is no title
			return title
		}
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			return ""
		}
	}
	return ""
}

// foldTitle is a title's letters and digits in lower case: copies differ in
// what stands between them.
func foldTitle(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// Corrections gives what people corrected of a brand, newest first: the last
// 2,000, also when the texts themselves are kept no more.
func (s *Store) Corrections(ctx context.Context, brand string) ([]mood.Corrected, error) {
	if _, err := s.asked([]string{brand}); err != nil {
		return nil, fmt.Errorf("list corrections: %w", err)
	}
	texts, err := s.read.HVals(ctx, correctionsKey(brand)).Result()
	if err != nil {
		return nil, s.fail("list corrections", err)
	}
	list := make([]mood.Corrected, 0, len(texts))
	for _, text := range texts {
		var c mood.Corrected
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			s.log.Warn("a kept correction is left out", "brand", brand, "error", err)
			continue
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b mood.Corrected) int {
		return newest(a.At.UnixMilli(), a.Mention, b.At.UnixMilli(), b.Mention)
	})
	return list, nil
}

// forgetCorrection drops what is kept of the correction of a mention whose
// text is gone. It says whether there was any.
func (s *Store) forgetCorrection(ctx context.Context, brand, id string) (bool, error) {
	keys := []string{correctionsKey(brand), correctedAtKey(brand), journalKey(brand)}
	there, err := s.read.HExists(ctx, keys[0], id).Result()
	if err != nil || !there {
		return false, err
	}
	if s.embedded != nil {
		defer s.embedded.writing(brand, keys)()
	}
	pipe := s.write.TxPipeline()
	pipe.HDel(ctx, keys[0], id)
	pipe.HDel(ctx, keys[1], id)
	changed := s.countChange(ctx, pipe, brand)
	_, err = pipe.Exec(ctx)
	changed(err)
	if err == nil {
		err = s.settle(ctx, brand)
	}
	return err == nil, err
}
