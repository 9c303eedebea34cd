package recount

import (
	"cmp"
	"slices"
	"strings"

	"agora/mood"
)

const mostListed = 20 // differences of a brand

// compare compares a brand's counters with the recount.
func (r *recount) compare(b *brand, counted mood.Counted) mood.BrandVerification {
	v := mood.BrandVerification{
		Brand: b.id, Mentions: b.mentions, Activities: b.activities, Copies: b.copies,
		First: []mood.Difference{}, Missing: r.missing(counted),
	}
	alone := r.whole && len(v.Missing) == 0 && b.knowsAll(counted.Known)
	v.Since = r.since
	if alone {
		v.Since = r.readSince()
	}
	v.Since = v.Since.UTC()
	var after [3]int64
	for step := range after {
		after[step] = r.clock.number(mood.Step(step), v.Since)
	}
	b.doubtful(alone)
	crowded := crowdedSpots(b.cells, counted.Cells)
	var differing []mood.Counter
	look := func(c mood.Counter) {
		if c.N <= after[c.Step] || c.N < counted.Reach.From(c.By, c.Step) || crowded[spotsOf(c)] {
			return
		}
		v.Counters++
		there, here := counted.Cells[c], b.cells[c]
		if b.tells[c] && there.Stories != here.Stories {
			there.Stories = here.Stories
			if there == here {
				v.Unsure++
				return
			}
		}
		if there == here || len(v.Missing) > 0 && holds(there, here) {
			return
		}
		slack := b.loose[c]
		if !alone {
			slack += b.early[c]
		}
		if slack > 0 && within(there, here, slack, c.By.Activity()) {
			v.Unsure++
			return
		}
		v.Differences++
		differing = append(differing, c)
	}
	for c := range counted.Cells {
		look(c)
	}
	for c := range b.cells {
		if _, both := counted.Cells[c]; !both {
			look(c)
		}
	}
	slices.SortFunc(differing, byWeight)
	for _, c := range differing[:min(len(differing), mostListed)] {
		v.First = append(v.First, mood.Difference{
			By: c.By.String(), Value: told(c), Step: c.Step.String(), At: r.clock.begins(c.Step, c.N),
			Counted: mood.FiguresOf(c.By, counted.Cells[c]), Recounted: mood.FiguresOf(c.By, b.cells[c]),
		})
	}
	return v
}

// byWeight sorts counters: what matters most to people first.
func byWeight(a, b mood.Counter) int {
	rank := func(c mood.Counter) int {
		return slices.Index([]mood.By{
			mood.ByAll, mood.ByOutlet, mood.BySource, mood.ByLanguage, mood.ByFrom, mood.ByAbout, mood.ByOrigin, mood.ByTopic,
			mood.ByActivity, mood.ByWhere, mood.BySpot,
		}, c.By)
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Step, a.Step), cmp.Compare(a.N, b.N), cmp.Compare(a.Value, b.Value))
}

// missing are journals that others counted, and that aren't here.
func (r *recount) missing(counted mood.Counted) []string {
	missing := []string{}
	for id := range counted.Marks {
		if !slices.ContainsFunc(r.parts, func(p *part) bool { return p.journal.ID() == id }) {
			missing = append(missing, id)
		}
	}
	slices.Sort(missing)
	return missing
}

// knowsAll says whether the store remembers nothing that isn't in the
// journals.
func (b *brand) knowsAll(known map[int64]int) bool {
	for g, n := range known {
		if n > b.came[g] {
			return false
		}
	}
	return true
}

// holds says whether a counter has all that was recounted, and perhaps more.
func holds(there, here mood.Tally) bool {
	return there.Positive >= here.Positive && there.Neutral >= here.Neutral && there.Unclear >= here.Unclear &&
		there.Negative >= here.Negative && (here.Mentions() > 0 || there.Sum >= here.Sum)
}

// within says whether two tallies differ by no more than some mentions.
func within(there, here mood.Tally, slack int64, activity bool) bool {
	near := func(a, b int64) bool { return max(a-b, b-a) <= slack }
	if activity {
		return near(there.Sum, here.Sum)
	}
	return near(there.Positive, here.Positive) && near(there.Neutral, here.Neutral) &&
		near(there.Unclear, here.Unclear) && near(there.Negative, here.Negative)
}

// spots are those of a minute, an hour or a day.
type spots struct {
	step mood.Step
	n    int64
}

// spotsOf says where the spot of a counter is counted; others are nowhere.
func spotsOf(c mood.Counter) spots {
	if c.By != mood.BySpot {
		return spots{n: -1}
	}
	return spots{c.Step, c.N}
}

// crowdedSpots are where there are so many spots that which of them are counted
// one by one depends on who came first; their countries are compared.
func crowdedSpots(all ...map[mood.Counter]mood.Tally) map[spots]bool {
	crowded := map[spots]bool{}
	for _, cells := range all {
		sizes := map[spots]int{}
		for c := range cells {
			if c.By == mood.BySpot {
				at := spotsOf(c)
				if sizes[at]++; sizes[at] >= mood.MostSpots {
					crowded[at] = true
				}
			}
		}
	}
	return crowded
}

// told is the value of a counter for people: no city, of which less may be
// counted than is ever shown.
func told(c mood.Counter) string {
	if c.By != mood.BySpot {
		return c.Value
	}
	country, rest, _ := strings.Cut(c.Value, ":")
	_, kind, _ := strings.Cut(rest, ":")
	return country + ":" + kind
}
