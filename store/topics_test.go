package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

// saying records mentions with topics.
type saying struct {
	t *testing.T
	s *Store
	n int
}

func (y *saying) say(brand, language string, times int, at time.Time, label mood.Label, topics ...string) {
	y.t.Helper()
	var batch []mood.Mention
	for range times {
		y.n++
		m := said(fmt.Sprint(y.n), at, label, brand)
		m.Language = language
		m.Readings[brand] = mood.Reading{Label: label, Topics: topics}
		batch = append(batch, m)
	}
	record(y.t, y.s, batch...)
}

func keys(rows []mood.Row) (list []string) {
	for _, r := range rows {
		list = append(list, r.Key)
	}
	return list
}

func TestTopicsKnowHowTheyDidInTheWindowBefore(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		y := &saying{t: t, s: srv.open(t, Options{Now: c.now})}
		y.say("nokia", "en", 30, c.ago(36*time.Hour), mood.Neutral, "dividend")
		y.say("nokia", "en", 10, c.ago(36*time.Hour), mood.Neutral, "recall")
		y.say("nokia", "en", 5, c.ago(2*time.Hour), mood.Neutral, "dividend")
		y.say("nokia", "en", 10, c.ago(2*time.Hour), mood.Negative, "recall")
		y.say("nokia", "en", 5, c.ago(2*time.Hour), mood.Negative, "walrus")
		for _, window := range []string{"24h", "7d"} {
			for _, row := range board(t, y.s, window, "nokia").Topics {
				want := map[string]map[string]struct {
					before int64
					trend  float64
				}{"24h": {"dividend": {30, -0.5}, "recall": {10, 0.25}, "walrus": {0, 0.25}}}[window]
				if w, ok := want[row.Key]; ok {
					if row.Before == nil || *row.Before != w.before || row.Trend == nil || *row.Trend != w.trend {
						t.Errorf("%s of %s: before %v, trend %v, want %+v", row.Key, window, row.Before, row.Trend, w)
					}
				} else if row.Before != nil || row.Trend != nil {
					t.Errorf("%s of %s, where nothing was said before, has a trend", row.Key, window)
				}
			}
		}
	})
}

func TestANewLanguageMakesNoneOfItsWordsATopic(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		y := &saying{t: t, s: srv.open(t, Options{Now: c.now})}
		words := strings.Fields("tuotanto pörssi sijoittaja tehdas talous")
		for day := range 20 {
			y.say("nokia", "en", 6, c.ago(time.Duration(3+day)*24*time.Hour), mood.Neutral, "results", "stock")
		}
		for i, w := range words { // a source in Finnish since today
			y.say("nokia", "fi", 8-i, c.ago(time.Hour), mood.Neutral, w)
		}
		y.say("nokia", "en", 12, c.ago(time.Hour), mood.Neutral, "results")
		y.say("nokia", "en", 6, c.ago(time.Hour), mood.Neutral, "layoffs")
		topics := board(t, y.s, "24h", "nokia").Topics
		if len(topics) == 0 || topics[0].Key != "layoffs" {
			t.Errorf("topics %v: want what is new in a language that was there before first", keys(topics))
		}
		// What is said in two languages is one topic.
		y.say("nokia", "fi", 4, c.ago(time.Hour), mood.Negative, "layoffs")
		for _, row := range board(t, y.s, "24h", "nokia").Topics {
			if row.Key == "layoffs" && (row.Mentions != 10 || row.Negative != 4) || strings.Contains(row.Key, "\x00") {
				t.Errorf("%+v", row)
			}
		}
	})
}

