package store

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"agora/mood"
)

// Topics are what is said beside a brand more than elsewhere: the log-odds
// ratio with an informative Dirichlet prior of Monroe, Colaresi and Quinn
// (Fightin' Words, 2008), in standard deviations. Elsewhere means the brand
// itself in the four weeks before, and the other watched brands at the same
// time, which weigh no more than those weeks. That background is read from
// whole days, of a long window from a sample of them. Each language is compared
// with itself: a source in a new one makes none of its words a topic.
const (
	maxTopicRows    = 40
	backgroundDays  = 8   // of the window, for each of the other brands
	backgroundWeeks = 28  // days ahead of the window, for the brand itself
	backgroundMost  = 24  // other brands
	priorWeight     = 200 // mentions of topics that the prior weighs as much as
	fewMentions     = 20  // under which a topic may stand on a single mention
)

// sampleDays are the days of the window that other brands are read on.
func (s *Store) sampleDays(f frame) []int64 {
	first, last := s.grid.index(dayCell, f.from), s.grid.index(dayCell, f.asOf.Add(-1))
	step := (last-first)/backgroundDays + 1
	var days []int64
	for n := last; n >= first; n -= step {
		days = append(days, n)
	}
	return days
}

// ownDays are the days ahead of the window.
func (s *Store) ownDays(f frame) []span {
	last := s.grid.index(dayCell, f.from) - 1
	return []span{{dayCell, last - backgroundWeeks + 1, last}}
}

// others are the brands that one is compared with.
func others(brand string, watched []mood.Brand) []string {
	var ids []string
	for _, b := range watched {
		if b.ID != brand && len(ids) < backgroundMost {
			ids = append(ids, b.ID)
		}
	}
	return ids
}

func (s *Store) wantBackground(r *reads, asked, watched []mood.Brand, f frame) {
	days := s.sampleDays(f)
	for _, b := range asked {
		r.wantDims(b.ID, s.ownDays(f), groupTopics)
		for _, id := range others(b.ID, watched) {
			for _, n := range days {
				r.wantDims(id, []span{{dayCell, n, n}}, groupTopics)
			}
		}
	}
}

// background is how often topics are mentioned elsewhere, by the value that
// they are counted under.
type background map[string]float64

func (s *Store) background(r *reads, brand string, watched []mood.Brand, f frame) background {
	own := counts(r.dims(brand, s.ownDays(f), groupTopics)[dimTopic])
	other := background{}
	for _, id := range others(brand, watched) {
		for _, n := range s.sampleDays(f) {
			for key, t := range r.dims(id, []span{{dayCell, n, n}}, groupTopics)[dimTopic] {
				other[key] += float64(t.Mentions())
			}
		}
	}
	weight := 1.0
	if most := max(own.sum(), priorWeight); other.sum() > most {
		weight = most / other.sum()
	}
	for key, n := range other {
		own[key] += n * weight
	}
	return own
}

func counts(tallies map[string]mood.Tally) background {
	b := make(background, len(tallies))
	for key, t := range tallies {
		b[key] = float64(t.Mentions())
	}
	return b
}

func (b background) sum() (all float64) {
	for _, n := range b {
		all += n
	}
	return all
}

// byLanguage adds up a background in each language.
func (b background) byLanguage() map[string]float64 {
	sums := map[string]float64{}
	for key, n := range b {
		_, language := topicOf(key)
		sums[language] += n
	}
	return sums
}

// salient gives the topics of some tallies, the most salient first. Topics of
// one mention are left out where there are others enough. What says the same as
// one ahead of it in the list is not in it. Salience is rounded to a tenth, so
// that one more mention of something else seldom changes an order.
func salient(here map[string]mood.Tally, there background, sums map[string]float64, mentions int64, most int) []mood.Row {
	least := int64(2)
	if mentions < fewMentions {
		least = 1
	}
	var rows []mood.Row
	for _, t := range scores(here, there, sums) {
		if n := t.tally.Mentions(); n >= least {
			row := mood.RowOf(t.topic, t.tally)
			row.Salience = math.Round(t.score/math.Sqrt(float64(n))*10) / 10
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b mood.Row) int {
		return cmp.Or(cmp.Compare(b.Salience, a.Salience), cmp.Compare(b.Mentions, a.Mentions),
			cmp.Compare(telling(b.Key), telling(a.Key)), strings.Compare(a.Key, b.Key))
	})
	return distinct(rows, most)
}

// score is a topic in all languages: its salience in each of them, weighed by
// the root of its mentions there (Stouffer's method).
type score struct {
	topic string
	tally mood.Tally
	score float64
}

func scores(here map[string]mood.Tally, there background, sums map[string]float64) map[string]score {
	all := counts(here).byLanguage()
	topics := make(map[string]score, len(here))
	for key, tally := range here {
		topic, language := topicOf(key)
		t := topics[topic]
		t.topic = topic
		t.tally.Add(tally)
		y := float64(tally.Mentions())
		if y <= 0 {
			topics[topic] = t
			continue
		}
		t.score += math.Sqrt(y) * logOdds(y, all[language], there[key], sums[language])
		topics[topic] = t
	}
	return topics
}

// logOdds is how much likelier a topic is here, with y of all mentions of
// topics, than there, with z of those.
func logOdds(y, here, z, there float64) float64 {
	prior := math.Min(priorWeight, here+there)
	a := prior * (y + z) / (here + there)
	odds := func(count, total float64) float64 {
		// Where a topic is all there is, its odds have no end; half a
		// mention of something else bounds them.
		return math.Log((count + a) / math.Max(total+prior-count-a, 0.5))
	}
	return (odds(y, here) - odds(z, there)) / math.Sqrt(1/(y+a)+1/(z+a))
}

// topicValue is what a topic of a text is counted under: the same word may be
// common in one language and a topic in another. English, and what may be, is
// not named.
func topicValue(topic, language string) string {
	language, _, _ = strings.Cut(language, "-")
	if language == "" || language == "en" || len(language) > 3 {
		return topic
	}
	return topic + "\x00" + language
}

// topicOf parts the value that a topic is counted under.
func topicOf(value string) (topic, language string) {
	topic, language, _ = strings.Cut(value, "\x00")
	return topic, language
}
