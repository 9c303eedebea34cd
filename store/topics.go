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

// ground is what topics are compared with: how often those of the window are
// mentioned elsewhere, by the value that they are counted under, and all topics
// there in each language.
type ground struct {
	topics map[string]float64
	sums   map[string]float64
}

func (s *Store) ground(r *reads, brand string, watched []mood.Brand, f frame, here map[string]mood.Tally) ground {
	own, other := newGround(here), newGround(here)
	own.read(r, brand, s.ownDays(f), here)
	days := s.sampleDays(f)
	for _, id := range others(brand, watched) {
		for _, n := range days {
			other.read(r, id, []span{{dayCell, n, n}}, here)
		}
	}
	weight := 1.0
	if most := max(own.sum(), priorWeight); other.sum() > most {
		weight = most / other.sum()
	}
	for key, n := range other.topics {
		own.topics[key] += n * weight
	}
	for language, n := range other.sums {
		own.sums[language] += n * weight
	}
	return own
}

func newGround(here map[string]mood.Tally) ground {
	return ground{make(map[string]float64, len(here)), map[string]float64{}}
}

// read adds what was said of a brand.
func (g ground) read(r *reads, brand string, spans []span, here map[string]mood.Tally) {
	english := 0.0 // most of all: it needs no map
	r.eachTopic(brand, spans, func(value string, t mood.Tally) {
		n := float64(t.Mentions())
		if _, language := topicOf(value); language == "" {
			english += n
		} else {
			g.sums[language] += n
		}
		if _, wanted := here[value]; wanted {
			g.topics[value] += n
		}
	})
	g.sums[""] += english
}

func (g ground) sum() (all float64) {
	for _, n := range g.sums {
		all += n
	}
	return all
}

// sumsOf adds up topics in each language.
func sumsOf(tallies map[string]mood.Tally) map[string]float64 {
	sums := map[string]float64{}
	for value, t := range tallies {
		_, language := topicOf(value)
		sums[language] += float64(t.Mentions())
	}
	return sums
}

// salient gives the topics of some tallies, the most salient first. Topics of
// one mention are left out where there are others enough. What says the same as
// one ahead of it in the list is not in it. Salience is rounded to a tenth, so
// that one more mention of something else seldom changes an order.
func salient(here map[string]mood.Tally, there ground, mentions int64, most int) []mood.Row {
	least := int64(2)
	if mentions < fewMentions {
		least = 1
	}
	found := scores(here, there)
	found = slices.DeleteFunc(found, func(t score) bool { return t.tally.Mentions() < least })
	slices.SortFunc(found, func(a, b score) int {
		switch x, y := a.tally.Mentions(), b.tally.Mentions(); {
		case a.salience != b.salience:
			return cmp.Compare(b.salience, a.salience)
		case x != y:
			return cmp.Compare(y, x)
		}
		return cmp.Or(cmp.Compare(telling(b.topic), telling(a.topic)), strings.Compare(a.topic, b.topic))
	})
	return distinct(found, most)
}

// score is a topic in all languages. Its salience is made of that in each of
// them, weighed by the root of its mentions there (Stouffer's method).
type score struct {
	topic    string
	tally    mood.Tally
	salience float64
}

func scores(here map[string]mood.Tally, there ground) []score {
	all := sumsOf(here)
	list := make([]score, 0, len(here))
	var several map[string]int // places of topics in languages other than English
	for value, tally := range here {
		topic, language := topicOf(value)
		y := float64(tally.Mentions())
		part := 0.0
		if y > 0 {
			part = math.Sqrt(y) * logOdds(y, all[language], there.topics[value], there.sums[language])
		}
		if len(all) > 1 {
			if i, ok := several[topic]; ok {
				list[i].tally.Add(tally)
				list[i].salience += part
				continue
			}
			if several == nil {
				several = make(map[string]int, len(here))
			}
			several[topic] = len(list)
		}
		list = append(list, score{topic, tally, part})
	}
	for i := range list {
		if n := list[i].tally.Mentions(); n > 0 {
			list[i].salience = math.Round(list[i].salience/math.Sqrt(float64(n))*10) / 10
		}
	}
	return list
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