func TestThePulseIsWhatStoodOutInEachPart(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		helsinki := must(time.LoadLocation("Europe/Helsinki"))(t)
		c := clockAt(time.Date(2030, 5, 15, 14, 32, 0, 0, helsinki))
		y := &saying{t: t, s: srv.open(t, Options{Now: c.now, Location: helsinki})}
		for day := range 20 {
			y.say("nokia", "en", 6, c.ago(time.Duration(2+day)*24*time.Hour), mood.Neutral, "results")
		}
		at := func(hour, minute int) time.Time { return time.Date(2030, 5, 15, hour, minute, 0, 0, helsinki) }
		y.say("nokia", "en", 4, at(7, 10), mood.Negative, "recall")
		y.say("nokia", "en", 3, at(8, 59), mood.Negative, "recall")
		y.say("nokia", "en", 30, at(9, 0), mood.Positive, "results")
		y.say("nokia", "en", 5, at(14, 5), mood.Positive, "5G deal")
		b := board(t, y.s, "24h", "nokia")
		var seen []string
		var mentions int64
		for i, slot := range b.Pulse {
			mentions += slot.Mentions
			if i > 0 && !slot.From.Equal(b.Pulse[i-1].To) {
				t.Errorf("a part begins at %v, and the one before ends at %v", slot.From, b.Pulse[i-1].To)
			}
			if h := slot.From.In(helsinki).Hour(); i > 0 && h%3 != 0 {
				t.Errorf("a part begins at %d h", h)
			}
			for _, row := range slot.Topics {
				seen = append(seen, fmt.Sprintf("%02d %s %d", slot.From.In(helsinki).Hour(), row.Key, row.Mentions))
			}
		}
		if want := []string{"06 recall 7", "09 results 30", "12 5G deal 5"}; !slices.Equal(seen, want) {
			t.Errorf("the pulse is %q, want %q", seen, want)
		}
		if mentions != b.Total.Mentions || !b.Pulse[0].From.Equal(b.From) || b.Pulse[len(b.Pulse)-1].To.Before(b.To) {
			t.Errorf("parts of %d mentions of %d, from %v to %v", mentions, b.Total.Mentions, b.Pulse[0].From, b.Pulse[len(b.Pulse)-1].To)
		}
		for _, w := range mood.Windows() {
			if n := len(board(t, y.s, w.Name, "nokia").Pulse); n < 6 || n > 12 {
				t.Errorf("%s has %d parts", w.Name, n)
			}
		}
		list := list(t, y.s, mood.Filter{Brands: []string{"nokia"}, From: at(6, 0), To: at(9, 0), Topic: "recall"})
		if list.Total != 7 {
			t.Errorf("a click on the recall of the morning lists %d", list.Total)
		}
	})
}

// TestOneMoreMentionLeavesTheOrderAlone counts pairs of topics that change
// places.
func TestOneMoreMentionLeavesTheOrderAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7))
	here := map[string]mood.Tally{}
	there := newGround(here)
	for i := range 300 {
		key := fmt.Sprintf("topic%d", i)
		here[key] = mood.Tally{Neutral: 1 + int64(30/(1+r.IntN(40)))}
		there.topics[key] = float64(r.IntN(60))
		there.sums[""] += there.topics[key]
	}
	all := int64(900)
	order := func() []string { return keys(salient(here, there, all, maxTopicRows)) }
	moved, pairs := 0, 0
	before := order()
	for range 300 {
		key := fmt.Sprintf("topic%d", r.IntN(300))
		tally := here[key]
		tally.Neutral++
		here[key] = tally
		all++
		after := order()
		for i, a := range before {
			for _, b := range before[i+1:] {
				x, y := slices.Index(after, a), slices.Index(after, b)
				if a == key || b == key || x < 0 || y < 0 {
					continue
				}
				pairs++
				if x > y {
					moved++
				}
			}
		}
		before = after
	}
	if share := float64(moved) / float64(pairs); share > 0.002 {
		t.Errorf("one more mention of another topic turns %.2f %% of the pairs round", 100*share)
	}
}

func TestTopicsThatSayTheSameAreListedOnce(t *testing.T) {
	row := func(key string, n int64, salience float64) score {
		return score{key, mood.Tally{Neutral: n}, salience}
	}
	got := keys(distinct([]score{
		row("Elon Musk", 9, 5), row("Musk", 4, 4), row("Ukrainian", 8, 4), row("Ukraine", 7, 4), row("layoffs", 5, 3), row("layoff", 2, 3),
		row("Niger", 4, 2), row("Nigeria", 4, 2), row("user data", 4, 2), row("data breach", 4, 2), row("Tesla Model", 2, 1), row("model", 2, 1),
		row("investigation", 2, 1), row("investors", 2, 1), row("санкции", 3, 1), row("санкций", 3, 1), row("数据中心", 2, 1), row("数据", 2, 1),
	}, 40))
	want := []string{"Elon Musk", "Ukrainian", "layoffs", "Niger", "Nigeria", "user data", "data breach", "Tesla Model", "investigation", "investors", "санкции", "数据中心", "数据"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
